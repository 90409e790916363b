//! What has to be sent so that an Auth0 tenant holds an entity as it should be: only members that differ.

use super::map::{keys, metadata, text};
use crate::registry::{Api, Application, ApplicationStatus};
use crate::remote::connection::MetadataKeys;
use crate::remote::http::encoded;
use crate::remote::object::Write;
use crate::remote::written;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The longest lifetime of an API's tokens, in seconds.
const LONGEST: i64 = 2_592_000;
/// So many keys, and so many characters of a key or value, hold `client_metadata`.
const KEYS: usize = 10;
const CHARACTERS: usize = 255;

/// What the tenant will hold of an application: not what only the overlay can.
pub(super) fn held(bare: &Application, mine: &Application, named: &MetadataKeys) -> Application {
    let [_, not_before, customer, contact, tags, external_id] = keys(named);
    let mut held = mine.clone();
    held.status = ApplicationStatus::Active;
    held.access_token_duration = None;
    // There is no flag that disables a client: one without grants gets no tokens.
    if mine.status == ApplicationStatus::Suspended {
        held.grants = Vec::new();
    }
    if !not_before.writes {
        held.not_before = bare.not_before;
    }
    if !customer.writes {
        held.customer.clone_from(&bare.customer);
    }
    if !contact.writes {
        held.contact.clone_from(&bare.contact);
    }
    if !tags.writes {
        held.tags.clone_from(&bare.tags);
    }
    if !external_id.writes {
        held.external_id.clone_from(&bare.external_id);
    }
    held
}

/// Why a tenant would not take an application, before it is asked.
pub(super) fn refusal(mine: &Application, named: &MetadataKeys) -> Option<String> {
    let name = mine.title();
    if name.contains(['<', '>']) {
        return Some(format!("Auth0 takes no `<` or `>` in a name; change `{name}`"));
    }
    if mine.notes.chars().count() > 140 {
        return Some(
            "Auth0 takes notes (the description) of 140 characters at most; make them shorter".to_owned(),
        );
    }
    let wanted = wanted_metadata(&BTreeMap::new(), mine, named);
    if wanted.len() > KEYS {
        return Some(format!(
            "Auth0 takes {KEYS} keys of metadata at most, these are {}; remove some",
            wanted.len()
        ));
    }
    let long = |text: &String| text.chars().count() > CHARACTERS;
    let (key, _) = wanted.iter().find(|(key, value)| long(key) || long(value) || key.is_empty())?;
    Some(format!("Auth0 takes keys and values of metadata of 1 to {CHARACTERS} characters; change `{key}`"))
}

/// Why a tenant would not take an API.
pub(super) fn refusal_of_api(mine: &Api) -> Option<String> {
    let long = mine.access_token_duration.filter(|duration| duration.seconds() > LONGEST);
    if long.is_some() {
        return Some(
            "Auth0 takes 30 days at most as the lifetime of an API's tokens; make it shorter".to_owned(),
        );
    }
    (mine.scopes.len() > 1000).then(|| "Auth0 takes 1 000 scopes of an API at most; remove some".to_owned())
}

/// The metadata that a client should have; texts that say the same already stay as they are written.
fn wanted_metadata(
    there: &BTreeMap<String, String>,
    held: &Application,
    named: &MetadataKeys,
) -> BTreeMap<String, String> {
    let [expires_at, not_before, customer, contact, tags, external_id] = keys(named);
    let mut wanted = held.metadata.clone();
    for (key, at) in [(expires_at, held.expires_at), (not_before, held.not_before)] {
        let old = there.get(key.name);
        if let Some(at) = at {
            let same = old.filter(|text| written::read(text).is_some_and(|written| written.at == at));
            let text = same.cloned().unwrap_or_else(|| written::in_form_of(at, old.map(String::as_str)));
            wanted.insert(key.name.to_owned(), text);
        }
    }
    let spoken = held.tags.join(" ");
    let external = held.external_id.clone().unwrap_or_default();
    let words =
        [(customer, &held.customer), (contact, &held.contact), (tags, &spoken), (external_id, &external)];
    for (key, word) in words {
        let old = there.get(key.name);
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        match old {
            Some(old) if words(old) == words(word) => drop(wanted.insert(key.name.to_owned(), old.clone())),
            _ if word.is_empty() => {}
            _ => drop(wanted.insert(key.name.to_owned(), word.clone())),
        }
    }
    wanted
}

/// What changes a client into this application; nothing where it is so already.
pub(super) fn client(there: &Value, held: &Application, named: &MetadataKeys) -> Option<Write> {
    let mut body = Map::new();
    if text(there, "name") != held.name && !held.name.is_empty() {
        body.insert("name".to_owned(), json!(held.name));
    }
    if text(there, "description") != held.notes {
        body.insert("description".to_owned(), json!(held.notes));
    }
    let old = metadata(there);
    let wanted = wanted_metadata(&old, held, named);
    let gone = old.keys().filter(|key| !wanted.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    let set = wanted.iter().filter(|(key, value)| old.get(*key) != Some(value));
    let members: Map<_, _> = gone.chain(set.map(|(key, value)| (key.clone(), json!(value)))).collect();
    if !members.is_empty() {
        body.insert("client_metadata".to_owned(), Value::Object(members));
    }
    let path = format!("/api/v2/clients/{}", encoded(&held.client_id));
    (!body.is_empty()).then(|| Write::new(Method::PATCH, path, Some(Value::Object(body))))
}

/// What makes a new client for machines.
pub(super) fn new_client(held: &Application, named: &MetadataKeys) -> Write {
    let mut body = json!({
        "name": held.title(),
        "app_type": "non_interactive",
        // Without it a new client gets four.
        "grant_types": ["client_credentials"],
    });
    let wanted = wanted_metadata(&BTreeMap::new(), held, named);
    if let Some(members) = body.as_object_mut() {
        if !wanted.is_empty() {
            members.insert("client_metadata".to_owned(), json!(wanted));
        }
        if !held.notes.is_empty() {
            members.insert("description".to_owned(), json!(held.notes));
        }
    }
    Write::new(Method::POST, "/api/v2/clients".to_owned(), Some(body))
}

/// What changes a client's grants into these: those that are not wanted go first.
pub(super) fn grants(there: &[Value], held: &Application, edited: &dyn Fn(&str) -> bool) -> Vec<Write> {
    let mine: Vec<&Value> = there
        .iter()
        .filter(|grant| edited(&text(grant, "audience")))
        .filter(|grant| grant.get("subject_type").and_then(Value::as_str) != Some("user"))
        .collect();
    let id = |grant: &Value| format!("/api/v2/client-grants/{}", encoded(&text(grant, "id")));
    let unwanted = mine.iter().filter(|grant| held.grant(&text(grant, "audience")).is_none());
    let mut writes: Vec<_> = unwanted.map(|grant| Write::new(Method::DELETE, id(grant), None)).collect();
    for grant in &held.grants {
        match mine.iter().find(|there| text(there, "audience") == grant.audience) {
            Some(there) => {
                if scopes_of(there).as_deref() != Some(&grant.scopes) {
                    writes.push(Write::new(Method::PATCH, id(there), Some(json!({ "scope": grant.scopes }))));
                }
            }
            None => {
                let body =
                    json!({ "client_id": held.client_id, "audience": grant.audience, "scope": grant.scopes });
                writes.push(Write::new(Method::POST, "/api/v2/client-grants".to_owned(), Some(body)));
            }
        }
    }
    writes
}

/// The scopes that a grant names, sorted; nothing where it is of everything.
fn scopes_of(grant: &Value) -> Option<Vec<String>> {
    if grant.get("allow_all_scopes").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let named = grant.get("scope").and_then(Value::as_array).into_iter().flatten();
    let mut scopes: Vec<String> = named.filter_map(Value::as_str).map(str::to_owned).collect();
    scopes.sort();
    scopes.dedup();
    Some(scopes)
}

/// What changes a resource server into this API; its scopes go as a whole list, since a PATCH replaces it.
pub(super) fn server(there: &Value, held: &Api) -> Option<Write> {
    let mut body = Map::new();
    if text(there, "name") != held.name && !held.name.is_empty() {
        body.insert("name".to_owned(), json!(held.name));
    }
    let duration = there.get("token_lifetime").and_then(Value::as_i64);
    if let Some(wanted) = held.access_token_duration.map(|duration| duration.seconds())
        && duration != Some(wanted)
    {
        body.insert("token_lifetime".to_owned(), json!(wanted));
    }
    let old = super::map::api(there, &mut Vec::new()).unwrap_or_default();
    let same = old.scopes.len() == held.scopes.len()
        && old
            .scopes
            .iter()
            .zip(&held.scopes)
            .all(|(a, b)| a.name == b.name && a.description == b.description);
    if !same {
        body.insert("scopes".to_owned(), scopes(held));
    }
    let path = format!("/api/v2/resource-servers/{}", encoded(&text(there, "id")));
    (!body.is_empty()).then(|| Write::new(Method::PATCH, path, Some(Value::Object(body))))
}

/// What makes a new resource server.
pub(super) fn new_server(held: &Api) -> Write {
    let mut body = json!({ "identifier": held.audience, "name": held.title(), "scopes": scopes(held) });
    if let (Some(duration), Some(members)) = (held.access_token_duration, body.as_object_mut()) {
        members.insert("token_lifetime".to_owned(), json!(duration.seconds()));
    }
    Write::new(Method::POST, "/api/v2/resource-servers".to_owned(), Some(body))
}

fn scopes(held: &Api) -> Value {
    held.scopes.iter().map(|scope| json!({ "value": scope.name, "description": scope.description })).collect()
}
