//! The invariants of a decision hold for every registry and request, against a model written by itself.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use support::cases::policy_of;
use tenure::policy::{Outcome, Policy, Request, Timeline, decide, issue, matrix};
use tenure::registry::*;

/// Everything that a decision without guardrails depends on, as plain numbers; 0 is *not set*.
#[derive(Debug, Clone)]
struct World {
    service: i64,
    minimum: i64,
    all_granted: bool,
    api: i64,
    /// Duration, marked default, granted.
    scopes: Vec<(i64, bool, bool)>,
    application: i64,
    suspended: bool,
    start: i64,
    end: i64,
}

fn duration() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0_i64), 1_i64..30, 1_i64..2_000]
}

prop_compose! {
    fn world()(
        service in 1_i64..100, minimum in 1_i64..12, all_granted: bool, api in duration(),
        scopes in prop::collection::vec((duration(), any::<bool>(), prop::bool::weighted(0.8)), 0..5),
        application in duration(), suspended in prop::bool::weighted(0.1),
        start in prop_oneof![Just(0_i64), 1_i64..100], end in prop_oneof![Just(0_i64), 1_i64..200],
    ) -> World {
        World { service, minimum, all_granted, api, scopes, application, suspended, start, end }
    }
}

fn some(seconds: i64) -> Option<Duration> {
    Duration::from_seconds(seconds).ok()
}

fn instant(seconds: i64) -> Option<Instant> {
    (seconds > 0).then(|| Instant::saturating(seconds))
}

fn build(world: &World) -> Policy {
    let service = Service {
        name: "Example".into(),
        access_token_duration: some(world.service).unwrap(),
        min_lifetime: some(world.minimum).unwrap(),
        default_scopes: if world.all_granted { DefaultScopes::AllGranted } else { DefaultScopes::Marked },
        ..Service::default()
    };
    let scopes = world.scopes.iter().enumerate().map(|(i, (seconds, default, _))| Scope {
        name: format!("s{i}"),
        access_token_duration: some(*seconds),
        default: *default,
        ..Scope::default()
    });
    let api = Api {
        audience: "api".into(),
        access_token_duration: some(world.api),
        scopes: scopes.collect(),
        ..Api::default()
    };
    let granted = (0..world.scopes.len()).filter(|i| world.scopes[*i].2).map(|i| format!("s{i}")).collect();
    let application = Application {
        client_id: "app".into(),
        status: if world.suspended { ApplicationStatus::Suspended } else { ApplicationStatus::Active },
        not_before: instant(world.start),
        expires_at: instant(world.end),
        access_token_duration: some(world.application),
        grants: vec![Grant { audience: "api".into(), scopes: granted }],
        ..Application::default()
    };
    policy_of(Registry::new(service, vec![api], vec![application], vec![]))
}

fn request(scopes: &BTreeSet<usize>, at: i64, requested: i64) -> Request {
    Request {
        client_id: "app".into(),
        audience: "api".into(),
        scopes: scopes.iter().map(|i| format!("s{i}")).collect(),
        at: Instant::saturating(at),
        requested_lifetime: some(requested),
    }
}

/// SPEC §2 in numbers: the lifetime, or the reason.
fn model(world: &World, scopes: &BTreeSet<usize>, at: i64, requested: i64) -> Result<i64, &'static str> {
    if world.suspended {
        return Err("suspended");
    }
    if at < world.start {
        return Err("not_yet_active");
    }
    if world.end > 0 && at >= world.end {
        return Err("expired");
    }
    if scopes.iter().any(|i| *i >= world.scopes.len()) {
        return Err("unknown_scope");
    }
    if scopes.iter().any(|i| !world.scopes[*i].2) {
        return Err("scope_not_granted");
    }
    let effective: Vec<_> = if scopes.is_empty() {
        world.scopes.iter().filter(|s| s.2 && (world.all_granted || s.1)).collect()
    } else {
        scopes.iter().map(|i| &world.scopes[*i]).collect()
    };
    let mut limits = vec![if world.api > 0 { world.api } else { world.service }];
    limits.extend(effective.iter().map(|s| s.0));
    limits.extend([world.application, requested]);
    limits.extend((world.end > 0).then_some(world.end - at));
    let lifetime = limits.into_iter().filter(|l| *l > 0).min().unwrap();
    if lifetime < world.minimum { Err("too_short") } else { Ok(lifetime) }
}

fn answer(policy: &Policy, request: &Request) -> Result<i64, &'static str> {
    match decide(policy, request).outcome {
        Outcome::Granted(granted) => Ok(granted.lifetime),
        Outcome::Denied(denied) => Err(denied.reason.as_str()),
    }
}

fn chosen() -> impl Strategy<Value = BTreeSet<usize>> {
    prop::collection::btree_set(0_usize..5, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_decides_as_the_model(w in world(), s in chosen(), at in 0_i64..220, r in duration()) {
        prop_assert_eq!(answer(&build(&w), &request(&s, at, r)), model(&w, &s, at, r));
    }

    #[test]
    fn a_token_never_outlives_its_application(w in world(), s in chosen(), at in 0_i64..220, r in duration()) {
        if let Ok(lifetime) = answer(&build(&w), &request(&s, at, r)) {
            prop_assert!(w.end == 0 || at + lifetime <= w.end);
        }
    }

    #[test]
    fn one_more_scope_never_lengthens_a_lifetime(w in world(), s in prop::collection::btree_set(0_usize..5, 1..4), more in 0_usize..5, at in 0_i64..220) {
        let policy = build(&w);
        let mut larger = s.clone();
        larger.insert(more);
        let (before, after) = (answer(&policy, &request(&s, at, 0)), answer(&policy, &request(&larger, at, 0)));
        prop_assert!(after.unwrap_or(0) <= before.unwrap_or(0));
    }

    #[test]
    fn a_shorter_duration_never_lengthens_a_lifetime(
        w in world(), s in chosen(), at in 0_i64..220, which in 0_usize..4, by in 1_i64..50,
    ) {
        let mut lower = w.clone();
        let field = match which {
            0 => &mut lower.service,
            1 => &mut lower.api,
            2 => &mut lower.application,
            _ => match lower.scopes.first_mut() { Some(scope) => &mut scope.0, None => &mut lower.service },
        };
        if *field > 0 {
            *field = (*field - by).max(1);
        }
        let (before, after) = (answer(&build(&w), &request(&s, at, 0)), answer(&build(&lower), &request(&s, at, 0)));
        prop_assert!(after.unwrap_or(0) <= before.unwrap_or(0));
    }

    #[test]
    fn the_end_of_a_token_never_moves_backwards(w in world(), s in chosen(), at in 0_i64..220, later in 0_i64..40) {
        let policy = build(&w);
        let now = answer(&policy, &request(&s, at, 0));
        let then = answer(&policy, &request(&s, at + later, 0));
        if let (Ok(now), Ok(then)) = (now, then) {
            prop_assert!(at + now <= at + later + then);
        }
    }

    #[test]
    fn order_and_repeats_do_not_matter(w in world(), s in chosen(), at in 0_i64..220) {
        let policy = build(&w);
        let forwards = request(&s, at, 0);
        let mut backwards = forwards.clone();
        backwards.scopes.reverse();
        backwards.scopes.extend(forwards.scopes.clone());
        prop_assert_eq!(decide(&policy, &forwards), decide(&policy, &backwards));
    }

    #[test]
    fn a_matrix_says_what_decisions_say(w in world(), at in 0_i64..220) {
        let policy = build(&w);
        let registry: &Arc<Registry> = policy.registry();
        let api = registry.api("api").map(AsRef::as_ref);
        let matrix = matrix(&policy, registry.application("app").unwrap(), ("api", api), Instant::saturating(at));
        prop_assert_eq!(matrix.combinations.len(), 1 << w.scopes.iter().filter(|s| s.2).count());
        prop_assert!(
            matrix.combinations.is_sorted_by_key(|c| (c.scopes.len(), c.scopes.clone())),
            "by size, then by names"
        );
        for cell in &matrix.combinations {
            let asked = cell.scopes.iter().map(|name| name[1..].parse().unwrap()).collect();
            prop_assert_eq!(cell.outcome.lifetime(), model(&w, &asked, at, 0).ok());
        }
    }

}

/// Rules that see lists: what they say must not depend on the order in a file.
const RULES: [&str; 6] = [
    "app.tags.size() > 0 && app.tags[0] == 'a'",
    "scopes.size() > 0 && scopes[0] == 's0'",
    "app.grants.size() > 1 && app.grants[0].audience == 'api'",
    "'trial' in app.tags",
    "lifetime > 40",
    "api.scopes.size() > 1 && api.scopes[1].name == 's1'",
];

/// The world with a second API and application, tags and guardrails, in one order or the other.
fn crowded(world: &World, rules: &[(usize, i64)], backwards: bool) -> Policy {
    fn ordered<T>(mut list: Vec<T>, backwards: bool) -> Vec<T> {
        if backwards {
            list.reverse();
        }
        list
    }
    let small = build(world);
    let small = small.registry();
    let mut api = (*small.apis()[0]).clone();
    api.scopes = ordered(api.scopes, backwards);
    let mut app = (*small.applications()[0]).clone();
    app.tags = ordered(vec!["a".into(), "m".into(), "trial".into()], backwards);
    app.grants[0].scopes = ordered(app.grants[0].scopes.clone(), backwards);
    app.grants.push(Grant { audience: "other".into(), scopes: vec![] });
    app.grants = ordered(app.grants, backwards);
    let rules = rules.iter().enumerate().map(|(i, (rule, cap))| Guardrail {
        name: format!("rule {i}"),
        enabled: true,
        when: RULES[*rule].into(),
        then: some(*cap).map_or_else(|| Then::Deny(format!("no {i}")), Then::Cap),
    });
    policy_of(Registry::new(
        (*small.service).clone(),
        ordered(vec![api, Api { audience: "other".into(), ..Api::default() }], backwards),
        ordered(vec![app, Application { client_id: "zz".into(), ..Application::default() }], backwards),
        ordered(rules.collect(), backwards),
    ))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_grants_guardrails_and_tags_in_a_file_does_not_matter(
        w in world(), s in chosen(), at in 0_i64..220,
        rules in prop::collection::vec((0_usize..RULES.len(), duration()), 0..4),
    ) {
        let (one, other) = (crowded(&w, &rules, false), crowded(&w, &rules, true));
        let request = request(&s, at, 0);
        prop_assert_eq!(decide(&one, &request), decide(&other, &request));
    }
}

proptest! {
    // Each case tries every instant and subset by itself.
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tokens_live_until_the_latest_that_could_be_issued(w in world(), at in 0_i64..220, p in 0_usize..7) {
        let profile = ProfileName::ALL[p];
        let policy = build(&w);
        let granted: Vec<usize> = (0..w.scopes.len()).filter(|i| w.scopes[*i].2).collect();
        let mut latest = None;
        for mask in 0_usize..1 << granted.len() {
            let scopes = granted.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, s)| *s).collect();
            for instant in 0..=at {
                let request = request(&scopes, instant, 0);
                latest = latest.max(issue(profile, &policy, &request).ok().map(|issued| issued.expires_at));
            }
        }
        let timeline = Timeline::new(policy.registry().clone(), &[], Instant::MIN);
        prop_assert_eq!(timeline.tokens_until(profile, "app", "api", Instant::saturating(at)), latest);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_curve_is_straight_between_its_points(w in world(), s in chosen(), p in 0_usize..7, r in duration()) {
        let policy = build(&w);
        let profile = ProfileName::ALL[p];
        let curve = tenure::policy::curve(
            &policy, &request(&s, 0, r), profile, Instant::saturating(0), Instant::saturating(220),
        );
        prop_assert!(curve.exact);
        for pair in curve.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let between = |x: Option<i64>, y: Option<i64>, at: i64| {
                let (run, done) = (b.at.since(a.at), at - a.at.seconds());
                x.zip(y).map(|(x, y)| x + (y - x) * done / run)
            };
            for at in a.at.seconds() + 1..b.at.seconds() {
                let request = request(&s, at, r);
                let issued = issue(profile, &policy, &request).ok();
                prop_assert_eq!(between(a.policy, b.policy, at), answer(&policy, &request).ok());
                prop_assert_eq!(between(a.issuer, b.issuer, at), issued.as_ref().map(|i| i.lifetime));
                prop_assert_eq!(between(a.overrun, b.overrun, at), issued.and_then(|i| i.overrun));
            }
        }
    }
}
