//! Keys: those that are kept, with what everybody may see of them, and new ones, made or imported.

use crate::app::{Dialog, FileTask, KeyTask, Message, NewKey, State, StoredKey};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::token::{Algorithm, KeyKind};
use egui::{Frame, Label, Margin, RichText, Role, Ui, WidgetInfo, vec2};
use std::path::PathBuf;

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
    let theme = Theme::of(ui.ctx());
    widget::title(ui, "Keys");
    let words = "In the system's key store where there is one, else in a file that only you can read; never in a registry.";
    ui.add(Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
    match &state.tokens.keys {
        Err(error) => {
            ui.add(Label::new(RichText::new(widget::visible(error)).color(theme.colours.denied)).wrap());
        }
        Ok(keys) if keys.is_empty() => {
            ui.label(
                RichText::new("None yet: a sample needs one to be signed with").color(theme.colours.text_2),
            );
        }
        Ok(keys) => {
            for key in keys {
                stored(ui, key, out);
            }
            if widget::button(ui, "Export the public halves (JWKS)…").clicked() {
                let path = state.beside("-jwks.json");
                out.push(Message::Dialog(Some(Dialog::Path { task: FileTask::Jwks, path, error: None })));
            }
        }
    }
    new_key(ui, &state.tokens.new_key, out);
}

fn stored(ui: &mut Ui, stored: &StoredKey, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let frame = Frame::new().stroke(theme.hairline()).corner_radius(theme.card_radius);
    frame.inner_margin(Margin::symmetric(12, 9)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(widget::visible(&stored.name)).font(theme.strong()));
            let asks = ui.data(|data| data.get_temp::<String>(asked())) == Some(stored.name.clone());
            // A key cannot be brought back, so that it is asked for once.
            if !asks
                && widget::danger_link(ui, &format!("Delete {}", widget::visible(&stored.name))).clicked()
            {
                ui.data_mut(|data| data.insert_temp(asked(), stored.name.clone()));
            }
            if asks {
                ui.label(RichText::new("It cannot be brought back").color(colours.denied));
                if widget::danger_link(ui, "Delete it for good").clicked() {
                    ui.data_mut(|data| data.remove::<String>(asked()));
                    out.push(Message::Key(KeyTask::Delete(stored.name.clone())));
                }
                if widget::link(ui, "Keep it").clicked() {
                    ui.data_mut(|data| data.remove::<String>(asked()));
                }
            }
        });
        for key in stored.set.keys() {
            let algorithms: Vec<&str> = key.algorithms().map(Algorithm::as_str).collect();
            let half = if key.can_sign() { "signs and verifies" } else { "verifies" };
            let words = format!("{} · {half} · {} · {}", key.kind(), algorithms.join(", "), stored.place);
            ui.add(Label::new(RichText::new(words).color(colours.text_2)).wrap());
            ui.horizontal(|ui| {
                widget::mono(ui, key.id());
                if let Some(jwk) = key.public_jwk().and_then(|jwk| serde_json::to_string(&jwk).ok())
                    && widget::link(ui, "copy public JWK").clicked()
                {
                    out.push(Message::Copy { text: jwk, what: "Public JWK" });
                }
            });
        }
    });
}

/// Which key was asked to be deleted.
fn asked() -> egui::Id {
    egui::Id::unique("key to delete")
}

fn new_key(ui: &mut Ui, key: &NewKey, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let mut next = key.clone();
    ui.add_space(8.0);
    widget::title(ui, "New key");
    widget::section_heading(ui, "Name");
    let response = widget::text_field(ui, &mut next.name, "samples", key.error.as_deref(), false);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Name of the key"));
    let named = !key.name.trim().is_empty();
    widget::section_heading(ui, "Make one");
    ui.horizontal_wrapped(|ui| {
        for kind in KeyKind::ALL {
            if widget::chip(ui, kind.title(), None, None, key.kind == kind).clicked() {
                next.kind = kind;
            }
        }
        ui.add_enabled_ui(named, |ui| {
            if widget::primary_button(ui, "Generate").clicked() {
                out.push(Message::Key(KeyTask::Generate(key.name.trim().to_owned(), key.kind)));
            }
        });
    });
    widget::section_heading(ui, "Or import one: PEM, JWK or JWKS");
    ui.horizontal(|ui| {
        let width = (ui.available_width() - 190.0).max(160.0);
        let field = |ui: &mut Ui| widget::text_field(ui, &mut next.path, "/path/to/key.pem", None, false);
        let response = ui.allocate_ui(vec2(width, theme.control_height), field).inner;
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "File of the key"));
        if widget::button(ui, "Browse…").clicked() {
            let task = FileTask::ImportKey;
            out.push(Message::Dialog(Some(Dialog::Path { task, path: key.path.clone(), error: None })));
            out.push(Message::Browse);
        }
        ui.add_enabled_ui(named && !key.path.trim().is_empty(), |ui| {
            if widget::button(ui, "Import").clicked() {
                let path = PathBuf::from(key.path.trim());
                out.push(Message::Key(KeyTask::Import(key.name.trim().to_owned(), path)));
            }
        });
    });
    if next != *key {
        out.push(Message::NewKey(next));
    }
}
