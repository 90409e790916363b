//! Cutting an application off at once, and until when the tokens that it holds may live.

use super::connections::is_production;
use super::stored::commit;
use super::{Ask, Confirm, Confirmed, Dialog, Effect, State, confirm};
use crate::edit::operation;
use crate::policy::Timeline;
use crate::registry::{Instant, ProfileName};

/// An application that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    /// Who.
    pub client_id: String,
    /// What to call it.
    pub title: String,
    /// When.
    pub at: Instant,
    /// By which issuer its tokens were handed out.
    pub profile: ProfileName,
    /// The audiences for which tokens may still live, and until when; the longest first.
    pub tokens: Vec<(String, Instant)>,
}

/// Suspends the selected application at once, and shows until when its tokens may live.
pub(super) fn cut_off(state: &mut State) -> Vec<Effect> {
    let Some(application) = state.selected_application().cloned() else { return Vec::new() };
    if let Some(kept) = state.connected() {
        let connection = kept.connection.clone();
        if !is_production(&connection) {
            return at_remote(state, &application.client_id);
        }
        state.dialog = Some(Dialog::Confirm(Box::new(Confirm {
            title: format!("Cut {} off at {} now?", application.title(), connection.name),
            words: "Its access is taken away at once, past the review, and read back. Undo stages how to restore it."
                .to_owned(),
            asks: vec![Ask::new("The connection's name", &connection.name)],
            act: "Cut off now".to_owned(),
            then: Confirmed::CutOff(application.client_id.clone()),
        })));
        return Vec::new();
    }
    let title = application.title().to_owned();
    let Some(told) = living(state, &application.client_id, &title) else { return Vec::new() };
    let Some(change) = operation::suspend(&application) else { return Vec::new() };
    let effects = commit(state, vec![(format!("Cut off {title}"), vec![change])]);
    if !effects.is_empty() {
        state.dialog = Some(Dialog::CutOff(told));
    }
    effects
}

/// What may have been handed out until this second: asked before the edit. At a remote it is what was pulled that counts,
/// not what is staged.
fn living(state: &State, client_id: &str, title: &str) -> Option<CutOff> {
    let open = state.open.as_ref()?;
    let pulled = state.review.planned.as_ref().filter(|_| state.connected().is_some());
    let timeline = pulled.map_or_else(
        || open.timeline().clone(),
        |planned| Timeline::new(planned.base.clone(), &open.entries, open.begins).into(),
    );
    let profile = open.registry().service.issuer_profile;
    let tokens = timeline.living_tokens(profile, client_id, state.now);
    Some(CutOff { client_id: client_id.to_owned(), title: title.to_owned(), at: state.now, profile, tokens })
}

/// Takes the access away where the tokens are issued; what is staged stays staged.
pub(super) fn at_remote(state: &mut State, client_id: &str) -> Vec<Effect> {
    let Some(name) = state.connected().map(|kept| kept.connection.name.clone()) else { return Vec::new() };
    let registry = state.open.as_ref().map(|open| open.registry().clone()).unwrap_or_default();
    let Some(application) = registry.application(client_id) else { return Vec::new() };
    let told = living(state, client_id, application.title());
    let effects = confirm::cut(state, &name, client_id);
    if !effects.is_empty() {
        state.cutting = told;
    }
    effects
}
