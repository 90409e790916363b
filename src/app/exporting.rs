//! The export dialog's text as it will be written, and the ways of enforcing the ends of trials at Auth0.

use super::accept::asked;
use super::{Dialog, Effect, State, Which};
use crate::export::{Asked, Enforcement, Form, Shown};
use crate::policy::{EnforcementEffect, Strategy};
use crate::registry::{Duration, Instant, Registry};
use std::path::PathBuf;
use std::sync::Arc;

/// What is known of an export before it is written.
#[derive(Debug, Clone, Default)]
pub struct Exporting {
    /// Its text and what differs; none while it is made.
    pub shown: Option<Arc<Shown>>,
    /// Whether the differences are in front.
    pub differences: bool,
    /// How the ends of trials are enforced.
    pub enforcement: Enforcement,
    /// How far the writing is: applications done, and of how many; none while nothing is written.
    pub progress: Option<(usize, usize)>,
    /// What each way of enforcing does, with the lifetime that it was asked for.
    pub effects: Option<(Duration, [EnforcementEffect; 4])>,
    ticket: u64,
    of: Option<Key>,
}

/// What an export's text depends on.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    form: Form,
    which: Which,
    path: String,
    enforcement: Enforcement,
    revision: u64,
}

/// Asks for an export's text.
#[derive(Debug, Clone)]
pub struct ShowQuestion {
    /// Comes back with the answer.
    pub ticket: u64,
    /// In which format.
    pub form: Form,
    /// By which settings and for which instant.
    pub asked: Box<Asked>,
    /// Only these applications, by client id.
    pub only: Option<Vec<String>>,
    /// Where it would be written.
    pub path: PathBuf,
}

/// Asks what each way of enforcing the ends of trials does.
#[derive(Debug, Clone)]
pub struct EnforceQuestion {
    /// The fleet.
    pub registry: Arc<Registry>,
    /// The lifetime of the ways that need one.
    pub lifetime: Duration,
    /// The instant.
    pub at: Instant,
}

/// Asks for the text of the export in front, where it is another than the one that is shown.
pub(super) fn wanted(state: &mut State) -> Option<Effect> {
    let Some(Dialog::Export { form, which, path, .. }) = &state.dialog else {
        (state.exporting.of, state.exporting.shown) = (None, None);
        return None;
    };
    let revision = state.open.as_ref()?.revision;
    let enforcement = state.exporting.enforcement.clone();
    let key = Key { form: *form, which: *which, path: path.trim().to_owned(), enforcement, revision };
    if state.exporting.of.as_ref() == Some(&key) {
        return None;
    }
    let (asked, only) = asked(state, key.form, key.which)?;
    let exporting = &mut state.exporting;
    exporting.ticket += 1;
    let other = exporting.of.as_ref().is_none_or(|of| of.form != key.form || of.which != key.which);
    if other {
        (exporting.shown, exporting.differences) = (None, false);
    }
    let question = ShowQuestion {
        ticket: exporting.ticket,
        form: key.form,
        asked,
        only,
        path: PathBuf::from(&key.path),
    };
    exporting.of = Some(key);
    Some(Effect::Show(question))
}

/// Takes the text of the newest question.
pub(super) fn shown(state: &mut State, ticket: u64, shown: Arc<Shown>) {
    if state.exporting.ticket == ticket {
        state.exporting.shown = Some(shown);
    }
}

/// Asks for the effects of the ways, with the lifetime that is typed.
pub(super) fn enforce(state: &State, lifetime: &str) -> Option<Effect> {
    let lifetime = lifetime.parse().ok()?;
    let registry = state.policy()?.registry().clone();
    let known = state.exporting.effects.as_ref().is_some_and(|(of, _)| *of == lifetime);
    (!known).then(|| Effect::Enforce(EnforceQuestion { registry, lifetime, at: state.at() }))
}

/// The strategy of the same kind, with another lifetime.
#[must_use]
pub fn with_lifetime(strategy: Strategy, lifetime: Duration) -> Strategy {
    match strategy {
        Strategy::Shorten(_) => Strategy::Shorten(lifetime),
        Strategy::Second(_) => Strategy::Second(lifetime),
        other => other,
    }
}
