//! `tenure matrix`: every combination of scopes that a grant allows.

use super::fleet::answer;
use super::session::{Exit, Result, Session, application};
use super::table::table;
use super::when::When;
use crate::policy::{RowOutcome, matrix};
use serde_json::json;

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tenure matrix --app acme --api https://api.example.com\n  tenure matrix --app acme --api https://api.example.com --at expiry-10m --json"
)]
pub(super) struct Args {
    /// The application
    #[arg(long, value_name = "CLIENT_ID")]
    app: String,
    /// The API
    #[arg(long, value_name = "AUDIENCE")]
    api: String,
    #[command(flatten)]
    when: When,
}

/// Runs `tenure matrix`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let answering = args.when.answering(Some(&args.app), &session)?;
    let registry = answering.policy.registry();
    let app = application(registry, &args.app)?;
    let api = registry.api(&args.api).map(AsRef::as_ref);
    let matrix = matrix(&answering.policy, app, (&args.api, api), answering.at);
    if session.json {
        let combinations: Vec<_> =
            matrix.combinations.iter().map(|c| merged(json!({ "scopes": c.scopes }), &c.outcome)).collect();
        let groups: Vec<_> = matrix
            .groups
            .iter()
            .map(|g| merged(json!({ "count": g.count.to_string() }), &g.outcome))
            .collect();
        session.document(&json!({
            "client_id": args.app,
            "audience": args.api,
            "at": answering.at,
            "scopes": matrix.scopes,
            "combinations": combinations,
            "groups": groups,
            "exact": matrix.exact,
        }))?;
        return Ok(Exit::Done);
    }
    if matrix.combinations.is_empty() {
        let rows: Vec<_> = matrix
            .groups
            .iter()
            .map(|group| {
                let [outcome, binding] = answer(&group.outcome);
                vec![group.count.to_string(), outcome, binding]
            })
            .collect();
        table(session.out, &["REQUESTS", "ANSWER", "BY"], &rows)?;
        if !matrix.exact {
            writeln!(
                session.out,
                "note: guardrails decide some of these one by one; the counts leave them out"
            )?;
        }
    } else {
        let rows: Vec<_> = matrix
            .combinations
            .iter()
            .map(|combination| {
                let [outcome, binding] = answer(&combination.outcome);
                let scopes = combination.scopes.join(" ");
                vec![if scopes.is_empty() { "(none)".to_owned() } else { scopes }, outcome, binding]
            })
            .collect();
        table(session.out, &["SCOPES", "ANSWER", "BY"], &rows)?;
    }
    if let Some(note) = &answering.note {
        writeln!(session.out, "note: {note}")?;
    }
    Ok(Exit::Done)
}

fn merged(mut document: serde_json::Value, outcome: &RowOutcome<'_>) -> serde_json::Value {
    if let (Some(into), serde_json::Value::Object(members)) =
        (document.as_object_mut(), crate::export::fleet::outcome(outcome))
    {
        into.extend(members);
    }
    document
}
