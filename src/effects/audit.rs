//! Audits beside the window: a log gone through, and gone through again to write every row to a file.

use crate::app::{AuditQuestion, AuditRow, AuditSave, Audited};
use crate::export::{self, audit::is_of};
use crate::token::{self, Event, Verdict};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, Read};
use std::ops::ControlFlow::{Break, Continue};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// So many rows of each verdict are kept to look at, the worst; all of them stand in its file.
const KEPT: usize = 5_000;

/// The worst rows of each verdict so far.
#[derive(Default)]
struct Kept(BTreeMap<Option<Verdict>, Vec<AuditRow>>);

impl Kept {
    fn take(&mut self, row: &token::Row<'_>) {
        let rows = self.0.entry(row.check.map(|check| check.verdict)).or_default();
        rows.push(kept(row));
        if rows.len() == 2 * KEPT {
            rows.select_nth_unstable_by_key(KEPT, AuditRow::worst_first);
            rows.truncate(KEPT);
        }
    }

    fn rows(self) -> Vec<AuditRow> {
        let worst = |mut rows: Vec<AuditRow>| {
            rows.sort_unstable_by_key(AuditRow::worst_first);
            rows.truncate(KEPT);
            rows
        };
        self.0.into_values().flat_map(worst).collect()
    }
}

/// Goes through a log; `go_on` hears how many bytes were read, of how many, and says whether to.
///
/// # Errors
/// A sentence where it cannot be read.
pub fn audit(question: &AuditQuestion, go_on: &mut dyn FnMut(u64, u64) -> bool) -> Result<Audited, String> {
    let (mut log, of) = opened(&question.path)?;
    let mut judging = question.judging.clone();
    let (mut rows, mut whole) = (Kept::default(), true);
    let totals = token::audit(&mut log, &mut judging, question.keys.as_ref(), &mut |event| {
        match event {
            Event::Row(row) => rows.take(row),
            Event::Read(bytes) => whole = go_on(bytes, of),
        }
        if whole { Continue(()) } else { Break(()) }
    })
    .map_err(|error| unreadable(&question.path, &error))?;
    Ok(Audited { totals, rows: Arc::new(rows.rows()), whole, before_history: judging.before_history() })
}

fn opened(path: &Path) -> Result<(File, u64), String> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let of = file.metadata().map_or(0, |data| data.len());
    Ok((file, of))
}

fn unreadable(path: &Path, error: &Error) -> String {
    format!("`{}` cannot be read ({error}); check the path", path.display())
}

fn kept(row: &token::Row<'_>) -> AuditRow {
    let word = |text: Option<&str>| text.unwrap_or_default().to_owned();
    AuditRow {
        line: row.line,
        client_id: word(row.check.and_then(|check| check.client_id)),
        audience: word(row.check.and_then(|check| check.audience)),
        exp: row.exp,
        verdict: row.check.map(|check| check.verdict),
        by: row.check.and_then(|check| check.by),
        signature: row.signature,
    }
}

/// Why an audit is not written, where the file is not to blame.
enum Left {
    Stopped,
    Said(String),
}

/// Goes through a log again and writes every row that is asked for; a file that stands there is replaced whole, or not
/// at all. `None` is one that was stopped.
///
/// # Errors
/// A sentence where the log cannot be read, is no longer the one that was audited, or the file cannot be written.
pub fn save_audit(
    save: &AuditSave,
    go_on: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Option<PathBuf>, String> {
    let AuditSave { question, totals: shown, only, form, path } = save;
    if same(&question.path, path) {
        return Err(format!("`{}` is the log itself; choose another file", path.display()));
    }
    let (log, _) = opened(&question.path)?;
    let only = Vec::from_iter(*only);
    let mut judging = question.judging.clone();
    let mut left = None;
    let written = export::write_with(path, |out| {
        form.heading(out)?;
        let (mut row_written, mut stopped) = (Ok(()), false);
        // What was added to the log since is not of this audit.
        let log = log.take(shown.bytes);
        let totals = token::audit(log, &mut judging, question.keys.as_ref(), &mut |event| {
            match event {
                Event::Row(row) if is_of(row, &only) => row_written = form.row(out, row),
                Event::Row(_) => {}
                Event::Read(bytes) => stopped = !go_on(bytes, shown.bytes),
            }
            if stopped || row_written.is_err() { Break(()) } else { Continue(()) }
        });
        row_written?;
        let why = match totals {
            _ if stopped => Left::Stopped,
            Err(error) => Left::Said(unreadable(&question.path, &error)),
            Ok(totals) if totals == *shown => return form.totals(out, &totals),
            Ok(_) => Left::Said(format!(
                "`{}` is not what it was when it was audited; audit it again",
                question.path.display()
            )),
        };
        left = Some(why);
        Err(Error::other("left"))
    });
    match (left, written) {
        (Some(Left::Stopped), _) => Ok(None),
        (Some(Left::Said(sentence)), _) => Err(sentence),
        (None, written) => written.map(|()| Some(path.clone())).map_err(|error| error.to_string()),
    }
}

/// Whether two paths name the same file.
fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
