//! Writing files whole or not at all: to temporary ones beside them, synced, renamed.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};

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

/// Writes a file durably: either the old or the new one is there at any moment. A link keeps pointing at its target.
///
/// # Errors
/// [`ExportError`] where the folder cannot be written or the disk is full.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for what is made while it is written; where that fails, nothing is.
///
/// # Errors
/// As [`write_file`], and where `fill` gives one.
pub fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), ExportError> {
    let mut staged = Staged::file(path);
    staged.add("")?;
    if let Some((file, path)) = &mut staged.open {
        fill(file).map_err(|error| said(path, &error))?;
    }
    staged.commit()
}

/// Files that are written beside the old ones and take their place together, once all are on the disk.
///
/// A power cut between two renames may leave some new and some old, each of them whole.
#[derive(Debug)]
pub struct Staged {
    root: PathBuf,
    /// Whether the root is a folder with the files in it, or the one file itself.
    folder: bool,
    open: Option<(BufWriter<NamedTempFile>, PathBuf)>,
    done: Vec<(TempPath, PathBuf)>,
}

impl Staged {
    /// One file.
    #[must_use]
    pub fn file(path: &Path) -> Self {
        Self { root: path.to_owned(), folder: false, open: None, done: Vec::new() }
    }

    /// Files in a folder, which is made where it is missing; others that are in it stay.
    #[must_use]
    pub fn folder(path: &Path) -> Self {
        Self { folder: true, ..Self::file(path) }
    }

    pub(super) fn add(&mut self, name: &str) -> Result<(), ExportError> {
        self.close()?;
        let path = if self.folder { self.root.join(name) } else { self.root.clone() };
        let opened = begin(&path, self.folder).map_err(|error| said(&path, &error))?;
        self.open = Some(opened);
        Ok(())
    }

    pub(super) fn append(&mut self, piece: &[u8]) -> Result<(), ExportError> {
        match &mut self.open {
            Some((file, path)) => file.write_all(piece).map_err(|error| said(path, &error)),
            None => Ok(()),
        }
    }

    fn close(&mut self) -> Result<(), ExportError> {
        let Some((file, path)) = self.open.take() else { return Ok(()) };
        // Those of a folder reach the disk together, where the system can do that.
        let alone = !(self.folder && cfg!(target_os = "linux"));
        let closed = finish(file, &path, alone).map_err(|error| said(&path, &error))?;
        self.done.push((closed, path));
        Ok(())
    }

    /// Puts the files in their places.
    ///
    /// # Errors
    /// [`ExportError`] where the system refuses.
    pub fn commit(mut self) -> Result<(), ExportError> {
        self.close()?;
        if self.folder {
            sync_together(&self.root).map_err(|error| said(&self.root, &error))?;
        }
        let mut folders = BTreeSet::new();
        for (file, path) in self.done {
            file.persist(&path).map_err(|error| said(&path, &error.error))?;
            folders.insert(folder_of(&path).to_owned());
        }
        for folder in folders.iter().filter(|_| cfg!(unix)) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| said(folder, &error))?;
        }
        Ok(())
    }
}

fn said(path: &Path, error: &std::io::Error) -> ExportError {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            ExportError::DiskFull(path.to_owned())
        }
        _ => ExportError::Write { path: path.to_owned(), detail: error.to_string() },
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn begin(path: &Path, make: bool) -> std::io::Result<(BufWriter<NamedTempFile>, PathBuf)> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return Err(std::io::Error::other("it is a folder"));
    }
    let folder = folder_of(&path);
    if make {
        std::fs::create_dir_all(folder)?;
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tenure-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    Ok((BufWriter::new(builder.tempfile_in(folder)?), path))
}

/// Brings every file of the file system to the disk.
#[cfg(target_os = "linux")]
fn sync_together(folder: &Path) -> std::io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn sync_together(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

fn finish(file: BufWriter<NamedTempFile>, path: &Path, sync: bool) -> std::io::Result<TempPath> {
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    if let Ok(old) = std::fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    if sync {
        file.as_file().sync_all()?;
    }
    Ok(file.into_temp_path())
}
