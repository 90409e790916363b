//! Exports on the disk: whole or not at all, with the permissions that were there, and nothing of a person's own is lost;
//! however an export ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod cli_support;

use cli_support::Place;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};
use tenure::export::{Asked, Form, Memory, Selection, write_into, write_to};
use tenure::policy::Policy;
use tenure::registry::generate::generate;
use tenure::registry::{Application, Instant, Registry};

const FOLDER: Form = Form::Auth0DeployFolder;

fn now() -> Instant {
    Instant::parse("2026-11-26T12:00:00Z").unwrap()
}

fn asked(registry: &Registry) -> Asked {
    Asked::today(Policy::new(Arc::new(registry.clone())), now())
}

fn export(registry: &Registry, path: &Path) -> Result<(), String> {
    let all = Selection::All;
    write_to(FOLDER, &asked(registry), &all, path, &mut |_, _| true).map_err(|error| error.to_string())
}

/// The registry with another customer in every application.
fn changed(registry: &Registry) -> Registry {
    let applications = registry
        .applications()
        .iter()
        .map(|app| Application { customer: "Another".into(), ..Application::clone(app) });
    let apis = registry.apis().iter().map(|api| (**api).clone()).collect();
    Registry::new((*registry.service).clone(), apis, applications.collect(), vec![])
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn expected(registry: &Registry) -> BTreeMap<String, Vec<u8>> {
    let mut memory = Memory::default();
    write_into(FOLDER, &asked(registry), &Selection::All, &mut memory, &mut |_, _| true).unwrap();
    memory.files.into_iter().collect()
}

#[test]
fn a_folder_holds_what_was_written_and_nothing_waits_beside_it() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("deep/tenant");
    let before = generate(30, 7, now());
    for registry in [&before, &before, &changed(&before)] {
        export(registry, &folder).unwrap();
        assert_eq!(files(&folder), expected(registry));
        assert_eq!(std::fs::read_dir(place.path().join("deep")).unwrap().count(), 1);
    }
}

#[test]
fn files_of_a_persons_own_stay() {
    let place = tempfile::tempdir().unwrap();
    let own = ["README.md", ".git/HEAD", "clients/by-hand.json", "rules/rule.js", "clients/more/x.json"];
    for name in own {
        let path = place.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, name).unwrap();
    }
    let registry = generate(30, 7, now());
    export(&registry, place.path()).unwrap();
    let found = files(place.path());
    for name in own {
        assert_eq!(found[name], name.as_bytes());
    }
    assert_eq!(found.len(), own.len() + expected(&registry).len());
}

#[test]
fn a_folder_that_stands_in_the_way_leaves_every_old_file() {
    let place = tempfile::tempdir().unwrap();
    let registry = generate(30, 7, now());
    export(&registry, place.path()).unwrap();
    let last = place.path().join("triggers/triggers.json");
    std::fs::remove_file(&last).unwrap();
    std::fs::create_dir(&last).unwrap();
    let before = files(place.path());
    let refused = export(&changed(&registry), place.path()).unwrap_err();
    assert!(refused.contains("triggers.json") && refused.contains("it is a folder"), "{refused}");
    assert_eq!(files(place.path()), before);
    std::fs::remove_dir(&last).unwrap();
    let stopped =
        write_to(FOLDER, &asked(&generate(2000, 1, now())), &Selection::All, place.path(), &mut |_, _| false);
    assert_eq!(stopped.unwrap_err().to_string(), "the export was stopped; nothing was written");
    assert_eq!(files(place.path()), before);
    assert!(!place.path().join("triggers/triggers.json").exists());
}

#[cfg(unix)]
#[test]
fn permissions_and_links_in_a_folder_stay_and_a_file_that_is_the_same_is_not_written() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let place = tempfile::tempdir().unwrap();
    let (folder, elsewhere) = (place.path().join("tenant"), place.path().join("elsewhere"));
    let registry = generate(30, 7, now());
    export(&registry, &folder).unwrap();
    let seen = |name: &str| std::fs::metadata(folder.join(name)).unwrap();
    let fresh = seen("").mode();
    std::fs::create_dir(place.path().join("ordinary")).unwrap();
    assert_eq!(fresh, std::fs::metadata(place.path().join("ordinary")).unwrap().mode());
    // One file is private, one a link, and a folder a link too.
    let names: Vec<String> =
        expected(&registry).into_keys().filter(|name| name.starts_with("clients/")).collect();
    let private = folder.join(&names[0]);
    std::fs::set_permissions(&private, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::rename(folder.join(&names[1]), &elsewhere).unwrap();
    symlink(&elsewhere, folder.join(&names[1])).unwrap();
    let grants = place.path().join("grants");
    std::fs::rename(folder.join("grants"), &grants).unwrap();
    symlink(&grants, folder.join("grants")).unwrap();
    let action = seen("actions/tenure-ends-of-trials/code.js").ino();
    export(&changed(&registry), &folder).unwrap();
    assert_eq!(files(&folder), expected(&changed(&registry)));
    assert_eq!(seen(&names[0]).mode() & 0o777, 0o600);
    assert_eq!(seen("").mode() & 0o777, 0o700);
    for name in [names[1].as_str(), "grants"] {
        assert!(folder.join(name).is_symlink(), "{name}");
    }
    assert_eq!(std::fs::read(&elsewhere).unwrap(), expected(&changed(&registry))[&names[1]]);
    assert_eq!(seen("actions/tenure-ends-of-trials/code.js").ino(), action, "the same file, not a new one");
}

/// A registry of so many applications that an export of it can be caught in the middle.
fn large(count: usize) -> Place {
    let place = Place::empty();
    let made = place.bare(&["sample", "demo.tenure", "--applications", &count.to_string()]);
    assert_eq!(made.code, 0, "{made:?}");
    place
}

fn exporting(place: &Place, format: &str, out: &str) -> Child {
    let arguments = ["--registry", "demo.tenure", "export", "--format", format, "--out", out];
    let quiet = (Stdio::null(), Stdio::piped(), Stdio::piped());
    place.command(&arguments).stdin(quiet.0).stdout(quiet.1).stderr(quiet.2).spawn().unwrap()
}

/// Waits until something waits to take its place.
fn until_begun(folder: &Path) {
    let begin = Clock::now();
    let waits = |folder: &Path| {
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        names.into_iter().any(|name| name.to_string_lossy().starts_with(".tenure-"))
    };
    while !waits(folder) {
        assert!(begin.elapsed() < Duration::from_secs(60), "it never began");
        std::thread::yield_now();
    }
}

#[cfg(unix)]
#[test]
fn an_export_that_is_killed_leaves_the_old_file() {
    let place = large(20_000);
    for format in ["json", "csv", "auth0-terraform"] {
        let folder = place.path(format);
        std::fs::create_dir(&folder).unwrap();
        let out = folder.join("out");
        std::fs::write(&out, "old").unwrap();
        let mut child = exporting(&place, format, out.to_str().unwrap());
        until_begun(&folder);
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success(), "{format} was caught in the middle");
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "old", "{format}");
        let again = exporting(&place, format, out.to_str().unwrap()).wait().unwrap();
        assert!(again.success() && std::fs::metadata(&out).unwrap().len() > 1_000_000);
    }
}

#[cfg(unix)]
#[test]
fn an_export_of_a_folder_that_is_killed_leaves_the_old_files() {
    let place = large(4_000);
    let folder = place.path("tenant");
    let before = generate(30, 7, now());
    export(&before, &folder).unwrap();
    std::fs::write(folder.join("README.md"), "mine").unwrap();
    let old = files(&folder);
    for wait in [0, 20, 60] {
        let mut child = exporting(&place, FOLDER.name(), folder.to_str().unwrap());
        until_begun(&folder);
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut found = files(&folder);
        found.retain(|name, _| !name.starts_with(".tenure-"));
        if found != old {
            // It was caught while the files took their places: each is there whole, and none is gone.
            assert!(old.keys().all(|name| found.contains_key(name)));
            assert_eq!(found["README.md"], b"mine");
            for (name, text) in found.iter().filter(|(name, _)| name.ends_with(".json")) {
                assert!(serde_json::from_slice::<serde_json::Value>(text).is_ok(), "{name} is whole");
            }
        }
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with(".tenure-") {
                std::fs::remove_dir_all(path).unwrap();
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_stops_an_export_and_leaves_the_old_file_and_nothing_beside_it() {
    let place = large(100_000);
    for (format, is_folder) in [("auth0-terraform", false), ("yaml", false), (FOLDER.name(), true)] {
        let folder = place.path(format);
        std::fs::create_dir(&folder).unwrap();
        let out = if is_folder { folder.clone() } else { folder.join("out") };
        std::fs::write(folder.join("out"), "old").unwrap();
        let child = exporting(&place, format, out.to_str().unwrap());
        until_begun(&folder);
        std::thread::sleep(Duration::from_millis(30));
        let interrupt = format!("kill -INT {}", child.id());
        assert!(Command::new("sh").args(["-c", &interrupt]).status().unwrap().success());
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{format}: {said}");
        assert!(said.contains("the export was stopped; nothing was written"), "{said}");
        assert_eq!(std::fs::read_to_string(folder.join("out")).unwrap(), "old");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "{format}");
    }
}

#[test]
fn a_registry_and_what_is_no_file_are_never_replaced() {
    let place = Place::with_sample();
    let before = place.ok(&["app", "list"]);
    std::fs::copy(place.path("demo.tenure"), place.path("other.tenure")).unwrap();
    for name in ["demo.tenure", "other.tenure"] {
        for arguments in [vec!["export", "--format", "csv", "--out", name], vec!["review", "--out", name]] {
            let said = place.refused(&arguments);
            assert!(said.contains(name) && said.contains("choose another name"), "{said}");
        }
    }
    assert_eq!(place.ok(&["app", "list"]), before);
    // A registry of JSON that is read alone is not cut down to what a filter shows.
    place.ok(&["export", "--format", "json", "--out", "whole.json"]);
    let whole = place.read("whole.json");
    let cut = [
        "--registry",
        "whole.json",
        "export",
        "--format",
        "json",
        "--where",
        "tag:paid",
        "--out",
        "whole.json",
    ];
    let ran = place.bare(&cut);
    assert!(ran.code == 2 && ran.err.contains("is the registry itself"), "{ran:?}");
    assert_eq!(place.read("whole.json"), whole);
    #[cfg(target_os = "linux")]
    {
        std::os::unix::fs::symlink("nowhere", place.path("link")).unwrap();
        let pipe = rustix::fs::mknodat(
            rustix::fs::CWD,
            place.path("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        );
        pipe.unwrap();
        for (name, what) in [("link", "leads nowhere"), ("pipe", "no ordinary file")] {
            let said = place.refused(&["export", "--format", "csv", "--out", name]);
            assert!(said.contains(what), "{said}");
        }
        assert!(place.path("link").is_symlink());
    }
}
