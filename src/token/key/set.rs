//! Several keys that belong together, and how a token finds its own.

use super::error::KeyError;
use super::jwk::Jwk;
use super::{Key, PublicJwk, pem};
use crate::token::json::{Object, located};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::sync::Arc;

/// Keys from one source: a PEM text, a JWK or a JWKS.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: Vec<Arc<Key>>,
    skipped: Vec<String>,
}

#[derive(Deserialize)]
struct Jwks<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// By what a token would find a key.
#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Name {
    kid: Option<String>,
    kty: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
}

impl KeySet {
    /// Reads PEM, a JWK or a JWKS. In a JWKS a key that is of another kind, or not for signatures, is skipped
    /// (RFC 7517 §5) and [told](Self::skipped); alone it is an error.
    ///
    /// # Errors
    /// [`KeyError`] where there is no key, or the set could be misunderstood: two keys of one `kid`, shared secrets
    /// beside public keys.
    pub fn read(text: &[u8]) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(text).map_err(|_| KeyError::NoKey)?;
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        if trimmed.contains("-----BEGIN ") {
            return Self::of(pem::keys(trimmed)?, Vec::new());
        }
        if !trimmed.starts_with('{') {
            return Err(KeyError::NoKey);
        }
        let object = Object::parse(trimmed).map_err(|error| KeyError::Json(error.to_string()))?;
        if let Some(twice) = object.duplicates().first() {
            return Err(KeyError::Json(format!("the member `{twice}` stands twice")));
        }
        if object.get("keys").is_none() {
            return Self::of(vec![key(trimmed)?], Vec::new());
        }
        let set: Jwks<'_> = serde_json::from_str(trimmed)
            .map_err(|error| KeyError::Json(located(trimmed, &error).to_string()))?;
        // Also of keys that cannot be used: which one was meant is not to be guessed.
        let mut names = HashSet::new();
        for name in set.keys.iter().filter_map(|text| serde_json::from_str::<Name>(text.get()).ok()) {
            if let Some(id) = name.kid.clone()
                && !names.insert(name)
            {
                return Err(KeyError::DuplicateId(id));
            }
        }
        let (mut keys, mut skipped) = (Vec::new(), Vec::new());
        for (place, text) in set.keys.iter().enumerate() {
            match key(text.get()) {
                Ok(key) => keys.push(key),
                Err(error) => skipped.push(format!("keys[{place}]: {error}")),
            }
        }
        Self::of(keys, skipped)
    }

    /// A set of these keys, which is neither empty nor mixed.
    fn of(keys: Vec<Key>, skipped: Vec<String>) -> Result<Self, KeyError> {
        if keys.is_empty() {
            let why = skipped.first().map(|first| format!(" ({first})")).unwrap_or_default();
            return Err(KeyError::Empty(why));
        }
        let shared = keys.iter().filter(|key| key.is_symmetric()).count();
        if shared > 0 && shared < keys.len() {
            return Err(KeyError::Mixed);
        }
        Ok(Self { keys: keys.into_iter().map(Arc::new).collect(), skipped })
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[Arc<Key>] {
        &self.keys
    }

    /// What stands in the set and cannot be used here, a sentence each.
    #[must_use]
    pub fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// The keys that a token may be signed by: those of its `kid`, and those that carry none and so answer to any.
    pub fn candidates<'k>(&'k self, kid: Option<&'k str>) -> impl Iterator<Item = &'k Arc<Key>> {
        self.keys.iter().filter(move |key| {
            kid.is_none_or(|kid| key.stated_id().is_none_or(|id| id == kid) || key.thumbprint() == kid)
        })
    }

    /// The public halves, for a JWKS.
    pub fn public_jwks(&self) -> impl Iterator<Item = PublicJwk> {
        self.keys.iter().filter_map(|key| key.public_jwk())
    }
}

fn key(text: &str) -> Result<Key, KeyError> {
    let jwk: Jwk =
        serde_json::from_str(text).map_err(|error| KeyError::Json(located(text, &error).to_string()))?;
    jwk.key()
}
