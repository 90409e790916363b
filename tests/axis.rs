//! The marks of an axis stand at the round times of the window's zone, and never crowd it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use proptest::prelude::*;
use tenure::app::{Times, marks};
use tenure::registry::Instant;

fn times(zone: &str) -> Times {
    Times { zone: zone.parse().unwrap(), now: Instant::saturating(0) }
}

fn labels(zone: &str, from: &str, to: &str, most: usize) -> Vec<String> {
    let at = |text: &str| Instant::parse(text).unwrap().seconds();
    marks(times(zone), at(from), at(to), most).into_iter().map(|mark| mark.label).collect()
}

#[test]
fn days_begin_at_the_zones_midnight_even_where_clocks_are_set() {
    let at = |text: &str| Instant::parse(text).unwrap().seconds();
    let found = marks(times("Europe/Berlin"), at("2026-10-23T10:00:00Z"), at("2026-10-27T10:00:00Z"), 6);
    let expected =
        ["2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"];
    assert_eq!(found.iter().map(|mark| mark.at).collect::<Vec<_>>(), expected.map(at));
    assert_eq!(found[0].label, "24 Oct");
}

#[test]
fn among_hours_midnight_is_a_day() {
    let found = labels("UTC", "2026-11-23T20:00:00Z", "2026-11-24T04:00:00Z", 4);
    assert_eq!(found, ["21:00", "24 Nov", "03:00"]);
}

#[test]
fn months_and_years_are_the_calendars() {
    assert_eq!(
        labels("UTC", "2026-11-23T00:00:00Z", "2027-03-02T00:00:00Z", 5),
        ["Dec 2026", "Jan 2027", "Feb 2027", "Mar 2027"]
    );
    assert_eq!(labels("UTC", "2026-11-23T00:00:00Z", "2029-03-02T00:00:00Z", 4), ["2027", "2028", "2029"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_axis_never_has_more_marks_than_it_has_room_for(
        from in 0_i64..200_000_000_000, exponent in 0_u32..11, part in 1_i64..10, most in 1_usize..12,
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Africa/Cairo"]),
    ) {
        let to = (from + part * 10_i64.pow(exponent)).min(Instant::MAX.seconds());
        let found = marks(times(zone), from, to, most);
        prop_assert!(found.len() <= most + 1, "{} marks", found.len());
        prop_assert!(found.is_sorted_by(|a, b| a.at < b.at));
        prop_assert!(found.iter().all(|mark| (from..=to).contains(&mark.at)));
    }
}
