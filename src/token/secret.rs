//! Bytes that nobody may see by accident.

use std::fmt;
use zeroize::Zeroizing;

/// A secret: a shared key, or a private key in any encoding.
///
/// It has no `Display`, `Serialize` or `PartialEq`, its `Debug` hides what it holds, and its memory is wiped when it
/// is dropped. [`Secret::expose`] is the only way in, and easy to search for.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(bytes.into()))
    }

    /// The bytes, for the cipher that needs them or the key file that the person asked for.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be filled.
    pub(super) fn expose_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}
