//! Making a client once, whatever becomes of the request.

use super::{Event, Outcome, ROUNDS, Run};
use crate::edit::{Change, Draft, Entity, EntityRef, Kind};
use crate::registry::Application;
use crate::remote::RemoteError;

impl Run<'_, '_> {
    /// Makes a client, once: where the outcome is not known, what it may have made is looked for first.
    pub(super) async fn create_application(&mut self, mine: &Application) -> Result<Outcome, RemoteError> {
        let nothing = Application { client_id: mine.client_id.clone(), ..Application::default() };
        let held = self.remote.held_application(&nothing, mine);
        let writes = self.remote.application_writes(None, &held);
        let Some(create) = writes.first() else { return Ok(Outcome::Done) };
        let mark = format!("creating {}", mine.client_id);
        let (mut id, mut told) = (None, false);
        if self.workspace.snapshot.meta(&mark)?.is_some_and(|state| state == "sent") {
            id = self.found(&held).await?;
        }
        for _ in 0..ROUNDS {
            if id.is_some() {
                break;
            }
            self.stop.check()?;
            // Written before it is sent, so that a crash in between is seen.
            self.workspace.snapshot.set_meta(&mark, "sent")?;
            match self.remote.write(create, self.stop).await {
                Ok(mut answer) => {
                    let secret = self.remote.created_secret(&mut answer);
                    id = self.remote.created_id(&answer);
                    if let (Some(id), Some(secret)) = (&id, secret) {
                        (self.person.hear)(Event::Secret(id.clone(), secret));
                        told = true;
                    }
                    if id.is_none() {
                        id = self.found(&held).await?;
                    }
                }
                Err(RemoteError::Unknown { .. }) => id = self.found(&held).await?,
                Err(error) => {
                    self.workspace.snapshot.set_meta(&mark, "")?;
                    return Err(error);
                }
            }
        }
        let Some(id) = id else {
            let detail = "the remote fails again and again, and made none".to_owned();
            return Err(RemoteError::Unknown { what: mine.client_id.clone(), detail });
        };
        if !told {
            (self.person.hear)(Event::SecretElsewhere(id.clone(), self.remote.secret_place()));
        }
        self.created(mine, &id, &mark).await
    }

    async fn found(&self, held: &Application) -> Result<Option<String>, RemoteError> {
        // Clients that are not edited are known too: one of them may have the same name.
        let pulled = self.workspace.snapshot.now();
        let known = |id: &str| pulled.object("client", id).is_ok_and(|client| client.is_some());
        self.remote.find_new(held.title(), &known, self.stop).await
    }

    /// A client that was made gets its id here too, and then what a create cannot carry: its grants.
    async fn created(&mut self, mine: &Application, id: &str, mark: &str) -> Result<Outcome, RemoteError> {
        let named = Application { client_id: id.to_owned(), ..mine.clone() };
        let which = EntityRef { kind: Kind::Application, id: id.to_owned() };
        let there = self.remote.read_application(id, None, self.stop).await?;
        if mine.client_id != id {
            let changes = vec![
                Change::remove(Entity::Application(mine.clone().into())),
                Change::add(Entity::Application(named.clone().into())),
            ];
            let label = format!("Created at {}: {} is {id}", self.workspace.connection.name, mine.client_id);
            self.workspace.commit(&Draft::edit(label, "", changes), self.at, self.person.who)?;
        }
        self.take_over(&which, there.as_deref())?;
        self.workspace.snapshot.set_meta(mark, "")?;
        let Some(before) = self.whole(&which, there.as_deref()) else {
            return Ok(Outcome::Differs("it was made and is gone again; refresh and look".to_owned()));
        };
        match Change::replace(before.clone(), Entity::Application(named.into())) {
            Some(change) => self.converge(&which, &change).await,
            None => Ok(Outcome::Done),
        }
    }
}
