//! Tokens against the policy, and samples from the mint to the check.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;
mod token_support;

use serde_json::{Value, json};
use support::cases::{policy_of, registry_of};
use tenure::policy::{Decision, Policy, Request, decide};
use tenure::registry::Duration;
use tenure::token::{
    Algorithm, Decoded, Dialect, KeyKind, KeySet, MintError, Minted, Sample, Subject, decode, mint, token_id,
    verify_signature, warnings,
};
use token_support::{at, cases, new_key, unsigned};

fn policy() -> Policy {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tokens/registry.json");
    policy_of(registry_of(&std::fs::read_to_string(path).unwrap()))
}

fn request(client_id: &str, scopes: &[&str], instant: &str) -> Request {
    Request {
        client_id: client_id.to_owned(),
        audience: "https://api.example.com".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        at: at(instant),
        requested_lifetime: None,
    }
}

fn minted(
    decision: &Decision<'_>,
    keys: &KeySet,
    algorithm: Option<Algorithm>,
    claims: &[(String, Value)],
    replace: bool,
    dialect: Dialect,
) -> Result<Minted, MintError> {
    mint(&Sample {
        issuer: "https://issuer.example",
        decision,
        key: &keys.keys()[0],
        algorithm,
        dialect,
        claims,
        replace,
        id: &token_id().unwrap(),
    })
}

fn verdict(decoded: &Decoded, policy: &Policy) -> &'static str {
    Subject::of(decoded, policy.registry()).check(policy).verdict.as_str()
}

#[test]
fn every_token_gets_the_first_verdict_that_applies() {
    let policy = policy();
    let cases = cases("checks.json");
    assert!(cases.len() > 35);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let decoded = decode(unsigned(r#"{"alg":"EdDSA"}"#, &case["claims"].to_string())).unwrap();
        let subject = Subject::of(&decoded, policy.registry());
        let check = subject.check(&policy);
        assert_eq!(check.verdict.as_str(), case["verdict"], "{name}");
        assert_eq!(json!(check.by), case["by"], "{name}: by");
        assert_eq!(json!(check.issuer_verdict), case["issuer_verdict"], "{name}: issuer");
        let document = check.decision.as_ref().map(|d| json!(tenure::policy::document(d, None, None)));
        let reason = document.map_or(Value::Null, |document| document["reason"].clone());
        assert_eq!(reason, *case.get("reason").unwrap_or(&Value::Null), "{name}: reason");
        let found = [
            ("client_id", json!(check.client_id)),
            ("audience", json!(check.audience)),
            ("scopes", json!(check.scopes)),
        ];
        for (member, got) in found {
            if let Some(expected) = case.get(member) {
                assert_eq!(&got, expected, "{name}: {member}");
            }
        }
    }
}

#[test]
fn a_sample_of_every_algorithm_verifies_and_is_as_decided() {
    let policy = policy();
    let request = request("trial", &["read"], "2026-01-10T11:30:00Z");
    let decision = decide(&policy, &request);
    assert_eq!(decision.lifetime(), Some(1800), "the trial's end cuts it");
    let mut used = Vec::new();
    for kind in KeyKind::ALL {
        let keys = new_key(kind);
        let key = &keys.keys()[0];
        for algorithm in key.algorithms() {
            let minted = minted(&decision, &keys, Some(algorithm), &[], false, Dialect::Rfc9068).unwrap();
            let decoded = decode(&minted.token).unwrap();
            let label = format!("{kind} {algorithm}");
            assert_eq!(verify_signature(&decoded, &keys).state.as_str(), "valid", "{label}");
            assert_eq!(warnings(&decoded, request.at, Some(&keys)), [], "{label}");
            assert_eq!(verdict(&decoded, &policy), "as_decided", "{label}");
            if let Some(public) = key.public_jwk() {
                let jwks = json!({ "keys": [public] }).to_string();
                let jwks = KeySet::read(jwks.as_bytes()).unwrap();
                assert!(!jwks.keys()[0].can_sign());
                assert_eq!(verify_signature(&decoded, &jwks).state.as_str(), "valid", "{label} by JWKS");
            }
            // One changed bit anywhere in the signature.
            let mut bytes = minted.token.clone().into_bytes();
            let place = bytes.len() - 20;
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            assert_ne!(verify_signature(&decode(bytes).unwrap(), &keys).state.as_str(), "valid", "{label}");
            used.push(algorithm);
        }
    }
    used.sort_unstable();
    used.dedup();
    assert_eq!(used, Algorithm::ALL);
}

#[test]
fn a_sample_has_the_header_and_claims_of_rfc_9068() {
    let policy = policy();
    let request = request("trial", &["write", "read"], "2026-01-10T11:00:00Z");
    let decision = decide(&policy, &request);
    let keys = new_key(KeyKind::P256);
    let custom = [("tier".to_owned(), json!("gold")), ("seats".to_owned(), json!([1, 2]))];
    let decoded =
        decode(minted(&decision, &keys, None, &custom, false, Dialect::Rfc9068).unwrap().token).unwrap();
    let header: Vec<_> = decoded.header().iter().map(|(name, _)| name).collect();
    assert_eq!(header, ["typ", "alg", "kid"]);
    assert_eq!(decoded.header().text("typ").as_deref(), Some("at+jwt"));
    assert_eq!(decoded.kid().as_deref(), Some(keys.keys()[0].thumbprint()));
    let claims = decoded.claims().unwrap();
    let names: Vec<_> = claims.iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        ["iss", "sub", "client_id", "aud", "iat", "exp", "jti", "scope", "tenure_sample", "tier", "seats"]
    );
    assert_eq!(claims.text("sub").as_deref(), Some("trial"));
    assert_eq!(claims.text("scope").as_deref(), Some("read write"));
    assert_eq!(claims.get("exp"), Some("1768043400"), "ten minutes, as the scope write says");
    assert_eq!(claims.get("tenure_sample"), Some("true"));
    let id = claims.text("jti").unwrap();
    assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id} is a random UUID");
}

#[test]
fn the_auth0_dialect_writes_what_auth0_writes() {
    let policy = policy();
    let request = request("trial", &["read"], "2026-01-10T11:00:00Z");
    let decision = decide(&policy, &request);
    let keys = new_key(KeyKind::Rsa2048);
    let decoded = decode(minted(&decision, &keys, None, &[], false, Dialect::Auth0).unwrap().token).unwrap();
    assert_eq!(decoded.header().text("typ").as_deref(), Some("JWT"));
    assert_eq!(decoded.alg().as_deref(), Some("RS256"));
    let claims = decoded.claims().unwrap();
    let names: Vec<_> = claims.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["iss", "sub", "aud", "iat", "exp", "scope", "gty", "azp", "tenure_sample"]);
    assert_eq!(claims.text("sub").as_deref(), Some("trial@clients"));
    assert_eq!(claims.text("azp").as_deref(), Some("trial"));
    assert_eq!(claims.text("gty").as_deref(), Some("client-credentials"));
    assert_eq!(verdict(&decoded, &policy), "as_decided");
}

#[test]
fn a_claim_of_the_token_is_replaced_only_for_a_test_and_the_mark_never() {
    let policy = policy();
    let request = request("trial", &["read"], "2026-01-10T11:00:00Z");
    let decision = decide(&policy, &request);
    let keys = new_key(KeyKind::Ed25519);
    for name in ["iss", "sub", "client_id", "aud", "iat", "exp", "jti", "scope"] {
        let claim = [(name.to_owned(), json!(1))];
        let refused = minted(&decision, &keys, None, &claim, false, Dialect::Rfc9068).unwrap_err();
        assert_eq!(refused, MintError::Own(name.to_owned()));
        let minted = minted(&decision, &keys, None, &claim, true, Dialect::Rfc9068).unwrap();
        assert_eq!(minted.replaced, [name]);
        let decoded = decode(&minted.token).unwrap();
        assert_eq!(decoded.claims().unwrap().get(name), Some("1"));
        assert_eq!(decoded.claims().unwrap().duplicates(), [""; 0], "{name} stands once");
    }
    let mark = [("tenure_sample".to_owned(), json!(false))];
    for replace in [false, true] {
        let refused = minted(&decision, &keys, None, &mark, replace, Dialect::Rfc9068).unwrap_err();
        assert_eq!(refused, MintError::Mark);
    }
    let twice = [("a".to_owned(), json!(1)), ("a".to_owned(), json!(2))];
    let refused = minted(&decision, &keys, None, &twice, false, Dialect::Rfc9068).unwrap_err();
    assert_eq!(refused, MintError::Twice("a".to_owned()));
}

#[test]
fn a_denied_decision_mints_nothing_and_says_why() {
    let policy = policy();
    let request = request("trial", &["read"], "2026-01-10T12:00:00Z");
    let refused =
        minted(&decide(&policy, &request), &new_key(KeyKind::Hs256), None, &[], false, Dialect::Rfc9068);
    let said = refused.unwrap_err().to_string();
    assert!(said.contains("expired") && said.contains("ended at 2026-01-10T12:00:00Z"), "{said}");
}

#[test]
fn a_requested_lifetime_and_no_scopes_are_minted_as_decided() {
    let policy = policy();
    let mut request = request("trial", &[], "2026-01-10T11:00:00Z");
    request.requested_lifetime = Duration::from_seconds(60).ok();
    let decision = decide(&policy, &request);
    let keys = new_key(KeyKind::Ed25519);
    let decoded =
        decode(minted(&decision, &keys, None, &[], false, Dialect::Rfc9068).unwrap().token).unwrap();
    let claims = decoded.claims().unwrap();
    assert_eq!(claims.get("exp"), Some("1768042860"));
    assert_eq!(claims.text("scope").as_deref(), Some("read"), "the marked scope");
    assert_eq!(verdict(&decoded, &policy), "shorter", "a check knows of no requested lifetime");
}

#[test]
fn a_key_signs_only_what_it_allows() {
    let policy = policy();
    let request = request("trial", &["read"], "2026-01-10T11:00:00Z");
    let decision = decide(&policy, &request);
    let keys = new_key(KeyKind::P256);
    let refused = minted(&decision, &keys, Some(Algorithm::Es384), &[], false, Dialect::Rfc9068).unwrap_err();
    assert!(refused.to_string().contains("the key is P-256 and cannot be used with `ES384`"), "{refused}");
    let public = serde_json::to_string(&keys.keys()[0].public_jwk()).unwrap();
    let public = KeySet::read(public.as_bytes()).unwrap();
    let refused = minted(&decision, &public, None, &[], false, Dialect::Rfc9068).unwrap_err();
    assert!(refused.to_string().contains("no private half"), "{refused}");
}
