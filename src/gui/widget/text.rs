//! Words: headings, values, statuses, notices, and texts from outside made safe to show.

use crate::gui::theme::Theme;
use crate::registry::misleads;
use egui::{Color32, Frame, Label, Margin, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use std::sync::Arc;

/// The head of a section.
pub fn section_heading(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    ui.add_space(8.0);
    ui.label(RichText::new(text).font(theme.small_strong()).color(theme.colours.text_2))
}

/// The name of a screen or entity.
pub fn title(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let shown = visible(text);
    ui.add(Label::new(RichText::new(&shown).font(theme.title()).color(theme.colours.text)).truncate())
        .on_hover_text(shown)
}

/// An id.
pub fn mono(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let shown = visible(text);
    ui.add(Label::new(RichText::new(&shown).font(theme.mono()).color(theme.colours.text_3)).truncate())
        .on_hover_text(shown)
}

/// A text from outside in the room that there is, whole on hover.
pub fn elided(ui: &mut Ui, text: &str, colour: Color32) -> Response {
    let shown = visible(text);
    let response = ui.add(Label::new(RichText::new(&shown).color(colour)).truncate());
    if shown.len() > 24 { response.on_hover_text(shown) } else { response }
}

/// A label at the left and what belongs to it.
pub fn key_value<R>(ui: &mut Ui, key: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.set_min_height(theme.control_height);
        let (rect, _) = ui.allocate_exact_size(vec2(84.0, theme.control_height), Sense::hover());
        ui.painter().text(
            rect.left_center(),
            egui::Align2::LEFT_CENTER,
            key,
            theme.body(),
            theme.colours.text_3,
        );
        value(ui)
    })
    .inner
}

/// A status: a dot, filled or hollow, beside its word.
pub fn status_dot(ui: &mut Ui, word: &str, colour: Color32, hollow: bool) -> Response {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
        dot(ui, rect.center(), colour, hollow);
        ui.label(RichText::new(word).color(colour))
    })
    .inner
}

/// The same where the words may need several lines.
pub fn status_sentence(ui: &mut Ui, words: &str, colour: Color32, hollow: bool) -> Response {
    ui.horizontal_top(|ui| {
        let line = ui.text_style_height(&egui::TextStyle::Body);
        let (rect, _) = ui.allocate_exact_size(vec2(8.0, line), Sense::hover());
        dot(ui, rect.center(), colour, hollow);
        ui.add(Label::new(RichText::new(words).color(colour)).wrap())
    })
    .inner
}

pub(super) fn dot(ui: &Ui, at: egui::Pos2, colour: Color32, hollow: bool) {
    if hollow {
        ui.painter().circle_stroke(at, 3.4, egui::Stroke::new(1.5, colour));
    } else {
        ui.painter().circle_filled(at, 4.0, colour);
    }
}

/// A sentence on a soft ground.
pub fn notice(ui: &mut Ui, text: &str, colour: Color32, ground: Color32) -> Response {
    let theme = Theme::of(ui.ctx());
    Frame::new()
        .fill(ground)
        .corner_radius(theme.radius)
        .inner_margin(Margin::symmetric(9, 7))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(RichText::new(text).color(colour)).wrap())
        })
        .inner
}

/// What an empty screen is for.
pub fn empty(ui: &mut Ui, heading: &str, text: &str) {
    let theme = Theme::of(ui.ctx());
    ui.add_space((ui.available_height() * 0.28).min(180.0));
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(heading).font(theme.title()));
        ui.label(RichText::new(text).color(theme.colours.text_2));
        ui.add_space(8.0);
    });
}

/// A text from outside as it may be shown: one line, direction marks and control characters as escapes, not endless.
#[must_use]
pub fn visible(text: &str) -> String {
    const MOST: usize = 300;
    let mut shown = String::with_capacity(text.len().min(MOST));
    for (count, c) in text.chars().enumerate() {
        if count == MOST {
            shown.push('…');
            break;
        }
        match c {
            '\n' | '\t' => shown.push(' '),
            c if misleads(c) => shown.push_str(&format!("<U+{:04X}>", u32::from(c))),
            c => shown.push(c),
        }
    }
    shown
}

/// Paints a text from outside in a line at the left, with an ellipsis where the room ends.
pub fn paint_line(ui: &Ui, at: egui::Pos2, width: f32, text: &str, font: egui::FontId, colour: Color32) {
    let galley = fitted(ui, text, width, font, colour);
    ui.painter().galley(at - vec2(0.0, galley.size().y / 2.0), galley, colour);
}

/// A sentence begins with a capital.
#[must_use]
pub fn capitalised(words: &str) -> String {
    let mut words = words.to_owned();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// A text from outside laid out in a line, with an ellipsis where the room ends.
#[must_use]
pub fn fitted(ui: &Ui, text: &str, width: f32, font: egui::FontId, colour: Color32) -> Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(visible(text), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// A count where there is little room: `840`, `12k`, `100k`.
#[must_use]
pub fn compact(count: usize) -> String {
    if count < 10_000 { crate::app::grouped(count) } else { format!("{}k", count / 1000) }
}

/// Gives a drawn control its accessible name.
pub(super) fn named(response: &Response, kind: Role, name: &str) {
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(kind, enabled, name));
}
