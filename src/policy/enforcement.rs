//! How Auth0 can be made to keep to the ends of trials, since nothing there sets `exp`, and what each way costs a fleet.

use super::profile::lifetime;
use crate::edit::{Change, operation};
use crate::registry::{
    Api, Application, ApplicationStatus, Duration, Instant, ProfileName, Registry, Service,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A way of enforcing the ends of trials at Auth0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// An Action denies at the end and after it; tokens of before live on for as long as the API says.
    #[default]
    DenyAtEnd,
    /// The Action also denies what would outlive the end: no overrun, and no token in the last hours.
    DenyOutliving,
    /// The Action denies at the end, and every API's tokens live no longer than this.
    Shorten(Duration),
    /// The Action denies at the end, and trials get their tokens from a second resource server with this lifetime.
    Second(Duration),
}

impl Strategy {
    /// All of them; those that need a lifetime with this one.
    #[must_use]
    pub const fn all(lifetime: Duration) -> [Self; 4] {
        [Self::DenyAtEnd, Self::DenyOutliving, Self::Shorten(lifetime), Self::Second(lifetime)]
    }

    /// The word on the command line and in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DenyAtEnd => "end",
            Self::DenyOutliving => "outlive",
            Self::Shorten(_) => "shorten",
            Self::Second(_) => "second",
        }
    }

    /// The name in the window.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::DenyAtEnd => "Deny at the end",
            Self::DenyOutliving => "Deny what would outlive the end",
            Self::Shorten(_) => "Shorten every API's lifetime",
            Self::Second(_) => "A second resource server for trials",
        }
    }

    /// The same within a sentence.
    #[must_use]
    pub fn phrase(self) -> String {
        let mut rest = self.title().chars();
        rest.next().map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
    }

    /// What the system does then, as an issuer.
    #[must_use]
    pub const fn profile(self) -> ProfileName {
        match self {
            Self::DenyOutliving => ProfileName::Auth0ActionStrict,
            _ => ProfileName::Auth0Action,
        }
    }

    /// What Auth0 gives a token of this API, shortened where the strategy says so.
    #[must_use]
    pub fn lifetime(self, registry: &Registry, application: &Application, api: &Api) -> Duration {
        let today = lifetime(self.profile(), &registry.service, application, api, &[], None);
        match self {
            Self::Shorten(most) => today.min(most),
            Self::Second(most) if application.expires_at.is_some() => today.min(most),
            _ => today,
        }
    }
}

/// What history calls it that a registry says so.
#[must_use]
pub fn enforcing_label(strategy: Option<Strategy>) -> String {
    strategy.map_or("Issue tokens without the Action".to_owned(), |strategy| {
        format!("Enforce the ends of trials: {}", strategy.phrase())
    })
}

/// What a registry says of an Auth0 tenant in which the Action of this strategy runs, or none: the system that issues tokens
/// is another one then, and some strategies shorten what the APIs give.
#[must_use]
pub fn enforcing(registry: &Registry, strategy: Option<Strategy>) -> Vec<Change> {
    let mut changes = match strategy {
        Some(Strategy::Shorten(most)) => operation::shortened(registry, most),
        _ => Vec::new(),
    };
    let service = &registry.service;
    let issuer_profile = strategy.map_or(ProfileName::Auth0, Strategy::profile);
    changes.extend(Change::service(service, Service { issuer_profile, ..Service::clone(service) }));
    changes
}

/// What a strategy does to a fleet. Suspended applications count nowhere: they have no grants at Auth0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct EnforcementEffect {
    /// Trials that have not ended: applications with an end and at least one grant.
    pub trials: usize,
    /// The most seconds by which a token outlives its trial.
    pub overrun_up_to: i64,
    /// Trials that are refused before their end.
    pub refused_early: usize,
    /// Of these, trials that are refused now.
    pub refused_now: usize,
    /// Of these, trials that are shorter than a token and so never get one.
    pub never: usize,
    /// From when the next trial is refused before its end.
    pub refused_from: Option<Instant>,
    /// The longest time before an end in which no token is issued, in seconds.
    pub refused_for: i64,
    /// Applications whose grant has to move to another audience.
    pub moved: usize,
    /// Tokens a day, where everybody asks for a new one when the last has expired.
    pub tokens_a_day: f64,
    /// How many of these are new against the lifetimes of today.
    pub more_a_day: f64,
}

/// Asks what a strategy does to every application and granted API at `at`.
#[must_use]
pub fn enforcement(registry: &Registry, strategy: Strategy, at: Instant) -> EnforcementEffect {
    let mut effect = EnforcementEffect::default();
    let mut refused = Refused::default();
    let active = |app: &&std::sync::Arc<Application>| {
        app.status == ApplicationStatus::Active && app.expires_at.is_none_or(|end| at < end)
    };
    for application in registry.applications().iter().filter(active) {
        let apis: Vec<&Api> = application
            .grants
            .iter()
            .filter_map(|grant| registry.api(&grant.audience).map(AsRef::as_ref))
            .collect();
        let trial = application.expires_at.filter(|_| !apis.is_empty());
        effect.trials += usize::from(trial.is_some());
        effect.moved += usize::from(trial.is_some() && matches!(strategy, Strategy::Second(_)));
        let started = application.not_before.is_none_or(|start| start <= at);
        for api in apis {
            let seconds = strategy.lifetime(registry, application, api).seconds();
            if started {
                let before = Strategy::DenyAtEnd.lifetime(registry, application, api).seconds();
                effect.tokens_a_day += a_day(seconds);
                effect.more_a_day += a_day(seconds) - a_day(before);
            }
            match trial {
                Some(end) if strategy == Strategy::DenyOutliving => {
                    refused.add(application, end, seconds, at)
                }
                Some(_) => effect.overrun_up_to = effect.overrun_up_to.max(seconds),
                None => {}
            }
        }
    }
    refused.sum_up(&mut effect);
    effect
}

#[allow(clippy::cast_precision_loss, reason = "seconds are far below 2^52")]
fn a_day(lifetime: i64) -> f64 {
    86_400.0 / lifetime.max(1) as f64
}

/// The trials that are refused before their end.
#[derive(Default)]
struct Refused<'a> {
    early: HashSet<&'a str>,
    now: HashSet<&'a str>,
    never: HashSet<&'a str>,
    from: Option<Instant>,
    longest: i64,
}

impl<'a> Refused<'a> {
    fn add(&mut self, application: &'a Application, end: Instant, lifetime: i64, at: Instant) {
        let id = application.client_id.as_str();
        // The last token that is issued ends exactly with the trial; from the second after it none is.
        let from = end.plus(1 - lifetime);
        self.early.insert(id);
        self.longest = self.longest.max(lifetime - 1);
        if application.not_before.is_some_and(|start| end.since(start) < lifetime) {
            self.never.insert(id);
        }
        if from <= at {
            self.now.insert(id);
        } else {
            self.from = Some(self.from.map_or(from, |earliest| earliest.min(from)));
        }
    }

    fn sum_up(&self, effect: &mut EnforcementEffect) {
        effect.refused_early = self.early.len();
        effect.refused_now = self.now.len();
        effect.never = self.never.len();
        effect.refused_from = self.from;
        effect.refused_for = self.longest;
    }
}
