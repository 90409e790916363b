//! Fleet rows tell what each application gets, what the issuer gives, and how long old tokens still live.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::sync::Arc;
use support::cases::{at, registry_of};
use tenure::edit::{Change, Draft, Entry};
use tenure::policy::{
    OverrunUpTo, Policy, Request, RowOutcome, Status, Style, Timeline, explain, fleet, matrix,
};
use tenure::registry::{Application, ApplicationStatus, Instant, ProfileName, Registry};

fn registry() -> Registry {
    registry_of(
        &serde_json::json!({
            "service": {"name": "Example", "issuer": "https://id.example"},
            "apis": [{"audience": "api", "access_token_duration": 3600, "scopes": [{"name": "read"}]}],
            "applications": [
                {"client_id": "acme", "customer": "Acme", "expires_at": "2026-03-01T00:00:00Z",
                 "grants": [{"audience": "api", "scopes": ["read"]}, {"audience": "gone"}]},
                {"client_id": "off", "status": "suspended", "grants": [{"audience": "api"}]}],
            "guardrails": [],
        })
        .to_string(),
    )
}

fn up_to(profile: ProfileName) -> Option<OverrunUpTo> {
    let policy = Policy::new(Arc::new(registry()));
    let timeline = Timeline::new(policy.registry().clone(), &[], Instant::MIN);
    fleet(&policy, profile, at("2026-02-28T23:30:00Z"), 7, &timeline)[0].overrun_up_to
}

#[test]
fn every_application_and_granted_api_has_a_row() {
    let policy = Policy::new(Arc::new(registry()));
    let timeline = Timeline::new(policy.registry().clone(), &[], Instant::MIN);
    let rows = fleet(&policy, ProfileName::Auth0, at("2026-02-28T23:30:00Z"), 7, &timeline);
    let keys: Vec<_> = rows.iter().map(|row| (row.client_id, row.audience)).collect();
    assert_eq!(keys, [("acme", "api"), ("acme", "gone"), ("off", "api")]);
    assert_eq!(rows[0].outcome.lifetime(), Some(1800));
    assert_eq!((rows[0].status, rows[0].overrun), (Status::Ending, Some(1800)));
    assert_eq!(rows[0].tokens_until, Some(at("2026-03-01T00:30:00Z")));
    assert_eq!(rows[1].outcome, RowOutcome::Denied(tenure::policy::Reason::UnknownApi));
    assert_eq!((rows[1].overrun, rows[1].tokens_until), (None, None));
    assert_eq!((rows[2].status, rows[2].overrun_up_to), (Status::Suspended, None));
}

#[test]
fn how_far_tokens_can_outlive_depends_on_the_issuer() {
    assert_eq!(up_to(ProfileName::Tenure), Some(OverrunUpTo::Seconds(0)));
    assert_eq!(up_to(ProfileName::Auth0ActionStrict), Some(OverrunUpTo::Seconds(0)));
    assert_eq!(up_to(ProfileName::Auth0Action), Some(OverrunUpTo::Seconds(3600)));
    assert_eq!(up_to(ProfileName::Hydra), Some(OverrunUpTo::Unbounded));
}

#[test]
fn tokens_of_earlier_settings_still_live() {
    let registry = Arc::new(registry());
    let today = registry.application("off").unwrap().clone();
    let active = Application { status: ApplicationStatus::Active, ..(*today).clone() };
    let change = Change::application(&Arc::new(active), (*today).clone()).unwrap();
    let entry = Entry {
        seq: 1,
        at: at("2026-02-01T12:00:00Z"),
        who: "kim".into(),
        draft: Draft::edit("Suspend", "", vec![change]),
    };
    let timeline = Timeline::new(registry, &[entry], at("2026-01-01T00:00:00Z"));
    let until = |now: &str| timeline.tokens_until(ProfileName::Auth0, "off", "api", at(now)).unwrap();
    assert_eq!(until("2026-01-15T00:00:00Z"), at("2026-01-15T01:00:00Z"));
    // The last token before it was suspended.
    assert_eq!(until("2026-02-20T00:00:00Z"), at("2026-02-01T12:59:59Z"));
    // Before history begins today's settings count, as if it were active.
    assert_eq!(until("2025-06-01T00:00:00Z"), at("2025-06-01T01:00:00Z"));
}

#[test]
fn an_explanation_names_every_limit_and_the_overrun() {
    let policy = Policy::new(Arc::new(registry()));
    let request = Request {
        client_id: "acme".into(),
        audience: "api".into(),
        scopes: vec!["read".into()],
        at: at("2026-02-28T23:30:00Z"),
        requested_lifetime: None,
    };
    let text = explain(&policy, &request, ProfileName::Auth0, Style::Plain, &|i| i.to_string());
    for part in [
        "Granted for 30 min, limited by expiry",
        "acme",
        "Trial end acme: 30 min (binds)",
        "(overridden)",
        "Auth0: issues 1 h until 2026-03-01T00:30:00Z, 30 min past the application's end",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn more_than_twelve_scopes_are_grouped_and_every_combination_is_counted() {
    let scopes: Vec<_> = (0..14)
        .map(|i| serde_json::json!({"name": format!("s{i:02}"), "access_token_duration": 60 * (i + 1)}))
        .collect();
    let names: Vec<String> = (0..14).map(|i| format!("s{i:02}")).collect();
    let policy = Policy::new(Arc::new(registry_of(
        &serde_json::json!({
            "service": {"name": "Example", "issuer": "https://id.example"},
            "apis": [{"audience": "api", "scopes": scopes}],
            "applications": [{"client_id": "acme", "grants": [{"audience": "api", "scopes": names}]}],
            "guardrails": [],
        })
        .to_string(),
    )));
    let registry = policy.registry();
    let api = registry.api("api").map(AsRef::as_ref);
    let all =
        matrix(&policy, registry.application("acme").unwrap(), ("api", api), at("2026-01-01T00:00:00Z"));
    assert!(all.combinations.is_empty(), "too many to list");
    assert_eq!(all.groups.iter().map(|group| group.count).sum::<u128>(), 1 << 14);
    let of = |seconds| all.groups.iter().find(|g| g.outcome.lifetime() == Some(seconds)).unwrap().count;
    assert_eq!((of(60), of(120), of(14 * 60)), (1 << 13, 1 << 12, 1), "the shortest scope binds");
}

#[test]
fn an_explanation_in_markdown_is_a_table_that_no_name_breaks() {
    let mut registry = registry();
    let acme = registry.application("acme").unwrap().clone();
    let renamed = Application { client_id: "a|b*c".into(), ..(*acme).clone() };
    Change::add(tenure::edit::Entity::Application(renamed.into())).apply(&mut registry).unwrap();
    let policy = Policy::new(Arc::new(registry));
    let request = Request {
        client_id: "a|b*c".into(),
        audience: "api".into(),
        scopes: vec!["read".into()],
        at: at("2026-02-28T23:30:00Z"),
        requested_lifetime: None,
    };
    let text = explain(&policy, &request, ProfileName::Auth0, Style::Markdown, &|i| i.to_string());
    assert!(text.contains("30 min"), "{text}");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    for row in &rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, rows[0].matches('|').count(), "{text}");
    }
}
