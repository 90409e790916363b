//! Lists in the window: views, facets, columns, menus, edits of many, and what edits would do, with mouse and keyboard.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;

use desk::Desk;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use tenure::registry::{ApplicationStatus, Registry};
use tenure::store::Store;

const BOTH: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

fn registry(desk: &Desk) -> Registry {
    Store::open(desk.file()).unwrap().load().unwrap().registry
}

/// Goes to an application with the keyboard.
fn go_to(desk: &mut Desk, id: &str) {
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.write(id);
    desk.keys(Modifiers::NONE, Key::Enter);
}

#[test]
fn a_view_is_saved_and_taken_with_the_keyboard_and_deleted_in_its_menu() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.write("tag:eu");
    desk.keys(Modifiers::NONE, Key::Escape);
    desk.keys(Modifiers::NONE, Key::Escape);
    desk.keys(BOTH, Key::S);
    desk.write("Europe");
    desk.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(registry(&desk).view("Europe").unwrap().filter, "tag:eu", "it is on disk");
    assert!(desk.sees("View: Europe"), "the view in force is named");
    desk.press("View: Europe");
    desk.press("All applications");
    assert!(desk.sees("View: All"));
    go_to(&mut desk, "View: Europe");
    assert!(desk.sees("View: Europe"));
    desk.press("View: Europe");
    desk.press("Delete view Europe");
    assert!(registry(&desk).view("Europe").is_none());
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert!(registry(&desk).view("Europe").is_some());
}

#[test]
fn facets_show_counts_and_choose() {
    let mut desk = Desk::with_sample();
    desk.press("Tag");
    let trial =
        registry(&desk).applications().iter().filter(|app| app.tags.contains(&"trial".into())).count();
    desk.press(&format!("trial {trial}"));
    assert_eq!(desk.harness.state().state().applications.filter, "tag:trial");
    desk.keys(Modifiers::NONE, Key::Escape);
    assert!(!desk.sees("apac"), "closed");
    desk.harness.get_by_label_contains("Ended, still granted").click();
    desk.settle();
    assert_eq!(desk.harness.state().state().applications.filter, "tag:trial status:ended has:access");
}

#[test]
fn columns_come_go_and_change_places() {
    let mut desk = Desk::with_sample();
    assert!(!desk.sees("Sort by Tokens until"));
    desk.press("Columns");
    desk.press("Tokens until");
    desk.press("Ends further left");
    desk.press("Client");
    desk.keys(Modifiers::NONE, Key::Escape);
    assert!(desk.sees("Sort by Tokens until") && !desk.sees("Sort by Client"));
    let x = |name: &str| desk.harness.get_by_label(name).rect().center().x;
    assert!(x("Sort by Ends") < x("Sort by Status"));
    desk.press("Sort by Tokens until");
    assert!(desk.sees("Sort by Tokens until"), "every column sorts");
}

#[test]
fn the_monthly_review_by_keyboard_revokes_what_has_ended() {
    let mut desk = Desk::with_sample();
    desk.keys(BOTH, Key::R);
    assert!(desk.sees("View: Ended, still granted") && desk.sees("Sort by Tokens until"));
    let before = desk.harness.state().state().applications.rows.len();
    assert!(before > 5);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::A);
    go_to(&mut desk, "Revoke access");
    assert!(desk.sees(&format!("Revoke access of {before} applications")), "what it does is shown first");
    assert!(
        desk.sees("No lifetime changes"),
        "who has ended is denied already, by the policy and by the Action"
    );
    desk.keys(Modifiers::NONE, Key::Enter);
    assert!(desk.sees("Nothing matches"));
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(desk.harness.state().state().applications.rows.len(), before, "one step of undo");
}

#[test]
fn suspending_and_deleting_many_is_shown_before_it_is_done() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::F);
    desk.write("customer:acme");
    desk.keys(Modifiers::NONE, Key::Escape);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.press("Suspend");
    assert!(desk.sees("Suspend 2 applications") && desk.sees("lose access"));
    let status = |desk: &Desk| registry(desk).application("acme-trial").unwrap().status;
    assert_eq!(status(&desk), ApplicationStatus::Active);
    desk.keys(Modifiers::NONE, Key::Enter);
    assert_eq!(status(&desk), ApplicationStatus::Suspended);
    go_to(&mut desk, "Delete the selected");
    assert!(desk.sees("Delete 2 applications"));
    desk.press("Cancel");
    assert!(registry(&desk).application("acme-trial").is_some());
}

#[test]
fn what_is_typed_or_pointed_at_shows_its_effect_and_changes_nothing() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num2);
    let field = desk.harness.get_by_label("Lifetime of write");
    field.focus();
    desk.settle();
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.write("5m");
    assert!(
        desk.sees("get shorter tokens") && desk.sees("By the policy"),
        "{:?}",
        desk.harness.state().state().considered
    );
    assert!(desk.sees("In full effect from 23 Nov 2026"));
    desk.keys(Modifiers::NONE, Key::Escape);
    assert!(!desk.sees("get shorter tokens"), "given up, it is gone");
    assert!(desk.harness.state().state().considered.is_none());

    go_to(&mut desk, "acme-trial");
    desk.harness.get_by_role_and_label(egui::accesskit::Role::CheckBox, "Data API").focus();
    desk.settle();
    assert!(desk.sees("loses access"), "with the keyboard on it");
    assert!(registry(&desk).application("acme-trial").unwrap().grant("https://api.example.com").is_some());
    assert!(desk.harness.state().state().open.as_ref().unwrap().entries.is_empty());
}

#[test]
fn cutting_off_shows_until_when_tokens_live_and_can_be_taken_back_there() {
    let mut desk = Desk::with_sample();
    go_to(&mut desk, "acme-trial");
    desk.keys(BOTH, Key::X);
    assert!(desk.sees("Acme is cut off") && desk.sees("until 24 Nov 2026 10:00:00 CET"));
    assert_eq!(registry(&desk).application("acme-trial").unwrap().status, ApplicationStatus::Suspended);
    desk.press("Undo");
    assert_eq!(registry(&desk).application("acme-trial").unwrap().status, ApplicationStatus::Active);
}

#[test]
fn a_new_application_from_a_template_shows_its_end_before_it_is_made() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::N);
    desk.write("globex-2");
    desk.press("Trial of 30 days");
    assert!(desk.sees("23 Dec 2026 10:00:00 CET") && desk.sees("Data API: read"));
    desk.press("Create");
    let new = registry(&desk).application("globex-2").unwrap().clone();
    assert_eq!(new.tags, ["trial"]);
    assert_eq!(new.expires_at.unwrap().to_string(), "2026-12-23T09:00:00Z");
}

#[test]
fn history_shows_what_an_edit_did_with_the_list_behind_the_number() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::COMMAND, Key::Num2);
    desk.harness.get_by_label("Lifetime of write").focus();
    desk.settle();
    desk.keys(Modifiers::COMMAND, Key::A);
    desk.dash_off("5m");
    desk.keys(Modifiers::COMMAND, Key::Num7);
    desk.harness.get_by_label_contains("Set lifetime of scope write").click();
    desk.settle();
    assert!(desk.sees("get shorter tokens"));
    assert!(!desk.sees("acme-trial · Data API"));
    desk.press("Show each of them");
    assert!(desk.sees("acme-trial · Data API: by the policy 10 min → 5 min, at the issuer no change"));
}

#[test]
fn menus_are_made_from_the_list_of_commands() {
    let mut desk = Desk::with_sample();
    desk.press("Menu");
    desk.harness.get_by_role_and_label(egui::accesskit::Role::Button, "Help").click();
    desk.settle();
    assert!(
        desk.harness.query_all_by_label("Search or run a command").count() > 1,
        "in the bar and in the menu"
    );
    desk.keys(Modifiers::NONE, Key::Escape);
    go_to(&mut desk, "acme-trial");
    let row = desk.harness.get_by_label_contains("Acme acme-trial,");
    row.click_secondary();
    desk.settle();
    desk.press("Extend by 30 days");
    let end = desk.end_in_file("acme-trial").unwrap().to_string();
    assert_eq!(end, "2026-12-25T09:00:00Z", "the row's menu runs commands");
}

#[test]
fn every_control_has_a_name() {
    let mut desk = Desk::with_sample();
    go_to(&mut desk, "acme-trial");
    for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num5, Key::Num6, Key::Num7, Key::Comma] {
        desk.keys(Modifiers::COMMAND, key);
        let root = desk.harness.root();
        let nameless: Vec<String> = root
            .children_recursive()
            .filter(|node| {
                use egui::accesskit::Role;
                let node = node.accesskit_node();
                let control = matches!(
                    node.role(),
                    Role::Button
                        | Role::CheckBox
                        | Role::TextInput
                        | Role::ComboBox
                        | Role::Slider
                        | Role::ListBoxOption
                );
                control && node.label().is_none_or(|label| label.trim().is_empty())
            })
            .map(|node| format!("{:?} at {:?}", node.accesskit_node().role(), node.rect()))
            .collect();
        assert!(nameless.is_empty(), "{key:?}: {nameless:?}");
    }
}

#[test]
fn the_acts_on_a_selection_stand_beside_the_inspector_and_not_below_it() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::A);
    let inspector = desk.harness.get_by_label_contains("What is set here").rect().left();
    for act in ["Extend…", "Review…", "Revoke access"] {
        let right = desk.harness.get_by_label(act).rect().right();
        assert!(right < inspector, "`{act}` ends at {right}, the inspector begins at {inspector}");
    }
}

#[test]
fn the_arrows_open_one_entry_of_history_after_the_other() {
    let mut desk = Desk::with_sample();
    // The first never ends, so that only the next two are extended.
    for _ in 0..3 {
        desk.keys(Modifiers::NONE, Key::ArrowDown);
        desk.keys(Modifiers::COMMAND, Key::B);
    }
    desk.keys(Modifiers::COMMAND, Key::Num7);
    let open = |desk: &Desk| desk.harness.state().state().history_entry;
    for (key, entry) in
        [(Key::ArrowDown, Some(2)), (Key::ArrowDown, Some(1)), (Key::ArrowUp, Some(2)), (Key::Escape, None)]
    {
        desk.keys(Modifiers::NONE, key);
        assert_eq!(open(&desk), entry, "{key:?}");
    }
}

#[test]
fn a_tooltip_of_a_row_goes_while_keys_are_pressed_and_comes_back_with_the_pointer() {
    let mut desk = Desk::with_sample();
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    let row =
        desk.harness.get_all_by_role(egui::accesskit::Role::ListBoxOption).nth(1).unwrap().rect().center();
    let tooltip = "\nends ";
    desk.harness.hover_at(row);
    desk.harness.run_steps(12);
    assert!(desk.sees(tooltip));
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.harness.run_steps(12);
    assert!(!desk.sees(tooltip), "it would cover the next row");
    desk.harness.hover_at(row + egui::vec2(2.0, 0.0));
    desk.harness.run_steps(12);
    assert!(desk.sees(tooltip));
    // A click where the pointer rests is still a click there.
    let selected = |desk: &Desk| desk.harness.state().state().applications.selected.clone();
    desk.keys(Modifiers::NONE, Key::Home);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    let second = selected(&desk);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    assert_ne!(selected(&desk), second);
    desk.harness.drag_at(row);
    desk.harness.drop_at(row);
    desk.settle();
    assert_eq!(selected(&desk), second);
}
