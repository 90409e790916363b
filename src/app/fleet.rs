//! The Fleet page of the Preview: the overrun report of every application and API, counted beside the window.

use super::{AsOf, Effect, Preview, Screen, State};
use crate::policy::{OverrunUpTo, Policy, Report, ReportRow, Sums, Timeline};
use crate::registry::{Application, Grant, Instant, ProfileName, Registry};
use std::cmp::Reverse;
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
    basis: Option<Basis>,
    arranged: Option<(u64, bool, (FleetColumn, bool), u64)>,
}

/// A column of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FleetColumn {
    /// Whose it is.
    Customer,
    /// Its client id.
    Client,
    /// For which API.
    Api,
    /// Its status.
    Status,
    /// When it ends.
    Ends,
    /// What the policy decides.
    Policy,
    /// What the issuer hands out.
    Issuer,
    /// By how much that outlives the end.
    #[default]
    Overrun,
    /// The most that it can be.
    UpTo,
    /// Until when tokens may live.
    TokensUntil,
}

/// What a report was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Basis {
    revision: u64,
    past: bool,
    profile: ProfileName,
    /// A chosen instant; with the live clock the list's version, which grows when a status changes.
    at: Option<Instant>,
    version: u64,
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
}

impl State {
    /// The issuer whose tokens the Fleet page shows.
    #[must_use]
    pub fn fleet_profile(&self) -> ProfileName {
        let own = self.policy().map(|policy| policy.registry().service.issuer_profile);
        self.fleet.profile.or(own).unwrap_or_default()
    }
}

/// Asks for a report where the page is in front and the one that is there is old.
pub(super) fn wanted(state: &mut State) -> Option<Effect> {
    if !state.fleet.shown || state.screen != Screen::Preview {
        return None;
    }
    let (policy, open) = (state.policy()?.clone(), state.open.as_ref()?);
    let profile = state.fleet_profile();
    let (at, version) = match state.as_of {
        AsOf::At(at) => (Some(at), 0),
        AsOf::Live => (None, state.applications.version),
    };
    let basis = Basis { revision: open.revision, past: state.past_in_force(), profile, at, version };
    if state.fleet.basis == Some(basis) {
        return None;
    }
    let (at, timeline, ending_days) = (state.at(), open.timeline().clone(), state.settings.ending_days);
    let fleet = &mut state.fleet;
    fleet.ticket += 1;
    (fleet.basis, fleet.counting) = (Some(basis), true);
    let ticket = fleet.ticket;
    Some(Effect::Report(ReportQuestion { ticket, policy, timeline, profile, at, ending_days }))
}

/// Takes a report, unless a newer one was asked for.
pub(super) fn reported(state: &mut State, ticket: u64, report: Arc<Report>) {
    if state.fleet.ticket == ticket {
        (state.fleet.report, state.fleet.counting, state.fleet.arranged) = (Some(report), false, None);
    }
}

/// Orders the rows and sums them up, where anything that they depend on has changed.
pub(super) fn arrange(state: &mut State) {
    let Some(registry) = state.policy().map(|policy| policy.registry().clone()) else { return };
    let list = &state.applications;
    let fleet = &mut state.fleet;
    let Some(report) = fleet.report.clone() else { return };
    let version = if fleet.filtered { list.version } else { 0 };
    let arranged = (fleet.ticket, fleet.filtered, fleet.sort, version);
    if fleet.arranged == Some(arranged) {
        return;
    }
    fleet.arranged = Some(arranged);
    let mut shown = vec![!fleet.filtered; registry.applications().len()];
    if fleet.filtered {
        for row in &list.rows {
            if let Some(shown) = shown.get_mut(*row as usize) {
                *shown = true;
            }
        }
    }
    let is_shown = |row: &ReportRow| shown.get(row.application as usize).copied().unwrap_or_default();
    fleet.order = (0..).zip(&report.rows).filter(|(_, row)| is_shown(row)).map(|(place, _)| place).collect();
    order(&mut fleet.order, &report, &registry, fleet.sort);
    fleet.sums = Sums::of(report.rows.iter().filter(|row| is_shown(row)), report.at);
    fleet.row = fleet.row.min(fleet.order.len().saturating_sub(1));
}

/// The application and grant of a row, as far as the settings in force still know them.
#[must_use]
pub fn of_row<'a>(registry: &'a Registry, row: &ReportRow) -> Option<(&'a Arc<Application>, &'a Grant)> {
    let application = registry.applications().get(row.application as usize)?;
    Some((application, application.grants.get(row.grant as usize)?))
}

fn order(order: &mut [u32], report: &Report, registry: &Registry, (column, descending): (FleetColumn, bool)) {
    let row = |place: &u32| report.rows.get(*place as usize);
    let names = |place: &u32| row(place).and_then(|row| of_row(registry, row));
    match column {
        FleetColumn::Client => order.sort_unstable(),
        FleetColumn::Customer => order.sort_by(|a, b| {
            let title = |place| names(place).map(|(application, _)| application.title());
            title(a).cmp(&title(b))
        }),
        FleetColumn::Api => order.sort_by(|a, b| {
            let audience = |place| names(place).map(|(_, grant)| grant.audience.as_str());
            audience(a).cmp(&audience(b))
        }),
        FleetColumn::Status => order.sort_by_key(|place| row(place).map(|row| row.status)),
        FleetColumn::Ends => order.sort_by_key(|place| {
            names(place)
                .and_then(|(application, _)| application.expires_at)
                .map_or(i64::MAX, Instant::seconds)
        }),
        FleetColumn::Policy => order.sort_by_key(|place| row(place).and_then(|row| row.policy.ok())),
        FleetColumn::Issuer => order.sort_by_key(|place| row(place).and_then(|row| row.issuer.ok())),
        // What is largest is looked for.
        FleetColumn::Overrun => order.sort_by_key(|place| Reverse(row(place).and_then(|row| row.overrun))),
        FleetColumn::UpTo => {
            order.sort_by_key(|place| Reverse::<Option<OverrunUpTo>>(row(place).and_then(|row| row.up_to)));
        }
        FleetColumn::TokensUntil => {
            order.sort_by_key(|place| Reverse(row(place).and_then(|row| row.tokens_until)));
        }
    }
    if descending {
        order.reverse();
    }
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

/// Asks the Preview about a row.
pub(super) fn open_row(state: &mut State, place: usize) {
    state.fleet.row = place;
    let Some(registry) = state.policy().map(|policy| policy.registry().clone()) else { return };
    let row = state.fleet.report.as_ref().and_then(|report| {
        let place = state.fleet.order.get(place)?;
        report.rows.get(*place as usize).copied()
    });
    let Some((application, grant)) = row.and_then(|row| of_row(&registry, &row)) else { return };
    state.applications.selected = Some(application.client_id.clone());
    let about = Preview::about(&registry, &application.client_id, Some(&grant.audience));
    state.preview = Preview { profile: Some(state.fleet_profile()), ..about };
    state.fleet.shown = false;
}
