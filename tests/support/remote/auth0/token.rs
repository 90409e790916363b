//! The token endpoint: client credentials for the Management API and for the tenant's own APIs.

use super::super::http::{Request, Response};
use super::tenant::{Tenant, management_audience};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What a token for the Management API allows.
pub struct Token {
    pub permissions: BTreeSet<String>,
    pub until: Instant,
}

fn refused(status: u16, error: &str, description: &str) -> Response {
    Response::json(status, &json!({ "error": error, "error_description": description }))
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Tenant {
    /// `POST /oauth/token`.
    pub fn token_endpoint(&mut self, request: &Request) -> Response {
        self.issue(&request.form()).unwrap_or_else(|refusal| refusal)
    }

    fn issue(&mut self, form: &[(String, String)]) -> Result<Response, Response> {
        let field = |name: &str| {
            let value = form.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
            value.ok_or_else(|| {
                refused(400, "invalid_request", &format!("Missing required parameter: {name}"))
            })
        };
        if field("grant_type")? != "client_credentials" {
            return Err(refused(403, "unsupported_grant_type", "Unsupported grant type"));
        }
        let client = self.clients.get(field("client_id")?);
        let secret = field("client_secret")?;
        let client = client
            .filter(|client| client["client_secret"] == secret)
            .ok_or_else(|| refused(401, "access_denied", "Unauthorized"))?;
        if !strings(&client["grant_types"]).iter().any(|grant| grant == "client_credentials") {
            let description = "Grant type 'client_credentials' not allowed for the client.";
            return Err(refused(403, "unauthorized_client", description));
        }
        let asked = field("audience")?;
        let audience = if self.is_management(asked) { management_audience() } else { asked.to_owned() };
        let (scopes, lifetime) =
            self.granted(&client, &audience).map_err(|what| refused(403, "access_denied", &what))?;
        let token = self.remember(&audience, &scopes, lifetime);
        Ok(Response::json(
            200,
            &json!({
                "access_token": token, "scope": scopes.join(" "), "expires_in": lifetime, "token_type": "Bearer",
            }),
        ))
    }

    /// The scopes and the lifetime that a client gets for an audience: all that is granted, whatever was asked for.
    fn granted(&self, client: &Value, audience: &str) -> Result<(Vec<String>, u64), String> {
        let api = self
            .resource_server(audience)
            .ok_or_else(|| format!("Service not enabled within domain: {audience}"))?;
        let filters =
            [("client_id", client["client_id"].as_str().unwrap_or_default()), ("audience", audience)];
        let grant = self.grants.page(&filters, 0, 1).pop().ok_or_else(|| {
            format!(
                "Client is not authorized to access \"{audience}\". You need to create a \"client-grant\" associated \
                 to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants"
            )
        })?;
        let every =
            || api["scopes"].as_array().into_iter().flatten().map(|scope| scope["value"].clone()).collect();
        let scopes = if grant["allow_all_scopes"] == true { every() } else { grant["scope"].clone() };
        Ok((strings(&scopes), api["token_lifetime"].as_u64().unwrap_or(86_400)))
    }

    fn remember(&mut self, audience: &str, scopes: &[String], lifetime: u64) -> String {
        let token = format!("token-{}", self.random_text(40));
        if self.is_management(audience) {
            let until = Instant::now() + Duration::from_secs(lifetime);
            self.tokens.insert(token.clone(), Token { permissions: scopes.iter().cloned().collect(), until });
        }
        token
    }

    /// A token for the Management API with what the credentials are granted now.
    pub fn management_token(&mut self) -> String {
        let client = self.clients.get(super::tenant::CLIENT_ID).unwrap();
        let audience = management_audience();
        let (scopes, lifetime) = self.granted(&client, &audience).unwrap();
        self.remember(&audience, &scopes, lifetime)
    }
}
