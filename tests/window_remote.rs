//! Remote registries in the window, against a tenant that keeps state: edit, review, conflict, apply, refresh, cut off, delete.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;
#[path = "support/person.rs"]
mod person;
#[path = "support/remote/mod.rs"]
mod remote;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use person::{API, Person};
use serde_json::json;
use tenure::app::{
    Command, Effect, Message, RemoteMessage, RemoteTask, Screen, Settings, State, ThemeChoice, update,
};
use tenure::edit::Change;
use tenure::registry::{Application, ApplicationStatus, Instant};

#[test]
fn edits_are_staged_reviewed_with_their_effect_and_applied() {
    let mut person = Person::pulled("Staging");
    person.extend("acme", "2026-12-09T12:00:00Z");
    person.edit("soylent", |app| app.status = ApplicationStatus::Suspended);
    assert!(person.tenant.writes().is_empty(), "an edit writes nothing");
    assert!(person.desk.sees("2 pending"));
    assert!(Command::ReviewChanges.shortcut_in(person.state()).is_some());
    assert_eq!(Command::SaveCopy.shortcut_in(person.state()), None, "one key, beside one command");
    person.review();
    assert!(person.desk.sees("expires_at"));
    assert!(person.desk.sees("14 d more"), "{:?}", person.state().review.effects);
    assert!(person.desk.sees("1 loses access"));
    person.desk.press("Apply 2 changes to staging");
    assert_eq!(person.pending(), 0, "{:?}", person.state().review);
    assert!(person.desk.sees("2 done"));
    assert_eq!(
        person.tenant.client("acme").unwrap()["client_metadata"]["expires_at"],
        "2026-12-09T12:00:00Z"
    );
    assert!(person.tenant.grants_of("soylent").is_empty());
    assert!(person.desk.sees("All 2 changes are applied"), "what was done is said where one looks");
    person.desk.keys(Modifiers::NONE, Key::Escape);
    assert!(!person.state().review.shown, "Esc leads back");
    person.review();
    assert!(person.desk.sees("Nothing is staged"));
}

#[test]
fn one_change_or_all_are_discarded_and_undo_stages_them_again() {
    let mut person = Person::pulled("Staging");
    person.extend("acme", "2026-12-09T12:00:00Z");
    person.extend("globex", "2026-12-12T18:00:00Z");
    person.review();
    person.desk.press("Discard the change of Acme trial");
    assert_eq!(person.pending(), 1);
    person.desk.press("Discard all");
    assert_eq!(person.pending(), 0);
    assert!(person.desk.sees("Nothing is staged"));
    person.desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(person.pending(), 1);
}

#[test]
fn a_plan_is_saved_for_the_command_line() {
    let mut person = Person::pulled("Staging");
    person.extend("acme", "2026-12-09T12:00:00Z");
    person.review();
    person.desk.press("Save plan…");
    let file = person.desk.folder.path().join("saved.json");
    person.fill("File", &file.display().to_string());
    person.desk.press("Save");
    let plan: tenure::remote::Plan = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(plan, *person.state().review.planned.as_ref().unwrap().plan);
}

#[test]
fn production_asks_for_the_connections_name() {
    let mut person = Person::pulled("Production");
    person.extend("acme", "2026-12-09T12:00:00Z");
    person.review();
    person.desk.press("Apply 1 change to production");
    assert!(person.tenant.writes().is_empty());
    person.desk.write("acme");
    person.desk.press("Apply 1 change");
    assert!(person.tenant.writes().is_empty(), "half a name is not the name");
    person.fill("The connection's name: acme-prod", "acme-prod");
    person.desk.press("Apply 1 change");
    assert_eq!(
        person.tenant.client("acme").unwrap()["client_metadata"]["expires_at"],
        "2026-12-09T12:00:00Z"
    );
}

#[test]
fn a_read_only_connection_says_why_it_does_not_apply_and_sends_nothing() {
    let mut person = Person::pulled("Staging");
    person.desk.keys(Modifiers::COMMAND, Key::Num8);
    person.desk.press("Read-only");
    person.extend("acme", "2026-12-09T12:00:00Z");
    person.review();
    assert!(person.desk.sees("This connection is read-only"));
    person.send(Message::Remote(RemoteMessage::Apply));
    assert!(person.tenant.writes().is_empty());
}

#[test]
fn a_conflict_shows_base_mine_and_theirs_and_goes_on_with_the_choice() {
    for (choice, end) in [("Keep mine", "2026-12-09T12:00:00Z"), ("Take theirs", "2026-12-24T12:00:00Z")] {
        let mut person = Person::pulled("Staging");
        person.extend("acme", "2026-12-09T12:00:00Z");
        person
            .tenant
            .edit_client("acme", json!({ "client_metadata": { "expires_at": "2026-12-24T12:00:00Z" } }));
        person.review();
        person.desk.press("Apply 1 change to staging");
        assert!(person.tenant.writes().is_empty(), "nothing is written at a conflict");
        assert!(person.desk.sees("Whose value counts?"));
        assert!(person.desk.sees("One conflict waits for a choice"));
        person.desk.press(choice);
        person.desk.press("Apply 1 change to staging");
        assert_eq!(person.tenant.client("acme").unwrap()["client_metadata"]["expires_at"], end, "{choice}");
        assert_eq!(person.pending(), 0);
        assert_eq!(person.app("acme").expires_at, Some(Instant::parse(end).unwrap()));
    }
}

#[test]
fn a_refresh_shows_what_others_changed() {
    let mut person = Person::pulled("Staging");
    person.extend("acme", "2026-12-09T12:00:00Z");
    person.tenant.edit_client("globex", json!({ "name": "Globex AG" }));
    person.desk.keys(Modifiers::NONE, Key::F5);
    assert!(person.desk.sees("others made 1 change since the last pull"));
    assert!(person.desk.sees("Globex AG"));
    person.desk.press("Close");
    assert_eq!(person.app("globex").name, "Globex AG");
    assert_eq!(person.pending(), 1, "what was staged stays staged");
}

#[test]
fn cut_off_goes_round_the_staging_and_shows_until_when_tokens_live() {
    let mut person = Person::pulled("Staging");
    person.extend("globex", "2026-12-12T18:00:00Z");
    person.send(Message::Select(Some("acme".into())));
    person.desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::X);
    assert!(person.tenant.grants_of("acme").is_empty(), "the access is gone at once");
    assert!(person.desk.sees("Acme trial is cut off"));
    person.desk.press("Close");
    assert_eq!(person.app("acme").status, ApplicationStatus::Suspended);
    assert_eq!(person.pending(), 1);
    person.desk.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(person.pending(), 2, "undo stages how to restore it");
    person.desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    // From the message itself too, and the review gives the access back.
    person.send(Message::Select(Some("soylent".into())));
    person.desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::X);
    person.desk.press("Stage the restore");
    assert_eq!(person.pending(), 2);
    assert!(person.tenant.grants_of("soylent").is_empty(), "staged, not given");
    person.review();
    person.desk.press("Apply 2 changes to staging");
    assert_eq!(person.tenant.grants_of("soylent").len(), 1);
}

#[test]
fn deleting_asks_for_the_clients_name_twice_and_of_many_the_access_is_revoked() {
    let mut person = Person::pulled("Staging");
    person.send(Message::Show(Screen::Applications));
    person.send(Message::Select(Some("acme".into())));
    person.send(Message::Run(tenure::app::Command::Remove));
    assert!(person.desk.sees("it cannot be undone"));
    person.desk.write("Acme trial");
    person.desk.press("Stage the deletion");
    assert_eq!(person.pending(), 1);
    person.review();
    assert!(person.desk.sees("deleted for good"));
    person.desk.press("Apply 1 change to staging");
    assert!(person.tenant.client("acme").is_some());
    person.desk.write("Acme trial");
    person.desk.press("Apply 1 change");
    assert!(person.tenant.client("acme").is_none());

    person.send(Message::Show(Screen::Applications));
    person.desk.keys(Modifiers::COMMAND, Key::A);
    person.send(Message::Run(tenure::app::Command::Remove));
    assert!(person.desk.sees("Revoke access of 3 applications"));
}

#[test]
fn of_a_customer_with_several_clients_the_clients_own_name_is_asked_for() {
    let mut person = Person::pulled("Staging");
    person.edit("acme", |app| app.customer = "Acme".into());
    person.send(Message::Show(Screen::Applications));
    person.send(Message::Select(Some("acme".into())));
    person.send(Message::Run(tenure::app::Command::Remove));
    assert!(person.desk.sees("Delete Acme · acme for good?"));
    assert!(person.desk.sees("The client's name: Acme trial"));
}

#[test]
fn a_new_clients_secret_is_copied_and_leaves_the_clipboard_after_half_a_minute() {
    let mut person = Person::new();
    person.tenant.set_permissions(&[
        "read:clients",
        "create:clients",
        "update:clients",
        "create:client_keys",
        "read:client_keys",
        "read:resource_servers",
        "read:client_grants",
        "create:client_grants",
    ]);
    person.desk.press("Connect to Auth0 or Authlete…");
    person.desk.press("Add connection…");
    let secret = person.tenant.credentials().1.to_owned();
    person.fill_form(&secret);
    person.desk.press("Review before apply");
    person.desk.press("Add");
    person.desk.press("Pull acme-prod");
    let new =
        Application { client_id: "new-nakatomi".into(), name: "Nakatomi".into(), ..Application::default() };
    let change = tenure::edit::operation::add_application(new);
    person.send(Message::Edit { label: "Add Nakatomi".into(), changes: vec![change] });
    person.review();
    person.desk.press("Apply 1 change to development");
    let made = person.tenant.clients().into_iter().find(|client| client["name"] == "Nakatomi").unwrap();
    let (id, secret) = (made["client_id"].as_str().unwrap(), made["client_secret"].as_str().unwrap());
    assert!(!person.desk.sees(secret), "it is shown nowhere");
    assert!(!format!("{:?}", person.state()).contains(secret), "and printed nowhere");
    person.desk.press(&format!("Copy the secret of {id}"));
    assert_eq!(person.desk.copied.borrow().last().unwrap(), secret);
    let later = person.state().now.plus(31);
    *person.desk.now.borrow_mut() = later;
    person.desk.harness.run_steps(1);
    let commands = &person.desk.harness.output().platform_output.commands;
    let emptied =
        commands.iter().any(|c| matches!(c, egui::OutputCommand::CopyText(text) if text.is_empty()));
    assert!(emptied, "{commands:?}");
    person.desk.press("I have them");
    assert!(person.state().review.secrets.is_empty());
}

#[test]
fn the_remaining_time_is_that_of_the_last_items_and_stop_is_heard_at_once() {
    let seconds = std::time::Duration::from_secs;
    let mut state = State::new(Instant::parse(desk::NOW).unwrap(), Settings::default());
    let mut tell = |message| {
        let effects = update(&mut state, Message::Remote(message));
        (effects, state.connections.work.clone().unwrap())
    };
    tell(RemoteMessage::Pull("prod".into()));
    let (_, work) = tell(RemoteMessage::Under(10, Some(110), seconds(5)));
    assert_eq!(work.remaining(), None, "one look is no pace");
    let (_, work) = tell(RemoteMessage::Under(20, Some(110), seconds(10)));
    assert_eq!(work.remaining(), Some(seconds(45)));
    for step in 1..=40 {
        tell(RemoteMessage::Under(20 + step, Some(110), seconds(10 + step * 2)));
    }
    let (_, work) = tell(RemoteMessage::Under(61, Some(110), seconds(92)));
    assert_eq!(work.remaining(), Some(seconds(98)), "two seconds each, whatever the beginning was like");
    let (effects, work) = tell(RemoteMessage::Stop);
    assert!(matches!(effects.as_slice(), [Effect::Remote(RemoteTask::Stop)]), "{effects:?}");
    assert!(work.stopping);
    let (effects, _) = tell(RemoteMessage::Pull("prod".into()));
    assert!(effects.is_empty(), "one thing at a time");
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_remotes() {
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0)] {
            let page = |person: &mut Person, what: &str| person.desk.picture(&format!("remote-{what}"));
            let mut person = Person::dressed(theme);
            person.desk.harness.set_size([width, height].into());
            person.desk.settle();
            person.desk.press("Connect to Auth0 or Authlete…");
            page(&mut person, "none");
            person.desk.press("Add connection…");
            person.desk.settle();
            person.desk.press("Add");
            page(&mut person, "form");
            person.tenant.set_permissions(&["read:clients", "update:clients", "read:resource_servers"]);
            let secret = person.tenant.credentials().1.to_owned();
            person.fill_form(&secret);
            person.desk.press("Test");
            page(&mut person, "form-tested");

            let mut person = Person::dressed_and_connected(theme, "Production");
            person.desk.harness.set_size([width, height].into());
            person.desk.settle();
            person.desk.press("Test acme-prod");
            page(&mut person, "connections");
            person.desk.press("Pull acme-prod");
            page(&mut person, "fleet");
            person.desk.keys(Modifiers::COMMAND, Key::Num8);
            page(&mut person, "connections-open");
            person.desk.keys(Modifiers::COMMAND, Key::Num3);
            person.desk.press("One request");
            page(&mut person, "preview");
            person.review();
            page(&mut person, "review-empty");
            stage_much(&mut person);
            person.review();
            page(&mut person, "review");
            person.desk.press("Show the effect on lifetimes");
            page(&mut person, "review-effect");
            person.desk.press("Hide the effect on lifetimes");
            person.desk.press("Apply 6 changes to production");
            page(&mut person, "confirm");
            person.desk.keys(Modifiers::NONE, Key::Escape);
            person.tenant.edit_client("globex", json!({ "name": "Globex AG" }));
            person.desk.keys(Modifiers::NONE, Key::F5);
            page(&mut person, "news");
            person.desk.press("Close");
            person
                .tenant
                .edit_client("acme", json!({ "client_metadata": { "expires_at": "2026-12-24T12:00:00Z" } }));
            person.tenant.fault(remote::Call::Update, remote::Fault::Status(403), remote::Times::once());
            person.send(Message::Remote(RemoteMessage::Apply));
            person.desk.write("acme-prod");
            person.desk.press("Apply 6 changes");
            page(&mut person, "conflict");
            person.send(Message::Select(Some("initech".into())));
            person.desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::X);
            page(&mut person, "cut-off-asks");
            person.desk.write("acme-prod");
            person.desk.press("Cut off now");
            page(&mut person, "cut-off");
        }
    }
}

/// Changes of every kind.
fn stage_much(person: &mut Person) {
    person.extend("acme", "2026-12-09T12:00:00Z");
    person.extend("globex", "2026-12-12T18:00:00Z");
    person.edit("soylent", |app| app.status = ApplicationStatus::Suspended);
    person.edit("initech", |app| app.grants[0].scopes = vec!["read".into()]);
    let registry = person.state().open.as_ref().unwrap().registry().clone();
    let mut api = tenure::registry::Api::clone(registry.api(API).unwrap());
    api.access_token_duration = tenure::registry::Duration::from_seconds(7200).ok();
    api.scopes[1].access_token_duration = tenure::registry::Duration::from_seconds(600).ok();
    let change = Change::api(registry.api(API).unwrap(), api).unwrap();
    person.send(Message::Edit { label: "Shorten".into(), changes: vec![change] });
    let new = Application {
        client_id: "new-nakatomi".into(),
        name: "Nakatomi".into(),
        grants: vec![tenure::registry::Grant { audience: API.into(), scopes: vec!["read".into()] }],
        ..Application::default()
    };
    let change = tenure::edit::operation::add_application(new);
    person.send(Message::Edit { label: "Add Nakatomi".into(), changes: vec![change] });
}

/// Opens the ways of enforcing the ends of trials, and chooses one.
fn choose_way(person: &mut Person, title: &str) {
    person.send(Message::Run(tenure::app::Command::Enforce));
    person.desk.harness.query_all_by_label_contains(title).next().unwrap().click();
    person.desk.settle();
}

#[test]
fn the_action_is_installed_by_the_review_beside_what_is_bound_already() {
    let mut person = Person::pulled("Staging");
    person.tenant.bind_action("Add claims", "exports.onExecuteCredentialsExchange = async () => {};");
    choose_way(&mut person, "Deny what would outlive the end");
    person.desk.press("Install in acme-prod…");
    assert!(person.state().review.shown, "what is staged is what one sees");
    assert!(person.desk.sees("create · deploy · bind"));
    assert!(person.desk.sees("in this order: Add claims, Tenure: ends of trials"));
    assert!(person.desk.sees("2 pending"), "the system that issues tokens is another one, too");
    assert!(person.desk.sees("issuer_profile"));
    person.desk.press("Show its code");
    assert!(person.desk.sees("const END_KEY"));
    assert!(person.tenant.writes().is_empty());
    person.desk.press("Apply 2 changes to staging");
    assert!(person.desk.sees("2 done"));
    assert_eq!(person.pending(), 0);
    assert_eq!(person.tenant.bindings("credentials-exchange").len(), 2);
    // It is known to be there: it can be unbound, and that taken back.
    choose_way(&mut person, "Deny at the end");
    person.desk.press("Unbind it…");
    assert!(person.desk.sees("unbind"));
    person.desk.press("Discard all");
    assert_eq!(person.pending(), 0);
}

#[test]
fn an_action_that_may_not_be_installed_says_which_permission_is_missing() {
    let mut person = Person::pulled("Staging");
    person.tenant.set_permissions(&[
        "read:clients",
        "read:resource_servers",
        "read:client_grants",
        "update:resource_servers",
    ]);
    person.tenant.expire_tokens();
    choose_way(&mut person, "Shorten every API's lifetime");
    person.desk.press("Install in acme-prod…");
    assert!(person.desk.sees("read:actions"), "{:?}", person.state().notice);
    assert!(person.desk.sees("pull to see it"));
    assert_eq!(person.pending(), 3, "the API's lifetime is staged with it");
    person.desk.press("Apply 3 changes to staging");
    assert!(person.desk.sees("The Action was not applied"));
    assert_eq!(person.pending(), 1, "the rest is done");
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_the_action() {
    for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0)] {
            let page = |person: &mut Person, what: &str| person.desk.picture(&format!("action-{what}"));
            let mut person = Person::dressed_and_connected(theme, "Production");
            person.desk.harness.set_size([width, height].into());
            person.desk.settle();
            for (id, end) in [("umbrella", "1795000000"), ("hooli", "next spring")] {
                person.tenant.put_client(json!({
                    "client_id": id, "name": id, "app_type": "non_interactive", "grant_types": ["client_credentials"],
                    "client_metadata": { "expires_at": end },
                }));
            }
            person.desk.press("Pull acme-prod");
            for action in ["Add claims", "Count tokens", "Block robots"] {
                person.tenant.bind_action(action, "exports.onExecuteCredentialsExchange = async () => {};");
            }
            choose_way(&mut person, "Deny what would outlive the end");
            page(&mut person, "ways");
            person.desk.press("Install in acme-prod…");
            page(&mut person, "alone");
            stage_much(&mut person);
            person.review();
            page(&mut person, "among-changes");
            person.desk.press("Show its code");
            page(&mut person, "code");
        }
    }
}
