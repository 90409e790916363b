//! What is fuzzed: one function for each target, which must answer every input without a panic, and holds what it says.
//!
//! The targets call them, and so do the normal tests with the inputs of `seeds/`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono_tz::Tz;
use tenure::policy::Filter;
use tenure::registry::{Duration, Instant, MomentContext, file, parse_moment};
use tenure::token::{
    Decoded, KeySet, decode as decode_token, times, tokens, unwrap, verify_signature, warnings,
};

/// A target: its name, and what it calls.
pub type Entry = (&'static str, fn(&[u8]));

/// The targets.
pub const ENTRIES: [Entry; 7] = [
    ("extract", extract),
    ("decode", decode),
    ("keys", keys),
    ("registry", registry),
    ("duration", duration),
    ("instant", instant),
    ("filter", filter),
];

fn now() -> Instant {
    Instant::saturating(1_795_424_400)
}

pub fn extract(data: &[u8]) {
    let _unwrapped = unwrap(data);
    let mut end = 0;
    for place in tokens(data) {
        assert!(place.start >= end && place.end <= data.len(), "tokens do not overlap");
        end = place.end;
    }
}

pub fn decode(data: &[u8]) {
    match decode_token(data) {
        Ok(decoded) => {
            let again = Decoded::parse(decoded.token()).expect("a token that was found is one");
            assert_eq!(again.signing_input(), decoded.signing_input());
            let _told = (warnings(&decoded, now(), None), times(&decoded, now()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

pub fn keys(data: &[u8]) {
    if let Ok(set) = KeySet::read(data) {
        for key in set.keys() {
            if let (Some(algorithm), true) = (key.algorithms().next(), key.can_sign() && key.can_verify()) {
                let signature = key.sign(algorithm, b"message").expect("a key that can sign does");
                assert!(key.verifies(algorithm, b"message", &signature));
            }
        }
        let jwks: Vec<_> = set.public_jwks().collect();
        let _unsigned = Decoded::parse("e30.e30.").map(|token| verify_signature(&token, &set));
        assert!(jwks.len() <= set.keys().len());
    }
}

pub fn registry(data: &[u8]) {
    if let Ok(registry) = file::read_bytes(data, "fuzz") {
        let written = file::write(&registry);
        assert_eq!(file::read(&written, "again").as_ref(), Ok(&registry), "what is written is read back");
    }
}

pub fn duration(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(duration) = text.parse::<Duration>() {
        assert_eq!(duration.to_string().parse(), Ok(duration), "what is shown is read back");
    }
}

pub fn instant(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(instant) = Instant::parse(text) {
        assert_eq!(Instant::parse(&instant.to_string()), Ok(instant));
    }
    for zone in [None, Some(Tz::Europe__Berlin)] {
        let _moment = parse_moment(text, &MomentContext { now: now(), expiry: Some(now()), zone });
    }
}

pub fn filter(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(filter) = text.parse::<Filter>() {
        let written = filter.to_string();
        let again: Filter = written.parse().expect("what is written is read back");
        assert_eq!(again.to_string(), written);
    }
}
