//! `tenure import`: takes a file over as one edit.

use super::edits::{self, Why};
use super::session::{Failure, Result, Session};
use crate::edit::import_changes;
use crate::export::Enforcement;
use crate::import::{Field, Files, Format, Options, beginning, read};
use crate::registry::{Registry, Service};
use crate::store::Store;
use std::path::PathBuf;

/// What to take over, and how.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure import --format json registry.json --dry-run
  tenure import --format yaml registry.yaml --reason TICKET-5
  tenure import --format csv customers.csv --map 'Vertrag=external_id' --merge
  tenure import --format auth0-deploy tenant/ --dry-run")]
pub(super) struct Args {
    /// The format
    #[arg(long, value_name = "FORMAT", value_parser = Format::ALL.map(Format::name))]
    format: String,
    /// The file, or for auth0-deploy its folder
    file: PathBuf,
    /// Add and update alone; without it the file replaces the registry
    #[arg(long)]
    merge: bool,
    /// Which column of a table holds which field, where its heading does not tell
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = column)]
    columns: Vec<(String, Field)>,
    /// Take the rows of a table that can be read; without it one bad row refuses them all
    #[arg(long)]
    good_rows: bool,
    /// The key of client_metadata that holds the end
    #[arg(long, value_name = "KEY", default_value = "expires_at")]
    end_key: String,
    /// The key that holds the start
    #[arg(long, value_name = "KEY", default_value = "not_before")]
    start_key: String,
    #[command(flatten)]
    why: Why,
}

fn column(text: &str) -> std::result::Result<(String, Field), String> {
    let (heading, name) =
        text.rsplit_once('=').ok_or_else(|| format!("`{text}` is no column; write COLUMN=FIELD"))?;
    let field = Field::by_name(name).ok_or_else(|| {
        let names: Vec<_> = Field::all().map(Field::name).collect();
        format!("`{name}` is no field; use one of {}", names.join(", "))
    })?;
    Ok((heading.to_owned(), field))
}

/// Runs `tenure import`; creates a missing registry.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let format = Format::by_name(&args.format).ok_or_else(|| {
        Failure::Said(format!("`{}` is no format; see `tenure import --help`", args.format))
    })?;
    let said = |error: crate::import::ImportError| Failure::Said(error.to_string());
    let files = Files::load(format, &args.file).map_err(said)?;
    let path = session.path()?;
    let there = path.exists();
    let today = if there { session.open()?.1.registry } else { beginning(format) };
    let (end_key, start_key) = (args.end_key, args.start_key);
    let options = Options {
        columns: args.columns,
        good_rows: args.good_rows,
        enforcement: Enforcement { end_key, start_key, ..Enforcement::default() },
    };
    let incoming = read(format, &files, &today, &options).map_err(said)?;
    for note in incoming.notes.iter().cloned().chain(incoming.errors.iter().map(ToString::to_string)) {
        session.note(&super::table::calm(&note));
    }
    let incoming = incoming.registry;
    // A registry that is not there yet begins with the file's service, so that only entities are added.
    let today =
        if there { today } else { Registry::new(Service::clone(&incoming.service), vec![], vec![], vec![]) };
    let changes = import_changes(&today, &incoming, args.merge);
    if args.why.dry_run && !there {
        return edits::would_be(&today, &changes, &mut session);
    }
    if !there {
        if let Some(folder) = path.parent() {
            let refused =
                |error| Failure::Said(format!("`{}` cannot be created ({error})", folder.display()));
            std::fs::create_dir_all(folder).map_err(refused)?;
        }
        Store::create(&path, &today, session.now)?;
    }
    let (mut store, _) = session.open_to_edit()?;
    let label = format!("Import {}", args.file.display());
    edits::apply(&mut store, label, &args.why, changes, session)
}
