//! What all edits share: their reason, their commit and what they print.

use super::effect;
use super::session::{Exit, Result, Session};
use super::table::calm;
use crate::edit::{Change, Draft, Entry, describe};
use crate::registry::Registry;
use crate::store::Store;

/// Why an edit is made.
#[derive(Debug, clap::Args)]
pub(super) struct Why {
    /// Why, for the history: a ticket's number, say
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// Print the changes and what they do to lifetimes, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Commits an edit and prints it.
pub(super) fn apply(
    store: &mut Store,
    label: String,
    why: &Why,
    changes: Vec<Change>,
    mut session: Session<'_>,
) -> Result {
    if changes.is_empty() {
        if session.json {
            session.document(&serde_json::Value::Null)?;
        } else {
            writeln!(session.out, "nothing to change")?;
        }
        return Ok(Exit::Done);
    }
    commit(store, &Draft::edit(label, &why.reason, changes), why, &mut session)
}

/// Commits a draft and prints it, or prints alone what it would do.
pub(super) fn commit(store: &mut Store, draft: &Draft, why: &Why, session: &mut Session<'_>) -> Result {
    if !why.dry_run {
        let entry = session.commit(store, draft)?;
        print(&entry, session)?;
        return Ok(Exit::Done);
    }
    would_be(&store.load()?.registry, &draft.changes, session)
}

/// Prints what changes would do.
pub(super) fn would_be(before: &Registry, changes: &[Change], session: &mut Session<'_>) -> Result {
    let now = session.now;
    let impact = effect::of(before.clone(), changes, now);
    if session.json {
        let effect = effect::document(&impact, now);
        session.document(&serde_json::json!({ "changes": changes, "effect": effect }))?;
        return Ok(Exit::Done);
    }
    for line in changes.iter().flat_map(lines) {
        writeln!(session.out, "{}", calm(&line))?;
    }
    writeln!(session.out, "{} changes, none applied", changes.len())?;
    effect::print(&impact, now, session)?;
    Ok(Exit::Done)
}

/// Prints an entry of history as an edit's answer.
pub(super) fn print(entry: &Entry, session: &mut Session<'_>) -> Result<()> {
    if session.json {
        return session.document(&document(entry));
    }
    writeln!(session.out, "#{} {}", entry.seq, calm(&entry.draft.label))?;
    for line in entry.draft.changes.iter().flat_map(lines) {
        writeln!(session.out, "   {}", calm(&line))?;
    }
    Ok(())
}

/// What a change does, a line each: `application `acme`: expires_at 2026-01-01T00:00:00Z → 2026-01-15T00:00:00Z`.
pub(super) fn lines(change: &Change) -> Vec<String> {
    let entity = change.reference();
    match (change.before(), change.after()) {
        (None, _) => vec![format!("+ {entity}")],
        (_, None) => vec![format!("- {entity}")],
        _ => describe(change)
            .into_iter()
            .map(|field| {
                let word = |value: Option<String>| value.unwrap_or_else(|| "—".to_owned());
                format!("{entity}: {} {} → {}", field.field, word(field.before), word(field.after))
            })
            .collect(),
    }
}

/// An entry of history as JSON.
pub(super) fn document(entry: &Entry) -> serde_json::Value {
    serde_json::json!({
        "seq": entry.seq,
        "at": entry.at,
        "who": entry.who,
        "label": entry.draft.label,
        "reason": entry.draft.reason,
        "origin": entry.draft.origin,
        "changes": entry.draft.changes,
    })
}
