//! A guardrail: a rule in CEL that denies a token or caps its lifetime.

use super::{Duration, Keyed};
use serde::{Deserialize, Serialize};

/// A rule over the application, the API, the scopes and the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    /// Its unique name.
    pub name: String,
    /// Whether it counts.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// A CEL expression that yields a bool.
    pub when: String,
    /// What happens where it yields `true`.
    pub then: Then,
}

/// What a matching guardrail does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Denies, with this sentence.
    Deny(String),
    /// Limits the lifetime.
    Cap(Duration),
}

impl Keyed for Guardrail {
    fn key(&self) -> &str {
        &self.name
    }
}

fn yes() -> bool {
    true
}

fn is_true(value: &bool) -> bool {
    *value
}
