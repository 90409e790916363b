//! Files of Auth0's Deploy CLI: one `tenant.yaml`, or a folder with a file for each entity; with the Action and its binding.

use super::auth0::{Client, Server, client_names, clients, notes, scope_description, servers};
use super::auth0_action::{NAME, RUNTIME, TRIGGER, code};
use super::names::{Unique, slug};
use super::yaml::{entry, list};
use super::{Asked, ExportError, Exporter, Out, Selection};
use serde_json::{Value, json};
use std::borrow::Cow;

const CODE: &str = "actions/tenure-ends-of-trials/code.js";

/// `tenant.yaml`, with the Action's code beside it.
#[derive(Debug)]
pub(super) struct TenantYaml;

impl Exporter for TenantYaml {
    fn notes(&self, asked: &Asked, selection: &Selection) -> Vec<String> {
        deploy_notes(asked, selection)
    }

    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        let names = client_names(asked.registry());
        let all = || clients(asked, selection, &names);
        out.file("tenant.yaml")?;
        list("resourceServers", servers(asked).map(|server| server_json(&server)), out)?;
        list("clients", all().map(|client| client_json(&client)), out)?;
        list("clientGrants", all().flat_map(|client| grants_json(&client)), out)?;
        list("actions", std::iter::once(action_json()), out)?;
        out.text(&entry("triggers", &triggers_json()))?;
        out.file(CODE)?;
        out.text(&code(asked.registry(), &asked.enforcement))
    }
}

/// From so many clients on the folder takes longer to write than one file, and to read.
const MANY: usize = 5_000;

/// The folder.
#[derive(Debug)]
pub(super) struct Folder;

impl Exporter for Folder {
    fn notes(&self, asked: &Asked, selection: &Selection) -> Vec<String> {
        let mut notes = deploy_notes(asked, selection);
        notes.push("files of an earlier export that are not written anew stay in the folder".to_owned());
        let clients = selection.of(asked.registry()).count();
        if clients > MANY {
            let so_many = format!("{clients} clients make a file each, and so do their grants");
            notes.insert(0, format!("{so_many}; one `tenant.yaml` holds them all, and is written sooner"));
        }
        notes
    }

    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        let names = client_names(asked.registry());
        let (mut files, mut grant_files) = (Unique::default(), Unique::default());
        out.file("tenant.json")?;
        out.text("{}\n")?;
        for server in servers(asked) {
            let name = files.give(slug(&server.identifier, '-'));
            file(out, &format!("resource-servers/{name}.json"), &server_json(&server))?;
        }
        let mut files = Unique::default();
        for client in clients(asked, selection, &names) {
            let name = files.give(slug(client.name, '-'));
            file(out, &format!("clients/{name}.json"), &client_json(&client))?;
            for ((audience, _), grant) in client.grants.iter().zip(grants_json(&client)) {
                let name = grant_files.give(format!("{name}-{}", slug(audience, '-')));
                file(out, &format!("grants/{name}.json"), &grant)?;
            }
            out.step()?;
        }
        file(out, "actions/tenure-ends-of-trials.json", &action_json())?;
        out.file(CODE)?;
        out.text(&code(asked.registry(), &asked.enforcement))?;
        file(out, "triggers/triggers.json", &triggers_json())
    }
}

fn file(out: &mut Out<'_>, path: &str, value: &Value) -> Result<(), ExportError> {
    // Between two of these the Deploy CLI replaces words, which a name must not make it do.
    let text = format!("{value:#}\n").replace("##", "#\\u0023").replace("@@", "@\\u0040");
    out.file(path)?;
    out.text(&text)
}

fn deploy_notes(asked: &Asked, selection: &Selection) -> Vec<String> {
    let mut notes = notes(asked, selection);
    notes.push(
        "clients are matched by name; one that is new gets a client id and a secret of Auth0's making"
            .to_owned(),
    );
    notes.push(
        "the bindings of credentials-exchange are replaced as a list: add the Actions that are there to `triggers`"
            .to_owned(),
    );
    notes
}

fn server_json(server: &Server<'_>) -> Value {
    let mut scopes: Vec<_> = server.api.scopes.iter().collect();
    scopes.sort_by(|a, b| a.name.cmp(&b.name));
    let scopes = scopes.into_iter();
    let scopes: Vec<Value> =
        scopes.map(|scope| json!({ "value": scope.name, "description": scope_description(scope) })).collect();
    let mut document = json!({ "identifier": server.identifier, "name": server.name, "scopes": scopes });
    if let (Some(members), Some(seconds)) = (document.as_object_mut(), server.lifetime) {
        members.insert("token_lifetime".to_owned(), seconds.into());
    }
    document
}

fn client_json(client: &Client<'_>) -> Value {
    let mut document = json!({
        "name": client.name,
        "app_type": "non_interactive",
        "grant_types": ["client_credentials"],
        "oidc_conformant": true,
        "client_metadata": client.metadata,
    });
    if let (Some(members), Some(description)) = (document.as_object_mut(), client.description) {
        members.insert("description".to_owned(), description.into());
    }
    document
}

fn grants_json(client: &Client<'_>) -> Vec<Value> {
    let grant = |(audience, scopes): &(Cow<'_, str>, Vec<&str>)| json!({ "client_id": client.name, "audience": audience, "scope": scopes });
    client.grants.iter().map(grant).collect()
}

fn action_json() -> Value {
    json!({
        "name": NAME,
        "code": format!("./{CODE}"),
        "runtime": RUNTIME,
        "deployed": true,
        "dependencies": [],
        "secrets": [],
        "supported_triggers": [{ "id": TRIGGER.0, "version": TRIGGER.1 }],
    })
}

fn triggers_json() -> Value {
    json!({ TRIGGER.0: [{ "action_name": NAME, "display_name": NAME }] })
}
