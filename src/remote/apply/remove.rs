//! Removing for good what nobody has changed since it was looked at.

use super::{Outcome, ROUNDS, Run, chosen};
use crate::edit::{Change, Clash, Entity, EntityRef, Side};
use crate::remote::RemoteError;

impl Run<'_, '_> {
    pub(super) async fn remove_application(
        &mut self,
        id: &str,
        change: &Change,
    ) -> Result<Outcome, RemoteError> {
        let which = change.reference();
        let mut unknown = None;
        for _ in 0..ROUNDS {
            let there = self.read(&which, change).await?;
            let Some(theirs) = self.whole(&which, there.as_deref()) else {
                self.settle(&which, change, None, None)?;
                return Ok(Outcome::Done);
            };
            if let Some(clashes) = self.removal_clash(&which, change, &theirs) {
                return Ok(Outcome::Conflict(clashes));
            }
            match self.send_all(&[self.remote.application_removal(id)]).await {
                Ok(()) => {}
                Err(error @ RemoteError::Unknown { .. }) => unknown = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(unknown
            .unwrap_or(RemoteError::Unknown { what: which.to_string(), detail: "it stays there".to_owned() }))
    }

    pub(super) async fn remove_api(
        &mut self,
        audience: &str,
        change: &Change,
    ) -> Result<Outcome, RemoteError> {
        let which = change.reference();
        for _ in 0..ROUNDS {
            let Some(there) = self.remote.read_api(audience, self.stop).await? else {
                self.settle(&which, change, None, None)?;
                return Ok(Outcome::Done);
            };
            let objects = [there];
            if let Some(theirs) = self.whole(&which, Some(&objects))
                && let Some(clashes) = self.removal_clash(&which, change, &theirs)
            {
                return Ok(Outcome::Conflict(clashes));
            }
            let [there] = objects;
            let Some(write) = self.remote.api_removal(&there) else {
                let detail = "this remote has one API, which stays".to_owned();
                return Ok(Outcome::Differs(detail));
            };
            match self.send_all(&[write]).await {
                Ok(()) | Err(RemoteError::Unknown { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(RemoteError::Unknown { what: which.to_string(), detail: "it stays there".to_owned() })
    }

    /// Somebody changed what is to be removed: nobody has looked at that yet.
    fn removal_clash(&self, which: &EntityRef, change: &Change, theirs: &Entity) -> Option<Vec<Clash>> {
        let chosen = chosen(self.person.choices, which, "itself");
        if change.before() == Some(theirs) || chosen == Some(Side::Mine) {
            return None;
        }
        let word = |text: &str| Some(text.to_owned());
        let clash = Clash {
            field: "itself".to_owned(),
            base: word("there"),
            mine: word("removed"),
            theirs: word("changed since"),
        };
        Some(vec![clash])
    }
}
