//! A window over a real registry file, a clock that stands still and work that is done at once.

#![allow(dead_code, reason = "each test binary uses its part")]

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, HarnessBuilder};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tenure::app::{Content, Effect, Message, Settings, ThemeChoice};
use tenure::edit::{Change, Draft};
use tenure::effects::{
    RemoteDesk, World, audit, create, enforce, file_task, keys, mint, open, plan, refusal, report,
    save_audit, show, weigh,
};
use tenure::gui::Window;
use tenure::registry::{Application, Instant, Registry};
use tenure::remote::{Connections, Limits, Stop, fetch_keys};
use tenure::store::{KeyFolder, Store};

pub const NOW: &str = "2026-11-23T09:00:00Z";

/// A world whose clock stands still and whose work is done at once.
struct Still {
    now: Rc<RefCell<Instant>>,
    store: Option<Store>,
    answers: Vec<Message>,
    copied: Rc<RefCell<Vec<String>>>,
    outside: Rc<RefCell<Vec<Message>>>,
    folder: PathBuf,
    remotes: Rc<RemoteDesk>,
    /// The last entry of history that the window knows.
    seen: i64,
}

impl Still {
    fn opened(&mut self, result: Result<(Store, tenure::app::Opened), String>) {
        let message = match result {
            Ok((store, opened)) => {
                self.store = Some(store);
                self.seen = opened.entries.last().map_or(0, |entry| entry.seq);
                Message::Opened(Ok(Box::new(opened)))
            }
            Err(error) => Message::Opened(Err(error)),
        };
        self.answers.push(message);
    }
}

impl World for Still {
    fn now(&self) -> Instant {
        *self.now.borrow()
    }

    fn start(&mut self, effect: Effect) -> Option<Effect> {
        let now = self.now();
        match effect {
            Effect::Open(path) => self.opened(open(&path)),
            Effect::Create(path, content) => self.opened(create(&path, content, now)),
            Effect::OpenSample => {
                self.opened(create(&self.folder.join("sample.tenure"), Content::Sample, now))
            }
            Effect::Commit(drafts) => {
                let result = self.store.as_mut().unwrap().commit_all(&drafts, now, "ada");
                self.seen = result.iter().flatten().last().map_or(self.seen, |entry| entry.seq);
                self.answers.push(Message::Committed(result.map_err(|error| refusal(&drafts, error))));
            }
            Effect::Weigh(question) => self.answers.push(weigh(&question)),
            Effect::Report(question) => self.answers.push(report(&question)),
            Effect::Plan(question) => self.answers.push(plan(&question)),
            Effect::Show(question) => self.answers.push(show(&question)),
            Effect::Enforce(question) => self.answers.push(enforce(&question)),
            Effect::File(task) => self.answers.push(file_task(task)),
            Effect::Copy(text) => self.copied.borrow_mut().push(text),
            Effect::CopySecret(secret) => {
                self.copied.borrow_mut().push(String::from_utf8_lossy(secret.expose()).into_owned());
                return Some(Effect::CopySecret(secret));
            }
            Effect::Remote(task) => {
                let mut told = Vec::new();
                let mut tell = |message| told.push(Message::Remote(message));
                let answer = self.remotes.carry_out(task, now, "ada", &mut tell);
                self.answers.extend(told);
                self.answers.extend(answer);
            }
            Effect::Close => {
                self.store = None;
                self.answers.push(Message::Closed);
            }
            Effect::Look => {
                let entries = self.store.as_ref().unwrap().entries_after(self.seen).unwrap();
                if let Some(last) = entries.last() {
                    self.seen = last.seq;
                    self.answers.push(Message::Changed(entries));
                }
            }
            Effect::Keys(task) => self.answers.push(keys(&key_folder(&self.folder), task)),
            Effect::Mint(question) => self.answers.push(mint(&key_folder(&self.folder), &question)),
            Effect::Audit(ticket, question) => {
                self.answers.push(Message::Audited(ticket, audit(&question, &mut |_, _| true)));
            }
            Effect::SaveAudit(ticket, save) => {
                self.answers.push(Message::AuditSaved(ticket, save_audit(&save, &mut |_, _| true)));
            }
            Effect::FetchJwks(ticket, url) => {
                let keys = fetch_keys(&url, &Stop::default());
                self.answers.push(Message::JwksFetched(ticket, url, keys));
            }
            Effect::Pick(_)
            | Effect::SaveSettings(_)
            | Effect::StopWeighing(_)
            | Effect::StopCommit
            | Effect::StopExport
            | Effect::StopAudit(_)
            | Effect::StopJwks(_) => {}
        }
        None
    }

    fn receive(&mut self) -> Vec<Message> {
        self.answers.append(&mut self.outside.borrow_mut());
        std::mem::take(&mut self.answers)
    }
}

/// A window in a folder of its own.
pub struct Desk {
    pub harness: Harness<'static, Window>,
    pub copied: Rc<RefCell<Vec<String>>>,
    pub now: Rc<RefCell<Instant>>,
    pub folder: tempfile::TempDir,
    outside: Rc<RefCell<Vec<Message>>>,
}

impl Desk {
    pub fn empty() -> Self {
        Self::dressed(ThemeChoice::Light)
    }

    pub fn dressed(theme: ThemeChoice) -> Self {
        Self::build(theme, Harness::builder())
    }

    fn build(theme: ThemeChoice, builder: HarnessBuilder<Window>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (copied, outside) = (Rc::default(), Rc::default());
        let now = Rc::new(RefCell::new(Instant::parse(NOW).unwrap()));
        let (connections, credentials) = (Connections::of(folder.path()), folder.path().join("credentials"));
        let remotes = Rc::new(RemoteDesk::new(connections, credentials, Limits::default()));
        let world = Still {
            now: Rc::clone(&now),
            store: None,
            answers: Vec::new(),
            copied: Rc::clone(&copied),
            outside: Rc::clone(&outside),
            folder: folder.path().to_owned(),
            remotes: Rc::clone(&remotes),
            seen: 0,
        };
        let settings = Settings { theme, time_zone: "Europe/Berlin".to_owned(), ..Settings::default() };
        let harness = builder
            .with_size([1280.0, 800.0])
            .with_max_steps(20)
            .build_eframe(move |_| Window::new(Box::new(world), settings, None));
        let mut desk = Self { harness, copied, now, folder, outside };
        desk.settle();
        desk
    }

    pub fn with_sample() -> Self {
        let mut desk = Self::empty();
        desk.press("Open the sample registry");
        desk
    }

    /// A registry of one's own instead of the sample; its names may be in any script, for which tests have no fonts.
    pub fn with(theme: ThemeChoice, registry: &Registry) -> Self {
        let mut desk = Self::build(theme, Harness::builder().allow_missing_glyphs());
        Store::create(desk.file(), registry, Instant::parse(NOW).unwrap()).unwrap();
        desk.press("Open the sample registry");
        desk
    }

    /// Another program edits an application in the same file.
    pub fn elsewhere(&self, id: &str, by: impl FnOnce(&mut Application)) {
        let mut store = Store::open(self.file()).unwrap();
        let before = store.load().unwrap().registry.application(id).unwrap().clone();
        let mut after = Application::clone(&before);
        by(&mut after);
        let change = Change::application(&before, after).unwrap();
        store.commit(&Draft::edit("Elsewhere", "", vec![change]), *self.now.borrow(), "bob").unwrap();
    }

    /// What other programs wrote arrives, as it does twice a second.
    pub fn notice_others(&mut self) {
        let last = self.harness.state().state().open.as_ref().unwrap().entries.last().map_or(0, |e| e.seq);
        let entries = Store::open(self.file()).unwrap().entries_after(last).unwrap();
        self.outside.borrow_mut().push(Message::Changed(entries));
        self.settle();
    }

    /// Presses the mouse, moves it and lets it go.
    pub fn drag(&mut self, from: egui::Pos2, to: egui::Pos2) {
        self.harness.hover_at(from);
        self.harness.run_steps(1);
        self.harness.drag_at(from);
        self.harness.run_steps(1);
        for part in 1..=4 {
            self.harness.hover_at(from + (to - from) * (part as f32 / 4.0));
            self.harness.run_steps(1);
        }
        self.harness.drop_at(to);
        self.settle();
    }

    pub fn settle(&mut self) {
        // A dialog finds its place in a few frames.
        self.harness.run_steps(6);
    }

    /// Draws the window into the folder that `TENURE_ALBUM` names, for a person to look at.
    pub fn picture(&mut self, what: &str) {
        let folder = std::env::var("TENURE_ALBUM").expect("TENURE_ALBUM names the folder for the pictures");
        self.settle();
        let ctx = &self.harness.ctx;
        let theme = format!("{:?}", ctx.theme()).to_lowercase();
        let width = (ctx.content_rect().width() * ctx.zoom_factor()).round();
        let path = std::path::Path::new(&folder).join(format!("{what}-{theme}-{width}.png"));
        self.harness.render().unwrap().save(path).unwrap();
    }

    pub fn press(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.settle();
    }

    pub fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub fn write(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.settle();
    }

    /// Types and presses Enter so quickly that both arrive in one frame.
    pub fn dash_off(&mut self, text: &str) {
        let enter = |pressed| egui::Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        let input = self.harness.input_mut();
        input.events.extend([egui::Event::Text(text.to_owned()), enter(true), enter(false)]);
        self.settle();
    }

    pub fn sees(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("sample.tenure")
    }

    pub fn end_in_file(&self, id: &str) -> Option<Instant> {
        end_of(&self.file(), id)
    }
}

fn key_folder(beside: &Path) -> KeyFolder {
    KeyFolder::new(beside.join("keys"))
}

pub fn end_of(file: &Path, id: &str) -> Option<Instant> {
    Store::open(file).unwrap().load().unwrap().registry.application(id).unwrap().expires_at
}
