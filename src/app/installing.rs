//! The Action that keeps an Auth0 connection to the ends of trials: staged with its next apply, taken back, or unbound.

use super::connections::{begin, look};
use super::stored::commit;
use super::{Effect, RemoteTask, State, WorkKind, review};
use crate::export::Enforcement;
use crate::policy::{Strategy, enforcing, enforcing_label};
use crate::remote::{Connection, Vendor, WantedAction, enforcement_of};

impl State {
    /// The Auth0 connection whose registry is open: where an Action can be installed.
    #[must_use]
    pub fn installs_in(&self) -> Option<&super::OnDisk> {
        self.connected().filter(|kept| matches!(kept.connection.vendor, Vendor::Auth0 { .. }))
    }
}

/// The settings for a connection: what the Action reads is what the connection writes.
pub(super) fn of_connection(enforcement: &Enforcement, connection: &Connection) -> Enforcement {
    match &connection.vendor {
        Vendor::Auth0 { metadata, .. } => enforcement_of(enforcement, metadata),
        _ => enforcement.clone(),
    }
}

/// Stages the Action of the chosen way; one that shortens lifetimes stages these too.
pub(super) fn install(state: &mut State) -> Vec<Effect> {
    let Some(kept) = state.installs_in() else { return Vec::new() };
    let name = kept.connection.name.clone();
    let enforcement = of_connection(&state.exporting.enforcement, &kept.connection);
    let mut effects = say(state, Some(enforcement.strategy));
    effects.extend(want(state, name, WantedAction::Install(enforcement)));
    effects
}

/// Stages that the Action is bound no more.
pub(super) fn unbind(state: &mut State) -> Vec<Effect> {
    let Some(kept) = state.installs_in() else { return Vec::new() };
    let name = kept.connection.name.clone();
    let mut effects = say(state, None);
    effects.extend(want(state, name, WantedAction::Unbind));
    effects
}

/// Stages what the registry says of a tenant in which the Action runs, or runs no more.
fn say(state: &mut State, strategy: Option<Strategy>) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    let changes = enforcing(open.registry(), strategy);
    if changes.is_empty() { Vec::new() } else { commit(state, vec![(enforcing_label(strategy), changes)]) }
}

fn want(state: &mut State, name: String, wanted: WantedAction) -> Vec<Effect> {
    let effects = begin(state, &name.clone(), WorkKind::Action, RemoteTask::WantAction { name, wanted });
    if !effects.is_empty() {
        state.dialog = None;
    }
    effects
}

/// Takes back what is staged of it.
pub(super) fn discard(state: &State) -> Vec<Effect> {
    let staged = state.review.planned.as_ref().is_some_and(|planned| planned.plan.action.is_some());
    let name = state.installs_in().filter(|_| staged).map(|kept| kept.connection.name.clone());
    name.map(|name| Effect::Remote(RemoteTask::DiscardAction(name))).into_iter().collect()
}

/// What is wanted lies on disk now: the plan is made anew, and is what one sees.
pub(super) fn staged(state: &mut State, staged: Result<Option<String>, String>) -> Vec<Effect> {
    state.connections.work = None;
    match staged {
        Err(error) => state.fail(error),
        Ok(unread) => {
            state.review.outdated();
            review::show(state, true);
            if let Some(why) = unread {
                state.fail(format!("staged; what is bound there was not read: {why}"));
            }
        }
    }
    vec![look(state), Effect::Remote(RemoteTask::List)]
}
