//! The whole window through its accessibility tree, over a real registry file and a clock that stands still.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tenure::app::{Content, Effect, Message, Settings, ThemeChoice};
use tenure::effects::{World, create, file_task, open};
use tenure::gui::Window;
use tenure::registry::Instant;
use tenure::store::Store;

const NOW: &str = "2026-11-23T09:00:00Z";

/// A world whose clock stands still and whose work is done at once.
struct Still {
    now: Rc<RefCell<Instant>>,
    store: Option<Store>,
    answers: Vec<Message>,
    copied: Rc<RefCell<Vec<String>>>,
    folder: PathBuf,
}

impl Still {
    fn opened(&mut self, result: Result<(Store, tenure::app::Opened), String>) {
        let message = match result {
            Ok((store, opened)) => {
                self.store = Some(store);
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
                self.answers.push(Message::Committed(result.map_err(|error| error.to_string())));
            }
            Effect::File(task) => self.answers.push(file_task(task)),
            Effect::Copy(text) => self.copied.borrow_mut().push(text),
            Effect::Pick(_) | Effect::SaveSettings(_) => {}
        }
        None
    }

    fn receive(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.answers)
    }
}

/// A window in a folder of its own.
struct Desk {
    harness: Harness<'static, Window>,
    copied: Rc<RefCell<Vec<String>>>,
    now: Rc<RefCell<Instant>>,
    folder: tempfile::TempDir,
}

impl Desk {
    fn empty() -> Self {
        Self::dressed(ThemeChoice::Light)
    }

    fn dressed(theme: ThemeChoice) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (copied, now) = (Rc::default(), Rc::new(RefCell::new(Instant::parse(NOW).unwrap())));
        let world = Still {
            now: Rc::clone(&now),
            store: None,
            answers: Vec::new(),
            copied: Rc::clone(&copied),
            folder: folder.path().to_owned(),
        };
        let settings = Settings { theme, time_zone: "Europe/Berlin".to_owned(), ..Settings::default() };
        let harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_max_steps(20)
            .build_eframe(move |_| Window::new(Box::new(world), settings, None));
        let mut desk = Self { harness, copied, now, folder };
        desk.settle();
        desk
    }

    fn with_sample() -> Self {
        let mut desk = Self::empty();
        desk.press("Open the sample registry");
        desk
    }

    fn settle(&mut self) {
        self.harness.run_steps(4);
    }

    fn press(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.settle();
    }

    fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    fn write(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.settle();
    }

    /// Types and presses Enter so quickly that both arrive in one frame.
    fn dash_off(&mut self, text: &str) {
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

    fn sees(&self, words: &str) -> bool {
        self.harness.query_all_by_label_contains(words).next().is_some()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("sample.tenure")
    }

    fn end_in_file(&self, id: &str) -> Option<Instant> {
        end_of(&self.file(), id)
    }
}

fn end_of(file: &Path, id: &str) -> Option<Instant> {
    Store::open(file).unwrap().load().unwrap().registry.application(id).unwrap().expires_at
}

#[test]
fn the_first_start_offers_the_sample_and_one_key_opens_it() {
    let mut desk = Desk::empty();
    assert!(desk.sees("New registry…") && desk.sees("Open a registry…"));
    desk.keys(Modifiers::NONE, Key::Enter);
    assert!(desk.sees("acme-trial"), "the table shows the sample");
}

#[test]
fn an_administrator_extends_a_trial_with_the_keyboard_alone_and_takes_it_back() {
    let mut desk = Desk::with_sample();
    let before = desk.end_in_file("acme-trial").unwrap();
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.write("acme-trial");
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::B);
    assert_eq!(desk.end_in_file("acme-trial").unwrap().since(before), 14 * 86_400, "it is on disk");
    desk.keys(Modifiers::COMMAND, Key::Num7);
    assert!(desk.sees("Extend Acme by 14 d"), "history says what was done");
    desk.harness.get_by_label_contains("Extend Acme by 14 d").click();
    desk.settle();
    assert!(desk.sees("CET") && !desk.sees("T09:00:00Z"), "every time stands in the window's zone");
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.end_in_file("acme-trial"), Some(before));
    assert!(desk.sees("Undo: Extend Acme by 14 d"), "history only grows");
}

#[test]
fn support_gets_yesterdays_answer_to_paste_into_a_ticket() {
    let mut desk = Desk::with_sample();
    *desk.now.borrow_mut() = Instant::parse("2026-11-24T09:00:00Z").unwrap();
    desk.settle();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.write("acme-trial");
    desk.keys(Modifiers::NONE, Key::Enter);
    desk.keys(Modifiers::COMMAND, Key::B);
    desk.keys(Modifiers::COMMAND, Key::T);
    desk.write("yesterday 15:00");
    desk.keys(Modifiers::NONE, Key::Enter);
    assert!(desk.sees("Settings of 23 Nov 2026 15:00"), "the window says whose settings decide");
    desk.keys(Modifiers::COMMAND, Key::Num3);
    desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::C);
    let copied = desk.copied.borrow();
    let text = copied.last().expect("the explanation is on the clipboard");
    assert!(text.contains("acme-trial") && text.contains("10 min"), "{text}");
    assert!(text.contains("23 Nov 2026"), "{text}");
}

#[test]
fn the_preview_shows_the_answer_the_limits_and_every_issuer() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.write("acme-trial");
    desk.keys(Modifiers::NONE, Key::Enter);
    desk.keys(Modifiers::COMMAND, Key::P);
    for words in
        ["Scope write: 10 min decides", "Auth0 + Action: 24 h", "Lifetime over time", "read write: 10 min"]
    {
        assert!(desk.sees(words), "{words}");
    }
}

#[test]
fn a_bad_duration_is_a_sentence_below_the_field_and_nothing_is_lost() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num2);
    let field = desk.harness.get_by_label("Lifetime of write");
    field.focus();
    desk.settle();
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.write("1e3");
    desk.keys(Modifiers::NONE, Key::Enter);
    assert!(desk.sees("`1e3` is not a duration"), "the sentence stands there");
    let registry = Store::open(desk.file()).unwrap().load().unwrap().registry;
    let api = registry.api("https://api.example.com").unwrap();
    assert_eq!(api.scope("write").unwrap().access_token_duration.unwrap().seconds(), 600);
}

#[test]
fn every_screen_draws_in_both_themes_and_at_every_size() {
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        let mut desk = Desk::dressed(theme);
        desk.press("Open the sample registry");
        for size in [[1280.0, 800.0], [1024.0, 640.0], [640.0, 400.0]] {
            desk.harness.set_size(size.into());
            for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num7, Key::Comma] {
                desk.keys(Modifiers::COMMAND, key);
                assert!(desk.sees("As of now live"), "the clock stands over every screen");
            }
        }
        assert_eq!(
            desk.harness.ctx.theme(),
            if theme == ThemeChoice::Dark { egui::Theme::Dark } else { egui::Theme::Light }
        );
    }
}

#[test]
fn help_lists_every_command() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::NONE, Key::Questionmark);
    assert!(desk.sees("Commands and shortcuts"));
    assert!(desk.sees("Ctrl Shift Z") || desk.sees("Cmd Shift Z"));
}

#[test]
fn enter_takes_what_was_typed_however_quickly() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("acme-trial");
    assert_eq!(desk.harness.state().state().applications.selected.as_deref(), Some("acme-trial"), "palette");
    let end = desk.end_in_file("acme-trial").unwrap();

    desk.keys(Modifiers::COMMAND, Key::T);
    desk.dash_off("expiry-20m");
    assert_eq!(desk.harness.state().state().at(), end.plus(-1200), "clock");

    desk.keys(Modifiers::COMMAND, Key::L);
    desk.keys(Modifiers::NONE, Key::F2);
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off("31 Dec 2026 12:00");
    assert_eq!(desk.end_in_file("acme-trial"), Instant::parse("2026-12-31T12:00:00+01:00").ok(), "inspector");

    desk.keys(Modifiers::COMMAND, Key::R);
    desk.dash_off("TICKET-7");
    assert_eq!(desk.harness.state().state().reason, "TICKET-7", "reason");

    let copy = desk.folder.path().join("copy.tenure");
    desk.keys(Modifiers::COMMAND, Key::E);
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off(&copy.with_extension("json").display().to_string());
    assert!(copy.with_extension("json").exists(), "export");
    assert!(desk.harness.state().state().dialog.is_none(), "the dialog has closed");
}
