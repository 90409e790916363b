//! What has been changed, when, by whom and why; and how to go back.

use super::Change;
use crate::registry::{Instant, Registry};
use serde::{Deserialize, Serialize};

/// An edit before it is carried out: one step of undo, of one or many changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it does, for a list: `Extend Acme by 14 d`.
    pub label: String,
    /// Why, in the person's words; a ticket's number, say.
    pub reason: String,
    /// Whether it undoes or redoes an entry.
    pub origin: Origin,
    /// Its changes, in order.
    pub changes: Vec<Change>,
}

/// Where an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A person's edit.
    Edit,
    /// Takes back the entry of this number.
    Undo(i64),
    /// Brings back the entry of this number, which had been undone.
    Redo(i64),
}

/// A line of history. History is append-only: undo appends the inverse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// When it was carried out; never before the entry before it.
    pub at: Instant,
    /// The system's user.
    pub who: String,
    /// What was done.
    pub draft: Draft,
}

impl Draft {
    /// A person's edit.
    #[must_use]
    pub fn edit(label: impl Into<String>, reason: impl Into<String>, changes: Vec<Change>) -> Self {
        Self { label: label.into(), reason: reason.into(), origin: Origin::Edit, changes }
    }

    /// The edit that takes `entry` back.
    #[must_use]
    pub fn undo(entry: &Entry, reason: impl Into<String>) -> Self {
        Self {
            label: format!("Undo: {}", entry.draft.label),
            reason: reason.into(),
            origin: Origin::Undo(entry.seq),
            changes: entry.draft.changes.iter().rev().map(Change::invert).collect(),
        }
    }

    /// The edit that brings `entry` back after it was undone.
    #[must_use]
    pub fn redo(entry: &Entry, reason: impl Into<String>) -> Self {
        Self {
            label: format!("Redo: {}", entry.draft.label),
            reason: reason.into(),
            origin: Origin::Redo(entry.seq),
            changes: entry.draft.changes.clone(),
        }
    }
}

/// What can be undone and redone, derived from history alone, so that it survives a restart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UndoStacks {
    undo: Vec<i64>,
    redo: Vec<i64>,
}

impl UndoStacks {
    /// Takes the next entry of history into account.
    pub fn push(&mut self, seq: i64, origin: Origin) {
        match origin {
            Origin::Edit => {
                self.undo.push(seq);
                self.redo.clear();
            }
            Origin::Undo(of) => {
                self.undo.retain(|&s| s != of);
                self.redo.push(of);
            }
            Origin::Redo(of) => {
                self.redo.retain(|&s| s != of);
                self.undo.push(of);
            }
        }
    }

    /// The number of the edit that an undo would take back.
    #[must_use]
    pub fn next_undo(&self) -> Option<i64> {
        self.undo.last().copied()
    }

    /// The number of the edit that a redo would bring back.
    #[must_use]
    pub fn next_redo(&self) -> Option<i64> {
        self.redo.last().copied()
    }

    /// The edits in force that came after `seq`, newest first: what *undo to here* takes back.
    pub fn after(&self, seq: i64) -> impl Iterator<Item = i64> + '_ {
        self.undo.iter().rev().copied().filter(move |&s| s > seq)
    }
}

/// The settings of a past instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The registry as it was.
    pub registry: Registry,
    /// Where history does not reach back to the instant: when it begins. The registry is then as it was at its beginning.
    pub begins: Option<Instant>,
}

/// Rebuilds the settings in force at `at` from today's and the history since.
///
/// `entries` are those of history from `at` on, in order (earlier ones do no harm); `begins` is when history begins.
#[must_use]
pub fn rewind(today: &Registry, entries: &[Entry], begins: Instant, at: Instant) -> Past {
    let mut registry = today.clone();
    take_back(&mut registry, entries.iter().rev().filter(|entry| entry.at > at));
    Past { registry, begins: (at < begins).then_some(begins) }
}

/// Takes entries back, the newest first.
pub fn take_back<'a>(registry: &mut Registry, newest_first: impl Iterator<Item = &'a Entry>) {
    let changes = newest_first.flat_map(|entry| entry.draft.changes.iter().rev().map(Change::invert));
    Change::force_all(changes, registry);
}
