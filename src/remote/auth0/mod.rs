//! An Auth0 tenant, through its Management API (v2).

mod action;
mod map;
mod read;
mod write;

pub(super) use action::Next;

use super::connection::{Credentials, MetadataKeys};
use super::http::{Call, RemoteError, Reply, Stop, Wire};
use super::mapped::{Mapped, assemble, left_apart};
use super::object::{Object, Tried, Write};
use super::overlay::Overlay;
use super::snapshot::View;
use crate::edit::{EntityRef, Kind};
use crate::registry::{Api, Application, Duration, Grant};
use crate::token::Secret;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::sync::Mutex;

/// The kinds of objects that are pulled.
pub(super) const CLIENT: &str = "client";
pub(super) const SERVER: &str = "resource_server";
pub(super) const GRANT: &str = "client_grant";

/// A tenant.
#[derive(Debug)]
pub struct Auth0 {
    wire: Wire,
    domain: String,
    client_id: String,
    secret: Credentials,
    keys: MetadataKeys,
    token: Mutex<Option<Secret>>,
    /// The APIs that are edited, with their scopes: a grant of everything is one of these.
    apis: HashMap<String, Vec<String>>,
}

impl Auth0 {
    pub(super) fn new(
        domain: &str,
        client_id: &str,
        keys: &MetadataKeys,
        wire: Wire,
        secret: Credentials,
    ) -> Self {
        Self {
            wire,
            domain: domain.to_owned(),
            client_id: client_id.to_owned(),
            secret,
            keys: keys.clone(),
            token: Mutex::new(None),
            apis: HashMap::new(),
        }
    }

    pub(super) fn wire(&self) -> &Wire {
        &self.wire
    }

    pub(super) fn know_apis<'a>(&mut self, apis: impl Iterator<Item = &'a Api>) {
        let scopes = |api: &Api| api.scopes.iter().map(|scope| scope.name.clone()).collect();
        self.apis = apis.map(|api| (api.audience.clone(), scopes(api))).collect();
    }

    /// Asks for a token for the Management API (client credentials, RFC 6749 §4.4); gives the permissions it has.
    pub(super) async fn sign_in(&self, stop: &Stop) -> Result<Vec<String>, RemoteError> {
        let secret = self.secret.part(0).map(Secret::expose).unwrap_or_default();
        let secret = std::str::from_utf8(secret).map_err(|_| RemoteError::SignIn {
            host: self.wire.host(),
            detail: "the client secret is no text".to_owned(),
        })?;
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": secret,
            "audience": format!("https://{}/api/v2/", self.domain),
        });
        let path = "/oauth/token".to_owned();
        let call = Call { method: Method::POST, path, body: Some(body), authorization: None, sign_in: true };
        let mut reply = self.wire.send(&call, stop).await?.body;
        let missing = || RemoteError::Unexpected {
            host: self.wire.host(),
            detail: "it brings no `access_token`".to_owned(),
        };
        let Some(Value::String(token)) = reply.get_mut("access_token").map(Value::take) else {
            return Err(missing());
        };
        *self.token.lock().await = Some(Secret::new(format!("Bearer {token}")));
        Ok(map::text(&reply, "scope").split_whitespace().map(str::to_owned).collect())
    }

    /// Sends with a token; one that has ended in the meantime is replaced once.
    async fn send(
        &self,
        method: Method,
        path: String,
        body: Option<Value>,
        stop: &Stop,
    ) -> Result<Reply, RemoteError> {
        for fresh in [false, true] {
            if fresh || self.token.lock().await.is_none() {
                self.sign_in(stop).await?;
            }
            let token = self.token.lock().await.as_ref().map(|token| Secret::new(token.expose()));
            let (path, body) = (path.clone(), body.clone());
            let call =
                Call { method: method.clone(), path, body, authorization: token.as_ref(), sign_in: false };
            match self.wire.send(&call, stop).await {
                Err(RemoteError::SignIn { .. }) if !fresh => {}
                answer => return answer,
            }
        }
        Err(RemoteError::SignIn {
            host: self.wire.host(),
            detail: "a new token was not taken either".to_owned(),
        })
    }

    pub(super) async fn get(&self, path: String, stop: &Stop) -> Result<Value, RemoteError> {
        self.send(Method::GET, path, None, stop).await.map(|reply| reply.body)
    }

    pub(super) async fn write(&self, write: &Write, stop: &Stop) -> Result<Value, RemoteError> {
        let sent = self.send(write.method.clone(), write.path.clone(), write.body.clone(), stop).await;
        sent.map(|reply| reply.body)
    }

    /// A snapshot as a registry. Clients that are not for machines are counted and not edited.
    pub(super) fn map(&mut self, snapshot: View<'_>, overlay: &Overlay) -> Result<Mapped, RemoteError> {
        let (mut notes, mut apis, mut apart) = (Vec::new(), Vec::new(), 0);
        snapshot.each(SERVER, &mut |_, body| apis.extend(map::api(&body, &mut notes)))?;
        self.know_apis(apis.iter());
        let mut grants: HashMap<String, Vec<Grant>> = HashMap::new();
        snapshot.each(GRANT, &mut |_, body| {
            if let Some(grant) = self.grant(&body) {
                grants.entry(map::text(&body, "client_id")).or_default().push(grant);
            }
        })?;
        let (mut applications, mut forms) = (Vec::new(), HashMap::new());
        snapshot.each(CLIENT, &mut |id, body| {
            // To take this one away would lock Tenure itself out of the tenant.
            let own = id == self.client_id;
            if own {
                notes.push(format!(
                    "{id} is the client that Tenure signs in with; it is not shown and not edited"
                ));
            } else if map::is_application(&body) {
                let grants = grants.remove(id).unwrap_or_default();
                forms.extend(map::forms(&body, &self.keys).map(|found| (id.to_owned(), found)));
                applications.push(map::application(&body, grants, &self.keys, &mut notes));
            } else {
                apart += 1;
            }
        })?;
        notes.extend(left_apart(apart));
        let mapped = assemble(map::service(&self.domain), apis, applications, overlay, notes);
        Ok(Mapped { forms, ..mapped })
    }

    /// What the permissions of the token allow, beside what is tried by reading.
    pub(super) async fn test(&self, stop: &Stop) -> Result<Vec<Tried>, RemoteError> {
        let granted = self.sign_in(stop).await?;
        let mut tried = vec![Tried { what: "sign in".to_owned(), works: true, detail: String::new() }];
        const ALL: &[&str] = &["create", "update", "delete"];
        for (what, path, verbs, only) in [
            ("clients", "clients", ALL, ""),
            ("resource_servers", "resource-servers", ALL, ""),
            ("client_grants", "client-grants", ALL, ""),
            ("actions", "actions/actions", &["create", "update"][..], "; only the Action needs it"),
        ] {
            let answer = self.get(format!("/api/v2/{path}?page=0&per_page=1"), stop).await;
            if let Err(error @ (RemoteError::Stopped | RemoteError::SignIn { .. })) = answer {
                return Err(error);
            }
            let detail = answer.as_ref().err().map(|error| format!("{error}{only}")).unwrap_or_default();
            tried.push(Tried { what: format!("read:{what}"), works: answer.is_ok(), detail });
            for verb in verbs {
                let name = format!("{verb}:{what}");
                let works = granted.contains(&name);
                let lacks = format!("the token has no such permission{only}");
                tried.push(Tried { what: name, works, detail: if works { String::new() } else { lacks } });
            }
        }
        Ok(tried)
    }

    /// The grants of a client, as they were pulled.
    pub(super) fn grants_of(view: View<'_>, client_id: &str) -> Result<Vec<Object>, RemoteError> {
        let mut ids = Vec::new();
        view.each_of(GRANT, "client_id", client_id, &mut |id| ids.push(id.to_owned()))?;
        let object = |id: String| {
            let body = view.object(GRANT, &id)?;
            Ok(body.map(|body| Object { kind: GRANT, id, body }))
        };
        ids.into_iter().map(object).filter_map(Result::transpose).collect()
    }

    /// A client and its grants, or a resource server.
    pub(super) fn objects_of(
        view: View<'_>,
        which: &EntityRef,
    ) -> Result<Vec<(&'static str, String)>, RemoteError> {
        let mut found = Vec::new();
        match which.kind {
            Kind::Application => {
                found.push((CLIENT, which.id.clone()));
                view.each_of(GRANT, "client_id", &which.id, &mut |id| found.push((GRANT, id.to_owned())))?;
            }
            Kind::Api => {
                view.each_of(SERVER, "identifier", &which.id, &mut |id| found.push((SERVER, id.to_owned())))?
            }
            _ => {}
        }
        Ok(found)
    }

    /// An API of its object.
    pub(super) fn api(&self, object: &Value, notes: &mut Vec<String>) -> Option<Api> {
        map::api(object, notes)
    }

    /// An application of its objects: the client and its grants.
    pub(super) fn application(&self, objects: &[Object], notes: &mut Vec<String>) -> Option<Application> {
        let client = objects.iter().find(|object| object.kind == CLIENT)?;
        let grants = objects.iter().filter(|object| object.kind == GRANT);
        let grants = grants.filter_map(|object| self.grant(&object.body)).collect();
        Some(map::application(&client.body, grants, &self.keys, notes))
    }

    pub(super) fn grant(&self, body: &Value) -> Option<Grant> {
        map::grant(body, &|audience| self.apis.get(audience).cloned())
    }

    pub(super) fn held_application(&self, bare: &Application, mine: &Application) -> Application {
        write::held(bare, mine, &self.keys)
    }

    /// What a tenant can hold of an API: no lifetimes of scopes, no mark of those that are given unasked. An API always has a
    /// lifetime there.
    pub(super) fn held_api(&self, bare: &Api, mine: &Api) -> Api {
        let mut held = mine.clone();
        for scope in &mut held.scopes {
            (scope.access_token_duration, scope.default) = (None, false);
        }
        held.access_token_duration =
            mine.access_token_duration.or(bare.access_token_duration.map(|_| Duration::DAY));
        held
    }

    pub(super) fn refusal(&self, mine: &Application) -> Option<String> {
        write::refusal(mine, &self.keys)
    }

    pub(super) fn refusal_of_api(&self, mine: &Api) -> Option<String> {
        write::refusal_of_api(mine)
    }

    /// The requests that make the remote hold this application; none where it does already.
    pub(super) fn application_writes(&self, there: Option<&[Object]>, held: &Application) -> Vec<Write> {
        let Some(there) = there else { return vec![write::new_client(held, &self.keys)] };
        let client = there.iter().find(|object| object.kind == CLIENT);
        let patch = client.and_then(|client| write::client(&client.body, held, &self.keys));
        let grants: Vec<Value> =
            there.iter().filter(|object| object.kind == GRANT).map(|object| object.body.clone()).collect();
        let mut writes: Vec<_> = patch.into_iter().collect();
        writes.extend(write::grants(&grants, held, &|audience| self.apis.contains_key(audience)));
        writes
    }

    pub(super) fn application_removal(&self, client_id: &str) -> Write {
        let path = format!("/api/v2/clients/{}", super::http::encoded(client_id));
        Write::new(Method::DELETE, path, None)
    }

    pub(super) fn api_writes(&self, there: Option<&Object>, held: &Api) -> Vec<Write> {
        match there {
            Some(there) => write::server(&there.body, held).into_iter().collect(),
            None => vec![write::new_server(held)],
        }
    }

    pub(super) fn api_removal(&self, there: &Object) -> Write {
        let path = format!("/api/v2/resource-servers/{}", super::http::encoded(&there.id));
        Write::new(Method::DELETE, path, None)
    }
}
