//! What our client sends and how it reads the answers, under Prism's eye with the vendors' interface descriptions: a request or
//! an answer that breaks one becomes an error.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;
mod remote_support;

use remote::{Auth0, Authlete, DOMAIN, Prism, SERVICE, SERVICE_TOKEN, Version};
use remote_support::{Person_, auth0, person};
use serde_json::json;
use std::time::Duration as Time;
use tenure::edit::{Change, operation};
use tenure::export::Enforcement;
use tenure::policy::Strategy;
use tenure::registry::{Api, Application, ApplicationStatus, Duration, Grant, Instant};
use tenure::remote::{AttributeKeys, Vendor, WantedAction};

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// A person whose requests go through the judge, who thinks slowly.
fn patient(vendor: Vendor, secret: &str) -> Person_ {
    let mut person = person(vendor, &[secret]);
    person.limits.answer = Time::from_secs(20);
    person.limits.patience = Time::from_secs(60);
    person
}

/// Everything that can be staged: an application created, changed, suspended and removed, an API changed.
fn every_kind_of_change(person: &mut Person_, changed: &str, removed: &str, audience: &str) {
    person.pull();
    assert!(person.plan().is_empty(), "{:?}", person.staged());
    let grants = vec![Grant { audience: audience.into(), scopes: vec!["read".into()] }];
    let new = Application { client_id: "new".into(), name: "New".into(), grants, ..Application::default() };
    person.stage("create", vec![operation::add_application(new)]);
    person.edit(changed, |app| {
        app.name = "Größe".into();
        app.expires_at = Some(at("2026-04-01T00:00:00Z"));
        app.grants[0].scopes = vec!["read".into()];
    });
    person.stage("remove", vec![operation::remove_application(&person.app(removed))]);
    let before = person.mine().api(audience).unwrap().clone();
    let mut after = Api::clone(&before);
    let read = after.scopes.iter_mut().find(|scope| scope.name == "read").unwrap();
    read.description = "Read it all".into();
    read.access_token_duration = Duration::from_seconds(300).ok();
    person.stage("api", Change::api(&before, after).into_iter().collect());
    person.apply_all();
    person.suspend(changed);
    person.apply_all();
    assert_eq!(person.app(changed).status, ApplicationStatus::Suspended);
    assert!(person.pull().drift.is_empty());
    assert!(person.plan().is_empty(), "{:?}", person.staged());
}

#[test]
fn our_requests_to_a_tenant_keep_to_auth0s_description() {
    let tenant = Auth0::start();
    tenant.fill(120);
    let Some(prism) = Prism::before_auth0(tenant.base()) else { return };
    let (id, secret) = tenant.credentials();
    let mut person = patient(auth0(prism.base(), DOMAIN, id), secret);
    every_kind_of_change(&mut person, "app-1", "app-2", "https://api-1.example");
    assert!(tenant.client("app-2").is_none());
    assert!(tenant.grants_of("app-1").is_empty());
    assert_eq!(tenant.client("app-1").unwrap()["client_metadata"]["expires_at"], "2026-04-01T00:00:00Z");
    let api = tenant.resource_server("https://api-1.example").unwrap();
    let scopes = api["scopes"].as_array().unwrap();
    assert!(scopes.contains(&json!({ "value": "read", "description": "Read it all" })), "{scopes:?}");
    assert!(tenant.clients().iter().any(|client| client["name"] == "New"));
    // The Action too: made beside another, deployed, bound, changed and unbound.
    tenant.bind_action("Add claims", "exports.onExecuteCredentialsExchange = async () => {};");
    for wanted in [
        WantedAction::Install(Enforcement::default()),
        WantedAction::Install(Enforcement { strategy: Strategy::DenyOutliving, ..Enforcement::default() }),
        WantedAction::Unbind,
    ] {
        person.workspace().want_action(&wanted).unwrap();
        person.pull();
        person.apply_all();
        let bound = tenant.bindings("credentials-exchange").len();
        assert_eq!(bound, if wanted == WantedAction::Unbind { 1 } else { 2 });
        assert!(person.plan().is_empty());
    }
}

#[test]
fn our_requests_to_a_service_keep_to_authletes_description() {
    let service = Authlete::start(Version::V3);
    service.fill(30);
    let Some(prism) = Prism::before_authlete(service.base()) else { return };
    let base = prism.base().to_owned();
    let vendor = Vendor::Authlete3 { base, service_id: SERVICE.into(), attributes: AttributeKeys::default() };
    let mut person = patient(vendor, SERVICE_TOKEN);
    let (changed, removed) = (10_000_000_000_001, 10_000_000_000_002);
    every_kind_of_change(&mut person, &changed.to_string(), &removed.to_string(), "https://as.example");
    assert!(service.client(removed).is_none());
    assert_eq!(service.client(changed).unwrap()["locked"], true);
    let read = &service.service()["supportedScopes"][0];
    assert_eq!(read["description"], "Read it all");
    assert_eq!(read["attributes"], json!([{ "key": "access_token.duration", "value": "300" }]));
}
