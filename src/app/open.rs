//! The open registry with its history, and how edits reach it.

use super::Opened;
use crate::edit::{Change, Conflict, Entry, EntityRef, Past, UndoStacks, rewind};
use crate::policy::Policy;
use crate::registry::{Instant, Registry};
use std::path::PathBuf;
use std::sync::Arc;

/// An open registry.
#[derive(Debug)]
pub struct Open {
    /// Its file.
    pub path: PathBuf,
    /// Today's settings, ready to decide.
    pub policy: Policy,
    /// The settings of the chosen past instant.
    pub past: Option<PastSettings>,
    /// When history begins.
    pub begins: Instant,
    /// History, oldest first.
    pub entries: Vec<Entry>,
    /// What can be undone and redone.
    pub stacks: UndoStacks,
    /// It cannot be changed.
    pub read_only: bool,
    /// Whether everything is on disk.
    pub saving: Saving,
    /// Grows with every change of the registry, so that what is derived from it knows when it is old.
    pub revision: u64,
}

/// Whether every edit is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// All are.
    Saved,
    /// So many are on their way.
    Pending(usize),
}

/// The settings of a past instant.
#[derive(Debug, Clone)]
pub struct PastSettings {
    /// The instant.
    pub at: Instant,
    /// Ready to decide.
    pub policy: Policy,
    /// Where history does not reach back: when it begins.
    pub begins: Option<Instant>,
}

impl Open {
    /// A registry as the store read it.
    #[must_use]
    pub fn new(opened: Opened) -> Self {
        Self {
            path: opened.path,
            policy: Policy::new(opened.registry),
            past: None,
            begins: opened.begins,
            entries: opened.entries,
            stacks: opened.stacks,
            read_only: opened.read_only,
            saving: Saving::Saved,
            revision: 0,
        }
    }

    /// Today's registry.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        self.policy.registry()
    }

    /// Carries changes out in memory, all or none.
    ///
    /// # Errors
    /// [`Conflict`] where an entity is not what a change expects.
    pub fn apply(&mut self, changes: &[Change]) -> Result<(), Conflict> {
        let mut registry = Registry::clone(self.registry());
        for change in changes {
            change.apply(&mut registry)?;
        }
        self.replace(registry);
        Ok(())
    }

    /// Takes over entries that are on disk, by this program or another.
    pub fn append(&mut self, entries: Vec<Entry>, replay: bool) {
        if replay {
            let mut registry = Registry::clone(self.registry());
            for change in entries.iter().flat_map(|entry| &entry.draft.changes) {
                change.force(&mut registry);
            }
            self.replace(registry);
        }
        for entry in entries {
            if self.entries.last().is_none_or(|last| last.seq < entry.seq) {
                self.stacks.push(entry.seq, entry.draft.origin);
                self.entries.push(entry);
            }
        }
    }

    /// Rebuilds the settings of a past instant, where they are not there already.
    pub fn rewind_to(&mut self, at: Option<Instant>) {
        self.past = at.map(|at| {
            let Past { registry, begins } = rewind(self.registry(), &self.entries, self.begins, at);
            PastSettings { at, policy: Policy::new(Arc::new(registry)), begins }
        });
        self.revision += 1;
    }

    /// The entry of this number.
    #[must_use]
    pub fn entry(&self, seq: i64) -> Option<&Entry> {
        self.entries.binary_search_by_key(&seq, |entry| entry.seq).ok().and_then(|at| self.entries.get(at))
    }

    /// The entries that touch an entity, newest first.
    pub fn entries_of<'a>(&'a self, of: Option<&'a EntityRef>) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().rev().filter(move |entry| {
            of.is_none_or(|of| entry.draft.changes.iter().any(|change| change.reference() == *of))
        })
    }

    fn replace(&mut self, registry: Registry) {
        self.policy = Policy::new(Arc::new(registry));
        self.revision += 1;
    }
}
