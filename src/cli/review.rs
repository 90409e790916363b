//! `tenure review`: the dated report of who has ended and can still get tokens, to be signed.

use super::fleet::give;
use super::session::{Failure, Result, Session};
use super::when::When;
use crate::app::STILL_GRANTED;
use crate::export::{ExportError, Form, Selection, review_json, write};
use crate::policy::{ENDING_DAYS, Filter, FilterContext};
use crate::registry::ProfileName;
use std::path::PathBuf;

/// Who is reviewed, and how the report is written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure review --out review.md
  tenure review --format csv --at 2026-12-01T00:00:00Z
  tenure review --filter 'tag:trial has:access'
Afterwards, what is not to stay:
  tenure app revoke --where 'status:ended has:access' --reason 'review of December'")]
pub(super) struct Args {
    /// Words that choose the applications
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true, default_value = STILL_GRANTED)]
    filter: Filter,
    /// The issuer whose tokens may still live [default: the service's]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<ProfileName>,
    /// The format: md (Markdown, to read and sign) or csv [default: md]
    #[arg(long, value_name = "FORMAT", value_parser = ["md", "csv"])]
    format: Option<String>,
    /// The file; without it standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    when: When,
}

/// Runs `tenure review`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let answering = args.when.answering(None, &session)?;
    let (policy, at) = (&answering.policy, answering.at);
    let profile = args.profile.unwrap_or(policy.registry().service.issuer_profile);
    let context = FilterContext { policy, profile, at, ending_days: ENDING_DAYS };
    let chosen = policy.registry().applications().iter().filter(|app| args.filter.matches(app, &context));
    let selection = Selection::Only(chosen.map(|app| app.client_id.clone()).collect());
    let asked = answering.asked(profile, args.filter.to_string(), &session)?;
    let format = args.format.as_deref();
    let failed = |error: ExportError| Failure::Said(error.to_string());
    let bytes = match (session.json, format) {
        (true, Some(format)) => {
            let sentence = format!("--json and --format {format} are two formats; leave one of them out");
            return Err(Failure::Said(sentence));
        }
        (true, None) => format!("{:#}\n", review_json(&asked, &selection)).into_bytes(),
        (false, Some("csv")) => write(Form::ReviewCsv, &asked, &selection).map_err(failed)?,
        (false, _) => write(Form::ReviewMarkdown, &asked, &selection).map_err(failed)?,
    };
    // A table has no place for it.
    if let (Some("csv"), Some(note)) = (format, &asked.note) {
        session.note(note);
    }
    give(&bytes, args.out.as_deref(), session)
}
