//! Clients of the service.

use super::super::http::{Request, Response};
use super::Version;
use super::error::{error, not_found};
use super::service::{Service, replace, updated};
use serde_json::{Value, json};

/// What the server decides, whatever a body says. `locked` has a call of its own.
const READ_ONLY: [&str; 9] = [
    "number",
    "serviceNumber",
    "clientId",
    "clientSecret",
    "createdAt",
    "modifiedAt",
    "dynamicallyRegistered",
    "derivedSectorIdentifier",
    "locked",
];

/// A client of which nothing was said.
fn blank() -> Value {
    json!({
        "clientIdAliasEnabled": false, "clientType": "PUBLIC", "applicationType": "WEB", "grantTypes": [],
        "responseTypes": [], "tokenAuthMethod": "CLIENT_SECRET_BASIC", "idTokenSignAlg": "RS256",
        "subjectType": "PUBLIC", "parRequired": false, "requestObjectRequired": false, "authTimeRequired": false,
        "tlsClientCertificateBoundAccessTokens": false, "bcUserCodeRequired": false, "defaultMaxAge": 0,
        "singleAccessTokenPerSubject": false, "pkceRequired": false, "dpopRequired": false,
        "extension": {
            "requestableScopesEnabled": false, "accessTokenDuration": 0, "refreshTokenDuration": 0,
            "idTokenDuration": 0, "tokenExchangePermitted": false,
        },
    })
}

fn no_json(request: &Request) -> Response {
    error(400, "A001301", &request.path, "The request body is not JSON.")
}

impl Service {
    pub fn put_client(&mut self, given: Value) -> u64 {
        let now = self.now();
        self.next_id += 1;
        let mut client = blank();
        replace(
            &mut client,
            &json!({
                "number": self.clients.len() + 1, "serviceNumber": 5041, "clientId": self.next_id,
                "clientSecret": format!("secret-of-{}", self.next_id), "createdAt": now, "modifiedAt": now,
                "dynamicallyRegistered": false, "locked": false,
            }),
        );
        replace(&mut client, &given);
        self.clients.put(&client);
        client["clientId"].as_u64().unwrap()
    }

    pub fn edit_client(&mut self, id: &str, members: &Value) {
        let mut client = self.clients.get(id).unwrap();
        client["modifiedAt"] = self.now().into();
        replace(&mut client, members);
        self.clients.put(&client);
    }

    /// By id, or by alias where that is on for the client.
    pub fn client(&self, id: &str) -> Result<Value, Response> {
        let by_alias = || {
            let client = self.clients.page(&[("clientIdAlias", id)], 0, 1).pop();
            client.filter(|client| client["clientIdAliasEnabled"] == true)
        };
        self.clients.get(id).or_else(by_alias).ok_or_else(not_found)
    }

    pub fn clients_route(&mut self, request: &Request, rest: &[&str]) -> Result<Response, Response> {
        match (request.method.as_str(), rest) {
            ("GET", ["get", "list"]) => self.list_clients(request),
            ("GET", ["get", id]) => Ok(Response::json(200, &self.client(id)?)),
            ("POST", ["create"]) => {
                let mut body = request.object().ok_or_else(|| no_json(request))?;
                body.retain(|name, value| !value.is_null() && !READ_ONLY.contains(&name.as_str()));
                let id = self.put_client(body.into());
                // The vendor's own client for 3.0 takes 200 alone; the description knows both.
                let status = if self.version == Version::V3 { 200 } else { 201 };
                Ok(Response::json(status, &self.client(&id.to_string())?))
            }
            ("POST", ["update", id]) => {
                let old = self.client(id)?;
                let body = request.object().ok_or_else(|| no_json(request))?;
                let mut client = updated(&old, blank(), body, &READ_ONLY);
                client["modifiedAt"] = self.now().into();
                self.clients.put(&client);
                Ok(Response::json(200, &client))
            }
            ("POST", ["lock_flag", "update", id]) => {
                let old = self.client(id)?;
                let body = request.object().ok_or_else(|| no_json(request))?;
                let id = old["clientId"].to_string();
                self.edit_client(
                    &id,
                    &json!({ "locked": body.get("clientLocked") == Some(&Value::Bool(true)) }),
                );
                Ok(error(
                    200,
                    "A145001",
                    "/client/lock_flag/update",
                    "The lock flag was updated successfully.",
                ))
            }
            ("DELETE", ["delete", id]) => {
                let id = self.client(id)?["clientId"].to_string();
                self.clients.remove(&id);
                Ok(Response::empty(204))
            }
            _ => Err(not_found()),
        }
    }

    fn list_clients(&self, request: &Request) -> Result<Response, Response> {
        let number = |name, default| match request.query(name).map(str::parse::<usize>) {
            None => Ok(default),
            Some(Ok(number)) => Ok(number),
            Some(Err(_)) => Err(error(400, "A001303", &request.path, &format!("'{name}' is not a number."))),
        };
        let start = number("start", 0)?;
        let end = number("end", start + 5)?;
        let filters: Vec<_> =
            request.query("developer").map(|value| ("developer", value)).into_iter().collect();
        let clients = self.clients.page(&filters, start, end.saturating_sub(start));
        let total = self.clients.count(&filters);
        Ok(Response::json(
            200,
            &json!({ "start": start, "end": end, "totalCount": total, "clients": clients }),
        ))
    }
}
