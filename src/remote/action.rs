//! The Action that keeps a tenant to the ends of trials: what is wanted of it, what is there, and what is left to do.
//!
//! It is no entity of the registry: it is made of the whole registry and of how ends are enforced. So what is wanted stays
//! with the connection, and each plan compares it with what was last read.

use super::connection::MetadataKeys;
use super::mapped::Mapped;
use super::written;
use crate::export::{AUTH0_ACTION, AUTH0_RUNTIME, Enforcement, TimeForm, auth0_action_code};
use crate::policy::Strategy;
use crate::registry::Registry;
use serde::{Deserialize, Serialize};

/// What a person wants of the Action of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WantedAction {
    /// That it is there, deployed and bound, with these settings.
    Install(Enforcement),
    /// That it is bound no more; it stays in the tenant's library.
    Unbind,
}

/// These settings for a connection: what the Action reads is what the connection writes.
#[must_use]
pub fn enforcement_of(enforcement: &Enforcement, keys: &MetadataKeys) -> Enforcement {
    let start = keys.not_before.clone().unwrap_or_else(|| "not_before".to_owned());
    Enforcement { end_key: keys.expires_at.clone(), start_key: start, ..enforcement.clone() }
}

/// What is there of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionThere {
    /// The Action itself.
    pub own: Option<OwnAction>,
    /// What is bound to the trigger, in the order in which it runs.
    pub bindings: Vec<Binding>,
}

/// The Action as the tenant has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAction {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// What runs it.
    pub runtime: String,
    /// Whether it is for the trigger that it is bound to.
    pub fits: bool,
    /// The tenant's word for how far it is built.
    pub status: String,
    /// Whether what runs is what is written.
    pub deployed: bool,
}

/// A binding of the trigger. The code of others' Actions is not kept: secrets may stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// Its id.
    pub id: String,
    /// The Action that it binds.
    pub action: String,
    /// What it is called.
    pub name: String,
}

/// Something that has to be done with the Action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// It is made.
    Create,
    /// Its code is replaced.
    Change,
    /// What is written becomes what runs.
    Deploy,
    /// It is bound, after what is bound already.
    Bind,
    /// It is bound no more.
    Unbind,
}

impl Act {
    /// The word for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change the code",
            Self::Deploy => "deploy",
            Self::Bind => "bind",
            Self::Unbind => "unbind",
        }
    }
}

/// The Action's part of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionStep {
    /// What it is called.
    pub name: String,
    /// What is done, in this order.
    pub acts: Vec<Act>,
    /// The trigger's bindings afterwards, in the order in which they run.
    pub bindings: Vec<String>,
    /// Whether nothing was read of it yet, so that others may be bound too.
    #[serde(default)]
    pub unread: bool,
    /// The way in which ends are enforced; nothing where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<Strategy>,
    /// The code that will be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How many applications it would deny because their dates are not written in the form that it reads.
    #[serde(default)]
    pub denies: usize,
    /// Some of them.
    #[serde(default)]
    pub denied: Vec<String>,
}

impl ActionStep {
    /// What it does, in a line.
    #[must_use]
    pub fn summary(&self) -> String {
        let acts: Vec<&str> = self.acts.iter().map(|act| act.as_str()).collect();
        let way = self.strategy.map_or(String::new(), |way| format!(" ({})", way.phrase()));
        format!("the Action “{}”{way}: {}", self.name, acts.join(", "))
    }

    /// What runs at the trigger afterwards, in a line.
    #[must_use]
    pub fn order(&self) -> String {
        if self.unread {
            return "what is bound there was not read yet; pull to see it. It stays, and this runs after it"
                .to_owned();
        }
        match self.bindings.as_slice() {
            [] => "nothing runs at credentials-exchange then".to_owned(),
            bound => format!("runs at credentials-exchange then, in this order: {}", bound.join(", ")),
        }
    }

    /// What it would deny by mistake, in a sentence.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let (first, more) = (self.denied.join(", "), self.denies.saturating_sub(self.denied.len()));
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (self.denies > 0).then(|| {
            format!(
                "it would deny {first}{more}: their dates are not written in the form that it reads; choose another form or mend the dates first"
            )
        })
    }

    /// Whether this is what is left of `older`.
    pub(super) fn continues(&self, older: &Self) -> bool {
        self.code == older.code && self.strategy == older.strategy
    }
}

/// The code that is wanted of a registry; nothing where the Action is to go.
pub(super) fn code(wanted: &WantedAction, registry: &Registry) -> Option<String> {
    match wanted {
        WantedAction::Install(enforcement) => Some(auth0_action_code(registry, enforcement)),
        WantedAction::Unbind => None,
    }
}

/// What is left to do.
pub(super) fn acts(code: Option<&str>, there: &ActionThere) -> Vec<Act> {
    let bound = there.is_bound();
    let Some(code) = code else {
        return if bound { vec![Act::Unbind] } else { Vec::new() };
    };
    let mut acts = match &there.own {
        None => vec![Act::Create, Act::Deploy],
        Some(own) if !own.is(code) => vec![Act::Change, Act::Deploy],
        Some(own) if !own.deployed => vec![Act::Deploy],
        Some(_) => Vec::new(),
    };
    if !bound {
        acts.push(Act::Bind);
    }
    acts
}

impl ActionThere {
    /// Whether the Action is bound.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        let own = |own: &OwnAction| self.bindings.iter().any(|binding| binding.action == own.id);
        self.own.as_ref().is_some_and(own)
    }

    /// What is bound beside it, in order.
    pub(super) fn others(&self) -> impl Iterator<Item = &Binding> {
        let own = self.own.as_ref().map(|own| own.id.as_str());
        self.bindings.iter().filter(move |binding| Some(binding.action.as_str()) != own)
    }
}

impl OwnAction {
    pub(super) fn is(&self, code: &str) -> bool {
        self.code == code && self.runtime == AUTH0_RUNTIME && self.fits
    }
}

/// The step of a plan; nothing where all is as it is wanted.
pub(super) fn step(
    wanted: &WantedAction,
    there: Option<&ActionThere>,
    base: &Mapped,
    mine: &Registry,
) -> Option<ActionStep> {
    let code = code(wanted, mine);
    let nothing = ActionThere::default();
    let acts = acts(code.as_deref(), there.unwrap_or(&nothing));
    if acts.is_empty() {
        return None;
    }
    let known = there.unwrap_or(&nothing);
    let name = |binding: &Binding| binding.name.clone();
    let mut bindings: Vec<String> = match acts.contains(&Act::Unbind) {
        true => known.others().map(name).collect(),
        false => known.bindings.iter().map(name).collect(),
    };
    if acts.contains(&Act::Bind) {
        bindings.push(AUTH0_ACTION.to_owned());
    }
    let (strategy, form) = match wanted {
        WantedAction::Install(enforcement) => (Some(enforcement.strategy), Some(enforcement.form)),
        WantedAction::Unbind => (None, None),
    };
    let denied: Vec<&str> = form.map(|form| denied(form, base, mine)).unwrap_or_default();
    Some(ActionStep {
        name: AUTH0_ACTION.to_owned(),
        acts,
        bindings,
        unread: there.is_none(),
        strategy,
        code,
        denies: denied.len(),
        denied: denied.into_iter().take(5).map(str::to_owned).collect(),
    })
}

/// The applications whose dates the Action cannot read. One that is edited keeps the form in which it is written there.
fn denied<'a>(form: TimeForm, base: &Mapped, mine: &'a Registry) -> Vec<&'a str> {
    let wanted = match form {
        TimeForm::Rfc3339 => written::Form::Rfc3339,
        TimeForm::Seconds => written::Form::Seconds,
        TimeForm::Milliseconds => written::Form::Milliseconds,
    };
    let unread = |app: &&std::sync::Arc<crate::registry::Application>| match base.forms.get(&app.client_id) {
        Some(forms) => forms.iter().any(|form| *form != Some(wanted)),
        None => wanted != written::Form::Rfc3339 && (app.expires_at.is_some() || app.not_before.is_some()),
    };
    mine.applications().iter().filter(unread).map(|app| app.client_id.as_str()).collect()
}
