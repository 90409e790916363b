//! What a registry holds: one service, its APIs with their scopes, applications, guardrails, saved views and templates.

mod api;
mod application;
mod duration;
pub mod file;
pub mod generate;
mod guardrail;
mod instant;
mod moment;
pub mod sample;
mod saved_view;
mod service;
mod shape;
mod template;
pub mod validate;
mod visible;
pub mod yaml;

pub use api::{Api, Scope};
pub use application::{Application, ApplicationStatus, Grant};
pub use duration::{Duration, DurationError, human};
pub use guardrail::{Guardrail, Then};
pub use instant::{Instant, InstantError};
pub use moment::{Moment, MomentContext, MomentError, format_instant, parse_moment, relative, time_left};
pub use saved_view::{Column, Order, SavedView};
pub use service::{DefaultScopes, ProfileName, Service};
pub use template::Template;
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
    views: Vec<Arc<SavedView>>,
    templates: Vec<Arc<Template>>,
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
            views: Vec::new(),
            templates: Vec::new(),
        }
    }

    /// The same registry with these saved views and templates.
    #[must_use]
    pub fn with(mut self, views: Vec<SavedView>, templates: Vec<Template>) -> Self {
        (self.views, self.templates) = (sorted(views), sorted(templates));
        self
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

    /// The saved views, by name.
    #[must_use]
    pub fn views(&self) -> &[Arc<SavedView>] {
        &self.views
    }

    /// The templates, by name.
    #[must_use]
    pub fn templates(&self) -> &[Arc<Template>] {
        &self.templates
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

    /// The saved view with this name.
    #[must_use]
    pub fn view(&self, name: &str) -> Option<&Arc<SavedView>> {
        find(&self.views, name)
    }

    /// The template with this name.
    #[must_use]
    pub fn template(&self, name: &str) -> Option<&Arc<Template>> {
        find(&self.templates, name)
    }

    /// Sets or removes one API. Only `edit` calls this: everything else speaks in changes.
    pub(crate) fn set_api(&mut self, key: &str, value: Option<Arc<Api>>) {
        set(&mut self.apis, key, value);
    }

    /// Sets or removes one application.
    pub(crate) fn set_application(&mut self, key: &str, value: Option<Arc<Application>>) {
        set(&mut self.applications, key, value);
    }

    /// Sets or removes many applications, each named once.
    pub(crate) fn set_applications(&mut self, values: Vec<(String, Option<Arc<Application>>)>) {
        set_many(&mut self.applications, values);
    }

    /// Sets or removes one guardrail.
    pub(crate) fn set_guardrail(&mut self, key: &str, value: Option<Arc<Guardrail>>) {
        set(&mut self.guardrails, key, value);
    }

    /// Sets or removes one saved view.
    pub(crate) fn set_view(&mut self, key: &str, value: Option<Arc<SavedView>>) {
        set(&mut self.views, key, value);
    }

    /// Sets or removes one template.
    pub(crate) fn set_template(&mut self, key: &str, value: Option<Arc<Template>>) {
        set(&mut self.templates, key, value);
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

/// Sets or removes many, going through the list once: one by one, each would move all that stand behind it.
fn set_many<T: Keyed>(list: &mut Vec<Arc<T>>, mut values: Vec<(String, Option<Arc<T>>)>) {
    if values.len() < 32 {
        return values.into_iter().for_each(|(key, value)| set(list, &key, value));
    }
    values.sort_by(|a, b| a.0.cmp(&b.0));
    let mut merged = Vec::with_capacity(list.len() + values.len());
    let mut old = std::mem::take(list).into_iter().peekable();
    for (key, value) in values {
        while let Some(before) = old.next_if(|entity| entity.key() < key.as_str()) {
            merged.push(before);
        }
        let _replaced = old.next_if(|entity| entity.key() == key);
        merged.extend(value);
    }
    merged.extend(old);
    merged.shrink_to_fit();
    *list = merged;
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
