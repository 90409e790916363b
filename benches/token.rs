//! Tokens: minting and verifying beside the bare signature, decoding, garbage, and audits.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr
)]

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;
use tenure::policy::{Policy, Request, decide};
use tenure::registry::{Instant, sample::sample};
use tenure::token::{
    Algorithm, Decoded, Dialect, KeyKind, KeySet, Sample, audit, decode, generate, mint, verify_signature,
    warnings,
};

fn main() {
    divan::main();
}

fn now() -> Instant {
    Instant::parse("2026-11-23T09:00:00Z").unwrap()
}

fn policy() -> Policy {
    Policy::new(Arc::new(sample(now())))
}

fn request() -> Request {
    Request {
        client_id: "acme-trial".to_owned(),
        audience: "https://api.example.com".to_owned(),
        scopes: vec!["read".to_owned(), "write".to_owned()],
        at: now(),
        requested_lifetime: None,
    }
}

/// One algorithm for each kind of key.
const ALGORITHMS: [Algorithm; 4] = [Algorithm::Hs256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256];

/// A key here, and the same key for the bare signature.
fn keys(algorithm: Algorithm) -> (KeySet, Bare) {
    let kind = match algorithm {
        Algorithm::Hs256 => KeyKind::Hs256,
        Algorithm::Es256 => KeyKind::P256,
        Algorithm::EdDsa => KeyKind::Ed25519,
        _ => KeyKind::Rsa2048,
    };
    let text = generate(kind).unwrap();
    let set = KeySet::read(text.expose()).unwrap();
    let der = || pem_rfc7468::decode_vec(text.expose()).unwrap().1;
    let bare = match algorithm {
        Algorithm::Hs256 => Bare::Hmac(Box::new(hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]))),
        Algorithm::Es256 => {
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der()).unwrap();
            let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref()).unwrap();
            Bare::Ec(pair, public)
        }
        Algorithm::EdDsa => {
            let pair = Ed25519KeyPair::from_pkcs8(&der()).unwrap();
            let public = ParsedPublicKey::new(&ED25519, pair.public_key().as_ref()).unwrap();
            Bare::Ed(pair, public)
        }
        _ => {
            let pair = RsaKeyPair::from_pkcs8(&der()).unwrap();
            let public =
                ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref()).unwrap();
            Bare::Rsa(pair, public)
        }
    };
    (set, bare)
}

enum Bare {
    Hmac(Box<hmac::Key>),
    Ec(EcdsaKeyPair, ParsedPublicKey),
    Ed(Ed25519KeyPair, ParsedPublicKey),
    Rsa(RsaKeyPair, ParsedPublicKey),
}

impl Bare {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Hmac(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Ec(pair, _) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::Ed(pair, _) => pair.sign(message).as_ref().to_vec(),
            Self::Rsa(pair, _) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Ec(_, key) | Self::Ed(_, key) | Self::Rsa(_, key) => {
                key.verify_sig(message, signature).is_ok()
            }
        }
    }
}

fn minted(keys: &KeySet, policy: &Policy) -> String {
    let request = request();
    let decision = decide(policy, &request);
    mint(&sample_of(keys, &decision)).unwrap().token
}

fn sample_of<'s>(keys: &'s KeySet, decision: &'s tenure::policy::Decision<'s>) -> Sample<'s> {
    Sample {
        issuer: "https://issuer.example",
        decision,
        key: &keys.keys()[0],
        algorithm: None,
        dialect: Dialect::Rfc9068,
        claims: &[],
        replace: false,
        id: "5b0f1f6e-2f0e-4d3a-9a52-0b1f6c8d7e10",
    }
}

#[divan::bench(args = ALGORITHMS)]
fn sign_bare(bencher: Bencher<'_, '_>, algorithm: Algorithm) {
    let (set, bare) = keys(algorithm);
    let token = minted(&set, &policy());
    let message = token.rsplit_once('.').unwrap().0;
    bencher.bench(|| bare.sign(black_box(message.as_bytes())));
}

#[divan::bench(args = ALGORITHMS)]
fn sign_minted(bencher: Bencher<'_, '_>, algorithm: Algorithm) {
    let (set, _) = keys(algorithm);
    let (policy, request) = (policy(), request());
    let decision = decide(&policy, &request);
    let sample = sample_of(&set, &decision);
    bencher.bench(|| mint(black_box(&sample)).unwrap());
}

#[divan::bench(args = ALGORITHMS)]
fn verify_bare(bencher: Bencher<'_, '_>, algorithm: Algorithm) {
    let (set, bare) = keys(algorithm);
    let token = minted(&set, &policy());
    let message = token.rsplit_once('.').unwrap().0;
    let signature = bare.sign(message.as_bytes());
    bencher.bench(|| assert!(bare.verify(black_box(message.as_bytes()), &signature)));
}

/// Taking the token apart, and its signature.
#[divan::bench(args = ALGORITHMS)]
fn verify_token(bencher: Bencher<'_, '_>, algorithm: Algorithm) {
    let (set, _) = keys(algorithm);
    let token = minted(&set, &policy());
    bencher.bench(|| {
        let decoded = Decoded::parse(black_box(&token)).unwrap();
        assert!(verify_signature(&decoded, &set).key.is_some());
    });
}

#[divan::bench(args = [1, 8, 64])]
fn decode_kib(bencher: Bencher<'_, '_>, kib: usize) {
    let (policy, request) = (policy(), request());
    let decision = decide(&policy, &request);
    let (set, _) = keys(Algorithm::EdDsa);
    // Base64url makes four bytes of three.
    let ids: Vec<String> = (0..kib * 48).map(|i| format!("group-{i:07}")).collect();
    let claims = [("groups".to_owned(), serde_json::json!(ids[..(kib * 48).saturating_sub(24)]))];
    let token = mint(&Sample { claims: &claims, ..sample_of(&set, &decision) }).unwrap().token;
    bencher.counter(BytesCount::new(token.len())).bench(|| {
        let decoded = decode(black_box(&token)).unwrap();
        warnings(&decoded, now(), None).len()
    });
}

/// A mebibyte of what is no token.
fn garbage(kind: &str) -> Vec<u8> {
    let unit: Vec<u8> = match kind {
        "zeros" => vec![0],
        "starts" => b"eyJ".to_vec(),
        "runs" => [b"eyJ".repeat(4000), b".eyJ.x ".to_vec()].concat(),
        "dots" => b"eyJ.".to_vec(),
        "quotes" => b"\"'\"".to_vec(),
        "bearers" => b"bearer ".to_vec(),
        "lines" => b"eyJ\\\n".to_vec(),
        "members" => b"{\"a\":{\"a\":1,\"a\":[".to_vec(),
        _ => (0..=255).collect(),
    };
    unit.into_iter().cycle().take(1024 * 1024).collect()
}

#[divan::bench(args = ["zeros", "starts", "runs", "dots", "quotes", "bearers", "lines", "members", "bytes"])]
fn garbage_1_mib(bencher: Bencher<'_, '_>, kind: &str) {
    let garbage = garbage(kind);
    bencher.bench(|| assert!(decode(black_box(&garbage)).is_err()));
}

/// The same as a well-formed payload: a token whose claims have a member for every few bytes.
#[divan::bench]
fn duplicates_1_mib(bencher: Bencher<'_, '_>) {
    let members = "\"a\":{\"b\":1,\"b\":2},".repeat(42_000);
    let claims = format!("{{{}\"z\":1}}", members);
    let (set, _) = keys(Algorithm::Hs256);
    let input = {
        use base64::Engine;
        let b64 = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", b64(r#"{"alg":"HS256"}"#), b64(claims.get(..700_000).unwrap()))
    };
    bencher.bench(|| {
        let decoded = decode(black_box(&input)).unwrap();
        warnings(&decoded, now(), Some(&set)).len()
    });
}

/// A log that repeats its text to a size.
struct Log<'t> {
    text: &'t [u8],
    place: usize,
    left: usize,
}

impl<'t> Log<'t> {
    fn new(text: &'t [u8], left: usize) -> Self {
        Self { text, place: 0, left }
    }
}

impl Read for Log<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.text[self.place..];
        let size = rest.len().min(buffer.len()).min(self.left);
        buffer[..size].copy_from_slice(&rest[..size]);
        self.place = (self.place + size) % self.text.len();
        self.left -= size;
        Ok(size)
    }
}

fn lines() -> String {
    let line = |i: usize| {
        format!(
            "10.1.{}.{} - - [23/Nov/2026:09:{:02}:{:02} +0000] \"GET /v1/keys/{i}?they=eye HTTP/1.1\" 200 {} \"-\" \"curl/8.5.0\" eyes.everyone\n",
            i % 256,
            i % 199,
            i % 60,
            i % 59,
            i * 37 % 100_000
        )
    };
    (0..20_000).map(line).collect()
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn audit_no_tokens(bencher: Bencher<'_, '_>) {
    let (policy, text) = (policy(), lines());
    let size = 256 << 20;
    bencher.counter(BytesCount::new(size)).bench(|| {
        let log = Log::new(text.as_bytes(), size);
        audit(log, &mut &policy, None, &mut |_| ControlFlow::Continue(())).unwrap().lines
    });
}

/// Tokens as many clients send them, each checked against the policy, with and without its signature.
#[divan::bench(sample_count = 10, sample_size = 1, args = [false, true])]
fn audit_eddsa(bencher: Bencher<'_, '_>, verified: bool) {
    let policy = policy();
    let (set, _) = keys(Algorithm::EdDsa);
    let text: String =
        (0..10_000).map(|i| format!("10.0.0.{} GET /v1 {} 200\n", i % 256, minted(&set, &policy))).collect();
    let keys = verified.then_some(&set);
    bencher.counter(ItemsCount::new(10_000_usize)).bench(|| {
        let totals = audit(text.as_bytes(), &mut &policy, keys, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(totals.tokens, 10_000);
    });
}

/// The most that the process ever held, in kB of 1024 bytes; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// A gigabyte with a token in every two hundredth line, and what it costs in memory.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn audit_1_gb(bencher: Bencher<'_, '_>) {
    let policy = policy();
    let (set, _) = keys(Algorithm::EdDsa);
    let token = minted(&set, &policy);
    let text: String = lines()
        .lines()
        .enumerate()
        .map(|(i, line)| if i % 200 == 0 { format!("{line} {token}\n") } else { format!("{line}\n") })
        .collect();
    let size = 1_000_000_000;
    bencher.counter(BytesCount::new(size)).bench(|| {
        let before = peak();
        let log = Log::new(text.as_bytes(), size);
        let totals = audit(log, &mut &policy, None, &mut |_| ControlFlow::Continue(())).unwrap();
        eprintln!("1 GB: {} tokens, the peak of memory grew by {} kB", totals.tokens, peak() - before);
    });
}
