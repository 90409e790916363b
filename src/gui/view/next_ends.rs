//! What ends next: a few applications of the next day, week and month, beside the timeline.

use crate::app::{Command, Message, REVIEW, State};
use crate::gui::theme::Theme;
use crate::gui::{live, widget};
use egui::{ScrollArea, Ui};

/// The first few that end within a day, a week and a month.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    ScrollArea::vertical().id_salt("next ends").auto_shrink(false).show(ui, |ui| list(ui, state, out));
}

fn list(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    const SHOWN: usize = 5;
    let Some(policy) = state.policy() else { return };
    let colours = Theme::of(ui.ctx()).colours.clone();
    widget::title(ui, "Next ends");
    let at = state.at().seconds();
    let mut from = at + 1;
    for (label, days) in [("24 hours", 1), ("7 days", 7), ("30 days", 30)] {
        let to = at + days * 86_400;
        let count = state.trials.ending_between(from, to);
        // As the filters above: 24 hours count among the 7 days.
        let within = state.trials.ending_between(at + 1, to);
        widget::section_heading(ui, &format!("{label}: {}", widget::grouped(within)));
        let first = state.trials.all.ends().partition_point(|end| *end < from);
        for row in state.trials.rows.iter().skip(first).take(count.min(SHOWN)) {
            let Some(app) = policy.registry().applications().get(*row as usize) else { continue };
            let Some(end) = app.expires_at else { continue };
            ui.horizontal(|ui| {
                let response = widget::link(ui, &shortened(app.title()));
                if response.on_hover_text(widget::visible(&app.client_id)).clicked() {
                    out.push(Message::Select(Some(app.client_id.clone())));
                }
                let words = format!("{} · {}", live::relative(ui, state, end), state.times().short(end));
                widget::elided(ui, &words, colours.text_2);
            });
        }
        if count > SHOWN {
            let words = format!("and {} more", widget::grouped(count - SHOWN));
            ui.label(egui::RichText::new(words).color(colours.text_2));
        }
        from = to;
    }
    still_granted(ui, state, out);
    widget::section_heading(ui, "Selection");
    let words = "Drag across the timeline to select by end, with Shift beside what is selected. The wheel zooms over the axis. \
                 An end can be dragged.";
    ui.add(egui::Label::new(egui::RichText::new(words).color(colours.text_2)).wrap());
}

/// Who has ended and can still get tokens, and until when tokens of theirs may live.
fn still_granted(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let ended = &state.trials.ended;
    widget::section_heading(ui, &format!("{REVIEW}: {}", widget::grouped(ended.count)));
    if ended.count == 0 {
        return;
    }
    let colours = Theme::of(ui.ctx()).colours.clone();
    let issuer = state.policy().map_or("", |policy| policy.registry().service.issuer_profile.title());
    let mut words = match ended.alive(state.at()) {
        None if ended.issued > 0 => String::new(),
        None => format!("No token of theirs lives any more ({issuer})."),
        Some((alive, last)) => format!(
            "Tokens of {} of them may still live, the last until {} ({issuer}).",
            widget::grouped(alive),
            state.times().short(last)
        ),
    };
    if ended.issued > 0 {
        let count = widget::grouped(ended.issued);
        words = format!("{issuer} goes on handing out tokens to {count} of them. {words}");
    }
    ui.add(egui::Label::new(egui::RichText::new(words).color(colours.text_2)).wrap());
    if widget::link(ui, "Review them").clicked() {
        out.push(Message::Run(Command::StillGranted));
    }
}

/// A name in the room that a link has.
fn shortened(name: &str) -> String {
    const MOST: usize = 20;
    let shown = widget::visible(name);
    if shown.chars().count() <= MOST {
        return shown;
    }
    shown.chars().take(MOST - 1).chain(['…']).collect()
}
