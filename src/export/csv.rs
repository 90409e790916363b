//! Applications as a table (RFC 4180), one row each, safe to open in a spreadsheet.

use super::{ExportError, Exporter, Selection};
use crate::registry::{Application, ApplicationStatus, Registry};

/// `applications.csv`.
#[derive(Debug)]
pub struct Csv;

const HEADER: [&str; 13] = [
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
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    fn write(&self, registry: &Registry, selection: &Selection) -> Result<Vec<u8>, ExportError> {
        records(&HEADER, selection.of(registry).map(|application| row(application).map(defused).to_vec()))
    }
}

/// A table with its head, lines ended as RFC 4180 says.
pub(super) fn records(
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, ExportError> {
    let failed = |error: csv::Error| ExportError::Format { name: "csv", detail: error.to_string() };
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(header).map_err(failed)?;
    for row in rows {
        table.write_record(row).map_err(failed)?;
    }
    table.into_inner().map_err(|error| ExportError::Format { name: "csv", detail: error.error().to_string() })
}

fn row(application: &Application) -> [String; 13] {
    let instant = |at: Option<crate::registry::Instant>| at.map(|at| at.to_string()).unwrap_or_default();
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
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
