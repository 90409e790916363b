//! The Trials screen: every application's window on one axis of time, by its end, by itself or in groups.

use super::groups::grouped;
use super::summary::{overrun, tokens_until};
use super::{Applications, Group, Grouping, Mark, State, Windows};
use crate::edit::{Change, operation};
use crate::policy::{OverrunUpTo, Policy, Status, Timeline, Window};
use crate::registry::{Instant, Registry};
use std::collections::{BTreeSet, HashMap};

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
    /// An end that arrow keys have moved and that is not set yet: whose, and by how many seconds.
    pub nudged: Option<(String, i64)>,
    /// Who has ended and still has access.
    pub ended: StillGranted,
    /// Grows whenever the screen is shown, so that it begins with what ends next.
    pub visits: u64,
    /// Whether windows are drawn as their density, since bars could not be told apart.
    pub far_out: bool,
    closed: BTreeSet<Option<String>>,
    /// What the keyboard stands on, to find it again when lines come and go.
    spot: Option<Spot>,
    basis: Option<(u64, Grouping)>,
    marks: Option<u64>,
}

/// What the keyboard stands on: a group's head, or an application, within a group where there are any.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    group: Option<Option<String>>,
    client_id: Option<String>,
}

/// A line of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The head of the group at this place.
    Group(u32),
    /// An application: its place in the registry's list.
    Application(u32),
}

/// Who has ended and still has access.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StillGranted {
    /// How many.
    pub count: usize,
    /// To how many of them the issuer goes on handing out tokens.
    pub issued: usize,
    /// Until when tokens of the others may live, in order, where they did when it was counted.
    pub until: Vec<Instant>,
    basis: Option<Counted>,
}

/// When who has ended was counted, and from when on it is another question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counted {
    /// The registry and the history.
    of: (u64, bool, usize),
    at: Instant,
    until: Option<Instant>,
}

/// From how much time in view on, and for how many applications, windows are drawn as their density: within a year a
/// trial of weeks is a bar that can be seen and grasped, and a few hundred bars can be looked through.
const FAR: i64 = 400 * 86_400;
const MANY: usize = 200;

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
        let closed = |name: Option<&str>| self.closed.contains(&name.map(str::to_owned));
        self.groups = grouped(self.grouping, registry, &self.rows, closed);
        (self.basis, self.marks) = (Some(basis), None);
        self.far_out = self.is_far_out();
        self.line_up();
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
        self.at = None;
    }

    pub(super) fn group_by(&mut self, grouping: Grouping) {
        if self.grouping != grouping {
            (self.grouping, self.at, self.spot, self.basis) = (grouping, None, None, None);
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
        let mut counts: HashMap<Option<&str>, usize> = HashMap::new();
        for id in &list.marked {
            let place = registry.applications().binary_search_by(|app| app.client_id.cmp(id));
            let place = place.ok().filter(|place| shown.get(*place).copied().unwrap_or_default());
            let Some(application) = place.and_then(|place| registry.applications().get(place)) else {
                continue;
            };
            let names = self.grouping.names(application);
            if names.is_empty() {
                *counts.entry(None).or_default() += 1;
            }
            for name in names {
                *counts.entry(Some(name)).or_default() += 1;
            }
        }
        for group in &mut self.groups {
            group.marked = counts.get(&group.name.as_deref()).copied().unwrap_or_default();
        }
    }

    /// The group in which a line stands.
    fn group_of(&self, at: usize) -> Option<usize> {
        let above = self.lines.get(..=at)?.iter().rev();
        above
            .filter_map(|line| if let Line::Group(place) = line { Some(*place as usize) } else { None })
            .next()
    }

    /// The line of what the keyboard stands on.
    fn find(&self, registry: &Registry) -> Option<usize> {
        let spot = self.spot.as_ref()?;
        let head = match &spot.group {
            Some(name) => {
                let place = self.groups.iter().position(|group| group.name == *name)?;
                let wanted = Line::Group(u32::try_from(place).ok()?);
                Some(self.lines.iter().position(|line| *line == wanted)?)
            }
            None => None,
        };
        let Some(id) = &spot.client_id else { return head };
        let place = registry.applications().binary_search_by(|app| app.client_id.cmp(id)).ok()?;
        let wanted = Line::Application(u32::try_from(place).ok()?);
        let from = head.unwrap_or_default();
        self.lines.iter().skip(from).position(|line| *line == wanted).map(|at| from + at)
    }

    /// How many of the rows end in `from..to`.
    #[must_use]
    pub fn ending_between(&self, from: i64, to: i64) -> usize {
        self.all.ending_between(from, to)
    }

    /// Counts anew who of all applications has ended and still has access, where that may have changed.
    pub(super) fn count_ended(
        &mut self,
        policy: &Policy,
        timeline: &Timeline,
        at: Instant,
        of: (u64, bool, usize),
    ) {
        let holds = |counted: &Counted| {
            counted.of == of && at >= counted.at && counted.until.is_none_or(|until| at < until)
        };
        if self.ended.basis.as_ref().is_some_and(holds) {
            return;
        }
        let mut ended = StillGranted::default();
        let mut next: Option<Instant> = None;
        for application in policy.registry().applications() {
            let window = Window::from(application.as_ref());
            next = [next, window.next_status(at, 0)].into_iter().flatten().min();
            if window.status(at, 0) != Status::Ended || application.grants.is_empty() {
                continue;
            }
            ended.count += 1;
            if overrun(policy, application) == Some(OverrunUpTo::Unbounded) {
                ended.issued += 1;
            } else {
                let last = tokens_until(policy, timeline, application, at);
                ended.until.extend(last.filter(|last| *last > at));
            }
        }
        ended.until.sort_unstable();
        ended.basis = Some(Counted { of, at, until: next });
        self.ended = ended;
    }
}

impl StillGranted {
    /// Of how many that get no more tokens some may still live at an instant, and the last until when.
    #[must_use]
    pub fn alive(&self, at: Instant) -> Option<(usize, Instant)> {
        let alive = self.until.len() - self.until.partition_point(|until| *until <= at);
        self.until.last().filter(|_| alive > 0).map(|last| (alive, *last))
    }
}

impl State {
    /// Selects every application of the Trials screen, or of one of its groups, that ends in `from..to`: beside those
    /// that are selected, or alone.
    pub(super) fn mark_ends(&mut self, (from, to): (i64, i64), group: Option<usize>, beside: bool) {
        let trials = &self.trials;
        let (windows, rows) = match group.and_then(|place| trials.groups.get(place)) {
            Some(group) => (&group.windows, &group.rows),
            None => (&trials.all, &trials.rows),
        };
        let first = windows.ends().partition_point(|end| *end < from);
        let rows: Vec<u32> =
            rows.iter().skip(first).take(windows.ending_between(from, to)).copied().collect();
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
        let to = match (from, by) {
            // The first step takes what ends next.
            (None, -1..=1) => self.next_end(),
            (from, by) => from.unwrap_or(self.next_end()).saturating_add_signed(by).min(last),
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
                let place = self.trials.all.ends().partition_point(|end| *end < at);
                place.min(self.trials.lines.len().saturating_sub(1))
            }
            _ => 0,
        }
    }

    /// Brings the keyboard to a line; an application there is selected.
    pub(super) fn stand_on(&mut self, at: usize) {
        let (Some(line), Some(policy)) = (self.trials.lines.get(at), self.policy()) else { return };
        let (group, client_id) = match line {
            Line::Group(place) => (Some(*place as usize), None),
            Line::Application(row) => {
                let app = policy.registry().applications().get(*row as usize);
                (self.trials.group_of(at), app.map(|app| app.client_id.clone()))
            }
        };
        let group = group.and_then(|place| self.trials.groups.get(place)).map(|group| group.name.clone());
        self.applications.selected.clone_from(&client_id);
        self.trials.spot = Some(Spot { group, client_id });
        self.trials.at = Some(at);
    }

    /// Finds the line on which the keyboard stands again, after lines came and went or another application was selected.
    pub(super) fn settle_trials(&mut self) {
        let selected = self.applications.selected.clone();
        let trials = &mut self.trials;
        let same = trials.spot.as_ref().is_some_and(|spot| spot.client_id == selected);
        if same && trials.at.is_some() {
            return;
        }
        if !same {
            trials.spot = selected.map(|id| Spot { group: None, client_id: Some(id) });
        }
        let Some(registry) = self.policy().map(|policy| policy.registry().clone()) else { return };
        self.trials.at = self.trials.find(&registry);
    }

    /// Sets the end that arrow keys have moved.
    pub(super) fn set_nudged(&mut self) -> Option<(String, Vec<Change>)> {
        let (id, by) = self.trials.nudged.take()?;
        let application = self.open.as_ref()?.registry().application(&id)?;
        let end = Instant::saturating(application.expires_at?.seconds().saturating_add(by));
        let change = operation::set_end(application, Some(end))?;
        Some((format!("Set end of {}", application.title()), vec![change]))
    }
}
