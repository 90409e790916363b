//! The first-run page: what the program is for, and the ways to begin.

use crate::app::{Command, Message, Screen, State};
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use egui::{RichText, Ui};

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    egui::ScrollArea::vertical().id_salt("welcome").auto_shrink(false).show(ui, |ui| {
        ways(ui, state, out);
        widget::follow_keyboard(ui);
    });
}

fn ways(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    if let Some(name) = &state.opening {
        widget::empty(ui, &format!("Opening {}…", widget::visible(name)), "");
        return;
    }
    // A quarter from above, unless that leaves too little.
    const NEEDED: f32 = 270.0;
    let height = ui.available_height();
    ui.add_space((height * 0.24).min((height - NEEDED) / 2.0).max(8.0));
    ui.vertical_centered(|ui| {
        ui.label(RichText::new("Tenure").font(theme.answer()));
        let words = "How long machine-to-machine access lives, for any application at any instant, and why";
        ui.label(RichText::new(words).color(theme.colours.text_2));
        ui.add_space(20.0);
        let sample = widget::primary_button(ui, "Open the sample registry");
        if state.dialog.is_none() && ui.memory(|memory| memory.focused().is_none()) {
            sample.request_focus();
        }
        if sample.clicked() {
            out.push(Message::Run(Command::Sample));
        }
        ui.add_space(6.0);
        for command in [Command::New, Command::Open] {
            let response = widget::button(ui, command.title()).on_hover_text(keys::hint(ui.ctx(), command));
            if response.clicked() {
                out.push(Message::Run(command));
            }
        }
        let connections = Command::Show(Screen::Connections);
        let hint = keys::hint(ui.ctx(), connections);
        if widget::button(ui, "Connect to Auth0 or Authlete…").on_hover_text(hint).clicked() {
            out.push(Message::Run(connections));
        }
        ui.add_space(14.0);
        let hint = "A registry file can also be dropped here";
        ui.label(RichText::new(hint).font(theme.small()).color(theme.colours.text_3));
    });
}
