//! The window's behaviour without a window: messages in, state and effects out.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::PathBuf;
use std::sync::Arc;
use tenure::app::{
    AsOf, Command, Dialog, Effect, FileTask, Focus, Message, NewWhat, Opened, Saving, Screen, Settings,
    SettingsOf, State, Task, Which, next_wake, update,
};
use tenure::edit::{Change, Draft, Entry, Origin, UndoStacks};
use tenure::export::Form;
use tenure::policy::Status;
use tenure::registry::{Application, Column, Instant, Registry, sample::sample};

const NOW: &str = "2026-11-23T09:00:00Z";

/// A program with the sample open, whose edits a faithful store takes.
struct Program {
    state: State,
    next: i64,
    left: Vec<Effect>,
}

impl Program {
    fn with_sample() -> Self {
        Self::with(sample(at(NOW)))
    }

    fn with(registry: Registry) -> Self {
        let mut state = State::new(at(NOW), Settings::default());
        let opened = Opened {
            path: PathBuf::from("/registries/acme.tenure"),
            registry: Arc::new(registry),
            begins: at(NOW),
            entries: Vec::new(),
            stacks: UndoStacks::default(),
            read_only: false,
        };
        update(&mut state, Message::Opened(Ok(Box::new(opened))));
        Self { state, next: 1, left: Vec::new() }
    }

    /// Sends a message; edits are stored at once, other effects are kept for the test to look at.
    fn send(&mut self, message: Message) -> &mut Self {
        for effect in update(&mut self.state, message) {
            match effect {
                Effect::Commit(drafts) => self.store(drafts),
                Effect::SaveSettings(_) | Effect::Show(_) => {}
                other => self.left.push(other),
            }
        }
        self
    }

    fn store(&mut self, drafts: Vec<Draft>) {
        let mut entries = Vec::new();
        for draft in drafts {
            entries.push(Entry { seq: self.next, at: self.state.now, who: "ada".to_owned(), draft });
            self.next += 1;
        }
        update(&mut self.state, Message::Committed(Ok(entries)));
    }

    fn run(&mut self, command: Command) -> &mut Self {
        self.send(Message::Run(command))
    }

    fn select(&mut self, id: &str) -> &mut Self {
        self.send(Message::Select(Some(id.to_owned())))
    }

    fn application(&self, id: &str) -> Arc<Application> {
        self.state.open.as_ref().unwrap().registry().application(id).unwrap().clone()
    }

    fn end_of(&self, id: &str) -> Option<Instant> {
        self.application(id).expires_at
    }

    fn shown(&self) -> Vec<String> {
        let registry = self.state.policy().unwrap().registry();
        let rows = self.state.applications.rows.iter();
        rows.map(|row| registry.applications()[*row as usize].client_id.clone()).collect()
    }

    fn notice(&self) -> &str {
        self.state.notice.as_ref().map_or("", |notice| &notice.text)
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

#[test]
fn extending_counts_from_the_end_and_can_be_undone_and_redone() {
    let mut program = Program::with_sample();
    let before = program.end_of("acme-trial").unwrap();
    program.select("acme-trial").run(Command::ExtendFortnight);
    let after = program.end_of("acme-trial").unwrap();
    assert_eq!(after.since(before), 14 * 86_400);
    program.run(Command::Undo);
    assert_eq!(program.end_of("acme-trial"), Some(before));
    program.run(Command::Redo);
    assert_eq!(program.end_of("acme-trial"), Some(after));
    let origins: Vec<Origin> =
        program.state.open.as_ref().unwrap().entries.iter().map(|e| e.draft.origin).collect();
    assert_eq!(origins, [Origin::Edit, Origin::Undo(1), Origin::Redo(1)], "history only ever grows");
}

#[test]
fn extending_an_ended_application_counts_from_the_wall_clock_and_never_from_as_of() {
    let mut program = Program::with_sample();
    let registry = program.state.policy().unwrap().registry().clone();
    let ended =
        registry.applications().iter().find(|a| a.expires_at.is_some_and(|end| end < at(NOW))).unwrap();
    program.select(&ended.client_id).send(Message::SetClock(AsOf::At(at("2030-01-01T00:00:00Z"))));
    program.run(Command::ExtendWeek);
    assert_eq!(program.end_of(&ended.client_id).unwrap().since(at(NOW)), 7 * 86_400);
}

#[test]
fn an_edit_is_saved_only_when_the_store_says_so() {
    let mut program = Program::with_sample();
    program.select("acme-trial");
    let effects = update(&mut program.state, Message::Run(Command::Suspend));
    assert!(matches!(effects.as_slice(), [Effect::Commit(drafts)] if drafts.len() == 1));
    assert_eq!(program.state.open.as_ref().unwrap().saving, Saving::Pending(1));
    update(&mut program.state, Message::Committed(Ok(Vec::new())));
    assert_eq!(program.state.open.as_ref().unwrap().saving, Saving::Saved);
}

#[test]
fn an_edit_that_the_store_refuses_is_said_and_read_again() {
    let mut program = Program::with_sample();
    let effects = update(&mut program.state, Message::Committed(Err("the disk is full".to_owned().into())));
    assert!(matches!(effects.as_slice(), [Effect::Open(_)]));
    assert_eq!(program.notice(), "the disk is full");
}

#[test]
fn a_change_by_another_program_appears_and_a_stale_edit_is_a_conflict() {
    let mut program = Program::with_sample();
    let mine = program.application("acme-trial");
    let theirs = Application { notes: "called on Monday".to_owned(), ..Application::clone(&mine) };
    let change = Change::application(&mine, theirs).unwrap();
    let entry = Entry {
        seq: 1,
        at: at(NOW),
        who: "bob".to_owned(),
        draft: Draft::edit("Set notes", "", vec![change]),
    };
    program.send(Message::Changed(vec![entry]));
    assert_eq!(program.application("acme-trial").notes, "called on Monday");
    assert!(program.notice().contains("bob"), "{}", program.notice());
    let stale = Application { customer: "Acme Ltd".to_owned(), ..Application::clone(&mine) };
    let changes = vec![Change::application(&mine, stale).unwrap()];
    program.send(Message::Edit { label: "Set customer".to_owned(), changes });
    assert!(program.notice().contains("has changed since"), "{}", program.notice());
    assert_eq!(program.application("acme-trial").notes, "called on Monday", "nothing was overwritten");
    let Some(Dialog::Conflict { merge, .. }) = &program.state.dialog else { panic!("base, mine and theirs") };
    assert_eq!(merge.fields[0].mine.as_deref(), Some("Acme Ltd"));
    program.send(Message::Accept);
    let both = program.application("acme-trial");
    assert_eq!((both.customer.as_str(), both.notes.as_str()), ("Acme Ltd", "called on Monday"));
}

#[test]
fn yesterdays_question_gets_yesterdays_answer_after_todays_extension() {
    let mut program = Program::with_sample();
    let before = program.end_of("acme-trial").unwrap();
    let later = at("2026-11-24T09:00:00Z");
    program.send(Message::Tick(later)).select("acme-trial").run(Command::ExtendFortnight);
    program.send(Message::SetClock(AsOf::At(at("2026-11-23T15:00:00Z"))));
    assert!(program.state.past_in_force());
    assert_eq!(program.state.selected_application().unwrap().expires_at, Some(before));
    assert!(
        program.state.open.as_ref().unwrap().past.as_ref().unwrap().begins.is_none(),
        "history reaches back"
    );
    program.send(Message::SetSettingsOf(SettingsOf::Today));
    assert_ne!(program.state.selected_application().unwrap().expires_at, Some(before));
}

#[test]
fn past_settings_are_read_only_and_say_so() {
    let mut program = Program::with_sample();
    program.send(Message::Tick(at("2026-11-25T09:00:00Z"))).select("acme-trial");
    program.send(Message::SetClock(AsOf::At(at("2026-11-24T00:00:00Z")))).run(Command::Suspend);
    assert!(program.notice().contains("past settings"), "{}", program.notice());
    program.send(Message::SetSettingsOf(SettingsOf::Today)).run(Command::Suspend);
    assert_eq!(program.state.open.as_ref().unwrap().entries.len(), 1);
}

#[test]
fn before_history_begins_the_state_says_when_it_does() {
    let mut program = Program::with_sample();
    program.send(Message::SetClock(AsOf::At(at("2026-01-01T00:00:00Z"))));
    assert_eq!(program.state.open.as_ref().unwrap().past.as_ref().unwrap().begins, Some(at(NOW)));
}

#[test]
fn the_filter_finds_every_word_in_any_field_whatever_the_case() {
    let mut program = Program::with_sample();
    program.send(Message::Filter("ACME trial".to_owned()));
    assert!(program.shown().contains(&"acme-trial".to_owned()));
    program.send(Message::Filter("no such thing".to_owned()));
    assert!(program.shown().is_empty());
    program.send(Message::Filter(String::new()));
    assert_eq!(program.shown().len(), program.state.applications.counts.all);
}

#[test]
fn a_status_chip_shows_as_many_as_it_counts() {
    let mut program = Program::with_sample();
    for status in Status::ALL {
        program.send(Message::FilterStatus(Some(status)));
        assert_eq!(program.shown().len(), program.state.applications.counts.of(status), "{status:?}");
        assert!(!program.shown().is_empty(), "the sample has {status:?}");
    }
}

#[test]
fn every_column_sorts_and_sorts_back() {
    let mut program = Program::with_sample();
    for column in Column::ALL {
        program.send(Message::Sort(column));
        let mut sorted = program.shown();
        program.send(Message::Sort(column));
        let turned = program.shown();
        assert_ne!(sorted, turned, "{column:?}");
        sorted.sort();
        let mut all = turned;
        all.sort();
        assert_eq!(sorted, all, "{column:?} loses nobody");
    }
}

#[test]
fn a_status_changes_in_the_second_in_which_a_trial_ends_and_the_window_wakes_for_it() {
    let application = Application {
        client_id: "brief".to_owned(),
        expires_at: Some(at("2026-11-23T09:00:05Z")),
        ..Application::default()
    };
    let mut program = Program::with(Registry::new(Default::default(), vec![], vec![application], vec![]));
    assert_eq!(program.state.applications.counts.of(Status::Ending), 1);
    assert_eq!(next_wake(&program.state), Some(at("2026-11-23T09:00:05Z")));
    program.send(Message::Tick(at("2026-11-23T09:00:04Z")));
    assert_eq!(program.state.applications.counts.of(Status::Ending), 1);
    program.send(Message::Tick(at("2026-11-23T09:00:05Z")));
    assert_eq!(program.state.applications.counts.of(Status::Ended), 1);
    assert_eq!(next_wake(&program.state), None, "nothing moves any more");
}

#[test]
fn the_palette_finds_commands_and_entities() {
    let mut program = Program::with_sample();
    program
        .run(Command::Palette)
        .send(Message::PaletteQuery("umbrella".to_owned()))
        .send(Message::PaletteTake);
    assert_eq!(program.state.screen, Screen::Applications);
    assert!(program.state.applications.selected.as_deref().unwrap().starts_with("umbrella"));
    program
        .run(Command::Palette)
        .send(Message::PaletteQuery("show hist".to_owned()))
        .send(Message::PaletteTake);
    assert_eq!(program.state.screen, Screen::History);
}

#[test]
fn a_duplicate_needs_a_new_id_and_carries_the_rest() {
    let mut program = Program::with_sample();
    program.select("acme-trial").run(Command::Duplicate);
    let dialog = |id: &str| {
        Message::Dialog(Some(Dialog::New {
            what: NewWhat::Duplicate("acme-trial".to_owned()),
            id: id.to_owned(),
            name: "Acme West".to_owned(),
            error: None,
        }))
    };
    program.send(dialog("acme-trial")).send(Message::Accept);
    assert!(
        matches!(&program.state.dialog, Some(Dialog::New { error: Some(error), .. }) if error.contains("taken"))
    );
    program.send(dialog("acme-west")).send(Message::Accept);
    let (model, copy) = (program.application("acme-trial"), program.application("acme-west"));
    assert_eq!(
        (&copy.grants, copy.expires_at, copy.customer.as_str()),
        (&model.grants, model.expires_at, "Acme West")
    );
}

#[test]
fn deleting_is_undoable_rather_than_confirmed() {
    let mut program = Program::with_sample();
    let count = program.shown().len();
    program.select("acme-trial").run(Command::Remove);
    assert_eq!(program.shown().len(), count - 1);
    program.run(Command::Undo);
    assert_eq!(program.shown().len(), count);
}

#[test]
fn undo_to_here_takes_back_everything_after() {
    let mut program = Program::with_sample();
    let before = program.end_of("acme-trial").unwrap();
    program.select("acme-trial").run(Command::ExtendWeek).run(Command::ExtendWeek).run(Command::ExtendMonth);
    program.send(Message::UndoTo(1));
    assert_eq!(program.end_of("acme-trial").unwrap().since(before), 7 * 86_400);
}

#[test]
fn the_reason_goes_with_the_edits_that_follow() {
    let mut program = Program::with_sample();
    program.run(Command::Reason).send(Message::Dialog(Some(Dialog::Reason(" TICKET-1 ".to_owned()))));
    program.send(Message::Accept).select("acme-trial").run(Command::ExtendWeek);
    assert_eq!(program.state.open.as_ref().unwrap().entries[0].draft.reason, "TICKET-1");
}

#[test]
fn an_export_takes_what_the_filter_shows() {
    let mut program = Program::with_sample();
    program.send(Message::Filter("acme-trial".to_owned())).run(Command::Export);
    let path = "/tmp/out.csv".to_owned();
    program.send(Message::Dialog(Some(Dialog::Export {
        form: Form::ApplicationsCsv,
        which: Which::Shown,
        path,
        error: None,
    })));
    program.send(Message::Accept);
    match program.left.as_slice() {
        [Effect::File(Task::Export { form: Form::ApplicationsCsv, only: Some(only), .. })] => {
            assert_eq!(only, &["acme-trial"])
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_export_is_written_at_a_time() {
    let mut program = Program::with_sample();
    let begins = |program: &mut Program| {
        program.left.clear();
        program.run(Command::Export).send(Message::Accept);
        matches!(program.left.as_slice(), [Effect::File(Task::Export { .. })])
    };
    assert!(begins(&mut program));
    assert!(!begins(&mut program), "Enter once more is not another");
    program.send(Message::ExportProgress(5, 10));
    assert!(!begins(&mut program));
    program.send(Message::Written(Err("the export was stopped; nothing was written".into())));
    assert!(begins(&mut program));
    program.send(Message::Written(Ok("/tmp/out.json".into())));
    assert!(program.state.dialog.is_none() && begins(&mut program));
}

#[test]
fn an_import_is_a_diff_to_accept_and_one_step_of_undo() {
    let mut program = Program::with_sample();
    let today = program.state.policy().unwrap().registry().clone();
    let mut other = Registry::clone(&today);
    for id in ["acme-trial", "globex-report"] {
        let model = today.application(id).unwrap();
        let after = Application { notes: "imported".to_owned(), ..Application::clone(model) };
        Change::application(model, after).unwrap().apply(&mut other).unwrap();
    }
    program.send(Message::Read(FileTask::Import, PathBuf::from("/new/acme.json"), Ok(Box::new(other))));
    assert!(matches!(&program.state.dialog, Some(Dialog::Compare(c)) if c.changes.len() == 2));
    assert!(
        matches!(program.left.as_slice(), [Effect::Weigh(question)] if question.changes.len() == 2),
        "its effect is counted"
    );
    program.send(Message::Accept);
    assert_eq!(program.application("acme-trial").notes, "imported");
    assert_eq!(program.state.open.as_ref().unwrap().entries[0].draft.label, "Import acme.json");
    program.run(Command::Undo);
    assert_eq!(program.state.policy().unwrap().registry().applications(), today.applications());
}

#[test]
fn the_preview_speaks_of_the_selected_application() {
    let mut program = Program::with_sample();
    program.select("acme-trial").run(Command::Preview);
    assert_eq!(program.state.preview.client_id, "acme-trial");
    program.run(Command::CopyExplanation).run(Command::CopyCommand);
    match program.left.as_slice() {
        [Effect::Copy(text), Effect::Copy(command)] => {
            assert!(text.contains("acme-trial"), "{text}");
            assert!(
                command.starts_with("tenure preview --registry /registries/acme.tenure --app acme-trial"),
                "{command}"
            );
            assert!(command.contains("--settings today"), "{command}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_two_commands_share_a_shortcut_and_every_one_has_a_name() {
    let mut seen = std::collections::HashMap::new();
    for command in Command::ALL {
        assert!(!command.title().is_empty());
        if let Some(chord) = command.shortcut() {
            let before = seen.insert(chord, command);
            // Of a connection Ctrl S goes on to the review, of a file to a copy: both are never meant at once.
            let one_key = before == Some(Command::ReviewChanges) && command == Command::SaveCopy;
            assert!(before.is_none() || one_key, "{command:?} and {before:?} share {chord:?}");
        }
    }
}

#[test]
fn of_two_commands_with_one_shortcut_the_one_that_can_run_has_it() {
    let program = Program::with_sample();
    assert_eq!(Command::SaveCopy.shortcut_in(&program.state), Command::SaveCopy.shortcut());
    assert_eq!(Command::ReviewChanges.shortcut_in(&program.state), None);
}

#[test]
fn a_read_only_registry_refuses_edits_with_a_sentence() {
    let mut program = Program::with_sample();
    program.state.open.as_mut().unwrap().read_only = true;
    program.select("acme-trial").run(Command::ExtendWeek);
    assert!(program.notice().contains("read-only"), "{}", program.notice());
    assert!(program.state.open.as_ref().unwrap().entries.is_empty());
}

#[test]
fn editing_brings_the_keyboard_to_the_inspector() {
    let mut program = Program::with_sample();
    program.select("acme-trial").run(Command::Edit);
    assert_eq!(program.state.focus, Some(Focus::Inspector));
}

#[test]
fn an_edit_that_could_not_be_written_is_taken_back_with_all_that_were_on_their_way() {
    let mut program = Program::with_sample();
    let before = program.end_of("acme-trial");
    program.select("acme-trial");
    for _ in 0..2 {
        // The store does not answer yet.
        update(&mut program.state, Message::Run(Command::ExtendFortnight));
    }
    assert_ne!(program.end_of("acme-trial"), before);
    let gone = "`acme.tenure` does not exist".to_owned();
    let effects = update(&mut program.state, Message::Committed(Err(gone.clone().into())));
    assert_eq!(program.end_of("acme-trial"), before);
    assert_eq!(program.notice(), gone);
    assert!(
        matches!(effects.as_slice(), [Effect::Open(_)]),
        "what is there may be other than what was known"
    );
}

#[test]
fn an_edit_takes_away_what_was_said_of_the_edit_before() {
    let mut program = Program::with_sample();
    program.select("acme-trial").run(Command::ExtendFortnight).run(Command::Undo);
    assert!(program.notice().starts_with("Undo"), "{}", program.notice());
    program.run(Command::ExtendFortnight);
    assert!(!program.notice().starts_with("Undo"), "{}", program.notice());
}

#[test]
fn a_rule_that_does_not_compile_is_kept_only_where_it_is_switched_off() {
    let mut program = Program::with_sample();
    let count = |program: &Program| program.state.policy().unwrap().registry().guardrails().len();
    let before = count(&program);
    program.run(Command::NewGuardrail);
    let mut edit = program.state.guardrail.clone().unwrap();
    (edit.name, edit.when) = ("broken".to_owned(), "foo >".to_owned());
    program.send(Message::EditGuardrail(Box::new(edit.clone()))).run(Command::KeepGuardrail);
    assert_eq!(count(&program), before);
    let said = program.state.guardrail.as_ref().unwrap().error.clone().unwrap();
    assert!(said.contains("would deny everybody"), "{said}");
    edit.enabled = false;
    program.send(Message::EditGuardrail(Box::new(edit))).run(Command::KeepGuardrail);
    assert_eq!(count(&program), before + 1);
}

#[test]
fn what_is_selected_and_not_shown_is_counted() {
    let mut program = Program::with_sample();
    program.send(Message::Filter("customer:acme".to_owned())).run(Command::SelectAll);
    let marked = program.state.applications.marked.len();
    assert_eq!(program.state.applications.marked_out_of_view, 0);
    program.send(Message::Filter("customer:globex".to_owned()));
    assert_eq!(program.state.applications.marked_out_of_view, marked);
    assert!(marked > 0);
}

#[test]
fn a_registry_that_is_on_its_way_is_named_and_a_failure_brings_the_first_page_back() {
    let mut state = State::new(Instant::parse("2026-11-23T09:00:00Z").unwrap(), Settings::default());
    update(&mut state, Message::Picked(FileTask::Open, "/registries/large.tenure".into()));
    assert_eq!(state.opening.as_deref(), Some("large"));
    update(&mut state, Message::Opened(Err("`large.tenure` is damaged".into())));
    assert_eq!((state.opening, state.busy), (None, None));
}
