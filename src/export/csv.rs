//! Applications as a table (RFC 4180), one row each, safe to open in a spreadsheet.

use super::{Asked, ExportError, Exporter, Out, Selection};
use crate::registry::{Application, ApplicationStatus, Instant};

/// `applications.csv`.
#[derive(Debug)]
pub struct Csv;

pub(crate) const HEADER: [&str; 13] = [
    "client_id",
    "external_id",
    "name",
    "customer",
    "contact",
    "status",
    "not_before",
    "expires_at",
    "access_token_duration",
    "grants",
    "tags",
    "metadata",
    "notes",
];

impl Exporter for Csv {
    fn notes(&self, _asked: &Asked, _selection: &Selection) -> Vec<String> {
        vec![
            "the table holds applications alone; the service, APIs and guardrails stay as they are"
                .to_owned(),
            "a cell that a spreadsheet would take for a formula begins with an apostrophe".to_owned(),
        ]
    }

    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        out.file("applications.csv")?;
        let rows = selection.of(asked.policy.registry()).map(|application| row(application).map(defused));
        records(&HEADER, rows, out)
    }
}

/// A table with its head, lines ended as RFC 4180 says.
pub(super) fn records<R: AsRef<[String]>>(
    header: &[&str],
    rows: impl Iterator<Item = R>,
    out: &mut Out<'_>,
) -> Result<(), ExportError> {
    let mut table = Vec::new();
    push(&mut table, header.iter().copied())?;
    out.bytes(&table)?;
    for row in rows {
        table.clear();
        push(&mut table, row.as_ref().iter().map(String::as_str))?;
        out.bytes(&table)?;
        out.step()?;
    }
    Ok(())
}

fn push<'a>(into: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) -> Result<(), ExportError> {
    let failed = |error: csv::Error| ExportError::Format { name: "csv", detail: error.to_string() };
    let mut line = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(into);
    line.write_record(cells).map_err(failed)?;
    line.flush().map_err(|error| ExportError::Format { name: "csv", detail: error.to_string() })
}

/// The cells of an application, in the order of the heading.
pub(crate) fn row(application: &Application) -> [String; 13] {
    let instant = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    let grants = application.grants.iter().map(|g| format!("{} {}", g.audience, g.scopes.join(" ")));
    let grants: Vec<String> = grants.map(|grant| grant.trim_end().to_owned()).collect();
    let metadata: Vec<_> =
        application.metadata.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let status = match application.status {
        ApplicationStatus::Active => "active",
        ApplicationStatus::Suspended => "suspended",
    };
    [
        application.client_id.clone(),
        application.external_id.clone().unwrap_or_default(),
        application.name.clone(),
        application.customer.clone(),
        application.contact.clone(),
        status.to_owned(),
        instant(application.not_before),
        instant(application.expires_at),
        application.access_token_duration.map(|d| d.seconds().to_string()).unwrap_or_default(),
        grants.join("; "),
        application.tags.join(" "),
        metadata.join("; "),
        application.notes.clone(),
    ]
}

/// A spreadsheet takes a cell that starts like this for a formula, which may fetch and run things.
pub(crate) fn defused(cell: String) -> String {
    // One that begins so behind apostrophes gets one more, so that whoever reads it can take one away.
    if cell.trim_start_matches('\'').starts_with(FORMULA) { format!("'{cell}") } else { cell }
}

/// The cell as it was before it was defused.
pub(crate) fn armed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest,
        _ => cell,
    }
}

const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
