//! The scopes that a client may ask for, and the durations that scopes set.

use super::super::http::{Request, Response};
use super::error::{error, not_found};
use super::service::Service;
use serde_json::{Value, json};

/// A list of texts, empty where there is none.
pub fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The duration that a scope's attribute sets: digits alone, and more than 0. The first of two counts.
pub fn duration(scope: &Value) -> Option<i64> {
    let attributes = scope["attributes"].as_array()?;
    let attribute = attributes.iter().find(|attribute| attribute["key"] == "access_token.duration")?;
    let value =
        attribute["value"].as_str().filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()))?;
    value.parse().ok().filter(|seconds| *seconds > 0)
}

impl Service {
    /// The service's scopes that a client may ask for.
    pub fn requestable(&self, client: &Value) -> Vec<Value> {
        let scopes = self.service["supportedScopes"].as_array().cloned().unwrap_or_default();
        let extension = &client["extension"];
        if extension["requestableScopesEnabled"] != true || extension["requestableScopes"].is_null() {
            return scopes;
        }
        let allowed = texts(&extension["requestableScopes"]);
        scopes.into_iter().filter(|scope| allowed.iter().any(|name| scope["name"] == **name)).collect()
    }

    pub fn scopes_route(&mut self, request: &Request, verb: &str, id: &str) -> Result<Response, Response> {
        let client = self.client(id)?;
        let id = client["clientId"].to_string();
        let mut extension = client["extension"].clone();
        match (request.method.as_str(), verb) {
            ("GET", "get") => {
                let set = extension["requestableScopesEnabled"] == true;
                let scopes = if set { extension["requestableScopes"].take() } else { Value::Null };
                Ok(Response::json(200, &json!({ "requestableScopes": scopes })))
            }
            ("POST" | "PUT", "update") => {
                let body = request.object().unwrap_or_default();
                let scopes = body.get("requestableScopes").filter(|scopes| scopes.is_array());
                let scopes = scopes.ok_or_else(|| {
                    error(
                        400,
                        "A001301",
                        "/client/extension/requestable_scopes",
                        "'requestableScopes' is missing.",
                    )
                })?;
                extension["requestableScopesEnabled"] = true.into();
                extension["requestableScopes"] = scopes.clone();
                self.edit_client(&id, &json!({ "extension": extension }));
                Ok(Response::json(200, &json!({ "requestableScopes": scopes })))
            }
            ("DELETE", "delete") => {
                extension["requestableScopesEnabled"] = false.into();
                // Absent, for the description knows no null here.
                extension.as_object_mut().unwrap().remove("requestableScopes");
                self.edit_client(&id, &json!({ "extension": extension }));
                Ok(Response::empty(204))
            }
            _ => Err(not_found()),
        }
    }
}
