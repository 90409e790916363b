//! Templates: what new applications begin with.

use super::stored::commit;
use super::{Dialog, Effect, NewWhat, State};
use crate::edit::operation;

/// Removes a template; a dialog that has chosen it goes on without.
pub(super) fn remove(state: &mut State, name: &str) -> Vec<Effect> {
    let Some(template) = state.open.as_ref().and_then(|open| open.registry().template(name).cloned()) else {
        return Vec::new();
    };
    let label = format!("Delete template {name}");
    let effects = commit(state, vec![(label.clone(), vec![operation::remove_template(&template)])]);
    if effects.is_empty() {
        return effects;
    }
    if let Some(Dialog::New { what: NewWhat::Application(chosen), .. }) = &mut state.dialog {
        chosen.take_if(|chosen| chosen == name);
    }
    state.say(format!("{label}: undo brings it back"));
    effects
}
