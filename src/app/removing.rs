//! Removing applications: one, after a question where it cannot be undone; many lose their access at a remote instead.

use super::review_rows::named;
use super::run::many;
use super::stored::commit;
use super::{Ask, BulkKind, Confirm, Confirmed, Dialog, Effect, State};
use crate::edit::operation;
use crate::registry::Application;
use std::sync::Arc;

/// Removes what is chosen; the keyboard stands on what comes behind it then.
pub(super) fn remove(state: &mut State) -> Vec<Effect> {
    let registry = state.policy().map(|policy| policy.registry().clone()).unwrap_or_default();
    let place = state.applications.selected_row(&registry);
    let chosen = state.chosen();
    let remote = state.connected().is_some();
    let [one] = chosen.as_slice() else {
        if remote {
            // What is deleted at a remote does not come back: many at once lose their access instead.
            state.say(
                "At a remote several are not deleted at once; their access is revoked, which can be restored",
            );
            return many(state, BulkKind::Revoke, "");
        }
        return many(state, BulkKind::Remove, "");
    };
    let is_new = state
        .review
        .planned
        .as_ref()
        .is_some_and(|planned| planned.base.application(&one.client_id).is_none());
    if remote && !is_new {
        state.dialog = Some(Dialog::Confirm(Box::new(delete_at_remote(one))));
        return Vec::new();
    }
    delete(state, one, place)
}

/// What a client alone is called: a customer may have several.
pub(super) fn own_name(one: &Application) -> &str {
    if one.name.trim().is_empty() { &one.client_id } else { &one.name }
}

/// Says what deleting at a remote means, and asks for the client's name.
fn delete_at_remote(one: &Application) -> Confirm {
    Confirm {
        title: format!("Delete {} for good?", named(one.title(), &one.client_id)),
        words: "Once it is applied it cannot be undone: a new client has another id and another secret. Revoke access \
                stops its tokens just as well, and can be taken back."
            .to_owned(),
        asks: vec![Ask::new("The client's name", own_name(one))],
        act: "Stage the deletion".to_owned(),
        then: Confirmed::Delete(one.client_id.clone()),
    }
}

/// Removes an application that was asked about.
pub(super) fn remove_one(state: &mut State, client_id: &str) -> Vec<Effect> {
    let registry = state.policy().map(|policy| policy.registry().clone()).unwrap_or_default();
    let place = state.applications.selected_row(&registry);
    registry.application(client_id).map_or_else(Vec::new, |one| delete(state, one, place))
}

fn delete(state: &mut State, one: &Arc<Application>, place: Option<usize>) -> Vec<Effect> {
    let label = format!("Delete {}", one.title());
    let effects = commit(state, vec![(label.clone(), vec![operation::remove_application(one)])]);
    if effects.is_empty() {
        return effects;
    }
    state.applications.marked.clear();
    state.refresh();
    let rows = &state.applications.rows;
    let row = place.and_then(|at| rows.get(at.min(rows.len().saturating_sub(1))));
    let id = row.and_then(|row| {
        state.policy()?.registry().applications().get(*row as usize).map(|a| a.client_id.clone())
    });
    state.applications.selected = id;
    state.say(format!("{label}: undo brings it back"));
    effects
}
