//! An Authlete service, 3.0 and 2.x, as a remote registry, against a stand-in that keeps state.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;
mod remote_support;

use remote::{Authlete, CLIENT_TOKEN, OWNER, SERVICE, SERVICE_SECRET, SERVICE_TOKEN, Version};
use remote_support::{Person_, person};
use serde_json::{Value, json};
use tenure::edit::{Change, Entity};
use tenure::registry::{Api, Application, ApplicationStatus, Duration, Grant, Instant, Service};
use tenure::remote::{AttributeKeys, Vendor};

const ISSUER: &str = "https://issuer.example";

fn vendor(authlete: &Authlete) -> Vendor {
    let (base, attributes) = (authlete.base().to_owned(), AttributeKeys::default());
    match authlete.version() {
        Version::V3 => Vendor::Authlete3 { base, service_id: SERVICE.into(), attributes },
        Version::V2 => {
            Vendor::Authlete2 { base, owner_key: OWNER.0.into(), service_key: SERVICE.into(), attributes }
        }
    }
}

/// A service with three scopes, a client for machines and one for people.
fn service(version: Version) -> (Authlete, Person_, u64) {
    let authlete = Authlete::start(version);
    authlete.edit_service(json!({
        "serviceName": "Example", "issuer": ISSUER, "accessTokenDuration": 86400, "somethingNew": { "kept": [1, 2] },
        "supportedScopes": [
            { "name": "write", "defaultEntry": false, "attributes": [{ "key": "access_token.duration", "value": "600" }, { "key": "other", "value": "x" }], "unknown": true },
            { "name": "read", "defaultEntry": true, "description": "Read" },
            { "name": "admin", "defaultEntry": false, "attributes": [{ "key": "access_token.duration", "value": "1h" }] },
        ],
    }));
    let id = authlete.put_client(json!({
        "clientName": "Acme", "clientType": "CONFIDENTIAL", "grantTypes": ["CLIENT_CREDENTIALS"], "unheardOf": "stays",
        "attributes": [{ "key": "expires_at", "value": "1772366400" }, { "key": "region", "value": "eu" }],
        "extension": { "requestableScopesEnabled": true, "requestableScopes": ["write", "read"], "accessTokenDuration": 0, "more": 1 },
    }));
    authlete.put_client(json!({ "clientName": "Web", "grantTypes": ["AUTHORIZATION_CODE"] }));
    let secrets: &[&str] = match version {
        Version::V3 => &[SERVICE_TOKEN],
        Version::V2 => &[OWNER.1, SERVICE_SECRET],
    };
    let person = person(vendor(&authlete), secrets);
    (authlete, person, id)
}

fn both(test: fn(Authlete, Person_, u64)) {
    for version in [Version::V3, Version::V2] {
        let (authlete, person, id) = service(version);
        test(authlete, person, id);
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn seconds(seconds: i64) -> Option<Duration> {
    Some(Duration::from_seconds(seconds).unwrap())
}

#[test]
fn a_pulled_service_is_a_registry_with_nothing_staged() {
    both(|authlete, person, id| {
        let pulled = person.pull();
        let registry = person.mine();
        let api = registry.api(ISSUER).unwrap();
        let scope = |name: &str| api.scope(name).unwrap();
        assert_eq!(scope("write").access_token_duration, seconds(600));
        assert_eq!(scope("admin").access_token_duration, None, "`1h` counts as not set");
        assert!(scope("read").default && !scope("write").default);
        assert!(pulled.mapped.notes.iter().any(|note| note.contains("`1h`")), "{:?}", pulled.mapped.notes);
        assert_eq!(registry.service.name, "Example");
        let acme = person.app(&id.to_string());
        assert_eq!(acme.expires_at, Some(at("2026-03-01T12:00:00Z")));
        assert_eq!(
            acme.grants,
            [Grant { audience: ISSUER.into(), scopes: vec!["read".into(), "write".into()] }]
        );
        assert_eq!(registry.applications().len(), 1, "a client for people is not edited");
        assert!(person.plan().is_empty(), "{:?}", person.staged());
        assert!(authlete.writes().is_empty());
        let profile = registry.service.issuer_profile.to_string();
        assert_eq!(profile, if authlete.version() == Version::V3 { "authlete-3" } else { "authlete-2" });
    });
}

/// Two objects without the members that the server sets.
fn same(mut before: Value, mut after: Value, but: &[&str]) {
    for name in but.iter().chain(&["modifiedAt"]) {
        before.as_object_mut().unwrap().remove(*name);
        after.as_object_mut().unwrap().remove(*name);
    }
    assert_eq!(before, after);
}

#[test]
fn an_edit_of_a_client_sends_it_whole_and_loses_nothing() {
    both(|authlete, mut person, id| {
        person.pull();
        let before = authlete.client(id).unwrap();
        person.edit(&id.to_string(), |app| {
            app.expires_at = Some(at("2026-04-01T00:00:00Z"));
            app.customer = "Acme Inc".into();
            app.access_token_duration = seconds(1200);
            app.tags = vec!["trial".into()];
        });
        person.apply_all();
        let after = authlete.client(id).unwrap();
        same(before, after.clone(), &["attributes", "extension"]);
        assert_eq!(
            after["attributes"],
            json!([
                { "key": "expires_at", "value": "1775001600" }, { "key": "region", "value": "eu" },
                { "key": "customer", "value": "Acme Inc" },
            ]),
            "in their order, in the form that was there"
        );
        assert_eq!(after["extension"]["accessTokenDuration"], 1200);
        assert_eq!(after["extension"]["more"], 1);
        assert_eq!(person.app(&id.to_string()).tags, ["trial"], "the overlay holds the tags");
        assert!(person.plan().is_empty(), "{:?}", person.staged());
        assert!(person.pull().drift.is_empty());
    });
}

#[test]
fn scopes_and_their_durations_are_the_services() {
    both(|authlete, mut person, _| {
        person.pull();
        let before = authlete.service();
        let api = person.mine().api(ISSUER).unwrap().clone();
        let mut edited = Api::clone(&api);
        let scope = edited.scopes.iter_mut().find(|scope| scope.name == "write").unwrap();
        (scope.access_token_duration, scope.default) = (seconds(300), true);
        edited.scopes.push(tenure::registry::Scope { name: "audit".into(), ..Default::default() });
        person.stage("scopes", Change::api(&api, edited).into_iter().collect());
        let service = person.mine().service;
        let longer = Service {
            access_token_duration: Duration::from_seconds(3600).unwrap(),
            ..Service::clone(&service)
        };
        person.stage("service", Change::service(&service, longer).into_iter().collect());
        person.apply_all();
        let after = authlete.service();
        same(before, after.clone(), &["supportedScopes", "accessTokenDuration"]);
        assert_eq!(after["accessTokenDuration"], 3600);
        let scopes = after["supportedScopes"].as_array().unwrap();
        let names: Vec<_> = scopes.iter().map(|scope| scope["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["write", "read", "admin", "audit"], "in the order that the service has");
        assert_eq!(
            scopes[0]["attributes"],
            json!([{ "key": "access_token.duration", "value": "300" }, { "key": "other", "value": "x" }])
        );
        assert_eq!((&scopes[0]["unknown"], &scopes[0]["defaultEntry"]), (&json!(true), &json!(true)));
        assert_eq!(scopes[2]["attributes"][0]["value"], "1h", "what nobody edited is not rewritten");
        assert!(person.plan().is_empty(), "{:?}", person.staged());
    });
}

#[test]
fn to_suspend_is_to_lock_and_access_is_the_scopes_that_may_be_asked_for() {
    both(|authlete, mut person, id| {
        person.pull();
        let name = id.to_string();
        person.suspend(&name);
        person.edit(&name, |app| app.grants[0].scopes = vec!["read".into()]);
        person.apply_all();
        let client = authlete.client(id).unwrap();
        assert_eq!(client["locked"], true);
        assert_eq!(client["extension"]["requestableScopes"], json!(["read"]));
        person.edit(&name, |app| app.status = ApplicationStatus::Active);
        person.apply_all();
        assert_eq!(authlete.client(id).unwrap()["locked"], false);
        // Without access at all it is locked too: without a scope it would still get tokens.
        person.edit(&name, |app| app.grants.clear());
        person.apply_all();
        assert_eq!(authlete.client(id).unwrap()["locked"], true);
        person.pull();
        assert!(person.app(&name).grants.is_empty() && person.plan().is_empty(), "{:?}", person.staged());
    });
}

#[test]
fn a_new_client_is_made_once_and_a_removed_one_is_gone() {
    both(|authlete, mut person, id| {
        person.pull();
        let new = Application {
            client_id: "new".into(),
            name: "Initech".into(),
            expires_at: Some(at("2026-06-01T00:00:00Z")),
            grants: vec![Grant { audience: ISSUER.into(), scopes: vec!["read".into()] }],
            ..Application::default()
        };
        person.stage(
            "new",
            vec![
                Change::add(Entity::Application(new.into())),
                Change::remove(Entity::Application(person.app(&id.to_string()))),
            ],
        );
        person.apply_all();
        assert!(authlete.client(id).is_none());
        let made: Vec<_> =
            authlete.clients().into_iter().filter(|client| client["clientName"] == "Initech").collect();
        let [made] = made.as_slice() else { panic!("{made:?}") };
        assert_eq!(made["grantTypes"], json!(["CLIENT_CREDENTIALS"]));
        assert_eq!(made["attributes"], json!([{ "key": "expires_at", "value": "2026-06-01T00:00:00Z" }]));
        assert_eq!(made["extension"]["requestableScopes"], json!(["read"]));
        assert_eq!(person.secrets.len(), 1, "its secret is shown once");
        assert!(person.plan().is_empty(), "{:?}", person.staged());
    });
}

#[test]
fn many_clients_are_pulled_window_by_window() {
    both(|authlete, person, _| {
        authlete.fill(1_234);
        let pulled = person.pull();
        let machines = authlete
            .clients()
            .iter()
            .filter(|client| {
                client["grantTypes"].as_array().unwrap().iter().any(|grant| grant == "CLIENT_CREDENTIALS")
            })
            .count();
        assert_eq!(pulled.mapped.registry.applications().len(), machines);
        assert_eq!(pulled.objects as usize, authlete.clients().len() + 1);
        assert!(person.plan().is_empty());
    });
}

#[test]
fn a_part_of_the_service_is_never_posted_back() {
    let (authlete, _, _) = service(Version::V3);
    let mut person = person(vendor(&authlete), &[CLIENT_TOKEN]);
    let pulled = person.pull();
    assert!(
        pulled.mapped.notes.iter().any(|note| note.contains("does not show the whole service")),
        "{:?}",
        pulled.mapped.notes
    );
    let service = person.mine().service;
    let renamed = Service { name: "Mine".into(), ..Service::clone(&service) };
    person.stage("service", Change::service(&service, renamed).into_iter().collect());
    let applied = person.apply();
    assert_eq!(applied.failed, 1);
    assert!(person.events[0].1.detail().contains("may not"), "{:?}", person.events);
    assert!(authlete.writes().is_empty());
}

#[test]
fn others_changes_to_a_client_and_mine_go_together() {
    both(|authlete, mut person, id| {
        person.pull();
        person.edit(&id.to_string(), |app| app.notes = "looked at".into());
        authlete.edit_client(id, json!({ "clientName": "Acme AG" }));
        // Nothing is pulled in between: the apply itself reads what is there.
        person.apply_all();
        let client = authlete.client(id).unwrap();
        assert_eq!((&client["clientName"], &client["description"]), (&json!("Acme AG"), &json!("looked at")));
        assert_eq!(person.app(&id.to_string()).name, "Acme AG");
        assert!(person.plan().is_empty(), "{:?}", person.staged());
    });
}
