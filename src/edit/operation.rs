//! The edits that people make, each as the change of one entity; window and command line share them.
//!
//! Every function is pure and gives `None` where nothing would change.

use super::{Change, Entity};
use crate::registry::{
    Api, Application, ApplicationStatus, Duration, Grant, Instant, Registry, SavedView, Scope, Template,
};
use std::sync::Arc;

/// Moves an application's end by so much, counted from the later of its end and now.
///
/// An application that never ends stays so.
#[must_use]
pub fn extend(application: &Arc<Application>, by: Duration, now: Instant) -> Option<Change> {
    let end = extended(application, by, now)?;
    set_end(application, Some(end))
}

/// The end that [`extend`] gives, to show before it is done.
#[must_use]
pub fn extended(application: &Application, by: Duration, now: Instant) -> Option<Instant> {
    let from = application.expires_at?.max(now);
    Some(Instant::saturating(from.seconds().saturating_add(by.seconds())))
}

/// Sets or clears an application's end.
#[must_use]
pub fn set_end(application: &Arc<Application>, end: Option<Instant>) -> Option<Change> {
    with(application, |app| app.expires_at = end)
}

/// Sets or clears an application's start.
#[must_use]
pub fn set_start(application: &Arc<Application>, start: Option<Instant>) -> Option<Change> {
    with(application, |app| app.not_before = start)
}

/// Sets or clears the longest that an application's tokens may live.
#[must_use]
pub fn set_duration(application: &Arc<Application>, duration: Option<Duration>) -> Option<Change> {
    with(application, |app| app.access_token_duration = duration)
}

/// Switches an application off.
#[must_use]
pub fn suspend(application: &Arc<Application>) -> Option<Change> {
    with(application, |app| app.status = ApplicationStatus::Suspended)
}

/// Switches an application on again.
#[must_use]
pub fn resume(application: &Arc<Application>) -> Option<Change> {
    with(application, |app| app.status = ApplicationStatus::Active)
}

/// A text of an application that people write freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextField {
    /// What people call it.
    Name,
    /// Whose it is.
    Customer,
    /// Whom to write to.
    Contact,
    /// What people wrote about it.
    Notes,
    /// The same in every registry; an empty text clears it.
    ExternalId,
}

/// Writes one of an application's texts.
#[must_use]
pub fn set_text(application: &Arc<Application>, field: TextField, text: &str) -> Option<Change> {
    with(application, |app| write_text(app, field, text))
}

/// The same on an application that is being put together.
pub fn write_text(application: &mut Application, field: TextField, text: &str) {
    let text = text.to_owned();
    match field {
        TextField::Name => application.name = text,
        TextField::Customer => application.customer = text,
        TextField::Contact => application.contact = text,
        TextField::Notes => application.notes = text,
        TextField::ExternalId => application.external_id = Some(text).filter(|id| !id.is_empty()),
    }
}

/// Adds tags to an application, and takes others away.
#[must_use]
pub fn tag(application: &Arc<Application>, add: &[String], remove: &[String]) -> Option<Change> {
    with(application, |app| {
        app.tags.retain(|tag| !remove.contains(tag));
        app.tags.extend(add.iter().cloned());
    })
}

/// Sets one member of an application's metadata; no value removes it.
#[must_use]
pub fn set_metadata(application: &Arc<Application>, key: &str, value: Option<&str>) -> Option<Change> {
    with(application, |app| match value {
        Some(value) => {
            app.metadata.insert(key.to_owned(), value.to_owned());
        }
        None => {
            app.metadata.remove(key);
        }
    })
}

/// Grants scopes of an API, beside those that are granted already.
#[must_use]
pub fn grant(application: &Arc<Application>, audience: &str, scopes: &[String]) -> Option<Change> {
    with(application, |app| grant_in(app, audience, scopes))
}

/// The same on an application that is being put together.
pub fn grant_in(application: &mut Application, audience: &str, scopes: &[String]) {
    match application.grants.iter_mut().find(|grant| grant.audience == audience) {
        Some(grant) => grant.scopes.extend(scopes.iter().cloned()),
        None => {
            application.grants.push(Grant { audience: audience.to_owned(), scopes: scopes.to_vec() });
        }
    }
}

/// Takes scopes of an API away; without scopes, the whole grant.
#[must_use]
pub fn revoke(application: &Arc<Application>, audience: &str, scopes: &[String]) -> Option<Change> {
    with(application, |app| revoke_in(app, audience, scopes))
}

/// The same on an application that is being put together.
pub fn revoke_in(application: &mut Application, audience: &str, scopes: &[String]) {
    if scopes.is_empty() {
        application.grants.retain(|grant| grant.audience != audience);
    } else if let Some(grant) = application.grants.iter_mut().find(|grant| grant.audience == audience) {
        grant.scopes.retain(|scope| !scopes.contains(scope));
    }
}

/// Takes every grant away.
#[must_use]
pub fn revoke_all(application: &Arc<Application>) -> Option<Change> {
    with(application, |app| app.grants.clear())
}

/// Adds a copy of an application under another client id.
#[must_use]
pub fn duplicate(application: &Application, client_id: &str) -> Option<Change> {
    (client_id != application.client_id).then(|| add_application(copy_of(application, client_id)))
}

/// A copy of an application under another client id, to change before it is added.
///
/// The copy is another application, so it does not carry the external id on.
#[must_use]
pub fn copy_of(application: &Application, client_id: &str) -> Application {
    Application { client_id: client_id.to_owned(), external_id: None, ..application.clone() }
}

/// Adds an application.
#[must_use]
pub fn add_application(application: Application) -> Change {
    Change::add(Entity::Application(Arc::new(application.normalised())))
}

/// Removes an application.
#[must_use]
pub fn remove_application(application: &Arc<Application>) -> Change {
    Change::remove(Entity::Application(application.clone()))
}

/// Sets or clears the lifetime of an API's tokens.
#[must_use]
pub fn set_api_duration(api: &Arc<Api>, duration: Option<Duration>) -> Option<Change> {
    Change::api(api, Api { access_token_duration: duration, ..(**api).clone() })
}

/// Adds a scope to an API, or replaces the one of its name.
#[must_use]
pub fn set_scope(api: &Arc<Api>, scope: Scope) -> Option<Change> {
    let mut after = (**api).clone();
    match after.scopes.iter_mut().find(|old| old.name == scope.name) {
        Some(old) => *old = scope,
        None => after.scopes.push(scope),
    }
    Change::api(api, after)
}

/// Takes a scope off an API. Grants that name it stay, and are findings.
#[must_use]
pub fn remove_scope(api: &Arc<Api>, name: &str) -> Option<Change> {
    let mut after = (**api).clone();
    after.scopes.retain(|scope| scope.name != name);
    Change::api(api, after)
}

/// Saves a view under its name, in the place of one that has it.
#[must_use]
pub fn save_view(registry: &Registry, view: SavedView) -> Option<Change> {
    let before = registry.view(&view.name).cloned().map(Entity::View);
    put(before, Entity::View(Arc::new(view)))
}

/// Removes a saved view.
#[must_use]
pub fn remove_view(view: &Arc<SavedView>) -> Change {
    Change::remove(Entity::View(view.clone()))
}

/// Saves a template under its name, in the place of one that has it.
#[must_use]
pub fn save_template(registry: &Registry, template: Template) -> Option<Change> {
    let before = registry.template(&template.name).cloned().map(Entity::Template);
    put(before, Entity::Template(Arc::new(template.normalised())))
}

/// Removes a template. Applications that were made from it stay as they are.
#[must_use]
pub fn remove_template(template: &Arc<Template>) -> Change {
    Change::remove(Entity::Template(template.clone()))
}

fn put(before: Option<Entity>, after: Entity) -> Option<Change> {
    match before {
        Some(before) => Change::replace(before, after),
        None => Some(Change::add(after)),
    }
}

fn with(application: &Arc<Application>, edit: impl FnOnce(&mut Application)) -> Option<Change> {
    let mut after = (**application).clone();
    edit(&mut after);
    Change::application(application, after)
}

/// The changes that give no API a longer lifetime than this.
#[must_use]
pub fn shortened(registry: &Registry, most: Duration) -> Vec<Change> {
    let longer = registry.apis().iter().filter(|api| api.access_token_duration.is_none_or(|own| own > most));
    let change = |api: &Arc<Api>| {
        let after = Api { access_token_duration: Some(most), ..Api::clone(api) };
        Change::replace(Entity::Api(api.clone()), Entity::Api(Arc::new(after)))
    };
    longer.filter_map(change).collect()
}
