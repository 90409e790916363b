//! Imports: a file is read beside the window, a table after its columns were looked at, and shown as a diff.

use super::accept::compare;
use super::{Comparison, Dialog, Effect, State, Task, Weighing};
use crate::edit::import_changes;
use crate::import::{Field, Imported, Mapping, Options};
use std::path::PathBuf;
use std::sync::Arc;

/// A table whose columns are looked at before it is read.
#[derive(Debug, Clone)]
pub struct Table {
    /// The file.
    pub path: PathBuf,
    /// Which column holds which field.
    pub mapping: Mapping,
    /// Whether the rows that can be read are enough.
    pub good_rows: bool,
    /// What is wrong with which row, after it was tried.
    pub problems: Vec<String>,
}

impl Table {
    /// The same table with another field in a column; the column that had it has none.
    #[must_use]
    pub fn with(mut self, column: usize, field: Option<Field>) -> Self {
        for (place, other) in self.mapping.columns.iter_mut().enumerate() {
            if place == column {
                other.field = field;
            } else if field.is_some() && other.field == field {
                other.field = None;
            }
        }
        self.problems.clear();
        self
    }

    fn options(&self) -> Options {
        let column = |column: &crate::import::Column| Some((column.heading.clone(), column.field?));
        let columns = self.mapping.columns.iter().filter_map(column).collect();
        Options { columns, good_rows: self.good_rows, ..Options::default() }
    }
}

/// Reads a file to import.
pub(super) fn start(state: &mut State, path: PathBuf) -> Vec<Effect> {
    read(state, path, None)
}

/// Reads a table as its columns were mapped.
pub(super) fn accept(state: &mut State, table: Table) -> Vec<Effect> {
    let (path, options) = (table.path.clone(), table.options());
    let ready = table.mapping.problem().is_none();
    state.dialog = Some(Dialog::Table(Box::new(table)));
    if ready { read(state, path, Some(Box::new(options))) } else { Vec::new() }
}

fn read(state: &mut State, path: PathBuf, options: Option<Box<Options>>) -> Vec<Effect> {
    let Some(today) = state.open.as_ref().map(|open| open.registry().clone()) else { return Vec::new() };
    state.busy = Some("Reading…".to_owned());
    vec![Effect::File(Task::Import { path, today, options })]
}

/// A table was found; its columns are shown.
pub(super) fn table(state: &mut State, path: PathBuf, mapping: Mapping) {
    state.busy = None;
    let table = Table { path, mapping, good_rows: false, problems: Vec::new() };
    state.dialog = Some(Dialog::Table(Box::new(table)));
}

/// A file was read, or could not be.
pub(super) fn imported(
    state: &mut State,
    path: PathBuf,
    result: Result<Box<Imported>, Vec<String>>,
) -> Vec<Effect> {
    state.busy = None;
    match result {
        Err(problems) => {
            match &mut state.dialog {
                Some(Dialog::Table(table)) => table.problems = problems,
                _ => state.fail_in_dialog(problems.join("\n")),
            }
            Vec::new()
        }
        Ok(imported) => {
            let Some(open) = &state.open else { return Vec::new() };
            let Imported { registry, mut notes, errors } = *imported;
            notes.extend(errors.iter().map(|problem| format!("left out: {problem}")));
            let other = Arc::new(registry);
            // A table is about those who stand in it; that nobody else is meant to go is more likely.
            let merge = matches!(state.dialog, Some(Dialog::Table(_)));
            let changes = import_changes(open.registry(), &other, merge);
            let weighing = Weighing::default();
            compare(state, Comparison { path, other, import: true, merge, changes, notes, weighing })
        }
    }
}
