//! What a change of settings does to lifetimes, application by application: by the policy and at the issuer.

use super::decide::{Policy, decide_for};
use super::decision::{Outcome, Reason};
use super::profile::by_system;
use crate::registry::{Application, Instant, ProfileName};
use std::cmp::Ordering;
use std::sync::Arc;

/// What an application gets at an API when it asks for its whole grant: seconds, or the reason why nothing.
pub type Answer = Result<i64, &'static str>;

/// The same question before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// The answer by the settings before.
    pub before: Answer,
    /// The answer by the settings after.
    pub after: Answer,
}

/// In which direction an answer moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Its tokens live shorter.
    Shorter,
    /// Its tokens live longer.
    Longer,
    /// It had tokens and gets none.
    NewlyDenied,
    /// It had none and gets tokens.
    NewlyGranted,
}

impl Direction {
    /// All of them, in the order in which people ask.
    pub const ALL: [Self; 4] = [Self::Shorter, Self::Longer, Self::NewlyDenied, Self::NewlyGranted];

    /// Its name in windows and documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shorter => "shorter",
            Self::Longer => "longer",
            Self::NewlyDenied => "newly denied",
            Self::NewlyGranted => "newly granted",
        }
    }
}

impl Shift {
    /// Where the answer moves to; nothing where it stays, or a denial has only another reason.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        match (self.before, self.after) {
            (Ok(before), Ok(after)) => match after.cmp(&before) {
                Ordering::Less => Some(Direction::Shorter),
                Ordering::Greater => Some(Direction::Longer),
                Ordering::Equal => None,
            },
            (Ok(_), Err(_)) => Some(Direction::NewlyDenied),
            (Err(_), Ok(_)) => Some(Direction::NewlyGranted),
            (Err(_), Err(_)) => None,
        }
    }
}

/// An application and API whose answer changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// Who.
    pub client_id: String,
    /// For which API.
    pub audience: String,
    /// What the policy decides.
    pub policy: Shift,
    /// What the issuer of each registry's profile hands out.
    pub issuer: Shift,
}

/// How many answers move where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    moved: [usize; 4],
    /// The longest lifetime before among those that move: so long may tokens of the old settings still live.
    pub longest_before: i64,
    /// How many more tokens a day the shorter lifetimes cost at most, if every application always holds one.
    pub more_requests_a_day: i64,
}

impl Tally {
    /// How many move there.
    #[must_use]
    pub fn of(&self, direction: Direction) -> usize {
        self.moved.get(direction as usize).copied().unwrap_or_default()
    }

    /// How many move at all.
    #[must_use]
    pub fn all(&self) -> usize {
        self.moved.iter().sum()
    }

    fn count(&mut self, shift: &Shift) {
        let Some(direction) = shift.direction() else { return };
        if let Some(count) = self.moved.get_mut(direction as usize) {
            *count += 1;
        }
        self.longest_before = self.longest_before.max(shift.before.unwrap_or_default());
        if let (Direction::Shorter, Ok(before), Ok(after)) = (direction, shift.before, shift.after) {
            self.more_requests_a_day += a_day(after) - a_day(before);
        }
    }

    /// `3 get shorter tokens, 1 loses access`; nothing where nothing moves.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let part = |direction: Direction, one: &str, many: &str| match self.of(direction) {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {many}")),
        };
        let parts: Vec<String> = [
            part(Direction::Shorter, "gets shorter tokens", "get shorter tokens"),
            part(Direction::Longer, "gets longer tokens", "get longer tokens"),
            part(Direction::NewlyDenied, "loses access", "lose access"),
            part(Direction::NewlyGranted, "gains access", "gain access"),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Tokens that one application needs a day to always hold one.
fn a_day(lifetime: i64) -> i64 {
    (86_400 + lifetime - 1) / lifetime.max(1)
}

/// Everything that a change does to lifetimes at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    /// The instant of the question.
    pub at: Instant,
    /// Each application and API whose answer changes, by client id, then audience.
    pub affected: Vec<Affected>,
    /// How the policy's answers move.
    pub policy: Tally,
    /// How the issuer's answers move.
    pub issuer: Tally,
}

impl Impact {
    fn nothing(at: Instant) -> Self {
        Self { at, affected: Vec::new(), policy: Tally::default(), issuer: Tally::default() }
    }

    /// Whether no answer moves, by the policy or at the issuer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.affected.is_empty()
    }

    /// The instant from which no token of the old settings lives any more: the longest lifetime before, from now.
    #[must_use]
    pub fn in_full_effect_at(&self) -> Instant {
        self.at.plus(self.policy.longest_before.max(self.issuer.longest_before))
    }
}

/// What the settings `after` do to the lifetimes that `before` gives, asked at one instant.
///
/// An application that only one of both knows is denied by the other. Applications that cannot differ are not asked.
#[must_use]
pub fn impact(before: &Policy, after: &Policy, at: Instant) -> Impact {
    let nobody_stops = impact_while(before, after, at, &mut |_, _| true);
    nobody_stops.unwrap_or_else(|| Impact::nothing(at))
}

/// The same, asking every few hundred applications whether to go on: how many are done, and of how many.
///
/// Gives nothing where it was stopped.
pub fn impact_while(
    before: &Policy,
    after: &Policy,
    at: Instant,
    go_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Impact> {
    const STRIDE: usize = 256;
    let everywhere = differs_for_all(before, after);
    let mut impact = Impact::nothing(at);
    let (a, b) = (before.registry().applications(), after.registry().applications());
    let mut done = 0_usize;
    let (mut old, mut new) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.client_id.cmp(&b.client_id),
        };
        let was = old.next_if(|_| order != Ordering::Greater);
        let is = new.next_if(|_| order != Ordering::Less);
        if done.is_multiple_of(STRIDE) && !go_on(done, a.len().max(b.len())) {
            return None;
        }
        done += 1;
        if let (Some(was), Some(is), false) = (was, is, everywhere)
            && (Arc::ptr_eq(was, is) || was == is)
        {
            continue;
        }
        application(&mut impact, (before, was), (after, is), at);
    }
    Some(impact)
}

/// Whether settings that every application shares differ.
fn differs_for_all(before: &Policy, after: &Policy) -> bool {
    let (a, b) = (before.registry(), after.registry());
    a.service != b.service || a.apis() != b.apis() || a.guardrails() != b.guardrails()
}

type Side<'a> = (&'a Policy, Option<&'a Arc<Application>>);

fn application(impact: &mut Impact, before: Side<'_>, after: Side<'_>, at: Instant) {
    let Some(named) = before.1.or(after.1) else { return };
    let audiences = |side: Side<'_>| -> Vec<String> {
        side.1.iter().flat_map(|app| &app.grants).map(|grant| grant.audience.clone()).collect()
    };
    let mut all = audiences(before);
    all.extend(audiences(after));
    all.sort_unstable();
    all.dedup();
    for audience in all {
        let policy = Shift { before: decided(before, &audience, at), after: decided(after, &audience, at) };
        let issuer = Shift { before: issued(before, &audience, at), after: issued(after, &audience, at) };
        impact.policy.count(&policy);
        impact.issuer.count(&issuer);
        if policy.direction().or(issuer.direction()).is_some() {
            impact.affected.push(Affected { client_id: named.client_id.clone(), audience, policy, issuer });
        }
    }
}

fn decided((policy, application): Side<'_>, audience: &str, at: Instant) -> Answer {
    let application = application.ok_or(Reason::UnknownApplication.as_str())?;
    let api = policy.registry().api(audience).map(AsRef::as_ref);
    match decide_for(policy, application, (audience, api), whole(application, audience), at, None).outcome {
        Outcome::Granted(granted) => Ok(granted.lifetime),
        Outcome::Denied(denied) => Err(denied.reason.as_str()),
    }
}

fn issued((policy, application): Side<'_>, audience: &str, at: Instant) -> Answer {
    let profile = policy.registry().service.issuer_profile;
    if profile == ProfileName::Tenure {
        return decided((policy, application), audience, at);
    }
    let application = application.ok_or(Reason::UnknownApplication.as_str())?;
    let api = policy.registry().api(audience).map(AsRef::as_ref);
    let scopes = whole(application, audience);
    by_system(profile, policy, application, (audience, api), scopes, at, None)
        .map(|issued| issued.lifetime)
        .map_err(|denial| denial.as_str())
}

fn whole<'a>(application: &'a Application, audience: &str) -> Vec<&'a str> {
    application.grant(audience).map_or_else(Vec::new, |g| g.scopes.iter().map(String::as_str).collect())
}
