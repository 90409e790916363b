//! Many applications at once: what is selected, what is planned, and one step of undo for all of it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/program.rs"]
mod program;

use program::{NOW, Program};
use tenure::app::{
    Command, Common, Dialog, Effect, Mark, Marked, Message, Screen, Task, Which, moved, update, zoomed,
};
use tenure::effects::{plan, weigh};
use tenure::policy::Status;
use tenure::registry::{ApplicationStatus, Instant, generate::generate, sample::sample};

#[test]
fn five_trials_are_extended_in_one_step_whose_effect_is_shown_before() {
    let mut program = Program::with_sample();
    program.all_that_match("expires<7d");
    let chosen = program.state.chosen();
    assert!(chosen.len() > 4, "{}", chosen.len());
    program.run(Command::Extend).write("14d");
    let plan = program.bulk().plan.clone().unwrap();
    assert_eq!(plan.changes.len(), chosen.len());
    assert_eq!(plan.sentence, format!("{} applications", chosen.len()));
    assert!(program.bulk().weighing.impact().is_some(), "the effect is counted");
    program.send(Message::Accept);
    assert_eq!(program.entries.len(), 1, "one entry of history");
    for before in &chosen {
        let after = program.application(&before.client_id);
        assert_eq!(after.expires_at.unwrap().since(before.expires_at.unwrap()), 14 * 86_400);
    }
    program.run(Command::Undo);
    for before in &chosen {
        assert_eq!(program.application(&before.client_id), *before);
    }
}

#[test]
fn many_are_planned_beside_the_window_and_a_yes_is_not_lost_meanwhile() {
    let mut program = Program::with_sample();
    program.plans = false;
    let many = generate(3_000, 1, program.state.now);
    program.open_registry("/registries/large.tenure", many).send(Message::Mark(Mark::All));
    program.run(Command::Extend).write("1");
    let question = |program: &Program| match &program.left[..] {
        [Effect::Plan(question)] => question.clone(),
        left => panic!("{left:?}"),
    };
    let older = question(&program);
    program.write("14d");
    let newest = question(&program);
    assert!(program.bulk().planning.is_some() && program.bulk().plan.is_err());
    program.send(Message::Accept);
    assert!(program.entries.is_empty(), "nothing is known to be done yet");
    program.send(plan(&older));
    assert!(program.bulk().planning.is_some(), "the answer to what was typed before is not taken");
    program.send(plan(&newest));
    assert_eq!(program.entries.len(), 1, "the yes was remembered");
    assert!(program.entries[0].draft.changes.len() > 1_000);
    assert!(program.state.dialog.is_none());
    // What is wrong with what is typed comes the same way, and a yes to it does nothing.
    program.plans = true;
    program.run(Command::Extend).write("soon").send(Message::Accept);
    assert!(program.bulk().plan.as_ref().unwrap_err().contains("soon"));
    assert_eq!(program.entries.len(), 1);
}

#[test]
fn what_does_not_change_is_counted_and_left_alone() {
    let mut program = Program::with_sample();
    program.select(&["acme-trial", "acme-batch"]).run(Command::Extend).write("7d");
    assert_eq!(program.bulk().plan.as_ref().unwrap().sentence, "1 application; 1 never end: unchanged");

    program.send(Message::Dialog(None)).run(Command::SetEnd);
    let end = program.application("acme-trial").expires_at.unwrap().plus(-3600);
    program.send(Message::BulkText(end.to_string(), true));
    assert_eq!(
        program.bulk().plan.as_ref().unwrap().sentence,
        "0 applications; 2 already end later: unchanged"
    );
    program.send(Message::BulkText("never".to_owned(), false));
    assert_eq!(
        program.bulk().plan.as_ref().unwrap().sentence,
        "1 application; 1 already end then: unchanged"
    );
}

#[test]
fn what_cannot_be_read_is_a_sentence_and_nothing_is_done() {
    let mut program = Program::with_sample();
    for (command, text, words) in [
        (Command::Extend, "soon", "`soon` is not a duration"),
        (Command::Extend, "0", "`0`"),
        (Command::SetEnd, "someday", "`someday` is not an instant"),
        (Command::Grant, "https://gone.example.com", "no API has the audience `https://gone.example.com`"),
        (Command::Grant, "https://api.example.com reed", "has no scope `reed`"),
    ] {
        program.send(Message::Mark(Mark::Clear)).select(&["acme-trial", "globex-report"]);
        program.run(command).write(text).send(Message::Accept);
        let error = program.bulk().plan.clone().unwrap_err();
        assert!(error.contains(words), "{error}");
        assert!(program.entries.is_empty());
        program.send(Message::Dialog(None));
    }
}

#[test]
fn many_are_tagged_granted_suspended_revoked_and_deleted() {
    let mut program = Program::with_sample();
    let ids = ["acme-trial", "globex-report"];
    program.select(&ids);
    program.run(Command::Tag).write("review -trial").send(Message::Accept);
    let tags = |p: &Program, id| p.application(id).tags.clone();
    assert!(ids.iter().all(|id| tags(&program, id).contains(&"review".to_owned())));
    assert!(ids.iter().all(|id| !tags(&program, id).contains(&"trial".to_owned())));

    program.run(Command::Grant).write("https://reports.example.com run").send(Message::Accept);
    let granted = |p: &Program, id| p.application(id).grant("https://reports.example.com").is_some();
    assert!(ids.iter().all(|id| granted(&program, id)));

    program.run(Command::Suspend);
    assert_eq!(program.bulk().plan.as_ref().unwrap().sentence, "2 applications", "shown before it is done");
    assert!(program.bulk().weighing.impact().unwrap().policy.all() > 0, "with its effect");
    program.send(Message::Accept);
    assert!(ids.iter().all(|id| program.application(id).status == ApplicationStatus::Suspended));
    program.run(Command::Suspend).send(Message::Accept);
    assert!(
        ids.iter().all(|id| program.application(id).status == ApplicationStatus::Active),
        "all were, so all resume"
    );

    program.run(Command::Revoke).send(Message::Accept);
    assert!(ids.iter().all(|id| program.application(id).grants.is_empty()));
    program.run(Command::Remove).send(Message::Accept);
    assert!(program.state.open.as_ref().unwrap().registry().application("acme-trial").is_none());
    assert_eq!(program.entries.len(), 6, "a step each");
    for _ in 0..6 {
        program.run(Command::Undo);
    }
    let now = Instant::parse(NOW).unwrap();
    assert_eq!(program.state.open.as_ref().unwrap().registry().applications(), sample(now).applications());
}

#[test]
fn a_selection_grows_by_rows_and_by_the_filter_and_outlives_another_filter() {
    let mut program = Program::with_sample();
    program.send(Message::Select(Some("acme-batch".into())));
    program.send(Message::Mark(Mark::Through("aperture-core".into())));
    assert_eq!(program.marked(), ["acme-batch", "acme-trial", "aperture-core"]);
    assert_eq!(program.state.applications.marked_rows, Marked::Some);
    program.send(Message::Filter("acme".into()));
    assert_eq!(program.state.applications.marked_rows, Marked::All, "of what is shown, all are");
    assert_eq!(program.marked().len(), 3, "and the hidden one stays");
    program.run(Command::SelectAll);
    assert_eq!(program.marked(), ["aperture-core"], "again: what is shown goes");
    program.send(Message::Mark(Mark::Clear));
    assert!(program.marked().is_empty());
}

#[test]
fn the_inspector_of_many_knows_what_they_have_in_common() {
    let mut program = Program::with_sample();
    program.select(&["acme-trial", "acme-batch"]);
    let shared = program.state.applications.shared.clone().unwrap();
    assert_eq!((shared.count, &shared.customer), (2, &Common::Same("Acme".to_owned())));
    assert_eq!(shared.expires_at, Common::Mixed);
    assert_eq!(shared.grants.get("https://api.example.com"), Some(&2));
    program.send(Message::FilterStatus(Some(Status::Ended))).send(Message::Mark(Mark::Clear));
    assert_eq!(program.state.applications.shared, None);
}

#[test]
fn a_guardrail_is_checked_and_weighed_as_it_is_typed_and_kept_in_one_step() {
    let mut program = Program::with_sample();
    program.run(Command::NewGuardrail);
    let edit = |p: &Program| p.state.guardrail.clone().unwrap();
    let mut typed = edit(&program);
    (typed.name, typed.when, typed.cap) = ("short".into(), "lifetime > 60 &&".into(), "1m".into());
    program.send(Message::EditGuardrail(Box::new(typed)));
    assert!(
        program.state.guardrail_checked.as_ref().unwrap().wrong.as_ref().unwrap().place.is_some(),
        "the place of the error"
    );
    assert_eq!(edit(&program).weighing.impact(), None, "nothing is counted before it compiles");

    let mut typed = edit(&program);
    typed.when = "lifetime > 60".into();
    program.send(Message::EditGuardrail(Box::new(typed)));
    let edited = edit(&program);
    let impact = edited.weighing.impact().expect("counted");
    assert!(impact.policy.of(tenure::policy::Direction::Shorter) > 20);
    assert_eq!(impact.issuer.all(), 0, "Auth0 knows no guardrails");

    program.run(Command::KeepGuardrail);
    let registry = program.state.open.as_ref().unwrap().registry().clone();
    assert_eq!(registry.guardrail("short").unwrap().when, "lifetime > 60");
    assert!(!edit(&program).is_changed(), "it stays in view, as it is stored");

    let mut typed = edit(&program);
    typed.name = "shorter".into();
    program.send(Message::EditGuardrail(Box::new(typed))).run(Command::KeepGuardrail);
    let registry = program.state.open.as_ref().unwrap().registry().clone();
    assert!(registry.guardrail("short").is_none() && registry.guardrail("shorter").is_some(), "renamed");
    assert_eq!(program.entries.len(), 2);
    program.run(Command::Undo).run(Command::Undo);
    assert!(program.state.open.as_ref().unwrap().registry().guardrail("short").is_none());
}

#[test]
fn a_guardrail_that_is_not_whole_is_not_kept() {
    let mut program = Program::with_sample();
    let taken = program.state.policy().unwrap().registry().guardrails()[0].name.clone();
    for (name, cap, words) in [
        ("", "1h", "a name is needed"),
        ("x", "soon", "is not a duration"),
        (taken.as_str(), "1h", "already"),
    ] {
        program.run(Command::NewGuardrail);
        let mut typed = program.state.guardrail.clone().unwrap();
        (typed.name, typed.cap) = (name.to_owned(), cap.to_owned());
        program.send(Message::EditGuardrail(Box::new(typed))).run(Command::KeepGuardrail);
        let error = program.state.guardrail.clone().unwrap().error.unwrap();
        assert!(error.contains(words), "{error}");
    }
    assert!(program.entries.is_empty());
}

#[test]
fn an_export_takes_the_selection_where_there_is_one() {
    let mut program = Program::with_sample();
    program.select(&["acme-trial", "globex-report"]).run(Command::Export);
    assert!(matches!(&program.state.dialog, Some(Dialog::Export { which: Which::Selected, .. })));
    let effects = update(&mut program.state, Message::Accept);
    let [Effect::File(Task::Export { only: Some(only), .. })] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!(only, &["acme-trial", "globex-report"]);
}

#[test]
fn trials_stand_in_the_order_of_their_ends_and_are_selected_by_them() {
    let mut program = Program::with_sample();
    program.send(Message::Show(Screen::Trials));
    let registry = program.state.policy().unwrap().registry().clone();
    let ends: Vec<Option<Instant>> = program
        .state
        .trials
        .rows
        .iter()
        .map(|row| registry.applications()[*row as usize].expires_at)
        .collect();
    assert_eq!(ends.len(), registry.applications().len());
    assert!(
        ends.is_sorted_by_key(|end| end.map_or(i64::MAX, Instant::seconds)),
        "what never ends comes last"
    );
    let (from, to) = (program.state.now.seconds(), program.state.now.seconds() + 7 * 86_400);
    let expected = ends.iter().flatten().filter(|end| (from..to).contains(&end.seconds())).count();
    assert_eq!(program.state.trials.ending_between(from, to), expected);
    program.send(Message::MarkEnds { from, to, group: None, beside: false });
    assert_eq!(program.marked().len(), expected);
    program.send(Message::Filter("status:ended".into()));
    assert!(program.state.trials.rows.len() < ends.len(), "the filter is the same as the table's");
}

#[test]
fn the_timeline_zooms_around_a_point_and_stays_within_the_calendar() {
    let span = (1_000_000_000, 1_000_864_000);
    let around = 1_000_216_000;
    let near = zoomed(span, around, 0.5);
    assert_eq!(near.1 - near.0, 432_000);
    let part = |(from, to): (i64, i64)| (around - from) as f64 / (to - from) as f64;
    assert!((part(span) - part(near)).abs() < 1e-6, "the point stays under the pointer");
    assert_eq!(zoomed(span, around, 1e-9).1 - zoomed(span, around, 1e-9).0, 3600, "an hour at least");
    assert!(zoomed(span, around, 1e9).1 <= Instant::MAX.seconds());
    assert_eq!(moved((0, 3600), -5), (0, 3600));
    assert_eq!(moved((0, 3600), i64::MAX).1, Instant::MAX.seconds());
}

#[test]
fn an_effect_that_was_counted_for_another_question_is_not_shown() {
    let mut program = Program::with_sample();
    let rules = program.state.policy().unwrap().registry().guardrails().to_vec();
    let [one, other] = [&rules[0].name, &rules[1].name];
    // Both questions are asked before the first is answered.
    let first = update(&mut program.state, Message::SelectGuardrail(Some(one.clone())));
    let second = update(&mut program.state, Message::SelectGuardrail(Some(other.clone())));
    let answer = |effects: Vec<Effect>| match effects.into_iter().next() {
        Some(Effect::Weigh(question)) => weigh(&question),
        other => panic!("{other:?}"),
    };
    update(&mut program.state, answer(first));
    assert_eq!(program.state.guardrail.as_ref().unwrap().weighing.impact(), None, "it is the other rule's");
    update(&mut program.state, answer(second));
    assert!(program.state.guardrail.as_ref().unwrap().weighing.impact().is_some());
}

#[test]
fn the_access_of_one_is_taken_away_only_after_its_effect_was_seen() {
    let mut program = Program::with_sample();
    program.send(Message::Select(Some("acme-trial".to_owned()))).run(Command::Revoke);
    let grants = |program: &Program| program.registry().application("acme-trial").unwrap().grants.len();
    assert_eq!(program.bulk().ids.len(), 1);
    assert!(grants(&program) > 0, "nothing is done yet");
    program.send(Message::Accept);
    assert_eq!(grants(&program), 0);
}
