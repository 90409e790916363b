//! Folders of many files that take their places together: written to one that waits, synced once, moved as a whole where
//! nothing is there yet and file by file where something is.

use super::{Refused, folder_of, said, write_with};
use std::fs::{DirBuilder, File, Metadata};
use std::io::{ErrorKind, Write};
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
    /// On the same file system: in the root, or beside it where it is still to be made.
    waiting: TempDir,
    open: Option<Open>,
    written: usize,
}

/// The file that was begun last.
#[derive(Debug)]
struct Open {
    name: String,
    /// The one whose place it takes.
    there: Option<Metadata>,
    /// What is not written yet; small files are compared first.
    held: Vec<u8>,
    file: Option<File>,
}

/// So many files are synced one by one. More are synced together, where the system can do that: two hundred thousand syncs
/// would take minutes, but one for everything waits for what other programs wrote as well.
const FEW: usize = 64;
/// As many bytes of a file are held before they are written.
const HELD: usize = 1 << 18;

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
        Ok(Self { root, is_there, waiting, open: None, written: 0 })
    }

    /// Begins the next file, of this name.
    ///
    /// # Errors
    /// [`Refused`] where it cannot be made.
    pub fn add(&mut self, name: &str) -> Result<(), Refused> {
        self.close()?;
        let there = self.there(name)?;
        self.open = Some(Open { name: name.to_owned(), there, held: Vec::new(), file: None });
        Ok(())
    }

    /// What is there under this name; a folder is in the way.
    fn there(&self, name: &str) -> Result<Option<Metadata>, Refused> {
        let path = self.root.join(name);
        match std::fs::metadata(&path) {
            Ok(there) if there.is_dir() => Err(said(&path, std::io::Error::other("it is a folder"))),
            Ok(there) => Ok(Some(there)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(said(&path, error)),
        }
    }

    /// Goes on with the file that was begun last.
    ///
    /// # Errors
    /// [`Refused`] where it cannot be written.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), Refused> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.held.extend_from_slice(piece);
        if open.held.len() < HELD {
            return Ok(());
        }
        open.write(self.waiting.path()).map_err(|error| said(&self.root.join(&open.name), error))
    }

    fn close(&mut self) -> Result<(), Refused> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let path = self.root.join(&open.name);
        if open.is_same(&path) {
            return Ok(());
        }
        open.write(self.waiting.path()).map_err(|error| said(&path, error))?;
        self.written += 1;
        match open.file {
            Some(file) if !self.together() => file.sync_all().map_err(|error| said(&path, error)),
            _ => Ok(()),
        }
    }

    fn together(&self) -> bool {
        cfg!(target_os = "linux") && self.written > FEW
    }

    /// Puts the files in their places.
    ///
    /// # Errors
    /// [`Refused`] where the system refuses.
    pub fn commit(mut self) -> Result<(), Refused> {
        self.close()?;
        let synced = if self.together() {
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

impl Open {
    /// Whether these bytes are there already.
    fn is_same(&self, path: &Path) -> bool {
        let as_long = |there: &Metadata| there.len() == self.held.len() as u64;
        self.file.is_none()
            && self.there.as_ref().is_some_and(as_long)
            && std::fs::read(path).is_ok_and(|there| there == self.held)
    }

    /// Writes what is held, to the file that waits.
    fn write(&mut self, waiting: &Path) -> std::io::Result<()> {
        if self.file.is_none() {
            let file = create(&waiting.join(&self.name))?;
            if let Some(there) = &self.there {
                file.set_permissions(there.permissions())?;
            }
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            file.write_all(&self.held)?;
        }
        self.held.clear();
        Ok(())
    }
}

/// Makes a file, and the folder that it lies in where it is the first one there.
fn create(path: &Path) -> std::io::Result<File> {
    File::create_new(path).or_else(|error| match error.kind() {
        ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).create(folder_of(path))?;
            File::create_new(path)
        }
        _ => Err(error),
    })
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
