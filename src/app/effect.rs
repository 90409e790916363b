//! What is to be done outside: an effect is data, carried out by `effects` alone.

use super::{
    AuditQuestion, AuditSave, Content, EnforceQuestion, FileTask, KeyTask, MintQuestion, PlanQuestion,
    Question, RemoteTask, ReportQuestion, Settings, ShowQuestion,
};
use crate::edit::Draft;
use crate::export::{Asked, Form};
use crate::import::Options;
use crate::registry::Registry;
use crate::token::Secret;
use std::path::PathBuf;
use std::sync::Arc;

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
    Weigh(Question),
    /// Do something with keys.
    Keys(KeyTask),
    /// Mint a sample.
    Mint(Box<MintQuestion>),
    /// Go through a log. The number comes back with the answer.
    Audit(u64, Box<AuditQuestion>),
    /// Go through it again and write every row to a file.
    SaveAudit(u64, Box<AuditSave>),
    /// Leave the audit of this number.
    StopAudit(u64),
    /// Fetch the keys of an address that a person typed. The number comes back with the answer.
    FetchJwks(u64, String),
    /// Leave the fetching of this number.
    StopJwks(u64),
    /// Make the overrun report beside the window.
    Report(ReportQuestion),
    /// Plan a bulk edit of many.
    Plan(PlanQuestion),
    /// Make the text of an export beside the window.
    Show(ShowQuestion),
    /// Ask what each way of enforcing the ends of trials does.
    Enforce(EnforceQuestion),
    /// Leave the export that is being written.
    StopExport,
    /// Leave the question of this number.
    StopWeighing(u64),
    /// Leave the edit that is being written; nothing of it stays.
    StopCommit,
    /// Show the system's file dialog.
    Pick(FileTask),
    /// Put a text on the clipboard.
    Copy(String),
    /// Put a secret on the clipboard, and take it away again after half a minute.
    CopySecret(Arc<Secret>),
    /// Do something with a remote registry.
    Remote(RemoteTask),
    /// Let the open file go once what is on its way to it is written.
    Close,
    /// See at once what was written to the open file beside the window.
    Look,
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
        /// What, in which format.
        form: Form,
        /// By which settings and for which instant.
        asked: Box<Asked>,
        /// Only these applications, by client id.
        only: Option<Vec<String>>,
    },
    /// Read a registry.
    Read(FileTask, PathBuf),
    /// Write a text.
    Text(PathBuf, String),
    /// Read a file to import.
    Import {
        /// The file.
        path: PathBuf,
        /// What keeps what the file does not say.
        today: Arc<Registry>,
        /// How its columns are mapped; none looks at them first.
        options: Option<Box<Options>>,
    },
}
