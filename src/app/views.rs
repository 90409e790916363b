//! Views: which applications are looked at, in which order, with which columns; saved ones stand in the registry.

use super::stored::commit;
use super::{Effect, State};
use crate::edit::operation;
use crate::registry::{Column, Order, SavedView};
use std::sync::LazyLock;

/// What the monthly review asks: who has ended and can still get tokens.
pub const STILL_GRANTED: &str = "status:ended has:access";

/// The name of the view that asks it.
pub const REVIEW: &str = "Ended, still granted";

/// The views that every registry has.
pub static BUILT_IN: LazyLock<[SavedView; 2]> = LazyLock::new(|| {
    let view = |name: &str, filter: &str, columns: &[Column]| SavedView {
        name: name.to_owned(),
        filter: filter.to_owned(),
        order: Order { column: Column::ExpiresAt, descending: false },
        columns: columns.to_vec(),
    };
    [
        view(
            REVIEW,
            STILL_GRANTED,
            &[Column::Customer, Column::ClientId, Column::ExpiresAt, Column::Apis, Column::TokensUntil],
        ),
        view("Ending in 7 days", "expires<7d", &Column::USUAL),
    ]
});

impl State {
    /// The views that can be chosen: every registry's, then those saved in this one. One of a name hides the other.
    pub fn views(&self) -> impl Iterator<Item = &SavedView> {
        let saved = self.policy().map(|policy| policy.registry().views()).unwrap_or_default();
        let hidden = |view: &&SavedView| !saved.iter().any(|own| own.name == view.name);
        BUILT_IN.iter().filter(hidden).chain(saved.iter().map(AsRef::as_ref))
    }

    /// The columns of the list, from left to right.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        self.applications.columns.as_ref().unwrap_or(&self.settings.columns)
    }

    /// The list as it is now, to be saved under a name.
    #[must_use]
    pub fn view_now(&self, name: &str) -> SavedView {
        let list = &self.applications;
        let status = list.status.map(|status| format!("status:{}", status.as_str()));
        let words = [list.filter.trim(), status.as_deref().unwrap_or_default()];
        let filter: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
        SavedView {
            name: name.to_owned(),
            filter: filter.join(" "),
            order: list.sort,
            columns: self.columns().to_vec(),
        }
    }

    /// The view that the list shows, where nothing was changed since it was taken.
    #[must_use]
    pub fn view_in_force(&self) -> Option<&SavedView> {
        let list = &self.applications;
        self.views().find(|view| {
            list.status.is_none()
                && view.filter == list.filter.trim()
                && view.order == list.sort
                && (view.columns.is_empty() || view.columns == self.columns())
        })
    }
}

/// Shows a view by name, or with none every application.
pub(super) fn take(state: &mut State, name: Option<&str>) -> Vec<Effect> {
    let view = match name {
        None => SavedView::default(),
        Some(name) => match state.views().find(|view| view.name == name) {
            Some(view) => view.clone(),
            None => return Vec::new(),
        },
    };
    let list = &mut state.applications;
    (list.filter, list.sort, list.status) = (view.filter, view.order, None);
    list.columns = Some(view.columns).filter(|columns| !columns.is_empty());
    Vec::new()
}

/// Chooses the columns, of which there is always one: those of the view in hand, else the person's own, which are kept.
pub(super) fn choose(state: &mut State, columns: Vec<Column>) -> Vec<Effect> {
    if columns.is_empty() {
        return Vec::new();
    }
    if let Some(own) = &mut state.applications.columns {
        *own = columns;
        return Vec::new();
    }
    state.settings.columns = columns;
    vec![Effect::SaveSettings(state.settings.clone())]
}

/// Saves the list as it is under a name.
///
/// # Errors
/// A sentence where the name is missing.
pub(super) fn save(state: &mut State, name: &str) -> Result<Vec<Effect>, String> {
    if name.is_empty() {
        return Err("a name is needed; the view is found by it".to_owned());
    }
    if let Some(error) = &state.applications.error {
        return Err(format!("the filter cannot be read: {error}"));
    }
    let view = state.view_now(name);
    let change = state.open.as_ref().and_then(|open| operation::save_view(open.registry(), view));
    Ok(commit(state, change.map(|change| (format!("Save view {name}"), vec![change])).into_iter().collect()))
}

/// Removes a saved view.
pub(super) fn remove(state: &mut State, name: &str) -> Vec<Effect> {
    let Some(view) = state.open.as_ref().and_then(|open| open.registry().view(name).cloned()) else {
        return Vec::new();
    };
    let effects = commit(state, vec![(format!("Delete view {name}"), vec![operation::remove_view(&view)])]);
    if !effects.is_empty() {
        state.say(format!("Deleted view {name}: undo brings it back"));
    }
    effects
}
