//! Files that are there whole or not at all: written to temporary ones beside them, synced, renamed; and folders that only
//! their owner can read.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};

/// What the system did not do. A file that was there before is untouched.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be written ({error})", .path.display())]
pub struct Refused {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub error: std::io::Error,
}

/// Writes a file durably: either the old or the new one is there at any moment. A link keeps pointing at its target.
///
/// # Errors
/// [`Refused`] where the folder cannot be written or the disk is full.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Refused> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for what is made while it is written; where that fails, nothing is.
///
/// # Errors
/// As [`write_whole`], and where `fill` gives one.
pub fn write_with(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Refused> {
    let mut staged = Staged::file(path);
    staged.add("")?;
    if let Some((file, path)) = &mut staged.open {
        fill(file).map_err(|error| said(path, error))?;
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

    /// Begins the next file; in a folder it has this name.
    ///
    /// # Errors
    /// [`Refused`] where it cannot be made.
    pub fn add(&mut self, name: &str) -> Result<(), Refused> {
        self.close()?;
        let path = if self.folder { self.root.join(name) } else { self.root.clone() };
        let opened = begin(&path, self.folder).map_err(|error| said(&path, error))?;
        self.open = Some(opened);
        Ok(())
    }

    /// Goes on with the file that was begun last.
    ///
    /// # Errors
    /// [`Refused`] where it cannot be written.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), Refused> {
        match &mut self.open {
            Some((file, path)) => file.write_all(piece).map_err(|error| said(path, error)),
            None => Ok(()),
        }
    }

    fn close(&mut self) -> Result<(), Refused> {
        let Some((file, path)) = self.open.take() else { return Ok(()) };
        // Those of a folder reach the disk together, where the system can do that.
        let alone = !(self.folder && cfg!(target_os = "linux"));
        let closed = finish(file, &path, alone).map_err(|error| said(&path, error))?;
        self.done.push((closed, path));
        Ok(())
    }

    /// Puts the files in their places.
    ///
    /// # Errors
    /// [`Refused`] where the system refuses.
    pub fn commit(mut self) -> Result<(), Refused> {
        self.close()?;
        if self.folder {
            sync_together(&self.root).map_err(|error| said(&self.root, error))?;
        }
        let mut folders = BTreeSet::new();
        for (file, path) in self.done {
            file.persist(&path).map_err(|error| said(&path, error.error))?;
            folders.insert(folder_of(&path).to_owned());
        }
        for folder in folders.iter().filter(|_| cfg!(unix)) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| said(folder, error))?;
        }
        Ok(())
    }
}

fn said(path: &Path, error: std::io::Error) -> Refused {
    Refused { path: path.to_owned(), error }
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

/// Makes a folder, and those that it lies in, that only its owner can read. One that is there stays as it is.
///
/// # Errors
/// What the system said.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
