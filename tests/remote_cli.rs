//! Remote registries from the command line: connect, pull, edit, plan, apply, cut off, copy.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod cli_support;
#[path = "support/remote/mod.rs"]
mod remote;

use cli_support::Place;
use remote::{Auth0, DOMAIN};
use serde_json::{Value, json};

const API: &str = "https://api.example.com";

/// A tenant and a folder with a connection to it, which is named `prod`.
fn connected(environment: &str) -> (Auth0, Place) {
    let tenant = Auth0::start();
    tenant.put_resource_server(json!({ "identifier": API, "name": "Example", "token_lifetime": 86400, "scopes": [{ "value": "read" }, { "value": "write" }] }));
    tenant.put_client(json!({
        "client_id": "acme", "name": "Acme", "app_type": "non_interactive", "grant_types": ["client_credentials"],
        "client_metadata": { "expires_at": "2126-03-01T12:00:00Z" },
    }));
    tenant.grant("acme", API, &["read", "write"]);
    let place = Place::empty();
    let (id, secret) = tenant.credentials();
    place.write("secret.txt", &format!("{secret}\n"));
    let ran = place.bare(&[
        "connect",
        "add",
        "auth0",
        "prod",
        "--domain",
        DOMAIN,
        "--base",
        tenant.base(),
        "--client-id",
        id,
        "--secret",
        "secret.txt",
        "--environment",
        environment,
        "--write",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains(secret), "{ran:?}");
    (tenant, place)
}

fn ok(place: &Place, arguments: &[&str]) -> String {
    let ran = place.bare(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    ran.out
}

fn plan(place: &Place) -> (i32, Value) {
    let ran = place.bare(&["plan", "prod", "--json"]);
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}")))
}

#[test]
fn a_tenant_is_pulled_edited_reviewed_and_written() {
    let (tenant, place) = connected("production");
    assert!(ok(&place, &["connect", "test", "prod"]).contains("read:clients"));
    assert!(ok(&place, &["pull", "prod"]).contains("and 1 API of prod"));
    assert_eq!(plan(&place).0, 0, "nothing is staged after a pull");
    ok(
        &place,
        &[
            "--connection",
            "prod",
            "app",
            "set",
            "acme",
            "--expires-at",
            "2126-04-01T00:00:00Z",
            "--reason",
            "TICKET-1",
        ],
    );
    let ran = place.bare(&["plan", "prod"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.out.contains("expires_at 2126-03-01T12:00:00Z → 2126-04-01T00:00:00Z  [remote]"),
        "{}",
        ran.out
    );
    let (code, document) = plan(&place);
    assert_eq!(code, 3);
    assert!(document["effect"].is_object() && document["overlay"].is_string(), "{document}");
    place.write("plan.json", &document.to_string());
    let refused = place.bare(&["apply", "plan.json"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("--confirm prod"), "production asks for its name: {refused:?}");
    assert!(tenant.writes().is_empty());
    let out = ok(&place, &["apply", "plan.json", "--confirm", "prod"]);
    assert!(out.contains("1/1  application `acme`  done"), "{out}");
    assert_eq!(tenant.client("acme").unwrap()["client_metadata"]["expires_at"], "2126-04-01T00:00:00Z");
    assert_eq!(plan(&place).0, 0);
    let stale = place.bare(&["apply", "plan.json", "--confirm", "prod"]);
    assert_eq!(stale.code, 0, "a plan that is done has nothing left: {stale:?}");
    ok(&place, &["--connection", "prod", "app", "set", "acme", "--name", "Acme AG"]);
    let older = place.bare(&["apply", "plan.json", "--confirm", "prod"]);
    assert_eq!(older.code, 2, "{older:?}");
    assert!(older.err.contains("older state"), "{older:?}");
}

#[test]
fn a_removal_has_to_be_named_and_a_conflict_is_chosen() {
    let (tenant, place) = connected("development");
    ok(&place, &["pull", "prod"]);
    ok(&place, &["--connection", "prod", "app", "set", "acme", "--name", "Mine"]);
    tenant.edit_client("acme", json!({ "name": "Theirs" }));
    place.write("plan.json", &plan(&place).1.to_string());
    let ran = place.bare(&["apply", "plan.json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("conflict: name was Acme, is Theirs there, and Mine here"), "{}", ran.out);
    let ran = place.bare(&["apply", "plan.json", "--theirs", "nobody:name"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    ok(&place, &["apply", "plan.json", "--theirs", "acme:name"]);
    assert_eq!(tenant.client("acme").unwrap()["name"], "Theirs");
    assert!(tenant.writes().is_empty());
    // An id alone means every field of it.
    ok(&place, &["--connection", "prod", "app", "set", "acme", "--name", "Mine again"]);
    tenant.edit_client("acme", json!({ "name": "Theirs again" }));
    place.write("plan.json", &plan(&place).1.to_string());
    ok(&place, &["apply", "plan.json", "--mine", "acme"]);
    assert_eq!(tenant.client("acme").unwrap()["name"], "Mine again");
    ok(&place, &["--connection", "prod", "app", "remove", "acme"]);
    place.write("plan.json", &plan(&place).1.to_string());
    let ran = place.bare(&["apply", "plan.json"]);
    assert!(ran.code == 2 && ran.err.contains("acme for good"), "{ran:?}");
    ok(&place, &["apply", "plan.json", "--remove", "acme"]);
    assert!(tenant.client("acme").is_none());
}

#[test]
fn cut_off_takes_access_away_at_once_and_undo_stages_how_to_restore_it() {
    let (tenant, place) = connected("development");
    ok(&place, &["pull", "prod"]);
    let staged = place.bare(&["--connection", "prod", "app", "cut-off", "acme"]);
    assert!(
        staged.code == 2 && staged.err.contains("`tenure cut-off prod acme` does it at once"),
        "{staged:?}"
    );
    let out = ok(&place, &["cut-off", "prod", "acme"]);
    assert!(out.contains("gets no more tokens at prod") && out.contains("may live until"), "{out}");
    assert!(tenant.grants_of("acme").is_empty());
    assert_eq!(plan(&place).0, 0, "what is done is not staged");
    ok(&place, &["--connection", "prod", "undo"]);
    assert_eq!(plan(&place).0, 3);
}

#[test]
fn a_trial_that_was_prepared_offline_goes_to_production_with_a_review() {
    let (tenant, place) = connected("development");
    ok(&place, &["pull", "prod"]);
    ok(&place, &["sample", "trials.tenure", "--now", "2026-01-10T12:00:00Z"]);
    ok(
        &place,
        &[
            "--connection",
            "prod",
            "copy",
            "--from",
            "trials.tenure",
            "--where",
            "customer:globex",
            "--map-api",
            &format!("{API}={API}"),
        ],
    );
    let (code, document) = plan(&place);
    assert_eq!(code, 3);
    let steps = document["steps"].as_array().unwrap();
    assert!(
        steps.iter().any(|step| step["change"]["after"]["application"]["customer"]
            .as_str()
            .is_some_and(|c| c.to_lowercase().contains("globex"))),
        "{document}"
    );
    place.write("plan.json", &document.to_string());
    ok(&place, &["apply", "plan.json"]);
    assert_eq!(plan(&place).0, 0);
    // Copied again it is found by its external id, although the tenant gave it another id.
    let again = ok(
        &place,
        &["--connection", "prod", "copy", "--from", "trials.tenure", "--where", "customer:globex"],
    );
    assert!(again.contains("nothing to change"), "{again}");
    assert!(
        tenant
            .clients()
            .iter()
            .any(|client| client["name"].as_str().is_some_and(|name| name.to_lowercase().contains("globex")))
    );
}

#[test]
fn an_apply_that_is_killed_goes_on_where_it_ended_and_makes_nothing_twice() {
    let (tenant, place) = connected("development");
    for number in 0..12 {
        tenant.put_client(json!({ "client_id": format!("old-{number:02}"), "name": format!("Old {number:02}"), "app_type": "non_interactive", "grant_types": ["client_credentials"] }));
    }
    ok(&place, &["pull", "prod"]);
    ok(&place, &["--connection", "prod", "app", "set", "--where", "old", "--notes", "looked at"]);
    for number in 0..6 {
        let (id, name) = (format!("new-{number}"), format!("New {number}"));
        ok(&place, &["--connection", "prod", "app", "add", &id, "--name", &name]);
    }
    let (_, document) = plan(&place);
    assert_eq!(document["steps"].as_array().unwrap().len(), 18, "{document}");
    place.write("plan.json", &document.to_string());
    // So slow that there is a middle to be killed in, each time at another place.
    tenant.rate(12, 4);
    for pause in [700, 1300, 900] {
        let quiet = std::process::Stdio::null;
        let mut child =
            place.command(&["apply", "plan.json"]).stdout(quiet()).stderr(quiet()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    tenant.rate(1_000_000, 1_000_000);
    let noted = |tenant: &Auth0| {
        tenant.clients().iter().filter(|client| client["description"] == "looked at").count()
    };
    let before = noted(&tenant)
        + tenant
            .clients()
            .iter()
            .filter(|client| client["name"].as_str().unwrap().starts_with("New"))
            .count();
    assert!(before > 0 && before < 18, "it was killed in the middle: {before}");
    ok(&place, &["apply", "plan.json"]);
    assert_eq!(noted(&tenant), 12);
    for number in 0..6 {
        let name = format!("New {number}");
        assert_eq!(tenant.clients().iter().filter(|client| client["name"] == *name).count(), 1, "{name}");
    }
    assert_eq!(plan(&place).0, 0);
}

#[test]
fn connections_are_listed_set_and_forgotten_and_refuse_what_cannot_be() {
    let (tenant, place) = connected("staging");
    assert!(ok(&place, &["connect", "list"]).contains("staging"));
    let shown: Value =
        serde_json::from_str(&ok(&place, &["connect", "set", "prod", "--read-only", "--json"])).unwrap();
    assert_eq!(shown["access"], "read_only");
    ok(&place, &["pull", "prod"]);
    ok(&place, &["--connection", "prod", "app", "set", "acme", "--name", "Mine"]);
    place.write("plan.json", &plan(&place).1.to_string());
    let ran = place.bare(&["apply", "plan.json"]);
    assert!(ran.code == 2 && ran.err.contains("read-only"), "{ran:?}");
    assert!(tenant.writes().is_empty());
    for (arguments, said) in [
        (vec!["pull", "nowhere"], "no such connection"),
        (vec!["--connection", "nowhere", "app", "list"], "no such connection"),
        (
            vec!["connect", "add", "auth0", "../up", "--domain", "d.example", "--client-id", "x", "--ask"],
            "a name has letters",
        ),
        (
            vec![
                "connect",
                "add",
                "auth0",
                "p2",
                "--domain",
                "d.example",
                "--base",
                "http://d.example",
                "--client-id",
                "x",
                "--ask",
            ],
            "https",
        ),
        (
            vec!["connect", "add", "auth0", "p2", "--domain", "d.example", "--client-id", "x"],
            "credentials are missing",
        ),
        (
            vec!["connect", "add", "auth0", "prod", "--domain", "d.example", "--client-id", "x", "--ask"],
            "already",
        ),
        (vec!["apply", "secret.txt"], "no plan"),
    ] {
        let ran = place.bare(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(said), "{arguments:?}: {ran:?}");
    }
    ok(&place, &["connect", "remove", "prod"]);
    assert!(!ok(&place, &["connect", "list"]).contains("prod"));
}

#[test]
fn the_secret_is_in_no_output_file_or_log() {
    let (tenant, place) = connected("development");
    let (_, secret) = tenant.credentials();
    let mut said = String::new();
    let mut run = |arguments: &[&str]| {
        let ran = place.bare(arguments);
        said.push_str(&ran.out);
        said.push_str(&ran.err);
    };
    run(&["pull", "prod"]);
    run(&["connect", "test", "prod"]);
    run(&["--connection", "prod", "app", "set", "acme", "--name", "Mine"]);
    place.write("plan.json", &plan(&place).1.to_string());
    tenant.fault(remote::Call::Update, remote::Fault::Status(403), remote::Times::once());
    run(&["apply", "plan.json"]);
    run(&["apply", "plan.json"]);
    tenant.set_permissions(&[]);
    run(&["pull", "prod"]);
    let token = tenant.token();
    let mut files = Vec::new();
    walk(place.folder.path(), &mut files);
    for file in files
        .iter()
        .filter(|file| !file.ends_with("secret.txt") && !file.to_string_lossy().contains("credentials"))
    {
        let bytes = std::fs::read(file).unwrap();
        for canary in [secret, &token] {
            assert!(
                !bytes.windows(canary.len()).any(|window| window == canary.as_bytes()),
                "{} holds it",
                file.display()
            );
        }
    }
    assert!(files.len() > 4, "{files:?}");
    assert!(!said.contains(secret), "{said}");
}

fn walk(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

#[test]
fn the_action_is_staged_planned_applied_and_unbound() {
    let (tenant, place) = connected("development");
    tenant.bind_action("Add claims", "exports.onExecuteCredentialsExchange = async () => {};");
    ok(&place, &["pull", "prod"]);
    let out = ok(&place, &["enforce", "install", "prod", "--strategy", "shorten", "--lifetime", "30m"]);
    assert!(out.contains("reads `expires_at`") && out.contains("2 changes staged with it"), "{out}");
    ok(&place, &["pull", "prod"]);
    let ran = place.bare(&["plan", "prod"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    for words in [
        "the Action “Tenure: ends of trials” (shorten every API's lifetime): create, deploy, bind  [remote]",
        "in this order: Add claims, Tenure: ends of trials",
        "issuer_profile auth0 → auth0-action",
        "access_token_duration",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    let (_, document) = plan(&place);
    assert!(document["action"]["code"].as_str().unwrap().contains("onExecuteCredentialsExchange"));
    place.write("plan.json", &document.to_string());
    let out = ok(&place, &["apply", "plan.json"]);
    assert!(out.contains("the Action  done") && out.contains("3 done"), "{out}");
    assert_eq!(tenant.bindings("credentials-exchange").len(), 2);
    assert_eq!(tenant.resource_server(API).unwrap()["token_lifetime"], 1800);
    assert_eq!(plan(&place).0, 0);
    ok(&place, &["enforce", "unbind", "prod"]);
    assert_eq!(plan(&place).0, 3);
    ok(&place, &["enforce", "discard", "prod"]);
    ok(&place, &["--connection", "prod", "undo"]);
    assert_eq!(plan(&place).0, 0, "taken back");
    let refused = place.bare(&["enforce", "install", "prod", "--end-key", "trial_end"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("writes that date under `expires_at`"), "{refused:?}");
}

#[test]
fn new_credentials_take_the_place_of_those_that_are_kept() {
    let (tenant, place) = connected("development");
    place.write("wrong", "not the secret");
    ok(&place, &["connect", "set", "prod", "--secret", "wrong"]);
    assert_ne!(place.bare(&["connect", "test", "prod"]).code, 0);
    place.write("right", tenant.credentials().1);
    ok(&place, &["connect", "set", "prod", "--secret", "right"]);
    assert!(ok(&place, &["connect", "test", "prod"]).contains("sign in"));
}
