//! Fields to type into.

use super::button::focus_ring;
use super::text::{paint_line, visible};
use crate::gui::theme::Theme;
use crate::token::Secret;
use egui::text::{CCursor, CCursorRange};
use egui::{
    CompletionPopup, CompletionQuery, FontId, Id, Key, Label, Margin, Modifiers, RectAlign, Response,
    RichText, Role, Sense, Stroke, StrokeKind, Suggestion, TextEdit, Ui, WidgetInfo,
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

/// A field whose text nobody can read: neither on the screen nor in the accessibility tree, nor by undoing. Tells what was
/// typed, and whether Enter was pressed.
pub fn secret_field(
    ui: &mut Ui,
    name: &str,
    secret: &Secret,
    error: Option<&str>,
) -> (Option<Secret>, Response) {
    let mut text = zeroize::Zeroizing::new(String::from_utf8_lossy(secret.expose()).into_owned());
    let font = Theme::of(ui.ctx()).body();
    let response = with_error(ui, error, |ui| {
        let edit = edit(ui, &mut text, "", font).password(true);
        ui.add(edit)
    });
    response.widget_info(|| WidgetInfo::labeled(Role::PasswordInput, true, name));
    // The field keeps copies of what was typed, to undo it.
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), response.id) {
        state.clear_undoer();
        state.store(ui.ctx(), response.id);
    }
    (response.changed().then(|| Secret::new(text.as_bytes())), response)
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

/// A place for what is pasted and must not be seen: nothing of it is shown or kept here. It takes the keyboard, and what is
/// pasted then goes where `keys::pasted` sends it.
pub fn paste_place(ui: &mut Ui, name: &str, hint: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let size = egui::vec2(ui.available_width(), theme.control_height);
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, paste_id(), Sense::click());
    if response.clicked() {
        response.request_focus();
    }
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let fill = if response.hovered() { theme.colours.surface_2 } else { theme.colours.surface };
    ui.painter().rect(rect, theme.radius, fill, theme.hairline(), StrokeKind::Inside);
    let at = rect.left_center() + egui::vec2(10.0, 0.0);
    paint_line(ui, at, rect.width() - 20.0, hint, theme.body(), theme.colours.text_3);
    focus_ring(ui, &response, rect);
    response
}

/// Whether the place for what must not be seen has the keyboard.
#[must_use]
pub fn has_paste_place(ctx: &egui::Context) -> bool {
    ctx.memory(|memory| memory.has_focus(paste_id()))
}

fn paste_id() -> Id {
    Id::unique("paste what must not be seen")
}

/// Whether Enter has just ended the typing; the key then means nothing else.
pub fn entered(ui: &Ui, response: &Response) -> bool {
    response.lost_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter))
}

/// What a field holds while somebody types into it.
#[derive(Clone, Default)]
struct Draft {
    text: String,
    /// The value when typing began: another one means that somebody else was quicker.
    base: String,
    error: Option<String>,
}

/// What became of what is typed into a field.
#[derive(Debug)]
pub enum Typed<T> {
    /// It can be read, and may be taken.
    Considered(T),
    /// It was taken.
    Taken(T),
}

/// A field over a value: typed freely, taken with Enter or on leaving, given up with Esc.
///
/// What cannot be read stays as it was typed, with the sentence below, until it is mended or given up. A value that
/// somebody else changed meanwhile is not overwritten before it has been said. What can be read while it is typed is told
/// too, so that its effect can be shown.
pub fn edited_live<T>(
    ui: &mut Ui,
    key: impl std::hash::Hash + std::fmt::Debug,
    name: &str,
    value: &str,
    hint: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> (Option<Typed<T>>, Response) {
    let id = Id::unique(key);
    let kept: Option<Draft> = ui.data(|data| data.get_temp(id));
    let editing = kept.is_some();
    let begin = || Draft { text: value.to_owned(), base: value.to_owned(), error: None };
    let mut draft = kept.unwrap_or_else(begin);
    let response = text_field(ui, &mut draft.text, hint, draft.error.as_deref(), false);
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, enabled, name));
    arrive(ui, &response, &draft.text);
    let give_up = |ui: &Ui| ui.data_mut(|data| data.remove::<Draft>(id));
    let mut typed = None;
    let left = response.lost_focus();
    if left && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        give_up(ui);
        return (None, response);
    }
    let by_enter = entered(ui, &response);
    if left && (editing || response.changed()) {
        let outcome = if draft.text == value {
            Ok(None)
        } else if draft.base != value {
            let now = if value.is_empty() { "nothing" } else { value };
            Err(format!("somebody else made it `{now}` meanwhile; Enter overwrites that, Esc keeps it"))
        } else {
            read(&draft.text).map(Some)
        };
        match outcome {
            Ok(read) => {
                typed = read.map(Typed::Taken);
                give_up(ui);
            }
            Err(error) => {
                draft = Draft { text: draft.text, base: value.to_owned(), error: Some(error) };
                ui.data_mut(|data| data.insert_temp(id, draft.clone()));
                // Enter leaves the keyboard here, so that Esc can give up.
                if by_enter {
                    response.request_focus();
                }
            }
        }
    } else if response.changed() {
        draft.error = None;
        ui.data_mut(|data| data.insert_temp(id, draft.clone()));
    } else if editing && !response.has_focus() && draft.base != value {
        // What was wrong was typed over a value that is gone.
        give_up(ui);
    }
    if typed.is_none() && response.has_focus() && draft.text != value {
        typed = read(&draft.text).ok().map(Typed::Considered);
    }
    (typed, response)
}

/// The same where only what is taken counts.
pub fn edited<T>(
    ui: &mut Ui,
    key: impl std::hash::Hash + std::fmt::Debug,
    name: &str,
    value: &str,
    hint: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> (Option<T>, Response) {
    match edited_live(ui, key, name, value, hint, read) {
        (Some(Typed::Taken(value)), response) => (Some(value), response),
        (_, response) => (None, response),
    }
}

/// Typing replaces what stands in a field that the keyboard has just come to; the mouse sets its own cursor.
fn arrive(ui: &Ui, response: &Response, text: &str) {
    // egui's own `gained_focus` does not tell of focus that was asked for.
    let key = response.id.with("had the keyboard");
    let has = response.has_focus() || response.lost_focus();
    let had = ui.data_mut(|data| {
        let had = data.get_temp::<bool>(key).unwrap_or_default();
        data.insert_temp(key, has);
        had
    });
    let by_mouse = ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
    if !had
        && response.has_focus()
        && !by_mouse
        && let Some(mut state) = TextEdit::load_state(ui.ctx(), response.id)
    {
        let end = CCursor::new(text.chars().count());
        state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
        state.store(ui.ctx(), response.id);
    }
}
