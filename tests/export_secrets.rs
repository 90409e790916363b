//! No export holds a secret, in any format, whatever a vendor puts into what is pulled and whatever keys there are.
//!
//! Every secret here has a mark in it, or is the text of a private key. What is exported is searched for them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod cli_support;
#[path = "support/remote/mod.rs"]
mod remote;

use cli_support::Place;
use remote::{Auth0, Authlete, DOMAIN, SERVICE, SERVICE_TOKEN, Version};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tenure::app::{Message, Task};
use tenure::effects::{file_task, read_registry};
use tenure::export::{Asked, Form};
use tenure::policy::Policy;
use tenure::registry::Instant;

const API: &str = "https://api.example.com";
/// In every secret that a vendor knows.
const MARK: &str = "canary";

/// What each vendor keeps that nobody else may see, in members that are known today and in some that are not.
fn secrets() -> Value {
    let deep = json!({ "token": "canary-deep", "list": ["canary-list", { "value": "canary-in-list" }] });
    let names = [
        "client_secret",
        "clientSecret",
        "apiSecret",
        "accessToken",
        "signing_secret",
        "signing_keys",
        "encryption_key",
        "jwks",
        "credential",
        "member_of_tomorrow",
        "addons",
        "tokenBatchNotificationEndpoint",
    ];
    let mut members = serde_json::Map::new();
    for name in names {
        members.insert(name.to_owned(), json!(format!("canary-{name}")));
    }
    members.insert("nested_of_tomorrow".to_owned(), deep);
    Value::Object(members)
}

fn with_secrets(mut object: Value) -> Value {
    let members = object.as_object_mut().unwrap();
    for (name, value) in secrets().as_object().unwrap() {
        members.insert(name.clone(), value.clone());
    }
    object
}

fn ok(place: &Place, arguments: &[&str]) {
    let ran = place.bare(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
}

/// A tenant whose objects are full of secrets, pulled as `tenant`.
fn connect_tenant(place: &Place) -> Auth0 {
    let tenant = Auth0::start();
    tenant.put_resource_server(with_secrets(
        json!({ "identifier": API, "name": "Example", "token_lifetime": 86400, "scopes": [{ "value": "read" }] }),
    ));
    tenant.put_client(with_secrets(json!({
        "client_id": "acme", "name": "Acme", "app_type": "non_interactive", "grant_types": ["client_credentials"],
        "client_metadata": { "expires_at": "2126-03-01T12:00:00Z" },
    })));
    tenant.grant("acme", API, &["read"]);
    let (id, secret) = tenant.credentials();
    assert!(secret.contains(MARK));
    place.write("secret.txt", secret);
    let vendor = ["--domain", DOMAIN, "--base", tenant.base(), "--client-id", id, "--secret", "secret.txt"];
    ok(place, &[&["connect", "add", "auth0", "tenant"], &vendor[..]].concat());
    ok(place, &["pull", "tenant"]);
    assert!(tenant.client("acme").unwrap().to_string().contains("canary-client_secret"));
    tenant
}

/// The same of an Authlete service, as `service`; with its client's id.
fn connect_service(place: &Place) -> (Authlete, String) {
    let service = Authlete::start(Version::V3);
    service.edit_service(secrets());
    let id = service.put_client(with_secrets(json!({
        "clientName": "Acme", "clientIdAlias": "acme", "clientIdAliasEnabled": true, "grantTypes": ["CLIENT_CREDENTIALS"],
    })));
    assert!(SERVICE_TOKEN.contains(MARK) && service.service().to_string().contains("canary-apiSecret"));
    place.write("secret.txt", SERVICE_TOKEN);
    let vendor = ["--base", service.base(), "--service-id", SERVICE, "--secret", "secret.txt"];
    ok(place, &[&["connect", "add", "authlete3", "service"], &vendor[..]].concat());
    ok(place, &["pull", "service"]);
    (service, id.to_string())
}

/// The texts of private keys that are stored here, one of each sort, and one of them named by the service.
fn keys(place: &Place) -> Vec<String> {
    let mut texts = Vec::new();
    for kind in ["ed25519", "p256", "rsa2048", "hs256"] {
        ok(place, &["keys", "generate", kind, "--kind", kind]);
        place.ok(&["service", "set", "--signing-key", kind]);
        let private = place.ok(&["keys", "export", kind, "--private"]);
        let long = |text: &&str| text.len() >= 24 && !text.starts_with("--");
        let is_public = |text: &&str| place.ok(&["keys", "export", kind]).contains(*text);
        let split = |c: char| !(c.is_ascii_alphanumeric() || "-_+/=".contains(c));
        let found: Vec<String> =
            private.split(split).filter(long).filter(|text| !is_public(text)).map(str::to_owned).collect();
        assert!(!found.is_empty(), "{kind}: {private}");
        texts.extend(found);
    }
    texts
}

/// The secrets that these bytes hold.
fn held<'a>(bytes: &[u8], hidden: &'a [String]) -> Vec<&'a str> {
    let holds = |text: &str| memchr::memmem::find(bytes, text.as_bytes()).is_some();
    hidden.iter().map(String::as_str).filter(|text| holds(text)).collect()
}

/// All bytes of a file, or of every file below a folder.
fn bytes(path: &Path) -> Vec<u8> {
    if !path.is_dir() {
        return std::fs::read(path).unwrap();
    }
    let entries = std::fs::read_dir(path).unwrap();
    entries.flat_map(|entry| bytes(&entry.unwrap().path())).collect()
}

/// Writes an export as the window does.
fn from_window(registry: &Path, form: Form, path: PathBuf) {
    let policy = Policy::new(Arc::new(read_registry(registry).unwrap()));
    let now = Instant::parse("2026-11-26T12:00:00Z").unwrap();
    let asked = Box::new(Asked::today(policy, now));
    let written = file_task(Task::Export { path, form, asked, only: None });
    assert!(matches!(written, Message::Written(Ok(_))), "{}", form.name());
}

/// The registry's file of a connection, where its edits are staged.
fn staged(place: &Place, name: &str) -> PathBuf {
    let mut folders = vec![place.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_of_it = path.parent().is_some_and(|parent| parent.ends_with(name));
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(ending) if ending == "tenure" && is_of_it => return path,
                _ => {}
            }
        }
    }
    panic!("nothing is staged for {name}")
}

#[test]
fn no_export_of_any_format_holds_a_secret() {
    let place = Place::with_sample();
    let (_tenant, (_service, client)) = (connect_tenant(&place), connect_service(&place));
    let mut hidden = keys(&place);
    hidden.push(MARK.to_owned());
    // What lies in this person's own folders does hold them: the search would find them.
    let own = held(&bytes(&place.path("data")), &hidden).len();
    assert!(own > 3, "only {own} are anywhere");
    let registries = [
        (vec!["--registry", "demo.tenure"], place.path("demo.tenure"), "acme-trial"),
        (vec!["--connection", "tenant"], staged(&place, "tenant"), "acme"),
        (vec!["--connection", "service"], staged(&place, "service"), client.as_str()),
    ];
    for (number, (registry, file, known)) in registries.into_iter().enumerate() {
        for form in Form::ALL {
            let (of_command, of_window) =
                (format!("{}-{number}-command", form.name()), format!("{}-{number}-window", form.name()));
            ok(&place, &[&registry[..], &["export", "--format", form.name(), "--out", &of_command]].concat());
            from_window(&file, form, place.path(&of_window));
            for name in [of_command, of_window] {
                let text = bytes(&place.path(&name));
                assert_eq!(held(&text, &hidden), Vec::<&str>::new(), "{name} holds it");
                let carries =
                    [known, "Acme"].into_iter().any(|word| held(&text, &[word.to_owned()]).len() == 1);
                // The Action knows no application, and Authlete's files only those that are granted something.
                let may_be_without =
                    matches!(form, Form::Auth0Action | Form::Authlete) || form.name().starts_with("fleet");
                assert!(carries || may_be_without, "{name} carries nothing");
            }
        }
    }
}

#[test]
fn a_secret_that_stood_in_a_registry_would_be_found_in_every_format_that_carries_its_place() {
    let place = Place::with_sample();
    place.ok(&[
        "app",
        "set",
        "acme-trial",
        "--customer",
        "canary-of-a-person",
        "--name",
        "canary-of-a-person",
    ]);
    let hidden = [MARK.to_owned()];
    for form in Form::ALL.into_iter().filter(|form| !matches!(form, Form::Auth0Action | Form::OidcProvider)) {
        place.ok(&["export", "--format", form.name(), "--out", form.name()]);
        assert_eq!(held(&bytes(&place.path(form.name())), &hidden), [MARK], "{}", form.name());
    }
}
