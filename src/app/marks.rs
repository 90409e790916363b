//! Which applications are selected for a bulk edit.

use super::{Applications, Shared, State};
use crate::registry::{Application, Registry};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How a selection changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// This one comes or goes.
    Toggle(String),
    /// Everything from the row that was pressed last to this one.
    Through(String),
    /// Everything that the filter shows; nothing where all of it is selected already.
    All,
    /// Nothing.
    Clear,
}

impl Applications {
    /// Changes the selection.
    pub(super) fn mark(&mut self, mark: Mark, registry: &Registry) {
        match mark {
            Mark::Toggle(id) => {
                if !self.marked.remove(&id) {
                    self.marked.insert(id.clone());
                }
                self.selected = Some(id);
            }
            Mark::Through(id) => {
                let from = self.selected_row(registry);
                self.selected = Some(id);
                if let (Some(from), Some(to)) = (from, self.selected_row(registry)) {
                    let between: Vec<String> =
                        self.ids(registry, from.min(to)..=from.max(to)).map(str::to_owned).collect();
                    self.marked.extend(between);
                }
            }
            Mark::All => {
                let shown: BTreeSet<String> =
                    self.ids(registry, 0..=self.rows.len()).map(str::to_owned).collect();
                if shown.iter().all(|id| self.marked.contains(id)) {
                    self.marked.retain(|id| !shown.contains(id));
                } else {
                    self.marked.extend(shown);
                }
            }
            Mark::Clear => self.marked.clear(),
        }
        self.count_marked(registry);
    }

    fn ids<'a>(
        &'a self,
        registry: &'a Registry,
        range: std::ops::RangeInclusive<usize>,
    ) -> impl Iterator<Item = &'a str> + 'a {
        let count = range.end() - range.start() + 1;
        let rows = self.rows.iter().skip(*range.start()).take(count);
        rows.filter_map(|row| registry.applications().get(*row as usize)).map(|app| app.client_id.as_str())
    }

    /// Finds out once what is selected, for the box in the head and the inspector.
    pub(super) fn count_marked(&mut self, registry: &Registry) {
        self.marks += 1;
        let ids = self.marked.iter().map(String::as_str);
        self.shared = Shared::of(registry, ids).filter(|shared| shared.count > 1);
        let in_view = match self.marked.is_empty() {
            true => 0,
            false => self.ids(registry, 0..=self.rows.len()).filter(|id| self.marked.contains(*id)).count(),
        };
        self.marked_out_of_view = self.marked.len() - in_view;
        self.marked_rows = match in_view {
            0 if self.marked.is_empty() => Marked::None,
            all if all == self.rows.len() && all > 0 => Marked::All,
            _ => Marked::Some,
        };
    }
}

/// How much is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Marked {
    /// Nothing.
    #[default]
    None,
    /// Some of the rows.
    Some,
    /// Every row.
    All,
}

impl State {
    /// The applications that an edit concerns: those that are marked, else the selected one.
    #[must_use]
    pub fn chosen(&self) -> Vec<Arc<Application>> {
        let Some(policy) = self.policy() else { return Vec::new() };
        let registry = policy.registry();
        if self.applications.marked.is_empty() {
            return self.selected_application().cloned().into_iter().collect();
        }
        self.applications.marked.iter().filter_map(|id| registry.application(id).cloned()).collect()
    }
}
