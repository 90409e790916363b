//! The Tokens screen: samples are minted, tokens taken apart and held against the policy, keys kept, logs audited.

use super::{Audit, Effect, Screen, SettingsOf, State, Task, Verifying, verifying};
use crate::edit::{Past, rewind};
use crate::policy::{Policy, Request};
use crate::registry::Instant;
use crate::token::{Algorithm, Decoded, Dialect, KeyKind, KeySet, Secret, Subject, decode, issued_at};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

/// The Tokens screen.
#[derive(Debug)]
pub struct Tokens {
    /// Which of its pages is in front.
    pub page: TokenPage,
    /// What a sample is minted with, besides the Preview's question.
    pub mint: MintForm,
    /// The sample that was minted last, or why there is none.
    pub minted: Option<Result<MintedToken, String>>,
    /// What is typed or pasted to be taken apart.
    pub input: String,
    /// The token in it, or what is wrong.
    pub taken: Option<Result<Arc<Decoded>, String>>,
    /// The settings that judge it.
    pub judge: Option<Judge>,
    /// What it is verified with, and what that gave.
    pub verifying: Verifying,
    /// The keys that are kept, or why they cannot be read.
    pub keys: Result<Vec<StoredKey>, String>,
    /// A key that is being made or imported.
    pub new_key: NewKey,
    /// The log that is audited.
    pub audit: Audit,
    judged: Option<(u64, SettingsOf, Option<Instant>)>,
}

/// A page of the Tokens screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TokenPage {
    /// A sample of one's own.
    Mint,
    /// A token from elsewhere.
    #[default]
    Decode,
    /// Every token of a log.
    Audit,
    /// What samples are signed and tokens verified with.
    Keys,
}

/// What a sample is minted with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MintForm {
    /// The name of the stored key; the service's, or the only one, where none is chosen.
    pub key: Option<String>,
    /// The algorithm; the first that the key allows where none is chosen.
    pub algorithm: Option<Algorithm>,
    /// Whose way of writing tokens is followed.
    pub dialect: Dialect,
    /// Claims to add, `name=value` in a line each; a value is JSON, or else a text.
    pub claims: String,
    /// Whether they may replace the token's own.
    pub replace: bool,
}

/// A sample that was minted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MintedToken {
    /// The token.
    pub token: String,
    /// What signed it.
    pub signed_by: String,
    /// Its own claims that were replaced: it is not what the policy decides.
    pub replaced: Vec<String>,
}

/// What a sample is minted from, beside the window.
#[derive(Debug, Clone)]
pub struct MintQuestion {
    /// The settings in force.
    pub policy: Policy,
    /// The Preview's question.
    pub request: Request,
    /// How it is written and signed.
    pub form: MintForm,
    /// The claims to add.
    pub claims: Vec<(String, Value)>,
}

/// The settings that judge a token.
#[derive(Debug, Clone)]
pub struct Judge {
    /// The settings.
    pub policy: Policy,
    /// The instant at which they were in force, where it is not today's.
    pub at: Option<Instant>,
    /// Where history does not reach back so far: when it begins.
    pub begins: Option<Instant>,
}

/// A key that is kept, with what everybody may see of it.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// Its name.
    pub name: String,
    /// The key or keys; what is secret in them cannot be shown.
    pub set: KeySet,
    /// Where its secret lies, in words.
    pub place: &'static str,
}

/// A key that is being made or imported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewKey {
    /// Its name.
    pub name: String,
    /// What kind is generated.
    pub kind: KeyKind,
    /// The file that is imported.
    pub path: String,
    /// What went wrong.
    pub error: Option<String>,
}

/// What is done with keys, beside the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyTask {
    /// List what is kept.
    List,
    /// Make a key and keep it under a name.
    Generate(String, KeyKind),
    /// Keep the key of a file under a name.
    Import(String, PathBuf),
    /// Delete a key for good.
    Delete(String),
    /// Write the public halves as a JWKS.
    ExportPublic(PathBuf),
    /// Read the keys of a file to verify with.
    Read(PathBuf),
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            page: TokenPage::default(),
            mint: MintForm::default(),
            minted: None,
            input: String::new(),
            taken: None,
            judge: None,
            verifying: Verifying::default(),
            keys: Ok(Vec::new()),
            new_key: NewKey::default(),
            audit: Audit::default(),
            judged: None,
        }
    }
}

impl Default for KeyKind {
    fn default() -> Self {
        Self::ALL.into_iter().next().unwrap_or(Self::Ed25519)
    }
}

impl Tokens {
    /// Another registry is open: what the last one said about tokens no longer holds.
    pub(super) fn other_registry(&mut self) {
        (self.judge, self.judged, self.minted) = (None, None, None);
        self.audit.other_registry();
    }

    /// The stored key of this name.
    #[must_use]
    pub fn stored(&self, name: &str) -> Option<&StoredKey> {
        self.keys.as_ref().ok()?.iter().find(|key| key.name == name)
    }

    /// The stored keys that can sign.
    pub fn signers(&self) -> impl Iterator<Item = &StoredKey> {
        let keys = self.keys.as_deref().unwrap_or_default();
        keys.iter().filter(|stored| stored.set.keys().iter().any(|key| key.can_sign()))
    }
}

impl State {
    /// The question of the token that is taken apart, where it is in front, and what judges it.
    pub(super) fn token_in_hand(&self) -> Option<(&Judge, Request)> {
        let shown = self.screen == Screen::Tokens && self.tokens.page == TokenPage::Decode;
        let judge = self.tokens.judge.as_ref().filter(|_| shown)?;
        let decoded = self.tokens.taken.as_ref()?.as_ref().ok()?;
        let subject = Subject::of(decoded, judge.policy.registry());
        Some((judge, subject.request()?.clone()))
    }
}

/// Reads `name=value` lines; a value is JSON, or else a text.
///
/// # Errors
/// A sentence about the first line that is no claim.
pub fn claims(text: &str) -> Result<Vec<(String, Value)>, String> {
    let line = |line: &str| match line.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            let value = value.trim();
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            Ok((name.trim().to_owned(), value))
        }
        _ => Err(format!("`{line}` is no claim; write name=value, for example tier=gold")),
    };
    text.lines().map(str::trim).filter(|text| !text.is_empty()).map(line).collect()
}

/// Mints a sample of the Preview's question.
pub(super) fn mint(state: &mut State) -> Vec<Effect> {
    let (Some(policy), request) = (state.policy().cloned(), state.preview.request(state.at())) else {
        return Vec::new();
    };
    match claims(&state.tokens.mint.claims) {
        Ok(claims) => {
            let form = state.tokens.mint.clone();
            vec![Effect::Mint(Box::new(MintQuestion { policy, request, form, claims }))]
        }
        Err(error) => {
            state.tokens.minted = Some(Err(error));
            Vec::new()
        }
    }
}

/// Writes the sample that was minted, as it is printed: a line of its own.
pub(super) fn save(state: &State, path: PathBuf) -> Vec<Effect> {
    let Some(Ok(minted)) = &state.tokens.minted else { return Vec::new() };
    vec![Effect::File(Task::Text(path, format!("{}\n", minted.token)))]
}

/// Takes apart what was typed or pasted.
pub(super) fn text(state: &mut State, text: String) {
    // A key that lands here is no token: it is taken to verify with, and its text is not kept.
    if verifying::holds_key(&text) {
        return verifying::pasted(state, &Secret::new(text));
    }
    let tokens = &mut state.tokens;
    tokens.taken = match text.trim().is_empty() {
        true => None,
        false => Some(decode(&text).map(Arc::new).map_err(|error| error.to_string())),
    };
    (tokens.input, tokens.judged) = (text, None);
    verifying::check(state);
}

/// Brings the settings that judge the token up to date: those in force when it was issued, or today's.
pub(super) fn judge(state: &mut State) {
    let Some(open) = &state.open else { return };
    let Some(Ok(decoded)) = &state.tokens.taken else {
        state.tokens.judge = None;
        return;
    };
    let issued = issued_at(decoded).filter(|at| *at < state.now);
    let basis = (open.revision, state.settings_of, issued);
    if state.tokens.judged == Some(basis) {
        return;
    }
    let judge = match issued.filter(|_| state.settings_of == SettingsOf::Then) {
        // Where nothing has changed since, today's settings are those of then.
        Some(at) if at < open.begins || open.entries.last().is_some_and(|entry| entry.at > at) => {
            let Past { registry, begins } = rewind(open.registry(), &open.entries, open.begins, at);
            Judge { policy: Policy::new(Arc::new(registry)), at: Some(at), begins }
        }
        _ => Judge { policy: open.policy.clone(), at: None, begins: None },
    };
    (state.tokens.judge, state.tokens.judged) = (Some(judge), Some(basis));
}

/// Shows a page; the keys are read again, since another program may have changed them.
pub(super) fn page(state: &mut State, page: TokenPage) -> Vec<Effect> {
    state.tokens.page = page;
    state.screen = Screen::Tokens;
    vec![Effect::Keys(KeyTask::List)]
}

/// The keys that are kept, as they are now.
pub(super) fn listed(state: &mut State, keys: Result<Vec<StoredKey>, String>) {
    // A new key that is now kept leaves its field free for the next.
    let kept = state.tokens.stored(state.tokens.new_key.name.trim()).is_none();
    state.tokens.keys = keys;
    state.tokens.new_key.error = None;
    if kept && state.tokens.stored(state.tokens.new_key.name.trim()).is_some() {
        (state.tokens.new_key.name, state.tokens.new_key.path) = (String::new(), String::new());
    }
    verifying::check(state);
}
