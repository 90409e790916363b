//! The list of applications: filtered, counted and sorted once per change, never per frame.

use super::summary::summary;
use super::{Marked, Shared};
use crate::policy::{Filter, FilterContext, FilterError, Policy, Status, haystack, status};
use crate::registry::{Application, Instant, Registry};
use chrono_tz::Tz;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The Applications screen.
#[derive(Debug, Default)]
pub struct Applications {
    /// What is typed into the filter.
    pub filter: String,
    /// The status chip that is chosen.
    pub status: Option<Status>,
    /// The order.
    pub sort: Sort,
    /// The client id of the application that the keyboard stands on, which the inspector shows.
    pub selected: Option<String>,
    /// The client ids of those that are selected for a bulk edit.
    pub marked: BTreeSet<String>,
    /// How much of the rows that is.
    pub marked_rows: Marked,
    /// What they have in common, where there are several.
    pub shared: Option<Shared>,
    /// The rows: places in the registry's list of applications.
    pub rows: Vec<u32>,
    /// How many there are of each status, whatever chip is chosen.
    pub counts: Counts,
    /// When the next application changes its status by itself.
    pub next_transition: Option<Instant>,
    /// Grows whenever the rows are derived anew.
    pub version: u64,
    /// Why the filter cannot be read, while the rows are those of the last one that could.
    pub error: Option<FilterError>,
    read: Filter,
    haystacks: Haystacks,
    basis: Option<Basis>,
}

/// What the rows were derived from.
#[derive(Debug, PartialEq, Eq)]
struct Basis {
    revision: u64,
    filter: String,
    status: Option<Status>,
    sort: Sort,
    /// Statuses hold from here…
    from: Instant,
    /// … up to here.
    until: Option<Instant>,
    ending_days: u32,
    past: bool,
}

/// The lower-case text of every application, made once per revision.
#[derive(Debug, Default)]
struct Haystacks {
    revision: Option<(u64, bool)>,
    texts: Vec<Box<str>>,
    /// The places of all applications in the order of their customers: sorted once, filtered often.
    by_customer: Vec<u32>,
}

/// Applications by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that match the text.
    pub all: usize,
    by_status: [usize; 5],
}

impl Counts {
    /// How many have this status.
    #[must_use]
    pub fn of(&self, status: Status) -> usize {
        self.by_status.get(place(status)).copied().unwrap_or_default()
    }
}

const fn place(status: Status) -> usize {
    match status {
        Status::Suspended => 0,
        Status::Scheduled => 1,
        Status::Ended => 2,
        Status::Ending => 3,
        Status::Active => 4,
    }
}

/// The columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Column {
    /// Whose it is.
    #[default]
    Customer,
    /// Its client id.
    Client,
    /// Its status.
    Status,
    /// When it ends.
    Ends,
    /// Its longest lifetime.
    Lifetime,
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// By which column.
    pub column: Column,
    /// From the end.
    pub descending: bool,
}

/// What rows are derived from, besides the screen's own fields.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The settings in force.
    pub policy: &'a Policy,
    /// The clock in force.
    pub at: Instant,
    /// Which revision of the registry this is.
    pub revision: u64,
    /// Past settings are in force.
    pub past: bool,
    /// From how many days before the end an application counts as ending.
    pub ending_days: u32,
    /// The zone in which dates of the filter are midnights.
    pub zone: Tz,
}

impl Applications {
    /// Brings the rows up to date, where something that they depend on has changed.
    pub fn refresh(&mut self, view: View<'_>) {
        let current = self.basis.as_ref().is_some_and(|basis| {
            basis.revision == view.revision
                && basis.past == view.past
                && basis.filter == self.filter
                && basis.status == self.status
                && basis.sort == self.sort
                && basis.ending_days == view.ending_days
                && view.at >= basis.from
                && basis.until.is_none_or(|until| view.at < until)
        });
        if !current {
            self.derive(view);
        }
    }

    fn derive(&mut self, view: View<'_>) {
        let registry = view.policy.registry();
        self.haystacks.refresh(registry, (view.revision, view.past));
        match Filter::read(&self.filter, view.zone) {
            Ok(filter) => (self.read, self.error) = (filter, None),
            Err(error) => self.error = Some(error),
        }
        let profile = registry.service.issuer_profile;
        let context =
            FilterContext { policy: view.policy, profile, at: view.at, ending_days: view.ending_days };
        self.counts = Counts::default();
        self.next_transition = None;
        self.rows.clear();
        let order: Box<dyn Iterator<Item = u32>> = match self.sort.column {
            Column::Customer => Box::new(self.haystacks.by_customer.iter().copied()),
            _ => Box::new(0..u32::try_from(registry.applications().len()).unwrap_or(u32::MAX)),
        };
        for index in order {
            let slot = index as usize;
            let (Some(application), Some(text)) =
                (registry.applications().get(slot), self.haystacks.texts.get(slot))
            else {
                continue;
            };
            let itself = self.read.transitions(application).filter(|t| *t > view.at).min();
            self.next_transition = [self.next_transition, itself].into_iter().flatten().min();
            if !self.read.matches_with(application, text, &context) {
                continue;
            }
            let status = status(application, view.at, view.ending_days);
            self.counts.all += 1;
            if let Some(count) = self.counts.by_status.get_mut(place(status)) {
                *count += 1;
            }
            let next = next_transition(application, view.at, view.ending_days);
            self.next_transition = [self.next_transition, next].into_iter().flatten().min();
            if self.status.is_none_or(|wanted| wanted == status) {
                self.rows.push(index);
            }
        }
        self.order(view);
        self.version += 1;
        self.marked.retain(|id| registry.application(id).is_some());
        self.count_marked(registry);
        self.basis = Some(Basis {
            revision: view.revision,
            filter: self.filter.clone(),
            status: self.status,
            sort: self.sort,
            from: view.at,
            until: self.next_transition,
            ending_days: view.ending_days,
            past: view.past,
        });
    }

    fn order(&mut self, view: View<'_>) {
        let registry = view.policy.registry();
        let Sort { column, descending } = self.sort;
        let app = |row: u32| registry.applications().get(row as usize);
        let directed = |order: Ordering| if descending { order.reverse() } else { order };
        match column {
            // The rows came in this order already.
            Column::Client | Column::Customer => {
                if descending {
                    self.rows.reverse();
                }
            }
            Column::Status => self.rows.sort_by_key(|row| {
                let rank = app(*row).map_or(0, |x| place(status(x, view.at, view.ending_days)));
                if descending { 9 - rank } else { rank }
            }),
            Column::Ends => self.rows.sort_by(|a, b| {
                let end = |row| app(row).and_then(|x| x.expires_at).map_or(i64::MAX, Instant::seconds);
                directed(end(*a).cmp(&end(*b)))
            }),
            Column::Lifetime => {
                let longest = |x| summary(view.policy, x, view.at).longest.map(|(seconds, ..)| seconds);
                let lifetime = |row: &u32| app(*row).and_then(|x| longest(x)).unwrap_or(-1);
                self.rows.sort_by_cached_key(|row| if descending { -lifetime(row) } else { lifetime(row) });
            }
        }
    }

    /// The filter that the rows meet.
    #[must_use]
    pub fn read(&self) -> &Filter {
        &self.read
    }

    /// The place of the selected application among the rows.
    #[must_use]
    pub fn selected_row(&self, registry: &Registry) -> Option<usize> {
        let selected = self.selected.as_deref()?;
        let place = registry.applications().binary_search_by(|a| a.client_id.as_str().cmp(selected)).ok()?;
        self.rows.iter().position(|row| *row as usize == place)
    }
}

impl Haystacks {
    fn refresh(&mut self, registry: &Registry, revision: (u64, bool)) {
        if self.revision == Some(revision) && self.texts.len() == registry.applications().len() {
            return;
        }
        self.texts = registry.applications().iter().map(|application| haystack(application)).collect();
        let title = |row: &u32| registry.applications().get(*row as usize).map(|a| a.title());
        self.by_customer = (0..u32::try_from(self.texts.len()).unwrap_or(u32::MAX)).collect();
        self.by_customer.sort_by(|a, b| title(a).cmp(&title(b)));
        self.revision = Some(revision);
    }
}

/// When this application's status changes next by itself.
fn next_transition(application: &Application, at: Instant, ending_days: u32) -> Option<Instant> {
    let end = application.expires_at;
    let ending = end.map(|end| end.plus(1 - i64::from(ending_days) * 86_400));
    [application.not_before, ending, end].into_iter().flatten().filter(|t| *t > at).min()
}
