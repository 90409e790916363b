//! A connection at work: its snapshot, its overlay and the registry with the staged edits, all on this disk.

use super::action::{ActionThere, WantedAction};
use super::connection::{Connection, Vendor};
use super::connections::{Connections, Place, disk};
use super::http::RemoteError;
use super::mapped::Mapped;
use super::overlay::Overlay;
use super::snapshot::Snapshot;
use super::vendor::Remote;
use crate::edit::Draft;
use crate::registry::{Instant, Registry};
use crate::store::{Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// Under which names the snapshot keeps what is wanted of the Action, what was applied, and what was read.
const WANTED: &str = "action_wanted";
const APPLIED: &str = "action_applied";
const THERE: &str = "action_there";

/// What a connection has on this disk.
#[derive(Debug)]
pub struct Workspace {
    /// Its settings.
    pub connection: Connection,
    /// What was pulled.
    pub snapshot: Snapshot,
    place: Place,
}

impl Workspace {
    /// Opens what there is of a connection.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where there is no such connection, or what is kept of it is damaged.
    pub fn open(connections: &Connections, name: &str) -> Result<Self, RemoteError> {
        let connection = connections.read(name)?;
        let place = connections.place(name);
        let snapshot = Snapshot::open(&place.snapshot())?;
        Ok(Self { connection, snapshot, place })
    }

    /// The registry with the staged edits, a file like any other.
    #[must_use]
    pub fn staged(&self) -> PathBuf {
        self.place.staged()
    }

    /// The file of the overlay.
    #[must_use]
    pub fn overlay_file(&self) -> PathBuf {
        self.connection.overlay.clone().unwrap_or_else(|| self.place.overlay())
    }

    /// The overlay as it is now.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where it is damaged.
    pub fn overlay(&self) -> Result<Overlay, RemoteError> {
        Overlay::read(&self.overlay_file())
    }

    /// The remote as it was pulled, with what the overlay adds: what staged edits begin from.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where nothing was pulled yet, or it is damaged.
    pub fn base(&self, remote: &mut Remote) -> Result<Mapped, RemoteError> {
        if self.snapshot.pulled_at()?.is_none() {
            let detail = "nothing was pulled yet; pull first".to_owned();
            return Err(RemoteError::Disk { path: self.connection.name.clone(), detail });
        }
        remote.map(self.snapshot.now(), &self.overlay()?)
    }

    /// The registry with the staged edits.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where nothing was pulled yet, or it is damaged.
    pub fn mine(&self) -> Result<Registry, RemoteError> {
        let store = Store::open_read_only(self.staged()).map_err(|error| refused(&self.staged(), &error))?;
        Ok(store.load().map_err(|error| refused(&self.staged(), &error))?.registry)
    }

    /// What is wanted of the Action that keeps the tenant to the ends of trials; nothing where it is left alone.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn wanted_action(&self) -> Result<Option<WantedAction>, RemoteError> {
        self.kept(WANTED)
    }

    /// Stages what is wanted of the Action, until it is applied or taken back.
    ///
    /// # Errors
    /// [`RemoteError::Disk`], or a vendor that has no Actions.
    pub fn want_action(&self, wanted: &WantedAction) -> Result<(), RemoteError> {
        if !matches!(self.connection.vendor, Vendor::Auth0 { .. }) {
            let detail = "only Auth0 has Actions; this service ends tokens by itself".to_owned();
            return Err(RemoteError::Disk { path: self.connection.name.clone(), detail });
        }
        self.keep(WANTED, Some(wanted))
    }

    /// Takes back what is staged of the Action: what was applied last is wanted again.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn discard_action(&self) -> Result<(), RemoteError> {
        let applied: Option<WantedAction> = self.kept(APPLIED)?;
        self.keep(WANTED, applied.as_ref())
    }

    /// What is wanted of the Action is there now, and stays wanted; what is gone is forgotten.
    pub(super) fn settle_action(&self) -> Result<(), RemoteError> {
        let wanted = self.wanted_action()?.filter(|wanted| *wanted != WantedAction::Unbind);
        self.keep(WANTED, wanted.as_ref())?;
        self.keep(APPLIED, wanted.as_ref())
    }

    /// What was last read of the Action; nothing where it never was.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn action_there(&self) -> Result<Option<ActionThere>, RemoteError> {
        self.kept(THERE)
    }

    /// Keeps what was read of the Action.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn keep_action_there(&self, there: &ActionThere) -> Result<(), RemoteError> {
        self.keep(THERE, Some(there))
    }

    fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, RemoteError> {
        let text = self.snapshot.meta(name)?.filter(|text| !text.is_empty());
        let read = |text: String| serde_json::from_str(&text);
        text.map(read).transpose().map_err(|error| disk(&self.place.snapshot(), error))
    }

    fn keep<T: Serialize>(&self, name: &str, value: Option<&T>) -> Result<(), RemoteError> {
        let text = value.map(serde_json::to_string).transpose();
        let text = text.map_err(|error| disk(&self.place.snapshot(), error))?;
        self.snapshot.set_meta(name, &text.unwrap_or_default())
    }

    /// Makes the registry with the staged edits: after the first pull there are none.
    pub(super) fn begin(&self, registry: &Registry, at: Instant) -> Result<(), RemoteError> {
        Store::create(self.staged(), registry, at).map(drop).map_err(|error| refused(&self.staged(), &error))
    }

    /// Writes what the remote brought into the registry with the staged edits, as an entry of its history.
    pub(super) fn commit(&self, draft: &Draft, at: Instant, who: &str) -> Result<(), RemoteError> {
        if draft.changes.is_empty() {
            return Ok(());
        }
        let staged = self.staged();
        let said = |error: StoreError| refused(&staged, &error);
        Store::open(&staged).and_then(|mut store| store.commit(draft, at, who)).map(drop).map_err(said)
    }
}

fn refused(path: &Path, error: &StoreError) -> RemoteError {
    disk(path, error)
}
