//! The instants that people type (`now+3d`, `tomorrow 9:00`), and the words in which they read them.

use super::{Duration, Instant, InstantError};
use chrono::{Datelike, Days, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// What words such as `now`, `expiry` and `tomorrow` refer to.
#[derive(Debug, Clone, Copy)]
pub struct MomentContext {
    /// The wall clock.
    pub now: Instant,
    /// The end of the application at hand, where it has one.
    pub expiry: Option<Instant>,
    /// The zone of texts that name none; absent where such texts are refused (files, command line).
    pub zone: Option<Tz>,
}

/// An instant that a person typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Which one.
    pub instant: Instant,
    /// It is plain `now`: it goes on with the clock.
    pub live: bool,
}

/// Why a text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Without a zone where one is needed, or out of range.
    #[error(transparent)]
    Instant(#[from] InstantError),
    /// None of the forms.
    #[error("`{0}` is not an instant; write for example `2026-03-01T12:00:00Z`, `now+3d` or `expiry-1h`")]
    Syntax(String),
    /// None of the forms, where the zone is known.
    #[error("`{0}` is not an instant; write for example `25 Nov 2026 12:00`, `tomorrow 9:00` or `now+3d`")]
    Words(String),
    /// What follows `now` or `expiry` is no duration.
    #[error("`{text}` is not an instant: {error}")]
    Duration {
        /// The whole text.
        text: String,
        /// What is wrong with its duration.
        error: super::DurationError,
    },
    /// Counts from an end that is not there.
    #[error("`{0}` counts from the application's end, and there is none; write an instant instead")]
    NoExpiry(String),
    /// The clocks skip it.
    #[error(
        "`{0}` does not exist in {1}: the clocks go forward over it; write another time or add an offset"
    )]
    Skipped(String, String),
    /// The clocks show it twice.
    #[error("`{0}` comes twice in {1}: the clocks go back over it; add an offset, for example `{2}`")]
    Twice(String, String, String),
}

/// Where a wall clock hangs.
#[derive(Clone, Copy)]
enum Place {
    Zone(Tz),
    Offset(FixedOffset),
}

/// Reads an instant as people type it.
///
/// ```
/// use tenure::registry::{Instant, MomentContext, parse_moment};
/// let now = Instant::parse("2026-01-10T12:00:00Z")?;
/// let context = MomentContext { now, expiry: None, zone: None };
/// assert_eq!(parse_moment("now+3d", &context)?.instant.to_string(), "2026-01-13T12:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`MomentError`], a sentence that says what to write instead.
pub fn parse_moment(text: &str, context: &MomentContext) -> Result<Moment, MomentError> {
    let text = text.trim();
    let fixed = |instant| Moment { instant, live: false };
    if text.eq_ignore_ascii_case("now") {
        return Ok(Moment { instant: context.now, live: true });
    }
    if let Some(rest) = strip_word(text, "now") {
        return shifted(text, context.now, rest).map(fixed);
    }
    if let Some(rest) = strip_word(text, "expiry") {
        let end = context.expiry.ok_or_else(|| MomentError::NoExpiry(text.to_owned()))?;
        return shifted(text, end, rest).map(fixed);
    }
    let plain = Instant::parse(text);
    match plain {
        Ok(instant) => Ok(fixed(instant)),
        Err(range @ InstantError::Range(_)) => Err(range.into()),
        Err(_) => calendar(text, context).map(fixed),
    }
}

/// What follows a leading word, whatever its case; nothing where the word goes on.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start())
}

/// An instant and a signed duration, as in `now-2h30m`.
fn shifted(text: &str, from: Instant, rest: &str) -> Result<Instant, MomentError> {
    if rest.is_empty() {
        return Ok(from);
    }
    let signs: [(&str, i64); 3] = [("+", 1), ("-", -1), ("−", -1)];
    let (sign, duration) = signs
        .into_iter()
        .find_map(|(sign, factor)| Some((factor, rest.strip_prefix(sign)?)))
        .ok_or_else(|| MomentError::Syntax(text.to_owned()))?;
    let duration: Duration =
        duration.parse().map_err(|error| MomentError::Duration { text: text.to_owned(), error })?;
    Instant::from_seconds(from.seconds().saturating_add(sign * duration.seconds()))
        .map_err(|_| InstantError::Range(text.to_owned()).into())
}

/// A day and a time of day, in the zone that the text names or else the context's.
fn calendar(text: &str, context: &MomentContext) -> Result<Instant, MomentError> {
    let syntax = || match context.zone {
        Some(_) => MomentError::Words(text.to_owned()),
        None => MomentError::Syntax(text.to_owned()),
    };
    let (rest, offset) = split_offset(text);
    let place = offset.map(Place::Offset).or(context.zone.map(Place::Zone));
    // Without a zone, UTC tells only whether the text would otherwise be an instant.
    let today = place.unwrap_or(Place::Zone(Tz::UTC)).date(context.now);
    let local = wall_clock(rest, today).ok_or_else(syntax)?;
    let place = place.ok_or_else(|| InstantError::NoZone(text.to_owned()))?;
    place.resolve(text, local)
}

/// Takes `Z`, `UTC` or `+02:00` off the end of a text that holds a time of day.
fn split_offset(text: &str) -> (&str, Option<FixedOffset>) {
    let utc = FixedOffset::east_opt(0);
    let with_time = |rest: &str| rest.contains(':');
    for suffix in ["utc", "gmt", "z"] {
        let at = text.len().saturating_sub(suffix.len());
        if let Some((rest, end)) = text.split_at_checked(at)
            && end.eq_ignore_ascii_case(suffix)
            && with_time(rest)
        {
            return (rest.trim_end(), utc);
        }
    }
    let offset = || {
        let (rest, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
        let sign = offset.starts_with(['+', '-']);
        (sign && with_time(rest)).then_some(())?;
        Some((rest.trim_end(), offset.parse::<FixedOffset>().ok()?))
    };
    offset().map_or((text, None), |(rest, offset)| (rest, Some(offset)))
}

/// `[day] [time]` as a wall clock shows it; a day alone begins at midnight, a time alone is today's.
fn wall_clock(text: &str, today: NaiveDate) -> Option<NaiveDateTime> {
    let (day, time) = match text.rsplit_once([' ', 'T', 't']) {
        Some((day, time)) if time.contains(':') => (day.trim(), Some(time)),
        _ if text.contains(':') => ("today", Some(text)),
        _ => (text, None),
    };
    let time = time.map_or(Some(NaiveTime::MIN), time_of_day)?;
    Some(self::day(day, today)?.and_time(time))
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"]
        .into_iter()
        .find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    match text.to_ascii_lowercase().as_str() {
        "today" => return Some(today),
        "tomorrow" => return today.checked_add_days(Days::new(1)),
        "yesterday" => return today.checked_sub_days(Days::new(1)),
        _ => {}
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let dated = ["%Y-%m-%d", "%d %b %Y", "%d %B %Y"]
        .into_iter()
        .find_map(|format| NaiveDate::parse_from_str(&words, format).ok());
    dated.or_else(|| {
        let this_year = format!("{words} {}", today.year());
        NaiveDate::parse_from_str(&this_year, "%d %b %Y").ok()
    })
}

impl Place {
    fn date(self, instant: Instant) -> NaiveDate {
        match self {
            Self::Zone(zone) => instant.to_utc().with_timezone(&zone).date_naive(),
            Self::Offset(offset) => instant.to_utc().with_timezone(&offset).date_naive(),
        }
    }

    fn resolve(self, text: &str, local: NaiveDateTime) -> Result<Instant, MomentError> {
        let instant =
            |seconds| Instant::from_seconds(seconds).map_err(|_| InstantError::Range(text.to_owned()).into());
        let zone = match self {
            Self::Offset(offset) => {
                return instant(local.and_utc().timestamp() - i64::from(offset.local_minus_utc()));
            }
            Self::Zone(zone) => zone,
        };
        match zone.from_local_datetime(&local) {
            MappedLocalTime::Single(moment) => instant(moment.timestamp()),
            MappedLocalTime::Ambiguous(first, _) => {
                let example = first.format("%Y-%m-%dT%H:%M:%S%:z").to_string();
                Err(MomentError::Twice(text.to_owned(), zone.to_string(), example))
            }
            MappedLocalTime::None => Err(MomentError::Skipped(text.to_owned(), zone.to_string())),
        }
    }
}

/// An instant on the wall clock of a zone: `25 Nov 2026 12:00:00`.
#[must_use]
pub fn format_instant(instant: Instant, zone: Tz) -> String {
    instant.to_utc().with_timezone(&zone).format("%-d %b %Y %H:%M:%S").to_string()
}

/// How far an instant is from now, in its largest unit: `in 2 d`, `3 h ago`, `now`.
#[must_use]
pub fn relative(instant: Instant, now: Instant) -> String {
    let seconds = instant.since(now);
    let distance = coarse(seconds.unsigned_abs());
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {distance}"),
        _ => format!("{distance} ago"),
    }
}

/// How much of a trial is left: `5 days left`, `1 hour left`, `ended 3 d ago`.
#[must_use]
pub fn time_left(end: Instant, now: Instant) -> String {
    let seconds = end.since(now);
    if seconds <= 0 {
        return format!("ended {}", if seconds == 0 { "now".to_owned() } else { relative(end, now) });
    }
    let (count, unit) = match seconds {
        86_400.. => (seconds / 86_400, "day"),
        3600.. => (seconds / 3600, "hour"),
        60.. => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    format!("{count} {unit}{} left", if count == 1 { "" } else { "s" })
}

/// Seconds in their largest unit alone, rounded down.
fn coarse(seconds: u64) -> String {
    match seconds {
        63_072_000.. => format!("{} y", seconds / 31_536_000),
        86_400.. => format!("{} d", seconds / 86_400),
        3600.. => format!("{} h", seconds / 3600),
        60.. => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}
