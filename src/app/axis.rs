//! An axis of time: the part in view, and its marks, which are whole minutes, hours, days, months and years of the window's
//! zone.

use super::Times;
use crate::registry::Instant;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeZone};

/// The shortest and the longest part of time that can be in view.
const SHORTEST: i64 = 3600;
const LONGEST: i64 = 20 * 366 * 86_400;

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

/// A mark of an axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where, in seconds since 1970.
    pub at: i64,
    /// What stands beside it.
    pub label: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Seconds(i64),
    Days(i32),
    Months(i32),
}

impl Step {
    const ALL: [Self; 32] = [
        Self::Seconds(1),
        Self::Seconds(5),
        Self::Seconds(15),
        Self::Seconds(30),
        Self::Seconds(60),
        Self::Seconds(300),
        Self::Seconds(900),
        Self::Seconds(1800),
        Self::Seconds(3600),
        Self::Seconds(10_800),
        Self::Seconds(21_600),
        Self::Seconds(43_200),
        Self::Days(1),
        Self::Days(2),
        Self::Days(7),
        Self::Days(14),
        Self::Months(1),
        Self::Months(3),
        Self::Months(6),
        Self::Months(12),
        Self::Months(24),
        Self::Months(60),
        Self::Months(120),
        Self::Months(240),
        Self::Months(600),
        Self::Months(1200),
        Self::Months(2400),
        Self::Months(6000),
        Self::Months(12_000),
        Self::Months(24_000),
        Self::Months(60_000),
        Self::Months(120_000),
    ];

    /// Never less than the step's real seconds, so that there are never more marks than there is room for.
    const fn least_seconds(self) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Days(days) => days as i64 * 82_800,
            Self::Months(months) => months as i64 * 28 * 86_400,
        }
    }

    const fn format(self) -> &'static str {
        match self {
            Self::Seconds(..60) => "%H:%M:%S",
            Self::Seconds(_) => "%H:%M",
            Self::Days(_) => "%-d %b",
            Self::Months(..12) => "%b %Y",
            Self::Months(_) => "%Y",
        }
    }
}

/// The marks between two instants, at most `most` of them.
#[must_use]
pub fn marks(times: Times, from: i64, to: i64, most: usize) -> Vec<Mark> {
    let room = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
    let fits = |step: &Step| (to - from) / step.least_seconds() < room;
    let step = Step::ALL.into_iter().find(fits).unwrap_or(Step::Months(120_000));
    let places = match step {
        Step::Seconds(seconds) => clock_places(times, from, to, seconds),
        Step::Days(days) => day_places(times, from, to, |date| date.num_days_from_ce() % days == 0),
        Step::Months(months) => month_places(times, from, to, months),
    };
    places.into_iter().filter(|at| (from..=to).contains(at)).map(|at| mark(times, at, step)).collect()
}

fn mark(times: Times, at: i64, step: Step) -> Mark {
    let local = local(times, at);
    // Among hours, midnight is a day.
    let midnight = matches!(step, Step::Seconds(60..)) && local.time() == NaiveTime::MIN;
    let format = if midnight { "%-d %b" } else { step.format() };
    Mark { at, label: local.format(format).to_string() }
}

fn local(times: Times, at: i64) -> chrono::DateTime<chrono_tz::Tz> {
    times.zone.from_utc_datetime(&Instant::saturating(at).to_utc().naive_utc())
}

/// What the zone's clocks show, as seconds.
fn shown(times: Times, at: i64) -> i64 {
    local(times, at).naive_local().and_utc().timestamp()
}

fn clock_places(times: Times, from: i64, to: i64, step: i64) -> Vec<i64> {
    let mut places = Vec::new();
    let mut at = from + (step - shown(times, from).rem_euclid(step)) % step;
    while at <= to {
        // Where clocks were set, the mark moves to the next round time.
        let off = shown(times, at).rem_euclid(step);
        let round = if off == 0 { at } else { at + step - off };
        places.push(round);
        at = round + step;
    }
    places
}

fn day_places(times: Times, from: i64, to: i64, wanted: impl Fn(NaiveDate) -> bool) -> Vec<i64> {
    let first = local(times, from).date_naive();
    first
        .iter_days()
        .map(|date| (date, midnight(times, date)))
        .take_while(|(_, at)| *at <= to)
        .filter(|(date, _)| wanted(*date))
        .map(|(_, at)| at)
        .collect()
}

fn month_places(times: Times, from: i64, to: i64, step: i32) -> Vec<i64> {
    let first = local(times, from).date_naive();
    let first = (first.year() * 12 + first.month0() as i32).div_euclid(step) * step;
    let month = |count: i32| {
        let month0 = u32::try_from(count.rem_euclid(12)).unwrap_or_default();
        NaiveDate::from_ymd_opt(count.div_euclid(12), month0 + 1, 1)
    };
    (0..)
        .map_while(|i| month(first + i * step))
        .map(|date| midnight(times, date))
        .take_while(|at| *at <= to)
        .collect()
}

/// When a day begins in the zone: at midnight, or where clocks skip it, an hour later.
fn midnight(times: Times, date: NaiveDate) -> i64 {
    let midnight = date.and_time(NaiveTime::MIN);
    let begins = |at| times.zone.from_local_datetime(&at).earliest();
    begins(midnight)
        .or_else(|| begins(midnight + chrono::TimeDelta::hours(1)))
        .map_or_else(|| midnight.and_utc().timestamp(), |at| at.timestamp())
}
