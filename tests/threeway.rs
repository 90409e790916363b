//! Two people's edits that grew from one registry, brought together; and applications copied from another registry.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use tenure::edit::{ByHand, Change, Clash, Entity, How, Side, copy, counterparts, diff, rebase, three_way};
use tenure::registry::{Api, Application, Duration, Grant, Instant, Registry, Scope, Service};

const API: &str = "https://api.example.com";

fn scope(name: &str) -> Scope {
    Scope { name: name.to_owned(), ..Scope::default() }
}

fn base() -> Registry {
    let api = Api {
        audience: API.into(),
        scopes: vec![scope("admin"), scope("read"), scope("write")],
        ..Api::default()
    };
    let grants = vec![
        Grant { audience: API.into(), scopes: vec!["read".into()] },
        Grant { audience: "urn:other".into(), scopes: vec!["x".into()] },
    ];
    let acme = Application {
        client_id: "acme".into(),
        name: "Acme".into(),
        tags: vec!["old".into(), "trial".into()],
        grants,
        ..Application::default()
    };
    let globex = Application { client_id: "globex".into(), ..Application::default() };
    Registry::new(Service::default(), vec![api], vec![acme, globex], vec![])
}

/// The registry with one application edited.
fn with(registry: &Registry, client_id: &str, edit: impl FnOnce(&mut Application)) -> Registry {
    let before = registry.application(client_id).unwrap();
    let mut after = Application::clone(before);
    edit(&mut after);
    applied(registry, Change::application(before, after).into_iter().collect())
}

fn applied(registry: &Registry, changes: Vec<Change>) -> Registry {
    let mut registry = registry.clone();
    Change::apply_all(&changes, &mut registry).unwrap();
    registry
}

fn without(registry: &Registry, client_id: &str) -> Registry {
    applied(
        registry,
        vec![Change::remove(Entity::Application(registry.application(client_id).unwrap().clone()))],
    )
}

/// What both edits make together, and the fields that do not go together.
fn together(theirs: &Registry, mine: &Registry) -> (Registry, Vec<Clash>) {
    let rebased = rebase(&base(), theirs, mine);
    (applied(mine, rebased.changes), rebased.clashes.into_iter().flat_map(|(_, fields)| fields).collect())
}

#[test]
fn edits_of_different_fields_go_together() {
    let theirs = with(&base(), "acme", |app| {
        app.name = "Acme AG".into();
        app.grants[1].scopes.push("y".into());
        app.tags = vec!["trial".into(), "vip".into()];
    });
    let mine = with(&base(), "acme", |app| {
        app.notes = "called".into();
        app.grants[0].scopes.push("write".into());
        app.tags.push("mine".into());
    });
    let (both, clashes) = together(&theirs, &mine);
    assert!(clashes.is_empty(), "{clashes:?}");
    let acme = both.application("acme").unwrap();
    assert_eq!((acme.name.as_str(), acme.notes.as_str()), ("Acme AG", "called"));
    assert_eq!(acme.grants[0].scopes, ["read", "write"]);
    assert_eq!(acme.grants[1].scopes, ["x", "y"]);
    assert_eq!(acme.tags, ["mine", "trial", "vip"], "what they removed is gone, what both added is there");
}

#[test]
fn scopes_of_one_api_are_told_apart_by_name() {
    let edit = |name: &str, seconds: i64| {
        let registry = base();
        let before = registry.api(API).unwrap().clone();
        let mut after = Api::clone(&before);
        let scope = after.scopes.iter_mut().find(|scope| scope.name == name).unwrap();
        scope.access_token_duration = Some(Duration::from_seconds(seconds).unwrap());
        applied(&registry, Change::api(&before, after).into_iter().collect())
    };
    let (both, clashes) = together(&edit("read", 60), &edit("write", 120));
    assert!(clashes.is_empty(), "{clashes:?}");
    let seconds =
        |name: &str| both.api(API).unwrap().scope(name).unwrap().access_token_duration.map(Duration::seconds);
    assert_eq!([seconds("admin"), seconds("read"), seconds("write")], [None, Some(60), Some(120)]);
    let (_, clashes) = together(&edit("read", 60), &edit("read", 120));
    let [clash] = clashes.as_slice() else { panic!("{clashes:?}") };
    assert_eq!(clash.field, "scopes[read].access_token_duration");
    assert_eq!((clash.mine.as_deref(), clash.theirs.as_deref()), (Some("2 min"), Some("1 min")));
}

#[test]
fn a_field_that_both_set_is_a_clash_unless_they_agree_or_somebody_chose() {
    let name = |name: &str| with(&base(), "acme", |app| app.name = name.to_owned());
    assert!(together(&name("Same"), &name("Same")).1.is_empty());
    let (both, clashes) = together(&name("Theirs"), &name("Mine"));
    assert_eq!(clashes.len(), 1);
    assert_eq!(both.application("acme").unwrap().name, "Mine", "what is staged stays until somebody chooses");
    let entity =
        |registry: &Registry| Some(Entity::Application(registry.application("acme").unwrap().clone()));
    for (side, expected) in [(Side::Mine, "Mine"), (Side::Theirs, "Theirs")] {
        let choose = |field: &str| (field == "name").then_some(side);
        let (base, mine, theirs) = (entity(&base()), entity(&name("Mine")), entity(&name("Theirs")));
        let together = three_way(base.as_ref(), mine.as_ref(), theirs.as_ref(), &choose);
        assert!(together.clashes.is_empty());
        let Some(Entity::Application(merged)) = together.merged else { panic!() };
        assert_eq!(merged.name, expected);
    }
}

#[test]
fn what_one_removed_and_the_other_changed_is_told() {
    let gone = without(&base(), "acme");
    let changed = with(&base(), "acme", |app| app.name = "Acme AG".into());
    for (theirs, mine) in [(&gone, &changed), (&changed, &gone)] {
        let (both, clashes) = together(theirs, mine);
        assert_eq!(clashes.len(), 1, "{clashes:?}");
        assert!(both.application("acme").is_none());
    }
    let (both, clashes) = together(&gone, &base());
    assert!(clashes.is_empty() && both.application("acme").is_none());
}

#[test]
fn without_edits_of_ones_own_theirs_is_taken_whole_and_without_theirs_nothing_changes() {
    let other = with(&without(&base(), "globex"), "acme", |app| {
        app.expires_at = Some(Instant::saturating(2_000_000_000))
    });
    assert_eq!(together(&other, &base()).0, other);
    assert!(rebase(&base(), &base(), &other).changes.is_empty());
    assert!(rebase(&base(), &other, &other).changes.is_empty());
}

#[test]
fn an_application_is_copied_to_its_counterpart() {
    let from = with(&base(), "acme", |app| {
        app.external_id = Some("crm-7".into());
        app.expires_at = Some(Instant::saturating(2_000_000_000));
        app.metadata.insert("region".into(), "us".into());
    });
    let there = Application {
        client_id: "7Xk2".into(),
        external_id: Some("crm-7".into()),
        name: "Acme (production)".into(),
        contact: "ops@acme.example".into(),
        metadata: [("region".to_owned(), "eu".to_owned())].into(),
        ..Application::default()
    };
    let to = Registry::new(Service::default(), vec![], vec![there], vec![]);
    let found = counterparts(&from, &to, &ByHand::default());
    let how: Vec<_> = found.iter().map(|one| (one.from.client_id.as_str(), one.how)).collect();
    assert_eq!(how, [("acme", How::ExternalId), ("globex", How::New)]);
    let hand = ByHand {
        audiences: [(API.to_owned(), "https://prod.example".to_owned())].into(),
        ..ByHand::default()
    };
    let copied = applied(&to, copy(&from, &to, &found, &hand));
    let acme = copied.application("7Xk2").unwrap();
    assert_eq!(acme.expires_at, Some(Instant::saturating(2_000_000_000)));
    assert_eq!(acme.metadata["region"], "eu", "what the other system keeps with it stays");
    assert_eq!(
        (acme.name.as_str(), acme.contact.as_str()),
        ("Acme", "ops@acme.example"),
        "what is not written there is kept"
    );
    let audiences: Vec<_> = acme.grants.iter().map(|grant| grant.audience.as_str()).collect();
    assert_eq!(audiences, ["https://prod.example", "urn:other"]);
    let api = copied.api("https://prod.example").unwrap();
    assert_eq!(
        api.scopes.iter().map(|scope| scope.name.as_str()).collect::<Vec<_>>(),
        ["read"],
        "the scopes that are needed come"
    );
    assert_eq!(copied.application("globex").unwrap().external_id.as_deref(), Some("globex"));
    assert!(
        copy(&from, &copied, &counterparts(&from, &copied, &hand), &hand).is_empty(),
        "a second time nothing is left"
    );
    let by_hand =
        ByHand { applications: [("globex".to_owned(), "7Xk2".to_owned())].into(), ..ByHand::default() };
    assert_eq!(counterparts(&from, &to, &by_hand)[1].how, How::Hand);
    assert!(!diff(&to, &copied).is_empty());
}
