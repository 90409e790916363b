//! Findings: every problem at once, with path, code and sentence; and what differs between registries.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use proptest::prelude::*;
use tenure::edit::{describe, diff, import_changes, renamed};
use tenure::registry::file::read;
use tenure::registry::generate::generate;
use tenure::registry::sample::sample;
use tenure::registry::validate::{Severity, validate};
use tenure::registry::{Application, Instant, Registry};

fn now() -> Instant {
    Instant::saturating(1_790_000_123)
}

fn no_cel(_: &str) -> Option<String> {
    None
}

fn no_filter(_: &str) -> Option<String> {
    None
}

fn registry(service: &str, members: &str) -> Registry {
    let service = format!("{{\"name\":\"S\",\"issuer\":\"https://i.example\"{service}}}");
    read(&format!("{{\"schema\":1,\"service\":{service}{members}}}"), "r.json").unwrap()
}

/// Each registry that makes no sense, and the one finding it has.
#[test]
fn what_makes_no_sense_is_found_where_it_stands() {
    const API: &str = r#","apis":[{"audience":"a","scopes":[{"name":"r"}]}]"#;
    let scope = |name: &str| {
        let name = serde_json::to_string(name).unwrap();
        (String::new(), format!(r#","apis":[{{"audience":"a","scopes":[{{"name":{name}}}]}}]"#))
    };
    let app = |members: &str| {
        (String::new(), format!(r#"{API},"applications":[{{"client_id":"acme",{members}}}]"#))
    };
    let service = |members: &str, rest: &str| (members.to_owned(), rest.to_owned());
    let name = "apis[a].scopes[0].name";
    let cases = [
        (app(r#""grants":[{"audience":"gone"}]"#), "applications[acme].grants[0].audience", "unknown_api"),
        (
            app(r#""grants":[{"audience":"a","scopes":["gone","r"]}]"#),
            "applications[acme].grants[0].scopes[0]",
            "unknown_scope",
        ),
        (
            app(r#""not_before":"2026-01-02T00:00:00Z","expires_at":"2026-01-01T00:00:00Z""#),
            "applications[acme].expires_at",
            "empty_window",
        ),
        (
            app(r#""not_before":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T00:00:00Z""#),
            "applications[acme].expires_at",
            "empty_window",
        ),
        (app(r#""customer":"\u202eevil""#), "applications[acme].customer", "invisible_character"),
        (app(r#""name":"a\u0000b""#), "applications[acme].name", "invisible_character"),
        (scope("read all"), name, "scope_name"),
        (scope("read\"all"), name, "scope_name"),
        (scope("read\\all"), name, "scope_name"),
        (scope("größe"), name, "scope_name"),
        (scope(""), name, "scope_name"),
        (service("", r#","apis":[{"audience":""}]"#), "apis[].audience", "empty_id"),
        (service("", r#","applications":[{"client_id":" "}]"#), "applications[ ].client_id", "empty_id"),
        (
            service("", r#","guardrails":[{"name":"g","when":"nonsense","then":{"cap":9}}]"#),
            "guardrails[g].when",
            "cel",
        ),
        (
            service(
                r#","issuer_profile":"auth0""#,
                r#","apis":[{"audience":"a","access_token_duration":2592001}]"#,
            ),
            "apis[a].access_token_duration",
            "auth0_too_long",
        ),
        (
            service(r#","min_lifetime":60"#, r#","apis":[{"audience":"a","access_token_duration":59}]"#),
            "apis[a].access_token_duration",
            "below_min_lifetime",
        ),
        (service(r#","min_lifetime":90000"#, ""), "service.access_token_duration", "below_min_lifetime"),
        (service("", r#","views":[{"name":"v","filter":"nonsense"}]"#), "views[v].filter", "filter"),
        (service("", r#","views":[{"name":""}]"#), "views[].name", "empty_id"),
        (
            service("", r#","templates":[{"name":"t","grants":[{"audience":"gone"}]}]"#),
            "templates[t].grants[0].audience",
            "unknown_api",
        ),
        (
            service(r#","min_lifetime":60"#, r#","templates":[{"name":"t","access_token_duration":59}]"#),
            "templates[t].access_token_duration",
            "below_min_lifetime",
        ),
    ];
    for ((service, members), path, code) in cases {
        let registry = registry(&service, &members);
        let reader = |text: &str| (text == "nonsense").then(|| "it is nonsense".to_owned());
        let findings = validate(&registry, &reader, &reader);
        let got: Vec<_> = findings.iter().map(|f| (f.path.as_str(), f.code)).collect();
        assert_eq!(got, [(path, code)], "{members}");
        let warning = matches!(code, "invisible_character" | "below_min_lifetime");
        assert_eq!(findings[0].severity == Severity::Warning, warning, "{code}");
    }
}

#[test]
fn an_issuer_is_an_https_url() {
    for (issuer, fine) in [
        ("https://i.example", true),
        ("https://i.example/tenant/1", true),
        ("https://i.example:8443/", true),
        ("http://i.example", false),
        ("i.example", false),
        ("https://", false),
        ("https:///path", false),
        ("https://i.example?x", false),
        ("https://i.example#x", false),
        ("https://i example", false),
        ("", false),
    ] {
        let service = tenure::registry::Service {
            name: "S".into(),
            issuer: issuer.into(),
            ..tenure::registry::Service::default()
        };
        let findings = validate(&Registry::new(service, vec![], vec![], vec![]), &no_cel, &no_filter);
        assert_eq!(findings.is_empty(), fine, "`{issuer}`: {findings:?}");
    }
}

#[test]
fn every_problem_is_found_at_once_and_ordinary_names_are_none() {
    let long = "x".repeat(10_000);
    let registry = registry(
        "",
        &format!(
            r#","applications":[{{"client_id":"a","customer":"Größe 💡 {long}"}},
                {{"client_id":"b","grants":[{{"audience":"x"}},{{"audience":"y"}}]}},
                {{"client_id":"c","grants":[{{"audience":"x"}}]}}]"#
        ),
    );
    assert_eq!(validate(&registry, &no_cel, &no_filter).len(), 3);
}

#[test]
fn the_sample_and_the_generated_are_sound_and_alive() {
    let sample = sample(now());
    assert_eq!(validate(&sample, &no_cel, &no_filter), []);
    assert_eq!(sample.apis().len(), 3);
    assert!((44..=48).contains(&sample.applications().len()), "{}", sample.applications().len());
    let count =
        |which: &dyn Fn(&Application) -> bool| sample.applications().iter().filter(|a| which(a)).count();
    let left = |a: &Application| a.expires_at.map(|end| end.since(now()));
    assert!(count(&|a| left(a).is_some_and(|l| l <= 0)) >= 5, "ended");
    assert!(count(&|a| left(a).is_some_and(|l| (1..7 * 86_400).contains(&l))) >= 5, "ending");
    assert!(count(&|a| a.expires_at.is_none()) >= 5, "never ending");
    assert!(count(&|a| a.not_before.is_some_and(|start| start > now())) >= 2, "scheduled");
    assert!(count(&|a| a.status != tenure::registry::ApplicationStatus::Active) >= 2, "suspended");
    for id in ["client", "capped", "trial", "acme-trial", "tyrell-replay"] {
        assert!(sample.application(id).is_some(), "{id}");
    }
    assert!(count(&|a| a.expires_at.is_some_and(|end| end.seconds() % 3600 != 0)) == 0, "whole hours");

    let large = generate(2000, 7, now());
    assert_eq!(validate(&large, &no_cel, &no_filter), []);
    assert_eq!(large.applications().len(), 2000);
    assert_eq!(large, generate(2000, 7, now()));
    assert_ne!(large, generate(2000, 8, now()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_difference_makes_one_registry_of_the_other(a in support::registry(), b in support::registry()) {
        let mut made = a.clone();
        for change in diff(&a, &b) {
            change.apply(&mut made).unwrap();
            prop_assert!(!describe(&change).is_empty() || change.before().is_none() || change.after().is_none());
        }
        prop_assert_eq!(&made, &b);
        prop_assert_eq!(diff(&b, &b), vec![]);
        // A merge removes nothing.
        let mut merged = a.clone();
        for change in import_changes(&a, &b, true) {
            change.apply(&mut merged).unwrap();
        }
        for app in a.applications() {
            prop_assert!(merged.application(&app.client_id).is_some());
        }
        for app in b.applications() {
            prop_assert_eq!(merged.application(&app.client_id), Some(app));
        }
    }
}

#[test]
fn a_change_is_described_field_by_field() {
    let before = registry(
        "",
        r#","apis":[{"audience":"https://a","scopes":[{"name":"write","access_token_duration":600}]}],
            "applications":[{"client_id":"acme","customer":"Acme","grants":[{"audience":"https://a","scopes":["r"]}]}]"#,
    );
    let after = registry(
        r#","access_token_duration":3600"#,
        r#","apis":[{"audience":"https://a","scopes":[{"name":"write","access_token_duration":5400}]}],
            "applications":[{"client_id":"acme","customer":"Acme","status":"suspended",
                "expires_at":"2026-01-01T00:00:00Z","grants":[{"audience":"https://a","scopes":["r","w"]}]}]"#,
    );
    let fields: Vec<_> = diff(&before, &after)
        .iter()
        .flat_map(describe)
        .map(|f| format!("{}|{}|{:?}|{:?}", f.title, f.field, f.before, f.after))
        .collect();
    assert_eq!(
        fields,
        [
            r#"S|access_token_duration|Some("24 h")|Some("1 h")"#,
            r#"https://a|scopes[write].access_token_duration|Some("10 min")|Some("1 h 30 min")"#,
            r#"Acme|expires_at|None|Some("2026-01-01T00:00:00Z")"#,
            r#"Acme|grants[https://a].scopes|Some("r")|Some("r, w")"#,
            r#"Acme|status|Some("active")|Some("suspended")"#,
        ]
    );
}

#[test]
fn an_application_with_another_client_id_is_recognised_by_its_external_id() {
    let apps = |list: &str| registry("", &format!(",\"applications\":[{list}]"));
    let from = apps(
        r#"{"client_id":"dev1","external_id":"x"},{"client_id":"same","external_id":"s"},
           {"client_id":"t1","external_id":"twice"},{"client_id":"t2","external_id":"twice"}"#,
    );
    let to = apps(
        r#"{"client_id":"prod1","external_id":"x"},{"client_id":"same","external_id":"s"},
           {"client_id":"t3","external_id":"twice"}"#,
    );
    let pairs = renamed(&from, &to);
    assert_eq!(pairs.len(), 1);
    assert_eq!((pairs[0].from.client_id.as_str(), pairs[0].to.client_id.as_str()), ("dev1", "prod1"));
    assert_eq!(diff(&from, &to).len(), 5);
}
