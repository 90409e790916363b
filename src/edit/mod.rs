//! How a registry changes: one [`Change`] type for the window, the command line, undo and merges.

mod change;
mod copy;
mod diff;
mod history;
mod merge;
pub mod operation;
mod sharing;
mod threeway;

pub use change::{Change, Conflict, Entity, EntityRef, Kind};
pub use copy::{ByHand, Counterpart, How, copy, counterparts};
pub use diff::{FieldChange, Renamed, compare, describe, diff, import_changes, renamed};
pub use history::{Draft, Entry, Origin, Past, UndoStacks, rewind, take_back};
pub use merge::{Clash, Merge, merge, refused};
pub use sharing::Sharing;
pub use threeway::{Rebased, Side, Together, closed, opened, rebase, three_way};
