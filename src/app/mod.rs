//! The program without pixels: one [`State`], changed by [`update`] alone, which answers with [`Effect`]s.
//!
//! Views read the state and return messages; `effects` carries effects out and answers with messages.
//! So almost every behaviour of the window is tested without a window.

mod accept;
mod applications;
mod audit;
mod axis;
mod bulk;
mod chord;
mod clock;
mod command;
mod confirm;
mod connect_form;
mod connections;
mod copying;
mod cut_off;
mod dialog;
mod effect;
mod exporting;
mod facets;
mod fleet;
mod forgetting;
mod groups;
mod guardrails;
mod importing;
mod installing;
mod marks;
mod menu;
mod message;
mod numbers;
mod open;
mod palette;
mod planning;
mod preview;
mod reach;
mod remote;
mod removing;
mod review;
mod review_rows;
mod run;
mod settings;
mod shared;
mod signing_in;
mod stored;
mod summary;
mod templates;
mod tokens;
mod trials;
mod tried;
mod update;
mod verifying;
mod views;
mod weighing;

pub use crate::policy::FleetColumn;
pub use applications::{Applications, Counts};
pub use audit::{Audit, AuditColumn, AuditQuestion, AuditRow, AuditSave, Audited};
pub use axis::{Mark as AxisMark, first_span, marks, moved, zoomed};
pub use bulk::{Basis, Bulk, BulkKind, Plan, PlanQuestion, applications_of};
pub use chord::Chord;
pub use clock::{AsOf, SettingsOf};
pub use command::Command;
pub use confirm::{Ask, Confirm, Confirmed};
pub use connect_form::{ConnectField, ConnectForm};
pub use connections::{Connections, Work, WorkKind, safety, standing};
pub use copying::{CopyEdit, Copying};
pub use cut_off::CutOff;
pub use dialog::{Dialog, NameWhat, NewWhat, SignInFor, Which};
pub use effect::{Effect, Task};
pub use exporting::{EnforceQuestion, Exporting, ShowQuestion, with_lifetime};
pub use facets::Facet;
pub use fleet::{Fleet, ReportQuestion};
pub use groups::{Group, Grouping, Windows};
pub use guardrails::{Checked, GuardrailEdit};
pub use importing::Table;
pub use marks::{Mark, Marked};
pub use menu::Menu;
pub use message::{Comparison, Content, FileTask, Message, Opened, Refusal};
pub use numbers::{counted, grouped};
pub use open::{Open, Saving};
pub use palette::{Hit, Palette, Target};
pub use preview::Preview;
pub use reach::Reach;
pub use remote::{KeepIn, Known, News, OnDisk, Planned, RemoteMessage, RemoteTask, VendorKind, vendor_name};
pub use review::{Review, count_of};
pub use review_rows::{ReviewRow, named, review_rows};
pub use settings::{Settings, ThemeChoice, Times, coarse};
pub use shared::{Common, Shared};
pub use summary::{Summary, overrun, summary, tokens_until};
pub use tokens::{
    Judge, KeyTask, MintForm, MintQuestion, MintedToken, NewKey, StoredKey, TokenPage, Tokens, claims,
};
pub use trials::{Line, StillGranted, Trials};
pub use tried::{missing_permissions, working_permissions};
pub use update::{next_wake, update};
pub use verifying::{CheckedWith, Fetched, Jwks, Verify, Verifying, holds_key};
pub use views::{BUILT_IN, REVIEW, STILL_GRANTED};
pub use weighing::{Considered, Counting, Question, Subject, Weighing, considering};

use crate::edit::{Change, EntityRef, Merge};
use crate::export::Form;
use crate::policy::Policy;
use crate::registry::Instant;
use crate::remote::Connection;
use crate::token::Secret;
use std::sync::Arc;

/// Everything that the window shows.
#[derive(Debug)]
pub struct State {
    /// The wall clock, in whole seconds; told by messages.
    pub now: Instant,
    /// The clock in force.
    pub as_of: AsOf,
    /// Which settings decide for a past instant.
    pub settings_of: SettingsOf,
    /// The open registry; none on the first-run page.
    pub open: Option<Open>,
    /// Which screen is in front.
    pub screen: Screen,
    /// The Applications screen.
    pub applications: Applications,
    /// The APIs & scopes screen: the API whose details stand at the right.
    pub api: Option<String>,
    /// How many applications each API and scope is granted to, while APIs & scopes is in front.
    pub reach: Reach,
    /// The Preview screen.
    pub preview: Preview,
    /// The Tokens screen.
    pub tokens: Tokens,
    /// The Fleet page of the Preview.
    pub fleet: Fleet,
    /// The Trials screen.
    pub trials: Trials,
    /// The Guardrails screen: the rule that is looked at or typed.
    pub guardrail: Option<GuardrailEdit>,
    /// What is known of it.
    pub guardrail_checked: Option<Checked>,
    /// The Connections screen.
    pub connections: Connections,
    /// What is staged for the connection that is open.
    pub review: Review,
    /// The application that is being cut off at a remote, to be told when it is done.
    pub cutting: Option<CutOff>,
    /// The History screen: only this entity's changes.
    pub history_of: Option<EntityRef>,
    /// The entry whose changes are shown.
    pub history_entry: Option<i64>,
    /// The command palette, while it is open.
    pub palette: Option<Palette>,
    /// The dialog in front.
    pub dialog: Option<Dialog>,
    /// What is known of the export in front, and how ends are enforced.
    pub exporting: Exporting,
    /// The reason that the next edits carry.
    pub reason: String,
    /// What to say at the bottom until it is replaced or dismissed.
    pub notice: Option<Notice>,
    /// What the person set.
    pub settings: Settings,
    /// Where the log is, for Settings to show.
    pub log_file: String,
    /// What the open entry of History did to lifetimes.
    pub entry_weighing: Weighing,
    /// An edit that may be made next: typed, or pointed at.
    pub considered: Option<Considered>,
    /// How many times an effect on lifetimes was asked for: the number of the newest question.
    pub weighings: u64,
    /// What runs beside the window.
    pub busy: Option<String>,
    /// The registry that is on its way from disk, by the name to show.
    pub opening: Option<String>,
    /// A part of the window that wants the keyboard.
    pub focus: Option<Focus>,
    /// The window should close.
    pub quit: bool,
}

/// A part of the window that a command brings the keyboard to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The filter of the screen in front.
    Filter,
    /// The field of the clock.
    Clock,
    /// The first field of the inspector.
    Inspector,
}

/// The screens, in the order of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Screen {
    /// Who has access.
    #[default]
    Applications,
    /// To what.
    Apis,
    /// For how long, and why.
    Preview,
    /// With what in hand.
    Tokens,
    /// Until when.
    Trials,
    /// By which rules.
    Guardrails,
    /// Who changed it.
    History,
    /// Where the registries are.
    Connections,
    /// How the window looks and counts.
    Settings,
}

impl Screen {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Applications,
        Self::Apis,
        Self::Preview,
        Self::Tokens,
        Self::Trials,
        Self::Guardrails,
        Self::History,
        Self::Connections,
        Self::Settings,
    ];

    /// Its name in the rail.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Applications => "Applications",
            Self::Apis => "APIs & scopes",
            Self::Preview => "Preview",
            Self::Tokens => "Tokens",
            Self::Trials => "Trials",
            Self::Guardrails => "Guardrails",
            Self::History => "History",
            Self::Connections => "Connections",
            Self::Settings => "Settings",
        }
    }
}

/// A sentence at the bottom of the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether something went wrong.
    pub error: bool,
}

impl State {
    /// The state at the start of the program.
    #[must_use]
    pub fn new(now: Instant, settings: Settings) -> Self {
        Self {
            now,
            as_of: AsOf::Live,
            settings_of: SettingsOf::Then,
            open: None,
            screen: Screen::default(),
            applications: Applications::default(),
            api: None,
            reach: Reach::default(),
            preview: Preview::default(),
            tokens: Tokens::default(),
            fleet: Fleet::default(),
            trials: Trials::default(),
            guardrail: None,
            guardrail_checked: None,
            connections: Connections::default(),
            review: Review::default(),
            cutting: None,
            history_of: None,
            history_entry: None,
            palette: None,
            dialog: None,
            exporting: Exporting::default(),
            reason: String::new(),
            notice: None,
            settings,
            log_file: String::new(),
            entry_weighing: Weighing::default(),
            considered: None,
            weighings: 0,
            busy: None,
            opening: None,
            focus: None,
            quit: false,
        }
    }

    /// The instant that every screen answers for.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self.as_of {
            AsOf::Live => self.now,
            AsOf::At(at) => at,
        }
    }

    /// The settings in force: today's, or those of the past instant.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        let open = self.open.as_ref()?;
        Some(open.past.as_ref().filter(|_| self.past_in_force()).map_or(&open.policy, |past| &past.policy))
    }

    /// Whether the settings of a past instant decide; they are read-only.
    #[must_use]
    pub fn past_in_force(&self) -> bool {
        self.settings_of == SettingsOf::Then
            && self.at() < self.now
            && self.open.as_ref().is_some_and(|open| open.past.is_some())
    }

    /// Whether edits are possible now, and if not, why.
    #[must_use]
    pub fn read_only(&self) -> Option<&'static str> {
        match &self.open {
            None => Some("no registry is open"),
            Some(_) if self.is_applying() => Some("the plan is being applied; pause it to edit"),
            Some(open) if open.read_only => Some("this file is read-only; save a copy to edit it"),
            Some(_) if self.past_in_force() => Some("these are past settings; switch to today's to edit"),
            Some(_) => None,
        }
    }

    /// Whether what is staged is being written, so that it may not change.
    #[must_use]
    pub fn is_applying(&self) -> bool {
        let under_way = self.connections.work.as_ref();
        under_way.is_some_and(|work| work.kind == WorkKind::Apply) && self.connected().is_some()
    }

    /// The times in the zone that the person chose.
    #[must_use]
    pub fn times(&self) -> Times {
        Times { zone: self.settings.zone(), now: self.now }
    }
}

/// The message of an edit.
#[must_use]
pub fn edit(label: impl Into<String>, changes: impl IntoIterator<Item = Change>) -> Option<Message> {
    let changes: Vec<Change> = changes.into_iter().collect();
    (!changes.is_empty()).then(|| Message::Edit { label: label.into(), changes })
}
