//! A service's state, who may do what with it, and the way from a request to what it asks for.

use super::super::clock;
use super::super::fault::Call;
use super::super::http::{Request, Response};
use super::super::rows::Rows;
use super::super::server::Vendor;
use super::error::{error, not_found, plain};
use super::mint::Rule;
use super::{CLIENT_TOKEN, OWNER, SERVICE, SERVICE_SECRET, SERVICE_TOKEN, Version, basic};
use serde_json::{Map, Value, json};

/// What the server decides, whatever a body says.
const READ_ONLY: [&str; 8] = [
    "number",
    "apiKey",
    "apiSecret",
    "serviceOwnerNumber",
    "createdAt",
    "modifiedAt",
    "supportedAcrs",
    "supportedSnses",
];

/// What a token for clients alone sees of the service.
const REDUCED: [&str; 5] = ["number", "serviceName", "issuer", "apiKey", "clientIdAliasEnabled"];

pub struct Service {
    pub version: Version,
    pub rule: Rule,
    pub service: Value,
    pub clients: Rows,
    pub next_id: u64,
    clock: i64,
}

/// Who calls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// May do everything.
    Whole,
    /// May do everything but see and change the service.
    Clients,
    /// 2.x: may see and change the service alone.
    Owner,
}

/// An object as an update leaves it: what the body does not say has a new object's value, what the server decides stays.
pub fn updated(old: &Value, new: Value, body: Map<String, Value>, read_only: &[&str]) -> Value {
    let Value::Object(mut members) = new else { return new };
    members.extend(body.into_iter().filter(|(_, value)| !value.is_null()));
    for name in read_only {
        match old.get(*name) {
            Some(value) => members.insert((*name).to_owned(), value.clone()),
            None => members.remove(*name),
        };
    }
    members.into()
}

/// Replaces members; null removes one.
pub fn replace(object: &mut Value, members: &Value) {
    let Some(object) = object.as_object_mut() else { return };
    for (name, value) in members.as_object().into_iter().flatten() {
        object.insert(name.clone(), value.clone());
    }
    object.retain(|_, value| !value.is_null());
}

/// A service of which nothing was said.
fn blank() -> Value {
    json!({
        "clientIdAliasEnabled": false, "accessTokenType": "Bearer", "accessTokenDuration": 0, "refreshTokenDuration": 0,
        "idTokenDuration": 0, "authorizationResponseDuration": 0, "pkceRequired": false, "scopeRequired": false,
        "errorDescriptionOmitted": false, "dynamicRegistrationSupported": false,
    })
}

impl Service {
    pub fn new(version: Version) -> Self {
        let rule = if version == Version::V3 { Rule::Override } else { Rule::Minimum };
        let mut service = blank();
        replace(
            &mut service,
            &json!({
                "number": 5041, "serviceOwnerNumber": 2, "serviceName": "Stand-in", "issuer": "https://as.example",
                "apiKey": SERVICE.parse::<u64>().unwrap(), "createdAt": 1_639_373_421_000_i64,
                "modifiedAt": 1_639_373_421_000_i64, "accessTokenDuration": 86_400, "refreshTokenDuration": 864_000,
                "idTokenDuration": 86_400, "supportedGrantTypes": ["CLIENT_CREDENTIALS", "AUTHORIZATION_CODE"],
                "supportedResponseTypes": ["CODE"], "tokenEndpoint": "https://as.example/token",
                "supportedScopes": [
                    { "name": "read", "defaultEntry": true, "description": "Read" },
                    {
                        "name": "write", "defaultEntry": false, "description": "Write",
                        "attributes": [{ "key": "access_token.duration", "value": "600" }],
                    },
                ],
                "metadata": [{ "key": "clientCount", "value": "0" }], "attributes": [],
            }),
        );
        let clients = Rows::new("clientId", &["developer", "clientIdAlias"]);
        Self { version, rule, service, clients, next_id: 26_888_344_961_664, clock: 0 }
    }

    /// Now, later than any answer before.
    pub fn now(&mut self) -> i64 {
        self.clock = clock::milliseconds().max(self.clock + 1);
        self.clock
    }

    pub fn edit_service(&mut self, members: &Value) {
        self.service["modifiedAt"] = self.now().into();
        replace(&mut self.service, members);
    }

    fn caller(&self, request: &Request) -> Result<Caller, Response> {
        let refused = |code, message| error(401, code, &request.path, message);
        let header = request
            .header("authorization")
            .ok_or_else(|| refused("A001202", "Authorization header is missing."))?;
        let known = match self.version {
            Version::V3 => [
                (format!("Bearer {SERVICE_TOKEN}"), Caller::Whole),
                (format!("Bearer {CLIENT_TOKEN}"), Caller::Clients),
            ],
            Version::V2 => {
                [(basic(OWNER), Caller::Owner), (basic((SERVICE, SERVICE_SECRET)), Caller::Clients)]
            }
        };
        let caller = known.into_iter().find(|(value, _)| value == header).map(|(_, caller)| caller);
        caller.ok_or_else(|| refused("A001203", "The credentials are not valid."))
    }

    /// The steps of a path behind `/api` and, in 3.0, the service's id.
    fn steps(&self, request: &Request) -> Option<Vec<String>> {
        let steps = request.steps();
        match (self.version, steps.as_slice()) {
            (_, [api, rest @ ..]) if api == "api" && rest == ["service", "get", "list"] => {
                Some(rest.to_vec())
            }
            (Version::V3, [api, id, rest @ ..]) if api == "api" && id == SERVICE => Some(rest.to_vec()),
            (Version::V2, [api, rest @ ..]) if api == "api" => Some(rest.to_vec()),
            _ => None,
        }
    }

    fn route(&mut self, request: &Request) -> Result<Response, Response> {
        let caller = self.caller(request)?;
        let forbidden =
            || error(403, "A001403", &request.path, "The credentials do not have the permission.");
        let steps = self.steps(request).ok_or_else(forbidden)?;
        let steps: Vec<_> = steps.iter().map(String::as_str).collect();
        match (steps.as_slice(), caller) {
            (["service", rest @ ..], _) => self.service_route(request, caller, rest),
            (_, Caller::Owner) => Err(forbidden()),
            (["client", "extension", "requestable_scopes", verb, id], _) => {
                self.scopes_route(request, verb, id)
            }
            (["client", rest @ ..], _) => self.clients_route(request, rest),
            (["auth", "token", "create"], _) if request.method == "POST" => self.mint(request),
            _ => Err(not_found()),
        }
    }

    fn service_route(
        &mut self,
        request: &Request,
        caller: Caller,
        rest: &[&str],
    ) -> Result<Response, Response> {
        let forbidden =
            || error(403, "A001403", &request.path, "The credentials do not have the permission.");
        if self.version == Version::V2 && caller != Caller::Owner {
            return Err(forbidden());
        }
        let verb = match (self.version, rest) {
            (_, ["get", "list"]) => "list",
            (Version::V3, [verb]) => *verb,
            (Version::V2, [verb, key]) if *key == SERVICE => *verb,
            _ => return Err(not_found()),
        };
        let shown = if caller == Caller::Clients { self.reduced() } else { self.service.clone() };
        match (request.method.as_str(), verb) {
            ("GET", "get") => Ok(Response::json(200, &shown)),
            ("GET", "list") => Ok(Response::json(
                200,
                &json!({ "start": 0, "end": 5, "totalCount": 1, "services": [shown] }),
            )),
            ("POST", "update") if caller == Caller::Clients => Err(forbidden()),
            ("POST", "update") => {
                let body = request
                    .object()
                    .ok_or_else(|| error(400, "A001301", &request.path, "The request body is not JSON."))?;
                let now = self.now();
                self.service = updated(&self.service, blank(), body, &READ_ONLY);
                self.service["modifiedAt"] = now.into();
                Ok(Response::json(200, &self.service))
            }
            _ => Err(not_found()),
        }
    }

    fn reduced(&self) -> Value {
        let members = REDUCED.iter().map(|name| ((*name).to_owned(), self.service[*name].clone()));
        members.collect::<Map<_, _>>().into()
    }
}

impl Vendor for Service {
    fn call(&self, request: &Request) -> Option<Call> {
        let steps = self.steps(request)?;
        let steps: Vec<_> = steps.iter().map(String::as_str).collect();
        Some(match steps.as_slice() {
            ["auth", "token", "create"] => Call::Token,
            [.., "get", "list"] => Call::List,
            ["service" | "client", "get", ..] | ["client", "extension", _, "get", _] => Call::Read,
            ["client", "create"] => Call::Create,
            ["service" | "client", "update", ..] | ["client", _, "update", _] => Call::Update,
            ["client", "extension", _, "update" | "delete", _] => Call::Update,
            ["client", "delete", _] => Call::Delete,
            _ => return None,
        })
    }

    fn answer(&mut self, request: &Request) -> Response {
        self.route(request).unwrap_or_else(|error| error)
    }

    fn error(&mut self, status: u16) -> Response {
        plain(status)
    }

    fn move_first(&mut self, _: &Request) {
        let now = self.now();
        self.clients.move_first(&[], |client| {
            client["description"] = "edited between two pages".into();
            client["modifiedAt"] = now.into();
        });
    }
}
