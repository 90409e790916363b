//! What differs between two registries, and the fields that a change touches.

use super::{Change, Entity, EntityRef};
use crate::registry::{Application, Keyed, Registry, human};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// One field of one entity, before and after, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The entity.
    pub entity: EntityRef,
    /// What to call it.
    pub title: String,
    /// The field: `expires_at`, `scopes[write].access_token_duration`, `grants[https://api.example.com].scopes`.
    pub field: String,
    /// What it was; absent where it was not set.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}

/// One customer's application that has another client id in another registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// What both carry.
    pub external_id: String,
    /// The application as it is in the first registry.
    pub from: Arc<Application>,
    /// The application as it is in the second.
    pub to: Arc<Application>,
}

/// The changes that make `to` of `from`: the service, APIs, applications, guardrails, saved views and templates, each by id.
///
/// An application with another client id is a removal and an addition; [`renamed`] tells which belong together.
#[must_use]
pub fn diff(from: &Registry, to: &Registry) -> Vec<Change> {
    let service = |r: &Registry| Entity::Service(r.service.clone());
    let mut changes: Vec<_> = Change::replace(service(from), service(to)).into_iter().collect();
    walk(from.apis(), to.apis(), Entity::Api, &mut changes);
    walk(from.applications(), to.applications(), Entity::Application, &mut changes);
    walk(from.guardrails(), to.guardrails(), Entity::Guardrail, &mut changes);
    walk(from.views(), to.views(), Entity::View, &mut changes);
    walk(from.templates(), to.templates(), Entity::Template, &mut changes);
    changes
}

/// The applications that only their `external_id` matches: those whose client id the other registry does not have.
#[must_use]
pub fn renamed(from: &Registry, to: &Registry) -> Vec<Renamed> {
    fn strangers<'a>(list: &'a Registry, other: &Registry) -> HashMap<&'a str, Option<&'a Arc<Application>>> {
        let mut by_external_id = HashMap::new();
        for application in list.applications().iter().filter(|a| other.application(&a.client_id).is_none()) {
            let Some(external_id) = application.external_id.as_deref().filter(|id| !id.is_empty()) else {
                continue;
            };
            // Of two with one external id none can be told from the other.
            let _: &mut Option<_> = by_external_id
                .entry(external_id)
                .and_modify(|twice: &mut Option<&Arc<Application>>| *twice = None)
                .or_insert(Some(application));
        }
        by_external_id
    }
    let (gone, new) = (strangers(from, to), strangers(to, from));
    let pair = |(id, from): (&&str, &Option<&Arc<Application>>)| {
        let (from, to) = ((*from)?, (*new.get(id)?)?);
        Some(Renamed { external_id: (*id).to_owned(), from: from.clone(), to: to.clone() })
    };
    let mut pairs: Vec<_> = gone.iter().filter_map(pair).collect();
    pairs.sort_by(|a, b| a.from.client_id.cmp(&b.from.client_id));
    pairs
}

/// The changes that importing `incoming` makes: it replaces today's registry, or with `merge` adds and updates alone.
#[must_use]
pub fn import_changes(today: &Registry, incoming: &Registry, merge: bool) -> Vec<Change> {
    let mut changes = diff(today, incoming);
    changes.retain(|change| !merge || change.after().is_some());
    changes
}

/// Walks two sorted lists side by side.
fn walk<T: Keyed + PartialEq>(
    from: &[Arc<T>],
    to: &[Arc<T>],
    entity: fn(Arc<T>) -> Entity,
    changes: &mut Vec<Change>,
) {
    let (mut old, mut new) = (from.iter().peekable(), to.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.key().cmp(b.key()),
        };
        let before = old.next_if(|_| order != Ordering::Greater).cloned();
        let after = new.next_if(|_| order != Ordering::Less).cloned();
        changes.extend(match (before, after) {
            (Some(a), Some(b)) if Arc::ptr_eq(&a, &b) => None,
            (Some(a), Some(b)) => Change::replace(entity(a), entity(b)),
            (Some(a), None) => Some(Change::remove(entity(a))),
            (None, Some(b)) => Some(Change::add(entity(b))),
            (None, None) => None,
        });
    }
}

/// The fields that a change touches, by name.
#[must_use]
pub fn describe(change: &Change) -> Vec<FieldChange> {
    compare(change.before(), change.after())
}

/// The fields in which two entities of one kind differ, by name; their ids may differ too.
#[must_use]
pub fn compare(before: Option<&Entity>, after: Option<&Entity>) -> Vec<FieldChange> {
    let Some(named) = after.or(before) else { return Vec::new() };
    let (entity, title) = (named.reference(), title(named));
    let fields = |entity: Option<&Entity>| entity.map(fields).unwrap_or_default();
    let (mut old, mut new) = (fields(before), fields(after));
    let mut names: Vec<String> = old.keys().chain(new.keys()).cloned().collect();
    names.sort();
    names.dedup();
    let change = |field: String| {
        let (before, after) = (old.remove(&field), new.remove(&field));
        (before != after).then(|| FieldChange {
            entity: entity.clone(),
            title: title.clone(),
            field,
            before,
            after,
        })
    };
    names.into_iter().filter_map(change).collect()
}

fn title(entity: &Entity) -> String {
    match entity {
        Entity::Service(service) => &service.name,
        Entity::Api(api) => api.title(),
        Entity::Application(application) => application.title(),
        Entity::Guardrail(guardrail) => &guardrail.name,
        Entity::View(view) => &view.name,
        Entity::Template(template) => &template.name,
    }
    .to_owned()
}

/// Every field that is set, and those whose default means something.
fn fields(entity: &Entity) -> BTreeMap<String, String> {
    let (json, defaults): (_, &[(&str, &str)]) = match entity {
        Entity::Service(service) => (
            serde_json::to_value(service),
            &[
                ("access_token_duration", "24 h"),
                ("min_lifetime", "1 s"),
                ("default_scopes", "marked"),
                ("issuer_profile", "tenure"),
            ],
        ),
        Entity::Api(api) => (serde_json::to_value(api), &[]),
        Entity::Application(application) => (serde_json::to_value(application), &[("status", "active")]),
        Entity::Guardrail(guardrail) => (serde_json::to_value(guardrail), &[("enabled", "true")]),
        Entity::View(view) => (serde_json::to_value(view), &[]),
        Entity::Template(template) => (serde_json::to_value(template), &[]),
    };
    let mut fields = BTreeMap::new();
    flatten("", &json.unwrap_or_default(), &mut fields);
    for (name, value) in defaults {
        fields.entry((*name).to_owned()).or_insert_with(|| (*value).to_owned());
    }
    fields
}

fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, member, into);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for item in items {
                let id = ["audience", "name"].iter().find_map(|key| item.get(key)?.as_str());
                flatten(&format!("{path}[{}]", id.unwrap_or_default()), item, into);
            }
        }
        Value::Array(items) => {
            let words: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            into.insert(path.to_owned(), words.join(", "));
        }
        Value::String(text) => {
            into.insert(path.to_owned(), text.clone());
        }
        // Every number of a registry is a duration.
        Value::Number(number) => {
            let text = number.as_i64().map_or_else(|| number.to_string(), human);
            into.insert(path.to_owned(), text);
        }
        Value::Bool(_) | Value::Null => {
            into.insert(path.to_owned(), value.to_string());
        }
    }
}
