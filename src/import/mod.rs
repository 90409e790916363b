//! Files of other programs, read into a registry: what a format does not carry stays as it is today.

mod auth0_deploy;
mod authlete;
mod csv;
mod files;

pub use csv::{Column, Field, Mapping};
pub use files::Files;

use crate::export::Enforcement;
use crate::registry::file::{FileError, read_bytes};
use crate::registry::yaml::read_yaml;
use crate::registry::{ProfileName, Registry, Service};
use std::fmt;
use std::path::{Path, PathBuf};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// The registry file.
    #[default]
    Json,
    /// The same model as YAML.
    Yaml,
    /// Applications, a row each.
    Csv,
    /// Auth0's Deploy CLI: a `tenant.yaml` or its folder.
    Auth0Deploy,
    /// Fragments of Authlete services and clients.
    Authlete,
}

impl Format {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Json, Self::Yaml, Self::Csv, Self::Auth0Deploy, Self::Authlete];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Csv => "csv",
            Self::Auth0Deploy => "auth0-deploy",
            Self::Authlete => "authlete",
        }
    }

    /// The name in the window.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Json => "Registry, JSON",
            Self::Yaml => "Registry, YAML",
            Self::Csv => "Applications, CSV",
            Self::Auth0Deploy => "Auth0 Deploy CLI",
            Self::Authlete => "Authlete",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What a file of this name most likely is.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let name = path.file_stem().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        match ending.as_deref() {
            Some("csv" | "tsv") => Self::Csv,
            Some("yaml" | "yml") if name.starts_with("tenant") => Self::Auth0Deploy,
            Some("yaml" | "yml") => Self::Yaml,
            Some("json") if name.contains("authlete") => Self::Authlete,
            Some("json") => Self::Json,
            _ => Self::Auth0Deploy,
        }
    }

    /// The same, with what the file begins with: a registry says `schema`, Authlete's fragments are a list.
    #[must_use]
    pub fn within(path: &Path, text: &[u8]) -> Self {
        let begins = text.iter().find(|byte| !byte.is_ascii_whitespace());
        let names = |word: &str| {
            let text = String::from_utf8_lossy(text.get(..4096).unwrap_or(text)).into_owned();
            text.lines().any(|line| line.starts_with(word))
        };
        match Self::of(path) {
            Self::Json if begins == Some(&b'[') => Self::Authlete,
            Self::Yaml if ["clients:", "resourceServers:", "clientGrants:"].into_iter().any(names) => {
                Self::Auth0Deploy
            }
            format => format,
        }
    }
}

/// How a file is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Which column of a table holds which field, before names that are known.
    pub columns: Vec<(String, Field)>,
    /// Whether the rows that can be read are enough.
    pub good_rows: bool,
    /// Under which keys Auth0 keeps starts and ends.
    pub enforcement: Enforcement,
}

/// What a file holds, ready to be compared with today's registry.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The registry as the file has it, and as it is today where the format says nothing.
    pub registry: Registry,
    /// What was not taken over, and what was chosen: a sentence each.
    pub notes: Vec<String>,
    /// Rows that could not be read, where the good ones were enough.
    pub errors: Vec<Problem>,
}

/// What is wrong at one place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The column's name, or the place in the document.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The system refused.
    #[error("`{}` cannot be read ({detail}); check the name", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The text has another shape.
    #[error("{0}")]
    Shape(#[from] FileError),
    /// Rows or entities cannot be read.
    #[error("{}", listed(.0, .1))]
    Problems(String, Vec<Problem>),
}

fn listed(source: &str, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|problem| format!("{source}: {problem}")).collect();
    lines.join("\n")
}

/// Reads files into a registry that stands on today's.
///
/// # Errors
/// [`ImportError`] where they cannot be read, wholly or, without [`Options::good_rows`], in part.
pub fn read(
    format: Format,
    files: &Files,
    today: &Registry,
    options: &Options,
) -> Result<Imported, ImportError> {
    let whole = |registry| Imported { registry, notes: Vec::new(), errors: Vec::new() };
    match format {
        Format::Json => Ok(whole(read_bytes(files.only()?, files.source())?)),
        Format::Yaml => Ok(whole(read_yaml(files.text()?, files.source())?)),
        Format::Csv => csv::read(files.text()?, files.source(), today, options),
        Format::Auth0Deploy => auth0_deploy::read(files, today, &options.enforcement),
        Format::Authlete => authlete::read(files.text()?, files.source(), today),
    }
}

/// What a registry begins with that is made by an import.
#[must_use]
pub fn beginning(format: Format) -> Registry {
    let (name, issuer_profile) = match format {
        Format::Auth0Deploy => ("Auth0", ProfileName::Auth0),
        Format::Authlete => ("Authlete", ProfileName::Authlete3),
        _ => ("Imported", ProfileName::default()),
    };
    let service = Service {
        name: name.to_owned(),
        issuer: "https://issuer.example".to_owned(),
        issuer_profile,
        ..Service::default()
    };
    Registry::new(service, vec![], vec![], vec![])
}
