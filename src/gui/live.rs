//! Words that change with time, each of which wakes the window when it does.

use crate::app::{AsOf, State, coarse};
use crate::policy::{Status, status};
use crate::registry::{Application, Instant};
use egui::Ui;

/// `in 2 d` or `3 h ago`, and wakes the window when the words change.
#[must_use]
pub fn relative(ui: &Ui, state: &State, instant: Instant) -> String {
    let left = instant.since(state.at());
    if left > 0 {
        return format!("in {}", until(ui, state, instant));
    }
    let (words, unit) = coarse(-left);
    wake(ui, state, unit - (-left) % unit);
    format!("{words} ago")
}

/// `2 d`: how long it is until an instant.
#[must_use]
pub fn until(ui: &Ui, state: &State, instant: Instant) -> String {
    let left = instant.since(state.at());
    let (words, unit) = coarse(left);
    wake(ui, state, left % unit + 1);
    words
}

/// A status in a word: `2 d left`, `active`, `starts in 9 d`, `ended`.
#[must_use]
pub fn status_words(ui: &Ui, state: &State, application: &Application) -> (Status, String) {
    let at = state.at();
    let status = status(application, at, state.settings.ending_days);
    let words = match (status, application.expires_at, application.not_before) {
        (Status::Ending, Some(end), _) => format!("{} left", until(ui, state, end)),
        (Status::Scheduled, _, Some(start)) => format!("starts in {}", until(ui, state, start)),
        (status, ..) => status.as_str().to_owned(),
    };
    (status, words)
}

fn wake(ui: &Ui, state: &State, seconds: i64) {
    if state.as_of == AsOf::Live {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs(seconds.clamp(1, 86_400).unsigned_abs()));
    }
}
