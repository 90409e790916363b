//! `tenure sample`: a registry to try things on.

use super::fields;
use super::session::{Exit, Failure, Result, Session};
use crate::registry::{MomentContext, generate::generate, sample::sample};
use crate::store::Store;
use std::path::PathBuf;

/// What to write.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tenure sample demo.tenure\n  tenure sample demo.tenure --now 2026-01-10T12:00:00Z   the same every time\n  tenure sample large.tenure --applications 100000 --seed 7"
)]
pub(super) struct Args {
    /// The file to create
    file: PathBuf,
    /// The instant that all others are counted from [default: the clock]
    #[arg(long, value_name = "INSTANT")]
    now: Option<String>,
    /// Instead a large registry of so many applications
    #[arg(long, value_name = "N")]
    applications: Option<usize>,
    /// Makes another large registry; the same seed gives the same one
    #[arg(long, value_name = "N", default_value_t = 1, requires = "applications")]
    seed: u64,
}

/// Runs `tenure sample`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let context = MomentContext { now: session.now, expiry: None, zone: None };
    let now = match &args.now {
        Some(text) => fields::moment_or_none(text, &context)?
            .ok_or_else(|| Failure::Said("--now is an instant, for example 2026-01-10T12:00:00Z".into()))?,
        None => session.now,
    };
    let registry = args.applications.map_or_else(|| sample(now), |count| generate(count, args.seed, now));
    Store::create(&args.file, &registry, now)?;
    let (count, apis) = (registry.applications().len(), registry.apis().len());
    if session.json {
        let file = args.file.display().to_string();
        session.document(&serde_json::json!({ "file": file, "applications": count, "apis": apis }))?;
    } else {
        writeln!(session.out, "wrote {} with {count} applications and {apis} APIs", args.file.display())?;
    }
    Ok(Exit::Done)
}
