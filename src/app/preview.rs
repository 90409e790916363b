//! The question that the Preview screen answers.

use crate::policy::Request;
use crate::registry::{Duration, Instant, ProfileName, Registry};

/// What is asked; the instant is the clock's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Who asks.
    pub client_id: String,
    /// For which API.
    pub audience: String,
    /// Which scopes.
    pub scopes: Vec<String>,
    /// The lifetime asked for.
    pub requested: Option<Duration>,
    /// The issuer beside the policy; the registry's where none is chosen.
    pub profile: Option<ProfileName>,
    /// The curve shows the last minutes before the end.
    pub zoomed: bool,
}

impl Preview {
    /// The question about this application: its first grant, whole.
    #[must_use]
    pub fn about(registry: &Registry, client_id: &str, audience: Option<&str>) -> Self {
        let grant = registry.application(client_id).and_then(|application| {
            audience.and_then(|audience| application.grant(audience)).or(application.grants.first())
        });
        Self {
            client_id: client_id.to_owned(),
            audience: grant.map(|grant| grant.audience.clone()).or(audience.map(str::to_owned)).unwrap_or_default(),
            scopes: grant.map(|grant| grant.scopes.clone()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The request, at this instant.
    #[must_use]
    pub fn request(&self, at: Instant) -> Request {
        Request {
            client_id: self.client_id.clone(),
            audience: self.audience.clone(),
            scopes: self.scopes.clone(),
            at,
            requested_lifetime: self.requested,
        }
    }

    /// With this scope switched.
    #[must_use]
    pub fn toggled(&self, scope: &str) -> Self {
        let mut next = self.clone();
        if self.scopes.iter().any(|s| s == scope) {
            next.scopes.retain(|s| s != scope);
        } else {
            next.scopes.push(scope.to_owned());
            next.scopes.sort();
        }
        next
    }

    /// The same answer on the command line.
    #[must_use]
    pub fn command_line(&self, registry_file: &str, at: Instant, settings_then: bool, profile: ProfileName) -> String {
        let mut words = vec![
            "tenure".to_owned(),
            "preview".to_owned(),
            "--registry".to_owned(),
            quoted(registry_file),
            "--app".to_owned(),
            quoted(&self.client_id),
            "--api".to_owned(),
            quoted(&self.audience),
        ];
        for scope in &self.scopes {
            words.extend(["--scope".to_owned(), quoted(scope)]);
        }
        words.extend(["--at".to_owned(), at.to_string()]);
        if let Some(lifetime) = self.requested {
            words.extend(["--lifetime".to_owned(), lifetime.seconds().to_string()]);
        }
        words.extend(["--profile".to_owned(), profile.to_string()]);
        words.extend(["--settings".to_owned(), if settings_then { "then" } else { "today" }.to_owned()]);
        words.join(" ")
    }
}

/// Quotes a word for a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@,+=".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
