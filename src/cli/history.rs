//! `tenure history`, `undo` and `redo`: what was changed, and how to take it back.

use super::edits::{self, Why};
use super::effect;
use super::session::{Exit, Failure, Result, Session};
use super::table::table;
use crate::edit::{Draft, Entry, take_back};
use crate::store::Store;

/// What to show of history.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tenure history\n  tenure history --limit 5 --json\n  tenure history --entry 12        what edit 12 changed, and what that did to lifetimes"
)]
pub(super) struct Args {
    /// How many of the newest edits
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// One edit with its changes, and what they did to lifetimes when they were made
    #[arg(long, value_name = "NUMBER")]
    entry: Option<i64>,
}

/// Runs `tenure history`: newest first, a line each.
pub(super) fn run(args: Args, session: Session<'_>) -> Result {
    if let Some(seq) = args.entry {
        return one(seq, session);
    }
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

/// One entry, with its effect when it was made.
fn one(seq: i64, mut session: Session<'_>) -> Result {
    let (store, loaded) = session.open()?;
    let since = store.entries_after(seq - 1)?;
    let Some(entry) = since.first().filter(|entry| entry.seq == seq) else {
        let words = format!("history has no entry {seq}; `tenure history` shows their numbers");
        return Err(Failure::Said(words));
    };
    let mut before = loaded.registry;
    take_back(&mut before, since.iter().rev());
    let impact = effect::of(before, &entry.draft.changes, entry.at);
    if session.json {
        let mut document = edits::document(entry);
        if let Some(members) = document.as_object_mut() {
            members.insert("effect".to_owned(), effect::document(&impact, entry.at));
        }
        session.document(&document)?;
        return Ok(Exit::Done);
    }
    edits::print(entry, &mut session)?;
    effect::print(&impact, entry.at, &mut session)?;
    Ok(Exit::Done)
}

/// Runs `tenure undo`.
pub(super) fn undo(why: &Why, mut session: Session<'_>) -> Result {
    let (mut store, loaded) = session.open_to_edit()?;
    let seq = loaded.stacks.next_undo().ok_or_else(|| Failure::Said("there is nothing to undo".into()))?;
    let draft = Draft::undo(&entry(&store, seq)?, &why.reason);
    edits::commit(&mut store, &draft, why, &mut session)
}

/// Runs `tenure redo`.
pub(super) fn redo(why: &Why, mut session: Session<'_>) -> Result {
    let (mut store, loaded) = session.open_to_edit()?;
    let seq = loaded.stacks.next_redo().ok_or_else(|| Failure::Said("there is nothing to redo".into()))?;
    let draft = Draft::redo(&entry(&store, seq)?, &why.reason);
    edits::commit(&mut store, &draft, why, &mut session)
}

fn entry(store: &Store, seq: i64) -> Result<Entry> {
    let gone =
        || Failure::Said(format!("entry {seq} of history is missing; restore the registry from a copy"));
    store.entry(seq)?.ok_or_else(gone)
}
