//! The limits of a lifetime as bars on one scale; the one that decides is marked.

use super::scale;
use crate::gui::theme::Theme;
use crate::gui::widget::paint_line;
use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// A limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its kind.
    pub name: String,
    /// Which one.
    pub source: String,
    /// Its seconds.
    pub seconds: i64,
    /// Its seconds in words.
    pub words: String,
    /// It decides.
    pub decides: bool,
    /// It takes no part.
    pub replaced: bool,
}

/// Draws the bars; gives the place of the one that was pressed, which leads to its setting.
pub fn limits(ui: &mut Ui, bars: &[Bar]) -> Option<usize> {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let most = bars.iter().map(|bar| scale(bar.seconds as f64)).fold(0.0, f64::max).max(1e-6);
    let width = ui.available_width();
    let narrow = width < 420.0;
    let (names, words, note) = if narrow { (110.0, 76.0, 62.0) } else { (170.0, 128.0, 130.0) };
    let room = (width - names - words - note - 16.0).clamp(40.0, 360.0);
    let mut pressed = None;
    for (place, bar) in bars.iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
        let state = match (bar.decides, bar.replaced) {
            (true, _) => "decides",
            (_, true) if narrow => "replaced",
            (_, true) => "replaced by the API",
            _ => "",
        };
        let name = format!("{} {}: {} {state}", bar.name, bar.source, bar.words);
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, name.trim()));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), theme.radius, colours.surface_2);
        }
        let y = rect.center().y;
        let (text, dim) =
            if bar.replaced { (colours.text_3, colours.text_3) } else { (colours.text, colours.text_3) };
        let after =
            ui.painter().text(pos2(rect.left(), y), Align2::LEFT_CENTER, &bar.name, theme.body(), text);
        let source = pos2(after.right() + 5.0, y);
        let width = rect.left() + names - 8.0 - source.x;
        paint_line(ui, source, width, &bar.source, theme.body(), dim);
        let length = (scale(bar.seconds as f64) / most) as f32 * room;
        let fill = match (bar.decides, bar.replaced) {
            (true, _) => colours.accent,
            (_, true) => colours.surface_2,
            _ => colours.text_3.gamma_multiply(0.55),
        };
        let start = rect.left() + names;
        let bar_rect = Rect::from_min_max(pos2(start, y - 4.5), pos2(start + length.max(3.0), y + 4.5));
        ui.painter().rect_filled(bar_rect, theme.bar_radius, fill);
        let right = start + room + words;
        let font = if bar.decides { theme.strong() } else { theme.body() };
        ui.painter().text(pos2(right, y), Align2::RIGHT_CENTER, &bar.words, font, text);
        let colour = if bar.decides { colours.accent } else { colours.text_3 };
        let font = if bar.decides { theme.small_strong() } else { theme.small() };
        ui.painter().text(pos2(right + 12.0, y), Align2::LEFT_CENTER, state, font, colour);
        if response.on_hover_text("Show the setting").clicked() {
            pressed = Some(place);
        }
    }
    pressed
}
