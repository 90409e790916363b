//! What happens with remote registries, and what is to be done with them beside the window.

use super::ConnectForm;
use crate::edit::{Change, Clash, EntityRef, Side};
use crate::export::Line;
use crate::registry::{Instant, Registry};
use crate::remote::{Applied, Choices, Connection, Outcome, Plan, Tried, Vendor, WantedAction};
use crate::token::Secret;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Something that happened to a remote registry.
#[derive(Debug, Clone)]
pub enum RemoteMessage {
    /// The connections are to be read from disk.
    List,
    /// A connection is to be added.
    New(VendorKind),
    /// The form of a connection was typed into.
    Form(Box<ConnectForm>),
    /// What is typed into the form is to be tried before it is kept.
    TryForm,
    /// New credentials of a connection are to be typed.
    NewCredentials(String),
    /// A part of the credentials that are asked for was typed.
    SignInPart(usize, Arc<Secret>),
    /// Where new credentials are kept was chosen.
    SignInKeep(KeepIn),
    /// What a confirmation asks for was typed.
    Confirming(usize, String),
    /// A connection is to be opened; one that was never pulled is pulled first.
    Open(String),
    /// A connection is to be pulled.
    Pull(String),
    /// A connection is to be tried.
    Test(String),
    /// Its environment or safety was chosen.
    Set(Connection),
    /// A connection is to be forgotten, which is asked first.
    Remove(String),
    /// What is under way is to stop.
    Stop,
    /// The review comes to the front, or goes.
    Review(bool),
    /// What others changed, what clashes and what was noted at the last pull is to be shown.
    ShowNews,
    /// A staged change is taken back.
    Discard(EntityRef),
    /// A change that the remote would not take is taken back, by the name that the plan gives it.
    DiscardRefused(String),
    /// Every staged change is taken back.
    DiscardAll,
    /// Whose value counts for a field was chosen.
    Choose(EntityRef, String, Side),
    /// The Action of the chosen way is to be installed with the next apply.
    InstallAction,
    /// The Action is to be bound no more.
    UnbindAction,
    /// What is staged of the Action is taken back.
    DiscardAction,
    /// What is wanted of the Action is staged, or could not be; with why what is there was not read.
    ActionStaged(Result<Option<String>, String>),
    /// The Action's part of a plan has ended.
    ActionEnded(Outcome),
    /// The plan is to be carried out.
    Apply,
    /// A new client's secret is to be copied.
    CopySecret(usize),
    /// Where the secrets of new clients are was read.
    ForgetElsewhere,
    /// New clients' secrets were seen and go.
    ForgetSecrets,
    /// The connections, as they are on disk, and whether the system has a key store.
    Listed(Vec<Known>, bool),
    /// A connection was kept, or could not be.
    Kept(Result<String, String>),
    /// A connection was forgotten, or could not be.
    Removed(Result<String, String>),
    /// A connection was tried; without a name it is the one in the form.
    Tested(Option<String>, Result<Vec<Tried>, String>),
    /// So many are done of how many, after so long.
    Under(u64, Option<u64>, Duration),
    /// A connection was pulled, or could not be.
    Pulled(String, Result<Box<News>, String>),
    /// What is staged, or why that is not known.
    Planned(u64, Result<Arc<Planned>, String>),
    /// An item of a plan has ended.
    Item(EntityRef, Outcome),
    /// The secret of a new client: shown once, kept nowhere.
    NewSecret(String, Arc<Secret>),
    /// The secret of a new client was not told; where it is to be found.
    SecretElsewhere(String, &'static str),
    /// A plan was carried out, or was not.
    Applied(String, Result<Applied, String>),
    /// An application's access was taken away at once, or was not.
    CutOff(Result<(), String>),
    /// Credentials are needed for this.
    CredentialsWanted(Connection, Box<RemoteTask>),
}

/// Something to do with a remote registry.
#[derive(Debug, Clone)]
pub enum RemoteTask {
    /// Read the connections from disk.
    List,
    /// Keep a connection and its credentials.
    Keep(Connection, Arc<Secret>, KeepIn),
    /// Keep a connection's settings.
    Set(Connection),
    /// Forget a connection and its credentials.
    Remove(String),
    /// Try a connection that is kept.
    Test(String),
    /// Try one that is typed.
    Try(Connection, Arc<Secret>),
    /// Read the remote whole.
    Pull(String),
    /// Find out what is staged.
    Plan {
        /// Comes back with the answer.
        ticket: u64,
        /// The connection.
        name: String,
        /// The registry with the staged edits.
        mine: Arc<Registry>,
    },
    /// Carry a plan out.
    Apply {
        /// The connection.
        name: String,
        /// The plan that was reviewed.
        plan: Arc<Plan>,
        /// What was chosen where both set a field.
        choices: Choices,
    },
    /// Take an application's access away at once.
    CutOff {
        /// The connection.
        name: String,
        /// The application.
        client_id: String,
    },
    /// Stage what is wanted of the Action that keeps to the ends of trials, and read what is there.
    WantAction {
        /// The connection.
        name: String,
        /// What is wanted.
        wanted: WantedAction,
    },
    /// Take back what is staged of it.
    DiscardAction(String),
    /// Write a plan to a file, for the command line.
    SavePlan(PathBuf, Arc<Plan>),
    /// Hold credentials until the end of the program, and do this with them.
    SignIn(String, Arc<Secret>, Box<RemoteTask>),
    /// Stop what is under way.
    Stop,
}

/// A connection on this disk.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// What is known of it, or why it cannot be read.
    pub kept: Result<Box<OnDisk>, String>,
}

/// What a connection has on this disk.
#[derive(Debug, Clone)]
pub struct OnDisk {
    /// Its settings.
    pub connection: Connection,
    /// The registry with its staged edits.
    pub staged: PathBuf,
    /// When it was pulled last.
    pub pulled_at: Option<Instant>,
    /// What is wanted of the Action that keeps to the ends of trials.
    pub action: Option<WantedAction>,
    /// Where its credentials are, in words.
    pub credentials: &'static str,
}

/// What a pull brought that a person should know.
#[derive(Debug, Clone)]
pub struct News {
    /// Whether it was the first pull.
    pub first: bool,
    /// How many applications there are.
    pub applications: usize,
    /// How many requests it took.
    pub requests: u64,
    /// What others changed since the last pull.
    pub drift: Vec<Change>,
    /// What others changed in fields that are staged too.
    pub clashes: Vec<(EntityRef, Vec<Clash>)>,
    /// What was read otherwise than it is written, and what is not edited.
    pub notes: Vec<String>,
}

/// What is staged, with what it begins from.
#[derive(Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Arc<Plan>,
    /// What was pulled.
    pub base: Arc<Registry>,
    /// Its lines, each field of each change.
    pub rows: Vec<super::ReviewRow>,
    /// The code that the Action will have, a line each.
    pub code: Vec<Line>,
    /// The most seconds that a token of the issuer outlives its application, before and after.
    pub overrun: (i64, i64),
}

/// A vendor whose remote can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VendorKind {
    /// A tenant of Auth0.
    #[default]
    Auth0,
    /// A service of Authlete 3.0.
    Authlete3,
    /// A service of Authlete 2.x.
    Authlete2,
}

impl VendorKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auth0, Self::Authlete3, Self::Authlete2];

    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Auth0 => "Auth0 tenant",
            Self::Authlete3 => "Authlete 3.0",
            Self::Authlete2 => "Authlete 2.x",
        }
    }
}

/// The vendor's name alone, as the top bar has it.
#[must_use]
pub const fn vendor_name(vendor: &Vendor) -> &'static str {
    match vendor {
        Vendor::Auth0 { .. } => "Auth0",
        Vendor::Authlete3 { .. } | Vendor::Authlete2 { .. } => "Authlete",
    }
}

/// Where credentials are kept between two starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeepIn {
    /// In the system's key store.
    #[default]
    System,
    /// In a file that only their owner can read.
    File,
    /// Nowhere: they are asked for at each start.
    Nowhere,
}

impl KeepIn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::File, Self::Nowhere];

    /// In words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::System => "System's key store",
            Self::File => "File only you can read",
            Self::Nowhere => "Ask at each start",
        }
    }
}
