//! The token bench beside the window: keys in their folder, samples minted.

use crate::app::{KeyTask, Message, MintQuestion, MintedToken, StoredKey};
use crate::export;
use crate::policy::decide;
use crate::store::KeyStore;
use crate::token::{self, Key, KeySet, Sample, Secret};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// Does something with keys.
#[must_use]
pub fn keys(folder: &dyn KeyStore, task: KeyTask) -> Message {
    let done = match task {
        KeyTask::List => Ok(()),
        KeyTask::Generate(name, kind) => token::generate(kind)
            .map_err(|error| error.to_string())
            .and_then(|key| folder.write(&name, &key).map_err(|error| error.to_string())),
        KeyTask::Import(name, path) => import(folder, &name, &path),
        KeyTask::Delete(name) => folder.remove(&name).map(|_| ()).map_err(|error| error.to_string()),
        KeyTask::ExportPublic(path) => {
            return Message::Written(export_public(folder, &path).map(|()| path));
        }
        KeyTask::Read(path) => {
            let set = secret(&path).and_then(|text| KeySet::read(text.expose()).map_err(|e| e.to_string()));
            return Message::KeysRead(path, set);
        }
    };
    match done {
        Ok(()) => Message::KeysListed(list(folder)),
        Err(error) => Message::KeyRefused(error),
    }
}

fn list(folder: &dyn KeyStore) -> Result<Vec<StoredKey>, String> {
    let names = folder.names().map_err(|error| error.to_string())?;
    names
        .into_iter()
        .map(|name| {
            stored(folder, &name).map(|set| StoredKey { place: folder.place(&name).title(), name, set })
        })
        .collect()
}

fn stored(folder: &dyn KeyStore, name: &str) -> Result<KeySet, String> {
    let text = folder.read(name).map_err(|error| error.to_string())?;
    let text = text.ok_or_else(|| format!("no key is named `{name}`; make one under Keys"))?;
    KeySet::read(text.expose()).map_err(|error| format!("{name}: {error}"))
}

fn secret(path: &Path) -> Result<Secret, String> {
    let said = |error| format!("`{}` cannot be read ({error}); check the path", path.display());
    std::fs::read(path).map(Secret::new).map_err(said)
}

fn import(folder: &dyn KeyStore, name: &str, path: &Path) -> Result<(), String> {
    let key = secret(path)?;
    KeySet::read(key.expose()).map_err(|error| format!("{}: {error}", path.display()))?;
    folder.write(name, &key).map_err(|error| error.to_string())
}

fn export_public(folder: &dyn KeyStore, path: &Path) -> Result<(), String> {
    let keys: Vec<_> = list(folder)?.iter().flat_map(|stored| stored.set.public_jwks()).collect();
    let text = serde_json::to_string_pretty(&json!({ "keys": keys })).unwrap_or_default();
    export::write_file(path, format!("{text}\n").as_bytes()).map_err(|error| error.to_string())
}

/// Mints a sample.
#[must_use]
pub fn mint(folder: &dyn KeyStore, question: &MintQuestion) -> Message {
    Message::Minted(minted(folder, question))
}

fn minted(folder: &dyn KeyStore, question: &MintQuestion) -> Result<MintedToken, String> {
    let MintQuestion { policy, request, form, claims } = question;
    let service = &policy.registry().service;
    let decision = decide(policy, request);
    if let crate::policy::Outcome::Denied(denied) = &decision.outcome {
        return Err(format!("no token is minted: {}, {}", denied.reason, denied.message));
    }
    let stored = signing(folder, form.key.as_deref(), service.signing_key.as_deref())?;
    let fits =
        |key: &&Arc<Key>| key.can_sign() && form.algorithm.is_none_or(|algorithm| key.allows(algorithm));
    let key = stored.set.keys().iter().find(fits).or(stored.set.keys().first());
    let key = key.ok_or_else(|| format!("`{}` holds no key", stored.name))?;
    let id = token::token_id().map_err(|error| error.to_string())?;
    let minted = token::mint(&Sample {
        issuer: &service.issuer,
        decision: &decision,
        key,
        algorithm: form.algorithm,
        dialect: form.dialect,
        claims,
        replace: form.replace,
        id: &id,
    })
    .map_err(|error| error.to_string())?;
    let signed_by = format!("{}, {}, kid {}", stored.name, minted.algorithm.as_str(), key.id());
    Ok(MintedToken { token: minted.token, signed_by, replaced: minted.replaced })
}

/// The key that is chosen, else the service's, else the only one that is kept.
fn signing(folder: &dyn KeyStore, chosen: Option<&str>, service: Option<&str>) -> Result<StoredKey, String> {
    let mut keys = list(folder)?;
    let named = |keys: &[StoredKey], wanted: &str| {
        let is = |stored: &StoredKey| {
            stored.name == wanted || stored.set.keys().iter().any(|key| key.id() == wanted)
        };
        keys.iter().position(is)
    };
    let place = match chosen.or(service) {
        Some(wanted) => named(&keys, wanted).ok_or_else(|| {
            format!("the key `{wanted}` is not kept here; choose another, or import it under Keys")
        })?,
        None if keys.is_empty() => return Err("there is no key to sign with; make one under Keys".to_owned()),
        None if keys.len() == 1 => 0,
        None => return Err("there are several keys; choose the one that signs".to_owned()),
    };
    Ok(keys.swap_remove(place))
}
