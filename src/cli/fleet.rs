//! `tenure fleet`: a row for every application and granted API.

use super::session::{Exit, Result, Session};
use super::table::{or_dash, table};
use super::when::When;
use crate::policy::{ENDING_DAYS, Filter, FilterContext, OverrunUpTo, Row, RowOutcome, Timeline, fleet};
use crate::registry::{Duration, ProfileName, human};
use serde_json::json;

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure fleet
  tenure fleet --within 7d
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
    #[command(flatten)]
    when: When,
}

/// Runs `tenure fleet`.
pub(super) fn run(args: Args, session: Session<'_>) -> Result {
    let answering = args.when.answering(None, &session)?;
    let (policy, at) = (&answering.policy, answering.at);
    let timeline = {
        let (store, loaded) = session.open()?;
        Timeline::new(std::sync::Arc::new(loaded.registry), &store.entries_after(0)?, loaded.begins)
    };
    let profile = args.profile.unwrap_or(policy.registry().service.issuer_profile);
    let context = FilterContext { policy, profile, at, ending_days: ENDING_DAYS };
    let mut rows = fleet(policy, profile, at, ENDING_DAYS, &timeline);
    rows.retain(|row| {
        let ends = |within: Duration| {
            row.expires_at.is_some_and(|end| (1..=within.seconds()).contains(&end.since(at)))
        };
        let chosen = |filter: &Filter| {
            policy.registry().application(row.client_id).is_some_and(|app| filter.matches(app, &context))
        };
        args.within.is_none_or(ends) && args.filter.as_ref().is_none_or(chosen)
    });
    if session.json {
        for row in &rows {
            writeln!(session.out, "{}", document(row))?;
        }
        return Ok(Exit::Done);
    }
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    let headings = [
        "CLIENT ID",
        "CUSTOMER",
        "API",
        "STATUS",
        "ENDS",
        "ANSWER",
        "BY",
        "OVERRUN",
        "UP TO",
        "TOKENS UNTIL",
    ];
    table(session.out, &headings, &lines)?;
    if let Some(note) = &answering.note {
        writeln!(session.out, "note: {note}")?;
    }
    Ok(Exit::Done)
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

/// An answer as JSON.
pub(super) fn outcome(outcome: &RowOutcome<'_>) -> serde_json::Value {
    match outcome {
        RowOutcome::Granted { lifetime, limit, source } => json!({
            "outcome": "granted",
            "lifetime": lifetime,
            "binding": { "limit": limit, "source": source, "seconds": lifetime },
        }),
        RowOutcome::Denied(reason) => json!({ "outcome": "denied", "reason": reason }),
    }
}

fn document(row: &Row<'_>) -> serde_json::Value {
    let mut document = json!({
        "client_id": row.client_id,
        "customer": row.customer,
        "audience": row.audience,
        "status": row.status.as_str(),
    });
    if let (Some(into), serde_json::Value::Object(members)) =
        (document.as_object_mut(), outcome(&row.outcome))
    {
        into.extend(members);
        let optional = [
            ("expires_at", row.expires_at.map(|end| json!(end))),
            ("overrun", row.overrun.map(|seconds| json!(seconds))),
            ("overrun_up_to", row.overrun_up_to.map(|most| json!(most))),
            ("tokens_until", row.tokens_until.map(|until| json!(until))),
        ];
        into.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    document
}
