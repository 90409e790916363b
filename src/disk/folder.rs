//! Folders of many files that take their places together: written to one that waits, synced once, moved as a whole where
//! nothing is there yet and file by file where something is.

use super::writers::Writers;
use super::{Refused, folder_of, said, write_with};
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Files that are written to a folder that waits, and take the place of the old ones once all are on the disk.
///
/// A file that is there with the same bytes is left alone, and others that are in the folder stay. A power cut between two
/// moves may leave some new and some old, each of them whole.
#[derive(Debug)]
pub struct StagedFolder {
    /// Where the files go; a link is followed.
    root: PathBuf,
    /// Whether something is there already.
    is_there: bool,
    /// They end before the folder that waits goes.
    writers: Writers,
    /// On the same file system: in the root, or beside it where it is still to be made.
    waiting: TempDir,
}

impl StagedFolder {
    /// Files for this folder, which is made where it is missing.
    ///
    /// # Errors
    /// [`Refused`] where nothing can be written there.
    pub fn new(path: &Path) -> Result<Self, Refused> {
        let root = path.canonicalize();
        let is_there = root.is_ok();
        let root = root.unwrap_or_else(|_| path.to_owned());
        let beside = if is_there { root.as_path() } else { folder_of(&root) };
        let made = std::fs::create_dir_all(beside);
        let waiting = made.and_then(|()| tempfile::Builder::new().prefix(".tenure-").tempdir_in(beside));
        let waiting = waiting.map_err(|error| said(&root, error))?;
        let writers = Writers::new(waiting.path(), &root, is_there);
        Ok(Self { root, is_there, writers, waiting })
    }

    /// Begins the next file, of this name.
    ///
    /// # Errors
    /// [`Refused`] where it, or one before it, cannot be made.
    pub fn add(&mut self, name: &str) -> Result<(), Refused> {
        self.writers.begin(name)
    }

    /// Goes on with the file that was begun last.
    ///
    /// # Errors
    /// [`Refused`] where it, or one before it, cannot be written.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), Refused> {
        self.writers.append(piece)
    }

    /// Puts the files in their places.
    ///
    /// # Errors
    /// [`Refused`] where the system refuses.
    pub fn commit(mut self) -> Result<(), Refused> {
        let synced = if self.writers.end()? {
            sync_together(self.waiting.path())
        } else {
            sync_folders(self.waiting.path())
        };
        let Self { root, is_there, mut waiting, .. } = self;
        synced.map_err(|error| said(&root, error))?;
        if is_there {
            return merge(waiting.path(), &root);
        }
        std::fs::rename(waiting.path(), &root).map_err(|error| said(&root, error))?;
        waiting.disable_cleanup(true);
        sync(folder_of(&root))
    }
}

/// Moves what waits in a folder into another, whole folders where they are new there.
fn merge(from: &Path, to: &Path) -> Result<(), Refused> {
    let refused = |error| said(to, error);
    for entry in std::fs::read_dir(from).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        // A link keeps pointing at its target.
        let to = if to.is_symlink() { to.canonicalize().unwrap_or(to) } else { to };
        if from.is_dir() && to.is_dir() {
            merge(&from, &to)?;
        } else {
            move_to(&from, &to)?;
        }
    }
    // It would not go if anything were left in it.
    std::fs::remove_dir(from).map_err(refused)?;
    sync(to)
}

fn move_to(from: &Path, to: &Path) -> Result<(), Refused> {
    match std::fs::rename(from, to) {
        // A link leads to another file system.
        Err(error) if error.kind() == ErrorKind::CrossesDevices && from.is_dir() => {
            std::fs::create_dir(to).map_err(|error| said(to, error))?;
            merge(from, to)
        }
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            write_with(to, |file| std::io::copy(&mut File::open(from)?, file).map(|_count| ()))?;
            std::fs::remove_file(from).map_err(|error| said(from, error))
        }
        done => done.map_err(|error| said(to, error)),
    }
}

/// Makes what was moved into a folder last.
fn sync(folder: &Path) -> Result<(), Refused> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| said(folder, error))?;
    }
    Ok(())
}

/// Brings the folders below one to the disk, whose files are there already.
fn sync_folders(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sync_folders(&path)?;
        }
    }
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
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
