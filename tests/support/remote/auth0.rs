//! The stand-in of an Auth0 tenant: its token endpoint, and the part of the Management API that Tenure uses.
//!
//! A new tenant holds what a real one holds: the Management API (`is_system`), the client of [`Auth0::credentials`] with
//! its grant for it, and the global client "All Applications".

mod actions;
mod check;
mod clients;
mod error;
mod fill;
mod grants;
mod paging;
mod resource_servers;
mod tenant;
mod token;

use super::caller::Caller;
use super::server::Server;
use super::tls::Tls;
use serde_json::{Value, json};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};
pub use tenant::DOMAIN;
use tenant::{CLIENT_ID, SECRET, Tenant};

/// A tenant that is served until it is dropped.
pub struct Auth0 {
    tenant: Arc<Mutex<Tenant>>,
    server: Server,
}

impl Deref for Auth0 {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Auth0 {
    /// A tenant behind plain http.
    pub fn start() -> Self {
        Self::behind(None)
    }

    /// A tenant behind https.
    pub fn start_with(tls: Tls) -> Self {
        Self::behind(Some(tls))
    }

    fn behind(tls: Option<Tls>) -> Self {
        let mut held = None;
        let server = Server::start(tls, |base| {
            let tenant = Arc::new(Mutex::new(Tenant::new(base)));
            held = Some(Arc::clone(&tenant));
            tenant
        });
        Self { tenant: held.unwrap(), server }
    }

    fn tenant(&self) -> MutexGuard<'_, Tenant> {
        self.tenant.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The id and the secret of the client for the Management API.
    pub const fn credentials(&self) -> (&'static str, &'static str) {
        (CLIENT_ID, SECRET)
    }

    /// The Management API's identifier, the `audience` of a token for it. The same under [`Server::base`] is also taken.
    pub fn audience(&self) -> String {
        tenant::management_audience()
    }

    /// A fresh token for the Management API.
    pub fn token(&self) -> String {
        self.tenant().management_token()
    }

    /// A caller with such a token.
    pub fn caller(&self) -> Caller {
        Caller::new(self.base(), &format!("Bearer {}", self.token()))
    }

    /// The permissions of tokens from now on. Tokens that are out keep theirs.
    pub fn set_permissions(&self, permissions: &[&str]) {
        self.tenant().set_permissions(permissions);
    }

    /// Ends the validity of every token issued so far.
    pub fn expire_tokens(&self) {
        self.tenant().expire_tokens();
    }

    /// Ends the validity of every `next` that a list has answered.
    pub fn expire_cursors(&self) {
        self.tenant().expire_cursors();
    }

    /// The largest `per_page` and `take`, 100 where nothing else is said.
    pub fn page_limit(&self, limit: usize) {
        self.tenant().page_limit = limit;
    }

    /// Stores a client as it is, with a new client's values for what is not said; answers its id.
    pub fn put_client(&self, client: Value) -> String {
        self.tenant().put_client(client)
    }

    /// Replaces members of a client; null removes one. `updated_at` moves.
    pub fn edit_client(&self, id: &str, members: Value) {
        self.tenant().edit_client(id, &members);
    }

    pub fn remove_client(&self, id: &str) {
        self.tenant().remove_client(id);
    }

    pub fn client(&self, id: &str) -> Option<Value> {
        self.tenant().clients.get(id)
    }

    /// Every client, also the one of the credentials and the global one.
    pub fn clients(&self) -> Vec<Value> {
        self.tenant().clients.all()
    }

    /// Stores a resource server; answers its id.
    pub fn put_resource_server(&self, server: Value) -> String {
        self.tenant().put_resource_server(server)
    }

    /// By id or identifier.
    pub fn resource_server(&self, id: &str) -> Option<Value> {
        self.tenant().resource_server(id)
    }

    pub fn resource_servers(&self) -> Vec<Value> {
        self.tenant().resource_servers.all()
    }

    /// Stores a grant; answers its id.
    pub fn put_grant(&self, grant: Value) -> String {
        self.tenant().put_grant(grant)
    }

    /// Stores a grant of scopes.
    pub fn grant(&self, client_id: &str, audience: &str, scope: &[&str]) -> String {
        self.put_grant(json!({ "client_id": client_id, "audience": audience, "scope": scope }))
    }

    pub fn remove_grant(&self, id: &str) {
        self.tenant().grants.remove(id);
    }

    pub fn grants(&self) -> Vec<Value> {
        self.tenant().grants.all()
    }

    /// The grants of one client.
    pub fn grants_of(&self, client_id: &str) -> Vec<Value> {
        self.tenant().grants.page(&[("client_id", client_id)], 0, usize::MAX)
    }

    pub fn actions(&self) -> Vec<Value> {
        self.tenant().actions.all()
    }

    /// Makes an Action of somebody else's that runs, and binds it last.
    pub fn bind_action(&self, name: &str, code: &str) {
        let mut tenant = self.tenant();
        let trigger = json!({ "id": "credentials-exchange", "version": "v2" });
        let id = tenant.actions.put(&json!({
            "id": name.to_lowercase().replace(' ', "-"), "name": name, "code": code, "runtime": "node22",
            "status": "built", "supported_triggers": [trigger], "dependencies": [], "secrets": [],
            "all_changes_deployed": false, "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
        }));
        assert!(tenant.deploy(&id).is_ok());
        let binding = json!({
            "id": format!("binding-of-{id}"), "trigger_id": "credentials-exchange", "display_name": name,
            "action": { "id": id, "name": name, "supported_triggers": [trigger], "all_changes_deployed": true,
                "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z" },
            "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
        });
        tenant.bindings.entry("credentials-exchange".to_owned()).or_default().push(binding);
    }

    /// Somebody unbinds an Action by hand.
    pub fn unbind(&self, name: &str) {
        let mut tenant = self.tenant();
        let bound = tenant.bindings.entry("credentials-exchange".to_owned()).or_default();
        bound.retain(|binding| binding["display_name"] != name);
    }

    /// Somebody edits an Action by hand.
    pub fn edit_action(&self, name: &str, code: &str) {
        let mut tenant = self.tenant();
        let mut action = tenant.actions.all().into_iter().find(|action| action["name"] == name).unwrap();
        action["code"] = code.into();
        action["all_changes_deployed"] = false.into();
        tenant.actions.put(&action);
    }

    /// The tenant finds that an Action cannot be built.
    pub fn fail_to_build(&self, name: &str) {
        let mut tenant = self.tenant();
        let mut action = tenant.actions.all().into_iter().find(|action| action["name"] == name).unwrap();
        (action["status"], action["all_changes_deployed"]) = ("failed".into(), false.into());
        tenant.actions.put(&action);
    }

    /// From now on an Action that is written is read so often before it is built.
    pub fn build_slowly(&self, reads: usize) {
        self.tenant().reads_to_build = reads;
    }

    /// The bindings of a trigger, in their order.
    pub fn bindings(&self, trigger: &str) -> Vec<Value> {
        self.tenant().bindings.get(trigger).cloned().unwrap_or_default()
    }

    /// Adds so many clients with metadata and grants, and ten resource servers: the same ones each time.
    pub fn fill(&self, clients: usize) {
        fill::fill(&mut self.tenant(), clients);
    }
}
