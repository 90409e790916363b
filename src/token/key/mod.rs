//! A key: parsed once, then it signs and verifies, and obeys what it says about its own use.

mod error;
mod generate;
mod jwk;
mod material;
mod pem;
mod rsa;
mod set;

pub use error::KeyError;
pub use generate::{KeyKind, generate};
pub use jwk::PublicJwk;
pub use set::KeySet;

use super::algorithm::Algorithm;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, RsaEncoding, RsaKeyPair};
use material::Public;
use std::fmt;

/// A key that tokens are signed or verified with.
pub struct Key {
    stated: Stated,
    thumbprint: String,
    public: Public,
    verifiers: Vec<(Algorithm, Verifier)>,
    signer: Option<Signer>,
}

/// Ready to verify with one algorithm. The shared key signs too.
enum Verifier {
    Shared(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

enum Signer {
    Shared,
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// What a key says about itself.
#[derive(Debug, Clone, Default)]
struct Stated {
    id: Option<String>,
    algorithm: Option<Algorithm>,
    /// `use` or `key_ops` do not let it sign.
    no_signing: bool,
    /// Likewise verify.
    no_verifying: bool,
}

impl Key {
    /// Puts a key together that obeys what it says about itself.
    fn new(
        public: Public,
        thumbprint: String,
        stated: Stated,
        mut verifiers: Vec<(Algorithm, Verifier)>,
        signer: Option<Signer>,
    ) -> Result<Self, KeyError> {
        if let Some(only) = stated.algorithm {
            verifiers.retain(|(algorithm, _)| *algorithm == only);
            if verifiers.is_empty() {
                return Err(KeyError::WrongAlgorithm { algorithm: only.as_str(), kind: public.describe() });
            }
        }
        let signer = signer.filter(|_| !stated.no_signing);
        if stated.no_verifying && signer.is_none() {
            return Err(KeyError::NotForSignatures);
        }
        Ok(Self { stated, thumbprint, public, verifiers, signer })
    }

    /// The `kid`: as the key states it, else its thumbprint.
    #[must_use]
    pub fn id(&self) -> &str {
        self.stated.id.as_deref().unwrap_or(&self.thumbprint)
    }

    /// The `kid` that the key itself carries.
    #[must_use]
    pub fn stated_id(&self) -> Option<&str> {
        self.stated.id.as_deref()
    }

    /// The SHA-256 thumbprint of RFC 7638, in base64url.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// What kind of key this is, in words: `RSA 2048`, `P-256`, `Ed25519`, `shared secret of 256 bits`.
    #[must_use]
    pub fn kind(&self) -> String {
        self.public.describe()
    }

    /// The algorithms that the key allows: the one that it states, else all that its kind can do.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.verifiers.iter().map(|(algorithm, _)| *algorithm)
    }

    /// Whether the key allows an algorithm.
    #[must_use]
    pub fn allows(&self, algorithm: Algorithm) -> bool {
        self.verifier(algorithm).is_some()
    }

    /// Whether it may verify.
    #[must_use]
    pub fn can_verify(&self) -> bool {
        !self.stated.no_verifying
    }

    /// Whether it may sign: it holds its private half, and does not forbid it.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.signer.is_some()
    }

    /// Whether whoever verifies with it could also sign.
    #[must_use]
    pub fn is_symmetric(&self) -> bool {
        matches!(self.public, Public::Shared { .. })
    }

    /// The half that everybody may see; a shared secret has none.
    #[must_use]
    pub fn public_jwk(&self) -> Option<PublicJwk> {
        jwk::public(&self.public, self)
    }

    /// Signs; the algorithm is one that the key allows.
    ///
    /// # Errors
    /// [`KeyError`] where the key may not sign, or not with this algorithm.
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signer = self.signer.as_ref().ok_or(if self.stated.no_signing {
            KeyError::NotForSigning
        } else {
            KeyError::NoPrivateHalf
        })?;
        let Some(verifier) = self.verifier(algorithm) else {
            return Err(KeyError::WrongAlgorithm { algorithm: algorithm.as_str(), kind: self.kind() });
        };
        let failed = |_| KeyError::Refused("signing failed".to_owned());
        match (signer, verifier) {
            (Signer::Rsa(pair), _) => {
                let mut bytes = vec![0; pair.public_modulus_len()];
                let random = SystemRandom::new();
                pair.sign(rsa_encoding(algorithm), &random, message, &mut bytes).map_err(failed)?;
                Ok(bytes)
            }
            (Signer::Ec(pair), _) => {
                Ok(pair.sign(&SystemRandom::new(), message).map_err(failed)?.as_ref().to_vec())
            }
            (Signer::Ed25519(pair), _) => Ok(pair.try_sign(message).map_err(failed)?.as_ref().to_vec()),
            (Signer::Shared, Verifier::Shared(key)) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            (Signer::Shared, Verifier::Public(_)) => Err(KeyError::NoPrivateHalf),
        }
    }

    /// Whether a signature is this key's, by an algorithm that the key allows.
    #[must_use]
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.can_verify()
            && match self.verifier(algorithm) {
                Some(Verifier::Shared(key)) => hmac::verify(key, message, signature).is_ok(),
                Some(Verifier::Public(key)) => key.verify_sig(message, signature).is_ok(),
                None => false,
            }
    }

    fn verifier(&self, algorithm: Algorithm) -> Option<&Verifier> {
        self.verifiers.iter().find(|(allowed, _)| *allowed == algorithm).map(|(_, verifier)| verifier)
    }
}

/// What may be seen of it in a log.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({} `{}`)", self.kind(), self.id())
    }
}

fn rsa_encoding(algorithm: Algorithm) -> &'static dyn RsaEncoding {
    match algorithm {
        Algorithm::Rs384 => &signature::RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_SHA512,
        _ => &signature::RSA_PKCS1_SHA256,
    }
}
