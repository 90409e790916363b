//! Exports, imports and enforcement by mouse and keyboard, and the files that they write and read.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;

use desk::Desk;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use tenure::app::{Command, Dialog, Message, State, Which};
use tenure::export::{Difference, Form};
use tenure::policy::Strategy;
use tenure::registry::{Duration, Instant};

fn state(desk: &Desk) -> &State {
    desk.harness.state().state()
}

fn exporting() -> Desk {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::E);
    desk
}

fn run(desk: &mut Desk, command: Command) {
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off(command.title().trim_end_matches('…'));
}

fn difference(desk: &Desk) -> Difference {
    state(desk).exporting.shown.as_ref().unwrap().difference
}

#[test]
fn every_format_shows_its_text_its_notes_and_where_it_goes() {
    let mut desk = exporting();
    for form in Form::ALL {
        desk.press(form.title());
        let shown = state(&desk).exporting.shown.clone().unwrap();
        assert!(shown.whole && !shown.lines.is_empty(), "{}", form.title());
        let first: String = shown.lines[0].text.chars().take(40).collect();
        assert!(desk.sees(&first), "{}", form.title());
        for note in shown.notes.iter().take(2) {
            assert!(desk.sees(&note.chars().take(60).collect::<String>()), "{note}");
        }
        let Some(Dialog::Export { path, .. }) = &state(&desk).dialog else { panic!() };
        let ending = std::path::Path::new(path).extension().map(|ending| ending.to_str().unwrap().to_owned());
        assert_eq!(ending.unwrap_or_default(), form.extension(), "{path}");
    }
}

#[test]
fn a_text_is_copied_or_saved_and_then_the_same_as_the_file_that_is_there() {
    let mut desk = exporting();
    desk.press("Registry, YAML");
    assert!(desk.sees("a new file"));
    desk.press("Copy text");
    let copied = desk.copied.borrow().last().unwrap().clone();
    desk.press("Export");
    assert!(state(&desk).dialog.is_none());
    assert_eq!(std::fs::read_to_string(desk.folder.path().join("sample.yaml")).unwrap(), copied);
    desk.keys(Modifiers::COMMAND, Key::E);
    desk.press("Registry, YAML");
    assert_eq!(difference(&desk), Difference::Same);
    assert!(desk.sees("the file that is there is the same"));
}

#[test]
fn what_differs_from_the_file_that_is_there_is_shown_line_by_line() {
    let mut desk = exporting();
    desk.press("Registry, YAML");
    desk.press("Export");
    desk.elsewhere("acme-trial", |app| app.customer = "Acme GmbH".into());
    desk.notice_others();
    desk.keys(Modifiers::COMMAND, Key::E);
    desk.press("Registry, YAML");
    assert_eq!(difference(&desk), Difference::Lines { added: 1, removed: 1 });
    desk.press("Differences");
    assert!(desk.sees("+    customer: \"Acme GmbH\"") && desk.sees("−    customer: Acme"));
    assert!(desk.sees("lines the same"));
}

#[test]
fn a_folder_is_written_with_every_file_and_cannot_be_copied() {
    let mut desk = exporting();
    desk.press("Auth0 Deploy CLI, folder");
    assert!(desk.sees("Folder") && desk.sees("tenant.json"));
    assert!(desk.harness.get_by_label("Copy text").accesskit_node().is_disabled());
    desk.press("Export");
    let tenant = desk.folder.path().join("sample-auth0");
    assert!(tenant.join("actions/tenure-ends-of-trials/code.js").is_file());
    assert!(tenant.join("clients/acme-trial.json").is_file());
}

#[test]
fn the_way_of_enforcing_is_in_the_action_that_is_shown() {
    let mut desk = exporting();
    desk.press("Auth0 Action");
    let text = |desk: &Desk| state(desk).exporting.shown.as_ref().unwrap().text.clone().unwrap();
    assert!(!text(&desk).contains("LIFETIMES"));
    desk.press("Deny what would outlive the end");
    assert_eq!(state(&desk).exporting.enforcement.strategy, Strategy::DenyOutliving);
    assert!(text(&desk).contains("LIFETIMES"));
}

#[test]
fn the_ways_are_compared_on_this_fleet_and_one_is_exported() {
    let mut desk = Desk::with_sample();
    run(&mut desk, Command::Enforce);
    for words in [
        "Deny at the end",
        "overrun, at most: 24 h",
        "refused early: 3 now, next 24 Nov",
        "more tokens a day",
    ] {
        assert!(desk.sees(words), "{words}");
    }
    let hour = Duration::from_seconds(3600).unwrap();
    assert_eq!(state(&desk).exporting.effects.as_ref().unwrap().0, hour);
    desk.harness.query_all_by_label_contains("Shorten every API's lifetime").next().unwrap().click();
    desk.settle();
    assert_eq!(state(&desk).exporting.enforcement.strategy, Strategy::Shorten(hour));
    desk.press("Export the Action…");
    assert!(matches!(
        state(&desk).dialog,
        Some(Dialog::Export { form: Form::Auth0Action, which: Which::All, .. })
    ));
    assert!(desk.sees("with lifetimes of 1 h"));
}

#[test]
fn the_apis_are_shortened_in_one_step_that_can_be_undone() {
    let mut desk = Desk::with_sample();
    let lifetimes = |desk: &Desk| -> Vec<Option<Duration>> {
        let registry = state(desk).open.as_ref().unwrap().registry().clone();
        registry.apis().iter().map(|api| api.access_token_duration).collect()
    };
    let before = lifetimes(&desk);
    run(&mut desk, Command::Enforce);
    desk.harness.query_all_by_label_contains("Shorten every API's lifetime").next().unwrap().click();
    desk.settle();
    desk.press("Shorten the APIs here");
    let hour = Duration::from_seconds(3600).ok();
    assert!(lifetimes(&desk).iter().all(|lifetime| *lifetime <= hour && lifetime.is_some()));
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(lifetimes(&desk), before);
}

/// Opens the import dialog on a file of this text.
fn import(desk: &mut Desk, name: &str, text: &str) {
    std::fs::write(desk.folder.path().join(name), text).unwrap();
    desk.keys(Modifiers::COMMAND, Key::I);
    let path = desk.folder.path().join(name).display().to_string();
    desk.dash_off(&path);
}

#[test]
fn the_columns_of_a_table_are_looked_at_then_the_changes_then_it_is_one_edit() {
    let mut desk = Desk::with_sample();
    let rows = "Nr;Company;Trial end;Region\nacme-trial;Acme GmbH;2036-12-31T23:00:00Z;eu\n";
    import(&mut desk, "customers.csv", rows);
    assert!(desk.sees("1 row; which column holds which field?"));
    assert!(desk.sees("Field of column Trial end: expires_at"));
    assert!(desk.sees("no column holds"), "nothing says which application a row is");
    desk.press("Field of column Nr: Not taken over");
    desk.press("client_id");
    assert!(desk.sees("Field of column Nr: client_id") && !desk.sees("no column holds"));
    desk.press("Show the changes");
    assert!(desk.sees("Import: 1 change") && desk.sees("column `Region` is not taken over"));
    desk.press("Import");
    let end = Instant::parse("2036-12-31T23:00:00Z").unwrap();
    assert_eq!(desk.end_in_file("acme-trial"), Some(end));
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert_ne!(desk.end_in_file("acme-trial"), Some(end));
}

#[test]
fn bad_rows_are_listed_and_the_good_ones_taken_where_the_person_says_so() {
    let mut desk = Desk::with_sample();
    let rows = "client_id,expires_at\nacme-trial,2036-12-31T23:00:00Z\nglobex-report,soon\n";
    import(&mut desk, "ends.csv", rows);
    desk.press("Show the changes");
    assert!(desk.sees("1 problem; nothing was changed") && desk.sees("line 3: expires_at: `soon`"));
    desk.harness.get_by_label_contains("Take the rows that can be read").click();
    desk.settle();
    desk.press("Show the changes");
    assert!(desk.sees("Import: 1 change") && desk.sees("left out: line 3"));
}

#[test]
fn other_files_are_told_apart_by_what_they_hold() {
    let mut desk = exporting();
    for (form, name) in [
        (Form::RegistryYaml, "sample.yaml"),
        (Form::Auth0Deploy, "sample-auth0/tenant.yaml"),
        (Form::Authlete, "sample-authlete.json"),
        (Form::ApplicationsCsv, "sample-applications.csv"),
    ] {
        desk.press(form.title());
        desk.press("Export");
        desk.keys(Modifiers::COMMAND, Key::I);
        let path = desk.folder.path().join(name).display().to_string();
        desk.dash_off(&path);
        if form == Form::ApplicationsCsv {
            desk.press("Show the changes");
        }
        assert!(desk.sees("Import: nothing differs"), "{name}: {:?}", state(&desk).dialog);
        desk.press("Close");
        desk.keys(Modifiers::COMMAND, Key::E);
    }
}

#[test]
fn a_table_dropped_on_the_window_is_offered_for_import() {
    let mut desk = Desk::with_sample();
    let path = desk.folder.path().join("new.csv");
    std::fs::write(&path, "client_id,customer\nnew,Neu\n").unwrap();
    let ctx = desk.harness.ctx.clone();
    desk.harness.state_mut().send(&ctx, Message::Dropped(vec![path]));
    desk.settle();
    assert!(desk.sees("Import new.csv"));
}
