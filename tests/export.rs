//! Exports: whole or not at all, and safe to open in a spreadsheet.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::sync::Arc;
use tenure::export::{Asked, Form, Selection, write, write_file};
use tenure::policy::Policy;
use tenure::registry::file::{read, write as registry_file};
use tenure::registry::sample::sample;
use tenure::registry::{Application, Instant, Registry, Service};

fn now() -> Instant {
    Instant::saturating(1_790_000_000)
}

fn export(form: Form, registry: &Registry, selection: &Selection) -> String {
    let asked = Asked::today(Policy::new(Arc::new(registry.clone())), now());
    String::from_utf8(write(form, &asked, selection).unwrap()).unwrap()
}

#[test]
fn each_format_is_found_by_its_name() {
    for form in Form::ALL {
        assert_eq!(Form::by_name(form.name()), Some(form));
    }
    assert!(Form::by_name("xml").is_none());
}

#[test]
fn json_is_the_registry_file_and_a_selection_keeps_what_it_refers_to() {
    let registry = sample(now());
    assert_eq!(export(Form::RegistryJson, &registry, &Selection::All), registry_file(&registry));
    let only = Selection::Only(["acme-trial".to_owned(), "no-such".to_owned()].into());
    let some = read(&export(Form::RegistryJson, &registry, &only), "").unwrap();
    assert_eq!(some.applications(), [registry.application("acme-trial").unwrap().clone()]);
    assert_eq!(some.apis(), registry.apis());
}

#[test]
fn csv_has_a_row_for_each_application_and_no_formulas() {
    let cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a,\"b\"\nc", "plain", "a=b", "💡"];
    let apps = cells.map(|cell| Application {
        client_id: cell.into(),
        notes: cell.into(),
        ..Application::default()
    });
    let registry = Registry::new(Service::default(), vec![], apps.to_vec(), vec![]);
    let text = export(Form::ApplicationsCsv, &registry, &Selection::All);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "client_id");
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), cells.len());
    for (row, application) in rows.iter().zip(registry.applications()) {
        let plain = &application.client_id;
        let dangerous = plain.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let expected = if dangerous { format!("'{plain}") } else { plain.clone() };
        assert_eq!((&row[0], &row[12]), (expected.as_str(), expected.as_str()));
    }
}

#[test]
fn csv_of_the_sample_reads_as_a_person_expects() {
    let only = Selection::Only(["acme-trial".to_owned()].into());
    let text = export(Form::ApplicationsCsv, &sample(now()), &only);
    assert_eq!(
        text,
        "client_id,external_id,name,customer,contact,status,not_before,expires_at,access_token_duration,grants,tags,\
         metadata,notes\r\nacme-trial,crm-acme-trial,Acme trial,Acme,ops@acme.example,active,2026-08-24T14:00:00Z,\
         2026-09-23T14:00:00Z,,https://api.example.com read write,eu trial,,\r\n"
    );
}

#[test]
fn a_file_is_replaced_whole_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    write_file(&path, b"one").unwrap();
    write_file(&path, b"two").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"two");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let missing = write_file(&folder.path().join("no/out.csv"), b"x").unwrap_err().to_string();
    assert!(missing.contains("could not be written"), "{missing}");
    let is_folder = write_file(folder.path(), b"x").unwrap_err().to_string();
    assert!(is_folder.contains("it is a folder"), "{is_folder}");
}

#[cfg(unix)]
#[test]
fn a_file_that_only_its_owner_may_read_stays_so_and_a_link_keeps_its_target() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("out.json"), folder.path().join("link.json"));
    std::fs::write(&path, "old").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&path, &link).unwrap();
    write_file(&link, b"new").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
}
