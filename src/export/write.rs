//! Exports on the disk: whole or not at all, and what is said where that fails.

use crate::disk::{self, Refused};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Why an export failed. A file that was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The system refused.
    #[error("`{}` could not be written ({detail}); choose another folder or check its permissions", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// There is no room.
    #[error("the disk is full, `{}` was not written; make room and try again", .0.display())]
    DiskFull(PathBuf),
    /// The format cannot hold the registry.
    #[error("the registry could not be written as {name} ({detail}); choose another format")]
    Format {
        /// The format.
        name: &'static str,
        /// Why.
        detail: String,
    },
    /// The Action could not find the ends.
    #[error("{0}")]
    Keys(String),
    /// What is there is not for an export to replace.
    #[error("`{}` is not replaced ({detail}); choose another name", .path.display())]
    Kept {
        /// The file.
        path: PathBuf,
        /// What it is.
        detail: String,
    },
    /// The stream that it went to takes no more.
    #[error("the output could not be written ({0})")]
    Stream(std::io::Error),
    /// The person stopped it.
    #[error("the export was stopped; nothing was written")]
    Stopped,
    /// As much was written as was asked for.
    #[error("the export is longer than what was asked for")]
    Enough,
}

impl From<Refused> for ExportError {
    fn from(Refused { path, error }: Refused) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            std::io::ErrorKind::AlreadyExists => Self::Kept { path, detail: error.to_string() },
            _ => Self::Write { path, detail: error.to_string() },
        }
    }
}

/// Writes a file durably: either the old or the new one is there at any moment. A link keeps pointing at its target.
///
/// # Errors
/// [`ExportError`] where the folder cannot be written or the disk is full.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    Ok(disk::write_whole(path, bytes)?)
}

/// The same for what is made while it is written; where that fails, nothing is.
///
/// # Errors
/// As [`write_file`], and where `fill` gives one.
pub fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), ExportError> {
    Ok(disk::write_with(path, fill)?)
}
