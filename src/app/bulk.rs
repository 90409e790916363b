//! Edits of many applications at once: planned while they are typed, shown before they are made, one step of undo.

use super::Weighing;
use crate::edit::{Change, operation};
use crate::export::counted;
use crate::registry::{Application, Duration, Instant, MomentContext, Registry, parse_moment};
use chrono_tz::Tz;
use std::sync::Arc;

/// What is done to many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BulkKind {
    /// Moves ends by a duration, from the later of end and now.
    Extend,
    /// Sets ends, or removes them.
    SetEnd,
    /// Adds tags, and takes those with `-` away.
    Tag,
    /// Grants an API with scopes.
    Grant,
    /// Switches off.
    Suspend,
    /// Switches on again.
    Resume,
    /// Takes every grant away.
    Revoke,
    /// Removes.
    Remove,
}

impl BulkKind {
    /// The verb of the heading.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Extend => "Extend",
            Self::SetEnd => "Set the end of",
            Self::Tag => "Tag",
            Self::Grant => "Grant access to",
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::Revoke => "Revoke access of",
            Self::Remove => "Delete",
        }
    }

    /// Whether something has to be typed.
    #[must_use]
    pub const fn asks(self) -> bool {
        matches!(self, Self::Extend | Self::SetEnd | Self::Tag | Self::Grant)
    }

    /// The name of the button.
    #[must_use]
    pub const fn act(self) -> &'static str {
        match self {
            Self::Extend => "Extend",
            Self::SetEnd => "Set end",
            Self::Tag => "Tag",
            Self::Grant => "Grant",
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::Revoke => "Revoke access",
            Self::Remove => "Delete",
        }
    }

    /// The name of the field.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Extend => "By",
            Self::SetEnd => "End",
            Self::Tag => "Tags",
            Self::Grant => "API and scopes",
            Self::Suspend | Self::Resume | Self::Revoke | Self::Remove => "",
        }
    }

    /// What may be typed.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Extend => "14d",
            Self::SetEnd => "31 Dec 2026 12:00, now+30d, or never",
            Self::Tag => "trial eu -old",
            Self::Grant => "https://api.example.com read write",
            Self::Suspend | Self::Resume | Self::Revoke | Self::Remove => "",
        }
    }
}

/// A bulk edit that is being typed.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// What is done.
    pub kind: BulkKind,
    /// What is typed.
    pub text: String,
    /// An end that is later already stays.
    pub only_later: bool,
    /// To whom, by client id.
    pub ids: Arc<[String]>,
    /// What it would change, or what is wrong with what is typed.
    pub plan: Result<Plan, String>,
    /// Whether it is being planned beside the window, since there are many: by which question.
    pub planning: Option<u64>,
    /// The person has said yes to what is being planned.
    pub accepted: bool,
    /// What that does to lifetimes.
    pub weighing: Weighing,
}

/// So many are planned at once, within a frame; more are planned beside the window.
const AT_ONCE: usize = 2_000;

/// Asks what a bulk edit of many would change.
#[derive(Debug, Clone)]
pub struct PlanQuestion {
    /// Comes back with the answer.
    pub ticket: u64,
    /// The edit as it is typed.
    pub bulk: Bulk,
    /// Today's settings.
    pub registry: Arc<Registry>,
    /// The wall clock.
    pub now: Instant,
    /// The zone of what is typed.
    pub zone: Tz,
}

impl PlanQuestion {
    /// The answer.
    ///
    /// # Errors
    /// What is wrong with what is typed, in a sentence.
    pub fn answer(&self) -> Result<Plan, String> {
        self.bulk.planned(Basis { registry: &self.registry, now: self.now, zone: self.zone })
    }
}

/// What a bulk edit changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// For history.
    pub label: String,
    /// One for each application that changes.
    pub changes: Vec<Change>,
    /// `212 applications; 3 never end: unchanged`.
    pub sentence: String,
}

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// Today's settings.
    pub registry: &'a Registry,
    /// The wall clock.
    pub now: Instant,
    /// The zone of what is typed.
    pub zone: Tz,
}

impl Bulk {
    /// A bulk edit of these applications in which nothing is typed yet.
    #[must_use]
    pub fn new(kind: BulkKind, ids: Vec<String>) -> Self {
        let plan = Err(String::new());
        Self {
            kind,
            text: String::new(),
            only_later: false,
            ids: ids.into(),
            plan,
            planning: None,
            accepted: false,
            weighing: Weighing::default(),
        }
    }

    /// Plans what is typed where that takes no time; else what is shown waits for the answer.
    pub(super) fn replan(&mut self, basis: Basis<'_>) -> bool {
        (self.weighing, self.planning, self.accepted) = (Weighing::default(), None, false);
        let at_once = self.ids.len() <= AT_ONCE;
        self.plan = if at_once { self.planned(basis) } else { Err(String::new()) };
        at_once
    }

    fn planned(&self, basis: Basis<'_>) -> Result<Plan, String> {
        let text = self.text.trim();
        if text.is_empty() && self.kind.asks() {
            return Err(String::new());
        }
        match self.kind {
            BulkKind::Extend => {
                let by: Duration = text.parse().map_err(|error| format!("{error}"))?;
                let rest = format!(" by {by}");
                Ok(self.plan_of(basis, &rest, "never end", |app| operation::extend(app, by, basis.now)))
            }
            BulkKind::SetEnd => {
                let (end, rest) = self.end(text, basis)?;
                let later = |app: &Application| match (app.expires_at, end) {
                    (None, _) => true,
                    (Some(has), Some(end)) => has >= end,
                    (Some(_), None) => false,
                };
                let keep = |app: &Application| self.only_later && later(app);
                let why = if self.only_later { "already end later" } else { "already end then" };
                Ok(self.plan_of(basis, &rest, why, |app| {
                    (!keep(app)).then(|| operation::set_end(app, end)).flatten()
                }))
            }
            BulkKind::Tag => {
                let (mut add, mut remove) = (Vec::new(), Vec::new());
                for word in text.split_whitespace() {
                    match word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                        Some(word) => remove.push(word.to_owned()),
                        None => add.push(word.to_owned()),
                    }
                }
                let rest = format!(" {text}");
                Ok(self
                    .plan_of(basis, &rest, "are tagged so already", |app| operation::tag(app, &add, &remove)))
            }
            BulkKind::Grant => {
                let (audience, scopes) = grant(text, basis.registry)?;
                let rest = format!(" {text}");
                Ok(self.plan_of(basis, &rest, "have it already", |app| {
                    operation::grant(app, &audience, &scopes)
                }))
            }
            BulkKind::Suspend => Ok(self.plan_of(basis, "", "are suspended already", operation::suspend)),
            BulkKind::Resume => Ok(self.plan_of(basis, "", "are active", operation::resume)),
            BulkKind::Revoke => Ok(self.plan_of(basis, "", "have no access", operation::revoke_all)),
            BulkKind::Remove => {
                Ok(self.plan_of(basis, "", "are gone", |app| Some(operation::remove_application(app))))
            }
        }
    }

    fn end(&self, text: &str, basis: Basis<'_>) -> Result<(Option<Instant>, String), String> {
        if text == "never" {
            return Ok((None, " to never".to_owned()));
        }
        let context = MomentContext { now: basis.now, expiry: None, zone: Some(basis.zone) };
        let end = parse_moment(text, &context).map_err(|error| error.to_string())?.instant;
        Ok((Some(end), format!(" to {end}")))
    }

    fn plan_of(
        &self,
        basis: Basis<'_>,
        rest: &str,
        unchanged: &str,
        edit: impl Fn(&Arc<Application>) -> Option<Change>,
    ) -> Plan {
        let applications: Vec<_> = self.ids.iter().filter_map(|id| basis.registry.application(id)).collect();
        let changes: Vec<Change> = applications.iter().filter_map(|app| edit(app)).collect();
        let mut sentence = applications_of(changes.len());
        match applications.len() - changes.len() {
            0 => {}
            same => sentence.push_str(&format!("; {same} {unchanged}: unchanged")),
        }
        let whom = match applications.as_slice() {
            [one] => one.title().to_owned(),
            many => applications_of(many.len()),
        };
        Plan { label: format!("{} {whom}{rest}", self.kind.verb()), changes, sentence }
    }
}

/// `1 application`, `212 applications`.
#[must_use]
pub fn applications_of(count: usize) -> String {
    counted(count, "application")
}

/// An API of the registry and some of its scopes.
fn grant(text: &str, registry: &Registry) -> Result<(String, Vec<String>), String> {
    let mut words = text.split_whitespace();
    let audience = words.next().unwrap_or_default();
    let Some(api) = registry.api(audience) else {
        let known: Vec<&str> = registry.apis().iter().map(|api| api.audience.as_str()).collect();
        return Err(format!("no API has the audience `{audience}`; use one of {}", known.join(", ")));
    };
    let scopes: Vec<String> = words.map(str::to_owned).collect();
    if let Some(gone) = scopes.iter().find(|scope| api.scope(scope).is_none()) {
        return Err(format!(
            "`{}` has no scope `{gone}`; leave it out, or add it to the API first",
            api.title()
        ));
    }
    Ok((audience.to_owned(), scopes))
}
