//! What a row says of an application with all its grants: its longest lifetime and its largest overrun.

use crate::policy::{LimitKind, OverrunUpTo, Policy, RowOutcome, Timeline, decide_for, overrun_up_to};
use crate::registry::{Application, Instant};

/// An application's answers in one line; each grant is asked for whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary<'a> {
    /// The longest lifetime of any grant, in seconds, with the limit that decides it.
    pub longest: Option<(i64, LimitKind, &'a str)>,
    /// The most that any grant's tokens can outlive the application.
    pub overrun: Option<OverrunUpTo>,
    /// How many grants there are.
    pub grants: usize,
}

/// Sums an application up at an instant.
#[must_use]
pub fn summary<'a>(policy: &'a Policy, application: &'a Application, at: Instant) -> Summary<'a> {
    let overrun = overrun(policy, application);
    let mut summary = Summary { longest: None, overrun, grants: application.grants.len() };
    for grant in &application.grants {
        let api = policy.registry().api(&grant.audience).map(AsRef::as_ref);
        let scopes = grant.scopes.iter().map(String::as_str).collect();
        let decision = decide_for(policy, application, (&grant.audience, api), scopes, at, None);
        if let RowOutcome::Granted { lifetime, limit, source } = RowOutcome::of(&decision)
            && summary.longest.is_none_or(|(longest, ..)| lifetime > longest)
        {
            summary.longest = Some((lifetime, limit, source));
        }
    }
    summary
}

/// The most that tokens of the registry's issuer for any grant can outlive an application.
#[must_use]
pub fn overrun(policy: &Policy, application: &Application) -> Option<OverrunUpTo> {
    let profile = policy.registry().service.issuer_profile;
    let most = |audience: &str| overrun_up_to(profile, policy, application, audience);
    application.grants.iter().filter_map(|grant| most(&grant.audience)).max()
}

/// Until when tokens that the issuer handed out for any grant may live.
#[must_use]
pub fn tokens_until(
    policy: &Policy,
    timeline: &Timeline,
    application: &Application,
    at: Instant,
) -> Option<Instant> {
    let profile = policy.registry().service.issuer_profile;
    let until =
        |audience: &str| timeline.tokens_until_of(policy.registry(), profile, (application, audience), at);
    application.grants.iter().filter_map(|grant| until(&grant.audience)).max()
}
