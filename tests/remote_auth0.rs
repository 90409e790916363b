//! An Auth0 tenant as a remote registry: pulled, staged, reviewed, applied and read back, against a stand-in that keeps state.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;
mod remote_support;

use remote::{Auth0, DOMAIN};
use remote_support::{Person_, auth0, now, person};
use serde_json::{Value, json};
use tenure::edit::{Change, Entity, Side};
use tenure::registry::{Api, Application, ApplicationStatus, Duration, Grant, Instant};
use tenure::remote::{Applied, Outcome, RemoteError, cut_off, run};

const API: &str = "https://api.example.com";

/// A tenant with one API and two customers.
fn tenant() -> (Auth0, Person_) {
    let tenant = Auth0::start();
    tenant.put_resource_server(json!({
        "identifier": API, "name": "Example", "token_lifetime": 86400,
        "scopes": [{ "value": "read", "description": "Read" }, { "value": "write", "description": "Write" }],
    }));
    for (id, name, end) in
        [("acme", "Acme trial", "2026-03-01T12:00:00Z"), ("globex", "Globex", "1772366400000")]
    {
        tenant.put_client(json!({
            "client_id": id, "name": name, "app_type": "non_interactive", "grant_types": ["client_credentials"],
            "client_metadata": { "expires_at": end, "region": "eu" },
        }));
        tenant.grant(id, API, &["read", "write"]);
    }
    tenant.put_client(
        json!({ "client_id": "spa", "name": "Web page", "app_type": "spa", "grant_types": ["implicit"] }),
    );
    let (id, secret) = tenant.credentials();
    let person = person(auth0(tenant.base(), DOMAIN, id), &[secret]);
    (tenant, person)
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn members(client: &Value) -> Value {
    client["client_metadata"].clone()
}

#[test]
fn a_pulled_tenant_is_a_registry_with_nothing_staged() {
    let (tenant, person) = tenant();
    let pulled = person.pull();
    assert!(pulled.first);
    let registry = person.mine();
    assert_eq!(registry, pulled.mapped.registry);
    let acme = person.app("acme");
    assert_eq!(acme.name, "Acme trial");
    assert_eq!(acme.expires_at, Some(at("2026-03-01T12:00:00Z")));
    assert_eq!(acme.metadata.get("region").map(String::as_str), Some("eu"));
    assert_eq!(acme.grants, [Grant { audience: API.into(), scopes: vec!["read".into(), "write".into()] }]);
    assert_eq!(person.app("globex").expires_at, Some(at("2026-03-01T12:00:00Z")), "milliseconds are read");
    assert!(registry.application("spa").is_none());
    assert!(registry.application(tenant.credentials().0).is_none(), "Tenure does not lock itself out");
    assert!(
        pulled.mapped.notes.iter().any(|note| note.contains("not use client credentials")),
        "{:?}",
        pulled.mapped.notes
    );
    let audiences: Vec<_> = registry.apis().iter().map(|api| api.audience.as_str()).collect();
    assert_eq!(audiences, [API], "the Management API itself is never edited");
    assert_eq!(registry.service.issuer_profile.to_string(), "auth0");
    assert!(person.plan().is_empty(), "{:?}", person.staged());
    assert!(tenant.writes().is_empty());
}

#[test]
fn an_edit_sends_only_what_changed_and_keeps_what_it_does_not_know() {
    let (tenant, mut person) = tenant();
    person.pull();
    person.edit("acme", |app| app.expires_at = Some(at("2026-04-01T00:00:00Z")));
    person.edit("globex", |app| app.expires_at = Some(at("2026-04-01T00:00:00Z")));
    assert_eq!(
        person.staged(),
        [
            "acme expires_at: 2026-03-01T12:00:00Z -> 2026-04-01T00:00:00Z [remote]",
            "globex expires_at: 2026-03-01T12:00:00Z -> 2026-04-01T00:00:00Z [remote]",
        ]
    );
    person.apply_all();
    let bodies: Vec<_> = tenant
        .writes()
        .iter()
        .map(|write| (write.method.clone(), write.path.clone(), write.json()))
        .collect();
    assert_eq!(
        bodies,
        [
            (
                "PATCH".to_owned(),
                "/api/v2/clients/acme".to_owned(),
                json!({ "client_metadata": { "expires_at": "2026-04-01T00:00:00Z" } })
            ),
            // The form that the tenant has is kept.
            (
                "PATCH".to_owned(),
                "/api/v2/clients/globex".to_owned(),
                json!({ "client_metadata": { "expires_at": "1775001600000" } })
            ),
        ]
    );
    assert_eq!(members(&tenant.client("acme").unwrap())["region"], "eu");
    assert!(person.plan().is_empty(), "{:?}", person.staged());
    assert!(person.pull().drift.is_empty(), "what was applied is no drift");
}

#[test]
fn what_cancels_out_is_not_staged_and_undo_after_an_apply_stages_the_inverse() {
    let (tenant, mut person) = tenant();
    person.pull();
    person.edit("acme", |app| app.name = "Acme".into());
    person.edit("acme", |app| app.name = "Acme trial".into());
    assert!(person.plan().is_empty());
    person.edit("acme", |app| app.name = "Acme Inc".into());
    person.apply_all();
    assert_eq!(tenant.client("acme").unwrap()["name"], "Acme Inc");
    person.undo();
    assert_eq!(person.staged(), ["acme name: Acme Inc -> Acme trial [remote]"]);
    person.apply_all();
    assert_eq!(tenant.client("acme").unwrap()["name"], "Acme trial");
}

#[test]
fn what_the_tenant_cannot_hold_lies_in_the_overlay() {
    let (tenant, mut person) = tenant();
    person.pull();
    let before = person.mine().api(API).unwrap().clone();
    let mut after = Api::clone(&before);
    after.scopes[1].access_token_duration = Some(Duration::from_seconds(600).unwrap());
    person.stage("duration", Change::api(&before, after).into_iter().collect());
    person.edit("acme", |app| app.tags = vec!["trial".into()]);
    let plan = person.plan();
    assert!(plan.steps.iter().all(|step| step.overlay && !step.remote), "{:?}", person.staged());
    assert_ne!(plan.overlay, plan.overlay_after, "the plan names the overlay with its hash");
    person.apply_all();
    assert!(tenant.writes().is_empty());
    let text = std::fs::read_to_string(person.workspace().overlay_file()).unwrap();
    let overlay: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(overlay["apis"][API]["scopes"]["write"]["access_token_duration"], 600);
    assert_eq!(overlay["applications"]["acme"]["tags"], json!(["trial"]));
    assert!(person.plan().is_empty());
    person.pull();
    let write = person.mine().api(API).unwrap().scope("write").cloned().unwrap();
    assert_eq!(write.access_token_duration.map(Duration::seconds), Some(600));
    assert_eq!(person.app("acme").tags, ["trial"]);
}

#[test]
fn to_suspend_removes_the_grants_and_to_resume_brings_them_back() {
    let (tenant, mut person) = tenant();
    person.pull();
    person.suspend("acme");
    person.apply_all();
    assert!(tenant.grants_of("acme").is_empty());
    person.pull();
    let acme = person.app("acme");
    assert_eq!(acme.status, ApplicationStatus::Suspended);
    assert_eq!(acme.grants.len(), 1, "the grants wait in the overlay");
    person.edit("acme", |app| app.status = ApplicationStatus::Active);
    person.apply_all();
    assert_eq!(tenant.grants_of("acme")[0]["scope"], json!(["read", "write"]));
    assert!(person.plan().is_empty(), "{:?}", person.staged());
}

#[test]
fn cut_off_goes_round_the_staging_and_undo_stages_how_to_restore() {
    let (tenant, mut person) = tenant();
    person.pull();
    person.edit("globex", |app| app.name = "Globex Corp".into());
    let (workspace, mut remote) = (person.workspace(), person.remote());
    let choices = Default::default();
    let mut side = tenure::remote::Person { who: "tester", choices: &choices, hear: &mut |_| {} };
    run(&person.stop, cut_off(&workspace, &mut remote, "acme", now(), &mut side, &person.stop))
        .unwrap()
        .unwrap();
    assert!(tenant.grants_of("acme").is_empty());
    assert_eq!(
        person.staged(),
        ["globex name: Globex -> Globex Corp [remote]"],
        "what was staged stays staged"
    );
    person.undo();
    assert!(
        person.staged().contains(&"acme status: suspended -> active [both]".to_owned()),
        "{:?}",
        person.staged()
    );
    person.apply_all();
    assert_eq!(tenant.grants_of("acme").len(), 1);
}

#[test]
fn others_changes_are_drift_and_go_together_with_what_is_staged() {
    let (tenant, mut person) = tenant();
    person.pull();
    person.edit("acme", |app| app.expires_at = Some(at("2026-04-01T00:00:00Z")));
    tenant.edit_client("acme", json!({ "name": "Acme AG" }));
    tenant.edit_client("globex", json!({ "name": "Globex AG" }));
    let pulled = person.pull();
    let names: Vec<_> = pulled.drift.iter().map(|change| change.reference().id).collect();
    assert_eq!(names, ["acme", "globex"]);
    assert!(pulled.clashes.is_empty());
    assert_eq!(person.app("acme").name, "Acme AG");
    assert_eq!(person.staged(), ["acme expires_at: 2026-03-01T12:00:00Z -> 2026-04-01T00:00:00Z [remote]"]);
    person.apply_all();
    assert_eq!(tenant.client("acme").unwrap()["name"], "Acme AG");
}

#[test]
fn a_field_that_both_set_stops_at_a_conflict_and_the_person_chooses() {
    for (side, end) in [(Side::Mine, "2026-04-01T00:00:00Z"), (Side::Theirs, "2026-05-01T00:00:00Z")] {
        let (tenant, mut person) = tenant();
        person.pull();
        person.edit("acme", |app| app.expires_at = Some(at("2026-04-01T00:00:00Z")));
        tenant.edit_client(
            "acme",
            json!({ "client_metadata": { "expires_at": "2026-05-01T00:00:00Z", "region": "us" } }),
        );
        let applied = person.apply();
        assert_eq!(applied, Applied { conflicts: 1, ..Applied::default() });
        let Outcome::Conflict(clashes) = &person.events[0].1 else { panic!("{:?}", person.events) };
        let [clash] = clashes.as_slice() else { panic!("{clashes:?}") };
        assert_eq!(clash.field, "expires_at");
        assert_eq!(clash.base.as_deref(), Some("2026-03-01T12:00:00Z"));
        assert_eq!(clash.theirs.as_deref(), Some("2026-05-01T00:00:00Z"));
        assert!(tenant.writes().is_empty(), "nothing is written at a conflict");
        let which = person.plan().steps[0].change.reference();
        person.choices.insert((which, "expires_at".into()), side);
        person.apply_all();
        assert_eq!(
            members(&tenant.client("acme").unwrap()),
            json!({ "expires_at": end, "region": "us" }),
            "{side:?}"
        );
        assert_eq!(person.app("acme").expires_at, Some(at(end)));
        assert_eq!(person.app("acme").metadata["region"], "us", "what only they set comes over");
        assert!(person.plan().is_empty(), "{:?}", person.staged());
    }
}

#[test]
fn a_new_application_gets_the_tenants_id_its_grants_and_its_secret_is_shown_once() {
    let (tenant, mut person) = tenant();
    tenant.set_permissions(&[
        "read:clients",
        "create:clients",
        "update:clients",
        "read:client_keys",
        "create:client_keys",
        "read:resource_servers",
        "read:client_grants",
        "create:client_grants",
    ]);
    person.pull();
    let new = Application {
        client_id: "new-initech".into(),
        name: "Initech trial".into(),
        expires_at: Some(at("2026-06-01T00:00:00Z")),
        tags: vec!["trial".into()],
        grants: vec![Grant { audience: API.into(), scopes: vec!["read".into()] }],
        ..Application::default()
    };
    person.stage("new", vec![Change::add(Entity::Application(new.into()))]);
    person.apply_all();
    let made = tenant.clients().into_iter().find(|client| client["name"] == "Initech trial").unwrap();
    let id = made["client_id"].as_str().unwrap();
    assert_eq!(made["grant_types"], json!(["client_credentials"]), "a client gets one grant type, not four");
    assert_eq!(tenant.grants_of(id)[0]["scope"], json!(["read"]));
    assert_eq!(person.secrets.len(), 1);
    assert_eq!(person.secrets[0].0, id);
    assert!(person.mine().application("new-initech").is_none());
    assert_eq!(person.app(id).tags, ["trial"]);
    assert!(person.plan().is_empty(), "{:?}", person.staged());
    let kept = std::fs::read(person.connections().place("prod").snapshot()).unwrap();
    let secret = &person.secrets[0].1;
    assert!(!kept.windows(secret.len()).any(|window| window == secret), "the secret is kept nowhere");
}

#[test]
fn where_the_permission_is_missing_it_is_said_where_a_new_clients_secret_is() {
    let (tenant, mut person) = tenant();
    person.pull();
    let new = Application { client_id: "new".into(), name: "Initech".into(), ..Application::default() };
    person.stage("new", vec![Change::add(Entity::Application(new.into()))]);
    person.apply_all();
    let made = tenant.clients().into_iter().find(|client| client["name"] == "Initech").unwrap();
    assert!(person.secrets.is_empty());
    let [(id, place)] = person.elsewhere.as_slice() else { panic!("{:?}", person.elsewhere) };
    assert_eq!(made["client_id"], **id);
    assert!(place.contains("dashboard"), "{place}");
}

#[test]
fn a_removed_application_is_gone_for_good_unless_somebody_changed_it() {
    let (tenant, mut person) = tenant();
    person.pull();
    person.stage(
        "remove",
        vec![
            Change::remove(Entity::Application(person.app("acme"))),
            Change::remove(Entity::Application(person.app("globex"))),
        ],
    );
    assert!(person.plan().steps.iter().all(tenure::remote::Step::is_final));
    tenant.edit_client("globex", json!({ "name": "Globex, now a customer" }));
    let applied = person.apply();
    assert_eq!((applied.done, applied.conflicts), (1, 1));
    assert!(tenant.client("acme").is_none());
    assert!(tenant.client("globex").is_some());
}

#[test]
fn a_plan_of_an_older_state_is_refused_and_an_interrupted_one_goes_on() {
    let (tenant, mut person) = tenant();
    person.pull();
    person.edit("acme", |app| app.name = "One".into());
    let old = person.plan();
    person.edit("acme", |app| app.name = "Two".into());
    let refused = person.try_apply(&old).unwrap_err();
    assert!(refused.to_string().contains("older state"), "{refused}");
    assert!(tenant.writes().is_empty());

    person.edit("globex", |app| app.name = "Three".into());
    let plan = person.plan();
    // The first write answers that it may not: the second item goes through, the first stays staged.
    tenant.fault(remote::Call::Update, remote::Fault::Status(403), remote::Times::once());
    let applied = person.try_apply(&plan).unwrap();
    assert_eq!((applied.done, applied.failed), (1, 1));
    let applied = person.try_apply(&plan).unwrap();
    assert_eq!((applied.done, applied.failed), (1, 0), "the same plan goes on with what is left");
    assert_eq!(tenant.client("acme").unwrap()["name"], "Two");
}

#[test]
fn read_only_means_that_no_writing_request_leaves() {
    let (tenant, mut person) = tenant();
    person.connection.access = tenure::remote::Access::ReadOnly;
    person.keep();
    person.pull();
    person.edit("acme", |app| app.name = "Mine".into());
    let plan = person.plan();
    let refused = person.try_apply(&plan).unwrap_err();
    assert!(matches!(refused, RemoteError::ReadOnly(_)), "{refused}");
    let remote = person.remote();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let call = tenure::remote::http::Call {
            method: method.parse().unwrap(),
            path: "/api/v2/clients/acme".into(),
            body: None,
            authorization: None,
            sign_in: false,
        };
        let refused = run(&person.stop, remote.wire().send(&call, &person.stop)).unwrap().unwrap_err();
        assert!(matches!(refused, RemoteError::ReadOnly(_)), "{method}: {refused}");
    }
    assert!(tenant.writes().is_empty(), "{:?}", tenant.writes());
}

#[test]
fn a_tenant_that_takes_two_requests_a_second_is_not_asked_more_often_and_nothing_is_lost() {
    let (tenant, mut person) = tenant();
    person.pull();
    for id in ["acme", "globex"] {
        person.edit(id, |app| app.notes = "looked at".into());
    }
    let plan = person.plan();
    tenant.forget_seen();
    tenant.rate(2, 2);
    person.limits.patience = std::time::Duration::from_secs(30);
    let started = std::time::Instant::now();
    let applied = person.try_apply(&plan).unwrap();
    assert_eq!((applied.done, applied.failed), (2, 0), "{:?}", person.events);
    // For each: read, write, read back. Grants that nobody edited are not asked for.
    let asked = tenant.seen().iter().filter(|seen| seen.path.starts_with("/api/")).count();
    assert!(
        (6..=8).contains(&asked),
        "{asked}: {:?}",
        tenant.seen().iter().map(|seen| seen.path.clone()).collect::<Vec<_>>()
    );
    assert!(started.elapsed() >= std::time::Duration::from_secs(2), "{:?}", started.elapsed());
}

/// What is logged, at every level.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_log_at_any_level_holds_a_secret_or_a_token() {
    let (tenant, mut person) = tenant();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        person.pull();
        person.edit("acme", |app| app.notes = "looked at".into());
        tenant.fault(
            remote::Call::Update,
            remote::Fault::Limited(remote::Wait::Seconds(0)),
            remote::Times::once(),
        );
        person.apply_all();
        tenant.expire_tokens();
        person.pull();
        tracing::trace!("the log listens");
    });
    let said = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(said.contains("the log listens") && said.contains("is made again"), "{said}");
    assert!(!said.contains(tenant.credentials().1) && !said.contains("Bearer"), "{said}");
}
