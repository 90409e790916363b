//! What is asked before something that cannot be undone: words to type, so that the right thing is meant.

use super::{Effect, RemoteTask, State, WorkKind, connections, cut_off, forgetting, removing, review};

/// A question before something that cannot be undone.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// What is about to be done.
    pub title: String,
    /// What that means.
    pub words: String,
    /// What is to be typed.
    pub asks: Vec<Ask>,
    /// The name of the button.
    pub act: String,
    /// What is done then.
    pub then: Confirmed,
}

/// Something to type.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What is asked for: `the connection's name`.
    pub what: String,
    /// What is expected.
    pub expected: String,
    /// What is typed.
    pub typed: String,
}

/// What was asked for.
#[derive(Debug, Clone)]
pub enum Confirmed {
    /// A connection goes.
    Forget(String),
    /// The plan is carried out.
    Apply,
    /// The access of an application is taken away.
    CutOff(String),
    /// An application is deleted, which is staged.
    Delete(String),
}

impl Ask {
    /// Asks for a name.
    pub(super) fn new(what: impl Into<String>, expected: &str) -> Self {
        Self { what: what.into(), expected: expected.to_owned(), typed: String::new() }
    }
}

impl Confirm {
    /// Whether everything is typed as it should be.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.asks.iter().all(|ask| ask.typed.trim() == ask.expected.trim())
    }
}

/// Does what was asked for, where everything is typed.
pub(super) fn accept(state: &mut State, confirm: Box<Confirm>) -> Vec<Effect> {
    if !confirm.is_met() {
        state.dialog = Some(super::Dialog::Confirm(confirm));
        return Vec::new();
    }
    match confirm.then {
        Confirmed::Forget(name) => forgetting::forget(state, &name),
        Confirmed::Apply => review::apply_now(state),
        Confirmed::CutOff(client_id) => cut_off::at_remote(state, &client_id),
        Confirmed::Delete(client_id) => removing::remove_one(state, &client_id),
    }
}

/// Begins to take an application's access away.
pub(super) fn cut(state: &mut State, name: &str, client_id: &str) -> Vec<Effect> {
    let task = RemoteTask::CutOff { name: name.to_owned(), client_id: client_id.to_owned() };
    connections::begin(state, name, WorkKind::CutOff, task)
}
