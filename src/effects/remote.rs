//! Remote registries beside the window: connections on disk, credentials, pulls, plans and applies.

use super::planned::PulledBase;
use super::{Waker, default_registry, user};
use crate::app::{KeepIn, Known, Message, News, OnDisk, Planned, RemoteMessage, RemoteTask};
use crate::export;
use crate::registry::{Instant, Registry};
use crate::remote::{
    self, Connection, Connections, Credentials, Event, Kept, Limits, Person, Remote, RemoteError, Stop,
    WantedAction, Workspace,
};
use crate::store::{KeyStore, Vault};
use crate::token::Secret;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The folder of the connections and what is held of them while the program runs.
#[derive(Debug)]
pub struct RemoteDesk {
    connections: Connections,
    credentials: PathBuf,
    /// Whether new credentials go to the system's key store, where there is one.
    system: bool,
    limits: Limits,
    /// Credentials that are kept nowhere, until the end of the program.
    asked: Mutex<HashMap<String, Arc<Secret>>>,
    stop: Mutex<Stop>,
    pulled: Mutex<Option<PulledBase>>,
}

/// Who does it, when, and where news go meanwhile.
struct Under<'a> {
    now: Instant,
    who: &'a str,
    tell: &'a mut dyn FnMut(RemoteMessage),
}

impl RemoteDesk {
    /// Connections and credentials in these folders, which need not exist yet; the system's key store is left alone.
    #[must_use]
    pub fn new(connections: Connections, credentials: PathBuf, limits: Limits) -> Self {
        Self {
            connections,
            credentials,
            system: false,
            limits,
            asked: Mutex::default(),
            stop: Mutex::default(),
            pulled: Mutex::default(),
        }
    }

    /// Those of this system's user, which the command line has too.
    #[must_use]
    pub fn of_user() -> Self {
        let credentials = default_registry().with_file_name("credentials");
        let desk = Self::new(super::connections(), credentials, Limits::default());
        Self { system: true, ..desk }
    }

    /// Does something and gives the answer; what happens meanwhile is told.
    pub fn carry_out(
        &self,
        task: RemoteTask,
        now: Instant,
        who: &str,
        tell: &mut dyn FnMut(RemoteMessage),
    ) -> Option<Message> {
        let mut under = Under { now, who, tell };
        let told = match task {
            RemoteTask::Stop => {
                locked(&self.stop).stop();
                return None;
            }
            RemoteTask::List => self.listed(),
            RemoteTask::Keep(connection, secret, keep) => {
                RemoteMessage::Kept(self.keep(&connection, &secret, keep).map(|()| connection.name))
            }
            RemoteTask::Set(connection) => match self.connections.write(&connection) {
                Ok(()) => {
                    *locked(&self.pulled) = None;
                    self.listed()
                }
                Err(error) => RemoteMessage::Kept(Err(error.to_string())),
            },
            RemoteTask::Remove(name) => RemoteMessage::Removed(self.remove(&name).map(|()| name)),
            RemoteTask::SignIn(name, secret, then) => {
                locked(&self.asked).insert(name, secret);
                return self.carry_out(*then, now, who, under.tell);
            }
            RemoteTask::SavePlan(path, plan) => {
                let text = serde_json::to_string_pretty(&*plan).unwrap_or_default();
                let written = export::write_file(&path, format!("{text}\n").as_bytes());
                return Some(Message::Written(written.map(|()| path).map_err(|error| error.to_string())));
            }
            RemoteTask::Try(connection, secret) => {
                RemoteMessage::Tested(None, self.test(&connection, &secret))
            }
            RemoteTask::DiscardAction(name) => {
                let taken = Workspace::open(&self.connections, &name).and_then(|kept| kept.discard_action());
                RemoteMessage::ActionStaged(taken.map(|()| None).map_err(said))
            }
            RemoteTask::Plan { ticket, name, mine } => {
                RemoteMessage::Planned(ticket, self.plan(&name, &mine, now).map(Arc::new))
            }
            task => self.over_the_network(task, &mut under),
        };
        Some(Message::Remote(told))
    }

    /// What signs in, and asks for credentials where none are kept.
    fn over_the_network(&self, task: RemoteTask, under: &mut Under<'_>) -> RemoteMessage {
        let name = match &task {
            RemoteTask::Pull(name) | RemoteTask::Test(name) => name.clone(),
            RemoteTask::Apply { name, .. }
            | RemoteTask::CutOff { name, .. }
            | RemoteTask::WantAction { name, .. } => name.clone(),
            _ => String::new(),
        };
        let signed = self.connections.read(&name).map_err(|error| error.to_string());
        let signed = signed.and_then(|connection| Ok((self.credentials(&name)?, connection)));
        let secret = match signed {
            Ok((Some(secret), _)) => Ok(secret),
            Ok((None, connection)) => return RemoteMessage::CredentialsWanted(connection, Box::new(task)),
            Err(error) => Err(error),
        };
        match task {
            RemoteTask::Pull(name) => {
                let pulled = secret.and_then(|secret| self.pull(&name, &secret, under));
                RemoteMessage::Pulled(name, pulled.map(Box::new))
            }
            RemoteTask::Apply { name, plan, choices } => {
                let applied = secret.and_then(|secret| self.apply(&name, &secret, (&plan, &choices), under));
                RemoteMessage::Applied(name, applied)
            }
            RemoteTask::WantAction { name, wanted } => RemoteMessage::ActionStaged(
                secret.and_then(|secret| self.want_action(&name, &secret, &wanted)),
            ),
            RemoteTask::CutOff { name, client_id } => RemoteMessage::CutOff(
                secret.and_then(|secret| self.cut_off(&name, &secret, &client_id, under)),
            ),
            _ => {
                let tested = secret.and_then(|secret| {
                    let connection = self.connections.read(&name).map_err(said)?;
                    self.test(&connection, &secret)
                });
                RemoteMessage::Tested(Some(name), tested)
            }
        }
    }

    fn vault(&self) -> Vault {
        if self.system {
            Vault::of_system(self.credentials.clone(), "tenure connections")
        } else {
            Vault::new(self.credentials.clone(), None)
        }
    }

    fn listed(&self) -> RemoteMessage {
        let vault = self.vault();
        let known = self.connections.list().into_iter().map(|(name, read)| {
            let kept = read.map(|connection| Box::new(self.on_disk(connection, &vault))).map_err(said);
            Known { name, kept }
        });
        RemoteMessage::Listed(known.collect(), vault.has_keyring())
    }

    fn on_disk(&self, connection: Connection, vault: &Vault) -> OnDisk {
        let place = self.connections.place(&connection.name);
        // A snapshot that is not there is not made by looking.
        let there = place.snapshot().exists();
        let workspace = there.then(|| Workspace::open(&self.connections, &connection.name).ok()).flatten();
        let pulled_at = workspace.as_ref().and_then(|kept| kept.snapshot.pulled_at().ok().flatten());
        let action = workspace.and_then(|kept| kept.wanted_action().ok().flatten());
        let credentials = match connection.credentials {
            Kept::Asked => "asked at each start",
            Kept::Stored => vault.place(&connection.name).title(),
        };
        OnDisk { staged: place.staged(), pulled_at, action, credentials, connection }
    }

    fn keep(&self, connection: &Connection, secret: &Arc<Secret>, keep: KeepIn) -> Result<(), String> {
        // What was left of an earlier connection of this name, or of credentials before these, is not taken for these.
        locked(&self.asked).remove(&connection.name);
        self.vault().remove(&connection.name).map_err(|error| error.to_string())?;
        match keep {
            KeepIn::Nowhere => drop(locked(&self.asked).insert(connection.name.clone(), secret.clone())),
            KeepIn::System | KeepIn::File => {
                let vault = match keep {
                    KeepIn::File => Vault::new(self.credentials.clone(), None),
                    _ => self.vault(),
                };
                vault.write(&connection.name, secret).map_err(|error| error.to_string())?;
            }
        }
        self.connections.write(connection).map_err(said)
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        *locked(&self.pulled) = None;
        self.connections.remove(name).map_err(said)?;
        locked(&self.asked).remove(name);
        self.vault().remove(name).map(drop).map_err(|error| error.to_string())
    }

    fn credentials(&self, name: &str) -> Result<Option<Arc<Secret>>, String> {
        if let Some(asked) = locked(&self.asked).get(name) {
            return Ok(Some(asked.clone()));
        }
        Ok(self.vault().read(name).map_err(|error| error.to_string())?.map(Arc::new))
    }

    fn remote(&self, connection: &Connection, secret: &Secret) -> Result<Remote, String> {
        Remote::new(connection, Credentials::from_secret(secret), self.limits.clone()).map_err(said)
    }

    /// A stop for what begins now; the one before no longer reaches anything.
    fn begin(&self) -> Stop {
        let stop = Stop::default();
        *locked(&self.stop) = stop.clone();
        stop
    }

    fn test(&self, connection: &Connection, secret: &Secret) -> Result<Vec<remote::Tried>, String> {
        let (remote, stop) = (self.remote(connection, secret)?, self.begin());
        remote::run(&stop, remote.test(&stop)).and_then(|tried| tried).map_err(said)
    }

    fn opened(&self, name: &str, secret: &Secret) -> Result<(Workspace, Remote, Stop), String> {
        *locked(&self.pulled) = None;
        let workspace = Workspace::open(&self.connections, name).map_err(said)?;
        let remote = self.remote(&workspace.connection, secret)?;
        Ok((workspace, remote, self.begin()))
    }

    fn pull(&self, name: &str, secret: &Secret, under: &mut Under<'_>) -> Result<News, String> {
        let (workspace, mut remote, stop) = self.opened(name, secret)?;
        let began = std::time::Instant::now();
        let mut news = Pace::default();
        let tell = &mut *under.tell;
        let mut progress = |done, of| {
            if news.is_due() {
                tell(RemoteMessage::Under(done, of, began.elapsed()));
            }
        };
        let work = remote::pull(&workspace, &mut remote, under.now, under.who, &mut progress, &stop);
        let pulled = remote::run(&stop, work).and_then(|pulled| pulled).map_err(said)?;
        Ok(News {
            first: pulled.first,
            applications: pulled.mapped.registry.applications().len(),
            requests: pulled.requests,
            drift: pulled.drift,
            clashes: pulled.clashes,
            notes: pulled.mapped.notes,
        })
    }

    fn apply(
        &self,
        name: &str,
        secret: &Secret,
        (plan, choices): (&remote::Plan, &remote::Choices),
        under: &mut Under<'_>,
    ) -> Result<remote::Applied, String> {
        let (workspace, mut remote, stop) = self.opened(name, secret)?;
        let began = std::time::Instant::now();
        let tell = &mut *under.tell;
        tell(RemoteMessage::Under(0, Some(plan.steps.len() as u64), began.elapsed()));
        let mut hear = |event| match event {
            Event::Item(place, of, which, outcome) => {
                tell(RemoteMessage::Item(which, outcome));
                tell(RemoteMessage::Under(place as u64, Some(of as u64), began.elapsed()));
            }
            Event::Secret(id, secret) => tell(RemoteMessage::NewSecret(id, Arc::new(secret))),
            Event::Action(outcome) => tell(RemoteMessage::ActionEnded(outcome)),
            Event::SecretElsewhere(id, place) => tell(RemoteMessage::SecretElsewhere(id, place)),
        };
        let mut person = Person { who: under.who, choices, hear: &mut hear };
        let work = remote::apply(&workspace, &mut remote, plan, under.now, &mut person, &stop);
        remote::run(&stop, work).and_then(|applied| applied).map_err(said)
    }

    fn cut_off(
        &self,
        name: &str,
        secret: &Secret,
        client_id: &str,
        under: &mut Under<'_>,
    ) -> Result<(), String> {
        let (workspace, mut remote, stop) = self.opened(name, secret)?;
        let choices = remote::Choices::new();
        let mut person = Person { who: under.who, choices: &choices, hear: &mut |_| {} };
        let work = remote::cut_off(&workspace, &mut remote, client_id, under.now, &mut person, &stop);
        remote::run(&stop, work).and_then(|done| done).map_err(said)
    }

    /// Stages what is wanted of the Action, and reads what is bound beside it; tells why that could not be read.
    fn want_action(
        &self,
        name: &str,
        secret: &Secret,
        wanted: &WantedAction,
    ) -> Result<Option<String>, String> {
        let (workspace, remote, stop) = self.opened(name, secret)?;
        workspace.want_action(wanted).map_err(said)?;
        match remote::run(&stop, remote.read_action(&stop)).and_then(|there| there) {
            Ok(there) => workspace.keep_action_there(&there).map(|()| None).map_err(said),
            Err(error) => Ok(Some(error.to_string())),
        }
    }

    fn plan(&self, name: &str, mine: &Registry, now: Instant) -> Result<Planned, String> {
        let mut held = locked(&self.pulled);
        let usable = held.take().filter(|held| held.is_of(name) && held.is_fresh());
        let base = match usable {
            Some(base) => base,
            None => PulledBase::read(&self.connections, name).map_err(said)?,
        };
        held.insert(base).plan(mine, now).map_err(said)
    }
}

/// Tells now and then, not each time.
#[derive(Default)]
struct Pace(Option<std::time::Instant>);

impl Pace {
    fn is_due(&mut self) -> bool {
        const EVERY: Duration = Duration::from_millis(120);
        let due = self.0.is_none_or(|last| last.elapsed() >= EVERY);
        if due {
            self.0 = Some(std::time::Instant::now());
        }
        due
    }
}

fn said(error: RemoteError) -> String {
    error.to_string()
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something with a remote on a thread of its own; answers come back as messages.
pub(super) fn start(
    desk: &Arc<RemoteDesk>,
    task: RemoteTask,
    now: Instant,
    answer: Sender<Message>,
    wake: Waker,
) {
    if matches!(task, RemoteTask::Stop) {
        desk.carry_out(task, now, "", &mut |_| {});
        return;
    }
    let desk = desk.clone();
    std::thread::spawn(move || {
        let tell = |message: Message| {
            let _gone = answer.send(message);
            (wake.0)();
        };
        let told = desk.carry_out(task, now, &user(), &mut |message| tell(Message::Remote(message)));
        if let Some(told) = told {
            tell(told);
        }
    });
}
