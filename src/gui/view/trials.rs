//! Trials: a timeline of every application's window, alone or in groups, and what ends next beside it.

use super::applications::{acts, inspect};
use super::trial_rows::lines;
use super::{next_ends, trial_density as density};
use crate::app::{AsOf, AxisMark, Command, Grouping, Mark, Message, State, first_span, marks, moved, zoomed};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::Instant;
use egui::{
    Align2, CursorIcon, EventFilter, Frame, Id, Key, Margin, Panel, PointerButton, Rect, Response, Role,
    Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

/// The height of the axis with the density of ends below it.
const AXIS: f32 = 58.0;

/// Time along the screen.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Where time is drawn.
    pub plot: Rect,
    /// The first second in view.
    pub from: i64,
    /// The last.
    pub to: i64,
}

impl Scale {
    /// Where an instant stands.
    pub fn x(self, t: i64) -> f32 {
        let part = (t - self.from) as f64 / (self.to - self.from).max(1) as f64;
        self.plot.left() + part.clamp(-1.0, 2.0) as f32 * self.plot.width()
    }

    /// Which instant stands there.
    pub fn t(self, x: f32) -> i64 {
        let part = f64::from((x - self.plot.left()) / self.plot.width().max(1.0));
        self.from + (part * (self.to - self.from) as f64) as i64
    }

    /// A minute where minutes can be told apart, else an hour.
    pub fn step(self) -> i64 {
        if self.to - self.from > 4 * 86_400 { 3600 } else { 60 }
    }

    /// The nearest whole step.
    pub fn snapped(self, x: f32) -> Instant {
        let (t, step) = (self.t(x), self.step());
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
    // Below all rows lies one ground on which dragging selects, so that it can begin between them and end anywhere.
    let ground = Rect::from_min_max(pos2(plot.left(), plot.top() + AXIS), plot.max);
    let response = ui.interact(ground, Id::unique("trials ground"), Sense::DRAG);
    if state.trials.far_out && state.trials.grouping == Grouping::None {
        density::chart(ui, state, scale, out);
    } else {
        lines(ui, state, policy.registry().applications(), scale, out);
    }
    brush(ui, state, scale, (ground, None), &response, out);
    pinch(ui, ground, scale, out);
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

/// The next ends as filters, the groups, and how far the axis reaches.
fn bar(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    Frame::new().inner_margin(Margin { left: 20, right: 14, top: 12, bottom: 6 }).show(ui, |ui| {
        widget::title(ui, "Trials");
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            ends(ui, state, out);
            // Alone, the density has its words at its left.
            if state.trials.far_out && state.trials.grouping != Grouping::None {
                let theme = Theme::of(ui.ctx());
                let words = "Green: in force; blue: ending; each line by its own most";
                ui.label(egui::RichText::new(words).font(theme.small()).color(theme.colours.text_2));
            }
        });
        ui.horizontal_wrapped(|ui| {
            for (grouping, name) in Grouping::ALL {
                let on = state.trials.grouping == grouping;
                if widget::chip(ui, name, None, None, on).on_hover_text("How the rows are grouped").clicked()
                {
                    out.push(Message::GroupBy(grouping));
                }
            }
            if !state.trials.far_out && !state.trials.groups.is_empty() {
                for (words, open) in [("Open all", true), ("Close all", false)] {
                    if widget::link(ui, words).clicked() {
                        out.push(Message::OpenGroups(open));
                    }
                }
            }
            ui.add_space(14.0);
            spans(ui, state, out);
        });
    });
}

/// What has ended and what ends within a day, a week and a month.
fn ends(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let at = state.at().seconds();
    let filter = &state.applications.filter;
    for (label, words, from, to) in [
        ("Ended", "status:ended", i64::MIN, at + 1),
        ("24 hours", "expires<24h", at + 1, at + 86_400),
        ("7 days", "expires<7d", at + 1, at + 7 * 86_400),
        ("30 days", "expires<30d", at + 1, at + 30 * 86_400),
    ] {
        let on = filter == words;
        let count = (on || filter.is_empty()).then(|| state.trials.ending_between(from, to));
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
}

/// How much time is in view.
fn spans(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let at = state.at().seconds();
    for (label, before, after) in [
        ("Day", 6, 18),
        ("Week", 48, 120),
        ("Month", 168, 576),
        ("Quarter", 336, 1848),
        ("Year", 1464, 7320),
        ("3 years", 8784, 17_568),
    ] {
        let span = (at - before * 3600, at + after * 3600);
        let on = state.trials.span.is_some_and(|(from, to)| to - from == span.1 - span.0);
        if widget::chip(ui, label, None, None, on).clicked() {
            out.push(Message::Span(span.0.max(0), span.1));
        }
    }
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
        let painter = ui.painter().with_clip_rect(area);
        painter.text(at, Align2::LEFT_CENTER, &mark.label, theme.small(), colours.text_3);
        ui.painter().vline(scale.x(mark.at), area.y_range(), Stroke::new(1.0, colours.surface_2));
    }
    density::ends(ui, &state.trials.all, scale, area.with_min_y(area.top() + 22.0));
    ui.painter().hline(line.x_range(), line.bottom(), theme.hairline());
    brush(ui, state, scale, (area, None), &response, out);
    wheel(ui, &response, scale, out);
}

/// Selects what ends in a part of time that is dragged across, of all rows or one group; with Shift beside what is
/// selected.
pub fn brush(
    ui: &Ui,
    state: &State,
    scale: Scale,
    (area, group): (Rect, Option<usize>),
    response: &Response,
    out: &mut Vec<Message>,
) {
    let key = Id::unique("trials brush");
    let pointer = response.interact_pointer_pos().map(|p| scale.t(p.x.max(scale.plot.left())));
    if response.drag_started_by(PointerButton::Primary)
        && let Some(t) = pointer
    {
        ui.data_mut(|data| data.insert_temp(key, t));
    }
    let begin: Option<i64> = ui.data(|data| data.get_temp(key));
    let held =
        response.dragged_by(PointerButton::Primary) || response.drag_stopped_by(PointerButton::Primary);
    let (Some(begin), Some(t), true) = (begin, pointer, held) else { return };
    let (a, b) = (begin.min(t), begin.max(t));
    let colour = Theme::of(ui.ctx()).colours.accent.gamma_multiply(0.18);
    let brush = Rect::from_x_y_ranges(scale.x(a)..=scale.x(b), area.y_range());
    ui.painter().with_clip_rect(area).rect_filled(brush, 0.0, colour);
    let windows = group.and_then(|place| state.trials.groups.get(place)).map(|group| &group.windows);
    let count = windows.unwrap_or(&state.trials.all).ending_between(a, b);
    let words = format!("{} end here", widget::grouped(count));
    response.clone().on_hover_text_at_pointer(words);
    if response.drag_stopped() {
        ui.data_mut(|data| data.remove::<i64>(key));
        let beside = ui.input(|input| input.modifiers.shift);
        out.push(Message::MarkEnds { from: a, to: b, group, beside });
    }
}

/// The wheel zooms around the pointer; sideways it moves along.
pub fn wheel(ui: &Ui, response: &Response, scale: Scale, out: &mut Vec<Message>) {
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

/// Ctrl and the wheel, or two fingers, zoom over the rows too.
fn pinch(ui: &Ui, ground: Rect, scale: Scale, out: &mut Vec<Message>) {
    let (zoom, pointer) = ui.input(|input| (input.zoom_delta(), input.pointer.hover_pos()));
    if let Some(pointer) = pointer.filter(|pointer| ground.contains(*pointer) && (zoom - 1.0).abs() > 1e-3) {
        let (from, to) = zoomed((scale.from, scale.to), scale.t(pointer.x), f64::from(1.0 / zoom));
        out.push(Message::Span(from, to));
    }
}

/// The clock as a line over all rows; dragging it or the arrow keys move the clock.
fn now_line(ui: &Ui, state: &State, scale: Scale, whole: Rect, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let x = scale.x(state.at().seconds());
    if !(scale.plot.left()..=scale.plot.right()).contains(&x) {
        return;
    }
    let grip = Rect::from_center_size(pos2(x, whole.top() + AXIS - 9.0), vec2(44.0, 18.0));
    let response = ui.interact(grip, Id::unique("trials clock"), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Clock on the timeline"));
    let response =
        response.on_hover_cursor(CursorIcon::ResizeHorizontal).on_hover_text("Drag to move the clock");
    let words = if state.as_of == AsOf::Live { "now" } else { "as of" };
    ui.painter().vline(x, grip.top()..=whole.bottom(), Stroke::new(1.6, theme.colours.accent));
    ui.painter().rect_filled(grip, theme.radius, theme.colours.accent);
    widget::focus_ring(ui, &response, grip.expand(2.0));
    let on_accent = theme.colours.on_accent;
    ui.painter().text(grip.center(), Align2::CENTER_CENTER, words, theme.small(), on_accent);
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let x = pointer.x.clamp(scale.plot.left(), scale.plot.right());
        out.push(Message::SetClock(AsOf::At(scale.snapped(x))));
    }
    if let Some(by) = arrows(ui, &response, scale.step()) {
        out.push(Message::SetClock(AsOf::At(Instant::saturating(state.at().seconds() + by))));
    }
}

/// By how much the arrow keys move what has the keyboard; with Shift ten times as far.
pub fn arrows(ui: &Ui, response: &Response, step: i64) -> Option<i64> {
    if !response.has_focus() {
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, escape: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    ui.input(|input| {
        let step = if input.modifiers.shift { 10 * step } else { step };
        let times = |key| i64::try_from(input.num_presses(key)).unwrap_or_default();
        let by = (times(Key::ArrowRight) - times(Key::ArrowLeft)) * step;
        (by != 0).then_some(by)
    })
}

fn keyboard(ui: &Ui, state: &State, scale: Scale, out: &mut Vec<Message>) {
    if ui.memory(|memory| memory.focused().is_some()) || state.dialog.is_some() || state.palette.is_some() {
        return;
    }
    // One chart has no lines to go through.
    let chart = state.trials.far_out && state.trials.grouping == Grouping::None;
    if !chart {
        let row = Theme::of(ui.ctx()).row;
        out.extend(widget::steps(ui, "trials", row).map(|by| Message::TrialStep(by, false)));
    }
    let pressed = |key| ui.input(|input| input.key_pressed(key) && input.modifiers.is_none());
    let shifted = |key| ui.input(|input| input.key_pressed(key) && input.modifiers.shift_only());
    for (key, by) in [(Key::ArrowDown, 1), (Key::ArrowUp, -1)] {
        if shifted(key) && !chart {
            out.push(Message::TrialStep(by, true));
        }
    }
    let group = state.trials.on_group();
    let span = (scale.from, scale.to);
    let step = (scale.to - scale.from) / 10;
    let around = state.at().seconds().clamp(scale.from, scale.to);
    match group {
        Some(place) => {
            let open = state.trials.groups.get(place).is_some_and(|group| group.open);
            for (key, wanted) in [(Key::ArrowLeft, false), (Key::ArrowRight, true), (Key::Enter, !open)] {
                if pressed(key) {
                    out.push(Message::OpenGroup(place, wanted));
                }
            }
            if pressed(Key::Space) {
                out.push(Message::MarkGroup(place));
            }
        }
        None => {
            for (key, by) in [(Key::ArrowLeft, -step), (Key::ArrowRight, step)] {
                if pressed(key) {
                    let (from, to) = moved(span, by);
                    out.push(Message::Span(from, to));
                }
            }
            if let Some(selected) = &state.applications.selected {
                if pressed(Key::Space) {
                    out.push(Message::Mark(Mark::Toggle(selected.clone())));
                }
                if pressed(Key::Enter) {
                    out.push(Message::Run(Command::Preview));
                }
            }
        }
    }
    for (key, by) in [(Key::Plus, 0.5), (Key::Equals, 0.5), (Key::Minus, 2.0)] {
        if ui.input(|input| input.key_pressed(key) && !input.modifiers.command) {
            let (from, to) = zoomed(span, around, by);
            out.push(Message::Span(from, to));
        }
    }
    if pressed(Key::Escape) {
        let marked = !state.applications.marked.is_empty();
        out.push(if marked { Message::Mark(Mark::Clear) } else { Message::Select(None) });
    }
}
