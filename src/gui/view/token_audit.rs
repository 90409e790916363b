//! Audit: every token of a log against the policy, with totals, verdicts to filter by, and the rows.

use super::{audit_rows, token_verify};
use crate::app::{Audit, Audited, Dialog, FileTask, Message, SettingsOf, State};
use crate::export::AuditForm;
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::human;
use crate::token::{Totals, Verdict};
use egui::{Frame, Label, Margin, RichText, Role, ScrollArea, Ui, WidgetInfo, vec2};
use std::path::PathBuf;

/// So much room the page needs for the rows to move below what stands above them; with less, all of it moves.
const ENOUGH: f32 = 460.0;

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let has_rows = !state.tokens.audit.shown.is_empty();
    if ui.available_height() > ENOUGH || !has_rows {
        above(ui, state, out);
        if has_rows {
            audit_rows::show(ui, state, out);
        }
        return;
    }
    let height = ui.available_height();
    ScrollArea::vertical().id_salt("audit page").auto_shrink(false).show(ui, |ui| {
        above(ui, state, out);
        let rows = vec2(ui.available_width(), height);
        ui.allocate_ui(rows, |ui| audit_rows::show(ui, state, out));
    });
}

/// What is asked and what was found.
fn above(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let audit = &state.tokens.audit;
    Frame::new().inner_margin(Margin { left: 20, right: 14, top: 10, bottom: 6 }).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        widget::title(ui, "Audit a log");
        file(ui, state, out);
        if let Some(how_far) = audit.running {
            running(ui, audit, how_far, out);
        }
        if let Some(error) = &audit.error {
            let colour = Theme::of(ui.ctx()).colours.denied;
            ui.add(Label::new(RichText::new(widget::visible(error)).color(colour)).wrap());
        }
        if let Some(told) = &audit.found {
            found(ui, state, told, out);
        }
    });
    if audit.found.is_none() && audit.running.is_none() {
        let words =
            "Drop a file here, or name one: one token a line, JSON lines, or any log with tokens in it.";
        widget::empty(ui, "No log yet", words);
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
        let quiet = state.dialog.is_none() && state.palette.is_none() && audit.asked.is_none() && !entered;
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
    let room = ui.available_width();
    let verify = |ui: &mut Ui, width: f32, out: &mut Vec<Message>| {
        ui.vertical(|ui| {
            ui.set_width(width);
            token_verify::show(ui, state, "No key: signatures are not checked", out);
        });
    };
    if room < 640.0 {
        verify(ui, room.min(360.0), out);
        judged_by(ui, audit.settings, out);
    } else {
        ui.horizontal_top(|ui| {
            verify(ui, 360.0_f32.min(room - 330.0), out);
            judged_by(ui, audit.settings, out);
        });
    }
}

/// The settings of when each token was issued, or today's.
fn judged_by(ui: &mut Ui, settings: SettingsOf, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(theme.control_height);
        ui.label(RichText::new("Judged by").color(theme.colours.text_2));
        for (which, label, hint) in [
            (SettingsOf::Then, "the settings of then", "Those in force when each token was issued"),
            (SettingsOf::Today, "today's settings", "As if each token were issued now"),
        ] {
            let on = settings == which;
            if widget::chip(ui, label, None, None, on).on_hover_text(hint).clicked() && !on {
                out.push(Message::AuditSettings(which));
            }
        }
    });
}

fn running(ui: &mut Ui, audit: &Audit, (done, of): (u64, u64), out: &mut Vec<Message>) {
    ui.horizontal(|ui| {
        let what = if audit.saving.is_some() { "Saving" } else { "Reading" };
        let words = match of {
            0 => format!("{what}…"),
            of => format!("{what}: {} %", done.saturating_mul(100) / of),
        };
        ui.label(RichText::new(words).color(Theme::of(ui.ctx()).colours.text_2));
        if widget::link(ui, "Stop").clicked() {
            out.push(Message::StopAudit);
        }
    });
}

/// What was found, and each verdict as a filter.
fn found(ui: &mut Ui, state: &State, told: &Audited, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.add(Label::new(RichText::new(sums(&told.totals)).font(theme.strong())).wrap());
    ui.horizontal_wrapped(|ui| {
        verdicts(ui, &state.tokens.audit, &told.totals, out);
        save(ui, state, out);
    });
    let small = |ui: &mut Ui, words: String| {
        ui.add(Label::new(RichText::new(words).font(theme.small()).color(theme.colours.text_2)).wrap());
    };
    if !told.whole {
        small(ui, "It was stopped before the end of the log; audit it again to save it".to_owned());
    }
    if let Some((count, begins)) = told.before_history {
        let were = if count == 1 { "token was" } else { "tokens were" };
        let (count, begins) = (widget::grouped(whole(count)), state.times().minutes(begins));
        small(
            ui,
            format!("{count} {were} issued before history begins ({begins}); its first settings judge them"),
        );
    }
    if told.totals.tokens > told.rows.len() as u64 {
        let kept = widget::grouped(told.rows.len());
        small(ui, format!("The worst {kept} are shown; a file has all of them"));
    }
}

/// Every row to a file, whether it is kept to look at or not.
fn save(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let ready = state.tokens.audit.can_be_saved();
    let forms = [(AuditForm::Csv, "Save as CSV…"), (AuditForm::JsonLines, "Save as JSON lines…")];
    // Both stand in one row.
    widget::wrap_before(ui, &forms.map(|(_, label)| label).join("        "));
    for (form, label) in forms {
        let button =
            |ui: &mut Ui| widget::button(ui, label).on_hover_text("Every row of the verdict that is chosen");
        if ui.add_enabled_ui(ready, button).inner.clicked() {
            let path = state.beside(&format!("-audit.{}", form.extension()));
            let dialog = Dialog::Path { task: FileTask::SaveAudit(form), path, error: None };
            out.push(Message::Dialog(Some(dialog)));
        }
    }
}

fn whole(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// What was found, in a sentence.
fn sums(totals: &Totals) -> String {
    let count = whole;
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
    words
}

/// Each verdict as a filter.
fn verdicts(ui: &mut Ui, audit: &Audit, totals: &Totals, out: &mut Vec<Message>) {
    let count = whole;
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
}
