//! `tenure import`: takes a file over as one edit.

use super::edits::{self, Why};
use super::session::{Failure, Result, Session};
use crate::edit::import_changes;
use crate::registry::file::read_bytes;
use crate::registry::{Registry, Service};
use crate::store::Store;
use std::path::PathBuf;

/// What to take over, and how.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tenure import --format json registry.json --dry-run\n  tenure import --format json registry.json --reason TICKET-5\n  tenure import --format json new-customers.json --merge"
)]
pub(super) struct Args {
    /// The format
    #[arg(long, value_name = "FORMAT", value_parser = ["json"])]
    format: String,
    /// The file
    file: PathBuf,
    /// Add and update alone; without it the file replaces the registry
    #[arg(long)]
    merge: bool,
    #[command(flatten)]
    why: Why,
}

/// Runs `tenure import`; creates a missing registry.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let source = args.file.display().to_string();
    let unreadable = |error| Failure::Said(format!("`{source}` cannot be read ({error}); check the name"));
    let bytes = std::fs::read(&args.file).map_err(unreadable)?;
    let incoming = read_bytes(&bytes, &source).map_err(|error| Failure::Said(error.to_string()))?;
    let path = session.path()?;
    let today = match path.exists() {
        true => session.open()?.1.registry,
        // A registry that is not there yet begins with the file's service, so that only entities are added.
        false => Registry::new(Service::clone(&incoming.service), vec![], vec![], vec![]),
    };
    let changes = import_changes(&today, &incoming, args.merge);
    if args.why.dry_run && !path.exists() {
        return edits::would_be(&today, &changes, &mut session);
    }
    if !path.exists() {
        if let Some(folder) = path.parent() {
            let refused =
                |error| Failure::Said(format!("`{}` cannot be created ({error})", folder.display()));
            std::fs::create_dir_all(folder).map_err(refused)?;
        }
        Store::create(&path, &today, session.now)?;
    }
    let (mut store, _) = session.open_to_edit()?;
    edits::apply(&mut store, format!("Import {source}"), &args.why, changes, session)
}
