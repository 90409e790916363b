//! Credentials: asked for where none are kept, and replaced where there are new ones.

use super::connections::{begin, heard};
use super::{Dialog, Effect, KeepIn, RemoteMessage, RemoteTask, SignInFor, State, WorkKind, review};
use crate::remote::{Connection, Credentials, Kept};
use crate::token::Secret;
use std::sync::Arc;

/// Asks for all parts anew: those that are kept are not shown to anybody.
pub(super) fn ask(state: &mut State, connection: Connection, then: SignInFor) {
    let parts = connection.vendor.secrets().iter().map(|_| Arc::new(Secret::new(Vec::new()))).collect();
    state.dialog = Some(Dialog::SignIn { connection: Box::new(connection), parts, then });
}

/// Asks for credentials in the place of those that there are: a secret was rotated, or was wrong.
pub(super) fn ask_new(state: &mut State, name: &str) {
    let Some(connection) = state.connection(name).map(|kept| kept.connection.clone()) else { return };
    let keep = match connection.credentials {
        Kept::Asked => KeepIn::Nowhere,
        Kept::Stored if state.connections.has_keyring => KeepIn::System,
        Kept::Stored => KeepIn::File,
    };
    ask(state, connection, SignInFor::Keeping(keep));
}

pub(super) fn typed(state: &mut State, place: usize, part: Arc<Secret>) {
    if let Some(Dialog::SignIn { parts, .. }) = &mut state.dialog
        && let Some(old) = parts.get_mut(place)
    {
        *old = part;
    }
}

pub(super) fn keep_in(state: &mut State, keep: KeepIn) {
    if let Some(Dialog::SignIn { then: SignInFor::Keeping(kept), .. }) = &mut state.dialog {
        *kept = keep;
    }
}

/// Goes on with what was typed, once every part is.
pub(super) fn accept(
    state: &mut State,
    mut connection: Box<Connection>,
    parts: Vec<Arc<Secret>>,
    then: SignInFor,
) -> Vec<Effect> {
    if parts.iter().any(|part| part.expose().is_empty()) {
        state.dialog = Some(Dialog::SignIn { connection, parts, then });
        return Vec::new();
    }
    let parts = parts.iter().map(|part| Secret::new(part.expose())).collect();
    let secret = Arc::new(Credentials::new(parts).to_secret());
    match then {
        SignInFor::Now(task) => {
            let kind = match &*task {
                RemoteTask::Pull(_) => WorkKind::Pull,
                RemoteTask::Apply { .. } => WorkKind::Apply,
                RemoteTask::CutOff { .. } => WorkKind::CutOff,
                RemoteTask::WantAction { .. } => WorkKind::Action,
                _ => WorkKind::Test,
            };
            let name = connection.name;
            begin(state, &name.clone(), kind, RemoteTask::SignIn(name, secret, task))
        }
        SignInFor::Keeping(keep) => {
            connection.credentials = if keep == KeepIn::Nowhere { Kept::Asked } else { Kept::Stored };
            vec![Effect::Remote(RemoteTask::Keep(*connection, secret, keep))]
        }
    }
}

/// A connection is kept, or its new credentials are, which are tried at once.
pub(super) fn kept(state: &mut State, name: &str) -> Vec<Effect> {
    let is_new = state.connection(name).is_none();
    state.dialog.take_if(|dialog| matches!(dialog, Dialog::Connect(_)));
    review::show(state, false);
    let mut effects = vec![Effect::Remote(RemoteTask::List)];
    if is_new {
        state.say(format!("The connection {name} is kept; pull to see what is there"));
    } else {
        state.say(format!("The new credentials of {name} are kept"));
        effects.extend(heard(state, RemoteMessage::Test(name.to_owned())));
    }
    effects
}
