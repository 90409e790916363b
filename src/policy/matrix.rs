//! Every combination of scopes that a grant allows, with the lifetime that each gives.

use super::decide::{Policy, decide_for};
use super::decision::{LimitKind, Outcome, Reason};
use crate::registry::{Api, Application, Instant};

/// Beyond so many scopes combinations are not listed one by one: there would be more than 4 096.
pub const MOST_SCOPES: usize = 12;

/// The combinations for one application and API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix<'a> {
    /// The scopes of the grant that the API still defines, sorted.
    pub scopes: Vec<&'a str>,
    /// A row for each combination, the empty request first, then by size; up to [`MOST_SCOPES`] scopes.
    pub rows: Vec<Combination<'a>>,
}

/// One combination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combination<'a> {
    /// A bit for each of the matrix's scopes.
    pub mask: u16,
    /// The lifetime and what decides it, or why there is none.
    pub answer: Answer<'a>,
}

/// What a combination gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'a> {
    /// A token of so many seconds.
    Lifetime {
        /// Seconds.
        seconds: i64,
        /// The kind of the limit that decides.
        limit: LimitKind,
        /// Which one.
        source: &'a str,
    },
    /// None.
    Denied(Reason),
}

impl<'a> Matrix<'a> {
    /// The scopes of a row.
    pub fn scopes_of(&self, mask: u16) -> impl Iterator<Item = &'a str> + '_ {
        self.scopes.iter().enumerate().filter(move |(bit, _)| mask & (1 << bit) != 0).map(|(_, scope)| *scope)
    }

    /// How many combinations give which answer, the longest lifetime first.
    #[must_use]
    pub fn groups(&self) -> Vec<(Answer<'a>, usize)> {
        let mut groups: Vec<(Answer<'a>, usize)> = Vec::new();
        for row in &self.rows {
            match groups.iter_mut().find(|(answer, _)| *answer == row.answer) {
                Some((_, count)) => *count += 1,
                None => groups.push((row.answer, 1)),
            }
        }
        groups.sort_by_key(|(answer, _)| match answer {
            Answer::Lifetime { seconds, .. } => -seconds,
            Answer::Denied(_) => i64::MAX,
        });
        groups
    }
}

/// Every combination that the grant allows. Beyond [`MOST_SCOPES`] scopes: none, one scope, and all.
#[must_use]
pub fn matrix<'a>(policy: &'a Policy, application: &'a Application, audience: &'a str, at: Instant) -> Matrix<'a> {
    let api = policy.registry().api(audience).map(AsRef::as_ref);
    let granted = application.grant(audience).map(|grant| grant.scopes.as_slice()).unwrap_or_default();
    let defined = |name: &str| api.is_some_and(|api: &Api| api.scope(name).is_some());
    let scopes: Vec<&str> = granted.iter().map(String::as_str).filter(|name| defined(name)).collect();
    let mut masks: Vec<u16> = if scopes.len() <= MOST_SCOPES { (0..1 << scopes.len()).collect() } else { vec![0] };
    masks.sort_by_key(|mask| (mask.count_ones(), mask.reverse_bits() ^ u16::MAX));
    let answer = |names: Vec<&'a str>| {
        let decision = decide_for(policy, application, (audience, api), names, at, None);
        match decision.outcome {
            Outcome::Granted(granted) => match granted.binding() {
                Some(limit) => Answer::Lifetime { seconds: granted.lifetime, limit: limit.limit, source: limit.source },
                None => Answer::Denied(Reason::TooShort),
            },
            Outcome::Denied(denied) => Answer::Denied(denied.reason),
        }
    };
    let mut matrix = Matrix { scopes, rows: Vec::with_capacity(masks.len()) };
    for mask in masks {
        let names: Vec<&str> = matrix.scopes_of(mask).collect();
        matrix.rows.push(Combination { mask, answer: answer(names) });
    }
    matrix
}
