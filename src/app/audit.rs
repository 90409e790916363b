//! A log on the Tokens screen: gone through beside the window, its totals and rows.

use super::{Effect, State};
use crate::registry::Instant;
use crate::token::{SignatureState, Totals, Verdict};
use std::path::PathBuf;
use std::sync::Arc;

/// An audit of a log.
#[derive(Debug, Default)]
pub struct Audit {
    /// The path that is typed.
    pub path: String,
    /// The log that is, or was, gone through.
    pub file: Option<PathBuf>,
    /// How many bytes were read, of how many, while it runs.
    pub running: Option<(u64, u64)>,
    /// What was found.
    pub totals: Option<Totals>,
    /// The first rows of what was found.
    pub rows: Arc<Vec<AuditRow>>,
    /// Only tokens of this verdict.
    pub only: Option<Verdict>,
    /// The places of the rows that are shown.
    pub shown: Vec<u32>,
    /// What went wrong.
    pub error: Option<String>,
    pub(super) ticket: u64,
}

/// A token of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// Whose it says it is.
    pub client_id: String,
    /// For which API.
    pub audience: String,
    /// When it expires.
    pub exp: Option<Instant>,
    /// What the policy says; nothing where it cannot be read.
    pub verdict: Option<Verdict>,
    /// By how many seconds.
    pub by: Option<i64>,
    /// Whether its signature is valid, where keys were given.
    pub signature: Option<SignatureState>,
}

/// What an audit tells.
#[derive(Debug, Clone)]
pub struct Audited {
    /// What was found.
    pub totals: Totals,
    /// The first rows.
    pub rows: Arc<Vec<AuditRow>>,
}

impl Audit {
    /// An audit that no answer to an earlier one can be taken for.
    pub(super) fn next(&self) -> Self {
        Self { ticket: self.ticket + 1, ..Self::default() }
    }
}

/// Goes through a log.
pub(super) fn audit(state: &mut State, path: PathBuf) -> Vec<Effect> {
    let Some(policy) = state.policy().cloned() else { return Vec::new() };
    let last = &state.tokens.audit;
    let audit = Audit {
        path: path.display().to_string(),
        file: Some(path.clone()),
        running: Some((0, 0)),
        only: last.only,
        ..last.next()
    };
    let ticket = audit.ticket;
    state.tokens.audit = audit;
    let keys = state.tokens.verifying().cloned();
    vec![Effect::Audit { ticket, path, policy, keys }]
}

/// Takes what an audit tells.
pub(super) fn audited(state: &mut State, ticket: u64, told: Result<Audited, String>) {
    let audit = &mut state.tokens.audit;
    if audit.ticket != ticket {
        return;
    }
    audit.running = None;
    match told {
        Ok(told) => (audit.totals, audit.rows) = (Some(told.totals), told.rows),
        Err(error) => audit.error = Some(error),
    }
    only(state, state.tokens.audit.only);
}

/// Shows the rows of one verdict, or all.
pub(super) fn only(state: &mut State, only: Option<Verdict>) {
    let audit = &mut state.tokens.audit;
    audit.only = only;
    let fits = |row: &AuditRow| only.is_none() || row.verdict == only;
    audit.shown = (0..).zip(audit.rows.iter()).filter(|(_, row)| fits(row)).map(|(place, _)| place).collect();
}
