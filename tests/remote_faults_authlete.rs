//! The matrix of faults once more, for an Authlete service: its tokens do not end, and its writes are whole objects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "remote_support/matrix.rs"]
mod matrix;
#[path = "support/remote/mod.rs"]
mod remote;
mod remote_support;

use matrix::{DEADLINE, all, expected, state};
use remote::{Authlete, Call, Fault, SERVICE, SERVICE_TOKEN, Times, Version};
use remote_support::{Person_, person};
use serde_json::json;
use std::time::Instant;
use tenure::edit::{Change, Entity};
use tenure::registry::Application;
use tenure::remote::{AttributeKeys, RemoteError, Vendor};

/// A service with one client, a person who works with it, and the client's id.
fn service() -> (Authlete, Person_, u64) {
    let authlete = Authlete::start(Version::V3);
    authlete.edit_service(json!({ "serviceName": "Example", "issuer": "https://issuer.example", "accessTokenDuration": 86400, "supportedScopes": [{ "name": "read", "defaultEntry": false }] }));
    let id = authlete.put_client(
        json!({ "clientName": "Acme", "clientType": "CONFIDENTIAL", "grantTypes": ["CLIENT_CREDENTIALS"] }),
    );
    let vendor = Vendor::Authlete3 {
        base: authlete.base().into(),
        service_id: SERVICE.into(),
        attributes: AttributeKeys::default(),
    };
    let person = person(vendor, &[SERVICE_TOKEN]);
    (authlete, person, id)
}

/// What a call does here: how it is staged, how it is seen that it was carried out once.
struct Deed {
    call: Call,
    stage: fn(&Person_, u64),
    reached: fn(&Authlete, u64) -> bool,
}

const NEW: &str = "Initech";

fn deeds() -> Vec<Deed> {
    let rename: fn(&Person_, u64) =
        |person, id| person.edit(&id.to_string(), |app| app.name = "Acme AG".into());
    let renamed: fn(&Authlete, u64) -> bool =
        |authlete, id| authlete.client(id).is_some_and(|client| client["clientName"] == "Acme AG");
    vec![
        Deed { call: Call::Read, stage: rename, reached: renamed },
        Deed { call: Call::Update, stage: rename, reached: renamed },
        Deed {
            call: Call::Create,
            stage: |person, _| {
                let new = Application { client_id: "new".into(), name: NEW.into(), ..Application::default() };
                person.stage("new", vec![Change::add(Entity::Application(new.into()))]);
            },
            reached: |authlete, _| {
                authlete.clients().iter().filter(|client| client["clientName"] == NEW).count() == 1
            },
        },
        Deed {
            call: Call::Delete,
            stage: |person, id| {
                let gone = Entity::Application(person.app(&id.to_string()));
                person.stage("remove", vec![Change::remove(gone)]);
            },
            reached: |authlete, id| authlete.client(id).is_none(),
        },
    ]
}

/// A token that is refused is not replaced by another.
fn ends_in(call: Call, fault: &Fault, always: bool) -> &'static [&'static str] {
    if *fault == Fault::Status(401) { &["sign_in"] } else { expected(call, fault, always) }
}

fn cases() -> Vec<(Fault, bool)> {
    Fault::all().into_iter().flat_map(|fault| [(fault.clone(), false), (fault, true)]).collect()
}

#[test]
fn every_fault_of_a_write_or_its_read_ends_in_a_named_state_and_nothing_is_made_twice() {
    for deed in deeds() {
        all(cases(), |(fault, always)| {
            let case = format!("{:?} {fault:?} {}", deed.call, if always { "always" } else { "once" });
            let (authlete, mut person, id) = service();
            person.pull();
            (deed.stage)(&person, id);
            let times = if always { Times::always() } else { Times::once() };
            authlete.fault_at(deed.call, "/client/", fault.clone(), times);
            let started = Instant::now();
            let state = state(&mut person);
            assert!(started.elapsed() < DEADLINE, "{case} took {:?}", started.elapsed());
            let expected = ends_in(deed.call, &fault, always);
            assert!(expected.contains(&state), "{case}: {state}, expected {expected:?}: {:?}", person.events);
            authlete.no_faults();
            if state != "done" {
                person.apply();
            }
            assert!(
                (deed.reached)(&authlete, id),
                "{case}: {state}, and then not reached: {:?}",
                person.events
            );
            assert!(person.plan().is_empty(), "{case}: {:?}", person.staged());
        });
    }
}

#[test]
fn every_fault_of_a_list_ends_in_a_named_state_and_leaves_what_was_pulled() {
    all(cases(), |(fault, always)| {
        let case = format!("list {fault:?} {}", if always { "always" } else { "once" });
        let (authlete, person, _) = service();
        authlete.fill(230);
        person.pull();
        let before = person.mine();
        let times = if always { Times::always() } else { Times::once() };
        authlete.fault_at(Call::List, "/client/get/list", fault.clone(), times);
        let started = Instant::now();
        let pulled = person.try_pull();
        assert!(started.elapsed() < DEADLINE, "{case} took {:?}", started.elapsed());
        let state = pulled.as_ref().map_or_else(RemoteError::name, |_| "done");
        let expected = ends_in(Call::List, &fault, always);
        assert!(expected.contains(&state), "{case}: {state}, expected {expected:?}: {pulled:?}");
        if state != "done" {
            assert_eq!(person.mine(), before, "{case}");
            assert!(person.plan().is_empty(), "{case}");
        }
        authlete.no_faults();
        person.pull();
        assert!(person.plan().is_empty(), "{case}: {:?}", person.staged());
        assert_eq!(person.mine().applications().len(), before.applications().len(), "{case}");
    });
}
