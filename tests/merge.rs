//! A refused edit stands beside what is there now, and can be made again on top of it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use proptest::prelude::*;
use std::sync::Arc;
use tenure::edit::{Change, Entity, merge};
use tenure::registry::{Application, Duration};

fn acme() -> Application {
    Application {
        client_id: "acme".into(),
        customer: "Acme".into(),
        tags: vec!["trial".into()],
        ..Application::default()
    }
}

fn entity(application: Application) -> Entity {
    Entity::Application(Arc::new(application))
}

fn edit(by: impl FnOnce(&mut Application)) -> Change {
    let mut after = acme();
    by(&mut after);
    Change::replace(entity(acme()), entity(after)).unwrap()
}

#[test]
fn fields_that_only_one_touched_are_kept_from_both() {
    let mine = edit(|a| a.notes = "mine".into());
    let theirs = entity(Application { contact: "ops@acme.example".into(), ..acme() });
    let merged = merge(&mine, Some(&theirs));
    let Some(Entity::Application(after)) = merged.again.as_ref().and_then(Change::after) else { panic!() };
    assert_eq!((after.notes.as_str(), after.contact.as_str()), ("mine", "ops@acme.example"));
    assert_eq!(merged.again.unwrap().before(), Some(&theirs), "it applies to what stands there now");
}

#[test]
fn a_field_that_both_set_shows_base_mine_and_theirs() {
    let day = |d: i64| Duration::from_seconds(d * 86_400).ok();
    let base = Application { access_token_duration: day(1), ..acme() };
    let mine = Change::replace(
        entity(base.clone()),
        entity(Application { access_token_duration: day(2), ..acme() }),
    );
    let theirs = entity(Application { access_token_duration: day(3), ..acme() });
    let merged = merge(&mine.unwrap(), Some(&theirs));
    assert_eq!(merged.fields.len(), 1);
    let field = &merged.fields[0];
    assert_eq!(field.field, "access_token_duration");
    let word = |value: &Option<String>| value.clone().unwrap();
    assert_eq!(
        [word(&field.base), word(&field.mine), word(&field.theirs)],
        ["24 h", "2 d", "3 d"].map(str::to_owned)
    );
}

#[test]
fn what_is_gone_can_be_put_back_and_what_came_can_be_taken_away() {
    let mine = edit(|a| a.notes = "mine".into());
    assert!(merge(&mine, None).again.unwrap().before().is_none(), "added anew, as mine has it");
    let removal = Change::remove(entity(acme()));
    let theirs = entity(Application { notes: "theirs".into(), ..acme() });
    assert_eq!(merge(&removal, Some(&theirs)).again, Some(Change::remove(theirs)));
    assert_eq!(merge(&removal, None).again, None, "gone is gone");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mine_on_top_of_theirs_has_every_field_that_i_set(a in support::registry(), b in support::registry(), c in support::registry()) {
        // Three states of one application, from three random registries.
        let of = |r: &tenure::registry::Registry| {
            let app = r.applications().first().map(|a| (**a).clone()).unwrap_or_default();
            entity(Application { client_id: "acme".into(), ..app })
        };
        let (base, mine, theirs) = (of(&a), of(&b), of(&c));
        if let Some(change) = Change::replace(base, mine) {
            let again = merge(&change, Some(&theirs)).again;
            let after = again.as_ref().map_or(&theirs, |again| again.after().unwrap());
            let second = merge(&change, Some(after));
            prop_assert_eq!(second.again, None, "once made, it changes nothing more");
        }
    }
}
