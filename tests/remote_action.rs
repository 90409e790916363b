//! The Action that keeps a tenant to the ends of trials, as part of a connection's plan: installed next to what is bound
//! already, changed when what it knows changes, and put back or unbound, against a stand-in that keeps state.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "remote_support/matrix.rs"]
mod matrix;
#[path = "support/remote/mod.rs"]
mod remote;
mod remote_support;

use matrix::{DEADLINE, all, expected, state};
use remote::{Auth0, Authlete, Call, DOMAIN, Fault, SERVICE, SERVICE_TOKEN, Times, Version};
use remote_support::{Person_, auth0, person};
use serde_json::json;
use std::time::Instant as Clock;
use tenure::edit::operation;
use tenure::export::{AUTH0_ACTION, Enforcement, TimeForm};
use tenure::policy::Strategy;
use tenure::registry::Duration;
use tenure::remote::{Access, Act, AttributeKeys, Outcome, Vendor, WantedAction};

const API: &str = "https://api.example.com";

/// A tenant with a trial, and two Actions of its own at the trigger.
fn tenant() -> (Auth0, Person_) {
    let tenant = Auth0::start();
    tenant.put_resource_server(json!({
        "identifier": API, "name": "Example", "token_lifetime": 86400, "scopes": [{ "value": "read" }],
    }));
    tenant.put_client(json!({
        "client_id": "acme", "name": "Acme", "app_type": "non_interactive", "grant_types": ["client_credentials"],
        "client_metadata": { "expires_at": "2026-03-01T12:00:00Z" },
    }));
    tenant.grant("acme", API, &["read"]);
    tenant.bind_action("Add claims", "exports.onExecuteCredentialsExchange = async () => {};");
    tenant.bind_action("Count tokens", "exports.onExecuteCredentialsExchange = async () => {};");
    let (id, secret) = tenant.credentials();
    let person = person(auth0(tenant.base(), DOMAIN, id), &[secret]);
    (tenant, person)
}

fn hour() -> Duration {
    Duration::from_seconds(3600).unwrap()
}

fn want(person: &Person_, strategy: Strategy) {
    let enforcement = Enforcement { strategy, ..Enforcement::default() };
    person.workspace().want_action(&WantedAction::Install(enforcement)).unwrap();
}

/// A tenant in which the Action is installed.
fn installed(strategy: Strategy) -> (Auth0, Person_) {
    let (tenant, mut person) = tenant();
    want(&person, strategy);
    person.pull();
    person.apply_all();
    person.events.clear();
    (tenant, person)
}

fn acts(person: &Person_) -> Vec<Act> {
    person.plan().action.map(|step| step.acts).unwrap_or_default()
}

fn bound(tenant: &Auth0) -> Vec<String> {
    let bindings = tenant.bindings("credentials-exchange");
    bindings.iter().map(|binding| binding["display_name"].as_str().unwrap().to_owned()).collect()
}

fn own(tenant: &Auth0) -> serde_json::Value {
    let found: Vec<_> =
        tenant.actions().into_iter().filter(|action| action["name"] == AUTH0_ACTION).collect();
    assert!(found.len() < 2, "made {} times", found.len());
    found.into_iter().next().unwrap_or_default()
}

fn runs(tenant: &Auth0) -> bool {
    let own = own(tenant);
    own["all_changes_deployed"] == true
        && own["deployed_version"]["code"] == own["code"]
        && bound(tenant) == ["Add claims", "Count tokens", AUTH0_ACTION]
}

#[test]
fn the_action_is_installed_by_a_plan_after_what_is_bound_already() {
    let (tenant, mut person) = tenant();
    person.pull();
    assert!(person.plan().is_empty());
    want(&person, Strategy::DenyAtEnd);
    assert!(person.plan().action.unwrap().unread, "nothing was read of it yet");
    person.pull();
    let step = person.plan().action.unwrap();
    assert_eq!(step.acts, [Act::Create, Act::Deploy, Act::Bind]);
    assert_eq!(step.bindings, ["Add claims", "Count tokens", AUTH0_ACTION]);
    assert!(!step.unread);
    assert!(step.warning().is_none());
    assert!(tenant.writes().is_empty(), "staging and planning send nothing");
    person.apply_all();
    assert_eq!(person.events, [("action".to_owned(), Outcome::Done)]);
    assert!(runs(&tenant), "{:?} {:?}", bound(&tenant), own(&tenant));
    assert_eq!(own(&tenant)["code"], step.code.unwrap());
    assert_eq!(own(&tenant)["runtime"], "node22");
    assert!(person.plan().is_empty(), "it is as it is wanted");
    person.pull();
    assert!(person.plan().is_empty(), "and a pull finds it so");
}

#[test]
fn an_action_that_knows_lifetimes_follows_them_in_the_same_apply() {
    let (tenant, mut person) = installed(Strategy::DenyOutliving);
    assert!(own(&tenant)["code"].as_str().unwrap().contains("86400"));
    let short = operation::shortened(&person.mine(), hour());
    person.stage("shorten", short);
    assert_eq!(acts(&person), [Act::Change, Act::Deploy]);
    person.apply_all();
    assert!(own(&tenant)["code"].as_str().unwrap().contains("3600"));
    assert!(runs(&tenant));
    assert_eq!(tenant.resource_server(API).unwrap()["token_lifetime"], 3600);
    assert!(person.plan().is_empty());
}

#[test]
fn it_waits_where_the_lifetimes_that_it_knows_were_not_applied() {
    let (tenant, mut person) = installed(Strategy::DenyOutliving);
    person.stage("shorten", operation::shortened(&person.mine(), hour()));
    tenant.fault_at(Call::Update, "/resource-servers", Fault::Status(403), Times::always());
    let applied = person.apply();
    assert_eq!((applied.done, applied.failed), (0, 2), "{:?}", person.events);
    assert!(person.events[1].1.detail().contains("lifetimes of the APIs"), "{:?}", person.events);
    assert!(own(&tenant)["code"].as_str().unwrap().contains("86400"), "it still says what the tenant does");
    tenant.no_faults();
    person.apply_all();
    assert!(person.plan().is_empty());
}

#[test]
fn one_that_somebody_unbound_is_bound_again_and_what_they_bound_since_stays() {
    let (tenant, mut person) = installed(Strategy::DenyAtEnd);
    tenant.unbind(AUTH0_ACTION);
    person.pull();
    assert_eq!(acts(&person), [Act::Bind]);
    // Between the plan and the apply somebody binds one more: the list is read again before it is replaced.
    let plan = person.plan();
    tenant.bind_action("Block robots", "exports.onExecuteCredentialsExchange = async () => {};");
    person.try_apply(&plan).unwrap();
    assert_eq!(bound(&tenant), ["Add claims", "Count tokens", "Block robots", AUTH0_ACTION]);
    assert!(person.plan().is_empty());
}

#[test]
fn code_that_somebody_edited_by_hand_is_shown_before_it_is_replaced() {
    let (tenant, mut person) = installed(Strategy::DenyAtEnd);
    want(&person, Strategy::DenyOutliving);
    let plan = person.plan();
    tenant.edit_action(AUTH0_ACTION, "// mended at night");
    let applied = person.try_apply(&plan).unwrap();
    assert_eq!(applied.failed, 1);
    assert!(person.events[0].1.detail().contains("changed there"), "{:?}", person.events);
    assert_eq!(own(&tenant)["code"], "// mended at night", "nothing was written");
    // Now it was seen: the same plan, made anew, replaces it.
    person.apply_all();
    assert!(runs(&tenant));
}

#[test]
fn it_is_unbound_by_a_plan_and_the_others_stay() {
    let (tenant, mut person) = installed(Strategy::DenyAtEnd);
    person.workspace().want_action(&WantedAction::Unbind).unwrap();
    let step = person.plan().action.unwrap();
    assert_eq!((step.acts.as_slice(), step.bindings.len()), (&[Act::Unbind][..], 2));
    person.apply_all();
    assert_eq!(bound(&tenant), ["Add claims", "Count tokens"]);
    assert_eq!(own(&tenant)["name"], AUTH0_ACTION, "it stays in the library");
    assert!(person.plan().is_empty());
    assert!(person.workspace().wanted_action().unwrap().is_none(), "and is left alone from now on");
}

#[test]
fn what_is_staged_of_it_is_taken_back() {
    let (_tenant, mut person) = tenant();
    person.pull();
    want(&person, Strategy::DenyAtEnd);
    person.workspace().discard_action().unwrap();
    assert!(person.plan().is_empty());
    // Of one that is installed, another way is taken back to the one that runs.
    want(&person, Strategy::DenyAtEnd);
    person.apply_all();
    want(&person, Strategy::DenyOutliving);
    assert!(!person.plan().is_empty());
    person.workspace().discard_action().unwrap();
    assert!(person.plan().is_empty());
}

#[test]
fn a_plan_warns_of_applications_whose_dates_the_action_cannot_read() {
    let (tenant, person) = tenant();
    for (id, end) in [
        ("blank", "2026-03-01 12:00:00Z"),
        ("count", "1772366400"),
        ("millis", "1772366400000"),
        ("typed", "2026-03-01T12:00+0100"),
        ("wrong", "next spring"),
    ] {
        tenant.put_client(json!({
            "client_id": id, "name": id, "app_type": "non_interactive", "grant_types": ["client_credentials"],
            "client_metadata": { "expires_at": end },
        }));
    }
    person.pull();
    let denied = |form| {
        let enforcement = Enforcement { form, ..Enforcement::default() };
        person.workspace().want_action(&WantedAction::Install(enforcement)).unwrap();
        person.plan().action.unwrap().denied
    };
    assert_eq!(denied(TimeForm::Rfc3339), ["count", "millis", "typed", "wrong"]);
    assert_eq!(denied(TimeForm::Seconds), ["acme", "blank", "millis", "typed", "wrong"]);
    assert_eq!(denied(TimeForm::Milliseconds), ["acme", "blank", "count", "typed", "wrong"]);
    assert!(person.plan().action.unwrap().warning().unwrap().contains("it would deny acme, blank"));
}

#[test]
fn a_tenant_that_builds_slowly_is_waited_for_and_one_that_cannot_says_so() {
    let (tenant, mut person) = tenant();
    tenant.build_slowly(3);
    person.pull();
    want(&person, Strategy::DenyAtEnd);
    person.apply_all();
    assert!(runs(&tenant));
    tenant.fail_to_build(AUTH0_ACTION);
    person.pull();
    let applied = person.apply();
    assert_eq!(applied.failed, 1);
    assert!(person.events.last().unwrap().1.detail().contains("could not build"), "{:?}", person.events);
}

#[test]
fn a_stop_while_it_is_built_leaves_the_rest_staged() {
    let (tenant, mut person) = tenant();
    tenant.build_slowly(1_000);
    person.pull();
    want(&person, Strategy::DenyAtEnd);
    let stop = person.stop.clone();
    std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        stop.stop();
    });
    let applied = person.apply();
    assert!(applied.stopped, "{applied:?}");
    person.stop = tenure::remote::Stop::default();
    assert_eq!(acts(&person), [Act::Deploy, Act::Bind], "it was made, and is neither running nor bound");
    assert_eq!(bound(&tenant), ["Add claims", "Count tokens"]);
}

#[test]
fn credentials_that_may_not_read_actions_pull_all_the_same_and_say_what_is_missing() {
    let (tenant, mut person) = tenant();
    want(&person, Strategy::DenyAtEnd);
    tenant.set_permissions(&["read:clients", "read:resource_servers", "read:client_grants"]);
    let pulled = person.pull();
    let note = pulled.mapped.notes.iter().find(|note| note.contains("the Action was not read"));
    assert!(note.is_some_and(|note| note.contains("read:actions")), "{:?}", pulled.mapped.notes);
    let applied = person.apply();
    assert_eq!(applied.failed, 1);
    let Outcome::Failed(error) = &person.events[0].1 else { panic!("{:?}", person.events) };
    assert_eq!(error.name(), "not_permitted");
}

#[test]
fn a_read_only_connection_installs_nothing() {
    let (tenant, mut person) = tenant();
    person.connection.access = Access::ReadOnly;
    person.keep();
    person.pull();
    want(&person, Strategy::DenyAtEnd);
    let plan = person.plan();
    assert_eq!(person.try_apply(&plan).unwrap_err().name(), "read_only");
    assert!(tenant.writes().is_empty());
}

#[test]
fn a_plan_of_another_way_is_refused() {
    let (_tenant, mut person) = tenant();
    person.pull();
    want(&person, Strategy::DenyAtEnd);
    let plan = person.plan();
    want(&person, Strategy::DenyOutliving);
    assert!(person.try_apply(&plan).unwrap_err().to_string().contains("older state"));
}

#[test]
fn a_service_of_authlete_has_no_actions() {
    let service = Authlete::start(Version::V3);
    let base = service.base().to_owned();
    let vendor = Vendor::Authlete3 { base, service_id: SERVICE.into(), attributes: AttributeKeys::default() };
    let person = person(vendor, &[SERVICE_TOKEN]);
    person.pull();
    let refused = person.workspace().want_action(&WantedAction::Unbind).unwrap_err();
    assert!(refused.to_string().contains("only Auth0 has Actions"), "{refused}");
}

#[test]
fn every_fault_of_an_installation_ends_in_a_named_state_and_the_same_plan_then_reaches_its_end() {
    let calls = [
        (Call::List, "/actions/actions"),
        (Call::List, "/bindings"),
        (Call::Create, "/actions/actions"),
        (Call::Update, "/deploy"),
        (Call::Update, "/bindings"),
    ];
    for (call, path) in calls {
        let cases: Vec<_> =
            Fault::all().into_iter().flat_map(|fault| [(fault.clone(), false), (fault, true)]).collect();
        all(cases, |(fault, always)| {
            let case = format!("{call:?} {path} {fault:?} {}", if always { "always" } else { "once" });
            let (tenant, mut person) = tenant();
            person.pull();
            want(&person, Strategy::DenyAtEnd);
            let times = if always { Times::always() } else { Times::once() };
            tenant.fault_at(call, path, fault.clone(), times);
            let started = Clock::now();
            let state = state(&mut person);
            assert!(started.elapsed() < DEADLINE, "{case} took {:?}", started.elapsed());
            let expected = expected(call, &fault, always);
            // A list that never shows what was made looks as if somebody else had taken the name.
            let stale = fault == Fault::RepeatedPage && ["taken", "unknown_outcome"].contains(&state);
            assert!(
                stale || expected.contains(&state),
                "{case}: {state}, expected {expected:?}: {:?}",
                person.events
            );
            tenant.no_faults();
            if state != "done" {
                person.apply_all();
            }
            assert!(runs(&tenant), "{case}: {state}: {:?} {:?}", bound(&tenant), person.events);
            assert!(person.plan().is_empty(), "{case}");
        });
    }
}
