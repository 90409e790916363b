//! `tenure history`, `undo` and `redo`: what was changed, and how to take it back.

use super::edits::{self, Why};
use super::session::{Exit, Failure, Result, Session};
use super::table::table;
use crate::edit::{Draft, Entry};
use crate::store::Store;

/// What to show of history.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  tenure history\n  tenure history --limit 5 --json")]
pub(super) struct Args {
    /// How many of the newest edits
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

/// Runs `tenure history`: newest first, a line each.
pub(super) fn run(args: Args, session: Session<'_>) -> Result {
    let (store, _) = session.open()?;
    let entries = store.entries(args.limit, None)?;
    if session.json {
        for entry in &entries {
            writeln!(session.out, "{}", edits::document(entry))?;
        }
        return Ok(Exit::Done);
    }
    let row = |entry: &Entry| {
        let Draft { label, reason, .. } = &entry.draft;
        vec![entry.seq.to_string(), entry.at.to_string(), entry.who.clone(), label.clone(), reason.clone()]
    };
    table(session.out, &["#", "WHEN", "WHO", "WHAT", "WHY"], &entries.iter().map(row).collect::<Vec<_>>())?;
    Ok(Exit::Done)
}

/// Runs `tenure undo`.
pub(super) fn undo(why: &Why, mut session: Session<'_>) -> Result {
    let (mut store, loaded) = session.open_to_edit()?;
    let seq = loaded.stacks.next_undo().ok_or_else(|| Failure::Said("there is nothing to undo".into()))?;
    let draft = Draft::undo(&entry(&store, seq)?, &why.reason);
    let entry = session.commit(&mut store, &draft)?;
    edits::print(&entry, &mut session)?;
    Ok(Exit::Done)
}

/// Runs `tenure redo`.
pub(super) fn redo(why: &Why, mut session: Session<'_>) -> Result {
    let (mut store, loaded) = session.open_to_edit()?;
    let seq = loaded.stacks.next_redo().ok_or_else(|| Failure::Said("there is nothing to redo".into()))?;
    let draft = Draft::redo(&entry(&store, seq)?, &why.reason);
    let entry = session.commit(&mut store, &draft)?;
    edits::print(&entry, &mut session)?;
    Ok(Exit::Done)
}

fn entry(store: &Store, seq: i64) -> Result<Entry> {
    let gone =
        || Failure::Said(format!("entry {seq} of history is missing; restore the registry from a copy"));
    store.entry(seq)?.ok_or_else(gone)
}
