//! The review of what is staged for a remote: the plan, its effect, what is taken back, chosen and applied.

use super::connections::{begin, is_production, look};
use super::installing;
use super::review_rows::effect_of;
use super::stored::commit;
use super::{
    Ask, Confirm, Confirmed, Counting, Dialog, Effect, Planned, RemoteMessage, RemoteTask, Screen, State,
    Subject, Weighing, WorkKind,
};
use crate::edit::{Change, Entity, EntityRef, Side, diff};
use crate::export::counted;
use crate::remote::{Access, Applied, Choices, Outcome};
use crate::token::Secret;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The review.
#[derive(Debug, Default)]
pub struct Review {
    /// Whether it stands in front of the list of connections.
    pub shown: bool,
    /// What is staged.
    pub planned: Option<Arc<Planned>>,
    /// Why that is not known.
    pub error: Option<String>,
    /// What it does to lifetimes.
    pub weighing: Weighing,
    /// What that is for each step, in words.
    pub effects: Vec<String>,
    /// Whose values count where both set a field.
    pub choices: Choices,
    /// How the items of the last apply ended, as far as they are still staged.
    pub outcomes: BTreeMap<EntityRef, Outcome>,
    /// How the Action's part of it ended, as far as it is still staged.
    pub action: Option<Outcome>,
    /// How the last apply ended.
    pub applied: Option<Applied>,
    /// The secrets of new clients, with their ids: here until they were seen, and nowhere else.
    pub secrets: Vec<(String, Arc<Secret>)>,
    /// New clients whose secret was not told, with the place where it is.
    pub elsewhere: Vec<(String, &'static str)>,
    ticket: u64,
    /// The connection and revision that the newest question was about.
    asked: Option<(String, u64)>,
    waiting: bool,
    /// The plan that the effect was asked about, and the answer that the words are made of.
    weighed: Option<u64>,
    told: Option<u64>,
}

impl Review {
    /// The review as it begins for another registry; a plan that is still being made for the last one is not taken.
    fn fresh(&mut self) -> Self {
        let (secrets, elsewhere) = (std::mem::take(&mut self.secrets), std::mem::take(&mut self.elsewhere));
        Self { ticket: self.ticket + 1, shown: self.shown, secrets, elsewhere, ..Self::default() }
    }

    /// What stands on disk has changed: the plan is to be made anew.
    pub(super) fn outdated(&mut self) {
        self.asked = None;
    }

    /// How many changes are staged, and would not be taken.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.planned.as_ref().map_or(0, |planned| planned.plan.count() + planned.plan.refused.len())
    }

    /// The clashes of the last apply for which nothing is chosen yet.
    #[must_use]
    pub fn undecided(&self) -> usize {
        let clashes = self.outcomes.iter().flat_map(|(which, outcome)| match outcome {
            Outcome::Conflict(clashes) => {
                clashes.iter().map(|clash| (which.clone(), clash.field.clone())).collect()
            }
            _ => Vec::new(),
        });
        clashes.filter(|chosen| !self.choices.contains_key(chosen)).count()
    }
}

impl State {
    /// Why the plan cannot be applied now; nothing where it can.
    #[must_use]
    pub fn not_applicable(&self) -> Option<String> {
        let kept = self.connected()?;
        let Some(planned) = &self.review.planned else { return Some("the plan is being made".to_owned()) };
        if let Some(work) = &self.connections.work {
            return Some(work.words());
        }
        if planned.plan.count() == 0 {
            return Some("nothing is staged that could be applied".to_owned());
        }
        if self.review.waiting || self.open.as_ref().is_some_and(|open| open.saving != super::Saving::Saved) {
            return Some("the plan is being made".to_owned());
        }
        if planned.plan.sends() && kept.connection.access == Access::ReadOnly {
            return Some("this connection is read-only; let it write under Connections".to_owned());
        }
        match self.review.undecided() {
            0 => None,
            1 => Some("one conflict waits for a choice".to_owned()),
            many => Some(format!("{many} conflicts wait for a choice")),
        }
    }
}

/// Takes one message about the review into account.
pub(super) fn heard(state: &mut State, message: RemoteMessage) -> Vec<Effect> {
    match message {
        RemoteMessage::Review(shown) => show(state, shown),
        RemoteMessage::Discard(which) => return discard(state, |change| change.reference() == which),
        RemoteMessage::DiscardRefused(named) => return discard_refused(state, &named),
        RemoteMessage::DiscardAll => {
            let mut effects = discard(state, |_| true);
            effects.extend(installing::discard(state));
            return effects;
        }
        RemoteMessage::InstallAction => return installing::install(state),
        RemoteMessage::UnbindAction => return installing::unbind(state),
        RemoteMessage::DiscardAction => return installing::discard(state),
        RemoteMessage::ActionStaged(staged) => return installing::staged(state, staged),
        RemoteMessage::ActionEnded(outcome) => state.review.action = Some(outcome),
        // To leave what others changed is to take one's own removal back.
        RemoteMessage::Choose(which, field, Side::Theirs) if field == "itself" => {
            return discard(state, |change| change.reference() == which);
        }
        RemoteMessage::Choose(which, field, side) => drop(state.review.choices.insert((which, field), side)),
        RemoteMessage::Apply => return apply(state),
        RemoteMessage::CopySecret(place) => {
            if let Some((id, secret)) = state.review.secrets.get(place) {
                let (words, secret) = (
                    format!("The secret of {id} is copied; it leaves the clipboard in 30 s"),
                    secret.clone(),
                );
                state.say(words);
                return vec![Effect::CopySecret(secret)];
            }
        }
        RemoteMessage::ForgetSecrets => state.review.secrets.clear(),
        RemoteMessage::Planned(ticket, planned) if state.review.ticket == ticket => {
            state.review.waiting = false;
            match planned {
                Ok(planned) => took(&mut state.review, planned),
                Err(error) => (state.review.planned, state.review.error) = (None, Some(error)),
            }
        }
        RemoteMessage::Item(which, outcome) => {
            state.review.outcomes.insert(which, outcome);
        }
        RemoteMessage::NewSecret(id, secret) => state.review.secrets.push((id, secret)),
        RemoteMessage::SecretElsewhere(id, place) => state.review.elsewhere.push((id, place)),
        RemoteMessage::ForgetElsewhere => state.review.elsewhere.clear(),
        RemoteMessage::Applied(name, result) => return applied(state, &name, result),
        RemoteMessage::CutOff(result) => return cut_off(state, result),
        _ => {}
    }
    Vec::new()
}

/// A new plan: choices and outcomes of what is no longer staged go.
fn took(review: &mut Review, planned: Arc<Planned>) {
    let staged: std::collections::BTreeSet<EntityRef> =
        planned.plan.steps.iter().map(|step| step.change.reference()).collect();
    review.outcomes.retain(|which, _| staged.contains(which));
    review.action.take_if(|_| planned.plan.action.is_none());
    review.choices.retain(|(which, _), _| staged.contains(which));
    (review.planned, review.error) = (Some(planned), None);
    (review.weighed, review.told) = (None, None);
    review.effects.clear();
}

/// Brings the review to the front.
pub(super) fn show(state: &mut State, shown: bool) {
    super::update::show(state, Screen::Connections);
    if !state.review.shown {
        // How the last apply ended was read by then.
        state.review.applied = None;
    }
    state.review.shown = shown && state.connected().is_some();
}

/// Asks for a plan where the registry has changed, and for its effect where it is looked at.
pub(super) fn wanted(state: &mut State) -> Vec<Effect> {
    let now =
        state.connected().filter(|kept| kept.pulled_at.is_some()).map(|kept| kept.connection.name.clone());
    let Some((name, open)) = now.zip(state.open.as_ref()) else {
        if state.review.asked.is_some() || state.review.planned.is_some() {
            state.review = state.review.fresh();
        }
        return Vec::new();
    };
    let mut effects = Vec::new();
    let basis = (name.clone(), open.revision);
    let busy = state
        .connections
        .work
        .as_ref()
        .is_some_and(|work| matches!(work.kind, WorkKind::Apply | WorkKind::CutOff));
    if state.review.planned.as_ref().is_some_and(|planned| planned.plan.connection != name) {
        state.review = state.review.fresh();
    }
    if state.review.asked.as_ref() != Some(&basis) && !state.review.waiting && !busy {
        let mine = open.registry().clone();
        let review = &mut state.review;
        review.ticket += 1;
        (review.asked, review.waiting) = (Some(basis), true);
        effects.push(Effect::Remote(RemoteTask::Plan { ticket: review.ticket, name, mine }));
    }
    let looked_at = state.review.shown && state.screen == Screen::Connections;
    if let Some(planned) =
        state.review.planned.clone().filter(|planned| looked_at && !planned.plan.steps.is_empty())
        && state.review.weighed.is_none()
    {
        let changes = planned.plan.steps.iter().map(|step| step.change.clone()).collect();
        let (weighing, effect) = state.weigh(Subject::Review, planned.base.clone(), changes, state.now);
        (state.review.weighed, state.review.weighing) = (Some(weighing.ticket), weighing);
        effects.push(effect);
    }
    tell_effects(&mut state.review);
    effects
}

/// Puts the effect of each step into words, once it is counted.
fn tell_effects(review: &mut Review) {
    let (Counting::Done(impact), Some(planned)) = (&review.weighing.counting, &review.planned) else {
        return;
    };
    if review.told == Some(review.weighing.ticket) || review.weighed != Some(review.weighing.ticket) {
        return;
    }
    review.told = Some(review.weighing.ticket);
    review.effects = planned.plan.steps.iter().map(|step| effect_of(step, impact)).collect();
}

/// Takes staged changes back: each is an edit like any other, so that undo brings it back.
fn discard(state: &mut State, which: impl Fn(&Change) -> bool) -> Vec<Effect> {
    let Some(planned) = state.review.planned.clone() else { return Vec::new() };
    let Some(open) = &state.open else { return Vec::new() };
    let back: Vec<Change> = diff(&planned.base, open.registry())
        .iter()
        .filter(|change| which(change))
        .map(Change::invert)
        .collect();
    let label = match back.as_slice() {
        [] => return Vec::new(),
        [one] => format!("Discard the staged change of {}", one.reference()),
        many => format!("Discard {} staged changes", many.len()),
    };
    let said = format!("{label}: undo stages it again");
    let effects = commit(state, vec![(label, back)]);
    if !effects.is_empty() {
        state.say(said);
    }
    effects
}

fn discard_refused(state: &mut State, named: &str) -> Vec<Effect> {
    discard(state, |change| change.reference().to_string() == named)
}

/// Carries the plan out; in production, and where something is removed for good, names are asked for first.
fn apply(state: &mut State) -> Vec<Effect> {
    if let Some(why) = state.not_applicable() {
        state.fail(why);
        return Vec::new();
    }
    let (Some(kept), Some(planned)) = (state.connected(), state.review.planned.clone()) else {
        return Vec::new();
    };
    let connection = &kept.connection;
    let mut asks = Vec::new();
    if is_production(connection) {
        asks.push(Ask::new("The connection's name", &connection.name));
    }
    let gone = planned.plan.steps.iter().filter(|step| step.is_final());
    let removals: Vec<Ask> = gone
        .filter_map(|step| step.change.before())
        .map(|entity| Ask::new("The name of what is deleted for good", title_of(entity)))
        .collect();
    let final_ones = removals.len();
    asks.extend(removals);
    if asks.is_empty() {
        return apply_now(state);
    }
    let changes = count_of(planned.plan.count());
    let mut words = "Each item is read again before it is written, and stops at a conflict.".to_owned();
    if final_ones > 0 {
        words.push_str(" What is deleted cannot be brought back: a new client has another id. Revoke access instead where that may be wanted.");
    }
    state.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        title: format!("Apply {changes} to {}?", connection.name),
        words,
        asks,
        act: format!("Apply {changes}"),
        then: Confirmed::Apply,
    })));
    Vec::new()
}

/// `1 change`, `7 changes`.
#[must_use]
pub fn count_of(changes: usize) -> String {
    counted(changes, "change")
}

fn title_of(entity: &Entity) -> &str {
    match entity {
        Entity::Application(app) => super::removing::own_name(app),
        Entity::Api(api) => api.title(),
        _ => "",
    }
}

pub(super) fn apply_now(state: &mut State) -> Vec<Effect> {
    let (Some(kept), Some(planned)) = (state.connected(), state.review.planned.clone()) else {
        return Vec::new();
    };
    let name = kept.connection.name.clone();
    let (plan, choices) = (planned.plan.clone(), state.review.choices.clone());
    state.review.applied = None;
    state.review.outcomes.clear();
    state.review.action = None;
    begin(state, &name.clone(), WorkKind::Apply, RemoteTask::Apply { name, plan, choices })
}

fn applied(state: &mut State, name: &str, result: Result<Applied, String>) -> Vec<Effect> {
    state.connections.work = None;
    state.review.outdated();
    match result {
        Err(error) => state.fail(error),
        Ok(applied) => {
            let mut words = format!("{name}: {} done", applied.done);
            if applied.conflicts > 0 {
                let wait = if applied.conflicts == 1 { "waits" } else { "wait" };
                words.push_str(&format!(", {} {wait} for a choice", applied.conflicts));
            }
            if applied.failed > 0 {
                words.push_str(&format!(", {} failed", applied.failed));
            }
            if applied.stopped {
                words.push_str("; paused, what is left stays staged");
            }
            state.say(words);
            state.review.choices.clear();
            state.review.applied = Some(applied);
        }
    }
    // What is wanted of the Action is settled with it.
    vec![look(state), Effect::Remote(RemoteTask::List)]
}

fn cut_off(state: &mut State, result: Result<(), String>) -> Vec<Effect> {
    state.connections.work = None;
    state.review.outdated();
    match result {
        Ok(()) => state.dialog = state.cutting.take().map(Dialog::CutOff),
        Err(error) => {
            state.cutting = None;
            state.fail(error);
        }
    }
    vec![look(state)]
}
