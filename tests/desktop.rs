//! The real world behind the window: work is done beside it, and what other programs write appears by itself.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Clock};
use tenure::app::{Content, Counting, Effect, Message, Question, Subject};
use tenure::edit::{Change, Draft};
use tenure::effects::{Desktop, Waker, World};
use tenure::policy::Direction;
use tenure::registry::{Application, Registry};
use tenure::store::Store;

struct Desk {
    world: Desktop,
    answers: VecDeque<Message>,
    woken: Arc<AtomicUsize>,
    folder: tempfile::TempDir,
}

impl Desk {
    fn with_sample() -> (Self, Arc<Registry>) {
        let folder = tempfile::tempdir().unwrap();
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let waker = Waker::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let world = Desktop::start(waker, folder.path().join("settings.json"));
        let mut desk = Self { world, answers: VecDeque::new(), woken, folder };
        desk.world.start(Effect::Create(desk.file(), Content::Sample));
        match desk.answer() {
            Message::Opened(Ok(opened)) => (desk, opened.registry),
            other => panic!("{other:?}"),
        }
    }

    fn file(&self) -> std::path::PathBuf {
        self.folder.path().join("sample.tenure")
    }

    /// The next message from outside.
    fn answer(&mut self) -> Message {
        let begin = Clock::now();
        loop {
            self.answers.extend(self.world.receive());
            if let Some(message) = self.answers.pop_front() {
                return message;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "no answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn noted(registry: &Registry, notes: &str) -> Draft {
    let before = registry.application("acme-trial").unwrap();
    let after = Application { notes: notes.into(), ..Application::clone(before) };
    Draft::edit("Set notes", "", Change::application(before, after).into_iter().collect())
}

#[test]
fn what_another_program_writes_appears_by_itself_and_wakes_the_window() {
    let (mut desk, registry) = Desk::with_sample();
    let woken = desk.woken.load(Ordering::SeqCst);
    let mut other = Store::open(desk.file()).unwrap();
    other.commit(&noted(&registry, "theirs"), desk.world.now(), "bob").unwrap();
    let Message::Changed(entries) = desk.answer() else { panic!("the change is told") };
    assert_eq!((entries.len(), entries[0].who.as_str()), (1, "bob"));
    assert!(desk.woken.load(Ordering::SeqCst) > woken);
}

#[test]
fn a_stale_edit_is_refused_with_what_stands_there_now() {
    let (mut desk, registry) = Desk::with_sample();
    let mut other = Store::open(desk.file()).unwrap();
    other.commit(&noted(&registry, "theirs"), desk.world.now(), "bob").unwrap();
    desk.world.start(Effect::Commit(vec![noted(&registry, "mine")]));
    let refusal = loop {
        match desk.answer() {
            Message::Changed(_) => {}
            Message::Committed(Err(refusal)) => break refusal,
            other => panic!("{other:?}"),
        }
    };
    let (label, mine, conflict) = *refusal.conflict.expect("both are told");
    assert_eq!((label.as_str(), mine.reference().id.as_str()), ("Set notes", "acme-trial"));
    assert!(format!("{:?}", conflict.theirs).contains("theirs"));
}

#[test]
fn an_effect_on_lifetimes_is_counted_beside_the_window() {
    let (mut desk, registry) = Desk::with_sample();
    let before = registry.application("acme-trial").unwrap();
    let after = Application { access_token_duration: "1m".parse().ok(), ..Application::clone(before) };
    let changes = Change::application(before, after).into_iter().collect();
    let at = desk.world.now();
    let subject = Subject::Considered;
    desk.world.start(Effect::Weigh(Question { ticket: 7, subject, before: registry, changes, at }));
    let Message::Weighed(7, Counting::Done(impact)) = desk.answer() else { panic!("counted") };
    assert_eq!(impact.policy.of(Direction::Shorter), 1);
}
