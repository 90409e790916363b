//! The README's examples are true: every `console` block runs, and prints what stands there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::process::Command;

/// A `$` line and what stands under it.
struct Example {
    command: String,
    expected: String,
}

/// The examples of all `console` blocks, in order: they share one folder, as a reader's would.
fn examples(readme: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    let mut continued = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            inside = line.trim_end() == "```console";
            continued = false;
        } else if inside && continued {
            let last = examples.last_mut().unwrap();
            last.command.push_str(&format!("\n{line}"));
            continued = line.ends_with('\\');
        } else if inside && let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example { command: command.to_owned(), expected: String::new() });
            continued = line.ends_with('\\');
        } else if inside {
            let last = examples.last_mut().expect("a console block begins with `$ `");
            last.expected.push_str(&format!("{line}\n"));
        }
    }
    examples
}

/// `…` at the end of the expected text stands for the rest.
fn agrees(printed: &str, expected: &str) -> bool {
    match expected.trim_end().strip_suffix('…') {
        Some(start) => printed.starts_with(start),
        None => printed.trim_end() == expected.trim_end(),
    }
}

#[cfg(unix)]
#[test]
fn the_examples_of_the_readme_print_what_stands_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = examples(&std::fs::read_to_string(root.join("README.md")).expect("README.md"));
    assert!(!examples.is_empty(), "README.md has no console block");
    let folder = tempfile::tempdir().unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_tenure"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    for Example { command, expected } in examples {
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("XDG_DATA_HOME", folder.path())
            .env("HOME", folder.path())
            .env("TENURE_KEYS", "folder")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(agrees(&printed, &expected), "$ {command}\nprinted:\n{printed}\nexpected:\n{expected}");
    }
}
