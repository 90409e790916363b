//! The timeline in the window: ends, clock and selections by mouse and keyboard, groups and density.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;

use desk::Desk;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;
use tenure::app::{AsOf, ThemeChoice};
use tenure::registry::{Instant, generate::generate};

fn on_trials() -> Desk {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num5);
    desk
}

fn marked(desk: &Desk) -> usize {
    desk.harness.state().state().applications.marked.len()
}

#[test]
fn an_end_is_moved_by_arrow_keys_and_set_with_enter_as_one_step_of_undo() {
    let mut desk = on_trials();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("acme-trial");
    desk.keys(Modifiers::COMMAND, Key::Num5);
    let before = desk.end_in_file("acme-trial").unwrap();
    desk.harness.get_by_label("End of acme-trial").focus();
    desk.settle();
    for _ in 0..3 {
        desk.keys(Modifiers::NONE, Key::ArrowRight);
    }
    assert_eq!(desk.end_in_file("acme-trial"), Some(before), "nothing is set on the way");
    desk.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(desk.end_in_file("acme-trial").unwrap().since(before), 3 * 3600);
    desk.keys(Modifiers::NONE, Key::ArrowLeft);
    desk.keys(Modifiers::NONE, Key::Escape);
    assert_eq!(desk.end_in_file("acme-trial").unwrap().since(before), 3 * 3600, "Esc gives it up");
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.end_in_file("acme-trial"), Some(before), "one step of undo");
}

#[test]
fn the_clock_moves_by_mouse_and_by_arrow_keys() {
    let mut desk = on_trials();
    let grip = desk.harness.get_by_label("Clock on the timeline").rect().center();
    desk.drag(grip, grip + vec2(60.0, 0.0));
    let AsOf::At(later) = desk.harness.state().state().as_of else { panic!("a chosen instant") };
    assert!(later > Instant::parse(desk::NOW).unwrap());
    desk.harness.get_by_label("Clock on the timeline").focus();
    desk.settle();
    desk.keys(Modifiers::NONE, Key::ArrowRight);
    assert_eq!(desk.harness.state().state().at().since(later), 3600);
    desk.keys(Modifiers::COMMAND, Key::L);
    assert_eq!(desk.harness.state().state().as_of, AsOf::Live);
}

#[test]
fn dragging_over_rows_or_axis_selects_by_end_and_shift_selects_beside() {
    let mut desk = on_trials();
    let axis = desk.harness.get_by_label("Select by end").rect();
    let clock = desk.harness.get_by_label("Clock on the timeline").rect().center().x;
    let from = egui::pos2(clock + 4.0, axis.top() + 30.0);
    desk.drag(from, from + vec2(60.0, 0.0));
    let near = marked(&desk);
    assert!(near > 0, "by the axis");
    let row = desk.harness.get_by_label_contains("Virtucon virtucon-laser").rect();
    let begin = egui::pos2(clock + 80.0, row.center().y);
    desk.harness.event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    desk.drag(begin, begin + vec2(120.0, 4.0));
    assert!(marked(&desk) > near, "over the rows, beside what is selected");
}

#[test]
fn groups_open_and_close_by_mouse_and_keyboard_and_are_selected_whole() {
    let mut desk = on_trials();
    desk.press("Customer");
    assert!(desk.sees("Acme, 2 applications, open"));
    desk.harness.get_by_label("Acme, 2 applications, open").click();
    desk.settle();
    assert!(desk.sees("Acme, 2 applications, closed") && !desk.sees("Acme acme-batch"));
    desk.keys(Modifiers::NONE, Key::ArrowRight);
    assert!(desk.sees("Acme, 2 applications, open") && desk.sees("Acme acme-batch"));
    desk.keys(Modifiers::NONE, Key::Space);
    assert_eq!(marked(&desk), 2);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    assert!(desk.harness.state().state().applications.selected.is_some(), "and on to its first row");
    desk.press("Close all");
    assert!(!desk.sees("Acme acme-batch"));
    desk.press("Select all of Hooli");
    assert_eq!(marked(&desk), 4);
    desk.keys(Modifiers::NONE, Key::Escape);
    assert_eq!(marked(&desk), 0);
}

#[test]
fn who_has_ended_and_still_has_access_leads_to_the_review() {
    let mut desk = on_trials();
    assert!(desk.sees("Ended, still granted: 9") && desk.sees("No token of theirs lives any more"));
    desk.press("Review them");
    assert!(desk.sees("View: Ended, still granted"));
}

#[test]
fn thousands_far_out_are_one_chart_and_with_groups_a_line_each() {
    let mut desk = Desk::with(ThemeChoice::Dark, &generate(3_000, 1, Instant::parse(desk::NOW).unwrap()));
    desk.keys(Modifiers::COMMAND, Key::Num5);
    assert!(!desk.sees("are in force and end, over time"));
    desk.press("3 years");
    assert!(desk.sees("are in force and end, over time"));
    desk.press("API");
    assert!(!desk.sees("are in force and end, over time"));
    assert_eq!(desk.harness.query_all_by_label_contains("applications, open").count(), 3, "an API each");
    desk.press("Month");
    assert!(desk.harness.state().state().trials.lines.len() > 3_000);
}

#[test]
fn a_slip_of_the_mouse_over_a_name_keeps_the_selection() {
    let mut desk = on_trials();
    desk.keys(Modifiers::COMMAND, Key::A);
    let before = marked(&desk);
    assert!(before > 5);
    let row = desk.harness.get_by_label_contains("Acme acme-trial").rect();
    let at = egui::pos2(row.left() + 40.0, row.center().y);
    desk.drag(at, at + vec2(14.0, 2.0));
    assert_eq!(marked(&desk), before);
}

#[test]
fn an_end_that_is_being_moved_is_set_on_leaving_the_screen_and_once() {
    let mut desk = on_trials();
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off("acme-trial");
    desk.keys(Modifiers::COMMAND, Key::Num5);
    let before = desk.end_in_file("acme-trial").unwrap();
    desk.harness.get_by_label("End of acme-trial").focus();
    desk.settle();
    desk.keys(Modifiers::NONE, Key::ArrowRight);
    desk.keys(Modifiers::COMMAND, Key::Num1);
    assert_eq!(desk.end_in_file("acme-trial").unwrap().since(before), 3600);
    desk.keys(Modifiers::COMMAND, Key::Num5);
    assert_eq!(desk.end_in_file("acme-trial").unwrap().since(before), 3600);
}

#[test]
fn dragging_within_a_head_selects_of_its_group_and_below_the_last_row_of_all() {
    let mut desk = on_trials();
    desk.press("Customer");
    desk.press("Close all");
    let clock = desk.harness.get_by_label("Clock on the timeline").rect().center().x;
    let head = desk.harness.get_by_label_contains("Aperture, 1 applications").rect();
    let at = egui::pos2(clock + 4.0, head.center().y);
    desk.drag(at, at + vec2(300.0, 0.0));
    assert_eq!(marked(&desk), 1, "Aperture has one end there");
    desk.keys(Modifiers::NONE, Key::Escape);
    desk.press("By end");
    desk.keys(Modifiers::COMMAND, Key::Num1);
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.write("tag:probe");
    desk.keys(Modifiers::COMMAND, Key::Num5);
    let axis = desk.harness.get_by_label("Select by end").rect();
    let at = egui::pos2(axis.left() + 4.0, axis.bottom() + 300.0);
    desk.drag(at, egui::pos2(axis.right() - 4.0, at.y));
    assert_eq!(marked(&desk), 2);
}

#[test]
fn escape_gives_up_an_end_that_is_being_dragged() {
    let mut desk = on_trials();
    let before = desk.end_in_file("acme-trial");
    let handle = desk.harness.get_by_label("End of acme-trial").rect().center();
    desk.harness.hover_at(handle);
    desk.harness.run_steps(1);
    desk.harness.drag_at(handle);
    desk.harness.run_steps(1);
    for by in [10.0, 30.0, 60.0] {
        desk.harness.hover_at(handle + vec2(by, 0.0));
        desk.harness.run_steps(1);
    }
    desk.keys(Modifiers::NONE, Key::Escape);
    desk.harness.drop_at(handle + vec2(60.0, 0.0));
    desk.settle();
    assert_eq!(desk.end_in_file("acme-trial"), before);
    desk.drag(handle, handle + vec2(60.0, 0.0));
    assert_ne!(desk.end_in_file("acme-trial"), before, "letting go sets it");
}
