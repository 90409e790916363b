//! A connection: where a remote registry is, how careful one is with it, and where its things lie on this disk.

use super::http::{Access, RemoteError, address};
use crate::registry::ProfileName;
use crate::token::Secret;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A remote registry that a person works with. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Its name, which is a folder's too.
    pub name: String,
    /// Which system, and where.
    pub vendor: Vendor,
    /// What is at stake.
    #[serde(default)]
    pub environment: Environment,
    /// What may be sent.
    #[serde(default)]
    pub access: Access,
    /// Whether the credentials are kept.
    #[serde(default)]
    pub credentials: Kept,
    /// The file of the overlay, where it is not the connection's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<PathBuf>,
    /// A file of certificate authorities (PEM) that are trusted beside the system's: a proxy's, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorities: Option<PathBuf>,
}

/// A system that issues tokens, with what is needed to find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Vendor {
    /// An Auth0 tenant.
    Auth0 {
        /// The canonical domain, `tenant.eu.auth0.com`: the audience of the Management API is made of it.
        domain: String,
        /// Where it is reached, where that is not `https://DOMAIN`: a proxy, or a stand-in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<String>,
        /// The application that may use the Management API.
        client_id: String,
        /// The keys of `client_metadata` that Tenure uses.
        #[serde(default)]
        metadata: MetadataKeys,
    },
    /// A service of Authlete 3.0.
    Authlete3 {
        /// The cluster: `https://us.authlete.com`, say.
        base: String,
        /// The service's id.
        service_id: String,
        /// The keys of a client's attributes that Tenure uses.
        #[serde(default)]
        attributes: AttributeKeys,
    },
    /// A service of Authlete 2.x.
    Authlete2 {
        /// `https://api.authlete.com`, or one's own server.
        base: String,
        /// The key of the service's owner.
        owner_key: String,
        /// The service's own key, which is its id too.
        service_key: String,
        /// The keys of a client's attributes that Tenure uses.
        #[serde(default)]
        attributes: AttributeKeys,
    },
}

/// The keys of Auth0's `client_metadata`, which holds ten. Those that are not set are read where a tenant has them under
/// their usual name, and never written: the overlay holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetadataKeys {
    /// The end of a trial.
    #[serde(default = "expires_at")]
    pub expires_at: String,
    /// Its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Whom to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Words to find it by, with spaces between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    /// The same in every registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

impl Default for MetadataKeys {
    fn default() -> Self {
        Self {
            expires_at: expires_at(),
            not_before: None,
            customer: None,
            contact: None,
            tags: None,
            external_id: None,
        }
    }
}

fn expires_at() -> String {
    "expires_at".to_owned()
}

/// The keys of an Authlete client's `attributes`, which is the free place there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttributeKeys {
    /// The end of a trial.
    pub expires_at: String,
    /// Its beginning.
    pub not_before: String,
    /// Whose it is.
    pub customer: String,
}

impl Default for AttributeKeys {
    fn default() -> Self {
        Self {
            expires_at: expires_at(),
            not_before: "not_before".to_owned(),
            customer: "customer".to_owned(),
        }
    }
}

/// What is at stake. In production an apply asks for the connection's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// One's own.
    #[default]
    Development,
    /// Colleagues' and testers'.
    Staging,
    /// Customers'.
    Production,
}

impl Environment {
    /// All of them, by what is at stake.
    pub const ALL: [Self; 3] = [Self::Development, Self::Staging, Self::Production];

    /// In words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Development => "Development",
            Self::Staging => "Staging",
            Self::Production => "Production",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        })
    }
}

impl FromStr for Environment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = Self::ALL.into_iter().find(|environment| environment.to_string() == text);
        named.ok_or_else(|| format!("`{text}` is no environment; use development, staging or production"))
    }
}

/// Where the credentials are between two starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// In the system's key store, or in a file that only their owner can read where the person chose that.
    #[default]
    Stored,
    /// Nowhere: they are asked for at each start.
    Asked,
}

/// What a connection signs in with: a client secret, an access token, or two API secrets.
#[derive(Debug)]
pub struct Credentials(Vec<Secret>);

impl Credentials {
    /// Credentials of these parts, in the order of [`Vendor::secrets`].
    #[must_use]
    pub fn new(parts: Vec<Secret>) -> Self {
        Self(parts)
    }

    /// One of the parts.
    #[must_use]
    pub fn part(&self, place: usize) -> Option<&Secret> {
        self.0.get(place)
    }

    /// As they are kept: a line each.
    #[must_use]
    pub fn to_secret(&self) -> Secret {
        Secret::new(self.0.iter().map(Secret::expose).collect::<Vec<_>>().join(&b'\n'))
    }

    /// As they were kept.
    #[must_use]
    pub fn from_secret(kept: &Secret) -> Self {
        Self(kept.expose().split(|byte| *byte == b'\n').map(|line| Secret::new(line.trim_ascii())).collect())
    }
}

impl Vendor {
    /// What the person is asked for.
    #[must_use]
    pub const fn secrets(&self) -> &'static [&'static str] {
        match self {
            Self::Auth0 { .. } => &["Client secret"],
            Self::Authlete3 { .. } => &["Access token"],
            Self::Authlete2 { .. } => &["Owner's secret", "Service's secret"],
        }
    }

    /// In words.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Auth0 { .. } => "Auth0 tenant",
            Self::Authlete3 { .. } => "Authlete 3.0 service",
            Self::Authlete2 { .. } => "Authlete 2.x service",
        }
    }

    /// What it issues, when nobody has chosen.
    #[must_use]
    pub const fn profile(&self) -> ProfileName {
        match self {
            Self::Auth0 { .. } => ProfileName::Auth0,
            Self::Authlete3 { .. } => ProfileName::Authlete3,
            Self::Authlete2 { .. } => ProfileName::Authlete2,
        }
    }

    /// The keys that are written.
    fn keys(&self) -> Vec<&str> {
        match self {
            Self::Auth0 { metadata, .. } => {
                let MetadataKeys { expires_at, not_before, customer, contact, tags, external_id } = metadata;
                let others = [not_before, customer, contact, tags, external_id];
                let others = others.into_iter().flatten().map(String::as_str);
                std::iter::once(expires_at.as_str()).chain(others).collect()
            }
            Self::Authlete3 { attributes, .. } | Self::Authlete2 { attributes, .. } => {
                let AttributeKeys { expires_at, not_before, customer } = attributes;
                vec![expires_at, not_before, customer]
            }
        }
    }

    /// The address that requests go to.
    #[must_use]
    pub fn base(&self) -> String {
        match self {
            Self::Auth0 { domain, base, .. } => base.clone().unwrap_or_else(|| format!("https://{domain}")),
            Self::Authlete3 { base, .. } | Self::Authlete2 { base, .. } => base.clone(),
        }
    }
}

impl Connection {
    /// Whether it can be used at all.
    ///
    /// # Errors
    /// A sentence: what, and what to do.
    pub fn check(&self) -> Result<(), RemoteError> {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let starts = self.name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !starts || self.name.len() > 48 || !self.name.chars().all(known) {
            let detail = "a name has letters, digits, `-`, `_` and `.`, at most 48, a letter or digit first"
                .to_owned();
            return Err(RemoteError::Address { url: self.name.clone(), detail });
        }
        address(&self.vendor.base())?;
        let missing = |what: &str| {
            let detail = format!("{what} is missing");
            Err(RemoteError::Address { url: self.name.clone(), detail })
        };
        let mut keys = self.vendor.keys();
        keys.sort_unstable();
        if let Some([key, ..]) = keys.windows(2).find(|pair| pair.first() == pair.last()) {
            let detail = format!("two fields are kept under the key `{key}`; give each a key of its own");
            return Err(RemoteError::Address { url: self.name.clone(), detail });
        }
        match &self.vendor {
            Vendor::Auth0 { domain, .. }
                if domain.is_empty() || domain.contains(['/', ' ', '@', '?', '#']) =>
            {
                let detail = "a domain is a host name, `tenant.eu.auth0.com`".to_owned();
                Err(RemoteError::Address { url: domain.clone(), detail })
            }
            Vendor::Auth0 { client_id, .. } if client_id.is_empty() => missing("the client id"),
            Vendor::Authlete3 { service_id, .. } if service_id.is_empty() => missing("the service id"),
            Vendor::Authlete2 { owner_key, .. } if owner_key.is_empty() => missing("the owner's key"),
            Vendor::Authlete2 { service_key, .. } if service_key.is_empty() => missing("the service's key"),
            _ => Ok(()),
        }
    }
}
