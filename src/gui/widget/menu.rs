//! Menus, choices from a list, and the buttons that open them.

use super::button::{Ticked, chevron, focus_ring, paint_box};
use super::text::{named, paint_line, visible};
use crate::gui::icon::Icon;
use crate::gui::theme::Theme;
use egui::{
    Align2, Popup, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// A button that is an icon.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(theme.control_height), Sense::click());
    named(&response, Role::Button, name);
    if response.hovered() {
        ui.painter().rect_filled(rect, theme.radius, theme.colours.surface_2);
    }
    icon.paint(ui.painter(), Rect::from_center_size(rect.center(), Vec2::splat(15.0)), theme.colours.text_2);
    focus_ring(ui, &response, rect);
    response
}

/// A small rounded button that opens a list.
pub fn drop_chip(ui: &mut Ui, label: &str, on: bool) -> Response {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let colour = if on { colours.text } else { colours.text_2 };
    let text = ui.painter().layout_no_wrap(visible(label), theme.small(), colour);
    let (rect, response) = ui.allocate_exact_size(vec2(text.size().x + 36.0, 24.0), Sense::click());
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, visible(label)));
    let fill = match (on, response.hovered()) {
        (true, _) => colours.accent_soft,
        (false, true) => colours.surface_2,
        (false, false) => colours.surface,
    };
    let border = if on { colours.accent } else { colours.border };
    ui.painter().rect(rect, 12.0, fill, Stroke::new(1.0, border), StrokeKind::Inside);
    let at = pos2(rect.left() + 11.0, rect.center().y - text.size().y / 2.0);
    ui.painter().galley(at, text, colour);
    chevron(ui, pos2(rect.right() - 14.0, rect.center().y));
    focus_ring(ui, &response, rect);
    response
}

/// A button that opens a list.
pub fn drop_button(ui: &mut Ui, label: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let text = ui.painter().layout_no_wrap(visible(label), theme.body(), theme.colours.text);
    let size = vec2(text.size().x + 42.0, theme.control_height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    named(&response, Role::Button, label);
    let fill = if response.hovered() { theme.colours.surface_2 } else { theme.colours.surface };
    ui.painter().rect(rect, theme.radius, fill, theme.hairline(), StrokeKind::Inside);
    let at = pos2(rect.left() + 12.0, rect.center().y - text.size().y / 2.0);
    ui.painter().galley(at, text, theme.colours.text);
    chevron(ui, pos2(rect.right() - 15.0, rect.center().y));
    focus_ring(ui, &response, rect);
    response
}

/// A small button with a sign instead of a word.
pub fn sign_button(ui: &mut Ui, sign: &str, name: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(24.0), Sense::click());
    named(&response, Role::Button, name);
    if response.hovered() && ui.is_enabled() {
        ui.painter().rect_filled(rect, theme.radius, theme.colours.surface_2);
    }
    let colour = if ui.is_enabled() { theme.colours.text_2 } else { theme.colours.border };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, sign, theme.body(), colour);
    focus_ring(ui, &response, rect);
    response
}

/// A line of a list of which several can be chosen, with a count or a word at the right.
pub fn choice_item(ui: &mut Ui, on: bool, label: &str, trailing: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::click());
    let enabled = response.enabled();
    let name = format!("{} {trailing}", visible(label));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, on, name.trim_end()));
    if (response.hovered() || response.has_focus()) && ui.is_enabled() {
        ui.painter().rect_filled(rect, theme.radius, theme.colours.accent_soft);
    }
    let square = Rect::from_center_size(pos2(rect.left() + 15.0, rect.center().y), Vec2::splat(14.0));
    paint_box(ui, square, if on { Ticked::Yes } else { Ticked::No }, false);
    let count = ui.painter().layout_no_wrap(trailing.to_owned(), theme.small(), theme.colours.text_3);
    let at = rect.left_center() + vec2(30.0, 0.0);
    let room = rect.width() - 48.0 - count.size().x;
    paint_line(ui, at, room, label, theme.body(), theme.colours.text);
    let at = pos2(rect.right() - 8.0 - count.size().x, rect.center().y - count.size().y / 2.0);
    ui.painter().galley(at, count, theme.colours.text_3);
    response
}

/// A line of a menu, with its shortcut.
pub fn menu_item(ui: &mut Ui, label: &str, shortcut: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    named(&response, Role::Button, label);
    let active = (response.hovered() || response.has_focus()) && ui.is_enabled();
    if active {
        ui.painter().rect_filled(rect, theme.radius, theme.colours.accent_soft);
    }
    let colour = if ui.is_enabled() { theme.colours.text } else { theme.colours.text_3 };
    let at = rect.left_center() + vec2(8.0, 0.0);
    ui.painter().with_clip_rect(rect).text(at, Align2::LEFT_CENTER, visible(label), theme.body(), colour);
    let at = rect.right_center() - vec2(8.0, 0.0);
    ui.painter().text(at, Align2::RIGHT_CENTER, shortcut, theme.small(), theme.colours.text_3);
    response
}

/// A choice of one: a field that opens a list. Gives the place of what was chosen.
pub fn select(ui: &mut Ui, name: &str, current: &str, options: &[String]) -> Option<usize> {
    select_live(ui, name, current, options, &mut |_, _| {})
}

/// The same, telling each choice in view, so that what is pointed at can show its effect.
pub fn select_live(
    ui: &mut Ui,
    name: &str,
    current: &str,
    options: &[String],
    offered: &mut dyn FnMut(usize, &Response),
) -> Option<usize> {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.control_height), Sense::click());
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, enabled, format!("{name}: {current}")));
    let fill = if response.hovered() { colours.surface_2 } else { colours.surface };
    ui.painter().rect(rect, theme.radius, fill, theme.hairline(), StrokeKind::Inside);
    let at = rect.left_center() + vec2(10.0, 0.0);
    paint_line(ui, at, rect.width() - 36.0, current, theme.body(), colours.text);
    chevron(ui, pos2(rect.right() - 14.0, rect.center().y));
    focus_ring(ui, &response, rect);
    let mut chosen = None;
    Popup::menu(&response).width(rect.width()).accessible_name(name).show(|ui| {
        egui::ScrollArea::vertical().max_height(300.0).show_rows(ui, 28.0, options.len(), |ui, rows| {
            for place in rows {
                let Some(option) = options.get(place) else { continue };
                let response = menu_item(ui, option, "");
                offered(place, &response);
                if response.clicked() {
                    chosen = Some(place);
                }
            }
        });
    });
    chosen
}
