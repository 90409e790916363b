//! Resources of Auth0's Terraform provider, in HCL: APIs with scopes, clients, grants, the Action and its place in the trigger.

use super::auth0::{Client, Server, client_names, clients, notes, scope_description, servers};
use super::auth0_action::{NAME, RUNTIME, TRIGGER, code};
use super::names::{Unique, slug};
use super::{Asked, ExportError, Exporter, Out, Selection};
use crate::registry::misleads;
use std::collections::HashMap;
use std::fmt::Write;

/// `auth0.tf`.
#[derive(Debug)]
pub(super) struct Terraform;

impl Exporter for Terraform {
    fn notes(&self, asked: &Asked, selection: &Selection) -> Vec<String> {
        let mut notes = notes(asked, selection);
        notes.push(
            "clients and APIs that are at Auth0 already have to be imported first (terraform import), else they are made anew"
                .to_owned(),
        );
        notes
    }

    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        let names = client_names(asked.registry());
        out.file("auth0.tf")?;
        out.text(HEAD)?;
        let mut labels = Unique::default();
        let mut by_audience = HashMap::new();
        for one in servers(asked) {
            let label = labels.give(label(&one.identifier));
            out.text(&server(&one, &label))?;
            by_audience.insert(one.identifier, label);
        }
        for client in clients(asked, selection, &names) {
            let label = client_label(client.client_id);
            out.text(&client_block(&client, &label))?;
            for (audience, scopes) in &client.grants {
                let Some(server) = by_audience.get(audience) else { continue };
                out.text(&grant(&label, server, scopes))?;
            }
            out.step()?;
        }
        out.text(&action(&code(asked.registry(), &asked.enforcement)))
    }
}

const HEAD: &str = "terraform {
  required_providers {
    auth0 = {
      source  = \"auth0/auth0\"
      version = \"~> 1.0\"
    }
  }
}
";

fn label(name: &str) -> String {
    let label = slug(name, '_');
    if label.starts_with(|c: char| c.is_ascii_digit()) { format!("_{label}") } else { label }
}

/// The label of a client, by which Terraform knows it again: of its id alone, whatever others there are and are called. An id
/// that other ones could share it with has its digest behind it.
fn client_label(client_id: &str) -> String {
    let label = label(client_id);
    if label.replace('_', "-") == client_id {
        return label;
    }
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, client_id.as_bytes());
    let digest = digest.as_ref().iter().take(5).map(|byte| format!("{byte:02x}"));
    format!("{label}_{}", digest.collect::<String>())
}

/// A text in double quotes. `${` and `%{` would begin a template: their first character is written by its number.
fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let template = matches!(c, '$' | '%') && rest.peek() == Some(&'{');
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if template || misleads(c) => {
                // Writing into a string does not fail.
                let _done = write!(literal, "\\u{:04X}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

fn strings<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(string).collect();
    format!("[{}]", texts.join(", "))
}

fn server(server: &Server<'_>, label: &str) -> String {
    let mut text = format!(
        "\nresource \"auth0_resource_server\" \"{label}\" {{\n  identifier = {}\n  name       = {}\n",
        string(&server.identifier),
        string(&server.name),
    );
    if let Some(seconds) = server.lifetime {
        text.push_str(&format!("\n  token_lifetime = {seconds}\n"));
    }
    text.push_str("}\n");
    if server.api.scopes.is_empty() {
        return text;
    }
    text.push_str(&format!(
        "\nresource \"auth0_resource_server_scopes\" \"{label}\" {{\n  resource_server_identifier = \
         auth0_resource_server.{label}.identifier\n"
    ));
    let mut scopes: Vec<_> = server.api.scopes.iter().collect();
    scopes.sort_by(|a, b| a.name.cmp(&b.name));
    for scope in scopes {
        text.push_str(&format!(
            "\n  scopes {{\n    name        = {}\n    description = {}\n  }}\n",
            string(&scope.name),
            string(scope_description(scope)),
        ));
    }
    text.push_str("}\n");
    text
}

fn client_block(client: &Client<'_>, label: &str) -> String {
    let mut text =
        format!("\nresource \"auth0_client\" \"{label}\" {{\n  name            = {}\n", string(client.name));
    if let Some(description) = client.description {
        text.push_str(&format!("  description     = {}\n", string(description)));
    }
    text.push_str(
        "  app_type        = \"non_interactive\"\n  grant_types     = [\"client_credentials\"]\n  oidc_conformant = \
         true\n",
    );
    if !client.metadata.is_empty() {
        text.push_str("\n  client_metadata = {\n");
        // In columns, as `terraform fmt` puts them.
        let keys: Vec<String> = client.metadata.keys().map(|key| string(key)).collect();
        let width = keys.iter().map(|key| key.chars().count()).max().unwrap_or_default();
        for (key, value) in keys.iter().zip(client.metadata.values()) {
            text.push_str(&format!("    {key:width$} = {}\n", string(value)));
        }
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

fn grant(client: &str, server: &str, scopes: &[&str]) -> String {
    let after = if scopes.is_empty() {
        String::new()
    } else {
        format!("\n  depends_on = [auth0_resource_server_scopes.{server}]\n")
    };
    format!(
        "\nresource \"auth0_client_grant\" \"{client}__{server}\" {{\n  client_id = auth0_client.{client}.id\n  \
         audience  = auth0_resource_server.{server}.identifier\n  scopes    = {}\n{after}}}\n",
        strings(scopes.iter().copied()),
    )
}

/// The code stands as it is: it holds neither `${` nor `%{`, and no line of its own is the mark.
fn action(code: &str) -> String {
    format!(
        "\nresource \"auth0_action\" \"tenure\" {{\n  name    = {name}\n  runtime = {runtime}\n  deploy  = true\n\n  \
         supported_triggers {{\n    id      = {trigger}\n    version = {version}\n  }}\n\n  code = \
         <<TENURE_ACTION\n{code}TENURE_ACTION\n}}\n\n# Adds the Action behind those that the trigger has already.\n\
         resource \"auth0_trigger_action\" \"tenure\" {{\n  trigger   = {trigger}\n  action_id = \
         auth0_action.tenure.id\n}}\n",
        name = string(NAME),
        runtime = string(RUNTIME),
        trigger = string(TRIGGER.0),
        version = string(TRIGGER.1),
    )
}
