//! What happens ([`Message`]) and what is to be done ([`Effect`]).

use super::{AsOf, Column, Command, Dialog, GuardrailEdit, Mark, Preview, Screen, Settings, SettingsOf};
use crate::edit::{Change, Conflict, Draft, EntityRef, Entry, UndoStacks};
use crate::policy::{Impact, Status};
use crate::registry::{Instant, Registry};
use std::path::PathBuf;
use std::sync::Arc;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Message {
    /// The wall clock stands here.
    Tick(Instant),
    /// A command, by shortcut, palette or button.
    Run(Command),
    /// A screen was chosen.
    Show(Screen),
    /// The clock was set.
    SetClock(AsOf),
    /// Past or today's settings were chosen.
    SetSettingsOf(SettingsOf),
    /// An edit: one step of undo.
    Edit {
        /// What it does.
        label: String,
        /// Its changes.
        changes: Vec<Change>,
    },
    /// Takes back one entry of history, whatever came after it.
    UndoEntry(i64),
    /// Takes back everything after an entry.
    UndoTo(i64),
    /// The filter of Applications was typed.
    Filter(String),
    /// A status chip was chosen; none shows all.
    FilterStatus(Option<Status>),
    /// A column's head was pressed.
    Sort(Column),
    /// The selection for a bulk edit changed.
    Mark(Mark),
    /// Those that end between two instants are selected, in seconds since 1970.
    MarkEnds(i64, i64),
    /// The part of time that the Trials screen shows, in seconds since 1970.
    Span(i64, i64),
    /// What is typed into a bulk edit changed, or whether later ends stay.
    BulkText(String, bool),
    /// The selection moves by so many rows; to the first where the selected one is not shown.
    Step(isize),
    /// An application was selected.
    Select(Option<String>),
    /// An API was selected.
    SelectApi(Option<String>),
    /// A guardrail was chosen, or what was typed over it given up.
    SelectGuardrail(Option<String>),
    /// A guardrail is being typed.
    EditGuardrail(Box<GuardrailEdit>),
    /// The Preview's question changed.
    Ask(Preview),
    /// History shows one entity's changes, or all.
    HistoryOf(Option<EntityRef>),
    /// An entry of History was opened or closed.
    HistoryEntry(Option<i64>),
    /// The palette's text changed.
    PaletteQuery(String),
    /// The palette's mark moved.
    PaletteMove(i32),
    /// The palette's marked line was taken.
    PaletteTake,
    /// A dialog opened, changed or closed.
    Dialog(Option<Dialog>),
    /// The dialog's main button.
    Accept,
    /// The import in front replaces, or with `true` adds and updates alone.
    ImportAs(bool),
    /// The dialog's *Browse* button.
    Browse,
    /// What the person set.
    Settings(Settings),
    /// The sentence at the bottom was dismissed.
    Dismiss,
    /// Something to copy.
    Copy {
        /// What.
        text: String,
        /// What it is, for the sentence.
        what: &'static str,
    },
    /// A path was chosen or a file dropped.
    Picked(FileTask, PathBuf),
    /// The system's dialog could not open or was cancelled.
    NotPicked,
    /// Files were dropped on the window.
    Dropped(Vec<PathBuf>),
    /// The keyboard has reached the part that wanted it.
    Focused,
    /// A registry was opened, or could not be.
    Opened(Result<Box<Opened>, String>),
    /// An edit is on disk, or is not.
    Committed(Result<Vec<Entry>, Refusal>),
    /// Another program changed the file.
    Changed(Vec<Entry>),
    /// A file was written, or could not be.
    Written(Result<PathBuf, String>),
    /// A file was read to import or compare.
    Read(FileTask, PathBuf, Result<Box<Registry>, String>),
    /// What the changes of the comparison in front do to lifetimes.
    Weighed(u64, Box<Impact>),
}

/// Why the store did not take an edit.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// In a sentence.
    pub text: String,
    /// The edit's label and the change that conflicts, and what stands there now.
    pub conflict: Option<Box<(String, Change, Conflict)>>,
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self { text, conflict: None }
    }
}

/// A registry as the store read it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its file.
    pub path: PathBuf,
    /// What it holds.
    pub registry: Arc<Registry>,
    /// When its history begins.
    pub begins: Instant,
    /// Its history, oldest first.
    pub entries: Vec<Entry>,
    /// What can be undone.
    pub stacks: UndoStacks,
    /// It cannot be changed.
    pub read_only: bool,
}

/// What a file is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileTask {
    /// Open a registry.
    Open,
    /// Make a new, empty one.
    New,
    /// Make a new one with the sample.
    Sample,
    /// Save a copy of the open one.
    SaveCopy,
    /// Write an export.
    Export,
    /// Read a JSON registry to import.
    Import,
    /// Read a registry to compare with.
    Compare,
}

/// What a new registry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// The sample.
    Sample,
}

/// An import or comparison.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The other file.
    pub path: PathBuf,
    /// What it holds.
    pub other: Arc<Registry>,
    /// Whether it can be accepted.
    pub import: bool,
    /// Adds and updates only.
    pub merge: bool,
    /// From today's registry to the other.
    pub changes: Vec<Change>,
    /// What they do to lifetimes, once it is counted.
    pub impact: Option<Box<Impact>>,
    /// Which counting this waits for.
    pub weighing: u64,
}

/// Something to do outside.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Open a registry file.
    Open(PathBuf),
    /// Create one and open it; an existing file is opened instead.
    Create(PathBuf, Content),
    /// Create or open the sample registry in the data folder.
    OpenSample,
    /// Write edits to the open file, in one transaction.
    Commit(Vec<Draft>),
    /// Something in `Task` that takes a file.
    File(Task),
    /// Count what settings do to lifetimes beside the window.
    Weigh {
        /// Comes back with the answer.
        ticket: u64,
        /// Today's settings.
        before: Arc<Registry>,
        /// What they would become.
        changes: Vec<Change>,
        /// The instant of the question.
        at: Instant,
    },
    /// Show the system's file dialog.
    Pick(FileTask),
    /// Put a text on the clipboard.
    Copy(String),
    /// Keep the settings.
    SaveSettings(Settings),
}

/// Work on a file beside the window.
#[derive(Debug, Clone)]
pub enum Task {
    /// Copy the open registry.
    SaveCopy(PathBuf),
    /// Write an export.
    Export {
        /// Where to.
        path: PathBuf,
        /// CSV, else JSON.
        csv: bool,
        /// What.
        registry: Arc<Registry>,
        /// Only these applications, by client id.
        only: Option<Vec<String>>,
    },
    /// Read a registry.
    Read(FileTask, PathBuf),
}
