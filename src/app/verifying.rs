//! What tokens are verified with: stored keys, those of a file, pasted ones, or those behind an address that a person typed.

use super::{Effect, KeyTask, State, StoredKey, Tokens};
use crate::registry::Instant;
use crate::remote::http::address;
use crate::token::{Decoded, KeySet, Secret, SignatureState, Verification, verify_signature};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a token is verified with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Verify {
    /// The stored key that the token names by its `kid`; without one, and in a log, the signature is not looked at.
    #[default]
    Named,
    /// A stored key, by its name.
    Stored(String),
    /// The keys of a file.
    File(PathBuf),
    /// Keys that were pasted.
    Pasted,
    /// The keys behind an address that a person typed; empty until one is.
    Url(String),
}

/// The choice, and the keys that belong to it.
#[derive(Debug, Default)]
pub struct Verifying {
    /// What is chosen.
    pub with: Verify,
    /// The keys of the file, or those that were pasted. They go when something else is chosen.
    pub given: Option<KeySet>,
    /// Why what was pasted is no key.
    pub error: Option<String>,
    /// Keys behind addresses.
    pub jwks: Jwks,
    /// What the token in front was checked with.
    pub checked: Option<CheckedWith>,
}

/// The keys behind addresses, fetched when a person asks.
#[derive(Debug, Default)]
pub struct Jwks {
    /// The address that is typed.
    pub typed: String,
    /// The address that is being fetched.
    pub fetching: Option<String>,
    /// What was fetched in this session, by address.
    pub fetched: BTreeMap<String, Fetched>,
    /// What went wrong.
    pub error: Option<String>,
    ticket: u64,
}

/// The keys of an address.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// When they were fetched.
    pub at: Instant,
    /// The keys.
    pub keys: KeySet,
}

/// A signature that was looked at.
#[derive(Debug, Clone)]
pub struct CheckedWith {
    /// What the keys are called.
    pub name: String,
    /// The keys.
    pub keys: KeySet,
    /// What is known.
    pub found: Verification,
}

impl Tokens {
    /// The keys that are chosen for every token, where any are.
    #[must_use]
    pub fn chosen_keys(&self) -> Option<&KeySet> {
        match &self.verifying.with {
            Verify::Named => None,
            Verify::Stored(name) => self.stored(name).map(|stored| &stored.set),
            Verify::File(_) | Verify::Pasted => self.verifying.given.as_ref(),
            Verify::Url(url) => self.verifying.jwks.fetched.get(url).map(|fetched| &fetched.keys),
        }
    }

    /// Looks at the signature of a token with what is chosen.
    fn check(&self, decoded: &Decoded) -> Option<CheckedWith> {
        let with = |name: String, keys: &KeySet| {
            let found = verify_signature(decoded, keys);
            CheckedWith { name, keys: keys.clone(), found }
        };
        let name = match &self.verifying.with {
            Verify::Named => {
                let kid = decoded.kid()?;
                let mut checked =
                    self.named(&kid).map(|stored| with(stored.name.clone(), &stored.set)).peekable();
                // The same key may be kept under two names, and two keys under one `kid`.
                let first = checked.peek().cloned();
                return checked.find(|checked| checked.found.state == SignatureState::Valid).or(first);
            }
            Verify::Stored(name) => name.clone(),
            Verify::File(path) => {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            }
            Verify::Pasted => "the pasted key".to_owned(),
            Verify::Url(url) => {
                let host = address(url).ok().and_then(|url| url.host_str().map(str::to_owned));
                format!("the keys of {}", host.unwrap_or_default())
            }
        };
        self.chosen_keys().map(|keys| with(name, keys))
    }

    /// The stored keys of this `kid`.
    fn named<'t>(&'t self, kid: &'t str) -> impl Iterator<Item = &'t StoredKey> {
        let stored = self.keys.as_deref().unwrap_or_default();
        stored.iter().filter(move |stored| {
            stored.set.keys().iter().any(|key| key.id() == kid || key.thumbprint() == kid)
        })
    }
}

/// Looks at the signature of the token in front anew.
pub(super) fn check(state: &mut State) {
    let tokens = &mut state.tokens;
    let decoded = tokens.taken.as_ref().and_then(|taken| taken.as_ref().ok());
    tokens.verifying.checked = decoded.and_then(|decoded| tokens.check(decoded));
}

/// Verifies with something else.
pub(super) fn verify_with(state: &mut State, with: Verify) -> Vec<Effect> {
    let verifying = &mut state.tokens.verifying;
    (verifying.given, verifying.error) = (None, None);
    if let Verify::Url(url) = &with {
        verifying.jwks.typed.clone_from(url);
    }
    verifying.with = with.clone();
    check(state);
    match with {
        Verify::File(path) => vec![Effect::Keys(KeyTask::Read(path))],
        _ => Vec::new(),
    }
}

/// The keys of a file, to verify with.
pub(super) fn keys_read(state: &mut State, path: PathBuf, set: Result<KeySet, String>) {
    match set {
        Ok(set) => give(state, Verify::File(path), set),
        Err(error) => state.fail(error),
    }
}

/// Whether a text is a key, or was meant to be one, and so is not to be seen.
#[must_use]
pub fn holds_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----") || KeySet::read(text.as_bytes()).is_ok()
}

/// Keys that were pasted, to verify with; the text itself is not kept.
pub(super) fn pasted(state: &mut State, text: &Secret) {
    match KeySet::read(text.expose()) {
        Ok(set) => give(state, Verify::Pasted, set),
        Err(error) => {
            let verifying = &mut state.tokens.verifying;
            (verifying.with, verifying.given) = (Verify::Pasted, None);
            verifying.error = Some(error.to_string());
            check(state);
        }
    }
}

fn give(state: &mut State, with: Verify, set: KeySet) {
    let verifying = &mut state.tokens.verifying;
    (verifying.with, verifying.given, verifying.error) = (with, Some(set), None);
    check(state);
}

/// An address is being typed; the one that was fetched before goes on verifying until this one is fetched.
pub(super) fn url_typed(state: &mut State, url: String) {
    let jwks = &mut state.tokens.verifying.jwks;
    (jwks.typed, jwks.error) = (url, None);
}

/// Verifies with the keys of the address that is typed; they are fetched once in a session, and again when asked for.
pub(super) fn fetch(state: &mut State, again: bool) -> Vec<Effect> {
    let jwks = &mut state.tokens.verifying.jwks;
    let url = jwks.typed.trim().to_owned();
    if let Err(error) = address(&url) {
        jwks.error = Some(error.to_string());
        return Vec::new();
    }
    let mut effects = stop(state);
    let jwks = &mut state.tokens.verifying.jwks;
    jwks.error = None;
    if again || !jwks.fetched.contains_key(&url) {
        jwks.ticket += 1;
        jwks.fetching = Some(url.clone());
        effects.push(Effect::FetchJwks(jwks.ticket, url.clone()));
    }
    state.tokens.verifying.with = Verify::Url(url);
    check(state);
    effects
}

/// Leaves what is being fetched.
pub(super) fn stop(state: &mut State) -> Vec<Effect> {
    let jwks = &mut state.tokens.verifying.jwks;
    let ticket = jwks.ticket;
    jwks.fetching.take().map(|_| Effect::StopJwks(ticket)).into_iter().collect()
}

/// What an address holds; the answer to a question that was left, or to an earlier one, counts for nothing.
pub(super) fn fetched(state: &mut State, ticket: u64, url: String, result: Result<KeySet, String>) {
    let at = state.now;
    let jwks = &mut state.tokens.verifying.jwks;
    if jwks.ticket != ticket || jwks.fetching.take().is_none() {
        return;
    }
    match result {
        Ok(keys) => drop(jwks.fetched.insert(url, Fetched { at, keys })),
        Err(error) => jwks.error = Some(error),
    }
    check(state);
}
