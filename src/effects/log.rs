//! The log of the window's program: a file, since a window's standard error is seen by nobody.

use super::folders;
use std::path::PathBuf;

/// Where the log is.
#[must_use]
pub fn log_file() -> PathBuf {
    folders().map_or_else(|| PathBuf::from("tenure.log"), |f| f.data_local_dir().join("tenure.log"))
}

static LOG: std::sync::OnceLock<std::fs::File> = std::sync::OnceLock::new();

/// Writes the log to its file from now on: a window's standard error is seen by nobody.
///
/// A log of more than a mebibyte begins anew. Where the file cannot be written, standard error stays.
pub fn log_to_file() {
    const LONGEST: u64 = 1 << 20;
    let path = log_file();
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    if std::fs::metadata(&path).is_ok_and(|data| data.len() > LONGEST) {
        let _ = std::fs::remove_file(&path);
    }
    match std::fs::File::options().create(true).append(true).open(&path) {
        Ok(file) => {
            let _ = LOG.set(file);
        }
        Err(error) => tracing::warn!("the log in {} cannot be written: {error}", path.display()),
    }
}

/// Where a line of the log goes.
#[must_use]
pub fn log_writer() -> Box<dyn std::io::Write> {
    match LOG.get().and_then(|file| file.try_clone().ok()) {
        Some(file) => Box::new(file),
        None => Box::new(std::io::stderr()),
    }
}
