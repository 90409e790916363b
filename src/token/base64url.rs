//! Base64url as RFC 7515 §2 wants it: no padding, no foreign characters, no unused bits.

use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine};
use base64::{DecodeError, alphabet};

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Why a text is not base64url, with the byte where there is one, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Base64Error {
    /// A character of no alphabet, or of the other one.
    #[error("byte {byte} is {}, which base64url does not use", seen(*.found))]
    Foreign {
        /// Where it stands.
        byte: usize,
        /// What stands there.
        found: u8,
    },
    /// `=` at the end.
    #[error("byte {byte} is padding (`=`), which tokens do not have")]
    Padded {
        /// Where it begins.
        byte: usize,
    },
    /// The last character says more than it may.
    #[error("byte {byte}, the last, sets bits that no byte uses: it was changed or cut")]
    UnusedBits {
        /// Where it stands.
        byte: usize,
    },
    /// A length that no bytes encode to.
    #[error("it ends in the middle of a byte, after byte {length}: it was cut")]
    Cut {
        /// How long it is.
        length: usize,
    },
}

pub(super) fn seen(byte: u8) -> String {
    if byte.is_ascii_graphic() { format!("`{}`", char::from(byte)) } else { format!("0x{byte:02x}") }
}

/// Reads base64url strictly.
pub(super) fn decode(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    ENGINE.decode(text).map_err(|error| diagnose(text, &error))
}

fn diagnose(text: &[u8], error: &DecodeError) -> Base64Error {
    // The engine looks at whole groups, so that its place is not always the first bad one.
    let foreign = text.iter().position(|byte| !is_alphabet(*byte));
    match (foreign, error) {
        (Some(at), _) if text.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'=')) => {
            Base64Error::Padded { byte: at + 1 }
        }
        (Some(at), _) => {
            Base64Error::Foreign { byte: at + 1, found: text.get(at).copied().unwrap_or_default() }
        }
        (None, DecodeError::InvalidLastSymbol { offset, .. }) => Base64Error::UnusedBits { byte: offset + 1 },
        (None, _) => Base64Error::Cut { length: text.len() },
    }
}

/// Whether a byte may stand in base64url.
pub(super) const fn is_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Writes base64url.
pub(super) fn encode(bytes: &[u8]) -> String {
    ENGINE.encode(bytes)
}

/// Writes base64url behind what is there.
pub(super) fn encode_onto(bytes: &[u8], text: &mut String) {
    ENGINE.encode_string(bytes, text);
}
