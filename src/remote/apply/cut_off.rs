//! Taking an application's access away at once, round the staging.

use super::{Choices, Outcome, Person, ROUNDS, Run};
use crate::edit::{Change, Draft, Entity, EntityRef, Kind};
use crate::registry::{Application, ApplicationStatus, Instant};
use crate::remote::connections::disk;
use crate::remote::{Remote, RemoteError, Stop, Workspace};

/// Takes an application's access away at once, round the staging, and reads back that it is gone.
///
/// The staged registry says *suspended* afterwards; to undo that entry of its history stages how to restore it.
///
/// # Errors
/// [`RemoteError`].
pub async fn cut_off(
    workspace: &Workspace,
    remote: &mut Remote,
    client_id: &str,
    at: Instant,
    person: &mut Person<'_>,
    stop: &Stop,
) -> Result<(), RemoteError> {
    let base = workspace.base(remote)?;
    let mine = workspace.mine()?;
    let gone =
        || RemoteError::NotFound { what: client_id.to_owned(), detail: "it was not pulled".to_owned() };
    let staged = mine.application(client_id).ok_or_else(gone)?;
    let before = base.registry.application(client_id).ok_or_else(gone)?;
    let suspended = |app: &Application| Application { status: ApplicationStatus::Suspended, ..app.clone() };
    let overlay = workspace.overlay()?;
    let choices = Choices::new();
    // The grants of now are what is kept to restore, whoever gave them since the pull.
    let there = remote.read_application(client_id, None, stop).await?.ok_or_else(gone)?;
    let theirs = remote.application(&there).ok_or_else(gone)?;
    let theirs = overlay.application(&theirs).unwrap_or(theirs);
    let which = EntityRef { kind: Kind::Application, id: client_id.to_owned() };
    let (from, to) =
        (Entity::Application(theirs.clone().into()), Entity::Application(suspended(&theirs).into()));
    let mut inner = Person { who: person.who, choices: &choices, hear: person.hear };
    let mut run = Run { workspace, remote, base: base.clone(), overlay, at, person: &mut inner, stop };
    if let Some(change) = Change::replace(from, to) {
        let outcome = run.cut(&which, &change).await?;
        if outcome != Outcome::Done {
            return Err(RemoteError::Unexpected { host: run.remote.wire().host(), detail: outcome.detail() });
        }
    }
    let label = format!("Cut off {}", before.title());
    let change = Change::application(staged, suspended(staged));
    workspace.commit(&Draft::edit(label, "", change.into_iter().collect()), at, person.who)
}

impl Run<'_, '_> {
    /// As [`Run::converge`], without a look at the staged registry, which says something else until it is done.
    async fn cut(&mut self, which: &EntityRef, change: &Change) -> Result<Outcome, RemoteError> {
        let Some(target) = change.after() else { return Ok(Outcome::Done) };
        let mut failed = None;
        self.keep(change)?;
        for _ in 0..ROUNDS {
            let there = self.read(which, change).await?;
            let writes = self.writes(which, there.as_deref(), target);
            if writes.is_empty() {
                self.take_over(which, there.as_deref())?;
                return Ok(Outcome::Done);
            }
            match self.send_all(&writes).await {
                Ok(()) => {}
                Err(error @ RemoteError::Unknown { .. }) => failed = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(failed.unwrap_or_else(|| disk(std::path::Path::new("cut off"), "the access stays there")))
    }
}
