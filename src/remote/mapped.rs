//! What was pulled and what the overlay adds, as one registry.

use super::overlay::Overlay;
use super::written;
use crate::edit::{Change, Entity};
use crate::registry::{Api, Application, Registry, Service};
use std::collections::HashMap;

/// What a snapshot and an overlay say.
#[derive(Debug, Clone)]
pub struct Mapped {
    /// What the remote alone says.
    pub bare: Registry,
    /// With what the overlay adds.
    pub registry: Registry,
    /// What was read otherwise than it is written, and what is not edited, a sentence each.
    pub notes: Vec<String>,
    /// In which forms the dates of an application are written, where one is not RFC 3339; nothing for one that is no date.
    pub forms: HashMap<String, Vec<Option<written::Form>>>,
}

/// Brings what the remote says together with what the overlay adds. Entities that the overlay does not know are shared.
pub(super) fn assemble(
    service: Service,
    apis: Vec<Api>,
    applications: Vec<Application>,
    overlay: &Overlay,
    notes: Vec<String>,
) -> Mapped {
    let bare = Registry::new(service, apis, applications, Vec::new());
    let mut changes: Vec<Change> = Vec::new();
    changes.extend(Change::service(&bare.service, overlay.service(&bare.service)));
    changes.extend(bare.apis().iter().filter_map(|api| Change::api(api, overlay.api(api)?)));
    changes.extend(
        bare.applications().iter().filter_map(|app| Change::application(app, overlay.application(app)?)),
    );
    changes
        .extend(overlay.guardrails.iter().cloned().map(|rule| Change::add(Entity::Guardrail(rule.into()))));
    changes.extend(overlay.views.iter().cloned().map(|view| Change::add(Entity::View(view.into()))));
    changes.extend(
        overlay.templates.iter().cloned().map(|template| Change::add(Entity::Template(template.into()))),
    );
    let mut registry = bare.clone();
    Change::force_all(changes, &mut registry);
    Mapped { bare, registry, notes, forms: HashMap::new() }
}

/// That so many clients are for people, not for machines.
pub(super) fn left_apart(clients: u64) -> Option<String> {
    match clients {
        0 => None,
        1 => Some("one client does not use client credentials; it is not shown and not edited".to_owned()),
        many => {
            Some(format!("{many} clients do not use client credentials; they are not shown and not edited"))
        }
    }
}
