//! The overrun report as a file: a row for every application and granted API, as CSV or as JSON lines.

use super::csv::{defused, records};
use super::{Asked, ExportError, Exporter, Out, Selection};
use crate::policy::{Row, RowOutcome, row, sort_rows};
use serde_json::{Value, json};

const HEADER: [&str; 14] = [
    "client_id",
    "customer",
    "audience",
    "status",
    "expires_at",
    "outcome",
    "lifetime",
    "reason",
    "binding",
    "issuer_profile",
    "issuer_lifetime",
    "overrun",
    "overrun_up_to",
    "tokens_until",
];

/// The rows of the selection, by client id, then audience, or in the order that is asked for.
#[must_use]
pub fn rows<'a>(asked: &'a Asked, selection: &'a Selection) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = unordered(asked, selection).collect();
    if let Some((column, descending)) = asked.order {
        sort_rows(&mut rows, column, descending);
    }
    rows
}

/// The rows one at a time, where their order does not need all of them.
pub(super) fn each<'a>(asked: &'a Asked, selection: &'a Selection) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
    match asked.order {
        Some(_) => Box::new(rows(asked, selection).into_iter()),
        None => Box::new(unordered(asked, selection)),
    }
}

fn unordered<'a>(asked: &'a Asked, selection: &'a Selection) -> impl Iterator<Item = Row<'a>> {
    let Asked { policy, timeline, profile, at, ending_days, .. } = asked;
    selection.of(policy.registry()).flat_map(move |application| {
        let row = move |grant| row(policy, *profile, (application, grant), *at, *ending_days, timeline);
        application.grants.iter().map(row)
    })
}

/// The rows as a table (RFC 4180), safe to open in a spreadsheet.
#[derive(Debug)]
pub(super) struct Csv;

impl Exporter for Csv {
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        out.file("overrun.csv")?;
        records(&HEADER, each(asked, selection).map(|row| record(&row, asked)), out)
    }
}

fn record(row: &Row<'_>, asked: &Asked) -> Vec<String> {
    let word = |value: Option<String>| value.unwrap_or_default();
    let (outcome, lifetime, reason, binding) = match row.outcome {
        RowOutcome::Granted { lifetime, limit, source } => {
            ("granted", lifetime.to_string(), String::new(), format!("{} {source}", limit.as_str()))
        }
        RowOutcome::Denied(reason) => ("denied", String::new(), reason.to_string(), String::new()),
    };
    let up_to = row.overrun_up_to.map(|most| match most {
        crate::policy::OverrunUpTo::Seconds(seconds) => seconds.to_string(),
        crate::policy::OverrunUpTo::Unbounded => "unbounded".to_owned(),
    });
    [
        row.client_id.to_owned(),
        row.customer.to_owned(),
        row.audience.to_owned(),
        row.status.as_str().to_owned(),
        word(row.expires_at.map(|end| end.to_string())),
        outcome.to_owned(),
        lifetime,
        reason,
        binding,
        asked.profile.to_string(),
        word(row.issuer.ok().map(|lifetime| lifetime.to_string())),
        word(row.overrun.map(|seconds| seconds.to_string())),
        word(up_to),
        word(row.tokens_until.map(|until| until.to_string())),
    ]
    .map(defused)
    .to_vec()
}

/// The rows as JSON, a line each (SPEC §5).
#[derive(Debug)]
pub(super) struct JsonLines;

impl Exporter for JsonLines {
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        out.file("overrun.jsonl")?;
        for row in each(asked, selection) {
            out.text(&format!("{}\n", json(&row)))?;
            out.step()?;
        }
        Ok(())
    }
}

/// One row as JSON.
#[must_use]
pub fn json(row: &Row<'_>) -> Value {
    let mut document = json!({
        "client_id": row.client_id,
        "customer": row.customer,
        "audience": row.audience,
        "status": row.status.as_str(),
    });
    if let (Some(into), Value::Object(members)) = (document.as_object_mut(), outcome(&row.outcome)) {
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

/// An answer as JSON.
#[must_use]
pub fn outcome(outcome: &RowOutcome<'_>) -> Value {
    match outcome {
        RowOutcome::Granted { lifetime, limit, source } => json!({
            "outcome": "granted",
            "lifetime": lifetime,
            "binding": { "limit": limit, "source": source, "seconds": lifetime },
        }),
        RowOutcome::Denied(reason) => json!({ "outcome": "denied", "reason": reason }),
    }
}
