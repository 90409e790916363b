//! The table of applications: only the rows in view, chosen and gone through with mouse and keyboard.

use super::columns::{Cells, Placed, Places, is_figure, title};
use crate::app::{Command, Mark, Marked, Menu, Message, State};
use crate::gui::theme::Theme;
use crate::gui::{live, menus, widget};
use crate::policy::Policy;
use crate::registry::Application;
use egui::{Align2, Id, Key, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Draws the table, or what stands in its place.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let Some(policy) = state.policy() else { return };
    if policy.registry().applications().is_empty() {
        widget::empty(
            ui,
            "No applications yet",
            "An application is a customer's OAuth client, often a trial with an end.",
        );
        ui.vertical_centered(|ui| {
            ui.add_enabled_ui(state.read_only().is_none(), |ui| {
                if widget::primary_button(ui, "New application").clicked() {
                    out.push(Message::Run(Command::NewApplication));
                }
                if widget::button(ui, "Import from file…").clicked() {
                    out.push(Message::Run(Command::Import));
                }
            });
        });
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, state, out);
    let rows = &state.applications.rows;
    if rows.is_empty() {
        widget::empty(ui, "Nothing matches", "No application fits the filter.");
        ui.vertical_centered(|ui| {
            if widget::button(ui, "Clear filter").clicked() {
                out.push(Message::Filter(String::new()));
                out.push(Message::FilterStatus(None));
            }
        });
        return;
    }
    keyboard(ui, state, out);
    let edge = ui.available_rect_before_wrap().right();
    let mut area = ScrollArea::vertical().id_salt("applications").auto_shrink(false);
    let selected = state.applications.selected_row(policy.registry());
    if let Some(offset) = selected.and_then(|row| widget::offset_to(ui, "applications", row, theme.row)) {
        area = area.vertical_scroll_offset(offset);
    }
    let output = area.show_rows(ui, theme.row, rows.len(), |ui, range| {
        for place in range {
            let application =
                rows.get(place).and_then(|row| policy.registry().applications().get(*row as usize));
            if let Some(application) = application {
                row(ui, state, policy, application, edge, out);
            }
        }
    });
    widget::remember_seen(ui, "applications", &output);
}

fn keyboard(ui: &Ui, state: &State, out: &mut Vec<Message>) {
    if ui.memory(|memory| memory.focused().is_some()) || state.dialog.is_some() || state.palette.is_some() {
        return;
    }
    out.extend(widget::steps(ui, "applications", Theme::of(ui.ctx()).row).map(Message::Step));
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        let marked = !state.applications.marked.is_empty();
        out.push(if marked { Message::Mark(Mark::Clear) } else { Message::Select(None) });
    }
    for (key, by) in [(Key::ArrowDown, 1), (Key::ArrowUp, -1)] {
        if ui.input(|input| input.key_pressed(key) && input.modifiers.shift_only()) {
            out.extend(state.neighbour(by).map(|id| Message::Mark(Mark::Through(id))));
        }
    }
    if let Some(selected) = &state.applications.selected
        && ui.input(|input| input.key_pressed(Key::Space) && input.modifiers.is_none())
    {
        out.push(Message::Mark(Mark::Toggle(selected.clone())));
    }
    if ui.input(|input| input.key_pressed(Key::Enter) && input.modifiers.is_none())
        && state.policy().is_some_and(|p| state.applications.selected_row(p.registry()).is_some())
    {
        out.push(Message::Run(Command::Edit));
    }
}

/// Where the columns stand in a line of the table.
fn places(state: &State, line: Rect) -> Places {
    Places::of(state.columns(), line.left() + FIRST, line.right() - 14.0)
}

fn head(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    // The rows below leave room for the scroll bar, where they need one.
    let scrolls = state.applications.rows.len() as f32 * theme.row > ui.available_height();
    let bar = if scrolls { ui.spacing().scroll.allocated_width() } else { 0.0 };
    for place in places(state, rect.with_max_x(rect.right() - bar)).placed {
        column_head(ui, state, place, rect.center().y, out);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), theme.hairline());
    let whole = match state.applications.marked_rows {
        Marked::None => widget::Ticked::No,
        Marked::Some => widget::Ticked::Partly,
        Marked::All => widget::Ticked::Yes,
    };
    let place = Rect::from_min_size(rect.min, vec2(FIRST - 4.0, rect.height()));
    if widget::tick(ui, place, Id::unique("mark all"), whole, "Select all that the filter shows").clicked() {
        out.push(Message::Mark(Mark::All));
    }
}

/// The name of a column; pressing it sorts.
fn column_head(ui: &Ui, state: &State, place: Placed, y: f32, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let sort = state.applications.sort;
    let arrow = match (sort.column == place.column, sort.descending) {
        (false, _) => "",
        (true, false) => " ↑",
        (true, true) => " ↓",
    };
    let label = title(place.column);
    let (at, align) = if is_figure(place.column) {
        (pos2(place.right, y), Align2::RIGHT_CENTER)
    } else {
        (pos2(place.left, y), Align2::LEFT_CENTER)
    };
    let text = format!("{label}{arrow}");
    let rect = ui.painter().text(at, align, text, theme.small_strong(), theme.colours.text_3);
    let response = ui.interact(rect.expand(6.0), Id::unique(("sort", label)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sort by {label}")));
    if response.hovered() {
        ui.painter().hline(rect.x_range(), rect.bottom() + 1.0, theme.hairline());
    }
    widget::focus_ring(ui, &response, rect.expand2(vec2(4.0, 2.0)));
    if response.clicked() {
        out.push(Message::Sort(place.column));
    }
}

/// Where the first column's words begin, right of the boxes.
const FIRST: f32 = 42.0;

fn row(
    ui: &mut Ui,
    state: &State,
    policy: &Policy,
    application: &Arc<Application>,
    edge: f32,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
    // Arrow keys go through the rows; Tab passes them by.
    let response = ui.interact(rect, Id::unique(("application", &application.client_id)), Sense::CLICK);
    let selected = state.applications.selected.as_deref() == Some(application.client_id.as_str());
    let marked = state.applications.marked.contains(&application.client_id);
    let fill = match (selected || marked, response.hovered()) {
        (true, _) => Some(colours.accent_soft),
        (_, true) => Some(colours.bg),
        _ => None,
    };
    // The row reaches to the panel's edge, below the scroll bar.
    let edge = rect.with_max_x(edge);
    let below = ui.painter().with_clip_rect(ui.clip_rect().with_max_x(edge.right()));
    if let Some(fill) = fill {
        below.rect_filled(edge, 0.0, fill);
    }
    below.hline(edge.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, colours.surface_2));
    let (_, words) = live::status_words(ui, state, application);
    let name = format!("{} {}, {words}", application.title(), application.client_id);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, &name));
    let Places { placed, tight } = places(state, rect);
    let cells = Cells { state, policy, application, y: rect.center().y, tight };
    placed.into_iter().for_each(|place| cells.draw(ui, place));
    let exact = application.expires_at.map(|end| state.times().zoned(end));
    let whole = widget::visible(&format!("{} · {}", application.title(), application.client_id));
    let response = response.on_hover_text_at_pointer(match exact {
        Some(end) => format!("{whole}\nends {end}"),
        None => format!("{whole}\nnever ends"),
    });
    pressed(ui, &response, rect, (&application.client_id, marked), out);
    menu(&response, state, out);
}

/// What a press on a row or its box does.
fn pressed(ui: &mut Ui, response: &Response, rect: Rect, (id, marked): (&str, bool), out: &mut Vec<Message>) {
    let place = Rect::from_min_size(rect.min, vec2(FIRST - 4.0, rect.height()));
    let ticked = if marked { widget::Ticked::Yes } else { widget::Ticked::No };
    let (shift, command) = ui.input(|input| (input.modifiers.shift, input.modifiers.command));
    let tick = widget::tick(ui, place, Id::unique(("mark", id)), ticked, &format!("Select {id}"));
    let id = id.to_owned();
    if (response.clicked() || tick.clicked()) && shift {
        out.push(Message::Mark(Mark::Through(id)));
    } else if tick.clicked() || (response.clicked() && command) {
        out.push(Message::Mark(Mark::Toggle(id)));
    } else if response.clicked() || (response.secondary_clicked() && !marked) {
        out.push(Message::Select(Some(id)));
        ui.memory_mut(|memory| memory.stop_text_input());
    }
    if response.double_clicked() {
        out.push(Message::Run(Command::Preview));
    }
}

/// What can be done with the application, or with the selection that it belongs to.
fn menu(response: &Response, state: &State, out: &mut Vec<Message>) {
    let popup = egui::Popup::context_menu(response);
    if popup.is_open() || response.secondary_clicked() {
        popup.width(menus::WIDTH).show(|ui| menus::commands(ui, state, Menu::Application, out));
    }
}
