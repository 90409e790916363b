//! Exports in the formats of other systems: the same bytes each time, no name that does anything, no secret, and pieces.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use support::{HOSTILE, registry, with_hostile_names};
use tenure::export::{
    Asked, Enforcement, ExportError, Form, Memory, Selection, notes, write, write_into, write_to,
};
use tenure::policy::{Policy, Strategy};
use tenure::registry::generate::generate;
use tenure::registry::sample::sample;
use tenure::registry::{Application, Duration, Grant, Instant, Registry};

fn now() -> Instant {
    Instant::parse("2026-11-26T12:00:00Z").unwrap()
}

fn asked(registry: Registry) -> Asked {
    Asked::today(Policy::new(Arc::new(registry)), now())
}

fn text(form: Form, registry: &Registry) -> String {
    String::from_utf8(write(form, &asked(registry.clone()), &Selection::All).unwrap()).unwrap()
}

fn files(form: Form, registry: &Registry) -> Vec<(String, Vec<u8>)> {
    let mut memory = Memory::default();
    write_into(form, &asked(registry.clone()), &Selection::All, &mut memory, &mut |_, _| true).unwrap();
    memory.files
}

/// The value of an attribute in HCL.
fn attribute<'a>(block: &'a hcl::Block, name: &str) -> Option<&'a hcl::Expression> {
    block.body.attributes().find(|attribute| attribute.key.as_str() == name).map(|found| &found.expr)
}

/// A text without templates, as Terraform would evaluate it.
fn evaluated(expression: &hcl::Expression) -> String {
    use hcl::eval::{Context, Evaluate};
    match expression.evaluate(&Context::new()).unwrap() {
        hcl::Value::String(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

fn resources<'a>(body: &'a hcl::Body, kind: &'a str) -> impl Iterator<Item = &'a hcl::Block> {
    body.blocks().filter(move |block| block.labels.first().is_some_and(|label| label.as_str() == kind))
}

/// What the provider's documentation of each resource requires, and what else is written of it.
const SCHEMA: [(&str, &[&str], &[&str]); 6] = [
    ("auth0_resource_server", &["identifier"], &["name", "token_lifetime"]),
    ("auth0_resource_server_scopes", &["resource_server_identifier", "scopes"], &[]),
    (
        "auth0_client",
        &["name"],
        &["description", "app_type", "grant_types", "oidc_conformant", "client_metadata"],
    ),
    ("auth0_client_grant", &["client_id", "audience"], &["scopes", "depends_on"]),
    ("auth0_action", &["code", "name", "supported_triggers"], &["runtime", "deploy"]),
    ("auth0_trigger_action", &["trigger", "action_id"], &[]),
];

fn check_schema(body: &hcl::Body) {
    for block in body.blocks().filter(|block| block.identifier.as_str() == "resource") {
        let kind = block.labels[0].as_str();
        let (_, required, optional) = SCHEMA.iter().find(|(name, ..)| *name == kind).unwrap();
        let blocks = block.body.blocks().map(|inner| inner.identifier.as_str());
        let members: BTreeSet<&str> =
            block.body.attributes().map(|attribute| attribute.key.as_str()).chain(blocks).collect();
        assert!(required.iter().all(|name| members.contains(name)), "{kind}: {members:?}");
        assert!(
            members.iter().all(|name| required.contains(name) || optional.contains(name)),
            "{kind}: {members:?}"
        );
    }
}

/// Whether Terraform would read back what the registry says.
fn check_hcl(registry: &Registry) {
    let text = text(Form::Auth0Terraform, registry);
    let body: hcl::Body = hcl::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    check_schema(&body);
    let servers: Vec<String> = resources(&body, "auth0_resource_server")
        .map(|block| evaluated(attribute(block, "identifier").unwrap()))
        .collect();
    let audiences: Vec<&str> = registry.apis().iter().map(|api| api.audience.as_str()).collect();
    assert_eq!(servers, audiences);
    let clients: Vec<_> = resources(&body, "auth0_client").collect();
    assert_eq!(clients.len(), registry.applications().len());
    let labels: BTreeSet<_> = clients.iter().map(|block| block.labels[1].as_str()).collect();
    assert_eq!(labels.len(), clients.len(), "each label once");
    for (block, application) in clients.iter().zip(registry.applications()) {
        let name = evaluated(attribute(block, "name").unwrap());
        assert!(!name.contains(['<', '>']) && !name.is_empty(), "{name}");
        let hcl::Expression::Object(metadata) = attribute(block, "client_metadata")
            .cloned()
            .unwrap_or_else(|| hcl::Expression::Object(hcl::Object::new()))
        else {
            panic!("metadata is an object")
        };
        assert!(metadata.len() <= 10);
        let value = |key: &str| {
            metadata.iter().find_map(|(name, value)| match name {
                hcl::ObjectKey::Expression(name) if evaluated(name) == key => Some(evaluated(value)),
                _ => None,
            })
        };
        assert_eq!(value("expires_at"), application.expires_at.map(|end| end.to_string()));
        if !application.customer.is_empty() && application.customer.chars().count() <= 255 {
            assert_eq!(value("customer").as_ref(), Some(&application.customer));
        }
    }
    let action = resources(&body, "auth0_action").next().unwrap();
    let code = evaluated(attribute(action, "code").unwrap());
    assert_eq!(code, self::text(Form::Auth0Action, registry));
}

#[test]
fn terraform_reads_every_name_as_it_is_and_evaluates_none() {
    check_hcl(&sample(now()));
    check_hcl(&with_hostile_names(&generate(60, 7, now())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_registry_is_read_back_from_hcl(registry in registry()) {
        check_hcl(&registry);
    }

    #[test]
    fn no_cell_of_a_table_is_a_formula(registry in registry()) {
        for form in [Form::ApplicationsCsv, Form::FleetCsv, Form::ReviewCsv] {
            let text = text(form, &registry);
            for row in csv::Reader::from_reader(text.as_bytes()).records() {
                for cell in &row.unwrap() {
                    prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{}: {cell}", form.name());
                }
            }
        }
    }

    #[test]
    fn any_registry_goes_into_every_format_twice_alike(registry in registry()) {
        for form in Form::ALL {
            prop_assert_eq!(files(form, &registry), files(form, &registry));
        }
    }
}

#[test]
fn the_order_in_which_a_registry_came_together_does_not_show() {
    let registry = with_hostile_names(&generate(120, 7, now()));
    let parts = |turned: bool| {
        let order = |count: usize| {
            (0..count).map(move |place| if turned { count - 1 - place } else { place * 7 % count })
        };
        let apis: Vec<_> = registry.apis().iter().map(|api| (**api).clone()).collect();
        let apps: Vec<_> = registry.applications().iter().map(|app| (**app).clone()).collect();
        let rules: Vec<_> = registry.guardrails().iter().map(|rule| (**rule).clone()).collect();
        let again = Registry::new(
            (*registry.service).clone(),
            if turned { apis.into_iter().rev().collect() } else { apis },
            order(apps.len()).map(|place| apps[place].clone()).collect(),
            if turned { rules.into_iter().rev().collect() } else { rules },
        );
        assert_eq!(again.applications().len(), registry.applications().len());
        again
    };
    for form in Form::ALL {
        let expected = files(form, &registry);
        for turned in [false, true] {
            assert_eq!(files(form, &parts(turned)), expected, "{}", form.name());
        }
    }
}

#[test]
fn no_name_becomes_a_formula_in_any_table() {
    for start in ["=", "+", "-", "@", "\t", "\r", "'=", "''@"] {
        let name = format!("{start}cmd|'/c calc'!A1");
        let application = Application {
            client_id: name.clone(),
            customer: name.clone(),
            notes: name.clone(),
            grants: vec![tenure::registry::Grant { audience: name.clone(), scopes: vec![name.clone()] }],
            ..Application::default()
        };
        let registry = Registry::new(tenure::registry::Service::default(), vec![], vec![application], vec![]);
        for form in Form::ALL.into_iter().filter(|form| form.extension() == "csv") {
            let text = text(form, &registry);
            let row = csv::Reader::from_reader(text.as_bytes()).records().next().unwrap().unwrap();
            assert!(row.iter().any(|cell| cell == format!("'{name}")), "{}: {row:?}", form.name());
            assert!(!row.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{row:?}");
        }
    }
}

#[test]
fn no_script_holds_a_name_outside_a_literal() {
    let registry = with_hostile_names(&generate(60, 7, now()));
    for form in [Form::Auth0Action, Form::OidcProvider] {
        let script = text(form, &registry);
        for dangerous in ["\"]; globalThis", "${", "%{", "</script", "\u{2028}", "\u{202e}", "##X##", "@@X@@"]
        {
            assert!(!script.contains(dangerous), "{}: {dangerous}", form.name());
        }
    }
}

#[test]
fn files_of_a_folder_stay_within_it_whatever_the_names_are() {
    let mut registry = with_hostile_names(&generate(60, 7, now()));
    let mut applications: Vec<_> = registry.applications().iter().map(|app| (**app).clone()).collect();
    for (application, name) in applications.iter_mut().zip(HOSTILE.iter().cycle()) {
        application.name = (*name).to_owned();
    }
    let apis = registry.apis().iter().map(|api| (**api).clone()).collect();
    registry = Registry::new((*registry.service).clone(), apis, applications, vec![]);
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("deep/tenant");
    write_to(Form::Auth0DeployFolder, &asked(registry.clone()), &Selection::All, &inner, &mut |_, _| true)
        .unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let names: BTreeSet<String> =
        files(Form::Auth0DeployFolder, &registry).into_iter().map(|(name, _)| name.to_lowercase()).collect();
    assert_eq!(names.iter().filter(|name| name.starts_with("clients/")).count(), 60, "each client its file");
    for name in &names {
        assert!(inner.join(name).is_file(), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-./".contains(c)), "{name}");
    }
}

#[test]
fn a_stopped_export_leaves_the_old_file_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let (asked, selection) = (asked(generate(2000, 1, now())), Selection::All);
    for form in Form::ALL.into_iter().filter(|form| !form.is_folder()) {
        let path = folder.path().join(form.name());
        std::fs::write(&path, "old").unwrap();
        let mut rounds = Vec::new();
        let stopped = write_to(form, &asked, &selection, &path, &mut |done, of| {
            rounds.push((done, of));
            rounds.len() < 3
        });
        if rounds.is_empty() {
            assert_eq!(form, Form::Auth0Action, "all others go through the applications");
            continue;
        }
        assert!(matches!(stopped, Err(ExportError::Stopped)), "{}", form.name());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old", "{}", form.name());
        assert!(rounds.iter().all(|(done, of)| done <= of), "{rounds:?}");
    }
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, Form::ALL.iter().filter(|form| !form.is_folder()).count());
    let tenant = folder.path().join("tenant");
    let stopped = write_to(Form::Auth0DeployFolder, &asked, &selection, &tenant, &mut |_, _| false);
    assert!(matches!(stopped, Err(ExportError::Stopped)));
    assert!(!tenant.join("tenant.json").exists());
}

#[test]
fn a_beginning_is_all_that_is_made_where_no_more_is_asked_for() {
    let asked = asked(generate(2000, 1, now()));
    for form in Form::ALL {
        let mut memory = Memory::beginning(10_000);
        let enough = write_into(form, &asked, &Selection::All, &mut memory, &mut |_, _| true);
        let bytes: usize = memory.files.iter().map(|(_, text)| text.len()).sum();
        match enough {
            Err(ExportError::Enough) => assert_eq!(bytes, 10_000, "{}", form.name()),
            Ok(()) => assert!(bytes <= 10_000, "{}", form.name()),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn every_format_says_what_it_cannot_carry() {
    let asked = asked(sample(now()));
    let told = |form: Form| notes(form, &asked, &Selection::All).join("\n");
    for form in [Form::RegistryJson, Form::RegistryYaml, Form::FleetCsv, Form::ReviewMarkdown] {
        assert_eq!(told(form), "", "{} carries all that it is for", form.name());
    }
    assert!(told(Form::Auth0Deploy).contains("7 scope lifetimes left out"), "{}", told(Form::Auth0Deploy));
    assert!(told(Form::Auth0Deploy).contains("replaced as a list"));
    assert!(told(Form::Auth0Terraform).contains("3 suspended applications written without grants"));
    assert!(told(Form::Authlete).contains("ignores the ends of trials"));
    assert!(told(Form::OidcProvider).contains("1 guardrail left out"));
    assert!(!told(Form::Auth0DeployFolder).contains("a file each"), "46 files are few");
}

#[test]
fn a_folder_of_many_files_says_that_one_file_holds_the_same() {
    let asked = asked(generate(5_001, 1, now()));
    let told = notes(Form::Auth0DeployFolder, &asked, &Selection::All).join("\n");
    assert!(told.contains("5001 clients make a file each"), "{told}");
}

#[test]
fn terraform_knows_a_client_again_whatever_others_there_are() {
    let app = |id: &str, name: &str| Application {
        client_id: id.into(),
        name: name.into(),
        ..Application::default()
    };
    let labels = |apps: Vec<Application>| -> Vec<(String, String)> {
        let registry = Registry::new(sample(now()).service.as_ref().clone(), vec![], apps, vec![]);
        let body: hcl::Body = hcl::from_str(&text(Form::Auth0Terraform, &registry)).unwrap();
        let clients = resources(&body, "auth0_client");
        clients
            .map(|block| (block.labels[1].as_str().to_owned(), evaluated(attribute(block, "name").unwrap())))
            .collect()
    };
    let ids = [
        "acme",
        "Acme",
        "acme-prod",
        "acme_prod",
        "acme prod",
        "日本",
        "中文",
        "1",
        "-",
        "a".repeat(80).as_str(),
    ]
    .map(str::to_owned);
    let apps: Vec<Application> =
        ids.iter().enumerate().map(|(number, id)| app(id, &format!("Client {number}"))).collect();
    let all = labels(apps.clone());
    let given: BTreeSet<&String> = all.iter().map(|(label, _)| label).collect();
    assert_eq!(given.len(), ids.len(), "{given:?}");
    for app in apps {
        let alone = labels(vec![app]);
        assert!(all.contains(&alone[0]), "{alone:?}");
    }
    // A second of one name changes the name, and says so.
    let twins = Registry::new(
        sample(now()).service.as_ref().clone(),
        vec![],
        vec![app("acme-prod", "Batch"), app("globex-prod", "Batch")],
        vec![],
    );
    let told = notes(Form::Auth0Deploy, &asked(twins), &Selection::All).join("\n");
    assert!(told.contains("2 clients named otherwise there (`Batch (acme-prod)`)"), "{told}");
}

#[test]
fn keys_under_which_the_action_would_find_no_end_are_refused() {
    for (end, start) in
        [("", "not_before"), ("customer", "not_before"), ("expires_at", "tags"), ("same", "same")]
    {
        let enforcement =
            Enforcement { end_key: end.into(), start_key: start.into(), ..Enforcement::default() };
        let asked = Asked { enforcement, ..asked(sample(now())) };
        for form in Form::ALL {
            let written = write_into(form, &asked, &Selection::All, &mut Memory::default(), &mut |_, _| true);
            assert_eq!(written.is_err(), form.enforces(), "{} {end} {start}", form.name());
        }
    }
}

#[test]
fn the_second_resource_server_is_made_once_and_takes_new_trials_too() {
    let hour = Duration::from_seconds(3600).unwrap();
    let second = Enforcement { strategy: Strategy::Second(hour), ..Enforcement::default() };
    let deploy = |registry: &Registry| {
        let asked = Asked { enforcement: second.clone(), ..asked(registry.clone()) };
        write(Form::Auth0Deploy, &asked, &Selection::All).unwrap()
    };
    let before = sample(now());
    let first = deploy(&before);
    let read = |text: Vec<u8>, today: &Registry| {
        let files = tenure::import::Files::one("tenant.yaml", text);
        let options = tenure::import::Options::default();
        tenure::import::read(tenure::import::Format::Auth0Deploy, &files, today, &options).unwrap().registry
    };
    let after = read(first, &before);
    assert!(after.apis().len() > before.apis().len());
    let again = read(deploy(&after), &after);
    let audiences = |registry: &Registry| -> Vec<String> {
        registry.apis().iter().map(|api| api.audience.clone()).collect()
    };
    assert_eq!(audiences(&again), audiences(&after));
    assert_eq!(again.applications(), after.applications());
    // A trial that was added since is moved as well; one with both gets the twin alone.
    let trial = |id: &str, audiences: &[String]| Application {
        client_id: id.into(),
        expires_at: Some(now()),
        grants: audiences
            .iter()
            .map(|audience| Grant { audience: audience.clone(), scopes: vec![] })
            .collect(),
        ..Application::default()
    };
    let api = before.apis()[0].audience.clone();
    let twin = format!("{}/trials", api.trim_end_matches('/'));
    let mut apps: Vec<Application> = after.applications().iter().map(|app| Application::clone(app)).collect();
    apps.extend([trial("new-trial", std::slice::from_ref(&api)), trial("both-trial", &[api, twin.clone()])]);
    let apis = after.apis().iter().map(|api| (**api).clone()).collect();
    let grown = Registry::new((*after.service).clone(), apis, apps, vec![]);
    let deployed = read(deploy(&grown), &grown);
    for id in ["new-trial", "both-trial"] {
        let grants = &deployed.application(id).unwrap().grants;
        assert_eq!(grants.iter().map(|grant| &grant.audience).collect::<Vec<_>>(), [&twin], "{id}");
    }
}

#[test]
fn auth0_files_have_the_lifetimes_of_the_strategy() {
    let registry = sample(now());
    let lifetimes = |strategy: Strategy| -> Vec<Option<i64>> {
        let asked = Asked {
            enforcement: Enforcement { strategy, ..Enforcement::default() },
            ..asked(registry.clone())
        };
        let mut memory = Memory::default();
        write_into(Form::Auth0DeployFolder, &asked, &Selection::All, &mut memory, &mut |_, _| true).unwrap();
        let servers = memory.files.iter().filter(|(name, _)| name.starts_with("resource-servers/"));
        servers
            .map(|(_, text)| serde_json::from_slice::<Value>(text).unwrap()["token_lifetime"].as_i64())
            .collect()
    };
    let own: Vec<Option<i64>> =
        registry.apis().iter().map(|api| api.access_token_duration.map(Duration::seconds)).collect();
    assert_eq!(lifetimes(Strategy::DenyAtEnd), own);
    let hour = Duration::from_seconds(3600).unwrap();
    assert!(lifetimes(Strategy::Shorten(hour)).iter().all(|seconds| seconds.is_some_and(|s| s <= 3600)));
    let twins: Vec<Option<i64>> = lifetimes(Strategy::Second(hour)).into_iter().skip(1).step_by(2).collect();
    assert_eq!(twins, vec![Some(3600); registry.apis().len()]);
}

#[test]
fn trials_alone_are_granted_the_second_resource_server() {
    let registry = sample(now());
    let strategy = Strategy::Second(Duration::from_seconds(900).unwrap());
    let asked =
        Asked { enforcement: Enforcement { strategy, ..Enforcement::default() }, ..asked(registry.clone()) };
    let names = tenure::export::auth0_client_names(&registry);
    let mut memory = Memory::default();
    write_into(Form::Auth0DeployFolder, &asked, &Selection::All, &mut memory, &mut |_, _| true).unwrap();
    let grants = memory.files.iter().filter(|(name, _)| name.starts_with("grants/"));
    let mut seen = (0, 0);
    for (_, text) in grants {
        let grant: Value = serde_json::from_slice(text).unwrap();
        let of = |app: &&Arc<Application>| grant["client_id"] == names[app.client_id.as_str()].as_str();
        let application = registry.applications().iter().find(of).unwrap();
        let second = grant["audience"].as_str().unwrap().ends_with("/trials");
        assert_eq!(second, application.expires_at.is_some(), "{grant}");
        if second { seen.0 += 1 } else { seen.1 += 1 }
    }
    assert!(seen.0 > 10 && seen.1 > 5, "{seen:?}");
    let text = String::from_utf8(write(Form::Auth0Terraform, &asked, &Selection::All).unwrap()).unwrap();
    let body: hcl::Body = hcl::parse(&text).unwrap();
    assert_eq!(resources(&body, "auth0_resource_server").count(), 2 * registry.apis().len());
}

/// Whether a value has the shape that an OpenAPI schema describes, and no member that it does not know or that is read-only.
fn check(specification: &Value, schema: &Value, value: &Value, path: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => &specification["components"]["schemas"][reference.rsplit('/').next().unwrap()],
        None => schema,
    };
    let fits = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") | None => value.is_object() || schema["enum"].is_array(),
        Some(other) => panic!("{path}: unknown type {other}"),
    };
    assert!(fits, "{path}: {value} is no {}", schema["type"]);
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{path}: {value}");
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        check(specification, &schema["items"], item, &format!("{path}[{place}]"));
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        let known = &schema["properties"][name];
        assert!(known.is_object(), "{path}.{name} is unknown");
        assert_ne!(known["readOnly"], true, "{path}.{name} is read-only");
        check(specification, known, member, &format!("{path}.{name}"));
    }
}

/// Needs Authlete's interface description, in the folder that `TENURE_SPECS` names.
#[test]
#[allow(clippy::print_stderr)]
fn authlete_fragments_have_the_shape_of_its_interface_description() {
    let folder = std::env::var_os("TENURE_SPECS").map(std::path::PathBuf::from);
    let Some(path) = folder.map(|f| f.join("authlete-3.0.16.openapi.yaml")).filter(|path| path.exists())
    else {
        eprintln!("skipped: TENURE_SPECS names no folder with authlete-3.0.16.openapi.yaml");
        return;
    };
    let specification: Value = serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let schemas = &specification["components"]["schemas"];
    for registry in [sample(now()), with_hostile_names(&generate(60, 7, now()))] {
        let services: Value = serde_json::from_str(&text(Form::Authlete, &registry)).unwrap();
        assert_eq!(services.as_array().unwrap().len(), registry.apis().len());
        for entry in services.as_array().unwrap() {
            check(&specification, &schemas["service"], &entry["service"], "service");
            for client in entry["clients"].as_array().unwrap() {
                check(&specification, &schemas["client"], client, "client");
            }
        }
    }
}
