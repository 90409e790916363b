//! Tokens of this program in other libraries, and those of another server in this program.
//!
//! `tests/run` installs the peers into a folder of its own and names it in `TENURE_PEERS`; without it, or without their
//! runtime, the tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/peers.rs"]
mod peers;
mod token_support;

use peers::{peers, run};
use serde_json::{Value, json};
use std::sync::Arc;
use tenure::policy::{Policy, Request, decide};
use tenure::registry::{Instant, Registry, Service, sample::sample};
use tenure::token::{
    Dialect, KeyKind, KeySet, Sample, Subject, decode, generate, mint, token_id, verify_signature, warnings,
};

const API: &str = "https://api.example.com";
const ISSUER: &str = "https://issuer.example";

fn now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Instant::saturating(i64::try_from(since.as_secs()).unwrap())
}

/// A sample token of every algorithm with the key that a peer needs, and what the peer has to read in it.
fn minted() -> (Vec<Value>, Vec<Value>) {
    let policy = Policy::new(Arc::new(sample(now())));
    let request = Request {
        client_id: "acme-trial".to_owned(),
        audience: API.to_owned(),
        scopes: vec!["read".to_owned(), "write".to_owned()],
        at: now(),
        requested_lifetime: None,
    };
    let decision = decide(&policy, &request);
    let exp = request.at.seconds() + 600;
    let (mut cases, mut expected) = (Vec::new(), Vec::new());
    for kind in KeyKind::ALL {
        let text = generate(kind).unwrap();
        let keys = KeySet::read(text.expose()).unwrap();
        let key = &keys.keys()[0];
        for algorithm in key.algorithms() {
            let minted = mint(&Sample {
                issuer: ISSUER,
                decision: &decision,
                key,
                algorithm: Some(algorithm),
                dialect: Dialect::Rfc9068,
                claims: &[],
                replace: false,
                id: &token_id().unwrap(),
            })
            .unwrap();
            // A shared secret has no public half: its peer gets the secret itself.
            let jwk = key.public_jwk().map_or_else(
                || serde_json::from_slice(text.expose()).unwrap(),
                |public| serde_json::to_value(public).unwrap(),
            );
            let alg = algorithm.as_str();
            cases.push(
                json!({ "token": minted.token, "jwk": jwk, "alg": alg, "issuer": ISSUER, "audience": API }),
            );
            expected.push(json!({ "alg": alg, "exp": exp, "scope": "read write" }));
        }
    }
    assert_eq!(cases.len(), 24, "every algorithm of every kind of key");
    (cases, expected)
}

fn verified_by(runtime: &str, package: &str, script: &str) {
    let Some(folder) = peers(runtime, package) else { return };
    let (cases, expected) = minted();
    let answers = run(&folder, runtime, script, &[], &json!(cases));
    assert_eq!(answers, json!(expected), "{script}");
}

#[test]
fn every_sample_verifies_in_jose() {
    verified_by("node", "node_modules/jose", "jose.mjs");
}

#[test]
fn every_sample_verifies_in_pyjwt() {
    verified_by("python3", "python/jwt", "pyjwt.py");
}

#[test]
fn every_sample_verifies_in_joserfc() {
    verified_by("python3", "python/joserfc", "joserfc_.py");
}

#[test]
fn the_tokens_of_a_real_server_decode_verify_and_are_as_decided() {
    let Some(folder) = peers("node", "node_modules/oidc-provider") else { return };
    let client = "piper-compress";
    let issued = run(&folder, "node", "provider.mjs", &[client, ISSUER], &Value::Null);
    let keys = KeySet::read(issued["jwks"].to_string().as_bytes()).unwrap();
    let sample = sample(now());
    let registry = Registry::new(
        Service { issuer: ISSUER.to_owned(), ..Service::clone(&sample.service) },
        sample.apis().iter().map(|api| api.as_ref().clone()).collect(),
        sample.applications().iter().map(|application| application.as_ref().clone()).collect(),
        sample.guardrails().iter().map(|rule| rule.as_ref().clone()).collect(),
    );
    let policy = Policy::new(Arc::new(registry));
    let responses = issued["responses"].as_array().unwrap();
    let lifetimes: Vec<_> =
        responses.iter().map(|response| response["expires_in"].as_i64().unwrap()).collect();
    assert_eq!(lifetimes, [86_400, 3600, 600, 600]);
    for response in responses {
        let decoded = decode(response.to_string()).unwrap();
        assert_eq!(verify_signature(&decoded, &keys).state.as_str(), "valid", "{response}");
        let codes: Vec<_> =
            warnings(&decoded, now().plus(1), Some(&keys)).iter().map(|w| w.code.as_str()).collect();
        assert_eq!(codes, ["wrapped_input"], "{response}");
        let subject = Subject::of(&decoded, policy.registry());
        let check = subject.check(&policy);
        assert_eq!(check.client_id, Some(client));
        assert_eq!(check.verdict.as_str(), "as_decided", "{response}: {check:?}");
    }
}
