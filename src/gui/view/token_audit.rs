//! Audit: every token of a log against the policy, with totals, verdicts to filter by, and the rows.

use super::tokens::verify_with;
use crate::app::{AuditRow, Dialog, FileTask, Message, State};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::human;
use crate::token::{Totals, Verdict};
use egui::{
    Align2, Frame, Label, Margin, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use std::path::PathBuf;

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let audit = &state.tokens.audit;
    Frame::new().inner_margin(Margin { left: 20, right: 14, top: 10, bottom: 6 }).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        widget::title(ui, "Audit a log");
        file(ui, state, out);
        if let Some((done, of)) = audit.running {
            running(ui, done, of, out);
        }
        if let Some(error) = &audit.error {
            let colour = Theme::of(ui.ctx()).colours.denied;
            ui.add(Label::new(RichText::new(widget::visible(error)).color(colour)).wrap());
        }
        if let Some(totals) = &audit.totals {
            found(ui, state, totals, out);
        }
    });
    if audit.totals.is_none() && audit.running.is_none() {
        let words =
            "Drop a file here, or name one: one token a line, JSON lines, or any log with tokens in it.";
        widget::empty(ui, "No log yet", words);
    }
    if !audit.shown.is_empty() {
        rows(ui, state);
    }
}

fn file(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let audit = &state.tokens.audit;
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        let mut path = audit.path.clone();
        let width = (ui.available_width() - 200.0).clamp(160.0, 560.0);
        let field = |ui: &mut Ui| widget::text_field(ui, &mut path, "/var/log/access.log", None, false);
        let response = ui.allocate_ui(vec2(width, theme.control_height), field).inner;
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Log to audit"));
        let entered = widget::entered(ui, &response);
        // The page is for one thing: its field has the keyboard when nothing else has.
        let quiet = state.dialog.is_none() && state.palette.is_none() && audit.file.is_none() && !entered;
        if quiet && ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        if response.changed() {
            out.push(Message::AuditPath(path.clone()));
        }
        let ready = !path.trim().is_empty() && audit.running.is_none();
        ui.add_enabled_ui(ready, |ui| {
            if widget::primary_button(ui, "Audit").clicked() || (entered && ready) {
                out.push(Message::Audit(PathBuf::from(path.trim())));
            }
        });
        if widget::button(ui, "Browse…").clicked() {
            let dialog = Dialog::Path { task: FileTask::Log, path: String::new(), error: None };
            out.extend([Message::Dialog(Some(dialog)), Message::Browse]);
        }
    });
    ui.horizontal(|ui| {
        ui.allocate_ui(vec2(320.0, theme.control_height), |ui| verify_with(ui, state, out));
    });
}

fn running(ui: &mut Ui, done: u64, of: u64, out: &mut Vec<Message>) {
    ui.horizontal(|ui| {
        let words = match of {
            0 => "Reading…".to_owned(),
            of => format!("Reading: {} %", done.saturating_mul(100) / of),
        };
        ui.label(RichText::new(words).color(Theme::of(ui.ctx()).colours.text_2));
        if widget::link(ui, "Stop").clicked() {
            out.push(Message::StopAudit);
        }
    });
}

/// What was found, and each verdict as a filter.
fn found(ui: &mut Ui, state: &State, totals: &Totals, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let audit = &state.tokens.audit;
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let mut words = format!(
        "{} tokens in {} lines",
        widget::grouped(count(totals.tokens)),
        widget::grouped(count(totals.lines))
    );
    if totals.longest_overrun > 0 {
        words.push_str(&format!(
            "; the longest outlives its application by {}",
            human(totals.longest_overrun)
        ));
    }
    if totals.unreadable > 0 {
        words.push_str(&format!("; {} could not be read", widget::grouped(count(totals.unreadable))));
    }
    if totals.unexplained > 0 {
        words.push_str(&format!(
            "; {} the issuer does not explain",
            widget::grouped(count(totals.unexplained))
        ));
    }
    ui.add(Label::new(RichText::new(words).font(theme.strong())).wrap());
    ui.horizontal_wrapped(|ui| {
        if widget::chip(ui, "All", Some(count(totals.tokens)), None, audit.only.is_none()).clicked() {
            out.push(Message::AuditOnly(None));
        }
        for verdict in Verdict::ALL {
            let of = totals.count(verdict);
            if of > 0 {
                let on = audit.only == Some(verdict);
                let label = verdict.title().trim_end_matches(" by");
                if widget::chip(ui, label, Some(count(of)), None, on).clicked() {
                    out.push(Message::AuditOnly((!on).then_some(verdict)));
                }
            }
        }
    });
    if totals.tokens > audit.rows.len() as u64 {
        let words = format!(
            "The first {} are shown; `tenure audit --csv` writes all of them",
            widget::grouped(audit.rows.len())
        );
        ui.label(RichText::new(words).font(theme.small()).color(theme.colours.text_2));
    }
}

fn rows(ui: &mut Ui, state: &State) {
    let theme = Theme::of(ui.ctx());
    let audit = &state.tokens.audit;
    ui.spacing_mut().item_spacing.y = 0.0;
    heads(ui, &theme);
    let area = ScrollArea::vertical().id_salt("audit").auto_shrink(false);
    area.show_rows(ui, theme.dense_row, audit.shown.len(), |ui, range| {
        for row in audit.shown.iter().skip(range.start).take(range.len()) {
            if let Some(found) = audit.rows.get(*row as usize) {
                line(ui, state, found);
            }
        }
    });
}

/// What stands in each column.
fn heads(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.dense_row), Sense::hover());
    let x = |part: f32| rect.left() + 20.0 + (rect.width() - 34.0) * part;
    let (y, font, colour) = (rect.center().y, theme.small_strong(), theme.colours.text_2);
    ui.painter().text(pos2(x(0.07), y), Align2::RIGHT_CENTER, "Line", font.clone(), colour);
    for (from, words) in [
        (0.09, "Client"),
        (0.27, "API"),
        (0.48, "Expires"),
        (0.64, "Against the policy"),
        (0.88, "Signature"),
    ] {
        ui.painter().text(pos2(x(from), y), Align2::LEFT_CENTER, words, font.clone(), colour);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
}

fn line(ui: &mut Ui, state: &State, row: &AuditRow) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.dense_row), Sense::hover());
    let by = row.by.map(human).unwrap_or_default();
    let verdict = row.verdict.map_or("unreadable".to_owned(), |verdict| format!("{} {by}", verdict.title()));
    let exp = row.exp.map(|exp| state.times().minutes(exp)).unwrap_or_default();
    let signature = row.signature.map_or("", |state| state.title());
    let name =
        widget::visible(&format!("line {}: {} at {}, {verdict}", row.line, row.client_id, row.audience));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    let y = rect.center().y;
    let x = |part: f32| rect.left() + 20.0 + (rect.width() - 34.0) * part;
    let colour = match row.verdict {
        Some(Verdict::AsDecided) => colours.active,
        Some(Verdict::OutlivesApplication | Verdict::Longer | Verdict::WouldBeDenied) => colours.overrun,
        _ => colours.text_2,
    };
    let number = widget::grouped(usize::try_from(row.line).unwrap_or_default());
    ui.painter().text(pos2(x(0.07), y), Align2::RIGHT_CENTER, number, theme.small(), colours.text_3);
    for (from, to, text, colour) in [
        (0.09, 0.27, row.client_id.as_str(), colours.text),
        (0.27, 0.48, row.audience.as_str(), colours.text_2),
        (0.48, 0.64, exp.as_str(), colours.text_2),
        (0.64, 0.88, verdict.as_str(), colour),
        (0.88, 1.0, signature, colours.text_2),
    ] {
        widget::paint_line(ui, pos2(x(from), y), x(to) - x(from) - 8.0, text, theme.body(), colour);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, colours.surface_2));
    response.on_hover_text(name);
}
