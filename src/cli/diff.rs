//! `tenure diff`: what differs between two registries, and what that does to lifetimes.

use super::edits::lines;
use super::session::{Exit, Result, Session};
use super::table::calm;
use crate::edit::{Entity, compare, diff, renamed};
use crate::policy::{ENDING_DAYS, Policy, Row, Timeline, fleet};
use crate::registry::{Instant, ProfileName, Registry};
use crate::store::Store;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What to compare.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tenure diff staging.tenure production.tenure\n  tenure diff registry.json trials.tenure --json"
)]
pub(super) struct Args {
    /// The first registry
    a: PathBuf,
    /// The second
    b: PathBuf,
}

/// Runs `tenure diff`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let (a, b) = (Store::open_any(&args.a)?.load()?.registry, Store::open_any(&args.b)?.load()?.registry);
    let pairs = renamed(&a, &b);
    let mut changes = diff(&a, &b);
    // One customer's application under two client ids is one thing that differs, not a loss and a find.
    changes.retain(|change| {
        let id = change.reference().id;
        !pairs.iter().any(|pair| {
            let of = |entity: &Entity| matches!(entity, Entity::Application(_));
            (pair.from.client_id == id && change.before().is_some_and(of) && change.after().is_none())
                || (pair.to.client_id == id && change.after().is_some_and(of) && change.before().is_none())
        })
    });
    let effects = effects(a, b, session.now);
    if session.json {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|p| json!({ "external_id": p.external_id, "from": p.from.client_id, "to": p.to.client_id }))
            .collect();
        let effects: Vec<_> = effects
            .iter()
            .map(|e| json!({ "client_id": e.client_id, "audience": e.audience, "before": e.before, "after": e.after }))
            .collect();
        session.document(&json!({ "changes": changes, "renamed": pairs, "effects": effects }))?;
        return Ok(Exit::Done);
    }
    for line in changes.iter().flat_map(lines) {
        writeln!(session.out, "{}", calm(&line))?;
    }
    for pair in &pairs {
        let (from, to) = (&pair.from.client_id, &pair.to.client_id);
        writeln!(
            session.out,
            "{}",
            calm(&format!("application `{from}` is `{to}` there (external id `{}`)", pair.external_id))
        )?;
        let entities = [&pair.from, &pair.to].map(|app| Entity::Application(app.clone()));
        for field in compare(entities.first(), entities.last()).iter().filter(|f| f.field != "client_id") {
            let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
            let line = format!("  {} {} → {}", field.field, word(&field.before), word(&field.after));
            writeln!(session.out, "{}", calm(&line))?;
        }
    }
    for e in &effects {
        let line = format!("lifetime of {} at {}: {} → {}", e.client_id, e.audience, e.before, e.after);
        writeln!(session.out, "{}", calm(&line))?;
    }
    if changes.is_empty() && pairs.is_empty() {
        writeln!(session.out, "no difference")?;
    }
    Ok(Exit::Done)
}

/// A lifetime that differs.
struct Effect {
    client_id: String,
    audience: String,
    before: String,
    after: String,
}

/// What both registries give now to whoever both of them know, where it differs.
fn effects(a: Registry, b: Registry, now: Instant) -> Vec<Effect> {
    let (a, b) = (Policy::new(Arc::new(a)), Policy::new(Arc::new(b)));
    let rows = |policy: &Policy| -> BTreeMap<(String, String), String> {
        let timeline = Timeline::new(policy.registry().clone(), &[], now);
        let key = |row: &Row<'_>| (row.client_id.to_owned(), row.audience.to_owned());
        fleet(policy, ProfileName::Tenure, now, ENDING_DAYS, &timeline)
            .iter()
            .map(|row| {
                let [answer, _] = super::fleet::answer(&row.outcome);
                (key(row), answer)
            })
            .collect()
    };
    let after = rows(&b);
    rows(&a)
        .into_iter()
        .filter_map(|((client_id, audience), before)| {
            let after =
                after.get(&(client_id.clone(), audience.clone())).filter(|after| **after != before)?.clone();
            Some(Effect { client_id, audience, before, after })
        })
        .collect()
}
