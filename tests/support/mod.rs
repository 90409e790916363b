//! Random registries for property tests, and small ones for stories.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

pub mod cases;

use proptest::prelude::*;
use tenure::registry::{
    Api, Application, ApplicationStatus, DefaultScopes, Duration, Grant, Guardrail, Instant, ProfileName,
    Registry, Scope, Service, Then,
};

/// A text as people and machines leave it: empty, quotes, line ends, other scripts, controls.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,8}",
        1 => Just(String::new()),
        1 => Just("Größe 💡 \"quoted\" \\ \n\t\u{202e}\u{7f}\u{2028}".to_owned()),
        2 => any::<String>(),
    ]
}

fn duration() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(1), Just(86_400), 1..=315_360_000_i64].prop_map(|s| Duration::from_seconds(s).unwrap())
}

fn instant() -> impl Strategy<Value = Instant> {
    (0..=Instant::MAX.seconds()).prop_map(Instant::saturating)
}

fn scope() -> impl Strategy<Value = Scope> {
    (text(), text(), proptest::option::of(duration()), any::<bool>()).prop_map(
        |(name, description, access_token_duration, default)| Scope {
            name,
            description,
            access_token_duration,
            default,
        },
    )
}

fn api() -> impl Strategy<Value = Api> {
    (text(), text(), proptest::option::of(duration()), proptest::collection::vec(scope(), 0..4)).prop_map(
        |(audience, name, access_token_duration, mut scopes)| {
            let mut seen = std::collections::HashSet::new();
            scopes.retain(|scope| seen.insert(scope.name.clone()));
            Api { audience, name, access_token_duration, scopes }
        },
    )
}

fn grant() -> impl Strategy<Value = Grant> {
    (text(), proptest::collection::vec(text(), 0..4))
        .prop_map(|(audience, scopes)| Grant { audience, scopes })
}

pub fn application() -> impl Strategy<Value = Application> {
    let names = (text(), proptest::option::of(text()), text(), text(), text(), text());
    let times =
        (proptest::option::of(instant()), proptest::option::of(instant()), proptest::option::of(duration()));
    let rest = (
        any::<bool>(),
        proptest::collection::vec(grant(), 0..3),
        proptest::collection::vec(text(), 0..3),
        proptest::collection::btree_map(text(), text(), 0..3),
    );
    (names, times, rest).prop_map(|(names, times, (suspended, mut grants, tags, metadata))| {
        let mut seen = std::collections::HashSet::new();
        grants.retain(|grant| seen.insert(grant.audience.clone()));
        let status = if suspended { ApplicationStatus::Suspended } else { ApplicationStatus::Active };
        Application {
            client_id: names.0,
            external_id: names.1,
            name: names.2,
            customer: names.3,
            contact: names.4,
            status,
            not_before: times.0,
            expires_at: times.1,
            access_token_duration: times.2,
            grants,
            tags,
            metadata,
            notes: names.5,
        }
    })
}

fn guardrail() -> impl Strategy<Value = Guardrail> {
    let then = prop_oneof![text().prop_map(Then::Deny), duration().prop_map(Then::Cap)];
    (text(), any::<bool>(), text(), then).prop_map(|(name, enabled, when, then)| Guardrail {
        name,
        enabled,
        when,
        then,
    })
}

fn service() -> impl Strategy<Value = Service> {
    (text(), text(), duration(), duration(), any::<bool>(), 0..7_usize, proptest::option::of(text()))
        .prop_map(|(name, issuer, access_token_duration, min_lifetime, marked, profile, signing_key)| {
            Service {
                name,
                issuer,
                access_token_duration,
                min_lifetime,
                default_scopes: if marked { DefaultScopes::Marked } else { DefaultScopes::AllGranted },
                issuer_profile: ProfileName::ALL[profile],
                signing_key,
            }
        })
}

/// Names by which somebody would have a file run code, fetch things or mean something else.
pub const HOSTILE: [&str; 27] = [
    "\"]; globalThis.pwned = 1; //",
    "*/ globalThis.pwned = 1; /*",
    "`${globalThis.pwned = 1}`",
    "${file(\"/etc/passwd\")}",
    "$${a} $$${b} %{ if true }x%{ endif } %%{c}",
    "ends with $",
    "</script><script>alert(1)</script>",
    "__proto__",
    "constructor",
    "a\nTENURE_ACTION\n}",
    "##X## ###X### @@X@@ ##name##",
    "!!python/object/apply:os.system [\"id\"]",
    "- a: b\n  c: d",
    "&anchor *alias",
    "yes",
    "No",
    "null",
    "~",
    "0o17",
    "1e3",
    "2026-01-01",
    "=cmd|'/c calc'!A1",
    "'+1",
    " leading and trailing ",
    "\u{feff}\u{2028}\u{85}\u{202e}\u{7}\u{10fffe}",
    "Größe 💡 \\ \"quoted\" 'single' #comment: x",
    "../../etc/passwd",
];

/// The same registry with such names wherever a name can stand.
pub fn with_hostile_names(registry: &Registry) -> Registry {
    let name = |number: usize| HOSTILE[number % HOSTILE.len()].to_owned();
    let mut count = 0;
    let mut next = || {
        count += 1;
        name(count)
    };
    let apis: Vec<Api> = registry.apis().iter().map(|api| Api { name: next(), ..Api::clone(api) }).collect();
    let applications = registry.applications().iter().map(|application| Application {
        name: next(),
        customer: next(),
        contact: next(),
        notes: next(),
        tags: vec![next()],
        metadata: [(next(), next()), (next(), next())].into(),
        ..Application::clone(application)
    });
    let applications = applications.map(Application::normalised).collect();
    let guardrails = registry.guardrails().iter().map(|rule| Guardrail::clone(rule)).collect();
    let service = Service { name: next(), ..Service::clone(&registry.service) };
    Registry::new(service, apis, applications, guardrails)
}

/// Any registry that has the right shape, whether it makes sense or not.
pub fn registry() -> impl Strategy<Value = Registry> {
    (
        service(),
        proptest::collection::vec(api(), 0..4),
        proptest::collection::vec(application(), 0..6),
        proptest::collection::vec(guardrail(), 0..3),
    )
        .prop_map(|(service, apis, applications, guardrails)| {
            let applications = applications.into_iter().map(Application::normalised).collect();
            let apis = apis.into_iter().map(|mut api: Api| {
                api.scopes.sort_by(|a, b| a.name.cmp(&b.name));
                api
            });
            Registry::new(service, apis.collect(), applications, guardrails)
        })
}
