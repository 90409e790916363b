//! What the vendors have in common: objects that are read, requests that are written, and what a remote can hold.

use super::action::ActionThere;
use super::auth0::{Auth0, Next};
use super::authlete::Authlete;
use super::connection::{Connection, Credentials, Vendor};
use super::http::{Limits, RemoteError, Stop, Wire};
use super::mapped::Mapped;
use super::object::{Object, PageSink, Tried, Write};
use super::overlay::Overlay;
use super::snapshot::View;
use crate::edit::EntityRef;
use crate::registry::{Api, Application, Registry, Service};
use serde_json::Value;

/// A remote, of any vendor.
#[derive(Debug)]
pub enum Remote {
    /// An Auth0 tenant.
    Auth0(Box<Auth0>),
    /// An Authlete service, 2.x or 3.0.
    Authlete(Box<Authlete>),
}

impl Remote {
    /// The remote of a connection. Nothing is sent yet.
    ///
    /// # Errors
    /// [`RemoteError`] where its address or authorities cannot be used.
    pub fn new(
        connection: &Connection,
        credentials: Credentials,
        limits: Limits,
    ) -> Result<Self, RemoteError> {
        connection.check()?;
        let read = |path: &std::path::PathBuf| {
            std::fs::read(path).map_err(|error| super::connections::disk(path, error))
        };
        let authorities = connection.authorities.as_ref().map(read).transpose()?;
        let wire = Wire::new(&connection.vendor.base(), connection.access, limits, authorities.as_deref())?;
        Ok(match &connection.vendor {
            Vendor::Auth0 { domain, client_id, metadata, .. } => {
                Self::Auth0(Box::new(Auth0::new(domain, client_id, metadata, wire, credentials)))
            }
            Vendor::Authlete3 { service_id, attributes, .. } => {
                Self::Authlete(Box::new(Authlete::v3(service_id, attributes, wire, credentials)))
            }
            Vendor::Authlete2 { owner_key, service_key, attributes, .. } => {
                Self::Authlete(Box::new(Authlete::v2(owner_key, service_key, attributes, wire, credentials)))
            }
        })
    }

    /// The wire, for counts and the host's name.
    #[must_use]
    pub fn wire(&self) -> &Wire {
        match self {
            Self::Auth0(auth0) => auth0.wire(),
            Self::Authlete(authlete) => authlete.wire(),
        }
    }

    /// Reads everything that makes up the registry.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub async fn pull(&self, sink: &mut dyn PageSink, stop: &Stop) -> Result<(), RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.pull(sink, stop).await,
            Self::Authlete(authlete) => authlete.pull(sink, stop).await,
        }
    }

    /// A snapshot as a registry.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where the snapshot cannot be read.
    pub fn map(&mut self, snapshot: View<'_>, overlay: &Overlay) -> Result<Mapped, RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.map(snapshot, overlay),
            Self::Authlete(authlete) => authlete.map(snapshot, overlay),
        }
    }

    /// The objects of an application as they are now; nothing where it is gone. Grants that are `known` are not asked for.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub async fn read_application(
        &self,
        client_id: &str,
        known: Option<Vec<Object>>,
        stop: &Stop,
    ) -> Result<Option<Vec<Object>>, RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.read_application(client_id, known, stop).await,
            Self::Authlete(authlete) => authlete.read_application(client_id, stop).await,
        }
    }

    /// The grants of an application as they were pulled, where they are objects of their own.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn grants_of(&self, view: View<'_>, client_id: &str) -> Result<Vec<Object>, RemoteError> {
        match self {
            Self::Auth0(_) => Auth0::grants_of(view, client_id),
            Self::Authlete(_) => Ok(Vec::new()),
        }
    }

    /// The object of an API as it is now; nothing where it is gone. At Authlete it is the service.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub async fn read_api(&self, audience: &str, stop: &Stop) -> Result<Option<Object>, RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.read_api(audience, stop).await,
            Self::Authlete(authlete) => authlete.read_service(stop).await.map(Some),
        }
    }

    /// The kinds and ids of the objects that a snapshot has of an entity.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn objects_of(
        &self,
        view: View<'_>,
        which: &EntityRef,
    ) -> Result<Vec<(&'static str, String)>, RemoteError> {
        match self {
            Self::Auth0(_) => Auth0::objects_of(view, which),
            Self::Authlete(authlete) => Ok(authlete.objects_of(which)),
        }
    }

    /// Learns the APIs and scopes that grants are read by.
    pub fn know(&mut self, bare: &Registry) {
        match self {
            Self::Auth0(auth0) => auth0.know_apis(bare.apis().iter().map(|api| &**api)),
            Self::Authlete(authlete) => bare.apis().iter().for_each(|api| authlete.know(api)),
        }
    }

    /// An application of its objects, without what only the overlay knows.
    #[must_use]
    pub fn application(&self, objects: &[Object]) -> Option<Application> {
        match self {
            Self::Auth0(auth0) => auth0.application(objects, &mut Vec::new()),
            Self::Authlete(authlete) => authlete.application(objects, &mut Vec::new()),
        }
    }

    /// An API of its object.
    #[must_use]
    pub fn api(&self, object: &Object) -> Option<Api> {
        match self {
            Self::Auth0(auth0) => auth0.api(&object.body, &mut Vec::new()),
            Self::Authlete(authlete) => authlete.api(&object.body, &mut Vec::new()),
        }
    }

    /// The service of the same object, where the remote has one that can be edited.
    #[must_use]
    pub fn service(&self, object: &Object) -> Option<Service> {
        match self {
            Self::Auth0(_) => None,
            Self::Authlete(authlete) => Some(authlete.service(&object.body)),
        }
    }

    /// What the remote will hold of an application; the rest is the overlay's.
    #[must_use]
    pub fn held_application(&self, bare: &Application, mine: &Application) -> Application {
        match self {
            Self::Auth0(auth0) => auth0.held_application(bare, mine),
            Self::Authlete(authlete) => authlete.held_application(bare, mine),
        }
    }

    /// What the remote will hold of an API; the rest is the overlay's.
    #[must_use]
    pub fn held_api(&self, bare: &Api, mine: &Api) -> Api {
        match self {
            Self::Auth0(auth0) => auth0.held_api(bare, mine),
            Self::Authlete(authlete) => authlete.held_api(bare, mine),
        }
    }

    /// What the remote will hold of the service; the rest is the overlay's.
    #[must_use]
    pub fn held_service(&self, bare: &Service, mine: &Service) -> Service {
        match self {
            Self::Auth0(_) => bare.clone(),
            Self::Authlete(authlete) => authlete.held_service(bare, mine),
        }
    }

    /// Why the remote would not take an application.
    #[must_use]
    pub fn refusal(&self, mine: &Application) -> Option<String> {
        match self {
            Self::Auth0(auth0) => auth0.refusal(mine),
            Self::Authlete(authlete) => authlete.refusal(mine),
        }
    }

    /// Why the remote would not take an API: its change from `bare`, or that it is new or gone.
    #[must_use]
    pub fn refusal_of_api(&self, bare: Option<&Api>, mine: Option<&Api>) -> Option<String> {
        match self {
            Self::Auth0(auth0) => mine.and_then(|mine| auth0.refusal_of_api(mine)),
            Self::Authlete(authlete) => authlete.refusal_of_api(bare, mine),
        }
    }

    /// The requests that make the remote hold this application; none where it does already. Without objects it is made.
    #[must_use]
    pub fn application_writes(&self, there: Option<&[Object]>, held: &Application) -> Vec<Write> {
        match self {
            Self::Auth0(auth0) => auth0.application_writes(there, held),
            Self::Authlete(authlete) => authlete.application_writes(there, held),
        }
    }

    /// The request that removes an application for good.
    #[must_use]
    pub fn application_removal(&self, client_id: &str) -> Write {
        match self {
            Self::Auth0(auth0) => auth0.application_removal(client_id),
            Self::Authlete(authlete) => authlete.application_removal(client_id),
        }
    }

    /// The requests that make the remote hold this API; none where it does already.
    #[must_use]
    pub fn api_writes(&self, there: Option<&Object>, held: &Api) -> Vec<Write> {
        match self {
            Self::Auth0(auth0) => auth0.api_writes(there, held),
            Self::Authlete(authlete) => {
                there.map(|there| authlete.api_writes(there, held)).unwrap_or_default()
            }
        }
    }

    /// The request that removes an API, where the remote has several.
    #[must_use]
    pub fn api_removal(&self, there: &Object) -> Option<Write> {
        match self {
            Self::Auth0(auth0) => Some(auth0.api_removal(there)),
            Self::Authlete(_) => None,
        }
    }

    /// The requests that make the remote hold this service.
    #[must_use]
    pub fn service_writes(&self, there: &Object, held: &Service) -> Vec<Write> {
        match self {
            Self::Auth0(_) => Vec::new(),
            Self::Authlete(authlete) => authlete.service_writes(there, held),
        }
    }

    /// Sends a request that changes something; gives the answer.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub async fn write(&self, write: &Write, stop: &Stop) -> Result<Value, RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.write(write, stop).await,
            Self::Authlete(authlete) => authlete.write(write, stop).await,
        }
    }

    /// The client id that the answer to a create gives.
    #[must_use]
    pub fn created_id(&self, answer: &Value) -> Option<String> {
        match answer.get(match self {
            Self::Auth0(_) => "client_id",
            Self::Authlete(_) => "clientId",
        })? {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    /// The secret that the answer to a create gives, where the permissions allow it: shown once, never kept.
    #[must_use]
    pub fn created_secret(&self, answer: &mut Value) -> Option<crate::token::Secret> {
        let name = match self {
            Self::Auth0(_) => "client_secret",
            Self::Authlete(_) => "clientSecret",
        };
        match answer.as_object_mut()?.remove(name)? {
            Value::String(secret) if !secret.is_empty() => Some(crate::token::Secret::new(secret)),
            _ => None,
        }
    }

    /// Where a client's secret is to be found by those who may see it.
    #[must_use]
    pub const fn secret_place(&self) -> &'static str {
        match self {
            Self::Auth0(_) => "in Auth0's dashboard, under Applications, the application, Credentials",
            Self::Authlete(_) => "in Authlete's console, under Clients, the client",
        }
    }

    /// A client of this name that is not known yet: what a create of unknown outcome may have made.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub async fn find_new(
        &self,
        name: &str,
        known: &dyn Fn(&str) -> bool,
        stop: &Stop,
    ) -> Result<Option<String>, RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.find_new(name, known, stop).await,
            Self::Authlete(authlete) => authlete.find_new(name, known, stop).await,
        }
    }

    /// The Action that keeps to the ends of trials, and what is bound beside it, as they are now.
    ///
    /// # Errors
    /// [`RemoteError`].
    pub async fn read_action(&self, stop: &Stop) -> Result<ActionThere, RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.read_action(stop).await,
            Self::Authlete(_) => Ok(ActionThere::default()),
        }
    }

    /// What has to be sent so that the Action has this code, runs and is bound; without code, that it is not bound.
    pub(super) fn next_of_action(&self, code: Option<&str>, there: &ActionThere) -> Next {
        match self {
            Self::Auth0(_) => Auth0::next_of_action(code, there),
            Self::Authlete(_) => Next::Nothing,
        }
    }

    /// Tries the connection: what works, and which permission is missing.
    ///
    /// # Errors
    /// [`RemoteError`] where not even signing in works.
    pub async fn test(&self, stop: &Stop) -> Result<Vec<Tried>, RemoteError> {
        match self {
            Self::Auth0(auth0) => auth0.test(stop).await,
            Self::Authlete(authlete) => authlete.test(stop).await,
        }
    }
}
