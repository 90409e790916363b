//! What a token carries: keys, claims, minting, decoding, verifying, and the check against the policy.
//!
//! Nothing that a token names is ever fetched, and a key that it brings is never used.

mod algorithm;
mod audit;
mod base64url;
mod check;
mod claims;
mod decode;
mod document;
mod extract;
mod glossary;
mod json;
mod judging;
mod key;
mod mint;
mod secret;
mod verify;
mod warning;

pub use algorithm::Algorithm;
pub use audit::{Event, Judges, Row, Totals, audit};
pub use base64url::Base64Error;
pub use check::{Check, IssuerVerdict, Subject, Verdict, issued_at};
pub use claims::{Claims, NumericDate, Reading};
pub use decode::{DecodeError, Decoded, MAX_SIZE, Part, Payload, decode};
pub use document::{
    AuditLine, AuditTotals, DecodeDocument, Known, Life, MintDocument, Times, audit_line, audit_totals,
    decode_document, mint_document, times,
};
pub use extract::{Unwrapped, tokens, unwrap};
pub use glossary::meaning;
pub use json::{JsonError, Object};
pub use judging::Judging;
pub use key::{Key, KeyError, KeyKind, KeySet, PublicJwk, generate};
pub use mint::{Dialect, MintError, Minted, SAMPLE, Sample, mint, token_id};
pub use secret::Secret;
pub use verify::{Expected, Failed, SignatureState, Verification, verify_claims, verify_signature};
pub use warning::{Warning, WarningCode, warnings};
