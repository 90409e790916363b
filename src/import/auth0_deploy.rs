//! Files of Auth0's Deploy CLI: clients, resource servers and grants, told from today's by id, external id or name.
//!
//! Auth0 carries less than a registry: a member that is what an export of today's entity would say changes nothing in it.

use super::csv::with_applications;
use super::files::json;
use super::{Files, ImportError, Imported, Problem};
use crate::export::auth0::{api_name, client, scope_description, token_lifetime};
use crate::export::{AUTH0_KEYS, Enforcement, auth0_client_names};
use crate::policy::Strategy;
use crate::registry::{Api, Application, ApplicationStatus, Duration, Grant, Instant, Registry, Scope, yaml};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The folders of the directory form that hold what a registry has.
pub(super) const FOLDERS: [&str; 3] = ["clients", "resource-servers", "grants"];

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Tenant {
    clients: Option<Vec<Client>>,
    resource_servers: Option<Vec<Server>>,
    client_grants: Option<Vec<ClientGrant>>,
}

#[derive(Deserialize)]
struct Client {
    client_id: Option<String>,
    name: String,
    description: Option<String>,
    app_type: Option<String>,
    grant_types: Option<Vec<String>>,
    client_metadata: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Server {
    identifier: String,
    name: Option<String>,
    token_lifetime: Option<i64>,
    scopes: Option<Vec<ServerScope>>,
    is_system: Option<bool>,
}

#[derive(Deserialize)]
struct ServerScope {
    value: String,
    description: Option<String>,
}

#[derive(Deserialize)]
struct ClientGrant {
    client_id: String,
    audience: String,
    scope: Option<Vec<String>>,
    allow_all_scopes: Option<bool>,
}

/// Reads a `tenant.yaml` or the files of the folder.
pub(super) fn read(
    files: &Files,
    today: &Registry,
    enforcement: &Enforcement,
) -> Result<Imported, ImportError> {
    let tenant = tenant(files)?;
    let mut reading = Reading { today, enforcement, notes: Vec::new(), problems: Vec::new() };
    let mut registry = today.clone();
    if let Some(servers) = tenant.resource_servers {
        reading.apis(&mut registry, servers);
    }
    if let Some(clients) = tenant.clients {
        let applications = reading.applications(&registry, clients, tenant.client_grants);
        registry = with_applications(&registry, applications);
    }
    if !reading.problems.is_empty() {
        return Err(ImportError::Problems(files.source().to_owned(), reading.problems));
    }
    Ok(Imported { registry, notes: reading.notes, errors: Vec::new() })
}

fn tenant(files: &Files) -> Result<Tenant, ImportError> {
    if !files.is_folder() {
        let tenant: Tenant = yaml::read(files.text()?, files.source())?;
        if tenant.clients.is_none() && tenant.resource_servers.is_none() && tenant.client_grants.is_none() {
            let message = "there are neither `clients` nor `resourceServers` nor `clientGrants` in it; choose a \
                           file of the Deploy CLI, or another format";
            let problem = Problem { line: 0, place: String::new(), message: message.to_owned() };
            return Err(ImportError::Problems(files.source().to_owned(), vec![problem]));
        }
        return Ok(tenant);
    }
    let mut tenant = Tenant::default();
    for (name, bytes) in files.iter() {
        let path = format!("{}/{name}", files.source());
        match name.split('/').next() {
            Some("clients") => tenant.clients.get_or_insert_default().push(json(bytes, &path)?),
            Some("resource-servers") => {
                tenant.resource_servers.get_or_insert_default().push(json(bytes, &path)?)
            }
            _ => tenant.client_grants.get_or_insert_default().push(json(bytes, &path)?),
        }
    }
    if tenant.clients.is_none() && tenant.resource_servers.is_none() {
        files.only()?;
    }
    Ok(tenant)
}

struct Reading<'a> {
    today: &'a Registry,
    enforcement: &'a Enforcement,
    notes: Vec<String>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, place: String, message: String) {
        self.problems.push(Problem { line: 0, place, message });
    }

    fn apis(&mut self, registry: &mut Registry, servers: Vec<Server>) {
        let mut named = HashSet::new();
        for server in servers {
            if server.is_system == Some(true) || server.identifier.ends_with("/api/v2/") {
                self.notes.push(format!("`{}` is Auth0's own API and not taken over", server.identifier));
                continue;
            }
            if !named.insert(server.identifier.clone()) {
                self.problem(
                    format!("resourceServers[{}]", server.identifier),
                    "it stands there twice".to_owned(),
                );
                continue;
            }
            match self.api(&server) {
                Ok(api) => registry.set_api(&server.identifier, Some(std::sync::Arc::new(api))),
                Err(message) => self.problem(format!("resourceServers[{}]", server.identifier), message),
            }
        }
        for gone in self.today.apis().iter().filter(|api| !named.contains(&api.audience)) {
            registry.set_api(&gone.audience, None);
        }
    }

    fn api(&self, server: &Server) -> Result<Api, String> {
        let known = self.today.api(&server.identifier);
        let mut api = known.map_or_else(
            || Api { audience: server.identifier.clone(), ..Api::default() },
            |api| Api::clone(api),
        );
        if let Some(name) = server.name.as_ref().filter(|name| **name != api_name(&api)) {
            name.clone_into(&mut api.name);
        }
        if server.token_lifetime != token_lifetime(&api, Strategy::DenyAtEnd) {
            let seconds = server.token_lifetime.map(Duration::from_seconds).transpose();
            api.access_token_duration = seconds.map_err(|error| format!("token_lifetime: {error}"))?;
        }
        if let Some(scopes) = &server.scopes {
            let mut seen = HashSet::new();
            api.scopes = scopes
                .iter()
                .filter(|scope| seen.insert(scope.value.as_str()))
                .map(|scope| self.scope(&api, scope))
                .collect();
            api.scopes.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(api)
    }

    fn scope(&self, api: &Api, scope: &ServerScope) -> Scope {
        let mut known = api
            .scope(&scope.value)
            .cloned()
            .unwrap_or_else(|| Scope { name: scope.value.clone(), ..Scope::default() });
        let description = scope.description.as_deref().unwrap_or_default();
        if description != scope_description(&known) {
            description.clone_into(&mut known.description);
        }
        known
    }

    fn applications(
        &mut self,
        registry: &Registry,
        clients: Vec<Client>,
        grants: Option<Vec<ClientGrant>>,
    ) -> Vec<Application> {
        let names = auth0_client_names(self.today);
        let by_name: HashMap<&str, &str> = names.iter().map(|(id, name)| (name.as_str(), *id)).collect();
        let mut by_external: HashMap<&str, Option<&str>> = HashMap::new();
        for app in self.today.applications() {
            if let Some(external) = app.external_id.as_deref() {
                let twice = by_external.insert(external, Some(&app.client_id)).is_some();
                if twice {
                    by_external.insert(external, None);
                }
            }
        }
        let others = clients.len();
        let clients: Vec<Client> = clients.into_iter().filter(is_machine).collect();
        if others > clients.len() {
            let others = others - clients.len();
            self.notes
                .push(format!("{others} clients that do not use client credentials are not taken over"));
        }
        let mut grants_of: HashMap<String, Vec<ClientGrant>> = HashMap::new();
        let told = grants.is_some();
        for grant in grants.into_iter().flatten() {
            grants_of.entry(grant.client_id.clone()).or_default().push(grant);
        }
        let (mut taken, mut made) = (HashSet::new(), 0_usize);
        let mut applications = Vec::new();
        for client in clients {
            let external = client.client_metadata.as_ref().and_then(|data| data.get("external_id"));
            let known = client
                .client_id
                .as_deref()
                .filter(|id| self.today.application(id).is_some())
                .or_else(|| by_external.get(external?.as_str()).copied().flatten())
                .or_else(|| by_name.get(client.name.as_str()).copied());
            let id = known.map(str::to_owned).or_else(|| client.client_id.clone()).unwrap_or_else(|| {
                made += 1;
                client.name.clone()
            });
            if !taken.insert(id.clone()) {
                let message = "another client stands for the same application; give them names of their own";
                self.problem(format!("clients[{}]", client.name), message.to_owned());
                continue;
            }
            let name = names.get(id.as_str()).map_or("", String::as_str);
            let mut found = Vec::new();
            for key in [Some(client.name.as_str()), client.client_id.as_deref()].into_iter().flatten() {
                found.extend(grants_of.remove(key).unwrap_or_default());
            }
            match self.application(registry, &id, name, &client, told.then_some(&found)) {
                Ok(application) => applications.push(application),
                Err(message) => self.problem(format!("clients[{}]", client.name), message),
            }
        }
        if made > 0 {
            self.notes.push(format!(
                "{made} new applications have their name as client id, since the file holds none; set Auth0's with \
                 `tenure app`"
            ));
        }
        let mut strangers: Vec<&str> = grants_of.keys().map(String::as_str).collect();
        strangers.sort_unstable();
        for stranger in strangers {
            self.notes
                .push(format!("the grants of `{stranger}` are not taken over: no client has this name"));
        }
        applications
    }

    fn application(
        &self,
        registry: &Registry,
        id: &str,
        name: &str,
        file: &Client,
        grants: Option<&Vec<ClientGrant>>,
    ) -> Result<Application, String> {
        let today = self.today.application(id);
        let mut application = today.map_or_else(
            || Application { client_id: id.to_owned(), ..Application::default() },
            |app| Application::clone(app),
        );
        let before = application.clone();
        let exported = client(self.today, &before, name, self.enforcement);
        if file.name != exported.name {
            file.name.clone_into(&mut application.name);
        }
        if file.description.as_deref().unwrap_or_default() != exported.description.unwrap_or_default() {
            application.notes = file.description.clone().unwrap_or_default();
        }
        let metadata = file.client_metadata.clone().unwrap_or_default();
        let same = exported
            .metadata
            .iter()
            .map(|(k, v)| (*k, v.as_str()))
            .eq(metadata.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        if !same {
            self.take_metadata(&mut application, metadata)?;
        }
        if let Some(grants) = grants {
            let read = granted(registry, grants)?;
            let was: Vec<Grant> = exported
                .grants
                .iter()
                .map(|(audience, scopes)| Grant {
                    audience: audience.clone().into_owned(),
                    scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                })
                .collect();
            let was = Application { grants: was, ..Application::default() }.normalised().grants;
            if was != read {
                application.grants = read;
                // Suspended is who has lost its grants; one that has some again is not.
                application.status = ApplicationStatus::Active;
            }
        }
        Ok(application.normalised())
    }

    /// Fields from the keys that carry them, the rest as it is.
    fn take_metadata(
        &self,
        application: &mut Application,
        mut metadata: BTreeMap<String, String>,
    ) -> Result<(), String> {
        let mut instant = |key: &str| match metadata.remove(key) {
            None => Ok(None),
            Some(text) => moment(&text).map(Some).ok_or_else(|| {
                format!(
                    "client_metadata.{key}: `{text}` is no instant; write for example 2026-01-10T12:00:00Z"
                )
            }),
        };
        application.expires_at = instant(&self.enforcement.end_key)?;
        application.not_before = instant(&self.enforcement.start_key)?;
        let [external_id, customer, contact, tags] = AUTH0_KEYS.map(|key| metadata.remove(key));
        application.external_id = external_id;
        application.customer = customer.unwrap_or_default();
        application.contact = contact.unwrap_or_default();
        application.tags = tags.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        application.metadata = metadata;
        Ok(())
    }
}

/// RFC 3339, seconds or milliseconds since 1970: what is one of them can be no other.
fn moment(text: &str) -> Option<Instant> {
    let text = text.trim();
    if let Ok(at) = Instant::parse(text) {
        return Some(at);
    }
    let number: i64 = text.parse().ok()?;
    match text.len() {
        9 | 10 => Instant::from_seconds(number).ok(),
        12 | 13 => Instant::from_seconds(number.div_euclid(1000)).ok(),
        _ => None,
    }
}

fn granted(registry: &Registry, grants: &[ClientGrant]) -> Result<Vec<Grant>, String> {
    let mut read: Vec<Grant> = Vec::new();
    for grant in grants {
        if read.iter().any(|other| other.audience == grant.audience) {
            return Err(format!("two grants for `{}`", grant.audience));
        }
        let all = || {
            let api = registry.api(&grant.audience);
            api.map(|api| api.scopes.iter().map(|scope| scope.name.clone()).collect()).unwrap_or_default()
        };
        let scopes = match (&grant.scope, grant.allow_all_scopes) {
            (_, Some(true)) => all(),
            (scope, _) => scope.clone().unwrap_or_default(),
        };
        read.push(Grant { audience: grant.audience.clone(), scopes });
    }
    Ok(Application { grants: read, ..Application::default() }.normalised().grants)
}

fn is_machine(client: &Client) -> bool {
    match (&client.grant_types, &client.app_type) {
        (Some(types), _) => types.iter().any(|grant| grant == "client_credentials"),
        (None, app_type) => app_type.as_deref() == Some("non_interactive"),
    }
}
