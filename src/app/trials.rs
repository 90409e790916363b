//! The Trials screen: every application's window on one axis of time, by its end, by itself or in groups.

use super::{Applications, Mark, State};
use crate::policy::{Status, Timeline, Window};
use crate::registry::{Application, Instant, Registry};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The Trials screen.
#[derive(Debug, Default)]
pub struct Trials {
    /// The part of time in view, in seconds since 1970; nothing before the screen was shown.
    pub span: Option<(i64, i64)>,
    /// The rows: places in the registry's list of applications, the first end first, what never ends last.
    pub rows: Vec<u32>,
    /// The starts and ends of all of them.
    pub all: Windows,
    /// By what they are grouped.
    pub grouping: Grouping,
    /// The groups, by name; none where they are not grouped.
    pub groups: Vec<Group>,
    /// The lines of the screen, from top to bottom.
    pub lines: Vec<Line>,
    /// Which line the keyboard stands on.
    pub at: Option<usize>,
    /// Who has ended and still has access.
    pub ended: StillGranted,
    /// Grows whenever the screen is shown, so that it begins with what ends next.
    pub visits: u64,
    /// Whether windows are drawn as their density, since bars could not be told apart.
    pub far_out: bool,
    closed: BTreeSet<String>,
    basis: Option<(u64, Grouping)>,
    marks: Option<u64>,
}

/// By what applications are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Grouping {
    /// Each by itself.
    #[default]
    None,
    /// By whose they are.
    Customer,
    /// By the APIs that they are granted; in each of its groups stands an application with several.
    Api,
    /// By their tags, likewise.
    Tag,
}

/// Applications that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// What it is.
    pub name: String,
    /// Its rows, the first end first.
    pub rows: Vec<u32>,
    /// Their starts and ends.
    pub windows: Windows,
    /// Whether its rows stand below it.
    pub open: bool,
    /// How many of its rows are selected.
    pub marked: usize,
}

impl Group {
    /// Whether all of it is selected.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.marked == self.rows.len()
    }
}

/// A line of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The head of the group at this place.
    Group(u32),
    /// An application: its place in the registry's list.
    Application(u32),
}

/// Starts and ends, each in order, so that how many are in force at an instant is two searches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Windows {
    /// The starts that there are, in seconds since 1970.
    starts: Vec<i64>,
    /// The ends that there are.
    ends: Vec<i64>,
    /// How many have no start.
    always: usize,
}

/// Who has ended and still has access.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StillGranted {
    /// How many.
    pub count: usize,
    /// Until when tokens of each may live, in order, where they did when it was counted.
    pub until: Vec<Instant>,
    basis: Option<u64>,
}

/// The shortest and the longest part of time that can be in view.
const SHORTEST: i64 = 3600;
const LONGEST: i64 = 20 * 366 * 86_400;

/// From how much time in view on, and for how many applications, windows are drawn as their density: within a year a
/// trial of weeks is a bar that can be seen and grasped, and a few hundred bars can be looked through.
const FAR: i64 = 400 * 86_400;
const MANY: usize = 200;

impl Grouping {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::None, "By end"), (Self::Customer, "Customer"), (Self::Api, "API"), (Self::Tag, "Tag")];

    /// The group of those that have nothing of it.
    const fn nothing(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Customer => "No customer",
            Self::Api => "No API",
            Self::Tag => "No tag",
        }
    }

    fn names(self, application: &Application) -> Vec<&str> {
        match self {
            Self::None => Vec::new(),
            Self::Customer if application.customer.is_empty() => Vec::new(),
            Self::Customer => vec![&application.customer],
            Self::Api => application.grants.iter().map(|grant| grant.audience.as_str()).collect(),
            Self::Tag => application.tags.iter().map(String::as_str).collect(),
        }
    }
}

impl Windows {
    fn of(registry: &Registry, rows: &[u32]) -> Self {
        let applications = rows.iter().filter_map(|row| registry.applications().get(*row as usize));
        let mut windows = Self::default();
        for application in applications {
            match application.not_before {
                Some(start) => windows.starts.push(start.seconds()),
                None => windows.always += 1,
            }
            windows.ends.extend(application.expires_at.map(Instant::seconds));
        }
        windows.starts.sort_unstable();
        windows.ends.sort_unstable();
        windows
    }

    /// The ends, in order.
    #[must_use]
    pub fn ends(&self) -> &[i64] {
        &self.ends
    }

    /// How many end in `from..to`.
    #[must_use]
    pub fn ending_between(&self, from: i64, to: i64) -> usize {
        let before = |t: i64| self.ends.partition_point(|end| *end < t);
        before(to).saturating_sub(before(from))
    }

    /// How many have begun at an instant and not ended, suspended or not.
    #[must_use]
    pub fn in_force(&self, at: i64) -> usize {
        let begun = self.always + self.starts.partition_point(|start| *start <= at);
        begun.saturating_sub(self.ends.partition_point(|end| *end <= at))
    }
}

impl Trials {
    /// Brings the rows and groups up to date where those of the Applications screen have changed.
    pub(super) fn refresh(&mut self, list: &Applications, registry: &Registry) {
        let basis = (list.version, self.grouping);
        if self.basis == Some(basis) {
            return;
        }
        let end = |row: &u32| registry.applications().get(*row as usize).and_then(|app| app.expires_at);
        self.rows.clone_from(&list.rows);
        self.rows.sort_by_cached_key(|row| end(row).map_or(i64::MAX, Instant::seconds));
        self.all = Windows::of(registry, &self.rows);
        self.groups = self.grouped(registry);
        (self.basis, self.marks) = (Some(basis), None);
        self.far_out = self.is_far_out();
        self.line_up();
    }

    fn grouped(&self, registry: &Registry) -> Vec<Group> {
        if self.grouping == Grouping::None {
            return Vec::new();
        }
        let mut groups: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut rest = Vec::new();
        for row in &self.rows {
            let Some(application) = registry.applications().get(*row as usize) else { continue };
            let names = self.grouping.names(application);
            if names.is_empty() {
                rest.push(*row);
            }
            for name in names {
                groups.entry(name).or_default().push(*row);
            }
        }
        let group = |(name, rows): (&str, Vec<u32>)| Group {
            name: name.to_owned(),
            windows: Windows::of(registry, &rows),
            open: !self.closed.contains(name),
            marked: 0,
            rows,
        };
        let rest = Some((self.grouping.nothing(), rest)).filter(|(_, rows)| !rows.is_empty());
        groups.into_iter().chain(rest).map(group).collect()
    }

    /// Puts the lines of the screen together: the rows, or the groups with the rows of those that are open.
    fn line_up(&mut self) {
        self.lines.clear();
        if self.grouping == Grouping::None {
            self.lines.extend(self.rows.iter().map(|row| Line::Application(*row)));
        }
        for (place, group) in (0..).zip(&self.groups) {
            self.lines.push(Line::Group(place));
            // Far out the heads alone are drawn, each with its density.
            if group.open && !self.far_out {
                self.lines.extend(group.rows.iter().map(|row| Line::Application(*row)));
            }
        }
        self.at = self.at.map(|at| at.min(self.lines.len().saturating_sub(1)));
    }

    pub(super) fn group_by(&mut self, grouping: Grouping) {
        if self.grouping != grouping {
            (self.grouping, self.at, self.basis) = (grouping, None, None);
            self.closed.clear();
            // Another order begins at its beginning.
            self.visits += 1;
        }
    }

    /// Opens a group, or closes it.
    pub(super) fn open(&mut self, place: usize, open: bool) {
        let Some(group) = self.groups.get_mut(place) else { return };
        group.open = open;
        if open {
            self.closed.remove(&group.name);
        } else {
            self.closed.insert(group.name.clone());
        }
        self.line_up();
    }

    /// Opens all groups, or closes them all.
    pub(super) fn open_all(&mut self, open: bool) {
        self.closed =
            if open { BTreeSet::new() } else { self.groups.iter().map(|group| group.name.clone()).collect() };
        self.groups.iter_mut().for_each(|group| group.open = open);
        self.line_up();
    }

    /// The group that the keyboard stands on, by its place.
    #[must_use]
    pub fn on_group(&self) -> Option<usize> {
        match self.lines.get(self.at?)? {
            Line::Group(place) => Some(*place as usize),
            Line::Application(_) => None,
        }
    }

    /// Shows another part of time.
    pub(super) fn show(&mut self, from: i64, to: i64) {
        self.span = Some((from, to));
        if self.far_out != self.is_far_out() {
            self.far_out = !self.far_out;
            self.line_up();
        }
    }

    fn is_far_out(&self) -> bool {
        self.span.is_some_and(|(from, to)| to - from > FAR) && self.rows.len() > MANY
    }

    /// Counts how many of each group are selected, where the selection has changed.
    pub(super) fn count_marks(&mut self, list: &Applications, registry: &Registry) {
        if self.groups.is_empty() || self.marks == Some(list.marks) {
            return;
        }
        self.marks = Some(list.marks);
        let mut shown = vec![false; registry.applications().len()];
        for row in &self.rows {
            if let Some(shown) = shown.get_mut(*row as usize) {
                *shown = true;
            }
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for id in &list.marked {
            let place = registry.applications().binary_search_by(|app| app.client_id.cmp(id));
            let place = place.ok().filter(|place| shown.get(*place).copied().unwrap_or_default());
            let Some(application) = place.and_then(|place| registry.applications().get(place)) else {
                continue;
            };
            let names = self.grouping.names(application);
            let nothing = [self.grouping.nothing()];
            for name in if names.is_empty() { nothing.as_slice() } else { names.as_slice() } {
                *counts.entry(name).or_default() += 1;
            }
        }
        for group in &mut self.groups {
            group.marked = counts.get(group.name.as_str()).copied().unwrap_or_default();
        }
    }

    /// How many of the rows end in `from..to`.
    #[must_use]
    pub fn ending_between(&self, from: i64, to: i64) -> usize {
        self.all.ending_between(from, to)
    }

    /// Counts anew who has ended and still has access, where the rows have changed.
    pub(super) fn count_ended(
        &mut self,
        list: &Applications,
        registry: &Registry,
        timeline: &Timeline,
        at: Instant,
    ) {
        if self.ended.basis == Some(list.version) {
            return;
        }
        let profile = registry.service.issuer_profile;
        let mut ended = StillGranted { basis: Some(list.version), ..StillGranted::default() };
        for row in &self.rows {
            let Some(application) = registry.applications().get(*row as usize) else { continue };
            let status = Window::from(application.as_ref()).status(at, 0);
            if status != Status::Ended || application.grants.is_empty() {
                continue;
            }
            ended.count += 1;
            let until = |audience: &str| timeline.tokens_until(profile, &application.client_id, audience, at);
            let last = application.grants.iter().filter_map(|grant| until(&grant.audience)).max();
            ended.until.extend(last.filter(|last| *last > at));
        }
        ended.until.sort_unstable();
        self.ended = ended;
    }
}

impl StillGranted {
    /// Of how many tokens may still live at an instant, and the last until when.
    #[must_use]
    pub fn alive(&self, at: Instant) -> Option<(usize, Instant)> {
        let alive = self.until.len() - self.until.partition_point(|until| *until <= at);
        self.until.last().filter(|_| alive > 0).map(|last| (alive, *last))
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
    /// Selects every application of the Trials screen that ends in `from..to`, beside those that are selected or alone.
    pub(super) fn mark_ends(&mut self, from: i64, to: i64, beside: bool) {
        let first = self.trials.all.ends.partition_point(|end| *end < from);
        let count = self.trials.ending_between(from, to);
        let rows: Vec<u32> = self.trials.rows.iter().skip(first).take(count).copied().collect();
        self.mark_rows(&rows, beside);
    }

    /// Selects a group of the Trials screen; one that is selected whole is no longer.
    pub(super) fn mark_group(&mut self, place: usize) {
        let Some(group) = self.trials.groups.get(place) else { return };
        let (rows, marked) = (group.rows.clone(), group.is_marked());
        if marked {
            let Some(registry) = self.policy().map(|policy| policy.registry().clone()) else { return };
            for row in rows {
                if let Some(application) = registry.applications().get(row as usize) {
                    self.applications.marked.remove(&application.client_id);
                }
            }
            self.applications.count_marked(&registry);
        } else {
            self.mark_rows(&rows, true);
        }
    }

    fn mark_rows(&mut self, rows: &[u32], beside: bool) {
        let Some(registry) = self.policy().map(|policy| policy.registry().clone()) else { return };
        if !beside {
            self.applications.mark(Mark::Clear, &registry);
        }
        let ids = rows.iter().filter_map(|row| registry.applications().get(*row as usize));
        self.applications.marked.extend(ids.map(|app| app.client_id.clone()));
        self.applications.count_marked(&registry);
    }

    /// Moves the keyboard through the lines of the Trials screen; `marking` selects what it leaves and comes to.
    pub(super) fn step_trials(&mut self, by: isize, marking: bool) {
        let last = self.trials.lines.len().saturating_sub(1);
        let from = self.trials.at;
        let to = match from {
            Some(at) => at.saturating_add_signed(by).min(last),
            // The first step takes what ends next.
            None => self.next_end(),
        };
        self.stand_on(to);
        if marking {
            let both = [from, Some(to)].into_iter().flatten();
            let rows: Vec<u32> = both
                .filter_map(|at| match self.trials.lines.get(at)? {
                    Line::Application(row) => Some(*row),
                    Line::Group(_) => None,
                })
                .collect();
            self.mark_rows(&rows, true);
        }
    }

    /// The line of the first end that is still to come; of groups the first.
    #[must_use]
    pub fn next_end(&self) -> usize {
        match self.trials.grouping {
            Grouping::None => {
                let at = self.at().seconds();
                let place = self.trials.all.ends.partition_point(|end| *end < at);
                place.min(self.trials.lines.len().saturating_sub(1))
            }
            _ => 0,
        }
    }

    /// Brings the keyboard to a line; an application there is selected.
    pub(super) fn stand_on(&mut self, at: usize) {
        self.trials.at = Some(at);
        let id = match (self.trials.lines.get(at), self.policy()) {
            (Some(Line::Application(row)), Some(policy)) => {
                policy.registry().applications().get(*row as usize).map(|app| app.client_id.clone())
            }
            _ => None,
        };
        self.applications.selected = id;
    }
}
