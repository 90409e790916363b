//! Cutting an application off at once, and until when the tokens that it holds may live.

use super::stored::commit;
use super::{Dialog, Effect, State};
use crate::edit::operation;
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
    let (now, title) = (state.now, application.title().to_owned());
    // Asked before the edit: what may have been handed out until this second.
    let Some(open) = &state.open else { return Vec::new() };
    let profile = open.registry().service.issuer_profile;
    let tokens = open.timeline().living_tokens(profile, &application.client_id, now);
    let Some(change) = operation::suspend(&application) else { return Vec::new() };
    let effects = commit(state, vec![(format!("Cut off {title}"), vec![change])]);
    if !effects.is_empty() {
        let client_id = application.client_id.clone();
        state.dialog = Some(Dialog::CutOff(CutOff { client_id, title, at: now, profile, tokens }));
    }
    effects
}
