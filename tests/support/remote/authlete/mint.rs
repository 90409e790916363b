//! `/auth/token/create`: a token for client credentials, with the duration that the service's rule gives.

use super::super::http::{Request, Response};
use super::error::error;
use super::scopes::{duration, texts};
use super::service::Service;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// How a token's duration is found, where the request does not say one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The least of the service's, the scopes' and the client's.
    Minimum,
    /// The client's, else the least of the scopes', else the service's.
    Override,
}

/// A positive number of seconds.
fn set(value: &Value) -> Option<i64> {
    value.as_i64().filter(|seconds| *seconds > 0)
}

/// What was asked for can not be done: 200, with the verdict in `action`.
fn refused(action: &str, message: &str) -> Response {
    let text = format!("[A109301] /auth/token/create, {message}");
    Response::json(200, &json!({ "resultCode": "A109301", "resultMessage": text, "action": action }))
}

impl Service {
    pub fn mint(&mut self, request: &Request) -> Result<Response, Response> {
        let no_json = || error(400, "A001301", "/auth/token/create", "The request body is not JSON.");
        let body = request.object().ok_or_else(no_json)?;
        let client = body.get("clientId").map(super::super::rows::text).unwrap_or_default();
        let client = self.client(&client).map_err(|_| refused("BAD_REQUEST", "There is no such client."))?;
        let refusal = |message: &str| Err(refused("BAD_REQUEST", message));
        if body.get("grantType") != Some(&json!("CLIENT_CREDENTIALS")) {
            return refusal("The stand-in knows CLIENT_CREDENTIALS alone.");
        }
        if !texts(&client["grantTypes"]).iter().any(|grant| grant == "CLIENT_CREDENTIALS") {
            return refusal("The client is not allowed to use the grant type.");
        }
        if client["locked"] == true {
            return Err(refused(
                "FORBIDDEN",
                &format!("The client (ID = {}) is locked.", client["clientId"]),
            ));
        }
        let scopes = self.chosen(&client, body.get("scopes"))?;
        Ok(Response::json(200, &self.minted(&body, &client, &scopes)))
    }

    /// The scopes that are asked for, else the default ones.
    fn chosen(&self, client: &Value, asked: Option<&Value>) -> Result<Vec<Value>, Response> {
        let requestable = self.requestable(client);
        let Some(asked) = asked.filter(|asked| asked.is_array()) else {
            return Ok(requestable.into_iter().filter(|scope| scope["defaultEntry"] == true).collect());
        };
        let find = |name: String| {
            let scope = requestable.iter().find(|scope| scope["name"] == *name).cloned();
            scope.ok_or_else(|| refused("BAD_REQUEST", &format!("The scope '{name}' can not be requested.")))
        };
        texts(asked).into_iter().map(find).collect()
    }

    fn lifetime(&self, body: &Map<String, Value>, client: &Value, scopes: &[Value]) -> i64 {
        let service = self.service["accessTokenDuration"].as_i64().unwrap_or_default();
        let client = set(&client["extension"]["accessTokenDuration"]);
        let scope = scopes.iter().filter_map(duration).min();
        body.get("accessTokenDuration").and_then(set).unwrap_or_else(|| match self.rule {
            Rule::Minimum => [client, scope].into_iter().flatten().fold(service, i64::min),
            Rule::Override => client.or(scope).unwrap_or(service),
        })
    }

    fn minted(&mut self, body: &Map<String, Value>, client: &Value, scopes: &[Value]) -> Value {
        let (lifetime, now) = (self.lifetime(body, client, scopes), self.now());
        let names: Vec<_> = scopes.iter().map(|scope| scope["name"].as_str().unwrap_or_default()).collect();
        let id = &client["clientId"];
        let mut answer = json!({
            "resultCode": "A109001",
            "resultMessage": format!("[A109001] An access token was created successfully: client_credentials, client = {id}"),
            "action": "OK", "accessToken": format!("token-{now}"), "clientId": id, "grantType": "CLIENT_CREDENTIALS",
            "expiresIn": lifetime, "expiresAt": now + lifetime * 1000, "scopes": names, "tokenType": "Bearer",
        });
        if self.service["accessTokenSignAlg"].is_string() {
            answer["jwtAccessToken"] = self.jwt(id, now / 1000, lifetime, &names.join(" ")).into();
        }
        answer
    }

    /// A token that decodes, under a signature that verifies nowhere.
    fn jwt(&self, client: &Value, at: i64, lifetime: i64, scope: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(&json!({ "alg": self.service["accessTokenSignAlg"], "typ": "at+jwt" }));
        let claims = json!({
            "iss": self.service["issuer"], "client_id": client.to_string(), "iat": at, "exp": at + lifetime,
            "scope": scope, "aud": self.service["issuer"], "jti": at.to_string(),
        });
        format!("{header}.{}.{}", part(&claims), URL_SAFE_NO_PAD.encode("no signature"))
    }
}
