//! What people type for an instant, and how they read one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use tenure::registry::{Instant, MomentContext, format_instant, parse_moment, relative, time_left};

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// A Saturday at noon, with a trial that ends in three weeks.
fn context(zone: Option<&str>) -> MomentContext {
    MomentContext {
        now: at("2026-01-10T12:00:00Z"),
        expiry: Some(at("2026-02-01T00:00:00Z")),
        zone: zone.map(|name| name.parse().unwrap()),
    }
}

#[test]
fn every_form_names_its_instant() {
    let berlin = Some("Europe/Berlin");
    let cases: &[(Option<&str>, &str, &str)] = &[
        (None, "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        (None, "2026-06-01T00:00Z", "2026-06-01T00:00:00Z"),
        (None, "2026-06-01 00:00Z", "2026-06-01T00:00:00Z"),
        (None, "2026-06-01t02:00+02:00", "2026-06-01T00:00:00Z"),
        (None, "2026-06-01T02:00:00+02:00", "2026-06-01T00:00:00Z"),
        (None, "2026-06-01T00:00:00.999Z", "2026-06-01T00:00:00Z"),
        (None, " now ", "2026-01-10T12:00:00Z"),
        (None, "NOW+3d", "2026-01-13T12:00:00Z"),
        (None, "now + 3 d", "2026-01-13T12:00:00Z"),
        (None, "now-2h30m", "2026-01-10T09:30:00Z"),
        (None, "now−600", "2026-01-10T11:50:00Z"),
        (None, "expiry", "2026-02-01T00:00:00Z"),
        (None, "expiry-1h", "2026-01-31T23:00:00Z"),
        (None, "Expiry+1s", "2026-02-01T00:00:01Z"),
        (None, "25 Nov 2026 12:00 UTC", "2026-11-25T12:00:00Z"),
        (None, "tomorrow 9:00Z", "2026-01-11T09:00:00Z"),
        (None, "tomorrow 9:00 +02:00", "2026-01-11T07:00:00Z"),
        (berlin, "2026-06-01T00:00Z", "2026-06-01T00:00:00Z"),
        (berlin, "tomorrow 9:00", "2026-01-11T08:00:00Z"),
        (berlin, "today 14:30", "2026-01-10T13:30:00Z"),
        (berlin, "Yesterday 15:00", "2026-01-09T14:00:00Z"),
        (berlin, "yesterday", "2026-01-08T23:00:00Z"),
        (berlin, "14:30", "2026-01-10T13:30:00Z"),
        (berlin, "9:05:07", "2026-01-10T08:05:07Z"),
        (berlin, "25 Nov 2026 12:00", "2026-11-25T11:00:00Z"),
        (berlin, "25  november 2026 12:00", "2026-11-25T11:00:00Z"),
        (berlin, "5 nov 12:00", "2026-11-05T11:00:00Z"),
        (berlin, "25 Jul 12:00", "2026-07-25T10:00:00Z"),
        (berlin, "2026-11-25 12:00", "2026-11-25T11:00:00Z"),
        (berlin, "2026-11-25T12:00", "2026-11-25T11:00:00Z"),
        (berlin, "2026-11-25", "2026-11-24T23:00:00Z"),
        (Some("Pacific/Kiritimati"), "today 00:00", "2026-01-10T10:00:00Z"),
        (Some("Asia/Kolkata"), "tomorrow", "2026-01-10T18:30:00Z"),
    ];
    for (zone, text, expected) in cases {
        let moment = parse_moment(text, &context(*zone)).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(moment.instant, at(expected), "{text} in {zone:?}");
    }
}

#[test]
fn only_plain_now_goes_on_with_the_clock() {
    for (text, live) in [("now", true), ("Now", true), ("now+1s", false), ("2026-01-10T12:00:00Z", false)] {
        assert_eq!(parse_moment(text, &context(None)).unwrap().live, live, "{text}");
    }
}

#[test]
fn what_is_not_an_instant_is_refused_with_what_to_write() {
    let berlin = Some("Europe/Berlin");
    let cases: &[(Option<&str>, &str, &str)] = &[
        (None, "", "is not an instant; write"),
        (None, "nowhere", "is not an instant; write"),
        (None, "now 3d", "is not an instant; write"),
        (None, "now+", "a duration is missing"),
        (None, "now+1h30", "is not a duration"),
        (None, "now+11y", "out of range"),
        (None, "now-60y", "out of range"),
        (None, "expiry-", "a duration is missing"),
        (None, "2026-06-01T00:00", "has no time zone; add `Z`"),
        (None, "2026-06-01", "has no time zone"),
        (None, "tomorrow 9:00", "has no time zone"),
        (None, "14:30", "has no time zone"),
        (None, "25 Nov 12:00", "has no time zone"),
        (None, "1969-12-31T23:59:59Z", "out of range"),
        (None, "10000-01-01T00:00:00Z", "out of range"),
        (None, "9999-01-01T00:00:00Z", "out of range"),
        (berlin, "9999-01-01 12:00", "out of range"),
        (berlin, "31 Feb 12:00", "is not an instant; write"),
        (berlin, "25:00", "is not an instant; write"),
        (berlin, "someday 9:00", "is not an instant; write"),
        (berlin, "tomorrow 9", "is not an instant; write"),
        (berlin, "2026-03-29 02:30", "does not exist in Europe/Berlin"),
        (berlin, "2026-10-25 02:30", "comes twice in Europe/Berlin"),
        (berlin, "📅", "is not an instant; write"),
        (berlin, "é:é", "is not an instant; write"),
    ];
    for (zone, text, sentence) in cases {
        let error = parse_moment(text, &context(*zone)).expect_err(text).to_string();
        assert!(error.contains(sentence), "`{text}` in {zone:?}: {error}");
    }
}

#[test]
fn an_hour_that_comes_twice_is_settled_by_the_offset_that_the_error_proposes() {
    let error = parse_moment("2026-10-25 02:30", &context(Some("Europe/Berlin"))).unwrap_err().to_string();
    let proposed = error.rsplit('`').nth(1).unwrap();
    assert_eq!(proposed, "2026-10-25T02:30:00+02:00");
    assert_eq!(parse_moment(proposed, &context(None)).unwrap().instant, at("2026-10-25T00:30:00Z"));
}

#[test]
fn expiry_needs_an_end() {
    let context = MomentContext { expiry: None, ..context(None) };
    let error = parse_moment("expiry-1h", &context).unwrap_err().to_string();
    assert!(error.contains("there is none"), "{error}");
}

#[test]
fn instants_read_as_on_the_wall_clock_of_the_zone() {
    let instant = at("2026-11-25T11:00:00Z");
    assert_eq!(format_instant(instant, "Europe/Berlin".parse().unwrap()), "25 Nov 2026 12:00:00");
    assert_eq!(format_instant(instant, chrono_tz::UTC), "25 Nov 2026 11:00:00");
    assert_eq!(format_instant(at("2026-11-05T01:02:03Z"), chrono_tz::UTC), "5 Nov 2026 01:02:03");
}

#[test]
fn distances_read_in_their_largest_unit() {
    let now = at("2026-01-10T12:00:00Z");
    for (seconds, words, left) in [
        (0, "now", "ended now"),
        (1, "in 1 s", "1 second left"),
        (119, "in 1 min", "1 minute left"),
        (7200, "in 2 h", "2 hours left"),
        (172_800, "in 2 d", "2 days left"),
        (5 * 86_400 + 1, "in 5 d", "5 days left"),
        (94_608_000, "in 3 y", "1095 days left"),
        (-10_800, "3 h ago", "ended 3 h ago"),
        (-59, "59 s ago", "ended 59 s ago"),
    ] {
        let then = now.plus(seconds);
        assert_eq!(relative(then, now), words);
        assert_eq!(time_left(then, now), left);
    }
}
