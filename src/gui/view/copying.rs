//! The dialog that copies applications from another registry: who is chosen, what each one is here, and what that does.

use super::changes::listed;
use super::dialog::buttons;
use super::effect::effect;
use crate::app::{CopyEdit, Copying, Message, State, named};
use crate::edit::{Counterpart, How};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{Align2, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

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
    ui.add_space(4.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    for (x, words) in [(rect.left(), "There"), (rect.left() + names(rect.width()) + 8.0, "Client id here")] {
        let at = pos2(x, rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, words, theme.small_strong(), theme.colours.text_2);
    }
    // What it does stands below, and is seen without scrolling.
    let height = (ui.ctx().content_rect().height() - 480.0).clamp(140.0, 300.0);
    let area = ScrollArea::vertical().id_salt("copied").max_height(height).auto_shrink([false, true]);
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

/// How wide the names are in a dialog of this width.
fn names(width: f32) -> f32 {
    (width - 270.0).max(width * 0.5)
}

fn row(ui: &mut Ui, copying: &Copying, one: &Counterpart, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let id = &one.from.client_id;
    ui.horizontal(|ui| {
        let chosen = copying.chosen.contains(id);
        let named = widget::visible(&named(one.from.title(), id));
        let size = vec2(names(ui.available_width()), theme.control_height);
        let response = ui.allocate_ui(size, |ui| widget::switch(ui, chosen, &named, "")).inner;
        if response.on_hover_text(named.as_str()).clicked() {
            out.push(Message::CopyOver(CopyEdit::Choose(id.clone(), !chosen)));
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
