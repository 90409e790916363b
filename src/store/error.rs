//! What can go wrong with a registry file, a sentence each.

use crate::edit::Conflict;
use crate::registry::file::FileError;
use rusqlite::ErrorCode;
use std::path::{Path, PathBuf};

/// Why a registry file could not be opened, read or written. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is from a newer version of the program.
    #[error("`{}` was written by a newer version of Tenure (format {found}, this one reads up to {known}); open it with a newer Tenure", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version that can be read.
        known: i64,
    },
    /// The file is something else.
    #[error("`{}` is not a Tenure registry; choose a .tenure file, or a registry as .json", .0.display())]
    NotARegistry(PathBuf),
    /// The file is a registry, but not whole.
    #[error("`{}` is damaged ({detail}); nothing was changed, restore it from a copy", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The file or its folder cannot be written.
    #[error("`{}` is read-only; save a copy and edit that", .0.display())]
    ReadOnly(PathBuf),
    /// Another program is writing.
    #[error("`{}` is locked by another program; wait until it has finished and try again", .0.display())]
    Locked(PathBuf),
    /// The disk is full.
    #[error("the disk is full, `{}` was not changed; make room and try again", .0.display())]
    DiskFull(PathBuf),
    /// There is no such file.
    #[error("`{}` does not exist; check the name, or create it first", .0.display())]
    Missing(PathBuf),
    /// There is a file of this name.
    #[error("`{}` exists already; open it, or choose another name", .0.display())]
    Exists(PathBuf),
    /// An entity is not what an edit expects.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The person did not want to wait.
    #[error("the edit was stopped; nothing of it was made")]
    Stopped,
    /// A registry as JSON with an error in it.
    #[error(transparent)]
    File(#[from] FileError),
    /// Anything else that the system says.
    #[error("`{}` could not be read or written ({detail}); check the disk and the permissions", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
}

impl StoreError {
    pub(super) fn from_sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let Some(code) = error.sqlite_error_code() else {
            // Not from SQLite but from reading its rows: a column of another type, text that is not UTF-8.
            return Self::Damaged { path, detail: error.to_string() };
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked(path),
            ErrorCode::NotADatabase => Self::NotARegistry(path),
            // A table that is gone, too: it was there when the file was written.
            ErrorCode::DatabaseCorrupt | ErrorCode::Unknown => {
                Self::Damaged { path, detail: error.to_string() }
            }
            ErrorCode::ReadOnly => Self::ReadOnly(path),
            ErrorCode::DiskFull => Self::DiskFull(path),
            _ => Self::Io { path, detail: error.to_string() },
        }
    }

    pub(super) fn from_io(path: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::NotFound => Self::Missing(path),
            ErrorKind::AlreadyExists => Self::Exists(path),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull(path),
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path),
            _ => Self::Io { path, detail: error.to_string() },
        }
    }

    pub(super) fn damaged(path: &Path, detail: impl ToString) -> Self {
        Self::Damaged { path: path.to_owned(), detail: detail.to_string() }
    }
}
