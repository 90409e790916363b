//! A moment in whole seconds of UTC, as in the claims of a token.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A moment in whole seconds since 1970-01-01T00:00:00Z (RFC 7519 `NumericDate`), to 9979-12-31T23:59:59Z.
///
/// A token issued at the last one may still live ten years: [`Instant::plus`] goes up to 9989.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// No offset: the same words mean different moments in different places.
    #[error("`{0}` has no time zone; add `Z` or an offset, for example `2026-03-01T12:00:00Z`")]
    NoZone(String),
    /// Not RFC 3339.
    #[error("`{0}` is not an instant; write RFC 3339, for example `2026-03-01T12:00:00Z`")]
    Syntax(String),
    /// Before 1970 or after 9979.
    #[error("`{0}` is out of range; an instant is from 1970-01-01 to 9979-12-31")]
    Range(String),
}

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// 9979-12-31T23:59:59Z.
    pub const MAX: Self = Self(252_771_148_799);

    /// An instant of so many seconds since 1970.
    ///
    /// # Errors
    /// [`InstantError::Range`] before 1970 or after 9979.
    pub fn from_seconds(seconds: i64) -> Result<Self, InstantError> {
        Some(Self(seconds))
            .filter(|i| (Self::MIN..=Self::MAX).contains(i))
            .ok_or_else(|| InstantError::Range(seconds.to_string()))
    }

    /// The nearest instant within the range.
    #[must_use]
    pub fn saturating(seconds: i64) -> Self {
        Self(seconds.clamp(Self::MIN.0, Self::MAX.0))
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// This instant and so many seconds, for the end of a token: may pass [`Instant::MAX`] by ten years.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this instant, negative where it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The same moment for calendars.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).unwrap_or_default()
    }

    /// Reads RFC 3339 with any offset. A finer instant is truncated towards the past; `:60` reads as `:59`.
    ///
    /// # Errors
    /// [`InstantError`] without a zone, where it is no instant, and out of range.
    pub fn parse(text: &str) -> Result<Self, InstantError> {
        let trimmed = text.trim();
        // `chrono` reads a leap second as :59 with a fraction above one; flooring gives :59.
        match DateTime::parse_from_rfc3339(trimmed) {
            Ok(moment) => {
                Self::from_seconds(moment.timestamp()).map_err(|_| InstantError::Range(trimmed.to_owned()))
            }
            Err(_) => Err(Self::diagnose(trimmed)),
        }
    }

    fn diagnose(text: &str) -> InstantError {
        let naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
            .iter()
            .any(|format| chrono::NaiveDateTime::parse_from_str(text, format).is_ok());
        let year_digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if year_digits > 4
            && DateTime::parse_from_rfc3339(&format!("9979{}", text.get(year_digits..).unwrap_or_default()))
                .is_ok()
        {
            return InstantError::Range(text.to_owned());
        }
        if naive || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() {
            return InstantError::NoZone(text.to_owned());
        }
        InstantError::Syntax(text.to_owned())
    }
}

/// RFC 3339 in UTC with `Z`, whole seconds.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
