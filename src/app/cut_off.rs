//! Cutting an application off at once, and until when the tokens that it holds may live.

use super::update::commit;
use super::{Dialog, Effect, State};
use crate::edit::{EntityRef, Kind, operation};
use crate::registry::{Application, Instant, ProfileName};
use std::collections::BTreeSet;

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
    /// What may still live, the longest first.
    pub tokens: Vec<LivingTokens>,
}

/// Tokens that were handed out and may still be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LivingTokens {
    /// For which API.
    pub audience: String,
    /// The latest `exp` of any of them.
    pub until: Instant,
}

impl State {
    /// The tokens that an application may hold at an instant, of grants that it has and had.
    #[must_use]
    pub fn living_tokens(&self, application: &Application, at: Instant) -> Vec<LivingTokens> {
        let Some(open) = &self.open else { return Vec::new() };
        let profile = open.registry().service.issuer_profile;
        let id = &application.client_id;
        let of = EntityRef { kind: Kind::Application, id: id.clone() };
        let mut audiences: BTreeSet<&str> =
            application.grants.iter().map(|grant| grant.audience.as_str()).collect();
        for change in open.entries_of(Some(&of)).flat_map(|entry| &entry.draft.changes) {
            if let Some(crate::edit::Entity::Application(before)) = change.before()
                && before.client_id == *id
            {
                audiences.extend(before.grants.iter().map(|grant| grant.audience.as_str()));
            }
        }
        let living = |audience: &str| {
            let until = open.timeline().tokens_until(profile, id, audience, at)?;
            (until > at).then(|| LivingTokens { audience: audience.to_owned(), until })
        };
        let mut tokens: Vec<LivingTokens> = audiences.into_iter().filter_map(living).collect();
        tokens.sort_by_key(|tokens| std::cmp::Reverse(tokens.until));
        tokens
    }
}

/// Suspends the selected application at once, and shows until when its tokens may live.
pub(super) fn cut_off(state: &mut State) -> Vec<Effect> {
    let Some(application) = state.selected_application().cloned() else { return Vec::new() };
    let (now, title) = (state.now, application.title().to_owned());
    // Asked before the edit: what may have been handed out until this second.
    let tokens = state.living_tokens(&application, now);
    let Some(change) = operation::suspend(&application) else { return Vec::new() };
    let effects = commit(state, vec![(format!("Cut off {title}"), vec![change])]);
    if let (false, Some(open)) = (effects.is_empty(), &state.open) {
        let profile = open.registry().service.issuer_profile;
        let client_id = application.client_id.clone();
        state.dialog = Some(Dialog::CutOff(CutOff { client_id, title, at: now, profile, tokens }));
    }
    effects
}
