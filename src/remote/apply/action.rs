//! The Action's part of a plan: read, bring nearer and read again, until it is there, deployed and bound.

use super::{Outcome, Run};
use crate::policy::Strategy;
use crate::remote::RemoteError;
use crate::remote::action::{ActionStep, ActionThere};
use crate::remote::auth0::Next;
use std::time::Duration;

/// So often it is read and written until nothing is missing: create or change, deploy, bind, each once more where an
/// outcome is not known.
const ROUNDS: usize = 10;
/// How often, and how long after each other, a tenant is asked whether it has built the Action.
const LOOKS: usize = 60;
const BETWEEN: Duration = Duration::from_millis(500);

impl Run<'_, '_> {
    /// Carries out the Action's part; `lifetimes` tells whether the lifetimes that its code knows are those of the tenant.
    pub(super) async fn action(
        &mut self,
        step: &ActionStep,
        lifetimes: bool,
    ) -> Result<Outcome, RemoteError> {
        if step.strategy == Some(Strategy::DenyOutliving) && !lifetimes {
            let detail = "it waits: it knows the lifetimes of the APIs, and a change of one was not applied";
            return Ok(Outcome::Differs(detail.to_owned()));
        }
        let planned = self.workspace.action_there()?;
        let (mut looks, mut unknown) = (0, None);
        let mut round = 0;
        while round < ROUNDS {
            let there = self.remote.read_action(self.stop).await?;
            if round == 0 && looks == 0 && changed(planned.as_ref(), &there, step) {
                self.workspace.keep_action_there(&there)?;
                let detail = "its code was changed there since it was read; look at the plan again";
                return Ok(Outcome::Differs(detail.to_owned()));
            }
            self.workspace.keep_action_there(&there)?;
            let write = match self.remote.next_of_action(step.code.as_deref(), &there) {
                Next::Nothing => {
                    self.workspace.settle_action()?;
                    return Ok(Outcome::Done);
                }
                Next::Broken => {
                    let detail = "the tenant could not build it; its dashboard tells why under Actions";
                    return Ok(Outcome::Differs(detail.to_owned()));
                }
                Next::Wait if looks < LOOKS => {
                    looks += 1;
                    self.stop.or(tokio::time::sleep(BETWEEN)).await?;
                    continue;
                }
                Next::Wait => {
                    let detail = "the tenant is still building it; apply again in a minute";
                    return Ok(Outcome::Differs(detail.to_owned()));
                }
                Next::Send(write) => write,
            };
            round += 1;
            match self.remote.write(&write, self.stop).await {
                Ok(_) => {}
                // Read again: it may have been carried out.
                Err(error @ RemoteError::Unknown { .. }) => unknown = Some(error),
                // Made by the attempt whose outcome was not known.
                Err(RemoteError::Taken { .. }) if unknown.is_some() => {}
                Err(error) => return Err(error),
            }
        }
        Err(unknown.unwrap_or(RemoteError::Unknown {
            what: step.name.clone(),
            detail: "it does not come to rest".to_owned(),
        }))
    }
}

/// Whether somebody wrote other code since the plan was made, which must be seen before it is overwritten.
fn changed(planned: Option<&ActionThere>, there: &ActionThere, step: &ActionStep) -> bool {
    let code = |there: &ActionThere| there.own.as_ref().map(|own| own.code.clone());
    let now = code(there);
    now.is_some() && now != step.code && now != planned.and_then(code)
}
