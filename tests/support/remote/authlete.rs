//! The stand-in of an Authlete service, 3.0 or 2.x: the part of Authlete's API that Tenure uses.

mod clients;
mod error;
mod fill;
mod mint;
mod scopes;
mod service;

use super::caller::Caller;
use super::server::Server;
use super::tls::Tls;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
pub use mint::Rule;
use serde_json::Value;
use service::Service;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

/// The API's generation, which decides the paths and the way to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `/api/{serviceId}/…` with a bearer token.
    V3,
    /// `/api/…` with basic authentication: the owner's key for `/service/`, the service's for the rest.
    V2,
}

/// The service's id, in 2.x its API key.
pub const SERVICE: &str = "21653835348762";
/// 3.0: the access token for the whole service.
pub const SERVICE_TOKEN: &str = "canary-token-of-the-service";
/// 3.0: an access token for clients alone, which gets a reduced view of the service.
pub const CLIENT_TOKEN: &str = "canary-token-of-the-clients";
/// 2.x: the owner's API key and secret.
pub const OWNER: (&str, &str) = ("17201083166161", "canary-secret-of-the-owner");
/// 2.x: the secret of the service's API key.
pub const SERVICE_SECRET: &str = "canary-secret-of-the-service";

/// A service that is served until it is dropped.
pub struct Authlete {
    service: Arc<Mutex<Service>>,
    server: Server,
    version: Version,
}

impl Deref for Authlete {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

/// The value of an `Authorization` header.
fn basic((key, secret): (&str, &str)) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))
}

impl Authlete {
    /// A service behind plain http.
    pub fn start(version: Version) -> Self {
        Self::behind(version, None)
    }

    /// A service behind https.
    pub fn start_with(version: Version, tls: Tls) -> Self {
        Self::behind(version, Some(tls))
    }

    fn behind(version: Version, tls: Option<Tls>) -> Self {
        let service = Arc::new(Mutex::new(Service::new(version)));
        let server = Server::start(tls, |_| service.clone());
        Self { service, server, version }
    }

    fn held(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub const fn version(&self) -> Version {
        self.version
    }

    /// The path of a call such as `/client/get/list`, under the service's id in 3.0.
    pub fn path(&self, rest: &str) -> String {
        match self.version {
            Version::V3 => format!("/api/{SERVICE}{rest}"),
            Version::V2 => format!("/api{rest}"),
        }
    }

    /// The path that reads the service.
    pub fn service_path(&self, verb: &str) -> String {
        match self.version {
            Version::V3 => format!("/api/{SERVICE}/service/{verb}"),
            Version::V2 => format!("/api/service/{verb}/{SERVICE}"),
        }
    }

    /// A caller who may call `/client/` and `/auth/`, and in 3.0 `/service/` too.
    pub fn caller(&self) -> Caller {
        let authorization = match self.version {
            Version::V3 => format!("Bearer {SERVICE_TOKEN}"),
            Version::V2 => basic((SERVICE, SERVICE_SECRET)),
        };
        Caller::new(self.base(), &authorization)
    }

    /// A caller who may call `/service/`.
    pub fn owner(&self) -> Caller {
        match self.version {
            Version::V3 => self.caller(),
            Version::V2 => Caller::new(self.base(), &basic(OWNER)),
        }
    }

    /// Which of the two documented rules gives a token's duration; each version has its own document's.
    pub fn token_rule(&self, rule: Rule) {
        self.held().rule = rule;
    }

    /// The service as it is stored.
    pub fn service(&self) -> Value {
        self.held().service.clone()
    }

    /// Replaces members of the service; null removes one. `modifiedAt` moves.
    pub fn edit_service(&self, members: Value) {
        self.held().edit_service(&members);
    }

    /// Stores a client as it is, with a new client's values for what is not said; answers its id.
    pub fn put_client(&self, client: Value) -> u64 {
        self.held().put_client(client)
    }

    /// Replaces members of a client; null removes one. `modifiedAt` moves.
    pub fn edit_client(&self, id: u64, members: Value) {
        self.held().edit_client(&id.to_string(), &members);
    }

    pub fn remove_client(&self, id: u64) {
        self.held().clients.remove(&id.to_string());
    }

    pub fn client(&self, id: u64) -> Option<Value> {
        self.held().clients.get(&id.to_string())
    }

    pub fn clients(&self) -> Vec<Value> {
        self.held().clients.all()
    }

    /// Adds so many clients, the same ones each time: every tenth of them without `CLIENT_CREDENTIALS`.
    pub fn fill(&self, clients: usize) {
        fill::fill(&mut self.held(), clients);
    }
}
