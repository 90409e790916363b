//! Exports and imports of a registry of 100 000 applications: how long each takes, and how much memory at its peak.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use divan::{AllocProfiler, Bencher};
use std::sync::{Arc, LazyLock};
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

fn main() {
    let _made = &*ASKED;
    divan::main();
}

/// To a new file, synced and renamed; of the folder to its 200 000 files. (Where the same files are there already they are only
/// compared, and where many were just deleted ext4 looks long for a place.)
#[divan::bench(args = Form::ALL.map(Form::name), sample_count = 5, sample_size = 1)]
fn export_100_000(bencher: Bencher, name: &str) {
    let form = Form::by_name(name).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    bencher.bench_local(|| {
        number += 1;
        let path = folder.path().join(number.to_string());
        write_to(form, &ASKED, &Selection::All, &path, &mut |_, _| true).unwrap();
    });
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
