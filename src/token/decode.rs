//! A token taken apart, without a key and without trusting anything that it says (RFC 7515 §3.1, RFC 7516 §3.1).

use super::base64url::{self, Base64Error};
use super::extract;
use super::json::{JsonError, Object};
use std::fmt;

/// The largest input that is looked at, in bytes.
pub const MAX_SIZE: usize = 1024 * 1024;

/// A part of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The first.
    Header,
    /// The second of a signed token.
    Payload,
    /// The third of a signed token.
    Signature,
    /// The second of an encrypted token.
    EncryptedKey,
    /// Its third.
    Vector,
    /// Its fourth.
    Ciphertext,
    /// Its fifth.
    Tag,
}

impl Part {
    const SIGNED: [Self; 3] = [Self::Header, Self::Payload, Self::Signature];
    const ENCRYPTED: [Self; 5] =
        [Self::Header, Self::EncryptedKey, Self::Vector, Self::Ciphertext, Self::Tag];
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
            Self::EncryptedKey => "encrypted key",
            Self::Vector => "initialization vector",
            Self::Ciphertext => "ciphertext",
            Self::Tag => "authentication tag",
        })
    }
}

/// Why a text is no token. Bytes are counted from 1, within the part or, for the header's JSON, within what it decodes to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Nothing, or white space.
    #[error("there is nothing to decode; paste a token, or a text with one in it")]
    Empty,
    /// More than [`MAX_SIZE`].
    #[error("the input has {0} bytes; more than 1 MiB is not looked at")]
    TooLarge(usize),
    /// Another number of parts.
    #[error(
        "a signed token has three parts with dots between them, an encrypted one five; this has {found}{}",
        at(*.foreign)
    )]
    Parts {
        /// How many.
        found: usize,
        /// The first byte that no token holds.
        foreign: Option<(usize, u8)>,
    },
    /// A part that is not there.
    #[error("the {0} is empty")]
    Missing(Part),
    /// A part that is not base64url.
    #[error("the {part} is not base64url: {error}")]
    Base64 {
        /// Which part.
        part: Part,
        /// What is wrong, with the byte.
        error: Base64Error,
    },
    /// A header that is not UTF-8.
    #[error("the header is not UTF-8: byte {byte} of what it decodes to")]
    NotUtf8 {
        /// The first wrong byte.
        byte: usize,
    },
    /// A header that is no JSON object.
    #[error("the header is no JSON object: {0} of what it decodes to")]
    Header(JsonError),
}

fn at(foreign: Option<(usize, u8)>) -> String {
    foreign.map_or_else(String::new, |(byte, found)| {
        format!(", and byte {} is {}, which no token holds", byte + 1, base64url::seen(found))
    })
}

/// What the second part carries.
#[derive(Debug, Clone)]
pub enum Payload {
    /// A JSON object.
    Claims(Object),
    /// Something else: as UTF-8, else in base64url.
    Text {
        /// The text.
        text: String,
        /// Why it is no claims, in a sentence.
        why: String,
    },
    /// Only the recipient can read it.
    Encrypted,
}

/// A token taken apart.
#[derive(Debug, Clone)]
pub struct Decoded {
    token: String,
    header: Object,
    payload: Payload,
    signature: Vec<u8>,
    wrapped: bool,
}

/// Finds the token in what was pasted, and takes it apart.
///
/// # Errors
/// [`DecodeError`], a sentence that names the part and the byte.
pub fn decode(input: impl AsRef<[u8]>) -> Result<Decoded, DecodeError> {
    let input = input.as_ref();
    if input.len() > MAX_SIZE {
        return Err(DecodeError::TooLarge(input.len()));
    }
    let found = extract::unwrap(input);
    let mut decoded = Decoded::parse(&found.token)?;
    decoded.wrapped = found.wrapped;
    Ok(decoded)
}

impl Decoded {
    /// Takes a bare token apart, strictly: nothing around it is forgiven.
    ///
    /// # Errors
    /// [`DecodeError`], a sentence that names the part and the byte.
    pub fn parse(token: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        let token = token.as_ref();
        if token.len() > MAX_SIZE {
            return Err(DecodeError::TooLarge(token.len()));
        }
        if token.is_empty() {
            return Err(DecodeError::Empty);
        }
        let mut parts = token.split(|byte| *byte == b'.');
        let mut next = || parts.next();
        match (next(), next(), next(), next(), next(), next()) {
            (Some(header), Some(payload), Some(signature), None, ..) => {
                Self::signed(token, header, payload, signature)
            }
            (Some(header), Some(key), Some(vector), Some(text), Some(tag), None) => {
                Self::encrypted(token, [header, key, vector, text, tag])
            }
            _ => {
                let known = |byte: &u8| base64url::is_alphabet(*byte) || *byte == b'.';
                let foreign = token.iter().position(|byte| !known(byte));
                Err(DecodeError::Parts {
                    found: token.iter().filter(|byte| **byte == b'.').count() + 1,
                    foreign: foreign.and_then(|at| Some((at, *token.get(at)?))),
                })
            }
        }
    }

    fn signed(token: &[u8], header: &[u8], payload: &[u8], signature: &[u8]) -> Result<Self, DecodeError> {
        let [header_part, payload_part, signature_part] = Part::SIGNED;
        let header = read_header(&part(header_part, header)?)?;
        let payload = read_payload(part(payload_part, payload)?);
        let signature = part(signature_part, signature)?;
        Ok(Self { token: text(token), header, payload, signature, wrapped: false })
    }

    fn encrypted(token: &[u8], parts: [&[u8]; 5]) -> Result<Self, DecodeError> {
        let mut header = Vec::new();
        for (name, bytes) in Part::ENCRYPTED.into_iter().zip(parts) {
            let bytes = part(name, bytes)?;
            if name == Part::Header {
                header = bytes;
            }
        }
        let (header, payload, signature) = (read_header(&header)?, Payload::Encrypted, Vec::new());
        Ok(Self { token: text(token), header, payload, signature, wrapped: false })
    }

    /// The bare token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What was signed: header and payload as they stand in the token.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.token.rsplit_once('.').map_or(&[], |(input, _)| input.as_bytes())
    }

    /// The signature's bytes.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> &Object {
        &self.header
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// The claims, where the payload is an object.
    #[must_use]
    pub fn claims(&self) -> Option<&Object> {
        match &self.payload {
            Payload::Claims(claims) => Some(claims),
            _ => None,
        }
    }

    /// The header's `alg`.
    #[must_use]
    pub fn alg(&self) -> Option<String> {
        self.header.text("alg")
    }

    /// The header's `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<String> {
        self.header.text("kid")
    }

    /// Whether the content is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        matches!(self.payload, Payload::Encrypted)
    }

    /// Whether something stood around the token.
    #[must_use]
    pub fn was_wrapped(&self) -> bool {
        self.wrapped
    }
}

fn part(part: Part, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    if bytes.is_empty() && part == Part::Header {
        return Err(DecodeError::Missing(part));
    }
    base64url::decode(bytes).map_err(|error| DecodeError::Base64 { part, error })
}

fn read_header(bytes: &[u8]) -> Result<Object, DecodeError> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| DecodeError::NotUtf8 { byte: error.valid_up_to() + 1 })?;
    Object::parse(text).map_err(DecodeError::Header)
}

fn read_payload(bytes: Vec<u8>) -> Payload {
    match String::from_utf8(bytes) {
        Ok(text) => match Object::parse(&text) {
            Ok(claims) => Payload::Claims(claims),
            Err(error) => Payload::Text { text, why: format!("the payload is no JSON object: {error}") },
        },
        Err(error) => Payload::Text {
            why: format!("the payload is not UTF-8: byte {}", error.utf8_error().valid_up_to() + 1),
            text: base64url::encode(error.as_bytes()),
        },
    }
}

/// The token as a text: every part was base64url, so that all of it is ASCII.
fn text(token: &[u8]) -> String {
    String::from_utf8_lossy(token).into_owned()
}
