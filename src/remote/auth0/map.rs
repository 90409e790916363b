//! An Auth0 tenant's objects as the entities of a registry, without what only the overlay knows.

use crate::registry::{Api, Application, DefaultScopes, Duration, Grant, ProfileName, Scope, Service};
use crate::remote::connection::MetadataKeys;
use crate::remote::written;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The usual names of the keys of `client_metadata`, under which they are read where the person chose none.
const USUAL: [&str; 5] = ["not_before", "customer", "contact", "tags", "external_id"];

/// A key of `client_metadata`, and whether it may be written.
pub(super) struct Key<'a> {
    pub(super) name: &'a str,
    pub(super) writes: bool,
}

/// The keys, in the order `expires_at`, then as [`USUAL`].
pub(super) fn keys(keys: &MetadataKeys) -> [Key<'_>; 6] {
    let chosen = [&keys.not_before, &keys.customer, &keys.contact, &keys.tags, &keys.external_id];
    let mut all = chosen.into_iter().zip(USUAL).map(|(chosen, usual)| match chosen {
        Some(name) => Key { name, writes: true },
        None => Key { name: usual, writes: false },
    });
    let mut next = || all.next().unwrap_or(Key { name: "", writes: false });
    [Key { name: &keys.expires_at, writes: true }, next(), next(), next(), next(), next()]
}

/// Whether a client is an application for machines: only those are edited, the others are counted.
pub(super) fn is_application(client: &Value) -> bool {
    let global = client.get("global").and_then(Value::as_bool).unwrap_or(false);
    let grants = client.get("grant_types").and_then(Value::as_array);
    let machine = match grants {
        Some(grants) => grants.iter().any(|grant| grant == "client_credentials"),
        None => client.get("app_type").and_then(Value::as_str) == Some("non_interactive"),
    };
    machine && !global
}

pub(super) fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The service that a tenant is.
pub(super) fn service(domain: &str) -> Service {
    Service {
        name: domain.to_owned(),
        issuer: format!("https://{domain}/"),
        default_scopes: DefaultScopes::AllGranted,
        issuer_profile: ProfileName::Auth0,
        ..Service::default()
    }
}

/// A resource server; nothing for the Management API itself.
pub(super) fn api(server: &Value, notes: &mut Vec<String>) -> Option<Api> {
    if server.get("is_system").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let audience = text(server, "identifier");
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    for scope in server.get("scopes").and_then(Value::as_array).into_iter().flatten() {
        let scope =
            Scope { name: text(scope, "value"), description: text(scope, "description"), ..Scope::default() };
        scopes.entry(scope.name.clone()).or_insert(scope);
    }
    let seconds = server.get("token_lifetime").and_then(Value::as_i64);
    let duration = seconds.and_then(|seconds| Duration::from_seconds(seconds).ok());
    if let (Some(seconds), None) = (seconds, duration) {
        notes.push(format!("{audience}: the token lifetime {seconds} is none, so Auth0's default counts"));
    }
    Some(Api {
        name: text(server, "name"),
        access_token_duration: duration,
        scopes: scopes.into_values().collect(),
        audience,
    })
}

/// A client with its grants; scopes of a grant of everything are those that the API has now.
pub(super) fn application(
    client: &Value,
    grants: Vec<Grant>,
    named: &MetadataKeys,
    notes: &mut Vec<String>,
) -> Application {
    let client_id = text(client, "client_id");
    let mut metadata = metadata(client);
    let [expires_at, not_before, customer, contact, tags, external_id] = keys(named);
    let mut instant = |key: Key<'_>, metadata: &mut BTreeMap<String, String>| {
        let value = metadata.get(key.name)?;
        let read = written::read(value);
        match read {
            Some(read) if read.unusual => {
                notes.push(format!("{client_id}: `{value}` in `{}` is read as {}", key.name, read.at));
            }
            None if written::lacks_zone(value) => {
                notes.push(format!(
                    "{client_id}: `{value}` in `{}` has no zone, so it counts as not set",
                    key.name
                ));
            }
            None => notes.push(format!(
                "{client_id}: `{value}` in `{}` is no instant, so it counts as not set",
                key.name
            )),
            Some(_) => {}
        }
        // What cannot be read stays among the metadata, where it is seen.
        metadata.remove(read.map(|_| key.name)?);
        read.map(|read| read.at)
    };
    let (expires_at, not_before) = (instant(expires_at, &mut metadata), instant(not_before, &mut metadata));
    let mut word = |key: Key<'_>| metadata.remove(key.name).unwrap_or_default();
    let (customer, contact, tags, external_id) =
        (word(customer), word(contact), word(tags), word(external_id));
    Application {
        name: text(client, "name"),
        notes: text(client, "description"),
        customer,
        contact,
        tags: tags.split_whitespace().map(str::to_owned).collect(),
        external_id: Some(external_id).filter(|id| !id.is_empty()),
        not_before,
        expires_at,
        grants,
        metadata,
        client_id,
        ..Application::default()
    }
    .normalised()
}

/// In which forms the dates of a client are written; nothing where all are RFC 3339, as they mostly are.
pub(super) fn forms(client: &Value, named: &MetadataKeys) -> Option<Vec<Option<written::Form>>> {
    let [expires_at, not_before, ..] = keys(named);
    let texts = [expires_at, not_before].map(|key| client.get("client_metadata")?.get(key.name)?.as_str());
    let forms: Vec<_> = texts.into_iter().flatten().map(written::strict).collect();
    forms.iter().any(|form| *form != Some(written::Form::Rfc3339)).then_some(forms)
}

/// The texts of `client_metadata`.
pub(super) fn metadata(client: &Value) -> BTreeMap<String, String> {
    let members = client.get("client_metadata").and_then(Value::as_object);
    let texts = members.into_iter().flat_map(Map::iter);
    texts.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// A client grant as a grant; nothing for one that is for users, or for an API that is not edited.
pub(super) fn grant(grant: &Value, scopes_of: &dyn Fn(&str) -> Option<Vec<String>>) -> Option<Grant> {
    if grant.get("subject_type").and_then(Value::as_str) == Some("user") {
        return None;
    }
    let audience = text(grant, "audience");
    let all = scopes_of(&audience)?;
    let scopes = if grant.get("allow_all_scopes").and_then(Value::as_bool) == Some(true) {
        all
    } else {
        let named = grant.get("scope").and_then(Value::as_array).into_iter().flatten();
        named.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Some(Grant { audience, scopes })
}
