//! Tokens and keys for the tests that look at them.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tenure::registry::Instant;
use tenure::token::{Algorithm, KeyKind, KeySet, generate};

/// The cases of a file.
pub fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tokens").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The instant of a text.
pub fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// Base64url, written here once more so that the tests do not depend on what they test.
pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.as_ref().chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(word >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

/// A token whose signature is empty.
pub fn unsigned(header: &str, claims: &str) -> String {
    format!("{}.{}.", b64(header), b64(claims))
}

/// A token that the first key of a set has signed, by the algorithm that the header names.
pub fn signed(keys: &KeySet, header: &str, payload: impl AsRef<[u8]>) -> String {
    let named: Value = serde_json::from_str(header).unwrap();
    let algorithm = Algorithm::named(named["alg"].as_str().unwrap()).unwrap();
    let input = format!("{}.{}", b64(header), b64(payload));
    let signature = keys.keys()[0].sign(algorithm, input.as_bytes()).unwrap();
    format!("{input}.{}", b64(signature))
}

/// A new key.
pub fn new_key(kind: KeyKind) -> KeySet {
    KeySet::read(generate(kind).unwrap().expose()).unwrap()
}

/// A place of this machine that hands out a text, and counts how often it was asked for.
pub fn server(text: String) -> (String, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    let asked = Arc::<Mutex<usize>>::default();
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _request = stream.read(&mut [0; 4096]).unwrap();
            *count.lock().unwrap() += 1;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{text}", text.len()).unwrap();
        }
    });
    (url, asked)
}

/// A place of this machine that hands out the public halves of keys.
pub fn jwks_server(keys: &KeySet) -> String {
    let keys: Vec<_> = keys.public_jwks().collect();
    server(serde_json::json!({ "keys": keys }).to_string()).0
}
