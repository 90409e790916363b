//! What is staged for a remote, against what was pulled, which is mapped once for many plans.

use crate::app::{Planned, review_rows};
use crate::export::{Line, Mark};
use crate::policy::{ENDING_DAYS, Policy, Timeline, fleet};
use crate::registry::{Instant, Registry};
use crate::remote::{Connections, Credentials, Limits, Mapped, Remote, RemoteError, Workspace, plan_of};
use std::sync::Arc;

/// What was pulled, mapped once for many plans.
#[derive(Debug)]
pub(super) struct PulledBase {
    workspace: Workspace,
    remote: Remote,
    mapped: Mapped,
    base: Arc<Registry>,
    /// The snapshot's state and the overlay's hash of which it is made.
    of: (u64, String),
}

impl PulledBase {
    pub(super) fn read(connections: &Connections, name: &str) -> Result<Self, RemoteError> {
        let workspace = Workspace::open(connections, name)?;
        // Nothing is sent: what was pulled is only mapped.
        let mut remote = Remote::new(&workspace.connection, Credentials::new(Vec::new()), Limits::default())?;
        let of = (workspace.snapshot.generation()?, workspace.overlay()?.hash());
        let mapped = workspace.base(&mut remote)?;
        let base = Arc::new(mapped.registry.clone());
        Ok(Self { workspace, remote, mapped, base, of })
    }

    /// Whether it is of this connection.
    pub(super) fn is_of(&self, name: &str) -> bool {
        self.workspace.connection.name == name
    }

    /// What makes `mine` of what was pulled.
    pub(super) fn plan(&self, mine: &Registry, now: Instant) -> Result<Planned, RemoteError> {
        let plan = plan_of(&self.workspace, &self.remote, &self.mapped, mine)?;
        let mine = Arc::new(mine.clone());
        Ok(Planned {
            rows: review_rows(&plan),
            code: plan.action.iter().filter_map(|step| step.code.as_deref()).flat_map(lines).collect(),
            overrun: (overrun(&self.base, now), overrun(&mine, now)),
            base: self.base.clone(),
            plan: Arc::new(plan),
        })
    }

    /// Whether another program has neither pulled, applied nor changed the overlay since.
    pub(super) fn is_fresh(&self) -> bool {
        let overlay = self.workspace.overlay().map(|overlay| overlay.hash());
        self.workspace.snapshot.generation().ok().zip(overlay.ok()).is_some_and(|now| now == self.of)
    }
}

/// The lines of the Action, to be read.
fn lines(code: &str) -> impl Iterator<Item = Line> {
    code.lines().map(|text| Line { mark: Mark::Text, text: text.to_owned() })
}

/// The most that a token of now outlives its application, in seconds.
fn overrun(registry: &Arc<Registry>, at: Instant) -> i64 {
    let (policy, profile) = (Policy::new(registry.clone()), registry.service.issuer_profile);
    let timeline = Timeline::new(registry.clone(), &[], at);
    let rows = fleet(&policy, profile, at, ENDING_DAYS, &timeline);
    rows.iter().filter_map(|row| row.overrun).max().unwrap_or_default().max(0)
}
