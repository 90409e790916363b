//! What is told about a token: warnings, errors with part and byte, and what may stand around it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod token_support;

use proptest::prelude::*;
use serde_json::Value;
use tenure::registry::Instant;
use tenure::token::{
    Expected, KeyKind, KeySet, Payload, Times, decode, times, tokens, verify_claims, verify_signature,
    warnings,
};
use token_support::{at, b64, cases, new_key, signed, unsigned};

fn now() -> Instant {
    at("2026-01-10T12:00:00Z")
}

fn text<'v>(case: &'v Value, member: &str) -> &'v str {
    case[member].as_str().unwrap()
}

fn check_times(name: &str, case: &Value, times: &Times) {
    let got = serde_json::to_value(times).unwrap();
    for member in ["state", "lifetime", "remaining"] {
        if let Some(expected) = case.get(member) {
            assert_eq!(&got[member], expected, "{name}: {member}");
        }
    }
}

#[test]
fn every_oddity_has_its_warning_and_no_other() {
    let cases = cases("warnings.json");
    assert!(cases.len() > 40);
    for case in cases {
        let name = text(&case, "name");
        let decoded = decode(unsigned(text(&case, "header"), text(&case, "claims"))).unwrap();
        let warnings = warnings(&decoded, now(), None);
        let codes: Vec<_> = warnings.iter().map(|warning| warning.code.as_str()).collect();
        let expected: Vec<_> =
            case["warnings"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
        assert_eq!(codes, expected, "{name}: {warnings:?}");
        if let Some(words) = case["mentions"].as_str() {
            assert!(warnings.iter().any(|w| w.message.contains(words)), "{name}: {warnings:?}");
        }
        match (decoded.payload(), case["text"].as_str()) {
            (Payload::Text { text, .. }, Some(expected)) => assert_eq!(text, expected, "{name}"),
            (Payload::Claims(_), None) => {}
            (other, expected) => panic!("{name}: {other:?} instead of {expected:?}"),
        }
        check_times(name, &case, &times(&decoded, now()));
    }
}

#[test]
fn every_bad_input_gets_a_sentence_with_the_part_and_the_byte() {
    for case in cases("errors.json") {
        let (name, input) = (text(&case, "name"), text(&case, "input"));
        let error = decode(input).expect_err(name).to_string();
        for words in case["says"].as_array().unwrap() {
            let words = words.as_str().unwrap();
            assert!(error.contains(words), "{name}: `{error}` does not say `{words}`");
        }
    }
}

#[test]
fn whatever_stands_around_a_token_is_taken_away_and_told() {
    let bare = format!(
        "{}.{}.{}",
        b64(r#"{"alg":"EdDSA"}"#),
        b64(r#"{"iss":"https://issuer.example","exp":1799999999}"#),
        b64((0..64).collect::<Vec<u8>>())
    );
    let told = |input: &str| {
        let decoded = decode(input).unwrap_or_else(|error| panic!("{input}: {error}"));
        let wrapped = warnings(&decoded, now(), None).iter().any(|w| w.code.as_str() == "wrapped_input");
        (decoded.token().to_owned(), wrapped)
    };
    for case in cases("wrapped.json") {
        assert_eq!(told(text(&case, "input")), (bare.clone(), true), "{}", text(&case, "name"));
    }
    assert_eq!(told(&bare), (bare.clone(), false));
    assert_eq!(told(&format!("\u{feff} {bare}\r\n")), (bare, false), "white space at the ends is nothing");
}

#[test]
fn header_and_claims_are_shown_as_they_were_written() {
    let claims = r#"{"z":1.50,"a":123456789012345678901234567890,"text":"\u00e9","list":[ 1, 2 ]}"#;
    let decoded = decode(unsigned(r#"{"alg":"EdDSA"}"#, claims)).unwrap();
    let shown = serde_json::to_string(decoded.claims().unwrap()).unwrap();
    assert_eq!(shown, claims);
}

#[test]
fn an_encrypted_token_shows_its_header_alone() {
    let jwe = format!("{}..{}.{}.{}", b64(r#"{"alg":"dir","enc":"A256GCM"}"#), b64("iv"), b64("x"), b64("t"));
    let decoded = decode(&jwe).unwrap();
    assert_eq!(decoded.header().text("enc").as_deref(), Some("A256GCM"));
    assert!(decoded.claims().is_none());
    assert_eq!(warnings(&decoded, now(), None)[0].code.as_str(), "encrypted");
}

#[test]
fn a_payload_that_is_no_text_is_shown_in_base64url_and_its_signature_can_be_checked() {
    let key = new_key(KeyKind::Ed25519);
    let token = signed(&key, r#"{"alg":"EdDSA"}"#, [0xff, 0x00, 0xfe]);
    let decoded = decode(token).unwrap();
    match decoded.payload() {
        Payload::Text { text, why } => {
            assert_eq!(text, "_wD-");
            assert!(why.contains("not UTF-8: byte 1"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(verify_signature(&decoded, &key).state.as_str(), "valid");
}

#[test]
fn a_mebibyte_is_looked_at_and_one_byte_more_is_not() {
    let error = decode(vec![b'a'; 1024 * 1024 + 1]).unwrap_err().to_string();
    assert!(error.contains("1048577 bytes") && error.contains("1 MiB"), "{error}");
    let error = decode(vec![b'a'; 1024 * 1024]).unwrap_err().to_string();
    assert!(error.contains("three parts"), "{error}");
}

#[test]
fn a_symmetric_token_beside_a_public_key_is_never_valid_and_warned_of() {
    let pair = new_key(KeyKind::Rsa2048);
    let public = serde_json::to_string(&pair.keys()[0].public_jwk()).unwrap();
    let public = KeySet::read(public.as_bytes()).unwrap();
    // The attack of RFC 8725 §2.1: the public key's text as the secret of an HMAC.
    let token = unsigned(r#"{"alg":"HS256"}"#, r#"{"exp":1799999999}"#) + &b64("tag");
    let decoded = decode(token).unwrap();
    assert_eq!(verify_signature(&decoded, &public).state.as_str(), "invalid");
    let codes: Vec<_> = warnings(&decoded, now(), Some(&public)).iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["symmetric_with_public_key"]);
}

#[test]
fn the_signature_is_judged_by_the_key_and_never_by_the_token() {
    let (ed, other) = (new_key(KeyKind::Ed25519), new_key(KeyKind::Ed25519));
    let header = |members: &str| format!(r#"{{"alg":"EdDSA"{members}}}"#);
    let claims = r#"{"exp":1799999999}"#;
    let state = |token: &str, keys: &KeySet| verify_signature(&decode(token).unwrap(), keys).state.as_str();
    let plain = signed(&ed, &header(""), claims);
    assert_eq!(state(&plain, &ed), "valid");
    assert_eq!(state(&plain, &other), "invalid");
    assert_eq!(state(&signed(&ed, &header(r#","crit":["b64"],"b64":true"#), claims), &ed), "invalid");
    assert_eq!(state(&unsigned(r#"{"alg":"none"}"#, claims), &ed), "unsupported_alg");
    assert_eq!(state(&unsigned(r#"{"alg":"ES512"}"#, claims), &ed), "unsupported_alg");
    // A key that the token brings is not looked at.
    let jwk = serde_json::to_string(&other.keys()[0].public_jwk()).unwrap();
    assert_eq!(state(&signed(&other, &header(&format!(r#","jwk":{jwk}"#)), claims), &ed), "invalid");
    // A `kid` that no key has.
    let jwks = format!(r#"{{"keys":[{}]}}"#, serde_json::to_string(&ed.keys()[0].public_jwk()).unwrap());
    let jwks = KeySet::read(jwks.as_bytes()).unwrap();
    assert_eq!(state(&signed(&ed, &header(r#","kid":"other""#), claims), &jwks), "key_unknown");
    let kid = ed.keys()[0].thumbprint();
    assert_eq!(state(&signed(&ed, &header(&format!(r#","kid":"{kid}""#)), claims), &jwks), "valid");
}

#[test]
fn claims_are_checked_at_the_second_with_leeway() {
    let decoded = decode(unsigned(
        r#"{"alg":"EdDSA","typ":"at+jwt"}"#,
        r#"{"iss":"https://issuer.example","aud":["a","b"],"iat":1000,"nbf":1010,"exp":2000}"#,
    ))
    .unwrap();
    let strict =
        Expected { at: Instant::saturating(0), leeway: 0, strict: true, issuer: None, audience: None };
    let failed = |at: i64, leeway: i64| -> Vec<&'static str> {
        let expected = Expected { at: Instant::saturating(at), leeway, ..strict };
        verify_claims(&decoded, &expected).into_iter().map(|failed| failed.claim).collect()
    };
    assert_eq!(failed(999, 0), ["nbf", "iat"]);
    assert_eq!(failed(1009, 0), ["nbf"]);
    assert_eq!(failed(1010, 0), [""; 0]);
    assert_eq!(failed(1999, 0), [""; 0]);
    assert_eq!(failed(2000, 0), ["exp"]);
    assert_eq!(failed(2000, 1), [""; 0]);
    assert_eq!(failed(2001, 1), ["exp"]);
    assert_eq!(failed(1005, 5), [""; 0]);
    let expected =
        Expected { strict: false, issuer: Some("https://issuer.example"), audience: Some("b"), ..strict };
    assert_eq!(verify_claims(&decoded, &expected), []);
    let expected = Expected { issuer: Some("https://issuer.example/"), audience: Some("c"), ..expected };
    let failed: Vec<_> = verify_claims(&decoded, &expected).into_iter().map(|failed| failed.claim).collect();
    assert_eq!(failed, ["iss", "aud"]);
    let other = decode(unsigned(r#"{"alg":"EdDSA","typ":"logout+jwt"}"#, r#"{"exp":2000}"#)).unwrap();
    assert_eq!(verify_claims(&other, &strict)[0].claim, "typ");
}

#[test]
fn every_token_of_a_text_is_found_wherever_it_stands() {
    let token = unsigned(r#"{"alg":"EdDSA"}"#, r#"{"exp":1}"#) + "AAAA";
    let spaced = unsigned("{ \"alg\": \"EdDSA\" }", "{}") + "AAAA";
    let lined = unsigned("{\n\"alg\":\"EdDSA\"}", "{}") + "AAAA";
    let jwe = format!("{}..aXY.eA.dA", b64(r#"{"alg":"dir","enc":"A256GCM"}"#));
    let log = format!(
        "a {token}. key=they,eye {spaced}\n\"{lined}\" \\n{token} %3D{jwe} {{\"t\":\"\\u003d{token}\"}} eyJ.eyJ x{token} eyJhIjoxfQ..."
    );
    let found: Vec<_> = tokens(log.as_bytes()).map(|place| &log[place]).collect();
    assert_eq!(found, [token.as_str(), &spaced, &lined, &token, &jwe, &token]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Err(error) = decode(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
        let _places: Vec<_> = tokens(&bytes).collect();
        let _keys = KeySet::read(&bytes);
    }

    #[test]
    fn any_header_and_payload_are_answered(
        header in any::<Vec<u8>>(),
        payload in any::<Vec<u8>>(),
        noise in "[a-zA-Z0-9._=+/ {}\"':-]{0,80}",
    ) {
        for token in [format!("{}.{}.AA", b64(&header), b64(&payload)), noise] {
            if let Ok(decoded) = decode(&token) {
                let _told = warnings(&decoded, now(), None);
                let _times = times(&decoded, now());
            }
        }
    }

    #[test]
    fn any_claims_are_answered(exp in any::<f64>(), iat in any::<i64>(), nbf in any::<u64>(), at in 0..253_000_000_000_i64) {
        let claims = format!(r#"{{"exp":{exp:?},"iat":{iat},"nbf":{nbf}}}"#);
        let decoded = decode(unsigned(r#"{"alg":"none"}"#, &claims)).unwrap();
        let at = Instant::saturating(at);
        let _told = warnings(&decoded, at, None);
        let times = times(&decoded, at);
        prop_assert_eq!(times.remaining.is_some(), times.exp.is_some());
        let strict = Expected { at, leeway: i64::MAX, strict: true, issuer: None, audience: None };
        let _failed = verify_claims(&decoded, &strict);
    }
}
