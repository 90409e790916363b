//! Tokens on the command line: what is printed, how it exits, and what never happens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod cli_support;
mod token_support;

use cli_support::{Place, Ran};
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::net::TcpListener;
use token_support::{b64, unsigned};

const API: &str = "https://api.example.com";
const WHEN: &str = "2026-01-10T12:00:00Z";

/// `mint` for the sample's first trial, which ends on 12 January 2026 at noon; at `WHEN` unless told.
fn mint<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let when: &[&str] = if more.contains(&"--at") { &[] } else { &["--at", WHEN] };
    [&["mint", "--app", "acme-trial", "--api", API, "--scope", "read"], when, more].concat()
}

fn with_key() -> Place {
    let place = Place::with_sample();
    place.ok(&["keys", "generate", "samples"]);
    place
}

fn code(ran: &Ran) -> i32 {
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran.code
}

#[test]
fn a_sample_goes_from_the_mint_to_the_check() {
    let place = with_key();
    let token = place.ok(&mint(&[]));
    assert_eq!(token.trim().split('.').count(), 3, "the bare token alone: {token}");
    place.write("token.txt", &token);
    let decoded = place.json(&["decode", "token.txt", "--key", "samples", "--check", "--at", WHEN]);
    assert_eq!(decoded["header"]["typ"], "at+jwt");
    assert_eq!(decoded["claims"]["client_id"], "acme-trial");
    assert_eq!(decoded["signature"]["state"], "valid");
    assert_eq!(decoded["signature"]["alg"], "EdDSA");
    assert_eq!(
        decoded["times"],
        json!({"iat": WHEN, "nbf": null, "exp": "2026-01-10T13:00:00Z", "lifetime": 3600, "remaining": 3600, "state": "active"})
    );
    assert_eq!(decoded["warnings"], json!([]));
    assert_eq!(decoded["check"]["verdict"], "as_decided");
    assert_eq!(decoded["check"]["decision"]["lifetime"], 3600);
    let members: Vec<_> = decoded.as_object().unwrap().keys().collect();
    assert_eq!(members, ["check", "claims", "header", "payload_text", "signature", "times", "warnings"]);
    let text = place.ok(&["decode", "token.txt", "--key", "samples", "--check", "--at", WHEN]);
    for line in [
        "Signature   valid, by the key",
        "Lifetime    1 h",
        "Verdict      as decided",
        "# when it expires (RFC 7519 §4.1.4)",
    ] {
        assert!(text.contains(line), "{line} is missing: {text}");
    }
}

#[test]
fn the_mints_document_is_a_token_response_with_its_decision() {
    let place = with_key();
    let document = place.json(&mint(&["--lifetime", "10m"]));
    assert_eq!(document["token_type"], "Bearer");
    assert_eq!(document["expires_in"], 600);
    assert_eq!(document["scope"], "read");
    assert_eq!(document["alg"], "EdDSA");
    assert_eq!(document["decision"]["binding"]["limit"], "requested");
    let listed: Value = serde_json::from_str(&place.ok(&["keys", "list", "--json"])).unwrap();
    assert_eq!(document["kid"], listed["kid"]);
    // And can be piped as it is.
    let response = document.to_string();
    let ran = place.with_input(&["decode", "-", "--key", "samples", "--json"], &response);
    assert_eq!(code(&ran), 0, "{ran:?}");
    let decoded: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(decoded["warnings"][0]["code"], "exp_past", "{decoded}");
    assert_eq!(decoded["warnings"][1]["code"], "wrapped_input");
}

#[test]
fn keys_come_from_a_file_from_standard_input_or_by_name_and_claims_are_json_or_text() {
    let place = Place::with_sample();
    let pem = std::fs::read_to_string(format!(
        "{}/tests/cases/tokens/pem/rsa-pkcs8.pem",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap();
    place.write("key.pem", &pem);
    let claims = ["--claim", "tier=gold", "--claim", "seats=5", "--claim", "list=[1]", "--alg", "ps384"];
    let by_file = place.ok(&mint(&[&claims[..], &["--key", "key.pem"]].concat()));
    let arguments =
        [&["--registry", "demo.tenure"], &mint(&[&claims[..], &["--key", "-"]].concat())[..]].concat();
    let by_input = place.with_input(&arguments, &pem);
    assert_eq!(code(&by_input), 0, "{by_input:?}");
    for token in [by_file, by_input.out] {
        let decoded = place.json(&["decode", token.trim(), "--key", "key.pem"]);
        assert_eq!(decoded["signature"]["state"], "valid");
        assert_eq!(decoded["signature"]["alg"], "PS384");
        assert_eq!(decoded["claims"]["tier"], "gold");
        assert_eq!(decoded["claims"]["seats"], 5);
        assert_eq!(decoded["claims"]["list"], json!([1]));
    }
    let said = place.refused(&mint(&["--key", "key.pem", "--alg", "ES256"]));
    assert!(said.contains("the key is RSA 2048 and cannot be used with `ES256`"), "{said}");
    let said = place.refused(&mint(&["--key", "nowhere.pem"]));
    assert!(said.contains("nowhere.pem"), "{said}");
    let said = place.refused(&mint(&["--key", "key.pem", "--claim", "exp=1"]));
    assert!(said.contains("--replace"), "{said}");
    let ran = place.run(&mint(&["--key", "key.pem", "--claim", "exp=1", "--replace"]));
    assert_eq!(code(&ran), 0);
    assert!(ran.err.contains("`exp` is replaced"), "{}", ran.err);
}

#[test]
fn without_a_key_the_mint_says_how_to_make_one_and_the_services_key_is_taken() {
    let place = Place::with_sample();
    let said = place.refused(&mint(&[]));
    assert!(said.contains("tenure keys generate"), "{said}");
    place.ok(&["keys", "generate", "one"]);
    place.ok(&["keys", "generate", "two", "--kind", "p256"]);
    let said = place.refused(&mint(&[]));
    assert!(said.contains("several keys (one, two)"), "{said}");
    place.ok(&["service", "set", "--signing-key", "two"]);
    assert_eq!(place.json(&mint(&[]))["alg"], "ES256");
}

#[test]
fn a_denied_decision_mints_nothing_says_why_and_exits_1() {
    let place = with_key();
    let ran = place.run(&mint(&["--at", "expiry"]));
    assert_eq!((code(&ran), ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("expired") && ran.err.contains("ended at 2026-01-12T12:00:00Z"), "{}", ran.err);
    let ran = place.run(&mint(&["--at", "expiry", "--json"]));
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((code(&ran), &document["reason"]), (1, &json!("expired")));
}

#[test]
fn verification_exits_1_where_it_fails_and_expiry_only_where_it_is_asked_for() {
    let place = with_key();
    let token = place.ok(&mint(&[]));
    let token = token.trim();
    let exit = |more: &[&str]| code(&place.run(&[&["decode", token], more].concat()));
    assert_eq!(exit(&[]), 0);
    assert_eq!(exit(&["--key", "samples"]), 0, "expired, and well signed");
    assert_eq!(exit(&["--key", "samples", "--strict"]), 1, "expired by now");
    assert_eq!(exit(&["--key", "samples", "--strict", "--at", "2026-01-10T12:59:59Z"]), 0);
    assert_eq!(exit(&["--key", "samples", "--strict", "--at", "2026-01-10T13:00:00Z"]), 1);
    assert_eq!(exit(&["--key", "samples", "--strict", "--at", "2026-01-10T13:00:00Z", "--leeway", "1s"]), 0);
    assert_eq!(exit(&["--iss", "https://issuer.example", "--aud", API]), 0);
    assert_eq!(exit(&["--iss", "https://other.example"]), 1);
    assert_eq!(exit(&["--aud", "urn:other"]), 1);
    place.ok(&["keys", "generate", "other"]);
    assert_eq!(exit(&["--key", "other"]), 1);
    place.write("jwks.json", &place.ok(&["keys", "export"]));
    assert_eq!(exit(&["--jwks", "jwks.json"]), 0);
    place.write("jwks.json", &place.ok(&["keys", "export", "other"]));
    let ran = place.run(&["decode", token, "--jwks", "jwks.json"]);
    assert_eq!(code(&ran), 1);
    assert!(ran.out.contains("key unknown: no key here has the `kid`"), "{}", ran.out);
    let json = place.run(&["decode", token, "--strict", "--aud", "urn:other", "--json"]);
    let failed: Value = serde_json::from_str(&json.out).unwrap();
    let claims: Vec<_> = failed["failed"].as_array().unwrap().iter().map(|f| f["claim"].as_str()).collect();
    assert_eq!(claims, [Some("exp"), Some("aud")]);
}

#[test]
fn a_check_judges_by_the_settings_of_then_where_it_is_asked_to() {
    let place = with_key();
    let issued = place.ok(&mint(&["--at", "now"])
        .iter()
        .map(|a| if *a == "acme-trial" { "stark-arc" } else { a })
        .collect::<Vec<_>>());
    let token = issued.trim().to_owned();
    // Seconds pass between the token and the change, so that `then` is before it.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    place.ok(&["scope", "set", API, "read", "--duration", "10m"]);
    let verdict = |settings: &str| {
        let decoded = place.json(&["decode", &token, "--check", "--settings", settings]);
        (
            decoded["check"]["verdict"].as_str().unwrap().to_owned(),
            decoded["check"]["decision"]["settings_at"].is_string(),
        )
    };
    assert_eq!(verdict("today"), ("longer".to_owned(), false));
    assert_eq!(verdict("then"), ("as_decided".to_owned(), true));
    place.write("log", &format!("{token}\n"));
    let audited = |settings: &str| {
        let out = place.ok(&["audit", "log", "--json", "--settings", settings]);
        serde_json::from_str::<Value>(out.lines().next().unwrap()).unwrap()["verdict"].clone()
    };
    assert_eq!((audited("today"), audited("then")), (json!("longer"), json!("as_decided")));
}

#[test]
fn a_check_exits_1_where_the_policy_denies_or_the_token_outlives_its_application() {
    let place = with_key();
    let iat = 1_768_046_400;
    let token = |client: &str, exp: i64| {
        unsigned(
            r#"{"alg":"RS256"}"#,
            &json!({"iss": "https://issuer.example", "client_id": client, "aud": API, "scope": "read", "iat": iat, "exp": exp}).to_string(),
        )
    };
    let check = |token: &str| {
        let ran = place.run(&["decode", token, "--check", "--json"]);
        let decoded: Value = serde_json::from_str(&ran.out).unwrap();
        (code(&ran), decoded["check"]["verdict"].as_str().unwrap().to_owned(), decoded["check"]["by"].clone())
    };
    assert_eq!(check(&token("acme-trial", iat + 3600)), (0, "as_decided".to_owned(), Value::Null));
    assert_eq!(check(&token("acme-trial", iat + 7200)), (0, "longer".to_owned(), json!(3600)));
    assert_eq!(
        check(&token("acme-trial", iat + 3 * 86_400)),
        (1, "outlives_application".to_owned(), json!(86_400))
    );
    assert_eq!(check(&token("umbrella-hive", iat + 60)), (1, "would_be_denied".to_owned(), Value::Null));
}

#[test]
fn an_audit_prints_rows_and_totals_and_exits_1_for_an_overrun() {
    let place = with_key();
    let good = place.ok(&mint(&[]));
    let claims = json!({"iss": "https://issuer.example", "client_id": "acme-trial", "aud": API, "iat": 1_768_046_400, "exp": 1_768_046_400 + 259_200});
    let overrun = unsigned(r#"{"alg":"RS256"}"#, &claims.to_string());
    place.write("good.log", &format!("GET / {}\n", good.trim()));
    place.write(
        "bad.log",
        &format!(
            "a\n{}\nBearer {overrun}\n=cmd {}\n",
            good.trim(),
            unsigned(r#"{"alg":"RS256"}"#, r#"{"client_id":"=1+1"}"#)
        ),
    );
    let ran = place.run(&["audit", "good.log", "--key", "samples"]);
    assert_eq!(code(&ran), 0, "{ran:?}");
    assert!(ran.out.contains("1 tokens in 1 lines") && ran.out.contains("signature valid"), "{}", ran.out);
    let ran = place.run(&["audit", "bad.log"]);
    assert_eq!(code(&ran), 1);
    assert!(ran.out.contains("outlives the application by 24 h"), "{}", ran.out);
    let ran = place.run(&["audit", "bad.log", "--json"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[1]["line"], 3);
    assert_eq!(lines[1]["verdict"], "outlives_application");
    assert_eq!(lines[3]["totals"]["tokens"], 3);
    assert_eq!(lines[3]["totals"]["verdicts"]["outlives_application"], 1);
    let ran = place.run(&["audit", "bad.log", "--csv"]);
    let rows: Vec<_> = ran.out.split("\r\n").collect();
    assert_eq!(rows[0], "line,client_id,audience,exp,verdict,by,issuer_verdict,signature");
    assert!(
        rows[2].starts_with(
            "3,acme-trial,https://api.example.com,2026-01-13T12:00:00Z,outlives_application,86400,"
        ),
        "{}",
        rows[2]
    );
    assert!(rows[3].starts_with("4,'=1+1,"), "a spreadsheet takes no formula: {}", rows[3]);
    let ran = place.run(&["audit", "bad.log", "--json", "--only", "as_decided"]);
    assert_eq!(ran.out.lines().count(), 2, "one row and the totals: {}", ran.out);
    let piped =
        place.with_input(&["--registry", "demo.tenure", "audit", "-", "--json"], &place.read("good.log"));
    assert_eq!(code(&piped), 0, "{piped:?}");
    let said = place.refused(&["audit", "good.log", "--only", "odd"]);
    assert!(said.contains("is not a verdict"), "{said}");
}

#[test]
fn keys_are_fetched_from_an_address_that_is_typed_and_from_no_other() {
    let place = with_key();
    let token = place.ok(&mint(&[]));
    let token = token.trim();
    place.write("log", &format!("{token}\n"));
    let (url, asked) = token_support::server(place.ok(&["keys", "export"]));
    let decoded = place.json(&["decode", token, "--jwks-url", &url]);
    assert_eq!(decoded["signature"]["state"], "valid");
    let ran = place.run(&["audit", "log", "--jwks-url", &url]);
    assert!(ran.code == 0 && ran.out.contains("signature valid"), "{ran:?}");
    assert_eq!(*asked.lock().unwrap(), 2);
    let gone = "http://127.0.0.1:1/jwks.json";
    for (typed, words) in
        [("http://issuer.example/jwks.json", "http"), (gone, "127.0.0.1"), ("jwks.json", "`jwks.json`")]
    {
        let said = place.refused(&["decode", token, "--jwks-url", typed]);
        assert!(said.contains(words), "{typed}: {said}");
    }
    let said = place.refused(&["decode", token, "--jwks-url", &url, "--key", "samples"]);
    assert!(said.contains("cannot be used with"), "{said}");
}

#[test]
fn bad_input_is_told_on_standard_error_with_exit_2() {
    let place = Place::with_sample();
    for (arguments, words) in [
        (vec!["decode", "eyJhbGciOiJFZERTQSJ9.eyJh+joxfQ.AAAA"], "byte 5 is `+`"),
        (vec!["decode", "nonsense"], "three parts"),
        (vec!["decode", "a.b.c", "--key", "nowhere"], "header"),
        (vec!["decode", "--key", "-"], "nothing to decode"),
        (vec!["audit", "nowhere.log"], "nowhere.log"),
        (vec!["keys", "show", "nobody"], "no key is named `nobody`"),
        (vec!["keys", "delete", "nobody"], "no key is named `nobody`"),
        (vec!["keys", "generate", "../up"], "cannot be the name of a key"),
        (vec!["keys", "generate", "a", "--kind", "dsa"], "is not a kind of key"),
    ] {
        let said = place.refused(&arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    let large = place.with_input(&["decode"], &"a".repeat(2 << 20));
    assert_eq!(code(&large), 2);
    assert!(large.err.contains("more than 1 MiB"), "{}", large.err);
}

#[test]
fn a_damaged_key_does_not_hide_the_others() {
    let place = with_key();
    std::fs::write(place.path("data/tenure/keys/broken.key"), "-----BEGIN PRIVATE KEY-----").unwrap();
    let ran = place.run(&["keys", "list"]);
    assert_eq!(code(&ran), 0);
    assert!(ran.out.contains("samples") && ran.err.contains("broken: the PEM block"), "{ran:?}");
    place.ok(&["keys", "delete", "broken"]);
    assert_eq!(place.run(&["keys", "list"]).err, "");
}

#[test]
fn nothing_that_a_token_names_is_fetched() {
    let place = with_key();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let header = json!({"alg": "RS256", "kid": url, "jku": url, "x5u": url, "jwk": {"kty": "RSA"}});
    let claims =
        json!({"iss": url, "aud": url, "client_id": url, "iat": 1_768_046_400, "exp": 1_768_050_000});
    let token = unsigned(&header.to_string(), &claims.to_string()) + &b64([1; 256]);
    place.write("log", &format!("{token}\n"));
    place.ok(&["service", "set", "--issuer", &url]);
    for arguments in [
        vec!["decode", &token],
        vec!["decode", &token, "--key", "samples", "--strict"],
        vec!["decode", &token, "--check", "--json"],
        vec!["audit", "log"],
        vec!["audit", "log", "--key", "samples"],
    ] {
        let ran = place.run(&arguments);
        assert!(code(&ran) < 2, "{arguments:?}: {ran:?}");
    }
    let refused = listener.accept().map(|_| ()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::WouldBlock, "somebody connected");
}

#[test]
fn no_command_shows_a_secret_that_was_not_asked_for() {
    let place = Place::with_sample();
    let secret = "canary-canary-canary-canary-canary-canary-canary-canary-canary-!";
    let encoded = b64(secret);
    place.write("key.jwk", &json!({"kty": "oct", "k": encoded, "alg": "HS256"}).to_string());
    place.ok(&["keys", "generate", "pair", "--kind", "p256"]);
    let private = place.ok(&["keys", "export", "pair", "--private"]);
    let hidden: Vec<&str> =
        private.lines().filter(|line| !line.starts_with("--")).chain([secret, encoded.as_str()]).collect();
    let token = place.ok(&mint(&["--key", "key.jwk"]));
    place.write("broken.jwk", &json!({"kty": "oct", "k": secret}).to_string());
    for arguments in [
        vec!["keys", "import", "shared", "key.jwk"],
        vec!["keys", "import", "again", "key.jwk", "--json"],
        vec!["keys", "import", "broken", "broken.jwk"],
        vec!["keys", "import", "shared", "key.jwk"],
        vec!["keys", "list"],
        vec!["keys", "list", "--json"],
        vec!["keys", "show", "shared"],
        vec!["keys", "show", "pair", "--json"],
        vec!["keys", "export"],
        vec!["service", "set", "--signing-key", "shared"],
        vec!["mint", "--app", "acme-batch", "--api", API],
        vec!["mint", "--app", "acme-batch", "--api", API, "--key", "broken.jwk"],
        vec!["mint", "--app", "acme-batch", "--api", API, "--json"],
        vec!["decode", token.trim(), "--key", "shared", "--check"],
        vec!["decode", token.trim(), "--key", "pair", "--json"],
        vec!["history"],
        vec!["export", "--format", "json"],
    ] {
        let ran = place.run(&arguments);
        for form in &hidden {
            assert!(!ran.out.contains(form) && !ran.err.contains(form), "{arguments:?} shows it: {ran:?}");
        }
    }
    let registry = std::fs::read(place.path("demo.tenure")).unwrap();
    for form in hidden {
        let found = registry.windows(form.len()).any(|bytes| bytes == form.as_bytes());
        assert!(!found, "the registry holds it");
    }
}
