//! The window as eframe runs it: receive, draw, handle.

use super::pointer::Pointer;
use super::{keys, shell, theme};
use crate::app::{self, Effect, FileTask, Message, RemoteMessage, Settings, State, ThemeChoice};
use crate::effects::{self, Desktop, Waker, World};
use crate::registry::Instant;
use crate::token::Secret;
use eframe::egui;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// The window over a world.
pub struct Window {
    state: State,
    world: Box<dyn World>,
    applied: Option<(ThemeChoice, bool, u32)>,
    frame_log: Option<std::fs::File>,
    title: String,
    /// A secret on the clipboard, and since when.
    copied: Option<(Arc<Secret>, Instant)>,
}

/// So many seconds a secret stays on the clipboard.
const COPIED: i64 = 30;

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Window").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Window {
    /// A window that begins with what was open, or with `file`.
    #[must_use]
    pub fn new(world: Box<dyn World>, settings: Settings, file: Option<PathBuf>) -> Self {
        let mut state = State::new(world.now(), settings);
        state.log_file = effects::log_file().display().to_string();
        let mut window =
            Self { state, world, applied: None, frame_log: frame_log(), title: String::new(), copied: None };
        window.handle(Message::Remote(RemoteMessage::List));
        let first = file.or_else(|| window.state.settings.last.clone().filter(|path| path.exists()));
        if let Some(path) = first {
            window.handle(Message::Picked(FileTask::Open, path));
        }
        window
    }

    /// The state, for tests.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Takes a message as if a person had caused it, for tests and benchmarks.
    pub fn send(&mut self, ctx: &egui::Context, message: Message) {
        self.handle_all(ctx, vec![message]);
    }

    fn handle(&mut self, message: Message) -> Vec<Effect> {
        let effects = app::update(&mut self.state, message);
        effects.into_iter().filter_map(|effect| self.world.start(effect)).collect()
    }

    fn handle_all(&mut self, ctx: &egui::Context, messages: Vec<Message>) {
        for message in messages {
            for effect in self.handle(message) {
                match effect {
                    Effect::Copy(text) => ctx.copy_text(text),
                    Effect::CopySecret(secret) => {
                        ctx.copy_text(String::from_utf8_lossy(secret.expose()).into_owned());
                        self.copied = Some((secret, self.world.now()));
                    }
                    _ => {}
                }
            }
        }
    }

    /// Takes in what has happened: the clock, answers from outside, shortcuts, dropped files.
    pub fn receive(&mut self, ctx: &egui::Context) {
        let mut messages = vec![Message::Tick(self.world.now())];
        messages.extend(self.world.receive());
        messages.extend(keys::commands(ctx, &self.state).into_iter().map(Message::Run));
        messages.extend(keys::pasted(ctx, &self.state));
        let dropped: Vec<PathBuf> =
            ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        if !dropped.is_empty() {
            messages.push(Message::Dropped(dropped));
        }
        self.handle_all(ctx, messages);
        self.forget_copied(ctx);
        self.dress(ctx);
        self.entitle(ctx);
    }

    /// A secret leaves the clipboard, where it is still there.
    fn forget_copied(&mut self, ctx: &egui::Context) {
        let now = self.world.now();
        if let Some((secret, _)) = self.copied.take_if(|(_, at)| now.since(*at) >= COPIED)
            && self.world.is_on_clipboard(&secret)
        {
            ctx.copy_text(String::new());
        }
    }

    /// Draws the state, and takes in what the person does.
    pub fn draw(&mut self, ui: &mut egui::Ui) {
        if let Some(log) = &mut self.frame_log {
            let _ = writeln!(log, "frame");
        }
        let mut messages = Vec::new();
        shell::show(ui, &self.state, &mut messages);
        let ctx = ui.ctx().clone();
        if !messages.is_empty() {
            self.handle_all(&ctx, messages);
            ctx.request_repaint();
        }
        self.sleep(&ctx);
    }

    /// Names the registry in the window's title, so that two windows can be told apart.
    fn entitle(&mut self, ctx: &egui::Context) {
        let file = self.state.open.as_ref().and_then(|open| open.path.file_stem());
        let connected = self.state.connected().map(|kept| kept.connection.name.clone());
        let name = connected.or_else(|| file.map(|name| name.to_string_lossy().into_owned()));
        let title = name.map_or("Tenure".to_owned(), |name| format!("Tenure · {name}"));
        if self.title != title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Applies theme and size where they have changed.
    fn dress(&mut self, ctx: &egui::Context) {
        let choice = self.state.settings.theme;
        let dark = match choice {
            ThemeChoice::Dark => true,
            ThemeChoice::Light => false,
            ThemeChoice::System => ctx.system_theme() == Some(egui::Theme::Dark),
        };
        let wanted = (choice, dark, self.state.settings.scale);
        if self.applied != Some(wanted) {
            theme::apply(ctx, dark);
            ctx.add_plugin(Pointer::default());
            ctx.set_zoom_factor(self.state.settings.scale as f32 / 100.0);
            self.applied = Some(wanted);
        }
    }

    /// Wakes when the list changes by itself, and at no other time.
    fn sleep(&self, ctx: &egui::Context) {
        if let Some((_, at)) = &self.copied {
            let left = (COPIED - self.state.now.since(*at)).clamp(1, COPIED);
            ctx.request_repaint_after(std::time::Duration::from_secs(left.unsigned_abs()));
        }
        if let Some(next) = app::next_wake(&self.state) {
            let seconds = next.since(self.state.now).clamp(0, 86_400);
            ctx.request_repaint_after(std::time::Duration::from_secs(seconds.unsigned_abs()));
        }
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.receive(ctx);
        if self.state.quit {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.draw(ui);
    }
}

/// A line a frame, for the test that nothing is drawn while nothing moves.
fn frame_log() -> Option<std::fs::File> {
    let path = std::env::var_os("TENURE_FRAME_LOG")?;
    std::fs::File::options().create(true).append(true).open(path).ok()
}

/// Opens the window.
///
/// # Errors
/// A sentence where there is no display, or the graphics cannot start.
pub fn run(file: Option<PathBuf>) -> Result<(), String> {
    let settings_file = effects::settings_file();
    let settings = effects::load_settings(&settings_file);
    let options = eframe::NativeOptions {
        renderer: eframe::Renderer::Glow,
        viewport: egui::ViewportBuilder::default()
            .with_title("Tenure")
            .with_app_id("tenure")
            .with_inner_size([1280.0, 800.0])
            .with_min_inner_size([800.0, 520.0]),
        ..Default::default()
    };
    eframe::run_native(
        "tenure",
        options,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            let wake = Waker::new(move || ctx.request_repaint());
            let world = Desktop::start(wake, settings_file);
            Ok(Box::new(Window::new(Box::new(world), settings, file)))
        }),
    )
    .map_err(|error| format!("the window cannot open: {error}"))
}
