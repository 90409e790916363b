//! The thread that owns the open store: opens, writes, and looks whether another program has written.

use super::{Waker, default_registry, now, refusal, user};
use crate::app::{Content, Effect, Message, Opened, Task};
use crate::edit::Draft;
use crate::registry::{Instant, Registry, sample};
use crate::store::{Store, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// Owns the open store.
pub(super) struct Worker {
    store: Option<Store>,
    /// The last entry of history that the window knows.
    seen: i64,
    /// What the database said at the last look.
    version: i64,
    /// The person wants the edit that is being written to be left.
    stop: Arc<AtomicBool>,
    answer: Sender<Message>,
    wake: Waker,
}

impl Worker {
    /// Starts the thread.
    pub(super) fn start(jobs: Receiver<Effect>, stop: Arc<AtomicBool>, answer: Sender<Message>, wake: Waker) {
        let worker = Self { store: None, seen: 0, version: 0, stop, answer, wake };
        std::thread::spawn(move || worker.run(&jobs));
    }

    fn run(mut self, jobs: &Receiver<Effect>) {
        loop {
            let answer = match jobs.recv_timeout(Duration::from_millis(500)) {
                Ok(effect) => self.carry_out(effect),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if let Some(message) = answer {
                if self.answer.send(message).is_err() {
                    return;
                }
                (self.wake.0)();
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Message> {
        match effect {
            Effect::Open(path) => Some(self.opened(open(&path))),
            Effect::Create(path, content) => Some(self.opened(create(&path, content, now()))),
            Effect::OpenSample => {
                let path = default_registry().with_file_name("sample.tenure");
                Some(self.opened(create(&path, Content::Sample, now())))
            }
            Effect::Look => self.look(),
            Effect::Close => {
                self.store = None;
                Some(Message::Closed)
            }
            Effect::Commit(drafts) => Some(self.commit(&drafts)),
            Effect::File(Task::SaveCopy(path)) => Some(Message::Written(self.save_copy(path))),
            _ => None,
        }
    }

    fn opened(&mut self, result: Result<(Store, Opened), String>) -> Message {
        match result {
            Ok((store, opened)) => {
                self.seen = opened.entries.last().map_or(0, |entry| entry.seq);
                self.version = store.data_version().unwrap_or_default();
                self.store = Some(store);
                Message::Opened(Ok(Box::new(opened)))
            }
            Err(error) => Message::Opened(Err(error)),
        }
    }

    fn commit(&mut self, drafts: &[Draft]) -> Message {
        let Some(store) = &mut self.store else {
            return Message::Committed(Err("no registry is open".to_owned().into()));
        };
        // What another program wrote meanwhile comes first, so that entries arrive in order.
        if let Some(message) = Self::others(store, &mut self.seen, &mut self.version) {
            let _ = self.answer.send(message);
        }
        self.stop.store(false, Ordering::Relaxed);
        let mut said = std::time::Instant::now();
        let go_on = &mut |done, of| {
            if said.elapsed() > Duration::from_millis(150) {
                said = std::time::Instant::now();
                let _ = self.answer.send(Message::Progress(done, of));
                (self.wake.0)();
            }
            !self.stop.load(Ordering::Relaxed)
        };
        match store.commit_while(drafts, now(), &user(), go_on) {
            Ok(entries) => {
                self.seen = entries.last().map_or(self.seen, |entry| entry.seq);
                Message::Committed(Ok(entries))
            }
            Err(error) => Message::Committed(Err(refusal(drafts, error))),
        }
    }

    fn save_copy(&self, path: PathBuf) -> Result<PathBuf, String> {
        let store = self.store.as_ref().ok_or("no registry is open")?;
        store.save_copy(&path).map_err(|error| error.to_string())?;
        Ok(path)
    }

    /// Whether another program has written to the file.
    fn look(&mut self) -> Option<Message> {
        Self::others(self.store.as_ref()?, &mut self.seen, &mut self.version)
    }

    fn others(store: &Store, seen: &mut i64, version: &mut i64) -> Option<Message> {
        let now = store.data_version().ok().filter(|now| now != version)?;
        *version = now;
        let entries = store.entries_after(*seen).ok().filter(|entries| !entries.is_empty())?;
        *seen = entries.last().map_or(*seen, |entry| entry.seq);
        Some(Message::Changed(entries))
    }
}

/// Opens a registry and reads it.
///
/// # Errors
/// A sentence: what, where and what to do.
pub fn open(path: &Path) -> Result<(Store, Opened), String> {
    let store = Store::open_any(path).map_err(|error| error.to_string())?;
    read(store, path)
}

/// Creates a registry and reads it; one that exists is opened.
///
/// # Errors
/// A sentence: what, where and what to do.
pub fn create(path: &Path, content: Content, now: Instant) -> Result<(Store, Opened), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            format!("folder {} cannot be made: {error}; choose another", folder.display())
        })?;
    }
    let registry = match content {
        Content::Empty => Registry::default(),
        Content::Sample => sample::sample(now),
    };
    match Store::create(path, &registry, now) {
        Ok(store) => read(store, path),
        Err(StoreError::Exists(_)) => open(path),
        Err(error) => Err(error.to_string()),
    }
}

fn read(store: Store, path: &Path) -> Result<(Store, Opened), String> {
    let loaded = store.load().map_err(|error| error.to_string())?;
    let entries = store.history_of(&loaded.registry).map_err(|error| error.to_string())?;
    let opened = Opened {
        path: path.to_owned(),
        registry: Arc::new(loaded.registry),
        begins: loaded.begins,
        entries,
        stacks: loaded.stacks,
        read_only: loaded.read_only,
    };
    Ok((store, opened))
}
