//! Actions and the bindings of triggers.

use super::super::http::{Request, Response};
use super::check::{self, Kind, Member};
use super::clients::replace;
use super::error::{error, invalid_body};
use super::tenant::{Caller, Tenant};
use serde_json::{Value, json};

/// The members of `PATCH /actions/actions/{id}`; `POST` has `deploy` too.
const MEMBERS: [Member; 7] = [
    ("name", Kind::Name),
    ("code", Kind::Text(1_000_000)),
    ("runtime", Kind::Text(20)),
    ("supported_triggers", Kind::Any),
    ("dependencies", Kind::Any),
    ("secrets", Kind::Any),
    ("modules", Kind::Any),
];

fn unknown() -> Response {
    error(404, "", "That action does not exist.")
}

/// What others say of an action, without its code and its history.
fn outline(action: &Value) -> Value {
    let names = ["id", "name", "supported_triggers", "all_changes_deployed", "created_at", "updated_at"];
    names
        .iter()
        .map(|name| ((*name).to_owned(), action[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Secrets are stored, and never shown again.
fn without_values(secrets: &Value, now: &str) -> Value {
    let names = secrets.as_array().into_iter().flatten().map(|secret| &secret["name"]);
    names.map(|name| json!({ "name": name, "updated_at": now })).collect::<Vec<_>>().into()
}

/// A page of a list of this part of the interface, which always says the total.
fn page(request: &Request, name: &str, items: Vec<Value>) -> Response {
    let number = |name, default| request.query(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (page, per_page, total) = (number("page", 0), number("per_page", 50_usize), items.len());
    let shown: Vec<_> = items.into_iter().skip(page * per_page).take(per_page).collect();
    Response::json(200, &json!({ name: shown, "total": total, "page": page, "per_page": per_page }))
}

impl Tenant {
    fn uuid(&mut self) -> String {
        let part = |tenant: &mut Self| {
            let text = tenant.random_text(4);
            text.bytes().map(|byte| format!("{:x}", byte % 16)).collect::<String>()
        };
        let parts: Vec<_> = (0..8).map(|_| part(self)).collect();
        format!(
            "{}{}-{}-{}-{}-{}{}{}",
            parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7]
        )
    }

    pub fn actions_route(
        &mut self,
        request: &Request,
        caller: &Caller,
        rest: &[&str],
    ) -> Result<Response, Response> {
        match (request.method.as_str(), rest) {
            ("GET", ["actions"]) => {
                caller.needs("read:actions")?;
                self.build_on();
                Ok(self.list_actions(request))
            }
            ("GET", ["actions", id]) => {
                caller.needs("read:actions")?;
                Ok(Response::json(200, &self.actions.get(id).ok_or_else(unknown)?))
            }
            ("POST", ["actions"]) => {
                caller.needs("create:actions")?;
                self.create_action(request)
            }
            ("PATCH", ["actions", id]) => {
                caller.needs("update:actions")?;
                self.patch_action(request, id)
            }
            ("POST", ["actions", id, "deploy"]) => {
                caller.needs("create:actions")?;
                let version = self.deploy(id)?;
                Ok(Response::json(202, &version))
            }
            ("DELETE", ["actions", id]) => {
                caller.needs("delete:actions")?;
                self.delete_action(request, id)
            }
            ("GET", ["triggers"]) => {
                caller.needs("read:actions")?;
                let trigger = json!({
                    "id": "credentials-exchange", "version": "v2", "status": "CURRENT", "runtimes": ["node22"],
                    "default_runtime": "node22", "binding_policy": "trigger-bound", "compatible_triggers": [],
                });
                Ok(Response::json(200, &json!({ "triggers": [trigger] })))
            }
            ("GET", ["triggers", trigger, "bindings"]) => {
                caller.needs("read:actions")?;
                Ok(page(request, "bindings", self.bindings.get(*trigger).cloned().unwrap_or_default()))
            }
            ("PATCH", ["triggers", trigger, "bindings"]) => {
                caller.needs("update:actions")?;
                self.bind(request, trigger)
            }
            _ => Err(error(404, "", "Not Found")),
        }
    }

    fn list_actions(&self, request: &Request) -> Response {
        let fits = |action: &Value| {
            let triggers = action["supported_triggers"].as_array();
            let supports = |id: &str| {
                triggers.is_some_and(|triggers| triggers.iter().any(|trigger| trigger["id"] == id))
            };
            request.query("triggerId").is_none_or(supports)
                && request.query("actionName").is_none_or(|name| action["name"] == name)
        };
        page(request, "actions", self.actions.all().into_iter().filter(fits).collect())
    }

    fn create_action(&mut self, request: &Request) -> Result<Response, Response> {
        let members = [&MEMBERS[..], &[("deploy", Kind::Flag)]].concat();
        let mut body = check::body(request, &members, &["name", "supported_triggers"])?;
        if self.actions.count(&[("name", body["name"].as_str().unwrap())]) > 0 {
            return Err(error(409, "", "An action with the same name already exists."));
        }
        let deploy = body.remove("deploy") == Some(Value::Bool(true));
        let now = self.now();
        if let Some(secrets) = body.get_mut("secrets") {
            *secrets = without_values(secrets, &now);
        }
        let mut action = json!({
            "id": self.uuid(), "code": "", "runtime": "node22", "dependencies": [], "secrets": [], "status": "built",
            "all_changes_deployed": false, "created_at": now, "updated_at": now,
        });
        replace(&mut action, &body);
        let id = self.actions.put(&action);
        self.begin_to_build(&id);
        if deploy {
            self.deploy(&id)?;
        }
        Ok(Response::json(201, &self.actions.get(&id).unwrap()))
    }

    fn patch_action(&mut self, request: &Request, id: &str) -> Result<Response, Response> {
        let mut body = check::body(request, &MEMBERS, &[])?;
        let mut action = self.actions.get(id).ok_or_else(unknown)?;
        let now = self.now();
        if let Some(secrets) = body.get_mut("secrets") {
            *secrets = without_values(secrets, &now);
        }
        replace(&mut action, &body);
        action["all_changes_deployed"] = false.into();
        action["updated_at"] = now.into();
        self.actions.put(&action);
        self.begin_to_build(id);
        Ok(Response::json(200, &self.actions.get(id).unwrap()))
    }

    /// What is written is built before it can be deployed, which takes a while at a real tenant.
    fn begin_to_build(&mut self, id: &str) {
        if self.reads_to_build > 0 {
            self.building.insert(id.to_owned(), self.reads_to_build);
            self.set_status(id, "building");
        }
    }

    fn build_on(&mut self) {
        for left in self.building.values_mut() {
            *left -= 1;
        }
        let built: Vec<_> =
            self.building.iter().filter(|(_, left)| **left == 0).map(|(id, _)| id.clone()).collect();
        for id in built {
            self.building.remove(&id);
            self.set_status(&id, "built");
        }
    }

    pub fn set_status(&mut self, id: &str, status: &str) {
        let mut action = self.actions.get(id).unwrap();
        action["status"] = status.into();
        self.actions.put(&action);
    }

    /// Makes the action's present state the one that runs.
    pub fn deploy(&mut self, id: &str) -> Result<Value, Response> {
        let mut action = self.actions.get(id).ok_or_else(unknown)?;
        if action["status"] != "built" {
            return Err(error(400, "", "An action must be built before it is deployed."));
        }
        let now = self.now();
        action["all_changes_deployed"] = true.into();
        let number = action["deployed_version"]["number"].as_i64().unwrap_or(0) + 1;
        let version = json!({
            "id": self.uuid(), "action_id": id, "number": number, "deployed": true, "status": "built",
            "code": action["code"], "runtime": action["runtime"], "dependencies": action["dependencies"],
            "secrets": action["secrets"], "supported_triggers": action["supported_triggers"],
            "built_at": now, "created_at": now, "updated_at": now,
        });
        action["deployed_version"] = version.clone();
        action["built_at"] = now.into();
        self.actions.put(&action);
        let mut answer = version;
        answer["action"] = outline(&action);
        Ok(answer)
    }

    fn delete_action(&mut self, request: &Request, id: &str) -> Result<Response, Response> {
        let bound = |bindings: &Vec<Value>| bindings.iter().any(|binding| binding["action"]["id"] == id);
        if self.bindings.values().any(bound) && request.query("force") != Some("true") {
            return Err(error(409, "", "The action is bound to a trigger."));
        }
        self.actions.remove(id).ok_or_else(unknown)?;
        for bindings in self.bindings.values_mut() {
            bindings.retain(|binding| binding["action"]["id"] != id);
        }
        Ok(Response::empty(204))
    }

    /// Replaces the whole list of a trigger's bindings.
    fn bind(&mut self, request: &Request, trigger: &str) -> Result<Response, Response> {
        let body = check::body(request, &[("bindings", Kind::Any)], &["bindings"])?;
        let now = self.now();
        let mut bindings = Vec::new();
        for wanted in body["bindings"].as_array().into_iter().flatten() {
            let action = self.referred(&wanted["ref"], trigger)?;
            if action["deployed_version"].is_null() {
                return Err(invalid_body("Only deployed actions can be bound' on property bindings"));
            }
            let shown_as = wanted.get("display_name").unwrap_or(&action["name"]);
            bindings.push(json!({
                "id": self.uuid(), "trigger_id": trigger, "display_name": shown_as, "action": outline(&action),
                "created_at": now, "updated_at": now,
            }));
        }
        self.bindings.insert(trigger.to_owned(), bindings.clone());
        Ok(Response::json(200, &json!({ "bindings": bindings })))
    }

    /// The action that a binding's `ref` means.
    fn referred(&self, reference: &Value, trigger: &str) -> Result<Value, Response> {
        let value = reference["value"].as_str().unwrap_or_default();
        let action = match reference["type"].as_str() {
            Some("action_id") => self.actions.get(value),
            Some("action_name") => self.actions.page(&[("name", value)], 0, 1).pop(),
            Some("binding_id") => {
                let bindings = self.bindings.get(trigger).into_iter().flatten();
                let binding = bindings.into_iter().find(|binding| binding["id"] == value);
                binding.and_then(|binding| self.actions.get(binding["action"]["id"].as_str()?))
            }
            _ => None,
        };
        action.ok_or_else(|| invalid_body("The reference is to no action' on property bindings"))
    }
}
