//! The audit of a log as a file: a row for every token, as CSV or as JSON lines, written while the log streams.

use super::csv::defused;
use crate::token::{Row, Totals, Verdict, audit_line, audit_totals};
use std::io::{Error, Result, Write};

/// A format that rows can be written in one by one, so that a log of any size is written without being held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditForm {
    /// A table (RFC 4180), safe to open in a spreadsheet.
    Csv,
    /// JSON lines, with the totals as the last (SPEC §5).
    JsonLines,
}

impl AuditForm {
    /// How its files end, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What stands before the rows.
    ///
    /// # Errors
    /// What the writer says.
    pub fn heading(self, out: &mut dyn Write) -> Result<()> {
        match self {
            Self::Csv => write!(out, "line,client_id,audience,exp,verdict,by,issuer_verdict,signature\r\n"),
            Self::JsonLines => Ok(()),
        }
    }

    /// A token of the log.
    ///
    /// # Errors
    /// What the writer says.
    pub fn row(self, out: &mut dyn Write, row: &Row<'_>) -> Result<()> {
        match self {
            Self::Csv => record(out, row),
            Self::JsonLines => {
                serde_json::to_writer(&mut *out, &audit_line(row))?;
                writeln!(out)
            }
        }
    }

    /// What stands after them.
    ///
    /// # Errors
    /// What the writer says.
    pub fn totals(self, out: &mut dyn Write, totals: &Totals) -> Result<()> {
        match self {
            Self::Csv => Ok(()),
            Self::JsonLines => {
                serde_json::to_writer(&mut *out, &audit_totals(totals))?;
                writeln!(out)
            }
        }
    }
}

/// Whether a row is of one of these verdicts; where none is named, all are.
#[must_use]
pub fn is_of(row: &Row<'_>, only: &[Verdict]) -> bool {
    only.is_empty() || row.check.is_some_and(|check| only.contains(&check.verdict))
}

fn record(out: &mut dyn Write, row: &Row<'_>) -> Result<()> {
    let check = row.check;
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let cells = [
        row.line.to_string(),
        text(check.and_then(|check| check.client_id)),
        text(check.and_then(|check| check.audience)),
        row.exp.map(|exp| exp.to_string()).unwrap_or_default(),
        row.verdict().to_owned(),
        check.and_then(|check| check.by).map(|by| by.to_string()).unwrap_or_default(),
        text(check.and_then(|check| check.issuer_verdict).map(|verdict| verdict.as_str())),
        text(row.signature.map(|state| state.as_str())),
    ];
    // Not onto `out` itself: the writer would flush it for every row.
    let mut record = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    record.write_record(cells.map(defused)).map_err(Error::other)?;
    out.write_all(&record.into_inner().map_err(|error| Error::other(error.to_string()))?)
}
