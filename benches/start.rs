//! The window from outside: from start to its third frame with the sample, and its memory with 100 000 applications.
//!
//! Needs Xvfb; `TENURE_BINARY` names another program than the one that this run has built.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    // `cargo test --benches` only asks whether it runs.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let Some((mut server, display)) = display() else {
        println!("start: not measured, Xvfb is missing; tests/run installs it as root");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (sample, large) = (folder.path().join("sample.tenure"), folder.path().join("large.tenure"));
    make(&["sample", sample.to_str().unwrap()]);
    make(&["sample", "--applications", "100000", large.to_str().unwrap()]);
    let mut starts: Vec<Duration> = (0..7).map(|_| start(&display, folder.path(), &sample)).collect();
    starts.sort();
    println!(
        "start_to_third_frame  median {:?}  fastest {:?}  slowest {:?}",
        starts[3], starts[0], starts[6]
    );
    println!("resident_100_000      {} kB, as the kernel counts", resident(&display, folder.path(), &large));
    let _ = server.kill();
    let _ = server.wait();
}

fn binary() -> PathBuf {
    std::env::var_os("TENURE_BINARY")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_tenure")), PathBuf::from)
}

fn make(arguments: &[&str]) {
    assert!(Command::new(binary()).args(arguments).stdout(Stdio::null()).status().unwrap().success());
}

/// A display of its own, and its name.
fn display() -> Option<(Child, String)> {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut number = String::new();
    BufReader::new(server.stdout.take()?).read_line(&mut number).ok()?;
    Some((server, format!(":{}", number.trim())))
}

/// Opens a registry in a window whose frames are written to a file.
fn open(display: &str, folder: &Path, registry: &Path) -> (Child, PathBuf) {
    let frames = folder.join("frames");
    let _ = std::fs::remove_file(&frames);
    let child = Command::new(binary())
        .arg("gui")
        .arg(registry)
        .env_remove("WAYLAND_DISPLAY")
        .env("DISPLAY", display)
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("TENURE_FRAME_LOG", &frames)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (child, frames)
}

fn wait_for(frames: &Path, count: usize) {
    let begin = Instant::now();
    while std::fs::read_to_string(frames).map_or(0, |text| text.lines().count()) < count {
        assert!(begin.elapsed() < Duration::from_secs(60), "the window draws no {count} frames");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn start(display: &str, folder: &Path, registry: &Path) -> Duration {
    let begin = Instant::now();
    let (mut child, frames) = open(display, folder, registry);
    wait_for(&frames, 3);
    let taken = begin.elapsed();
    let _ = child.kill();
    let _ = child.wait();
    taken
}

/// Resident memory once the window has come to rest, in the kernel's kB of 1024 bytes.
fn resident(display: &str, folder: &Path, registry: &Path) -> u64 {
    let (mut child, frames) = open(display, folder, registry);
    wait_for(&frames, 3);
    std::thread::sleep(Duration::from_secs(6));
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let _ = child.kill();
    let _ = child.wait();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
