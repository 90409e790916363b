//! Decisions and batch requests as JSON documents (SPEC §5).

use super::decide::{Policy, Request, decide};
use super::decision::{Decision, Limit, Outcome};
use super::profile::{Issued, IssuerDenial, issue};
use crate::registry::{Duration, Instant, ProfileName};
use serde::{Deserialize, Serialize};

/// The decision document; members stand in the order of SPEC §5.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    outcome: &'static str,
    client_id: &'a str,
    audience: &'a str,
    scopes: &'a [&'a str],
    issued_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifetime: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binding: Option<&'a Limit<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<&'a [Limit<'a>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<IssuerDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settings_at: Option<Instant>,
}

#[derive(Debug, Serialize)]
struct IssuerDocument<'a> {
    profile: &'static str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<&'a [&'a str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifetime: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overrun: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// What the issuer beside the policy does, with its profile.
pub type Beside<'a> = (ProfileName, Result<Issued<'a>, IssuerDenial>);

/// The document of a decision; the issuer is left out where its profile is the policy itself.
#[must_use]
pub fn document<'a>(
    decision: &'a Decision<'a>,
    beside: Option<&'a Beside<'a>>,
    settings_at: Option<Instant>,
) -> Document<'a> {
    let (granted, denied) = match &decision.outcome {
        Outcome::Granted(granted) => (Some(granted), None),
        Outcome::Denied(denied) => (None, Some(denied)),
    };
    Document {
        outcome: if granted.is_some() { "granted" } else { "denied" },
        client_id: decision.client_id,
        audience: decision.audience,
        scopes: &decision.scopes,
        issued_at: decision.issued_at,
        expires_at: granted.map(|g| g.expires_at),
        lifetime: granted.map(|g| g.lifetime),
        binding: granted.and_then(|g| g.binding()),
        limits: granted.map(|g| g.limits.as_slice()),
        reason: denied.map(|d| d.reason.as_str()),
        error: denied.map(|d| d.reason.error().as_str()),
        message: denied.map(|d| d.message.as_str()),
        issuer: beside.filter(|(profile, _)| *profile != ProfileName::Tenure).map(issuer),
        settings_at,
    }
}

fn issuer<'a>((profile, result): &'a Beside<'a>) -> IssuerDocument<'a> {
    let issued = result.as_ref().ok();
    IssuerDocument {
        profile: profile.as_str(),
        outcome: if issued.is_some() { "granted" } else { "denied" },
        scopes: issued.map(|i| i.scopes.as_slice()),
        lifetime: issued.map(|i| i.lifetime),
        expires_at: issued.map(|i| i.expires_at),
        overrun: issued.and_then(|i| i.overrun),
        reason: result.as_ref().err().map(|denial| denial.as_str()),
    }
}

/// A line of a batch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    client_id: String,
    audience: String,
    #[serde(default)]
    scopes: Vec<String>,
    at: Instant,
    #[serde(default, deserialize_with = "set")]
    requested_lifetime: Option<Duration>,
    #[serde(default, deserialize_with = "set")]
    profile: Option<ProfileName>,
}

/// A member is absent or set: `null` makes a line invalid.
fn set<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[derive(Debug, Serialize)]
struct Invalid<'a> {
    outcome: &'static str,
    line: usize,
    message: &'a str,
}

/// Answers one line of a batch with one compact line, and whether a token was granted; nothing for a blank line.
///
/// `number` counts from 1, blank lines too.
#[must_use]
pub fn batch_line(policy: &Policy, text: &str, number: usize) -> Option<(String, bool)> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let line: Line = match serde_json::from_str(text) {
        Ok(line) => line,
        Err(error) => {
            let message = error.to_string();
            return Some((compact(&Invalid { outcome: "invalid", line: number, message: &message }), false));
        }
    };
    let profile = line.profile.unwrap_or(policy.registry().service.issuer_profile);
    let request = Request {
        client_id: line.client_id,
        audience: line.audience,
        scopes: line.scopes,
        at: line.at,
        requested_lifetime: line.requested_lifetime,
    };
    let decision = decide(policy, &request);
    let beside = (profile, issue(profile, policy, &request));
    let granted = matches!(decision.outcome, Outcome::Granted(_));
    Some((compact(&document(&decision, Some(&beside), None)), granted))
}

fn compact(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
