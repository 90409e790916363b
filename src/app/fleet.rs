//! The Fleet page of the Preview: the overrun report of every application and API, counted beside the window.

use super::{AsOf, Effect, Preview, STILL_GRANTED, Screen, State};
use crate::policy::{Filter, FilterContext, FleetColumn, Policy, Report, ReportRow, Sums, Timeline};
use crate::registry::{Instant, ProfileName, Registry};
use std::sync::Arc;

/// The Fleet page.
#[derive(Debug, Default)]
pub struct Fleet {
    /// Whether it stands in front of the Preview's one request.
    pub shown: bool,
    /// The issuer that is looked at; the registry's where none is chosen.
    pub profile: Option<ProfileName>,
    /// Only what the filter of Applications shows.
    pub filtered: bool,
    /// By which column the rows are ordered, and whether from the end.
    pub sort: (FleetColumn, bool),
    /// The newest report that is there.
    pub report: Option<Arc<Report>>,
    /// The rows in their order: places in the report.
    pub order: Vec<u32>,
    /// What they come to.
    pub sums: Sums,
    /// Which row the keyboard stands on: a place in the order.
    pub row: usize,
    /// A newer report is being made.
    pub counting: bool,
    ticket: u64,
    /// Another page was in front since.
    left: bool,
    basis: Option<Basis>,
    arranged: Option<(bool, (FleetColumn, bool), u64)>,
}

/// What a report was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Basis {
    revision: u64,
    past: bool,
    profile: ProfileName,
    /// A chosen instant; the live clock counts anew when a status changes.
    at: Option<Instant>,
    ending_days: u32,
}

/// A report that is wanted.
#[derive(Debug, Clone)]
pub struct ReportQuestion {
    /// Comes back with the answer.
    pub ticket: u64,
    /// The settings in force.
    pub policy: Policy,
    /// Which were in force before.
    pub timeline: Arc<Timeline>,
    /// The issuer.
    pub profile: ProfileName,
    /// The instant.
    pub at: Instant,
    /// From how many days before its end an application counts as ending.
    pub ending_days: u32,
}

impl Fleet {
    /// The page as it begins for another registry; a report that is still being made for the last one is not taken.
    #[must_use]
    pub(super) fn fresh(&self) -> Self {
        Self { ticket: self.ticket, ..Self::default() }
    }

    /// Whether the live clock has gone past the report: a status has changed, or one comes back to the page later.
    fn outlived(&self, now: Instant, back: bool) -> bool {
        const STAYS: i64 = 60;
        let live = self.basis.is_some_and(|basis| basis.at.is_none());
        let old = |report: &Arc<Report>| {
            now < report.at
                || report.until.is_some_and(|until| now >= until)
                || (back && now.since(report.at) >= STAYS)
        };
        live && !self.counting && self.report.as_ref().is_some_and(old)
    }

    /// When the report that stands there is next outlived by itself.
    #[must_use]
    pub(super) fn next_transition(&self) -> Option<Instant> {
        self.report.as_ref().filter(|_| self.shown).and_then(|report| report.until)
    }
}

impl State {
    /// The issuer whose tokens the Fleet page shows.
    #[must_use]
    pub fn fleet_profile(&self) -> ProfileName {
        let own = self.policy().map(|policy| policy.registry().service.issuer_profile);
        self.fleet.profile.or(own).unwrap_or_default()
    }
}

impl State {
    /// Whether the Fleet page is in front.
    #[must_use]
    pub fn on_fleet(&self) -> bool {
        self.fleet.shown && self.screen == Screen::Preview
    }

    /// Who has ended and can still get tokens, whatever the filter of Applications shows.
    #[must_use]
    pub(super) fn still_granted(&self) -> Vec<String> {
        let (Some(policy), Ok(filter)) = (self.policy(), STILL_GRANTED.parse::<Filter>()) else {
            return Vec::new();
        };
        let context = FilterContext {
            policy,
            profile: self.fleet_profile(),
            at: self.at(),
            ending_days: self.settings.ending_days,
        };
        let applications = policy.registry().applications().iter();
        applications.filter(|app| filter.matches(app, &context)).map(|app| app.client_id.clone()).collect()
    }
}

/// Asks for a report where the page is in front and the one that is there is old.
pub(super) fn wanted(state: &mut State) -> Option<Effect> {
    if !state.on_fleet() {
        state.fleet.left = true;
        return None;
    }
    let back = std::mem::take(&mut state.fleet.left);
    let (policy, open) = (state.policy()?.clone(), state.open.as_ref()?);
    let basis = Basis {
        revision: open.revision,
        past: state.past_in_force(),
        profile: state.fleet_profile(),
        at: match state.as_of {
            AsOf::At(at) => Some(at),
            AsOf::Live => None,
        },
        ending_days: state.settings.ending_days,
    };
    if state.fleet.basis == Some(basis) && !state.fleet.outlived(state.now, back) {
        return None;
    }
    let (at, timeline) = (state.at(), open.timeline().clone());
    let fleet = &mut state.fleet;
    fleet.ticket += 1;
    (fleet.basis, fleet.counting) = (Some(basis), true);
    let Basis { profile, ending_days, .. } = basis;
    Some(Effect::Report(ReportQuestion { ticket: fleet.ticket, policy, timeline, profile, at, ending_days }))
}

/// Takes a report, unless a newer one was asked for.
pub(super) fn reported(state: &mut State, ticket: u64, report: Arc<Report>) {
    if state.fleet.ticket == ticket {
        (state.fleet.report, state.fleet.counting, state.fleet.arranged) = (Some(report), false, None);
    }
}

/// Orders the rows and sums them up, where the page is in front and anything that they depend on has changed.
pub(super) fn arrange(state: &mut State) {
    let Some(policy) = state.policy().filter(|_| state.on_fleet()) else { return };
    let (registry, list) = (policy.registry().clone(), &state.applications);
    let fleet = &mut state.fleet;
    let Some(report) = fleet.report.clone() else { return };
    let version = if fleet.filtered { list.version } else { 0 };
    let arranged = (fleet.filtered, fleet.sort, version);
    if fleet.arranged == Some(arranged) {
        return;
    }
    fleet.arranged = Some(arranged);
    let mut shown = vec![!fleet.filtered; report.registry.applications().len()];
    if fleet.filtered {
        for row in &list.rows {
            let place = place_in(&report, &registry, *row as usize);
            if let Some(shown) = place.and_then(|place| shown.get_mut(place)) {
                *shown = true;
            }
        }
    }
    let is_shown = |row: &ReportRow| shown.get(row.application as usize).copied().unwrap_or_default();
    fleet.order = (0..).zip(&report.rows).filter(|(_, row)| is_shown(row)).map(|(place, _)| place).collect();
    let (column, descending) = fleet.sort;
    report.sort(&mut fleet.order, column, descending);
    let rows = report.rows.iter().filter(|row| is_shown(row)).map(|row| (row.application, *row));
    fleet.sums = Sums::of(rows, report.at);
    fleet.row = fleet.row.min(fleet.order.len().saturating_sub(1));
}

/// Where an application of the settings in force stands in the report, which may still be that of earlier ones.
fn place_in(report: &Report, registry: &Arc<Registry>, place: usize) -> Option<usize> {
    if Arc::ptr_eq(registry, &report.registry) {
        return Some(place);
    }
    let id = &registry.applications().get(place)?.client_id;
    report.registry.applications().binary_search_by(|app| app.client_id.cmp(id)).ok()
}

/// Orders by a column, or the other way round.
pub(super) fn sort(state: &mut State, column: FleetColumn) {
    let (by, descending) = state.fleet.sort;
    state.fleet.sort = (column, by == column && !descending);
}

/// Moves the keyboard by so many rows.
pub(super) fn step(state: &mut State, by: isize) {
    let last = state.fleet.order.len().saturating_sub(1);
    state.fleet.row = state.fleet.row.saturating_add_signed(by).min(last);
}

/// Asks the Preview about a row, as far as the settings in force still know it.
pub(super) fn open_row(state: &mut State, place: usize) {
    state.fleet.row = place;
    let Some(registry) = state.policy().map(|policy| policy.registry().clone()) else { return };
    let Some(report) = state.fleet.report.clone() else { return };
    let row = state.fleet.order.get(place).and_then(|at| report.rows.get(*at as usize));
    let Some((application, grant)) = row.and_then(|row| report.of(row)) else { return };
    if registry.application(&application.client_id).is_none() {
        return;
    }
    state.applications.selected = Some(application.client_id.clone());
    let about = Preview::about(&registry, &application.client_id, Some(&grant.audience));
    state.preview = Preview { profile: Some(state.fleet_profile()), ..about };
    state.fleet.shown = false;
}
