//! Clients: the tenant's applications.

use super::super::http::{Request, Response};
use super::check::{self, Kind, Member};
use super::error::{error, invalid_body};
use super::tenant::{Caller, Tenant};
use serde_json::{Map, Value, json};

/// The members of `POST /clients`; `PATCH` has all but the last, and `client_secret`.
#[rustfmt::skip]
const MEMBERS: [Member; 53] = [
    ("name", Kind::Name), ("description", Kind::Text(140)), ("client_metadata", Kind::Metadata),
    ("grant_types", Kind::Texts), ("app_type", Kind::Text(255)), ("is_first_party", Kind::Flag),
    ("oidc_conformant", Kind::Flag), ("token_endpoint_auth_method", Kind::Any), ("jwt_configuration", Kind::Any),
    ("token_quota", Kind::Any), ("callbacks", Kind::Texts), ("allowed_origins", Kind::Texts),
    ("allowed_clients", Kind::Texts), ("allowed_logout_urls", Kind::Texts), ("web_origins", Kind::Texts),
    ("client_aliases", Kind::Texts), ("sso", Kind::Flag), ("sso_disabled", Kind::Flag), ("addons", Kind::Any),
    ("cross_origin_authentication", Kind::Flag), ("custom_login_page_on", Kind::Flag), ("logo_uri", Kind::Any),
    ("async_approval_notification_channels", Kind::Any), ("client_authentication_methods", Kind::Any),
    ("compliance_level", Kind::Any), ("cross_origin_loc", Kind::Any), ("custom_login_page", Kind::Any),
    ("custom_login_page_preview", Kind::Any), ("default_organization", Kind::Any), ("encryption_key", Kind::Any),
    ("express_configuration", Kind::Any), ("form_template", Kind::Any), ("initiate_login_uri", Kind::Any),
    ("is_token_endpoint_ip_header_trusted", Kind::Flag), ("mobile", Kind::Any), ("refresh_token", Kind::Any),
    ("my_organization_configuration", Kind::Any), ("native_social_login", Kind::Any), ("oidc_logout", Kind::Any),
    ("oidc_backchannel_logout", Kind::Any), ("organization_discovery_methods", Kind::Any),
    ("organization_require_behavior", Kind::Any), ("organization_usage", Kind::Any), ("par_request_expiry", Kind::Any),
    ("redirection_policy", Kind::Any), ("require_proof_of_possession", Kind::Flag), ("session_transfer", Kind::Any),
    ("require_pushed_authorization_requests", Kind::Flag), ("signed_request_object", Kind::Any),
    ("skip_non_verifiable_callback_uri_confirmation_prompt", Kind::Any), ("third_party_security_mode", Kind::Any),
    ("token_exchange", Kind::Any), ("resource_server_identifier", Kind::Any),
];

/// What is shown only to those who may see keys.
const KEYS: [&str; 3] = ["client_secret", "signing_keys", "encryption_key"];

fn unknown() -> Response {
    error(404, "inexistent_client", "The client does not exist")
}

/// A client as a caller may see it, narrowed to the fields of the query.
fn shown(mut client: Value, request: &Request, keys: bool) -> Value {
    let Some(members) = client.as_object_mut() else { return client };
    members.retain(|name, _| keys || !KEYS.contains(&name.as_str()));
    if let Some(fields) = request.query("fields") {
        let include = request.query("include_fields") != Some("false");
        members.retain(|name, _| fields.split(',').any(|field| field == name) == include);
    }
    client
}

impl Tenant {
    pub fn put_client(&mut self, given: Value) -> String {
        let now = self.now();
        let mut client = json!({
            "tenant": "tenure-test", "global": false, "name": "My application", "is_first_party": true,
            "is_token_endpoint_ip_header_trusted": false, "oidc_conformant": false, "sso_disabled": false,
            "cross_origin_auth": false, "callback_url_template": false, "encrypted": true,
            "client_id": self.random_text(32), "client_secret": self.random_text(64),
            "jwt_configuration": { "lifetime_in_seconds": 36_000, "secret_encoded": false },
            "refresh_token": {
                "expiration_type": "non-expiring", "leeway": 0, "infinite_token_lifetime": true,
                "infinite_idle_token_lifetime": true, "token_lifetime": 31_557_600, "idle_token_lifetime": 2_592_000,
                "rotation_type": "non-rotating",
            },
            "token_endpoint_auth_method": "client_secret_post", "custom_login_page_on": true,
            "grant_types": ["authorization_code", "implicit", "refresh_token", "client_credentials"],
            "created_at": now, "updated_at": now,
        });
        replace(&mut client, given.as_object().unwrap());
        self.clients.put(&client)
    }

    pub fn edit_client(&mut self, id: &str, members: &Value) {
        let mut client = self.clients.get(id).unwrap();
        client["updated_at"] = self.now().into();
        replace(&mut client, members.as_object().unwrap());
        self.clients.put(&client);
    }

    /// A client goes with its grants.
    pub fn remove_client(&mut self, id: &str) {
        self.clients.remove(id);
        for grant in self.grants.ids(&[("client_id", id)]) {
            self.grants.remove(&grant);
        }
    }

    pub fn clients_route(
        &mut self,
        request: &Request,
        caller: &Caller,
        rest: &[&str],
    ) -> Result<Response, Response> {
        let keys = caller.may("read:client_keys");
        match (request.method.as_str(), rest) {
            ("GET", []) => {
                caller.needs("read:clients")?;
                let names =
                    [("is_first_party", "is_first_party"), ("is_global", "global"), ("app_type", "app_type")];
                let filters = names.map(|(query, column)| request.query(query).map(|value| (column, value)));
                let filters: Vec<_> = filters.into_iter().flatten().collect();
                let rows = ("clients", &self.clients);
                self.paging(true).answer(request, rows, &filters, |client| shown(client, request, keys))
            }
            ("GET", [id]) => {
                caller.needs("read:clients")?;
                let client = self.clients.get(id).ok_or_else(unknown)?;
                Ok(Response::json(200, &shown(client, request, keys)))
            }
            ("POST", []) => {
                caller.needs("create:clients")?;
                let body = check::body(request, &MEMBERS, &["name"])?;
                let id = self.put_client(body.into());
                let keys = keys || caller.may("create:client_keys");
                Ok(Response::json(201, &shown(self.clients.get(&id).unwrap(), request, keys)))
            }
            ("PATCH", [id]) => {
                caller.needs("update:clients")?;
                self.patch_client(request, caller, id)
            }
            ("POST", [id, "rotate-secret"]) => {
                caller.needs("update:client_keys")?;
                let secret = self.random_text(64);
                self.clients.get(id).ok_or_else(unknown)?;
                self.edit_client(id, &json!({ "client_secret": secret }));
                Ok(Response::json(200, &self.clients.get(id).unwrap()))
            }
            ("DELETE", [id]) => {
                caller.needs("delete:clients")?;
                self.remove_client(id);
                Ok(Response::empty(204))
            }
            _ => Err(error(404, "", "Not Found")),
        }
    }

    fn patch_client(&mut self, request: &Request, caller: &Caller, id: &str) -> Result<Response, Response> {
        let mut members = MEMBERS.to_vec();
        members.pop();
        members.push(("client_secret", Kind::Text(255)));
        let mut body = check::body(request, &members, &[])?;
        if body.contains_key("client_secret") {
            caller.needs("update:client_keys")?;
        }
        let mut client = self.clients.get(id).ok_or_else(unknown)?;
        if let Some(patch) = body.remove("client_metadata") {
            let merged = merged(&client["client_metadata"], patch.as_object().unwrap());
            check::few(&merged)
                .map_err(|what| invalid_body(&format!("{what} on property client_metadata")))?;
            client["client_metadata"] = merged.into();
        }
        client["updated_at"] = self.now().into();
        replace(&mut client, &body);
        self.clients.put(&client);
        let keys = caller.may("read:client_keys") || caller.may("update:client_keys");
        Ok(Response::json(200, &shown(client, request, keys)))
    }
}

/// Metadata after a patch: null deletes a key, an empty patch clears all.
fn merged(old: &Value, patch: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = if patch.is_empty() { Map::new() } else { old.as_object().cloned().unwrap_or_default() };
    for (key, value) in patch {
        if value.is_null() {
            merged.remove(key);
        } else {
            merged.insert(key.clone(), value.clone());
        }
    }
    merged
}

/// Replaces members; null removes one.
pub fn replace(entity: &mut Value, members: &Map<String, Value>) {
    let Some(entity) = entity.as_object_mut() else { return };
    for (name, value) in members {
        if value.is_null() {
            entity.remove(name);
        } else {
            entity.insert(name.clone(), value.clone());
        }
    }
}
