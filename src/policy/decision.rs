//! The answer to a request, with everything that led to it.

use crate::registry::Instant;
use serde::Serialize;
use std::fmt;

/// The answer. It borrows from the registry and the request, so that one costs two small lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'a> {
    /// Who asked.
    pub client_id: &'a str,
    /// For which API.
    pub audience: &'a str,
    /// Sorted: the effective scopes once all of them have passed, else those requested.
    pub scopes: Vec<&'a str>,
    /// When.
    pub issued_at: Instant,
    /// Granted or denied.
    pub outcome: Outcome<'a>,
}

/// Granted or denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// A token is issued.
    Granted(Granted<'a>),
    /// None is.
    Denied(Denied),
}

/// A lifetime and what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted<'a> {
    /// In seconds.
    pub lifetime: i64,
    /// When the token expires.
    pub expires_at: Instant,
    /// Every limit, in the order of SPEC §2.
    pub limits: Vec<Limit<'a>>,
    /// The place in `limits` of the one that decided: the first that equals the lifetime.
    pub binding: usize,
}

impl<'a> Granted<'a> {
    /// The limit that decided.
    #[must_use]
    pub fn binding(&self) -> Option<&Limit<'a>> {
        self.limits.get(self.binding)
    }
}

/// Something that limits a lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limit<'a> {
    /// What kind of setting.
    pub limit: LimitKind,
    /// Which one: the service's name, audience, scope, client id, guardrail or `request`.
    pub source: &'a str,
    /// Its seconds.
    pub seconds: i64,
    /// It takes no part, since a more specific one replaced it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub overridden: bool,
}

/// The kinds of limits, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// The API's duration.
    Api,
    /// The service's duration.
    Service,
    /// A scope's duration.
    Scope,
    /// The application's duration.
    Application,
    /// A guardrail's cap.
    Guardrail,
    /// The lifetime that was asked for.
    Requested,
    /// The time until the application's end.
    Expiry,
}

impl LimitKind {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Service => "service",
            Self::Scope => "scope",
            Self::Application => "application",
            Self::Guardrail => "guardrail",
            Self::Requested => "requested",
            Self::Expiry => "expiry",
        }
    }

    /// The word in the window.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Service => "Service",
            Self::Scope => "Scope",
            Self::Application => "Application",
            Self::Guardrail => "Guardrail",
            Self::Requested => "Requested",
            Self::Expiry => "Trial end",
        }
    }
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The check that failed.
    pub reason: Reason,
    /// A sentence for people.
    pub message: String,
}

/// The checks of SPEC §2, by what they say when they fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No application has this client id.
    UnknownApplication,
    /// It is suspended.
    Suspended,
    /// Its window has not begun.
    NotYetActive,
    /// Its window has ended.
    Expired,
    /// No API has this audience.
    UnknownApi,
    /// The application has no grant for the API.
    NotGranted,
    /// The API has no such scope.
    UnknownScope,
    /// The grant lacks the scope.
    ScopeNotGranted,
    /// A guardrail denies, or fails.
    Guardrail,
    /// Less than the service's shortest lifetime is left.
    TooShort,
}

impl Reason {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownApplication => "unknown_application",
            Self::Suspended => "suspended",
            Self::NotYetActive => "not_yet_active",
            Self::Expired => "expired",
            Self::UnknownApi => "unknown_api",
            Self::NotGranted => "not_granted",
            Self::UnknownScope => "unknown_scope",
            Self::ScopeNotGranted => "scope_not_granted",
            Self::Guardrail => "guardrail",
            Self::TooShort => "too_short",
        }
    }

    /// The error that a token endpoint would return.
    #[must_use]
    pub const fn error(self) -> OAuthError {
        match self {
            Self::UnknownApplication => OAuthError::InvalidClient,
            Self::Suspended | Self::NotYetActive | Self::Expired | Self::Guardrail | Self::TooShort => {
                OAuthError::UnauthorizedClient
            }
            Self::UnknownApi | Self::NotGranted => OAuthError::InvalidTarget,
            Self::UnknownScope | Self::ScopeNotGranted => OAuthError::InvalidScope,
        }
    }
}

/// Errors of a token endpoint: RFC 6749 §5.2, and RFC 8707 §2 for the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthError {
    /// The client is not known.
    InvalidClient,
    /// The client may not have this token.
    UnauthorizedClient,
    /// The API is not known, or not granted.
    InvalidTarget,
    /// The scope is not known, or not granted.
    InvalidScope,
}

impl OAuthError {
    /// The word of the RFC.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidScope => "invalid_scope",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Decision<'_> {
    /// The lifetime in seconds where a token is issued.
    #[must_use]
    pub fn lifetime(&self) -> Option<i64> {
        match &self.outcome {
            Outcome::Granted(granted) => Some(granted.lifetime),
            Outcome::Denied(_) => None,
        }
    }
}
