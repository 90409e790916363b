//! Published signatures and keys: RFC 7515, 7517, 7520, 7638, 8037, and Project Wycheproof's sets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use serde_json::{Value, json};
use tenure::token::{Algorithm, Decoded, KeySet, SignatureState, verify_signature};
use wycheproof_ng_kdf_jose::json_web::{TestName, TestSet};

fn cases(name: &str) -> Vec<Value> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tokens").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn keys(jwk: &Value) -> KeySet {
    KeySet::read(jwk.to_string().as_bytes()).unwrap_or_else(|error| panic!("{jwk}: {error}"))
}

fn state(token: &str, keys: &KeySet) -> SignatureState {
    verify_signature(&Decoded::parse(token).unwrap(), keys).state
}

#[test]
fn every_published_signature_has_the_state_that_it_should() {
    let cases = cases("rfc-signatures.json");
    assert_eq!(cases.len(), 10);
    for case in cases {
        let (name, token) = (case["name"].as_str().unwrap(), case["token"].as_str().unwrap());
        let keys = keys(&case["key"]);
        assert_eq!(state(token, &keys).as_str(), case["state"].as_str().unwrap(), "{name}");
        if case["state"] == "valid" {
            let changed = token.replacen(".S", ".T", 1).replacen(".e", ".f", 1).replacen(".R", ".S", 1);
            assert_ne!(token, changed, "{name}");
            assert_ne!(state(&changed, &keys), SignatureState::Valid, "{name} with another payload");
        }
        if case["signs_alike"] == true {
            let (input, signature) = token.rsplit_once('.').unwrap();
            let decoded = Decoded::parse(token).unwrap();
            let algorithm = Algorithm::named(&decoded.alg().unwrap()).unwrap();
            let made = keys.keys()[0].sign(algorithm, input.as_bytes()).unwrap();
            assert_eq!(made, decoded.signature(), "{name}: {signature}");
        }
    }
}

#[test]
fn every_published_key_is_read_or_refused_with_its_reason() {
    for case in cases("rfc-keys.json") {
        let name = case["name"].as_str().unwrap();
        match (KeySet::read(case["key"].to_string().as_bytes()), case["refused"].as_str()) {
            (Err(error), Some(reason)) => assert!(error.to_string().contains(reason), "{name}: {error}"),
            (Ok(set), None) => {
                let key = &set.keys()[0];
                assert_eq!(key.id(), case["kid"], "{name}");
                assert_eq!(key.can_sign(), case["signs"], "{name}");
                if let Some(thumbprint) = case["thumbprint"].as_str() {
                    assert_eq!(key.thumbprint(), thumbprint, "{name}");
                }
                let public = serde_json::to_value(key.public_jwk()).unwrap();
                for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                    assert!(public.get(secret).is_none(), "{name} shows `{secret}`");
                }
            }
            (other, refused) => panic!("{name}: {other:?} instead of {refused:?}"),
        }
    }
}

/// The cases of Wycheproof's signature set whose label is not followed, and why.
const ODD: [(usize, &str); 8] = [
    (346, "the key says `PS256`, the token `PS384`: RFC 7517 §4.4 lets the key decide"),
    (
        347,
        "P-521, which is not among the curves of SPEC §4; the key's `alg` is `ES521`, which does not exist",
    ),
    (350, "as 346, with `key_ops`"),
    (351, "as 347, with `key_ops`"),
    (367, "labelled invalid for a padding that the case does not have: it is the valid token of case 357"),
    (370, "likewise, for the payload's padding"),
    (372, "labelled valid with a `?` in the header, which RFC 7515 §2 does not allow"),
    (373, "likewise, in the payload"),
];

/// Whether a key or a set of keys takes a token.
fn accepts(key: &Value, token: &Value) -> bool {
    let token = token.as_str().map_or_else(|| token.to_string(), str::to_owned);
    let Ok(keys) = KeySet::read(key.to_string().as_bytes()) else { return false };
    Decoded::parse(&token)
        .is_ok_and(|decoded| verify_signature(&decoded, &keys).state == SignatureState::Valid)
}

fn run_wycheproof(name: TestName, odd: &[(usize, &str)]) -> usize {
    let set = TestSet::load(name).unwrap();
    let (mut count, mut seen) = (0, Vec::new());
    for group in &set.test_groups {
        let key = group.public_key.as_ref().or(group.private_key.as_ref()).unwrap();
        for test in &group.tests {
            let Some(jws) = &test.jws else { continue };
            let expected = !test.result.must_fail();
            let got = accepts(key, jws);
            let label = format!("case {}, {} ({})", test.tc_id, test.comment, group.group_comment);
            if odd.iter().any(|(id, _)| *id == test.tc_id) {
                assert_ne!(got, expected, "{label} follows its label; it is not odd any more");
                seen.push(test.tc_id);
            } else {
                assert_eq!(got, expected, "{label}");
            }
            count += 1;
        }
    }
    assert_eq!(seen, odd.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    count
}

#[test]
fn every_wycheproof_signature_is_judged_by_its_label_except_eight_with_a_reason() {
    assert_eq!(run_wycheproof(TestName::JsonWebSignature, &ODD), 401);
}

#[test]
fn every_wycheproof_key_is_judged_by_its_label() {
    assert_eq!(run_wycheproof(TestName::JsonWebKey, &[]), 26);
}

#[test]
fn the_private_half_of_every_wycheproof_pair_signs_for_its_public_half() {
    let set = TestSet::load(TestName::JsonWebSignature).unwrap();
    let mut pairs = 0;
    for group in &set.test_groups {
        let (Some(private), Some(public)) = (&group.private_key, &group.public_key) else { continue };
        let read = |key: &Value| KeySet::read(key.to_string().as_bytes());
        let (Ok(private), Ok(public)) = (read(private), read(public)) else { continue };
        let (private, public) = (&private.keys()[0], &public.keys()[0]);
        assert_eq!(private.thumbprint(), public.thumbprint());
        if !private.can_sign() {
            continue;
        }
        for algorithm in private.algorithms() {
            let signature = private.sign(algorithm, b"message").unwrap();
            assert!(public.verifies(algorithm, b"message", &signature), "{algorithm}");
            assert!(!public.verifies(algorithm, b"massage", &signature), "{algorithm}");
            pairs += 1;
        }
    }
    assert!(pairs > 8, "{pairs}");
}

#[test]
fn keys_that_a_set_cannot_use_are_told_and_the_others_work() {
    let ec = &cases("rfc-keys.json")[3]["key"];
    let ed = &cases("rfc-keys.json")[2]["key"];
    let set = keys(&json!({ "keys": [ec, ed, { "kty": "XYZ" }] }));
    assert_eq!(set.keys().len(), 1);
    assert_eq!(set.skipped().len(), 2);
    assert!(set.skipped()[0].starts_with("keys[0]: the key is not for signatures"), "{:?}", set.skipped());
    assert!(set.skipped()[1].starts_with("keys[2]: `kty` `XYZ` is not a kind of key"), "{:?}", set.skipped());
}
