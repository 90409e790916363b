//! The local registry: what was committed survives, what is stale conflicts, what is wrong gets a sentence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::path::PathBuf;
use std::process::{Command, Stdio};
use tenure::edit::{Change, Draft, Entity};
use tenure::registry::generate::generate;
use tenure::registry::sample::sample;
use tenure::registry::{Application, Instant, Registry, Service};
use tenure::store::{Store, StoreError};

const NOW: i64 = 1_790_000_000;

fn now() -> Instant {
    Instant::saturating(NOW)
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn sample(&self) -> (PathBuf, Store) {
        let path = self.file("r.tenure");
        let store = Store::create(&path, &sample(now()), now()).unwrap();
        (path, store)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(self.0.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn rename(registry: &Registry, id: &str, name: &str) -> Draft {
    let before = registry.application(id).unwrap();
    let after = Application { name: name.to_owned(), ..(**before).clone() };
    Draft::edit(format!("Rename {id}"), "TICKET-1", vec![Change::application(before, after).unwrap()])
}

#[test]
fn a_registry_opens_as_it_was_created() {
    let place = Place::new();
    let (path, store) = place.sample();
    drop(store);
    let loaded = Store::open(&path).unwrap().load().unwrap();
    assert_eq!(loaded.registry, sample(now()));
    assert_eq!((loaded.begins, loaded.last_seq, loaded.read_only), (now(), 0, false));
    assert_eq!(place.names(), ["r.tenure"]);
}

#[test]
fn an_empty_registry_and_odd_names_survive() {
    let place = Place::new();
    let empty = Registry::new(Service::default(), vec![], vec![], vec![]);
    let store = Store::create(place.file("empty.tenure"), &empty, now()).unwrap();
    assert_eq!(store.load().unwrap().registry, empty);
    let odd = ["", "\u{202e}x", "👩‍👩‍👧", "a'b\"c", &"x".repeat(10_000)].map(|id| Application {
        client_id: id.to_owned(),
        notes: id.to_owned(),
        ..Application::default()
    });
    let odd = Registry::new(Service::default(), vec![], odd.to_vec(), vec![]);
    let store = Store::create(place.file("odd.tenure"), &odd, now()).unwrap();
    assert_eq!(store.load().unwrap().registry, odd);
}

#[test]
fn creating_never_overwrites() {
    let place = Place::new();
    let (path, _store) = place.sample();
    let before = std::fs::read(&path).unwrap();
    let error = Store::create(&path, &Registry::default(), now()).unwrap_err();
    assert!(matches!(error, StoreError::Exists(_)), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn an_edit_is_one_transaction_with_its_entry() {
    let place = Place::new();
    let (path, mut store) = place.sample();
    let mut registry = store.load().unwrap().registry;
    let draft = rename(&registry, "acme-trial", "New");
    let entry = store.commit(&draft, now(), "ann").unwrap();
    assert_eq!((entry.seq, entry.at, entry.who.as_str(), &entry.draft), (1, now(), "ann", &draft));
    draft.changes[0].apply(&mut registry).unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    let loaded = store.load().unwrap();
    assert_eq!(loaded.registry, registry);
    assert_eq!((loaded.last_seq, loaded.stacks.next_undo()), (1, Some(1)));
    assert_eq!(store.entry(1).unwrap().unwrap(), entry);
    assert_eq!(store.entry(2).unwrap(), None);
}

#[test]
fn history_never_runs_backwards_and_pages_newest_first() {
    let place = Place::new();
    let (_, mut store) = place.sample();
    for (n, at) in [NOW + 10, NOW - 500, NOW + 20].into_iter().enumerate() {
        let draft = rename(&store.load().unwrap().registry, "acme-trial", &format!("n{n}"));
        store.commit(&draft, Instant::saturating(at), "ann").unwrap();
    }
    let times: Vec<_> = store.entries_after(0).unwrap().iter().map(|e| e.at.seconds() - NOW).collect();
    assert_eq!(times, [10, 10, 20]);
    let seqs = |entries: Vec<tenure::edit::Entry>| entries.iter().map(|e| e.seq).collect::<Vec<_>>();
    assert_eq!(seqs(store.entries(2, None).unwrap()), [3, 2]);
    assert_eq!(seqs(store.entries(2, Some(2)).unwrap()), [1]);
    assert_eq!(seqs(store.entries_since(Instant::saturating(NOW + 11)).unwrap()), [3]);
}

#[test]
fn a_stale_edit_conflicts_and_the_others_edit_is_seen() {
    let place = Place::new();
    let (path, mut mine) = place.sample();
    let mut theirs = Store::open(&path).unwrap();
    let registry = mine.load().unwrap().registry;
    let quiet = mine.data_version().unwrap();
    assert_eq!(mine.data_version().unwrap(), quiet);
    let entry = theirs.commit(&rename(&registry, "acme-trial", "Theirs"), now(), "bob").unwrap();
    assert_ne!(mine.data_version().unwrap(), quiet);
    assert_eq!(mine.entries_after(0).unwrap(), [entry]);

    // A good change in the same edit is not carried out either.
    let mut draft = rename(&registry, "zorg-probe", "Mine");
    draft.changes.extend(rename(&registry, "acme-trial", "Mine").changes);
    let error = mine.commit(&draft, now(), "ann").unwrap_err();
    let StoreError::Conflict(conflict) = error else { panic!("{error}") };
    assert_eq!(conflict.entity.id, "acme-trial");
    let Some(Entity::Application(stands)) = conflict.theirs.map(|e| *e) else { panic!() };
    assert_eq!(stands.name, "Theirs");
    let loaded = mine.load().unwrap();
    assert_eq!(loaded.last_seq, 1);
    assert_eq!(loaded.registry.application("zorg-probe"), registry.application("zorg-probe"));
    // Another entity is no conflict.
    mine.commit(&rename(&registry, "zorg-probe", "Mine"), now(), "ann").unwrap();
}

#[test]
fn several_edits_are_carried_out_all_or_none() {
    let place = Place::new();
    let (_, mut store) = place.sample();
    let registry = store.load().unwrap().registry;
    let good = rename(&registry, "acme-trial", "A");
    assert!(store.commit_all(&[good.clone(), good.clone()], now(), "ann").is_err());
    assert_eq!(store.load().unwrap().registry, registry);
    let entries = store.commit_all(&[good, rename(&registry, "zorg-probe", "Z")], now(), "ann").unwrap();
    assert_eq!(entries.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn undo_and_redo_go_on_after_a_restart() {
    let place = Place::new();
    let (path, mut store) = place.sample();
    let original = store.load().unwrap().registry;
    let gone = Entity::Application(original.application("zorg-probe").unwrap().clone());
    store.commit(&Draft::edit("Remove", "", vec![Change::remove(gone)]), now(), "ann").unwrap();
    let removed = store.load().unwrap().registry;
    assert!(removed.application("zorg-probe").is_none());
    drop(store);

    let mut store = Store::open(&path).unwrap();
    let entry = store.entry(store.load().unwrap().stacks.next_undo().unwrap()).unwrap().unwrap();
    store.commit(&Draft::undo(&entry, "mistake"), now(), "ann").unwrap();
    drop(store);
    let mut store = Store::open(&path).unwrap();
    let loaded = store.load().unwrap();
    assert_eq!(loaded.registry, original);
    assert_eq!((loaded.stacks.next_undo(), loaded.stacks.next_redo()), (None, Some(1)));
    store.commit(&Draft::redo(&entry, ""), now(), "ann").unwrap();
    assert_eq!(store.load().unwrap().registry, removed);
    assert_eq!(Store::open(&path).unwrap().load().unwrap().stacks.next_undo(), Some(1));
}

#[test]
fn an_undo_of_what_has_changed_since_conflicts() {
    let place = Place::new();
    let (_, mut store) = place.sample();
    let entry =
        store.commit(&rename(&store.load().unwrap().registry, "acme-trial", "A"), now(), "a").unwrap();
    store.commit(&rename(&store.load().unwrap().registry, "acme-trial", "B"), now(), "b").unwrap();
    let error = store.commit(&Draft::undo(&entry, ""), now(), "a").unwrap_err();
    assert!(matches!(error, StoreError::Conflict(_)), "{error}");
    assert_eq!(store.load().unwrap().registry.application("acme-trial").unwrap().name, "B");
}

/// Not a test of its own: the program that the next test kills.
#[test]
fn child_commits_and_waits() {
    let Ok(path) = std::env::var("TENURE_TEST_CHILD") else { return };
    let mut store = Store::open(path).unwrap();
    for n in 1.. {
        let draft = rename(&store.load().unwrap().registry, "acme-trial", &format!("n{n}"));
        store.commit(&draft, now(), "child").unwrap();
        // Straight to the pipe: the test harness catches what is printed.
        std::io::Write::write_all(&mut std::io::stderr(), format!("committed {n}\n").as_bytes()).unwrap();
    }
}

/// Not a test of its own: edits every application at once, again and again, until it is killed.
#[test]
fn child_edits_all_at_once() {
    let Ok(path) = std::env::var("TENURE_TEST_BULK") else { return };
    let mut store = Store::open(path).unwrap();
    for n in 1.. {
        let registry = store.load().unwrap().registry;
        let changes = registry.applications().iter().filter_map(|app| {
            Change::application(app, Application { notes: format!("n{n}"), ..Application::clone(app) })
        });
        let draft = Draft::edit(format!("n{n}"), "", changes.collect());
        std::io::Write::write_all(&mut std::io::stderr(), b"committing\n").unwrap();
        store.commit(&draft, now(), "child").unwrap();
    }
}

#[test]
fn a_kill_in_the_middle_of_a_bulk_edit_leaves_all_of_it_or_nothing() {
    use std::io::BufRead;
    let place = Place::new();
    let path = place.file("many.tenure");
    drop(Store::create(&path, &generate(2_000, 7, now()), now()).unwrap());
    for pause in [0, 3, 9, 20, 35, 60] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child_edits_all_at_once", "--exact", "--nocapture"])
            .env("TENURE_TEST_BULK", &path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "committing"));
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let loaded = Store::open(&path).unwrap().load().unwrap();
        let applications = loaded.registry.applications();
        let first = &applications[0].notes;
        assert!(applications.iter().all(|app| app.notes == *first), "after {pause} ms");
    }
}

#[test]
fn what_was_committed_survives_a_kill() {
    use std::io::BufRead;
    let place = Place::new();
    let (path, store) = place.sample();
    drop(store);
    for _ in 0..5 {
        let before = Store::open(&path).unwrap().load().unwrap().last_seq;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["child_commits_and_waits", "--exact", "--nocapture"])
            .env("TENURE_TEST_CHILD", &path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = std::io::BufReader::new(child.stderr.take().unwrap()).lines();
        let committed = lines.by_ref().map(Result::unwrap).filter(|l| l.starts_with("committed")).take(3);
        assert_eq!(committed.count(), 3);
        child.kill().unwrap();
        child.wait().unwrap();
        let loaded = Store::open(&path).unwrap().load().unwrap();
        assert!(loaded.last_seq >= before + 3, "{} {before}", loaded.last_seq);
        let last = Store::open(&path).unwrap().entry(loaded.last_seq).unwrap().unwrap();
        let Some(Entity::Application(after)) = last.draft.changes[0].after() else { panic!() };
        assert_eq!(loaded.registry.application("acme-trial"), Some(after));
    }
}

#[test]
fn what_is_not_a_registry_gets_a_sentence() {
    let place = Place::new();
    let file = |name: &str, bytes: &[u8]| {
        std::fs::write(place.file(name), bytes).unwrap();
        Store::open_any(place.file(name)).unwrap_err().to_string()
    };
    assert!(file("empty.tenure", b"").contains("is not a Tenure registry"));
    assert!(file("text.tenure", b"hello").contains("is not a Tenure registry"));
    assert!(file("wrong.json", b"{").contains("wrong.json:1:1: EOF"));
    rusqlite::Connection::open(place.file("other.db")).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    assert!(
        Store::open(place.file("other.db")).unwrap_err().to_string().contains("is not a Tenure registry")
    );
    assert!(Store::open(place.file("nowhere.tenure")).unwrap_err().to_string().contains("does not exist"));
    assert!(Store::open(place.0.path()).unwrap_err().to_string().contains("is not a Tenure registry"));
    assert_eq!(std::fs::read(place.file("empty.tenure")).unwrap(), b"");
}

#[test]
fn a_file_from_a_newer_version_is_left_alone() {
    let place = Place::new();
    let (path, store) = place.sample();
    drop(store);
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(error.to_string().contains("newer version of Tenure (format 99"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_damaged_file_is_never_read_as_something_else() {
    let place = Place::new();
    let (path, mut store) = place.sample();
    store.commit(&rename(&store.load().unwrap().registry, "acme-trial", "A"), now(), "a").unwrap();
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    let right = Store::open(&path).unwrap().load().unwrap().registry;
    let bad = place.file("bad.tenure");
    let mut found = 0;
    for at in (100..whole.len()).step_by(997) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        std::fs::write(&bad, &bytes).unwrap();
        // A flipped byte may lie in unused space or in history; then the settings are as they were.
        match Store::open(&bad).and_then(|store| store.load()) {
            Ok(loaded) => assert_eq!(loaded.registry, right, "byte {at}"),
            Err(error) => {
                found += 1;
                assert!(error.to_string().contains("is damaged"), "byte {at}: {error}");
            }
        }
        assert_eq!(std::fs::read(&bad).unwrap(), bytes, "reading changed it");
    }
    assert!(found > 5, "{found}");
    for length in [50, 100, 4096, whole.len() / 2] {
        std::fs::write(&bad, &whole[..length]).unwrap();
        let error = Store::open(&bad).and_then(|store| store.load()).unwrap_err().to_string();
        assert!(
            error.contains("is damaged") || error.contains("is not a Tenure registry"),
            "{length}: {error}"
        );
    }
}

#[test]
fn a_read_only_file_shows_but_takes_no_edit() {
    let place = Place::new();
    let (path, store) = place.sample();
    drop(store);
    let mut store = Store::open_read_only(&path).unwrap();
    let loaded = store.load().unwrap();
    assert!(loaded.read_only);
    let error = store.commit(&rename(&loaded.registry, "acme-trial", "A"), now(), "a").unwrap_err();
    assert!(error.to_string().contains("is read-only"), "{error}");
}

#[test]
fn a_registry_as_json_opens_read_only_and_can_be_copied() {
    let place = Place::new();
    let path = place.file("r.json");
    std::fs::write(&path, tenure::registry::file::write(&sample(now()))).unwrap();
    let mut store = Store::open_any(&path).unwrap();
    let loaded = store.load().unwrap();
    assert_eq!(loaded.registry, sample(now()));
    assert!(loaded.read_only && loaded.begins > Instant::MIN);
    let draft = rename(&loaded.registry, "acme-trial", "A");
    assert!(matches!(store.commit(&draft, now(), "a"), Err(StoreError::ReadOnly(_))));
    store.save_copy(place.file("copy.tenure")).unwrap();
    let mut copy = Store::open_any(place.file("copy.tenure")).unwrap();
    copy.commit(&draft, now(), "a").unwrap();
}

#[test]
fn a_locked_file_is_left_to_the_other_program() {
    let place = Place::new();
    let (path, mut store) = place.sample();
    let registry = store.load().unwrap().registry;
    store.set_patience(std::time::Duration::ZERO).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let draft = rename(&registry, "acme-trial", "A");
    let error = store.commit(&draft, now(), "a").unwrap_err();
    assert!(error.to_string().contains("is locked by another program"), "{error}");
    assert!(matches!(store.load(), Err(StoreError::Locked(_))));
    other.execute_batch("ROLLBACK").unwrap();
    store.commit(&draft, now(), "a").unwrap();
}

/// Not a test of its own: an edit under a limit on the size of files, as a full disk would have it.
#[test]
fn child_edits_on_a_full_disk() {
    let Ok(path) = std::env::var("TENURE_TEST_FULL") else { return };
    let mut store = Store::open(path).unwrap();
    let registry = store.load().unwrap().registry;
    let long = "x".repeat(4_000_000);
    let error = store.commit(&rename(&registry, "acme-trial", &long), now(), "a").unwrap_err();
    assert!(matches!(error, StoreError::DiskFull(_) | StoreError::Io { .. }), "{error}");
    assert_eq!(store.load().unwrap().registry, registry);
    store.save_copy(std::env::var("TENURE_TEST_FULL").unwrap() + ".copy").unwrap();
}

#[test]
#[cfg(unix)]
fn a_full_disk_loses_nothing() {
    let place = Place::new();
    let (path, store) = place.sample();
    let registry = store.load().unwrap().registry;
    drop(store);
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" child_edits_on_a_full_disk --exact"])
        .arg(std::env::current_exe().unwrap())
        .env("TENURE_TEST_FULL", &path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(Store::open(&path).unwrap().load().unwrap().registry, registry);
}

#[test]
fn a_copy_has_the_history_too_and_replaces_what_was_there() {
    let place = Place::new();
    let (path, mut store) = place.sample();
    store.commit(&rename(&store.load().unwrap().registry, "acme-trial", "A"), now(), "a").unwrap();
    std::fs::write(place.file("copy.tenure"), "old").unwrap();
    store.save_copy(place.file("copy.tenure")).unwrap();
    let copy = Store::open(place.file("copy.tenure")).unwrap();
    assert_eq!(copy.load().unwrap().registry, store.load().unwrap().registry);
    assert_eq!(copy.entries_after(0).unwrap(), store.entries_after(0).unwrap());
    assert!(matches!(store.save_copy(&path), Err(StoreError::Exists(_))));
    let nowhere = store.save_copy(place.file("no/such/folder.tenure")).unwrap_err();
    assert!(nowhere.to_string().contains("does not exist"), "{nowhere}");
    assert_eq!(place.names(), ["copy.tenure", "r.tenure"]);
}

/// Runs the program as somebody whom the permissions of files bind: root may write everything.
#[cfg(unix)]
fn as_anybody(folder: &std::path::Path, arguments: &[&str]) -> (i32, String) {
    let binary = folder.join("tenure-itself");
    if !binary.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_tenure"), &binary).unwrap();
    }
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let mut command = if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(&binary);
        command
    } else {
        Command::new(&binary)
    };
    let output = command.args(arguments).current_dir(folder).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap(), said)
}

#[test]
#[cfg(unix)]
fn who_may_not_write_may_look_and_is_told_why_an_edit_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let (path, store) = place.sample();
    drop(store);
    let before = std::fs::read(&path).unwrap();
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(place.0.path(), 0o755);
    as_anybody(place.0.path(), &["--version"]);
    let file = path.to_str().unwrap();
    // A file that cannot be written; then one that can, in a folder that takes no journal beside it.
    for (file_mode, folder_mode) in [(0o444, 0o755), (0o666, 0o555)] {
        allow(&path, file_mode);
        allow(place.0.path(), folder_mode);
        let (code, said) = as_anybody(place.0.path(), &["--registry", file, "app", "suspend", "acme-trial"]);
        assert!(code == 2 && said.contains("is read-only; save a copy"), "{file_mode:o} {code} {said}");
        let (code, said) = as_anybody(place.0.path(), &["--registry", file, "app", "show", "acme-trial"]);
        assert!(code == 0 && said.contains("Acme"), "{code} {said}");
        assert_eq!(std::fs::read(&path).unwrap(), before, "not a byte has changed");
    }
    allow(place.0.path(), 0o755);
}

#[test]
fn a_history_holds_once_what_the_registry_and_later_entries_hold() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.tenure");
    let mut store = Store::create(&path, &sample(now()), now()).unwrap();
    for name in ["First", "Second", "Third"] {
        let registry = store.load().unwrap().registry;
        store.commit(&rename(&registry, "acme-trial", name), now(), "ada").unwrap();
    }
    let registry = store.load().unwrap().registry;
    let history = store.history_of(&registry).unwrap();
    assert_eq!(history, store.entries_after(0).unwrap(), "what it says is the same");
    let held = |entity: Option<&Entity>| match entity {
        Some(Entity::Application(app)) => std::sync::Arc::as_ptr(app),
        other => panic!("{other:?}"),
    };
    let change = |entry: usize| &history[entry].draft.changes[0];
    assert_eq!(held(change(2).after()), std::sync::Arc::as_ptr(registry.application("acme-trial").unwrap()));
    assert_eq!(held(change(1).after()), held(change(2).before()));
    assert_eq!(held(change(0).after()), held(change(1).before()));
}
