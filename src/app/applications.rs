//! The list of applications: filtered, counted and sorted once per change, never per frame.

use super::summary::summary;
use super::{Marked, Shared};
use crate::policy::{Filter, FilterContext, FilterError, Policy, Status, Subject, Window, haystack, status};
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

/// What filters ask of every application most, in the order of their customers: made once, gone through often.
///
/// One text and one list for all of them, since going from one application to the next in memory costs more than
/// looking at it.
#[derive(Debug, Default)]
struct Haystacks {
    revision: Option<(u64, bool)>,
    /// The lower-case texts of all, one behind the other.
    text: String,
    /// The place in the registry's list, where the text ends, and the window.
    each: Vec<(u32, usize, Window)>,
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
        let moments = self.read.moments();
        let mut sooner = |found: Option<Instant>| {
            self.next_transition = [self.next_transition, found].into_iter().flatten().min();
        };
        for (index, haystack, window) in self.haystacks.iter() {
            let Some(application) = registry.applications().get(index as usize) else { continue };
            if !moments.is_never() {
                sooner(moments.next(window, view.at, view.ending_days));
            }
            if !self.read.matches_with(Subject { application, haystack, window }, &context) {
                continue;
            }
            let status = window.status(view.at, view.ending_days);
            self.counts.all += 1;
            if let Some(count) = self.counts.by_status.get_mut(place(status)) {
                *count += 1;
            }
            sooner(window.next_status(view.at, view.ending_days));
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
            Column::Customer if descending => self.rows.reverse(),
            Column::Customer => {}
            // The registry's list is in this order.
            Column::Client if descending => self.rows.sort_unstable_by(|a, b| b.cmp(a)),
            Column::Client => self.rows.sort_unstable(),
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
        let applications = registry.applications();
        if self.revision == Some(revision) && self.each.len() == applications.len() {
            return;
        }
        let mut order: Vec<(u32, &Application)> = (0..).zip(applications.iter().map(AsRef::as_ref)).collect();
        order.sort_by(|(_, a), (_, b)| a.title().cmp(b.title()));
        self.text.clear();
        self.each.clear();
        for (index, application) in order {
            self.text.push_str(&haystack(application));
            self.each.push((index, self.text.len(), application.into()));
        }
        self.text.shrink_to_fit();
        self.revision = Some(revision);
    }

    /// The place in the registry's list, the text and the window of each.
    fn iter(&self) -> impl Iterator<Item = (u32, &str, Window)> {
        let mut from = 0;
        self.each.iter().map(move |(index, to, window)| {
            let text = self.text.get(from..*to).unwrap_or_default();
            from = *to;
            (*index, text, *window)
        })
    }
}
