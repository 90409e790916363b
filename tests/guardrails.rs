//! Guardrails fail closed: whatever is wrong with a rule denies, says why, and ends soon.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use support::cases::{at, policy_of, registry_of};
use tenure::policy::{Decision, Outcome, Policy, Reason, Request, check_guardrail, decide};

fn policy(when: &str) -> Policy {
    let registry = serde_json::json!({
        "service": {"name": "Example", "issuer": "https://id.example"},
        "apis": [{"audience": "api", "scopes": [{"name": "read", "access_token_duration": 600}, {"name": "write"}]}],
        "applications": [{"client_id": "acme", "tags": ["trial", "eu"], "metadata": {"plan": "gold"},
            "expires_at": "2026-03-01T00:00:00Z", "grants": [{"audience": "api", "scopes": ["write", "read"]}]}],
        "guardrails": [{"name": "rule", "when": when, "then": {"cap": 60}}],
    });
    policy_of(registry_of(&registry.to_string()))
}

fn request() -> Request {
    Request {
        client_id: "acme".into(),
        audience: "api".into(),
        scopes: vec!["write".into(), "read".into()],
        at: at("2026-02-01T00:00:00Z"),
        requested_lifetime: None,
    }
}

fn denial(decision: &Decision<'_>) -> String {
    match &decision.outcome {
        Outcome::Denied(denied) if denied.reason == Reason::Guardrail => denied.message.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_sees_every_field() {
    let request = request();
    for when in [
        "app.client_id == 'acme' && app.customer == '' && app.external_id == ''",
        "app.tags == ['eu', 'trial'] && app.metadata.plan == 'gold' && app.status == 'active'",
        "app.grants[0].audience == 'api' && app.grants[0].scopes == ['read', 'write']",
        "has(app.expires_at) && !has(app.not_before) && !has(app.access_token_duration)",
        "app.expires_at > now && now == timestamp('2026-02-01T00:00:00Z')",
        "api.audience == 'api' && api.scopes[0].access_token_duration == 600 && !has(api.access_token_duration)",
        "scopes == ['read', 'write'] && lifetime == 600",
        "api.scopes.exists(s, s.name in scopes && app.tags.exists(t, t == 'eu'))",
    ] {
        assert_eq!(decide(&policy(when), &request).lifetime(), Some(60), "{when}");
    }
}

#[test]
fn a_rule_that_is_wrong_denies_and_says_why() {
    let request = request();
    for (when, word) in [
        ("lifetime >", "line 1"),
        ("", "empty"),
        ("lifetime", "no bool"),
        ("'yes'", "no bool"),
        ("1 / 0 == 1", "zero"),
        ("1 % 0 == 1", ""),
        ("lifetime / (lifetime - lifetime) > 0", "zero"),
        ("9223372036854775807 + lifetime > 0", ""),
        ("-9223372036854775808 / -1 > 0", ""),
        ("nobody == 1", "`nobody` is not known"),
        ("app.tags.exists(t, t == 'x') && nobody == 1", "`nobody` is not known"),
        ("app.nothing == 1", ""),
        ("app.tags[99] == 'x'", ""),
        ("nofunction(1)", ""),
        ("app.tags.exists(a, app.tags.all(b, app.tags.exists(c, a == b && b == c)))", "two nested"),
        ("app.tags.map(a, app.tags.filter(b, app.tags.exists_one(c, c == b))).size() > 0", "two nested"),
        ("timestamp('never') > now", ""),
        ("app.client_id.matches('(')", ""),
    ] {
        let policy = policy(when);
        let decision = decide(&policy, &request);
        let message = denial(&decision);
        assert!(message.contains("guardrail `rule` fails") && message.contains(word), "{when}: {message}");
    }
}

#[test]
fn an_error_of_syntax_names_its_byte() {
    let place = check_guardrail("lifetime > 1 &&\n  é é").unwrap_err().place.unwrap();
    assert!((15..=22).contains(&place), "{place}");
}

#[test]
fn rules_that_would_exhaust_the_stack_or_the_clock_answer_all_the_same() {
    let request = request();
    let nested = |open: &str, close: &str, n: usize| format!("{}true{}", open.repeat(n), close.repeat(n));
    let long = format!("[{}]", vec!["1"; 200].join(","));
    for when in [
        nested("(", ")", 1_900),
        nested("(true && ", ")", 390),
        nested("(true || ", ")", 390),
        nested("!", "", 3_900),
        nested("[", "]", 1_900),
        nested("true ? (", ") : false", 180),
        vec!["1"; 1_900].join("+"),
        vec!["1"; 790].join(" in "),
        vec!["true"; 600].join("&&"),
        format!("app{}", ".a".repeat(1_900)),
        format!("app.tags{}", "[0]".repeat(1_200)),
        "x".repeat(1_000_000),
        // As much as just passes the checks of length and depth.
        nested("(", ")", 24),
        nested("!", "", 240),
        nested("-", "", 240),
        nested("true ? (", ") : false", 24),
        nested("[", "]", 24),
        vec!["1"; 240].join("+"),
        vec!["true"; 120].join("&&"),
        format!("app{}", ".a".repeat(240)),
        format!("{}{}", "(true && ".repeat(24), "!".repeat(190)),
        format!("{long}.exists(a, {long}.exists(b, a + b == 0))"),
        "\u{0}'\"".repeat(100),
    ] {
        let policy = policy(&when);
        let start = std::time::Instant::now();
        let decision = decide(&policy, &request);
        assert!(decision.lifetime().is_none_or(|lifetime| lifetime <= 600));
        assert!(start.elapsed().as_secs() < 5, "{}", &when[..40]);
    }
}
