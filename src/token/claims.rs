//! What a token's members say: instants, audiences, the client, the scopes.

use super::json::Object;
use crate::registry::Instant;
use serde_json::Value;

/// The seconds of a `NumericDate` (RFC 7519 §2), however it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumericDate {
    /// Whole seconds since 1970, a fraction cut off towards the past.
    pub seconds: i64,
    /// Whether there was a fraction.
    pub fractional: bool,
}

/// What a number can mean as an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Seconds since 1970.
    Seconds(Instant),
    /// Before 1970.
    Negative,
    /// So large that milliseconds were meant.
    Milliseconds,
    /// Larger than that.
    OutOfRange,
}

/// The first number that is taken for milliseconds: as seconds it would be the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;
/// The last one.
const MILLISECONDS_END: i64 = 100_000_000_000_000;

impl NumericDate {
    /// Reads a member as it was written; nothing where it is no number.
    fn read(raw: &str) -> Option<Self> {
        if let Ok(seconds) = raw.parse() {
            return Some(Self { seconds, fractional: false });
        }
        if !raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return None;
        }
        let number: f64 = raw.parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the cast saturates, and such numbers are out of range"
        )]
        let seconds = number.floor() as i64;
        Some(Self { seconds, fractional: number.is_finite() && number.fract() != 0.0 })
    }

    /// The first whole second that is not before it, to compare instants with.
    #[must_use]
    pub const fn ceiling(self) -> i64 {
        self.seconds.saturating_add(self.fractional as i64)
    }

    /// What the number means.
    #[must_use]
    pub fn reading(self) -> Reading {
        match self.seconds {
            ..0 => Reading::Negative,
            0..MILLISECONDS => Reading::Seconds(Instant::saturating(self.seconds)),
            MILLISECONDS..=MILLISECONDS_END => Reading::Milliseconds,
            _ => Reading::OutOfRange,
        }
    }

    /// The instant, where it is one.
    #[must_use]
    pub fn instant(self) -> Option<Instant> {
        match self.reading() {
            Reading::Seconds(at) => Some(at),
            _ => None,
        }
    }
}

/// The claims of a token, read by meaning.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'c>(pub &'c Object);

impl Claims<'_> {
    /// An instant: `exp`, `nbf`, `iat`.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<NumericDate> {
        self.0.get(name).and_then(NumericDate::read)
    }

    /// `iss`.
    #[must_use]
    pub fn issuer(&self) -> Option<String> {
        self.0.text("iss")
    }

    /// `aud`: a text, or a list of them.
    #[must_use]
    pub fn audiences(&self) -> Vec<String> {
        texts(self.0.value("aud"))
    }

    /// Who the token was issued to, the surest claim first: `client_id` (RFC 9068), `azp`, `sub`. Auth0 writes the
    /// last as `CLIENT_ID@clients`.
    #[must_use]
    pub fn clients(&self) -> Vec<String> {
        let subject = self.0.text("sub").map(|sub| match sub.strip_suffix("@clients") {
            Some(client) => client.to_owned(),
            None => sub,
        });
        let mut clients: Vec<String> =
            [self.0.text("client_id"), self.0.text("azp"), subject].into_iter().flatten().collect();
        clients.dedup();
        clients
    }

    /// The scopes, sorted: of `scope`, else `scp`, else `permissions`; nothing where none of them is there.
    #[must_use]
    pub fn scopes(&self) -> Option<Vec<String>> {
        let value = ["scope", "scp", "permissions"].into_iter().find_map(|name| self.0.value(name))?;
        let mut scopes: Vec<String> = texts(Some(value))
            .iter()
            .flat_map(|text| text.split(' '))
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect();
        scopes.sort_unstable();
        scopes.dedup();
        Some(scopes)
    }
}

/// A text, or the texts of a list.
fn texts(value: Option<Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(list)) => {
            list.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}
