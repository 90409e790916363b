//! How long a token lives: whole seconds from one second to ten years, and how people write them.

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::str::FromStr;

/// A whole number of seconds from 1 to 315 360 000 (ten years of 365 days).
///
/// Files carry the number; people write `24h`, `1d 12h`, `90 min` or `600`.
///
/// ```
/// use tenure::registry::Duration;
/// let day: Duration = "1d 12h".parse()?;
/// assert_eq!(day.seconds(), 129_600);
/// assert_eq!(day.to_string(), "36 h");
/// # Ok::<(), tenure::registry::DurationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Duration(u32);

/// Why a text or number is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Nothing was written.
    #[error("a duration is missing; write for example `24h`, `1d 12h` or `600`")]
    Empty,
    /// A part that is neither a whole number nor a unit.
    #[error("`{0}` is not a duration; write whole numbers with d, h, min or s, for example `1d 12h`")]
    Syntax(String),
    /// Below one second or above ten years.
    #[error("`{0}` is out of range; a duration is from 1 second to 315360000 seconds (ten years)")]
    Range(String),
}

impl Duration {
    /// Ten years of 365 days, the longest duration.
    pub const MAX: Self = Self(315_360_000);
    /// One second, the shortest.
    pub const MIN: Self = Self(1);
    /// The default lifetime of a service's tokens: a day.
    pub const DAY: Self = Self(86_400);

    /// A duration of so many seconds.
    ///
    /// # Errors
    /// [`DurationError::Range`] outside 1 to 315 360 000.
    pub fn from_seconds(seconds: i64) -> Result<Self, DurationError> {
        u32::try_from(seconds)
            .ok()
            .map(Self)
            .filter(|d| (Self::MIN..=Self::MAX).contains(d))
            .ok_or_else(|| DurationError::Range(seconds.to_string()))
    }

    /// Its seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0 as i64
    }
}

/// Seconds per unit, by the names that people use.
fn unit(name: &str) -> Option<i64> {
    Some(match name {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        "y" | "year" | "years" => 31_536_000,
        _ => return None,
    })
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(DurationError::Empty);
        }
        if trimmed
            .strip_prefix(['-', '−'])
            .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        {
            return Err(DurationError::Range(trimmed.to_owned()));
        }
        let syntax = || DurationError::Syntax(trimmed.to_owned());
        let mut rest = trimmed;
        let mut total: i64 = 0;
        let mut parts = 0;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, tail) = rest.split_at_checked(digits).ok_or_else(syntax)?;
            let tail = tail.trim_start();
            let letters = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
            let (name, after) = tail.split_at_checked(letters).ok_or_else(syntax)?;
            if number.is_empty() {
                return Err(syntax());
            }
            // A bare number means seconds only where it stands alone: `1h30` could mean two things.
            let seconds = match (name, parts, after.is_empty()) {
                ("", 0, true) => 1,
                ("", ..) => return Err(syntax()),
                (name, ..) => unit(&name.to_ascii_lowercase()).ok_or_else(syntax)?,
            };
            let range = || DurationError::Range(trimmed.to_owned());
            let number: i64 = number.parse().map_err(|_| range())?;
            total = number.checked_mul(seconds).and_then(|n| n.checked_add(total)).ok_or_else(range)?;
            parts += 1;
            rest = after.trim_start();
        }
        Self::from_seconds(total).map_err(|_| DurationError::Range(trimmed.to_owned()))
    }
}

/// As people read it: at most two units, the largest that divide it well (`10 min`, `1 h 30 min`, `36 h`).
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&human(self.seconds()))
    }
}

/// Writes seconds as people read them, exactly: every unit that is not zero, hours up to two days.
#[must_use]
pub fn human(seconds: i64) -> String {
    let (mut rest, sign) = (seconds.unsigned_abs(), if seconds < 0 { "−" } else { "" });
    if rest == 0 {
        return "0 s".to_owned();
    }
    let mut parts = Vec::new();
    let units: [(u64, &str); 4] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    for (size, name) in units {
        // Lifetimes of a day and a half are read in hours.
        if size == 86_400 && rest < 172_800 {
            continue;
        }
        if rest >= size {
            parts.push(format!("{} {name}", rest / size));
            rest %= size;
        }
    }
    format!("{sign}{}", parts.join(" "))
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        Self::from_seconds(seconds).map_err(serde::de::Error::custom)
    }
}
