//! A row for every application and granted API: what it gets, and what the real issuer gives it.

use super::decide::{Policy, decide_for};
use super::decision::{Decision, LimitKind, Outcome, Reason};
use super::impact::Answer;
use super::profile::{by_system, lifetime, overrun};
use super::status::{Status, status};
use super::timeline::Timeline;
use crate::registry::{Api, Application, Duration, Grant, Instant, ProfileName};
use serde::{Serialize, Serializer};
use std::cmp::Reverse;

/// An application and one of its grants, asked for whole. It borrows its words from the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Who.
    pub client_id: &'a str,
    /// Whose application it is.
    pub customer: &'a str,
    /// What to call it: its customer, else its name, else its client id.
    pub title: &'a str,
    /// For which API.
    pub audience: &'a str,
    /// The application's status.
    pub status: Status,
    /// The application's end.
    pub expires_at: Option<Instant>,
    /// What the policy says.
    pub outcome: RowOutcome<'a>,
    /// What the profile's system gives: seconds, or the reason of its denial.
    pub issuer: Answer,
    /// Seconds past the end that the profile's token would live; absent where there is no end or no token.
    pub overrun: Option<i64>,
    /// The most that an overrun can be; absent where there is no end.
    pub overrun_up_to: Option<OverrunUpTo>,
    /// The latest `exp` of any token that the profile could have issued.
    pub tokens_until: Option<Instant>,
}

/// A decision without its list of limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOutcome<'a> {
    /// A token is issued.
    Granted {
        /// Its lifetime in seconds.
        lifetime: i64,
        /// What kind of setting decided.
        limit: LimitKind,
        /// Which one.
        source: &'a str,
    },
    /// None is.
    Denied(Reason),
}

/// The most that tokens can outlive an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OverrunUpTo {
    /// So many seconds; none is 0.
    Seconds(i64),
    /// The profile goes on issuing after the end.
    Unbounded,
}

impl Serialize for OverrunUpTo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Seconds(seconds) => serializer.serialize_i64(*seconds),
            Self::Unbounded => serializer.serialize_str("unbounded"),
        }
    }
}

impl<'a> RowOutcome<'a> {
    /// The same decision without its list of limits.
    #[must_use]
    pub fn of(decision: &Decision<'a>) -> Self {
        match &decision.outcome {
            Outcome::Granted(granted) => {
                let (limit, source) =
                    granted.binding().map_or((LimitKind::Service, ""), |b| (b.limit, b.source));
                Self::Granted { lifetime: granted.lifetime, limit, source }
            }
            Outcome::Denied(denied) => Self::Denied(denied.reason),
        }
    }

    /// The lifetime in seconds where a token is issued.
    #[must_use]
    pub const fn lifetime(&self) -> Option<i64> {
        match self {
            Self::Granted { lifetime, .. } => Some(*lifetime),
            Self::Denied(_) => None,
        }
    }
}

/// Every row, by client id, then audience.
#[must_use]
pub fn fleet<'a>(
    policy: &'a Policy,
    profile: ProfileName,
    at: Instant,
    ending_days: u32,
    timeline: &Timeline,
) -> Vec<Row<'a>> {
    let applications = policy.registry().applications();
    let mut rows = Vec::with_capacity(applications.iter().map(|a| a.grants.len()).sum());
    for application in applications {
        rows.extend(
            application
                .grants
                .iter()
                .map(|g| row(policy, profile, (application, g), at, ending_days, timeline)),
        );
    }
    rows
}

/// One row.
#[must_use]
pub fn row<'a>(
    policy: &'a Policy,
    profile: ProfileName,
    (application, grant): (&'a Application, &'a Grant),
    at: Instant,
    ending_days: u32,
    timeline: &Timeline,
) -> Row<'a> {
    let api: Option<&'a Api> = policy.registry().api(&grant.audience).map(AsRef::as_ref);
    let target = (grant.audience.as_str(), api);
    let whole = || grant.scopes.iter().map(String::as_str).collect::<Vec<_>>();
    let decision = decide_for(policy, application, target, whole(), at, None);
    let (issuer, overrun) = match (profile, &decision.outcome) {
        (ProfileName::Tenure, Outcome::Granted(granted)) => {
            (Ok(granted.lifetime), overrun(application, granted.expires_at))
        }
        (ProfileName::Tenure, Outcome::Denied(denied)) => (Err(denied.reason.as_str()), None),
        _ => match by_system(profile, policy, application, target, whole(), at, None) {
            Ok(issued) => (Ok(issued.lifetime), issued.overrun),
            Err(denial) => (Err(denial.as_str()), None),
        },
    };
    Row {
        client_id: &application.client_id,
        customer: &application.customer,
        title: application.title(),
        audience: &grant.audience,
        status: status(application, at, ending_days),
        expires_at: application.expires_at,
        outcome: RowOutcome::of(&decision),
        issuer,
        overrun,
        overrun_up_to: application.expires_at.map(|_| up_to(profile, policy, application, api)),
        tokens_until: timeline.tokens_until_of(
            policy.registry(),
            profile,
            (application, &grant.audience),
            at,
        ),
    }
}

/// The most by which a token of the profile can outlive the application's end; absent where it has none.
#[must_use]
pub fn overrun_up_to(
    profile: ProfileName,
    policy: &Policy,
    application: &Application,
    audience: &str,
) -> Option<OverrunUpTo> {
    let api = policy.registry().api(audience).map(AsRef::as_ref);
    application.expires_at.map(|_| up_to(profile, policy, application, api))
}

fn up_to(profile: ProfileName, policy: &Policy, application: &Application, api: Option<&Api>) -> OverrunUpTo {
    match profile {
        ProfileName::Tenure | ProfileName::Auth0ActionStrict => OverrunUpTo::Seconds(0),
        ProfileName::Auth0Action => OverrunUpTo::Seconds(api.map_or(0, |api| {
            lifetime(profile, &policy.registry().service, application, api, &[], None::<Duration>).seconds()
        })),
        _ => OverrunUpTo::Unbounded,
    }
}

/// A column by which rows are ordered, in the window, on the command line and in files.
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
    /// When it ends; what never ends comes last.
    Ends,
    /// What the policy decides; who is denied comes first.
    Policy,
    /// What the issuer hands out.
    Issuer,
    /// By how much that outlives the end, the largest first.
    #[default]
    Overrun,
    /// The most that it can be, the largest first.
    UpTo,
    /// Until when tokens may live, the latest first.
    TokensUntil,
}

/// What rows are ordered by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sortable<'a> {
    pub title: &'a str,
    pub client_id: &'a str,
    pub audience: &'a str,
    pub status: Status,
    pub expires_at: Option<Instant>,
    pub policy: Option<i64>,
    pub issuer: Option<i64>,
    pub overrun: Option<i64>,
    pub up_to: Option<OverrunUpTo>,
    pub tokens_until: Option<Instant>,
}

/// The place of a row in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SortKey<'a> {
    Words(&'a str),
    Status(Status),
    Smallest(i64),
    Largest(Reverse<i64>),
}

impl FleetColumn {
    /// Whether what is largest comes first, since it is what one looks for.
    #[must_use]
    pub const fn largest_first(self) -> bool {
        matches!(self, Self::Overrun | Self::UpTo | Self::TokensUntil)
    }

    pub(super) fn key<'a>(self, row: &Sortable<'a>) -> SortKey<'a> {
        let seconds = |found: Option<i64>| found.unwrap_or(i64::MIN);
        match self {
            Self::Customer => SortKey::Words(row.title),
            Self::Client => SortKey::Words(row.client_id),
            Self::Api => SortKey::Words(row.audience),
            Self::Status => SortKey::Status(row.status),
            Self::Ends => SortKey::Smallest(row.expires_at.map_or(i64::MAX, Instant::seconds)),
            Self::Policy => SortKey::Smallest(seconds(row.policy)),
            Self::Issuer => SortKey::Smallest(seconds(row.issuer)),
            Self::Overrun => SortKey::Largest(Reverse(seconds(row.overrun))),
            Self::UpTo => SortKey::Largest(Reverse(match row.up_to {
                None => i64::MIN,
                Some(OverrunUpTo::Seconds(seconds)) => seconds,
                Some(OverrunUpTo::Unbounded) => i64::MAX,
            })),
            Self::TokensUntil => SortKey::Largest(Reverse(seconds(row.tokens_until.map(Instant::seconds)))),
        }
    }
}

/// Orders rows that come by client id, then audience; the same rows at the window's table and here stand alike.
pub fn sort_rows(rows: &mut [Row<'_>], column: FleetColumn, descending: bool) {
    rows.sort_by_cached_key(|row| {
        column.key(&Sortable {
            title: row.title,
            client_id: row.client_id,
            audience: row.audience,
            status: row.status,
            expires_at: row.expires_at,
            policy: row.outcome.lifetime(),
            issuer: row.issuer.ok(),
            overrun: row.overrun,
            up_to: row.overrun_up_to,
            tokens_until: row.tokens_until,
        })
    });
    if descending {
        rows.reverse();
    }
}
