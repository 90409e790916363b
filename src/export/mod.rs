//! Files for other programs: one file of code for each format, behind one small trait.

mod csv;
mod json;
mod write;

pub use csv::Csv;
pub(crate) use csv::defused;
pub use json::Json;
pub use write::{ExportError, write_file};

use crate::registry::{Application, Registry};
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

    fn of<'a>(&'a self, registry: &'a Registry) -> impl Iterator<Item = &'a Arc<Application>> {
        registry.applications().iter().filter(|application| self.contains(&application.client_id))
    }
}
