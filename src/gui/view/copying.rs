//! The dialog that copies applications from another registry: who is chosen, what each one is here, and what that does.

use super::changes::listed;
use super::dialog::buttons;
use super::effect::effect;
use crate::app::{CopyEdit, Copying, Message, State};
use crate::edit::{Counterpart, How};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{RichText, Role, ScrollArea, Ui, WidgetInfo, vec2};

/// Draws the dialog.
pub fn show(ui: &mut Ui, state: &State, copying: &Copying, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let name = copying.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    widget::title(ui, &format!("Copy from {}", widget::visible(&name)));
    let words = "Name, trial, access and lifetimes come over; client ids and what the other system keeps with them stay.";
    ui.add(egui::Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
    ui.add_space(4.0);
    let mut filter = copying.filter.clone();
    let response = widget::text_field(ui, &mut filter, "Only applications with these words", None, false);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Filter"));
    if filter != copying.filter {
        out.push(Message::CopyOver(CopyEdit::Filter(filter)));
    }
    ui.horizontal(|ui| {
        if widget::link(ui, &format!("Choose all {}", widget::grouped(copying.shown.len()))).clicked() {
            out.push(Message::CopyOver(CopyEdit::ChooseShown(true)));
        }
        if widget::link(ui, "Choose none").clicked() {
            out.push(Message::CopyOver(CopyEdit::ChooseShown(false)));
        }
    });
    ui.horizontal(|ui| {
        let heading =
            |words: &str| RichText::new(words).font(theme.small_strong()).color(theme.colours.text_2);
        ui.add_space(ui.available_width() - 262.0);
        ui.label(heading("Client id here"));
    });
    let area = ScrollArea::vertical().id_salt("copied").max_height(170.0).auto_shrink([false, true]);
    area.show_rows(ui, theme.control_height, copying.shown.len(), |ui, rows| {
        for place in copying.shown.iter().skip(rows.start).take(rows.len()) {
            if let Some(one) = copying.found.get(*place) {
                row(ui, copying, one, out);
            }
        }
    });
    ui.add_space(6.0);
    if !copying.changes.is_empty() {
        effect(ui, state, &copying.weighing, out);
        listed(ui, state, "copies", &copying.changes, 120.0);
    }
    if copying.changes.is_empty() {
        let words = if copying.chosen.is_empty() {
            "Nobody is chosen yet"
        } else {
            "Those that are chosen are so here already"
        };
        ui.label(RichText::new(words).color(theme.colours.text_2));
        ui.add_space(10.0);
        if widget::button(ui, "Cancel").clicked() {
            out.push(Message::Dialog(None));
        }
    } else {
        buttons(ui, "Copy", false, out);
    }
}

fn row(ui: &mut Ui, copying: &Copying, one: &Counterpart, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let id = &one.from.client_id;
    ui.horizontal(|ui| {
        let mut chosen = copying.chosen.contains(id);
        let title = one.from.title();
        let named = if title == id { title.to_owned() } else { format!("{title} · {id}") };
        let named = widget::visible(&named);
        let response = ui.allocate_ui(vec2(ui.available_width() - 270.0, theme.control_height), |ui| {
            ui.set_min_width(ui.available_width());
            ui.checkbox(&mut chosen, named.as_str())
        });
        if response.inner.changed() {
            out.push(Message::CopyOver(CopyEdit::Choose(id.clone(), chosen)));
        }
        let found = match (&one.to, one.how) {
            (Some(to), How::ExternalId) => format!("{}, by external id", to.client_id),
            (Some(to), _) => to.client_id.clone(),
            (None, _) => "new".to_owned(),
        };
        let mut hand = copying.by_hand.applications.get(id).cloned().unwrap_or_default();
        let before = hand.clone();
        let response = widget::text_field(ui, &mut hand, &widget::visible(&found), None, true);
        response
            .widget_info(|| WidgetInfo::labeled(Role::TextInput, true, format!("Client id here of {named}")));
        if hand != before {
            out.push(Message::CopyOver(CopyEdit::Hand(id.clone(), hand)));
        }
    });
}
