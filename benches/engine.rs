//! The engine's budgets: decisions, guardrails, matrix, fleet, opening and editing a registry of 100 000 applications.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use divan::{Bencher, black_box};
use std::sync::Arc;
use tenure::edit::{Draft, operation};
use tenure::policy::{Policy, Report, Request, Timeline, decide, fleet, impact, matrix};
use tenure::registry::{
    Api, Application, Duration, Grant, Guardrail, Instant, ProfileName, Registry, Scope, Service, Then,
    generate::generate,
};
use tenure::store::Store;

const AUDIENCE: &str = "https://api.example.com";

fn main() {
    divan::main();
}

fn now() -> Instant {
    Instant::parse("2026-11-23T09:00:00Z").unwrap()
}

fn rules(count: usize) -> Vec<Guardrail> {
    let expressions = [
        r#"app.tags.exists(t, t == "internal")"#,
        "lifetime > 172800",
        r#"api.audience.startsWith("urn:")"#,
        r#""root" in scopes"#,
    ];
    let rule = |i: usize| Guardrail {
        name: format!("rule {i:02}"),
        enabled: true,
        when: expressions[i % expressions.len()].to_owned(),
        then: Then::Cap(Duration::from_seconds(900).unwrap()),
    };
    (0..count).map(rule).collect()
}

/// One application with a grant of so many scopes, each with a duration of its own.
fn world(scopes: usize, guardrails: usize) -> (Policy, Request) {
    let names: Vec<String> = (0..scopes).map(|i| format!("scope-{i:02}")).collect();
    let scope = |(i, name): (usize, &String)| Scope {
        name: name.clone(),
        access_token_duration: Duration::from_seconds(600 + i as i64 * 60).ok(),
        ..Scope::default()
    };
    let api = Api {
        audience: AUDIENCE.to_owned(),
        access_token_duration: Some(Duration::DAY),
        scopes: names.iter().enumerate().map(scope).collect(),
        ..Api::default()
    };
    let application = Application {
        client_id: "acme".to_owned(),
        tags: vec!["trial".to_owned()],
        expires_at: Some(now().plus(864_000)),
        grants: vec![Grant { audience: AUDIENCE.to_owned(), scopes: names.clone() }],
        ..Application::default()
    };
    let registry = Registry::new(Service::default(), vec![api], vec![application], rules(guardrails));
    let request = Request {
        client_id: "acme".to_owned(),
        audience: AUDIENCE.to_owned(),
        scopes: names,
        at: now(),
        requested_lifetime: None,
    };
    (Policy::new(Arc::new(registry)), request)
}

fn large(guardrails: usize) -> Policy {
    let registry = generate(100_000, 1, now());
    let apis = registry.apis().iter().map(|api| Api::clone(api)).collect();
    let applications = registry.applications().iter().map(|a| Application::clone(a)).collect();
    Policy::new(Arc::new(Registry::new(
        Service::clone(&registry.service),
        apis,
        applications,
        rules(guardrails),
    )))
}

#[divan::bench]
fn decision_10_scopes(bencher: Bencher<'_, '_>) {
    let (policy, request) = world(10, 0);
    bencher.bench(|| decide(black_box(&policy), black_box(&request)).lifetime());
}

#[divan::bench]
fn decision_10_scopes_20_guardrails(bencher: Bencher<'_, '_>) {
    let (policy, request) = world(10, 20);
    bencher.bench(|| decide(black_box(&policy), black_box(&request)).lifetime());
}

#[divan::bench]
fn matrix_12_scopes(bencher: Bencher<'_, '_>) {
    let (policy, _) = world(12, 0);
    let registry = policy.registry();
    let (application, api) =
        (registry.application("acme").unwrap(), registry.api(AUDIENCE).map(AsRef::as_ref));
    bencher.bench(|| matrix(&policy, application, (AUDIENCE, api), now()).combinations.len());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn fleet_100_000(bencher: Bencher<'_, '_>) {
    let policy = large(0);
    let timeline = Timeline::new(policy.registry().clone(), &[], now());
    bencher.bench(|| fleet(&policy, ProfileName::Auth0Action, now(), 7, &timeline).len());
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn fleet_100_000_20_guardrails(bencher: Bencher<'_, '_>) {
    let policy = large(20);
    let timeline = Timeline::new(policy.registry().clone(), &[], now());
    bencher.bench(|| fleet(&policy, ProfileName::Auth0Action, now(), 7, &timeline).len());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn open_100_000(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.tenure");
    drop(Store::create(&path, &generate(100_000, 1, now()), now()).unwrap());
    bencher.bench(|| Store::open(&path).unwrap().load().unwrap().registry.applications().len());
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn edit_durable_in_100_000(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.tenure");
    let registry = generate(100_000, 1, now());
    let mut store = Store::create(&path, &registry, now()).unwrap();
    let mut applications = registry.applications().iter().filter(|a| a.expires_at.is_some());
    bencher.bench_local(|| {
        let change = operation::extend(applications.next().unwrap(), Duration::DAY, now()).unwrap();
        store.commit(&Draft::edit("Extend", "", vec![change]), now(), "bench").unwrap()
    });
}

/// One bulk edit of everybody, in one transaction with one entry of history.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn edit_all_100_000(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.tenure");
    let mut registry = generate(100_000, 1, now());
    let mut store = Store::create(&path, &registry, now()).unwrap();
    let mut round = 0;
    bencher.bench_local(|| {
        round += 1;
        let tag = [format!("round-{round}")];
        let changes: Vec<_> =
            registry.applications().iter().filter_map(|app| operation::tag(app, &tag, &[])).collect();
        changes.iter().for_each(|change| change.force(&mut registry));
        store.commit(&Draft::edit("Tag everybody", "", changes), now(), "bench").unwrap()
    });
}

/// What a shorter lifetime of one API does to everybody.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn impact_100_000(bencher: Bencher<'_, '_>) {
    let before = generate(100_000, 1, now());
    let mut after = before.clone();
    let api = before.apis()[0].clone();
    operation::set_api_duration(&api, Duration::from_seconds(60).ok()).unwrap().force(&mut after);
    let (before, after) = (Policy::new(Arc::new(before)), Policy::new(Arc::new(after)));
    bencher.bench_local(|| impact(&before, &after, now()).affected.len());
}

/// The overrun report of everybody at one instant.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn report_100_000(bencher: Bencher<'_, '_>) {
    let registry = Arc::new(generate(100_000, 1, now()));
    let policy = Policy::new(registry.clone());
    let timeline = Timeline::new(registry, &[], now());
    bencher.bench_local(|| Report::new(&policy, ProfileName::Auth0Action, now(), 7, &timeline).rows.len());
}
