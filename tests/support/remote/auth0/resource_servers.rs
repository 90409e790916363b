//! Resource servers: the tenant's APIs.

use super::super::http::{Request, Response};
use super::check::{self, Kind, Member};
use super::clients::replace;
use super::error::{error, invalid_body};
use super::tenant::{Caller, Tenant};
use serde_json::{Value, json};

/// The members of `PATCH /resource-servers/{id}`; `POST` has `identifier` too.
const MEMBERS: [Member; 16] = [
    ("name", Kind::Name),
    ("scopes", Kind::Scopes),
    ("token_lifetime", Kind::Whole(2_592_000)),
    ("signing_alg", Kind::Text(20)),
    ("signing_secret", Kind::Text(255)),
    ("token_dialect", Kind::Text(40)),
    ("allow_offline_access", Kind::Flag),
    ("allow_online_access", Kind::Flag),
    ("enforce_policies", Kind::Flag),
    ("skip_consent_for_verifiable_first_party_clients", Kind::Flag),
    ("authorization_details", Kind::Any),
    ("authorization_policy", Kind::Any),
    ("consent_policy", Kind::Any),
    ("proof_of_possession", Kind::Any),
    ("subject_type_authorization", Kind::Any),
    ("token_encryption", Kind::Any),
];

fn unknown() -> Response {
    error(404, "inexistent_resource_server", "The resource server does not exist")
}

impl Tenant {
    pub fn put_resource_server(&mut self, given: Value) -> String {
        let mut server = json!({
            "id": self.random_text(24).to_lowercase(), "name": given["identifier"], "is_system": false,
            "allow_offline_access": false, "skip_consent_for_verifiable_first_party_clients": true,
            "token_lifetime": 86_400, "token_lifetime_for_web": 7200, "signing_alg": "RS256",
        });
        let known = given["identifier"].as_str().and_then(|identifier| self.resource_server(identifier));
        if let Some(known) = known {
            server["id"] = known["id"].clone();
        }
        replace(&mut server, given.as_object().unwrap());
        self.resource_servers.put(&server)
    }

    /// By id or identifier.
    pub fn resource_server(&self, id: &str) -> Option<Value> {
        let by_identifier = || self.resource_servers.page(&[("identifier", id)], 0, 1).pop();
        self.resource_servers.get(id).or_else(by_identifier)
    }

    pub fn resource_servers_route(
        &mut self,
        request: &Request,
        caller: &Caller,
        rest: &[&str],
    ) -> Result<Response, Response> {
        match (request.method.as_str(), rest) {
            ("GET", []) => {
                caller.needs("read:resource_servers")?;
                let filters: Vec<_> =
                    request.query("identifiers").map(|value| ("identifier", value)).into_iter().collect();
                let rows = ("resource_servers", &self.resource_servers);
                self.paging(false).answer(request, rows, &filters, |server| server)
            }
            ("GET", [id]) => {
                caller.needs("read:resource_servers")?;
                let server = self.resource_server(id).ok_or_else(unknown)?;
                Ok(Response::json(200, &server))
            }
            ("POST", []) => {
                caller.needs("create:resource_servers")?;
                let members = [&MEMBERS[..], &[("identifier", Kind::Text(600))]].concat();
                let body = check::body(request, &members, &["identifier"])?;
                if self.resource_server(body["identifier"].as_str().unwrap()).is_some() {
                    return Err(error(409, "", "A resource server with the same identifier already exists."));
                }
                let id = self.put_resource_server(body.into());
                Ok(Response::json(201, &self.resource_servers.get(&id).unwrap()))
            }
            ("PATCH", [id]) => {
                caller.needs("update:resource_servers")?;
                let mut server = self.resource_server(id).ok_or_else(unknown)?;
                let members: &[Member] = if server["is_system"] == true { &[] } else { &MEMBERS };
                let body = check::body(request, members, &[])?;
                replace(&mut server, &body);
                self.resource_servers.put(&server);
                Ok(Response::json(200, &server))
            }
            ("DELETE", [id]) => {
                caller.needs("delete:resource_servers")?;
                self.remove_resource_server(id)
            }
            _ => Err(error(404, "", "Not Found")),
        }
    }

    /// An API goes with its grants.
    fn remove_resource_server(&mut self, id: &str) -> Result<Response, Response> {
        let Some(server) = self.resource_server(id) else { return Ok(Response::empty(204)) };
        if server["is_system"] == true {
            return Err(invalid_body("System resource servers can not be deleted'"));
        }
        for grant in self.grants.ids(&[("audience", server["identifier"].as_str().unwrap())]) {
            self.grants.remove(&grant);
        }
        self.resource_servers.remove(server["id"].as_str().unwrap());
        Ok(Response::empty(204))
    }
}
