//! Fragments for Authlete: for each API a service with its scopes and durations, and its clients with theirs.

use super::{Asked, ExportError, Exporter, Out, Selection, counted};
use crate::registry::{Api, Application, ApplicationStatus, Grant, Service};
use serde_json::{Value, json};

/// The attribute of a service that names the API that it stands for.
pub(crate) const AUDIENCE: &str = "audience";
/// The attribute of a scope that holds its duration.
pub(crate) const DURATION: &str = "access_token.duration";

/// `authlete.json`: a list of services, each with its clients.
#[derive(Debug)]
pub(super) struct Authlete;

impl Exporter for Authlete {
    fn notes(&self, asked: &Asked, selection: &Selection) -> Vec<String> {
        let registry = asked.registry();
        let mut notes = vec![
            "post a service's or client's members into what a fresh read gives: an update replaces the whole object"
                .to_owned(),
            "Authlete ignores the ends of trials; send accessTokenDuration with each token request to enforce them"
                .to_owned(),
        ];
        let rules = registry.guardrails().iter().filter(|rule| rule.enabled).count();
        if rules > 0 {
            notes.push(format!(
                "{} left out: Authlete does not know the policy's rules",
                counted(rules, "guardrail")
            ));
        }
        let suspended =
            selection.of(registry).filter(|app| app.status == ApplicationStatus::Suspended).count();
        if suspended > 0 {
            let suspended = counted(suspended, "suspended application");
            notes.push(format!(
                "{suspended} marked locked: only the call lock_flag/update locks a client, an update does not"
            ));
        }
        if registry.apis().len() > 1 {
            let services = counted(registry.apis().len(), "service");
            notes.push(format!(
                "{services}, since one stands for one API; a client of several APIs stands in each"
            ));
        }
        let homeless = selection
            .of(registry)
            .filter(|app| !app.grants.iter().any(|grant| registry.api(&grant.audience).is_some()));
        let homeless = homeless.count();
        if homeless > 0 {
            let homeless = counted(homeless, "application");
            notes.push(format!("{homeless} left out: a client belongs to a service, and none is granted"));
        }
        notes
    }

    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        let registry = asked.registry();
        out.file("authlete.json")?;
        let mut before = "[";
        for api in registry.apis() {
            out.text(&format!(
                "{before}\n  {{\n    \"service\": {},\n    \"clients\": ",
                indented(&service(&registry.service, api))
            ))?;
            before = ",";
            let mut between = "[";
            for application in selection.of(registry) {
                if let Some(grant) = application.grant(&api.audience) {
                    out.text(&format!("{between}\n      {}", indented(&client(application, grant))))?;
                    between = ",";
                }
                out.step()?;
            }
            out.text(if between == "[" { "[]" } else { "\n    ]" })?;
            out.text("\n  }")?;
        }
        out.text(if before == "[" { "[]\n" } else { "\n]\n" })
    }
}

fn indented(value: &Value) -> String {
    format!("{value:#}").replace('\n', "\n      ")
}

fn pair(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": value })
}

pub(crate) fn service(service: &Service, api: &Api) -> Value {
    let mut scopes: Vec<_> = api.scopes.iter().collect();
    scopes.sort_by(|a, b| a.name.cmp(&b.name));
    let scopes = scopes.into_iter().map(|scope| {
        let duration = scope.access_token_duration.map(|d| pair(DURATION, &d.seconds().to_string()));
        json!({
            "name": scope.name,
            "description": scope.description,
            "defaultEntry": scope.default,
            "attributes": Vec::from_iter(duration),
        })
    });
    json!({
        "serviceName": api.title(),
        "issuer": service.issuer,
        "accessTokenDuration": api.access_token_duration.unwrap_or(service.access_token_duration),
        "clientIdAliasEnabled": true,
        "supportedGrantTypes": ["CLIENT_CREDENTIALS"],
        "supportedScopes": scopes.collect::<Vec<_>>(),
        "attributes": [pair(AUDIENCE, &api.audience)],
    })
}

pub(crate) fn client(application: &Application, grant: &Grant) -> Value {
    let instant = |at: Option<crate::registry::Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    let own = [
        ("expires_at", instant(application.expires_at)),
        ("not_before", instant(application.not_before)),
        ("external_id", application.external_id.clone().unwrap_or_default()),
        ("customer", application.customer.clone()),
        ("tags", application.tags.join(" ")),
    ];
    let is_own = |key: &str| own.iter().any(|(name, _)| *name == key);
    let others = application.metadata.iter().filter(|(key, _)| !is_own(key));
    let attributes = own.iter().map(|(key, value)| (*key, value.as_str())).filter(|(_, v)| !v.is_empty());
    let attributes = attributes.chain(others.map(|(key, value)| (key.as_str(), value.as_str())));
    let attributes: Vec<Value> = attributes.map(|(key, value)| pair(key, value)).collect();
    let mut extension = json!({ "requestableScopes": grant.scopes, "requestableScopesEnabled": true });
    if let (Some(members), Some(duration)) = (extension.as_object_mut(), application.access_token_duration) {
        members.insert("accessTokenDuration".to_owned(), json!(duration));
    }
    let contacts: Vec<&str> =
        Some(application.contact.as_str()).filter(|c| !c.is_empty()).into_iter().collect();
    json!({
        "clientIdAlias": application.client_id,
        "clientIdAliasEnabled": true,
        "clientName": application.name,
        "description": application.notes,
        "contacts": contacts,
        "clientType": "CONFIDENTIAL",
        "grantTypes": ["CLIENT_CREDENTIALS"],
        "locked": application.status == ApplicationStatus::Suspended,
        "extension": extension,
        "attributes": attributes,
    })
}
