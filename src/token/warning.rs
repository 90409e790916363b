//! What is odd about a token, as codes for programs and sentences for people (SPEC §5).

use super::claims::{Claims, Reading};
use super::decode::{Decoded, Payload};
use super::key::KeySet;
use super::{Algorithm, Object};
use crate::registry::{Instant, human};
use serde::Serialize;

/// The kinds of oddities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// Nobody signed it.
    AlgNone,
    /// An HMAC, and the key is public.
    SymmetricWithPublicKey,
    /// It never expires.
    NoExp,
    /// It has expired.
    ExpPast,
    /// A fraction of a second.
    ExpFractional,
    /// Before 1970.
    ExpNegative,
    /// Milliseconds instead of seconds.
    ExpMilliseconds,
    /// No instant at all.
    ExpOutOfRange,
    /// It becomes valid after it expires.
    NbfAfterExp,
    /// Issued later than now.
    IatFuture,
    /// A member stands twice.
    DuplicateMember,
    /// It demands extensions.
    Crit,
    /// It brings its own key, or says where to fetch one.
    EmbeddedKey,
    /// The content cannot be read.
    Encrypted,
    /// The payload is no JSON object.
    PayloadNotClaims,
    /// Something stood around it.
    WrappedInput,
}

impl WarningCode {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AlgNone => "alg_none",
            Self::SymmetricWithPublicKey => "symmetric_with_public_key",
            Self::NoExp => "no_exp",
            Self::ExpPast => "exp_past",
            Self::ExpFractional => "exp_fractional",
            Self::ExpNegative => "exp_negative",
            Self::ExpMilliseconds => "exp_milliseconds",
            Self::ExpOutOfRange => "exp_out_of_range",
            Self::NbfAfterExp => "nbf_after_exp",
            Self::IatFuture => "iat_future",
            Self::DuplicateMember => "duplicate_member",
            Self::Crit => "crit",
            Self::EmbeddedKey => "embedded_key",
            Self::Encrypted => "encrypted",
            Self::PayloadNotClaims => "payload_not_claims",
            Self::WrappedInput => "wrapped_input",
        }
    }
}

/// Something odd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Its kind.
    pub code: WarningCode,
    /// A sentence.
    pub message: String,
}

/// Everything that is odd about a token at an instant, and with the keys that are meant to verify it.
#[must_use]
pub fn warnings(decoded: &Decoded, at: Instant, keys: Option<&KeySet>) -> Vec<Warning> {
    let mut found = List(Vec::new());
    header(decoded, keys, &mut found);
    match decoded.payload() {
        Payload::Claims(claims) => times(&Claims(claims), claims, at, &mut found),
        Payload::Text { why, .. } => found.add(WarningCode::PayloadNotClaims, why.clone()),
        Payload::Encrypted => found.add(
            WarningCode::Encrypted,
            "the token is encrypted: its header can be read, its content only by its recipient".to_owned(),
        ),
    }
    let named = |place: &str, object: &Object| -> Vec<String> {
        object.duplicates().iter().map(|name| format!("`{name}` in the {place}")).collect()
    };
    let mut twice = named("header", decoded.header());
    twice.extend(decoded.claims().map(|claims| named("claims", claims)).unwrap_or_default());
    if !twice.is_empty() {
        let sentence = "stands twice: programs differ in which one they read, the last is shown in use here";
        found.add(WarningCode::DuplicateMember, format!("{} {sentence}", twice.join(", ")));
    }
    if decoded.was_wrapped() {
        let sentence =
            "there was more around the token than the token, or line breaks in it; they were taken away";
        found.add(WarningCode::WrappedInput, sentence.to_owned());
    }
    found.0
}

struct List(Vec<Warning>);

impl List {
    fn add(&mut self, code: WarningCode, message: String) {
        self.0.push(Warning { code, message });
    }
}

fn header(decoded: &Decoded, keys: Option<&KeySet>, found: &mut List) {
    let alg = decoded.alg().unwrap_or_default();
    if alg.eq_ignore_ascii_case("none") {
        let sentence = "`alg` is `none`: nobody signed the token, and anybody could have written it";
        found.add(WarningCode::AlgNone, sentence.to_owned());
    }
    let symmetric = Algorithm::named(&alg).is_some_and(Algorithm::is_symmetric);
    if symmetric && keys.is_some_and(|keys| keys.keys().iter().any(|key| !key.is_symmetric())) {
        found.add(
            WarningCode::SymmetricWithPublicKey,
            format!("`alg` is `{alg}`, which takes a shared secret, and the key is a public one: anybody could have signed it"),
        );
    }
    if let Some(names) = decoded.header().get("crit") {
        let sentence = "a verifier that does not know these extensions has to refuse the token";
        found.add(WarningCode::Crit, format!("`crit` demands {names}: {sentence}"));
    }
    let embedded: Vec<_> =
        ["jku", "x5u", "jwk"].into_iter().filter(|name| decoded.header().get(name).is_some()).collect();
    if !embedded.is_empty() {
        let names = embedded.join("`, `");
        let sentence = "a key that a token brings or names proves nothing; it is neither fetched nor used";
        found.add(WarningCode::EmbeddedKey, format!("the header has `{names}`: {sentence}"));
    }
}

fn times(claims: &Claims<'_>, object: &Object, at: Instant, found: &mut List) {
    let (exp, nbf, iat) = (claims.date("exp"), claims.date("nbf"), claims.date("iat"));
    match exp {
        None => found.add(
            WarningCode::NoExp,
            match object.get("exp") {
                Some(_) => "`exp` is no number, so that the token has no expiry that can be read".to_owned(),
                None => "there is no `exp`: the token never expires".to_owned(),
            },
        ),
        Some(date) => {
            match date.reading() {
                Reading::Negative => {
                    found.add(WarningCode::ExpNegative, format!("`exp` is {}, before 1970", date.seconds));
                }
                Reading::Milliseconds => {
                    let meant = Instant::saturating(date.seconds / 1000);
                    let sentence = "verifiers read seconds, for which the token hardly ever expires";
                    found.add(
                        WarningCode::ExpMilliseconds,
                        format!("`exp` seems to be in milliseconds ({meant}); {sentence}"),
                    );
                }
                Reading::OutOfRange => found.add(
                    WarningCode::ExpOutOfRange,
                    "`exp` is too large for an instant, so that the token never expires".to_owned(),
                ),
                Reading::Seconds(end) if at.seconds() >= date.ceiling() => {
                    found
                        .add(WarningCode::ExpPast, format!("the token expired {} ago", human(at.since(end))));
                }
                Reading::Seconds(_) => {}
            }
            if date.fractional {
                let sentence = "`exp` has a fraction of a second, which some verifiers refuse";
                found.add(WarningCode::ExpFractional, sentence.to_owned());
            }
        }
    }
    if let (Some(nbf), Some(exp)) = (nbf, exp)
        && nbf.seconds > exp.seconds
    {
        let sentence = "`nbf` is after `exp`: the token is never valid";
        found.add(WarningCode::NbfAfterExp, sentence.to_owned());
    }
    if iat.is_some_and(|iat| iat.ceiling() > at.seconds()) {
        let sentence = "`iat` is in the future: a clock is wrong, or the token was not issued yet";
        found.add(WarningCode::IatFuture, sentence.to_owned());
    }
}
