//! The list of applications: filtered, counted and sorted once per change, never per frame.

use super::summary::{overrun, summary, tokens_until};
use super::{Facet, Marked, Shared};
use crate::policy::{
    Filter, FilterContext, FilterError, Policy, Status, Subject, Timeline, Window, haystack, status,
};
use crate::registry::{Application, Column, Instant, Order, Registry};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// The Applications screen.
#[derive(Debug, Default)]
pub struct Applications {
    /// What is typed into the filter.
    pub filter: String,
    /// The status chip that is chosen.
    pub status: Option<Status>,
    /// The order.
    pub sort: Order,
    /// The columns of the view that was taken, where it has its own.
    pub columns: Option<Vec<Column>>,
    /// The client id of the application that the keyboard stands on, which the inspector shows.
    pub selected: Option<String>,
    /// The client ids of those that are selected for a bulk edit.
    pub marked: BTreeSet<String>,
    /// Grows whenever the selection changes.
    pub marks: u64,
    /// How much of the rows that is.
    pub marked_rows: Marked,
    /// How many of the selected ones the filter does not show; edits reach them all the same.
    pub marked_out_of_view: usize,
    /// What they have in common, where there are several.
    pub shared: Option<Shared>,
    /// The rows: places in the registry's list of applications.
    pub rows: Vec<u32>,
    /// How many there are of each status, whatever chip is chosen.
    pub counts: Counts,
    /// How many have ended and can still get tokens.
    pub still_granted: usize,
    /// The facet that is open.
    pub facet: Option<Facet>,
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
    sort: Order,
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
    /// The place in the registry's list, where the text ends, the window, and whether there is any access.
    each: Vec<(u32, usize, Window, bool)>,
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

/// What rows are derived from, besides the screen's own fields.
#[derive(Clone, Copy)]
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
    /// Which settings were in force when.
    pub timeline: &'a dyn Fn() -> &'a Timeline,
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
        (self.counts, self.still_granted) = (Counts::default(), 0);
        self.next_transition = None;
        self.rows.clear();
        let moments = self.read.moments();
        let mut sooner = |found: Option<Instant>| {
            self.next_transition = [self.next_transition, found].into_iter().flatten().min();
        };
        for (index, haystack, window, access) in self.haystacks.iter() {
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
            self.still_granted += usize::from(access && status == Status::Ended);
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
        let Order { column, descending } = self.sort;
        let app = |row: u32| registry.applications().get(row as usize);
        match column {
            // The rows came in this order already.
            Column::Customer => {}
            // The registry's list is in this order.
            Column::ClientId => self.rows.sort_unstable(),
            Column::Name => self.by_text(registry, |app| app.name.clone()),
            Column::Contact => self.by_text(registry, |app| app.contact.clone()),
            Column::Tags => self.by_text(registry, |app| app.tags.join(" ")),
            Column::Apis => self.by_text(registry, |app| {
                app.grants.iter().map(|grant| grant.audience.as_str()).collect::<Vec<_>>().join(" ")
            }),
            Column::Status => self
                .rows
                .sort_by_key(|row| app(*row).map_or(0, |app| place(status(app, view.at, view.ending_days)))),
            Column::NotBefore => self.by_time(registry, i64::MIN, |app| app.not_before),
            Column::ExpiresAt => self.by_time(registry, i64::MAX, |app| app.expires_at),
            Column::TokensUntil => {
                self.by_time(registry, i64::MIN, |app| {
                    tokens_until(view.policy, (view.timeline)(), app, view.at)
                });
            }
            Column::Lifetime => {
                let longest = |app| summary(view.policy, app, view.at).longest.map(|(seconds, ..)| seconds);
                self.rows.sort_by_cached_key(|row| app(*row).and_then(|app| longest(app)).unwrap_or(-1));
            }
            Column::Overrun => {
                self.rows.sort_by_cached_key(|row| app(*row).and_then(|app| overrun(view.policy, app)));
            }
        }
        if descending {
            self.rows.reverse();
        }
    }

    /// Sorts by a text whatever its case; who has none comes last.
    fn by_text(&mut self, registry: &Registry, text: impl Fn(&Application) -> String) {
        self.rows.sort_by_cached_key(|row| {
            let text = registry.applications().get(*row as usize).map(|app| text(app).to_lowercase());
            let text = text.unwrap_or_default();
            (text.is_empty(), text)
        });
    }

    /// Sorts by an instant; who has none counts as `none`.
    fn by_time(&mut self, registry: &Registry, none: i64, time: impl Fn(&Application) -> Option<Instant>) {
        let time = |row: &u32| registry.applications().get(*row as usize).and_then(|app| time(app));
        self.rows.sort_by_cached_key(|row| time(row).map_or(none, Instant::seconds));
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
            let access = !application.grants.is_empty();
            self.each.push((index, self.text.len(), application.into(), access));
        }
        self.text.shrink_to_fit();
        self.revision = Some(revision);
    }

    /// The place in the registry's list, the text, the window and whether there is any access, of each.
    fn iter(&self) -> impl Iterator<Item = (u32, &str, Window, bool)> {
        let mut from = 0;
        self.each.iter().map(move |(index, to, window, access)| {
            let text = self.text.get(from..*to).unwrap_or_default();
            from = *to;
            (*index, text, *window, *access)
        })
    }
}
