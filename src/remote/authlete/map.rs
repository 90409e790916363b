//! An Authlete service and its clients as the entities of a registry, without what only the overlay knows.

use crate::registry::{
    Api, Application, ApplicationStatus, DefaultScopes, Duration, Grant, ProfileName, Scope, Service,
};
use crate::remote::connection::AttributeKeys;
use crate::remote::written;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The attribute of a scope that holds the lifetime of access tokens.
pub(super) const DURATION: &str = "access_token.duration";

pub(super) fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A client's id, a 64-bit number.
pub(super) fn client_id(client: &Value) -> String {
    match client.get("clientId") {
        Some(Value::Number(id)) => id.to_string(),
        Some(Value::String(id)) => id.clone(),
        _ => String::new(),
    }
}

/// Whether a client is for machines: only those are edited, the others are counted.
pub(super) fn is_application(client: &Value) -> bool {
    let grants = client.get("grantTypes").and_then(Value::as_array).into_iter().flatten();
    grants.into_iter().any(|grant| grant == "CLIENT_CREDENTIALS")
}

/// Whether this is the view of the service that a token limited to clients gets: it must never be posted back.
pub(super) fn is_reduced(service: &Value) -> bool {
    service.get("supportedScopes").is_none() && service.get("accessTokenDuration").is_none()
}

pub(super) fn audience(service: &Value, id: &str) -> String {
    match text(service, "issuer") {
        issuer if issuer.is_empty() => format!("urn:authlete:service:{id}"),
        issuer => issuer,
    }
}

pub(super) fn service(value: &Value, profile: ProfileName, notes: &mut Vec<String>) -> Service {
    let seconds = value.get("accessTokenDuration").and_then(Value::as_i64);
    let duration = seconds.and_then(|seconds| Duration::from_seconds(seconds).ok());
    if let (Some(seconds), None) = (seconds, duration) {
        notes.push(format!("the service's access token duration {seconds} is undocumented; a day is shown"));
    }
    Service {
        name: text(value, "serviceName"),
        issuer: text(value, "issuer"),
        access_token_duration: duration.unwrap_or(Duration::DAY),
        default_scopes: DefaultScopes::Marked,
        issuer_profile: profile,
        ..Service::default()
    }
}

/// The one API that stands for the service.
pub(super) fn api(value: &Value, id: &str, notes: &mut Vec<String>) -> Api {
    let mut scopes = BTreeMap::new();
    for scope in value.get("supportedScopes").and_then(Value::as_array).into_iter().flatten() {
        let name = text(scope, "name");
        let read = Scope {
            description: text(scope, "description"),
            access_token_duration: duration_of(scope, &name, notes),
            default: scope.get("defaultEntry").and_then(Value::as_bool).unwrap_or(false),
            name: name.clone(),
        };
        scopes.entry(name).or_insert(read);
    }
    Api {
        audience: audience(value, id),
        name: text(value, "serviceName"),
        access_token_duration: None,
        scopes: scopes.into_values().collect(),
    }
}

/// A scope's duration: digits that are positive count, anything else is not set. Of two the first counts.
fn duration_of(scope: &Value, name: &str, notes: &mut Vec<String>) -> Option<Duration> {
    let all = attributes(scope);
    let mut values = all.iter().filter(|(key, _)| key == DURATION).map(|(_, value)| value.as_str());
    let first = values.next()?;
    if values.next().is_some() {
        notes.push(format!("scope {name}: `{DURATION}` stands there twice; the first counts"));
    }
    let digits = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    let read = first.parse().ok().filter(|_| digits).and_then(|seconds| Duration::from_seconds(seconds).ok());
    if read.is_none() {
        notes.push(format!(
            "scope {name}: the duration `{first}` is no positive whole number, so it counts as not set"
        ));
    }
    read
}

/// The pairs of `attributes`, in their order.
pub(super) fn attributes(value: &Value) -> Vec<(String, String)> {
    let list = value.get("attributes").and_then(Value::as_array).into_iter().flatten();
    list.map(|pair| (text(pair, "key"), text(pair, "value"))).collect()
}

/// The scopes that a client may ask for; nothing where it may ask for all.
pub(super) fn requestable(client: &Value) -> Option<Vec<String>> {
    let extension = client.get("extension")?;
    if extension.get("requestableScopesEnabled").and_then(Value::as_bool) != Some(true) {
        return None;
    }
    let list = extension.get("requestableScopes").and_then(Value::as_array)?;
    let mut scopes: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    scopes.sort();
    scopes.dedup();
    Some(scopes)
}

/// A client; one that may ask for everything is granted every scope of the service.
pub(super) fn application(
    client: &Value,
    audience: &str,
    scopes: &[String],
    keys: &AttributeKeys,
    notes: &mut Vec<String>,
) -> Application {
    let client_id = client_id(client);
    let mut metadata = BTreeMap::new();
    for (key, value) in attributes(client) {
        match metadata.entry(key) {
            Entry::Vacant(free) => drop(free.insert(value)),
            Entry::Occupied(taken) => notes.push(format!(
                "{client_id}: the attribute `{}` stands there twice; the first counts",
                taken.key()
            )),
        }
    }
    let mut instant = |key: &str| {
        let value = metadata.get(key)?;
        let read = written::read(value);
        match read {
            None => notes.push(format!(
                "{client_id}: `{value}` in `{key}` is no instant with a zone, so it counts as not set"
            )),
            Some(read) if read.unusual => {
                notes.push(format!("{client_id}: `{value}` in `{key}` is read as {}", read.at))
            }
            Some(_) => {}
        }
        metadata.remove(read.map(|_| key)?);
        read.map(|read| read.at)
    };
    let (expires_at, not_before) = (instant(&keys.expires_at), instant(&keys.not_before));
    let seconds = client.pointer("/extension/accessTokenDuration").and_then(Value::as_i64).filter(|s| *s > 0);
    Application {
        name: text(client, "clientName"),
        notes: text(client, "description"),
        customer: metadata.remove(&keys.customer).unwrap_or_default(),
        status: match client.get("locked").and_then(Value::as_bool) {
            Some(true) => ApplicationStatus::Suspended,
            _ => ApplicationStatus::Active,
        },
        not_before,
        expires_at,
        access_token_duration: seconds.and_then(|seconds| Duration::from_seconds(seconds).ok()),
        grants: vec![Grant {
            audience: audience.to_owned(),
            scopes: requestable(client).unwrap_or_else(|| scopes.to_vec()),
        }],
        metadata,
        client_id,
        ..Application::default()
    }
    .normalised()
}
