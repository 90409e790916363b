//! What a remote cannot hold: canonical JSON beside the connection, or in a file that the person chose.
//!
//! For each entity it holds what is left between what the remote can say of it and what it is, as a merge patch
//! (RFC 7396) in which scopes and grants stand by name. Guardrails, saved views and templates, which no remote knows,
//! stand there whole.

use super::connections::{disk, write_whole};
use super::http::RemoteError;
use crate::edit::{Entity, EntityRef, Kind, closed, opened};
use crate::registry::{Api, Application, ApplicationStatus, Guardrail, SavedView, Service, Template};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// An overlay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// The version of this shape.
    pub schema: u32,
    /// What is left of the service.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub service: Map<String, Value>,
    /// What is left of APIs, by audience.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub apis: BTreeMap<String, Value>,
    /// What is left of applications, by client id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub applications: BTreeMap<String, Value>,
    /// Guardrails, whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardrails: Vec<Guardrail>,
    /// Saved views, whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<SavedView>,
    /// Templates, whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub templates: Vec<Template>,
}

impl Default for Overlay {
    fn default() -> Self {
        Self {
            schema: 1,
            service: Map::new(),
            apis: BTreeMap::new(),
            applications: BTreeMap::new(),
            guardrails: Vec::new(),
            views: Vec::new(),
            templates: Vec::new(),
        }
    }
}

impl Overlay {
    /// Reads a file; one that is not there is an empty overlay.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where it is damaged, or from a newer version.
    pub fn read(path: &Path) -> Result<Self, RemoteError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(disk(path, error)),
        };
        let value = super::json::read(&bytes).map_err(|error| disk(path, error))?;
        if value.get("schema").and_then(Value::as_u64).is_some_and(|schema| schema > 1) {
            return Err(disk(path, "it is from a newer version; use that one"));
        }
        serde_json::from_value(value).map_err(|error| disk(path, error))
    }

    /// Writes it, canonical, whole or not at all.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn write(&self, path: &Path) -> Result<(), RemoteError> {
        write_whole(path, self.text().as_bytes())
    }

    /// Its canonical text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut sorted = self.clone();
        sorted.guardrails.sort_by(|a, b| a.name.cmp(&b.name));
        sorted.views.sort_by(|a, b| a.name.cmp(&b.name));
        sorted.templates.sort_by(|a, b| a.name.cmp(&b.name));
        serde_json::to_string_pretty(&sorted).map(|text| format!("{text}\n")).unwrap_or_default()
    }

    /// The hash by which plans name it.
    #[must_use]
    pub fn hash(&self) -> String {
        super::fingerprint(self.text().as_bytes())
    }

    /// The service with what the remote does not say of it.
    #[must_use]
    pub fn service(&self, bare: &Service) -> Service {
        with(bare, &Value::Object(self.service.clone())).unwrap_or_else(|| bare.clone())
    }

    /// An API with what the remote does not say of it; scopes that are gone stay gone.
    #[must_use]
    pub fn api(&self, bare: &Api) -> Option<Api> {
        let mut patch = self.apis.get(&bare.audience)?.clone();
        if let Some(scopes) = patch.get_mut("scopes").and_then(Value::as_object_mut) {
            scopes.retain(|name, _| bare.scope(name).is_some());
        }
        with(bare, &patch)
    }

    /// An application with what the remote does not say of it.
    ///
    /// That it is suspended, or has no access, counts only as long as the remote agrees: a client that has its grants back,
    /// or is no longer locked, gets tokens, whatever stands here.
    #[must_use]
    pub fn application(&self, bare: &Application) -> Option<Application> {
        let mut patch = self.applications.get(&bare.client_id)?.clone();
        let members = patch.as_object_mut()?;
        let gets_tokens = match members.get("status") {
            Some(Value::Null) => bare.status == ApplicationStatus::Active,
            Some(_) => !bare.grants.is_empty(),
            None => false,
        };
        if gets_tokens {
            members.remove("status");
            members.remove("grants");
        }
        with(bare, &patch).map(Application::normalised)
    }

    /// Keeps what is left of a service.
    pub fn keep_service(&mut self, held: &Service, whole: &Service) {
        self.service = match left(held, whole) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
    }

    /// Keeps what is left of an API.
    pub fn keep_api(&mut self, held: &Api, whole: &Api) {
        keep(&mut self.apis, &held.audience, left(held, whole));
    }

    /// Keeps what is left of an application.
    pub fn keep_application(&mut self, held: &Application, whole: &Application) {
        keep(&mut self.applications, &held.client_id, left(held, whole));
    }

    /// Keeps, or forgets, an entity that stands here whole; forgets what is left of an API or application that is gone.
    pub(super) fn keep_whole(&mut self, kind: Kind, id: &str, entity: Option<&Entity>) {
        match kind {
            Kind::Service => {}
            Kind::Api => drop(self.apis.remove(id)),
            Kind::Application => drop(self.applications.remove(id)),
            Kind::Guardrail => self.guardrails.retain(|rule| rule.name != id),
            Kind::View => self.views.retain(|view| view.name != id),
            Kind::Template => self.templates.retain(|template| template.name != id),
        }
        match entity {
            Some(Entity::Guardrail(rule)) => self.guardrails.push(Guardrail::clone(rule)),
            Some(Entity::View(view)) => self.views.push(SavedView::clone(view)),
            Some(Entity::Template(template)) => self.templates.push(Template::clone(template)),
            _ => {}
        }
    }

    /// What stands here of one entity, to be compared.
    pub(super) fn part(&self, which: &EntityRef) -> Option<Value> {
        let id = &which.id;
        match which.kind {
            Kind::Service => Some(Value::Object(self.service.clone())),
            Kind::Api => self.apis.get(id).cloned(),
            Kind::Application => self.applications.get(id).cloned(),
            Kind::Guardrail => {
                serde_json::to_value(self.guardrails.iter().find(|rule| rule.name == *id)?).ok()
            }
            Kind::View => serde_json::to_value(self.views.iter().find(|view| view.name == *id)?).ok(),
            Kind::Template => serde_json::to_value(self.templates.iter().find(|made| made.name == *id)?).ok(),
        }
    }
}

fn keep(map: &mut BTreeMap<String, Value>, id: &str, left: Option<Value>) {
    match left {
        Some(value) => drop(map.insert(id.to_owned(), value)),
        None => drop(map.remove(id)),
    }
}

/// What makes `whole` of `held`, where they differ.
fn left(held: &impl Serialize, whole: &impl Serialize) -> Option<Value> {
    patch(&opened(held)?, &opened(whole)?)
}

/// An entity with a patch.
fn with<T: Serialize + DeserializeOwned>(bare: &T, patch: &Value) -> Option<T> {
    let mut value = opened(bare)?;
    merge(&mut value, patch);
    closed(value)
}

/// Applies a merge patch (RFC 7396 §2).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Some(members) = target.as_object_mut() else { return };
    for (name, value) in patch {
        match value {
            Value::Null => drop(members.remove(name)),
            value => merge(members.entry(name.clone()).or_insert(Value::Null), value),
        }
    }
}

/// The merge patch between two values; nothing where they are equal.
fn patch(from: &Value, to: &Value) -> Option<Value> {
    let (Value::Object(old), Value::Object(new)) = (from, to) else {
        return (from != to).then(|| to.clone());
    };
    let mut members = Map::new();
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        members.insert(name.clone(), Value::Null);
    }
    for (name, value) in new {
        // A member that is new is written whole, so that an empty object is not lost.
        let differs = old.get(name).map_or_else(|| Some(value.clone()), |old| patch(old, value));
        members.extend(differs.map(|differs| (name.clone(), differs)));
    }
    (!members.is_empty()).then_some(Value::Object(members))
}
