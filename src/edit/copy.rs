//! Applications of one registry brought into another: a trial that was prepared offline into production, say.

use super::{Change, Entity, EntityRef, Kind};
use crate::registry::{Api, Application, Registry, Scope};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How an application was found in the other registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A person said so.
    Hand,
    /// It has the same client id.
    ClientId,
    /// It has the same external id.
    ExternalId,
    /// It is not there yet.
    New,
}

/// An application of the first registry and its counterpart in the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterpart {
    /// As it is in the first.
    pub from: Arc<Application>,
    /// As it is in the second.
    pub to: Option<Arc<Application>>,
    /// How it was found.
    pub how: How,
}

/// What a person said by hand about two registries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByHand {
    /// Client ids of the first registry, each with its counterpart's.
    pub applications: BTreeMap<String, String>,
    /// Audiences of the first registry, each with the one that stands for it.
    pub audiences: BTreeMap<String, String>,
}

/// Finds the counterparts of every application of `from`: by hand, then by client id, then by external id. Of two with one
/// external id none is taken, since nothing tells them apart.
#[must_use]
pub fn counterparts(from: &Registry, to: &Registry, by_hand: &ByHand) -> Vec<Counterpart> {
    let mut by_external_id: HashMap<&str, Option<&Arc<Application>>> = HashMap::new();
    for application in to.applications() {
        if let Some(id) = application.external_id.as_deref().filter(|id| !id.is_empty()) {
            by_external_id.entry(id).and_modify(|twice| *twice = None).or_insert(Some(application));
        }
    }
    let found = |application: &Arc<Application>| {
        let id = application.client_id.as_str();
        if let Some(named) = by_hand.applications.get(id) {
            return (to.application(named), How::Hand);
        }
        if let Some(same) = to.application(id) {
            return (Some(same), How::ClientId);
        }
        let external = application.external_id.as_deref().unwrap_or(id);
        match by_external_id.get(external).copied().flatten() {
            Some(same) => (Some(same), How::ExternalId),
            None => (None, How::New),
        }
    };
    let counterpart = |application: &Arc<Application>| {
        let (to, how) = found(application);
        Counterpart { from: application.clone(), to: to.cloned(), how }
    };
    from.applications().iter().map(counterpart).collect()
}

/// The changes that bring these applications over: who they are and what the other system keeps with them stays, their trial,
/// access and lifetimes come. APIs and scopes that they need and that are missing are added.
#[must_use]
pub fn copy(from: &Registry, to: &Registry, chosen: &[Counterpart], by_hand: &ByHand) -> Vec<Change> {
    let renamed =
        |audience: &str| by_hand.audiences.get(audience).map_or_else(|| audience.to_owned(), Clone::clone);
    let mut changes = missing(from, to, chosen, &renamed);
    for one in chosen {
        let mut copied = Application::clone(&one.from);
        for grant in &mut copied.grants {
            grant.audience = renamed(&grant.audience);
        }
        // The same id in both registries finds it the next time, whatever the other system calls it.
        copied.external_id = copied.external_id.or_else(|| Some(one.from.client_id.clone()));
        match &one.to {
            Some(there) => {
                copied.client_id.clone_from(&there.client_id);
                copied.metadata.clone_from(&there.metadata);
                // What was never written there is not a wish to forget it here.
                let words = [
                    (&mut copied.name, &there.name),
                    (&mut copied.customer, &there.customer),
                    (&mut copied.contact, &there.contact),
                    (&mut copied.notes, &there.notes),
                ];
                for (word, old) in words.into_iter().filter(|(word, _)| word.is_empty()) {
                    word.clone_from(old);
                }
                if copied.tags.is_empty() {
                    copied.tags.clone_from(&there.tags);
                }
                copied.external_id = there.external_id.clone().or(copied.external_id);
                if there.client_id == one.from.client_id {
                    copied.external_id.clone_from(&there.external_id);
                }
                changes.extend(Change::application(there, copied));
            }
            None => {
                let which = EntityRef { kind: Kind::Application, id: copied.client_id.clone() };
                if to.entity(&which).is_none() {
                    changes.push(Change::add(Entity::Application(copied.normalised().into())));
                }
            }
        }
    }
    changes
}

/// APIs and scopes that are granted there and missing here.
fn missing(
    from: &Registry,
    to: &Registry,
    chosen: &[Counterpart],
    renamed: &dyn Fn(&str) -> String,
) -> Vec<Change> {
    let mut wanted: BTreeMap<String, BTreeMap<String, Option<Scope>>> = BTreeMap::new();
    let mut named: BTreeMap<String, Api> = BTreeMap::new();
    for grant in chosen.iter().flat_map(|one| &one.from.grants) {
        let audience = renamed(&grant.audience);
        let api = from.api(&grant.audience);
        let scopes = wanted.entry(audience.clone()).or_default();
        for scope in &grant.scopes {
            scopes.insert(scope.clone(), api.and_then(|api| api.scope(scope)).cloned());
        }
        if let Some(api) = api {
            named.entry(audience.clone()).or_insert_with(|| Api {
                audience,
                scopes: Vec::new(),
                ..Api::clone(api)
            });
        }
    }
    let mut changes = Vec::new();
    for (audience, scopes) in wanted {
        let there = to.api(&audience);
        let lacks = |scope: &Scope| there.is_none_or(|api| api.scope(&scope.name).is_none());
        let new: Vec<Scope> = scopes.into_values().flatten().filter(lacks).collect();
        match there {
            Some(api) if !new.is_empty() => {
                let mut more = Api::clone(api);
                more.scopes.extend(new);
                changes.extend(Change::api(api, more));
            }
            Some(_) => {}
            None => {
                if let Some(api) = named.remove(&audience) {
                    changes.push(Change::add(Entity::Api(Api { scopes: new, ..api }.into())));
                }
            }
        }
    }
    changes
}
