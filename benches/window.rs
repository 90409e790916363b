//! The window's budgets at 100 000 applications: a key stroke in the filter, and a frame of every screen (CPU only).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use divan::Bencher;
use std::path::PathBuf;
use std::sync::Arc;
use tenure::app::{
    AuditQuestion, Command, Effect, Facet, Grouping, Mark, Message, Opened, Preview, Screen, Settings, State,
    TokenPage, update,
};
use tenure::edit::{Entry, UndoStacks};
use tenure::effects::{World, audit, plan, report, weigh};
use tenure::gui::Window;
use tenure::policy::{FilterField, Policy, decide};
use tenure::registry::{Column, Instant, generate::generate};
use tenure::token::{self, Dialect, Judging, KeyKind, KeySet, Sample};

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

/// A world in which messages wait to be received, edits are kept at once, and questions are answered at once.
struct Waiting(Vec<Message>);

impl World for Waiting {
    fn now(&self) -> Instant {
        now()
    }

    fn start(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Weigh(question) => self.0.push(weigh(&question)),
            Effect::Report(question) => self.0.push(report(&question)),
            Effect::Commit(drafts) => {
                let entry = |(seq, draft)| Entry { seq, at: now(), who: "ada".into(), draft };
                self.0.push(Message::Committed(Ok((1..).zip(drafts).map(entry).collect())));
            }
            _ => {}
        }
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

/// A token of the first application that gets one.
fn sample() -> String {
    let policy = Policy::new(Arc::new(generate(100_000, 1, now())));
    let set = KeySet::read(token::generate(KeyKind::Ed25519).unwrap().expose()).unwrap();
    let minted = policy.registry().applications().iter().find_map(|app| {
        let request = Preview::about(policy.registry(), &app.client_id, None).request(now());
        let sample = Sample {
            issuer: &policy.registry().service.issuer,
            decision: &decide(&policy, &request),
            key: set.keys().first()?,
            algorithm: None,
            dialect: Dialect::Rfc9068,
            claims: &[],
            replace: false,
            id: "1",
        };
        token::mint(&sample).ok()
    });
    minted.unwrap().token
}

/// What is done before a screen is drawn, by the screen's name.
fn before(screen: &str) -> Vec<Message> {
    let first = generate(100_000, 1, now()).applications()[0].client_id.clone();
    let day = 86_400;
    let years = Message::Span(now().seconds() - 366 * day, now().seconds() + 732 * day);
    let show = |screen| Message::Run(Command::Show(screen));
    match screen {
        "applications" => vec![Message::Select(Some(first))],
        "applications_all_columns" => vec![Message::Columns(Column::ALL.to_vec())],
        "applications_all_selected" => vec![Message::Mark(Mark::All)],
        "bulk_edit" => vec![
            Message::Mark(Mark::All),
            Message::Run(Command::Extend),
            Message::BulkText("14d".into(), false),
        ],
        "apis" => vec![show(Screen::Apis)],
        "preview" => vec![Message::Select(Some(first)), show(Screen::Preview)],
        "fleet" => vec![Message::Run(Command::Fleet)],
        "trials" => vec![show(Screen::Trials)],
        "trials_by_api" => vec![show(Screen::Trials), Message::GroupBy(Grouping::Api)],
        "trials_far_out" => vec![show(Screen::Trials), years],
        "trials_far_out_by_customer" => {
            vec![show(Screen::Trials), Message::GroupBy(Grouping::Customer), years]
        }
        "tokens" => vec![show(Screen::Tokens), Message::TokenText(sample())],
        "tokens_audit" => {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), format!("{}\n", sample()).repeat(20_000)).unwrap();
            let judging = Judging::today(Policy::new(Arc::new(generate(100_000, 1, now()))));
            let question = AuditQuestion { path: file.path().to_owned(), judging, keys: None };
            let told = audit(&question, &mut |_, _| true);
            vec![show(Screen::Tokens), Message::TokenPage(TokenPage::Audit), Message::Audited(0, told)]
        }
        "guardrails" => vec![Message::Run(Command::NewGuardrail)],
        "history" => vec![
            Message::Mark(Mark::All),
            Message::Run(Command::Suspend),
            Message::Accept,
            show(Screen::History),
            Message::HistoryEntry(Some(1)),
        ],
        _ => vec![show(Screen::Settings)],
    }
}

#[divan::bench(args = [
    "applications",
    "applications_all_columns",
    "applications_all_selected",
    "bulk_edit",
    "apis",
    "preview",
    "fleet",
    "trials",
    "trials_by_api",
    "trials_far_out",
    "trials_far_out_by_customer",
    "tokens",
    "tokens_audit",
    "guardrails",
    "history",
    "settings",
])]
fn frame(bencher: Bencher<'_, '_>, screen: &str) {
    let world = Waiting(vec![opened()]);
    let mut window = Window::new(Box::new(world), Settings::default(), None);
    let ctx = egui::Context::default();
    let input = || egui::RawInput {
        screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0))),
        ..Default::default()
    };
    let draw = |window: &mut Window| {
        let output = ctx.run_ui(input(), |ui| {
            window.receive(&ui.ctx().clone());
            window.draw(ui);
        });
        ctx.tessellate(output.shapes, output.pixels_per_point).len()
    };
    draw(&mut window);
    for message in before(screen) {
        window.send(&ctx, message);
        draw(&mut window);
    }
    for _ in 0..5 {
        draw(&mut window);
    }
    bencher.bench_local(|| draw(&mut window));
}

/// Trials put in groups anew, as after every edit.
#[divan::bench(args = [Grouping::None, Grouping::Customer, Grouping::Api, Grouping::Tag], sample_count = 20, sample_size = 1)]
fn group_trials(bencher: Bencher<'_, '_>, grouping: Grouping) {
    let mut state = State::new(now(), Settings::default());
    update(&mut state, opened());
    update(&mut state, Message::Show(Screen::Trials));
    update(&mut state, Message::GroupBy(grouping));
    let mut strokes = [String::new(), " ".to_owned()].into_iter().cycle();
    bencher.bench_local(|| {
        update(&mut state, Message::Filter(strokes.next().unwrap()));
        state.trials.lines.len()
    });
}

/// The values of a facet counted.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn open_facet(bencher: Bencher<'_, '_>) {
    let mut state = State::new(now(), Settings::default());
    update(&mut state, opened());
    bencher.bench_local(|| {
        update(&mut state, Message::Facet(None));
        update(&mut state, Message::Facet(Some(FilterField::Customer)));
        state.applications.facet.as_ref().map(|facet: &Facet| facet.values.len())
    });
}

/// A bulk edit of everything, planned as it is typed.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn plan_bulk_edit_of_all(bencher: Bencher<'_, '_>) {
    let mut state = State::new(now(), Settings::default());
    update(&mut state, opened());
    update(&mut state, Message::Mark(Mark::All));
    update(&mut state, Message::Run(Command::Extend));
    bencher.bench_local(|| update(&mut state, Message::BulkText("14d".into(), false)));
}

/// What the thread beside the window takes for its answer.
#[divan::bench]
fn plan_bulk_edit_of_all_beside(bencher: Bencher<'_, '_>) {
    let mut state = State::new(now(), Settings::default());
    update(&mut state, opened());
    update(&mut state, Message::Mark(Mark::All));
    update(&mut state, Message::Run(Command::Extend));
    let asked = update(&mut state, Message::BulkText("14d".into(), false));
    let question = asked.into_iter().find_map(|effect| match effect {
        Effect::Plan(question) => Some(question),
        _ => None,
    });
    let question = question.expect("so many are planned beside the window");
    bencher.bench_local(|| plan(&question));
}
