//! Why a key cannot be used. No sentence ever holds a part of the key.

/// Why a key was not read, or does not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither PEM nor JSON.
    #[error("this is no key: it begins neither with `-----BEGIN` (PEM) nor with `{{` (JWK or JWKS)")]
    NoKey,
    /// JSON that is broken, or no JWK.
    #[error("the JWK cannot be read: {0}")]
    Json(String),
    /// A member that is missing or no base64url; its value is not told.
    #[error("the JWK's `{member}` {problem}")]
    Member {
        /// Which.
        member: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A kind of key that signs nothing here.
    #[error(
        "{0} is not a kind of key that is used here; use RSA, P-256, P-384, Ed25519 or a shared secret (`oct`)"
    )]
    Kind(String),
    /// An algorithm that does not go with the kind of key.
    #[error("the key is {kind} and cannot be used with `{algorithm}`")]
    WrongAlgorithm {
        /// The algorithm.
        algorithm: &'static str,
        /// The kind of key.
        kind: String,
    },
    /// The key's `alg` is for something else.
    #[error("the key is for `{0}`, which signs no tokens here")]
    ForeignAlgorithm(String),
    /// `use` or `key_ops` speak of something else.
    #[error("the key is not for signatures: its `use` or `key_ops` say so")]
    NotForSignatures,
    /// `key_ops` leave out `sign`.
    #[error("the key may not sign: its `use` or `key_ops` say so")]
    NotForSigning,
    /// Only the public half is there.
    #[error("the key has no private half and can only verify; name a private key")]
    NoPrivateHalf,
    /// RSA outside of 2048 to 8192 bits.
    #[error("the RSA key has {0} bits; at least 2048 and at most 8192 are needed (RFC 7518 §3.3)")]
    RsaSize(usize),
    /// Likewise, where the library does not say how many it has.
    #[error(
        "the RSA key has too few or too many bits; at least 2048 and at most 8192 are needed (RFC 7518 §3.3)"
    )]
    RsaRange,
    /// An exponent that protects nothing.
    #[error("the RSA key's public exponent is even, 1 or too large")]
    RsaExponent,
    /// CVE-2017-15361.
    #[error(
        "the RSA key has the ROCA flaw (CVE-2017-15361): its private half can be computed; make a new one"
    )]
    Roca,
    /// RFC 7518 §6.3.2 wants all or none; without them the key would have to be factored.
    #[error("the RSA key has `d` but not all of `p`, `q`, `dp`, `dq`, `qi`; export it with its primes")]
    RsaPrimes,
    /// Shorter than its digest.
    #[error("the shared secret has {bits} bits; `{algorithm}` needs at least {needed} (RFC 7518 §3.2)")]
    ShortSecret {
        /// How many it has.
        bits: usize,
        /// For which algorithm.
        algorithm: &'static str,
        /// How many that needs.
        needed: usize,
    },
    /// PEM that is broken.
    #[error("the PEM block `{label}` cannot be read ({problem})")]
    Pem {
        /// Its label.
        label: String,
        /// What is wrong.
        problem: String,
    },
    /// PEM that is encrypted.
    #[error(
        "the private key is encrypted; decrypt it first, for example with `openssl pkey -in FILE -out PLAIN`"
    )]
    Encrypted,
    /// A certificate.
    #[error("this is a certificate; take its key out with `openssl x509 -in FILE -pubkey -noout`")]
    Certificate,
    /// Two keys of one kind and one `kid`.
    #[error("two keys of the set have the `kid` `{0}`, so that it names none")]
    DuplicateId(String),
    /// Shared and public keys in one set.
    #[error(
        "the set mixes shared secrets with public or private keys, which invites confusion; keep them in files of their own"
    )]
    Mixed,
    /// Nothing in the set can be used.
    #[error("the set holds no key that can be used here{0}")]
    Empty(String),
    /// The cipher's library refused it.
    #[error("the key was refused: {0}")]
    Refused(String),
}
