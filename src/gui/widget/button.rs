//! Buttons in all their shapes.

use super::text::{dot, named, paint_line, visible};
use crate::gui::icon::Icon;
use crate::gui::theme::Theme;
use egui::{
    Align2, Color32, FontId, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

struct Look {
    fill: Color32,
    hover: Color32,
    border: Color32,
    text: Color32,
    strong: bool,
}

/// A button.
pub fn button(ui: &mut Ui, label: &str) -> Response {
    let colours = Theme::of(ui.ctx()).colours.clone();
    let look = Look {
        fill: colours.surface,
        hover: colours.surface_2,
        border: colours.border,
        text: colours.text,
        strong: false,
    };
    plain(ui, label, &look)
}

/// The button for the next step.
pub fn primary_button(ui: &mut Ui, label: &str) -> Response {
    let colours = Theme::of(ui.ctx()).colours.clone();
    let hover = colours.accent.gamma_multiply(0.9);
    plain(
        ui,
        label,
        &Look { fill: colours.accent, hover, border: colours.accent, text: colours.on_accent, strong: true },
    )
}

/// The button for the next step where customers are at stake.
pub fn alarm_button(ui: &mut Ui, label: &str) -> Response {
    let colours = Theme::of(ui.ctx()).colours.clone();
    let hover = colours.production.gamma_multiply(0.9);
    plain(
        ui,
        label,
        &Look {
            fill: colours.production,
            hover,
            border: colours.production,
            text: colours.on_accent,
            strong: true,
        },
    )
}

/// A button that takes something away.
pub fn danger_button(ui: &mut Ui, label: &str) -> Response {
    let colours = Theme::of(ui.ctx()).colours.clone();
    let look = Look {
        fill: colours.surface,
        hover: colours.denied_soft,
        border: colours.border,
        text: colours.denied,
        strong: false,
    };
    plain(ui, label, &look)
}

/// Begins a new line of a wrapped row where a button has no room, for one that is in a scope of its own: such a scope takes
/// whatever is left of the line.
pub fn wrap_before(ui: &mut Ui, label: &str) {
    let theme = Theme::of(ui.ctx());
    let text = ui.painter().layout_no_wrap(label.to_owned(), theme.body(), theme.colours.text);
    if text.size().x + 24.0 > ui.available_size_before_wrap().x {
        ui.end_row();
    }
}

fn plain(ui: &mut Ui, label: &str, look: &Look) -> Response {
    let theme = Theme::of(ui.ctx());
    let font = if look.strong { theme.strong() } else { theme.body() };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font, look.text);
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x + 24.0, theme.control_height), Sense::click());
    named(&response, Role::Button, label);
    let fill = if response.hovered() && ui.is_enabled() { look.hover } else { look.fill };
    ui.painter().rect(rect, theme.radius, fill, Stroke::new(1.0, look.border), StrokeKind::Inside);
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, look.text);
    focus_ring(ui, &response, rect);
    response
}

/// A ring around what has the keyboard.
pub fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let theme = Theme::of(ui.ctx());
        let ring = rect.expand(2.0);
        ui.painter().rect_stroke(
            ring,
            theme.radius,
            Stroke::new(2.0, theme.colours.accent),
            StrokeKind::Inside,
        );
    }
}

/// A small rounded choice, with a dot and a count where there are any.
pub fn chip(
    ui: &mut Ui,
    label: &str,
    count: Option<usize>,
    mark: Option<(Color32, bool)>,
    on: bool,
) -> Response {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let colour = mark.map_or(if on { colours.text } else { colours.text_2 }, |(colour, _)| colour);
    let count = count.map(super::grouped).unwrap_or_default();
    let text = ui.painter().layout_no_wrap(label.to_owned(), theme.small(), colour);
    let number = ui.painter().layout_no_wrap(count.clone(), theme.small(), colours.text_2);
    let lead = if mark.is_some() { 16.0 } else { 0.0 };
    let tail = if count.is_empty() { 0.0 } else { number.size().x + 6.0 };
    let (rect, response) =
        ui.allocate_exact_size(vec2(text.size().x + lead + tail + 22.0, 24.0), Sense::click());
    let name = if count.is_empty() { label.to_owned() } else { format!("{label} {count}") };
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, &name));
    let fill = match (on, response.hovered()) {
        (true, _) => colours.accent_soft,
        (false, true) => colours.surface_2,
        (false, false) => colours.surface,
    };
    let border = if on { colours.accent } else { colours.border };
    ui.painter().rect(rect, 12.0, fill, Stroke::new(1.0, border), StrokeKind::Inside);
    let mut x = rect.left() + 11.0;
    if let Some((colour, hollow)) = mark {
        dot(ui, pos2(x + 4.0, rect.center().y), colour, hollow);
        x += lead;
    }
    let text_width = text.size().x;
    ui.painter().galley(pos2(x, rect.center().y - text.size().y / 2.0), text, colour);
    ui.painter().galley(
        pos2(x + text_width + 6.0, rect.center().y - number.size().y / 2.0),
        number,
        colours.text_2,
    );
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect.expand(2.0),
            13.0,
            Stroke::new(2.0, colours.accent),
            StrokeKind::Inside,
        );
    }
    response
}

/// A box that is ticked or not, its label and what stands at the right.
pub fn switch(ui: &mut Ui, on: bool, label: &str, trailing: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, mut response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
    if response.clicked() {
        response.mark_changed();
    }
    let enabled = response.enabled();
    let told = format!("{label} {trailing}");
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, on, told.trim_end()));
    let square = Rect::from_center_size(pos2(rect.left() + 8.0, rect.center().y), Vec2::splat(14.0));
    paint_box(ui, square, if on { Ticked::Yes } else { Ticked::No }, false);
    let colour = if ui.is_enabled() { colours.text } else { colours.text_3 };
    let beside = ui.painter();
    let beside =
        beside.text(rect.right_center(), Align2::RIGHT_CENTER, trailing, theme.body(), colours.text_3);
    let at = pos2(rect.left() + 22.0, rect.center().y);
    paint_line(ui, at, beside.left() - at.x - 6.0, label, theme.body(), colour);
    if response.has_focus() {
        focus_ring(ui, &response, square);
    }
    response
}

/// Whether a box is ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ticked {
    /// It is not.
    No,
    /// Some of what it stands for is.
    Partly,
    /// It is.
    Yes,
}

/// A box without words in a place of its own; the whole place can be pressed.
pub fn tick(ui: &mut Ui, place: Rect, id: egui::Id, ticked: Ticked, name: &str) -> Response {
    let response = ui.interact(place, id, Sense::CLICK);
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, ticked == Ticked::Yes, name));
    let square = Rect::from_center_size(pos2(place.left() + 21.0, place.center().y), Vec2::splat(14.0));
    paint_box(ui, square, ticked, response.hovered());
    if response.has_focus() {
        focus_ring(ui, &response, square);
    }
    response
}

pub(super) fn paint_box(ui: &Ui, square: Rect, ticked: Ticked, hovered: bool) {
    let colours = &Theme::of(ui.ctx()).colours;
    let (fill, border) = match ticked {
        Ticked::No if hovered => (colours.surface_2, colours.text_2),
        Ticked::No => (colours.surface, colours.text_3),
        _ => (colours.accent, colours.accent),
    };
    ui.painter().rect(square, 3.0, fill, Stroke::new(1.4, border), StrokeKind::Inside);
    match ticked {
        Ticked::Yes => Icon::Check.paint(ui.painter(), square.shrink(1.0), colours.on_accent),
        Ticked::Partly => {
            let y = square.center().y;
            ui.painter().hline(square.shrink(3.5).x_range(), y, Stroke::new(1.8, colours.on_accent));
        }
        Ticked::No => {}
    }
}

/// Words that take something away.
pub fn danger_link(ui: &mut Ui, label: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    bare(ui, label, theme.small(), theme.colours.denied, Role::Button)
}

/// Words that lead somewhere.
pub fn link(ui: &mut Ui, label: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    bare(ui, label, theme.body(), theme.colours.accent, Role::Link)
}

/// The name of a part that is folded or not, with what is in it where it is.
pub fn fold(ui: &mut Ui, label: &str, within: &str, open: bool) -> Response {
    let theme = Theme::of(ui.ctx());
    let name = ui.painter().layout_no_wrap(label.to_owned(), theme.small_strong(), theme.colours.text);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::click());
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, open, label));
    let colour = if response.hovered() { theme.colours.accent } else { theme.colours.text_2 };
    let sign = Rect::from_center_size(pos2(rect.left() + 6.0, rect.center().y), Vec2::splat(12.0));
    (if open { Icon::ChevronDown } else { Icon::ChevronRight }).paint(ui.painter(), sign, colour);
    let at = pos2(rect.left() + 18.0, rect.center().y - name.size().y / 2.0);
    let beside = at.x + name.size().x + 8.0;
    ui.painter().galley(at, name, theme.colours.text);
    if !open {
        let (at, room) = (pos2(beside, rect.center().y), rect.right() - beside);
        paint_line(ui, at, room, within, theme.small(), theme.colours.text_3);
    }
    focus_ring(ui, &response, rect);
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// A small button in the status line.
pub fn status_button(ui: &mut Ui, label: &str) -> Response {
    let theme = Theme::of(ui.ctx());
    bare(ui, label, theme.small(), theme.colours.text_3, Role::Button)
}

fn bare(ui: &mut Ui, label: &str, font: FontId, colour: Color32, kind: Role) -> Response {
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font, colour);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::click());
    named(&response, kind, label);
    ui.painter().galley(rect.min, galley, colour);
    if response.hovered() {
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, colour));
    }
    focus_ring(ui, &response, rect);
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// A screen in the rail: its sign, of this height, and where there is room for `words` its name and count.
pub fn rail_item(
    ui: &mut Ui,
    (icon, height): (Icon, f32),
    label: &str,
    words: Option<Option<usize>>,
    on: bool,
) -> Response {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, label));
    let colour = if on { colours.text } else { colours.text_2 };
    if on {
        ui.painter().rect_filled(rect, theme.radius, colours.accent_soft);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, theme.radius, colours.surface_2);
    }
    let icon_at = if words.is_some() { pos2(rect.left() + 17.0, rect.center().y) } else { rect.center() };
    let icon_rect = Rect::from_center_size(icon_at, Vec2::splat(15.0));
    icon.paint(ui.painter(), icon_rect, colour);
    let font = if on { theme.strong() } else { theme.body() };
    if words.is_some() {
        ui.painter().text(
            pos2(rect.left() + 34.0, rect.center().y),
            Align2::LEFT_CENTER,
            label,
            font,
            colour,
        );
    }
    if let Some(count) = words.flatten() {
        let at = rect.right_center() - vec2(6.0, 0.0);
        ui.painter().text(at, Align2::RIGHT_CENTER, super::compact(count), theme.small(), colours.text_3);
    }
    focus_ring(ui, &response, rect.shrink(2.0));
    response
}

/// The field in the top bar that opens the palette.
pub fn search_button(ui: &mut Ui, label: &str, shortcut: &str, width: f32) -> Response {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme.control_height), Sense::click());
    named(&response, Role::Button, label);
    let fill = if response.hovered() { colours.surface_2 } else { colours.bg };
    ui.painter().rect(rect, theme.radius, fill, theme.hairline(), StrokeKind::Inside);
    let painter = ui.painter().with_clip_rect(rect);
    let keys = painter.layout_no_wrap(shortcut.to_owned(), theme.small(), colours.text_3);
    let key_rect = Rect::from_min_size(
        pos2(rect.right() - keys.size().x - 16.0, rect.center().y - 9.0),
        vec2(keys.size().x + 10.0, 18.0),
    );
    painter.rect(key_rect, 4.0, fill, theme.hairline(), StrokeKind::Inside);
    painter.galley(key_rect.center() - keys.size() / 2.0, keys, colours.text_3);
    let start = rect.left_center() + vec2(10.0, 0.0);
    paint_line(ui, start, key_rect.left() - 8.0 - start.x, label, theme.body(), colours.text_3);
    focus_ring(ui, &response, rect);
    response
}

/// The name of the open registry in no more than this width, with the colour of its environment and the word for it where it
/// is told aloud.
pub fn registry_button(
    ui: &mut Ui,
    (name, most): (&str, f32),
    colour: Color32,
    environment: &str,
) -> Response {
    let theme = Theme::of(ui.ctx());
    let shown = visible(name);
    let galley = ui.painter().layout(shown.clone(), theme.strong(), theme.colours.text, f32::INFINITY);
    let width = galley.size().x.min(most);
    let (rect, response) = ui.allocate_exact_size(vec2(width + 52.0, theme.control_height), Sense::click());
    let told = if environment.is_empty() { shown } else { format!("{shown}, {environment}") };
    named(&response, Role::Button, &told);
    if response.hovered() {
        ui.painter().rect_filled(rect, theme.radius, theme.colours.surface_2);
    }
    dot(ui, pos2(rect.left() + 12.0, rect.center().y), colour, false);
    let at = pos2(rect.left() + 24.0, rect.center().y);
    paint_line(ui, at, width + 1.0, name, theme.strong(), theme.colours.text);
    chevron(ui, pos2(rect.right() - 14.0, rect.center().y));
    focus_ring(ui, &response, rect);
    response
}

/// The sign of something that opens.
pub(super) fn chevron(ui: &Ui, at: Pos2) {
    let colour = Theme::of(ui.ctx()).colours.text_3;
    Icon::ChevronDown.paint(ui.painter(), Rect::from_center_size(at, Vec2::splat(12.0)), colour);
}

/// The clock in force.
pub fn clock_button(ui: &mut Ui, text: &str, live: bool) -> Response {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let painter = ui.painter().clone();
    let lead = painter.layout_no_wrap("As of".to_owned(), theme.body(), colours.text_3);
    let main = painter.layout_no_wrap(text.to_owned(), theme.strong(), colours.text);
    let tail =
        painter.layout_no_wrap(if live { "live" } else { "" }.to_owned(), theme.body(), colours.active);
    let gap = if live { 7.0 } else { 0.0 };
    let width = lead.size().x + main.size().x + tail.size().x + gap + 47.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme.control_height), Sense::click());
    named(&response, Role::Button, &format!("As of {text}{}", if live { " live" } else { "" }));
    let (fill, border) =
        if live { (colours.surface, colours.border) } else { (colours.accent_soft, colours.accent) };
    painter.rect(rect, theme.radius, fill, Stroke::new(1.0, border), StrokeKind::Inside);
    let mut x = rect.left() + 10.0;
    for (galley, gap) in [(lead, 7.0), (main, gap), (tail, 0.0)] {
        let size = galley.size();
        painter.galley(pos2(x, rect.center().y - size.y / 2.0), galley, colours.text);
        x += size.x + gap;
    }
    chevron(ui, pos2(rect.right() - 14.0, rect.center().y));
    focus_ring(ui, &response, rect);
    response
}
