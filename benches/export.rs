//! Exports and imports of a registry of 100 000 applications: how long each takes, and how much memory at its peak.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use divan::{AllocProfiler, Bencher};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use tempfile::TempDir;
use tenure::export::{Asked, Form, Shown, write_to};
use tenure::export::{Selection, write};
use tenure::import::{Files, Format, Options, read};
use tenure::policy::{Policy, Strategy, enforcement};
use tenure::registry::generate::generate;
use tenure::registry::{Duration, Instant};

/// Counts the bytes at their peak; what a run holds before it begins is not counted.
#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

static ASKED: LazyLock<Asked> = LazyLock::new(|| {
    let now = Instant::parse("2026-11-23T09:00:00Z").unwrap();
    Asked::today(Policy::new(Arc::new(generate(100_000, 1, now))), now)
});

/// Where the files go. They stay until all is measured, since ext4 looks long for a place where many were just deleted.
static PLACE: LazyLock<Mutex<Option<TempDir>>> = LazyLock::new(|| Mutex::new(tempfile::tempdir().ok()));

fn main() {
    let _made = &*ASKED;
    divan::main();
    drop(PLACE.lock().unwrap().take());
}

/// A path in that place where nothing is yet.
fn new_path() -> PathBuf {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    let place = PLACE.lock().unwrap();
    place.as_ref().unwrap().path().join(LAST.fetch_add(1, Ordering::Relaxed).to_string())
}

/// To a new file, synced and renamed; of the folder to its 200 000 files. (Where the same files are there already they are only
/// compared.)
#[divan::bench(args = Form::ALL.map(Form::name), sample_count = 3, sample_size = 1)]
fn export_100_000(bencher: Bencher, name: &str) {
    let form = Form::by_name(name).unwrap();
    bencher.bench_local(|| write_to(form, &ASKED, &Selection::All, &new_path(), &mut |_, _| true).unwrap());
}

/// What the folder costs at the least: as many files of its usual size, made and synced by two threads that do nothing else.
#[cfg(target_os = "linux")]
#[divan::bench(sample_count = 3, sample_size = 1)]
fn files_of_the_folder(bencher: Bencher) {
    bencher.bench_local(|| {
        let place = new_path();
        std::thread::scope(|threads| {
            for name in ["clients", "grants"] {
                let folder = place.join(name);
                threads.spawn(move || make_files(&folder, 100_000));
            }
        });
        rustix::fs::syncfs(std::fs::File::open(&place).unwrap()).unwrap();
    });
}

#[cfg(target_os = "linux")]
fn make_files(folder: &std::path::Path, files: usize) {
    std::fs::create_dir_all(folder).unwrap();
    for number in 0..files {
        std::fs::write(folder.join(format!("client-{number:06}.json")), [b'x'; 300]).unwrap();
    }
}

/// The beginning that the window shows.
#[divan::bench(args = ["json", "yaml", "auth0-terraform", "oidc-provider"], sample_count = 5, sample_size = 1)]
fn show_100_000(bencher: Bencher, name: &str) {
    let form = Form::by_name(name).unwrap();
    bencher.bench_local(|| Shown::of(form, &ASKED, &Selection::All, &|_| None));
}

#[divan::bench(args = ["json", "yaml", "csv", "authlete", "auth0-deploy"], sample_count = 3, sample_size = 1)]
fn import_100_000(bencher: Bencher, name: &str) {
    let form = Form::by_name(name).unwrap();
    let files = Files::one("file", write(form, &ASKED, &Selection::All).unwrap());
    let format = Format::by_name(name).unwrap();
    let today = ASKED.policy.registry();
    bencher.bench_local(|| read(format, &files, today, &Options::default()).unwrap());
}

/// What the four ways of enforcing do to the fleet.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn enforcement_100_000(bencher: Bencher) {
    let hour = Duration::from_seconds(3600).unwrap();
    let registry = ASKED.policy.registry();
    bencher.bench_local(|| Strategy::all(hour).map(|way| enforcement(registry, way, ASKED.at)));
}
