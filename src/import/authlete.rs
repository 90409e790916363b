//! Fragments of Authlete services and their clients: each service is the API that it stands for.

use super::csv::with_applications;
use super::files::json;
use super::{ImportError, Imported, Problem};
use crate::export::authlete::{AUDIENCE, DURATION, client as exported_client, service as exported_service};
use crate::registry::file::FileError;
use crate::registry::{Api, Application, ApplicationStatus, Duration, Grant, Instant, Registry, Scope};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    Many(Vec<Entry>),
    One(Entry),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    service: Value,
    #[serde(default)]
    clients: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Service {
    service_name: Option<String>,
    issuer: Option<String>,
    access_token_duration: Option<i64>,
    supported_scopes: Option<Vec<ServiceScope>>,
    attributes: Option<Vec<Pair>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceScope {
    name: String,
    description: Option<String>,
    default_entry: Option<bool>,
    attributes: Option<Vec<Pair>>,
}

#[derive(Deserialize)]
struct Pair {
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Client {
    client_id: Option<i64>,
    client_id_alias: Option<String>,
    client_name: Option<String>,
    description: Option<String>,
    contacts: Option<Vec<String>>,
    grant_types: Option<Vec<String>>,
    locked: Option<bool>,
    extension: Option<Extension>,
    attributes: Option<Vec<Pair>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Extension {
    requestable_scopes: Option<Vec<String>>,
    requestable_scopes_enabled: Option<bool>,
    access_token_duration: Option<i64>,
}

/// Reads a list of services with their clients, or one.
pub(super) fn read(text: &str, source: &str, today: &Registry) -> Result<Imported, ImportError> {
    let document = json::<Document>(text.as_bytes(), source).map_err(|error| match error {
        // Neither of two shapes: that says nothing to the person who chose the file.
        ImportError::Shape(error) if error.message.contains("untagged") => {
            let message =
                "expected a service with its clients, `{\"service\": …, \"clients\": […]}`, or a list of \
                           those; choose such a file, or another format"
                    .to_owned();
            ImportError::Shape(FileError { message, ..error })
        }
        other => other,
    })?;
    let entries = match document {
        Document::Many(entries) => entries,
        Document::One(entry) => vec![entry],
    };
    let mut reading = Reading { today, notes: Vec::new(), problems: Vec::new() };
    let mut registry = today.clone();
    let mut applications: BTreeMap<String, Application> = BTreeMap::new();
    let mut services = Vec::new();
    for entry in &entries {
        let service: Service = typed(&entry.service, "service", source)?;
        let audience = audience(&service);
        if audience.is_empty() {
            reading.problem("service", "it has neither an issuer nor an attribute `audience`");
        } else {
            services.push((audience, service, entry));
        }
    }
    let audiences: HashSet<String> = services.iter().map(|(audience, ..)| audience.clone()).collect();
    for (audience, service, entry) in &services {
        let same = today.api(audience).filter(|api| exported_service(&today.service, api) == entry.service);
        let api = same.map_or_else(|| reading.api(audience, service), |api| Api::clone(api));
        for value in &entry.clients {
            let client: Client = typed(value, "clients", source)?;
            reading.client((value, &client), &api, &audiences, &mut applications);
        }
        registry.set_api(audience, Some(Arc::new(api)));
    }
    for gone in today.apis().iter().filter(|api| !audiences.contains(&api.audience)) {
        registry.set_api(&gone.audience, None);
    }
    // A client belongs to a service: an application of none was not in the file, and is not gone from it.
    let homeless =
        |app: &&Arc<Application>| !app.grants.iter().any(|grant| audiences.contains(&grant.audience));
    for kept in today.applications().iter().filter(homeless) {
        applications.entry(kept.client_id.clone()).or_insert_with(|| Application::clone(kept));
    }
    if !reading.problems.is_empty() {
        return Err(ImportError::Problems(source.to_owned(), reading.problems));
    }
    registry = with_applications(&registry, applications.into_values().collect());
    Ok(Imported { registry, notes: reading.notes, errors: Vec::new() })
}

fn typed<T: DeserializeOwned>(value: &Value, place: &str, source: &str) -> Result<T, ImportError> {
    T::deserialize(value).map_err(|error| {
        let problem = Problem { line: 0, place: place.to_owned(), message: error.to_string() };
        ImportError::Problems(source.to_owned(), vec![problem])
    })
}

/// The API that a service stands for.
fn audience(service: &Service) -> String {
    let told = find(service.attributes.as_ref(), AUDIENCE).filter(|audience| !audience.is_empty());
    told.map(str::to_owned).or_else(|| service.issuer.clone()).unwrap_or_default()
}

/// Of the same key twice the first counts.
fn find<'a>(pairs: Option<&'a Vec<Pair>>, key: &str) -> Option<&'a str> {
    pairs?.iter().find(|pair| pair.key == key).map(|pair| pair.value.as_str())
}

struct Reading<'a> {
    today: &'a Registry,
    notes: Vec<String>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, place: &str, message: &str) {
        self.problems.push(Problem { line: 0, place: place.to_owned(), message: message.to_owned() });
    }

    /// A positive number of seconds; anything else is not set.
    fn duration(&mut self, seconds: Option<i64>, place: &str) -> Option<Duration> {
        let seconds = seconds.filter(|seconds| *seconds != 0)?;
        let read = Duration::from_seconds(seconds).ok();
        if read.is_none() {
            self.notes.push(format!("{place}: `{seconds}` is no duration and counts as not set"));
        }
        read
    }

    fn api(&mut self, audience: &str, service: &Service) -> Api {
        let today = self.today;
        let mut api = today
            .api(audience)
            .map_or_else(|| Api { audience: audience.to_owned(), ..Api::default() }, |api| Api::clone(api));
        if let Some(name) = service.service_name.as_ref().filter(|name| *name != api.title()) {
            name.clone_into(&mut api.name);
        }
        let lifetime = self.duration(service.access_token_duration, "accessTokenDuration");
        if lifetime != Some(api.access_token_duration.unwrap_or(today.service.access_token_duration)) {
            api.access_token_duration = lifetime;
        }
        if let Some(scopes) = &service.supported_scopes {
            api.scopes = scopes.iter().map(|scope| self.scope(scope)).collect();
            api.scopes.sort_by(|a, b| a.name.cmp(&b.name));
            api.scopes.dedup_by(|later, first| later.name == first.name);
        }
        api
    }

    fn scope(&mut self, scope: &ServiceScope) -> Scope {
        let written = find(scope.attributes.as_ref(), DURATION);
        let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = written.filter(digits).and_then(|text| text.parse().ok());
        if let (Some(text), None) = (written, seconds) {
            self.notes.push(format!(
                "{}: {DURATION} `{text}` is no number of seconds and counts as not set",
                scope.name
            ));
        }
        Scope {
            name: scope.name.clone(),
            description: scope.description.clone().unwrap_or_default(),
            access_token_duration: self.duration(seconds, &scope.name),
            default: scope.default_entry == Some(true),
        }
    }

    fn client(
        &mut self,
        (value, client): (&Value, &Client),
        api: &Api,
        audiences: &HashSet<String>,
        into: &mut BTreeMap<String, Application>,
    ) {
        let alias = client.client_id_alias.clone().filter(|alias| !alias.is_empty());
        let Some(id) = alias.or_else(|| client.client_id.map(|id| id.to_string())) else {
            return self.problem("clients", "a client has neither clientIdAlias nor clientId");
        };
        let types = client.grant_types.as_ref();
        if types.is_some_and(|types| types.iter().all(|grant| grant != "CLIENT_CREDENTIALS")) {
            self.notes.push(format!("`{id}` does not use client credentials and is not taken over"));
            return;
        }
        if !into.contains_key(&id) {
            match self.application(&id, client, audiences) {
                Ok(application) => into.insert(id.clone(), application),
                Err(message) => return self.problem(&format!("clients[{id}]"), &message),
            };
        }
        let Some(application) = into.get_mut(&id) else { return };
        let none = Extension::default();
        let extension = client.extension.as_ref().unwrap_or(&none);
        let scopes = match (&extension.requestable_scopes, extension.requestable_scopes_enabled) {
            (Some(scopes), Some(true)) => scopes.clone(),
            _ => api.scopes.iter().map(|scope| scope.name.clone()).collect(),
        };
        application.grants.retain(|grant| grant.audience != api.audience);
        application.grants.push(Grant { audience: api.audience.clone(), scopes });
        // One that says what an export would say changes nothing, even where it says it less exactly.
        let today = self.today.application(&id);
        let same = today.and_then(|app| Some((app, app.grant(&api.audience)?)));
        if let Some((app, grant)) = same.filter(|(app, grant)| exported_client(app, grant) == *value) {
            let mut grants = std::mem::take(&mut application.grants);
            grants.retain(|other| other.audience != api.audience);
            grants.push(grant.clone());
            *application = Application { grants, ..Application::clone(app) };
        }
    }

    /// The application without the grants that the file decides about.
    fn application(
        &mut self,
        id: &str,
        client: &Client,
        audiences: &HashSet<String>,
    ) -> Result<Application, String> {
        let mut application =
            self.today.application(id).map_or_else(Application::default, |app| Application::clone(app));
        id.clone_into(&mut application.client_id);
        application.grants.retain(|grant| !audiences.contains(&grant.audience));
        application.name = client.client_name.clone().unwrap_or_default();
        application.notes = client.description.clone().unwrap_or_default();
        application.contact = client.contacts.iter().flatten().next().cloned().unwrap_or_default();
        application.status = match client.locked {
            Some(true) => ApplicationStatus::Suspended,
            _ => ApplicationStatus::Active,
        };
        let own = client.extension.as_ref().and_then(|extension| extension.access_token_duration);
        application.access_token_duration = self.duration(own, id);
        let mut attributes: BTreeMap<String, String> = BTreeMap::new();
        for pair in client.attributes.iter().flatten() {
            attributes.entry(pair.key.clone()).or_insert_with(|| pair.value.clone());
        }
        let mut instant = |key: &str| match attributes.remove(key) {
            None => Ok(None),
            Some(text) => Instant::parse(&text).map(Some).map_err(|error| format!("{key}: {error}")),
        };
        application.expires_at = instant("expires_at")?;
        application.not_before = instant("not_before")?;
        application.external_id = attributes.remove("external_id");
        application.customer = attributes.remove("customer").unwrap_or_default();
        let tags = attributes.remove("tags").unwrap_or_default();
        application.tags = tags.split_whitespace().map(str::to_owned).collect();
        application.metadata = attributes;
        Ok(application)
    }
}
