//! Registry files: canonical, the same after a round trip, and every wrong one refused with its place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use proptest::prelude::*;
use tenure::registry::file::{read, read_bytes, write};
use tenure::registry::{Duration, DurationError, Instant, InstantError, Registry, Service};

const SERVICE: &str = r#""service":{"name":"S","issuer":"https://i"}"#;

/// A file with these members beside schema and service.
fn file(members: &str) -> String {
    format!("{{\"schema\":1,{SERVICE},{members}}}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn export_import_export_is_byte_identical(registry in support::registry()) {
        let first = write(&registry);
        let read = read(&first, "r.json").unwrap();
        prop_assert_eq!(&read, &registry);
        prop_assert_eq!(write(&read), first);
    }

    #[test]
    fn no_text_makes_the_reader_panic(cut in 0..2000_usize, insert in any::<char>(), registry in support::registry()) {
        let mut text = write(&registry);
        let at = (0..=cut % (text.len() - 1)).rev().find(|&i| text.is_char_boundary(i)).unwrap();
        text.insert(at, insert);
        let _ = read(&text, "r.json");
        text.truncate(at);
        prop_assert!(read(&text, "r.json").is_err());
    }
}

#[test]
fn an_empty_registry_has_all_five_members() {
    let service = Service { name: "S".into(), issuer: "https://i".into(), ..Service::default() };
    let text = write(&Registry::new(service, vec![], vec![], vec![]));
    assert_eq!(
        text,
        "{\n  \"apis\": [],\n  \"applications\": [],\n  \"guardrails\": [],\n  \"schema\": 1,\n  \"service\": {\n    \
         \"issuer\": \"https://i\",\n    \"name\": \"S\"\n  }\n}\n"
    );
    assert_eq!(write(&read(&text, "").unwrap()), text);
}

#[test]
fn what_equals_its_default_is_left_out_and_text_is_not_escaped() {
    let text = file(
        r#""applications":[{"status":"active","client_id":"é💡","tags":["b","a","b"],"metadata":{},"grants":[
            {"audience":"z","scopes":[]},{"audience":"a","scopes":["w","r"]}],"notes":""}]"#,
    );
    let out = write(&read(&text, "").unwrap());
    for expected in ["\"client_id\": \"é💡\"", "\"tags\": [\n        \"a\",\n        \"b\"\n      ]"] {
        assert!(out.contains(expected), "{expected} in {out}");
    }
    for left_out in ["status", "metadata", "notes", "access_token_duration", "min_lifetime"] {
        assert!(!out.contains(left_out), "{left_out} in {out}");
    }
    assert!(out.find("\"a\"").unwrap() < out.find("\"z\"").unwrap());
}

/// Each wrong file, the path that its error names, and a part of the sentence.
#[test]
fn every_wrong_shape_is_refused_with_its_place() {
    let app = |members: &str| file(&format!("\"applications\":[{{\"client_id\":\"acme\",{members}}}]"));
    let cases = [
        (String::new(), "", "EOF"),
        ("[]".into(), "", "expected an object"),
        ("null".into(), "", "expected an object"),
        ("{}".into(), "", "missing field `schema`"),
        (r#"{"schema":1}"#.into(), "", "missing field `service`"),
        (r#"{"schema":1,"service":{"name":"S"}}"#.into(), "service", "missing field `issuer`"),
        (r#"{"schema":1,"service":["S","https://i"]}"#.into(), "service", "expected an object"),
        (file("\"aplications\":[]"), "aplications", "unknown field `aplications`"),
        (file("\"apis\":[],\"apis\":[]"), "apis", "duplicate field `apis`"),
        (file("\"apis\":null"), "apis", "null"),
        (file("\"apis\":{}"), "apis", "expected a list"),
        (file("\"applications\":[[\"acme\"]]"), "applications[0]", "expected an object"),
        (file("\"applications\":[{\"client_id\":\"a\"},{}]"), "applications[1]", "missing field `client_id`"),
        (app("\"expires_at\":null"), "applications[acme].expires_at", "null"),
        (app("\"expires_at\":\"2026-01-01T00:00:00\""), "applications[acme].expires_at", "no time zone"),
        (app("\"access_token_duration\":0"), "applications[acme].access_token_duration", "out of range"),
        (app("\"access_token_duration\":-5"), "applications[acme].access_token_duration", "out of range"),
        (app("\"access_token_duration\":1e3"), "applications[acme].access_token_duration", "floating point"),
        (app("\"access_token_duration\":\"24h\""), "applications[acme].access_token_duration", "string"),
        (
            app("\"access_token_duration\":315360001"),
            "applications[acme].access_token_duration",
            "out of range",
        ),
        (
            app("\"access_token_duration\":99999999999999999999"),
            "applications[acme].access_token_duration",
            "expected i64",
        ),
        (app("\"status\":\"paused\""), "applications[acme].status", "unknown variant `paused`"),
        (app("\"exires_at\":1"), "applications[acme].exires_at", "unknown field `exires_at`"),
        (app("\"name\":\"a\",\"name\":\"b\""), "applications[acme].name", "duplicate field `name`"),
        (
            app("\"metadata\":{\"k\":\"1\",\"k\":\"2\"}"),
            "applications[acme].metadata.k",
            "duplicate field `k`",
        ),
        (app("\"metadata\":{\"k\":1}"), "applications[acme].metadata.k", "expected a string"),
        (
            app("\"grants\":[{\"audience\":\"a\",\"scopes\":\"read\"}]"),
            "applications[acme].grants[0].scopes",
            "expected a sequence",
        ),
        (
            app("\"grants\":[{\"audience\":\"a\"},{\"audience\":\"a\"}]"),
            "applications[acme].grants",
            "`a` stands there twice",
        ),
        (
            file("\"applications\":[{\"client_id\":\"a\"},{\"client_id\":\"a\"}]"),
            "applications",
            "`a` stands there twice",
        ),
        (file("\"apis\":[{\"audience\":\"a\"},{\"audience\":\"a\"}]"), "apis", "`a` stands there twice"),
        (
            file("\"apis\":[{\"audience\":\"a\",\"scopes\":[{\"name\":\"r\"},{\"name\":\"r\"}]}]"),
            "apis[a].scopes",
            "`r` stands there twice",
        ),
        (
            file("\"guardrails\":[{\"name\":\"g\",\"when\":\"true\"}]"),
            "guardrails[g]",
            "missing field `then`",
        ),
        (
            file("\"guardrails\":[{\"name\":\"g\",\"when\":\"true\",\"then\":{\"cap\":0}}]"),
            "guardrails[g].then.cap",
            "out of range",
        ),
        (
            file("\"guardrails\":[{\"name\":\"g\",\"when\":\"true\",\"then\":{\"cap\":9,\"deny\":\"x\"}}]"),
            "guardrails[g].then",
            "expected",
        ),
        (file("\"apis\":[]").replace(":1,", ":2,"), "schema", "newer version of Tenure"),
        (r#"{"new":{"a":[1]},"schema":7}"#.into(), "schema", "newer version of Tenure"),
        (file("\"apis\":[]").replace(":1,", ":0,"), "schema", "schema `0`"),
        (file("\"apis\":[]").replace(":1,", ":\"1\","), "schema", "string"),
        (file("\"apis\":[]") + "x", "", "trailing characters"),
        (file("\"apis\":[]") + "{}", "", "trailing characters"),
        (file("\"apis\":[],"), "", "trailing comma"),
        (file(&format!("\"deep\":{}", "[".repeat(100_000))), "deep", "unknown field"),
        (file(&format!("\"apis\":{}", "[".repeat(100_000))), "apis[0]", "expected an object"),
        ("[".repeat(100_000), "", "expected an object"),
    ];
    for (text, path, part) in cases {
        let start: String = text.chars().take(200).collect();
        let error = read(&text, "r.json").expect_err(&start);
        assert!(error.message.contains(part), "`{start}`: {error}");
        assert_eq!(error.path, path, "`{start}`: {error}");
        assert!(error.to_string().starts_with(&format!("r.json:{}:{}: ", error.line, error.column)));
        assert!(!error.message.contains(" at line "), "{error}");
    }
}

#[test]
fn an_error_stands_in_its_line_and_column() {
    let text = "{\n  \"schema\": 1,\n  \"service\": {\n    \"name\": 5,\n    \"issuer\": \"i\"\n  }\n}\n";
    let error = read(text, "registry.json").unwrap_err();
    assert_eq!((error.line, error.column), (4, 13));
    assert_eq!(
        error.to_string(),
        "registry.json:4:13: service.name: invalid type: integer `5`, expected a string"
    );
}

#[test]
fn a_byte_order_mark_does_no_harm_and_other_encodings_are_named() {
    let text = format!("\u{feff}{}", file("\"apis\":[]"));
    assert!(read(&text, "").is_ok());
    let error = read_bytes(b"{\n \"a\xff\"}", "r.json").unwrap_err();
    assert_eq!((error.line, error.column), (2, 4));
    assert!(error.message.contains("UTF-8"));
}

#[test]
fn the_shared_examples_read_and_write() {
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/decisions");
    let mut count = 0;
    for folder in std::fs::read_dir(cases).unwrap() {
        let path = folder.unwrap().path().join("registry.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let registry = read(&text, "").unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let once = write(&registry);
        assert_eq!(write(&read(&once, "").unwrap()), once);
        count += 1;
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn odd_names_survive() {
    let long = "x".repeat(10_000);
    for name in ["\u{202e}evil\u{202c}", "👩‍👩‍👧‍👦", &long, "tab\tline\nend", ""] {
        let text = file(&format!(
            "\"applications\":[{{\"client_id\":\"a\",\"customer\":{}}}]",
            serde_json::to_string(name).unwrap()
        ));
        assert_eq!(read(&text, "").unwrap().application("a").unwrap().customer, name);
    }
}

#[test]
fn durations_as_people_write_them() {
    let right = [
        ("24 hours", 86_400),
        ("24h", 86_400),
        ("1d 12h", 129_600),
        ("90 min", 5400),
        ("600", 600),
        (" 600 ", 600),
        ("1h30m", 5400),
        ("1H", 3600),
        ("3650d", 315_360_000),
        ("1", 1),
        ("0600", 600),
    ];
    for (text, seconds) in right {
        assert_eq!(text.parse::<Duration>().map(Duration::seconds), Ok(seconds), "`{text}`");
    }
    let range = |t: &str| DurationError::Range(t.to_owned());
    let syntax = |t: &str| DurationError::Syntax(t.to_owned());
    let wrong = [
        ("", DurationError::Empty),
        ("  ", DurationError::Empty),
        ("0", range("0")),
        ("0h", range("0h")),
        ("-5", range("-5")),
        ("-5h", range("-5h")),
        ("- 5", range("- 5")),
        ("−5", range("−5")),
        ("1e3", syntax("1e3")),
        ("1h30", syntax("1h30")),
        ("1.5h", syntax("1.5h")),
        ("h", syntax("h")),
        ("h5", syntax("h5")),
        ("5 fortnights", syntax("5 fortnights")),
        ("+5", syntax("+5")),
        ("٥", syntax("٥")),
        ("5µs", syntax("5µs")),
        ("1d-2h", syntax("1d-2h")),
        ("315360001", range("315360001")),
        ("3650d 1s", range("3650d 1s")),
        ("99999999999999999999", range("99999999999999999999")),
        ("9223372036854775807y", range("9223372036854775807y")),
    ];
    for (text, error) in wrong {
        assert_eq!(text.parse::<Duration>(), Err(error), "`{text}`");
    }
}

#[test]
fn a_duration_reads_as_it_is_shown() {
    for seconds in [1, 59, 60, 61, 3600, 5400, 86_399, 86_400, 172_799, 172_800, 315_360_000] {
        let duration = Duration::from_seconds(seconds).unwrap();
        assert_eq!(duration.to_string().parse(), Ok(duration), "{duration}");
    }
}

#[test]
fn instants_in_files() {
    let right = [
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"),
        ("2026-03-01t12:00:00z", "2026-03-01T12:00:00Z"),
        ("2026-03-01 12:00:00+02:00", "2026-03-01T10:00:00Z"),
        ("2026-03-01T12:00:00.999Z", "2026-03-01T12:00:00Z"),
        ("2026-03-01T12:00:00.999-00:30", "2026-03-01T12:30:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2026-03-01T12:00:60.5Z", "2026-03-01T12:00:59Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:00:00-01:00", "1970-01-01T00:00:00Z"),
        ("9979-12-31T23:59:59Z", "9979-12-31T23:59:59Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
    ];
    for (text, instant) in right {
        assert_eq!(Instant::parse(text).map(|i| i.to_string()), Ok(instant.to_owned()), "`{text}`");
    }
    let (zone, syntax, range) = (InstantError::NoZone, InstantError::Syntax, InstantError::Range);
    type Reason = fn(String) -> InstantError;
    let wrong: [(&str, Reason); 17] = [
        ("2026-03-01T12:00:00", zone),
        ("2026-03-01T12:00:00.5", zone),
        ("2026-03-01 12:00", zone),
        ("2026-03-01", zone),
        ("", syntax),
        ("tomorrow", syntax),
        ("1767225600", syntax),
        ("2026-02-30T00:00:00Z", syntax),
        ("2026-03-01T25:00:00Z", syntax),
        ("2026-03-01T12:00:61Z", syntax),
        ("1969-12-31T23:59:59Z", range),
        ("1969-12-31T23:59:59.999Z", range),
        ("0001-01-01T00:00:00Z", range),
        ("9980-01-01T00:00:00Z", range),
        ("9999-12-31T23:59:59Z", range),
        ("10000-01-01T00:00:00Z", range),
        ("-0001-01-01T00:00:00Z", syntax),
    ];
    for (text, error) in wrong {
        assert_eq!(Instant::parse(text), Err(error(text.to_owned())), "`{text}`");
    }
}
