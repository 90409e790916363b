//! What has the right shape but makes no sense: every problem at once, each with its place.

use super::misleads;
use super::{Api, Application, Grant, Guardrail, ProfileName, Registry, SavedView, Service, Template};
use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It works, but hardly as meant.
    Warning,
    /// It cannot work.
    Error,
}

/// One problem of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where: `applications[acme].grants[0].scopes[1]`.
    pub path: String,
    /// A word for programs, which stays the same.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// The longest lifetime that Auth0 takes for an API: thirty days.
const AUTH0_MAX: i64 = 2_592_000;

/// Says what is wrong with a text in a language that the registry itself does not know; nothing where it can be read.
pub type Reader<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Finds every problem: of the service first, then of APIs, applications, guardrails, saved views and templates, each by
/// id.
///
/// `cel` reads the expressions of guardrails, `filter` the filters of saved views.
#[must_use]
pub fn validate(registry: &Registry, cel: Reader<'_>, filter: Reader<'_>) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    findings.service(&registry.service);
    for api in registry.apis() {
        findings.api(api, &registry.service);
    }
    for application in registry.applications() {
        findings.application(application, registry);
    }
    for guardrail in registry.guardrails() {
        findings.guardrail(guardrail, registry, cel);
    }
    for view in registry.views() {
        findings.view(view, filter);
    }
    for template in registry.templates() {
        findings.template(template, registry);
    }
    findings.0
}

struct Findings(Vec<Finding>);

/// Whether a text can be an issuer identifier: an https URL with neither query nor fragment (RFC 8414 §2).
///
/// # Errors
/// A sentence where it cannot.
pub fn check_issuer(issuer: &str) -> Result<(), String> {
    let host = issuer.strip_prefix("https://").unwrap_or_default();
    let plain = !host.is_empty()
        && !host.starts_with(['/', ':', '?', '#'])
        && !issuer.contains(|c: char| c.is_whitespace() || c.is_control() || !c.is_ascii())
        && !host.contains(['?', '#']);
    match plain {
        true => Ok(()),
        false => Err(format!("`{issuer}` is not an issuer; use an https URL without query or fragment")),
    }
}

impl Findings {
    fn error(&mut self, path: String, code: &'static str, message: String) {
        self.0.push(Finding { severity: Severity::Error, path, code, message });
    }

    fn warning(&mut self, path: String, code: &'static str, message: String) {
        self.0.push(Finding { severity: Severity::Warning, path, code, message });
    }

    fn service(&mut self, service: &Service) {
        self.filled("service.name", &service.name, "empty_name");
        self.text("service.name", &service.name);
        if let Err(message) = check_issuer(&service.issuer) {
            self.error("service.issuer".to_owned(), "issuer_not_https", message);
        }
        if service.min_lifetime > service.access_token_duration {
            self.below_minimum("service.access_token_duration".to_owned(), service);
        }
    }

    fn api(&mut self, api: &Api, service: &Service) {
        let path = format!("apis[{}]", api.audience);
        self.filled(&format!("{path}.audience"), &api.audience, "empty_id");
        self.text(&format!("{path}.audience"), &api.audience);
        self.text(&format!("{path}.name"), &api.name);
        let auth0 = matches!(
            service.issuer_profile,
            ProfileName::Auth0 | ProfileName::Auth0Action | ProfileName::Auth0ActionStrict
        );
        if let Some(duration) = api.access_token_duration {
            let path = format!("{path}.access_token_duration");
            if auth0 && duration.seconds() > AUTH0_MAX {
                let message = format!("{duration} is more than Auth0 takes; set at most 30 d");
                self.error(path.clone(), "auth0_too_long", message);
            }
            if duration < service.min_lifetime {
                self.below_minimum(path, service);
            }
        }
        for (index, scope) in api.scopes.iter().enumerate() {
            let path = format!("{path}.scopes[{index}]");
            self.scope_name(&format!("{path}.name"), &scope.name);
            self.text(&format!("{path}.description"), &scope.description);
            if scope.access_token_duration.is_some_and(|duration| duration < service.min_lifetime) {
                self.below_minimum(format!("{path}.access_token_duration"), service);
            }
        }
    }

    fn application(&mut self, application: &Application, registry: &Registry) {
        let path = format!("applications[{}]", application.client_id);
        self.filled(&format!("{path}.client_id"), &application.client_id, "empty_id");
        for (field, text) in [
            ("client_id", &application.client_id),
            ("name", &application.name),
            ("customer", &application.customer),
            ("contact", &application.contact),
        ] {
            self.text(&format!("{path}.{field}"), text);
        }
        if let (Some(start), Some(end)) = (application.not_before, application.expires_at)
            && start >= end
        {
            let message =
                format!("it ends at {end}, not after its start at {start}; no token is ever granted");
            self.error(format!("{path}.expires_at"), "empty_window", message);
        }
        let minimum = registry.service.min_lifetime;
        if application.access_token_duration.is_some_and(|duration| duration < minimum) {
            self.below_minimum(format!("{path}.access_token_duration"), &registry.service);
        }
        self.grants(&path, &application.grants, registry);
    }

    fn grants(&mut self, path: &str, grants: &[Grant], registry: &Registry) {
        for (index, grant) in grants.iter().enumerate() {
            let path = format!("{path}.grants[{index}]");
            let Some(api) = registry.api(&grant.audience) else {
                let message = format!("there is no API `{}`; add it or remove the grant", grant.audience);
                self.error(format!("{path}.audience"), "unknown_api", message);
                continue;
            };
            for (index, scope) in grant.scopes.iter().enumerate().filter(|(_, s)| api.scope(s).is_none()) {
                let message =
                    format!("`{}` has no scope `{scope}`; add it or take it from the grant", grant.audience);
                self.error(format!("{path}.scopes[{index}]"), "unknown_scope", message);
            }
        }
    }

    fn guardrail(&mut self, rule: &Guardrail, registry: &Registry, cel: Reader<'_>) {
        let path = format!("guardrails[{}]", rule.name);
        self.filled(&format!("{path}.name"), &rule.name, "empty_id");
        self.text(&format!("{path}.name"), &rule.name);
        if let Some(message) = cel(&rule.when) {
            self.error(format!("{path}.when"), "cel", message);
        }
        if let super::Then::Cap(cap) = rule.then
            && cap < registry.service.min_lifetime
        {
            self.below_minimum(format!("{path}.then.cap"), &registry.service);
        }
    }

    fn view(&mut self, view: &SavedView, filter: Reader<'_>) {
        let path = format!("views[{}]", view.name);
        self.filled(&format!("{path}.name"), &view.name, "empty_id");
        self.text(&format!("{path}.name"), &view.name);
        if let Some(message) = filter(&view.filter) {
            self.error(format!("{path}.filter"), "filter", message);
        }
    }

    fn template(&mut self, template: &Template, registry: &Registry) {
        let path = format!("templates[{}]", template.name);
        self.filled(&format!("{path}.name"), &template.name, "empty_id");
        self.text(&format!("{path}.name"), &template.name);
        let minimum = registry.service.min_lifetime;
        if template.access_token_duration.is_some_and(|duration| duration < minimum) {
            self.below_minimum(format!("{path}.access_token_duration"), &registry.service);
        }
        self.grants(&path, &template.grants, registry);
    }

    fn below_minimum(&mut self, path: String, service: &Service) {
        let message = format!(
            "it is shorter than the service's minimum of {}; every token is denied",
            service.min_lifetime
        );
        self.warning(path, "below_min_lifetime", message);
    }

    fn filled(&mut self, path: &str, text: &str, code: &'static str) {
        if text.trim().is_empty() {
            self.error(path.to_owned(), code, "it is empty; give it a name".to_owned());
        }
    }

    /// RFC 6749 §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`.
    fn scope_name(&mut self, path: &str, name: &str) {
        let allowed = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if name.is_empty() || !name.bytes().all(allowed) {
            let message = format!(
                "`{}` is not a scope name; use ASCII without spaces, quotes or backslashes",
                name.escape_debug()
            );
            self.error(path.to_owned(), "scope_name", message);
        }
    }

    /// Characters that make a name look like another one.
    fn text(&mut self, path: &str, text: &str) {
        if let Some(c) = text.chars().find(|c| misleads(*c)) {
            let message = format!("it has an invisible character (U+{:04X}); remove it", u32::from(c));
            self.warning(path.to_owned(), "invisible_character", message);
        }
    }
}
