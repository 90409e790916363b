//! An API and its scopes.

use super::{Duration, Keyed, application::set};
use serde::{Deserialize, Serialize};

/// A resource server: what a token's `aud` names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Its unique identifier, as in the `aud` claim (RFC 8707 resource indicator).
    pub audience: String,
    /// Its name, as people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The lifetime of its tokens; where it is absent the service's counts.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub access_token_duration: Option<Duration>,
    /// What can be asked for, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "super::application::unique")]
    pub scopes: Vec<Scope>,
}

/// A part of an API that can be granted by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Its name, a `scope-token` of RFC 6749 §3.3.
    pub name: String,
    /// What it allows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The longest that a token with this scope may live.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub access_token_duration: Option<Duration>,
    /// Given when no scope is requested.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub default: bool,
}

impl Api {
    /// The scope of this name.
    #[must_use]
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.name == name)
    }

    /// What to call it: its name, or its audience where it has none.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.audience } else { &self.name }
    }
}

impl Keyed for Api {
    fn key(&self) -> &str {
        &self.audience
    }
}

impl Keyed for Scope {
    fn key(&self) -> &str {
        &self.name
    }
}
