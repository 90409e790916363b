//! New keys, in the form in which they are stored.

use super::error::KeyError;
use super::material::Curve;
use crate::token::algorithm::Algorithm;
use crate::token::base64url;
use crate::token::secret::Secret;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use pem_rfc7468::LineEnding;
use std::fmt;
use std::str::FromStr;

/// The kinds of key that can be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Ed25519, for `EdDSA`: small and quick.
    Ed25519,
    /// P-256, for `ES256`.
    P256,
    /// P-384, for `ES384`.
    P384,
    /// RSA of 2048 bits, for `RS…` and `PS…`.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
    /// 32 random bytes, for `HS256`.
    Hs256,
    /// 48 random bytes, for `HS384`.
    Hs384,
    /// 64 random bytes, for `HS512`.
    Hs512,
}

impl KeyKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Ed25519,
        Self::P256,
        Self::P384,
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
    ];

    /// The name in its field's spelling, to be read.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::Rsa2048 => "RSA 2048",
            Self::Rsa3072 => "RSA 3072",
            Self::Rsa4096 => "RSA 4096",
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
            Self::Hs256 => "hs256",
            Self::Hs384 => "hs384",
            Self::Hs512 => "hs512",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text.to_ascii_lowercase()).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("`{text}` is not a kind of key; use one of {names}")
        })
    }
}

/// Makes a key: PKCS#8 PEM, or for a shared secret a JWK. [`KeySet::read`](super::KeySet::read) reads it.
///
/// # Errors
/// [`KeyError`] where the system has no randomness.
pub fn generate(kind: KeyKind) -> Result<Secret, KeyError> {
    let failed = |_| KeyError::Refused("the system gave no randomness".to_owned());
    let rsa = |size| -> Result<Secret, KeyError> {
        let pair = RsaKeyPair::generate(size).map_err(failed)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
        pem(der.as_ref())
    };
    let ec = |curve: Curve| -> Result<Secret, KeyError> {
        let pair = EcdsaKeyPair::generate(curve.signing()).map_err(failed)?;
        pem(pair.to_pkcs8v1().map_err(failed)?.as_ref())
    };
    let shared = |size: usize, algorithm: Algorithm| -> Result<Secret, KeyError> {
        let mut bytes = Secret::new(vec![0; size]);
        aws_lc_rs::rand::fill(bytes.expose_mut()).map_err(failed)?;
        let text = Secret::new(base64url::encode(bytes.expose()));
        let text = std::str::from_utf8(text.expose()).unwrap_or_default();
        Ok(Secret::new(format!("{{\"kty\":\"oct\",\"alg\":\"{algorithm}\",\"k\":\"{text}\"}}\n")))
    };
    match kind {
        KeyKind::Ed25519 => {
            pem(Ed25519KeyPair::generate().and_then(|pair| pair.to_pkcs8v1()).map_err(failed)?.as_ref())
        }
        KeyKind::P256 => ec(Curve::P256),
        KeyKind::P384 => ec(Curve::P384),
        KeyKind::Rsa2048 => rsa(KeySize::Rsa2048),
        KeyKind::Rsa3072 => rsa(KeySize::Rsa3072),
        KeyKind::Rsa4096 => rsa(KeySize::Rsa4096),
        KeyKind::Hs256 => shared(32, Algorithm::Hs256),
        KeyKind::Hs384 => shared(48, Algorithm::Hs384),
        KeyKind::Hs512 => shared(64, Algorithm::Hs512),
    }
}

fn pem(der: &[u8]) -> Result<Secret, KeyError> {
    pem_rfc7468::encode_string("PRIVATE KEY", LineEnding::LF, der)
        .map(Secret::new)
        .map_err(|error| KeyError::Refused(error.to_string()))
}
