//! The open registry with its history, and how edits reach it.

use super::Opened;
use crate::edit::{Change, Conflict, EntityRef, Entry, Past, UndoStacks, rewind, take_back};
use crate::policy::{Policy, Timeline};
use crate::registry::{Instant, Registry};
use std::cell::OnceCell;
use std::collections::VecDeque;
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
    pub entries: Arc<Vec<Entry>>,
    /// What can be undone and redone.
    pub stacks: UndoStacks,
    /// It cannot be changed.
    pub read_only: bool,
    /// Whether everything is on disk.
    pub saving: Saving,
    /// What stands in memory and is not on disk yet, oldest first.
    unsaved: VecDeque<Vec<Change>>,
    /// How many changes of the edit that is being written are done, where it takes long.
    pub progress: Option<(usize, usize)>,
    /// Grows with every change of the registry, so that what is derived from it knows when it is old.
    pub revision: u64,
    timeline: OnceCell<Arc<Timeline>>,
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
            entries: Arc::new(opened.entries),
            stacks: opened.stacks,
            read_only: opened.read_only,
            saving: Saving::Saved,
            unsaved: VecDeque::new(),
            progress: None,
            revision: 0,
            timeline: OnceCell::new(),
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
        Change::apply_all(changes, &mut registry)?;
        self.replace(registry);
        Ok(())
    }

    /// Carries edits out that are to be written; they can be given up until they are.
    pub(super) fn begin(&mut self, changes: Vec<Change>) -> Result<(), Conflict> {
        self.apply(&changes)?;
        self.unsaved.push_back(changes);
        self.saving = match self.saving {
            Saving::Saved => Saving::Pending(1),
            Saving::Pending(n) => Saving::Pending(n + 1),
        };
        Ok(())
    }

    /// The oldest edit that was to be written is on disk, or is not: then it and all later ones are given up, since what is in
    /// memory would be more than what there is.
    pub(super) fn end(&mut self, written: bool) {
        self.saving = match self.saving {
            Saving::Pending(n) if n > 1 => Saving::Pending(n - 1),
            _ => Saving::Saved,
        };
        self.progress = None;
        if written {
            self.unsaved.pop_front();
        } else {
            let mut registry = Registry::clone(self.registry());
            let newest_first = self.unsaved.iter().rev().flat_map(|changes| changes.iter().rev());
            Change::force_all(newest_first.map(Change::invert), &mut registry);
            self.unsaved.clear();
            self.replace(registry);
        }
    }

    /// Takes over entries that are on disk, by this program or another.
    pub fn append(&mut self, entries: Vec<Entry>, replay: bool) {
        if replay {
            let mut registry = Registry::clone(self.registry());
            Change::force_all(
                entries.iter().flat_map(|entry| entry.draft.changes.iter().cloned()),
                &mut registry,
            );
            self.replace(registry);
        }
        self.timeline = OnceCell::new();
        for entry in entries {
            if self.entries.last().is_none_or(|last| last.seq < entry.seq) {
                self.stacks.push(entry.seq, entry.draft.origin);
                Arc::make_mut(&mut self.entries).push(entry);
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

    /// Today's registry as it was before an entry of history.
    #[must_use]
    pub fn before(&self, seq: i64) -> Registry {
        let mut registry = Registry::clone(self.registry());
        take_back(&mut registry, self.entries.iter().rev().take_while(|entry| entry.seq >= seq));
        registry
    }

    /// Which settings were in force when, made when it is first asked for after a change.
    #[must_use]
    pub fn timeline(&self) -> &Arc<Timeline> {
        self.timeline
            .get_or_init(|| Arc::new(Timeline::new(self.registry().clone(), &self.entries, self.begins)))
    }

    fn replace(&mut self, registry: Registry) {
        self.timeline = OnceCell::new();
        self.policy = Policy::new(Arc::new(registry));
        self.revision += 1;
    }
}
