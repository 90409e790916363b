//! Writing a file whole or not at all: to a temporary one beside it, synced, renamed.

use std::fs::File;
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
}

/// Writes a file durably: either the old or the new one is there at any moment. A link keeps pointing at its target.
///
/// # Errors
/// [`ExportError`] where the folder cannot be written or the disk is full.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    try_write(path, bytes).map_err(|error| match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            ExportError::DiskFull(path.to_owned())
        }
        _ => ExportError::Write { path: path.to_owned(), detail: error.to_string() },
    })
}

fn try_write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return Err(std::io::Error::other("it is a folder"));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tenure-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Ok(old) = std::fs::metadata(&path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
