//! Client grants: which client may ask for tokens of which API.

use super::super::http::{Request, Response};
use super::check::{self, Kind, Member};
use super::clients::replace;
use super::error::{error, invalid_body};
use super::tenant::{Caller, Tenant};
use serde_json::{Value, json};

/// The members of `PATCH /client-grants/{id}`.
const MEMBERS: [Member; 5] = [
    ("scope", Kind::Texts),
    ("allow_all_scopes", Kind::Any),
    ("allow_any_organization", Kind::Any),
    ("authorization_details_types", Kind::Texts),
    ("organization_usage", Kind::Any),
];

/// Those that `POST /client-grants` has beside them.
const IDENTITY: [Member; 4] = [
    ("client_id", Kind::Text(255)),
    ("audience", Kind::Text(600)),
    ("default_for", Kind::Text(255)),
    ("subject_type", Kind::Text(20)),
];

fn unknown() -> Response {
    error(404, "inexistent_client_grant", "The client grant does not exist")
}

impl Tenant {
    pub fn put_grant(&mut self, given: Value) -> String {
        let id = format!("cgr_{}", self.random_text(16));
        let mut grant = json!({ "id": id, "scope": [], "subject_type": "client" });
        replace(&mut grant, given.as_object().unwrap());
        self.grants.put(&grant)
    }

    pub fn grants_route(
        &mut self,
        request: &Request,
        caller: &Caller,
        rest: &[&str],
    ) -> Result<Response, Response> {
        match (request.method.as_str(), rest) {
            ("GET", []) => {
                caller.needs("read:client_grants")?;
                let filters =
                    ["client_id", "audience"].map(|name| request.query(name).map(|value| (name, value)));
                let filters: Vec<_> = filters.into_iter().flatten().collect();
                let rows = ("client_grants", &self.grants);
                self.paging(true).answer(request, rows, &filters, |grant| grant)
            }
            ("GET", [id]) => {
                caller.needs("read:client_grants")?;
                Ok(Response::json(200, &self.grants.get(id).ok_or_else(unknown)?))
            }
            ("POST", []) => {
                caller.needs("create:client_grants")?;
                self.create_grant(request)
            }
            ("PATCH", [id]) => {
                caller.needs("update:client_grants")?;
                let body = check::body(request, &MEMBERS, &[])?;
                if body.is_empty() {
                    return Err(invalid_body("Too few properties defined (0), minimum 1'"));
                }
                let mut grant = self.grants.get(id).ok_or_else(unknown)?;
                replace(&mut grant, &body);
                self.grants.put(&grant);
                Ok(Response::json(200, &grant))
            }
            ("DELETE", [id]) => {
                caller.needs("delete:client_grants")?;
                self.grants.remove(id);
                Ok(Response::empty(204))
            }
            _ => Err(error(404, "", "Not Found")),
        }
    }

    fn create_grant(&mut self, request: &Request) -> Result<Response, Response> {
        let members = [&MEMBERS[..], &IDENTITY].concat();
        let body = check::body(request, &members, &["client_id", "audience"])?;
        let (client, audience) = (body["client_id"].as_str().unwrap(), body["audience"].as_str().unwrap());
        if !self.clients.has(client) {
            return Err(error(404, "inexistent_client", "The client does not exist"));
        }
        if self.resource_server(audience).is_none() {
            return Err(error(404, "inexistent_resource_server", "The resource server does not exist"));
        }
        if self.grants.count(&[("client_id", client), ("audience", audience)]) > 0 {
            return Err(error(409, "", "A client grant for this client and audience already exists."));
        }
        let id = self.put_grant(body.into());
        Ok(Response::json(201, &self.grants.get(&id).unwrap()))
    }
}
