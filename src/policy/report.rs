//! The overrun report: for each application and API what the policy decides beside what an issuer hands out, with sums.

use super::decide::Policy;
use super::decision::LimitKind;
use super::fleet::{FleetColumn, OverrunUpTo, Row, RowOutcome, Sortable, row};
use super::impact::Answer;
use super::status::{Status, Window};
use super::timeline::Timeline;
use crate::registry::{Application, Grant, Instant, ProfileName, Registry};
use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

/// A row in little room: places instead of words, so that a hundred thousand cost a few megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportRow {
    /// The application's place in the report's registry.
    pub application: u32,
    /// The grant's place in the application.
    pub grant: u32,
    /// The application's status.
    pub status: Status,
    /// Seconds by the policy, or the reason of its denial.
    pub policy: Answer,
    /// What kind of setting decided that.
    pub limit: Option<LimitKind>,
    /// Where it was a scope, its place in the grant.
    pub scope: Option<u32>,
    /// Seconds at the issuer, or the reason of its denial.
    pub issuer: Answer,
    /// Seconds past the end that a token of now would live.
    pub overrun: Option<i64>,
    /// The most that it can be.
    pub up_to: Option<OverrunUpTo>,
    /// The latest `exp` of any token handed out.
    pub tokens_until: Option<Instant>,
}

/// What the rows come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Applications and APIs.
    pub rows: usize,
    /// Rows of which the policy grants a token now.
    pub granted: usize,
    /// Rows of which the issuer hands one out now.
    pub issued: usize,
    /// Rows whose token of now would outlive the application.
    pub overrunning: usize,
    /// By how many seconds in all.
    pub overrun: i64,
    /// By how many seconds at most.
    pub longest: i64,
    /// Applications that have ended and get tokens from the issuer all the same.
    pub ended_and_issued: usize,
    /// Applications that have ended and whose tokens may still live.
    pub ended_and_alive: usize,
}

/// Every row at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the rows' places are places in, whatever has been edited since.
    pub registry: Arc<Registry>,
    /// Whose tokens stand beside the policy's.
    pub profile: ProfileName,
    /// The instant of the question.
    pub at: Instant,
    /// When a status changes next by itself.
    pub until: Option<Instant>,
    /// By client id, then audience.
    pub rows: Vec<ReportRow>,
}

impl Report {
    /// Asks about every application and granted API.
    #[must_use]
    pub fn new(
        policy: &Policy,
        profile: ProfileName,
        at: Instant,
        ending_days: u32,
        timeline: &Timeline,
    ) -> Self {
        let nobody_stops = Self::new_while(policy, profile, at, ending_days, timeline, &mut || true);
        nobody_stops.unwrap_or_else(|| Self::empty(policy, profile, at))
    }

    /// The same, asking every few hundred applications whether to go on. Gives nothing where it was stopped.
    pub fn new_while(
        policy: &Policy,
        profile: ProfileName,
        at: Instant,
        ending_days: u32,
        timeline: &Timeline,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Option<Self> {
        const STRIDE: usize = 256;
        let mut report = Self::empty(policy, profile, at);
        let registry = policy.registry().clone();
        for (place, application) in (0..).zip(registry.applications()) {
            if (place as usize).is_multiple_of(STRIDE) && !go_on() {
                return None;
            }
            let next = Window::from(application.as_ref()).next_status(at, ending_days);
            report.until = [report.until, next].into_iter().flatten().min();
            for (grant_place, grant) in (0..).zip(&application.grants) {
                let row = row(policy, profile, (application, grant), at, ending_days, timeline);
                let scope = decides(&row, grant);
                report.rows.push(ReportRow { scope, ..ReportRow::of(&row, place, grant_place) });
            }
        }
        Some(report)
    }

    fn empty(policy: &Policy, profile: ProfileName, at: Instant) -> Self {
        let registry = policy.registry().clone();
        let rows = Vec::with_capacity(registry.applications().iter().map(|app| app.grants.len()).sum());
        Self { registry, profile, at, until: None, rows }
    }

    /// The application and grant of a row.
    #[must_use]
    pub fn of(&self, row: &ReportRow) -> Option<(&Arc<Application>, &Grant)> {
        let application = self.registry.applications().get(row.application as usize)?;
        Some((application, application.grants.get(row.grant as usize)?))
    }

    /// Orders places of rows that stand as the report does.
    pub fn sort(&self, places: &mut [u32], column: FleetColumn, descending: bool) {
        places.sort_by_cached_key(|place| {
            let row = self.rows.get(*place as usize)?;
            let (application, grant) = self.of(row)?;
            Some(column.key(&Sortable {
                title: application.title(),
                client_id: &application.client_id,
                audience: &grant.audience,
                status: row.status,
                expires_at: application.expires_at,
                policy: row.policy.ok(),
                issuer: row.issuer.ok(),
                overrun: row.overrun,
                up_to: row.up_to,
                tokens_until: row.tokens_until,
            }))
        });
        if descending {
            places.reverse();
        }
    }
}

/// The place in the grant of the scope that decides, where one does.
fn decides(row: &Row<'_>, grant: &Grant) -> Option<u32> {
    let RowOutcome::Granted { limit: LimitKind::Scope, source, .. } = row.outcome else { return None };
    (0..).zip(&grant.scopes).find(|(_, scope)| *scope == source).map(|(place, _)| place)
}

impl ReportRow {
    /// A row without its words; the places are those of its application and grant.
    #[must_use]
    pub fn of(row: &Row<'_>, application: u32, grant: u32) -> Self {
        let (policy, limit) = match row.outcome {
            RowOutcome::Granted { lifetime, limit, .. } => (Ok(lifetime), Some(limit)),
            RowOutcome::Denied(reason) => (Err(reason.as_str()), None),
        };
        Self {
            application,
            grant,
            status: row.status,
            policy,
            limit,
            scope: None,
            issuer: row.issuer,
            overrun: row.overrun,
            up_to: row.overrun_up_to,
            tokens_until: row.tokens_until,
        }
    }
}

impl Sums {
    /// Of all these rows, each with what tells its application from others.
    pub fn of<K: Copy + Eq + Hash>(rows: impl IntoIterator<Item = (K, ReportRow)>, at: Instant) -> Self {
        let mut sums = Self::default();
        let (mut issued, mut alive) = (HashSet::new(), HashSet::new());
        for (application, row) in rows {
            sums.add(&row);
            if row.status != Status::Ended {
                continue;
            }
            if row.issuer.is_ok() {
                issued.insert(application);
            }
            if row.tokens_until.is_some_and(|until| until > at) {
                alive.insert(application);
            }
        }
        (sums.ended_and_issued, sums.ended_and_alive) = (issued.len(), alive.len());
        sums
    }

    fn add(&mut self, row: &ReportRow) {
        self.rows += 1;
        self.granted += usize::from(row.policy.is_ok());
        self.issued += usize::from(row.issuer.is_ok());
        let overrun = row.overrun.unwrap_or_default();
        self.overrunning += usize::from(overrun > 0);
        self.overrun = self.overrun.saturating_add(overrun);
        self.longest = self.longest.max(overrun);
    }
}
