//! The threads that write the files of a folder: one for each of its larger folders, since a file system makes one file at a
//! time in each.

use super::{Refused, folder_of, said};
use std::collections::HashMap;
use std::fs::{DirBuilder, File, Metadata};
use std::io::{Error, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// So many threads. Their time is the kernel's, and no format fills more than two folders.
const LANES: usize = 2;
/// As many bytes are handed over at once, and of a file held before they are written.
const HELD: usize = 1 << 18;
/// So many handfuls wait for a thread; whoever makes them waits then as well.
const AHEAD: usize = 4;
/// So many files of a thread are synced one by one. More are left to one sync of all, where the system can do that: two hundred
/// thousand syncs would take minutes, but one for everything waits for what other programs wrote as well.
const FEW: usize = 64;

/// Threads that write files to a folder that waits.
#[derive(Debug)]
pub(super) struct Writers {
    writer: Writer,
    lanes: Vec<Lane>,
    /// Which thread writes to which folder.
    folders: HashMap<String, usize>,
    /// The one that writes the file begun last.
    lane: usize,
}

impl Writers {
    /// For files that wait in one folder and belong in `root`, in which something is already or not.
    pub(super) fn new(waiting: &Path, root: &Path, is_there: bool) -> Self {
        let writer = Writer { waiting: waiting.into(), root: root.into(), is_there, written: 0 };
        Self { writer, lanes: Vec::new(), folders: HashMap::new(), lane: 0 }
    }

    /// Begins the next file, of this name.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), Refused> {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.lane = match self.folders.get(folder) {
            Some(lane) => *lane,
            None => self.lane_of_new(folder)?,
        };
        match self.lanes.get_mut(self.lane) {
            Some(lane) => lane.begin(name),
            None => Ok(()),
        }
    }

    /// Folders take turns, so that the larger ones, which follow each other, do not share a thread.
    fn lane_of_new(&mut self, folder: &str) -> Result<usize, Refused> {
        let lane = self.folders.len() % LANES;
        if lane == self.lanes.len() {
            let started = Lane::start(self.writer.clone());
            self.lanes.push(started.map_err(|error| said(&self.writer.root, error))?);
        }
        self.folders.insert(folder.to_owned(), lane);
        Ok(lane)
    }

    /// Goes on with the file that was begun last.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        match self.lanes.get_mut(self.lane) {
            Some(lane) => lane.append(bytes),
            None => Ok(()),
        }
    }

    /// Waits until all is written; whether some files are still to be synced.
    pub(super) fn end(&mut self) -> Result<bool, Refused> {
        let ended: Vec<_> = self.lanes.iter_mut().map(Lane::end).collect();
        ended.into_iter().try_fold(false, |some, lane| Ok(lane? || some))
    }
}

/// A thread, and what it is handed next.
#[derive(Debug)]
struct Lane {
    pieces: Vec<Piece>,
    bytes: usize,
    sender: Option<SyncSender<Vec<Piece>>>,
    thread: Option<JoinHandle<Result<bool, Refused>>>,
    root: PathBuf,
}

/// A piece of a file.
#[derive(Debug)]
struct Piece {
    /// The name of the file that begins with it; else one goes on.
    begins: Option<String>,
    bytes: Vec<u8>,
}

impl Lane {
    fn start(writer: Writer) -> std::io::Result<Self> {
        let (sender, pieces) = sync_channel(AHEAD);
        let root = writer.root.clone();
        let thread =
            std::thread::Builder::new().name("files".into()).spawn(move || writer.write_all(pieces))?;
        Ok(Self { pieces: Vec::new(), bytes: 0, sender: Some(sender), thread: Some(thread), root })
    }

    fn begin(&mut self, name: &str) -> Result<(), Refused> {
        self.pieces.push(Piece { begins: Some(name.to_owned()), bytes: Vec::new() });
        self.hold(name.len())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        match self.pieces.last_mut() {
            Some(piece) => piece.bytes.extend_from_slice(bytes),
            None => self.pieces.push(Piece { begins: None, bytes: bytes.to_vec() }),
        }
        self.hold(bytes.len())
    }

    fn hold(&mut self, bytes: usize) -> Result<(), Refused> {
        self.bytes += bytes;
        if self.bytes < HELD || self.hand_over() { Ok(()) } else { self.end().map(drop) }
    }

    /// Whether the thread took what it is handed; where not, it has ended with an error.
    fn hand_over(&mut self) -> bool {
        self.bytes = 0;
        let pieces = std::mem::take(&mut self.pieces);
        self.sender.as_ref().is_some_and(|sender| sender.send(pieces).is_ok())
    }

    /// Waits for the thread; whether some of its files are still to be synced.
    fn end(&mut self) -> Result<bool, Refused> {
        self.hand_over();
        self.sender = None;
        let stopped = || Err(said(&self.root, Error::other("its writer stopped")));
        self.thread.take().map_or(Ok(false), |thread| thread.join().unwrap_or_else(|_panicked| stopped()))
    }
}

impl Drop for Lane {
    /// Nobody writes any more once the folder that waits is removed.
    fn drop(&mut self) {
        self.pieces.clear();
        let _given_up = self.end();
    }
}

/// Writes file after file.
#[derive(Debug, Clone)]
struct Writer {
    waiting: PathBuf,
    root: PathBuf,
    is_there: bool,
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

impl Writer {
    /// Whether some files are still to be synced.
    fn write_all(mut self, pieces: Receiver<Vec<Piece>>) -> Result<bool, Refused> {
        let mut open: Option<Open> = None;
        for piece in pieces.into_iter().flatten() {
            if let Some(name) = piece.begins {
                self.close(open.take())?;
                open = Some(self.begin(name)?);
            }
            if let Some(open) = &mut open {
                self.take(open, piece.bytes)?;
            }
        }
        self.close(open)?;
        Ok(self.together())
    }

    fn begin(&self, name: String) -> Result<Open, Refused> {
        let there = if self.is_there { self.there(&name)? } else { None };
        Ok(Open { name, there, held: Vec::new(), file: None })
    }

    /// What is there under this name; a folder is in the way.
    fn there(&self, name: &str) -> Result<Option<Metadata>, Refused> {
        let path = self.root.join(name);
        match std::fs::metadata(&path) {
            Ok(there) if there.is_dir() => Err(said(&path, Error::other("it is a folder"))),
            Ok(there) => Ok(Some(there)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(said(&path, error)),
        }
    }

    fn take(&self, open: &mut Open, bytes: Vec<u8>) -> Result<(), Refused> {
        if open.held.is_empty() {
            open.held = bytes;
        } else {
            open.held.extend(bytes);
        }
        if open.held.len() < HELD { Ok(()) } else { self.write(open) }
    }

    fn write(&self, open: &mut Open) -> Result<(), Refused> {
        open.write(&self.waiting).map_err(|error| said(&self.root.join(&open.name), error))
    }

    fn close(&mut self, open: Option<Open>) -> Result<(), Refused> {
        let Some(mut open) = open else { return Ok(()) };
        if open.is_same(&self.root) {
            return Ok(());
        }
        self.write(&mut open)?;
        self.written += 1;
        match open.file {
            Some(file) if !self.together() => {
                file.sync_all().map_err(|error| said(&self.root.join(&open.name), error))
            }
            _ => Ok(()),
        }
    }

    const fn together(&self) -> bool {
        cfg!(target_os = "linux") && self.written > FEW
    }
}

impl Open {
    /// Whether these bytes are there already.
    fn is_same(&self, root: &Path) -> bool {
        let as_long = |there: &Metadata| there.len() == self.held.len() as u64;
        self.file.is_none()
            && self.there.as_ref().is_some_and(as_long)
            && std::fs::read(root.join(&self.name)).is_ok_and(|there| there == self.held)
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
