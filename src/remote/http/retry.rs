//! When a request is made again, and after how long: pure, so that every case can be tried as data.

use std::time::Duration;

/// What a remote says about how fast it may be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// `Retry-After`: seconds, or a date (RFC 9110 §10.2.3).
    pub retry_after: Option<String>,
    /// `x-ratelimit-remaining`.
    pub remaining: Option<u64>,
    /// `x-ratelimit-reset`, seconds of UNIX time.
    pub reset: Option<i64>,
}

/// How an attempt ended, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Too many requests: nothing was carried out.
    TooMany,
    /// No connection was made: nothing was sent.
    NotSent,
    /// It was sent, and the remote failed or nothing whole came back.
    Lost,
    /// Anything else: an answer.
    Answered,
}

/// So often a request is made at most.
pub const ATTEMPTS: u32 = 5;

const LONGEST_GUESS: Duration = Duration::from_secs(20);

/// How long to wait before the request is made again; nothing where it is not.
///
/// A write is made again only where it was certainly not carried out. What the remote says counts before a guess, in
/// the order `Retry-After`, reset, times that double from `first` with `jitter` (from 0 to 1). `now` is UNIX time in
/// milliseconds.
#[must_use]
pub fn wait(
    write: bool,
    attempt: u32,
    ending: Ending,
    pace: &Pace,
    (now, first, jitter): (i64, Duration, f64),
) -> Option<Duration> {
    let again = match ending {
        Ending::TooMany | Ending::NotSent => true,
        Ending::Lost => !write,
        Ending::Answered => false,
    };
    if !again || attempt + 1 >= ATTEMPTS {
        return None;
    }
    let doubled = first.saturating_mul(1 << attempt.min(8)).min(LONGEST_GUESS);
    let guess = doubled.mul_f64(0.5 + jitter.clamp(0.0, 1.0));
    let told = match ending {
        Ending::TooMany => told(pace, now),
        // When the limit on requests is whole again says nothing about when a failure is over.
        Ending::Lost => told(&Pace { reset: None, ..pace.clone() }, now),
        Ending::NotSent | Ending::Answered => None,
    };
    Some(told.unwrap_or(guess).max(first / 2))
}

/// How long the remote wants nothing more; a time that is past says nothing.
fn told(pace: &Pace, now: i64) -> Option<Duration> {
    let until =
        |at: i64| u64::try_from(at.saturating_sub(now)).ok().filter(|ms| *ms > 0).map(Duration::from_millis);
    let after = pace.retry_after.as_deref().map(str::trim).and_then(|text| match text.parse::<u64>() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => until(chrono::DateTime::parse_from_rfc2822(text).ok()?.timestamp_millis()),
    });
    after.or_else(|| until(pace.reset?.saturating_mul(1000)))
}

/// How long to hold back although the last answer was good: the remote says that it has none left until then.
#[must_use]
pub fn hold_back(pace: &Pace, now: i64) -> Option<Duration> {
    if pace.remaining != Some(0) {
        return None;
    }
    told(&Pace { retry_after: None, ..pace.clone() }, now)
}
