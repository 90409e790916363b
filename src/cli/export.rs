//! `tenure export`: the registry in another format.

use super::chosen::chosen;
use super::session::{Exit, Failure, Result, Session};
use crate::export::{Selection, by_name, write_file};
use crate::policy::{Filter, Policy};
use std::path::PathBuf;
use std::sync::Arc;

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
    /// Only applications for which these words hold, as in `tenure app list`
    #[arg(long = "where", visible_alias = "filter", value_name = "FILTER", allow_hyphen_values = true)]
    filter: Option<Filter>,
}

/// Runs `tenure export`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    let format = by_name(&args.format)
        .ok_or_else(|| Failure::Said(format!("`{}` is no format; use json or csv", args.format)))?;
    let policy = Policy::new(Arc::new(loaded.registry));
    let selection = args.filter.map_or(Selection::All, |filter| {
        let ids = chosen(&policy, Some(&filter), session.now).map(|app| app.client_id.clone());
        Selection::Only(ids.collect())
    });
    let bytes =
        format.write(policy.registry(), &selection).map_err(|error| Failure::Said(error.to_string()))?;
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
