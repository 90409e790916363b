//! The program without a window: messages in, effects carried out at once, the rest left to look at.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use tenure::app::{Bulk, Command, Dialog, Effect, Mark, Message, Opened, Settings, State, update};
use tenure::edit::{Entry, UndoStacks};
use tenure::effects::{enforce, plan, report, show, weigh};
use tenure::registry::{Application, Instant, Registry, sample::sample};

pub const NOW: &str = "2026-11-23T09:00:00Z";

pub struct Program {
    pub state: State,
    pub entries: Vec<Entry>,
    /// What the last message left to do outside.
    pub left: Vec<Effect>,
    /// Whether questions about lifetimes are answered.
    pub answers: bool,
    /// Whether the overrun report is made.
    pub reports: bool,
    /// Whether bulk edits of many are planned.
    pub plans: bool,
}

impl Program {
    pub fn with_sample() -> Self {
        let mut program = Self {
            state: State::new(Instant::parse(NOW).unwrap(), Settings::default()),
            entries: Vec::new(),
            left: Vec::new(),
            answers: true,
            reports: true,
            plans: true,
        };
        program.open("/registries/acme.tenure");
        program
    }

    /// Opens a sample of this path.
    pub fn open(&mut self, path: &str) -> &mut Self {
        let registry = sample(self.state.now);
        self.open_registry(path, registry)
    }

    /// Opens a registry under this path.
    pub fn open_registry(&mut self, path: &str, registry: Registry) -> &mut Self {
        let now = self.state.now;
        let opened = Opened {
            path: PathBuf::from(path),
            registry: Arc::new(registry),
            begins: now,
            entries: Vec::new(),
            stacks: UndoStacks::default(),
            read_only: false,
        };
        self.send(Message::Opened(Ok(Box::new(opened))))
    }

    /// Sends a message and carries out its effects as the world would.
    pub fn send(&mut self, message: Message) -> &mut Self {
        let effects = update(&mut self.state, message);
        self.left.clear();
        for effect in effects {
            match effect {
                Effect::Commit(drafts) => {
                    let (seq, at) = (self.entries.len() as i64, self.state.now);
                    let entries: Vec<Entry> = drafts
                        .into_iter()
                        .enumerate()
                        .map(|(i, draft)| Entry { seq: seq + i as i64 + 1, at, who: "ada".into(), draft })
                        .collect();
                    self.entries.extend(entries.clone());
                    self.send(Message::Committed(Ok(entries)));
                }
                Effect::Weigh(question) => {
                    if self.answers {
                        self.send(weigh(&question));
                    }
                }
                Effect::Plan(question) if self.plans => {
                    self.send(plan(&question));
                }
                Effect::Report(question) if self.reports => {
                    self.send(report(&question));
                }
                Effect::Show(question) => {
                    self.send(show(&question));
                }
                Effect::Enforce(question) => {
                    self.send(enforce(&question));
                }
                other => self.left.push(other),
            }
        }
        self
    }

    pub fn run(&mut self, command: Command) -> &mut Self {
        self.send(Message::Run(command))
    }

    pub fn select(&mut self, ids: &[&str]) -> &mut Self {
        for id in ids {
            self.send(Message::Mark(Mark::Toggle((*id).to_owned())));
        }
        self
    }

    pub fn all_that_match(&mut self, filter: &str) -> &mut Self {
        self.send(Message::Filter(filter.to_owned())).run(Command::SelectAll)
    }

    pub fn write(&mut self, text: &str) -> &mut Self {
        self.send(Message::BulkText(text.to_owned(), false))
    }

    pub fn bulk(&self) -> &Bulk {
        match &self.state.dialog {
            Some(Dialog::Bulk(bulk)) => bulk,
            other => panic!("{other:?}"),
        }
    }

    /// Types a name into the dialog in front.
    pub fn name(&mut self, text: &str) -> &mut Self {
        let Some(Dialog::Name { what, .. }) = self.state.dialog.clone() else {
            panic!("no name is asked for")
        };
        self.send(Message::Dialog(Some(Dialog::Name { what, name: text.to_owned(), error: None })))
    }

    pub fn registry(&self) -> Arc<Registry> {
        self.state.open.as_ref().unwrap().registry().clone()
    }

    /// The client ids of the rows.
    pub fn shown(&self) -> BTreeSet<String> {
        let registry = self.registry();
        let rows = self.state.applications.rows.iter();
        rows.map(|row| registry.applications()[*row as usize].client_id.clone()).collect()
    }

    pub fn application(&self, id: &str) -> Arc<Application> {
        self.state.open.as_ref().unwrap().registry().application(id).unwrap().clone()
    }

    pub fn marked(&self) -> Vec<&str> {
        self.state.applications.marked.iter().map(String::as_str).collect()
    }
}
