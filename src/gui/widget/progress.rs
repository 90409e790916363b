//! How far something is, as a bar.

use crate::gui::theme::Theme;
use egui::{Response, Role, Sense, Ui, WidgetInfo, vec2};

/// A bar over the whole width: so many done of so many, where that is known.
pub fn progress(ui: &mut Ui, name: &str, done: u64, of: Option<u64>) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 6.0), Sense::hover());
    let part = of.map_or(0.0, |of| done as f32 / of.max(1) as f32).clamp(0.0, 1.0);
    response.widget_info(|| {
        let told = of.map_or_else(|| name.to_owned(), |of| format!("{name}: {done} of {of}"));
        WidgetInfo::labeled(Role::ProgressIndicator, true, told)
    });
    ui.painter().rect_filled(rect, theme.bar_radius, theme.colours.surface_2);
    let mut filled = rect;
    filled.set_width(rect.width() * part);
    ui.painter().rect_filled(filled, theme.bar_radius, theme.colours.accent);
    response
}
