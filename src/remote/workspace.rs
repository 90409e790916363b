//! A connection at work: its snapshot, its overlay and the registry with the staged edits, all on this disk.

use super::connection::Connection;
use super::connections::{Connections, Place, disk};
use super::http::RemoteError;
use super::mapped::Mapped;
use super::overlay::Overlay;
use super::snapshot::Snapshot;
use super::vendor::Remote;
use crate::edit::Draft;
use crate::registry::{Instant, Registry};
use crate::store::{Store, StoreError};
use std::path::{Path, PathBuf};

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
