//! Terraform's resources as they are exported, held against the schema of Auth0's provider: what there is, what is required,
//! what only the provider sets, and of which kind a value is.
//!
//! The schema comes from PyPI `pulumi-auth0`, which is generated from the provider; `tests/run` installs it. Without it, or
//! without Python, the tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/peers.rs"]
mod peers;
mod support;

use hcl::expr::TraversalOperator;
use hcl::{Block, Body, Expression};
use peers::{peers, run};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashSet};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};
use support::{HOSTILE, with_hostile_names};
use tenure::export::{Asked, Enforcement, Form, Selection, TimeForm, write};
use tenure::policy::{Policy, Strategy};
use tenure::registry::generate::generate;
use tenure::registry::sample::sample;
use tenure::registry::{Api, Application, Duration, Grant, Instant, Registry, Scope, Service};

/// The version of `pulumi-auth0` whose schema is meant, as `tests/run` installs it.
const VERSION: &str = "3.55.1";

/// What an export has; a resource that is new to it fails until its schema is asked for here.
const RESOURCES: [&str; 6] = [
    "auth0_action",
    "auth0_client",
    "auth0_client_grant",
    "auth0_resource_server",
    "auth0_resource_server_scopes",
    "auth0_trigger_action",
];

static SCHEMA: LazyLock<Option<Value>> = LazyLock::new(|| {
    let folder = peers("python3", "python/pulumi_auth0")?;
    let asked: Vec<&str> = RESOURCES.into_iter().chain(["auth0_nothing"]).collect();
    let schema = run(&folder, "python3", "auth0_provider.py", &[], &json!(asked));
    assert_eq!(schema["version"], VERSION);
    assert!(schema["resources"]["auth0_nothing"].is_null(), "what is not there is found nowhere");
    Some(schema["resources"].clone())
});

/// What is wrong in a file, a sentence each.
fn complaints(schema: &Value, text: &str) -> Vec<String> {
    let body: Body = hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let resources: Vec<&Block> =
        body.blocks().filter(|block| block.identifier.as_str() == "resource").collect();
    let there = resources.iter().map(|block| (block.labels[0].as_str(), block.labels[1].as_str())).collect();
    let mut judge = Judge { schema, there, complaints: Vec::new() };
    for block in resources {
        let (kind, label) = (block.labels[0].as_str(), block.labels[1].as_str());
        let (takes, gives) = (&schema[kind]["takes"], &schema[kind]["gives"]);
        match takes.as_object() {
            Some(takes) => judge.members(&format!("{kind}.{label}"), &block.body, takes, gives),
            None => judge.complain(format!("{kind} is no resource of the provider")),
        }
    }
    judge.complaints
}

struct Judge<'a> {
    schema: &'a Value,
    there: HashSet<(&'a str, &'a str)>,
    complaints: Vec<String>,
}

impl Judge<'_> {
    fn complain(&mut self, what: String) {
        self.complaints.push(what);
    }

    /// The members of a resource or of a block within one.
    fn members(&mut self, path: &str, body: &Body, takes: &Map<String, Value>, gives: &Value) {
        let mut set: Vec<&str> = Vec::new();
        for attribute in body.attributes() {
            let (name, value) = (attribute.key.as_str(), &attribute.expr);
            set.push(name);
            match &takes.get(name) {
                _ if name == "depends_on" => self.depends(path, value),
                None if gives[name].is_object() => self.complain(format!("{path}.{name} is read-only")),
                None => self.complain(format!("{path}.{name} is unknown")),
                Some(known) if known["kind"] == "block" => {
                    self.complain(format!("{path}.{name} is a block, no attribute"));
                }
                Some(known) => self.value(&format!("{path}.{name}"), value, known),
            }
        }
        for block in body.blocks() {
            let name = block.identifier.as_str();
            let path = format!("{path}.{name}");
            let again = set.contains(&name);
            set.push(name);
            match takes.get(name) {
                None => self.complain(format!("{path} is unknown")),
                Some(known) if known["kind"] != "block" => {
                    self.complain(format!("{path} is an attribute, no block"))
                }
                Some(known) if again && known["many"] != true => {
                    self.complain(format!("{path} stands there twice"))
                }
                Some(known) => {
                    self.members(&path, &block.body, known["members"].as_object().unwrap(), &Value::Null)
                }
            }
        }
        let required = takes.iter().filter(|(_, known)| known["required"] == true);
        for (name, _) in required.filter(|(name, _)| !set.contains(&name.as_str())) {
            self.complain(format!("{path}.{name} is missing"));
        }
    }

    fn value(&mut self, path: &str, value: &Expression, known: &Value) {
        let kind = known["kind"].as_str().unwrap();
        let found = self.kind(value);
        if found != kind {
            return self.complain(format!("{path} is a {found}, no {kind}"));
        }
        let words = known["words"].as_array().unwrap();
        if let Expression::String(word) = value
            && !words.is_empty()
            && !words.contains(&json!(word))
        {
            self.complain(format!("{path} cannot be {word}"));
        }
        let within: Vec<&Expression> = match value {
            Expression::Array(items) => items.iter().collect(),
            Expression::Object(members) => members.values().collect(),
            _ => return,
        };
        for item in within {
            let (found, of) = (self.kind(item), known["of"].as_str().unwrap());
            if found != of {
                self.complain(format!("{path} holds a {found}, no {of}"));
            }
        }
    }

    /// The kind of a value; of a reference that of what it names, in a resource that is there.
    fn kind(&self, value: &Expression) -> String {
        let kind = match value {
            Expression::String(_) | Expression::TemplateExpr(_) => "string",
            Expression::Number(_) => "number",
            Expression::Bool(_) => "bool",
            Expression::Array(_) => "list",
            Expression::Object(_) => "map",
            Expression::Traversal(_) => {
                let named = names(value);
                let [kind, label, member] = named.as_slice() else {
                    return format!("reference to {named:?}");
                };
                let gives = &self.schema[kind.as_str()]["gives"][member.as_str()]["kind"];
                match gives.as_str() {
                    Some(gives) if self.there.contains(&(kind, label)) => gives,
                    _ => return format!("reference to nothing, {}", named.join(".")),
                }
            }
            other => panic!("{other:?} is nothing that is exported"),
        };
        kind.to_owned()
    }

    fn depends(&mut self, path: &str, value: &Expression) {
        let Expression::Array(on) = value else {
            return self.complain(format!("{path}.depends_on is no list"));
        };
        for one in on {
            let named = names(one);
            if !matches!(named.as_slice(), [kind, label] if self.there.contains(&(kind, label))) {
                self.complain(format!("{path}.depends_on names nothing, {}", named.join(".")));
            }
        }
    }
}

/// The names of a reference, `auth0_client.acme.id`.
fn names(value: &Expression) -> Vec<String> {
    let Expression::Traversal(traversal) = value else { return Vec::new() };
    let Expression::Variable(first) = &traversal.expr else { return Vec::new() };
    let rest = traversal.operators.iter().map(|operator| match operator {
        TraversalOperator::GetAttr(name) => name.to_string(),
        other => panic!("{other:?}"),
    });
    std::iter::once(first.to_string()).chain(rest).collect()
}

fn now() -> Instant {
    Instant::parse("2026-11-26T12:00:00Z").unwrap()
}

fn exported(registry: &Registry, enforcement: Enforcement) -> String {
    let asked = Asked { enforcement, ..Asked::today(Policy::new(Arc::new(registry.clone())), now()) };
    String::from_utf8(write(Form::Auth0Terraform, &asked, &Selection::All).unwrap()).unwrap()
}

/// An API and an application with everything that an export can carry, and each with nothing.
fn with_everything() -> Registry {
    let hour = Duration::from_seconds(3600).unwrap();
    let scope = |name: &str, description: &str| Scope {
        name: name.into(),
        description: description.into(),
        access_token_duration: Some(hour),
        default: true,
    };
    let full = Api {
        audience: "https://api.example.com".into(),
        name: "Everything".into(),
        access_token_duration: Some(hour),
        scopes: vec![scope("read", "Read what is there"), scope("write", "")],
    };
    let bare = Api { audience: "urn:bare".into(), ..Api::default() };
    let grant = |audience: &str, scopes: &[&str]| Grant {
        audience: audience.into(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    let application = Application {
        client_id: "full".into(),
        external_id: Some("crm-1".into()),
        name: "Full".into(),
        customer: "Acme".into(),
        contact: "ops@acme.example".into(),
        not_before: Some(now()),
        expires_at: Some(now().plus(86_400)),
        access_token_duration: Some(hour),
        grants: vec![grant("https://api.example.com", &["read", "write"]), grant("urn:bare", &[])],
        tags: vec!["eu".into(), "trial".into()],
        metadata: [("region".into(), "eu".into())].into(),
        notes: "Called on Monday.".into(),
        ..Application::default()
    };
    let bare_application = Application { client_id: "bare".into(), ..Application::default() };
    Registry::new(Service::default(), vec![bare, full], vec![bare_application, application], vec![])
}

/// Whether `terraform fmt` has nothing to change; `None` where there is no Terraform.
fn is_formatted(text: &str) -> Option<bool> {
    let mut child = Command::new("terraform")
        .args(["fmt", "-check", "-"])
        .env_remove("TF_CLI_CONFIG_FILE")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Some(child.wait().unwrap().success())
}

#[test]
#[allow(clippy::print_stderr)]
fn the_file_is_formatted_as_terraform_formats_it() {
    let Some(false) = is_formatted("a = 1\nlonger = 2\n") else {
        eprintln!("skipped: no terraform");
        return;
    };
    for registry in [sample(now()), with_hostile_names(&generate(HOSTILE.len(), 7, now())), with_everything()]
    {
        let text = exported(&registry, Enforcement::default());
        assert_eq!(is_formatted(&text), Some(true), "{text}");
    }
}

#[test]
fn every_resource_is_as_the_provider_takes_it() {
    let Some(schema) = SCHEMA.as_ref() else { return };
    let quarter = Duration::from_seconds(900).unwrap();
    let ways = Strategy::all(quarter);
    let registries =
        [sample(now()), with_hostile_names(&generate(HOSTILE.len(), 7, now())), with_everything()];
    let mut seen = BTreeSet::new();
    for registry in &registries {
        for (strategy, form) in ways.into_iter().zip(TimeForm::ALL.into_iter().cycle()) {
            let claim = Some("https://acme.example/not_after".to_owned());
            let text = exported(registry, Enforcement { strategy, form, claim, ..Enforcement::default() });
            assert_eq!(complaints(schema, &text), Vec::<String>::new(), "{strategy:?}");
            let body: Body = hcl::parse(&text).unwrap();
            seen.extend(body.blocks().filter_map(|block| Some(block.labels.first()?.as_str().to_owned())));
        }
    }
    assert_eq!(seen, RESOURCES.map(str::to_owned).into());
}

/// What is written instead, and what is said of it.
const WRONG: [(&str, &str, &str); 14] = [
    ("\"auth0_client\" \"full\"", "\"auth0_customer\" \"full\"", "auth0_customer is no resource"),
    ("  app_type ", "  application_type ", "auth0_client.bare.application_type is unknown"),
    ("  app_type        = \"non_interactive\"", "  app_type = \"robot\"", "app_type cannot be robot"),
    ("  oidc_conformant = true", "  oidc_conformant = \"true\"", "oidc_conformant is a string, no bool"),
    ("[\"client_credentials\"]", "\"client_credentials\"", "grant_types is a string, no list"),
    ("[\"client_credentials\"]", "[1]", "grant_types holds a number, no string"),
    ("\"region\"      = \"eu\"", "\"region\" = [\"eu\"]", "client_metadata holds a list, no string"),
    ("  client_metadata = {", "  client_metadata {", "client_metadata is an attribute, no block"),
    ("  token_lifetime = 3600", "  token_lifetime = \"1 h\"", "token_lifetime is a string, no number"),
    ("  audience  = ", "  description = ", "auth0_client_grant.full__urn_bare.audience is missing"),
    ("auth0_client.full.id", "auth0_client.gone.id", "reference to nothing, auth0_client.gone.id"),
    ("[auth0_resource_server_scopes.", "[auth0_resource_server_scopes.x", "depends_on names nothing"),
    ("    version = \"v2\"\n", "", "auth0_action.tenure.supported_triggers.version is missing"),
    ("  deploy  = true", "  version_id = \"1\"", "auth0_action.tenure.version_id is read-only"),
];

#[test]
fn what_the_provider_would_refuse_is_found() {
    let Some(schema) = SCHEMA.as_ref() else { return };
    let right = exported(&with_everything(), Enforcement::default());
    for (before, after, said) in WRONG {
        assert!(right.contains(before), "{before} is not in\n{right}");
        let mut wrong = right.replace(before, after);
        if after.ends_with('{') {
            // The pairs of a map are no attributes.
            wrong = wrong.lines().filter(|line| !line.starts_with("    \"")).collect::<Vec<_>>().join("\n");
        }
        let found = complaints(schema, &wrong);
        assert!(found.iter().any(|one| one.contains(said)), "{after}: {found:?}");
    }
}
