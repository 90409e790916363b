//! The Trials screen: every application's window on one axis of time, by its end.

use super::{Applications, Mark, State};
use crate::registry::{Instant, Registry};

/// The Trials screen.
#[derive(Debug, Default)]
pub struct Trials {
    /// The part of time in view, in seconds since 1970; nothing before the screen was shown.
    pub span: Option<(i64, i64)>,
    /// The rows: places in the registry's list of applications, the first end first, what never ends last.
    pub rows: Vec<u32>,
    /// The ends among the rows, in the same order.
    pub ends: Vec<i64>,
    /// Grows whenever the screen is shown, so that it begins with what ends next.
    pub visits: u64,
    basis: Option<u64>,
}

/// The shortest and the longest part of time that can be in view.
const SHORTEST: i64 = 3600;
const LONGEST: i64 = 20 * 366 * 86_400;

impl Trials {
    /// Brings the rows up to date where those of the Applications screen have changed.
    pub(super) fn refresh(&mut self, list: &Applications, registry: &Registry) {
        if self.basis == Some(list.version) {
            return;
        }
        let end = |row: &u32| registry.applications().get(*row as usize).and_then(|app| app.expires_at);
        self.rows.clone_from(&list.rows);
        self.rows.sort_by_cached_key(|row| end(row).map_or(i64::MAX, Instant::seconds));
        self.ends = self.rows.iter().filter_map(|row| end(row).map(Instant::seconds)).collect();
        self.basis = Some(list.version);
    }

    /// How many of the rows end in `from..to`.
    #[must_use]
    pub fn ending_between(&self, from: i64, to: i64) -> usize {
        let before = |t: i64| self.ends.partition_point(|end| *end < t);
        before(to).saturating_sub(before(from))
    }
}

/// The part of time in view where nothing was chosen yet: a month around the clock.
#[must_use]
pub fn first_span(at: Instant) -> (i64, i64) {
    (at.seconds() - 14 * 86_400, at.seconds() + 46 * 86_400)
}

/// A part of time widened or narrowed around an instant, within what can be shown.
#[must_use]
pub fn zoomed((from, to): (i64, i64), around: i64, by: f64) -> (i64, i64) {
    let span = (to - from).max(1);
    let wanted = ((span as f64 * by) as i64).clamp(SHORTEST, LONGEST);
    let part = (around - from) as f64 / span as f64;
    within(around - (part * wanted as f64) as i64, wanted)
}

/// A part of time moved by so many seconds, within what can be shown.
#[must_use]
pub fn moved((from, to): (i64, i64), by: i64) -> (i64, i64) {
    within(from.saturating_add(by), to - from)
}

fn within(from: i64, span: i64) -> (i64, i64) {
    let from = from.clamp(0, (Instant::MAX.seconds() - span).max(0));
    (from, from + span)
}

impl State {
    /// Selects every application of the Trials screen that ends in `from..to`.
    pub(super) fn mark_ends(&mut self, from: i64, to: i64) {
        let Some(registry) = self.policy().map(|policy| policy.registry().clone()) else { return };
        let first = self.trials.ends.partition_point(|end| *end < from);
        let count = self.trials.ending_between(from, to);
        let rows: Vec<u32> = self.trials.rows.iter().skip(first).take(count).copied().collect();
        self.applications.mark(Mark::Clear, &registry);
        let ids = rows.iter().filter_map(|row| registry.applications().get(*row as usize));
        self.applications.marked = ids.map(|app| app.client_id.clone()).collect();
        self.applications.count_marked(&registry);
    }
}
