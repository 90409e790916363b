//! The whole window through its accessibility tree, over a real registry file and a clock that stands still.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;

use desk::Desk;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use tenure::app::ThemeChoice;
use tenure::edit::Change;
use tenure::registry::Instant;
use tenure::store::Store;

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
            for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num5, Key::Num6, Key::Num7, Key::Comma] {
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
fn an_edit_that_somebody_elses_came_before_shows_base_mine_and_theirs() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("acme-trial");
    let before = desk.end_in_file("acme-trial").unwrap();
    desk.elsewhere("acme-trial", |a| (a.notes, a.expires_at) = ("called".into(), Some(before.plus(3600))));
    desk.keys(Modifiers::COMMAND, Key::B);
    assert!(desk.sees("Somebody else was quicker") && desk.sees("expires_at"));
    assert_eq!(desk.end_in_file("acme-trial"), Some(before.plus(3600)), "nothing was overwritten");
    desk.press("Make mine again");
    assert_eq!(desk.end_in_file("acme-trial"), Some(before.plus(14 * 86_400)));
    let registry = Store::open(desk.file()).unwrap().load().unwrap().registry;
    assert_eq!(registry.application("acme-trial").unwrap().notes, "called", "and theirs is kept");
}

#[test]
fn the_curve_moves_the_clock_with_arrow_keys() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::Num3);
    let now = desk.harness.state().state().at();
    desk.harness.get_by_label("Lifetime over time").focus();
    desk.settle();
    desk.keys(Modifiers::NONE, Key::ArrowRight);
    let later = desk.harness.state().state().at();
    assert!(later > now, "{later} is not later than {now}");
    desk.keys(Modifiers::SHIFT, Key::ArrowLeft);
    assert!(desk.harness.state().state().at() < now, "with Shift ten times as far");
}

#[test]
fn a_comparison_tells_what_it_does_to_lifetimes() {
    let mut desk = Desk::with_sample();
    let mut other = Store::open(desk.file()).unwrap().load().unwrap().registry;
    let api = other.api("https://api.example.com").unwrap().clone();
    let mut after = (*api).clone();
    after.scopes.iter_mut().for_each(|scope| scope.access_token_duration = "5m".parse().ok());
    Change::api(&api, after).unwrap().apply(&mut other).unwrap();
    let path = desk.folder.path().join("other.json");
    std::fs::write(&path, tenure::registry::file::write(&other)).unwrap();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("Compare with file");
    desk.dash_off(&path.display().to_string());
    assert!(desk.sees("Compare: 1 change"));
    assert!(desk.sees("get shorter tokens") && desk.sees("At Auth0 + Action"));
    assert!(desk.sees("In full effect from 23 Nov 2026") && desk.sees("more token requests a day"));
}

#[test]
fn the_filter_offers_how_a_word_goes_on_and_points_at_what_is_wrong() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.write("status:ended,s");
    assert!(desk.sees("status:ended,suspended"), "an offer");
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::NONE, Key::Tab);
    let state = desk.harness.state().state();
    assert_eq!(state.applications.filter, "status:ended,suspended");
    let rows = state.applications.rows.len();
    desk.write(" expires<soon");
    assert!(desk.sees("`soon` does not fit `expires`") && desk.sees("at character 32"));
    let state = desk.harness.state().state();
    assert_eq!(state.applications.rows.len(), rows, "the rows stay as they were");
}

#[test]
fn an_administrator_extends_this_weeks_trials_by_a_fortnight_with_the_keyboard_alone() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.write("expires<7d tag:trial");
    desk.keys(Modifiers::NONE, Key::Escape);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::A);
    let chosen = desk.harness.state().state().chosen();
    assert!(chosen.len() > 4 && desk.sees(&format!("{} selected", chosen.len())));
    desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    desk.write("14d");
    assert!(desk.sees(&format!("{} applications", chosen.len())), "what it changes");
    assert!(desk.sees("No lifetime changes") || desk.sees("By the policy"), "what that does to lifetimes");
    desk.keys(Modifiers::NONE, Key::Enter);
    for before in &chosen {
        let end = desk.end_in_file(&before.client_id).unwrap();
        assert_eq!(end.since(before.expires_at.unwrap()), 14 * 86_400, "{}", before.client_id);
    }
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.end_in_file(&chosen[0].client_id), chosen[0].expires_at, "one step of undo");
}

#[test]
fn rows_are_selected_with_the_mouse_and_many_are_inspected_together() {
    let mut desk = Desk::with_sample();
    desk.press("Select acme-batch");
    desk.press("Select acme-trial");
    assert!(desk.sees("2 selected") && desk.sees("2 applications"));
    let field = desk.harness.get_by_label("Ends");
    field.focus();
    desk.settle();
    desk.dash_off("31 Dec 2026 12:00");
    let end = Instant::parse("2026-12-31T12:00:00+01:00").ok();
    assert_eq!([desk.end_in_file("acme-batch"), desk.end_in_file("acme-trial")], [end, end]);
    desk.keys(Modifiers::NONE, Key::Escape);
    assert!(!desk.sees("2 selected"), "Esc clears");
}

#[test]
fn a_key_does_one_thing_only() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("acme-trial");
    // Enter that sets the clock edits nothing.
    desk.keys(Modifiers::COMMAND, Key::T);
    desk.dash_off("expiry-1h");
    desk.keys(Modifiers::NONE, Key::X);
    assert!(desk.harness.ctx.memory(|memory| memory.focused().is_none()), "no field has the keyboard");
    desk.keys(Modifiers::COMMAND, Key::L);
    // Esc in a field gives up what was typed, and only that.
    desk.keys(Modifiers::NONE, Key::F2);
    desk.write("now+3d");
    desk.keys(Modifiers::NONE, Key::Escape);
    assert!(desk.sees("Lifetime as of now"), "the inspector stays");
    desk.keys(Modifiers::NONE, Key::Escape);
    assert!(!desk.sees("Lifetime as of now"), "another Esc closes it");
    // Enter in the filter goes to the first row that it shows, not to one that it hides.
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("globex-report");
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.dash_off("hooli-ingest");
    let state = desk.harness.state().state();
    assert_eq!(state.applications.selected.as_deref(), Some("hooli-ingest"));
}

#[test]
fn esc_gives_up_what_could_not_be_read() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("acme-trial");
    desk.keys(Modifiers::NONE, Key::F2);
    desk.dash_off("banana");
    assert!(desk.sees("`banana` is not an instant"));
    desk.keys(Modifiers::NONE, Key::Escape);
    assert!(!desk.sees("`banana`"));
}

#[test]
fn what_somebody_else_set_while_one_types_is_not_overwritten_unseen() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("acme-trial");
    desk.keys(Modifiers::NONE, Key::F2);
    desk.write("1 Jan 2027 12:00");
    let theirs = Instant::parse("2027-02-05T12:00:00+01:00").unwrap();
    desk.elsewhere("acme-trial", |a| a.expires_at = Some(theirs));
    desk.notice_others();
    desk.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(desk.end_in_file("acme-trial"), Some(theirs), "theirs stands");
    assert!(desk.sees("somebody else made it `5 Feb 2027 12:00`"));
    desk.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(desk.end_in_file("acme-trial"), Instant::parse("2027-01-01T12:00:00+01:00").ok());
}

#[test]
fn a_file_that_cannot_be_opened_is_said_where_its_path_was_typed() {
    let mut desk = Desk::empty();
    desk.keys(Modifiers::COMMAND, Key::O);
    desk.dash_off("/no/such/file.tenure");
    assert!(desk.sees("does not exist") && desk.sees("Open a registry"), "the dialog stays");
    let json = desk.folder.path().join("registry.json");
    std::fs::write(
        &json,
        tenure::registry::file::write(&tenure::registry::sample::sample(*desk.now.borrow())),
    )
    .unwrap();
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off(&json.display().to_string());
    assert!(desk.sees("acme-trial") && desk.sees("read-only"), "a registry as JSON opens to look at");
}

#[test]
fn a_guardrail_is_written_with_the_keyboard_and_shows_what_it_does() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::Num6);
    desk.press("New guardrail…");
    desk.harness.get_by_label("Name of the guardrail").focus();
    desk.settle();
    desk.write("short");
    desk.harness.get_by_label("Expression in CEL").focus();
    desk.settle();
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.write("lifetime > 60 and");
    assert!(desk.sees("until it compiles it can only be kept switched off"));
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.write("lifet");
    assert!(desk.sees("lifetime"), "a name is offered");
    desk.keys(Modifiers::NONE, Key::Tab);
    desk.write(" > 60");
    desk.harness.get_by_label("Longest lifetime by the guardrail").focus();
    desk.settle();
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.write("1m");
    assert!(desk.sees("10 min without it, 1 min with it"), "what it does to the current request");
    assert!(desk.sees("get shorter tokens"), "and to everybody");
    desk.keys(Modifiers::COMMAND, Key::Enter);
    let registry = Store::open(desk.file()).unwrap().load().unwrap().registry;
    assert_eq!(registry.guardrail("short").unwrap().when, "lifetime > 60");
    desk.press("Enabled");
    desk.keys(Modifiers::COMMAND, Key::Enter);
    let registry = Store::open(desk.file()).unwrap().load().unwrap().registry;
    assert!(!registry.guardrail("short").unwrap().enabled);
}

#[test]
fn an_end_is_dragged_on_the_timeline_in_one_step_of_undo() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.dash_off("acme-trial");
    desk.keys(Modifiers::COMMAND, Key::Num5);
    let before = desk.end_in_file("acme-trial").unwrap();
    let grip = desk.harness.get_by_label("End of acme-trial").rect().center();
    desk.drag(grip, grip + egui::vec2(120.0, 0.0));
    let after = desk.end_in_file("acme-trial").unwrap();
    // 120 points of a month are several days.
    assert!(after.since(before) > 3 * 86_400, "{before} {after}");
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.end_in_file("acme-trial"), Some(before));
}

#[test]
fn dragging_across_the_axis_selects_what_ends_there_and_the_clock_can_be_dragged() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num5);
    let now = desk.harness.state().state().at();
    let axis = desk.harness.get_by_label("Select by end").rect();
    let clock = desk.harness.get_by_label("Clock on the timeline").rect().center();
    desk.drag(
        egui::pos2(clock.x + 20.0, axis.top() + 20.0),
        egui::pos2(axis.right() - 4.0, axis.top() + 20.0),
    );
    let chosen = desk.harness.state().state().chosen();
    assert!(chosen.len() > 5, "{}", chosen.len());
    assert!(chosen.iter().all(|app| app.expires_at.is_some_and(|end| end > now)));
    desk.drag(clock, clock + egui::vec2(60.0, 0.0));
    assert!(desk.harness.state().state().at() > now, "the whole program answers for another instant");
}

#[test]
fn whatever_is_wrong_with_a_file_is_a_sentence_in_the_window_too() {
    let mut desk = Desk::with_sample();
    let folder = desk.folder.path().to_owned();
    std::fs::write(folder.join("text.tenure"), "hello").unwrap();
    std::fs::write(folder.join("wrong.json"), "{\n  \"schema\": 1,\n  \"what\": 2\n}").unwrap();
    std::fs::copy(desk.file(), folder.join("newer.tenure")).unwrap();
    let newer = rusqlite::Connection::open(folder.join("newer.tenure")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    let mut bytes = std::fs::read(desk.file()).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(folder.join("damaged.tenure"), bytes).unwrap();
    for (name, words) in [
        ("text.tenure", "is not a Tenure registry"),
        ("wrong.json", "wrong.json:3"),
        ("newer.tenure", "was written by a newer version of Tenure"),
        ("damaged.tenure", "is damaged"),
        ("", "is not a Tenure registry"),
        ("missing.tenure", "does not exist"),
    ] {
        desk.keys(Modifiers::COMMAND, Key::O);
        desk.dash_off(&folder.join(name).display().to_string());
        assert!(desk.sees(words), "{name}: {words}");
        desk.keys(Modifiers::NONE, Key::Escape);
        assert!(desk.sees("acme-trial"), "what was open stays open");
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

#[test]
fn an_issuer_that_is_none_is_refused_with_a_sentence() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num2);
    desk.press("Issuer");
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off("99999d");
    assert!(desk.sees("`99999d` is not an issuer"));
    let service = &desk.harness.state().state().open.as_ref().unwrap().registry().service;
    assert_eq!(service.issuer, "https://issuer.example");
}

#[test]
fn the_end_of_the_help_is_reached_with_the_keyboard() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::NONE, Key::Questionmark);
    desk.settle();
    let top = |desk: &Desk, name: &str| desk.harness.get_by_label(name).rect().top();
    let before = top(&desk, "Quit");
    desk.keys(Modifiers::NONE, Key::End);
    assert!(top(&desk, "Quit") < before, "the list has moved");
    desk.keys(Modifiers::NONE, Key::Home);
    assert_eq!(top(&desk, "Quit"), before, "and back");
}

#[test]
fn a_tooltip_goes_when_a_key_opens_something_above_it() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num4);
    desk.press("Audit");
    let hint = "As if each token were issued now";
    for key in [Key::O, Key::K] {
        desk.harness.get_by_label("today's settings").hover();
        desk.harness.run_steps(12);
        assert!(desk.sees(hint));
        desk.keys(Modifiers::COMMAND, key);
        assert!(!desk.sees(hint), "{key:?}");
        desk.keys(Modifiers::NONE, Key::Escape);
        assert!(!desk.sees("Open a registry") && desk.harness.state().state().palette.is_none(), "{key:?}");
    }
}
