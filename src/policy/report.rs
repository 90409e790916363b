//! The overrun report: for each application and API what the policy decides beside what an issuer hands out, with sums.

use super::decide::Policy;
use super::fleet::{OverrunUpTo, Row, RowOutcome, row};
use super::impact::Answer;
use super::status::Status;
use super::timeline::Timeline;
use crate::registry::{Instant, ProfileName};

/// A row in little room: places instead of words, so that a hundred thousand cost a few megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportRow {
    /// The application's place in the registry's list.
    pub application: u32,
    /// The grant's place in the application.
    pub grant: u32,
    /// The application's status.
    pub status: Status,
    /// Seconds by the policy, or the reason of its denial.
    pub policy: Answer,
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
    /// Of which the policy grants a token now.
    pub granted: usize,
    /// Of which the issuer hands one out now.
    pub issued: usize,
    /// Whose token of now would outlive the application.
    pub overrunning: usize,
    /// By how many seconds in all.
    pub overrun: i64,
    /// By how many seconds at most.
    pub longest: i64,
    /// That have ended and get tokens from the issuer all the same.
    pub ended_and_issued: usize,
    /// That have ended and whose tokens may still live.
    pub ended_and_alive: usize,
}

/// Every row at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whose tokens stand beside the policy's.
    pub profile: ProfileName,
    /// The instant of the question.
    pub at: Instant,
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
        let applications = policy.registry().applications();
        let mut rows = Vec::with_capacity(applications.iter().map(|app| app.grants.len()).sum());
        for (place, application) in (0..).zip(applications) {
            for (grant_place, grant) in (0..).zip(&application.grants) {
                let row = row(policy, profile, (application, grant), at, ending_days, timeline);
                rows.push(ReportRow::of(&row, place, grant_place));
            }
        }
        Self { profile, at, rows }
    }
}

impl ReportRow {
    /// A row without its words; the places are those of its application and grant.
    #[must_use]
    pub fn of(row: &Row<'_>, application: u32, grant: u32) -> Self {
        Self {
            application,
            grant,
            status: row.status,
            policy: match row.outcome {
                RowOutcome::Granted { lifetime, .. } => Ok(lifetime),
                RowOutcome::Denied(reason) => Err(reason.as_str()),
            },
            issuer: row.issuer,
            overrun: row.overrun,
            up_to: row.overrun_up_to,
            tokens_until: row.tokens_until,
        }
    }
}

impl Sums {
    /// Takes another row into account.
    pub fn add(&mut self, row: &ReportRow, at: Instant) {
        self.rows += 1;
        self.granted += usize::from(row.policy.is_ok());
        self.issued += usize::from(row.issuer.is_ok());
        let overrun = row.overrun.unwrap_or_default();
        self.overrunning += usize::from(overrun > 0);
        self.overrun = self.overrun.saturating_add(overrun);
        self.longest = self.longest.max(overrun);
        let ended = row.status == Status::Ended;
        self.ended_and_issued += usize::from(ended && row.issuer.is_ok());
        self.ended_and_alive += usize::from(ended && row.tokens_until.is_some_and(|until| until > at));
    }

    /// Of all these rows.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a ReportRow>, at: Instant) -> Self {
        let mut sums = Self::default();
        rows.into_iter().for_each(|row| sums.add(row, at));
        sums
    }
}
