//! Many windows at once: how many are in force at each instant, and how many end when.

use super::trials::{Scale, wheel};
use crate::app::{Message, State, Windows};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{Align2, Color32, Id, Mesh, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};

/// The width of a column of ends, in points.
const WIDTH: f32 = 4.0;

/// How many end in each few points, as bars from the bottom.
pub fn ends(ui: &Ui, windows: &Windows, scale: Scale, area: Rect) {
    let colour = Theme::of(ui.ctx()).colours.accent.gamma_multiply(0.5);
    let columns = (area.width() / WIDTH) as usize;
    let t = |i: usize| scale.t(area.left() + i as f32 * WIDTH);
    let counts: Vec<usize> = (0..columns).map(|i| windows.ending_between(t(i), t(i + 1))).collect();
    let most = counts.iter().copied().max().unwrap_or_default().max(1) as f32;
    let mut bars = Mesh::default();
    for (i, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        // Few are seen beside many, since the height grows with the root.
        let height = (count as f32 / most).sqrt() * area.height();
        let left = area.left() + i as f32 * WIDTH;
        let bar =
            Rect::from_min_max(pos2(left, area.bottom() - height), pos2(left + WIDTH - 1.0, area.bottom()));
        bars.add_colored_rect(bar, colour);
    }
    ui.painter().add(bars);
}

/// How many are in force at each instant, as an area whose height is the most that ever are; gives that most.
pub fn in_force(ui: &Ui, windows: &Windows, scale: Scale, area: Rect) -> usize {
    let colours = &Theme::of(ui.ctx()).colours;
    let columns = (area.width() / 2.0).max(1.0) as usize;
    let x = |i: usize| area.left() + i as f32 * 2.0;
    let counts: Vec<usize> = (0..=columns).map(|i| windows.in_force(scale.t(x(i)))).collect();
    let most = counts.iter().copied().max().unwrap_or_default();
    let y = |count: usize| area.bottom() - count as f32 / most.max(1) as f32 * area.height();
    let fill = colours.active.gamma_multiply(0.30);
    let mut columns_of = Mesh::default();
    for (i, count) in counts.iter().enumerate().take(columns) {
        let column = Rect::from_min_max(pos2(x(i), y(*count)), pos2(x(i) + 2.0, area.bottom()));
        columns_of.add_colored_rect(column, fill);
    }
    ui.painter().add(columns_of);
    let line: Vec<_> = counts.iter().enumerate().map(|(i, count)| pos2(x(i), y(*count))).collect();
    ui.painter().add(Shape::line(line, Stroke::new(1.4, colours.active)));
    most
}

/// The whole list far out: in force at each instant, and how many end when; dragging across selects by end.
pub fn chart(ui: &mut Ui, state: &State, scale: Scale, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let whole = ui.available_rect_before_wrap();
    let area = Rect::from_x_y_ranges(scale.plot.x_range(), whole.top() + 26.0..=whole.bottom() - 20.0);
    let response = ui.interact(area, Id::unique("trials density"), Sense::hover());
    let all = &state.trials.all;
    let upper = area.with_max_y(area.bottom() - area.height() * 0.32);
    let lower = area.with_min_y(area.bottom() - area.height() * 0.26);
    let most = in_force(ui, all, scale, upper);
    ends(ui, all, scale, lower);
    let label = |at: egui::Pos2, text: &str, colour: Color32| {
        ui.painter().text(at, Align2::RIGHT_CENTER, text, theme.small(), colour);
    };
    let x = area.left() - 10.0;
    label(pos2(x, upper.top()), &widget::grouped(most), colours.text_3);
    label(pos2(x, upper.center().y), "in force", colours.text_2);
    label(pos2(x, upper.bottom()), "0", colours.text_3);
    label(pos2(x, lower.center().y), "ending", colours.text_2);
    ui.painter().hline(area.x_range(), upper.bottom(), theme.hairline());
    ui.painter().hline(area.x_range(), lower.bottom(), theme.hairline());
    let name =
        format!("How many of {} are in force and end, over time", widget::grouped(state.trials.rows.len()));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    wheel(ui, &response, scale, out);
    if let Some(pointer) = response.hover_pos().filter(|_| !ui.input(|input| input.pointer.any_down())) {
        let t = scale.t(pointer.x);
        let at = crate::registry::Instant::saturating(t);
        let words = format!("{}: {} in force", state.times().short(at), widget::grouped(all.in_force(t)));
        ui.painter().vline(pointer.x, area.y_range(), Stroke::new(1.0, colours.border));
        response.on_hover_text_at_pointer(words);
    }
    ui.advance_cursor_after_rect(whole);
}
