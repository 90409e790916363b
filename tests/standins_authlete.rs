//! What the stand-in of an Authlete service does, seen on the wire, in both of its versions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;

use remote::authlete::{CLIENT_TOKEN, OWNER, SERVICE, SERVICE_SECRET, SERVICE_TOKEN};
use remote::{Authlete, Call, Caller, Fault, Rule, Times, Version};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const VERSIONS: [Version; 2] = [Version::V3, Version::V2];

fn post(service: &Authlete, rest: &str, body: Value) -> Value {
    let answer = service.caller().call("POST", &service.path(rest), Some(&body)).unwrap();
    assert!((200..300).contains(&answer.status), "{rest}: {} {}", answer.status, answer.json());
    answer.json()
}

#[test]
fn each_version_has_its_paths_and_its_credentials() {
    for version in VERSIONS {
        let service = Authlete::start(version);
        let (get, list) = (service.service_path("get"), service.path("/client/get/list"));
        assert_eq!(service.owner().get(&get).json(), service.service());
        assert_eq!(service.caller().get(&list).status, 200);
        let stranger = Caller::new(service.base(), "Bearer other");
        assert_eq!((stranger.get(&get).status, stranger.get(&list).status), (401, 401));
        let wrong = if version == Version::V3 { "/api/1/client/get/list" } else { "/api/service/get/1" };
        assert!([403, 404].contains(&service.owner().get(wrong).status));
    }
    let old = Authlete::start(Version::V2);
    assert_eq!(
        old.caller().get(&old.service_path("get")).status,
        403,
        "the service's key is not the owner's"
    );
    assert_eq!(old.owner().get(&old.path("/client/get/list")).status, 403);
    assert!(old.owner().get(&format!("/api/service/get/{SERVICE}")).json()["apiKey"].is_u64());
    assert_ne!(OWNER.0, SERVICE);
}

#[test]
fn a_token_for_clients_alone_sees_a_reduced_service_and_cannot_change_it() {
    let service = Authlete::start(Version::V3);
    let caller = Caller::new(service.base(), &format!("Bearer {CLIENT_TOKEN}"));
    let view = caller.get(&service.service_path("get")).json();
    assert_eq!(view["issuer"], "https://as.example");
    assert!(view.get("supportedScopes").is_none() && view.get("accessTokenDuration").is_none());
    let refused = caller.call("POST", &service.service_path("update"), Some(&view)).unwrap();
    assert_eq!(refused.status, 403);
    assert_eq!(caller.get(&service.path("/client/get/list")).status, 200);
}

#[test]
fn a_list_has_five_clients_unless_it_is_told_otherwise_and_always_the_total() {
    let service = Authlete::start(Version::V3);
    service.fill(23);
    let list = |query: &str| service.caller().get(&service.path(&format!("/client/get/list{query}"))).json();
    let shown = |query: &str| {
        let list = list(query);
        assert_eq!(list["totalCount"], 23, "{query}");
        list["clients"].as_array().unwrap().len()
    };
    let lengths =
        ["", "?start=20", "?start=0&end=23", "?start=20&end=40", "?start=23&end=30", "?end=0"].map(shown);
    assert_eq!(lengths, [5, 3, 23, 3, 0, 0]);
    assert_eq!(list("?developer=developer-1")["totalCount"], 6);
    let mut all = BTreeSet::new();
    for start in (0..23).step_by(4) {
        let page = list(&format!("?start={start}&end={}", start + 4));
        all.extend(page["clients"].as_array().unwrap().iter().map(|client| client["clientId"].as_u64()));
    }
    assert_eq!(all.len(), 23);
}

#[test]
fn an_update_replaces_the_whole_client_but_for_what_the_server_decides() {
    for version in VERSIONS {
        let service = Authlete::start(version);
        let given = json!({
            "clientName": "Acme", "grantTypes": ["CLIENT_CREDENTIALS"], "memberOfNextYear": { "on": [1] },
            "attributes": [{ "key": "customer", "value": "Acme" }], "clientId": 5, "locked": true,
        });
        let created = post(&service, "/client/create", given);
        let id = created["clientId"].as_u64().unwrap();
        assert_ne!(id, 5);
        assert_eq!(
            (&created["locked"], &created["memberOfNextYear"]),
            (&json!(false), &json!({ "on": [1] }))
        );
        let mut body = created.clone();
        body["clientName"] = "Acme 2".into();
        body["createdAt"] = 1.into();
        let stored = post(&service, &format!("/client/update/{id}"), body.clone());
        assert_eq!(stored, service.client(id).unwrap());
        assert!(stored["modifiedAt"].as_i64() > created["modifiedAt"].as_i64());
        body["createdAt"] = created["createdAt"].clone();
        body["modifiedAt"] = stored["modifiedAt"].clone();
        assert_eq!(stored, body);
        let bare = post(&service, &format!("/client/update/{id}"), json!({ "clientName": "Bare" }));
        assert!(
            bare.get("attributes").is_none() && bare.get("memberOfNextYear").is_none(),
            "what is not sent is lost"
        );
        assert_eq!(bare["clientSecret"], created["clientSecret"]);
    }
}

#[test]
fn an_update_replaces_the_whole_service_too() {
    for version in VERSIONS {
        let service = Authlete::start(version);
        service.edit_service(json!({ "memberOfNextYear": "kept" }));
        let path = service.service_path("update");
        let update = |body: &Value| service.owner().call("POST", &path, Some(body)).unwrap().json();
        let mut body = service.service();
        body["accessTokenDuration"] = 600.into();
        body["apiKey"] = 1.into();
        let stored = update(&body);
        assert_eq!(stored, service.service());
        assert_eq!(
            (&stored["accessTokenDuration"], &stored["memberOfNextYear"]),
            (&json!(600), &json!("kept"))
        );
        assert_eq!(stored["apiKey"].to_string(), SERVICE);
        let lost = update(&json!({ "issuer": "https://as.example" }));
        assert!(lost.get("supportedScopes").is_none() && lost.get("memberOfNextYear").is_none());
    }
}

#[test]
fn a_client_is_locked_by_its_own_call_and_gets_no_tokens_then() {
    let service = Authlete::start(Version::V3);
    let id = service.put_client(json!({ "grantTypes": ["CLIENT_CREDENTIALS"] }));
    let mint =
        || post(&service, "/auth/token/create", json!({ "grantType": "CLIENT_CREDENTIALS", "clientId": id }));
    assert_eq!(mint()["action"], "OK");
    let lock = format!("/client/lock_flag/update/{id}");
    post(&service, &lock, json!({ "clientLocked": true }));
    assert_eq!(
        (&service.client(id).unwrap()["locked"], &mint()["action"]),
        (&json!(true), &json!("FORBIDDEN"))
    );
    post(&service, &lock, json!({ "clientLocked": false }));
    assert_eq!(mint()["action"], "OK");
}

#[test]
fn requestable_scopes_are_null_for_all_or_a_list_that_may_be_empty() {
    let service = Authlete::start(Version::V2);
    let id = service.put_client(json!({ "grantTypes": ["CLIENT_CREDENTIALS"] }));
    let path = |verb: &str| format!("/client/extension/requestable_scopes/{verb}/{id}");
    let get = || service.caller().get(&service.path(&path("get"))).json()["requestableScopes"].clone();
    let mint = || {
        let body = json!({ "grantType": "CLIENT_CREDENTIALS", "clientId": id, "scopes": ["write"] });
        post(&service, "/auth/token/create", body)["action"].clone()
    };
    assert_eq!((get(), mint()), (Value::Null, json!("OK")));
    for (scopes, action) in
        [(json!([]), "BAD_REQUEST"), (json!(["write"]), "OK"), (json!(["read"]), "BAD_REQUEST")]
    {
        post(&service, &path("update"), json!({ "requestableScopes": scopes }));
        assert_eq!((get(), mint()), (scopes, json!(action)));
    }
    let deleted = service.caller().call("DELETE", &service.path(&path("delete")), None).unwrap();
    assert_eq!((deleted.status, get(), mint()), (204, Value::Null, json!("OK")));
}

#[test]
fn a_token_lasts_as_the_chosen_rule_says() {
    let service = Authlete::start(Version::V3);
    // Service 86 400 s; the scope `write` has 600 s; the client, the request, and what the two rules make of them.
    let cases = [
        (0, json!(["read"]), 0, 86_400, 86_400),
        (0, json!(["read", "write"]), 0, 600, 600),
        (3600, json!(["read", "write"]), 0, 600, 3600),
        (100_000, json!(["read"]), 0, 86_400, 100_000),
        (-1, json!(["read"]), 0, 86_400, 86_400),
        (60, json!(["write"]), 7200, 7200, 7200),
        (0, Value::Null, 0, 86_400, 86_400),
    ];
    for (client, scopes, requested, minimum, chain) in cases {
        let extension = json!({ "accessTokenDuration": client });
        let id = service.put_client(json!({ "grantTypes": ["CLIENT_CREDENTIALS"], "extension": extension }));
        for (rule, seconds) in [(Rule::Minimum, minimum), (Rule::Override, chain)] {
            service.token_rule(rule);
            let body = json!({
                "grantType": "CLIENT_CREDENTIALS", "clientId": id, "scopes": scopes, "accessTokenDuration": requested,
            });
            let minted = post(&service, "/auth/token/create", body);
            assert_eq!(minted["expiresIn"], seconds, "{rule:?} {client} {scopes} {requested}");
            let left = minted["expiresAt"].as_i64().unwrap() - chrono::Utc::now().timestamp_millis();
            assert!((left - seconds * 1000).abs() < 5000);
        }
    }
}

#[test]
fn a_scope_counts_only_digits_above_zero_and_the_first_of_two() {
    let service = Authlete::start(Version::V3);
    let id = service.put_client(json!({ "grantTypes": ["CLIENT_CREDENTIALS"] }));
    let key = "access_token.duration";
    let cases =
        [(json!(["600"]), 600), (json!(["0"]), 86_400), (json!(["-1"]), 86_400), (json!(["1h"]), 86_400)];
    let more = [(json!(["3,600"]), 86_400), (json!([""]), 86_400), (json!(["0060", "9"]), 60)];
    for (values, seconds) in cases.into_iter().chain(more) {
        let attributes: Vec<_> =
            values.as_array().unwrap().iter().map(|value| json!({ "key": key, "value": value })).collect();
        service.edit_service(json!({ "supportedScopes": [{ "name": "read", "attributes": attributes }] }));
        let body = json!({ "grantType": "CLIENT_CREDENTIALS", "clientId": id, "scopes": ["read"] });
        assert_eq!(post(&service, "/auth/token/create", body)["expiresIn"], seconds, "{values}");
    }
}

#[test]
fn a_signed_service_hands_out_a_token_that_decodes() {
    let service = Authlete::start(Version::V3);
    service.edit_service(json!({ "accessTokenSignAlg": "ES256" }));
    let id = service.put_client(json!({ "grantTypes": ["CLIENT_CREDENTIALS"] }));
    let minted =
        post(&service, "/auth/token/create", json!({ "grantType": "CLIENT_CREDENTIALS", "clientId": id }));
    let token = tenure::token::decode(minted["jwtAccessToken"].as_str().unwrap()).unwrap();
    assert_eq!(tenure::token::Claims(token.claims().unwrap()).clients(), [id.to_string()]);
}

#[test]
fn errors_are_authletes_own_and_some_have_no_body() {
    let service = Authlete::start(Version::V3);
    let unknown = service.caller().get(&service.path("/client/get/1"));
    assert_eq!((unknown.status, unknown.json()["resultCode"].clone()), (404, json!(404)));
    let missing = Caller::new(service.base(), "").get(&service.path("/client/get/1"));
    let message = missing.json()["resultMessage"].as_str().unwrap().to_owned();
    assert!(message.starts_with("[A00120"), "{message}");
    service.fault(Call::Read, Fault::Status(503), Times::once());
    let failed = service.caller().get(&service.path("/client/get/1"));
    assert_eq!((failed.status, failed.body.len()), (503, 0));
}

/// For a person who wants to try the window: serves a service of each version until it is stopped, and says how to connect.
///
/// `TENURE_CLIENTS=100000 cargo test --test standins_authlete -- --ignored --nocapture serve_a_service_to_try`
#[test]
#[ignore = "serves until it is stopped"]
#[allow(clippy::print_stderr)]
fn serve_a_service_to_try() {
    let [new, old] = VERSIONS.map(Authlete::start);
    for service in [&new, &old] {
        service.fill(remote::clients_to_try());
    }
    eprintln!("3.0: address {}\nservice id {SERVICE}\naccess token {SERVICE_TOKEN}", new.base());
    eprintln!("access token that sees clients alone {CLIENT_TOKEN}\n");
    let (owner, owner_secret) = OWNER;
    eprintln!("2.x: address {}\nowner's key {owner}\nowner secret {owner_secret}", old.base());
    eprintln!("service's key {SERVICE}\nservice secret {SERVICE_SECRET}");
    loop {
        std::thread::park();
    }
}
