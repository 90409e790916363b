//! Everything that can go wrong between here and a remote, for each kind of call: every case ends in a named state within
//! its deadline, nothing is made twice, and once the remote is well again the same plan reaches its end.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "remote_support/matrix.rs"]
mod matrix;
#[path = "support/remote/mod.rs"]
mod remote;
mod remote_support;

use matrix::{DEADLINE, all, expected, state};

use remote::{Auth0, Call, DOMAIN, Fault, Server, Times, Tls, Wait, nobody_listens, tls};
use remote_support::{Person_, auth0, person};
use serde_json::json;
use std::time::{Duration, Instant};
use tenure::edit::{Change, Entity};
use tenure::registry::{Application, Grant};
use tenure::remote::RemoteError;

const API: &str = "https://api.example.com";

fn tenant() -> (Auth0, Person_) {
    let tenant = Auth0::start();
    tenant.put_resource_server(
        json!({ "identifier": API, "name": "Example", "scopes": [{ "value": "read" }] }),
    );
    tenant.put_client(json!({ "client_id": "acme", "name": "Acme", "app_type": "non_interactive", "grant_types": ["client_credentials"] }));
    tenant.grant("acme", API, &["read"]);
    let (id, secret) = tenant.credentials();
    let person = person(auth0(tenant.base(), DOMAIN, id), &[secret]);
    (tenant, person)
}

/// What a call does here: how it is staged, how it is seen that it was carried out once.
struct Deed {
    call: Call,
    path: &'static str,
    stage: fn(&Person_),
    reached: fn(&Auth0) -> bool,
}

const NEW: &str = "Initech";

fn deeds() -> Vec<Deed> {
    fn made(tenant: &Auth0) -> usize {
        tenant.clients().iter().filter(|client| client["name"] == NEW).count()
    }
    let rename: fn(&Person_) = |person| person.edit("acme", |app| app.name = "Acme AG".into());
    let renamed: fn(&Auth0) -> bool =
        |tenant| tenant.client("acme").is_some_and(|client| client["name"] == "Acme AG");
    vec![
        Deed { call: Call::Read, path: "/clients/acme", stage: rename, reached: renamed },
        Deed { call: Call::Update, path: "/clients/acme", stage: rename, reached: renamed },
        Deed {
            call: Call::Create,
            path: "/clients",
            stage: |person| {
                let grants = vec![Grant { audience: API.into(), scopes: vec!["read".into()] }];
                let new = Application {
                    client_id: "new".into(),
                    name: NEW.into(),
                    grants,
                    ..Application::default()
                };
                person.stage("new", vec![Change::add(Entity::Application(new.into()))]);
            },
            reached: |tenant| made(tenant) == 1,
        },
        Deed {
            call: Call::Delete,
            path: "/clients/acme",
            stage: |person| {
                person.stage("remove", vec![Change::remove(Entity::Application(person.app("acme")))])
            },
            reached: |tenant| tenant.client("acme").is_none(),
        },
    ]
}

fn faults() -> Vec<Fault> {
    Fault::all()
}

#[test]
fn every_fault_of_a_write_or_its_read_ends_in_a_named_state_and_nothing_is_made_twice() {
    for deed in deeds() {
        let cases: Vec<_> =
            faults().into_iter().flat_map(|fault| [(fault.clone(), false), (fault, true)]).collect();
        all(cases, |(fault, always)| {
            let case = format!("{:?} {fault:?} {}", deed.call, if always { "always" } else { "once" });
            let (tenant, mut person) = tenant();
            person.pull();
            (deed.stage)(&person);
            let times = if always { Times::always() } else { Times::once() };
            tenant.fault_at(deed.call, deed.path, fault.clone(), times);
            let started = Instant::now();
            let state = state(&mut person);
            assert!(started.elapsed() < DEADLINE, "{case} took {:?}", started.elapsed());
            let expected = expected(deed.call, &fault, always);
            assert!(expected.contains(&state), "{case}: {state}, expected {expected:?}: {:?}", person.events);
            tenant.no_faults();
            if state != "done" {
                person.apply();
            }
            assert!((deed.reached)(&tenant), "{case}: {state}, and then not reached: {:?}", person.events);
            assert!(person.plan().is_empty(), "{case}: {:?}", person.staged());
        });
    }
}

#[test]
fn every_fault_of_a_list_ends_in_a_named_state_and_leaves_what_was_pulled() {
    let cases: Vec<_> =
        faults().into_iter().flat_map(|fault| [(fault.clone(), false), (fault, true)]).collect();
    all(cases, |(fault, always)| {
        let case = format!("list {fault:?} {}", if always { "always" } else { "once" });
        let (tenant, person) = tenant();
        tenant.fill(130);
        person.pull();
        let before = person.mine();
        let times = if always { Times::always() } else { Times::once() };
        tenant.fault_at(Call::List, "/clients", fault.clone(), times);
        let started = Instant::now();
        let pulled = person.try_pull();
        assert!(started.elapsed() < DEADLINE, "{case} took {:?}", started.elapsed());
        let state = pulled.as_ref().map_or_else(RemoteError::name, |_| "done");
        let expected = expected(Call::List, &fault, always);
        assert!(expected.contains(&state), "{case}: {state}, expected {expected:?}: {pulled:?}");
        if state != "done" {
            assert_eq!(person.mine(), before, "{case}");
            assert!(person.plan().is_empty(), "{case}");
        }
        tenant.no_faults();
        person.pull();
        assert!(person.plan().is_empty(), "{case}: {:?}", person.staged());
        assert_eq!(person.mine().applications().len(), before.applications().len(), "{case}");
    });
}

#[test]
fn credentials_stay_with_their_host() {
    let elsewhere = Server::nobody();
    let (tenant, person) = tenant();
    for call in [Call::List, Call::Token] {
        tenant.fault(call, Fault::Redirect(307, elsewhere.base().to_owned()), Times::once());
        let error = person.try_pull().unwrap_err();
        assert_eq!(error.name(), "redirected", "{error}");
        assert!(error.to_string().contains(elsewhere.base()), "{error}");
    }
    assert!(elsewhere.seen().is_empty(), "{:?}", elsewhere.seen());
}

#[test]
fn a_remote_that_cannot_be_reached_or_trusted_is_named() {
    let name = |base: &str, authorities: Option<&str>| {
        let mut person = person(auth0(base, DOMAIN, "id"), &["secret"]);
        if let Some(pem) = authorities {
            let file = person.folder.path().join("ca.pem");
            std::fs::write(&file, pem).unwrap();
            person.connection.authorities = Some(file);
            person.keep();
        }
        let error = person.try_pull().unwrap_err();
        let sentence = error.to_string();
        assert!(!sentence.contains("secret"), "{sentence}");
        (error.name(), sentence)
    };
    assert_eq!(name(&nobody_listens(), None).0, "unreachable");
    assert_eq!(name("https://no-such-host.invalid", None).0, "no_such_host");
    let authority = tls::authority_pem();
    for (tls, trusted) in [
        (Tls::Good, None),
        (Tls::SelfSigned, Some(authority.as_str())),
        (Tls::Expired, Some(&authority)),
        (Tls::WrongHost, Some(&authority)),
    ] {
        let tenant = Auth0::start_with(tls);
        let (state, sentence) = name(tenant.base(), trusted);
        assert_eq!(state, "certificate", "{tls:?}: {sentence}");
        assert!(tenant.seen().is_empty(), "{tls:?}: nothing is sent to a stranger");
    }
    let tenant = Auth0::start_with(Tls::Good);
    let (id, secret) = tenant.credentials();
    let mut person = person(auth0(tenant.base(), DOMAIN, id), &[secret]);
    let file = person.folder.path().join("ca.pem");
    std::fs::write(&file, &authority).unwrap();
    person.connection.authorities = Some(file);
    person.keep();
    person.pull();
}

#[test]
fn nothing_is_written_after_a_stop() {
    let (tenant, mut person) = tenant();
    tenant.fill(30);
    person.pull();
    for app in person.mine().applications().iter().filter(|app| app.client_id != tenant.credentials().0) {
        person.edit(&app.client_id, |app| app.notes = "looked at".into());
    }
    let plan = person.plan();
    // The fifth update is refused for a while: stop is said meanwhile.
    tenant.fault(Call::Update, Fault::Limited(Wait::Seconds(3)), Times::always().after(5));
    let stop = person.stop.clone();
    let said = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(2500));
        stop.stop();
        Instant::now()
    });
    let applied = person.try_apply(&plan).unwrap();
    let said = said.join().unwrap();
    assert!(applied.stopped && applied.done == 5, "{applied:?}");
    assert!(said.elapsed() < Duration::from_secs(1), "a wait ends at once");
    let writes = tenant.writes().len();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(tenant.writes().len(), writes);
    tenant.no_faults();
    person.stop = tenure::remote::Stop::default();
    let applied = person.try_apply(&plan).unwrap();
    assert_eq!(applied.done, plan.steps.len() - 5, "the same plan goes on");
    assert!(person.plan().is_empty());
}

#[test]
fn a_plan_of_a_thousand_changes_with_random_faults_ends_equal_to_the_plan() {
    let (tenant, mut person) = tenant();
    tenant.fill(1_000);
    person.pull();
    let mine = person.mine();
    let own = tenant.credentials().0;
    let changes: Vec<Change> = mine
        .applications()
        .iter()
        .filter(|app| app.client_id != own)
        .filter_map(|app| {
            Change::application(app, Application { notes: "reviewed".into(), ..Application::clone(app) })
        })
        .collect();
    let new = (0..20).map(|place| {
        let name = format!("New {place:02}");
        let app = Application { client_id: format!("new-{place}"), name, ..Application::default() };
        Change::add(Entity::Application(app.into()))
    });
    person.stage("review", changes.into_iter().chain(new).collect());
    person.limits.answer = Duration::from_millis(400);
    tenant.random_faults(10, 7);
    let mut rounds = 0;
    while !person.plan().is_empty() {
        rounds += 1;
        assert!(rounds < 20, "{:?}", person.staged().len());
        person.apply();
    }
    tenant.no_faults();
    let clients = tenant.clients();
    let reviewed = clients.iter().filter(|client| client["description"] == "reviewed").count();
    assert!(reviewed >= 1_000, "{reviewed}");
    for place in 0..20 {
        let name = format!("New {place:02}");
        assert_eq!(clients.iter().filter(|client| client["name"] == *name).count(), 1, "{name}");
    }
    let drift = person.pull().drift;
    assert!(drift.is_empty(), "{drift:?}");
}
