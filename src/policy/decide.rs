//! The one place that decides a lifetime (SPEC §2). Pure: no clock, no I/O, no panic.

use super::decision::{Decision, Denied, Granted, Limit, LimitKind, Outcome, Reason};
use super::facts::Facts;
use super::guardrail::{Compiled, Verdict};
use crate::registry::{
    Api, Application, ApplicationStatus, DefaultScopes, Duration, Grant, Instant, Registry, Service, Then,
    human,
};
use std::sync::Arc;

/// A registry whose guardrails are compiled, ready to decide.
#[derive(Debug, Clone)]
pub struct Policy {
    registry: Arc<Registry>,
    guardrails: Arc<[Compiled]>,
}

impl Policy {
    /// Compiles the enabled guardrails, once for any number of decisions.
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        let guardrails = registry
            .guardrails()
            .iter()
            .filter(|rule| rule.enabled)
            .map(|rule| Compiled::new(rule.clone()))
            .collect();
        Self { registry, guardrails }
    }

    /// What it decides by.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The enabled guardrails, by name.
    #[must_use]
    pub fn guardrails(&self) -> &[Compiled] {
        &self.guardrails
    }
}

/// A request for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub client_id: String,
    /// For which API.
    pub audience: String,
    /// Which scopes; order and repeats do not matter, none means the default ones.
    pub scopes: Vec<String>,
    /// When.
    pub at: Instant,
    /// The lifetime asked for.
    pub requested_lifetime: Option<Duration>,
}

/// Decides a request.
#[must_use]
pub fn decide<'a>(policy: &'a Policy, request: &'a Request) -> Decision<'a> {
    let application = policy.registry.application(&request.client_id);
    let api = policy.registry.api(&request.audience);
    let requested: Vec<&str> = request.scopes.iter().map(String::as_str).collect();
    let Some(application) = application else {
        let mut scopes = requested;
        normalise(&mut scopes);
        return Decision {
            client_id: &request.client_id,
            audience: &request.audience,
            scopes,
            issued_at: request.at,
            outcome: Outcome::Denied(Denied {
                reason: Reason::UnknownApplication,
                message: format!("no application has the client id `{}`", request.client_id),
            }),
        };
    };
    decide_for(
        policy,
        application,
        (&request.audience, api.map(Arc::as_ref)),
        requested,
        request.at,
        request.requested_lifetime,
    )
}

/// Decides for an application and an API that the caller has at hand, as a fleet or a matrix does.
#[must_use]
pub fn decide_for<'a>(
    policy: &'a Policy,
    application: &'a Application,
    (audience, api): (&'a str, Option<&'a Api>),
    mut scopes: Vec<&'a str>,
    at: Instant,
    requested_lifetime: Option<Duration>,
) -> Decision<'a> {
    normalise(&mut scopes);
    let registry: &'a Registry = &policy.registry;
    let result =
        window(application, at).and_then(|()| target(application, audience, api)).and_then(|(api, grant)| {
            check_scopes(api, grant, &scopes)?;
            if scopes.is_empty() {
                scopes = default_scopes(registry.service.default_scopes, api, grant);
            }
            lifetime(policy, application, api, &scopes, at, requested_lifetime)
        });
    Decision {
        client_id: &application.client_id,
        audience,
        scopes,
        issued_at: at,
        outcome: match result {
            Ok(granted) => Outcome::Granted(granted),
            Err(denied) => Outcome::Denied(denied),
        },
    }
}

fn normalise(scopes: &mut Vec<&str>) {
    scopes.sort_unstable();
    scopes.dedup();
}

/// Checks 2 to 4: it is active, and within its window.
fn window(application: &Application, at: Instant) -> Result<(), Denied> {
    check_active(application)?;
    check_window(application, at)
}

/// Checks 5 and 6: the API exists and is granted.
pub(super) fn target<'a>(
    application: &'a Application,
    audience: &str,
    api: Option<&'a Api>,
) -> Result<(&'a Api, &'a Grant), Denied> {
    let api =
        api.ok_or_else(|| deny(Reason::UnknownApi, || format!("no API has the audience `{audience}`")))?;
    let grant = application.grant(audience).ok_or_else(|| {
        deny(Reason::NotGranted, || {
            format!("application `{}` has no grant for `{audience}`", application.client_id)
        })
    })?;
    Ok((api, grant))
}

/// Finds one name after another in a list that mostly stands in the same order, whatever its order is.
#[derive(Default)]
struct InOrder(usize);

impl InOrder {
    fn find<'a, T>(&mut self, list: &'a [T], is: impl Fn(&T) -> bool) -> Option<&'a T> {
        let (before, after) = list.split_at_checked(self.0)?;
        let place = after.iter().position(&is).map(|place| place + before.len());
        let place = place.or_else(|| before.iter().position(&is))?;
        self.0 = place + 1;
        list.get(place)
    }
}

/// Checks 7 and 8: every requested scope exists, then every one is granted.
pub(super) fn check_scopes(api: &Api, grant: &Grant, scopes: &[&str]) -> Result<(), Denied> {
    let (mut defined, mut granted) = (InOrder::default(), InOrder::default());
    if let Some(scope) = scopes.iter().find(|name| defined.find(&api.scopes, |s| s.name == **name).is_none())
    {
        return Err(deny(Reason::UnknownScope, || format!("API `{}` has no scope `{scope}`", api.audience)));
    }
    match scopes.iter().find(|name| granted.find(&grant.scopes, |s| s == **name).is_none()) {
        Some(scope) => Err(deny(Reason::ScopeNotGranted, || {
            format!("scope `{scope}` of `{}` is not granted to this application", api.audience)
        })),
        None => Ok(()),
    }
}

/// What a request without a scope gets (RFC 6749 §3.3): only what the API still defines.
pub(super) fn default_scopes<'a>(rule: DefaultScopes, api: &'a Api, grant: &'a Grant) -> Vec<&'a str> {
    let mut granted = InOrder::default();
    let mut scopes: Vec<&str> = api
        .scopes
        .iter()
        .filter(|scope| rule == DefaultScopes::AllGranted || scope.default)
        .filter(|scope| granted.find(&grant.scopes, |s| *s == scope.name).is_some())
        .map(|scope| scope.name.as_str())
        .collect();
    scopes.sort_unstable();
    scopes
}

/// Checks 9 and 10, and the limits between them.
fn lifetime<'a>(
    policy: &'a Policy,
    application: &'a Application,
    api: &'a Api,
    scopes: &[&'a str],
    at: Instant,
    requested: Option<Duration>,
) -> Result<Granted<'a>, Denied> {
    let mut limits = settings(&policy.registry.service, application, api, scopes);
    if !policy.guardrails.is_empty() {
        let before =
            requested.map(Duration::seconds).into_iter().chain(shortest(&limits)).min().unwrap_or_default();
        let facts = Facts { application, api, scopes, now: at, lifetime: before };
        guardrails(&policy.guardrails, &facts, &mut limits)?;
    }
    let extra = |limit, source, seconds| Limit { limit, source, seconds, overridden: false };
    limits.extend(requested.map(|d| extra(LimitKind::Requested, "request", d.seconds())));
    limits.extend(
        application
            .expires_at
            .map(|end| extra(LimitKind::Expiry, application.client_id.as_str(), end.since(at))),
    );
    let lifetime = shortest(&limits).unwrap_or_default();
    let minimum = policy.registry.service.min_lifetime.seconds();
    if lifetime < minimum {
        return Err(deny(Reason::TooShort, || {
            format!(
                "only {} would be left; this service issues no token under {}",
                human(lifetime),
                human(minimum)
            )
        }));
    }
    let binding = limits.iter().position(|l| !l.overridden && l.seconds == lifetime).unwrap_or_default();
    Ok(Granted { lifetime, expires_at: at.plus(lifetime), limits, binding })
}

/// The limits that the registry's settings set by themselves, in the order of SPEC §2.
fn settings<'a>(
    service: &'a Service,
    application: &'a Application,
    api: &'a Api,
    scopes: &[&'a str],
) -> Vec<Limit<'a>> {
    let limit = |limit, source, seconds: Duration| Limit {
        limit,
        source,
        seconds: seconds.seconds(),
        overridden: false,
    };
    let service = limit(LimitKind::Service, service.name.as_str(), service.access_token_duration);
    let mut limits = Vec::with_capacity(scopes.len() + 5);
    match api.access_token_duration {
        Some(duration) => {
            limits.push(limit(LimitKind::Api, api.audience.as_str(), duration));
            limits.push(Limit { overridden: true, ..service });
        }
        None => limits.push(service),
    }
    let mut defined = InOrder::default();
    limits.extend(scopes.iter().filter_map(|name| {
        let scope = defined.find(&api.scopes, |s| s.name == **name)?;
        Some(limit(LimitKind::Scope, scope.name.as_str(), scope.access_token_duration?))
    }));
    limits.extend(
        application
            .access_token_duration
            .map(|d| limit(LimitKind::Application, application.client_id.as_str(), d)),
    );
    limits
}

/// The lifetime that settings alone allow, for those who ask what could have been issued at any instant.
pub(super) fn by_settings(service: &Service, application: &Application, api: &Api, scopes: &[&str]) -> i64 {
    shortest(&settings(service, application, api, scopes)).unwrap_or_default()
}

fn shortest(limits: &[Limit<'_>]) -> Option<i64> {
    limits.iter().filter(|l| !l.overridden).map(|l| l.seconds).min()
}

/// Check 9: the first rule by name that denies or fails speaks; the caps of the others become limits.
fn guardrails<'a>(
    rules: &'a [Compiled],
    facts: &Facts<'_>,
    limits: &mut Vec<Limit<'a>>,
) -> Result<(), Denied> {
    let context = facts.context(rules);
    for rule in rules {
        let name = rule.guardrail().name.as_str();
        match rule.evaluate(&context) {
            Verdict::Passes => {}
            Verdict::Fails(error) => {
                return Err(deny(Reason::Guardrail, || {
                    format!("guardrail `{name}` fails and so denies: {error}")
                }));
            }
            Verdict::Matches => match &rule.guardrail().then {
                Then::Deny(message) => {
                    return Err(deny(Reason::Guardrail, || format!("guardrail `{name}` denies: {message}")));
                }
                Then::Cap(cap) => limits.push(Limit {
                    limit: LimitKind::Guardrail,
                    source: name,
                    seconds: cap.seconds(),
                    overridden: false,
                }),
            },
        }
    }
    Ok(())
}

pub(super) fn deny(reason: Reason, message: impl FnOnce() -> String) -> Denied {
    Denied { reason, message: message() }
}

/// Check 2.
pub(super) fn check_active(application: &Application) -> Result<(), Denied> {
    match application.status {
        ApplicationStatus::Active => Ok(()),
        ApplicationStatus::Suspended => {
            Err(deny(Reason::Suspended, || format!("application `{}` is suspended", application.client_id)))
        }
    }
}

/// Checks 3 and 4.
pub(super) fn check_window(application: &Application, at: Instant) -> Result<(), Denied> {
    if let Some(start) = application.not_before.filter(|start| at < *start) {
        return Err(deny(Reason::NotYetActive, || {
            format!("application `{}` starts at {start}", application.client_id)
        }));
    }
    match application.expires_at.filter(|end| at >= *end) {
        Some(end) => {
            Err(deny(Reason::Expired, || format!("application `{}` ended at {end}", application.client_id)))
        }
        None => Ok(()),
    }
}
