//! Files for other programs: one file of code for each format, behind one small trait.

mod csv;
pub mod fleet;
mod json;
mod review;
mod write;

pub use csv::Csv;
pub(crate) use csv::defused;
pub use json::Json;
pub use review::json as review_json;
pub use write::{ExportError, write_file};

use crate::policy::{FleetColumn, Policy, Timeline};
use crate::registry::{Application, Instant, ProfileName, Registry};
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A format.
pub trait Exporter: Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// How its files end, without the dot.
    fn extension(&self) -> &'static str;

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`ExportError`] where the format cannot hold the registry.
    fn write(&self, registry: &Registry, selection: &Selection) -> Result<Vec<u8>, ExportError>;
}

/// Every format, in the order in which they are offered.
pub const ALL: [&dyn Exporter; 2] = [&Json, &Csv];

/// The format of this name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static dyn Exporter> {
    ALL.into_iter().find(|format| format.name() == name)
}

/// What a file holds, in which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// The registry, canonical.
    RegistryJson,
    /// Applications, a row each.
    ApplicationsCsv,
    /// The overrun report, a row for each application and API.
    FleetCsv,
    /// The same as JSON lines.
    FleetJson,
    /// The access review, to be signed.
    ReviewMarkdown,
    /// The same as a table.
    ReviewCsv,
}

impl Form {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::RegistryJson,
        Self::ApplicationsCsv,
        Self::FleetCsv,
        Self::FleetJson,
        Self::ReviewMarkdown,
        Self::ReviewCsv,
    ];

    /// Its name in the window.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::RegistryJson => "Registry, JSON",
            Self::ApplicationsCsv => "Applications, CSV",
            Self::FleetCsv => "Overrun report, CSV",
            Self::FleetJson => "Overrun report, JSON lines",
            Self::ReviewMarkdown => "Review to sign, Markdown",
            Self::ReviewCsv => "Review, CSV",
        }
    }

    /// How its files end, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::RegistryJson => "json",
            Self::ApplicationsCsv | Self::FleetCsv | Self::ReviewCsv => "csv",
            Self::FleetJson => "jsonl",
            Self::ReviewMarkdown => "md",
        }
    }
}

/// What a report answers: by which settings, for which instant, at which issuer, for whom.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The settings in force.
    pub policy: Policy,
    /// Which settings were in force before.
    pub timeline: Arc<Timeline>,
    /// The issuer.
    pub profile: ProfileName,
    /// The instant.
    pub at: Instant,
    /// From how many days before its end an application counts as ending.
    pub ending_days: u32,
    /// The zone in which people read times.
    pub zone: Tz,
    /// The words by which the applications were chosen.
    pub filter: String,
    /// What orders the rows of the overrun report, and whether from the end; by client id where nothing does.
    pub order: Option<(FleetColumn, bool)>,
    /// That history does not reach back so far, in a sentence.
    pub note: Option<String>,
    /// Who asks.
    pub who: String,
}

impl Asked {
    /// An instant for people, with its zone.
    fn time(&self, at: Instant) -> String {
        at.to_utc().with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
    }
}

/// A number of things, in words.
pub(crate) fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// That history begins only here, after the instant that is asked about.
#[must_use]
pub fn begins_note(begins: Instant) -> String {
    format!("history begins at {begins}; these are the settings of its beginning")
}

/// The bytes of a file.
///
/// # Errors
/// [`ExportError`] where the format cannot hold what is asked.
pub fn write(form: Form, asked: &Asked, selection: &Selection) -> Result<Vec<u8>, ExportError> {
    let registry = asked.policy.registry();
    match form {
        Form::RegistryJson => Json.write(registry, selection),
        Form::ApplicationsCsv => Csv.write(registry, selection),
        Form::FleetCsv => fleet::csv(asked, selection),
        Form::FleetJson => Ok(fleet::json_lines(asked, selection)),
        Form::ReviewMarkdown => Ok(review::markdown(asked, selection)),
        Form::ReviewCsv => review::csv(asked, selection),
    }
}

/// Which applications.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    #[default]
    All,
    /// These client ids.
    Only(BTreeSet<String>),
}

impl Selection {
    /// Whether this application is chosen.
    #[must_use]
    pub fn contains(&self, client_id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(client_id),
        }
    }

    fn of<'a>(&self, registry: &'a Registry) -> impl Iterator<Item = &'a Arc<Application>> {
        registry.applications().iter().filter(|application| self.contains(&application.client_id))
    }
}
