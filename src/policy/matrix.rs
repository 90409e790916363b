//! What every combination of scopes that a grant allows would get.

use super::decide::{Policy, decide_for};
use super::fleet::RowOutcome;
use crate::registry::{Api, Application, Instant};

/// Up to so many scopes every combination is listed; beyond that, groups with counts.
pub const LISTED: usize = 12;

/// The answers to every combination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix<'a> {
    /// The scopes that the grant allows and the API defines, sorted.
    pub scopes: Vec<&'a str>,
    /// By size, then by names; empty beyond [`LISTED`] scopes.
    pub combinations: Vec<Combination<'a>>,
    /// The answers by themselves, each with the number of requests that get it.
    pub groups: Vec<Group<'a>>,
    /// Whether the groups count every request: beyond [`LISTED`] scopes guardrails make that impossible.
    pub exact: bool,
}

/// What one request gets.
pub type Cell<'a> = RowOutcome<'a>;

/// One combination of scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combination<'a> {
    /// What is requested, sorted; empty for a request without scopes.
    pub scopes: Vec<&'a str>,
    /// What it gets.
    pub outcome: Cell<'a>,
}

/// Requests with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// The answer. Beyond [`LISTED`] scopes its limit is that of a request for one scope.
    pub outcome: Cell<'a>,
    /// How many requests get it; stops at `u128::MAX`.
    pub count: u128,
}

/// Decides every combination of the granted scopes, the request without scopes included.
#[must_use]
pub fn matrix<'a>(
    policy: &'a Policy,
    application: &'a Application,
    (audience, api): (&'a str, Option<&'a Api>),
    at: Instant,
) -> Matrix<'a> {
    let mut scopes: Vec<&'a str> = application.grant(audience).map_or_else(Vec::new, |grant| {
        grant
            .scopes
            .iter()
            .map(String::as_str)
            .filter(|s| api.is_some_and(|api| api.scope(s).is_some()))
            .collect()
    });
    scopes.sort_unstable();
    scopes.dedup();
    let answer = |request: Vec<&'a str>| {
        RowOutcome::of(&decide_for(policy, application, (audience, api), request, at, None))
    };
    if scopes.len() > LISTED {
        let one = scopes.iter().map(|scope| answer(vec![*scope])).collect();
        let groups = counted(answer(Vec::new()), one);
        return Matrix { scopes, combinations: Vec::new(), groups, exact: policy.guardrails().is_empty() };
    }
    // By size, then by names: of two masks of one size that with the earlier scope comes first.
    let mut masks: Vec<u32> = (0..1 << scopes.len()).collect();
    masks.sort_unstable_by_key(|mask| (mask.count_ones(), std::cmp::Reverse(mask.reverse_bits())));
    let combination = |mask: u32| {
        let mut chosen = Vec::with_capacity(mask.count_ones() as usize);
        chosen.extend(scopes.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, s)| *s));
        let decision = decide_for(policy, application, (audience, api), chosen, at, None);
        let outcome = RowOutcome::of(&decision);
        // What was requested, which is what a decision holds unless nothing was.
        Combination { outcome, scopes: if mask == 0 { Vec::new() } else { decision.scopes } }
    };
    let combinations: Vec<Combination<'a>> = masks.into_iter().map(combination).collect();
    let groups = grouped(combinations.iter().map(|c| (c.outcome, 1)));
    Matrix { scopes, combinations, groups, exact: true }
}

/// Adds up equal answers, the longest lifetime first and denials last.
fn grouped<'a>(answers: impl Iterator<Item = (Cell<'a>, u128)>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (outcome, count) in answers {
        match groups.iter_mut().find(|group| group.outcome == outcome) {
            Some(group) => group.count = group.count.saturating_add(count),
            None => groups.push(Group { outcome, count }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.outcome.lifetime()));
    groups
}

/// Without guardrails a request gets the worst of what its scopes get by themselves, so that nothing need be listed.
fn counted<'a>(none: Cell<'a>, mut one: Vec<Cell<'a>>) -> Vec<Group<'a>> {
    // The scopes are in order of names, and so the first of equals is the one that a larger request names.
    one.sort_by_key(|cell| std::cmp::Reverse(cell.lifetime()));
    let subsets = |n: usize| u32::try_from(n).ok().and_then(|n| 1_u128.checked_shl(n)).unwrap_or(u128::MAX);
    // With the scopes in this order, those before the last one chosen are free.
    let counts = one.iter().enumerate().map(|(before, cell)| (*cell, subsets(before)));
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (outcome, count) in counts.chain([(none, 1)]) {
        match groups.iter_mut().find(|group| group.outcome.lifetime() == outcome.lifetime()) {
            Some(group) => group.count = group.count.saturating_add(count),
            None => groups.push(Group { outcome, count }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.outcome.lifetime()));
    groups
}
