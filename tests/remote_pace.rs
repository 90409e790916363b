//! When a request is made again, as data; and the forms in which instants are written in free text.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::time::Duration;
use tenure::registry::Instant;
use tenure::remote::http::retry::{Ending, Pace, hold_back, wait};
use tenure::remote::http::{address, encoded};
use tenure::remote::written::{Form, in_form_of, lacks_zone, read};

/// Noon of 10 January 2026.
const NOW: i64 = 1_768_046_400_000;

fn pace(retry_after: Option<&str>, reset: Option<i64>) -> Pace {
    Pace { retry_after: retry_after.map(str::to_owned), remaining: None, reset }
}

fn waits(write: bool, attempt: u32, ending: Ending, pace: &Pace) -> Option<u128> {
    wait(write, attempt, ending, pace, (NOW, Duration::from_millis(250), 0.5)).map(|wait| wait.as_millis())
}

#[test]
fn what_the_remote_says_counts_before_a_guess() {
    let cases = [
        (pace(Some("3"), Some(NOW / 1000 + 60)), 3_000),
        (pace(Some("Sat, 10 Jan 2026 12:00:07 GMT"), None), 7_000),
        (pace(None, Some(NOW / 1000 + 9)), 9_000),
        // A time that is past, and words that say nothing, are no help.
        (pace(None, Some(NOW / 1000 - 9)), 250),
        (pace(Some("Sat, 10 Jan 2026 11:00:00 GMT"), None), 250),
        (pace(Some("soon"), Some(NOW / 1000 + 2)), 2_000),
        (pace(None, None), 250),
    ];
    for (pace, expected) in cases {
        assert_eq!(waits(false, 0, Ending::TooMany, &pace), Some(expected), "{pace:?}");
    }
}

#[test]
fn guesses_double_and_end() {
    let guesses: Vec<_> =
        (0..6).map(|attempt| waits(false, attempt, Ending::NotSent, &Pace::default())).collect();
    assert_eq!(guesses, [Some(250), Some(500), Some(1_000), Some(2_000), None, None]);
    let reset = pace(None, Some(NOW / 1000 + 60));
    assert_eq!(
        waits(false, 0, Ending::Lost, &reset),
        Some(250),
        "a failure is not over when the limit is whole again"
    );
}

#[test]
fn a_write_is_made_again_only_where_it_was_certainly_not_carried_out() {
    for (ending, read, write) in [
        (Ending::TooMany, true, true),
        (Ending::NotSent, true, true),
        (Ending::Lost, true, false),
        (Ending::Answered, false, false),
    ] {
        assert_eq!(waits(false, 0, ending, &Pace::default()).is_some(), read, "{ending:?}");
        assert_eq!(waits(true, 0, ending, &Pace::default()).is_some(), write, "{ending:?}");
    }
}

#[test]
fn nothing_is_asked_while_the_remote_has_none_left() {
    let left =
        |remaining| Pace { remaining: Some(remaining), reset: Some(NOW / 1000 + 1), retry_after: None };
    assert_eq!(hold_back(&left(0), NOW), Some(Duration::from_secs(1)));
    assert_eq!(hold_back(&left(1), NOW), None);
    assert_eq!(hold_back(&Pace::default(), NOW), None);
}

#[test]
fn instants_are_read_as_they_are_written_where_they_can_mean_one_thing_alone() {
    let noon = Instant::parse("2026-03-01T12:00:00Z").unwrap();
    for (text, form, unusual) in [
        ("2026-03-01T12:00:00Z", Form::Rfc3339, false),
        ("2026-03-01T13:00:00+01:00", Form::Rfc3339, false),
        ("1772366400", Form::Seconds, false),
        ("1772366400000", Form::Milliseconds, false),
        (" 1772366400 ", Form::Seconds, true),
        ("2026-03-01 12:00:00Z", Form::Rfc3339, false),
        ("2026-03-01 12:00 UTC", Form::Rfc3339, true),
        ("2026-03-01T13:00:00+0100", Form::Rfc3339, true),
    ] {
        let written = read(text).unwrap_or_else(|| panic!("`{text}`"));
        assert_eq!((written.at, written.form, written.unusual), (noon, form, unusual), "`{text}`");
    }
    for text in [
        "",
        "soon",
        "2026-03-01",
        "01.03.2026",
        "03/01/2026",
        "2026-03-01T12:00:00",
        "-5",
        "99999999999999999999",
        "2026-13-01T00:00:00Z",
    ] {
        assert_eq!(read(text), None, "`{text}`");
    }
    for text in ["2026-03-01", "2026-03-01T12:00:00", "2026-03-01 12:00"] {
        assert!(lacks_zone(text), "`{text}`");
    }
    assert_eq!(in_form_of(noon, Some("1700000000000")), "1772366400000");
    assert_eq!(in_form_of(noon, Some("1700000000")), "1772366400");
    assert_eq!(in_form_of(noon, Some("someday")), "2026-03-01T12:00:00Z");
    assert_eq!(in_form_of(noon, None), "2026-03-01T12:00:00Z");
}

#[test]
fn an_address_is_https_or_of_this_machine_and_holds_no_credentials() {
    for good in
        ["https://tenant.eu.auth0.com", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1/api"]
    {
        assert!(address(good).is_ok(), "{good}");
    }
    for (bad, said) in [
        ("http://tenant.example", "show the credentials"),
        ("http://127.0.0.1.example", "show the credentials"),
        ("ftp://tenant.example", "no address of the web"),
        ("https://user:canary@tenant.example", "must not hold credentials"),
        ("tenant.example", "cannot be used"),
        ("", "cannot be used"),
    ] {
        let error = address(bad).unwrap_err().to_string();
        assert!(error.contains(said) && !error.contains("canary"), "{bad}: {error}");
    }
    assert_eq!(encoded("a/../b?c=d#é"), "a%2F..%2Fb%3Fc%3Dd%23%C3%A9");
}
