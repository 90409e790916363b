//! The Connections screen: which remote registries there are, and what is under way with one of them.

use super::{
    ConnectForm, Dialog, Effect, Known, News, OnDisk, RemoteMessage, RemoteTask, Screen, SignInFor, State,
    forgetting, review, signing_in,
};
use crate::registry::Instant;
use crate::remote::{Access, Connection, Environment, Tried};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The Connections screen.
#[derive(Debug, Default)]
pub struct Connections {
    /// Those on this disk, by name.
    pub known: Vec<Known>,
    /// Whether the system has a key store.
    pub has_keyring: bool,
    /// What tests told, by name.
    pub tested: BTreeMap<String, Result<Vec<Tried>, String>>,
    /// What is under way; one thing at a time.
    pub work: Option<Work>,
    /// What the last pull brought, and of which connection.
    pub news: Option<(String, Arc<News>)>,
    /// Until when entries of this program's own work arrive, which was told already.
    pub(super) own_until: Option<Instant>,
    /// The registry that opens with the fleet in front: it was pulled for the first time.
    pub(super) fleet_next: Option<PathBuf>,
    /// The connection whose registry is let go, to be forgotten then.
    pub(super) leaving: Option<String>,
}

/// Something that is under way with a connection.
#[derive(Debug, Clone)]
pub struct Work {
    /// Which connection; empty for the one in the form.
    pub name: String,
    /// What.
    pub kind: WorkKind,
    /// So many are done.
    pub done: u64,
    /// Of so many, where that is known.
    pub of: Option<u64>,
    /// The person has said stop.
    pub stopping: bool,
    /// How long the last ones took: how many were done after how long.
    pace: VecDeque<(u64, Duration)>,
}

/// What is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkKind {
    /// Permissions are tried.
    Test,
    /// The remote is read.
    Pull,
    /// A plan is carried out.
    Apply,
    /// An application's access is taken away.
    CutOff,
    /// What is bound beside the Action is read.
    Action,
}

/// A count as people read it.
fn many(count: u64) -> String {
    super::grouped(usize::try_from(count).unwrap_or(usize::MAX))
}

impl Work {
    fn new(name: &str, kind: WorkKind) -> Self {
        let (name, pace) = (name.to_owned(), VecDeque::new());
        Self { name, kind, done: 0, of: None, stopping: false, pace }
    }

    /// Takes into account how far it is after so long.
    pub(super) fn at(&mut self, done: u64, of: Option<u64>, after: Duration) {
        const LATEST: usize = 24;
        (self.done, self.of) = (done, of);
        self.pace.push_back((done, after));
        if self.pace.len() > LATEST {
            self.pace.pop_front();
        }
    }

    /// How much longer it takes at the pace of the last items; nothing before there is a pace.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let ((first, from), (last, to)) = (self.pace.front()?, self.pace.back()?);
        let items = u32::try_from(last.checked_sub(*first)?).ok().filter(|items| *items > 0)?;
        let left = u32::try_from(self.of?.saturating_sub(self.done)).ok()?;
        Some(to.saturating_sub(*from) / items * left)
    }

    /// What it does, for the status line.
    #[must_use]
    pub fn words(&self) -> String {
        let name = &self.name;
        let what = match self.kind {
            WorkKind::Test => return format!("Testing {name}…"),
            WorkKind::Action => return format!("Reading the Actions of {name}…"),
            WorkKind::CutOff => return format!("Cutting off at {name}…"),
            WorkKind::Pull => format!("Pulling {name}"),
            WorkKind::Apply => format!("Applying to {name}"),
        };
        let end = if self.stopping { "; stopping after this item" } else { "" };
        match (self.done, self.of) {
            (0, None) => format!("{what}…"),
            (done, None) => format!("{what}: {} read{end}", many(done)),
            (done, Some(of)) => format!("{what}: {} of {}{end}", many(done), many(of)),
        }
    }
}

impl Connections {
    /// Those that can be read.
    pub fn readable(&self) -> impl Iterator<Item = &OnDisk> {
        self.known.iter().filter_map(|known| known.kept.as_deref().ok())
    }
}

impl State {
    /// Registries in files that were open, newest first; those of connections have names of their own.
    pub fn recent_files(&self) -> impl Iterator<Item = &PathBuf> {
        let staged = |path: &PathBuf| self.connections.readable().any(|kept| kept.staged == *path);
        self.settings.recent.iter().filter(move |path| !staged(path))
    }

    /// The connection whose staged registry is open.
    #[must_use]
    pub fn connected(&self) -> Option<&OnDisk> {
        let open = self.open.as_ref()?;
        self.connections.readable().find(|kept| kept.staged == open.path)
    }

    /// What is known of a connection.
    #[must_use]
    pub fn connection(&self, name: &str) -> Option<&OnDisk> {
        self.connections.readable().find(|kept| kept.connection.name == name)
    }
}

/// Takes one message about remote registries into account.
pub(super) fn heard(state: &mut State, message: RemoteMessage) -> Vec<Effect> {
    match message {
        RemoteMessage::List => return vec![Effect::Remote(RemoteTask::List)],
        RemoteMessage::New(kind) => {
            let form = ConnectForm::new(kind, state.connections.has_keyring);
            state.dialog = Some(Dialog::Connect(Box::new(form)));
        }
        RemoteMessage::Form(form) => {
            if matches!(state.dialog, Some(Dialog::Connect(_))) {
                state.dialog = Some(Dialog::Connect(form));
            }
        }
        RemoteMessage::TryForm => return try_form(state),
        RemoteMessage::NewCredentials(name) => signing_in::ask_new(state, &name),
        RemoteMessage::SignInPart(place, part) => signing_in::typed(state, place, part),
        RemoteMessage::SignInKeep(keep) => signing_in::keep_in(state, keep),
        RemoteMessage::Confirming(place, typed) => {
            if let Some(Dialog::Confirm(confirm)) = &mut state.dialog
                && let Some(ask) = confirm.asks.get_mut(place)
            {
                ask.typed = typed;
            }
        }
        RemoteMessage::Open(name) => return open(state, &name),
        RemoteMessage::Pull(name) => {
            return begin(state, &name, WorkKind::Pull, RemoteTask::Pull(name.clone()));
        }
        RemoteMessage::Test(name) => {
            state.connections.tested.remove(&name);
            return begin(state, &name, WorkKind::Test, RemoteTask::Test(name.clone()));
        }
        RemoteMessage::Set(connection) => return vec![Effect::Remote(RemoteTask::Set(connection))],
        RemoteMessage::Remove(name) => forgetting::ask(state, &name),
        RemoteMessage::Stop => {
            if let Some(work) = &mut state.connections.work {
                work.stopping = true;
            }
            return vec![Effect::Remote(RemoteTask::Stop)];
        }
        RemoteMessage::ShowNews => {
            if let Some((name, news)) = state.connections.news.clone() {
                state.dialog = Some(Dialog::News(name, news));
            }
        }
        RemoteMessage::Listed(known, has_keyring) => {
            (state.connections.known, state.connections.has_keyring) = (known, has_keyring);
        }
        RemoteMessage::Kept(Ok(name)) => return signing_in::kept(state, &name),
        RemoteMessage::Kept(Err(error)) => match &mut state.dialog {
            Some(Dialog::Connect(form)) => form.error = Some((super::ConnectField::Name, error)),
            _ => state.fail(error),
        },
        RemoteMessage::Removed(result) => return forgetting::forgotten(state, result),
        RemoteMessage::Tested(name, told) => {
            state.connections.work = None;
            match (name, &mut state.dialog) {
                (Some(name), _) => drop(state.connections.tested.insert(name, told)),
                (None, Some(Dialog::Connect(form))) => form.tested = Some(told),
                (None, _) => {}
            }
        }
        RemoteMessage::Under(done, of, after) => {
            if let Some(work) = &mut state.connections.work {
                work.at(done, of, after);
            }
        }
        RemoteMessage::Pulled(name, result) => return pulled(state, name, result),
        RemoteMessage::CredentialsWanted(connection, then) => {
            state.connections.work = None;
            signing_in::ask(state, connection, SignInFor::Now(then));
        }
        message => return review::heard(state, message),
    }
    Vec::new()
}

/// Begins something with a connection, where nothing else is under way.
pub(super) fn begin(state: &mut State, name: &str, kind: WorkKind, task: RemoteTask) -> Vec<Effect> {
    if let Some(work) = &state.connections.work {
        state.fail(format!("{}; wait for it, or stop it", work.words()));
        return Vec::new();
    }
    // What was said before would be taken for how this goes.
    state.notice = None;
    state.connections.work = Some(Work::new(name, kind));
    vec![Effect::Remote(task)]
}

/// Pulls the connection that is open, else the only one; among several one is to be chosen.
pub(super) fn pull(state: &mut State) -> Vec<Effect> {
    let open = state.connected().map(|kept| kept.connection.name.clone());
    let only = match state.connections.known.as_slice() {
        [one] => Some(one.name.clone()),
        _ => None,
    };
    if let Some(name) = open.or(only) {
        return heard(state, RemoteMessage::Pull(name));
    }
    review::show(state, false);
    state.say("There are several connections; choose which to pull");
    Vec::new()
}

fn try_form(state: &mut State) -> Vec<Effect> {
    let Some(Dialog::Connect(form)) = &mut state.dialog else { return Vec::new() };
    form.tested = None;
    // It is not kept yet, so that its name may be any.
    let mut named = (**form).clone();
    if named.name.trim().is_empty() {
        "new".clone_into(&mut named.name);
    }
    match named.read(&|_| false) {
        Err(error) => {
            form.error = Some(error);
            Vec::new()
        }
        Ok((connection, secret)) => {
            form.error = None;
            let name = connection.name.clone();
            begin(state, &name, WorkKind::Test, RemoteTask::Try(connection, secret))
        }
    }
}

/// Keeps what is typed.
pub(super) fn accept_form(state: &mut State, mut form: Box<ConnectForm>) -> Vec<Effect> {
    let taken =
        |name: &str| state.connections.known.iter().any(|known| known.name.eq_ignore_ascii_case(name));
    match form.read(&taken) {
        Ok((connection, secret)) => {
            form.error = None;
            let keep = form.keep;
            state.dialog = Some(Dialog::Connect(form));
            vec![Effect::Remote(RemoteTask::Keep(connection, secret, keep))]
        }
        Err(error) => {
            form.error = Some(error);
            state.dialog = Some(Dialog::Connect(form));
            Vec::new()
        }
    }
}

fn open(state: &mut State, name: &str) -> Vec<Effect> {
    let Some(kept) = state.connection(name) else { return Vec::new() };
    let (staged, pulled) = (kept.staged.clone(), kept.pulled_at.is_some());
    if !pulled {
        return begin(state, name, WorkKind::Pull, RemoteTask::Pull(name.to_owned()));
    }
    if state.open.as_ref().is_some_and(|open| open.path == staged) {
        super::update::show(state, Screen::Applications);
        return Vec::new();
    }
    super::stored::open(state, staged)
}

/// Sees what this program's own work wrote, without telling of it as of somebody else's.
pub(super) fn look(state: &mut State) -> Effect {
    const SOON: i64 = 2;
    state.connections.own_until = Some(state.now.plus(SOON));
    Effect::Look
}

fn pulled(state: &mut State, name: String, result: Result<Box<News>, String>) -> Vec<Effect> {
    state.connections.work = None;
    state.review.outdated();
    let news = match result {
        Err(error) => {
            state.fail(error);
            return Vec::new();
        }
        Ok(news) => Arc::new(*news),
    };
    let mut words = format!(
        "Pulled {} of {name} ({} requests)",
        super::counted(news.applications, "application"),
        many(news.requests)
    );
    if !news.first {
        words.push_str(match news.drift.len() {
            0 => "; nothing changed there",
            _ => "; others changed something there",
        });
    }
    state.say(words);
    if !news.drift.is_empty() || !news.clashes.is_empty() {
        state.dialog = Some(Dialog::News(name.clone(), news.clone()));
    }
    let first = news.first;
    state.connections.news = Some((name.clone(), news));
    let mut effects = vec![Effect::Remote(RemoteTask::List)];
    let staged = state.connection(&name).map(|kept| kept.staged.clone());
    let open = state.open.as_ref().map(|open| open.path.clone());
    match staged {
        Some(staged) if open.as_ref() == Some(&staged) => effects.push(look(state)),
        Some(staged) if first || open.is_none() => {
            state.connections.fleet_next = first.then(|| staged.clone());
            effects.push(Effect::Open(staged));
        }
        _ => {}
    }
    effects
}

/// After a first pull the fleet's overrun is what one wants to see.
pub(super) fn opened(state: &mut State) {
    let next = state.connections.fleet_next.take();
    if next.is_some() && state.open.as_ref().map(|open| &open.path) == next.as_ref() {
        super::update::show(state, Screen::Preview);
        state.fleet.shown = true;
    }
}

/// What a connection is like, in words: `production · review before apply`.
#[must_use]
pub fn standing(connection: &Connection) -> String {
    format!("{} · {}", connection.environment, safety(connection.access))
}

/// What may be sent, in words.
#[must_use]
pub const fn safety(access: Access) -> &'static str {
    match access {
        Access::ReadOnly => "read-only",
        Access::Write => "review before apply",
    }
}

/// Whether something done to a connection asks for its name first.
#[must_use]
pub(super) fn is_production(connection: &Connection) -> bool {
    connection.environment == Environment::Production
}
