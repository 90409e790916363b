//! Keys as PEM: PKCS#1, PKCS#8, SEC 1 and SPKI.

use super::error::KeyError;
use super::material::{self, Curve, refused};
use super::{Key, Stated};
use crate::token::secret::Secret;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::PublicKey as RsaPublicKey;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, RsaKeyPair};

/// Every key of a PEM text. Words around the blocks are allowed, as OpenSSL writes them.
pub(super) fn keys(text: &str) -> Result<Vec<Key>, KeyError> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("-----BEGIN ") {
        rest = rest.get(start..).unwrap_or_default();
        let label = label(rest);
        let end = format!("-----END {label}-----");
        let length = rest.find(&end).map(|at| at + end.len()).ok_or_else(|| KeyError::Pem {
            label: label.to_owned(),
            problem: format!("its `{end}` is missing"),
        })?;
        let (block, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        // OpenSSL writes the curve's parameters before the key, which names its curve again.
        if label != "EC PARAMETERS" {
            keys.push(key(label, block)?);
        }
    }
    Ok(keys)
}

fn label(block: &str) -> &str {
    let label = block.strip_prefix("-----BEGIN ").and_then(|after| after.split_once("-----"));
    label.map_or("", |(label, _)| label)
}

fn key(label: &str, block: &str) -> Result<Key, KeyError> {
    match label {
        "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Encrypted),
        "CERTIFICATE" | "TRUSTED CERTIFICATE" => return Err(KeyError::Certificate),
        _ if block.contains("ENCRYPTED") => return Err(KeyError::Encrypted),
        _ => {}
    }
    let der = der(label, block)?;
    match label {
        "PRIVATE KEY" => pkcs8(der.expose()),
        "RSA PRIVATE KEY" => {
            material::rsa_pair(RsaKeyPair::from_der(der.expose()).map_err(refused)?, Stated::default())
        }
        "EC PRIVATE KEY" => ec_private(der.expose()),
        "PUBLIC KEY" => spki(der.expose()),
        "RSA PUBLIC KEY" => rsa_public(der.expose()),
        _ => Err(KeyError::Kind(format!("the PEM block `{label}`"))),
    }
}

/// The bytes of a block. Its lines may have any length, and spaces around them, as after a copy from a terminal.
fn der(label: &str, block: &str) -> Result<Secret, KeyError> {
    let problem = |what: &str| KeyError::Pem { label: label.to_owned(), problem: what.to_owned() };
    let lines: Vec<&str> = block.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let [first, body @ .., last] = lines.as_slice() else { return Err(problem("it is empty")) };
    let body = Secret::new(body.concat());
    let mut text = format!("{first}\n");
    for line in body.expose().chunks(64) {
        text.push_str(std::str::from_utf8(line).map_err(|_| problem("it is not base64"))?);
        text.push('\n');
    }
    text.push_str(last);
    let text = Secret::new(text);
    let (_, der) = pem_rfc7468::decode_vec(text.expose()).map_err(|error| problem(&error.to_string()))?;
    Ok(Secret::new(der))
}

fn pkcs8(der: &[u8]) -> Result<Key, KeyError> {
    if let Ok(pair) = Ed25519KeyPair::from_pkcs8(der) {
        return material::ed25519_pair(pair, Stated::default());
    }
    for curve in Curve::ALL {
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(curve.signing(), der) {
            return material::ec_pair(curve, pair, Stated::default());
        }
    }
    match RsaKeyPair::from_pkcs8(der) {
        Ok(pair) => material::rsa_pair(pair, Stated::default()),
        Err(error) if refused(error) == KeyError::RsaRange => Err(KeyError::RsaRange),
        Err(_) => Err(KeyError::Kind("the private key".to_owned())),
    }
}

fn ec_private(der: &[u8]) -> Result<Key, KeyError> {
    for curve in Curve::ALL {
        if let Ok(pair) = EcdsaKeyPair::from_private_key_der(curve.signing(), der) {
            return material::ec_pair(curve, pair, Stated::default());
        }
    }
    Err(KeyError::Kind("the curve of this private key".to_owned()))
}

fn rsa_public(der: &[u8]) -> Result<Key, KeyError> {
    let key = RsaPublicKey::from_der(der).map_err(refused)?;
    let n = key.modulus().big_endian_without_leading_zero().to_vec();
    let e = key.exponent().big_endian_without_leading_zero().to_vec();
    material::rsa_public(n, e, Stated::default(), None)
}

/// The library writes SPKI in one form only, with the point at its end.
fn spki(der: &[u8]) -> Result<Key, KeyError> {
    let canonical = |key: &ParsedPublicKey| -> Result<PublicKeyX509Der<'static>, KeyError> {
        key.as_der().map_err(|_| KeyError::Refused("it has no plain form".to_owned()))
    };
    for curve in Curve::ALL {
        if let Ok(key) = ParsedPublicKey::new(curve.verifying(), der) {
            let plain = canonical(&key)?;
            let point = plain.as_ref().last_chunk_of(2 * curve.size() + 1);
            return material::ec_public(curve, point, Stated::default(), None);
        }
    }
    if let Ok(key) = ParsedPublicKey::new(&signature::ED25519, der) {
        let plain = canonical(&key)?;
        return material::ed25519_public(plain.as_ref().last_chunk_of(32), Stated::default(), None);
    }
    rsa_public(der).map_err(|error| match error {
        KeyError::Refused(_) => KeyError::Kind("the public key".to_owned()),
        other => other,
    })
}

trait Tail {
    /// The last so many bytes, all where there are fewer.
    fn last_chunk_of(&self, size: usize) -> &[u8];
}

impl Tail for [u8] {
    fn last_chunk_of(&self, size: usize) -> &[u8] {
        self.get(self.len().saturating_sub(size)..).unwrap_or_default()
    }
}
