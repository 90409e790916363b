//! Applications in groups, and how many of them are in force and end when.

use crate::registry::{Application, Instant, Registry};
use std::collections::BTreeMap;

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
    /// What it is; none for those that have nothing of it.
    pub name: Option<String>,
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
    /// What to call it.
    #[must_use]
    pub fn title(&self, grouping: Grouping) -> &str {
        self.name.as_deref().unwrap_or(grouping.nothing())
    }

    /// Whether all of it is selected.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.marked == self.rows.len()
    }
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

    /// What an application has of it.
    pub(super) fn names(self, application: &Application) -> Vec<&str> {
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
    pub(super) fn of(registry: &Registry, rows: &[u32]) -> Self {
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

/// The rows in groups, by name; those that have nothing of it come last. `is_closed` says which are closed.
pub(super) fn grouped(
    grouping: Grouping,
    registry: &Registry,
    rows: &[u32],
    is_closed: impl Fn(Option<&str>) -> bool,
) -> Vec<Group> {
    if grouping == Grouping::None {
        return Vec::new();
    }
    let mut groups: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    let mut rest = Vec::new();
    for row in rows {
        let Some(application) = registry.applications().get(*row as usize) else { continue };
        let names = grouping.names(application);
        if names.is_empty() {
            rest.push(*row);
        }
        for name in names {
            groups.entry(name).or_default().push(*row);
        }
    }
    let group = |(name, rows): (Option<&str>, Vec<u32>)| Group {
        name: name.map(str::to_owned),
        windows: Windows::of(registry, &rows),
        open: !is_closed(name),
        marked: 0,
        rows,
    };
    let rest = Some((None, rest)).filter(|(_, rows)| !rows.is_empty());
    groups.into_iter().map(|(name, rows)| (Some(name), rows)).chain(rest).map(group).collect()
}
