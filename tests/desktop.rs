//! The real world behind the window: work is done beside it, and what other programs write appears by itself.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Clock};
use tenure::app::{AuditQuestion, AuditSave, Content, Counting, Effect, Message, Question, Subject, Task};
use tenure::edit::{Change, Draft, Entity};
use tenure::effects::{Desktop, Waker, World};
use tenure::export::{Asked, AuditForm, Form};
use tenure::policy::{Direction, Policy};
use tenure::registry::{Application, Guardrail, Registry, Then, generate::generate};
use tenure::store::Store;
use tenure::token::{Judging, Totals};

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
fn a_file_is_let_go_once_what_was_on_its_way_is_written() {
    let (mut desk, registry) = Desk::with_sample();
    desk.world.start(Effect::Commit(vec![noted(&registry, "last words")]));
    desk.world.start(Effect::Close);
    assert!(matches!(desk.answer(), Message::Committed(Ok(_))));
    assert!(matches!(desk.answer(), Message::Closed));
    let kept = Store::open(desk.file()).unwrap().load().unwrap().registry;
    assert_eq!(kept.application("acme-trial").unwrap().notes, "last words");
    std::fs::remove_dir_all(desk.folder.path()).unwrap();
    desk.world.start(Effect::Commit(vec![noted(&registry, "later")]));
    assert!(matches!(desk.answer(), Message::Committed(Err(_))), "nothing is written to what is gone");
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

/// A large registry, opened.
fn with_many(count: usize) -> (Desk, Arc<Registry>) {
    let (mut desk, _) = Desk::with_sample();
    let path = desk.folder.path().join("large.tenure");
    Store::create(&path, &generate(count, 1, desk.world.now()), desk.world.now()).unwrap();
    desk.world.start(Effect::Open(path));
    let Message::Opened(Ok(opened)) = desk.answer() else { panic!("opened") };
    (desk, opened.registry)
}

fn suspend_all(registry: &Registry) -> Vec<Change> {
    registry.applications().iter().filter_map(tenure::edit::operation::suspend).collect()
}

#[test]
fn a_long_counting_tells_how_far_it_is_and_can_be_stopped() {
    let (mut desk, registry) = with_many(60_000);
    let rule = Guardrail {
        name: "slow".into(),
        enabled: true,
        when: "app.tags.exists(t, t.startsWith(\"t\")) && lifetime > 60".into(),
        then: Then::Cap("1m".parse().unwrap()),
    };
    let changes = vec![Change::add(Entity::Guardrail(Arc::new(rule)))];
    let at = desk.world.now();
    let ask = |ticket, changes: &Vec<Change>| {
        let (subject, before) = (Subject::Guardrail, registry.clone());
        Effect::Weigh(Question { ticket, subject, before, changes: changes.clone(), at })
    };
    desk.world.start(ask(1, &changes));
    let Message::Weighed(1, Counting::Under(done, of)) = desk.answer() else { panic!("it tells") };
    assert!(0 < done && done < of, "{done} of {of}");
    desk.world.start(Effect::StopWeighing(1));
    // The next question of the kind is answered, and nothing more is said of the first.
    desk.world.start(ask(2, &Vec::new()));
    loop {
        match desk.answer() {
            Message::Weighed(2, Counting::Done(impact)) => break assert!(impact.is_empty()),
            Message::Weighed(1, Counting::Done(_)) => panic!("it was stopped"),
            _ => {}
        }
    }
}

#[test]
fn a_long_audit_tells_how_far_it_is_and_can_be_stopped() {
    let (mut desk, registry) = Desk::with_sample();
    let path = desk.folder.path().join("access.log");
    std::fs::write(&path, "nothing of a token in this line\n".repeat(8_000_000)).unwrap();
    let judging = Judging::today(Policy::new(registry));
    desk.world.start(Effect::Audit(1, Box::new(AuditQuestion { path, judging, keys: None })));
    let Message::AuditProgress(1, done, of) = desk.answer() else { panic!("it tells") };
    assert!(0 < done && done < of, "{done} of {of}");
    desk.world.start(Effect::StopAudit(1));
    let told = loop {
        match desk.answer() {
            Message::Audited(1, told) => break told.unwrap(),
            Message::AuditProgress(..) => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(told.totals.lines < 8_000_000, "{} lines", told.totals.lines);
    assert!(!told.whole);
}

/// What a log holds by today's settings.
fn audited(desk: &mut Desk, question: &AuditQuestion) -> Totals {
    desk.world.start(Effect::Audit(1, Box::new(question.clone())));
    loop {
        match desk.answer() {
            Message::Audited(1, told) => break told.unwrap().totals,
            Message::AuditProgress(..) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn saving_an_audit_tells_how_far_it_is_and_one_that_is_stopped_leaves_the_old_file() {
    let (mut desk, registry) = Desk::with_sample();
    let log = desk.folder.path().join("access.log");
    let row = "eyJhbGciOiJub25lIn0.eyJpYXQiOjF9.\n";
    std::fs::write(&log, row.repeat(400_000)).unwrap();
    let judging = Judging::today(Policy::new(registry));
    let question = AuditQuestion { path: log.clone(), judging, keys: None };
    let totals = audited(&mut desk, &question);
    assert_eq!(totals.tokens, 400_000);
    let path = desk.folder.path().join("audit.csv");
    std::fs::write(&path, "what was there").unwrap();
    let save = AuditSave { question, totals, only: None, form: AuditForm::Csv, path: path.clone() };
    desk.world.start(Effect::SaveAudit(2, Box::new(save.clone())));
    let Message::AuditProgress(2, done, of) = desk.answer() else { panic!("it tells") };
    assert!(0 < done && done < of, "{done} of {of}");
    desk.world.start(Effect::StopAudit(2));
    let saved = |desk: &mut Desk| loop {
        match desk.answer() {
            Message::AuditSaved(_, saved) => break saved,
            Message::AuditProgress(..) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(saved(&mut desk), Ok(None));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "what was there");
    let left = std::fs::read_dir(desk.folder.path()).unwrap();
    assert!(
        left.map(|file| file.unwrap().file_name())
            .all(|name| !name.to_string_lossy().starts_with(".tenure-"))
    );
    // Lines that came since are not of this audit, and a log that is another one is not saved as if it were the same.
    let mut more = std::fs::File::options().append(true).open(&log).unwrap();
    std::io::Write::write_all(&mut more, row.as_bytes()).unwrap();
    desk.world.start(Effect::SaveAudit(3, Box::new(save.clone())));
    assert_eq!(saved(&mut desk), Ok(Some(path.clone())));
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 400_001);
    std::fs::write(&log, "another log").unwrap();
    desk.world.start(Effect::SaveAudit(4, Box::new(save.clone())));
    assert!(saved(&mut desk).unwrap_err().contains("is not what it was"));
    desk.world.start(Effect::SaveAudit(5, Box::new(AuditSave { path: log.clone(), ..save })));
    assert!(saved(&mut desk).unwrap_err().contains("is the log itself"));
    assert_eq!(std::fs::read_to_string(&log).unwrap(), "another log");
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 400_001);
}

#[test]
fn questions_of_different_kinds_are_all_answered_and_of_one_kind_the_newest() {
    let (mut desk, registry) = with_many(5_000);
    let changes = suspend_all(&registry);
    let at = desk.world.now();
    let mut ask = |ticket, subject| {
        let (before, changes) = (registry.clone(), changes.clone());
        desk.world.start(Effect::Weigh(Question { ticket, subject, before, changes, at }));
    };
    for (ticket, subject) in
        [(1, Subject::Considered), (2, Subject::Entry), (3, Subject::Considered), (4, Subject::Considered)]
    {
        ask(ticket, subject);
    }
    let mut answered = Vec::new();
    while !(answered.contains(&2) && answered.contains(&4)) {
        if let Message::Weighed(ticket, Counting::Done(_)) = desk.answer() {
            answered.push(ticket);
        }
    }
}

#[test]
fn a_long_edit_tells_how_far_it_is_and_one_that_is_stopped_leaves_nothing() {
    let (mut desk, registry) = with_many(60_000);
    let drafts = vec![Draft::edit("Suspend all", "", suspend_all(&registry))];
    desk.world.start(Effect::Commit(drafts.clone()));
    let Message::Progress(done, of) = desk.answer() else { panic!("it tells") };
    assert!(0 < done && done < of, "{done} of {of}");
    desk.world.start(Effect::StopCommit);
    let refusal = loop {
        match desk.answer() {
            Message::Committed(Err(refusal)) => break refusal,
            Message::Progress(..) => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(refusal.text.contains("nothing of it was made"), "{}", refusal.text);
    let file = Store::open(desk.folder.path().join("large.tenure")).unwrap();
    assert_eq!(file.load().unwrap().registry.applications(), registry.applications());
    assert!(file.entries_after(0).unwrap().is_empty());
}

#[test]
fn an_address_that_does_not_answer_is_left_at_once_when_it_is_stopped() {
    let (mut desk, _) = Desk::with_sample();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/jwks.json", silent.local_addr().unwrap());
    desk.world.start(Effect::FetchJwks(1, url));
    let _asked = silent.accept().unwrap();
    let begin = Clock::now();
    desk.world.start(Effect::StopJwks(1));
    let Message::JwksFetched(1, _, Err(said)) = desk.answer() else { panic!("it is told") };
    assert!(begin.elapsed() < Duration::from_secs(5) && said.contains("stopped"), "{said}");
}

#[test]
fn a_long_export_tells_how_far_it_is_and_one_that_is_stopped_leaves_the_old_file() {
    let (mut desk, _) = Desk::with_sample();
    let registry = Arc::new(generate(60_000, 5, desk.world.now()));
    let path = desk.folder.path().join("out.yaml");
    std::fs::write(&path, "old").unwrap();
    let export = Task::Export {
        path: path.clone(),
        form: Form::RegistryYaml,
        asked: Box::new(Asked::today(Policy::new(registry), desk.world.now())),
        only: None,
    };
    desk.world.start(Effect::File(export));
    let Message::ExportProgress(done, of) = desk.answer() else { panic!("it tells") };
    assert!(0 < done && done < of && of == 60_000, "{done} of {of}");
    desk.world.start(Effect::StopExport);
    let written = loop {
        match desk.answer() {
            Message::Written(written) => break written,
            Message::ExportProgress(..) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(written.unwrap_err(), "the export was stopped; nothing was written");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(
        std::fs::read_dir(desk.folder.path())
            .unwrap()
            .filter(|e| { e.as_ref().unwrap().file_name().to_string_lossy().starts_with(".tenure-") })
            .count(),
        0
    );
}
