//! The numbers of a key, ready for the cipher's library.

use super::error::KeyError;
use super::{Key, Signer, Stated, Verifier, rsa};
use crate::token::algorithm::Algorithm;
use crate::token::base64url;
use crate::token::secret::Secret;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair,
    ParsedPublicKey, RsaKeyPair, RsaParameters, RsaPublicKeyComponents,
};
use aws_lc_rs::{digest, error::KeyRejected, hmac};

/// What a key shows to everybody.
#[derive(Debug, Clone)]
pub(super) enum Public {
    /// A shared secret shows nothing but its length.
    Shared { bits: usize },
    /// Modulus and exponent.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// A point.
    Ec { curve: Curve, x: Vec<u8>, y: Vec<u8> },
    /// A compressed point.
    Ed25519 { x: Vec<u8> },
}

impl Public {
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Shared { bits } => format!("shared secret of {bits} bits"),
            Self::Rsa { n, .. } => format!("RSA {}", rsa::bits(n)),
            Self::Ec { curve, .. } => curve.name().to_owned(),
            Self::Ed25519 { .. } => "Ed25519".to_owned(),
        }
    }

    /// RFC 7638 §3: the required members alone, in the order of their names, without white space.
    fn thumbprint(&self) -> String {
        let b64 = base64url::encode;
        hash(&match self {
            Self::Shared { .. } => String::new(),
            Self::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, b64(e), b64(n)),
            Self::Ec { curve, x, y } => {
                format!(r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#, curve.name(), b64(x), b64(y))
            }
            Self::Ed25519 { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, b64(x)),
        })
    }
}

fn hash(text: &str) -> String {
    base64url::encode(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// A curve of ECDSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P256,
    P384,
}

impl Curve {
    pub(super) const ALL: [Self; 2] = [Self::P256, Self::P384];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Bytes of a coordinate.
    pub(super) const fn size(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    const fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::Es256,
            Self::P384 => Algorithm::Es384,
        }
    }

    pub(super) const fn signing(self) -> &'static EcdsaSigningAlgorithm {
        match self {
            Self::P256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
            Self::P384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        }
    }

    pub(super) const fn verifying(self) -> &'static EcdsaVerificationAlgorithm {
        match self {
            Self::P256 => &signature::ECDSA_P256_SHA256_FIXED,
            Self::P384 => &signature::ECDSA_P384_SHA384_FIXED,
        }
    }
}

/// The library's word for what it does not take.
pub(super) fn refused(rejected: KeyRejected) -> KeyError {
    match rejected.to_string().as_str() {
        "TooSmall" | "TooLarge" => KeyError::RsaRange,
        word => KeyError::Refused(word.to_owned()),
    }
}

/// A shared secret; the digest of an algorithm must not be longer than it (RFC 7518 §3.2).
pub(super) fn shared(secret: &Secret, stated: Stated) -> Result<Key, KeyError> {
    let bytes = secret.expose();
    let sizes = [
        (Algorithm::Hs256, hmac::HMAC_SHA256, 32),
        (Algorithm::Hs384, hmac::HMAC_SHA384, 48),
        (Algorithm::Hs512, hmac::HMAC_SHA512, 64),
    ];
    let wanted = stated.algorithm.unwrap_or(Algorithm::Hs256);
    if let Some((algorithm, _, size)) = sizes.iter().find(|(a, _, size)| *a == wanted && bytes.len() < *size)
    {
        let (bits, algorithm, needed) = (bytes.len() * 8, algorithm.as_str(), size * 8);
        return Err(KeyError::ShortSecret { bits, algorithm, needed });
    }
    let long_enough = sizes.into_iter().filter(|(_, _, size)| bytes.len() >= *size);
    let verifiers = long_enough
        .map(|(algorithm, digest, _)| (algorithm, Verifier::Shared(Box::new(hmac::Key::new(digest, bytes)))));
    let text = Secret::new(format!(r#"{{"k":"{}","kty":"oct"}}"#, base64url::encode(bytes)));
    let thumbprint = hash(std::str::from_utf8(text.expose()).unwrap_or_default());
    let public = Public::Shared { bits: bytes.len() * 8 };
    Key::new(public, thumbprint, stated, verifiers.collect(), Some(Signer::Shared))
}

fn rsa_verifier(algorithm: Algorithm) -> &'static RsaParameters {
    match algorithm {
        Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        _ => &signature::RSA_PKCS1_2048_8192_SHA256,
    }
}

/// An RSA key of these public numbers.
pub(super) fn rsa_public(
    n: Vec<u8>,
    e: Vec<u8>,
    stated: Stated,
    pair: Option<RsaKeyPair>,
) -> Result<Key, KeyError> {
    rsa::check(&n, &e)?;
    let components = RsaPublicKeyComponents { n: n.as_slice(), e: e.as_slice() };
    let verifiers = Algorithm::RSA.into_iter().map(|algorithm| {
        let key = components.to_parsed_public_key(rsa_verifier(algorithm)).map_err(refused)?;
        Ok((algorithm, Verifier::Public(key)))
    });
    let verifiers = verifiers.collect::<Result<_, KeyError>>()?;
    let public = Public::Rsa { n, e };
    Key::new(public.clone(), public.thumbprint(), stated, verifiers, pair.map(Signer::Rsa))
}

/// An RSA key pair.
pub(super) fn rsa_pair(pair: RsaKeyPair, stated: Stated) -> Result<Key, KeyError> {
    let public = pair.public_key();
    let n = public.modulus().big_endian_without_leading_zero().to_vec();
    let e = public.exponent().big_endian_without_leading_zero().to_vec();
    rsa_public(n, e, stated, Some(pair))
}

/// An ECDSA key of this point, which has to lie on its curve.
pub(super) fn ec_public(
    curve: Curve,
    point: &[u8],
    stated: Stated,
    pair: Option<EcdsaKeyPair>,
) -> Result<Key, KeyError> {
    let key = ParsedPublicKey::new(curve.verifying(), point).map_err(refused)?;
    let coordinates = point.get(1..).unwrap_or_default();
    let (x, y) = coordinates.split_at_checked(curve.size()).unwrap_or_default();
    let public = Public::Ec { curve, x: x.to_vec(), y: y.to_vec() };
    let verifiers = vec![(curve.algorithm(), Verifier::Public(key))];
    Key::new(public.clone(), public.thumbprint(), stated, verifiers, pair.map(Signer::Ec))
}

/// An ECDSA key pair.
pub(super) fn ec_pair(curve: Curve, pair: EcdsaKeyPair, stated: Stated) -> Result<Key, KeyError> {
    let point = pair.public_key().as_ref().to_vec();
    ec_public(curve, &point, stated, Some(pair))
}

/// An Ed25519 key of this compressed point.
pub(super) fn ed25519_public(
    x: &[u8],
    stated: Stated,
    pair: Option<Ed25519KeyPair>,
) -> Result<Key, KeyError> {
    let key = ParsedPublicKey::new(&signature::ED25519, x).map_err(refused)?;
    let public = Public::Ed25519 { x: x.to_vec() };
    let verifiers = vec![(Algorithm::EdDsa, Verifier::Public(key))];
    Key::new(public.clone(), public.thumbprint(), stated, verifiers, pair.map(Signer::Ed25519))
}

/// An Ed25519 key pair.
pub(super) fn ed25519_pair(pair: Ed25519KeyPair, stated: Stated) -> Result<Key, KeyError> {
    let x = pair.public_key().as_ref().to_vec();
    ed25519_public(&x, stated, Some(pair))
}
