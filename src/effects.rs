//! The only place where the window's program touches files, network, clock, clipboard and dialogs.
//!
//! Work runs on a thread that owns the open store; answers come back as messages. While nothing happens the
//! thread looks twice a second whether another program has written to the file, and wakes the window only then.

mod audit;
mod bench;
mod files;
mod log;
mod newest;
mod plan;
mod planned;
mod remote;
mod report;
mod weigh;
mod worker;

pub use audit::{audit, save_audit};
pub use bench::{keys, mint};
pub use files::{enforce, file_task, read_registry, show};
pub use log::{log_file, log_to_file, log_writer};
pub use plan::plan;
pub use remote::RemoteDesk;
pub use report::report;
pub use weigh::weigh;
pub use worker::{create, open};

use crate::app::{Effect, FileTask, Message, PlanQuestion, Refusal, ReportQuestion, Settings, Task};
use crate::edit::{Draft, refused};
use crate::export;
use crate::registry::Instant;
use crate::remote::{Connections, Stop, fetch_keys};
use crate::store::{StoreError, Vault};
use crate::token::Secret;
use newest::Newest;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

/// What the window needs of the world; tests put another one in its place.
pub trait World {
    /// The wall clock, in whole seconds.
    fn now(&self) -> Instant;
    /// Starts an effect. What belongs to the window itself (the clipboard) comes back.
    fn start(&mut self, effect: Effect) -> Option<Effect>;
    /// What has happened since.
    fn receive(&mut self) -> Vec<Message>;
    /// Whether a secret that was copied is still on the clipboard; where nobody can tell, it is taken to be.
    fn is_on_clipboard(&self, _secret: &Secret) -> bool {
        true
    }
}

/// The real world.
#[derive(Debug)]
pub struct Desktop {
    work: Sender<Effect>,
    scales: weigh::Scales,
    plans: Newest<PlanQuestion>,
    reports: Newest<ReportQuestion>,
    remotes: Arc<RemoteDesk>,
    stop: Arc<AtomicBool>,
    stopped_audit: Arc<AtomicU64>,
    fetching: Option<(u64, Stop)>,
    stop_export: Arc<AtomicBool>,
    answers: Receiver<Message>,
    answer: Sender<Message>,
    wake: Waker,
    settings: PathBuf,
}

/// Asks the window to draw, from any thread.
#[derive(Clone)]
pub struct Waker(Arc<dyn Fn() + Send + Sync>);

impl std::fmt::Debug for Waker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waker")
    }
}

impl Waker {
    /// A waker that does this.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(wake))
    }
}

/// The wall clock, in whole seconds.
#[must_use]
pub fn now() -> Instant {
    Instant::saturating(chrono::Utc::now().timestamp())
}

/// The system's user, whom history names.
#[must_use]
pub fn user() -> String {
    whoami::username()
}

/// The folders of this program, where the platform has any.
#[must_use]
pub fn folders() -> Option<directories::ProjectDirs> {
    directories::ProjectDirs::from("", "", "tenure")
}

/// The file of the settings.
#[must_use]
pub fn settings_file() -> PathBuf {
    folders().map_or_else(|| PathBuf::from("tenure-settings.json"), |f| f.config_dir().join("settings.json"))
}

/// The local registry, where none is named.
#[must_use]
pub fn default_registry() -> PathBuf {
    folders().map_or_else(|| PathBuf::from("registry.tenure"), |f| f.data_dir().join("registry.tenure"))
}

/// The connections to remote registries.
#[must_use]
pub fn connections() -> Connections {
    Connections::of(default_registry().parent().unwrap_or(Path::new("")))
}

/// Where keys are kept: in the system's key store, else beside the registry, readable by their owner alone, never in it.
#[must_use]
pub fn key_store() -> Vault {
    Vault::of_system(default_registry().with_file_name("keys"), "tenure keys")
}

/// Reads the settings; a file that is missing or damaged gives the defaults, and is said in the log.
#[must_use]
pub fn load_settings(path: &Path) -> Settings {
    let mut settings = match std::fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!("settings in {} are not readable, so the defaults count: {error}", path.display());
            Settings::default()
        }),
        Err(_) => Settings::default(),
    };
    settings.local_zone = iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".to_owned());
    settings
}

impl Desktop {
    /// Starts the thread beside the window.
    #[must_use]
    pub fn start(wake: Waker, settings: PathBuf) -> Self {
        let (work, jobs) = mpsc::channel();
        let (answer, answers) = mpsc::channel();
        let stop = Arc::<AtomicBool>::default();
        worker::Worker::start(jobs, stop.clone(), answer.clone(), wake.clone());
        let scales = weigh::Scales::start(answer.clone(), wake.clone());
        let reports = Newest::start(report::report_while, answer.clone(), wake.clone());
        let plans = Newest::start(|question, _| Some(plan(question)), answer.clone(), wake.clone());
        let (stopped_audit, stop_export) = Default::default();
        let (remotes, fetching) = (Arc::new(RemoteDesk::of_user()), None);
        Self {
            work,
            scales,
            reports,
            plans,
            remotes,
            stop,
            stopped_audit,
            stop_export,
            fetching,
            answers,
            answer,
            wake,
            settings,
        }
    }
}

impl Desktop {
    /// Does something that needs no store on a thread of its own.
    fn beside(&self, work: impl FnOnce() -> Message + Send + 'static) {
        let (answer, wake) = (self.answer.clone(), self.wake.clone());
        std::thread::spawn(move || {
            let _ = answer.send(work());
            (wake.0)();
        });
    }
}

impl Desktop {
    /// Goes through a log, and tells now and then how far it is.
    fn through_log(
        &self,
        ticket: u64,
        work: impl FnOnce(&mut dyn FnMut(u64, u64) -> bool) -> Message + Send + 'static,
    ) {
        let (answer, wake) = (self.answer.clone(), self.wake.clone());
        let stopped = self.stopped_audit.clone();
        self.beside(move || {
            let mut said = std::time::Instant::now();
            work(&mut |done, of| {
                if said.elapsed() > Duration::from_millis(150) {
                    said = std::time::Instant::now();
                    let _ = answer.send(Message::AuditProgress(ticket, done, of));
                    (wake.0)();
                }
                stopped.load(Ordering::Relaxed) != ticket
            })
        });
    }
}

impl Desktop {
    /// Writes an export, and tells now and then how far it is.
    fn export(&self, task: Task) {
        let (answer, wake, stop) = (self.answer.clone(), self.wake.clone(), self.stop_export.clone());
        stop.store(false, Ordering::Relaxed);
        self.beside(move || {
            let mut said = std::time::Instant::now();
            files::task(task, &mut |done, of| {
                if said.elapsed() > Duration::from_millis(150) {
                    said = std::time::Instant::now();
                    let _ = answer.send(Message::ExportProgress(done, of));
                    (wake.0)();
                }
                !stop.load(Ordering::Relaxed)
            })
        });
    }
}

impl World for Desktop {
    fn now(&self) -> Instant {
        now()
    }

    fn start(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Copy(_) | Effect::CopySecret(_) => return Some(effect),
            Effect::Remote(task) => {
                remote::start(&self.remotes, task, now(), self.answer.clone(), self.wake.clone());
            }
            Effect::Pick(task) => pick(task, self.answer.clone(), self.wake.clone()),
            Effect::SaveSettings(settings) => save_settings(&self.settings, &settings),
            Effect::Weigh(question) => self.scales.ask(question),
            Effect::StopWeighing(ticket) => self.scales.stop(ticket),
            Effect::StopCommit => self.stop.store(true, Ordering::Relaxed),
            Effect::Keys(task) => self.beside(move || keys(&key_store(), task)),
            Effect::Mint(question) => self.beside(move || mint(&key_store(), &question)),
            Effect::Audit(ticket, question) => {
                self.through_log(ticket, move |go_on| Message::Audited(ticket, audit(&question, go_on)));
            }
            Effect::SaveAudit(ticket, save) => {
                self.through_log(ticket, move |go_on| Message::AuditSaved(ticket, save_audit(&save, go_on)));
            }
            Effect::FetchJwks(ticket, url) => {
                let stop = Stop::default();
                self.fetching = Some((ticket, stop.clone()));
                self.beside(move || {
                    let keys = fetch_keys(&url, &stop);
                    Message::JwksFetched(ticket, url, keys)
                });
            }
            Effect::StopJwks(ticket) => {
                if let Some((_, stop)) = self.fetching.take_if(|(other, _)| *other == ticket) {
                    stop.stop();
                }
            }
            Effect::StopAudit(ticket) => self.stopped_audit.store(ticket, Ordering::Relaxed),
            Effect::Report(question) => self.reports.ask(question),
            Effect::Plan(question) => self.plans.ask(question),
            Effect::Show(question) => self.beside(move || show(&question)),
            Effect::Enforce(question) => self.beside(move || enforce(&question)),
            Effect::StopExport => self.stop_export.store(true, Ordering::Relaxed),
            Effect::File(task @ Task::Export { .. }) => self.export(task),
            Effect::File(task @ (Task::Read(..) | Task::Import { .. } | Task::Text(..))) => {
                self.beside(move || file_task(task))
            }
            other => {
                let _ = self.work.send(other);
            }
        }
        None
    }

    fn receive(&mut self) -> Vec<Message> {
        self.answers.try_iter().collect()
    }

    #[cfg(feature = "gui")]
    fn is_on_clipboard(&self, secret: &Secret) -> bool {
        let text = arboard::Clipboard::new().and_then(|mut clipboard| clipboard.get_text());
        text.map(zeroize::Zeroizing::new).map_or(true, |text| text.as_bytes() == secret.expose())
    }
}

fn save_settings(path: &Path, settings: &Settings) {
    let text = serde_json::to_string_pretty(settings).unwrap_or_default();
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    if let Err(error) = made
        .map_err(|e| e.to_string())
        .and_then(|()| export::write_file(path, format!("{text}\n").as_bytes()).map_err(|e| e.to_string()))
    {
        tracing::warn!("settings are not kept: {error}");
    }
}

/// The system's dialog, on a thread of its own: it may stay open for long.
#[cfg(feature = "gui")]
fn pick(task: FileTask, answer: Sender<Message>, wake: Waker) {
    std::thread::spawn(move || {
        let dialog = rfd::FileDialog::new();
        let path = match task {
            FileTask::Open | FileTask::Compare | FileTask::CopyFrom => {
                dialog.add_filter("Registry", &["tenure", "json"]).add_filter("All files", &["*"]).pick_file()
            }
            FileTask::Import => dialog
                .add_filter("JSON, YAML, CSV", &["json", "yaml", "yml", "csv", "tsv", "tenure"])
                .add_filter("All files", &["*"])
                .pick_file(),
            FileTask::New | FileTask::Sample => dialog.set_file_name("registry.tenure").save_file(),
            FileTask::SaveCopy => dialog.set_file_name("copy.tenure").save_file(),
            FileTask::Export => dialog.set_file_name("registry.json").save_file(),
            FileTask::Log => dialog.pick_file(),
            FileTask::SaveAudit(form) => {
                dialog.set_file_name(format!("audit.{}", form.extension())).save_file()
            }
            FileTask::SaveToken => dialog.set_file_name("sample.jwt").save_file(),
            FileTask::Keys | FileTask::ImportKey => {
                dialog.add_filter("Keys", &["pem", "key", "jwk", "jwks", "json"]).pick_file()
            }
            FileTask::Jwks => dialog.set_file_name("jwks.json").save_file(),
            FileTask::Plan => dialog.set_file_name("plan.json").save_file(),
        };
        let message = path.map_or(Message::NotPicked, |path| Message::Picked(task, path));
        if matches!(message, Message::NotPicked) {
            tracing::warn!("no file was picked: cancelled, or the system has no dialog (portal)");
        }
        let _ = answer.send(message);
        (wake.0)();
    });
}

#[cfg(not(feature = "gui"))]
fn pick(_task: FileTask, answer: Sender<Message>, _wake: Waker) {
    let _ = answer.send(Message::NotPicked);
}

/// Why the store did not take these edits, with the one that conflicts.
#[must_use]
pub fn refusal(drafts: &[Draft], error: StoreError) -> Refusal {
    let text = error.to_string();
    let StoreError::Conflict(conflict) = error else { return text.into() };
    let mine = refused(drafts, &conflict).map(|(draft, change)| (draft.label.clone(), change.clone()));
    Refusal { text, conflict: mine.map(|(label, change)| Box::new((label, change, conflict))) }
}
