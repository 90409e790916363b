//! Exports in the programs that they are for: Auth0's Deploy CLI, Node as Auth0 runs Actions, npm `oidc-provider`, and readers of
//! YAML that others wrote.
//!
//! `tests/run` installs the peers into a folder of its own and names it in `TENURE_PEERS`; without it, or without their
//! runtime, the tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/peers.rs"]
mod peers;
mod support;

use peers::{peers, run};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use support::{HOSTILE, registry, with_hostile_names};
use tenure::export::{Asked, Enforcement, Form, Memory, Selection, TimeForm, write, write_into, write_to};
use tenure::policy::{IssuerDenial, Outcome, Policy, Reason, Request, Strategy as Enforce, decide, issue};
use tenure::registry::file::write as registry_file;
use tenure::registry::generate::generate;
use tenure::registry::sample::sample;
use tenure::registry::{
    Api, Application, ApplicationStatus, Duration, Grant, Instant, Registry, Scope, Service,
};

fn now() -> Instant {
    Instant::parse("2026-11-26T12:00:00Z").unwrap()
}

fn asked(registry: &Registry, enforcement: Enforcement) -> Asked {
    Asked { enforcement, ..Asked::today(Policy::new(Arc::new(registry.clone())), now()) }
}

fn text(form: Form, registry: &Registry) -> String {
    let asked = asked(registry, Enforcement::default());
    String::from_utf8(write(form, &asked, &Selection::All).unwrap()).unwrap()
}

/// Random values, the same on every run.
fn some<T>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

fn yaml_is_read_by(runtime: &str, package: &str, script: &str) {
    let Some(folder) = peers(runtime, package) else { return };
    let mut registries = vec![sample(now()), with_hostile_names(&generate(60, 7, now()))];
    registries.extend(some(registry(), 200));
    let texts: Vec<String> = registries.iter().map(|registry| text(Form::RegistryYaml, registry)).collect();
    let read = run(&folder, runtime, script, &[], &json!(texts));
    for (found, registry) in read.as_array().unwrap().iter().zip(&registries) {
        let expected: Value = serde_json::from_str(&registry_file(registry)).unwrap();
        assert_eq!(found, &expected);
    }
}

#[test]
fn the_yaml_is_the_json_to_npm_yaml() {
    yaml_is_read_by("node", "node_modules/yaml", "yaml.mjs");
}

#[test]
fn the_yaml_is_the_json_to_pyyaml() {
    yaml_is_read_by("python3", "python/yaml", "pyyaml_.py");
}

/// What the Deploy CLI has to make of a registry.
fn check_assets(assets: &Value, registry: &Registry) {
    let list = |name: &str| assets[name].as_array().unwrap().clone();
    let mut servers: Vec<String> =
        list("resourceServers").iter().map(|s| s["identifier"].as_str().unwrap().to_owned()).collect();
    servers.sort();
    assert_eq!(servers, registry.apis().iter().map(|api| api.audience.clone()).collect::<Vec<_>>());
    let names = tenure::export::auth0_client_names(registry);
    let clients: BTreeMap<String, Value> = list("clients")
        .into_iter()
        .map(|client| (client["name"].as_str().unwrap().to_owned(), client))
        .collect();
    assert_eq!(clients.len(), registry.applications().len(), "each client has a name of its own");
    for application in registry.applications() {
        let metadata = &clients[&names[application.client_id.as_str()]]["client_metadata"];
        let end = application.expires_at.map(|end| end.to_string());
        assert_eq!(metadata["expires_at"].as_str(), end.as_deref());
        if !application.customer.is_empty() {
            assert_eq!(metadata["customer"], json!(application.customer));
        }
    }
    for grant in list("clientGrants") {
        assert!(clients.contains_key(grant["client_id"].as_str().unwrap()), "{grant}");
        assert!(registry.api(grant["audience"].as_str().unwrap()).is_some(), "{grant}");
    }
    let active = |app: &&Arc<Application>| app.status == ApplicationStatus::Active;
    let grants: usize = registry.applications().iter().filter(active).map(|app| app.grants.len()).sum();
    assert_eq!(list("clientGrants").len(), grants);
    let action = &list("actions")[0];
    assert_eq!(action["code"], json!(text(Form::Auth0Action, registry)));
    assert_eq!(assets["triggers"]["credentials-exchange"][0]["action_name"], action["name"]);
}

#[test]
fn the_deploy_cli_loads_and_validates_both_forms_and_replaces_no_word_in_a_name() {
    let Some(folder) = peers("node", "node_modules/auth0-deploy-cli") else { return };
    let registry = with_hostile_names(&generate(80, 7, now()));
    let place = tempfile::tempdir().unwrap();
    let (yaml, directory) = (place.path().join("yaml"), place.path().join("folder"));
    for (form, path) in [(Form::Auth0Deploy, &yaml), (Form::Auth0DeployFolder, &directory)] {
        let asked = asked(&registry, Enforcement::default());
        write_to(form, &asked, &Selection::All, path, &mut |_, _| true).unwrap();
    }
    let paths = [yaml.to_str().unwrap(), directory.to_str().unwrap()];
    let assets = run(&folder, "node", "deploy_cli.cjs", &paths, &Value::Null);
    check_assets(&assets["yaml"], &registry);
    check_assets(&assets["folder"], &registry);
}

/// An application and an API around an instant, so that every branch is taken often.
#[derive(Debug, Clone)]
struct Case {
    registry: Registry,
    at: Instant,
    enforcement: Enforcement,
}

fn case() -> impl Strategy<Value = Case> {
    let lifetime = proptest::option::of(prop_oneof![Just(60_i64), Just(3600), Just(86_400), 1..200_000_i64]);
    let near =
        || prop_oneof![Just(-1_i64), Just(0), Just(1), Just(3600), Just(86_400), -200_000..200_000_i64];
    let window = (proptest::option::of(near()), proptest::option::of(near()), any::<bool>());
    let way = (0..2_usize, 0..3_usize, any::<bool>());
    let names = (0..HOSTILE.len(), 0..HOSTILE.len());
    (lifetime, window, any::<bool>(), 0..8_u8, names, way, 0..4_000_000_000_i64).prop_map(
        |(lifetime, (start, end, exact), suspended, grant, names, (strategy, form, keys), at)| {
            let at = Instant::saturating(at + 300_000);
            let audience = HOSTILE[names.0].to_owned();
            let duration = lifetime.map(|seconds| Duration::from_seconds(seconds).unwrap());
            let scope = Scope { name: "read".into(), ..Scope::default() };
            let api = Api {
                audience: audience.clone(),
                access_token_duration: duration,
                scopes: vec![scope],
                ..Api::default()
            };
            // A token that ends exactly with the trial, or a second after it.
            let end = end.map(|end| if exact { end.signum() + lifetime.unwrap_or(86_400) } else { end });
            let application = Application {
                client_id: "acme".into(),
                name: HOSTILE[names.1].into(),
                status: if suspended && grant < 2 {
                    ApplicationStatus::Suspended
                } else {
                    ApplicationStatus::Active
                },
                not_before: start.map(|seconds| at.plus(-seconds)),
                expires_at: end.map(|seconds| at.plus(seconds)),
                grants: if grant == 7 {
                    vec![]
                } else {
                    vec![Grant { audience, scopes: vec!["read".into()] }]
                },
                ..Application::default()
            };
            let mut enforcement = Enforcement {
                strategy: [Enforce::DenyAtEnd, Enforce::DenyOutliving][strategy],
                form: TimeForm::ALL[form],
                claim: Some("https://tenure.example/not_after".into()),
                ..Enforcement::default()
            };
            if keys {
                (enforcement.end_key, enforcement.start_key) = (HOSTILE[1].into(), "__proto__".into());
            }
            let registry = Registry::new(Service::default(), vec![api], vec![application], vec![]);
            Case { registry, at, enforcement }
        },
    )
}

/// What Auth0 gives the Action for a request of the application: nothing where it has no grant.
fn event(files: &BTreeMap<String, Vec<u8>>) -> Option<(String, Value)> {
    let read = |start: &str| {
        let (_, text) = files.iter().find(|(name, _)| name.starts_with(start))?;
        serde_json::from_slice::<Value>(text).ok()
    };
    let (client, grant) = (read("clients/")?, read("grants/")?);
    let code = files.iter().find(|(name, _)| name.ends_with("/code.js"))?.1;
    let event = json!({
        "client": { "client_id": "acme", "name": client["name"], "metadata": client["client_metadata"] },
        "resource_server": { "identifier": grant["audience"] },
        "transaction": { "requested_scopes": [] },
        "accessToken": { "scope": grant["scope"], "customClaims": {} },
        "secrets": {},
        "request": { "ip": "192.0.2.1" },
    });
    Some((String::from_utf8(code.clone()).unwrap(), event))
}

fn exported(case: &Case) -> BTreeMap<String, Vec<u8>> {
    let mut memory = Memory::default();
    let asked = asked(&case.registry, case.enforcement.clone());
    write_into(Form::Auth0DeployFolder, &asked, &Selection::All, &mut memory, &mut |_, _| true).unwrap();
    memory.files.into_iter().collect()
}

#[test]
fn the_action_denies_what_the_model_of_its_strategy_denies_in_ten_thousand_cases() {
    let Some(folder) = peers("node", "") else { return };
    let cases = some(case(), 10_000);
    let mut asked_of_it = Vec::new();
    let mut expected = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in &cases {
        let policy = Policy::new(Arc::new(case.registry.clone()));
        let application = &case.registry.applications()[0];
        let request = Request {
            client_id: application.client_id.clone(),
            audience: case.registry.apis()[0].audience.clone(),
            scopes: vec![],
            at: case.at,
            requested_lifetime: None,
        };
        let model =
            issue(case.enforcement.strategy.profile(), &policy, &request).map(|issued| issued.lifetime);
        let word = model.map_or_else(|denial| denial.as_str().to_owned(), |_| "granted".to_owned());
        *seen.entry(word).or_default() += 1;
        match event(&exported(case)) {
            // Auth0 itself denies who has no grant.
            None => assert!(
                application.status == ApplicationStatus::Suspended || application.grants.is_empty(),
                "{model:?}"
            ),
            Some((code, event)) => {
                asked_of_it.push(json!({ "code": code, "at": case.at, "event": event }));
                asked_of_it.last_mut().unwrap()["at"] = json!(case.at.seconds());
                expected.push((model, application.expires_at));
            }
        }
    }
    let answers = run(&folder, "node", "action.mjs", &[], &json!(asked_of_it));
    for ((answer, (model, end)), case) in answers.as_array().unwrap().iter().zip(&expected).zip(&asked_of_it)
    {
        let reason =
            answer["denied"].as_str().and_then(|reason| reason.split_once(':')).map(|(word, _)| word);
        assert_eq!(reason, model.as_ref().err().map(|denial| denial.as_str()), "{case}");
        let claim = answer["claims"]["https://tenure.example/not_after"].as_i64();
        let told = if model.is_ok() { end.map(Instant::seconds) } else { None };
        assert_eq!(claim, told, "{case}");
    }
    assert_eq!(answers.as_array().unwrap().len(), expected.len());
    for word in ["granted", "expired", "not_yet_active", "would_outlive", "suspended", "not_granted"] {
        assert!(seen.get(word).is_some_and(|count| *count > 200), "{word} is seldom: {seen:?}");
    }
    let suspended = IssuerDenial::Check(Reason::Suspended);
    assert_eq!(suspended.as_str(), "suspended");
}

#[test]
fn the_action_reads_dates_as_the_registry_does_and_denies_those_that_are_none() {
    let Some(folder) = peers("node", "") else { return };
    let texts = [
        "2026-01-10T12:00:00Z",
        "2026-01-10t12:00:00z",
        "2026-01-10T12:00:00.999Z",
        "2026-01-10T12:00:60Z",
        "2026-01-10T14:30:00+02:30",
        "2026-01-10T01:30:00-10:30",
        "2024-02-29T00:00:00Z",
        "2000-02-29T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9979-12-31T23:59:59Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-01-10T24:00:00Z",
        "2026-01-10T12:60:00Z",
        "2026-01-10T12:00:00",
        "2026-01-10",
        "10 January 2026",
        "tomorrow",
        "",
        " ",
        "0",
        "never",
    ];
    let registry = sample(now());
    let code = text(Form::Auth0Action, &registry);
    let case = |text: &str, at: i64| {
        json!({ "code": code, "at": at, "event": {
            "client": { "metadata": { "expires_at": text } },
            "resource_server": { "identifier": registry.apis()[0].audience },
        } })
    };
    let mut cases = Vec::new();
    for text in texts {
        let end = Instant::parse(text).map_or(0, Instant::seconds);
        cases.extend([case(text, end - 1), case(text, end)]);
    }
    let answers = run(&folder, "node", "action.mjs", &[], &json!(cases));
    for (place, text) in texts.into_iter().enumerate() {
        let word = |place: usize| answers[place]["denied"].as_str().and_then(|r| r.split(':').next());
        let found = (word(2 * place), word(2 * place + 1));
        match Instant::parse(text) {
            Ok(_) => assert_eq!(found, (None, Some("expired")), "{text}"),
            Err(_) => assert_eq!(found, (Some("malformed"), Some("malformed")), "{text}"),
        }
    }
}

/// Requests of every kind around the windows of these applications.
fn requests(registry: &Registry, count: usize) -> Vec<Request> {
    let place =
        (0..registry.applications().len(), any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let offset = prop_oneof![Just(-1_i64), Just(0), Just(1), -100_000..100_000_i64];
    let kind = (0..4_u8, 0..12_u8, any::<u8>());
    let request = (place, offset, kind).prop_map(|((app, api, scope), offset, (anchor, wrong, mask))| {
        let application = &registry.applications()[app];
        let at = match anchor {
            0 => application.expires_at.unwrap_or(now()).plus(offset),
            1 => application.not_before.unwrap_or(now()).plus(offset),
            2 => application.expires_at.unwrap_or(now()).plus(-offset.abs() / 20),
            _ => now().plus(offset),
        };
        let grant = application.grants.first().cloned().unwrap_or_default();
        let audience = if wrong == 0 {
            registry.apis()[api.index(registry.apis().len())].audience.clone()
        } else {
            grant.audience
        };
        let bit = |place: usize| mask & (1 << (place % 8)) != 0;
        let mut scopes: Vec<String> = grant
            .scopes
            .iter()
            .enumerate()
            .filter(|(place, _)| bit(*place))
            .map(|(_, scope)| scope.clone())
            .collect();
        if wrong == 1 {
            let all: Vec<&Scope> = registry.apis().iter().flat_map(|api| &api.scopes).collect();
            scopes.push(all[scope.index(all.len())].name.clone());
        }
        Request { client_id: application.client_id.clone(), audience, scopes, at, requested_lifetime: None }
    });
    some(request, count)
}

#[test]
fn oidc_provider_issues_the_lifetimes_of_the_policy_and_denies_what_it_denies() {
    let Some(folder) = peers("node", "node_modules/oidc-provider") else { return };
    for (number, from) in
        [generate(120, 5, now()), sample(now()), with_hostile_names(&generate(60, 7, now()))]
            .into_iter()
            .enumerate()
    {
        // The module carries no guardrails, and says so.
        let registry = Registry::new(
            (*from.service).clone(),
            from.apis().iter().map(|api| (**api).clone()).collect(),
            from.applications().iter().map(|app| (**app).clone()).collect(),
            vec![],
        );
        let module = folder.join(format!("tenure-policy-{}-{number}.mjs", std::process::id()));
        std::fs::write(&module, text(Form::OidcProvider, &registry)).unwrap();
        let requests = requests(&registry, 250);
        let input: Vec<Value> = requests
            .iter()
            .map(|r| json!({ "client_id": r.client_id, "audience": r.audience, "scopes": r.scopes, "at": r.at.seconds() }))
            .collect();
        let answers = run(&folder, "node", "policy_module.mjs", &[module.to_str().unwrap()], &json!(input));
        std::fs::remove_file(&module).unwrap();
        let policy = Policy::new(Arc::new(registry));
        let mut granted = 0;
        for (answer, request) in answers.as_array().unwrap().iter().zip(&requests) {
            let decision = decide(&policy, request);
            match &decision.outcome {
                Outcome::Granted(token) => {
                    granted += 1;
                    assert_eq!(answer["expires_in"], json!(token.lifetime), "{request:?}: {answer}");
                    let claims = &answer["claims"];
                    assert_eq!(claims["exp"], json!(token.expires_at.seconds()), "{request:?}: {answer}");
                    let scope = answer["scope"].as_str().unwrap_or_default();
                    assert_eq!(scope, decision.scopes.join(" "), "{request:?}: {answer}");
                }
                Outcome::Denied(denied) => {
                    assert_eq!(answer["error"], denied.reason.error().as_str(), "{request:?}: {answer}");
                }
            }
        }
        assert_eq!(answers.as_array().unwrap().len(), requests.len());
        assert!((80..230).contains(&granted), "{granted} were granted");
    }
}
