//! The dialogs, one at a time, and what they ask about.

use super::*;

/// A dialog.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// Writes the registry or a report to a file.
    Export {
        /// What, in which format.
        form: Form,
        /// Which applications.
        which: Which,
        /// Where to.
        path: String,
        /// What went wrong.
        error: Option<String>,
    },
    /// Asks for a file's path.
    Path {
        /// What for.
        task: FileTask,
        /// What is typed.
        path: String,
        /// What went wrong.
        error: Option<String>,
    },
    /// An import or a comparison: the changes, to accept or to read.
    Compare(Comparison),
    /// Applications of another registry, to choose from.
    Copying(Box<Copying>),
    /// A table to import: which column holds which field.
    Table(Box<Table>),
    /// The ways of enforcing the ends of trials at Auth0, with the lifetime that two of them need, as typed.
    Enforce(String),
    /// Asks for the id and name of a new application, API, scope or copy.
    New {
        /// What.
        what: NewWhat,
        /// The id that is typed.
        id: String,
        /// The name or customer that is typed.
        name: String,
        /// What went wrong.
        error: Option<String>,
    },
    /// An edit that somebody else's came before: base, mine and theirs.
    Conflict {
        /// What the edit was to do.
        label: String,
        /// Both, field by field.
        merge: Box<Merge>,
    },
    /// An edit of many applications, planned as it is typed.
    Bulk(Box<Bulk>),
    /// Asks for the name of what is to be kept.
    Name {
        /// What.
        what: NameWhat,
        /// What is typed.
        name: String,
        /// What went wrong.
        error: Option<String>,
    },
    /// An application was cut off: until when its tokens may live.
    CutOff(CutOff),
    /// A connection that is being added.
    Connect(Box<ConnectForm>),
    /// Asks for credentials: those that are kept nowhere, or new ones.
    SignIn {
        /// Of which connection.
        connection: Box<Connection>,
        /// What is typed, a part each.
        parts: Vec<Arc<Secret>>,
        /// What they are for.
        then: SignInFor,
    },
    /// Asks before something that cannot be undone.
    Confirm(Box<Confirm>),
    /// What a pull of this connection brought.
    News(String, Arc<News>),
    /// Asks for the reason of the edits that follow.
    Reason(String),
    /// Every command and its shortcut.
    Help,
}

/// What credentials are asked for.
#[derive(Debug, Clone)]
pub enum SignInFor {
    /// They are held until the end of the program, and this is done with them.
    Now(Box<RemoteTask>),
    /// They take the place of those that there were, and are kept there.
    Keeping(KeepIn),
}

/// Which applications an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// What the filter shows.
    Shown,
    /// What is selected.
    Selected,
    /// Who has ended and can still get tokens, which a review asks.
    StillGranted,
}

/// What a *New* dialog makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewWhat {
    /// An application, from the template of this name where there is one.
    Application(Option<String>),
    /// A copy of the application of this client id.
    Duplicate(String),
    /// An API.
    Api,
    /// A scope of the API of this audience.
    Scope(String),
}

/// What is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameWhat {
    /// The list as it is.
    View,
    /// What new applications begin with, after the application of this client id.
    Template(String),
}
