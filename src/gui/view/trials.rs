//! Trials: a timeline of every application's window, the next ends, and ends that can be dragged.

use super::applications::{acts, inspect, status_look};
use super::next_ends;
use crate::app::{AsOf, AxisMark, Mark, Message, State, edit, first_span, marks, moved, summary, zoomed};
use crate::edit::operation;
use crate::gui::theme::Theme;
use crate::gui::{live, widget};
use crate::policy::OverrunUpTo;
use crate::registry::{Application, Instant};
use egui::{
    Align2, CursorIcon, Frame, Id, Key, Margin, Panel, PointerButton, Rect, Response, Role, ScrollArea,
    Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// The height of the axis with the density of ends below it.
const AXIS: f32 = 58.0;

/// Time along the screen.
#[derive(Clone, Copy)]
struct Scale {
    plot: Rect,
    from: i64,
    to: i64,
}

impl Scale {
    fn x(self, t: i64) -> f32 {
        let part = (t - self.from) as f64 / (self.to - self.from).max(1) as f64;
        self.plot.left() + part.clamp(-1.0, 2.0) as f32 * self.plot.width()
    }

    fn t(self, x: f32) -> i64 {
        let part = f64::from((x - self.plot.left()) / self.plot.width().max(1.0));
        self.from + (part * (self.to - self.from) as f64) as i64
    }

    /// To the minute where minutes can be told apart, else to the hour.
    fn snapped(self, x: f32) -> Instant {
        let step = if self.to - self.from > 4 * 86_400 { 3600 } else { 60 };
        let t = self.t(x);
        Instant::saturating((t + step / 2).div_euclid(step) * step)
    }
}

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(policy) = state.policy() else { return };
    if policy.registry().applications().is_empty() {
        let words = "Every application's window from its start to its end stands here on one axis.";
        widget::empty(ui, "No trials yet", words);
        return;
    }
    let theme = Theme::of(ui.ctx());
    if !state.applications.marked.is_empty() {
        Panel::bottom("chosen")
            .frame(Frame::new().fill(theme.colours.surface).inner_margin(Margin::symmetric(14, 9)))
            .show(ui, |ui| acts(ui, state, out));
    }
    side(ui, state, out);
    bar(ui, state, out);
    let whole = ui.available_rect_before_wrap();
    let names = if whole.width() < 700.0 { 130.0 } else { 230.0 };
    let (from, to) = state.trials.span.unwrap_or(first_span(state.at()));
    let plot = Rect::from_min_max(pos2(whole.left() + names, whole.top()), whole.max - vec2(14.0, 0.0));
    let scale = Scale { plot, from, to };
    let marks = marks(state.times(), from, to, (plot.width() / 100.0).max(1.0) as usize);
    axis(ui, state, scale, &marks, out);
    if state.trials.rows.is_empty() {
        widget::empty(ui, "Nothing matches", "No application fits the filter.");
        return;
    }
    for mark in &marks {
        let line = Stroke::new(1.0, theme.colours.surface_2);
        ui.painter().vline(scale.x(mark.at), plot.top() + AXIS..=plot.bottom(), line);
    }
    rows(ui, state, policy.registry().applications(), scale, out);
    now_line(ui, state, scale, whole, out);
    keyboard(ui, state, scale, out);
}

/// At the right: the application or selection in hand, else what ends next; nothing where there is little room.
fn side(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    if ui.available_width() - theme.inspector_width < 560.0 {
        return;
    }
    let frame = Frame::new().fill(theme.colours.bg).inner_margin(Margin::symmetric(16, 10));
    let panel = Panel::right("trials side").exact_size(theme.inspector_width).resizable(false).frame(frame);
    panel.show(ui, |ui| {
        if state.applications.shared.is_some() || state.selected_application().is_some() {
            inspect(ui, state, out);
        } else {
            next_ends::show(ui, state, out);
        }
    });
}

/// The next ends as filters, and how far the axis reaches.
fn bar(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let at = state.at().seconds();
    Frame::new().inner_margin(Margin { left: 20, right: 14, top: 12, bottom: 6 }).show(ui, |ui| {
        widget::title(ui, "Trials");
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            let trials = &state.trials;
            let filter = &state.applications.filter;
            for (label, words, from, to) in [
                ("Ended", "status:ended", i64::MIN, at + 1),
                ("24 hours", "expires<24h", at + 1, at + 86_400),
                ("7 days", "expires<7d", at + 1, at + 7 * 86_400),
                ("30 days", "expires<30d", at + 1, at + 30 * 86_400),
            ] {
                let on = filter == words;
                let count = (on || filter.is_empty()).then(|| trials.ending_between(from, to));
                if widget::chip(ui, label, count, None, on).clicked() {
                    out.push(Message::Filter(if on { String::new() } else { words.to_owned() }));
                }
            }
            if !filter.is_empty() {
                ui.label(egui::RichText::new(widget::visible(filter)).font(Theme::of(ui.ctx()).mono()));
                if widget::link(ui, "Clear filter").clicked() {
                    out.push(Message::Filter(String::new()));
                }
            }
            ui.add_space(16.0);
            for (label, before, after) in [
                ("Day", 6, 18),
                ("Week", 48, 120),
                ("Month", 168, 576),
                ("Quarter", 336, 1848),
                ("Year", 1464, 7320),
            ] {
                let span = (at - before * 3600, at + after * 3600);
                let on = trials.span.is_some_and(|(from, to)| to - from == span.1 - span.0);
                if widget::chip(ui, label, None, None, on).clicked() {
                    out.push(Message::Span(span.0.max(0), span.1));
                }
            }
        });
    });
}

/// The marks of time, and below them how many end when; dragging across selects what ends there.
fn axis(ui: &mut Ui, state: &State, scale: Scale, marks: &[AxisMark], out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), AXIS), Sense::hover());
    let area = line.with_min_x(scale.plot.left()).with_max_x(scale.plot.right());
    let response = ui.interact(area, Id::unique("trials axis"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Select by end"));
    for mark in marks {
        let at = pos2(scale.x(mark.at) + 4.0, area.top() + 8.0);
        ui.painter().with_clip_rect(area).text(
            at,
            Align2::LEFT_CENTER,
            &mark.label,
            theme.small(),
            colours.text_3,
        );
        ui.painter().vline(scale.x(mark.at), area.y_range(), Stroke::new(1.0, colours.surface_2));
    }
    density(ui, state, scale, area);
    ui.painter().hline(line.x_range(), line.bottom(), theme.hairline());
    let key = Id::unique("trials brush");
    let begin: Option<i64> = ui.data(|data| data.get_temp(key));
    let pointer = response.interact_pointer_pos().map(|p| scale.t(p.x));
    if response.drag_started_by(PointerButton::Primary)
        && let Some(t) = pointer
    {
        ui.data_mut(|data| data.insert_temp(key, t));
    }
    if let (Some(begin), Some(t)) = (begin, pointer) {
        let (a, b) = (begin.min(t), begin.max(t));
        let brush = Rect::from_x_y_ranges(scale.x(a)..=scale.x(b), area.y_range());
        ui.painter().rect_filled(brush, 0.0, colours.accent.gamma_multiply(0.18));
        let words = format!("{} end here", widget::grouped(state.trials.ending_between(a, b)));
        response.clone().on_hover_text_at_pointer(words);
        if response.drag_stopped() {
            ui.data_mut(|data| data.remove::<i64>(key));
            out.push(Message::MarkEnds(a, b));
        }
    }
    wheel(ui, &response, scale, out);
}

/// The wheel zooms around the pointer; sideways it moves along.
fn wheel(ui: &Ui, response: &Response, scale: Scale, out: &mut Vec<Message>) {
    let Some(pointer) = response.hover_pos() else { return };
    let (scroll, zoom) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    let by = f64::from((-scroll.y / 240.0).exp() / zoom);
    if (by - 1.0).abs() > 1e-3 {
        let (from, to) = zoomed((scale.from, scale.to), scale.t(pointer.x), by);
        out.push(Message::Span(from, to));
    } else if scroll.x.abs() > 0.5 {
        let seconds = f64::from(-scroll.x / scale.plot.width()) * (scale.to - scale.from) as f64;
        let (from, to) = moved((scale.from, scale.to), seconds as i64);
        out.push(Message::Span(from, to));
    }
}

/// How many end in each few points of the axis, as bars.
fn density(ui: &Ui, state: &State, scale: Scale, area: Rect) {
    const WIDTH: f32 = 4.0;
    let colours = &Theme::of(ui.ctx()).colours;
    let columns = (area.width() / WIDTH) as usize;
    let counts: Vec<usize> = (0..columns)
        .map(|i| {
            let t = |i: usize| scale.t(area.left() + i as f32 * WIDTH);
            state.trials.ending_between(t(i), t(i + 1))
        })
        .collect();
    let most = counts.iter().copied().max().unwrap_or_default().max(1) as f32;
    for (i, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        // Few are seen beside many, since the height grows with the root.
        let height = (count as f32 / most).sqrt() * (area.height() - 24.0);
        let left = area.left() + i as f32 * WIDTH;
        let bar =
            Rect::from_min_max(pos2(left, area.bottom() - height), pos2(left + WIDTH - 1.0, area.bottom()));
        ui.painter().rect_filled(bar, 0.0, colours.accent.gamma_multiply(0.5));
    }
}

fn rows(ui: &mut Ui, state: &State, applications: &[Arc<Application>], scale: Scale, out: &mut Vec<Message>) {
    let row_height = Theme::of(ui.ctx()).row;
    ui.spacing_mut().item_spacing.y = 0.0;
    let list = &state.trials.rows;
    let mut area = ScrollArea::vertical().id_salt("trials").auto_shrink(false);
    // The screen begins with what ends next, a few that have just ended above it.
    let key = Id::unique("trials visits");
    if ui.data(|data| data.get_temp::<u64>(key)) != Some(state.trials.visits) {
        let at = state.at().seconds();
        let first = state.trials.ends.partition_point(|end| *end < at).saturating_sub(4);
        area = area.vertical_scroll_offset(first as f32 * row_height);
        ui.data_mut(|data| data.insert_temp(key, state.trials.visits));
    }
    area.show_rows(ui, row_height, list.len(), |ui, range| {
        for place in range {
            if let Some(app) = list.get(place).and_then(|row| applications.get(*row as usize)) {
                row(ui, state, app, scale, out);
            }
        }
    });
}

fn row(ui: &mut Ui, state: &State, app: &Arc<Application>, scale: Scale, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
    let response = ui.interact(rect, Id::unique(("trial", &app.client_id)), Sense::CLICK);
    let selected = state.applications.selected.as_deref() == Some(app.client_id.as_str());
    let marked = state.applications.marked.contains(&app.client_id);
    let (status, words) = live::status_words(ui, state, app);
    let name = format!("{} {}, {words}", app.title(), app.client_id);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected || marked, &name));
    if selected || marked || response.hovered() {
        let fill = if selected || marked { colours.accent_soft } else { colours.bg };
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    let y = rect.center().y;
    let left = pos2(rect.left() + 20.0, y);
    let room = scale.plot.left() - left.x - 12.0;
    widget::paint_line(ui, left, room, app.title(), theme.body(), colours.text);
    let (colour, hollow) = status_look(&theme, status);
    let clip = ui.clip_rect().with_min_x(scale.plot.left()).with_max_x(scale.plot.right());
    let painter = ui.painter().with_clip_rect(clip);
    let start = app.not_before.map_or(scale.plot.left() - 8.0, |at| scale.x(at.seconds()));
    let dragged = dragged_end(ui, state, app, rect, scale, out);
    let end = dragged.or(app.expires_at);
    let stop = end.map_or(scale.plot.right() + 8.0, |at| scale.x(at.seconds()));
    let bar = Rect::from_x_y_ranges(start..=stop.max(start + 2.0), y - 7.0..=y + 7.0);
    painter.rect_filled(bar, theme.bar_radius, colour.gamma_multiply(if hollow { 0.45 } else { 0.88 }));
    // Where tokens can outlive the end, its edge says so.
    let over = state.policy().and_then(|policy| summary(policy, app, state.at()).overrun);
    if end.is_some() && over.is_some_and(|over| over > OverrunUpTo::Seconds(0)) {
        let edge = Rect::from_x_y_ranges(bar.right() - 1.0..=bar.right() + 3.0, bar.y_range());
        painter.rect_filled(edge, 0.0, colours.overrun);
    }
    let exact = |at: Option<Instant>, none: &str| at.map_or(none.to_owned(), |at| state.times().zoned(at));
    let hint = format!(
        "{}\nstarts {}\nends {}",
        widget::visible(&name),
        exact(app.not_before, "at once"),
        exact(end, "never")
    );
    let response = response.on_hover_text_at_pointer(hint);
    if response.clicked() {
        let id = app.client_id.clone();
        let toggles = ui.input(|input| input.modifiers.command || input.modifiers.shift);
        out.push(if toggles { Message::Mark(Mark::Toggle(id)) } else { Message::Select(Some(id)) });
    }
    if response.double_clicked() {
        out.push(Message::Run(crate::app::Command::Preview));
    }
}

/// The end while it is dragged; letting go sets it, which is one step of undo.
fn dragged_end(
    ui: &Ui,
    state: &State,
    app: &Arc<Application>,
    row: Rect,
    scale: Scale,
    out: &mut Vec<Message>,
) -> Option<Instant> {
    let end = scale.x(app.expires_at?.seconds());
    if state.read_only().is_some() || !(scale.plot.left()..=scale.plot.right()).contains(&end) {
        return None;
    }
    let handle = Rect::from_center_size(pos2(end, row.center().y), vec2(12.0, row.height()));
    let response = ui.interact(handle, Id::unique(("trial end", &app.client_id)), Sense::DRAG);
    let name = format!("End of {}", app.client_id);
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &name));
    let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
    let pointer =
        response.interact_pointer_pos().filter(|_| response.dragged() || response.drag_stopped())?;
    let to = scale.snapped(pointer.x);
    response.clone().on_hover_text_at_pointer(state.times().zoned(to));
    if response.drag_stopped() {
        out.extend(edit(format!("Set end of {}", app.title()), operation::set_end(app, Some(to))));
    }
    Some(to)
}

/// The clock as a line over all rows; dragging it moves the clock.
fn now_line(ui: &Ui, state: &State, scale: Scale, whole: Rect, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let x = scale.x(state.at().seconds());
    if !(scale.plot.left()..=scale.plot.right()).contains(&x) {
        return;
    }
    let grip = Rect::from_center_size(pos2(x, whole.top() + AXIS - 9.0), vec2(44.0, 18.0));
    let response = ui.interact(grip, Id::unique("trials clock"), Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Clock on the timeline"));
    let response =
        response.on_hover_cursor(CursorIcon::ResizeHorizontal).on_hover_text("Drag to move the clock");
    let words = if state.as_of == AsOf::Live { "now" } else { "as of" };
    ui.painter().vline(x, grip.top()..=whole.bottom(), Stroke::new(1.6, theme.colours.accent));
    ui.painter().rect_filled(grip, theme.radius, theme.colours.accent);
    let on_accent = theme.colours.on_accent;
    ui.painter().text(grip.center(), Align2::CENTER_CENTER, words, theme.small(), on_accent);
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let x = pointer.x.clamp(scale.plot.left(), scale.plot.right());
        out.push(Message::SetClock(AsOf::At(scale.snapped(x))));
    }
}

fn keyboard(ui: &Ui, state: &State, scale: Scale, out: &mut Vec<Message>) {
    if ui.memory(|memory| memory.focused().is_some()) || state.dialog.is_some() || state.palette.is_some() {
        return;
    }
    let span = (scale.from, scale.to);
    let step = (scale.to - scale.from) / 10;
    let around = state.at().seconds().clamp(scale.from, scale.to);
    for (key, next) in [
        (Key::ArrowLeft, moved(span, -step)),
        (Key::ArrowRight, moved(span, step)),
        (Key::Plus, zoomed(span, around, 0.5)),
        (Key::Equals, zoomed(span, around, 0.5)),
        (Key::Minus, zoomed(span, around, 2.0)),
    ] {
        if ui.input(|input| input.key_pressed(key) && !input.modifiers.command) {
            out.push(Message::Span(next.0, next.1));
        }
    }
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        let marked = !state.applications.marked.is_empty();
        out.push(if marked { Message::Mark(Mark::Clear) } else { Message::Select(None) });
    }
}
