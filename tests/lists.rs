//! What the list of applications shows: saved views, facets, columns, templates, and the monthly review.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/program.rs"]
mod program;

use program::Program;
use std::collections::BTreeSet;
use tenure::app::{
    BUILT_IN, Command, Counting, Dialog, Effect, Menu, Message, NewWhat, STILL_GRANTED, Screen,
};
use tenure::edit::Change;
use tenure::policy::{Direction, FilterField, Status, status};
use tenure::registry::{Application, ApplicationStatus, Column, Order};

#[test]
fn a_view_is_saved_with_the_registry_taken_and_removed_and_each_is_one_step_of_undo() {
    let mut program = Program::with_sample();
    program.send(Message::Filter("tag:trial".into())).send(Message::FilterStatus(Some(Status::Ending)));
    program.send(Message::Sort(Column::ExpiresAt)).send(Message::Sort(Column::ExpiresAt));
    let rows = program.state.applications.rows.clone();
    program.run(Command::SaveView).name("Urgent").send(Message::Accept);
    let view = program.registry().view("Urgent").unwrap().clone();
    assert_eq!(view.filter, "tag:trial status:ending", "the chip is one of its words");
    assert_eq!(view.order, Order { column: Column::ExpiresAt, descending: true });
    assert_eq!(program.entries.len(), 1);

    program.send(Message::TakeView(None));
    assert_eq!(program.state.applications.rows.len(), program.registry().applications().len());
    program.send(Message::TakeView(Some("Urgent".into())));
    assert_eq!(program.state.applications.rows, rows, "in the same order");
    assert_eq!(program.state.view_in_force().unwrap().name, "Urgent");

    program.send(Message::RemoveView("Urgent".into()));
    assert!(program.registry().view("Urgent").is_none());
    program.run(Command::Undo);
    assert!(program.registry().view("Urgent").is_some());
    program.run(Command::Undo);
    assert!(program.registry().view("Urgent").is_none(), "as before it was saved");
}

#[test]
fn a_view_without_a_name_or_with_a_filter_that_cannot_be_read_is_not_saved() {
    let mut program = Program::with_sample();
    program.run(Command::SaveView).name("  ").send(Message::Accept);
    let Some(Dialog::Name { error: Some(error), .. }) = &program.state.dialog else { panic!("it stays") };
    assert!(error.contains("a name is needed"), "{error}");
    program.send(Message::Dialog(None)).send(Message::Filter("status:odd".into()));
    assert!(!Command::SaveView.available(&program.state));
    assert!(program.entries.is_empty());
}

#[test]
fn columns_are_kept_for_the_person_and_those_of_a_view_stay_its_own() {
    let mut program = Program::with_sample();
    assert_eq!(program.state.columns(), Column::USUAL);
    program.send(Message::Columns(vec![Column::Tags, Column::ClientId]));
    assert!(
        matches!(&program.left[..], [Effect::SaveSettings(s)] if s.columns == [Column::Tags, Column::ClientId])
    );
    program.send(Message::Columns(Vec::new()));
    assert_eq!(program.state.columns().len(), 2, "there is always one");
    program.run(Command::StillGranted);
    assert_eq!(program.state.columns(), BUILT_IN[0].columns);
    program.send(Message::Columns(vec![Column::TokensUntil]));
    assert!(program.left.is_empty(), "the person's own are another matter");
    program.send(Message::TakeView(None));
    assert_eq!(program.state.columns(), [Column::Tags, Column::ClientId]);
}

#[test]
fn settings_of_another_version_lose_only_the_columns_that_nobody_knows() {
    let read = |text: &str| serde_json::from_str::<tenure::app::Settings>(text).unwrap().columns;
    assert_eq!(read(r#"{"columns":["tags","hologram","tags","status"]}"#), [Column::Tags, Column::Status]);
    assert_eq!(read(r#"{"columns":[]}"#), Column::USUAL);
    assert_eq!(read("{}"), Column::USUAL);
}

#[test]
fn a_facet_counts_the_rows_and_its_values_come_and_go_as_words() {
    let mut program = Program::with_sample();
    program.send(Message::Facet(Some(FilterField::Tag)));
    let facet = program.state.applications.facet.clone().unwrap();
    let with = |tag: &str| {
        program.registry().applications().iter().filter(|app| app.tags.iter().any(|t| t == tag)).count()
    };
    assert!(facet.values.iter().all(|(tag, count)| *count == with(tag)), "{:?}", facet.values);
    assert!(facet.values.is_sorted_by_key(|(_, count)| std::cmp::Reverse(*count)));
    let (eu, us) = (with("eu"), with("us"));

    program.send(Message::ToggleFacet(FilterField::Tag, "eu".into()));
    assert_eq!(program.state.applications.rows.len(), eu);
    program.send(Message::ToggleFacet(FilterField::Tag, "us".into()));
    assert_eq!(program.state.applications.rows.len(), eu + us, "of one field any is enough");
    let counted: usize = program.state.applications.facet.as_ref().unwrap().values[0].1;
    assert!(counted <= eu + us, "and the counts follow the rows");
    program.send(Message::ToggleFacet(FilterField::Tag, "us".into()));
    program.send(Message::ToggleFacet(FilterField::Tag, "eu".into()));
    assert_eq!(program.state.applications.filter, "");
}

#[test]
fn the_monthly_review_shows_who_has_ended_and_can_still_get_tokens_and_revokes_in_one_step() {
    let mut program = Program::with_sample();
    let at = program.state.at();
    let expected: BTreeSet<String> = program
        .registry()
        .applications()
        .iter()
        .filter(|app| status(app, at, 7) == Status::Ended && !app.grants.is_empty())
        .map(|app| app.client_id.clone())
        .collect();
    assert_eq!(program.state.applications.still_granted, expected.len());
    program.run(Command::StillGranted);
    assert_eq!(program.state.applications.filter, STILL_GRANTED);
    assert_eq!(program.shown(), expected);

    program.run(Command::SelectAll).run(Command::Revoke);
    let plan = program.bulk().plan.clone().unwrap();
    assert_eq!(plan.sentence, format!("{} applications", expected.len()));
    program.send(Message::Accept);
    assert!(program.shown().is_empty(), "nobody is left");
    assert_eq!(program.entries.len(), 1);
    program.run(Command::Undo);
    assert_eq!(program.shown(), expected);
}

#[test]
fn a_new_application_begins_with_a_template_and_ends_when_its_trial_does() {
    let mut program = Program::with_sample();
    program.send(Message::Select(Some("acme-trial".into()))).run(Command::SaveTemplate);
    program.name("Like acme").send(Message::Accept);
    let template = program.registry().template("Like acme").unwrap().clone();
    let model = program.application("acme-trial");
    let length = model.expires_at.unwrap().since(model.not_before.unwrap());
    assert_eq!(template.trial_duration.unwrap().seconds(), length);

    program.run(Command::NewApplication);
    program.send(Message::Dialog(Some(Dialog::New {
        what: NewWhat::Application(Some("Like acme".into())),
        id: "globex-2".into(),
        name: "Globex".into(),
        error: None,
    })));
    program.send(Message::Accept);
    let new = program.application("globex-2");
    assert_eq!((&new.grants, &new.tags, new.customer.as_str()), (&model.grants, &model.tags, "Globex"));
    assert_eq!(new.expires_at, Some(program.state.now.plus(length)));
    assert_eq!(new.notes, "", "what was written about another one is not taken over");

    program.send(Message::RemoveTemplate("Like acme".into()));
    assert!(program.registry().template("Like acme").is_none());
    program.run(Command::Undo);
    assert!(program.registry().template("Like acme").is_some());
}

#[test]
fn an_edit_shows_what_it_would_do_while_it_is_considered_and_nothing_once_it_is_not() {
    let mut program = Program::with_sample();
    let before = program.application("acme-trial");
    let after = Application { access_token_duration: "1m".parse().ok(), ..Application::clone(&before) };
    let changes = Vec::from_iter(Change::application(&before, after));
    program.send(Message::Consider(changes.clone()));
    let considered = program.state.considered.clone().unwrap();
    assert_eq!(considered.weighing.impact().unwrap().policy.of(Direction::Shorter), 1);
    assert!(program.state.considers(&changes), "so that it is not asked again in every frame");
    assert_eq!(program.application("acme-trial"), before, "nothing is changed");
    program.send(Message::Consider(Vec::new()));
    assert_eq!(program.state.considered, None);
}

#[test]
fn an_entry_of_history_tells_what_it_did_when_it_was_made() {
    let mut program = Program::with_sample();
    for own in ["5m", "1m"] {
        let before = program.application("acme-trial");
        let after = Application { access_token_duration: own.parse().ok(), ..Application::clone(&before) };
        let changes = Vec::from_iter(Change::application(&before, after));
        program.send(Message::Edit { label: format!("Set {own}"), changes });
    }
    program.send(Message::HistoryEntry(Some(1)));
    let impact = program.state.entry_weighing.impact().unwrap().clone();
    let shift = impact.affected[0].policy;
    assert_eq!((shift.before, shift.after), (Ok(600), Ok(300)), "whatever came after it");
    program.send(Message::HistoryEntry(None));
    assert_eq!(program.state.entry_weighing.counting, Counting::Nothing);
}

#[test]
fn cutting_off_suspends_at_once_and_says_until_when_tokens_may_live() {
    let mut program = Program::with_sample();
    program.send(Message::Select(Some("acme-trial".into()))).run(Command::CutOff);
    assert_eq!(program.application("acme-trial").status, ApplicationStatus::Suspended);
    let Some(Dialog::CutOff(cut_off)) = &program.state.dialog else { panic!("it is said") };
    let now = program.state.now;
    assert_eq!(
        cut_off.tokens,
        [("https://api.example.com".to_owned(), now.plus(86_400))],
        "the issuer's lifetime"
    );
    program.send(Message::Dialog(None));
    assert!(!Command::CutOff.available(&program.state), "it is off");
    program.run(Command::Undo);
    assert_eq!(program.application("acme-trial").status, ApplicationStatus::Active);
}

#[test]
fn a_counting_that_is_stopped_says_so_and_the_answer_to_another_question_is_dropped() {
    let mut program = Program::with_sample();
    program.send(Message::Select(Some("acme-trial".into())));
    let before = program.application("acme-trial");
    let after = Application { access_token_duration: "1m".parse().ok(), ..Application::clone(&before) };
    let changes = Vec::from_iter(Change::application(&before, after));
    program.answers = false;
    program.send(Message::Consider(changes));
    let ticket = program.state.considered.as_ref().unwrap().weighing.ticket;
    program.send(Message::Weighed(ticket, Counting::Under(512, 1024)));
    program.send(Message::StopWeighing(ticket));
    assert!(matches!(&program.left[..], [Effect::StopWeighing(stopped)] if *stopped == ticket));
    assert_eq!(program.state.considered.as_ref().unwrap().weighing.counting, Counting::Stopped);
    program.send(Message::Weighed(ticket + 7, Counting::Under(1, 2)));
    assert_eq!(program.state.considered.as_ref().unwrap().weighing.counting, Counting::Stopped);
}

#[test]
fn every_command_stands_in_one_menu_and_no_menu_is_empty() {
    for menu in Menu::ALL {
        assert!(menu.commands().next().is_some(), "{}", menu.title());
    }
    let listed: Vec<Command> = Menu::ALL.into_iter().flat_map(Menu::commands).collect();
    assert_eq!(listed.len(), Command::ALL.len());
    assert!(Command::ALL.iter().all(|command| listed.contains(command)));
}

#[test]
fn a_view_is_found_in_the_palette() {
    let mut program = Program::with_sample();
    program.run(Command::Palette).send(Message::PaletteQuery("view still".into()));
    program.send(Message::PaletteTake);
    assert_eq!(program.state.screen, Screen::Applications);
    assert_eq!(program.state.applications.filter, STILL_GRANTED);
}
