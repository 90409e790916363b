//! Tokens as JSON documents (SPEC §5); members stand in its order.

use super::audit::{Row, Totals};
use super::check::{Check, IssuerVerdict, Verdict};
use super::claims::{Claims, NumericDate};
use super::decode::{Decoded, Payload};
use super::json::Object;
use super::mint::Minted;
use super::verify::{Failed, SignatureState, Verification};
use super::warning::Warning;
use crate::policy::{self, Decision};
use crate::registry::Instant;
use serde::Serialize;

/// What `mint --json` prints.
#[derive(Debug, Serialize)]
pub struct MintDocument<'d> {
    access_token: &'d str,
    token_type: &'static str,
    expires_in: i64,
    scope: String,
    kid: &'d str,
    alg: &'static str,
    decision: policy::Document<'d>,
}

/// The document of a sample: an answer of a token endpoint, and the decision behind it.
#[must_use]
pub fn mint_document<'d>(
    minted: &'d Minted,
    kid: &'d str,
    decision: &'d Decision<'d>,
    document: policy::Document<'d>,
) -> MintDocument<'d> {
    MintDocument {
        access_token: &minted.token,
        token_type: "Bearer",
        expires_in: decision.lifetime().unwrap_or_default(),
        scope: decision.scopes.join(" "),
        kid,
        alg: minted.algorithm.as_str(),
        decision: document,
    }
}

/// Where a token stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// It can be used.
    Active,
    /// It could be.
    Expired,
    /// Not yet.
    NotYetValid,
    /// Always.
    NoExpiry,
}

/// The instants of a token, judged at one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Times {
    /// When it was issued.
    pub iat: Option<Instant>,
    /// From when on it is valid.
    pub nbf: Option<Instant>,
    /// When it expires.
    pub exp: Option<Instant>,
    /// From `iat` to `exp` in seconds.
    pub lifetime: Option<i64>,
    /// From now to `exp`, negative where it is past.
    pub remaining: Option<i64>,
    /// Where it stands.
    pub state: Life,
}

/// The instants of a token, judged at `at`.
#[must_use]
pub fn times(decoded: &Decoded, at: Instant) -> Times {
    let date = |name| decoded.claims().and_then(|claims| Claims(claims).date(name));
    let (iat, nbf, exp) = (date("iat"), date("nbf"), date("exp"));
    let instant = |date: Option<NumericDate>| date.and_then(NumericDate::instant);
    let state = match (exp, nbf) {
        (Some(exp), _) if at.seconds() >= exp.ceiling() => Life::Expired,
        (_, Some(nbf)) if at.seconds() < nbf.ceiling() => Life::NotYetValid,
        (Some(_), _) => Life::Active,
        (None, _) => Life::NoExpiry,
    };
    let (iat, nbf, end) = (instant(iat), instant(nbf), instant(exp));
    Times {
        iat,
        nbf,
        exp: end,
        lifetime: end.zip(iat).map(|(end, start)| end.since(start)),
        remaining: end.map(|end| end.since(at)),
        state,
    }
}

/// What `decode --json` prints.
#[derive(Debug, Serialize)]
pub struct DecodeDocument<'d> {
    header: &'d Object,
    claims: Option<&'d Object>,
    payload_text: Option<&'d str>,
    signature: SignatureDocument,
    times: Times,
    warnings: &'d [Warning],
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<&'d [Failed]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<CheckDocument<'d>>,
}

#[derive(Debug, Serialize)]
struct SignatureDocument {
    state: SignatureState,
    kid: Option<String>,
    alg: Option<String>,
}

#[derive(Debug, Serialize)]
struct CheckDocument<'d> {
    verdict: Verdict,
    by: Option<i64>,
    client_id: Option<&'d str>,
    audience: Option<&'d str>,
    scopes: &'d [String],
    issuer_verdict: Option<IssuerVerdict>,
    decision: Option<policy::Document<'d>>,
}

/// Everything that is known about a token.
#[derive(Debug)]
pub struct Known<'d> {
    /// The token.
    pub decoded: &'d Decoded,
    /// The instant that it is judged at.
    pub at: Instant,
    /// Its signature.
    pub verification: &'d Verification,
    /// What is odd about it.
    pub warnings: &'d [Warning],
    /// The claims that are not as expected, where something was expected.
    pub failed: Option<&'d [Failed]>,
    /// What the policy says.
    pub check: Option<&'d Check<'d>>,
    /// By the settings of which instant, where not today's.
    pub settings_at: Option<Instant>,
}

/// The document of a decoded token.
#[must_use]
pub fn decode_document<'d>(known: &Known<'d>) -> DecodeDocument<'d> {
    let decoded = known.decoded;
    let signer = known.verification.key.as_ref().map(|key| key.id().to_owned());
    DecodeDocument {
        header: decoded.header(),
        claims: decoded.claims(),
        payload_text: match decoded.payload() {
            Payload::Text { text, .. } => Some(text),
            _ => None,
        },
        signature: SignatureDocument {
            state: known.verification.state,
            kid: decoded.kid().or(signer),
            alg: decoded.alg(),
        },
        times: times(decoded, known.at),
        warnings: known.warnings,
        failed: known.failed,
        check: known.check.map(|check| CheckDocument {
            verdict: check.verdict,
            by: check.by,
            client_id: check.client_id,
            audience: check.audience,
            scopes: check.scopes,
            issuer_verdict: check.issuer_verdict,
            decision: check
                .decision
                .as_ref()
                .map(|decision| policy::document(decision, check.beside.as_ref(), known.settings_at)),
        }),
    }
}

/// A line of `audit --json`.
#[derive(Debug, Serialize)]
pub struct AuditLine<'d> {
    line: u64,
    client_id: Option<&'d str>,
    audience: Option<&'d str>,
    exp: Option<Instant>,
    verdict: &'static str,
    by: Option<i64>,
    issuer_verdict: Option<IssuerVerdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<SignatureState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// The document of a row.
#[must_use]
pub fn audit_line<'d>(row: &'d Row<'_>) -> AuditLine<'d> {
    let check = row.check;
    AuditLine {
        line: row.line,
        client_id: check.and_then(|check| check.client_id),
        audience: check.and_then(|check| check.audience),
        exp: row.exp,
        verdict: row.verdict(),
        by: check.and_then(|check| check.by),
        issuer_verdict: check.and_then(|check| check.issuer_verdict),
        signature: row.signature,
        message: row.unreadable.map(ToString::to_string),
    }
}

/// The last line of `audit --json`.
#[derive(Debug, Serialize)]
pub struct AuditTotals<'d> {
    totals: &'d Totals,
}

/// The document of the totals.
#[must_use]
pub const fn audit_totals(totals: &Totals) -> AuditTotals<'_> {
    AuditTotals { totals }
}
