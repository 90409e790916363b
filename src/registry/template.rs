//! A template: what the applications of new trials begin with.

use super::{Application, Duration, Grant, Instant, Keyed};
use serde::{Deserialize, Serialize};

/// What a new application begins with, kept with the registry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its unique name.
    pub name: String,
    /// How long a trial lasts from the moment in which it is made; absent where it never ends.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::application::set")]
    pub trial_duration: Option<Duration>,
    /// The longest that any of its tokens may live.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::application::set")]
    pub access_token_duration: Option<Duration>,
    /// What it may ask for, by audience.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "super::application::unique")]
    pub grants: Vec<Grant>,
    /// Words to find it by, sorted.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "super::application::word_set"
    )]
    pub tags: Vec<String>,
}

impl Template {
    /// What an application has that others are to begin with; its window becomes a length.
    ///
    /// The length is that from its start to its end, or from `now` where it has no start.
    #[must_use]
    pub fn of(application: &Application, name: &str, now: Instant) -> Self {
        let length = |end: Instant| end.since(application.not_before.unwrap_or(now));
        Self {
            name: name.to_owned(),
            trial_duration: application.expires_at.and_then(|end| Duration::from_seconds(length(end)).ok()),
            access_token_duration: application.access_token_duration,
            grants: application.grants.clone(),
            tags: application.tags.clone(),
        }
    }

    /// A new application that begins at `now`.
    #[must_use]
    pub fn application(&self, client_id: &str, now: Instant) -> Application {
        Application {
            client_id: client_id.to_owned(),
            expires_at: self.trial_duration.map(|length| now.plus(length.seconds())),
            access_token_duration: self.access_token_duration,
            grants: self.grants.clone(),
            tags: self.tags.clone(),
            ..Application::default()
        }
    }

    /// The same template with its lists in order, as every reader and editor leaves it.
    #[must_use]
    pub fn normalised(self) -> Self {
        let Self { name, trial_duration, access_token_duration, grants, tags } = self;
        let sorted = Application { grants, tags, ..Application::default() }.normalised();
        Self { name, trial_duration, access_token_duration, grants: sorted.grants, tags: sorted.tags }
    }
}

impl Keyed for Template {
    fn key(&self) -> &str {
        &self.name
    }
}
