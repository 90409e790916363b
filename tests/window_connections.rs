//! Connections in the window: added, tried, pulled for the first time, signed in to, and removed.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;
#[path = "support/person.rs"]
mod person;
#[path = "support/remote/mod.rs"]
mod remote;

use egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT;
use person::Person;
use tenure::app::Screen;

#[test]
fn a_tenant_is_added_tested_and_pulled_and_the_fleets_overrun_is_the_first_page() {
    let mut person = Person::new();
    person.desk.press("Connect to Auth0 or Authlete…");
    assert!(person.desk.sees("No connection yet"));
    person.desk.press("Add connection…");
    person.desk.settle();
    person.desk.press("Add");
    assert!(person.desk.sees("a name is needed"), "what is wrong stands below its field");
    let secret = person.tenant.credentials().1.to_owned();
    person.fill_form(&secret);
    person.desk.press("Test");
    assert!(person.desk.sees("works"), "a test tells what works before anything is kept");
    person.desk.press("Add");
    assert!(person.state().dialog.is_none(), "{:?}", person.state().dialog);
    assert!(person.desk.sees("never pulled"));
    person.desk.press("Pull acme-prod");
    assert_eq!(person.state().screen, Screen::Preview);
    assert!(person.state().fleet.shown, "the first page after a pull is the fleet's overrun");
    assert_eq!(person.state().connected().unwrap().connection.name, "acme-prod");
    assert!(
        person.desk.sees("Auth0 · acme-prod, development"),
        "the top bar names connection and environment"
    );
    assert_eq!(person.pending(), 0);
}

#[test]
fn a_test_tells_which_permission_is_missing() {
    let mut person = Person::new();
    person.tenant.set_permissions(&["read:clients", "read:resource_servers"]);
    person.desk.press("Connect to Auth0 or Authlete…");
    person.desk.press("Add connection…");
    let secret = person.tenant.credentials().1.to_owned();
    person.fill_form(&secret);
    person.desk.press("Test");
    assert!(person.desk.sees("missing"));
}

#[test]
fn credentials_that_are_kept_nowhere_are_asked_for_when_they_are_needed() {
    let mut person = Person::new();
    let secret = person.tenant.credentials().1.to_owned();
    person.desk.press("Connect to Auth0 or Authlete…");
    person.desk.press("Add connection…");
    person.fill_form(&secret);
    person.desk.press("Ask at each start");
    person.desk.press("Add");
    let kept = std::fs::read_dir(person.desk.folder.path().join("credentials"));
    assert!(kept.map_or(true, |mut files| files.next().is_none()), "nothing of them is on disk");
    person.desk.press("Pull acme-prod");
    assert_eq!(person.state().connected().unwrap().connection.name, "acme-prod");
}

#[test]
fn the_secret_that_is_typed_is_seen_nowhere() {
    const CANARY: &str = "canary-7f3a9c-secret";
    let mut person = Person::new();
    person.desk.press("Connect to Auth0 or Authlete…");
    person.desk.press("Add connection…");
    person.fill_form(CANARY);
    person.desk.settle();
    assert!(!person.desk.sees(CANARY), "not in the accessibility tree");
    assert!(!format!("{:?}", person.state()).contains(CANARY), "not in the state");
    let tree = format!("{:?}", person.desk.harness.root());
    assert!(!tree.contains(CANARY), "{tree}");
    person.desk.press("Test");
    assert!(!person.desk.sees(CANARY), "not in the error of a sign-in that is refused");
    assert!(person.desk.sees("refuse") || person.desk.sees("denied") || person.desk.sees("not"));
    person.desk.press("Add");
    let folder = person.desk.folder.path().to_owned();
    let mut found = Vec::new();
    for entry in walk(&folder) {
        let bytes = std::fs::read(&entry).unwrap();
        if bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()) {
            found.push(entry);
        }
    }
    assert_eq!(found, [folder.join("credentials/acme-prod.key")], "only where credentials are kept");
    let undone = person.desk.harness.ctx.data(|data| format!("{data:?}"));
    assert!(!undone.contains(CANARY), "not in what the toolkit remembers");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files.extend(walk(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

#[test]
fn a_connection_is_removed_after_a_question_and_the_tenant_is_as_it_was() {
    let mut person = Person::pulled("Staging");
    person.desk.keys(Modifiers::COMMAND, Key::Num8);
    person.desk.press("Remove acme-prod…");
    person.desk.press("Remove connection");
    assert!(person.state().connections.known.is_empty());
    assert!(person.state().open.is_none());
    assert!(person.tenant.writes().is_empty());
}

#[test]
fn removing_the_connection_that_is_open_lets_its_file_go_and_brings_back_what_was_open_before() {
    for before in [None, Some("Open the sample registry")] {
        let mut person = Person::new();
        if let Some(sample) = before {
            person.desk.press(sample);
            person.desk.keys(Modifiers::COMMAND, Key::Num8);
        } else {
            person.desk.press("Connect to Auth0 or Authlete…");
        }
        person.add("Staging");
        person.desk.keys(Modifiers::COMMAND, Key::Num8);
        person.desk.press("Pull acme-prod");
        person.extend("acme", "2026-12-09T12:00:00Z");
        let staged = person.state().connected().unwrap().staged.clone();
        person.desk.keys(Modifiers::COMMAND, Key::Num8);
        person.desk.press("Remove acme-prod…");
        assert!(person.desk.sees("1 change not applied yet"), "what is lost is said");
        person.desk.press("Remove connection");
        assert!(!staged.exists());
        assert!(!person.state().settings.recent.contains(&staged), "a file that is gone is not offered");
        assert!(person.state().settings.last.as_ref() != Some(&staged));
        assert_eq!(person.pending(), 0, "what was staged is no longer counted");
        let open = person.state().open.as_ref().map(|open| open.path.clone());
        assert_eq!(open, before.map(|_| person.desk.file()));
        assert_eq!(person.desk.sees("Open the sample registry"), before.is_none(), "else the first page");
    }
}

#[test]
fn what_was_told_of_a_connection_goes_with_it() {
    let mut person = Person::connected("Staging");
    person.desk.press("Test acme-prod");
    assert!(person.desk.sees("works"));
    person.desk.press("Remove acme-prod…");
    person.desk.press("Remove connection");
    person.add("Staging");
    assert!(person.desk.sees("never pulled"));
    assert!(!person.desk.sees("works"), "another one of the same name was not tried yet");
}

#[test]
fn the_only_connection_is_pulled_by_one_key_and_of_several_one_is_to_be_chosen() {
    let mut person = Person::connected("Staging");
    person.desk.keys(Modifiers::NONE, Key::F5);
    assert_eq!(person.state().connected().unwrap().connection.name, "acme-prod");

    let mut person = Person::connected("Staging");
    person.desk.press("Add connection…");
    let secret = person.tenant.credentials().1.to_owned();
    person.fill_form(&secret);
    person.fill("Name", "other");
    person.desk.press("Add");
    person.desk.keys(Modifiers::NONE, Key::F5);
    assert!(person.state().open.is_none());
    assert!(person.desk.sees("choose which to pull"));
}

#[test]
fn new_credentials_take_the_place_of_wrong_ones_and_are_tried_at_once() {
    let mut person = Person::new();
    person.desk.press("Connect to Auth0 or Authlete…");
    person.desk.press("Add connection…");
    person.fill_form("wrong");
    person.desk.press("Add");
    person.desk.press("Test acme-prod");
    assert!(person.desk.sees("does not take the credentials"));
    for keep in ["File only you can read", "Ask at each start"] {
        person.desk.press("New credentials for acme-prod…");
        person.desk.press("Keep and test");
        assert!(person.state().dialog.is_some(), "nothing is kept before it is typed");
        let secret = person.tenant.credentials().1.to_owned();
        person.fill("Client secret", &secret);
        person.desk.press(keep);
        person.desk.press("Keep and test");
        assert!(person.desk.sees("works"), "{keep}");
        let in_files = person.desk.folder.path().join("credentials/acme-prod.key").exists();
        assert_eq!(in_files, keep.starts_with("File"));
    }
}

#[test]
fn a_key_of_metadata_is_named_in_the_form() {
    let mut person = Person::new();
    person.desk.press("Connect to Auth0 or Authlete…");
    person.desk.press("Add connection…");
    let secret = person.tenant.credentials().1.to_owned();
    person.fill_form(&secret);
    person.fill("Customer key", "expires_at");
    person.desk.press("Add");
    assert!(person.desk.sees("two fields are kept under the key"));
    person.fill("Customer key", "company");
    person.desk.press("Review before apply");
    person.desk.press("Add");
    person.desk.press("Pull acme-prod");
    person.edit("acme", |app| app.customer = "Acme".into());
    person.review();
    person.desk.press("Apply 1 change to development");
    assert_eq!(person.tenant.client("acme").unwrap()["client_metadata"]["company"], "Acme");
}

#[test]
fn in_a_small_window_what_has_the_keyboard_is_in_view_and_keeps_it_while_a_test_runs() {
    let mut person = Person::new();
    person.desk.press("Connect to Auth0 or Authlete…");
    person.desk.press("Add connection…");
    let secret = person.tenant.credentials().1.to_owned();
    person.fill_form(&secret);
    person.desk.harness.set_size([512.0, 320.0].into());
    person.desk.settle();
    for _ in 0..20 {
        person.desk.keys(Modifiers::NONE, Key::Tab);
        let place = person.focused().rect();
        assert!(
            place.top() >= 0.0 && place.bottom() <= 320.0,
            "{:?} {place:?}",
            person.focused().accesskit_node().label()
        );
    }
    while person.focused().accesskit_node().label().as_deref() != Some("Test") {
        person.desk.keys(Modifiers::NONE, Key::Tab);
    }
    person.desk.keys(Modifiers::NONE, Key::Space);
    assert!(person.desk.sees("works"));
    assert_eq!(person.focused().accesskit_node().label().as_deref(), Some("Test"));
}
