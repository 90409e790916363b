//! The Action at a tenant: how it is read, and the request that comes next until it is there, deployed and bound.

use super::{Auth0, map::text};
use crate::export::{AUTH0_ACTION, AUTH0_RUNTIME, AUTH0_TRIGGER};
use crate::remote::action::{Act, ActionThere, Binding, OwnAction, acts};
use crate::remote::http::{RemoteError, Stop, encoded};
use crate::remote::object::Write;
use reqwest::Method;
use serde_json::{Value, json};

/// So many of a list at once.
const PAGE: usize = 50;

/// What comes next.
#[derive(Debug)]
pub(in crate::remote) enum Next {
    /// All is as it should be.
    Nothing,
    /// The tenant is still building it.
    Wait,
    /// This is to be sent.
    Send(Write),
    /// The tenant could not build it.
    Broken,
}

fn bindings_path() -> String {
    format!("/api/v2/actions/triggers/{}/bindings", AUTH0_TRIGGER.0)
}

impl Auth0 {
    /// The Action and what is bound to its trigger, as they are now.
    pub(in crate::remote) async fn read_action(&self, stop: &Stop) -> Result<ActionThere, RemoteError> {
        let named = format!("/api/v2/actions/actions?actionName={}&", encoded(AUTH0_ACTION));
        let found = self.all_pages(&named, "actions", stop).await?;
        let own = found.iter().find(|action| text(action, "name") == AUTH0_ACTION).map(own);
        let bound = self.all_pages(&format!("{}?", bindings_path()), "bindings", stop).await?;
        Ok(ActionThere { own, bindings: bound.iter().map(binding).collect() })
    }

    async fn all_pages(&self, path: &str, member: &str, stop: &Stop) -> Result<Vec<Value>, RemoteError> {
        let mut all = Vec::new();
        for page in 0.. {
            let body = self.get(format!("{path}page={page}&per_page={PAGE}"), stop).await?;
            let items = self.items(&body, member, "id")?;
            let count = items.len();
            all.extend(items.into_iter().map(|(_, item)| item));
            let total = body.get("total").and_then(Value::as_u64).unwrap_or_default();
            if count == 0 || all.len() as u64 >= total {
                break;
            }
        }
        Ok(all)
    }

    /// The request that brings the Action nearer to this code; without code it is unbound.
    pub(in crate::remote) fn next_of_action(code: Option<&str>, there: &ActionThere) -> Next {
        let own = there.own.as_ref();
        let path = |own: &OwnAction| format!("/api/v2/actions/actions/{}", encoded(&own.id));
        // What is left to do is the plan's to say; here it becomes a request.
        let write = match (acts(code, there).first(), own) {
            (Some(Act::Create), _) => Write::new(
                Method::POST,
                "/api/v2/actions/actions".to_owned(),
                code.map(|code| body(code, true)),
            ),
            (Some(Act::Change), Some(own)) => {
                Write::new(Method::PATCH, path(own), code.map(|code| body(code, false)))
            }
            (Some(Act::Deploy), Some(own)) => match own.status.as_str() {
                "failed" => return Next::Broken,
                "built" => Write::new(Method::POST, format!("{}/deploy", path(own)), None),
                _ => return Next::Wait,
            },
            (Some(Act::Bind), Some(own)) => bind(there, Some(&own.id)),
            (Some(Act::Unbind), _) => bind(there, None),
            _ => return Next::Nothing,
        };
        Next::Send(write)
    }
}

/// What the tenant is told of the Action; its name where it is made.
fn body(code: &str, named: bool) -> Value {
    let mut body = json!({
        "code": code,
        "runtime": AUTH0_RUNTIME,
        "supported_triggers": [{ "id": AUTH0_TRIGGER.0, "version": AUTH0_TRIGGER.1 }],
    });
    if let Some(members) = body.as_object_mut().filter(|_| named) {
        members.insert("name".to_owned(), json!(AUTH0_ACTION));
    }
    body
}

/// Replaces the list of bindings: those of others as they are, in their order, and then this Action.
fn bind(there: &ActionThere, own: Option<&str>) -> Write {
    let reference = |kind: &str, value: &str| json!({ "type": kind, "value": value });
    // By their Actions: the id of a binding is another one each time somebody replaces the list.
    let others = there.others().map(|other| {
        let by = match other.action.as_str() {
            "" => reference("binding_id", &other.id),
            action => reference("action_id", action),
        };
        json!({ "ref": by, "display_name": other.name })
    });
    let own = own.map(|id| json!({ "ref": reference("action_id", id), "display_name": AUTH0_ACTION }));
    let bindings: Vec<Value> = others.chain(own).collect();
    Write::new(Method::PATCH, bindings_path(), Some(json!({ "bindings": bindings })))
}

fn own(action: &Value) -> OwnAction {
    let member = |name: &str| action.get("deployed_version").map(|version| text(version, name));
    let flag = action.get("all_changes_deployed").and_then(Value::as_bool).unwrap_or_default();
    let triggers = action.get("supported_triggers").and_then(Value::as_array).into_iter().flatten();
    OwnAction {
        id: text(action, "id"),
        code: text(action, "code"),
        runtime: text(action, "runtime"),
        fits: triggers.into_iter().any(|trigger| text(trigger, "id") == AUTH0_TRIGGER.0),
        status: text(action, "status"),
        deployed: flag && member("code").is_some_and(|code| code == text(action, "code")),
    }
}

fn binding(binding: &Value) -> Binding {
    let action = binding.get("action").unwrap_or(&Value::Null);
    let shown = text(binding, "display_name");
    Binding {
        id: text(binding, "id"),
        action: text(action, "id"),
        name: if shown.is_empty() { text(action, "name") } else { shown },
    }
}
