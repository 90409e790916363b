//! The local registry: one SQLite file that holds the entities and the history of their changes.
//!
//! The journal is SQLite's rollback journal, not a write-ahead log: the registry stays one file that can be copied
//! and mailed while nobody writes, and opens from read-only media, where a log would want files beside it.
//! Edits are rare and small, so that the log's faster writes would buy nothing.
//! `synchronous = EXTRA` also syncs the folder after the journal is gone, so that a commit that returned is durable.

mod commit;
mod error;
mod history;
mod keys;
mod open;
mod schema;
mod system;

pub use error::StoreError;
pub use keys::{KeyFolder, KeyStore, KeyStoreError, Place};
pub use system::{Keyring, Vault};

use crate::edit::UndoStacks;
use crate::registry::{Instant, Registry};
use std::path::{Path, PathBuf};

/// An open registry file.
#[derive(Debug)]
pub struct Store {
    connection: rusqlite::Connection,
    path: PathBuf,
    read_only: bool,
}

/// Everything that is read when a registry opens.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings of today.
    pub registry: Registry,
    /// When history begins.
    pub begins: Instant,
    /// The number of the last entry of history, 0 where there is none.
    pub last_seq: i64,
    /// What can be undone and redone.
    pub stacks: UndoStacks,
    /// Whether edits are refused.
    pub read_only: bool,
}

impl Store {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether edits are refused: the file is write-protected, or a registry as JSON.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.read_only
    }

    /// A number that changes when another program commits, read without touching the data.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.connection
            .query_row("PRAGMA data_version", [], |row| row.get(0))
            .map_err(|error| self.said(error))
    }

    /// How long to wait for a file that another program has locked; two seconds unless told.
    ///
    /// # Errors
    /// [`StoreError`] where SQLite refuses.
    pub fn set_patience(&self, patience: std::time::Duration) -> Result<(), StoreError> {
        self.connection.busy_timeout(patience).map_err(|error| self.said(error))
    }

    fn said(&self, error: rusqlite::Error) -> StoreError {
        StoreError::from_sqlite(&self.path, error)
    }
}

/// FNV-1a. It finds flipped bytes, which SQLite does not look for; it is no protection against people.
fn checksum(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}
