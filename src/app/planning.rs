//! The plan of a bulk edit: made anew at each key stroke, beside the window where many change, and carried out.

use super::stored::commit;
use super::{Basis, Bulk, Dialog, Effect, Plan, PlanQuestion, State, Subject};

/// Plans a bulk edit anew from what is typed; its effect is counted beside the window.
pub(super) fn typed(state: &mut State, text: String, only_later: bool) -> Vec<Effect> {
    let (now, zone) = (state.now, state.settings.zone());
    state.weighings += 1;
    let ticket = state.weighings;
    let (Some(Dialog::Bulk(bulk)), Some(open)) = (&mut state.dialog, &state.open) else {
        return Vec::new();
    };
    (bulk.text, bulk.only_later) = (text, only_later);
    if bulk.replan(Basis { registry: open.registry(), now, zone }) {
        return weighed(state);
    }
    bulk.planning = Some(ticket);
    let (bulk, registry) = (Bulk::clone(bulk), open.registry().clone());
    vec![Effect::Plan(PlanQuestion { ticket, bulk, registry, now, zone })]
}

/// Takes the answer to the newest question; a person who did not wait for it has said yes already.
pub(super) fn planned(state: &mut State, ticket: u64, plan: Result<Plan, String>) -> Vec<Effect> {
    let Some(Dialog::Bulk(bulk)) = &mut state.dialog else { return Vec::new() };
    if bulk.planning != Some(ticket) {
        return Vec::new();
    }
    (bulk.planning, bulk.plan) = (None, plan);
    if !std::mem::take(&mut bulk.accepted) {
        return weighed(state);
    }
    match state.dialog.take() {
        Some(Dialog::Bulk(bulk)) => accept(state, bulk),
        _ => Vec::new(),
    }
}

fn weighed(state: &mut State) -> Vec<Effect> {
    let changes = match &state.dialog {
        Some(Dialog::Bulk(bulk)) => bulk.plan.as_ref().map(|plan| plan.changes.clone()).unwrap_or_default(),
        _ => return Vec::new(),
    };
    if changes.is_empty() {
        return Vec::new();
    }
    let (weighing, effect) = state.weigh_today(Subject::Dialog, changes);
    if let Some(Dialog::Bulk(bulk)) = &mut state.dialog {
        bulk.weighing = weighing;
    }
    Vec::from_iter(effect)
}

/// Makes what is planned, or remembers that it is wanted as soon as it is.
pub(super) fn accept(state: &mut State, mut bulk: Box<Bulk>) -> Vec<Effect> {
    match bulk.plan {
        Ok(plan) if !plan.changes.is_empty() => {
            let said = format!("{}: undo takes it back", plan.label);
            let effects = commit(state, vec![(plan.label, plan.changes)]);
            if !effects.is_empty() {
                state.say(said);
            }
            effects
        }
        _ => {
            bulk.accepted = bulk.planning.is_some();
            state.dialog = Some(Dialog::Bulk(bulk));
            Vec::new()
        }
    }
}
