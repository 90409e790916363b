//! Files for other programs: one file of code for each format, behind one small trait.

pub mod audit;
pub(crate) mod auth0;
mod auth0_action;
pub(crate) mod auth0_deploy;
mod auth0_terraform;
pub(crate) mod authlete;
pub(crate) mod csv;
pub mod fleet;
mod js;
mod json;
mod names;
mod oidc_provider;
mod out;
mod report;
mod review;
mod shown;
mod write;
mod yaml;

pub use audit::AuditForm;
pub use auth0::{Enforcement, KEYS as AUTH0_KEYS, TimeForm, client_names as auth0_client_names};
pub use auth0_action::{
    NAME as AUTH0_ACTION, RUNTIME as AUTH0_RUNTIME, TRIGGER as AUTH0_TRIGGER, code as auth0_action_code,
};
pub use out::{Memory, Out, Progress, Stream, Target};
pub use review::json as review_json;
pub use shown::{Difference, Line, Mark, Shown, differing};
pub use write::{ExportError, write_file, write_with};

use crate::disk::{StagedFile, StagedFolder};
use crate::policy::{ENDING_DAYS, FleetColumn, Policy, Timeline};
use crate::registry::{Application, Instant, ProfileName, Registry};
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// A format.
pub trait Exporter: Sync {
    /// What the format cannot carry of what is asked, or what it takes to use it: a sentence each.
    fn notes(&self, _asked: &Asked, _selection: &Selection) -> Vec<String> {
        Vec::new()
    }

    /// Gives the files piece by piece.
    ///
    /// # Errors
    /// [`ExportError`] where the format cannot hold what is asked, or the target takes no more.
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError>;
}

/// What an export holds, in which format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// The registry, canonical.
    RegistryJson,
    /// The same model as YAML.
    RegistryYaml,
    /// Applications, a row each.
    ApplicationsCsv,
    /// The overrun report, a row for each application and API.
    FleetCsv,
    /// The same as JSON lines.
    FleetJson,
    /// Trials, lifetimes and overruns, for people.
    ReportMarkdown,
    /// The access review, to be signed.
    ReviewMarkdown,
    /// The same as a table.
    ReviewCsv,
    /// The Action that keeps Auth0's tokens within trials.
    Auth0Action,
    /// A `tenant.yaml` for Auth0's Deploy CLI, with the Action.
    Auth0Deploy,
    /// The same as the Deploy CLI's folder.
    Auth0DeployFolder,
    /// Resources of Auth0's Terraform provider, with the Action.
    Auth0Terraform,
    /// Fragments of an Authlete service and its clients.
    Authlete,
    /// A module for npm `oidc-provider`.
    OidcProvider,
}

impl Form {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::RegistryJson,
        Self::RegistryYaml,
        Self::ApplicationsCsv,
        Self::FleetCsv,
        Self::FleetJson,
        Self::ReportMarkdown,
        Self::ReviewMarkdown,
        Self::ReviewCsv,
        Self::Auth0Action,
        Self::Auth0Deploy,
        Self::Auth0DeployFolder,
        Self::Auth0Terraform,
        Self::Authlete,
        Self::OidcProvider,
    ];

    /// The form of this name on the command line.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RegistryJson => "json",
            Self::RegistryYaml => "yaml",
            Self::ApplicationsCsv => "csv",
            Self::FleetCsv => "fleet-csv",
            Self::FleetJson => "fleet-json",
            Self::ReportMarkdown => "markdown",
            Self::ReviewMarkdown => "review",
            Self::ReviewCsv => "review-csv",
            Self::Auth0Action => "auth0-action",
            Self::Auth0Deploy => "auth0-deploy",
            Self::Auth0DeployFolder => "auth0-deploy-folder",
            Self::Auth0Terraform => "auth0-terraform",
            Self::Authlete => "authlete",
            Self::OidcProvider => "oidc-provider",
        }
    }

    /// Its name in the window.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::RegistryJson => "Registry, JSON",
            Self::RegistryYaml => "Registry, YAML",
            Self::ApplicationsCsv => "Applications, CSV",
            Self::FleetCsv => "Overrun report, CSV",
            Self::FleetJson => "Overrun report, JSON lines",
            Self::ReportMarkdown => "Report, Markdown",
            Self::ReviewMarkdown => "Review to sign, Markdown",
            Self::ReviewCsv => "Review, CSV",
            Self::Auth0Action => "Auth0 Action",
            Self::Auth0Deploy => "Auth0 Deploy CLI, YAML",
            Self::Auth0DeployFolder => "Auth0 Deploy CLI, folder",
            Self::Auth0Terraform => "Auth0 Terraform",
            Self::Authlete => "Authlete",
            Self::OidcProvider => "oidc-provider module",
        }
    }

    /// How its file ends, without the dot; of a folder nothing.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::RegistryJson | Self::Authlete => "json",
            Self::RegistryYaml => "yaml",
            Self::ApplicationsCsv | Self::FleetCsv | Self::ReviewCsv => "csv",
            Self::FleetJson => "jsonl",
            Self::ReportMarkdown | Self::ReviewMarkdown => "md",
            Self::Auth0Action => "js",
            Self::OidcProvider => "mjs",
            Self::Auth0Terraform => "tf",
            Self::Auth0Deploy | Self::Auth0DeployFolder => "",
        }
    }

    /// Whether it makes several files, in a folder.
    #[must_use]
    pub const fn is_folder(self) -> bool {
        self.extension().is_empty()
    }

    /// Whether it holds the Action, and so depends on how ends are enforced.
    #[must_use]
    pub const fn enforces(self) -> bool {
        matches!(self, Self::Auth0Action | Self::Auth0Deploy | Self::Auth0DeployFolder | Self::Auth0Terraform)
    }

    fn exporter(self) -> &'static dyn Exporter {
        match self {
            Self::RegistryJson => &json::Json,
            Self::RegistryYaml => &yaml::Yaml,
            Self::ApplicationsCsv => &csv::Csv,
            Self::FleetCsv => &fleet::Csv,
            Self::FleetJson => &fleet::JsonLines,
            Self::ReportMarkdown => &report::Markdown,
            Self::ReviewMarkdown => &review::Markdown,
            Self::ReviewCsv => &review::Csv,
            Self::Auth0Action => &auth0_action::Action,
            Self::Auth0Deploy => &auth0_deploy::TenantYaml,
            Self::Auth0DeployFolder => &auth0_deploy::Folder,
            Self::Auth0Terraform => &auth0_terraform::Terraform,
            Self::Authlete => &authlete::Authlete,
            Self::OidcProvider => &oidc_provider::Module,
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
    /// How Auth0 is made to keep to the ends of trials.
    pub enforcement: Enforcement,
}

impl Asked {
    /// What today's settings say at an instant, by client id, for nobody in particular.
    #[must_use]
    pub fn today(policy: Policy, at: Instant) -> Self {
        Self {
            timeline: Arc::new(Timeline::new(policy.registry().clone(), &[], at)),
            profile: policy.registry().service.issuer_profile,
            policy,
            at,
            ending_days: ENDING_DAYS,
            zone: Tz::UTC,
            filter: String::new(),
            order: None,
            note: None,
            who: String::new(),
            enforcement: Enforcement::default(),
        }
    }

    fn registry(&self) -> &Registry {
        self.policy.registry()
    }

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

/// What a format cannot carry of what is asked, or what it takes to use it: a sentence each.
#[must_use]
pub fn notes(form: Form, asked: &Asked, selection: &Selection) -> Vec<String> {
    form.exporter().notes(asked, selection)
}

/// Gives the files of an export to a target, piece by piece.
///
/// # Errors
/// [`ExportError`] where the format cannot hold what is asked, the target takes no more, or the person stops it.
pub fn write_into(
    form: Form,
    asked: &Asked,
    selection: &Selection,
    target: &mut dyn Target,
    progress: Progress<'_>,
) -> Result<(), ExportError> {
    let of = match selection {
        Selection::All => asked.registry().applications().len(),
        Selection::Only(ids) => ids.len(),
    };
    if form.enforces() {
        asked.enforcement.check().map_err(ExportError::Keys)?;
    }
    form.exporter().write(asked, selection, &mut Out::new(target, of, progress))
}

/// The bytes of an export that is one file.
///
/// # Errors
/// [`ExportError`] where the format cannot hold what is asked.
pub fn write(form: Form, asked: &Asked, selection: &Selection) -> Result<Vec<u8>, ExportError> {
    let mut memory = Memory::default();
    write_into(form, asked, selection, &mut memory, &mut |_, _| true)?;
    Ok(memory.files.into_iter().next().map(|(_, text)| text).unwrap_or_default())
}

/// Writes an export to a file, or of several files into a folder; whole or not at all.
///
/// # Errors
/// [`ExportError`] where the folder cannot be written, the disk is full, or the person stops it.
pub fn write_to(
    form: Form,
    asked: &Asked,
    selection: &Selection,
    path: &Path,
    progress: Progress<'_>,
) -> Result<(), ExportError> {
    if form.is_folder() {
        let mut staged = StagedFolder::new(path)?;
        write_into(form, asked, selection, &mut staged, progress)?;
        return Ok(staged.commit()?);
    }
    let mut staged = StagedFile::new(path)?;
    write_into(form, asked, selection, &mut staged, progress)?;
    Ok(staged.commit()?)
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
