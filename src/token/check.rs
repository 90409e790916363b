//! A token against the policy: what the settings would have given it, and by how much it differs (SPEC §4).

use super::claims::{Claims, NumericDate};
use super::decode::Decoded;
use crate::policy::{Beside, Decision, Outcome, Policy, Request, decide, issue};
use crate::registry::{Instant, Registry};
use serde::Serialize;

/// The answer in a word; of those that apply the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Another server issued it.
    OtherIssuer,
    /// The client is not in the registry.
    UnknownApplication,
    /// It lacks what a decision needs: client, audience, `iat` or `exp`.
    Incomplete,
    /// It lives past the application's end.
    OutlivesApplication,
    /// The policy would have issued none.
    WouldBeDenied,
    /// Exactly the policy's lifetime.
    AsDecided,
    /// Less.
    Shorter,
    /// More.
    Longer,
}

impl Verdict {
    /// Every verdict, in the order in which they apply.
    pub const ALL: [Self; 8] = [
        Self::OtherIssuer,
        Self::UnknownApplication,
        Self::Incomplete,
        Self::OutlivesApplication,
        Self::WouldBeDenied,
        Self::AsDecided,
        Self::Shorter,
        Self::Longer,
    ];

    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherIssuer => "other_issuer",
            Self::UnknownApplication => "unknown_application",
            Self::Incomplete => "incomplete",
            Self::OutlivesApplication => "outlives_application",
            Self::WouldBeDenied => "would_be_denied",
            Self::AsDecided => "as_decided",
            Self::Shorter => "shorter",
            Self::Longer => "longer",
        }
    }

    /// The words in the window and in text, before the seconds where there are any.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OtherIssuer => "other issuer",
            Self::UnknownApplication => "unknown application",
            Self::Incomplete => "incomplete",
            Self::OutlivesApplication => "outlives the application by",
            Self::WouldBeDenied => "would be denied",
            Self::AsDecided => "as decided",
            Self::Shorter => "shorter by",
            Self::Longer => "longer by",
        }
    }
}

impl std::str::FromStr for Verdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("`{text}` is not a verdict; use one of {names}")
        })
    }
}

/// Whether the registry's issuer profile explains a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerVerdict {
    /// That system issues just this lifetime, with these scopes.
    AsProfile,
    /// It does not.
    Unexplained,
}

impl IssuerVerdict {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AsProfile => "as_profile",
            Self::Unexplained => "unexplained",
        }
    }
}

/// What a token says that the policy can be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    issuer: Option<String>,
    client: Option<String>,
    audience: Option<String>,
    scopes: Option<Vec<String>>,
    exp: Option<NumericDate>,
    request: Option<Request>,
}

/// A token against the policy.
#[derive(Debug, Clone)]
pub struct Check<'c> {
    /// The answer in a word.
    pub verdict: Verdict,
    /// How much longer, shorter or past the end, in seconds.
    pub by: Option<i64>,
    /// The client, as it was found.
    pub client_id: Option<&'c str>,
    /// The API, as it was found.
    pub audience: Option<&'c str>,
    /// The token's scopes.
    pub scopes: &'c [String],
    /// Whether the issuer's profile explains it, where a decision was made.
    pub issuer_verdict: Option<IssuerVerdict>,
    /// What the policy decides at `iat`.
    pub decision: Option<Decision<'c>>,
    /// What the issuer's profile does.
    pub beside: Option<Beside<'c>>,
}

impl Subject {
    /// Reads a token with a registry at hand: of several clients and audiences the first that it knows counts.
    #[must_use]
    pub fn of(decoded: &Decoded, registry: &Registry) -> Self {
        let claims = decoded.claims().map(Claims);
        let clients = claims.map(|claims| claims.clients()).unwrap_or_default();
        let client = known_or_first(clients, |id| registry.application(id).is_some());
        let audiences = claims.map(|claims| claims.audiences()).unwrap_or_default();
        let audience = known_or_first(audiences, |aud| registry.api(aud).is_some());
        let issued_at = issued_at(decoded);
        let scopes = claims.and_then(|claims| claims.scopes());
        let request = match (&client, &audience, issued_at) {
            (Some(client_id), Some(audience), Some(at)) => Some(Request {
                client_id: client_id.clone(),
                audience: audience.clone(),
                scopes: scopes.clone().unwrap_or_default(),
                at,
                requested_lifetime: None,
            }),
            _ => None,
        };
        let issuer = claims.and_then(|claims| claims.issuer());
        let exp = claims.and_then(|claims| claims.date("exp"));
        Self { issuer, client, audience, scopes, exp, request }
    }

    /// Asks the policy.
    #[must_use]
    pub fn check<'c>(&'c self, policy: &'c Policy) -> Check<'c> {
        let service = &policy.registry().service;
        let mut check = Check {
            verdict: Verdict::Incomplete,
            by: None,
            client_id: self.client.as_deref(),
            audience: self.audience.as_deref(),
            scopes: self.scopes.as_deref().unwrap_or_default(),
            issuer_verdict: None,
            decision: None,
            beside: None,
        };
        // A token that does not name its issuer is judged by the rest.
        if self.issuer.as_ref().is_some_and(|issuer| *issuer != service.issuer) {
            check.verdict = Verdict::OtherIssuer;
            return check;
        }
        if let Some(request) = &self.request {
            let profile = service.issuer_profile;
            let beside = (profile, issue(profile, policy, request));
            check.issuer_verdict = Some(self.issuer_verdict(&beside));
            check.beside = Some(beside);
            check.decision = Some(decide(policy, request));
        }
        (check.verdict, check.by) = self.verdict(policy.registry(), check.decision.as_ref());
        check
    }

    fn verdict(&self, registry: &Registry, decision: Option<&Decision<'_>>) -> (Verdict, Option<i64>) {
        let application = self.client.as_deref().map(|id| registry.application(id));
        let Some(application) = application else { return (Verdict::Incomplete, None) };
        let Some(application) = application else { return (Verdict::UnknownApplication, None) };
        let (Some(decision), Some(exp)) = (decision, self.exp) else { return (Verdict::Incomplete, None) };
        let outlives = application.expires_at.map(|end| exp.seconds.saturating_sub(end.seconds()));
        if let Some(by) = outlives.filter(|by| *by > 0) {
            return (Verdict::OutlivesApplication, Some(by));
        }
        match &decision.outcome {
            Outcome::Denied(_) => (Verdict::WouldBeDenied, None),
            Outcome::Granted(granted) => match exp.seconds.saturating_sub(granted.expires_at.seconds()) {
                0 => (Verdict::AsDecided, None),
                longer @ 1.. => (Verdict::Longer, Some(longer)),
                shorter => (Verdict::Shorter, Some(shorter.saturating_neg())),
            },
        }
    }

    /// What the policy can be asked about it, where it says enough.
    #[must_use]
    pub const fn request(&self) -> Option<&Request> {
        self.request.as_ref()
    }

    /// The profile explains a token that it would issue: with its lifetime, and its scopes where the token names any.
    fn issuer_verdict(&self, (_, issued): &Beside<'_>) -> IssuerVerdict {
        let explained = issued.as_ref().is_ok_and(|issued| {
            let same_scopes = self.scopes.as_ref().is_none_or(|scopes| *scopes == issued.scopes);
            same_scopes && self.exp.is_some_and(|exp| exp.seconds == issued.expires_at.seconds())
        });
        if explained { IssuerVerdict::AsProfile } else { IssuerVerdict::Unexplained }
    }
}

impl Check<'_> {
    /// Whether a decision was denied, or the token lives past the application's end: what a script has to hear of.
    #[must_use]
    pub fn is_alarming(&self) -> bool {
        self.verdict == Verdict::OutlivesApplication
            || self.decision.as_ref().is_some_and(|decision| matches!(decision.outcome, Outcome::Denied(_)))
    }
}

/// When a token says that it was issued: the instant that it is judged at.
#[must_use]
pub fn issued_at(decoded: &Decoded) -> Option<Instant> {
    Claims(decoded.claims()?).date("iat")?.instant()
}

fn known_or_first(names: Vec<String>, known: impl Fn(&str) -> bool) -> Option<String> {
    let place = names.iter().position(|name| known(name)).unwrap_or_default();
    names.into_iter().nth(place)
}
