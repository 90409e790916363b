//! An Authlete service, 2.x or 3.0: the service with its scopes, and its clients.

mod map;
mod write;

use super::connection::{AttributeKeys, Credentials};
use super::http::{Call, RemoteError, Stop, Wire, encoded};
use super::mapped::{Mapped, assemble, left_apart};
use super::object::{Object, PageSink, Tried, Write};
use super::overlay::Overlay;
use super::snapshot::View;
use crate::edit::{EntityRef, Kind};
use crate::registry::{Api, Application, ApplicationStatus, ProfileName, Service};
use crate::token::Secret;
use base64::Engine;
use reqwest::Method;
use serde_json::{Value, json};

const SERVICE: &str = "service";
const CLIENT: &str = "client";

/// So many clients at once, and so many requests beside each other.
const PAGE: u64 = 100;
const BESIDE: u64 = 4;

/// A service.
#[derive(Debug)]
pub struct Authlete {
    wire: Wire,
    id: String,
    old: bool,
    keys: AttributeKeys,
    for_service: Secret,
    for_clients: Secret,
    /// The audience of the one API, and its scopes: a client that may ask for everything has these.
    audience: String,
    scopes: Vec<String>,
}

impl Authlete {
    /// A service of Authlete 3.0.
    pub(super) fn v3(id: &str, keys: &AttributeKeys, wire: Wire, credentials: Credentials) -> Self {
        let token = credentials.part(0).map(Secret::expose).unwrap_or_default();
        let bearer = || Secret::new([b"Bearer ".as_slice(), token].concat());
        Self::new(id, false, keys, wire, bearer(), bearer())
    }

    /// A service of Authlete 2.x: the owner's key for the service, the service's for its clients.
    pub(super) fn v2(
        owner: &str,
        id: &str,
        keys: &AttributeKeys,
        wire: Wire,
        credentials: Credentials,
    ) -> Self {
        let basic = |name: &str, place: usize| {
            let secret = credentials.part(place).map(Secret::expose).unwrap_or_default();
            let pair = Secret::new([name.as_bytes(), b":", secret].concat());
            let text = base64::engine::general_purpose::STANDARD.encode(pair.expose());
            Secret::new(format!("Basic {text}"))
        };
        Self::new(id, true, keys, wire, basic(owner, 0), basic(id, 1))
    }

    fn new(
        id: &str,
        old: bool,
        keys: &AttributeKeys,
        wire: Wire,
        for_service: Secret,
        for_clients: Secret,
    ) -> Self {
        Self {
            wire,
            id: id.to_owned(),
            old,
            keys: keys.clone(),
            for_service,
            for_clients,
            audience: String::new(),
            scopes: Vec::new(),
        }
    }

    pub(super) fn wire(&self) -> &Wire {
        &self.wire
    }

    /// A path of this service.
    fn path(&self, rest: &str) -> String {
        match (self.old, rest.starts_with("service/")) {
            (true, true) => format!("/api/{rest}/{}", encoded(&self.id)),
            (true, false) => format!("/api/{rest}"),
            (false, _) => format!("/api/{}/{rest}", encoded(&self.id)),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: String,
        body: Option<Value>,
        stop: &Stop,
    ) -> Result<Value, RemoteError> {
        let of_service = path.contains("/service/");
        let authorization = Some(if of_service { &self.for_service } else { &self.for_clients });
        let call = Call { method, path, body, authorization, sign_in: false };
        self.wire.send(&call, stop).await.map(|reply| reply.body)
    }

    async fn get(&self, rest: &str, stop: &Stop) -> Result<Value, RemoteError> {
        self.send(Method::GET, self.path(rest), None, stop).await
    }

    pub(super) async fn write(&self, write: &Write, stop: &Stop) -> Result<Value, RemoteError> {
        self.send(write.method.clone(), write.path.clone(), write.body.clone(), stop).await
    }

    fn unexpected(&self, detail: String) -> RemoteError {
        RemoteError::Unexpected { host: self.wire.host(), detail }
    }

    /// Reads the service and all its clients.
    pub(super) async fn pull(&self, sink: &mut dyn PageSink, stop: &Stop) -> Result<(), RemoteError> {
        let service = self.get("service/get", stop).await?;
        sink.page(SERVICE, vec![(self.id.clone(), service)], Some(1))?;
        for attempt in 0..2 {
            let (mut start, mut taken) = (0, 0);
            let total = loop {
                let windows = (0..BESIDE).map(|place| self.window(start + place * PAGE, stop));
                let mut total = 0;
                let mut last = 0;
                for page in futures_util::future::try_join_all(windows).await? {
                    total = total.max(page.1);
                    last = page.0.len();
                    taken += sink.page(CLIENT, page.0, Some(total))? as u64;
                }
                start += BESIDE * PAGE;
                if start >= total || last == 0 {
                    break total;
                }
            };
            if taken >= total {
                return Ok(());
            }
            if attempt == 0 {
                sink.again(CLIENT)?;
            }
        }
        Err(self.unexpected(
            "the list of clients repeats itself or changes while it is read; try again".to_owned(),
        ))
    }

    /// A window of the list, and how many clients there are.
    async fn window(&self, start: u64, stop: &Stop) -> Result<(Vec<(String, Value)>, u64), RemoteError> {
        let path = self.path("client/get/list");
        let path = format!("{path}?start={start}&end={}", start + PAGE);
        let body = self.send(Method::GET, path, None, stop).await?;
        let total = body.get("totalCount").and_then(Value::as_u64).unwrap_or(0);
        let list = match body.get("clients") {
            None | Some(Value::Null) => &Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => return Err(self.unexpected("`clients` is no list".to_owned())),
        };
        let named = list.iter().map(|client| match map::client_id(client) {
            id if id.is_empty() => Err(self.unexpected("a client has no `clientId`".to_owned())),
            id => Ok((id, client.clone())),
        });
        Ok((named.collect::<Result<_, _>>()?, total))
    }

    /// A snapshot as a registry.
    pub(super) fn map(&mut self, snapshot: View<'_>, overlay: &Overlay) -> Result<Mapped, RemoteError> {
        let mut notes = Vec::new();
        let service = snapshot.object(SERVICE, &self.id)?.unwrap_or_default();
        if map::is_reduced(&service) {
            notes.push("the access token does not show the whole service, so that it is not edited; give it the right to the service".to_owned());
        }
        let api = map::api(&service, &self.id, &mut notes);
        self.know(&api);
        let (mut applications, mut apart) = (Vec::new(), 0);
        snapshot.each(CLIENT, &mut |_, body| {
            if map::is_application(&body) {
                applications.push(map::application(
                    &body,
                    &self.audience,
                    &self.scopes,
                    &self.keys,
                    &mut notes,
                ));
            } else {
                apart += 1;
            }
        })?;
        notes.extend(left_apart(apart));
        let service = map::service(&service, self.profile(), &mut notes);
        Ok(assemble(service, vec![api], applications, overlay, notes))
    }

    pub(super) fn objects_of(&self, which: &EntityRef) -> Vec<(&'static str, String)> {
        match which.kind {
            Kind::Application => vec![(CLIENT, which.id.clone())],
            Kind::Api | Kind::Service => vec![(SERVICE, self.id.clone())],
            _ => Vec::new(),
        }
    }

    pub(super) fn know(&mut self, api: &Api) {
        self.audience.clone_from(&api.audience);
        self.scopes = api.scopes.iter().map(|scope| scope.name.clone()).collect();
    }

    const fn profile(&self) -> ProfileName {
        if self.old { ProfileName::Authlete2 } else { ProfileName::Authlete3 }
    }

    pub(super) async fn read_application(
        &self,
        id: &str,
        stop: &Stop,
    ) -> Result<Option<Vec<Object>>, RemoteError> {
        match self.get(&format!("client/get/{}", encoded(id)), stop).await {
            Ok(body) => Ok(Some(vec![Object { kind: CLIENT, id: id.to_owned(), body }])),
            Err(RemoteError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The service, whole: the view that a token limited to clients gets must never be posted back.
    pub(super) async fn read_service(&self, stop: &Stop) -> Result<Object, RemoteError> {
        let body = self.get("service/get", stop).await?;
        if map::is_reduced(&body) {
            let detail = "the token does not show the whole service".to_owned();
            return Err(RemoteError::NotPermitted { what: "edit the service".to_owned(), detail });
        }
        Ok(Object { kind: SERVICE, id: self.id.clone(), body })
    }

    pub(super) fn application(&self, objects: &[Object], notes: &mut Vec<String>) -> Option<Application> {
        let client = objects.iter().find(|object| object.kind == CLIENT)?;
        Some(map::application(&client.body, &self.audience, &self.scopes, &self.keys, notes))
    }

    pub(super) fn api(&self, body: &Value, notes: &mut Vec<String>) -> Option<Api> {
        Some(map::api(body, &self.id, notes))
    }

    pub(super) fn service(&self, body: &Value) -> Service {
        map::service(body, self.profile(), &mut Vec::new())
    }

    /// What Authlete can hold of an application. One without access to the service is locked: a client that may ask for no
    /// scope still gets tokens.
    pub(super) fn held_application(&self, bare: &Application, mine: &Application) -> Application {
        let mut held = mine.clone();
        held.contact.clone_from(&bare.contact);
        held.tags.clone_from(&bare.tags);
        held.external_id.clone_from(&bare.external_id);
        held.grants.retain(|grant| grant.audience == self.audience);
        if held.grants.is_empty() {
            held.status = ApplicationStatus::Suspended;
            held.grants.clone_from(&bare.grants);
        }
        held
    }

    /// Of its API Authlete holds the scopes; its name and lifetime are the service's.
    pub(super) fn held_api(&self, bare: &Api, mine: &Api) -> Api {
        let mut held = mine.clone();
        held.name.clone_from(&bare.name);
        held.access_token_duration = None;
        held
    }

    pub(super) fn held_service(&self, bare: &Service, mine: &Service) -> Service {
        let mut held = bare.clone();
        held.name.clone_from(&mine.name);
        held.access_token_duration = mine.access_token_duration;
        held
    }

    pub(super) fn refusal(&self, mine: &Application) -> Option<String> {
        let named = [&self.keys.expires_at, &self.keys.not_before, &self.keys.customer];
        let taken = named.into_iter().find(|key| key.is_empty());
        taken
            .map(|_| "a key of the attributes is empty; name it in the connection's settings".to_owned())
            .or_else(|| mine.title().is_empty().then(|| "a client needs a name".to_owned()))
    }

    pub(super) fn refusal_of_api(&self, bare: Option<&Api>, mine: Option<&Api>) -> Option<String> {
        match (bare, mine) {
            (None, _) => Some(
                "Authlete has one API, which stands for the service; add scopes to it instead".to_owned(),
            ),
            (_, None) => Some("Authlete's one API stands for the service and cannot be removed".to_owned()),
            _ => None,
        }
    }

    pub(super) fn application_writes(&self, there: Option<&[Object]>, held: &Application) -> Vec<Write> {
        let post = |path: String, body: Value| Write::new(Method::POST, path, Some(body));
        let Some(there) = there.and_then(|objects| objects.iter().find(|object| object.kind == CLIENT))
        else {
            return vec![post(self.path("client/create"), write::new_client(held, &self.keys))];
        };
        let id = write::path_id(&there.body);
        let client = write::client(&there.body, held, &self.keys);
        let scopes = write::scopes(&there.body, held, &self.audience, &self.scopes);
        let lock = write::lock(&there.body, held);
        let writes = [
            client.map(|body| post(self.path(&format!("client/update/{id}")), body)),
            scopes.map(|scopes| {
                let path = self.path(&format!("client/extension/requestable_scopes/update/{id}"));
                post(path, write::one("requestableScopes", json!(scopes)))
            }),
            lock.map(|lock| {
                let path = self.path(&format!("client/lock_flag/update/{id}"));
                post(path, write::one("clientLocked", json!(lock)))
            }),
        ];
        writes.into_iter().flatten().collect()
    }

    pub(super) fn application_removal(&self, id: &str) -> Write {
        Write::new(Method::DELETE, self.path(&format!("client/delete/{}", encoded(id))), None)
    }

    pub(super) fn api_writes(&self, there: &Object, held: &Api) -> Vec<Write> {
        let body = write::with_api(&there.body, held);
        body.map(|body| Write::new(Method::POST, self.path("service/update"), Some(body)))
            .into_iter()
            .collect()
    }

    pub(super) fn service_writes(&self, there: &Object, held: &Service) -> Vec<Write> {
        let body = write::with_service(&there.body, held);
        body.map(|body| Write::new(Method::POST, self.path("service/update"), Some(body)))
            .into_iter()
            .collect()
    }

    pub(super) async fn find_new(
        &self,
        name: &str,
        known: &dyn Fn(&str) -> bool,
        stop: &Stop,
    ) -> Result<Option<String>, RemoteError> {
        let mut start = 0;
        loop {
            let (clients, total) = self.window(start, stop).await?;
            if let Some((id, _)) =
                clients.iter().find(|(id, client)| map::text(client, "clientName") == name && !known(id))
            {
                return Ok(Some(id.clone()));
            }
            start += PAGE;
            if clients.is_empty() || start >= total {
                return Ok(None);
            }
        }
    }

    pub(super) async fn test(&self, stop: &Stop) -> Result<Vec<Tried>, RemoteError> {
        let service = self.get("service/get", stop).await;
        if let Err(error @ (RemoteError::Stopped | RemoteError::SignIn { .. })) = service {
            return Err(error);
        }
        let clients = self.window(0, stop).await;
        let said = |error: Option<&RemoteError>| error.map(ToString::to_string).unwrap_or_default();
        let whole = service.as_ref().is_ok_and(|service| !map::is_reduced(service));
        let of_service = match &service {
            Ok(_) if !whole => {
                "the token shows only a part of the service; its scopes and durations are not edited"
                    .to_owned()
            }
            answer => said(answer.as_ref().err()),
        };
        Ok(vec![
            Tried { what: "read and edit the service".to_owned(), works: whole, detail: of_service },
            Tried {
                what: "read clients".to_owned(),
                works: clients.is_ok(),
                detail: said(clients.as_ref().err()),
            },
        ])
    }
}
