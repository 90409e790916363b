//! Files that are there whole or not at all: written to temporary ones beside them, synced, renamed; and folders that only
//! their owner can read.

mod folder;
mod writers;

pub use folder::StagedFolder;

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

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
    let mut staged = StagedFile::new(path)?;
    fill(&mut staged.file).map_err(|error| said(path, error))?;
    staged.commit()
}

/// A file that is written beside the old one and takes its place once it is on the disk.
#[derive(Debug)]
pub struct StagedFile {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl StagedFile {
    /// Begins it.
    ///
    /// # Errors
    /// [`Refused`] where it cannot be made.
    pub fn new(path: &Path) -> Result<Self, Refused> {
        begin(path).map_err(|error| said(path, error))
    }

    /// Goes on with it.
    ///
    /// # Errors
    /// [`Refused`] where it cannot be written.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), Refused> {
        self.file.write_all(piece).map_err(|error| said(&self.path, error))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// [`Refused`] where the system refuses.
    pub fn commit(self) -> Result<(), Refused> {
        let Self { path, file } = self;
        finish(file, &path).map_err(|error| said(&path, error))
    }
}

/// What a registry begins with (SQLite's file format, 1.3.1).
const SQLITE: &[u8; 16] = b"SQLite format 3\0";

fn said(path: &Path, error: std::io::Error) -> Refused {
    Refused { path: path.to_owned(), error }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn begin(path: &Path) -> std::io::Result<StagedFile> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    refuse_what_is_kept(&path)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tenure-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder_of(&path))?;
    // Before anything is written: what only its owner may read is never readable to others.
    if let Ok(old) = std::fs::metadata(&path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    Ok(StagedFile { path, file: BufWriter::new(file) })
}

/// A registry holds its history, which nothing else has; a device, a pipe and a link that leads nowhere are no files.
fn refuse_what_is_kept(path: &Path) -> std::io::Result<()> {
    let refused = |what: &str| Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, what));
    let Ok(there) = std::fs::metadata(path) else {
        return if path.is_symlink() { refused("it is a link that leads nowhere") } else { Ok(()) };
    };
    if there.is_dir() {
        return Err(std::io::Error::other("it is a folder"));
    }
    if !there.is_file() {
        return refused("it is no ordinary file");
    }
    let mut begins = [0; SQLITE.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut begins));
    if read.is_ok() && begins == *SQLITE { refused("it is a registry with its history") } else { Ok(()) }
}

fn finish(file: BufWriter<NamedTempFile>, path: &Path) -> std::io::Result<()> {
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    if cfg!(unix) {
        File::open(folder_of(path))?.sync_all()?;
    }
    Ok(())
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
