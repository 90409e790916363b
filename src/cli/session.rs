//! What every command has at hand: the registry, the clock, the streams, and the ways to fail.

use crate::edit::{Draft, Entry};
use crate::registry::{Application, Instant, Registry};
use crate::store::{Loaded, Store, StoreError};
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Where a command reads and writes.
pub struct Streams<'a> {
    /// Standard input.
    pub input: &'a mut dyn BufRead,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub error: &'a mut dyn Write,
}

/// How a command that worked ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and for a decision, granted.
    Done,
    /// Something was denied, or found wrong.
    Denied,
    /// A plan has changes.
    Changes,
}

/// Why a command did not work.
#[derive(Debug)]
pub enum Failure {
    /// A sentence for standard error.
    Said(String),
    /// Nobody reads any more, as with `| head`: no error.
    Closed,
}

pub(super) type Result<T = Exit> = std::result::Result<T, Failure>;

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Said(format!("the output could not be written ({error})")),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Said(error.to_string())
    }
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Self::Said(sentence)
    }
}

/// One run of one command.
pub(super) struct Session<'a> {
    registry: Option<PathBuf>,
    pub json: bool,
    pub now: Instant,
    pub input: &'a mut dyn BufRead,
    pub out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Session<'a> {
    pub fn new(
        registry: Option<PathBuf>,
        json: bool,
        input: &'a mut dyn BufRead,
        out: &'a mut dyn Write,
        err: &'a mut dyn Write,
    ) -> Result<Self> {
        Ok(Self { registry, json, now: clock(), input, out, err })
    }

    /// The file that `--registry` names.
    pub fn registry_argument(&self) -> Option<PathBuf> {
        self.registry.clone()
    }

    /// The registry's file.
    pub fn path(&self) -> Result<PathBuf> {
        self.registry.clone().map_or_else(default_registry, Ok)
    }

    /// Opens the registry to read it.
    pub fn open(&self) -> Result<(Store, Loaded)> {
        let store = Store::open_any(self.path()?)?;
        let loaded = store.load()?;
        Ok((store, loaded))
    }

    /// Opens the registry to edit it; one that cannot be edited says so before anything else.
    pub fn open_to_edit(&self) -> Result<(Store, Loaded)> {
        let (store, loaded) = self.open()?;
        if loaded.read_only {
            return Err(StoreError::ReadOnly(store.path().to_owned()).into());
        }
        Ok((store, loaded))
    }

    /// Writes an edit into the registry and its history; when this returns it is on the disk.
    pub fn commit(&self, store: &mut Store, draft: &Draft) -> Result<Entry> {
        Ok(store.commit(draft, self.now, &user())?)
    }

    /// Tells something beside the answer, on standard error.
    pub fn note(&mut self, sentence: &str) {
        // Where standard error is gone nobody wants to know.
        let _gone = writeln!(self.err, "tenure: {sentence}");
    }

    /// Prints one JSON document.
    pub fn document(&mut self, document: &impl serde::Serialize) -> Result<()> {
        let text = serde_json::to_string_pretty(document)
            .map_err(|error| Failure::Said(format!("the answer is no JSON ({error})")))?;
        Ok(writeln!(self.out, "{text}")?)
    }
}

/// The application of this id, or a sentence.
pub(super) fn application<'r>(registry: &'r Registry, client_id: &str) -> Result<&'r Arc<Application>> {
    registry.application(client_id).ok_or_else(|| {
        Failure::Said(format!("no application has the client id `{client_id}`; `tenure app list` shows them"))
    })
}

/// The API of this audience, or a sentence.
pub(super) fn api<'r>(registry: &'r Registry, audience: &str) -> Result<&'r Arc<crate::registry::Api>> {
    registry.api(audience).ok_or_else(|| {
        Failure::Said(format!("no API has the audience `{audience}`; `tenure api list` shows them"))
    })
}

/// The system's clock, in the range of instants.
fn clock() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Instant::saturating(since.map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX)))
}

/// The system's user, for history.
pub(super) fn user() -> String {
    whoami::username()
}

fn default_registry() -> Result<PathBuf> {
    data_folder().map(|folder| folder.join("registry.tenure")).ok_or_else(|| {
        Failure::Said(
            "there is no home folder to find the local registry in; name one with --registry FILE".into(),
        )
    })
}

/// The platform's folder for the program's data.
pub(super) fn data_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "tenure").map(|folders| folders.data_dir().to_owned())
}
