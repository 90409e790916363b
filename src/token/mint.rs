//! A sample token from a granted decision (SPEC §4, RFC 9068 §2), marked so that it can never pass for a real one.

use super::algorithm::Algorithm;
use super::base64url;
use super::key::{Key, KeyError};
use crate::policy::{Decision, Outcome};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use std::str::FromStr;

/// Whose way of writing tokens is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// RFC 9068.
    #[default]
    Rfc9068,
    /// Auth0's default profile: `typ: JWT`, `sub: CLIENT_ID@clients`, `azp` and `gty`.
    Auth0,
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "rfc9068" => Ok(Self::Rfc9068),
            "auth0" => Ok(Self::Auth0),
            _ => Err(format!("`{text}` is not a dialect; use rfc9068 or auth0")),
        }
    }
}

/// What a sample is minted from.
#[derive(Debug)]
pub struct Sample<'s> {
    /// The service's issuer.
    pub issuer: &'s str,
    /// The decision, which has to be a grant.
    pub decision: &'s Decision<'s>,
    /// The key that signs.
    pub key: &'s Key,
    /// The algorithm; without one, the first that the key allows.
    pub algorithm: Option<Algorithm>,
    /// How it is written.
    pub dialect: Dialect,
    /// Claims that the person adds.
    pub claims: &'s [(String, Value)],
    /// Whether those may replace the token's own, for a test.
    pub replace: bool,
    /// The `jti`, as [`token_id`] makes it.
    pub id: &'s str,
}

/// A sample token.
#[derive(Debug, Clone)]
pub struct Minted {
    /// The token.
    pub token: String,
    /// The algorithm that signed it.
    pub algorithm: Algorithm,
    /// Its own claims that the person replaced.
    pub replaced: Vec<String>,
}

/// Why no sample was minted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// The policy denies.
    #[error("the policy denies this token, so that none is minted: {reason}, {message}")]
    Denied {
        /// The reason's word.
        reason: &'static str,
        /// The denial's sentence.
        message: String,
    },
    /// A claim that only a test may replace.
    #[error("`{0}` is set by the token itself; replace it for a test with --replace")]
    Own(String),
    /// The claim that marks a sample.
    #[error("`{SAMPLE}` marks every sample and cannot be replaced")]
    Mark,
    /// One claim, two values.
    #[error("the claim `{0}` is given twice")]
    Twice(String),
    /// The key does not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The system has no randomness.
    #[error("the system gave no randomness for `jti`; try again")]
    NoRandomness,
}

/// The claim that every sample carries.
pub const SAMPLE: &str = "tenure_sample";

impl Dialect {
    const fn own(self) -> &'static [&'static str] {
        match self {
            Self::Rfc9068 => &["iss", "sub", "client_id", "aud", "iat", "exp", "jti", "scope"],
            Self::Auth0 => &["iss", "sub", "aud", "iat", "exp", "scope", "gty", "azp"],
        }
    }
}

/// A new `jti`: a random UUID.
///
/// # Errors
/// [`MintError::NoRandomness`].
pub fn token_id() -> Result<String, MintError> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| MintError::NoRandomness)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// Mints a sample token.
///
/// # Errors
/// [`MintError`] where the policy denies, a claim may not be set, or the key does not sign.
pub fn mint(sample: &Sample<'_>) -> Result<Minted, MintError> {
    let body = Body::new(sample)?;
    let algorithm = match sample.algorithm.or_else(|| sample.key.algorithms().next()) {
        Some(algorithm) => algorithm,
        None => return Err(KeyError::NotForSigning.into()),
    };
    let header = Header {
        typ: if sample.dialect == Dialect::Auth0 { "JWT" } else { "at+jwt" },
        alg: algorithm.as_str(),
        kid: sample.key.id(),
    };
    let mut token = String::with_capacity(1024);
    base64url::encode_onto(&json(&header), &mut token);
    token.push('.');
    base64url::encode_onto(&json(&body), &mut token);
    let signature = sample.key.sign(algorithm, token.as_bytes())?;
    token.push('.');
    base64url::encode_onto(&signature, &mut token);
    let replaced = sample.claims.iter().map(|(name, _)| name).filter(|name| body.owns(name)).cloned();
    Ok(Minted { token, algorithm, replaced: replaced.collect() })
}

/// Texts, numbers and JSON values are always JSON.
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[derive(Serialize)]
struct Header<'h> {
    typ: &'static str,
    alg: &'static str,
    kid: &'h str,
}

/// The claims of a sample.
struct Body<'b> {
    sample: &'b Sample<'b>,
    exp: i64,
}

impl<'b> Body<'b> {
    fn new(sample: &'b Sample<'b>) -> Result<Self, MintError> {
        let granted = match &sample.decision.outcome {
            Outcome::Granted(granted) => granted,
            Outcome::Denied(denied) => {
                let (reason, message) = (denied.reason.as_str(), denied.message.clone());
                return Err(MintError::Denied { reason, message });
            }
        };
        let body = Self { sample, exp: granted.expires_at.seconds() };
        for (place, (name, _)) in sample.claims.iter().enumerate() {
            if name == SAMPLE {
                return Err(MintError::Mark);
            }
            if body.owns(name) && !sample.replace {
                return Err(MintError::Own(name.clone()));
            }
            if sample.claims.iter().skip(place + 1).any(|(other, _)| other == name) {
                return Err(MintError::Twice(name.clone()));
            }
        }
        Ok(body)
    }

    fn owns(&self, name: &str) -> bool {
        self.sample.dialect.own().contains(&name)
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Sample { issuer, decision, claims, .. } = self.sample;
        let mut map = serializer.serialize_map(None)?;
        for name in self.sample.dialect.own() {
            if claims.iter().any(|(custom, _)| custom == name) {
                continue;
            }
            match (*name, self.sample.dialect) {
                ("iss", _) => map.serialize_entry(name, issuer)?,
                ("sub", Dialect::Auth0) => {
                    map.serialize_entry(name, &format_args!("{}@clients", decision.client_id))?;
                }
                ("sub" | "client_id" | "azp", _) => map.serialize_entry(name, decision.client_id)?,
                ("aud", _) => map.serialize_entry(name, decision.audience)?,
                ("iat", _) => map.serialize_entry(name, &decision.issued_at.seconds())?,
                ("exp", _) => map.serialize_entry(name, &self.exp)?,
                ("jti", _) => map.serialize_entry(name, self.sample.id)?,
                ("gty", _) => map.serialize_entry(name, "client-credentials")?,
                // A token without scopes has no `scope` (RFC 9068 §2.2.3).
                _ if decision.scopes.is_empty() => {}
                _ => map.serialize_entry(name, &decision.scopes.join(" "))?,
            }
        }
        map.serialize_entry(SAMPLE, &true)?;
        for (name, value) in *claims {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
