//! `tenure diff`: what differs between two registries, and what that does to lifetimes.

use super::edits::lines;
use super::effect::answer;
use super::session::{Exit, Result, Session};
use super::table::calm;
use crate::edit::{Entity, compare, diff, renamed};
use crate::policy::{Policy, impact};
use crate::registry::Application;
use crate::store::Store;
use serde_json::json;
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
    let mut there = b;
    for pair in &pairs {
        there.set_application(&pair.to.client_id, None);
        let same = Application { client_id: pair.from.client_id.clone(), ..Application::clone(&pair.to) };
        there.set_application(&pair.from.client_id, Some(Arc::new(same)));
    }
    let impact = impact(&Policy::new(Arc::new(a)), &Policy::new(Arc::new(there)), session.now);
    let effects: Vec<_> = impact.affected.iter().filter(|e| e.policy.direction().is_some()).collect();
    if session.json {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|p| json!({ "external_id": p.external_id, "from": p.from.client_id, "to": p.to.client_id }))
            .collect();
        let effects: Vec<_> = effects
            .iter()
            .map(|e| {
                json!({
                    "client_id": e.client_id, "audience": e.audience,
                    "before": answer(e.policy.before), "after": answer(e.policy.after),
                })
            })
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
        let (before, after) = (answer(e.policy.before), answer(e.policy.after));
        let line = format!("lifetime of {} at {}: {before} → {after}", e.client_id, e.audience);
        writeln!(session.out, "{}", calm(&line))?;
    }
    if let Some(sentence) = impact.policy.sentence() {
        writeln!(session.out, "{sentence}")?;
    }
    if changes.is_empty() && pairs.is_empty() {
        writeln!(session.out, "no difference")?;
    }
    Ok(Exit::Done)
}
