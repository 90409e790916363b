//! `tenure export`: the registry in another format.

use super::filter::Filter;
use super::session::{Exit, Failure, Result, Session};
use crate::export::{Selection, by_name, write_file};
use std::path::PathBuf;

/// What to write, and where.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tenure export --format json --out registry.json\n  tenure export --format csv > applications.csv\n  tenure export --format csv --where status:ending --out ending.csv"
)]
pub(super) struct Args {
    /// The format: json (the whole registry) or csv (applications, a row each)
    #[arg(long, value_name = "FORMAT", value_parser = ["json", "csv"])]
    format: String,
    /// The file; without it standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Only applications for which these words hold
    #[arg(long = "where", value_name = "FILTER")]
    filter: Option<Filter>,
}

/// Runs `tenure export`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    let format = by_name(&args.format)
        .ok_or_else(|| Failure::Said(format!("`{}` is no format; use json or csv", args.format)))?;
    let selection = args.filter.map_or(Selection::All, |filter| {
        let applications = loaded.registry.applications().iter();
        let chosen = applications.filter(|app| filter.matches(app, session.now));
        Selection::Only(chosen.map(|app| app.client_id.clone()).collect())
    });
    let bytes =
        format.write(&loaded.registry, &selection).map_err(|error| Failure::Said(error.to_string()))?;
    let Some(file) = args.out else {
        session.out.write_all(&bytes)?;
        return Ok(Exit::Done);
    };
    write_file(&file, &bytes).map_err(|error| Failure::Said(error.to_string()))?;
    if session.json {
        let (path, size) = (file.display().to_string(), bytes.len());
        session.document(&serde_json::json!({ "file": path, "bytes": size }))?;
    } else {
        writeln!(session.out, "wrote {}", file.display())?;
    }
    Ok(Exit::Done)
}
