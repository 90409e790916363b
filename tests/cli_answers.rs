//! What the command line answers: decisions, matrices, fleets, and how it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod cli_support;

use cli_support::Place;
use serde_json::{Value, json};
use tenure::registry::Instant;

const API: &str = "https://api.example.com";

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every case that stands in the repository, line by line, all members but `message`.
#[test]
fn the_decision_cases_give_the_expected_documents() {
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/decisions");
    let mut count = 0;
    for folder in std::fs::read_dir(&cases).unwrap() {
        let folder = folder.unwrap().path();
        let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let ran = Place::empty().bare(&[
            "--registry",
            &file("registry.json"),
            "preview",
            "--batch",
            &file("requests.jsonl"),
        ]);
        assert!(ran.code < 2, "{folder:?}: {}", ran.err);
        let without_message = |mut value: Value| {
            value.as_object_mut().unwrap().remove("message");
            value
        };
        let got: Vec<_> = lines(&ran.out).into_iter().map(without_message).collect();
        let expected = lines(&std::fs::read_to_string(file("expected.jsonl")).unwrap());
        let expected: Vec<_> = expected.into_iter().map(without_message).collect();
        assert_eq!(got.len(), expected.len(), "{folder:?}");
        for (number, (got, expected)) in got.iter().zip(&expected).enumerate() {
            assert_eq!(got, expected, "{folder:?} line {}", number + 1);
        }
        let all_granted = expected.iter().all(|answer| answer["outcome"] == "granted");
        assert_eq!(ran.code, i32::from(!all_granted), "{folder:?}");
        count += got.len();
    }
    assert!(count > 100, "only {count} cases");
}

#[test]
fn a_batch_goes_on_after_a_line_that_is_no_request_and_counts_blank_ones() {
    let place = Place::with_sample();
    let good = json!({ "client_id": "acme-batch", "audience": API, "scopes": ["read"], "at": "2026-01-10T12:00:00Z" });
    let input = format!("{good}\n\nnonsense\n{good}");
    let ran = place.with_input(&["--registry", "demo.tenure", "preview", "--batch", "-"], &input);
    assert_eq!(ran.code, 1);
    let answers = lines(&ran.out);
    assert_eq!(answers.len(), 3);
    assert_eq!((&answers[0]["outcome"], &answers[2]["outcome"]), (&json!("granted"), &json!("granted")));
    assert_eq!((&answers[1]["outcome"], &answers[1]["line"]), (&json!("invalid"), &json!(3)));
}

#[test]
fn granted_is_0_and_denied_is_1() {
    let place = Place::with_sample();
    let ask = |at: &str| {
        let ran = place.run(&["preview", "--app", "acme-trial", "--api", API, "--scope", "read", "--at", at]);
        (ran.code, ran.out)
    };
    let (code, out) = ask("expiry-10m");
    assert_eq!(code, 0);
    assert!(out.starts_with("Granted for 10 min, limited by"), "{out}");
    assert!(out.contains("Token expires: 2026-01-12T12:00:00Z"), "{out}");
    let (code, out) = ask("expiry");
    assert_eq!(code, 1);
    assert!(out.starts_with("Denied: expired") && out.contains("Error: unauthorized_client"), "{out}");
}

#[test]
fn yesterdays_question_gets_yesterdays_answer_with_the_settings_of_then() {
    let place = Place::empty();
    place.bare(&["sample", "demo.tenure"]);
    let today = place.json(&["preview", "--app", "acme-batch", "--api", API, "--scope", "read"]);
    assert_eq!(today["outcome"], "granted");
    std::thread::sleep(std::time::Duration::from_millis(2100));
    place.ok(&["app", "suspend", "acme-batch"]);
    // The instant before that edit, however long the machine takes.
    let history = place.ok(&["history", "--json"]);
    let history: Value = serde_json::from_str(history.lines().next().unwrap()).unwrap();
    let suspended = Instant::parse(history["at"].as_str().unwrap()).unwrap();
    let before = suspended.plus(-1).to_string();
    let ask = |settings: &str| {
        place.run(&[
            "preview",
            "--app",
            "acme-batch",
            "--api",
            API,
            "--at",
            &before,
            "--settings",
            settings,
            "--json",
        ])
    };
    assert_eq!(ask("today").code, 1);
    let then = ask("then");
    assert_eq!(then.code, 0, "{then:?}");
    let then: Value = serde_json::from_str(&then.out).unwrap();
    assert_eq!(then["settings_at"], then["issued_at"]);
    let ran = place.run(&[
        "preview",
        "--app",
        "acme-batch",
        "--api",
        API,
        "--at",
        "2020-01-01T00:00:00Z",
        "--settings",
        "then",
    ]);
    assert!(ran.out.contains("note: history begins at"), "{}", ran.out);
}

#[test]
fn matrix_lists_every_combination() {
    let place = Place::with_sample();
    let matrix = place.json(&["matrix", "--app", "acme-trial", "--api", API, "--at", "2026-01-10T12:00:00Z"]);
    let scopes: Vec<_> =
        matrix["combinations"].as_array().unwrap().iter().map(|c| c["scopes"].clone()).collect();
    assert_eq!(scopes, [json!([]), json!(["read"]), json!(["write"]), json!(["read", "write"])]);
}

#[test]
fn fleet_shows_who_ends_within_a_week() {
    let place = Place::with_sample();
    let fleet = |rest: &[&str]| {
        let arguments = [&["fleet", "--json", "--at", "2026-01-10T12:00:00Z"], rest].concat();
        lines(&place.ok(&arguments))
    };
    let (all, within) = (fleet(&[]), fleet(&["--within", "7d"]));
    assert!(within.len() < all.len() && !within.is_empty());
    assert!(within.iter().any(|row| row["client_id"] == "acme-trial" && row["status"] == "ending"));
    let filtered = fleet(&["--filter", "status:ended"]);
    assert!(!filtered.is_empty() && filtered.iter().all(|row| row["status"] == "ended"));
}

#[test]
fn filters_choose_by_words() {
    let place = Place::with_sample();
    let ids = |filter: &str| -> Vec<String> {
        let list = place.json(&["app", "list", "--where", filter]);
        list.as_array().unwrap().iter().map(|app| app["client_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("customer:acme"), ["acme-batch", "acme-trial"]);
    assert_eq!(ids("ACME tag:trial"), ["acme-trial"]);
    assert_eq!(ids("acme -tag:trial"), ["acme-batch"]);
    assert_eq!(ids("customer:\"pied piper\""), ["piper-compress"]);
    assert!(ids("nobody-is-called-so").is_empty());
}

#[test]
fn the_sample_of_one_instant_is_always_the_same_and_overwrites_nothing() {
    let (a, b) = (Place::with_sample(), Place::with_sample());
    let export = |place: &Place| place.ok(&["export", "--format", "json"]);
    assert_eq!(export(&a), export(&b));
    let err = a.bare(&["sample", "demo.tenure"]);
    assert_eq!(err.code, 2);
    assert!(err.err.contains("exists already"), "{}", err.err);
}

#[test]
fn validate_finds_what_makes_no_sense() {
    let place = Place::with_sample();
    assert_eq!(place.run(&["validate"]).code, 0);
    place.ok(&["app", "set", "acme-trial", "--grant", "https://gone.example.com read"]);
    let ran = place.run(&["validate"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("applications[acme-trial].grants"), "{}", ran.out);
}

#[test]
fn wrong_usage_is_a_sentence_and_2() {
    let place = Place::with_sample();
    let cases: &[(&[&str], &str)] = &[
        (&["app", "show", "nobody"], "no application has the client id `nobody`"),
        (&["app", "set", "acme-trial", "--expires-at", "2026-03-01T12:00"], "has no time zone"),
        (&["app", "set", "acme-trial", "--expires-at", "tomorrow 9:00"], "has no time zone"),
        (&["app", "set", "acme-trial", "--expires-at", "10000-01-01T00:00:00Z"], "out of range"),
        (&["app", "set", "acme-trial", "--duration", "0"], "out of range"),
        (&["app", "set", "acme-trial", "--duration", "1e3"], "is not a duration"),
        (&["app", "set", "acme-trial", "--duration", "1h30"], "is not a duration"),
        (&["app", "extend", "acme-trial", "--by", "315360001"], "out of range"),
        (&["app", "extend", "--by", "14d"], "required"),
        (&["app", "add", "acme-trial"], "already"),
        (&["app", "add", " "], "an id is not empty"),
        (&["app", "duplicate", "acme-trial", "acme-batch"], "already"),
        (&["app", "list", "--where", "status:nice"], "is no status"),
        (&["app", "remove", "--where", ""], "would choose every application"),
        (&["app", "remove", "--where", "--json"], "a value is required for '--where <FILTER>'"),
        (&["app", "list", "--where", "expires<soon"], "`soon` does not fit `expires`"),
        (&["api", "show", "https://gone.example.com"], "no API has the audience"),
        (&["scope", "set", API, "gone", "--duration", "1h"], "has no scope `gone`"),
        (&["guardrail", "add", "x", "--when", "true"], "--deny MESSAGE or --cap DURATION"),
        (&["preview", "--app", "acme-trial"], "--api"),
        (&["preview", "--app", "acme-trial", "--api", API, "--at", "someday"], "is not an instant"),
        (&["preview", "--app", "acme-batch", "--api", API, "--at", "expiry-1h"], "there is none"),
        (&["preview", "--app", "acme-trial", "--api", API, "--profile", "okta"], "is not an issuer profile"),
        (&["preview", "--batch", "gone.jsonl"], "gone.jsonl"),
        (&["import", "--format", "json", "gone.json"], "gone.json"),
        (&["nonsense"], "unrecognized subcommand"),
    ];
    let before = place.ok(&["export", "--format", "json"]);
    for (arguments, sentence) in cases {
        let err = place.refused(arguments);
        assert!(err.contains(sentence), "{arguments:?}: {err}");
    }
    assert_eq!(place.ok(&["export", "--format", "json"]), before);
}

#[test]
fn a_file_that_is_no_registry_names_its_place() {
    let place = Place::empty();
    place.write("wrong.json", "{\n  \"schema\": 1,\n  \"service\": {\"name\": \"x\", \"issuer\": 5}\n}\n");
    place.write("wrong.tenure", "hello");
    for (file, sentence) in [
        ("wrong.json", "wrong.json:3:"),
        ("wrong.tenure", "is not a Tenure registry"),
        ("gone.tenure", "does not exist"),
    ] {
        let ran = place.bare(&["--registry", file, "validate"]);
        assert_eq!(ran.code, 2, "{file}");
        assert!(ran.err.contains(sentence), "{}", ran.err);
    }
}

#[test]
fn without_a_display_it_says_what_the_command_line_can_do() {
    let ran = Place::empty().bare(&[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("no display") && ran.err.contains("tenure --help"), "{}", ran.err);
}

#[test]
fn every_help_has_examples() {
    let place = Place::empty();
    let commands = "sample validate preview matrix fleet history undo redo diff export import enforce completions gui \
        app/list app/show app/add app/set app/extend app/suspend app/resume app/remove app/duplicate \
        api/list api/show api/add api/set api/remove scope/list scope/show scope/add scope/set scope/remove \
        service/show service/set guardrail/list guardrail/show guardrail/add guardrail/set guardrail/remove";
    for command in std::iter::once("").chain(commands.split_whitespace()) {
        let mut arguments: Vec<&str> = command.split('/').filter(|word| !word.is_empty()).collect();
        arguments.push("--help");
        let ran = place.bare(&arguments);
        assert_eq!(ran.code, 0, "{command}");
        assert!(ran.out.contains("Examples:\n  tenure"), "{command}: {}", ran.out);
    }
    assert!(place.bare(&["--version"]).out.starts_with("tenure "));
    assert!(place.bare(&["completions", "bash"]).out.contains("_tenure"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::with_sample();
    for command in ["fleet --json", "app list", "export --format json", "completions zsh", "fleet --help"] {
        // The reader is gone before the first byte.
        let script = format!(
            "{{ '{}' --registry demo.tenure {command}; echo $? >&2; }} | true",
            env!("CARGO_BIN_EXE_tenure")
        );
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(place.folder.path())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim(), "0", "{command}");
    }
}

#[test]
fn a_name_cannot_move_the_cursor_or_turn_a_line_around() {
    let place = Place::with_sample();
    place.ok(&["app", "set", "acme-trial", "--customer", "evil\u{1b}[2J\u{202e}name"]);
    let out = place.ok(&["app", "list"]);
    assert!(out.contains("evil\\u{1b}[2J\\u{202e}name") && !out.contains('\u{1b}'), "{out}");
}

#[test]
fn the_fleet_is_a_table_with_sums_a_csv_or_json_lines_in_the_order_that_is_asked() {
    let place = Place::with_sample();
    let at = ["--at", "2026-01-10T12:00:00Z"];
    let words = place.ok(&[&["fleet", "--sort", "overrun"][..], &at].concat());
    assert!(words.contains("ISSUER") && words.contains("tokens would outlive their application"), "{words}");
    let csv = place.ok(&[&["fleet", "--csv", "--filter", "tag:trial"][..], &at].concat());
    let json = place.ok(&[&["fleet", "--json", "--filter", "tag:trial"][..], &at].concat());
    assert_eq!(csv.lines().count() - 1, json.lines().count());
    let view = place.ok(&[&["fleet", "--json", "--view", "Trials by end"][..], &at].concat());
    assert!(0 < view.lines().count() && view.lines().count() < json.lines().count());
    place.ok(&[&["fleet", "--csv", "--out", "fleet.csv", "--filter", "tag:trial"][..], &at].concat());
    assert_eq!(place.read("fleet.csv"), csv);
    for (column, member) in
        [("overrun", "overrun"), ("up-to", "overrun_up_to"), ("tokens-until", "tokens_until")]
    {
        let ordered = |way: &[&str]| {
            let asked =
                [&["fleet", "--json", "--profile", "auth0-action", "--sort", column], way, &at].concat();
            let rows = lines(&place.ok(&asked));
            let key = |row: &Value| match &row[member] {
                Value::String(until) => Instant::parse(until).unwrap().seconds(),
                seconds => seconds.as_i64().unwrap_or(i64::MIN),
            };
            rows.iter().map(key).collect::<Vec<i64>>()
        };
        assert!(ordered(&[]).is_sorted_by(|a, b| a >= b), "{column}: the largest comes first");
        assert!(ordered(&["--descending"]).is_sorted(), "{column}: turned round");
    }
    let sorted = place.ok(&[&["fleet", "--json", "--sort", "lifetime"][..], &at].concat());
    let lifetimes: Vec<i64> = sorted
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["lifetime"].as_i64().unwrap_or(-1))
        .collect();
    assert!(lifetimes.is_sorted(), "{lifetimes:?}");
}

#[test]
fn a_review_is_written_as_markdown_or_csv() {
    let place = Place::with_sample();
    let at = ["--at", "2026-01-10T12:00:00Z"];
    let report = place.ok(&[&["review"][..], &at].concat());
    assert!(report.starts_with("# Access review of 10 January 2026"), "{report}");
    assert!(report.contains("nakatomi-tower") && !report.contains("| acme-trial |"), "{report}");
    place
        .ok(&[&["review", "--format", "csv", "--out", "review.csv", "--profile", "hydra"][..], &at].concat());
    assert!(place.read("review.csv").contains("nakatomi-tower"));
    let json: Value = serde_json::from_str(&place.ok(&[&["review", "--json"][..], &at].concat())).unwrap();
    let ids: Vec<&str> = json["applications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|app| app["client_id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), report.matches("☐ keep").count(), "{json:#}");
    assert_eq!((&json["filter"], &json["as_of"]), (&json!("status:ended has:access"), &json!(at[1])));
    assert_eq!(place.run(&["review", "--json", "--format", "csv"]).code, 2, "two formats");
    let ran = place.run(&["review", "--filter", "status:odd"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is no status"), "{}", ran.err);
}

#[test]
fn a_review_of_settings_before_history_says_that_they_are_those_of_its_beginning() {
    let place = Place::with_sample();
    let asked = ["review", "--settings", "then", "--at", "2020-01-10T12:00:00Z", "--filter", "has:access"];
    assert!(place.ok(&asked).contains("- Note: history begins at "));
    let table = place.run(&[&asked[..], &["--format", "csv"]].concat());
    assert!(
        table.err.contains("history begins at ") && !table.out.contains("history begins"),
        "{}",
        table.err
    );
    let json: Value = serde_json::from_str(&place.ok(&[&asked[..], &["--json"]].concat())).unwrap();
    assert!(json["note"].as_str().unwrap().starts_with("history begins at "));
    assert!(!place.ok(&["review"]).contains("- Note:"), "today's settings need no note");
}
