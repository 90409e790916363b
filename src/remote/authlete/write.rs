//! What has to be sent so that Authlete holds an entity as it should be. Updates carry the whole object as it was read,
//! unknown members among it, with what differs changed in it.

use super::map::{DURATION, attributes, client_id, requestable, text};
use crate::registry::{Api, Application, ApplicationStatus, Service};
use crate::remote::connection::AttributeKeys;
use crate::remote::written;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        match value {
            Value::Null => drop(members.remove(name)),
            value => drop(members.insert(name.to_owned(), value)),
        }
    }
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

/// A client's attributes as they should be: texts that say the same already stay as they are written, and in their place.
fn wanted_attributes(there: &Value, held: &Application, keys: &AttributeKeys) -> Vec<(String, String)> {
    let old = attributes(there);
    let text_of = |key: &str| old.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let mut wanted: BTreeMap<&str, String> =
        held.metadata.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    for (key, at) in [(&keys.expires_at, held.expires_at), (&keys.not_before, held.not_before)] {
        if let Some(at) = at {
            let same =
                text_of(key).filter(|text| written::read(text).is_some_and(|written| written.at == at));
            let text = same.map_or_else(|| written::in_form_of(at, text_of(key)), str::to_owned);
            wanted.insert(key, text);
        }
    }
    if !held.customer.is_empty() {
        wanted.insert(&keys.customer, held.customer.clone());
    }
    let mut list = Vec::new();
    let mut seen = Vec::new();
    for (key, value) in &old {
        match wanted.get(key.as_str()) {
            // A second one of the same key does not count, and is not ours to remove.
            Some(_) if seen.contains(key) => list.push((key.clone(), value.clone())),
            Some(text) => {
                list.push((key.clone(), text.clone()));
                seen.push(key.clone());
            }
            None => {}
        }
    }
    list.extend(
        wanted
            .into_iter()
            .filter(|(key, _)| !seen.iter().any(|seen| seen == key))
            .map(|(k, v)| (k.to_owned(), v)),
    );
    list
}

fn pairs(list: &[(String, String)]) -> Value {
    list.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

/// The client as it should be; nothing where it is so already.
pub(super) fn client(there: &Value, held: &Application, keys: &AttributeKeys) -> Option<Value> {
    let mut body = there.clone();
    if text(there, "clientName") != held.name {
        set(&mut body, "clientName", text_or_null(&held.name));
    }
    if text(there, "description") != held.notes {
        set(&mut body, "description", text_or_null(&held.notes));
    }
    let wanted = wanted_attributes(there, held, keys);
    if wanted != attributes(there) {
        set(&mut body, "attributes", pairs(&wanted));
    }
    let seconds = |value: &Value| {
        value.pointer("/extension/accessTokenDuration").and_then(Value::as_i64).filter(|seconds| *seconds > 0)
    };
    let duration = held.access_token_duration.map(|duration| duration.seconds());
    if seconds(there) != duration {
        let mut extension =
            there.get("extension").filter(|value| value.is_object()).cloned().unwrap_or_else(|| json!({}));
        set(&mut extension, "accessTokenDuration", json!(duration.unwrap_or(0)));
        set(&mut body, "extension", extension);
    }
    (body != *there).then_some(body)
}

/// A new client for machines. Authlete gives it its id.
pub(super) fn new_client(held: &Application, keys: &AttributeKeys) -> Value {
    let mut body = json!({
        "clientName": held.title(),
        "clientType": "CONFIDENTIAL",
        "grantTypes": ["CLIENT_CREDENTIALS"],
        "tokenAuthMethod": "CLIENT_SECRET_BASIC",
    });
    let wanted = wanted_attributes(&Value::Null, held, keys);
    if !wanted.is_empty() {
        set(&mut body, "attributes", pairs(&wanted));
    }
    if !held.notes.is_empty() {
        set(&mut body, "description", json!(held.notes));
    }
    if let Some(duration) = held.access_token_duration {
        set(&mut body, "extension", json!({ "accessTokenDuration": duration.seconds() }));
    }
    body
}

/// The lock that a client should have; nothing where it has it already.
pub(super) fn lock(there: &Value, held: &Application) -> Option<bool> {
    let wanted = held.status == ApplicationStatus::Suspended;
    (there.get("locked").and_then(Value::as_bool).unwrap_or(false) != wanted).then_some(wanted)
}

/// The scopes that a client should be able to ask for; nothing where it is so already.
pub(super) fn scopes(
    there: &Value,
    held: &Application,
    audience: &str,
    all: &[String],
) -> Option<Vec<String>> {
    let wanted = &held.grant(audience)?.scopes;
    let has = requestable(there).unwrap_or_else(|| all.to_vec());
    (*wanted != has).then(|| wanted.clone())
}

/// The service with the scopes and names that it should have; nothing where it is so already.
pub(super) fn with_api(there: &Value, held: &Api) -> Option<Value> {
    let old = there.get("supportedScopes").and_then(Value::as_array).cloned().unwrap_or_default();
    let wanted = held.scopes.iter().map(|scope| {
        let known = old.iter().find(|old| text(old, "name") == scope.name);
        let mut object = known.cloned().unwrap_or_else(|| json!({ "name": scope.name }));
        if text(&object, "description") != scope.description {
            set(&mut object, "description", text_or_null(&scope.description));
        }
        if object.get("defaultEntry").and_then(Value::as_bool).unwrap_or(false) != scope.default {
            set(&mut object, "defaultEntry", json!(scope.default));
        }
        with_duration(object, scope.access_token_duration.map(|duration| duration.seconds()))
    });
    let mut wanted: Vec<Value> = wanted.collect();
    // In the order that the service has, new ones at the end, so that nothing seems to change that does not.
    let place = |scope: &Value| {
        old.iter().position(|old| text(old, "name") == text(scope, "name")).unwrap_or(usize::MAX)
    };
    wanted.sort_by_key(place);
    let mut body = there.clone();
    if wanted != old {
        set(&mut body, "supportedScopes", Value::Array(wanted));
    }
    (body != *there).then_some(body)
}

/// A scope with this duration. One that is not set and was nothing that counts stays as it is written.
fn with_duration(mut scope: Value, seconds: Option<i64>) -> Value {
    let mut list = attributes(&scope);
    let place = list.iter().position(|(key, _)| key == DURATION);
    let counts = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_ok_and(|n| n > 0)
    };
    match (place, seconds) {
        (Some(place), Some(seconds)) => {
            if let Some((_, value)) = list.get_mut(place)
                && value.parse() != Ok(seconds)
            {
                *value = seconds.to_string();
            }
        }
        (Some(place), None) if list.get(place).is_some_and(|(_, value)| counts(value)) => {
            drop(list.remove(place))
        }
        (None, Some(seconds)) => list.push((DURATION.to_owned(), seconds.to_string())),
        _ => {}
    }
    if list != attributes(&scope) {
        set(&mut scope, "attributes", pairs(&list));
    }
    scope
}

/// The service with this name and duration; nothing where it is so already.
pub(super) fn with_service(there: &Value, held: &Service) -> Option<Value> {
    let mut body = there.clone();
    if text(there, "serviceName") != held.name {
        set(&mut body, "serviceName", json!(held.name));
    }
    let seconds = held.access_token_duration.seconds();
    let known = there.get("accessTokenDuration").and_then(Value::as_i64);
    // A duration that is undocumented is shown as a day, and stays until a person sets another.
    let shown =
        known.filter(|seconds| crate::registry::Duration::from_seconds(*seconds).is_ok()).unwrap_or(86_400);
    if shown != seconds {
        set(&mut body, "accessTokenDuration", json!(seconds));
    }
    (body != *there).then_some(body)
}

/// What names a client in a path.
pub(super) fn path_id(object: &Value) -> String {
    crate::remote::http::encoded(&client_id(object))
}

/// A body of one member.
pub(super) fn one(name: &str, value: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), value)]))
}
