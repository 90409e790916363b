//! The lifetime of one request against the instant at which it is made: exact breakpoints, no pixels.

use super::decide::{Policy, Request, decide};
use super::decision::{LimitKind, Outcome};
use super::profile::issue;
use crate::registry::{Instant, ProfileName, Then};
use std::collections::BTreeSet;

/// Into how many parts a span is cut where a rule reads the clock.
const SAMPLES: i64 = 256;

/// Lifetimes over a span. Between two neighbouring points each line is straight, or absent where either end is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// By instant, each once; the first is the span's start, the last its end.
    pub points: Vec<Point>,
    /// Whether the points are all the breakpoints there are; else a rule reads the clock, and they are samples.
    pub exact: bool,
}

/// The answers at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When the request is made.
    pub at: Instant,
    /// Seconds that the policy gives; absent where it denies.
    pub policy: Option<i64>,
    /// Seconds that the profile's system gives; absent where it denies.
    pub issuer: Option<i64>,
    /// Seconds of the issuer's token past the application's end.
    pub overrun: Option<i64>,
}

/// The curve of a request from `from` to `to`, both included; the request's own instant does not matter.
#[must_use]
pub fn curve(policy: &Policy, request: &Request, profile: ProfileName, from: Instant, to: Instant) -> Curve {
    let (from, to) = (from.min(to), from.max(to));
    let exact = !policy.guardrails().iter().any(super::Compiled::reads_clock);
    let mut instants: BTreeSet<Instant> = [from, to].into();
    // A second on either side of a breakpoint makes a step upright and keeps what lies between straight.
    for cut in cuts(policy, request, profile, from) {
        instants.extend((-1..=1).map(|by| Instant::saturating(cut.saturating_add(by))));
    }
    if !exact {
        let span = to.since(from);
        instants.extend(
            (1..SAMPLES).map(|part| from.plus(span / SAMPLES * part + span % SAMPLES * part / SAMPLES)),
        );
    }
    let mut request = request.clone();
    let points = instants.range(from..=to).map(|at| {
        request.at = *at;
        let issued = issue(profile, policy, &request).ok();
        Point {
            at: *at,
            policy: decide(policy, &request).lifetime(),
            issuer: issued.as_ref().map(|issued| issued.lifetime),
            overrun: issued.and_then(|issued| issued.overrun),
        }
    });
    Curve { points: points.collect(), exact }
}

/// Where a line may bend or break: at the window's ends, and where the time that is left passes a limit.
fn cuts(policy: &Policy, request: &Request, profile: ProfileName, from: Instant) -> Vec<i64> {
    let Some(application) = policy.registry().application(&request.client_id) else {
        return Vec::new();
    };
    let mut cuts: Vec<i64> = application.not_before.map(Instant::seconds).into_iter().collect();
    let Some(end) = application.expires_at.map(Instant::seconds) else {
        return cuts;
    };
    // Long before the end the other limits are all there, unless the window has not begun.
    let start = application.not_before.map_or(Instant::MIN, |start| start);
    let mut left = vec![0, policy.registry().service.min_lifetime.seconds()];
    for at in
        [start, start.max(from), Instant::saturating(end - policy.registry().service.min_lifetime.seconds())]
    {
        let request = Request { at, ..request.clone() };
        if let Outcome::Granted(granted) = decide(policy, &request).outcome {
            left.extend(
                granted
                    .limits
                    .iter()
                    .filter(|l| l.limit != LimitKind::Expiry && !l.overridden)
                    .map(|l| l.seconds),
            );
        }
        left.extend(issue(profile, policy, &request).ok().map(|issued| issued.lifetime));
    }
    left.extend(policy.guardrails().iter().filter_map(|rule| match &rule.guardrail().then {
        Then::Cap(cap) => Some(cap.seconds()),
        Then::Deny(_) => None,
    }));
    cuts.extend(left.into_iter().map(|seconds| end.saturating_sub(seconds)));
    cuts
}
