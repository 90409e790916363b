//! What an edit does to lifetimes is counted, by the policy and at the issuer, as the fleet's own rows say.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use support::cases::{at, registry_of};
use tenure::policy::{Affected, Direction, Policy, Timeline, fleet, impact};
use tenure::registry::{Instant, ProfileName};

fn policy(service: &str, write: i64, acme_end: &str) -> Policy {
    Policy::new(Arc::new(registry_of(
        &serde_json::json!({
            "service": {"name": "Example", "issuer": "https://id.example", "issuer_profile": service},
            "apis": [{"audience": "api", "access_token_duration": 86400,
                      "scopes": [{"name": "read"}, {"name": "write", "access_token_duration": write}]}],
            "applications": [
                {"client_id": "acme", "expires_at": acme_end, "grants": [{"audience": "api", "scopes": ["write"]}]},
                {"client_id": "globex", "grants": [{"audience": "api", "scopes": ["read"]}]},
                {"client_id": "hooli", "grants": [{"audience": "api", "scopes": ["read", "write"]}]}],
            "guardrails": [],
        })
        .to_string(),
    )))
}

const NOW: &str = "2026-01-10T00:00:00Z";
const LATER: &str = "2026-03-01T00:00:00Z";

#[test]
fn a_shorter_scope_touches_who_has_it_at_the_policy_and_nobody_at_auth0() {
    let impact = impact(&policy("auth0", 3600, LATER), &policy("auth0", 600, LATER), at(NOW));
    let who: Vec<&str> = impact.affected.iter().map(|a| a.client_id.as_str()).collect();
    assert_eq!(who, ["acme", "hooli"]);
    assert_eq!(impact.policy.of(Direction::Shorter), 2);
    assert_eq!(impact.policy.sentence().unwrap(), "2 get shorter tokens");
    assert_eq!(impact.issuer.all(), 0, "Auth0 knows no durations of scopes");
    assert_eq!(impact.in_full_effect_at(), at("2026-01-10T01:00:00Z"), "then the last old token has expired");
    assert_eq!(impact.policy.more_requests_a_day, 2 * (144 - 24));
}

#[test]
fn an_end_in_the_past_takes_access_away_and_an_extension_gives_it_back() {
    let (ended, going_on) =
        (policy("auth0-action", 600, "2026-01-09T00:00:00Z"), policy("auth0-action", 600, LATER));
    let loses = impact(&going_on, &ended, at(NOW));
    assert_eq!(loses.policy.sentence().unwrap(), "1 loses access");
    assert_eq!(loses.affected[0].policy.after, Err("expired"));
    assert_eq!(loses.issuer.of(Direction::NewlyDenied), 1, "the Action denies too");
    let gains = impact(&ended, &going_on, at(NOW));
    assert_eq!(gains.policy.sentence().unwrap(), "1 gains access");
    assert_eq!(impact(&going_on, &going_on, at(NOW)).policy.sentence(), None);
}

/// Every answer by the fleet's rows, which are written by themselves.
fn rows(policy: &Policy, at: Instant) -> BTreeMap<(String, String), Option<i64>> {
    let timeline = Timeline::new(policy.registry().clone(), &[], Instant::MIN);
    let rows = fleet(policy, ProfileName::Tenure, at, 7, &timeline);
    rows.iter().map(|r| ((r.client_id.to_owned(), r.audience.to_owned()), r.outcome.lifetime())).collect()
}

prop_compose! {
    /// A small vendor: two APIs, up to four applications with ends, grants and statuses of their own.
    fn vendor()(
        service in 1_i64..50, apis in prop::collection::vec(0_i64..50, 2),
        apps in prop::collection::vec((any::<bool>(), 1_i64..120, any::<bool>(), any::<bool>(), any::<bool>()), 4),
    ) -> Policy {
        let duration = |s: i64| if s == 0 { serde_json::json!({}) } else { serde_json::json!({"access_token_duration": s}) };
        let with = |mut object: serde_json::Value, more: serde_json::Value| {
            object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            object
        };
        let apis: Vec<_> = apis.iter().enumerate().map(|(i, s)| with(
            serde_json::json!({"audience": format!("api{i}"), "name": "API", "scopes": [{"name": "read", "access_token_duration": 40}]}),
            duration(*s),
        )).collect();
        let apps: Vec<_> = apps.iter().enumerate().filter(|(_, app)| app.0 || app.1 > 20).map(|(i, app)| {
            let grants: Vec<_> = [(app.2, "api0"), (app.3, "api1")].iter().filter(|g| g.0)
                .map(|g| serde_json::json!({"audience": g.1, "scopes": if app.4 { vec!["read"] } else { vec![] }})).collect();
            let status = if app.1 % 7 == 0 { "suspended" } else { "active" };
            serde_json::json!({"client_id": format!("app{i}"), "status": status, "grants": grants,
                               "expires_at": Instant::saturating(app.1).to_string()})
        }).collect();
        Policy::new(Arc::new(registry_of(&serde_json::json!({
            "service": {"name": "Example", "issuer": "https://id.example", "access_token_duration": service},
            "apis": apis, "applications": apps, "guardrails": [],
        }).to_string())))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_counts_what_two_fleets_say(a in vendor(), b in vendor(), t in 0_i64..130) {
        let at = Instant::saturating(t);
        let impact = impact(&a, &b, at);
        let (before, after) = (rows(&a, at), rows(&b, at));
        let mut expected = [0_usize; 4];
        for key in before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))) {
            let of = |rows: &BTreeMap<_, Option<i64>>| rows.get(key).copied().flatten();
            match (of(&before), of(&after)) {
                (Some(x), Some(y)) if y < x => expected[0] += 1,
                (Some(x), Some(y)) if y > x => expected[1] += 1,
                (Some(_), None) => expected[2] += 1,
                (None, Some(_)) => expected[3] += 1,
                _ => {}
            }
        }
        prop_assert_eq!(Direction::ALL.map(|d| impact.policy.of(d)), expected);
        let moves = |x: &Affected| x.policy.direction().or(x.issuer.direction()).is_some();
        prop_assert!(impact.affected.iter().all(moves), "nothing else is listed");
        prop_assert_eq!(impact.policy.all(), impact.issuer.all(), "the profile is the policy's own");
    }
}
