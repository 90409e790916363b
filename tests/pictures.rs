//! Pictures of the window: a few that must not change unseen, and an album of every screen for a person to look at.
//!
//! After a change that is meant: `UPDATE_SNAPSHOTS=1 cargo test --features window-tests --test pictures`, and look at them.
//! The album: `TENURE_ALBUM=folder cargo test --features window-tests --test pictures -- --ignored`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/desk.rs"]
mod desk;
mod token_support;

use desk::Desk;
use egui::{Key, Modifiers};
use egui_kittest::SnapshotOptions;
use egui_kittest::kittest::Queryable;
use tenure::app::{Message, ThemeChoice, Verify};
use tenure::edit::{Change, Entity};
use tenure::registry::{Application, Instant, Registry, generate::generate, sample::sample};

/// Antialiasing may differ by a hair between two versions of the software renderer.
fn options() -> SnapshotOptions {
    SnapshotOptions::new().threshold(2.0).max_failed_pixels(20).output_path("tests/pictures")
}

const THEMES: [(ThemeChoice, &str); 2] = [(ThemeChoice::Light, "light"), (ThemeChoice::Dark, "dark")];

fn looks_as_it_did((theme, name): (ThemeChoice, &str)) {
    let mut desk = Desk::dressed(theme);
    desk.press("Open the sample registry");
    desk.harness.set_size([1024.0, 640.0].into());
    desk.settle();
    desk.harness.snapshot_options(format!("applications-{name}"), &options());
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::NONE, Key::ArrowDown);
    desk.keys(Modifiers::COMMAND, Key::Num3);
    desk.harness.snapshot_options(format!("preview-{name}"), &options());
}

#[test]
fn applications_and_preview_look_as_they_did_in_light() {
    looks_as_it_did(THEMES[0]);
}

#[test]
fn applications_and_preview_look_as_they_did_in_dark() {
    looks_as_it_did(THEMES[1]);
}

/// Long names, another script, an emoji and marks that turn the direction of writing.
fn hostile() -> Registry {
    let mut registry = sample(Instant::parse(desk::NOW).unwrap());
    let model = registry.application("acme-trial").unwrap().clone();
    for (id, customer) in [
        (
            "a-very-long-client-id-of-more-than-a-hundred-characters-that-somebody-made-with-a-script-in-a-hurry-0001",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mit beschränkter Haftung",
        ),
        ("rtl", "abc\u{202e}txt.exe \u{2066}شركة"),
        ("emoji", "🚀🚀 Rocket \u{1F469}\u{200D}\u{1F680} & Söhne\nzweite Zeile"),
    ] {
        let twin = Application {
            client_id: id.into(),
            customer: customer.into(),
            notes: "x".repeat(10_000),
            ..(*model).clone()
        };
        Change::add(Entity::Application(twin.into())).apply(&mut registry).unwrap();
    }
    registry
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_hard_cases() {
    let page = |desk: &mut Desk, what: &str| desk.picture(&format!("hard-{what}"));
    for (theme, _) in THEMES {
        let mut desk = Desk::with(theme, &hostile());
        desk.keys(Modifiers::COMMAND, Key::F);
        desk.write("scope");
        desk.keys(Modifiers::COMMAND, Key::A);
        desk.write("xxxx");
        desk.keys(Modifiers::NONE, Key::ArrowDown);
        page(&mut desk, "names");
        desk.keys(Modifiers::COMMAND, Key::Num3);
        page(&mut desk, "names-preview");
        desk.keys(Modifiers::COMMAND, Key::K);
        desk.dash_off("acme-trial");
        desk.keys(Modifiers::COMMAND, Key::Num1);
        desk.keys(Modifiers::NONE, Key::F2);
        desk.keys(Modifiers::COMMAND, Key::A);
        desk.dash_off("next someday");
        page(&mut desk, "error");
        desk.keys(Modifiers::NONE, Key::Escape);
        desk.keys(Modifiers::NONE, Key::Escape);
        desk.keys(Modifiers::COMMAND, Key::K);
        desk.dash_off("acme-trial");
        let before = desk.end_in_file("acme-trial").unwrap();
        desk.elsewhere("acme-trial", |a| a.expires_at = Some(before.plus(3600)));
        desk.keys(Modifiers::COMMAND, Key::B);
        page(&mut desk, "conflict");
        desk.keys(Modifiers::NONE, Key::Escape);
        desk.keys(Modifiers::COMMAND, Key::O);
        desk.dash_off("/etc/hostname");
        page(&mut desk, "wrong-file");
        desk.keys(Modifiers::NONE, Key::Escape);
        desk.keys(Modifiers::COMMAND, Key::T);
        desk.dash_off("yesterday 15:00");
        page(&mut desk, "past");
        desk.keys(Modifiers::COMMAND, Key::Comma);
        desk.press("200 %");
        for (key, what) in
            [(Key::Num1, "applications"), (Key::Num2, "apis"), (Key::Num3, "preview"), (Key::Num7, "history")]
        {
            desk.keys(Modifiers::COMMAND, key);
            page(&mut desk, &format!("200-{what}"));
        }
        desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
        page(&mut desk, "200-fleet");
        desk.keys(Modifiers::COMMAND, Key::Num4);
        page(&mut desk, "200-tokens");
    }
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_a_hundred_thousand() {
    let registry = generate(100_000, 1, Instant::parse(desk::NOW).unwrap());
    for (theme, _) in THEMES {
        let mut desk = Desk::with(theme, &registry);
        for (key, what) in [
            (Key::Num1, "applications"),
            (Key::Num3, "preview"),
            (Key::Num5, "trials"),
            (Key::Num2, "apis"),
            (Key::Num4, "tokens"),
            (Key::Num6, "guardrails"),
            (Key::Num7, "history"),
            (Key::Comma, "settings"),
        ] {
            desk.keys(Modifiers::COMMAND, key);
            desk.picture(&format!("large-{what}"));
        }
        desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
        desk.picture("large-fleet");
        desk.keys(Modifiers::COMMAND, Key::Num1);
        desk.keys(Modifiers::NONE, Key::ArrowDown);
        desk.keys(Modifiers::COMMAND, Key::A);
        desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
        desk.write("30d");
        desk.picture("large-bulk");
    }
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_trials() {
    let large = generate(100_000, 1, Instant::parse(desk::NOW).unwrap());
    for (theme, _) in THEMES {
        for (size, what) in
            [([1280.0, 800.0], "sample"), ([1024.0, 640.0], "narrow"), ([1280.0, 800.0], "large")]
        {
            let mut desk = match what {
                "large" => Desk::with(theme, &large),
                _ => Desk::dressed(theme),
            };
            desk.harness.set_size(size.into());
            desk.settle();
            if what != "large" {
                desk.press("Open the sample registry");
            }
            desk.keys(Modifiers::COMMAND, Key::Num5);
            let page = |desk: &mut Desk, of: &str| desk.picture(&format!("trials-{what}-{of}"));
            page(&mut desk, "by-end");
            desk.press("Customer");
            page(&mut desk, "customer");
            desk.press("API");
            desk.press("3 years");
            page(&mut desk, "api-far");
            desk.press("By end");
            page(&mut desk, "far");
        }
    }
}

fn tell(desk: &mut Desk, message: Message) {
    let ctx = desk.harness.ctx.clone();
    desk.harness.state_mut().send(&ctx, message);
    desk.settle();
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_tokens() {
    for (theme, _) in THEMES {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0)] {
            let mut desk = Desk::dressed(theme);
            desk.harness.set_size([width, height].into());
            desk.settle();
            let page = |desk: &mut Desk, what: &str| desk.picture(&format!("tokens-{what}"));
            desk.press("Open the sample registry");
            desk.keys(Modifiers::COMMAND, Key::Num4);
            page(&mut desk, "decode-empty");
            for shown in ["Audit", "Keys 0", "Mint"] {
                desk.press(shown);
                page(&mut desk, &format!("{}-empty", shown.to_lowercase()));
            }
            desk.press("Keys 0");
            desk.press("Name of the key");
            desk.write("samples");
            desk.press("Generate");
            page(&mut desk, "keys");
            desk.press("Mint");
            desk.keys(Modifiers::COMMAND, Key::M);
            page(&mut desk, "mint");
            desk.press("Open in Decode");
            page(&mut desk, "decode");
            let token = desk.harness.state().state().tokens.input.clone();
            for (with, shown) in [
                (Verify::Pasted, "paste"),
                (Verify::Url("https://issuer.example/.well-known/jwks.json".to_owned()), "url"),
            ] {
                tell(&mut desk, Message::VerifyWith(with));
                page(&mut desk, &format!("decode-{shown}"));
            }
            let keys = desk.harness.state().state().tokens.stored("samples").unwrap().set.clone();
            let url = token_support::jwks_server(&keys);
            tell(&mut desk, Message::JwksUrl(url));
            tell(&mut desk, Message::FetchJwks { again: false });
            page(&mut desk, "decode-fetched");
            tell(&mut desk, Message::VerifyWith(Verify::Named));
            let at = Instant::parse(desk::NOW).unwrap();
            let log = desk.folder.path().join("tokens.log");
            let mixed = |i: i64| {
                let iat = at.seconds() - 3600 * i;
                let client = ["acme-trial", "stark-arc", "nobody-knows"][i as usize % 3];
                let claims = format!(
                    r#"{{"iss":"https://issuer.example","client_id":"{client}","aud":"https://api.example.com","scope":"read","iat":{iat},"exp":{}}}"#,
                    iat + [600, 3600, 86_400, 5_000_000][i as usize % 4]
                );
                format!("GET / {}\n", token_support::unsigned(r#"{"alg":"RS256"}"#, &claims))
            };
            std::fs::write(&log, (0..40).map(mixed).collect::<String>() + &token).unwrap();
            desk.press("Audit");
            desk.press("Log to audit");
            desk.dash_off(log.to_str().unwrap());
            page(&mut desk, "audit");
            desk.press("Save as CSV…");
            page(&mut desk, "audit-save");
            desk.keys(Modifiers::NONE, Key::Escape);
            desk.keys(Modifiers::COMMAND, Key::Comma);
            desk.press("200 %");
            desk.keys(Modifiers::COMMAND, Key::Num4);
            page(&mut desk, "audit-200");
            desk.press("Decode");
            page(&mut desk, "decode-200");
        }
    }
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_exports_and_imports() {
    for (theme, _) in THEMES {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0), (640.0, 400.0)] {
            let mut desk = Desk::dressed(theme);
            desk.press("Open the sample registry");
            desk.harness.set_size([width, height].into());
            desk.settle();
            let page = |desk: &mut Desk, what: &str| desk.picture(&format!("export-{what}"));
            desk.keys(Modifiers::COMMAND, Key::E);
            for format in ["Registry, YAML", "Applications, CSV", "Report, Markdown"] {
                desk.press(format);
                page(&mut desk, &format.replace(", ", "-"));
            }
            desk.press("Export");
            desk.keys(Modifiers::COMMAND, Key::K);
            desk.dash_off("Enforce the ends");
            page(&mut desk, "enforce");
            desk.press("Export the Action…");
            page(&mut desk, "action");
            desk.keys(Modifiers::NONE, Key::Escape);
            let path = desk.folder.path().join("customers.csv");
            std::fs::write(
                &path,
                "Nr;Company;Trial end\nacme-trial;Acme GmbH;2027-01-01T00:00:00Z\nnew;Neu;soon\n",
            )
            .unwrap();
            desk.keys(Modifiers::COMMAND, Key::I);
            desk.dash_off(&path.display().to_string());
            page(&mut desk, "columns");
        }
    }
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album_of_lists_and_effects() {
    for (theme, _) in THEMES {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0)] {
            let mut desk = Desk::dressed(theme);
            desk.harness.set_size([width, height].into());
            desk.settle();
            let page = |desk: &mut Desk, what: &str| desk.picture(&format!("list-{what}"));
            desk.press("Open the sample registry");
            page(&mut desk, "plain");
            for button in ["Columns", "Customer", "API", "View: All", "Menu"] {
                desk.press(button);
                page(&mut desk, &button.replace(": ", "-"));
                desk.keys(Modifiers::NONE, Key::Escape);
                desk.settle();
            }
            desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::R);
            page(&mut desk, "still-granted");
            desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
            page(&mut desk, "fleet");
            desk.keys(Modifiers::COMMAND, Key::E);
            page(&mut desk, "fleet-export");
            desk.keys(Modifiers::NONE, Key::Escape);
            desk.keys(Modifiers::COMMAND, Key::Num1);
            desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
            desk.write("Review of November");
            page(&mut desk, "save-view");
            desk.keys(Modifiers::NONE, Key::Enter);
            desk.keys(Modifiers::COMMAND, Key::K);
            desk.dash_off("acme-trial");
            desk.harness.get_by_label("Longest lifetime").focus();
            desk.settle();
            desk.write("5m");
            page(&mut desk, "effect-of-one");
            desk.keys(Modifiers::NONE, Key::Escape);
            desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::X);
            page(&mut desk, "cut-off");
            desk.keys(Modifiers::NONE, Key::Enter);
            desk.keys(Modifiers::COMMAND, Key::N);
            desk.write("globex-2");
            if let Some(chip) = desk.harness.query_by_label("Trial of 30 days") {
                chip.click();
            }
            page(&mut desk, "template");
            desk.keys(Modifiers::NONE, Key::Escape);
            desk.keys(Modifiers::COMMAND, Key::Num2);
            desk.harness.get_by_label("Service lifetime").focus();
            desk.settle();
            desk.keys(Modifiers::COMMAND, Key::A);
            desk.write("2h");
            page(&mut desk, "effect");
            desk.keys(Modifiers::NONE, Key::Enter);
            desk.keys(Modifiers::COMMAND, Key::Num7);
            desk.harness.get_by_label_contains("Set the service's lifetime").click();
            page(&mut desk, "entry");
            if let Some(link) = desk.harness.query_by_label("Show each of them") {
                link.click();
            }
            page(&mut desk, "entry-list");
        }
    }
}

#[test]
#[ignore = "writes pictures for a person to look at"]
fn album() {
    for (theme, _) in THEMES {
        for (width, height) in [(1280.0, 800.0), (1024.0, 640.0)] {
            let mut desk = Desk::dressed(theme);
            desk.harness.set_size([width, height].into());
            let page = |desk: &mut Desk, what: &str| desk.picture(what);
            page(&mut desk, "welcome");
            desk.press("Open the sample registry");
            page(&mut desk, "applications");
            desk.keys(Modifiers::NONE, Key::ArrowDown);
            desk.keys(Modifiers::NONE, Key::ArrowDown);
            page(&mut desk, "inspector");
            desk.keys(Modifiers::COMMAND, Key::F);
            desk.write("expires<7d e");
            page(&mut desk, "filter");
            desk.keys(Modifiers::NONE, Key::Escape);
            desk.keys(Modifiers::NONE, Key::Backspace);
            desk.keys(Modifiers::NONE, Key::ArrowDown);
            desk.keys(Modifiers::COMMAND, Key::A);
            page(&mut desk, "many");
            desk.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
            desk.write("14d");
            page(&mut desk, "bulk");
            desk.keys(Modifiers::NONE, Key::Escape);
            desk.keys(Modifiers::NONE, Key::Escape);
            for (key, what) in [(Key::Num2, "apis"), (Key::Num3, "preview"), (Key::Comma, "settings")] {
                desk.keys(Modifiers::COMMAND, key);
                page(&mut desk, what);
            }
            desk.keys(Modifiers::COMMAND, Key::Num1);
            desk.keys(Modifiers::COMMAND, Key::B);
            desk.keys(Modifiers::COMMAND, Key::Num7);
            page(&mut desk, "history");
            desk.keys(Modifiers::COMMAND, Key::Num1);
            desk.keys(Modifiers::COMMAND, Key::F);
            desk.keys(Modifiers::COMMAND, Key::A);
            desk.keys(Modifiers::NONE, Key::Backspace);
            desk.keys(Modifiers::NONE, Key::Escape);
            desk.keys(Modifiers::COMMAND, Key::Num5);
            page(&mut desk, "trials");
            desk.keys(Modifiers::COMMAND, Key::Num6);
            page(&mut desk, "guardrails");
            let name = desk.harness.state().state().policy().unwrap().registry().guardrails()[0].name.clone();
            desk.harness.get_by_label_contains(&format!("{name}:")).click();
            desk.settle();
            desk.harness.get_by_label("Expression in CEL").focus();
            desk.settle();
            desk.keys(Modifiers::COMMAND, Key::End);
            desk.write(" && && x");
            page(&mut desk, "guardrail");
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
