//! Fields to type into.

use super::text::visible;
use crate::gui::theme::Theme;
use egui::{
    CompletionPopup, CompletionQuery, FontId, Id, Key, Label, Margin, RectAlign, Response, RichText, Role,
    Stroke, Suggestion, TextEdit, Ui, WidgetInfo,
};

/// A field of one line. What is wrong stands below it.
pub fn text_field(ui: &mut Ui, text: &mut String, hint: &str, error: Option<&str>, mono: bool) -> Response {
    let font = if mono { Theme::of(ui.ctx()).mono() } else { Theme::of(ui.ctx()).body() };
    with_error(ui, error, |ui| {
        let edit = edit(ui, text, hint, font);
        ui.add(edit)
    })
}

/// A field of one line that offers how the word at the cursor can go on; Tab takes an offer, Esc sends them away.
pub fn completed_field(
    ui: &mut Ui,
    id: Id,
    text: &mut String,
    hint: &str,
    error: Option<&str>,
    offer: impl FnOnce(&CompletionQuery<'_>) -> Vec<Suggestion>,
) -> Response {
    let font = Theme::of(ui.ctx()).body();
    with_error(ui, error, |ui| {
        let popup = CompletionPopup::new(id)
            .align(RectAlign::BOTTOM_START)
            .max_height(320.0)
            .accept_keys(vec![Key::Tab]);
        let edit = edit(ui, text, hint, font);
        let output = popup.show(ui, edit, offer);
        let mut response = output.text_edit.response.response;
        if output.accepted.is_some() {
            response.mark_changed();
        }
        response
    })
}

fn with_error(ui: &mut Ui, error: Option<&str>, field: impl FnOnce(&mut Ui) -> Response) -> Response {
    let theme = Theme::of(ui.ctx());
    ui.vertical(|ui| {
        let draw = |ui: &mut Ui| {
            if error.is_some() {
                paint_wrong(ui);
            }
            field(ui)
        };
        let response = ui.scope(draw).inner;
        if let Some(error) = error {
            let words = RichText::new(visible(error)).font(theme.small()).color(theme.colours.denied);
            ui.add(Label::new(words).wrap());
        }
        response
    })
    .inner
}

fn paint_wrong(ui: &mut Ui) {
    let stroke = Stroke::new(1.0, Theme::of(ui.ctx()).colours.denied);
    let widgets = &mut ui.visuals_mut().widgets;
    for look in
        [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active, &mut widgets.noninteractive]
    {
        look.bg_stroke = stroke;
    }
}

fn edit<'t>(ui: &Ui, text: &'t mut String, hint: &str, font: FontId) -> TextEdit<'t> {
    let theme = Theme::of(ui.ctx());
    TextEdit::singleline(text)
        .hint_text(RichText::new(hint).color(theme.colours.text_3))
        .font(font)
        .margin(Margin::symmetric(10, 5))
        .min_size(egui::vec2(0.0, theme.control_height))
        .align(egui::Align2::LEFT_CENTER)
        .desired_width(ui.available_width())
}

/// What a field holds while somebody types into it.
#[derive(Clone, Default)]
struct Draft {
    text: String,
    error: Option<String>,
}

/// A field over a value: typed freely, taken with Enter or on leaving, given up with Esc.
///
/// What cannot be read stays as it was typed, with the sentence below, until it is mended or given up.
pub fn edited<T>(
    ui: &mut Ui,
    key: impl std::hash::Hash + std::fmt::Debug,
    name: &str,
    value: &str,
    hint: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> (Option<T>, Response) {
    let id = Id::unique(key);
    let kept: Option<Draft> = ui.data(|data| data.get_temp(id));
    let editing = kept.is_some();
    let mut draft = kept.unwrap_or_else(|| Draft { text: value.to_owned(), error: None });
    let response = text_field(ui, &mut draft.text, hint, draft.error.as_deref(), false);
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, enabled, name));
    let mut taken = None;
    let escaped = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
    if escaped {
        ui.data_mut(|data| data.remove::<Draft>(id));
    } else if response.lost_focus() && (editing || response.changed()) {
        if draft.text == value {
            ui.data_mut(|data| data.remove::<Draft>(id));
        } else {
            match read(&draft.text) {
                Ok(read) => {
                    taken = Some(read);
                    ui.data_mut(|data| data.remove::<Draft>(id));
                }
                Err(error) => {
                    draft.error = Some(error);
                    ui.data_mut(|data| data.insert_temp(id, draft));
                }
            }
        }
    } else if response.changed() {
        draft.error = None;
        ui.data_mut(|data| data.insert_temp(id, draft));
    }
    (taken, response)
}
