//! Keys as JSON (RFC 7517, 7518 §6, 8037): read with both halves, written with the public one.

use super::error::KeyError;
use super::material::{self, Curve, Public, refused};
use super::{Key, Stated};
use crate::token::algorithm::Algorithm;
use crate::token::base64url;
use crate::token::secret::Secret;
use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use serde::{Deserialize, Deserializer, Serialize};

/// The members of a JWK that are read; others are allowed and ignored (RFC 7517 §4).
#[derive(Deserialize)]
pub(super) struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    k: Option<Hidden>,
    d: Option<Hidden>,
    p: Option<Hidden>,
    q: Option<Hidden>,
    dp: Option<Hidden>,
    dq: Option<Hidden>,
    qi: Option<Hidden>,
    oth: Option<serde::de::IgnoredAny>,
}

/// A member that is told to nobody, not even by the error about it.
struct Hidden(Secret);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer);
        let text = text.map_err(|_| serde::de::Error::custom("a secret member is not a text"))?;
        Ok(Self(Secret::new(text)))
    }
}

impl Jwk {
    /// The key.
    pub(super) fn key(self) -> Result<Key, KeyError> {
        let stated = self.stated()?;
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("oct", _) => material::shared(&secret("k", self.k.as_ref())?, stated),
            ("RSA", _) => self.rsa(stated),
            ("EC", Some(name)) => match Curve::ALL.into_iter().find(|curve| curve.name() == name) {
                Some(curve) => self.ec(curve, stated),
                None => Err(KeyError::Kind(format!("the curve `{name}`"))),
            },
            ("OKP", Some("Ed25519")) => self.ed25519(stated),
            ("EC" | "OKP", None) => Err(missing("crv")),
            ("OKP", Some(name)) => Err(KeyError::Kind(format!("the curve `{name}`"))),
            (kty, _) => Err(KeyError::Kind(format!("`kty` `{kty}`"))),
        }
    }

    /// What the key says about its own use (RFC 7517 §4.2 to §4.4).
    fn stated(&self) -> Result<Stated, KeyError> {
        if self.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return Err(KeyError::NotForSignatures);
        }
        let algorithm = match &self.alg {
            Some(name) => {
                Some(Algorithm::named(name).ok_or_else(|| KeyError::ForeignAlgorithm(name.clone()))?)
            }
            None => None,
        };
        let lacks =
            |what| self.key_ops.as_ref().is_some_and(|operations| !operations.iter().any(|o| o == what));
        let shared = self.kty == "oct";
        if lacks("sign") && lacks("verify") {
            return Err(KeyError::NotForSignatures);
        }
        // The private half of a pair is for signing, and its public half, which it contains, for verifying.
        let no_verifying = lacks("verify") && (shared || self.d.is_none());
        Ok(Stated { id: self.kid.clone(), algorithm, no_signing: lacks("sign"), no_verifying })
    }

    fn rsa(self, stated: Stated) -> Result<Key, KeyError> {
        let (n, e) = (number("n", self.n.as_deref())?, number("e", self.e.as_deref())?);
        let Some(d) = &self.d else { return material::rsa_public(n, e, stated, None) };
        if self.oth.is_some() {
            return Err(KeyError::Kind("an RSA key of more than two primes".to_owned()));
        }
        super::rsa::check(&n, &e)?;
        let all = (&self.p, &self.q, &self.dp, &self.dq, &self.qi);
        let (Some(p), Some(q), Some(dp), Some(dq), Some(qi)) = all else {
            return Err(KeyError::RsaPrimes);
        };
        let read = |member, hidden| secret(member, Some(hidden));
        let [d, p, q] = [read("d", d)?, read("p", p)?, read("q", q)?];
        let [dp, dq, qi] = [read("dp", dp)?, read("dq", dq)?, read("qi", qi)?];
        let pair = RsaKeyPair::from_components(&KeyPairComponents {
            public_key: RsaPublicKeyComponents { n: n.as_slice(), e: e.as_slice() },
            d: d.expose(),
            p: p.expose(),
            q: q.expose(),
            dP: dp.expose(),
            dQ: dq.expose(),
            qInv: qi.expose(),
        });
        material::rsa_public(n, e, stated, Some(pair.map_err(refused)?))
    }

    fn ec(self, curve: Curve, stated: Stated) -> Result<Key, KeyError> {
        let size = curve.size();
        let mut point = vec![4];
        point.extend(sized("x", bytes("x", self.x.as_deref())?, size)?);
        point.extend(sized("y", bytes("y", self.y.as_deref())?, size)?);
        let pair = match &self.d {
            Some(d) => {
                let d = secret("d", Some(d))?;
                if d.expose().len() != size {
                    return Err(wrong_size("d", d.expose().len(), size));
                }
                let pair = EcdsaKeyPair::from_private_key_and_public_key(curve.signing(), d.expose(), &point);
                Some(pair.map_err(refused)?)
            }
            None => None,
        };
        material::ec_public(curve, &point, stated, pair)
    }

    fn ed25519(self, stated: Stated) -> Result<Key, KeyError> {
        let x = sized("x", bytes("x", self.x.as_deref())?, 32)?;
        let pair = match &self.d {
            Some(d) => {
                let seed = secret("d", Some(d))?;
                let pair = Ed25519KeyPair::from_seed_and_public_key(seed.expose(), &x);
                Some(pair.map_err(refused)?)
            }
            None => None,
        };
        material::ed25519_public(&x, stated, pair)
    }
}

fn missing(member: &'static str) -> KeyError {
    KeyError::Member { member, problem: "is missing".to_owned() }
}

fn wrong_size(member: &'static str, found: usize, size: usize) -> KeyError {
    KeyError::Member { member, problem: format!("has {found} bytes instead of {size}") }
}

fn bytes(member: &'static str, text: Option<&str>) -> Result<Vec<u8>, KeyError> {
    let text = text.ok_or_else(|| missing(member))?;
    let problem = |error| KeyError::Member { member, problem: format!("is no base64url: {error}") };
    base64url::decode(text.as_bytes()).map_err(problem)
}

fn sized(member: &'static str, bytes: Vec<u8>, size: usize) -> Result<Vec<u8>, KeyError> {
    if bytes.len() == size { Ok(bytes) } else { Err(wrong_size(member, bytes.len(), size)) }
}

/// A number without leading zeros, which some programs write though RFC 7518 §6.3.1.1 forbids it.
fn number(member: &'static str, text: Option<&str>) -> Result<Vec<u8>, KeyError> {
    let mut bytes = bytes(member, text)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.drain(..zeros);
    if bytes.is_empty() { Err(KeyError::Member { member, problem: "is zero".to_owned() }) } else { Ok(bytes) }
}

fn secret(member: &'static str, hidden: Option<&Hidden>) -> Result<Secret, KeyError> {
    let text = hidden.ok_or_else(|| missing(member))?.0.expose();
    // The error's byte would tell a character of the secret.
    let problem = |_| KeyError::Member { member, problem: "is no base64url without padding".to_owned() };
    base64url::decode(text).map(Secret::new).map_err(problem)
}

/// The public half of a key as a JWK, its members in the usual order.
#[derive(Debug, Clone, Serialize)]
pub struct PublicJwk {
    kty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    kid: String,
    #[serde(rename = "use")]
    usage: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<&'static str>,
}

pub(super) fn public(public: &Public, key: &Key) -> Option<PublicJwk> {
    let b64 = |bytes: &[u8]| Some(base64url::encode(bytes));
    let (kty, crv, [n, e, x, y]) = match public {
        Public::Shared { .. } => return None,
        Public::Rsa { n, e } => ("RSA", None, [b64(n), b64(e), None, None]),
        Public::Ec { curve, x, y } => ("EC", Some(curve.name()), [None, None, b64(x), b64(y)]),
        Public::Ed25519 { x } => ("OKP", Some("Ed25519"), [None, None, b64(x), None]),
    };
    let mut allowed = key.algorithms();
    let only = allowed.next().filter(|_| allowed.next().is_none());
    let kid = key.id().to_owned();
    Some(PublicJwk { kty, crv, n, e, x, y, kid, usage: "sig", alg: only.map(Algorithm::as_str) })
}
