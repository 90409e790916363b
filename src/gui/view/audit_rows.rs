//! The rows of an audit: a token each, by default the worst first.

use super::fleet::brief;
use crate::app::{AuditColumn, AuditRow, Message, State};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::human;
use crate::token::Verdict;
use egui::{Align2, Id, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Draws them.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let audit = &state.tokens.audit;
    let Some(found) = &audit.found else { return };
    ui.spacing_mut().item_spacing.y = 0.0;
    let signatures = audit.asked.as_ref().is_some_and(|asked| asked.keys.is_some());
    heads(ui, audit.sort, signatures, out);
    let area = ScrollArea::vertical().id_salt("audit").auto_shrink(false);
    area.show_rows(ui, theme.dense_row, audit.shown.len(), |ui, range| {
        for row in audit.shown.iter().skip(range.start).take(range.len()) {
            if let Some(row) = found.rows.get(*row as usize) {
                line(ui, state, row, signatures);
            }
        }
    });
}

/// A column with where it begins and ends, in parts of the width.
type Column = (AuditColumn, &'static str, f32, f32);

/// The columns; where no keys were given, there is nothing to say of signatures.
fn columns(signatures: bool) -> impl Iterator<Item = Column> {
    let policy_to = if signatures { 0.88 } else { 1.0 };
    [
        (AuditColumn::Line, "Line", 0.0, 0.07),
        (AuditColumn::Client, "Client", 0.09, 0.24),
        (AuditColumn::Api, "API", 0.24, 0.43),
        (AuditColumn::Expires, "Expires", 0.43, 0.63),
        (AuditColumn::Verdict, "Against the policy", 0.63, policy_to),
        (AuditColumn::Signature, "Signature", 0.88, 1.0),
    ]
    .into_iter()
    .filter(move |(column, ..)| signatures || *column != AuditColumn::Signature)
}

fn place(rect: Rect, part: f32) -> f32 {
    rect.left() + 20.0 + (rect.width() - 34.0) * part
}

/// What stands in each column; a press orders by it.
fn heads(ui: &mut Ui, (sorted, descending): (AuditColumn, bool), signatures: bool, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.dense_row), Sense::hover());
    for (column, title, from, to) in columns(signatures) {
        let arrow = match (column == sorted, descending) {
            (false, _) => "",
            (true, false) => " ↑",
            (true, true) => " ↓",
        };
        let (x, align) = match column {
            AuditColumn::Line => (place(rect, to), Align2::RIGHT_CENTER),
            _ => (place(rect, from), Align2::LEFT_CENTER),
        };
        let words = format!("{title}{arrow}");
        let at = pos2(x, rect.center().y);
        let head = ui.painter().text(at, align, words, theme.small_strong(), theme.colours.text_2);
        let response = ui.interact(head.expand(6.0), Id::unique(("audit sort", title)), Sense::click());
        let name = format!("Sort by {title}");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        widget::focus_ring(ui, &response, head.expand2(vec2(4.0, 2.0)));
        if response.clicked() {
            out.push(Message::AuditSort(column));
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
}

fn line(ui: &mut Ui, state: &State, row: &AuditRow, signatures: bool) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.dense_row), Sense::hover());
    let words = row.verdict.map_or("unreadable", Verdict::title);
    let verdict = format!("{words} {}", row.by.map(brief).unwrap_or_default());
    let exp = row.exp.map(|exp| state.times().minutes(exp)).unwrap_or_default();
    let exactly = row.by.map(human).unwrap_or_default();
    let name = format!("line {}: {} at {}, {words} {exactly}", row.line, row.client_id, row.audience);
    let name = widget::visible(name.trim_end());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    let y = rect.center().y;
    for (column, _, from, to) in columns(signatures) {
        let (text, colour) = match column {
            AuditColumn::Line => {
                let number = widget::grouped(usize::try_from(row.line).unwrap_or_default());
                let at = pos2(place(rect, to), y);
                ui.painter().text(at, Align2::RIGHT_CENTER, number, theme.small(), colours.text_3);
                continue;
            }
            AuditColumn::Client => (row.client_id.as_str(), colours.text),
            AuditColumn::Api => (row.audience.as_str(), colours.text_2),
            AuditColumn::Expires => (exp.as_str(), colours.text_2),
            AuditColumn::Verdict => (verdict.as_str(), look(row.verdict, &theme)),
            AuditColumn::Signature => (row.signature.map_or("", |state| state.title()), colours.text_2),
        };
        let width = place(rect, to) - place(rect, from) - 8.0;
        widget::paint_line(ui, pos2(place(rect, from), y), width, text, theme.body(), colour);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, colours.surface_2));
    response.on_hover_text(name);
}

fn look(verdict: Option<Verdict>, theme: &Theme) -> egui::Color32 {
    match verdict {
        Some(Verdict::AsDecided) => theme.colours.active,
        Some(Verdict::OutlivesApplication | Verdict::Longer | Verdict::WouldBeDenied) => {
            theme.colours.overrun
        }
        _ => theme.colours.text_2,
    }
}
