//! The lines of the timeline: heads of groups, and a bar for each application whose end can be moved.

use super::applications::status_look;
use super::trial_density as density;
use super::trials::{Scale, arrows, brush};
use crate::app::{Group, Grouping, Line, Mark, Message, State, edit, overrun};
use crate::edit::operation;
use crate::gui::theme::Theme;
use crate::gui::{live, widget};
use crate::policy::OverrunUpTo;
use crate::registry::{Application, Instant};
use egui::{
    Align2, CursorIcon, Id, Key, Painter, Pos2, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo,
    pos2, vec2,
};
use std::sync::Arc;

/// Draws the lines in view.
pub fn lines(
    ui: &mut Ui,
    state: &State,
    applications: &[Arc<Application>],
    scale: Scale,
    out: &mut Vec<Message>,
) {
    let row_height = Theme::of(ui.ctx()).row;
    ui.spacing_mut().item_spacing.y = 0.0;
    let trials = &state.trials;
    let list = &trials.lines;
    let mut area = ScrollArea::vertical().id_salt("trials").auto_shrink(false);
    if let Some(offset) = begin(ui, state, row_height)
        .or_else(|| trials.at.and_then(|at| widget::offset_to(ui, "trials", at, row_height)))
    {
        area = area.vertical_scroll_offset(offset);
    }
    let output = area.show_rows(ui, row_height, list.len(), |ui, range| {
        for place in range {
            match list.get(place) {
                Some(Line::Group(at)) => {
                    if let Some(group) = trials.groups.get(*at as usize) {
                        head(ui, state, (place, *at as usize), group, scale, out);
                    }
                }
                Some(Line::Application(at)) => {
                    if let Some(app) = applications.get(*at as usize) {
                        row(ui, state, (place, app), scale, out);
                    }
                }
                None => {}
            }
        }
    });
    widget::remember_seen(ui, "trials", &output);
}

/// The screen begins with what ends next, a few that have just ended above it.
fn begin(ui: &Ui, state: &State, row_height: f32) -> Option<f32> {
    let key = Id::unique("trials visits");
    if ui.data(|data| data.get_temp::<u64>(key)) == Some(state.trials.visits) {
        return None;
    }
    ui.data_mut(|data| data.insert_temp(key, state.trials.visits));
    Some(state.next_end().saturating_sub(4) as f32 * row_height)
}

/// The head of a group: its name, how many it has, and when they end.
fn head(
    ui: &mut Ui,
    state: &State,
    (line, place): (usize, usize),
    group: &Group,
    scale: Scale,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
    let area = Rect::from_x_y_ranges(scale.plot.x_range(), rect.y_range()).shrink2(vec2(0.0, 3.0));
    // Below the head, which takes presses.
    let own = ui.interact(area, Id::unique(("group ends", place)), Sense::DRAG);
    let response = ui.interact(rect, Id::unique(("trial group", place)), Sense::CLICK);
    let title = match (state.trials.grouping, &group.name, state.policy()) {
        (Grouping::Api, Some(audience), Some(policy)) => {
            policy.registry().api(audience).map_or(audience.as_str(), |api| api.title())
        }
        (grouping, ..) => group.title(grouping),
    };
    let count = widget::grouped(group.rows.len());
    let on = state.trials.at == Some(line);
    let name = format!(
        "{}, {count} applications, {}",
        widget::visible(title),
        if group.open { "open" } else { "closed" }
    );
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, &name));
    let fill = if on { colours.accent_soft } else { colours.bg };
    ui.painter().rect_filled(rect, 0.0, fill);
    let y = rect.center().y;
    let box_place = Rect::from_min_size(rect.min, vec2(34.0, rect.height()));
    let far = state.trials.far_out;
    let ticked = match group.marked {
        0 => widget::Ticked::No,
        _ if group.is_marked() => widget::Ticked::Yes,
        _ => widget::Ticked::Partly,
    };
    let words = format!("Select all of {}", widget::visible(title));
    if widget::tick(ui, box_place, Id::unique(("mark group", place)), ticked, &words).clicked() {
        out.push(Message::MarkGroup(place));
    }
    if !far {
        let sign = if group.open { "−" } else { "+" };
        let at = pos2(rect.left() + 44.0, y);
        ui.painter().text(at, Align2::CENTER_CENTER, sign, theme.strong(), colours.text_3);
    }
    let right = scale.plot.left() - 12.0;
    let number =
        ui.painter().text(pos2(right, y), Align2::RIGHT_CENTER, count, theme.small(), colours.text_3);
    let room = number.left() - 8.0 - rect.left() - 54.0;
    widget::paint_line(ui, pos2(rect.left() + 54.0, y), room, title, theme.strong(), colours.text);
    if far {
        density::in_force(ui, &group.windows, scale, area);
    }
    density::ends(ui, &group.windows, scale, area);
    brush(ui, state, scale, (area, Some(place)), &own, out);
    if response.on_hover_text_at_pointer(name).clicked() {
        out.push(Message::TrialAt(line));
        // Far out no rows stand below a head that could come or go.
        out.extend((!far).then_some(Message::OpenGroup(place, !group.open)));
    }
}

fn row(
    ui: &mut Ui,
    state: &State,
    (line, app): (usize, &Arc<Application>),
    scale: Scale,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
    // An application may stand in several groups.
    let response = ui.interact(rect, Id::unique(("trial", line, &app.client_id)), Sense::CLICK);
    let grouped = state.trials.grouping != Grouping::None;
    let selected = state.applications.selected.as_deref() == Some(app.client_id.as_str())
        && (!grouped || state.trials.at.is_none_or(|at| at == line));
    let marked = state.applications.marked.contains(&app.client_id);
    let (status, words) = live::status_words(ui, state, app);
    let name = format!("{} {}, {words}", app.title(), app.client_id);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected || marked, &name));
    if selected || marked || response.hovered() {
        let fill = if selected || marked { colours.accent_soft } else { colours.bg };
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    let y = rect.center().y;
    let left = pos2(rect.left() + if grouped { 54.0 } else { 20.0 }, y);
    let room = scale.plot.left() - left.x - 12.0;
    widget::paint_line(ui, left, room, app.title(), theme.body(), colours.text);
    let (colour, hollow) = status_look(&theme, status);
    let clip = ui.clip_rect().with_min_x(scale.plot.left()).with_max_x(scale.plot.right());
    let painter = ui.painter().with_clip_rect(clip);
    let start = app.not_before.map_or(scale.plot.left() - 8.0, |at| scale.x(at.seconds()));
    let moved = moved_end(ui, state, (line, app, selected), rect, scale, out);
    let end = moved.or(app.expires_at);
    let stop = end.map_or(scale.plot.right() + 8.0, |at| scale.x(at.seconds()));
    let bar = Rect::from_x_y_ranges(start..=stop.max(start + 2.0), y - 7.0..=y + 7.0);
    painter.rect_filled(bar, theme.bar_radius, colour.gamma_multiply(if hollow { 0.45 } else { 0.88 }));
    if let (Some(end), Some(policy)) = (end, state.policy()) {
        tail(ui, &painter, overrun(policy, app), end, scale, bar);
    }
    let exact = |at: Option<Instant>, none: &str| at.map_or(none.to_owned(), |at| state.times().zoned(at));
    let hint = format!(
        "{}\nstarts {}\nends {}",
        widget::visible(&name),
        exact(app.not_before, "at once"),
        exact(end, "never")
    );
    pressed(ui, &response.on_hover_text_at_pointer(hint), line, app, out);
}

/// How long tokens may outlive the end: as far as they do, at least so that it is seen; without bound it fades away.
fn tail(ui: &Ui, painter: &Painter, over: Option<OverrunUpTo>, end: Instant, scale: Scale, bar: Rect) {
    let colour = Theme::of(ui.ctx()).colours.overrun;
    match over {
        None | Some(OverrunUpTo::Seconds(0)) => {}
        Some(OverrunUpTo::Seconds(seconds)) => {
            let to = scale.x(end.plus(seconds).seconds()).max(bar.right() + 3.0);
            painter.rect_filled(Rect::from_x_y_ranges(bar.right()..=to, bar.y_range()), 0.0, colour);
        }
        Some(OverrunUpTo::Unbounded) => {
            for part in 0..6_u8 {
                let left = bar.right() + f32::from(part) * 5.0;
                let piece = Rect::from_x_y_ranges(left..=left + 5.0, bar.y_range());
                painter.rect_filled(piece, 0.0, colour.gamma_multiply(1.0 - f32::from(part) / 6.0));
            }
        }
    }
}

/// What a press on a row does.
fn pressed(ui: &Ui, response: &Response, line: usize, app: &Application, out: &mut Vec<Message>) {
    if response.clicked() {
        let id = app.client_id.clone();
        let toggles = ui.input(|input| input.modifiers.command || input.modifiers.shift);
        out.push(if toggles { Message::Mark(Mark::Toggle(id)) } else { Message::TrialAt(line) });
    }
    if response.double_clicked() {
        out.push(Message::Run(crate::app::Command::Preview));
    }
}

/// The end while it is moved, with the mouse or by arrow keys; letting go or Enter sets it, which is one step of undo.
fn moved_end(
    ui: &Ui,
    state: &State,
    (line, app, selected): (usize, &Arc<Application>, bool),
    row: Rect,
    scale: Scale,
    out: &mut Vec<Message>,
) -> Option<Instant> {
    let stored = app.expires_at?;
    let end = scale.x(stored.seconds());
    if state.read_only().is_some() || !(scale.plot.left()..=scale.plot.right()).contains(&end) {
        return None;
    }
    let handle = Rect::from_center_size(pos2(end, row.center().y), vec2(12.0, row.height()));
    // Tab comes to the end of the selected row alone.
    let sense = if selected { Sense::drag() } else { Sense::DRAG };
    let response = ui.interact(handle, Id::unique(("trial end", line, &app.client_id)), sense);
    let name = format!("End of {}", app.client_id);
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &name));
    let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
    widget::focus_ring(ui, &response, handle);
    let set = |to: Instant, out: &mut Vec<Message>| {
        out.extend(edit(format!("Set end of {}", app.title()), operation::set_end(app, Some(to))));
    };
    let pointer = response.interact_pointer_pos().filter(|_| response.dragged() || response.drag_stopped());
    if let Some(pointer) = pointer {
        let to = scale.snapped(pointer.x);
        if response.drag_stopped() {
            // Esc ends a drag too, while the button is still down: then nothing is set.
            if ui.input(|input| input.pointer.any_released()) {
                set(to, out);
            }
            return None;
        }
        told(ui, pos2(pointer.x, row.top()), &state.times().zoned(to));
        return Some(to);
    }
    by_keys(ui, state, &response, app, scale.step(), out)
}

/// The instant under the pointer while an end is dragged, above its row.
fn told(ui: &Ui, at: Pos2, words: &str) {
    let theme = Theme::of(ui.ctx());
    let layer = egui::LayerId::new(egui::Order::Tooltip, Id::unique("instant of a dragged end"));
    let painter = ui.ctx().layer_painter(layer);
    let galley = painter.layout_no_wrap(words.to_owned(), theme.small_strong(), theme.colours.text);
    let rect = Rect::from_min_size(at - vec2(galley.size().x / 2.0, galley.size().y + 8.0), galley.size());
    let ground = rect.expand2(vec2(7.0, 4.0));
    painter.rect(ground, theme.radius, theme.colours.surface, theme.hairline(), egui::StrokeKind::Inside);
    painter.galley(rect.min, galley, theme.colours.text);
}

/// The end as the arrow keys have moved it so far: Enter and leaving set it, Esc gives it up.
fn by_keys(
    ui: &Ui,
    state: &State,
    response: &Response,
    app: &Application,
    step: i64,
    out: &mut Vec<Message>,
) -> Option<Instant> {
    let nudged = state.trials.nudged.as_ref().filter(|(id, _)| *id == app.client_id).map(|(_, by)| *by);
    let pressed =
        |key| response.has_focus() && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    if let Some(by) = arrows(ui, response, step) {
        out.push(Message::Nudge(app.client_id.clone(), Some(by)));
    } else if nudged.is_some() && pressed(Key::Escape) {
        out.push(Message::Nudge(app.client_id.clone(), None));
    } else if nudged.is_some() && (pressed(Key::Enter) || response.lost_focus()) {
        out.push(Message::SetNudged);
    }
    Some(Instant::saturating(app.expires_at?.seconds().saturating_add(nudged?)))
}
