//! `tenure keys`: the keys that sign samples, and how the other commands find theirs.

use super::session::{Exit, Failure, Result, Session, data_folder};
use super::table::table;
use crate::remote::{Stop, fetch_keys};
use crate::store::{KeyStore, KeyStoreError, Vault};
use crate::token::{Algorithm, Key, KeyKind, KeySet, PublicJwk, Secret, generate};
use serde_json::json;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is done with keys.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a new key
    #[command(after_help = "Examples:
  tenure keys generate samples
  tenure keys generate legacy --kind rsa2048

Kinds: ed25519, p256, p384, rsa2048, rsa3072, rsa4096, hs256, hs384, hs512.")]
    Generate {
        /// The name to store it under
        name: String,
        /// What kind of key
        #[arg(long, value_name = "KIND", default_value = "ed25519")]
        kind: KeyKind,
    },
    /// Store a key of a file: PEM, JWK or JWKS
    #[command(after_help = "Examples:
  tenure keys import issuer issuer.pem
  pass show issuer | tenure keys import issuer -")]
    Import {
        /// The name to store it under
        name: String,
        /// The file; `-` is standard input
        file: PathBuf,
    },
    /// The stored keys
    #[command(after_help = "Examples:\n  tenure keys list\n  tenure keys list --json")]
    List,
    /// What everybody may see of a key
    #[command(after_help = "Examples:\n  tenure keys show samples\n  tenure keys show samples --json")]
    Show {
        /// Its name
        name: String,
    },
    /// Print the public halves as a JWKS, for those who verify
    #[command(after_help = "Examples:
  tenure keys export > jwks.json
  tenure keys export samples
  tenure keys export samples --private > samples.pem")]
    Export {
        /// Their names [default: all]
        names: Vec<String>,
        /// Print the one key as it is stored, with its private half
        #[arg(long)]
        private: bool,
    },
    /// Delete a key for good
    #[command(after_help = "Examples:\n  tenure keys delete samples")]
    Delete {
        /// Its name
        name: String,
    },
}

impl From<KeyStoreError> for Failure {
    fn from(error: KeyStoreError) -> Self {
        Self::Said(error.to_string())
    }
}

/// Runs `tenure keys`.
pub(super) fn run(command: Command, mut session: Session<'_>) -> Result {
    let store = store()?;
    match command {
        Command::Generate { name, kind } => {
            let key = generate(kind).map_err(|error| Failure::Said(error.to_string()))?;
            keep(&store, &name, &key, &mut session)
        }
        Command::Import { name, file } => {
            let key = bytes_of(&file, &mut session)?;
            keep(&store, &name, &key, &mut session)
        }
        Command::List => list(&store, session),
        Command::Show { name } => show(&stored(&store, &name)?, session),
        Command::Export { names, private: true } => export_private(&store, &names, session),
        Command::Export { names, private: false } => export(&store, &names, session),
        Command::Delete { name } => {
            if !store.remove(&name)? {
                return Err(unknown(&name));
            }
            writeln!(session.out, "deleted the key {name}")?;
            Ok(Exit::Done)
        }
    }
}

fn store() -> Result<Vault> {
    let folder =
        data_folder().ok_or_else(|| Failure::Said("there is no home folder to keep keys in".into()))?;
    Ok(Vault::of_system(folder.join("keys"), "tenure keys"))
}

fn unknown(name: &str) -> Failure {
    Failure::Said(format!("no key is named `{name}`; `tenure keys list` shows them"))
}

fn stored(store: &dyn KeyStore, name: &str) -> Result<KeySet> {
    let text = store.read(name)?.ok_or_else(|| unknown(name))?;
    read(&text, name)
}

fn read(text: &Secret, name: &str) -> Result<KeySet> {
    KeySet::read(text.expose()).map_err(|error| Failure::Said(format!("{name}: {error}")))
}

/// Stores a key that can be read, and shows what it is.
fn keep(store: &dyn KeyStore, name: &str, key: &Secret, session: &mut Session<'_>) -> Result {
    let set = read(key, name)?;
    store.write(name, key)?;
    for skipped in set.skipped() {
        session.note(&format!("{name}: {skipped}"));
    }
    if session.json {
        session.document(&documents(name, &set))?;
        return Ok(Exit::Done);
    }
    for key in set.keys() {
        writeln!(session.out, "stored {name}: {}, kid {}", key.kind(), key.id())?;
    }
    Ok(Exit::Done)
}

fn documents(name: &str, set: &KeySet) -> Vec<serde_json::Value> {
    let document = |key: &Arc<Key>| {
        json!({
            "name": name,
            "kind": key.kind(),
            "kid": key.id(),
            "algorithms": key.algorithms().map(Algorithm::as_str).collect::<Vec<_>>(),
            "private": key.can_sign(),
            "thumbprint": key.thumbprint(),
        })
    };
    set.keys().iter().map(document).collect()
}

fn list(store: &dyn KeyStore, mut session: Session<'_>) -> Result {
    let (mut lines, mut all) = (Vec::new(), Vec::new());
    for name in store.names()? {
        let set = match stored(store, &name) {
            Ok(set) => set,
            // One that was damaged does not hide the others.
            Err(Failure::Said(sentence)) => {
                session.note(&sentence);
                continue;
            }
            Err(closed) => return Err(closed),
        };
        all.extend(documents(&name, &set));
        for key in set.keys() {
            let algorithms: Vec<_> = key.algorithms().map(Algorithm::as_str).collect();
            let half = if key.can_sign() { "signs" } else { "verifies" };
            lines.push(vec![
                name.clone(),
                key.kind(),
                algorithms.join(" "),
                half.to_owned(),
                key.id().to_owned(),
                store.place(&name).title().to_owned(),
            ]);
        }
    }
    if session.json {
        for document in all {
            writeln!(session.out, "{document}")?;
        }
    } else {
        table(session.out, &["NAME", "KIND", "ALGORITHMS", "USE", "KID", "KEPT"], &lines)?;
    }
    Ok(Exit::Done)
}

/// A JWKS (RFC 7517 §5).
#[derive(serde::Serialize)]
struct Jwks {
    keys: Vec<PublicJwk>,
}

fn show(set: &KeySet, mut session: Session<'_>) -> Result {
    if session.json {
        session.document(&Jwks { keys: set.public_jwks().collect() })?;
        return Ok(Exit::Done);
    }
    for key in set.keys() {
        let algorithms: Vec<_> = key.algorithms().map(Algorithm::as_str).collect();
        let public = key.public_jwk().and_then(|jwk| serde_json::to_string(&jwk).ok());
        let lines = [
            ("Kind", key.kind()),
            ("Kid", key.id().to_owned()),
            ("Thumbprint", key.thumbprint().to_owned()),
            ("Algorithms", algorithms.join(", ")),
            ("Use", if key.can_sign() { "signs and verifies" } else { "verifies" }.to_owned()),
            ("Public", public.unwrap_or_else(|| "a shared secret has no public half".to_owned())),
        ];
        super::table::card(session.out, &lines)?;
    }
    Ok(Exit::Done)
}

fn export(store: &dyn KeyStore, names: &[String], mut session: Session<'_>) -> Result {
    let names = if names.is_empty() { store.names()? } else { names.to_vec() };
    let mut keys = Vec::new();
    for name in &names {
        let set = stored(store, name)?;
        if set.public_jwks().next().is_none() {
            session.note(&format!("{name} is a shared secret and is left out: it has no public half"));
        }
        keys.extend(set.public_jwks());
    }
    session.document(&Jwks { keys })?;
    Ok(Exit::Done)
}

fn export_private(store: &dyn KeyStore, names: &[String], session: Session<'_>) -> Result {
    let [name] = names else {
        return Err(Failure::Said("--private prints one key; name it".into()));
    };
    let key = store.read(name)?.ok_or_else(|| unknown(name))?;
    session.out.write_all(key.expose())?;
    Ok(Exit::Done)
}

/// The keys that `--key` or `--jwks` names: a file, `-` for standard input, or a stored key.
pub(super) fn named(argument: &Path, session: &mut Session<'_>) -> Result<KeySet> {
    let name = argument.to_string_lossy();
    if argument != Path::new("-")
        && !argument.exists()
        && let Ok(Some(text)) = store()?.read(&name)
    {
        return read(&text, &name);
    }
    let text = bytes_of(argument, session).map_err(|error| match error {
        Failure::Said(sentence) => Failure::Said(format!("{sentence}, or a key of `tenure keys list`")),
        closed => closed,
    })?;
    read(&text, &name)
}

/// The keys that a command verifies with.
#[derive(Debug, clap::Args)]
pub(super) struct Given {
    /// Verify with this key: a PEM or JWK file, `-`, or the name of a stored key
    #[arg(long, value_name = "FILE", group = "keys")]
    key: Option<PathBuf>,
    /// Verify with the keys of this JWKS file
    #[arg(long, value_name = "FILE", group = "keys")]
    jwks: Option<PathBuf>,
    /// Verify with the keys behind this address, which is fetched: https, or http of this machine
    #[arg(long, value_name = "URL", group = "keys")]
    jwks_url: Option<String>,
}

impl Given {
    /// Reads them, where any are given; what in them cannot be used is told. `other` is what else may come from standard
    /// input, and where that does, `taken`.
    pub fn read(&self, (other, taken): (&str, bool), session: &mut Session<'_>) -> Result<Option<KeySet>> {
        let keys = match (&self.jwks_url, self.key.as_deref().or(self.jwks.as_deref())) {
            (Some(url), _) => fetch_keys(url, &Stop::of_terminal())?,
            (None, Some(file)) if file == Path::new("-") && taken => {
                let sentence = format!("the {other} and the key cannot both come from standard input");
                return Err(Failure::Said(sentence));
            }
            (None, Some(file)) => named(file, session)?,
            (None, None) => return Ok(None),
        };
        for skipped in keys.skipped() {
            session.note(skipped);
        }
        Ok(Some(keys))
    }
}

/// The keys that sign samples: those that `--key` names, else the service's, else the only ones that are stored.
pub(super) fn signing(
    argument: Option<&Path>,
    service: Option<&str>,
    session: &mut Session<'_>,
) -> Result<KeySet> {
    if let Some(argument) = argument {
        return named(argument, session);
    }
    let store = store()?;
    let names = store.names()?;
    if let Some(wanted) = service {
        for name in &names {
            let set = stored(&store, name)?;
            if name == wanted || set.keys().iter().any(|key| key.id() == wanted) {
                return Ok(set);
            }
        }
        return Err(Failure::Said(format!(
            "the service signs samples with the key `{wanted}`, which is not stored here; name one with --key"
        )));
    }
    match names.as_slice() {
        [only] => stored(&store, only),
        [] => Err(Failure::Said(
            "there is no key to sign with; make one with `tenure keys generate samples`, or name one with --key".into(),
        )),
        several => Err(Failure::Said(format!(
            "there are several keys ({}); name one with --key, or set the service's signing key",
            several.join(", ")
        ))),
    }
}

/// What stands in a file, or comes from standard input.
pub(super) fn bytes_of(file: &Path, session: &mut Session<'_>) -> Result<Secret> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        session.input.read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::File::open(file).and_then(|mut opened| opened.read_to_end(&mut bytes).map(|_| ()))
    };
    let bytes = Secret::new(bytes);
    read.map(|()| bytes).map_err(|error| {
        Failure::Said(format!("`{}` cannot be read ({error}); name a file, or `-`", file.display()))
    })
}
