//! Carrying out a plan: each item is read again, brought together with what was pulled, written and read back.
//!
//! An item converges: what the remote holds is read, what is missing is sent, until nothing is missing. So an outcome that
//! is not known, a restart or a stop needs no memory of what was sent; only a create looks for what it may have made
//! before it is sent again.

mod action;
mod create;
mod cut_off;
mod outcome;
mod remove;

pub use cut_off::cut_off;
pub use outcome::{Applied, Choices, Event, Outcome, Person};

use super::http::{Access, RemoteError, Stop};
use super::mapped::Mapped;
use super::object::{Object, Write};
use super::overlay::Overlay;
use super::plan::{Plan, Step, keep, plan_of};
use super::snapshot::Item;
use super::vendor::Remote;
use super::workspace::Workspace;
use crate::edit::{Change, Draft, Entity, EntityRef, Kind, three_way};
use crate::registry::Instant;
use outcome::chosen;

/// So often an item is read and written until nothing is missing.
const ROUNDS: usize = 6;

/// Carries out a plan. What is left when it is stopped or an item fails stays staged.
///
/// # Errors
/// [`RemoteError`] where the plan was made on an older state, the connection may not write, or the disk refuses.
pub async fn apply(
    workspace: &Workspace,
    remote: &mut Remote,
    plan: &Plan,
    at: Instant,
    person: &mut Person<'_>,
    stop: &Stop,
) -> Result<Applied, RemoteError> {
    if remote.wire().access() == Access::ReadOnly && plan.sends() {
        return Err(RemoteError::ReadOnly(format!("apply to {}", workspace.connection.name)));
    }
    let base = workspace.base(remote)?;
    let mine = workspace.mine()?;
    let now = plan_of(workspace, remote, &base, &mine)?;
    if (&now.steps, &now.action) != (&plan.steps, &plan.action)
        && !(now.continues(plan) && workspace.snapshot.meta("applying")? == Some(hash(plan)))
    {
        let detail = "the plan was made on an older state; make a new one and review it".to_owned();
        return Err(RemoteError::Disk { path: "plan".to_owned(), detail });
    }
    workspace.snapshot.set_meta("applying", &hash(plan))?;
    workspace.snapshot.forget_results()?;
    let overlay = workspace.overlay()?;
    let mut run = Run { workspace, remote, base, overlay, at, person, stop };
    run.all(&now).await
}

/// A plan's own hash.
#[must_use]
pub fn hash(plan: &Plan) -> String {
    super::fingerprint(serde_json::to_string(plan).unwrap_or_default().as_bytes())
}

/// What makes one of the other.
fn between(old: Option<&Entity>, new: Option<&Entity>) -> Option<Change> {
    match (old.cloned(), new.cloned()) {
        (Some(old), Some(new)) => Change::replace(old, new),
        (None, Some(new)) => Some(Change::add(new)),
        (Some(old), None) => Some(Change::remove(old)),
        (None, None) => None,
    }
}

struct Run<'a, 'p> {
    workspace: &'a Workspace,
    remote: &'a mut Remote,
    base: Mapped,
    overlay: Overlay,
    at: Instant,
    person: &'a mut Person<'p>,
    stop: &'a Stop,
}

impl Run<'_, '_> {
    /// The changes, and then the Action, whose code is made of them.
    async fn all(&mut self, plan: &Plan) -> Result<Applied, RemoteError> {
        let (mut applied, lifetimes) = self.steps(&plan.steps).await?;
        let Some(step) = plan.action.as_ref().filter(|_| !applied.stopped) else { return Ok(applied) };
        let outcome = match self.action(step, lifetimes).await {
            Err(RemoteError::Stopped) => {
                applied.stopped = true;
                return Ok(applied);
            }
            Err(error @ RemoteError::Disk { .. }) => return Err(error),
            Err(error) => Outcome::Failed(error),
            Ok(outcome) => outcome,
        };
        applied.count(&outcome);
        (self.person.hear)(Event::Action(outcome));
        Ok(applied)
    }

    /// Carries out the changes; also tells whether every API's is applied.
    async fn steps(&mut self, steps: &[Step]) -> Result<(Applied, bool), RemoteError> {
        let (mut applied, mut apis) = (Applied::default(), true);
        for (place, step) in steps.iter().enumerate() {
            let which = step.change.reference();
            let outcome = match self.stop.check() {
                Err(_) => Err(RemoteError::Stopped),
                Ok(()) => self.step(step).await,
            };
            let outcome = match outcome {
                Err(RemoteError::Stopped) => {
                    applied.stopped = true;
                    break;
                }
                Err(error @ RemoteError::Disk { .. }) => return Err(error),
                Err(error) => Outcome::Failed(error),
                Ok(outcome) => outcome,
            };
            applied.count(&outcome);
            apis &= which.kind != Kind::Api || outcome == Outcome::Done;
            let item =
                Item { entity: which.to_string(), outcome: outcome.name().into(), detail: outcome.detail() };
            self.workspace.snapshot.keep_result(&item)?;
            (self.person.hear)(Event::Item(place + 1, steps.len(), which, outcome));
        }
        Ok((applied, apis))
    }

    async fn step(&mut self, step: &Step) -> Result<Outcome, RemoteError> {
        let which = step.change.reference();
        if !step.remote {
            self.keep(&step.change)?;
            return Ok(Outcome::Done);
        }
        match (which.kind, step.change.after()) {
            (Kind::Application, None) => self.remove_application(&which.id, &step.change).await,
            (Kind::Api, None) => self.remove_api(&which.id, &step.change).await,
            (Kind::Application, Some(Entity::Application(mine)))
                if self.base.bare.application(&which.id).is_none() =>
            {
                self.create_application(mine).await
            }
            (Kind::Application | Kind::Api | Kind::Service, Some(_)) => {
                self.converge(&which, &step.change).await
            }
            _ => Ok(Outcome::Done),
        }
    }

    /// Reads, brings together and writes until nothing is missing.
    async fn converge(&mut self, which: &EntityRef, change: &Change) -> Result<Outcome, RemoteError> {
        let mut unknown = None;
        let mut refusals = 0;
        for _ in 0..ROUNDS {
            let there = self.read(which, change).await?;
            let theirs = self.whole(which, there.as_deref());
            let choose = |field: &str| chosen(self.person.choices, which, field);
            let together = three_way(change.before(), change.after(), theirs.as_ref(), &choose);
            if !together.clashes.is_empty() {
                return Ok(Outcome::Conflict(together.clashes));
            }
            let Some(merged) = together.merged else {
                // It is gone there, and that was chosen, or nothing of mine is left.
                self.settle(which, change, there, None)?;
                return Ok(Outcome::Done);
            };
            let writes = self.writes(which, there.as_deref(), &merged);
            if writes.is_empty() {
                self.settle(which, change, there, Some(merged))?;
                return Ok(Outcome::Done);
            }
            // The overlay first: what the remote is to forget must lie somewhere before it does.
            if let Some(kept) = between(change.before(), Some(&merged)) {
                self.keep(&kept)?;
            }
            if refusals > 1 {
                let detail =
                    "the remote took the request and holds something else; refresh and look again".to_owned();
                return Ok(Outcome::Differs(detail));
            }
            match self.send_all(&writes).await {
                Ok(()) => refusals += 1,
                // Read again: it may have been carried out.
                Err(error @ RemoteError::Unknown { .. }) => unknown = Some(error),
                // Made by the attempt whose outcome was not known.
                Err(RemoteError::Taken { .. }) if unknown.is_some() => {}
                Err(error) => return Err(error),
            }
        }
        Err(unknown.unwrap_or(RemoteError::Unknown {
            what: which.to_string(),
            detail: "it does not come to rest".to_owned(),
        }))
    }

    async fn send_all(&self, writes: &[Write]) -> Result<(), RemoteError> {
        for write in writes {
            match self.remote.write(write, self.stop).await {
                // What was to be removed is gone: as it should be.
                Err(RemoteError::NotFound { .. }) if write.method == reqwest::Method::DELETE => {}
                answer => drop(answer?),
            }
        }
        Ok(())
    }

    /// The objects of an entity as they are now. What a change leaves alone is not asked for where that is another request: a
    /// tenant that takes two requests a second is not asked for grants that nobody edits.
    async fn read(&self, which: &EntityRef, change: &Change) -> Result<Option<Vec<Object>>, RemoteError> {
        if which.kind != Kind::Application {
            return Ok(self.remote.read_api(&which.id, self.stop).await?.map(|object| vec![object]));
        }
        let known = match (change.before(), change.after()) {
            (Some(Entity::Application(old)), Some(Entity::Application(new)))
                if old.grants == new.grants && old.status == new.status =>
            {
                Some(self.remote.grants_of(self.workspace.snapshot.now(), &which.id)?)
            }
            _ => None,
        };
        self.remote.read_application(&which.id, known, self.stop).await
    }

    /// What the remote and the overlay say of an entity now.
    fn whole(&self, which: &EntityRef, there: Option<&[Object]>) -> Option<Entity> {
        match self.bare(which, there?)? {
            Entity::Application(app) => {
                let app = self.overlay.application(&app).map_or(app, Into::into);
                Some(Entity::Application(app))
            }
            Entity::Api(api) => Some(Entity::Api(self.overlay.api(&api).map_or(api, Into::into))),
            Entity::Service(service) => Some(Entity::Service(self.overlay.service(&service).into())),
            entity => Some(entity),
        }
    }

    fn bare(&self, which: &EntityRef, there: &[Object]) -> Option<Entity> {
        let first = there.first();
        match which.kind {
            Kind::Application => self.remote.application(there).map(|app| Entity::Application(app.into())),
            Kind::Api => self.remote.api(first?).map(|api| Entity::Api(api.into())),
            _ => self.remote.service(first?).map(|service| Entity::Service(service.into())),
        }
    }

    fn writes(&self, which: &EntityRef, there: Option<&[Object]>, merged: &Entity) -> Vec<Write> {
        let bare = there.and_then(|there| self.bare(which, there));
        match (bare, merged) {
            (Some(Entity::Application(bare)), Entity::Application(merged)) => {
                self.remote.application_writes(there, &self.remote.held_application(&bare, merged))
            }
            (Some(Entity::Api(bare)), Entity::Api(merged)) => {
                let object = there.and_then(<[Object]>::first);
                self.remote.api_writes(object, &self.remote.held_api(&bare, merged))
            }
            (None, Entity::Api(merged)) => {
                self.remote.api_writes(None, &self.remote.held_api(merged, merged))
            }
            (Some(Entity::Service(bare)), Entity::Service(merged)) => there
                .and_then(<[Object]>::first)
                .map(|object| self.remote.service_writes(object, &self.remote.held_service(&bare, merged)))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Takes over how an entity is now: the staged registry first, then the overlay, then the snapshot.
    fn settle(
        &mut self,
        which: &EntityRef,
        change: &Change,
        there: Option<Vec<Object>>,
        merged: Option<Entity>,
    ) -> Result<(), RemoteError> {
        // A removal is staged as what is gone: nothing of it is brought.
        let staged = change.after();
        if let Some(brought) = staged.and_then(|staged| between(Some(staged), merged.as_ref())) {
            let label = format!("Apply to {}: taken over from there", self.workspace.connection.name);
            self.workspace.commit(&Draft::edit(label, "", vec![brought]), self.at, self.person.who)?;
        }
        self.take_over(which, there.as_deref())?;
        match between(change.before(), merged.as_ref()) {
            Some(settled) => self.keep(&settled),
            None => Ok(()),
        }
    }

    /// Puts what was read back into the snapshot and the base.
    fn take_over(&mut self, which: &EntityRef, there: Option<&[Object]>) -> Result<(), RemoteError> {
        let snapshot = &self.workspace.snapshot;
        let new = there.and_then(|there| self.bare(which, there));
        let old = self.base.bare.entity(which);
        let now = there.unwrap_or_default();
        let known = self.remote.objects_of(snapshot.now(), which)?;
        let gone =
            known.iter().filter(|(kind, id)| !now.iter().any(|now| now.kind == *kind && now.id == *id));
        let gone = gone.map(|(kind, id)| (*kind, id.as_str(), None));
        snapshot.put(gone.chain(now.iter().map(|now| (now.kind, now.id.as_str(), Some(&now.body)))))?;
        Change::force_all(between(old.as_ref(), new.as_ref()), &mut self.base.bare);
        if which.kind == Kind::Api {
            self.remote.know(&self.base.bare);
        }
        Ok(())
    }

    /// Writes what a change leaves to the overlay.
    fn keep(&mut self, change: &Change) -> Result<(), RemoteError> {
        let which = change.reference();
        let before = self.overlay.part(&which);
        keep(self.remote, &self.base.bare, change, &mut self.overlay);
        if self.overlay.part(&which) == before {
            return Ok(());
        }
        // Somebody else may write the file too, a colleague's git, say: what is there now gets this one part.
        let path = self.workspace.overlay_file();
        let mut now = Overlay::read(&path)?;
        keep(self.remote, &self.base.bare, change, &mut now);
        now.write(&path)?;
        self.overlay = now;
        Ok(())
    }
}
