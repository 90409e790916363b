//! One filter language: what each word means, where a wrong one is wrong, and that it reads what it writes.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use proptest::prelude::*;
use std::sync::Arc;
use support::cases::{at, registry_of};
use tenure::policy::{Filter, FilterContext, FilterField, Policy, Subject, Window, haystack};
use tenure::registry::{Instant, ProfileName, Registry};

fn registry() -> Registry {
    registry_of(
        &serde_json::json!({
            "service": {"name": "Example", "issuer": "https://id.example"},
            "apis": [
                {"audience": "https://api.example.com", "access_token_duration": 86400,
                 "scopes": [{"name": "read"}, {"name": "usage:write", "access_token_duration": 600}]},
                {"audience": "https://billing.example.com", "access_token_duration": 7200}],
            "applications": [
                {"client_id": "acme-trial", "customer": "Acme", "tags": ["trial", "eu"], "expires_at": "2026-01-13T00:00:00Z",
                 "grants": [{"audience": "https://api.example.com", "scopes": ["usage:write"]}]},
                {"client_id": "globex", "customer": "Massive Dynamic", "tags": ["trial"], "notes": "call \"Bob\"",
                 "expires_at": "2026-03-01T00:00:00Z", "access_token_duration": 1800,
                 "grants": [{"audience": "https://api.example.com", "scopes": ["read"]},
                            {"audience": "https://billing.example.com"}]},
                {"client_id": "hooli", "customer": "Hooli", "expires_at": "2026-01-01T00:00:00Z",
                 "grants": [{"audience": "https://billing.example.com"}]},
                {"client_id": "initech", "customer": "Initech", "status": "suspended"},
                {"client_id": "umbrella", "customer": "Umbrella", "not_before": "2026-02-01T00:00:00Z", "contact": "ops@umbrella.example",
                 "grants": [{"audience": "https://billing.example.com"}]}],
            "guardrails": [],
        })
        .to_string(),
    )
}

/// The client ids that meet a filter on 10 January 2026, where Auth0 issues the tokens.
fn found(filter: &str) -> Vec<String> {
    let policy = Policy::new(Arc::new(registry()));
    let filter: Filter = filter.parse().unwrap_or_else(|error| panic!("`{filter}`: {error}"));
    let context = FilterContext {
        policy: &policy,
        profile: ProfileName::Auth0Action,
        at: at("2026-01-10T00:00:00Z"),
        ending_days: 7,
    };
    let applications = policy.registry().applications().iter();
    applications.filter(|app| filter.matches(app, &context)).map(|app| app.client_id.clone()).collect()
}

#[test]
fn every_word_means_what_the_grammar_says() {
    let all = "acme-trial globex hooli initech umbrella";
    for (filter, expected) in [
        ("", all),
        ("acme", "acme-trial"),
        ("ACME", "acme-trial"),
        ("massive dynamic", "globex"),
        ("\"massive dynamic\"", "globex"),
        ("\"dynamic massive\"", ""),
        ("-acme", "globex hooli initech umbrella"),
        ("usage:write", "acme-trial"),
        ("https://billing.example.com", "globex hooli umbrella"),
        ("status:ending", "acme-trial"),
        ("status:ended,suspended", "hooli initech"),
        ("-status:ended,suspended", "acme-trial globex umbrella"),
        ("status:scheduled", "umbrella"),
        ("tag:trial", "acme-trial globex"),
        ("tag:TRIAL -tag:eu", "globex"),
        ("tag:tri", ""),
        ("customer:massive", "globex"),
        ("customer:\"massive dynamic\",hooli", "globex hooli"),
        ("client:e", "acme-trial globex initech umbrella"),
        ("contact:umbrella", "umbrella"),
        ("notes:\"\\\"bob\\\"\"", "globex"),
        ("api:billing", "globex hooli umbrella"),
        ("scope:read,usage:write", "acme-trial globex"),
        ("scope:usage", ""),
        ("has:end", "acme-trial globex hooli"),
        ("-has:access", "initech"),
        ("has:limit", "globex"),
        ("expires<7d", "acme-trial"),
        ("expires<=3d", "acme-trial"),
        ("expires<3d", ""),
        ("expires>30d", "globex"),
        ("expires<2026-02-01", "acme-trial hooli"),
        ("expires>=2026-01-13T01:00:00+01:00", "acme-trial globex"),
        ("starts<30d", "umbrella"),
        ("ended<30d", "hooli"),
        ("ended<9d", ""),
        ("lifetime<=10m", "acme-trial"),
        ("lifetime>=30m", "globex"),
        ("overrun>0", "acme-trial globex hooli"),
        ("overrun=1d", "acme-trial globex"),
        ("overrun<1d", "hooli"),
        ("grants>1", "globex"),
        ("grants=0", "initech"),
        ("tag:trial expires<7d -customer:globex", "acme-trial"),
    ] {
        assert_eq!(found(filter).join(" "), expected, "`{filter}`");
    }
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    for (filter, character, words) in [
        ("status:foo", 8, "`foo` is no status; use one of suspended, scheduled, ended, ending, active"),
        ("größe status:ended,foo", 20, "`foo` is no status"),
        ("tag:", 5, "`tag:` needs a value; write for example `tag:trial`"),
        ("tag:a,", 7, "`tag:` needs a value"),
        ("has:it", 5, "`has:it` is not known; use has:end, has:access or has:limit"),
        ("expires:7d", 1, "`expires` is compared; write for example `expires<7d`"),
        ("expires<soon", 9, "`soon` does not fit `expires`; write a duration or a date"),
        ("lifetime>2026-01-01", 10, "`2026-01-01` does not fit `lifetime`; write a duration"),
        ("grants>many", 8, "`many` does not fit `grants`; write a number"),
        (
            "expire<7d",
            1,
            "`expire` cannot be compared; use expires, starts, ended, lifetime, overrun, grants",
        ),
        ("acme \"massive", 6, "the quotes are not closed"),
    ] {
        let error = filter.parse::<Filter>().unwrap_err();
        assert_eq!(error.character, character, "`{filter}`: {error}");
        assert!(error.message.contains(words), "`{filter}`: {error}");
        assert!(filter.get(error.span.clone()).is_some(), "`{filter}`: {:?}", error.span);
    }
}

#[test]
fn what_can_stand_there_is_offered() {
    let offered = |text: &str| -> Vec<String> {
        Filter::completions(text, text.len(), &registry())
            .into_iter()
            .map(|c| {
                let mut whole = text.to_owned();
                whole.replace_range(c.replace, &c.insert);
                whole
            })
            .collect()
    };
    assert_eq!(offered("acme st"), ["acme status:", "acme starts<"]);
    assert_eq!(offered("-tag:e"), ["-tag:eu"]);
    assert_eq!(offered("status:ended,s"), ["status:ended,scheduled", "status:ended,suspended"]);
    assert_eq!(offered("customer:mass"), ["customer:\"Massive Dynamic\""]);
    assert!(offered("").len() > 8, "at the start, every name");
}

#[test]
fn a_facet_is_a_word_that_comes_and_goes() {
    let filter: Filter = "acme".parse().unwrap();
    let with = filter.clone().with_value_toggled(FilterField::Tag, "Trial");
    assert_eq!(with.to_string(), "acme tag:trial");
    assert!(with.asks(FilterField::Tag, "trial") && !filter.asks(FilterField::Tag, "trial"));
    let two = with.clone().with_value_toggled(FilterField::Tag, "eu");
    assert_eq!(two.to_string(), "acme tag:trial,eu", "of one field any value is enough");
    assert_eq!(two.with_value_toggled(FilterField::Tag, "eu"), with);
    assert_eq!(with.with_value_toggled(FilterField::Tag, "trial"), filter);
}

#[test]
fn a_question_of_several_words_comes_and_goes_as_one() {
    let review: Filter = "status:ended has:access".parse().unwrap();
    let half: Filter = "acme status:ended".parse().unwrap();
    let whole = half.toggled(&review);
    assert_eq!(whole.to_string(), "acme status:ended has:access");
    assert!(whole.includes(&review));
    assert_eq!(whole.toggled(&review).to_string(), "acme");
}

/// Words as people write them, right and wrong.
fn written() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        2 => "[a-z:<>=,\"\\\\-]{0,8}",
        1 => support::text(),
        4 => prop::sample::select(vec![
            "tag:trial", "-status:ended", "expires<7d", "overrun>0", "customer:\"a b\"", "lifetime<=1h30m", "has:end",
            "ended>=2026-01-01", "grants=2", "\"x\\\"y\"", "scope:a,b,\"c d\"", "starts>1y", "usage:write",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 0..5).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_reads_what_it_writes(text in written()) {
        match text.parse::<Filter>() {
            Ok(filter) => {
                let again: Filter = filter.to_string().parse().unwrap();
                prop_assert_eq!(&again, &filter, "`{}` was written as `{}`", text, filter);
            }
            Err(error) => prop_assert!(text.get(error.span.clone()).is_some(), "{:?}", error),
        }
        for cursor in 0..=text.len() {
            for completion in Filter::completions(&text, cursor, &Registry::default()) {
                prop_assert!(text.get(completion.replace).is_some());
            }
        }
    }

    #[test]
    fn an_answer_changes_only_at_its_transitions(text in written(), start in 1_767_000_000_i64..1_775_000_000, later in 1_i64..5_000_000) {
        let policy = Policy::new(Arc::new(registry()));
        if let Ok(filter) = text.parse::<Filter>() {
            for app in policy.registry().applications() {
                let hay = haystack(app);
                let window = Window::from(app.as_ref());
                let subject = Subject { application: app, haystack: &hay, window };
                let holds = |at: i64| filter.matches_with(subject, &FilterContext {
                    policy: &policy, profile: ProfileName::Auth0, at: Instant::saturating(at), ending_days: 7,
                });
                let next = filter.moments().next(window, Instant::saturating(start), 7);
                let changes = next.is_some_and(|next| next.seconds() <= start + later);
                if !changes {
                    prop_assert_eq!(holds(start), holds(start + later), "`{}` for {}", text, app.client_id);
                }
            }
        }
    }
}
