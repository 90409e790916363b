//! Pictures of the window: a few that must not change unseen, and an album of every screen for a person to look at.
//!
//! After a change that is meant: `UPDATE_SNAPSHOTS=1 cargo test --features window-tests --test pictures`, and look at them.
//! The album: `TENURE_ALBUM=folder cargo test --features window-tests --test pictures -- --ignored`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;

use desk::Desk;
use egui::{Key, Modifiers};
use egui_kittest::SnapshotOptions;
use std::path::Path;
use tenure::app::ThemeChoice;

/// Antialiasing may differ by a hair between two versions of the software renderer.
fn options() -> SnapshotOptions {
    SnapshotOptions::new().threshold(0.8).max_failed_pixels(5).output_path("tests/pictures")
}

const THEMES: [(ThemeChoice, &str); 2] = [(ThemeChoice::Light, "light"), (ThemeChoice::Dark, "dark")];

#[test]
fn applications_and_preview_look_as_they_did() {
    for (theme, name) in THEMES {
        let mut desk = Desk::dressed(theme);
        desk.press("Open the sample registry");
        desk.harness.set_size([1024.0, 640.0].into());
        desk.settle();
        desk.harness.snapshot_options(format!("applications-{name}"), &options());
        desk.keys(Modifiers::NONE, Key::ArrowDown);
        desk.keys(Modifiers::COMMAND, Key::Num3);
        desk.harness.snapshot_options(format!("preview-{name}"), &options());
    }
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album() {
    let folder = std::env::var("TENURE_ALBUM").expect("TENURE_ALBUM names the folder for the pictures");
    for (theme, name) in THEMES {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0)] {
            let mut desk = Desk::dressed(theme);
            desk.harness.set_size([width, height].into());
            let mut page = |desk: &mut Desk, what: &str| {
                desk.settle();
                let path = Path::new(&folder).join(format!("{what}-{name}-{width}.png"));
                desk.harness.render().unwrap().save(path).unwrap();
            };
            page(&mut desk, "welcome");
            desk.press("Open the sample registry");
            page(&mut desk, "applications");
            desk.keys(Modifiers::NONE, Key::ArrowDown);
            page(&mut desk, "inspector");
            for (key, what) in [(Key::Num2, "apis"), (Key::Num3, "preview"), (Key::Comma, "settings")] {
                desk.keys(Modifiers::COMMAND, key);
                page(&mut desk, what);
            }
            desk.keys(Modifiers::COMMAND, Key::Num1);
            desk.keys(Modifiers::COMMAND, Key::B);
            desk.keys(Modifiers::COMMAND, Key::Num7);
            page(&mut desk, "history");
            for (modifiers, key, what) in [
                (Modifiers::COMMAND, Key::K, "palette"),
                (Modifiers::COMMAND, Key::T, "clock"),
                (Modifiers::COMMAND, Key::E, "export"),
                (Modifiers::COMMAND, Key::N, "new"),
                (Modifiers::NONE, Key::Questionmark, "help"),
            ] {
                desk.keys(modifiers, key);
                page(&mut desk, what);
                desk.keys(Modifiers::NONE, Key::Escape);
            }
        }
    }
}
