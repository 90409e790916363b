//! The service: what every API shares.

use super::Duration;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The authorization server that the registry describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name, as people call it.
    pub name: String,
    /// Its issuer identifier, a URL (RFC 8414), as in the `iss` claim.
    pub issuer: String,
    /// The lifetime of tokens of APIs that set none.
    #[serde(default = "day", skip_serializing_if = "is_day")]
    pub access_token_duration: Duration,
    /// The shortest lifetime that is worth issuing: below it a request is denied.
    #[serde(default = "second", skip_serializing_if = "is_second")]
    pub min_lifetime: Duration,
    /// What a request without a scope gets (RFC 6749 §3.3).
    #[serde(default, skip_serializing_if = "DefaultScopes::is_default")]
    pub default_scopes: DefaultScopes,
    /// The system that issues the real tokens.
    #[serde(default, skip_serializing_if = "ProfileName::is_default")]
    pub issuer_profile: ProfileName,
    /// The id of the key that mints samples.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::application::set")]
    pub signing_key: Option<String>,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            name: String::new(),
            issuer: String::new(),
            access_token_duration: Duration::DAY,
            min_lifetime: Duration::MIN,
            default_scopes: DefaultScopes::default(),
            issuer_profile: ProfileName::default(),
            signing_key: None,
        }
    }
}

fn day() -> Duration {
    Duration::DAY
}
fn is_day(duration: &Duration) -> bool {
    *duration == Duration::DAY
}
fn second() -> Duration {
    Duration::MIN
}
fn is_second(duration: &Duration) -> bool {
    *duration == Duration::MIN
}

/// What a request without a scope gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultScopes {
    /// The granted scopes that are marked `default`.
    #[default]
    Marked,
    /// Every granted scope.
    AllGranted,
}

impl DefaultScopes {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A real authorization server whose behaviour is known (SPEC §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProfileName {
    /// The policy itself.
    #[default]
    Tenure,
    /// Auth0: the lifetime is the API's, and trials are ignored.
    Auth0,
    /// Auth0 with an Action that denies outside the application's window.
    Auth0Action,
    /// The same Action, which also denies what would outlive the window.
    Auth0ActionStrict,
    /// Authlete 2.x: the shortest of service, scopes and client.
    #[serde(rename = "authlete-2")]
    Authlete2,
    /// Authlete 3.0: the client's, else the shortest scope's, else the service's.
    #[serde(rename = "authlete-3")]
    Authlete3,
    /// Ory Hydra: the client's, else the service's.
    Hydra,
}

impl ProfileName {
    /// Every profile, in the order in which the window lists them.
    pub const ALL: [Self; 7] = [
        Self::Tenure,
        Self::Auth0,
        Self::Auth0Action,
        Self::Auth0ActionStrict,
        Self::Authlete2,
        Self::Authlete3,
        Self::Hydra,
    ];

    /// The name in files and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tenure => "tenure",
            Self::Auth0 => "auth0",
            Self::Auth0Action => "auth0-action",
            Self::Auth0ActionStrict => "auth0-action-strict",
            Self::Authlete2 => "authlete-2",
            Self::Authlete3 => "authlete-3",
            Self::Hydra => "hydra",
        }
    }

    /// The name in the window.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tenure => "Tenure policy",
            Self::Auth0 => "Auth0",
            Self::Auth0Action => "Auth0 + Action",
            Self::Auth0ActionStrict => "Auth0 + strict Action",
            Self::Authlete2 => "Authlete 2",
            Self::Authlete3 => "Authlete 3",
            Self::Hydra => "Ory Hydra",
        }
    }

    /// Its rule for the lifetime in a few words.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Tenure => "shortest limit, never past the end",
            Self::Auth0 => "the API's lifetime; goes on after the end",
            Self::Auth0Action => "the API's lifetime; stops at the end",
            Self::Auth0ActionStrict => "the API's lifetime; denies what would outlive the end",
            Self::Authlete2 => "shortest of service, scopes and client",
            Self::Authlete3 => "client, else shortest scope, else service",
            Self::Hydra => "client, else service",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProfileName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|p| p.as_str() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|p| p.as_str()).collect();
            format!("`{text}` is not an issuer profile; use one of {}", names.join(", "))
        })
    }
}
