//! Applications of another registry, copied in the window: matched, chosen, mapped by hand, with their effect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/desk.rs"]
mod desk;

use desk::Desk;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use tenure::app::Command;
use tenure::registry::{Application, Grant, Instant, Registry, Service};
use tenure::store::Store;

/// Another registry beside the sample: one trial that is there too, and one that is new.
fn beside(desk: &Desk) -> String {
    let grants = vec![Grant { audience: "https://api.example.com".into(), scopes: vec!["read".into()] }];
    let end = Some(Instant::parse("2026-12-31T00:00:00Z").unwrap());
    let known = Application {
        client_id: "acme-trial".into(),
        name: "Acme, prepared".into(),
        expires_at: end,
        grants: grants.clone(),
        ..Application::default()
    };
    let new = Application {
        client_id: "umbra".into(),
        name: "Umbra trial".into(),
        grants,
        ..Application::default()
    };
    let path = desk.folder.path().join("trials.tenure");
    let other = Registry::new(Service::default(), vec![], vec![known, new], vec![]);
    Store::create(&path, &other, Instant::parse("2026-11-01T00:00:00Z").unwrap()).unwrap();
    path.display().to_string()
}

fn opened() -> Desk {
    let mut desk = Desk::with_sample();
    let path = beside(&desk);
    desk.keys(Modifiers::COMMAND, Key::K);
    desk.dash_off(Command::CopyFrom.title().trim_end_matches('…'));
    desk.dash_off(&path);
    desk
}

fn stored(desk: &Desk, id: &str) -> Option<std::sync::Arc<Application>> {
    Store::open_read_only(desk.file()).unwrap().load().unwrap().registry.application(id).cloned()
}

#[test]
fn who_is_chosen_is_copied_with_its_effect_as_one_step() {
    let mut desk = opened();
    assert!(desk.sees("Copy from trials.tenure") && desk.sees("Nobody is chosen yet"));
    desk.press("Umbra trial · umbra");
    assert!(desk.harness.query_by_label("+").is_some(), "what it changes is shown before it is made");
    assert!(stored(&desk, "umbra").is_none());
    desk.press("Copy");
    let umbra = stored(&desk, "umbra").expect("it is copied");
    assert_eq!(umbra.external_id.as_deref(), Some("umbra"), "so that it is found the next time");
    assert_ne!(stored(&desk, "acme-trial").unwrap().name, "Acme, prepared", "who was not chosen stays");
    desk.keys(Modifiers::COMMAND, Key::Z);
    assert!(stored(&desk, "umbra").is_none());
}

#[test]
fn an_application_there_is_one_here_by_hand() {
    let mut desk = opened();
    desk.press("Umbra trial · umbra");
    let field = "Client id here of Umbra trial · umbra";
    desk.harness.get_by_role_and_label(Role::TextInput, field).focus();
    desk.settle();
    desk.write("acme-trial");
    assert!(desk.sees("· acme-trial  "), "the trial that it is here changes");
    desk.press("Copy");
    assert_eq!(stored(&desk, "acme-trial").unwrap().name, "Umbra trial");
    assert!(stored(&desk, "umbra").is_none());
}

#[test]
fn a_filter_and_choose_all_go_together() {
    let mut desk = opened();
    desk.harness.get_by_role_and_label(Role::TextInput, "Filter").focus();
    desk.settle();
    desk.write("prepared");
    desk.press("Choose all 1");
    desk.press("Copy");
    assert_eq!(stored(&desk, "acme-trial").unwrap().name, "Acme, prepared");
    assert!(stored(&desk, "umbra").is_none());
}
