//! What is stored, taken back, changed by other programs, and opened.

use super::accept::conflict;
use super::{AsOf, Effect, Open, Preview, Refusal, Screen, State};
use crate::edit::{Change, Draft, Entry};
use std::path::PathBuf;

/// Carries edits out in memory and sends them to the store; the status line says when they are on disk.
pub(super) fn commit(state: &mut State, edits: Vec<(String, Vec<Change>)>) -> Vec<Effect> {
    let reason = state.reason.clone();
    let drafts =
        edits.into_iter().map(|(label, changes)| Draft::edit(label, reason.clone(), changes)).collect();
    send(state, drafts)
}

fn send(state: &mut State, drafts: Vec<Draft>) -> Vec<Effect> {
    if !state.editable() {
        return Vec::new();
    }
    let Some(open) = &mut state.open else { return Vec::new() };
    let changes: Vec<Change> = drafts.iter().flat_map(|draft| draft.changes.iter().cloned()).collect();
    if let Err(refused) = open.begin(changes) {
        state.fail(refused.to_string());
        conflict(state, &drafts, refused);
        return Vec::new();
    }
    // What was said of the edit before would be taken for this one's.
    state.notice = None;
    vec![Effect::Commit(drafts)]
}

pub(super) fn undo(state: &mut State, seqs: &[i64]) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    let drafts: Vec<Draft> = seqs
        .iter()
        .filter_map(|seq| open.entry(*seq))
        .map(|entry| Draft::undo(entry, state.reason.clone()))
        .collect();
    if drafts.is_empty() {
        return Vec::new();
    }
    let said = match drafts.as_slice() {
        [one] => one.label.clone(),
        many => format!("Undone: {} edits", many.len()),
    };
    let effects = send(state, drafts);
    if !effects.is_empty() {
        state.say(said);
    }
    effects
}

pub(super) fn redo(state: &mut State) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    let Some(entry) = open.stacks.next_redo().and_then(|seq| open.entry(seq)) else { return Vec::new() };
    let draft = Draft::redo(entry, state.reason.clone());
    let said = draft.label.clone();
    let effects = send(state, vec![draft]);
    if !effects.is_empty() {
        state.say(said);
    }
    effects
}

pub(super) fn committed(state: &mut State, result: Result<Vec<Entry>, Refusal>) -> Vec<Effect> {
    let Some(open) = &mut state.open else { return Vec::new() };
    open.end(result.is_ok());
    match result {
        Ok(entries) => {
            open.append(entries, false);
            Vec::new()
        }
        Err(error) => {
            // What is on disk may be more than what was known: show what is on disk.
            let path = open.path.clone();
            state.fail(error.text);
            if let Some((label, change, refused)) = error.conflict.map(|conflict| *conflict) {
                conflict(state, &[Draft::edit(label, "", vec![change])], refused);
            }
            vec![Effect::Open(path)]
        }
    }
}

pub(super) fn changed(state: &mut State, entries: Vec<Entry>) {
    let Some(open) = &mut state.open else { return };
    let words = match entries.as_slice() {
        [one] => format!("{} changed this registry: {}", one.who, one.draft.label),
        many => format!("{} edits by another program", many.len()),
    };
    open.append(entries, true);
    let own = state.connections.own_until.is_some_and(|until| state.now <= until);
    if !own && !state.is_applying() {
        state.say(words);
    }
}

/// Opens a registry, and says so meanwhile: a large one takes half a second.
pub(super) fn open(state: &mut State, path: PathBuf) -> Vec<Effect> {
    let name = state.connections.readable().find(|kept| kept.staged == path);
    let name = name.map(|kept| kept.connection.name.clone());
    let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    state.opening = Some(name.unwrap_or_else(stem));
    state.busy = Some("Opening…".to_owned());
    vec![Effect::Open(path)]
}

/// Puts the open registry away, with everything that was about it.
pub(super) fn put_away(state: &mut State) {
    state.open = None;
    another(state);
}

/// What was about the registry that was open goes.
fn another(state: &mut State) {
    state.applications = super::Applications::default();
    (state.api, state.history_of, state.history_entry) = (None, None, None);
    (state.guardrail, state.trials) = (None, super::Trials::default());
    (state.preview, state.as_of, state.considered) = (Preview::default(), AsOf::Live, None);
    state.fleet = state.fleet.fresh();
    state.tokens.other_registry();
}

pub(super) fn opened(state: &mut State, result: Result<Box<super::Opened>, String>) -> Vec<Effect> {
    (state.busy, state.opening) = (None, None);
    match result {
        Err(error) => {
            state.fail_in_dialog(error);
            Vec::new()
        }
        Ok(opened) => {
            state.dialog.take_if(|dialog| dialog.asks_path());
            state.forget_error();
            let same = state.open.as_ref().is_some_and(|open| open.path == opened.path);
            let revision = state.open.as_ref().map_or(0, |open| open.revision + 1);
            state.settings.opened(opened.path.clone());
            let mut open = Open::new(*opened);
            open.revision = revision;
            state.open = Some(open);
            if !same {
                another(state);
                (state.screen, state.dialog) = (Screen::Applications, None);
            }
            super::connections::opened(state);
            vec![Effect::SaveSettings(state.settings.clone())]
        }
    }
}
