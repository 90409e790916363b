//! One change of one entity: what it was, what it becomes.

use crate::registry::{Api, Application, Guardrail, Keyed, Registry, SavedView, Service, Template};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Any entity of a registry, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// The service; a registry has exactly one.
    Service(Arc<Service>),
    /// An API with its scopes.
    Api(Arc<Api>),
    /// An application with its grants.
    Application(Arc<Application>),
    /// A guardrail.
    Guardrail(Arc<Guardrail>),
    /// A saved view.
    View(Arc<SavedView>),
    /// A template.
    Template(Arc<Template>),
}

/// The kind of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The service.
    Service,
    /// An API.
    Api,
    /// An application.
    Application,
    /// A guardrail.
    Guardrail,
    /// A saved view.
    View,
    /// A template.
    Template,
}

/// Which entity: its kind and its id (empty for the service).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntityRef {
    /// Its kind.
    pub kind: Kind,
    /// Audience, client id or name.
    pub id: String,
}

/// One entity before and after. An absent `before` adds it, an absent `after` removes it.
///
/// The constructors keep both of one kind and one id; a new id is a removal and an addition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Entity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Entity>,
}

/// The entity is not what the change expects: somebody else changed it since.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{entity} has changed since it was read; nothing was overwritten, look at it again and repeat the edit"
)]
pub struct Conflict {
    /// Which one.
    pub entity: EntityRef,
    /// What stands there now; absent where it is gone.
    pub theirs: Option<Box<Entity>>,
}

impl Entity {
    /// Its kind and id.
    #[must_use]
    pub fn reference(&self) -> EntityRef {
        let (kind, id) = match self {
            Self::Service(_) => (Kind::Service, ""),
            Self::Api(api) => (Kind::Api, api.key()),
            Self::Application(application) => (Kind::Application, application.key()),
            Self::Guardrail(guardrail) => (Kind::Guardrail, guardrail.key()),
            Self::View(view) => (Kind::View, view.key()),
            Self::Template(template) => (Kind::Template, template.key()),
        };
        EntityRef { kind, id: id.to_owned() }
    }
}

impl Kind {
    /// The word in history and storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Api => "api",
            Self::Application => "application",
            Self::Guardrail => "guardrail",
            Self::View => "view",
            Self::Template => "template",
        }
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Service => f.write_str("the service"),
            kind => write!(f, "{} `{}`", kind.as_str(), self.id),
        }
    }
}

impl Change {
    /// Adds an entity that is not there.
    #[must_use]
    pub fn add(entity: Entity) -> Self {
        Self { before: None, after: Some(entity) }
    }

    /// Removes an entity that is there.
    #[must_use]
    pub fn remove(entity: Entity) -> Self {
        Self { before: Some(entity), after: None }
    }

    /// Replaces an entity; nothing where both are equal, or where they are not the same entity.
    #[must_use]
    pub fn replace(before: Entity, after: Entity) -> Option<Self> {
        (before != after && before.reference() == after.reference())
            .then_some(Self { before: Some(before), after: Some(after) })
    }

    /// Changes an application in place.
    #[must_use]
    pub fn application(before: &Arc<Application>, after: Application) -> Option<Self> {
        Self::replace(Entity::Application(before.clone()), Entity::Application(Arc::new(after.normalised())))
    }

    /// Changes an API in place.
    #[must_use]
    pub fn api(before: &Arc<Api>, mut after: Api) -> Option<Self> {
        after.scopes.sort_by(|a, b| a.name.cmp(&b.name));
        Self::replace(Entity::Api(before.clone()), Entity::Api(Arc::new(after)))
    }

    /// Changes the service.
    #[must_use]
    pub fn service(before: &Arc<Service>, after: Service) -> Option<Self> {
        Self::replace(Entity::Service(before.clone()), Entity::Service(Arc::new(after)))
    }

    /// Changes a guardrail in place.
    #[must_use]
    pub fn guardrail(before: &Arc<Guardrail>, after: Guardrail) -> Option<Self> {
        Self::replace(Entity::Guardrail(before.clone()), Entity::Guardrail(Arc::new(after)))
    }

    /// What it was.
    #[must_use]
    pub fn before(&self) -> Option<&Entity> {
        self.before.as_ref()
    }

    /// What it becomes.
    #[must_use]
    pub fn after(&self) -> Option<&Entity> {
        self.after.as_ref()
    }

    /// Holds what it becomes where that is held already.
    pub(super) fn share(&mut self, known: &Entity) {
        if self.after.as_ref() == Some(known) {
            self.after = Some(known.clone());
        }
    }

    /// Which entity it concerns.
    #[must_use]
    pub fn reference(&self) -> EntityRef {
        self.after
            .as_ref()
            .or(self.before.as_ref())
            .map_or(EntityRef { kind: Kind::Service, id: String::new() }, Entity::reference)
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn invert(&self) -> Self {
        Self { before: self.after.clone(), after: self.before.clone() }
    }

    /// Carries it out.
    ///
    /// # Errors
    /// [`Conflict`] where the entity is not what the change expects; the registry is then untouched.
    pub fn apply(&self, registry: &mut Registry) -> Result<(), Conflict> {
        let entity = self.reference();
        let theirs = registry.entity(&entity);
        if theirs != self.before {
            return Err(Conflict { entity, theirs: theirs.map(Box::new) });
        }
        self.force(registry);
        Ok(())
    }

    /// Carries out many, all or none.
    ///
    /// # Errors
    /// The first [`Conflict`]; the registry is then untouched.
    pub fn apply_all(changes: &[Self], registry: &mut Registry) -> Result<(), Conflict> {
        let mut becomes: HashMap<EntityRef, Option<Entity>> = HashMap::with_capacity(changes.len());
        for change in changes {
            let entity = change.reference();
            let theirs = becomes.get(&entity).cloned().unwrap_or_else(|| registry.entity(&entity));
            if theirs != change.before {
                return Err(Conflict { entity, theirs: theirs.map(Box::new) });
            }
            becomes.insert(entity, change.after.clone());
        }
        put_all(becomes, registry);
        Ok(())
    }

    /// Carries out many whatever stands there, in order.
    pub fn force_all(changes: impl IntoIterator<Item = Self>, registry: &mut Registry) {
        let becomes = changes.into_iter().map(|change| (change.reference(), change.after)).collect();
        put_all(becomes, registry);
    }

    /// Carries it out whatever stands there, for replaying what history has checked.
    pub fn force(&self, registry: &mut Registry) {
        put(self.reference(), self.after.as_ref(), registry);
    }
}

fn put_all(becomes: HashMap<EntityRef, Option<Entity>>, registry: &mut Registry) {
    let mut applications = Vec::new();
    for (which, entity) in becomes {
        match (which.kind, entity) {
            (Kind::Application, Some(Entity::Application(app))) => applications.push((which.id, Some(app))),
            (Kind::Application, None) => applications.push((which.id, None)),
            (_, entity) => put(which, entity.as_ref(), registry),
        }
    }
    registry.set_applications(applications);
}

fn put(EntityRef { kind, id }: EntityRef, after: Option<&Entity>, registry: &mut Registry) {
    match (after, kind) {
        (Some(Entity::Service(service)), _) => registry.service = service.clone(),
        (Some(Entity::Api(api)), _) => registry.set_api(&id, Some(api.clone())),
        (Some(Entity::Application(app)), _) => registry.set_application(&id, Some(app.clone())),
        (Some(Entity::Guardrail(rule)), _) => registry.set_guardrail(&id, Some(rule.clone())),
        (Some(Entity::View(view)), _) => registry.set_view(&id, Some(view.clone())),
        (Some(Entity::Template(template)), _) => registry.set_template(&id, Some(template.clone())),
        (None, Kind::Service) => {}
        (None, Kind::Api) => registry.set_api(&id, None),
        (None, Kind::Application) => registry.set_application(&id, None),
        (None, Kind::Guardrail) => registry.set_guardrail(&id, None),
        (None, Kind::View) => registry.set_view(&id, None),
        (None, Kind::Template) => registry.set_template(&id, None),
    }
}

impl Registry {
    /// Any entity by its kind and id.
    #[must_use]
    pub fn entity(&self, which: &EntityRef) -> Option<Entity> {
        match which.kind {
            Kind::Service => Some(Entity::Service(self.service.clone())),
            Kind::Api => self.api(&which.id).cloned().map(Entity::Api),
            Kind::Application => self.application(&which.id).cloned().map(Entity::Application),
            Kind::Guardrail => self.guardrail(&which.id).cloned().map(Entity::Guardrail),
            Kind::View => self.view(&which.id).cloned().map(Entity::View),
            Kind::Template => self.template(&which.id).cloned().map(Entity::Template),
        }
    }
}
