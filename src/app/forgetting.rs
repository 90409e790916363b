//! Forgetting a connection: its registry is let go before its files are, and the one that was open before comes back.

use super::review::count_of;
use super::stored::put_away;
use super::{Confirm, Confirmed, Dialog, Effect, RemoteTask, Screen, State};

/// Asks whether it is meant.
pub(super) fn ask(state: &mut State, name: &str) {
    if let Some(work) = state.connections.work.as_ref().filter(|work| work.name == name) {
        state.fail(format!("{}; stop it first", work.words()));
        return;
    }
    let is_open = state.connected().is_some_and(|kept| kept.connection.name == name);
    let staged = match state.review.pending() {
        many if is_open && many > 0 => format!("{} not applied yet", count_of(many)),
        _ => "what is staged on this machine".to_owned(),
    };
    state.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        title: format!("Remove the connection {name}?"),
        words: format!(
            "What was pulled goes, {staged}, and its credentials. The remote is not touched, and an overlay file of your \
             choice stays."
        ),
        asks: Vec::new(),
        act: "Remove connection".to_owned(),
        then: Confirmed::Forget(name.to_owned()),
    })));
}

/// Begins: files that are open are not removed under whoever reads them.
pub(super) fn forget(state: &mut State, name: &str) -> Vec<Effect> {
    if state.connected().is_none_or(|kept| kept.connection.name != name) {
        return vec![Effect::Remote(RemoteTask::Remove(name.to_owned()))];
    }
    put_away(state);
    state.connections.leaving = Some(name.to_owned());
    vec![Effect::Close]
}

/// Its registry is let go: now its files can go.
pub(super) fn closed(state: &State) -> Vec<Effect> {
    let name = state.connections.leaving.clone();
    Vec::from_iter(name.map(|name| Effect::Remote(RemoteTask::Remove(name))))
}

/// It is forgotten, or is not: where it was open, what was open before is opened again, else there is the first page.
pub(super) fn forgotten(state: &mut State, result: Result<String, String>) -> Vec<Effect> {
    let left = state.connections.leaving.take();
    let mut effects = vec![Effect::Remote(RemoteTask::List)];
    match result {
        Err(error) => state.fail(error),
        Ok(name) => {
            if let Some(staged) = state.connection(&name).map(|kept| kept.staged.clone()) {
                state.settings.forget(&staged);
                effects.push(Effect::SaveSettings(state.settings.clone()));
            }
            state.connections.tested.remove(&name);
            state.connections.news.take_if(|(of, _)| *of == name);
            if left.is_some() {
                super::update::show(state, Screen::Applications);
                effects.extend(state.settings.recent.first().cloned().map(Effect::Open));
            }
            state.say(format!("Forgot the connection {name}; the remote is as it was"));
        }
    }
    effects
}
