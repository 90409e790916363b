//! `tenure fleet`: a row for every application and granted API.

use super::session::{Exit, Failure, Result, Session};
use super::table::{or_dash, table};
use super::when::When;
use crate::export::{Asked, Form, Selection, counted, fleet as files, write, write_file};
use crate::policy::{
    ENDING_DAYS, Filter, FilterContext, FleetColumn, OverrunUpTo, ReportRow, Row, RowOutcome, Sums,
};
use crate::registry::{Duration, ProfileName, human};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure fleet
  tenure fleet --within 7d
  tenure fleet --sort overrun --csv --out overrun.csv
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
    /// Turn the order round
    #[arg(long)]
    descending: bool,
    #[command(flatten)]
    when: When,
}

/// Runs `tenure fleet`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let answering = args.when.answering(None, &session)?;
    let (policy, at) = (&answering.policy, answering.at);
    let profile = args.profile.unwrap_or(policy.registry().service.issuer_profile);
    let filter = match &args.view {
        Some(name) => Some(super::view::filter(policy.registry(), name)?),
        None => args.filter.clone(),
    };
    let words = filter.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut asked = answering.asked(profile, words, &session)?;
    asked.order = args.order();
    let context = FilterContext { policy, profile, at, ending_days: ENDING_DAYS };
    let chosen = policy.registry().applications().iter().filter(|application| {
        let ends = |within: Duration| {
            application.expires_at.is_some_and(|end| (1..=within.seconds()).contains(&end.since(at)))
        };
        args.within.is_none_or(ends)
            && filter.as_ref().is_none_or(|filter| filter.matches(application, &context))
    });
    let selection = Selection::Only(chosen.map(|application| application.client_id.clone()).collect());
    let bytes = if args.csv || session.json {
        if let Some(note) = &asked.note {
            session.note(note);
        }
        let form = if args.csv { Form::FleetCsv } else { Form::FleetJson };
        write(form, &asked, &selection).map_err(|error| Failure::Said(error.to_string()))?
    } else {
        text(&files::rows(&asked, &selection), &asked)?
    };
    give(&bytes, args.out.as_deref(), session)
}

impl Args {
    /// What orders the rows; nothing where they stand by client id.
    fn order(&self) -> Option<(FleetColumn, bool)> {
        let column = self.sort.map(Order::column);
        (column.is_some() || self.descending)
            .then(|| (column.unwrap_or(FleetColumn::Client), self.descending))
    }
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

/// The rows as a table, and what they come to.
fn text(rows: &[Row<'_>], asked: &Asked) -> Result<Vec<u8>> {
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
    let sums = Sums::of(rows.iter().map(|row| (row.client_id, ReportRow::of(row, 0, 0))), asked.at);
    writeln!(
        out,
        "{}; the policy grants {}, {} issues {}; {} would outlive {}, by {} at most and {} in all; {} {} ended and {} \
         issued to, tokens of {} that {} ended may still live",
        counted(sums.rows, "row"),
        sums.granted,
        asked.profile,
        sums.issued,
        counted(sums.overrunning, "token"),
        if sums.overrunning == 1 { "its application" } else { "their application" },
        human(sums.longest),
        human(sums.overrun),
        counted(sums.ended_and_issued, "application"),
        if sums.ended_and_issued == 1 { "has" } else { "have" },
        if sums.ended_and_issued == 1 { "is" } else { "are" },
        counted(sums.ended_and_alive, "application"),
        if sums.ended_and_alive == 1 { "has" } else { "have" },
    )?;
    if let Some(note) = &asked.note {
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
    /// By overrun, the largest first
    Overrun,
    /// By the most that the overrun can be, the largest first
    UpTo,
    /// By the last instant at which tokens may live, the latest first
    TokensUntil,
}

impl Order {
    const fn column(self) -> FleetColumn {
        match self {
            Self::Client => FleetColumn::Client,
            Self::Customer => FleetColumn::Customer,
            Self::Api => FleetColumn::Api,
            Self::Status => FleetColumn::Status,
            Self::Ends => FleetColumn::Ends,
            Self::Lifetime => FleetColumn::Policy,
            Self::Issuer => FleetColumn::Issuer,
            Self::Overrun => FleetColumn::Overrun,
            Self::UpTo => FleetColumn::UpTo,
            Self::TokensUntil => FleetColumn::TokensUntil,
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
