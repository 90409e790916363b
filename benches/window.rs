//! The window's budgets at 100 000 applications: a key stroke in the filter, and a frame of every screen (CPU only).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use divan::Bencher;
use std::path::PathBuf;
use std::sync::Arc;
use tenure::app::{Command, Effect, Message, Opened, Screen, Settings, State, update};
use tenure::edit::UndoStacks;
use tenure::effects::World;
use tenure::gui::Window;
use tenure::registry::{Instant, generate::generate};

fn main() {
    divan::main();
}

fn now() -> Instant {
    Instant::parse("2026-11-23T09:00:00Z").unwrap()
}

fn opened() -> Message {
    Message::Opened(Ok(Box::new(Opened {
        path: PathBuf::from("large.tenure"),
        registry: Arc::new(generate(100_000, 1, now())),
        begins: now(),
        entries: Vec::new(),
        stacks: UndoStacks::default(),
        read_only: false,
    })))
}

/// A world in which messages wait to be received, and nothing else happens.
struct Waiting(Vec<Message>);

impl World for Waiting {
    fn now(&self) -> Instant {
        now()
    }

    fn start(&mut self, _effect: Effect) -> Option<Effect> {
        None
    }

    fn receive(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.0)
    }
}

/// One key stroke.
#[divan::bench(args = ["a", "acm", "trial", "status:ending", "expires<7d"], sample_count = 30, sample_size = 1)]
fn filter_key_stroke(bencher: Bencher<'_, '_>, text: &str) {
    let mut state = State::new(now(), Settings::default());
    update(&mut state, opened());
    // The same question in another spelling each time, so that no stroke finds the answer of the one before.
    let mut strokes = [text.to_owned(), format!("{text} ")].into_iter().cycle();
    bencher.bench_local(|| {
        update(&mut state, Message::Filter(strokes.next().unwrap()));
        state.applications.rows.len()
    });
}

#[divan::bench(args = ["applications", "apis", "preview", "trials", "guardrails", "history", "settings"])]
fn frame(bencher: Bencher<'_, '_>, screen: &str) {
    let show = match screen {
        "apis" => Screen::Apis,
        "preview" => Screen::Preview,
        "trials" => Screen::Trials,
        "guardrails" => Screen::Guardrails,
        "history" => Screen::History,
        "settings" => Screen::Settings,
        _ => Screen::Applications,
    };
    let first = generate(100_000, 1, now()).applications()[0].client_id.clone();
    let world = Waiting(vec![opened(), Message::Select(Some(first)), Message::Run(Command::Show(show))]);
    let mut window = Window::new(Box::new(world), Settings::default(), None);
    let ctx = egui::Context::default();
    let input = || egui::RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0))),
        ..Default::default()
    };
    let mut draw = || {
        let output = ctx.run_ui(input(), |ui| {
            window.receive(&ui.ctx().clone());
            window.draw(ui);
        });
        ctx.tessellate(output.shapes, output.pixels_per_point).len()
    };
    for _ in 0..5 {
        draw();
    }
    bencher.bench_local(draw);
}
