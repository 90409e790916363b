//! The overrun report as a file: a row for every application and granted API, as CSV or as JSON lines.

use super::csv::{defused, records};
use super::{Asked, ExportError, Selection};
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
pub fn rows<'a>(asked: &'a Asked, selection: &Selection) -> Vec<Row<'a>> {
    let Asked { policy, timeline, profile, at, ending_days, order, .. } = asked;
    let mut rows: Vec<Row<'a>> = selection
        .of(policy.registry())
        .flat_map(|application| {
            let row = move |grant| row(policy, *profile, (application, grant), *at, *ending_days, timeline);
            application.grants.iter().map(row)
        })
        .collect();
    if let Some((column, descending)) = order {
        sort_rows(&mut rows, *column, *descending);
    }
    rows
}

/// The rows as a table (RFC 4180), safe to open in a spreadsheet.
pub(super) fn csv(asked: &Asked, selection: &Selection) -> Result<Vec<u8>, ExportError> {
    records(&HEADER, rows(asked, selection).iter().map(|row| record(row, asked)))
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
pub(super) fn json_lines(asked: &Asked, selection: &Selection) -> Vec<u8> {
    let lines: Vec<String> = rows(asked, selection).iter().map(|row| format!("{}\n", json(row))).collect();
    lines.concat().into_bytes()
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
