//! What happens: each message is data that `update` takes into account.

use super::{
    AsOf, AuditColumn, Audited, Command, CopyEdit, Counting, Dialog, FleetColumn, Grouping, GuardrailEdit,
    KeyTask, Mark, MintForm, MintedToken, NewKey, Plan, Preview, RemoteMessage, Screen, Settings, SettingsOf,
    StoredKey, TokenPage, Verify, Weighing,
};
use crate::edit::{Change, Conflict, EntityRef, Entry, UndoStacks};
use crate::export::{AuditForm, Enforcement, Shown};
use crate::import::{Imported, Mapping};
use crate::policy::{EnforcementEffect, FilterField, Report, Status};
use crate::registry::{Column, Duration, Instant, ProfileName, Registry};
use crate::token::{KeySet, Secret, Verdict};
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
    /// A facet was opened, or closed.
    Facet(Option<FilterField>),
    /// A value of a facet was chosen, or no longer is.
    ToggleFacet(FilterField, String),
    /// Words of the filter come together or go together.
    ToggleWords(&'static str),
    /// A view was chosen by its name; none shows every application.
    TakeView(Option<String>),
    /// A saved view goes.
    RemoveView(String),
    /// A template goes.
    RemoveTemplate(String),
    /// The columns were chosen, from left to right.
    Columns(Vec<Column>),
    /// A column's head was pressed.
    Sort(Column),
    /// The selection for a bulk edit changed.
    Mark(Mark),
    /// Those that end between two instants are selected, in seconds since 1970.
    MarkEnds {
        /// From when.
        from: i64,
        /// Until when.
        to: i64,
        /// Of which group, by its place; of all rows where there is none.
        group: Option<usize>,
        /// Beside what is selected.
        beside: bool,
    },
    /// Arrow keys move an application's end by so many seconds, or give that up.
    Nudge(String, Option<i64>),
    /// The end that arrow keys have moved is set.
    SetNudged,
    /// Trials are grouped by this.
    GroupBy(Grouping),
    /// A group of trials opens or closes.
    OpenGroup(usize, bool),
    /// All groups of trials open or close.
    OpenGroups(bool),
    /// A group of trials is selected, or no longer.
    MarkGroup(usize),
    /// The keyboard moves by so many lines of trials; with `true` it selects on its way.
    TrialStep(isize, bool),
    /// The keyboard comes to a line of trials.
    TrialAt(usize),
    /// The part of time that the Trials screen shows, in seconds since 1970.
    Span(i64, i64),
    /// What is typed into a bulk edit changed, or whether later ends stay.
    BulkText(String, bool),
    /// What a bulk edit of many would change, or what is wrong with what is typed.
    BulkPlanned(u64, Box<Result<Plan, String>>),
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
    /// Edits a copy from another registry before it is made.
    CopyOver(CopyEdit),
    /// The dialog's *Browse* button.
    Browse,
    /// How the ends of trials are enforced.
    Enforcement(Box<Enforcement>),
    /// The lifetime of the ways that need one, as typed.
    EnforceLifetime(String),
    /// What each way does, for this lifetime.
    Enforced(Duration, Box<[EnforcementEffect; 4]>),
    /// No API of the registry gives more than the chosen lifetime any more.
    ShortenApis,
    /// The text of an export before it is written.
    ExportShown(u64, Arc<Shown>),
    /// The differences to the file that is there, or the text.
    ExportDifferences(bool),
    /// How far an export is.
    ExportProgress(usize, usize),
    /// Leave the export that is being written; the old file stays.
    StopExport,
    /// A table to import was found.
    TableFound(PathBuf, Mapping),
    /// A file to import was read, or what is wrong with it.
    Imported(PathBuf, Result<Box<Imported>, Vec<String>>),
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
    /// The file that was open is let go.
    Closed,
    /// An edit is on disk, or is not.
    Committed(Result<Vec<Entry>, Refusal>),
    /// Another program changed the file.
    Changed(Vec<Entry>),
    /// A file was written, or could not be.
    Written(Result<PathBuf, String>),
    /// A file was read to import or compare.
    Read(FileTask, PathBuf, Result<Box<Registry>, String>),
    /// A page of the Tokens screen comes to the front.
    TokenPage(TokenPage),
    /// A token is typed or pasted, to be taken apart.
    TokenText(String),
    /// What a token is verified with changed.
    VerifyWith(Verify),
    /// A key was pasted, to verify with.
    KeyPasted(Arc<Secret>),
    /// The address of a JWKS is typed.
    JwksUrl(String),
    /// The keys of the address that is typed are wanted.
    FetchJwks {
        /// Also where they were fetched before.
        again: bool,
    },
    /// An address takes too long.
    StopJwks,
    /// An address was fetched, or could not be.
    JwksFetched(u64, String, Result<KeySet, String>),
    /// What a sample is minted with changed.
    MintForm(Box<MintForm>),
    /// A sample is wanted.
    Mint,
    /// A sample is minted, or is not.
    Minted(Result<MintedToken, String>),
    /// What is typed for a new key changed.
    NewKey(NewKey),
    /// Something is to be done with keys.
    Key(KeyTask),
    /// The keys that are kept.
    KeysListed(Result<Vec<StoredKey>, String>),
    /// What was to be done with keys was not.
    KeyRefused(String),
    /// The keys of a file, to verify with.
    KeysRead(PathBuf, Result<KeySet, String>),
    /// The path of a log is typed.
    AuditPath(String),
    /// A log is to be gone through.
    Audit(PathBuf),
    /// So many bytes of a log are read, of so many.
    AuditProgress(u64, u64, u64),
    /// A log was gone through, or could not be.
    Audited(u64, Result<Audited, String>),
    /// An audit, or its saving, takes too long.
    StopAudit,
    /// The settings that judge a log were chosen.
    AuditSettings(SettingsOf),
    /// An audit was saved to a file, was stopped, or could not be.
    AuditSaved(u64, Result<Option<PathBuf>, String>),
    /// A column's head of the rows of an audit was pressed.
    AuditSort(AuditColumn),
    /// Only tokens of this verdict are shown.
    AuditOnly(Option<Verdict>),
    /// The Fleet page comes before the Preview's one request, or goes.
    ShowFleet(bool),
    /// The issuer that the Fleet page shows.
    FleetProfile(ProfileName),
    /// Whether it shows only what the filter does.
    FleetFiltered(bool),
    /// A column's head of the Fleet page was pressed.
    FleetSort(FleetColumn),
    /// The keyboard moves by so many rows of the Fleet page.
    FleetStep(isize),
    /// A row of the Fleet page is asked about in the Preview.
    FleetOpen(usize),
    /// A report is made.
    Reported(u64, Arc<Report>),
    /// An edit may be made next; an empty one is none.
    Consider(Vec<Change>),
    /// How far a question about lifetimes is, or its answer.
    Weighed(u64, Counting),
    /// A counting takes too long.
    StopWeighing(u64),
    /// So many changes of an edit are written, of so many.
    Progress(usize, usize),
    /// The edit that is being written takes too long.
    StopCommit,
    /// Something about a remote registry.
    Remote(RemoteMessage),
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
    /// Read a file to import.
    Import,
    /// Read a registry to compare with.
    Compare,
    /// Applications of another registry, to copy.
    CopyFrom,
    /// Go through a log.
    Log,
    /// Write the audit of a log.
    SaveAudit(AuditForm),
    /// Write the sample that was minted.
    SaveToken,
    /// Read keys to verify with.
    Keys,
    /// Read a key to keep.
    ImportKey,
    /// Write the public halves of the keys.
    Jwks,
    /// Write the plan of a connection, for the command line.
    Plan,
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
    /// What was not taken over of the file.
    pub notes: Vec<String>,
    /// What they do to lifetimes.
    pub weighing: Weighing,
}
