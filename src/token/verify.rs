//! Whether a token is signed by a key, and whether its claims are what a resource server expects (RFC 8725, 9068 §4).
//!
//! Which algorithms are allowed is the key's to say, never the token's; a key that the token brings is not looked at.

use super::algorithm::Algorithm;
use super::claims::Claims;
use super::decode::Decoded;
use super::key::{Key, KeySet};
use crate::registry::Instant;
use serde::Serialize;
use std::sync::Arc;

/// What is known about a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureState {
    /// No key was given.
    NotChecked,
    /// It is the key's.
    Valid,
    /// It is not.
    Invalid,
    /// No key of the set is the token's.
    KeyUnknown,
    /// No key can check this algorithm.
    UnsupportedAlg,
}

impl SignatureState {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotChecked => "not_checked",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::KeyUnknown => "key_unknown",
            Self::UnsupportedAlg => "unsupported_alg",
        }
    }

    /// The words in the window and in text.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NotChecked => "not checked",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::KeyUnknown => "key unknown",
            Self::UnsupportedAlg => "unsupported alg",
        }
    }
}

/// The outcome of looking at a signature.
#[derive(Debug, Clone)]
pub struct Verification {
    /// In a word.
    pub state: SignatureState,
    /// The key that made it.
    pub key: Option<Arc<Key>>,
    /// Why it is not valid, in a sentence.
    pub why: Option<String>,
}

impl Verification {
    /// Nothing was checked.
    pub const NOT_CHECKED: Self = Self { state: SignatureState::NotChecked, key: None, why: None };

    fn failed(state: SignatureState, why: String) -> Self {
        Self { state, key: None, why: Some(why) }
    }
}

/// Looks for the key that signed a token.
#[must_use]
pub fn verify_signature(decoded: &Decoded, keys: &KeySet) -> Verification {
    use SignatureState::{Invalid, KeyUnknown, UnsupportedAlg, Valid};
    let failed = Verification::failed;
    let name = decoded.alg().unwrap_or_default();
    if decoded.is_encrypted() {
        return failed(UnsupportedAlg, "the token is encrypted, not signed".to_owned());
    }
    let Some(algorithm) = Algorithm::named(&name) else {
        return failed(UnsupportedAlg, format!("`alg` is `{name}`, which is not verified here"));
    };
    if decoded.header().get("crit").is_some() {
        return failed(
            Invalid,
            "`crit` demands extensions that are not known here (RFC 7515 §4.1.11)".to_owned(),
        );
    }
    let kid = decoded.kid();
    let candidates: Vec<_> = keys.candidates(kid.as_deref()).collect();
    let mut willing = candidates.iter().filter(|key| key.allows(algorithm) && key.can_verify()).peekable();
    if willing.peek().is_none() {
        return match (candidates.as_slice(), &kid) {
            ([key], _) if !key.can_verify() => {
                failed(Invalid, format!("the key `{}` may not verify: its `key_ops` say so", key.id()))
            }
            ([key], _) => failed(
                Invalid,
                format!("the key `{}` is {} and does not allow `{name}`", key.id(), key.kind()),
            ),
            ([], Some(kid)) => failed(KeyUnknown, format!("no key here has the `kid` `{kid}`")),
            _ => failed(KeyUnknown, format!("no key here allows `{name}`")),
        };
    }
    let signer = willing.find(|key| key.verifies(algorithm, decoded.signing_input(), decoded.signature()));
    match signer {
        Some(key) => Verification { state: Valid, key: Some(Arc::clone(key)), why: None },
        None => failed(
            Invalid,
            "the signature is not this key's: another key signed, or the token was changed".to_owned(),
        ),
    }
}

/// What a resource server expects of a token's claims.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'e> {
    /// The instant to judge by.
    pub at: Instant,
    /// How many seconds clocks may differ.
    pub leeway: i64,
    /// Whether the instants and the type are checked.
    pub strict: bool,
    /// Who has to be the issuer.
    pub issuer: Option<&'e str>,
    /// Who has to be among the audiences.
    pub audience: Option<&'e str>,
}

/// A claim that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Which one.
    pub claim: &'static str,
    /// A sentence.
    pub message: String,
}

/// The claims that are not as expected; none where all are.
#[must_use]
pub fn verify_claims(decoded: &Decoded, expected: &Expected<'_>) -> Vec<Failed> {
    let mut failed = Vec::new();
    let mut fail = |claim, message: String| failed.push(Failed { claim, message });
    let claims = decoded.claims().map(Claims);
    let date = |name| claims.and_then(|claims| claims.date(name));
    let at = expected.at.seconds();
    if expected.strict {
        match date("exp") {
            None => fail("exp", "there is no `exp` that can be read".to_owned()),
            Some(exp) if at >= exp.ceiling().saturating_add(expected.leeway) => {
                fail("exp", format!("the token has expired at {}", expected.at));
            }
            Some(_) => {}
        }
        if date("nbf").is_some_and(|nbf| at < nbf.ceiling().saturating_sub(expected.leeway)) {
            fail("nbf", format!("the token is not yet valid at {}", expected.at));
        }
        if date("iat").is_some_and(|iat| at < iat.ceiling().saturating_sub(expected.leeway)) {
            fail("iat", format!("the token is issued after {}", expected.at));
        }
        if let Some(typ) = decoded.header().text("typ").filter(|typ| !is_access_token(typ)) {
            fail("typ", format!("`typ` is `{typ}`, which is no access token"));
        }
    }
    let issuer = claims.and_then(|claims| claims.issuer());
    if let Some(wanted) = expected.issuer.filter(|wanted| issuer.as_deref() != Some(wanted)) {
        fail("iss", format!("`iss` is {}, not `{wanted}`", or_missing(issuer.as_deref())));
    }
    let audiences = claims.map(|claims| claims.audiences()).unwrap_or_default();
    if let Some(wanted) = expected.audience.filter(|wanted| !audiences.iter().any(|aud| aud == wanted)) {
        let found = Some(audiences.join("`, `")).filter(|found| !found.is_empty());
        fail("aud", format!("`aud` is {}, not `{wanted}`", or_missing(found.as_deref())));
    }
    failed
}

/// RFC 9068 §4 wants `at+jwt`; older servers write `JWT` or nothing. Other types are other kinds of token (RFC 8725 §3.11).
fn is_access_token(typ: &str) -> bool {
    ["at+jwt", "application/at+jwt", "JWT"].iter().any(|known| typ.eq_ignore_ascii_case(known))
}

fn or_missing(value: Option<&str>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| format!("`{value}`"))
}
