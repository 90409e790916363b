//! Remote registries: a pull from a stand-in without a limit on requests, and the three-way merge of what it brings.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "../tests/support/remote/mod.rs"]
mod remote;
#[path = "../tests/remote_support/mod.rs"]
mod remote_support;

use remote::{Auth0, Authlete, DOMAIN, SERVICE, SERVICE_TOKEN, Version};
use remote_support::{Person_, auth0, person};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tenure::edit::{Change, rebase};
use tenure::registry::generate::generate;
use tenure::registry::{Application, Registry};
use tenure::remote::{AttributeKeys, Limits, Vendor};

fn main() {
    let wanted = std::env::args().nth(1).filter(|word| !word.starts_with('-')).unwrap_or_default();
    let benches: [(&str, fn()); 4] = [
        ("pull_auth0_10_000", pull_auth0),
        ("pull_authlete_10_000", pull_authlete),
        ("pull_auth0_100_000", pull_many),
        ("three_way_100_000", three_way),
    ];
    for (name, bench) in benches.into_iter().filter(|(name, _)| name.contains(&wanted)) {
        print!("{name:24}");
        bench();
    }
}

/// The most memory that this process has held, and what it holds now, in kB of 1024 bytes.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
    };
    (of("VmHWM:"), of("VmRSS:"))
}

/// Pulls from a stand-in in this process; its own memory is there before the pull begins.
fn pull(mut person: Person_) {
    person.limits = Limits::default();
    let (_, before) = memory();
    // The peak counts from here.
    let _unsupported = std::fs::write("/proc/self/clear_refs", "5");
    let started = Instant::now();
    let first = person.pull();
    let took = started.elapsed();
    let (peak, _) = memory();
    let started = Instant::now();
    let second = person.pull();
    let again = started.elapsed();
    assert!(second.drift.is_empty());
    println!(
        "{} objects in {} requests, {:.2} s; again with nothing changed {:.2} s; memory grows by {} MB at most",
        first.objects,
        first.requests,
        took.as_secs_f64(),
        again.as_secs_f64(),
        peak.saturating_sub(before) / 1024,
    );
}

fn tenant(clients: usize) {
    let tenant = Auth0::start();
    tenant.fill(clients);
    let (id, secret) = tenant.credentials();
    pull(person(auth0(tenant.base(), DOMAIN, id), &[secret]));
}

fn pull_auth0() {
    tenant(10_000);
}

fn pull_many() {
    tenant(100_000);
}

fn pull_authlete() {
    let authlete = Authlete::start(Version::V3);
    authlete.fill(10_000);
    let vendor = Vendor::Authlete3 {
        base: authlete.base().to_owned(),
        service_id: SERVICE.to_owned(),
        attributes: AttributeKeys::default(),
    };
    pull(person(vendor, &[SERVICE_TOKEN]));
}

/// A registry in which one of every hundred applications, beginning with this one, says something else.
fn edited(base: &Registry, first: usize, notes: &str) -> Registry {
    let mut registry = base.clone();
    let edit = |app: &Arc<Application>| {
        Change::application(app, Application { notes: notes.to_owned(), ..Application::clone(app) })
    };
    let changes: Vec<_> = base.applications().iter().skip(first).step_by(100).filter_map(edit).collect();
    Change::force_all(changes, &mut registry);
    registry
}

/// Others changed a thousand of 100 000, so did I, and half of them are the same ones.
fn three_way() {
    let now = remote_support::now();
    let base = generate(100_000, 7, now);
    let (theirs, mine) = (edited(&base, 0, "theirs"), edited(&base, 0, "mine"));
    let apart = edited(&base, 50, "mine");
    let mut times: Vec<Duration> = (0..20)
        .map(|round| {
            let mine = if round % 2 == 0 { &mine } else { &apart };
            let started = Instant::now();
            let rebased = rebase(&base, &theirs, mine);
            let took = started.elapsed();
            assert_eq!(rebased.clashes.len(), if round % 2 == 0 { 1_000 } else { 0 });
            took
        })
        .collect();
    times.sort();
    println!(
        "1 000 changed there and 1 000 here: median {:.1} ms",
        times[times.len() / 2].as_secs_f64() * 1000.0
    );
}
