//! What the person set, and times in the zone of the window.

use crate::registry::{Column, Instant, human};
use chrono::{Datelike, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What is kept between starts. Unknown members of a newer version are dropped, missing ones have defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the system.
    pub theme: ThemeChoice,
    /// `UTC`, an IANA zone, or empty for the system's.
    pub time_zone: String,
    /// The system's zone, found at the start; never kept.
    #[serde(skip)]
    pub local_zone: String,
    /// From how many days before its end an application counts as ending.
    pub ending_days: u32,
    /// The size of everything, in per cent.
    pub scale: u32,
    /// The columns of the list of applications, from left to right.
    #[serde(deserialize_with = "known_columns")]
    pub columns: Vec<Column>,
    /// The registry that was open last.
    pub last: Option<PathBuf>,
    /// Registries that were open, newest first.
    pub recent: Vec<PathBuf>,
}

/// Light, dark, or as the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            time_zone: String::new(),
            local_zone: "UTC".to_owned(),
            ending_days: 7,
            scale: 100,
            columns: Column::USUAL.to_vec(),
            last: None,
            recent: Vec::new(),
        }
    }
}

/// The columns that this version knows, each once; those of a newer one are dropped.
fn known_columns<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Column>, D::Error> {
    let mut columns = Vec::new();
    for name in Vec::<String>::deserialize(deserializer)? {
        columns.extend(name.parse::<Column>().ok().filter(|column| !columns.contains(column)));
    }
    Ok(if columns.is_empty() { Column::USUAL.to_vec() } else { columns })
}

impl Settings {
    /// The zone of the window.
    #[must_use]
    pub fn zone(&self) -> Tz {
        let name = if self.time_zone.is_empty() { &self.local_zone } else { &self.time_zone };
        name.parse().unwrap_or(Tz::UTC)
    }

    /// Puts a file first among the recent ones.
    pub fn opened(&mut self, path: PathBuf) {
        self.recent.retain(|other| *other != path);
        self.recent.insert(0, path.clone());
        self.recent.truncate(8);
        self.last = Some(path);
    }

    /// Forgets a file that is no more.
    pub(super) fn forget(&mut self, path: &Path) {
        self.recent.retain(|other| other != path);
        self.last.take_if(|last| last == path);
    }
}

/// Writes instants in one zone.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The zone.
    pub zone: Tz,
    /// The wall clock, for words like *today*.
    pub now: Instant,
}

impl Times {
    fn local(self, at: Instant) -> chrono::DateTime<Tz> {
        self.zone.from_utc_datetime(&at.to_utc().naive_utc())
    }

    /// `25 Nov 2026 12:00:00`.
    #[must_use]
    pub fn exact(self, at: Instant) -> String {
        self.local(at).format("%-d %b %Y %H:%M:%S").to_string()
    }

    /// `25 Nov 2026 12:00:00 CET`.
    #[must_use]
    pub fn zoned(self, at: Instant) -> String {
        self.local(at).format("%-d %b %Y %H:%M:%S %Z").to_string()
    }

    /// `25 Nov 2026 12:00`, with seconds where there are any.
    #[must_use]
    pub fn minutes(self, at: Instant) -> String {
        let format = if at.seconds() % 60 == 0 { "%-d %b %Y %H:%M" } else { "%-d %b %Y %H:%M:%S" };
        self.local(at).format(format).to_string()
    }

    /// For glances: `25 Nov 12:00` this year, `25 Nov 2027` else.
    #[must_use]
    pub fn short(self, at: Instant) -> String {
        let (this, now) = (self.local(at), self.local(self.now));
        let format = if this.year() == now.year() { "%-d %b %H:%M" } else { "%-d %b %Y" };
        this.format(format).to_string()
    }

    /// `11:00:00`, or `11:00` on the minute.
    #[must_use]
    pub fn clock(self, at: Instant) -> String {
        let format = if at.seconds() % 60 == 0 { "%H:%M" } else { "%H:%M:%S" };
        self.local(at).format(format).to_string()
    }

    /// `Tue 24 Nov 2026 11:00`.
    #[must_use]
    pub fn day(self, at: Instant) -> String {
        let format = if at.seconds() % 60 == 0 { "%a %-d %b %Y %H:%M" } else { "%a %-d %b %Y %H:%M:%S" };
        self.local(at).format(format).to_string()
    }

    /// A sentence or value of the engine, which writes instants in UTC, with its instants in this zone.
    #[must_use]
    pub fn localised(self, text: &str) -> String {
        let word = |word: &str| match Instant::parse(word) {
            Ok(at) if word.ends_with('Z') => self.zoned(at),
            _ => word.to_owned(),
        };
        text.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    /// The zone's name.
    #[must_use]
    pub fn zone_name(self) -> &'static str {
        self.zone.name()
    }
}

/// A distance in its largest unit (`2 d`, `16 h`, `5 min`, `40 s`), and that unit's seconds.
#[must_use]
pub fn coarse(seconds: i64) -> (String, i64) {
    let seconds = seconds.max(0);
    let unit = match seconds {
        172_800.. => 86_400,
        7200.. => 3600,
        120.. => 60,
        _ => 1,
    };
    (human(seconds / unit * unit), unit)
}
