//! The Guardrails screen: one rule at a time, checked and weighed as it is typed.

use super::stored::commit;
use super::{Effect, State, Subject, Weighing};
use crate::edit::{Change, Entity};
use crate::policy::{GuardrailError, Policy, check_guardrail};
use crate::registry::{Guardrail, Registry, Then};
use std::sync::Arc;

/// A rule that is being looked at or typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuardrailEdit {
    /// The rule as it is stored; none while it is new.
    pub base: Option<Arc<Guardrail>>,
    /// Its name.
    pub name: String,
    /// Its expression.
    pub when: String,
    /// It denies, else it caps.
    pub denies: bool,
    /// The sentence of a denial.
    pub message: String,
    /// The cap as typed.
    pub cap: String,
    /// Whether it counts.
    pub enabled: bool,
    /// Why it could not be kept.
    pub error: Option<String>,
    /// What the rule does to lifetimes.
    pub weighing: Weighing,
}

impl GuardrailEdit {
    /// A new rule, with an expression to begin from.
    #[must_use]
    pub fn new() -> Self {
        Self {
            when: "\"trial\" in app.tags".to_owned(),
            cap: "1h".to_owned(),
            enabled: true,
            ..Self::default()
        }
    }

    /// A stored rule.
    #[must_use]
    pub fn of(rule: &Arc<Guardrail>) -> Self {
        let (denies, message, cap) = match &rule.then {
            Then::Deny(message) => (true, message.clone(), String::new()),
            Then::Cap(cap) => (false, String::new(), cap.to_string()),
        };
        Self {
            base: Some(rule.clone()),
            name: rule.name.clone(),
            when: rule.when.clone(),
            denies,
            message,
            cap,
            enabled: rule.enabled,
            ..Self::default()
        }
    }

    /// The rule as it is typed.
    ///
    /// # Errors
    /// A sentence where it is not whole.
    pub fn rule(&self) -> Result<Guardrail, String> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err("a name is needed; denials and limits name it".to_owned());
        }
        let then = if self.denies {
            let message = self.message.trim();
            if message.is_empty() {
                return Err("write the sentence that a denial says".to_owned());
            }
            Then::Deny(message.to_owned())
        } else {
            Then::Cap(self.cap.parse().map_err(|error| format!("{error}"))?)
        };
        Ok(Guardrail { name, enabled: self.enabled, when: self.when.clone(), then })
    }

    /// Whether it differs from what is stored.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        match (&self.base, self.rule()) {
            (Some(base), Ok(rule)) => **base != rule,
            _ => true,
        }
    }

    /// The changes that keep it; another name is a removal and an addition.
    fn changes(&self, registry: &Registry) -> Result<Vec<Change>, String> {
        let rule = self.rule()?;
        let taken = registry.guardrail(&rule.name).is_some();
        match &self.base {
            Some(base) if base.name == rule.name => Ok(Change::guardrail(base, rule).into_iter().collect()),
            _ if taken => Err(format!("a guardrail is called `{}` already; choose another name", rule.name)),
            base => {
                let gone = base.iter().map(|base| Change::remove(Entity::Guardrail(base.clone())));
                Ok(gone.chain([Change::add(Entity::Guardrail(Arc::new(rule)))]).collect())
            }
        }
    }

    /// The registry with and without this rule, whatever is stored.
    fn both(&self, registry: &Registry) -> Option<(Registry, Change)> {
        let rule = Guardrail { enabled: true, ..self.rule().ok()? };
        let mut without = Registry::clone(registry);
        if let Some(base) = &self.base {
            Change::remove(Entity::Guardrail(base.clone())).force(&mut without);
        }
        (without.guardrail(&rule.name).is_none())
            .then(|| (without, Change::add(Entity::Guardrail(Arc::new(rule)))))
    }
}

/// What is known of the rule as it is typed: found out once for every change, since views look at it in every frame.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The settings that it was checked in.
    of: Arc<Registry>,
    /// Why the expression does not compile, with the place for errors of syntax.
    pub wrong: Option<GuardrailError>,
    /// The settings in force without the rule and with it, to ask them one question; none while it is not whole.
    pub policies: Option<[Policy; 2]>,
    change: Option<Change>,
}

impl Checked {
    fn of(edit: &GuardrailEdit, registry: &Arc<Registry>) -> Self {
        let wrong = check_guardrail(&edit.when).err();
        let (policies, change) = edit.both(registry).map_or((None, None), |(without, change)| {
            let mut with = without.clone();
            change.force(&mut with);
            (Some([without, with].map(|registry| Policy::new(Arc::new(registry)))), Some(change))
        });
        Self { of: registry.clone(), wrong, policies, change }
    }
}

/// Looks at a rule, or at none.
pub(super) fn select(state: &mut State, name: Option<&str>) -> Vec<Effect> {
    let rule = name.and_then(|name| state.policy()?.registry().guardrail(name).cloned());
    state.guardrail = rule.as_ref().map(GuardrailEdit::of);
    weigh(state)
}

/// Takes what was typed, and counts anew what the rule does.
pub(super) fn typed(state: &mut State, mut edit: GuardrailEdit) -> Vec<Effect> {
    edit.error = None;
    state.guardrail = Some(edit);
    weigh(state)
}

fn weigh(state: &mut State) -> Vec<Effect> {
    let at = state.at();
    let Some(registry) = state.policy().map(|policy| policy.registry().clone()) else { return Vec::new() };
    let Some(edit) = &state.guardrail else { return Vec::new() };
    let checked = Checked::of(edit, &registry);
    let question = match (&checked.policies, &checked.change, &checked.wrong) {
        (Some([without, _]), Some(change), None) => {
            let (before, changes) = (without.registry().clone(), vec![change.clone()]);
            Some(state.weigh(Subject::Guardrail, before, changes, at))
        }
        // A rule that does not compile denies everybody; that is said without counting.
        _ => None,
    };
    state.guardrail_checked = Some(checked);
    let (weighing, effect) = question.unzip();
    if let Some(edit) = &mut state.guardrail {
        edit.weighing = weighing.unwrap_or_default();
    }
    Vec::from_iter(effect)
}

/// Keeps the rule as it is typed.
pub(super) fn save(state: &mut State) -> Vec<Effect> {
    let (Some(edit), Some(open)) = (&state.guardrail, &state.open) else { return Vec::new() };
    let verb = if edit.base.is_some() { "Set" } else { "Add" };
    let label = format!("{verb} guardrail {}", edit.name.trim());
    let broken = edit.enabled && check_guardrail(&edit.when).is_err();
    let changes = match broken {
        true => {
            Err("it does not compile, and would deny everybody; mend it, or switch it off to keep it"
                .to_owned())
        }
        false => edit.changes(open.registry()),
    };
    match changes {
        Ok(changes) if changes.is_empty() => Vec::new(),
        Ok(changes) => {
            let name = edit.name.trim().to_owned();
            let mut effects = commit(state, vec![(label, changes)]);
            if !effects.is_empty() {
                effects.extend(select(state, Some(&name)));
            }
            effects
        }
        Err(error) => {
            if let Some(edit) = &mut state.guardrail {
                edit.error = Some(error);
            }
            Vec::new()
        }
    }
}

/// Keeps the rule in view what is stored, where nothing was typed over it.
pub(super) fn refresh(state: &mut State) {
    let Some(base) = state.guardrail.as_ref().and_then(|edit| edit.base.clone()) else {
        return recheck(state);
    };
    let Some(stored) = state.policy().map(|policy| policy.registry().guardrail(&base.name).cloned()) else {
        return;
    };
    let untouched = state.guardrail.as_ref().is_some_and(|edit| !edit.is_changed());
    if stored.as_ref() != Some(&base) && untouched {
        state.guardrail = stored.as_ref().map(GuardrailEdit::of);
    }
    recheck(state);
}

/// Checks anew where the settings in force are others.
fn recheck(state: &mut State) {
    let (Some(edit), Some(policy)) = (&state.guardrail, state.policy()) else {
        state.guardrail_checked = None;
        return;
    };
    let current =
        state.guardrail_checked.as_ref().is_some_and(|checked| Arc::ptr_eq(&checked.of, policy.registry()));
    if !current {
        let checked = Checked::of(edit, policy.registry());
        state.guardrail_checked = Some(checked);
    }
}
