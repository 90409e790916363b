//! The Fleet page and the review by mouse and keyboard, and the files that they write.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod cli_support;
#[path = "support/desk.rs"]
mod desk;

use cli_support::Place;
use desk::Desk;
use egui::{Key, Modifiers};
use tenure::app::{FleetColumn, Screen, State};
use tenure::registry::ProfileName;

fn on_fleet() -> Desk {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    desk
}

fn state(desk: &Desk) -> &State {
    desk.harness.state().state()
}

/// The application and audience of the row on which the keyboard stands.
fn row(desk: &Desk) -> (String, String) {
    let fleet = &state(desk).fleet;
    let report = fleet.report.as_ref().unwrap();
    let (application, grant) = report.of(&report.rows[fleet.order[fleet.row] as usize]).unwrap();
    (application.client_id.clone(), grant.audience.clone())
}

#[test]
fn arrow_keys_walk_the_rows_and_enter_asks_the_preview_about_one() {
    let mut desk = on_fleet();
    assert!(state(&desk).on_fleet());
    let first = row(&desk);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(state(&desk).fleet.row, 1);
    let second = row(&desk);
    assert_ne!(first, second);
    desk.keys(Modifiers::NONE, Key::Enter);
    let preview = &state(&desk).preview;
    assert_eq!((preview.client_id.clone(), preview.audience.clone()), second);
    assert!(state(&desk).screen == Screen::Preview && !state(&desk).fleet.shown);
    assert_eq!(preview.profile, Some(ProfileName::Auth0Action));
}

#[test]
fn heads_order_the_rows_and_turn_them_round() {
    let mut desk = on_fleet();
    for (column, title) in [(FleetColumn::UpTo, "Up to"), (FleetColumn::Client, "Client")] {
        desk.press(&format!("Sort by {title}"));
        assert_eq!(state(&desk).fleet.sort, (column, false));
        let first = row(&desk);
        desk.press(&format!("Sort by {title}"));
        assert_eq!(state(&desk).fleet.sort, (column, true));
        assert_ne!(row(&desk), first);
    }
}

#[test]
fn the_page_says_what_decides_what_it_comes_to_and_for_when() {
    let desk = on_fleet();
    for words in ["as of 10:00", "overrun in all", "outlive their end", "ended, yet issued"] {
        assert!(desk.sees(words), "{words}");
    }
}

/// Exports from the page into a file of the folder and reads it.
fn written(desk: &mut Desk, ending: &str) -> Vec<u8> {
    desk.press("Export");
    std::fs::read(desk.folder.path().join(format!("sample{ending}"))).unwrap()
}

/// What the command line gives for the same registry and instant.
fn said(desk: &Desk, words: &[&str]) -> String {
    let file = desk.file();
    let asked = [&["--registry", file.to_str().unwrap()], words, &["--at", desk::NOW]].concat();
    let ran = Place::empty().bare(&asked);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn a_file_of_the_page_is_to_the_byte_what_the_command_line_writes() {
    let mut desk = on_fleet();
    desk.press("Sort by Tokens until");
    desk.keys(Modifiers::COMMAND, Key::E);
    let file = written(&mut desk, "-overrun.csv");
    let asked = ["fleet", "--csv", "--sort", "tokens-until"];
    assert_eq!(String::from_utf8(file).unwrap(), said(&desk, &asked));
}

fn review_report(desk: &mut Desk) {
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("Review report");
}

#[test]
fn a_review_is_written_from_its_dialog_and_is_that_of_the_command_line() {
    let mut desk = Desk::with_sample();
    review_report(&mut desk);
    assert!(desk.sees("Ended, still granted"), "without a filter it asks who is still granted");
    let file = String::from_utf8(written(&mut desk, "-review-2026-11-23.md")).unwrap();
    assert!(
        file.starts_with("# Access review of 23 November 2026") && file.contains("nakatomi-tower"),
        "{file}"
    );
    assert!(state(&desk).dialog.is_none());
    // The command line writes times in UTC, the window in the zone that was chosen.
    let ids = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|l| l.contains("☐ keep"))
            .map(|l| l.split('|').nth(2).unwrap().to_owned())
            .collect()
    };
    let review = said(&desk, &["review"]);
    assert_eq!(ids(&file), ids(&review));

    review_report(&mut desk);
    desk.press("Review, CSV");
    let table = written(&mut desk, "-review-2026-11-23.csv");
    assert_eq!(String::from_utf8(table).unwrap(), said(&desk, &["review", "--format", "csv"]));
}
