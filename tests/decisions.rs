//! Every decision case gives the expected document, member for member.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use serde_json::Value;
use std::fs::read_to_string;
use support::cases::{decision_cases, policy_of, registry_of};
use tenure::policy::batch_line;

/// A document without its sentence, which no contract fixes.
fn without_message(text: &str) -> Value {
    let mut value: Value = serde_json::from_str(text).unwrap();
    value.as_object_mut().unwrap().remove("message");
    value
}

/// The names of a document's members in the order in which they stand.
fn members(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let (mut depth, mut string, mut escaped, mut start) = (0, false, false, 0);
    for (i, c) in text.char_indices() {
        match (string, escaped, c) {
            (true, true, _) => escaped = false,
            (true, false, '\\') => escaped = true,
            (true, false, '"') => {
                string = false;
                if depth == 1 && text[i + 1..].trim_start().starts_with(':') {
                    names.push(text[start..i].to_owned());
                }
            }
            (true, ..) => {}
            (false, _, '"') => {
                string = true;
                start = i + 1;
            }
            (false, _, '{' | '[') => depth += 1,
            (false, _, '}' | ']') => depth -= 1,
            _ => {}
        }
    }
    names
}

#[test]
fn every_case_gives_the_expected_document() {
    let cases = decision_cases();
    assert_eq!(cases.len(), 6, "the cases are here");
    for case in cases {
        let policy = policy_of(registry_of(&read_to_string(case.join("registry.json")).unwrap()));
        let requests = read_to_string(case.join("requests.jsonl")).unwrap();
        let answers: Vec<String> = requests
            .lines()
            .enumerate()
            .filter_map(|(line, text)| batch_line(&policy, text, line + 1))
            .map(|(answer, _)| answer)
            .collect();
        let expected = read_to_string(case.join("expected.jsonl")).unwrap();
        let expected: Vec<&str> = expected.lines().collect();
        assert_eq!(answers.len(), expected.len(), "{}", case.display());
        for (number, (answer, expected)) in answers.iter().zip(expected).enumerate() {
            let place = format!("{} answer {}", case.display(), number + 1);
            assert_eq!(without_message(answer), without_message(expected), "{place}");
            let order: Vec<_> = members(answer).into_iter().filter(|name| name != "message").collect();
            assert_eq!(order, members(expected), "{place}");
        }
    }
}

#[test]
fn blank_lines_are_skipped_and_counted() {
    let policy = policy_of(Default::default());
    assert_eq!(batch_line(&policy, "   ", 1), None);
    let (answer, granted) = batch_line(&policy, "{", 7).unwrap();
    assert!(!granted);
    assert!(answer.starts_with(r#"{"outcome":"invalid","line":7,"message":"#), "{answer}");
}

#[test]
fn a_line_that_is_no_request_is_invalid() {
    let policy = policy_of(Default::default());
    for line in [
        r#"{"client_id":"a","audience":"b"}"#,
        r#"{"client_id":"a","audience":"b","at":null}"#,
        r#"{"client_id":"a","audience":"b","at":"2026-01-01T00:00:00"}"#,
        r#"{"client_id":"a","audience":"b","at":"2026-01-01T00:00:00Z","scopes":null}"#,
        r#"{"client_id":"a","audience":"b","at":"2026-01-01T00:00:00Z","profile":"okta"}"#,
        r#"{"client_id":"a","audience":"b","at":"2026-01-01T00:00:00Z","requested_lifetime":0}"#,
        r#"{"client_id":"a","audience":"b","at":"2026-01-01T00:00:00Z","extra":1}"#,
        r#"["a"]"#,
    ] {
        let (answer, granted) = batch_line(&policy, line, 1).unwrap();
        assert!(!granted && answer.contains(r#""outcome":"invalid""#), "{line} gives {answer}");
    }
}
