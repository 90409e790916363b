//! What the stand-in of an Auth0 tenant does, seen on the wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;

use remote::pull::{by_checkpoint, by_number, names};
use remote::{Answer, Auth0, Caller};
use serde_json::{Value, json};

const CLIENTS: &str = "/api/v2/clients";
const GRANTS: &str = "/api/v2/client-grants";
const APIS: &str = "/api/v2/resource-servers";

fn token(tenant: &Auth0, form: &str) -> Answer {
    let caller = Caller::new(tenant.base(), "");
    caller.send("POST", "/oauth/token", "application/x-www-form-urlencoded", form).unwrap()
}

fn credentials_form(tenant: &Auth0) -> String {
    let (id, secret) = tenant.credentials();
    format!(
        "grant_type=client_credentials&client_id={id}&client_secret={secret}&audience={}",
        tenant.audience()
    )
}

#[test]
fn a_token_is_issued_for_a_form_or_json_and_carries_every_granted_scope() {
    let tenant = Auth0::start();
    tenant.set_permissions(&["read:clients", "update:clients"]);
    let (id, secret) = tenant.credentials();
    let body = json!({
        "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "audience": tenant.audience(),
    });
    let by_json = Caller::new(tenant.base(), "").call("POST", "/oauth/token", Some(&body)).unwrap();
    for answer in [token(&tenant, &credentials_form(&tenant)), by_json] {
        assert_eq!(answer.status, 200);
        let answer = answer.json();
        assert_eq!(answer["scope"], "read:clients update:clients");
        assert_eq!(answer["expires_in"], 86_400);
        let bearer = format!("Bearer {}", answer["access_token"].as_str().unwrap());
        assert_eq!(Caller::new(tenant.base(), &bearer).get(CLIENTS).status, 200);
    }
}

#[test]
fn a_token_is_refused_as_the_vendor_refuses_it() {
    let tenant = Auth0::start();
    tenant.fill(2);
    let good = credentials_form(&tenant);
    let cases = [
        (good.replace("client_secret=", "client_secret=x"), 401, "access_denied"),
        (good.replace("client_id=", "client_id=x"), 401, "access_denied"),
        (good.replace("grant_type=client_credentials&", ""), 400, "invalid_request"),
        (good.replace("grant_type=client_credentials", "grant_type=password"), 403, "unsupported_grant_type"),
        (good.replace("/api/v2/", "/api/v3/"), 403, "access_denied"),
        (good.replace(&tenant.audience(), "https://api-0.example"), 403, "access_denied"),
    ];
    for (form, status, error) in cases {
        let answer = token(&tenant, &form);
        assert_eq!((answer.status, answer.json()["error"].as_str()), (status, Some(error)), "{form}");
    }
}

#[test]
fn a_client_gets_tokens_for_an_api_until_its_grant_is_gone() {
    let tenant = Auth0::start();
    tenant.put_resource_server(json!({ "identifier": "https://api.example", "token_lifetime": 600 }));
    tenant.put_client(json!({ "client_id": "acme", "client_secret": "s" }));
    let grant = tenant.grant("acme", "https://api.example", &["read"]);
    let form =
        "grant_type=client_credentials&client_id=acme&client_secret=s&audience=https%3A%2F%2Fapi.example";
    assert_eq!(token(&tenant, form).json()["expires_in"], 600);
    let deleted = tenant.caller().call("DELETE", &format!("{GRANTS}/{grant}"), None).unwrap();
    assert_eq!(deleted.status, 204);
    assert_eq!(token(&tenant, form).status, 403);
}

#[test]
fn a_call_needs_a_token_that_holds_and_the_permission() {
    let tenant = Auth0::start();
    assert_eq!(Caller::new(tenant.base(), "").get(CLIENTS).status, 401);
    assert_eq!(Caller::new(tenant.base(), "Bearer made-up").get(CLIENTS).status, 401);
    tenant.set_permissions(&["read:client_grants"]);
    let refused = tenant.caller().get(CLIENTS);
    assert_eq!(
        refused.json(),
        json!({
            "statusCode": 403, "error": "Forbidden", "message": "Insufficient scope, expected any of: read:clients",
            "errorCode": "insufficient_scope",
        })
    );
    let caller = tenant.caller();
    tenant.expire_tokens();
    assert_eq!(caller.get(GRANTS).status, 401);
}

#[test]
fn metadata_is_merged_null_deletes_a_key_and_an_empty_patch_clears() {
    let tenant = Auth0::start();
    let ten: serde_json::Map<_, _> = (0..10).map(|key| (format!("k{key}"), json!("v"))).collect();
    let path = format!("{CLIENTS}/acme");
    let cases = [
        (json!({ "a": "1" }), json!({ "b": "2" }), 200, json!({ "a": "1", "b": "2" })),
        (json!({ "a": "1" }), json!({ "a": "3" }), 200, json!({ "a": "3" })),
        (json!({ "a": "1", "b": "2" }), json!({ "a": null }), 200, json!({ "b": "2" })),
        (json!({ "a": "1" }), json!({}), 200, json!({})),
        (json!({ "a": "1" }), json!({ "a": 5 }), 400, json!({ "a": "1" })),
        (json!({ "a": "1" }), json!({ "a": "x".repeat(256) }), 400, json!({ "a": "1" })),
        (json!({ "a": "1" }), json!({ "a": "ä".repeat(255) }), 200, json!({ "a": "ä".repeat(255) })),
        (ten.clone().into(), json!({ "k10": "v" }), 400, ten.clone().into()),
    ];
    for (before, patch, status, after) in cases {
        tenant.put_client(json!({ "client_id": "acme", "client_metadata": before }));
        let body = json!({ "client_metadata": patch });
        let answer = tenant.caller().call("PATCH", &path, Some(&body)).unwrap();
        assert_eq!(answer.status, status, "{body}: {}", answer.json());
        assert_eq!(tenant.client("acme").unwrap()["client_metadata"], after, "{body}");
    }
}

#[test]
fn what_the_description_does_not_know_is_refused() {
    let tenant = Auth0::start();
    tenant.put_client(json!({ "client_id": "acme" }));
    let api = tenant.put_resource_server(json!({ "identifier": "https://api.example" }));
    let grant = tenant.grant("acme", "https://api.example", &[]);
    let system = tenant.resource_server(&tenant.audience()).unwrap();
    let system = format!("{APIS}/{}", system["id"].as_str().unwrap());
    let (client, api, grant) =
        (format!("{CLIENTS}/acme"), format!("{APIS}/{api}"), format!("{GRANTS}/{grant}"));
    let cases = [
        (
            "POST",
            CLIENTS,
            json!({ "name": "A", "expires_at": "2026" }),
            "Additional properties not allowed: expires_at",
        ),
        ("POST", CLIENTS, json!({}), "Missing required property: name"),
        ("POST", CLIENTS, json!({ "name": "<A>" }), "String does not match pattern"),
        (
            "PATCH",
            &client,
            json!({ "client_id": "b", "tenant": "t" }),
            "Additional properties not allowed: client_id,tenant",
        ),
        ("PATCH", &client, json!({ "description": "x".repeat(141) }), "maximum 140"),
        (
            "PATCH",
            &client,
            json!({ "grant_types": ["a", "a"] }),
            "Array items are not unique (indexes 0 and 1)",
        ),
        ("PATCH", &api, json!({ "identifier": "b" }), "Additional properties not allowed: identifier"),
        ("PATCH", &api, json!({ "token_lifetime": 2_592_001 }), "not between 0 and 2592000"),
        (
            "PATCH",
            &api,
            json!({ "scopes": [{ "value": "a", "duration": 5 }] }),
            "Additional properties not allowed: duration",
        ),
        ("PATCH", &system, json!({ "scopes": [] }), "Additional properties not allowed: scopes"),
        ("PATCH", &grant, json!({ "audience": "b" }), "Additional properties not allowed: audience"),
        ("PATCH", &grant, json!({}), "minimum 1"),
    ];
    for (method, path, body, message) in cases {
        let answer = tenant.caller().call(method, path, Some(&body)).unwrap();
        let error = answer.json();
        assert_eq!(
            (answer.status, error["errorCode"].as_str()),
            (400, Some("invalid_body")),
            "{body}: {error}"
        );
        assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    }
}

#[test]
fn a_new_client_without_grant_types_gets_four_and_its_secret_is_for_those_who_may_see_keys() {
    let tenant = Auth0::start();
    let create = || tenant.caller().call("POST", CLIENTS, Some(&json!({ "name": "A" }))).unwrap();
    let created = create();
    assert_eq!(created.status, 201);
    assert_eq!(created.json()["grant_types"].as_array().unwrap().len(), 4);
    assert!(created.json().get("client_secret").is_none());
    tenant.set_permissions(&["create:clients", "create:client_keys", "read:clients"]);
    let created = create().json();
    let id = created["client_id"].as_str().unwrap();
    assert!(created["client_secret"].is_string());
    assert_eq!(tenant.client(id).unwrap()["client_secret"], created["client_secret"]);
    assert!(tenant.caller().get(&format!("{CLIENTS}/{id}")).json().get("client_secret").is_none());
}

#[test]
fn both_ways_of_paging_show_every_client_once() {
    let tenant = Auth0::start();
    tenant.fill(250);
    let caller = tenant.caller();
    let all = names(&tenant.clients().into());
    assert_eq!(all.len(), 252);
    for size in [1, 7, 84, 100] {
        assert_eq!(by_number(&caller, size), all, "{size}");
        assert_eq!(by_checkpoint(&caller, size), all, "{size}");
    }
    assert_eq!(caller.get(CLIENTS).json().as_array().unwrap().len(), 50);
    assert_eq!(caller.get(&format!("{CLIENTS}?per_page=101")).status, 400);
    assert_eq!(caller.get(&format!("{CLIENTS}?take=101")).status, 400);
    let next = caller.get(&format!("{CLIENTS}?take=1")).json()["next"].as_str().unwrap().to_owned();
    tenant.expire_cursors();
    assert_eq!(caller.get(&format!("{CLIENTS}?from={next}")).status, 400);
}

#[test]
fn lists_are_narrowed_by_their_query() {
    let tenant = Auth0::start();
    tenant.fill(70);
    let caller = tenant.caller();
    let of_one = caller.get(&format!("{GRANTS}?client_id=app-3")).json();
    assert_eq!(of_one, Value::from(tenant.grants_of("app-3")));
    assert_eq!(of_one.as_array().unwrap().len(), 3);
    let totals = caller.get(&format!("{CLIENTS}?is_global=false&include_totals=true&per_page=1")).json();
    assert_eq!(totals["total"], 71);
    let fields = caller.get(&format!("{CLIENTS}/app-3?fields=client_id,name&include_fields=true")).json();
    assert_eq!(fields, json!({ "client_id": "app-3", "name": "Application 3" }));
}

#[test]
fn a_pair_of_client_and_api_has_one_grant_which_goes_with_either() {
    let tenant = Auth0::start();
    let caller = tenant.caller();
    for api in ["https://a.example", "https://b.example"] {
        tenant.put_resource_server(json!({ "identifier": api }));
    }
    tenant.put_client(json!({ "client_id": "acme" }));
    let grant = |api: &str| {
        let body = json!({ "client_id": "acme", "audience": api, "scope": ["read"] });
        caller.call("POST", GRANTS, Some(&body)).unwrap().status
    };
    assert_eq!(["https://a.example", "https://a.example", "https://b.example"].map(grant), [201, 409, 201]);
    assert_eq!(grant("https://c.example"), 404);
    let gone = caller.call("DELETE", &format!("{APIS}/https%3A%2F%2Fa.example"), None).unwrap();
    assert_eq!((gone.status, tenant.grants_of("acme").len()), (204, 1));
    let gone = caller.call("DELETE", &format!("{CLIENTS}/acme"), None).unwrap();
    assert_eq!((gone.status, tenant.grants_of("acme").len()), (204, 0));
    assert_eq!(caller.get(&format!("{CLIENTS}/acme")).json()["errorCode"], "inexistent_client");
}

#[test]
fn the_scopes_of_an_api_are_replaced_as_a_whole_by_id_or_identifier() {
    let tenant = Auth0::start();
    let id = tenant.put_resource_server(
        json!({ "identifier": "https://api.example", "scopes": [{ "value": "read" }, { "value": "write" }] }),
    );
    for step in [id.as_str(), "https%3A%2F%2Fapi.example"] {
        let body = json!({ "scopes": [{ "value": step, "description": "" }] });
        let answer = tenant.caller().call("PATCH", &format!("{APIS}/{step}"), Some(&body)).unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(tenant.resource_server(&id).unwrap()["scopes"], body["scopes"]);
        assert_eq!(answer.json()["token_lifetime"], 86_400);
    }
}

#[test]
fn only_a_deployed_action_is_bound_and_a_patch_replaces_all_bindings() {
    let tenant = Auth0::start();
    let caller = tenant.caller();
    let call = |method: &str, path: &str, body: Value| caller.call(method, path, Some(&body)).unwrap();
    let trigger = json!([{ "id": "credentials-exchange", "version": "v2" }]);
    let mut ids = Vec::new();
    for name in ["ends", "other"] {
        let body = json!({
            "name": name, "code": "exports.onExecuteCredentialsExchange = async () => {};", "runtime": "node22",
            "supported_triggers": trigger, "secrets": [{ "name": "key", "value": "canary" }],
        });
        let created = call("POST", "/api/v2/actions/actions", body);
        assert_eq!(created.status, 201);
        assert!(!created.json().to_string().contains("canary"));
        ids.push(created.json()["id"].as_str().unwrap().to_owned());
    }
    let bindings = "/api/v2/actions/triggers/credentials-exchange/bindings";
    let bind = |name: &str| {
        let reference = json!({ "ref": { "type": "action_name", "value": name }, "display_name": name });
        call("PATCH", bindings, json!({ "bindings": [reference] })).status
    };
    assert_eq!(bind("ends"), 400);
    for id in &ids {
        assert_eq!(call("POST", &format!("/api/v2/actions/actions/{id}/deploy"), json!({})).status, 202);
    }
    assert_eq!((bind("other"), bind("ends")), (200, 200));
    let bound: Vec<_> = tenant
        .bindings("credentials-exchange")
        .iter()
        .map(|binding| binding["display_name"].clone())
        .collect();
    assert_eq!(bound, ["ends"]);
    let patched =
        call("PATCH", &format!("/api/v2/actions/actions/{}", ids[0]), json!({ "code": "new" })).json();
    assert_eq!(
        (&patched["all_changes_deployed"], &patched["deployed_version"]["number"]),
        (&json!(false), &json!(1))
    );
}

#[test]
fn an_edit_moves_updated_at_and_keeps_what_nobody_knows() {
    let tenant = Auth0::start();
    tenant.put_client(json!({ "client_id": "acme", "flag_of_next_year": { "on": [1] } }));
    let before = tenant.client("acme").unwrap();
    let answer =
        tenant.caller().call("PATCH", &format!("{CLIENTS}/acme"), Some(&json!({ "name": "B" }))).unwrap();
    let after = tenant.client("acme").unwrap();
    assert!(after["updated_at"].as_str() > before["updated_at"].as_str());
    assert_eq!(answer.json()["flag_of_next_year"], json!({ "on": [1] }));
}

/// For a person who wants to try the window: serves a tenant until it is stopped, and says how to connect to it.
///
/// `TENURE_CLIENTS=100000 cargo test --test standins -- --ignored --nocapture serve_a_tenant_to_try`
#[test]
#[ignore = "serves until it is stopped"]
#[allow(clippy::print_stderr)]
fn serve_a_tenant_to_try() {
    let tenant = Auth0::start();
    tenant.fill(remote::clients_to_try());
    let (id, secret) = tenant.credentials();
    eprintln!("address {}\ndomain {}\nclient id {id}\nclient secret {secret}", tenant.base(), remote::DOMAIN);
    loop {
        std::thread::park();
    }
}
