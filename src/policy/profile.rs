//! What a real authorization server does with the same registry (SPEC §3).

use super::decide::{
    Policy, Request, check_active, check_scopes, check_window, decide, default_scopes, target,
};
use super::decision::{Denied, Outcome, Reason};
use crate::registry::{Api, Application, DefaultScopes, Duration, Grant, Instant, ProfileName, Service};

/// A token that the system would issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued<'a> {
    /// Its scopes, sorted.
    pub scopes: Vec<&'a str>,
    /// Its lifetime in seconds.
    pub lifetime: i64,
    /// When it expires.
    pub expires_at: Instant,
    /// Seconds that it lives past the application's end; absent where that has none.
    pub overrun: Option<i64>,
}

/// Why the system would issue none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IssuerDenial {
    /// One of the policy's checks, which this system makes too.
    Check(Reason),
    /// The strict Action: the token would end after the application's end.
    WouldOutlive,
}

impl IssuerDenial {
    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Check(reason) => reason.as_str(),
            Self::WouldOutlive => "would_outlive",
        }
    }
}

impl From<Denied> for IssuerDenial {
    fn from(denied: Denied) -> Self {
        Self::Check(denied.reason)
    }
}

/// What the system of this profile does with a request.
///
/// # Errors
/// [`IssuerDenial`] where it issues no token.
pub fn issue<'a>(
    profile: ProfileName,
    policy: &'a Policy,
    request: &'a Request,
) -> Result<Issued<'a>, IssuerDenial> {
    if profile == ProfileName::Tenure {
        return by_policy(policy, request);
    }
    let registry = policy.registry();
    let application =
        registry.application(&request.client_id).ok_or(IssuerDenial::Check(Reason::UnknownApplication))?;
    let api = registry.api(&request.audience).map(AsRef::as_ref);
    let scopes = request.scopes.iter().map(String::as_str).collect();
    let target = (request.audience.as_str(), api);
    by_system(profile, policy, application, target, scopes, request.at, request.requested_lifetime)
}

/// The same for an application and an API at hand; the profile is another than the policy's own.
pub(super) fn by_system<'a>(
    profile: ProfileName,
    policy: &'a Policy,
    application: &'a Application,
    (audience, api): (&'a str, Option<&'a Api>),
    requested: Vec<&'a str>,
    at: Instant,
    requested_lifetime: Option<Duration>,
) -> Result<Issued<'a>, IssuerDenial> {
    check_active(application)?;
    if matches!(profile, ProfileName::Auth0Action | ProfileName::Auth0ActionStrict) {
        check_window(application, at)?;
    }
    let (api, grant) = target(application, audience, api)?;
    let scopes = scopes(profile, api, grant, requested)?;
    let service = &policy.registry().service;
    let lifetime = lifetime(profile, service, application, api, &scopes, requested_lifetime).seconds();
    let expires_at = at.plus(lifetime);
    if profile == ProfileName::Auth0ActionStrict && application.expires_at.is_some_and(|end| expires_at > end)
    {
        return Err(IssuerDenial::WouldOutlive);
    }
    Ok(Issued { scopes, lifetime, expires_at, overrun: overrun(application, expires_at) })
}

fn by_policy<'a>(policy: &'a Policy, request: &'a Request) -> Result<Issued<'a>, IssuerDenial> {
    let decision = decide(policy, request);
    match decision.outcome {
        Outcome::Granted(granted) => Ok(Issued {
            scopes: decision.scopes,
            lifetime: granted.lifetime,
            expires_at: granted.expires_at,
            overrun: policy
                .registry()
                .application(&request.client_id)
                .and_then(|application| overrun(application, granted.expires_at)),
        }),
        Outcome::Denied(denied) => Err(denied.into()),
    }
}

pub(super) fn overrun(application: &Application, expires_at: Instant) -> Option<i64> {
    application.expires_at.map(|end| expires_at.since(end).max(0))
}

/// Auth0 gives every granted scope, whatever was requested; the others what was requested, or the marked ones.
fn scopes<'a>(
    profile: ProfileName,
    api: &'a Api,
    grant: &'a Grant,
    mut scopes: Vec<&'a str>,
) -> Result<Vec<&'a str>, Denied> {
    if is_auth0(profile) {
        return Ok(default_scopes(DefaultScopes::AllGranted, api, grant));
    }
    scopes.sort_unstable();
    scopes.dedup();
    check_scopes(api, grant, &scopes)?;
    Ok(if scopes.is_empty() { default_scopes(DefaultScopes::Marked, api, grant) } else { scopes })
}

/// The lifetime that this system gives a token of these scopes, wherever it issues one.
pub(super) fn lifetime(
    profile: ProfileName,
    service: &Service,
    application: &Application,
    api: &Api,
    scopes: &[&str],
    requested: Option<Duration>,
) -> Duration {
    let service = service.access_token_duration;
    let by_scope = || scopes.iter().filter_map(|name| api.scope(name)?.access_token_duration).min();
    let own = application.access_token_duration;
    match profile {
        ProfileName::Authlete2 => requested.unwrap_or_else(|| {
            [Some(service), by_scope(), own].into_iter().flatten().min().unwrap_or(service)
        }),
        ProfileName::Authlete3 => requested.or(own).or_else(by_scope).unwrap_or(service),
        ProfileName::Hydra => own.unwrap_or(service),
        // Auth0 knows only the API's lifetime and its own default of a day, which no service setting changes.
        _ => api.access_token_duration.unwrap_or(Duration::DAY),
    }
}

pub(super) const fn is_auth0(profile: ProfileName) -> bool {
    matches!(profile, ProfileName::Auth0 | ProfileName::Auth0Action | ProfileName::Auth0ActionStrict)
}
