//! How a registry changes: one [`Change`] type for the window, the command line, undo and merges.

mod change;
mod history;
pub mod operation;

pub use change::{Change, Conflict, Entity, EntityRef, Kind};
pub use history::{Draft, Entry, Origin, Past, UndoStacks, rewind};
