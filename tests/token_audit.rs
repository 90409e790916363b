//! A log is read as a stream: every token is found, whatever the lines, in memory that does not grow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;
mod token_support;

use proptest::prelude::*;
use std::io::Read;
use std::ops::ControlFlow;
use support::cases::{policy_of, registry_of};
use tenure::policy::Policy;
use tenure::token::{Event, KeyKind, KeySet, SignatureState, Totals, Verdict, audit};
use token_support::{b64, new_key, signed, unsigned};

const IAT: i64 = 1_768_042_800;

fn policy() -> Policy {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tokens/registry.json");
    policy_of(registry_of(&std::fs::read_to_string(path).unwrap()))
}

fn claims(client: &str, lifetime: i64) -> String {
    format!(
        r#"{{"iss":"https://issuer.example","client_id":"{client}","aud":"https://api.example.com","scope":"read","iat":{IAT},"exp":{}}}"#,
        IAT + lifetime
    )
}

fn token(client: &str, lifetime: i64) -> String {
    unsigned(r#"{"alg":"EdDSA"}"#, &claims(client, lifetime)) + &b64([9; 64])
}

/// Hands a text out in pieces of a size, as a pipe does.
struct Pieces<'t> {
    rest: &'t [u8],
    size: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.size.min(buffer.len()).min(self.rest.len());
        let (piece, rest) = self.rest.split_at(size);
        buffer[..size].copy_from_slice(piece);
        self.rest = rest;
        Ok(size)
    }
}

/// The rows as line, client and verdict, and the totals.
fn run(log: &str, size: usize, keys: Option<&KeySet>) -> (Vec<(u64, String, &'static str)>, Totals) {
    let policy = policy();
    let mut rows = Vec::new();
    let pieces = Pieces { rest: log.as_bytes(), size };
    let totals = audit(pieces, &mut &policy, keys, &mut |event| {
        if let Event::Row(row) = event {
            let client = row.check.and_then(|check| check.client_id).unwrap_or_default();
            rows.push((row.line, client.to_owned(), row.verdict()));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    (rows, totals)
}

#[test]
fn tokens_one_a_line_in_json_and_in_any_text_are_found_with_their_lines() {
    let (good, long, off) = (token("trial", 3600), token("trial", 86_400), token("off", 60));
    let log = format!(
        "{good}\n\n{{\"access_token\":\"{long}\",\"token_type\":\"Bearer\"}}\r\n{{\"token\":\"{off}\"}}\n\
         10.0.0.1 GET /?t={good}&u={long} 200\nno token here: eyJ.eyJ.eyJ, they keyed\n{}",
        token("nobody", 60)
    );
    let expected: Vec<(u64, String, &str)> = [
        (1, "trial", "as_decided"),
        (3, "trial", "outlives_application"),
        (4, "off", "would_be_denied"),
        (5, "trial", "as_decided"),
        (5, "trial", "outlives_application"),
        (7, "nobody", "unknown_application"),
    ]
    .map(|(line, client, verdict)| (line, client.to_owned(), verdict))
    .to_vec();
    for size in [1, 2, 7, 64, 1000, 1 << 20] {
        let (rows, totals) = run(&log, size, None);
        assert_eq!(rows, expected, "in pieces of {size}");
        assert_eq!((totals.tokens, totals.lines, totals.bytes), (6, 7, log.len() as u64), "{size}");
        assert_eq!(totals.count(Verdict::OutlivesApplication), 2);
        assert_eq!(totals.longest_overrun, 82_800);
        assert!(totals.is_alarming());
    }
}

#[test]
fn a_token_is_found_wherever_the_buffer_ends() {
    let token = token("trial", 3600);
    for shift in 0..token.len() + 16 {
        let padding = "x\n".repeat((256 * 1024 - shift) / 2) + &" ".repeat(shift % 2);
        let line = padding.matches('\n').count() as u64 + 1;
        let (rows, totals) = run(&format!("{padding}{token}.\n"), 1 << 20, None);
        assert_eq!(rows, [(line, "trial".to_owned(), "as_decided")], "{shift} bytes before the end");
        assert_eq!(totals.lines, line, "{shift} bytes before the end");
    }
}

#[test]
fn what_has_only_the_shape_of_a_token_is_passed_over_and_what_is_broken_is_told() {
    let session_cookie = format!("{}.Zm9v.YmFy", b64(r#"{"user":1}"#));
    let broken = format!("{}.{}.A", b64(r#"{"alg":"RS256"}"#), b64("{}"));
    let masked = unsigned(r#"{"alg":"RS256"}"#, &claims("trial", 3600)) + "***";
    let (rows, totals) = run(&format!("{session_cookie}\n{broken}\n{masked}"), 4096, None);
    let expected = [(2, String::new(), "unreadable"), (3, "trial".to_owned(), "as_decided")];
    assert_eq!(rows, expected);
    assert_eq!((totals.tokens, totals.unreadable), (2, 1));
    assert!(!totals.is_alarming());
}

#[test]
fn signatures_are_counted_by_state_and_one_that_is_not_valid_alarms() {
    let (ours, theirs) = (new_key(KeyKind::Ed25519), new_key(KeyKind::Ed25519));
    let sign = |keys: &KeySet| signed(keys, r#"{"alg":"EdDSA"}"#, claims("paid", 3600));
    let log = format!("{}\n{}\n", sign(&ours), sign(&ours));
    let (_, totals) = run(&log, 100, Some(&ours));
    assert_eq!(totals.signatures.get(&SignatureState::Valid), Some(&2));
    assert!(!totals.is_alarming(), "{totals:?}");
    let (_, totals) = run(&format!("{log}{}", sign(&theirs)), 100, Some(&ours));
    assert_eq!(totals.signatures.get(&SignatureState::Invalid), Some(&1));
    assert!(totals.is_alarming());
}

/// A log of many lines, or of one that never ends, made while it is read.
struct Endless<'t> {
    line: &'t [u8],
    place: usize,
    left: usize,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.line[self.place..];
        let size = rest.len().min(buffer.len()).min(self.left);
        buffer[..size].copy_from_slice(&rest[..size]);
        self.place = (self.place + size) % self.line.len();
        self.left -= size;
        Ok(size)
    }
}

#[cfg(target_os = "linux")]
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_log_nor_with_its_lines() {
    let policy = policy();
    let mut lines = "GET /v1/things 200 - - the quick brown fox they key\n".repeat(2000);
    lines.push_str(&token("trial", 3600));
    lines.push('\n');
    let endless = "eyJhbGciOiJFZERTQSJ9".repeat(3000);
    let run = |line: &str, left: usize| {
        let log = Endless { line: line.as_bytes(), place: 0, left };
        audit(log, &mut &policy, None, &mut |_| ControlFlow::Continue(())).unwrap()
    };
    run(&lines, 4 << 20);
    let before = peak_kilobytes();
    let totals = run(&lines, 48 << 20);
    assert!(totals.tokens > 400, "{totals:?}");
    // One line without end, of what could be a token's first part at every byte.
    let totals = run(&endless, 16 << 20);
    assert_eq!((totals.tokens, totals.lines), (0, 1));
    let grown = peak_kilobytes() - before;
    assert!(grown < 16 * 1024, "the peak grew by {grown} kB over 64 MB of log");
}

#[test]
fn an_audit_can_be_broken_off() {
    let policy = policy();
    let log = format!("{}\n", token("trial", 3600)).repeat(100);
    let mut rows = 0;
    let totals = audit(log.as_bytes(), &mut &policy, None, &mut |event| {
        rows += usize::from(matches!(event, Event::Row(_)));
        if rows == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert_eq!((rows, totals.tokens), (3, 3));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_any_size_find_the_same(
        noise in proptest::collection::vec("[ -~\n]{0,40}", 1..12),
        size in 1..500_usize,
    ) {
        let log = noise.join(&format!(" {}\n", token("trial", 3600)));
        let (rows, totals) = run(&log, size, None);
        let whole = run(&log, log.len().max(1), None);
        prop_assert_eq!(rows.len(), noise.len() - 1);
        prop_assert_eq!((rows, totals), whole);
    }
}
