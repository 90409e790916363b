//! The stand-ins before the vendors' own clients, and under Prism's eye with the vendors' interface descriptions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;

use remote::authlete::{OWNER, SERVICE, SERVICE_SECRET, SERVICE_TOKEN};
use remote::peers::{peers, run};
use remote::{Auth0, Authlete, Caller, Prism, Tls, Version, tls};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const DEPLOY_CLI: &str = "node_modules/auth0-deploy-cli/lib/index.js";

/// A tenant with enough in it for several pages.
fn filled_tenant() -> Auth0 {
    let tenant = Auth0::start();
    tenant.fill(40);
    tenant
}

/// What PyPI `auth0-python` sees of a tenant that is at `base`.
fn seen_by_auth0_python(tenant: &Auth0, base: &str) -> Option<Value> {
    let folder = peers("python3", "python/auth0")?;
    let (client_id, client_secret) = tenant.credentials();
    let input = json!({
        "api": format!("{base}/api/v2"), "host": base.trim_start_matches("http://"), "client_id": client_id,
        "client_secret": client_secret, "audience": tenant.audience(),
    });
    Some(run(&folder, "python3", "auth0_.py", &[], &input))
}

fn all<'v>(list: &'v [Value], member: &str) -> Vec<&'v Value> {
    list.iter().map(|item| &item[member]).collect()
}

/// The story of `auth0_.py`, as it has to end.
fn is_auth0s_story(tenant: &Auth0, seen: &Value) {
    let (clients, grants) = (tenant.clients(), tenant.grants());
    assert_eq!(seen["clients"], json!(all(&clients, "name")));
    assert_eq!(seen["resource_servers"], json!(all(&tenant.resource_servers(), "identifier")));
    assert_eq!(seen["grants"], json!(all(&grants, "id")));
    assert_eq!(seen["expires_in"], 86_400);
    assert_eq!(seen["server"]["scopes"], json!([{ "value": "read" }, { "value": "write" }]));
    assert_eq!(seen["server"]["token_lifetime"], 300);
    assert_eq!(seen["client"]["client_metadata"], json!({ "expires_at": "2027-01-01T00:00:00Z" }));
    assert_eq!(seen["grant"].as_array().unwrap().len(), 1);
    assert_eq!(seen["grant"][0]["scope"], json!(["read", "write"]));
    assert_eq!(seen["refused"], json!([409, 404, 403]));
    assert_eq!((&seen["bindings"], &seen["actions"]), (&json!(["Peer"]), &json!(["peer"])));
    assert_eq!(seen["left"], json!([]));
    assert!(tenant.client(seen["client"]["client_id"].as_str().unwrap()).is_none());
}

#[test]
fn auth0_python_works_on_the_tenant() {
    let tenant = filled_tenant();
    let Some(seen) = seen_by_auth0_python(&tenant, tenant.base()) else { return };
    is_auth0s_story(&tenant, &seen);
}

#[test]
fn the_tenant_keeps_to_auth0s_description() {
    let tenant = filled_tenant();
    let Some(prism) = Prism::before_auth0(tenant.base()) else { return };
    let Some(seen) = seen_by_auth0_python(&tenant, prism.base()) else { return };
    is_auth0s_story(&tenant, &seen);
    // The judge is awake: a member that the description does not know is an error.
    let judged = Caller::new(prism.base(), &format!("Bearer {}", tenant.token()));
    assert_eq!(judged.get("/api/v2/resource-servers").status, 200);
    tenant.put_resource_server(json!({ "identifier": "https://odd.example", "unheard_of": true }));
    assert_eq!(judged.get("/api/v2/resource-servers").status, 500);
}

/// A service with enough clients for several pages.
fn filled_service(version: Version) -> Authlete {
    let service = Authlete::start(version);
    service.fill(23);
    service
}

/// What PyPI `authlete` sees of a service that is at `base`.
fn seen_by_authlete_python(service: &Authlete, base: &str) -> Option<Value> {
    let folder = peers("python3", "python/authlete")?;
    let configuration = match service.version() {
        Version::V3 => json!({
            "baseUrl": base, "apiVersion": "V3", "serviceApiKey": SERVICE, "serviceAccessToken": SERVICE_TOKEN,
        }),
        Version::V2 => json!({
            "baseUrl": base, "serviceApiKey": SERVICE, "serviceApiSecret": SERVICE_SECRET,
            "serviceOwnerApiKey": OWNER.0, "serviceOwnerApiSecret": OWNER.1,
        }),
    };
    Some(run(&folder, "python3", "authlete_.py", &[], &json!({ "configuration": configuration })))
}

/// What npm `@authlete/typescript-sdk` sees.
fn seen_by_authlete_node(base: &str) -> Option<Value> {
    let folder = peers("node", "node_modules/@authlete/typescript-sdk")?;
    let input = json!({ "base": base, "token": SERVICE_TOKEN, "service": SERVICE });
    Some(run(&folder, "node", "authlete.mjs", &[], &input))
}

/// The story of both scripts, as it has to end: the client's 300 seconds win by either rule.
fn is_authletes_story(service: &Authlete, seen: &Value) {
    assert_eq!(seen["total"], 23);
    assert_eq!(seen["clients"], json!(all(&service.clients(), "clientId")));
    assert_eq!(seen["service"]["accessTokenDuration"], 7200);
    assert_eq!(service.service()["accessTokenDuration"], 7200);
    assert_eq!(seen["service"]["scopes"][0], json!(["read", [["access_token.duration", "900"]]]));
    assert_eq!(seen["client"]["description"], "Größe");
    assert_eq!(seen["client"]["attributes"], json!([["expires_at", "2026-12-01T00:00:00Z"]]));
    assert_eq!(seen["client"]["accessTokenDuration"], 300);
    assert_eq!(seen["scopes"], json!([["read"], ["read"], null]));
    assert_eq!(seen["minted"], json!([["OK", 300], "FORBIDDEN"]));
    assert_eq!(seen["locked"], "Peer");
    assert_eq!(seen["gone"], 404);
    assert!(service.client(seen["client"]["id"].as_u64().unwrap()).is_none());
}

#[test]
fn authlete_for_python_works_on_both_versions_of_the_service() {
    for version in [Version::V3, Version::V2] {
        let service = filled_service(version);
        let Some(seen) = seen_by_authlete_python(&service, service.base()) else { return };
        is_authletes_story(&service, &seen);
    }
}

#[test]
fn authlete_for_node_works_on_the_service() {
    let service = filled_service(Version::V3);
    let Some(seen) = seen_by_authlete_node(service.base()) else { return };
    is_authletes_story(&service, &seen);
}

// The client for Python sends nulls that the description does not know, so that the one for Node is the judge's.
#[test]
fn the_service_keeps_to_authletes_description() {
    let service = filled_service(Version::V3);
    let Some(prism) = Prism::before_authlete(service.base()) else { return };
    let Some(seen) = seen_by_authlete_node(prism.base()) else { return };
    is_authletes_story(&service, &seen);
}

/// What npm `auth0-deploy-cli` says when it takes the small tenant of `tests/peers/deploy` over, https and all.
fn deployed(tenant: &Auth0, folder: &Path, authority: &Path, more: &[&str]) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/deploy/tenant.yaml");
    let (client_id, client_secret) = tenant.credentials();
    let output = Command::new("node")
        .arg(folder.join(DEPLOY_CLI))
        .args(["import", "--input_file"])
        .arg(file)
        .args(more)
        .env("AUTH0_DOMAIN", format!("localhost:{}", tenant.port()))
        .env("AUTH0_CLIENT_ID", client_id)
        .env("AUTH0_CLIENT_SECRET", client_secret)
        .env("AUTH0_INCLUDED_ONLY", r#"["clients","resourceServers","clientGrants","actions","triggers"]"#)
        .env("NODE_EXTRA_CA_CERTS", authority)
        .output()
        .unwrap();
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{said}");
    said
}

#[test]
fn the_deploy_cli_writes_a_tenant_and_then_finds_nothing_to_change() {
    let Some(folder) = peers("node", DEPLOY_CLI) else { return };
    let tenant = Auth0::start_with(Tls::Good);
    let place = tempfile::tempdir().unwrap();
    let authority = place.path().join("authority.pem");
    std::fs::write(&authority, tls::authority_pem()).unwrap();
    deployed(&tenant, &folder, &authority, &[]);
    let clients = tenant.clients();
    let client = clients.iter().find(|client| client["name"] == "Trial").unwrap();
    assert_eq!(client["client_metadata"], json!({ "expires_at": "2026-12-01T00:00:00Z" }));
    let grants = tenant.grants_of(client["client_id"].as_str().unwrap());
    assert_eq!((grants.len(), &grants[0]["scope"]), (1, &json!(["read"])));
    assert_eq!(tenant.resource_server("https://peer.example").unwrap()["token_lifetime"], 600);
    assert_eq!(tenant.bindings("credentials-exchange")[0]["action"]["name"], "ends");
    tenant.forget_seen();
    let said = deployed(&tenant, &folder, &authority, &["--dry-run"]);
    assert!(said.contains("No changes detected"), "{said}");
    assert_eq!(tenant.writes().len(), 0);
}
