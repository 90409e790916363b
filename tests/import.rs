//! Imports: what an export carries comes back, what it does not carry stays, and a bad row is named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod support;

use proptest::prelude::*;
use std::sync::Arc;
use support::{registry, with_hostile_names};
use tenure::edit::import_changes;
use tenure::export::{Asked, Form, Memory, Selection, write_into};
use tenure::import::{Field, Files, Format, ImportError, Imported, Mapping, Options, beginning, read};
use tenure::policy::Policy;
use tenure::registry::generate::generate;
use tenure::registry::sample::sample;
use tenure::registry::{Application, ApplicationStatus, Duration, Instant, Registry, Service, file};

fn now() -> Instant {
    Instant::parse("2026-11-26T12:00:00Z").unwrap()
}

fn files(form: Form, registry: &Registry) -> Vec<(String, Vec<u8>)> {
    let asked = Asked::today(Policy::new(Arc::new(registry.clone())), now());
    let mut memory = Memory::default();
    write_into(form, &asked, &Selection::All, &mut memory, &mut |_, _| true).unwrap();
    memory.files
}

fn exported(form: Form, registry: &Registry) -> Files {
    let mut files = files(form, registry);
    match form {
        Form::Auth0DeployFolder => {
            let parts = ["clients/", "resource-servers/", "grants/"];
            files.retain(|(name, _)| parts.iter().any(|part| name.starts_with(part)));
            Files::of_folder("tenant", files)
        }
        _ => Files::one("file", files.swap_remove(0).1),
    }
}

/// The formats that come back, and how they are written.
const PAIRS: [(Format, Form); 6] = [
    (Format::Json, Form::RegistryJson),
    (Format::Yaml, Form::RegistryYaml),
    (Format::Csv, Form::ApplicationsCsv),
    (Format::Auth0Deploy, Form::Auth0Deploy),
    (Format::Auth0Deploy, Form::Auth0DeployFolder),
    (Format::Authlete, Form::Authlete),
];

fn comes_back(registry: &Registry) {
    for (format, form) in PAIRS {
        let files = exported(form, registry);
        let imported = read(format, &files, registry, &Options::default());
        let imported = imported.unwrap_or_else(|error| panic!("{}: {error}", form.name()));
        let changes = import_changes(registry, &imported.registry, false);
        assert!(changes.is_empty(), "{}: {changes:#?}", form.name());
    }
}

#[test]
fn what_was_exported_changes_nothing_when_it_comes_back() {
    comes_back(&sample(now()));
    comes_back(&generate(300, 3, now()));
    comes_back(&with_hostile_names(&generate(80, 7, now())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_registry_comes_back(registry in registry()) {
        // An application without an id is no row, and a client without one belongs to nobody.
        prop_assume!(registry.applications().iter().all(|app| !app.client_id.is_empty()));
        prop_assume!(registry.apis().iter().all(|api| !api.audience.is_empty()));
        // Of an empty registry a folder has no files.
        prop_assume!(!registry.apis().is_empty());
        comes_back(&registry);
    }
}

fn written(form: Form, registry: &Registry) -> String {
    String::from_utf8(files(form, registry).swap_remove(0).1).unwrap()
}

fn imported(format: Format, text: &str, today: &Registry) -> Registry {
    read(format, &Files::one("file", text.as_bytes().to_vec()), today, &Options::default()).unwrap().registry
}

#[test]
fn an_end_that_is_moved_in_any_file_is_one_change() {
    let registry = sample(now());
    let old = registry.application("acme-trial").unwrap().expires_at.unwrap().to_string();
    let new = "2027-03-01T00:00:00Z";
    for (format, form) in PAIRS {
        if form == Form::Auth0DeployFolder {
            continue;
        }
        let written = written(form, &registry);
        let place = written.find("acme-trial").unwrap();
        // In YAML and JSON of clients the end may stand before the id that names it.
        let at = written[place..]
            .find(&old)
            .map_or_else(|| written[..place].rfind(&old).unwrap(), |at| place + at);
        let edited = format!("{}{new}{}", &written[..at], &written[at + old.len()..]);
        let changes = import_changes(&registry, &imported(format, &edited, &registry), false);
        assert_eq!(changes.len(), 1, "{}: {changes:#?}", form.name());
    }
}

#[test]
fn a_tenant_goes_into_an_empty_registry_with_its_ends_and_grants() {
    let registry = sample(now());
    for (format, form) in
        PAIRS.into_iter().filter(|(format, _)| matches!(format, Format::Auth0Deploy | Format::Authlete))
    {
        let empty = beginning(format);
        let read = read(format, &exported(form, &registry), &empty, &Options::default()).unwrap().registry;
        assert_eq!(read.apis().len(), registry.apis().len(), "{}", form.name());
        let mut ends: Vec<_> =
            read.applications().iter().map(|app| (app.customer.clone(), app.expires_at)).collect();
        let mut expected: Vec<_> =
            registry.applications().iter().map(|app| (app.customer.clone(), app.expires_at)).collect();
        ends.sort();
        expected.sort();
        assert_eq!(ends, expected, "{}", form.name());
        let granted = |r: &Registry| -> usize {
            r.applications()
                .iter()
                .filter(|a| a.status == ApplicationStatus::Active)
                .map(|a| a.grants.len())
                .sum()
        };
        assert_eq!(granted(&read), granted(&registry), "{}", form.name());
    }
}

fn table(rows: &str, today: &Registry, options: &Options) -> Result<Imported, ImportError> {
    read(Format::Csv, &Files::one("customers.csv", rows.as_bytes().to_vec()), today, options)
}

fn alone() -> Registry {
    let acme = Application {
        client_id: "acme".into(),
        customer: "Acme".into(),
        access_token_duration: Some(Duration::from_seconds(600).unwrap()),
        tags: vec!["eu".into()],
        ..Application::default()
    };
    Registry::new(Service::default(), vec![], vec![acme], vec![])
}

#[test]
fn columns_are_found_by_what_people_call_them_and_the_rest_stays() {
    let rows = "\u{feff}Client ID;Company;E-Mail;Trial end;Lifetime;Region\r\n\
                acme;Acme GmbH;ops@acme.example;2026-12-31T23:00:00+01:00;1h 30m;eu\r\n\
                new;\"Neu; & Co\";;;;us\r\n";
    let imported = table(rows, &alone(), &Options::default()).unwrap();
    let acme = imported.registry.application("acme").unwrap();
    assert_eq!((acme.customer.as_str(), acme.contact.as_str()), ("Acme GmbH", "ops@acme.example"));
    assert_eq!(acme.expires_at, Some(Instant::parse("2026-12-31T22:00:00Z").unwrap()));
    assert_eq!(acme.access_token_duration, Some(Duration::from_seconds(5400).unwrap()));
    assert_eq!(acme.tags, ["eu"], "no column holds tags");
    assert_eq!(imported.registry.application("new").unwrap().customer, "Neu; & Co");
    assert_eq!(imported.notes, ["column `Region` is not taken over; --map 'Region=FIELD' does it"]);
}

#[test]
fn a_column_is_mapped_by_hand_before_its_heading_is_asked() {
    let rows = "Nummer,ID,Region\nacme,crm-1,eu\n";
    let field = |name: &str| Field::by_name(name).unwrap();
    let columns = vec![
        ("Nummer".to_owned(), field("client_id")),
        ("ID".to_owned(), field("external_id")),
        ("Region".to_owned(), field("tags")),
    ];
    let mapping = Mapping::of(rows, "customers.csv", &columns).unwrap();
    assert_eq!((mapping.rows, mapping.problem()), (1, None));
    assert_eq!(mapping.columns[1].example, "crm-1");
    let read = table(rows, &alone(), &Options { columns, ..Options::default() }).unwrap();
    assert_eq!(read.registry.application("acme").unwrap().external_id.as_deref(), Some("crm-1"));
}

#[test]
fn every_bad_row_is_named_and_nothing_or_the_good_ones_are_taken() {
    let rows = "client_id,status,expires_at,lifetime,grants,metadata\n\
                good,active,2026-12-31T00:00:00Z,600,https://api.example.com read write,plan=pro\n\
                zone,active,2026-12-31T00:00:00,,,\n\
                ,active,,,,\n\
                words,gone,soon,long,a; a,novalue\n\
                good,,,,,\n\
                wide,,,,,,,\n";
    let error = table(rows, &alone(), &Options::default()).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    for (line, words) in [
        (0, "customers.csv: line 3: expires_at:"),
        (1, "customers.csv: line 4: client_id: it is empty"),
        (2, "customers.csv: line 5: status: `gone` is no status"),
        (3, "customers.csv: line 5: expires_at: `soon`"),
        (4, "customers.csv: line 5: lifetime: `long`"),
        (5, "customers.csv: line 5: grants: `a` is granted twice"),
        (6, "customers.csv: line 5: metadata: `novalue` is no entry"),
        (7, "customers.csv: line 6: client_id: `good` stands in line 2 already"),
        (8, "customers.csv: line 7: the row has 8 cells, the heading 6"),
    ] {
        assert!(lines[line].starts_with(words), "{line}: {}", lines[line]);
    }
    assert_eq!(lines.len(), 9, "{error}");
    let good = table(rows, &alone(), &Options { good_rows: true, ..Options::default() }).unwrap();
    assert_eq!(good.errors.len(), 9);
    let ids: Vec<_> = good.registry.applications().iter().map(|app| app.client_id.as_str()).collect();
    assert_eq!(ids, ["good"]);
    let metadata = &good.registry.application("good").unwrap().metadata;
    assert_eq!(metadata["plan"], "pro");
}

#[test]
fn a_table_without_ids_or_with_two_columns_for_one_field_is_refused() {
    for (rows, words) in [
        ("Company,End\nAcme,\n", "no column holds `client_id`"),
        ("client_id,end,expires\na,,\n", "two columns hold `expires_at`"),
        ("", "no column holds `client_id`"),
    ] {
        let error = table(rows, &alone(), &Options::default()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn yaml_is_refused_where_the_json_would_be_with_its_place() {
    let written = file::write(&sample(now()));
    assert_eq!(imported(Format::Yaml, &written, &sample(now())), sample(now()), "JSON is YAML");
    for (text, words) in [
        (
            "schema: 1\nservice: {name: a, issuer: b}\napplications:\n- client_id: a\n  expires: x\n",
            "expires",
        ),
        ("schema: 2\nservice: {name: a, issuer: b, more: c}\n", "newer version of Tenure"),
        ("schema: 1\nservice: {name: a, issuer: b}\nservice: {name: a, issuer: b}\n", "service"),
        (
            "schema: 1\nservice: {name: a, issuer: b}\napplications: [{client_id: a}, {client_id: a}]\n",
            "twice",
        ),
        (
            "schema: 1\nservice: {name: a, issuer: b}\napplications: [{client_id: a, expires_at: 2026-01-01}]\n",
            "zone",
        ),
        ("schema: 1\nservice: [", "file:"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nschema: 1\n", "file:"),
    ] {
        let files = Files::one("file", text.as_bytes().to_vec());
        let error = read(Format::Yaml, &files, &sample(now()), &Options::default()).unwrap_err().to_string();
        assert!(error.contains(words) && error.starts_with("file:"), "{text}: {error}");
        let place: Vec<&str> = error.split(':').take(3).collect();
        assert!(place[1].parse::<usize>().is_ok() && place[2].parse::<usize>().is_ok(), "{error}");
    }
}

#[test]
fn a_tenant_that_cannot_be_read_says_where() {
    for (text, words) in [
        (
            "clients:\n- name: A\n  grant_types: [client_credentials]\n  client_metadata: {expires_at: soon}\n",
            "clients[A]: client_metadata.expires_at",
        ),
        ("resourceServers:\n- identifier: a\n  token_lifetime: -1\n", "resourceServers[a]: token_lifetime"),
        ("clients:\n- description: x\n", "name"),
        ("clients: 3\n", "clients"),
    ] {
        let files = Files::one("tenant.yaml", text.as_bytes().to_vec());
        let error = read(Format::Auth0Deploy, &files, &alone(), &Options::default()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn ends_are_read_in_the_forms_that_tenants_keep_them_in() {
    let end = Instant::parse("2026-01-10T12:00:00Z").unwrap();
    for form in ["2026-01-10T12:00:00Z", "2026-01-10T13:00:00+01:00", "1768046400", "1768046400000"] {
        let tenant = format!(
            "clients:\n- name: acme\n  grant_types: [client_credentials]\n  client_metadata: {{expires_at: \"{form}\"}}\n- \
             name: Login\n  app_type: spa\n"
        );
        let files = Files::one("tenant.yaml", tenant.into_bytes());
        let imported = read(Format::Auth0Deploy, &files, &alone(), &Options::default()).unwrap();
        assert_eq!(imported.registry.application("acme").unwrap().expires_at, Some(end), "{form}");
        assert_eq!(imported.registry.applications().len(), 1, "a page that people log in to is none");
    }
}

#[test]
fn an_application_whose_row_is_bad_stays_as_it_is() {
    let good_rows = Options { good_rows: true, ..Options::default() };
    let rows = "client_id,expires_at\nacme,25.11.2026\nbeta,2026-12-31T00:00:00Z\n";
    let read = table(rows, &alone(), &good_rows).unwrap();
    assert_eq!(read.errors.len(), 1);
    assert_eq!(read.registry.application("acme"), alone().application("acme"));
    assert!(read.registry.application("beta").is_some());
}

#[test]
fn lines_are_counted_as_an_editor_does_whatever_ends_them() {
    let rows = "client_id,expires_at\nacme,2026-12-31T00:00:00Z\n\nbeta,bad\ngamma,\"b\nad\"\ndelta,bad\n";
    for text in [rows.to_owned(), rows.replace('\n', "\r\n"), format!("\u{feff}{rows}")] {
        let Err(ImportError::Problems(_, problems)) = table(&text, &alone(), &Options::default()) else {
            panic!()
        };
        let lines: Vec<usize> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [4, 5, 7], "{text:?}");
    }
}

#[test]
fn a_quote_that_is_not_closed_is_named_and_takes_in_nothing() {
    for (rows, line) in [
        ("client_id,notes\r\nacme,\"call, before\r\nbeta,new\r\ngamma,new\r\n", 2),
        ("client_id,notes\nacme,fine\nbeta,\"new", 3),
        ("\u{feff}client_id;notes\nacme;\"two\nlines\"\nbeta;\"new\n", 4),
    ] {
        for good_rows in [false, true] {
            let options = Options { good_rows, ..Options::default() };
            let error = table(rows, &alone(), &options).unwrap_err().to_string();
            assert!(error.contains(&format!("line {line}: a quote")), "{error}");
        }
    }
    for rows in ["client_id,notes\nacme,\"closed\"", "client_id,notes\nacme,5\" disk\n", "client_id,notes\n"]
    {
        assert!(table(rows, &alone(), &Options::default()).is_ok(), "{rows}");
    }
}

#[test]
fn a_file_of_another_kind_is_refused_with_what_is_expected() {
    let registry = written(Form::RegistryJson, &sample(now()));
    let lists = "{\"totalCount\": 0, \"clients\": []}";
    for (format, text, words) in [
        (Format::Authlete, registry.as_str(), "expected a service with its clients"),
        (Format::Authlete, lists, "expected a service with its clients"),
        (Format::Auth0Deploy, registry.as_str(), "choose a file of the Deploy CLI"),
        (Format::Auth0Deploy, "{}", "choose a file of the Deploy CLI"),
        (Format::Auth0Deploy, "clientz: []", "choose a file of the Deploy CLI"),
    ] {
        let files = Files::one("file", text.as_bytes().to_vec());
        let error = read(format, &files, &sample(now()), &Options::default()).unwrap_err().to_string();
        assert!(error.contains(words), "{}: {error}", format.name());
    }
}
