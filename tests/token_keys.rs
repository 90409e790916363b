//! Keys: every form that is read, what is refused and why, how they are kept, and that no secret shows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod token_support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tenure::store::{KeyFolder, KeyStore, Keyring, Place, Vault};
use tenure::token::{Algorithm, KeyKind, KeySet, Secret, generate};
use token_support::{b64, new_key};

fn pem(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tokens/pem");
    std::fs::read(folder.join(format!("{name}.pem"))).unwrap()
}

fn read(bytes: &[u8]) -> KeySet {
    KeySet::read(bytes).unwrap()
}

fn refusal(bytes: impl AsRef<[u8]>) -> String {
    KeySet::read(bytes.as_ref()).expect_err("it is refused").to_string()
}

#[test]
fn every_form_of_one_key_is_the_same_key() {
    let forms: [(&str, &[&str], &[&str]); 4] = [
        ("RSA 2048", &["rsa-pkcs1", "rsa-pkcs8"], &["rsa-spki", "rsa-pkcs1-public"]),
        ("P-256", &["p256-sec1-with-parameters", "p256-pkcs8"], &["p256-spki", "p256-spki-compressed"]),
        ("P-384", &["p384-sec1"], &["p384-spki"]),
        ("Ed25519", &["ed25519-pkcs8"], &["ed25519-spki"]),
    ];
    for (kind, private, public) in forms {
        let first = read(&pem(private[0]));
        let thumbprint = first.keys()[0].thumbprint();
        for name in private.iter().chain(public) {
            let set = read(&pem(name));
            let key = &set.keys()[0];
            assert_eq!(key.kind(), kind, "{name}");
            assert_eq!(key.thumbprint(), thumbprint, "{name}");
            assert_eq!(key.can_sign(), private.contains(name), "{name}");
            for algorithm in key.algorithms() {
                let signature = first.keys()[0].sign(algorithm, b"message").unwrap();
                assert!(key.verifies(algorithm, b"message", &signature), "{name} {algorithm}");
            }
            // And as JWK, back again.
            let jwk = serde_json::to_string(&key.public_jwk()).unwrap();
            assert_eq!(read(jwk.as_bytes()).keys()[0].thumbprint(), thumbprint, "{name} as JWK");
        }
    }
}

#[test]
fn what_cannot_be_used_is_refused_with_a_sentence_that_says_what_to_do() {
    for (name, words) in [
        ("refused-certificate", "openssl x509"),
        ("refused-encrypted", "decrypt it first"),
        ("refused-encrypted-traditional", "decrypt it first"),
        ("refused-rsa-1024", "2048"),
        ("refused-p521", "is not a kind of key that is used here"),
        ("refused-secp256k1-public", "is not a kind of key that is used here"),
        ("refused-x25519", "is not a kind of key that is used here"),
    ] {
        let said = refusal(pem(name));
        assert!(said.contains(words), "{name}: {said}");
    }
    let cut = String::from_utf8(pem("p256-pkcs8")).unwrap().replace("-----END PRIVATE KEY-----", "");
    for (text, words) in [
        (cut.as_str(), "`-----END PRIVATE KEY-----` is missing"),
        (
            "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----",
            "the PEM block `PRIVATE KEY` cannot be read",
        ),
        ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", "cannot be read"),
        ("-----BEGIN X", "the PEM block `` cannot be read"),
        ("-----BEGIN HAT-----\nAAAA\n-----END HAT-----", "the PEM block `HAT` is not a kind of key"),
        ("", "this is no key"),
        ("ssh-ed25519 AAAA", "this is no key"),
        ("{", "the JWK cannot be read: byte"),
        ("{}", "missing field `kty`"),
        (r#"{"kty":"oct","kty":"oct","k":""}"#, "the member `kty` stands twice"),
        (r#"{"keys":[]}"#, "holds no key"),
        (r#"{"keys":{}}"#, "the JWK cannot be read"),
        (r#"{"kty":"EC","crv":"P-256"}"#, "`x` is missing"),
        (r#"{"kty":"EC"}"#, "`crv` is missing"),
        (r#"{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}"#, "`x` has 3 bytes instead of 32"),
        (r#"{"kty":"EC","crv":"P-256","x":"A+AA","y":"AAAA"}"#, "`x` is no base64url: byte 2 is `+`"),
        (r#"{"kty":"OKP","crv":"Ed448","x":"AAAA"}"#, "the curve `Ed448`"),
        (r#"{"kty":"RSA","n":"AAAA","e":"AQAB"}"#, "`n` is zero"),
        (r#"{"kty":"RSA","n":"_wAB","e":"AQAB"}"#, "the RSA key has 24 bits"),
        (r#"{"kty":"oct","k":"c2hvcnQ"}"#, "the shared secret has 40 bits; `HS256` needs at least 256"),
    ] {
        let said = refusal(text);
        assert!(said.contains(words), "{text}: {said}");
    }
}

#[test]
fn a_key_obeys_what_it_says_about_its_use() {
    let secret = b64([7; 64]);
    let oct = |members: Value| {
        let mut jwk = json!({ "kty": "oct", "k": secret });
        jwk.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        jwk.to_string()
    };
    let all: Vec<_> = read(oct(json!({})).as_bytes()).keys()[0].algorithms().collect();
    assert_eq!(all, [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512]);
    let only: Vec<_> = read(oct(json!({ "alg": "HS384" })).as_bytes()).keys()[0].algorithms().collect();
    assert_eq!(only, [Algorithm::Hs384]);
    assert!(
        refusal(oct(json!({ "alg": "RS256" })))
            .contains("shared secret of 512 bits and cannot be used with `RS256`")
    );
    assert!(refusal(oct(json!({ "alg": "dir" }))).contains("the key is for `dir`"));
    assert!(refusal(oct(json!({ "use": "enc" }))).contains("not for signatures"));
    assert!(refusal(oct(json!({ "key_ops": ["encrypt"] }))).contains("not for signatures"));
    let signs_only = read(oct(json!({ "key_ops": ["sign"] })).as_bytes());
    let verifies_only = read(oct(json!({ "key_ops": ["verify"] })).as_bytes());
    let signature = signs_only.keys()[0].sign(Algorithm::Hs256, b"m").unwrap();
    assert!(!signs_only.keys()[0].verifies(Algorithm::Hs256, b"m", &signature));
    assert!(verifies_only.keys()[0].verifies(Algorithm::Hs256, b"m", &signature));
    let refused = verifies_only.keys()[0].sign(Algorithm::Hs256, b"m").unwrap_err().to_string();
    assert!(refused.contains("may not sign"), "{refused}");
}

#[test]
fn several_keys_of_one_file_are_one_set() {
    let both = [pem("p256-pkcs8"), b"some words\n".to_vec(), pem("ed25519-spki")].concat();
    let set = read(&both);
    assert_eq!(set.keys().iter().map(|key| key.kind()).collect::<Vec<_>>(), ["P-256", "Ed25519"]);
    // A terminal's indent and another line length change nothing.
    let indented = String::from_utf8(pem("rsa-pkcs8")).unwrap().replace('\n', "\r\n   ");
    assert_eq!(read(indented.as_bytes()).keys()[0].kind(), "RSA 2048");
}

#[test]
fn a_generated_key_of_every_kind_is_read_back() {
    for kind in KeyKind::ALL {
        let set = new_key(kind);
        assert!(set.keys()[0].can_sign() && set.keys()[0].can_verify(), "{kind}");
        assert_ne!(
            set.keys()[0].thumbprint(),
            new_key(kind).keys()[0].thumbprint(),
            "{kind} is new each time"
        );
    }
}

#[test]
fn stored_keys_are_their_owners_alone() {
    let place = tempfile::tempdir().unwrap();
    let folder = KeyFolder::new(place.path().join("data/keys"));
    assert!(folder.names().unwrap().is_empty());
    assert!(folder.read("one").unwrap().is_none());
    folder.write("one", &generate(KeyKind::P256).unwrap()).unwrap();
    folder.write("two.2", &generate(KeyKind::Hs256).unwrap()).unwrap();
    assert_eq!(folder.names().unwrap(), ["one", "two.2"]);
    let taken = folder.write("one", &Secret::new("other")).unwrap_err().to_string();
    assert!(taken.contains("`one` already"), "{taken}");
    assert_eq!(read(folder.read("one").unwrap().unwrap().expose()).keys()[0].kind(), "P-256");
    for name in ["", ".", "..", "a/b", "../a", "-a", "a b", "ä", &"x".repeat(65)] {
        assert!(folder.write(name, &Secret::new("x")).is_err(), "`{name}`");
        assert!(folder.read(name).is_err(), "`{name}`");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(folder.path().join("one.key")), 0o600);
        assert_eq!(mode(folder.path().to_owned()), 0o700);
    }
    assert!(folder.remove("one").unwrap());
    assert!(!folder.remove("one").unwrap());
    assert_eq!(folder.names().unwrap(), ["two.2"]);
}

/// A secret in every form that it could show in.
struct Canary {
    forms: Vec<String>,
}

impl Canary {
    fn of(bytes: &[u8]) -> Self {
        let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let decimal = format!("{bytes:?}");
        let plain = String::from_utf8_lossy(bytes).into_owned();
        Self { forms: vec![b64(bytes), hex, decimal, plain] }
    }

    fn is_absent_from(&self, text: &str, place: &str) {
        for form in &self.forms {
            assert!(!text.contains(form.as_str()), "{place} shows a secret: {text}");
        }
    }
}

#[test]
fn no_secret_shows_in_debug_output_errors_or_documents() {
    let bytes = b"canary-canary-canary-canary-canary-canary-canary-canary-canary-!";
    let canary = Canary::of(bytes);
    let jwk = json!({ "kty": "oct", "k": b64(bytes), "kid": "c" }).to_string();
    let set = read(jwk.as_bytes());
    canary.is_absent_from(&format!("{set:?} {:?} {:?}", set.keys()[0], Secret::new(*bytes)), "Debug");
    canary
        .is_absent_from(&serde_json::to_string(&set.public_jwks().collect::<Vec<_>>()).unwrap(), "the JWKS");
    canary.is_absent_from(&format!("{:?}", set.keys()[0].sign(Algorithm::Rs256, b"m")), "an error");
    let plain = std::str::from_utf8(bytes).unwrap();
    for broken in [
        json!({ "kty": "oct", "k": plain }),
        json!({ "kty": "oct", "k": [plain] }),
        json!({ "kty": "oct", "k": { "v": plain } }),
        json!({ "kty": "oct", "k": b64(bytes), "alg": "RS256" }),
        json!({ "kty": "oct", "k": b64(bytes), "use": "enc" }),
        json!({ "kty": "RSA", "n": "AQ", "e": "AQAB", "d": plain }),
        json!({ "kty": "EC", "crv": "P-256", "x": b64([1; 32]), "y": b64([1; 32]), "d": b64(bytes) }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": b64([1; 32]), "d": b64(&bytes[..32]) }),
        json!({ "keys": [{ "kty": "oct", "k": plain }] }),
    ] {
        let error = KeySet::read(broken.to_string().as_bytes()).expect_err("it is broken");
        canary.is_absent_from(&format!("{error} {error:?}"), "an error");
    }
    let number = r#"{"kty":"oct","k":31337313373133731337}"#;
    let error = refusal(number);
    assert!(!error.contains("31337"), "{error}");
    // A private key as PEM: no line of it shows.
    for kind in [KeyKind::Rsa2048, KeyKind::P256, KeyKind::Ed25519] {
        let text = generate(kind).unwrap();
        let shown = format!("{text:?} {:?}", read(text.expose()));
        let lines = std::str::from_utf8(text.expose()).unwrap().lines();
        for line in lines.filter(|line| line.len() > 16 && !line.starts_with("--")) {
            assert!(!shown.contains(line), "{kind}: {shown}");
            let broken = format!("-----BEGIN PRIVATE KEY-----\n{line}\n-----END PRIVATE KEY-----");
            if let Err(error) = KeySet::read(broken.as_bytes()) {
                assert!(!format!("{error} {error:?}").contains(line), "{kind}: {error}");
            }
        }
    }
}

/// A system's key store that is one of the test's own.
#[derive(Debug, Clone, Default)]
struct Chain {
    secrets: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    locked: Arc<AtomicBool>,
}

impl Chain {
    fn open(&self) -> Result<MutexGuard<'_, BTreeMap<String, Vec<u8>>>, String> {
        if self.locked.load(Ordering::Relaxed) {
            return Err("it is locked".to_owned());
        }
        Ok(self.secrets.lock().unwrap())
    }
}

impl Keyring for Chain {
    fn get(&self, name: &str) -> Result<Option<Secret>, String> {
        Ok(self.open()?.get(name).cloned().map(Secret::new))
    }

    fn set(&self, name: &str, secret: &Secret) -> Result<(), String> {
        self.open()?.insert(name.to_owned(), secret.expose().to_vec());
        Ok(())
    }

    fn forget(&self, name: &str) -> Result<bool, String> {
        Ok(self.open()?.remove(name).is_some())
    }
}

#[test]
fn secrets_lie_in_the_systems_store_where_there_is_one() {
    let place = tempfile::tempdir().unwrap();
    let chain = Chain::default();
    let vault = |keyring: Option<Box<dyn Keyring>>| Vault::new(place.path().join("keys"), keyring);
    let without = vault(None);
    without.write("old", &Secret::new("in a file")).unwrap();
    let with = vault(Some(Box::new(chain.clone())));
    with.write("new", &Secret::new("in the chain")).unwrap();

    assert_eq!(with.names().unwrap(), ["new", "old"]);
    assert_eq!((with.place("new"), with.place("old")), (Place::System, Place::Folder));
    assert_eq!(with.read("new").unwrap().unwrap().expose(), b"in the chain");
    assert_eq!(with.read("old").unwrap().unwrap().expose(), b"in a file", "older files stay readable");
    for taken in ["new", "old"] {
        assert!(
            with.write(taken, &Secret::new("again")).unwrap_err().to_string().contains("already"),
            "{taken}"
        );
    }
    let files = std::fs::read_dir(place.path().join("keys")).unwrap();
    let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert_eq!(bytes, b"in a file", "the chain's secret is in no file");

    let gone = without.read("new").unwrap_err().to_string();
    assert!(gone.contains("no such store now"), "{gone}");
    chain.locked.store(true, Ordering::Relaxed);
    let locked = with.read("new").unwrap_err().to_string();
    assert!(locked.contains("it is locked") && locked.contains("unlock it"), "{locked}");
    assert!(with.write("more", &Secret::new("x")).is_err());
    assert_eq!(with.names().unwrap(), ["new", "old"], "a write that failed leaves no name");
    chain.locked.store(false, Ordering::Relaxed);
    assert!(with.remove("new").unwrap() && with.remove("old").unwrap());
    assert!(with.names().unwrap().is_empty() && chain.secrets.lock().unwrap().is_empty());
}
