//! What is staged, as a plan: every change with what it needs of the remote and of the overlay, and what was refused.

use super::action::{self, ActionStep};
use super::http::RemoteError;
use super::mapped::Mapped;
use super::overlay::Overlay;
use super::vendor::Remote;
use super::workspace::Workspace;
use crate::edit::{Change, Entity, EntityRef, Kind, diff};
use crate::registry::{Instant, Registry};
use serde::{Deserialize, Serialize};

/// A plan. It holds what is needed to know whether it was made on the state that there is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of this shape.
    pub schema: u32,
    /// The connection.
    pub connection: String,
    /// When what it begins from was pulled.
    pub pulled_at: Instant,
    /// The state of the snapshot that it begins from.
    pub generation: u64,
    /// The overlay's file.
    pub overlay_file: String,
    /// The overlay's hash as it is.
    pub overlay: String,
    /// The overlay's hash after the apply.
    pub overlay_after: String,
    /// The changes.
    pub steps: Vec<Step>,
    /// What is done with the Action that keeps an Auth0 tenant to the ends of trials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionStep>,
    /// Changes that the remote would not take.
    pub refused: Vec<Refused>,
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What changes.
    pub change: Change,
    /// Whether anything is sent to the remote.
    pub remote: bool,
    /// Whether anything is written into the overlay.
    pub overlay: bool,
}

/// A change that the remote would not take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// Which entity.
    pub entity: String,
    /// Why, and what to do.
    pub message: String,
}

impl Step {
    /// Whether it removes something that cannot be brought back as it was.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.remote && self.change.after().is_none()
    }
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0 && self.refused.is_empty()
    }

    /// How much there is to apply: each change, and the Action.
    #[must_use]
    pub fn count(&self) -> usize {
        self.steps.len() + usize::from(self.action.is_some())
    }

    /// Whether anything is sent to the remote.
    #[must_use]
    pub fn sends(&self) -> bool {
        self.action.is_some() || self.steps.iter().any(|step| step.remote)
    }

    /// Whether this is what is left of `older`, of which a part was carried out since.
    #[must_use]
    pub fn continues(&self, older: &Self) -> bool {
        let action = match (&self.action, &older.action) {
            (Some(left), Some(older)) => left.continues(older),
            (left, _) => left.is_none(),
        };
        action
            && self.connection == older.connection
            && self.steps.iter().all(|step| older.steps.contains(step))
    }
}

/// The plan of what is staged.
///
/// # Errors
/// [`RemoteError::Disk`] where nothing was pulled yet, or what is kept is damaged.
pub fn plan(workspace: &Workspace, remote: &mut Remote) -> Result<Plan, RemoteError> {
    let base = workspace.base(remote)?;
    let mine = workspace.mine()?;
    plan_of(workspace, remote, &base, &mine)
}

/// The same, of registries that are at hand.
///
/// # Errors
/// [`RemoteError::Disk`] where what is kept is damaged.
pub fn plan_of(
    workspace: &Workspace,
    remote: &Remote,
    base: &Mapped,
    mine: &Registry,
) -> Result<Plan, RemoteError> {
    let overlay = workspace.overlay()?;
    let mut after = overlay.clone();
    let (mut steps, mut refused) = (Vec::new(), Vec::new());
    for change in diff(&base.registry, mine) {
        if let Some(message) = refusal(remote, &base.bare, &change) {
            refused.push(Refused { entity: change.reference().to_string(), message });
            continue;
        }
        let before = after.part(&change.reference());
        keep(remote, &base.bare, &change, &mut after);
        let (remote, overlay) =
            (sends(remote, &base.bare, &change), after.part(&change.reference()) != before);
        steps.push(Step { change, remote, overlay });
    }
    Ok(Plan {
        schema: 1,
        connection: workspace.connection.name.clone(),
        pulled_at: workspace.snapshot.pulled_at()?.unwrap_or(Instant::saturating(0)),
        generation: workspace.snapshot.generation()?,
        overlay_file: workspace.overlay_file().display().to_string(),
        overlay: overlay.hash(),
        overlay_after: after.hash(),
        steps,
        action: workspace.wanted_action()?.and_then(|wanted| {
            let there = workspace.action_there().ok().flatten();
            action::step(&wanted, there.as_ref(), base, mine)
        }),
        refused,
    })
}

fn refusal(remote: &Remote, bare: &Registry, change: &Change) -> Option<String> {
    match (change.after(), change.reference()) {
        (Some(Entity::Application(mine)), which) => {
            let nothing = crate::registry::Application { client_id: which.id.clone(), ..Default::default() };
            let there = bare.application(&which.id).map_or(&nothing, |app| app);
            remote.refusal(&remote.held_application(there, mine))
        }
        (after, EntityRef { kind: Kind::Api, id }) => {
            let mine = match after {
                Some(Entity::Api(api)) => Some(&**api),
                _ => None,
            };
            remote.refusal_of_api(bare.api(&id).map(|api| &**api), mine)
        }
        _ => None,
    }
}

/// Whether a change sends anything.
fn sends(remote: &Remote, bare: &Registry, change: &Change) -> bool {
    let EntityRef { kind, id } = change.reference();
    match (kind, change.after()) {
        (Kind::Service, Some(Entity::Service(mine))) => {
            remote.held_service(&bare.service, mine) != *bare.service
        }
        (Kind::Api, Some(Entity::Api(mine))) => {
            bare.api(&id).is_none_or(|there| remote.held_api(there, mine) != **there)
        }
        (Kind::Application, Some(Entity::Application(mine))) => {
            bare.application(&id).is_none_or(|there| remote.held_application(there, mine) != **there)
        }
        (Kind::Api | Kind::Application, None) => true,
        _ => false,
    }
}

/// Writes into an overlay what a change leaves to it.
pub(super) fn keep(remote: &Remote, bare: &Registry, change: &Change, overlay: &mut Overlay) {
    let EntityRef { kind, id } = change.reference();
    match (kind, change.after()) {
        (Kind::Service, Some(Entity::Service(mine))) => {
            overlay.keep_service(&remote.held_service(&bare.service, mine), mine);
        }
        (Kind::Api, Some(Entity::Api(mine))) => {
            let held = bare
                .api(&id)
                .map_or_else(|| remote.held_api(mine, mine), |there| remote.held_api(there, mine));
            overlay.keep_api(&held, mine);
        }
        (Kind::Application, Some(Entity::Application(mine))) => {
            let new = crate::registry::Application { client_id: id.clone(), ..Default::default() };
            let there = bare.application(&id).map_or(&new, |there| there);
            overlay.keep_application(&remote.held_application(there, mine), mine);
        }
        (_, after) => overlay.keep_whole(kind, &id, after),
    }
}
