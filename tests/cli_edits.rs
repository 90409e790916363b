//! Every edit of the command line: its effect, its place in history, and the way back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod cli_support;

use cli_support::Place;
use serde_json::{Value, json};

const API: &str = "https://api.example.com";

fn app(place: &Place, id: &str) -> Value {
    place.json(&["app", "show", id])
}

/// The newest line of history.
fn newest(place: &Place) -> Value {
    let out = place.ok(&["history", "--json", "--limit", "1"]);
    serde_json::from_str(out.trim()).unwrap()
}

#[test]
fn every_edit_changes_the_file_and_stands_in_history_with_its_reason_and_can_be_undone_and_redone() {
    let cases: &[&[&str]] = &[
        &["app", "add", "new-one", "--customer", "New", "--expires-at", "now+30d", "--tag", "trial"],
        &["app", "set", "acme-trial", "--expires-at", "2036-03-01T12:00:00Z"],
        &["app", "set", "acme-trial", "--grant", "https://billing.example.com invoices:read"],
        &["app", "set", "acme-trial", "--revoke", "https://api.example.com write"],
        &["app", "set", "acme-trial", "--metadata", "crm=42", "--untag", "trial"],
        &["app", "extend", "acme-trial", "--by", "14d"],
        &["app", "suspend", "acme-trial"],
        &["app", "remove", "acme-trial"],
        &["app", "resume", "umbrella-hive"],
        &["app", "duplicate", "acme-trial", "acme-copy"],
        &["app", "suspend", "--where", "customer:acme"],
        &["api", "add", "https://new.example.com", "--name", "New", "--duration", "1h"],
        &["api", "set", API, "--duration", "31m"],
        &["api", "remove", API],
        &["scope", "add", API, "purge", "--duration", "1m"],
        &["scope", "set", API, "write", "--duration", "7m"],
        &["scope", "remove", API, "write"],
        &["service", "set", "--duration", "11h", "--issuer-profile", "hydra"],
        &["guardrail", "add", "rule", "--when", "lifetime > 600", "--cap", "10m"],
        &["app", "revoke", "--where", "status:ended has:access"],
        &["app", "cut-off", "acme-trial"],
        &["app", "add", "new-one", "--template", "Trial of 30 days", "--tag", "eu"],
        &[
            "view",
            "save",
            "Mine",
            "--filter",
            "tag:trial -tag:us",
            "--sort",
            "expires_at",
            "--column",
            "tags",
        ],
        &["view", "remove", "Trials by end"],
        &["template", "save", "Like acme", "--from", "acme-trial", "--trial", "14d"],
        &["template", "remove", "Proof of concept"],
    ];
    for edit in cases {
        let place = Place::with_sample();
        let export = |place: &Place| place.ok(&["export", "--format", "json"]);
        let before = export(&place);
        place.ok(&[*edit, &["--reason", "TICKET-1"]].concat());
        let after = export(&place);
        assert_ne!(before, after, "{edit:?}");
        let entry = newest(&place);
        assert_eq!((&entry["seq"], &entry["reason"]), (&json!(1), &json!("TICKET-1")), "{edit:?}");
        assert_ne!(entry["who"], json!(""), "{edit:?}");
        place.ok(&["undo", "--reason", "wrong"]);
        assert_eq!(export(&place), before, "undo of {edit:?}");
        assert_eq!(newest(&place)["origin"], json!({ "undo": 1 }));
        place.ok(&["redo"]);
        assert_eq!(export(&place), after, "redo of {edit:?}");
    }
}

#[test]
fn guardrails_are_set_and_removed() {
    let place = Place::with_sample();
    place.ok(&["guardrail", "add", "cap", "--when", "true", "--cap", "10m"]);
    place.ok(&["guardrail", "set", "cap", "--deny", "closed", "--enabled", "false"]);
    assert_eq!(
        place.json(&["guardrail", "show", "cap"]),
        json!({ "name": "cap", "enabled": false, "when": "true", "then": { "deny": "closed" } })
    );
    place.ok(&["guardrail", "remove", "cap"]);
    assert!(place.refused(&["guardrail", "show", "cap"]).contains("no guardrail is called `cap`"));
}

#[test]
fn extending_counts_from_the_end_while_that_is_ahead() {
    let place = Place::with_sample();
    place.ok(&["app", "set", "acme-trial", "--expires-at", "2100-01-01T00:00:00Z"]);
    place.ok(&["app", "extend", "acme-trial", "--by", "1d 12h"]);
    assert_eq!(app(&place, "acme-trial")["expires_at"], json!("2100-01-02T12:00:00Z"));
}

#[test]
fn extending_what_never_ends_changes_nothing() {
    let place = Place::with_sample();
    assert_eq!(place.ok(&["app", "extend", "acme-batch", "--by", "14d"]), "nothing to change\n");
    assert_eq!(place.ok(&["history", "--json"]), "");
}

#[test]
fn none_clears_a_field() {
    let place = Place::with_sample();
    place.ok(&["app", "set", "acme-trial", "--expires-at", "none", "--duration", "5m"]);
    assert_eq!(app(&place, "acme-trial")["expires_at"], Value::Null);
    place.ok(&["app", "set", "acme-trial", "--duration", "none"]);
    assert_eq!(app(&place, "acme-trial")["access_token_duration"], Value::Null);
}

#[test]
fn a_bulk_edit_is_one_step_of_undo() {
    let place = Place::with_sample();
    let suspended =
        |place: &Place| place.json(&["app", "list", "--where", "status:suspended"]).as_array().unwrap().len();
    let before = suspended(&place);
    place.ok(&["app", "suspend", "--where", "tag:trial"]);
    assert!(suspended(&place) > before + 5);
    place.ok(&["undo"]);
    assert_eq!(suspended(&place), before);
}

#[test]
fn an_edit_after_an_undo_leaves_nothing_to_redo() {
    let place = Place::with_sample();
    place.ok(&["app", "suspend", "acme-trial"]);
    place.ok(&["undo"]);
    place.ok(&["app", "set", "acme-trial", "--notes", "called on Monday"]);
    // The edit cleared what could be redone; bringing it back is refused, not forced.
    assert!(place.refused(&["redo"]).contains("nothing to redo"));
    assert_eq!(app(&place, "acme-trial")["notes"], json!("called on Monday"));
}

#[test]
fn there_is_nothing_to_undo_in_a_new_registry() {
    assert!(Place::with_sample().refused(&["undo"]).contains("nothing to undo"));
}

#[test]
fn a_registry_as_json_is_read_only() {
    let place = Place::with_sample();
    place.ok(&["export", "--format", "json", "--out", "r.json"]);
    let before = place.read("r.json");
    for edit in [&["app", "suspend", "acme-trial"][..], &["undo"], &["service", "set", "--duration", "1h"]] {
        let ran = place.bare(&[&["--registry", "r.json"], edit].concat());
        assert_eq!(ran.code, 2, "{edit:?}");
        assert!(ran.err.contains("read-only"), "{edit:?}: {}", ran.err);
    }
    assert_eq!(place.read("r.json"), before);
}

#[test]
fn import_replaces_or_merges_or_only_tells() {
    let place = Place::with_sample();
    let file = json!({
        "schema": 1,
        "service": { "name": "Example", "issuer": "https://id.example.com" },
        "applications": [{ "client_id": "only", "customer": "Only" }]
    });
    place.write("in.json", &file.to_string());
    let before = place.ok(&["export", "--format", "json"]);
    assert!(
        place.ok(&["import", "--format", "json", "in.json", "--dry-run"]).contains("+ application `only`")
    );
    assert_eq!(place.ok(&["export", "--format", "json"]), before);
    let many = place.json(&["app", "list"]).as_array().unwrap().len();
    place.ok(&["import", "--format", "json", "in.json", "--merge"]);
    assert_eq!(place.json(&["app", "list"]).as_array().unwrap().len(), many + 1);
    place.ok(&["import", "--format", "json", "in.json"]);
    assert_eq!(place.json(&["app", "list"]).as_array().unwrap().len(), 1);
    place.ok(&["undo"]);
    place.ok(&["undo"]);
    assert_eq!(place.ok(&["export", "--format", "json"]), before);
}

#[test]
fn import_creates_a_missing_registry_and_export_gives_the_same_bytes() {
    let place = Place::with_sample();
    place.ok(&["export", "--format", "json", "--out", "a.json"]);
    let ran = place.bare(&["--registry", "new/deep.tenure", "import", "--format", "json", "a.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = place.bare(&["--registry", "new/deep.tenure", "export", "--format", "json"]);
    assert_eq!(ran.out, place.read("a.json"));
}

#[test]
fn diff_tells_the_changes_and_their_effect_on_lifetimes() {
    let place = Place::with_sample();
    place.ok(&["app", "set", "acme-batch", "--duration", "5m"]);
    place.ok(&["export", "--format", "json", "--out", "after.json"]);
    place.ok(&["undo"]);
    let out = place.ok(&["diff", "demo.tenure", "after.json"]);
    assert!(out.contains("application `acme-batch`: access_token_duration — → 5 min"), "{out}");
    assert!(out.contains("lifetime of acme-batch at https://api.example.com:"), "{out}");
    assert!(out.ends_with("2 get shorter tokens\n"), "{out}");
    assert_eq!(place.ok(&["diff", "demo.tenure", "demo.tenure"]), "no difference\n");
}

#[test]
fn a_dry_run_tells_what_an_edit_would_do_to_lifetimes_and_changes_nothing() {
    let place = Place::with_sample();
    let before = place.ok(&["export", "--format", "json"]);
    let words = place.ok(&["scope", "set", API, "write", "--duration", "5m", "--dry-run"]);
    assert!(words.contains("1 changes, none applied"), "{words}");
    assert!(words.contains("by the policy: ") && words.contains("get shorter tokens"), "{words}");
    assert!(words.contains("at the issuer: no change"), "Auth0 knows no durations of scopes: {words}");
    assert!(words.contains("in full effect from 2026-"), "{words}");
    assert!(words.contains("more token requests a day") && words.contains("10 min → 5 min"), "{words}");
    let effect = &place.json(&["app", "revoke", "acme-trial", "--dry-run"])["effect"];
    assert_eq!(effect["policy"]["newly_denied"], effect["affected"].as_array().unwrap().len());
    assert_eq!(place.ok(&["export", "--format", "json"]), before);
    assert!(place.ok(&["history", "--json"]).is_empty());
}

#[test]
fn history_tells_what_an_edit_did_to_lifetimes_when_it_was_made() {
    let place = Place::with_sample();
    place.ok(&["scope", "set", API, "write", "--duration", "5m"]);
    place.ok(&["scope", "set", API, "write", "--duration", "20m"]);
    let first = place.json(&["history", "--entry", "1"]);
    assert_eq!(first["seq"], 1);
    let shorter = first["effect"]["policy"]["shorter"].as_u64().unwrap();
    assert_eq!(shorter, 2, "the second edit does not hide what the first did: {first}");
    let second = place.json(&["history", "--entry", "2"]);
    assert!(second["effect"]["policy"]["longer"].as_u64().unwrap() >= shorter, "{second}");
    let gone = place.run(&["history", "--entry", "9"]);
    assert_eq!(gone.code, 2);
    assert!(gone.err.contains("no entry 9"), "{}", gone.err);
}

#[test]
fn cutting_off_tells_until_when_issued_tokens_may_live() {
    let place = Place::with_sample();
    place.ok(&["app", "set", "acme-trial", "--expires-at", "now+2d"]);
    let words = place.ok(&["app", "cut-off", "acme-trial", "--reason", "key leaked"]);
    assert!(words.contains("Cut off acme-trial") && words.contains("may live until"), "{words}");
    assert_eq!(app(&place, "acme-trial")["status"], "suspended");
    let again = place.run(&["app", "cut-off", "acme-trial"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("suspended already"), "{}", again.err);
    // The tokens of a grant that was taken away go on living too.
    place.ok(&["app", "set", "acme-batch", "--revoke", API]);
    let tokens = &place.json(&["app", "cut-off", "acme-batch"])["tokens"];
    let audiences: Vec<_> = tokens.as_array().unwrap().iter().map(|t| t["audience"].clone()).collect();
    assert!(audiences.contains(&json!(API)), "{tokens}");
}

#[test]
fn views_and_templates_are_found_by_name_or_refused_in_a_sentence() {
    let place = Place::with_sample();
    place.ok(&["view", "save", "Acme only", "--filter", "customer:acme"]);
    let ids: Vec<_> = place.json(&["app", "list", "--view", "Acme only"]).as_array().unwrap().clone();
    assert_eq!(ids.len(), 2);
    place.ok(&["app", "add", "fresh", "--template", "Proof of concept", "--customer", "Fresh"]);
    let fresh = app(&place, "fresh");
    assert_eq!((&fresh["tags"], &fresh["access_token_duration"]), (&json!(["probe", "trial"]), &json!(3600)));
    assert!(fresh["expires_at"].is_string() && fresh["grants"].as_array().unwrap().len() == 2, "{fresh}");
    for (arguments, words) in [
        (&["app", "list", "--view", "x"][..], "no saved view is called `x`"),
        (&["view", "remove", "x"], "no saved view is called `x`"),
        (&["view", "save", "x", "--filter", "status:odd"], "`odd` is no status"),
        (&["view", "save", "x", "--column", "odd"], "`odd` is no column"),
        (&["app", "add", "y", "--template", "x"], "no template is called `x`"),
        (&["template", "save", "x", "--from", "nobody"], "no application has the client id `nobody`"),
        (&["template", "save", "x", "--trial", "soon"], "`soon` is not a duration"),
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
}
