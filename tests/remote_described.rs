//! Our own client before the vendors' interface descriptions: Prism, between it and the stand-ins, refuses every request and
//! answer that the description does not allow.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;
mod remote_support;

use remote::authlete::{SERVICE, SERVICE_TOKEN};
use remote::mount::mounted;
use remote::{Auth0, Authlete, DOMAIN, Prism, Version};
use remote_support::{Person_, auth0, person};
use serde_json::json;
use std::time::Duration as Time;
use tenure::edit::{Change, Entity};
use tenure::registry::{Api, Application, ApplicationStatus, Duration, Grant, Instant};
use tenure::remote::{AttributeKeys, Vendor};

fn patient(mut person: Person_) -> Person_ {
    // The judge needs its time.
    person.limits.answer = Time::from_secs(20);
    person.limits.patience = Time::from_secs(20);
    person
}

/// Everything that a person can do to a registry, applied at once.
fn story(person: &mut Person_, audience: &str, client: &str) -> Application {
    person.pull();
    let api = person.mine().api(audience).unwrap().clone();
    let mut edited = Api::clone(&api);
    edited.scopes.push(tenure::registry::Scope {
        name: "audit".into(),
        description: "Audit".into(),
        ..Default::default()
    });
    edited.scopes[0].access_token_duration = Some(Duration::from_seconds(600).unwrap());
    person.stage("scopes", Change::api(&api, edited).into_iter().collect());
    person.edit(client, |app| {
        app.expires_at = Some(Instant::parse("2026-04-01T00:00:00Z").unwrap());
        app.notes = "looked at".into();
        app.grants[0].scopes.truncate(1);
    });
    let new = Application {
        client_id: "new".into(),
        name: "Initech trial".into(),
        expires_at: Some(Instant::parse("2026-06-01T00:00:00Z").unwrap()),
        grants: vec![Grant { audience: audience.into(), scopes: vec!["audit".into()] }],
        ..Application::default()
    };
    person.stage("new", vec![Change::add(Entity::Application(new.into()))]);
    person.apply_all();
    assert!(person.plan().is_empty(), "{:?}", person.staged());
    let made = person.mine().applications().iter().find(|app| app.name == "Initech trial").unwrap().clone();
    person.edit(&made.client_id, |app| app.status = ApplicationStatus::Suspended);
    person.apply_all();
    person.edit(&made.client_id, |app| app.status = ApplicationStatus::Active);
    person.apply_all();
    person.stage("remove", vec![Change::remove(Entity::Application(person.app(&made.client_id)))]);
    person.apply_all();
    assert!(person.pull().drift.is_empty());
    Application::clone(&made)
}

#[test]
fn what_is_sent_to_a_tenant_and_read_from_it_is_as_auth0_describes_it() {
    const API: &str = "https://api.example.com";
    let tenant = Auth0::start();
    tenant.put_resource_server(json!({ "identifier": API, "name": "Example", "scopes": [{ "value": "read" }, { "value": "write" }] }));
    tenant.put_client(json!({ "client_id": "acme", "name": "Acme", "app_type": "non_interactive", "grant_types": ["client_credentials"] }));
    tenant.grant("acme", API, &["read", "write"]);
    let Some(prism) = Prism::before_auth0(tenant.base()) else { return };
    let judged = mounted("/api/v2", prism.base(), tenant.base());
    let (id, secret) = tenant.credentials();
    let mut person = patient(person(auth0(judged.base(), DOMAIN, id), &[secret]));
    let made = story(&mut person, API, "acme");
    assert_eq!(tenant.client("acme").unwrap()["description"], "looked at");
    assert!(tenant.client(&made.client_id).is_none());
}

#[test]
fn what_is_sent_to_a_service_and_read_from_it_is_as_authlete_describes_it() {
    const ISSUER: &str = "https://issuer.example";
    let authlete = Authlete::start(Version::V3);
    authlete.edit_service(json!({
        "serviceName": "Example", "issuer": ISSUER, "accessTokenDuration": 86400,
        "supportedScopes": [{ "name": "read", "defaultEntry": true }, { "name": "write", "defaultEntry": false }],
    }));
    let id = authlete.put_client(
        json!({ "clientName": "Acme", "clientType": "CONFIDENTIAL", "grantTypes": ["CLIENT_CREDENTIALS"] }),
    );
    let Some(prism) = Prism::before_authlete(authlete.base()) else { return };
    let vendor = Vendor::Authlete3 {
        base: prism.base().into(),
        service_id: SERVICE.into(),
        attributes: AttributeKeys::default(),
    };
    let mut person = patient(person(vendor, &[SERVICE_TOKEN]));
    story(&mut person, ISSUER, &id.to_string());
    assert_eq!(authlete.client(id).unwrap()["description"], "looked at");
}
