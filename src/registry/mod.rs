//! What a registry holds: one service, its APIs with their scopes, applications and guardrails.

mod api;
mod application;
mod duration;
pub mod file;
pub mod generate;
mod guardrail;
mod instant;
mod moment;
pub mod sample;
mod service;
mod shape;
pub mod validate;
mod visible;

pub use api::{Api, Scope};
pub use application::{Application, ApplicationStatus, Grant};
pub use duration::{Duration, DurationError, human};
pub use guardrail::{Guardrail, Then};
pub use instant::{Instant, InstantError};
pub use moment::{Moment, MomentContext, MomentError, format_instant, parse_moment, relative, time_left};
pub use service::{DefaultScopes, ProfileName, Service};
pub use visible::misleads;

use std::sync::Arc;

/// A whole registry. Every list is sorted by its entities' id, by UTF-8 bytes, and holds each id once.
///
/// Entities stand behind [`Arc`], so that a copy of a registry of 100 000 applications (for a background
/// computation, or the settings of a past instant) costs a list of pointers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    /// What every API shares.
    pub service: Arc<Service>,
    apis: Vec<Arc<Api>>,
    applications: Vec<Arc<Application>>,
    guardrails: Vec<Arc<Guardrail>>,
}

/// Something with an id that is unique among its kind.
pub trait Keyed {
    /// The id: audience, client id or name.
    fn key(&self) -> &str;
}

impl Registry {
    /// A registry of these entities, sorted. Of two with one id the later counts; readers refuse them before.
    #[must_use]
    pub fn new(
        service: Service,
        apis: Vec<Api>,
        applications: Vec<Application>,
        guardrails: Vec<Guardrail>,
    ) -> Self {
        Self {
            service: Arc::new(service),
            apis: sorted(apis),
            applications: sorted(applications),
            guardrails: sorted(guardrails),
        }
    }

    /// The APIs, by audience.
    #[must_use]
    pub fn apis(&self) -> &[Arc<Api>] {
        &self.apis
    }

    /// The applications, by client id.
    #[must_use]
    pub fn applications(&self) -> &[Arc<Application>] {
        &self.applications
    }

    /// The guardrails, by name.
    #[must_use]
    pub fn guardrails(&self) -> &[Arc<Guardrail>] {
        &self.guardrails
    }

    /// The API with this audience.
    #[must_use]
    pub fn api(&self, audience: &str) -> Option<&Arc<Api>> {
        find(&self.apis, audience)
    }

    /// The application with this client id.
    #[must_use]
    pub fn application(&self, client_id: &str) -> Option<&Arc<Application>> {
        find(&self.applications, client_id)
    }

    /// The guardrail with this name.
    #[must_use]
    pub fn guardrail(&self, name: &str) -> Option<&Arc<Guardrail>> {
        find(&self.guardrails, name)
    }

    /// Sets or removes one API. Only `edit` calls this: everything else speaks in changes.
    pub(crate) fn set_api(&mut self, key: &str, value: Option<Arc<Api>>) {
        set(&mut self.apis, key, value);
    }

    /// Sets or removes one application.
    pub(crate) fn set_application(&mut self, key: &str, value: Option<Arc<Application>>) {
        set(&mut self.applications, key, value);
    }

    /// Sets or removes one guardrail.
    pub(crate) fn set_guardrail(&mut self, key: &str, value: Option<Arc<Guardrail>>) {
        set(&mut self.guardrails, key, value);
    }
}

fn sorted<T: Keyed>(entities: Vec<T>) -> Vec<Arc<T>> {
    let mut list: Vec<Arc<T>> = entities.into_iter().rev().map(Arc::new).collect();
    list.sort_by(|a, b| a.key().cmp(b.key()));
    list.dedup_by(|later, kept| later.key() == kept.key());
    list
}

fn find<'a, T: Keyed>(list: &'a [Arc<T>], key: &str) -> Option<&'a Arc<T>> {
    let place = list.binary_search_by(|entity| entity.key().cmp(key)).ok()?;
    list.get(place)
}

fn set<T: Keyed>(list: &mut Vec<Arc<T>>, key: &str, value: Option<Arc<T>>) {
    let place = list.binary_search_by(|entity| entity.key().cmp(key));
    match (place, value) {
        (Ok(at), Some(value)) => {
            if let Some(slot) = list.get_mut(at) {
                *slot = value;
            }
        }
        (Ok(at), None) => {
            list.remove(at);
        }
        (Err(at), Some(value)) => list.insert(at, value),
        (Err(_), None) => {}
    }
}

/// Whether a list field is left out of a file: unset members are not written.
fn is_false(value: &bool) -> bool {
    !*value
}
