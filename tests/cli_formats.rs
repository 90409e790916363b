//! Exports and imports on the command line: what they print, where they write, and what they refuse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod cli_support;

use cli_support::Place;
use serde_json::Value;

#[test]
fn every_format_goes_to_a_file_and_all_that_are_one_file_to_standard_output() {
    let place = Place::with_sample();
    for format in [
        "json",
        "yaml",
        "csv",
        "fleet-csv",
        "fleet-json",
        "markdown",
        "review",
        "review-csv",
        "auth0-action",
        "auth0-terraform",
        "authlete",
        "oidc-provider",
    ] {
        let at = ["--at", "2026-01-10T12:00:00Z"];
        let printed = place.ok(&[&["export", "--format", format], &at[..]].concat());
        place.ok(&[&["export", "--format", format, "--out", format], &at[..]].concat());
        assert_eq!(std::fs::read_to_string(place.path(format)).unwrap(), printed, "{format}");
    }
    for format in ["auth0-deploy", "auth0-deploy-folder"] {
        let refused = place.run(&["export", "--format", format]);
        assert_eq!(refused.code, 2);
        assert!(refused.err.contains("name a folder with --out DIR"), "{}", refused.err);
        place.ok(&["export", "--format", format, "--out", format]);
        assert!(place.path(format).join("actions/tenure-ends-of-trials/code.js").is_file());
    }
}

#[test]
fn what_a_format_cannot_carry_goes_to_standard_error_and_into_the_json() {
    let place = Place::with_sample();
    let ran = place.run(&["export", "--format", "auth0-terraform", "--out", "auth0.tf", "--json"]);
    assert!(ran.err.contains("7 scope lifetimes left out"), "{}", ran.err);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(said["notes"].to_string().contains("7 scope lifetimes left out"), "{said}");
}

#[test]
fn the_action_is_made_as_it_is_asked_for() {
    let place = Place::with_sample();
    let export = |more: &[&str]| place.ok(&[&["export", "--format", "auth0-action"], more].concat());
    assert!(!export(&[]).contains("LIFETIMES"));
    let strict = export(&[
        "--strategy",
        "outlive",
        "--end-key",
        "trial_end",
        "--time-form",
        "seconds",
        "--claim",
        "https://acme.example/not_after",
    ]);
    for words in [
        "LIFETIMES",
        "END_KEY = \"trial_end\"",
        "FORM = \"seconds\"",
        "CLAIM = \"https://acme.example/not_after\"",
    ] {
        assert!(strict.contains(words), "{words}");
    }
    for (arguments, words) in [
        (["--claim", "not_after"], "is no URL"),
        (["--end-key", "not_before"], "cannot hold the end and the start"),
        (["--strategy", "hope"], "possible values"),
    ] {
        let ran = place.run(&[&["export", "--format", "auth0-action"], &arguments[..]].concat());
        assert!(ran.code == 2 && ran.err.contains(words), "{}", ran.err);
    }
}

#[test]
fn a_table_is_one_edit_that_can_be_undone_and_a_bad_row_stops_it() {
    let place = Place::with_sample();
    let before = place.ok(&["export", "--format", "json"]);
    let rows = "Client ID;Company;Trial end\nacme-trial;Acme GmbH;2036-12-31T23:00:00Z\nnew;Neu;soon\n";
    std::fs::write(place.path("customers.csv"), rows).unwrap();
    let import = ["import", "--format", "csv", "customers.csv", "--merge"];
    let refused = place.run(&import);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("customers.csv: line 3: Trial end: `soon`"), "{}", refused.err);
    assert_eq!(place.ok(&["export", "--format", "json"]), before, "nothing was changed");
    let taken = place.run(&[&import[..], &["--good-rows", "--reason", "T-1"]].concat());
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert!(taken.out.contains("customer Acme → Acme GmbH"), "{}", taken.out);
    assert!(taken.err.contains("line 3: Trial end"), "{}", taken.err);
    assert_eq!(place.json(&["app", "show", "acme-trial"])["customer"], "Acme GmbH");
    place.ok(&["undo"]);
    assert_eq!(place.ok(&["export", "--format", "json"]), before);
}

#[test]
fn files_of_other_systems_change_nothing_where_they_say_what_the_registry_says() {
    let place = Place::with_sample();
    for (export, import) in [
        ("yaml", "yaml"),
        ("csv", "csv"),
        ("auth0-deploy", "auth0-deploy"),
        ("auth0-deploy-folder", "auth0-deploy"),
        ("authlete", "authlete"),
    ] {
        place.ok(&["export", "--format", export, "--out", export]);
        let out = place.ok(&["import", "--format", import, export]);
        assert_eq!(out, "nothing to change\n", "{export}");
    }
    let ran = place.bare(&["--registry", "new.tenure", "import", "--format", "auth0-deploy", "auth0-deploy"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = place.bare(&["--registry", "new.tenure", "app", "list", "--json"]);
    assert!(
        ran.out.contains("\"customer\": \"Acme\"") || ran.out.contains("\"customer\":\"Acme\""),
        "{}",
        ran.out
    );
}

#[test]
fn the_strategies_are_compared_on_this_fleet() {
    let place = Place::with_sample();
    let said = place.json(&["enforce", "--lifetime", "15m", "--at", "2026-01-10T12:00:00Z"]);
    let ways = said["strategies"].as_array().unwrap();
    let up_to: Vec<i64> = ways.iter().map(|way| way["overrun_up_to"].as_i64().unwrap()).collect();
    assert_eq!(up_to, [86_400, 0, 900, 900]);
    assert!(ways[1]["refused_early"].as_u64().unwrap() > 0);
    let more = |place: usize| ways[place]["more_tokens_a_day"].as_f64().unwrap();
    assert!(more(0) == 0.0 && more(2) > more(3) && more(3) > 0.0, "{said}");
    assert!(place.ok(&["enforce"]).starts_with("STRATEGY"), "a table for people");
}
