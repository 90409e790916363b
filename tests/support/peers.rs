//! Other programs that tests ask: packages that `tests/run` installs into a folder of its own, and names in `TENURE_PEERS`.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of the peers, where the peer and its runtime are there.
pub fn peers(runtime: &str, package: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("TENURE_PEERS").map(PathBuf::from);
    let runs = Command::new(runtime).arg("--version").output().is_ok_and(|output| output.status.success());
    let folder = folder.filter(|folder| runs && folder.join(package).exists());
    if folder.is_none() {
        eprintln!("skipped: no {runtime} with {package} (tests/run brings them)");
    }
    folder
}

/// Runs a script of `tests/peers` with this input, and reads the JSON that it prints.
pub fn run(folder: &Path, runtime: &str, script: &str, arguments: &[&str], input: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(script);
    let mut child = Command::new(runtime)
        .arg(script)
        .args(arguments)
        .env("TENURE_PEERS", folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}
