//! The line at the bottom: which registry is open, what is under way, what was just said, and the zone of the times.

use super::shell::NARROW;
use super::theme::Theme;
use super::{view, widget};
use crate::app::{Message, RemoteMessage, Saving, Screen, State, WorkKind, standing, vendor_name};
use egui::{Align, Layout, Ui};

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let narrow = ui.available_width() < NARROW;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        // Where there is not room for both, what was just said counts more than where one is.
        if !narrow || state.notice.is_none() {
            let zone = format!("Times in {}", state.times().zone_name());
            if widget::status_button(ui, &zone).clicked() {
                out.push(Message::Show(Screen::Settings));
            }
        }
        if let Some(notice) = &state.notice {
            if widget::status_button(ui, "Dismiss").clicked() {
                out.push(Message::Dismiss);
            }
            let theme = Theme::of(ui.ctx());
            let colour = if notice.error { theme.colours.denied } else { theme.colours.text };
            let words = widget::visible(&notice.text);
            ui.scope(|ui| {
                ui.set_max_width(ui.available_width() * if narrow { 1.0 } else { 0.7 });
                ui.add(small(words.clone(), colour)).on_hover_text(words);
            });
        }
        // Less than this would be the beginning of a word.
        const LEAST: f32 = 80.0;
        if ui.available_width() > LEAST {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                standing_and_work(ui, state, narrow, out)
            });
        }
    });
}

fn small(text: String, colour: egui::Color32) -> egui::Label {
    egui::Label::new(egui::RichText::new(text).small().color(colour)).truncate()
}

/// Which registry is open, what it holds where there is room for that, and what is under way.
fn standing_and_work(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    if let Some(open) = &state.open {
        let registry = state.policy().map_or(open.registry(), |policy| policy.registry());
        let saved = match (open.read_only, open.saving) {
            (true, _) => "read-only".to_owned(),
            (_, Saving::Saved) => "all changes saved".to_owned(),
            (_, Saving::Pending(_)) => match open.progress {
                Some((done, of)) => format!("saving: {} %", done * 100 / of.max(1)),
                None => "saving…".to_owned(),
            },
        };
        if let Some(kept) = state.connected() {
            let connection = &kept.connection;
            let words =
                format!("{} {} · {}", vendor_name(&connection.vendor), connection.name, standing(connection));
            ui.add(small(words, view::connections::colour_of(&theme, connection.environment)));
        }
        let counts = format!(
            "{} · {} · {saved}",
            widget::counted(registry.applications().len(), "application"),
            widget::counted(registry.apis().len(), "API")
        );
        if !narrow {
            ui.add(small(counts, theme.colours.text_3));
        } else if open.saving != Saving::Saved {
            ui.add(small(saved, theme.colours.text_3));
        }
        if open.progress.is_some() && widget::status_button(ui, "Stop saving").clicked() {
            out.push(Message::StopCommit);
        }
    }
    if let Some(work) = &state.connections.work {
        ui.add(small(work.words(), theme.colours.text_2));
        let label = if work.kind == WorkKind::Apply { "Pause" } else { "Stop" };
        if widget::status_button(ui, label).clicked() {
            out.push(Message::Remote(RemoteMessage::Stop));
        }
    }
    if let Some(busy) = &state.busy {
        let words = match state.exporting.progress {
            Some((done, of)) => format!("{busy} {} %", done * 100 / of.max(1)),
            None => busy.clone(),
        };
        ui.add(small(words, theme.colours.text_2));
        if state.exporting.progress.is_some() && widget::status_button(ui, "Stop exporting").clicked() {
            out.push(Message::StopExport);
        }
    }
    if !state.reason.is_empty() {
        ui.add(small(format!("Reason: {}", widget::visible(&state.reason)), theme.colours.accent));
    }
}
