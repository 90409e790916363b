//! `tenure fleet`: a row for every application and granted API.

use super::session::{Exit, Failure, Result, Session};
use super::table::{or_dash, table};
use super::when::{Answering, When};
use crate::export::{Asked, fleet as files, write_file};
use crate::policy::{
    ENDING_DAYS, Filter, FilterContext, OverrunUpTo, ReportRow, Row, RowOutcome, Sums, fleet,
};
use crate::registry::{Duration, ProfileName, human};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure fleet
  tenure fleet --within 7d
  tenure fleet --sort overrun --descending --csv --out overrun.csv
  tenure fleet --at now+30d --filter 'tag:trial -status:suspended' --json
  tenure fleet --at 2026-01-10T12:00:00Z --settings then")]
pub(super) struct Args {
    /// Only applications that have not ended and do so within this
    #[arg(long, value_name = "DURATION")]
    within: Option<Duration>,
    /// Words that must all hold: any text, status:ending, tag:trial, -customer:acme, expires<7d, overrun>0
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    filter: Option<Filter>,
    /// The issuer beside the policy [default: the service's]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<ProfileName>,
    /// Only what a saved view shows
    #[arg(long, value_name = "NAME", conflicts_with = "filter")]
    view: Option<String>,
    /// Print a table for spreadsheets (CSV)
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Write to a file instead, whole or not at all
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What orders the rows [default: client, then api]
    #[arg(long, value_enum, value_name = "COLUMN")]
    sort: Option<Order>,
    /// From the end
    #[arg(long)]
    descending: bool,
    #[command(flatten)]
    when: When,
}

/// Runs `tenure fleet`.
pub(super) fn run(args: Args, session: Session<'_>) -> Result {
    let answering = args.when.answering(None, &session)?;
    let (policy, at) = (&answering.policy, answering.at);
    let profile = args.profile.unwrap_or(policy.registry().service.issuer_profile);
    let asked = asked(&answering, profile, &args, &session)?;
    let context = FilterContext { policy, profile, at, ending_days: ENDING_DAYS };
    let filter = match &args.view {
        Some(name) => Some(super::view::filter(policy.registry(), name)?),
        None => args.filter.clone(),
    };
    let mut rows = fleet(policy, profile, at, ENDING_DAYS, &asked.timeline);
    rows.retain(|row| {
        let ends = |within: Duration| {
            row.expires_at.is_some_and(|end| (1..=within.seconds()).contains(&end.since(at)))
        };
        let chosen = |filter: &Filter| {
            policy.registry().application(row.client_id).is_some_and(|app| filter.matches(app, &context))
        };
        args.within.is_none_or(ends) && filter.as_ref().is_none_or(chosen)
    });
    if let Some(column) = args.sort {
        column.sort(&mut rows);
    }
    if args.descending {
        rows.reverse();
    }
    let bytes = if args.csv {
        files::csv_of(rows.into_iter(), &asked).map_err(|error| Failure::Said(error.to_string()))?
    } else if session.json {
        rows.iter().map(|row| format!("{}\n", files::json(row))).collect::<String>().into_bytes()
    } else {
        text(&rows, &asked, answering.note.as_deref())?
    };
    give(&bytes, args.out.as_deref(), session)
}

/// Prints what was asked for, or writes it to a file whole.
pub(super) fn give(bytes: &[u8], file: Option<&Path>, session: Session<'_>) -> Result {
    match file {
        None => session.out.write_all(bytes)?,
        Some(file) => {
            write_file(file, bytes).map_err(|error| Failure::Said(error.to_string()))?;
            writeln!(session.out, "wrote {}", file.display())?;
        }
    }
    Ok(Exit::Done)
}

fn asked(answering: &Answering, profile: ProfileName, args: &Args, session: &Session<'_>) -> Result<Asked> {
    let filter = args.filter.as_ref().map(ToString::to_string).unwrap_or_default();
    answering.asked(profile, filter, session)
}

/// The rows as a table, and what they come to.
fn text(rows: &[Row<'_>], asked: &Asked, note: Option<&str>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    let headings = [
        "CLIENT ID",
        "CUSTOMER",
        "API",
        "STATUS",
        "ENDS",
        "ANSWER",
        "BY",
        "ISSUER",
        "OVERRUN",
        "UP TO",
        "TOKENS UNTIL",
    ];
    table(&mut out, &headings, &lines)?;
    let mut sums = Sums::default();
    rows.iter().for_each(|row| sums.add(&ReportRow::of(row, 0, 0), asked.at));
    writeln!(
        out,
        "{} rows; the policy grants {}, {} issues {}; {} tokens would outlive their application, by {} at most and {} \
         in all; {} have ended and are issued to, tokens of {} that have ended may still live",
        sums.rows,
        sums.granted,
        asked.profile,
        sums.issued,
        sums.overrunning,
        human(sums.longest),
        human(sums.overrun),
        sums.ended_and_issued,
        sums.ended_and_alive
    )?;
    if let Some(note) = note {
        writeln!(out, "note: {note}")?;
    }
    Ok(out)
}

/// What orders the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Order {
    /// By client id
    Client,
    /// By customer
    Customer,
    /// By API
    Api,
    /// By status
    Status,
    /// By end; what never ends comes last
    Ends,
    /// By the policy's lifetime; who is denied comes first
    Lifetime,
    /// By the issuer's lifetime
    Issuer,
    /// By overrun
    Overrun,
    /// By the last instant at which tokens may live
    TokensUntil,
}

impl Order {
    fn sort(self, rows: &mut [Row<'_>]) {
        match self {
            Self::Client => rows.sort_by_key(|row| row.client_id),
            Self::Customer => rows.sort_by_key(|row| row.customer),
            Self::Api => rows.sort_by_key(|row| row.audience),
            Self::Status => rows.sort_by_key(|row| row.status),
            Self::Ends => rows.sort_by_key(|row| (row.expires_at.is_none(), row.expires_at)),
            Self::Lifetime => rows.sort_by_key(|row| row.outcome.lifetime()),
            Self::Issuer => rows.sort_by_key(|row| row.issuer.ok()),
            Self::Overrun => rows.sort_by_key(|row| row.overrun),
            Self::TokensUntil => rows.sort_by_key(|row| row.tokens_until),
        }
    }
}

fn line(row: &Row<'_>) -> Vec<String> {
    let [answer, by] = answer(&row.outcome);
    let up_to = row.overrun_up_to.map(|most| match most {
        OverrunUpTo::Seconds(seconds) => human(seconds),
        OverrunUpTo::Unbounded => "unbounded".to_owned(),
    });
    vec![
        row.client_id.to_owned(),
        row.customer.to_owned(),
        row.audience.to_owned(),
        row.status.as_str().to_owned(),
        or_dash(row.expires_at),
        answer,
        by,
        row.issuer.map_or_else(|reason| format!("denied: {reason}"), human),
        or_dash(row.overrun.map(human)),
        or_dash(up_to),
        or_dash(row.tokens_until),
    ]
}

/// An answer and what decided it, in words.
pub(super) fn answer(outcome: &RowOutcome<'_>) -> [String; 2] {
    match outcome {
        RowOutcome::Granted { lifetime, limit, source } => {
            [human(*lifetime), format!("{} {source}", limit.as_str())]
        }
        RowOutcome::Denied(reason) => [format!("denied: {reason}"), String::new()],
    }
}
