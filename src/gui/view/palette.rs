//! The command palette: every command and every entity, by a few letters.

use crate::app::{Message, State, Target};
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use egui::{Align2, Context, Frame, Id, Key, Margin, Modal, Modifiers, Role, Sense, WidgetInfo, vec2};

/// Draws it, where it is open.
pub fn show(ctx: &Context, state: &State, out: &mut Vec<Message>) {
    let Some(palette) = &state.palette else { return };
    let theme = Theme::of(ctx);
    for (key, by) in [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, 6), (Key::PageUp, -6)] {
        if ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            out.push(Message::PaletteMove(by));
        }
    }
    let area = Modal::default_area(Id::unique("palette")).anchor(Align2::CENTER_TOP, vec2(0.0, 60.0));
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(8));
    let response = Modal::new(Id::unique("palette")).area(area).frame(frame).show(ctx, |ui| {
        ui.set_width(540.0);
        let mut query = palette.query.clone();
        let field = widget::text_field(ui, &mut query, "Search or run a command", None, false);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Search or run a command"));
        field.request_focus();
        if field.changed() {
            out.push(Message::PaletteQuery(query));
        }
        // After the text, which may have come in the same frame.
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
            out.push(Message::PaletteTake);
        }
        ui.add_space(4.0);
        for (place, hit) in palette.hits.iter().enumerate() {
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::click());
            let on = place == palette.marked;
            let name = format!("{}, {}", hit.title, hit.detail);
            response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, &name));
            if on || response.hovered() {
                let fill = if on { theme.colours.accent_soft } else { theme.colours.surface_2 };
                ui.painter().rect_filled(rect, theme.radius, fill);
            }
            let paint = ui.painter().with_clip_rect(rect);
            let left = rect.left_center() + vec2(10.0, 0.0);
            paint.text(
                left,
                Align2::LEFT_CENTER,
                widget::visible(&hit.title),
                theme.body(),
                theme.colours.text,
            );
            let right = rect.right_center() - vec2(10.0, 0.0);
            let (detail, font) = match &hit.target {
                Target::Command(command) => (keys::hint_in(ctx, state, *command), theme.small()),
                _ => (widget::visible(&hit.detail), theme.mono()),
            };
            paint.text(right, Align2::RIGHT_CENTER, detail, font, theme.colours.text_3);
            if response.clicked() {
                out.push(Message::PaletteMove(place as i32 - palette.marked as i32));
                out.push(Message::PaletteTake);
            }
        }
        if palette.hits.is_empty() {
            ui.add_space(6.0);
            ui.label(egui::RichText::new("Nothing fits").color(theme.colours.text_2));
        }
    });
    if response.should_close() {
        out.push(Message::Dialog(None));
    }
}
