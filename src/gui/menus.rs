//! Menus, made from the one list of commands.

use super::{keys, widget};
use crate::app::{Menu, Message, State};
use egui::Ui;
use egui::containers::menu::SubMenu;

/// How wide a menu of commands is, in points: the longest name and its shortcut fit.
pub const WIDTH: f32 = 320.0;

/// The commands of one menu, each with its shortcut; what cannot run now is pale.
pub fn commands(ui: &mut Ui, state: &State, menu: Menu, out: &mut Vec<Message>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for command in menu.commands() {
        ui.add_enabled_ui(command.available(state), |ui| {
            if widget::menu_item(ui, command.title(), &keys::hint_in(ui.ctx(), state, command)).clicked() {
                out.push(Message::Run(command));
                ui.close();
            }
        });
    }
}

/// Every menu, each behind its name.
pub fn all(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for menu in Menu::ALL {
        let response = widget::menu_item(ui, menu.title(), "→");
        SubMenu::new().show(ui, &response, |ui| {
            ui.set_width(WIDTH);
            commands(ui, state, menu, out);
        });
    }
}
