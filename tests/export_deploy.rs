//! What is exported for Auth0's Deploy CLI, deployed by it: the tenant has the registry's clients, APIs, grants and Action.
//!
//! `tests/run` installs the CLI into a folder of its own and names it in `TENURE_PEERS`; without it, or without Node, the test
//! says so and passes. The tenant is the tests' stand-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;
mod support;

use remote::peers::{peers, run};
use remote::{Auth0, Tls, tls};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use support::with_hostile_names;
use tenure::export::{Asked, Form, Selection, auth0_client_names, write, write_to};
use tenure::policy::Policy;
use tenure::registry::generate::generate;
use tenure::registry::{ApplicationStatus, Instant, Registry};

fn asked(registry: &Registry) -> Asked {
    let now = Instant::parse("2026-11-26T12:00:00Z").unwrap();
    Asked::today(Policy::new(Arc::new(registry.clone())), now)
}

/// Deploys what was written to a place.
fn deploy(folder: &Path, tenant: &Auth0, place: &Path, input: &Path) {
    let authority = place.join("authority.pem");
    std::fs::write(&authority, tls::authority_pem()).unwrap();
    let host = tenant.base().trim_start_matches("https://");
    let (client_id, client_secret) = tenant.credentials();
    let secrets =
        json!({ "client_id": client_id, "client_secret": client_secret, "audience": tenant.audience() });
    let arguments = [input.to_str().unwrap(), host, authority.to_str().unwrap()];
    run(folder, "node", "a0deploy.cjs", &arguments, &secrets);
}

/// Whether the tenant has what the registry says.
fn check(tenant: &Auth0, registry: &Registry) {
    let names = auth0_client_names(registry);
    let clients = tenant.clients();
    let client = |id: &str| {
        let name = &names[id];
        clients
            .iter()
            .find(|client| client["name"] == json!(name))
            .unwrap_or_else(|| panic!("no client {name}"))
    };
    for application in registry.applications() {
        let client = client(&application.client_id);
        let end = application.expires_at.map(|end| end.to_string());
        assert_eq!(client["client_metadata"]["expires_at"].as_str(), end.as_deref(), "{client}");
        assert_eq!(client["grant_types"], json!(["client_credentials"]));
        let mut granted: Vec<Value> = tenant.grants_of(client["client_id"].as_str().unwrap());
        granted.sort_by_key(|grant| grant["audience"].to_string());
        let expected: Vec<(Value, Value)> = match application.status {
            ApplicationStatus::Suspended => vec![],
            ApplicationStatus::Active => {
                application.grants.iter().map(|grant| (json!(grant.audience), json!(grant.scopes))).collect()
            }
        };
        let found: Vec<(Value, Value)> =
            granted.iter().map(|grant| (grant["audience"].clone(), grant["scope"].clone())).collect();
        assert_eq!(found, expected, "{}", application.client_id);
    }
    for api in registry.apis() {
        let servers = tenant.resource_servers();
        let server = servers.iter().find(|server| server["identifier"] == json!(api.audience)).unwrap();
        if let Some(lifetime) = api.access_token_duration {
            assert_eq!(server["token_lifetime"], json!(lifetime));
        }
        assert_eq!(server["scopes"].as_array().unwrap().len(), api.scopes.len());
    }
    let action = &tenant.actions()[0];
    let code = write(Form::Auth0Action, &asked(registry), &Selection::All).unwrap();
    assert_eq!(action["code"], json!(String::from_utf8(code).unwrap()));
    let bound = tenant.bindings("credentials-exchange");
    assert_eq!(bound.len(), 1, "{bound:?}");
}

#[test]
fn the_deploy_cli_brings_a_tenant_to_what_was_exported_and_of_the_other_form_has_nothing_to_make() {
    let Some(folder) = peers("node", "node_modules/auth0-deploy-cli") else { return };
    let registry = with_hostile_names(&generate(12, 7, Instant::parse("2026-11-26T12:00:00Z").unwrap()));
    let tenant = Auth0::start_with(Tls::Good);
    let place = tempfile::tempdir().unwrap();
    // The CLI takes half a minute to check its own schema: the second form shows as well that nothing is left to do.
    for (form, file) in [(Form::Auth0Deploy, "yaml/tenant.yaml"), (Form::Auth0DeployFolder, "folder")] {
        let input = place.path().join(file);
        let path = if file == "folder" { input.as_path() } else { input.parent().unwrap() };
        write_to(form, &asked(&registry), &Selection::All, path, &mut |_, _| true).unwrap();
        tenant.forget_seen();
        deploy(&folder, &tenant, place.path(), &input);
        check(&tenant, &registry);
    }
    let made: Vec<String> =
        tenant.writes().iter().filter(|seen| seen.method == "POST").map(|seen| seen.path.clone()).collect();
    assert!(!made.iter().any(|path| path.contains("/clients") || path.contains("-grants")), "{made:?}");
}
