//! At which instant a question is asked, and by which settings it is answered.

use super::session::{Failure, Result, Session, user};
use crate::edit::rewind;
use crate::export::{Asked, Enforcement, begins_note};
use crate::policy::{self, Policy, Timeline};
use crate::registry::{Application, Instant, MomentContext, ProfileName, parse_moment};
use std::sync::Arc;

/// Which settings answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Settings {
    /// Those that history says were in force at the instant
    Then,
    /// Today's
    Today,
}

/// The instant of a question.
#[derive(Debug, clap::Args)]
pub(super) struct When {
    /// The instant: RFC 3339, now, now+3d, expiry-1h
    #[arg(long, value_name = "INSTANT", default_value = "now", allow_hyphen_values = true)]
    pub at: String,
    /// Answer by today's settings, or by those in force at the instant
    #[arg(long, value_enum, default_value = "today")]
    pub settings: Settings,
}

/// What answers a question.
pub(super) struct Answering {
    /// The settings.
    pub policy: Policy,
    /// The instant.
    pub at: Instant,
    /// The instant whose settings answer, where it is not today's.
    pub settings_at: Option<Instant>,
    /// That history does not reach back so far, in a sentence.
    pub note: Option<String>,
}

impl Answering {
    /// The question of a report on these settings.
    pub fn asked(&self, profile: ProfileName, filter: String, session: &Session<'_>) -> Result<Asked> {
        let (store, loaded) = session.open()?;
        // Where today's settings answer, the timeline shares them, so that their entities are not looked up again.
        let today = match self.settings_at {
            None => self.policy.registry().clone(),
            Some(_) => Arc::new(loaded.registry),
        };
        let timeline = Arc::new(Timeline::new(today, &store.entries_after(0)?, loaded.begins));
        Ok(Asked {
            policy: self.policy.clone(),
            timeline,
            profile,
            at: self.at,
            ending_days: policy::ENDING_DAYS,
            zone: chrono_tz::Tz::UTC,
            filter,
            order: None,
            note: self.note.clone(),
            who: user(),
            enforcement: Enforcement::default(),
        })
    }
}

impl When {
    /// Opens the registry and settles instant and settings; `client_id` is whose end `expiry` means.
    pub fn answering(&self, client_id: Option<&str>, session: &Session<'_>) -> Result<Answering> {
        let (store, loaded) = session.open()?;
        let expiry = client_id.and_then(|id| loaded.registry.application(id)?.expires_at);
        let context = MomentContext { now: session.now, expiry, zone: None };
        let at = parse_moment(&self.at, &context)
            .map_err(|error| Failure::Said(format!("--at: {error}")))?
            .instant;
        if self.settings == Settings::Today || at >= session.now {
            return Ok(Answering {
                policy: Policy::new(Arc::new(loaded.registry)),
                at,
                settings_at: (self.settings == Settings::Then).then_some(at),
                note: None,
            });
        }
        let past = rewind(&loaded.registry, &store.entries_since(at)?, loaded.begins, at);
        let note = past.begins.map(begins_note);
        Ok(Answering { policy: Policy::new(Arc::new(past.registry)), at, settings_at: Some(at), note })
    }
}

/// The status of an application at an instant, in a word.
pub(super) fn status(application: &Application, at: Instant) -> &'static str {
    policy::status(application, at, policy::ENDING_DAYS).as_str()
}
