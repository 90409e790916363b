//! The table of applications: only the rows in view, chosen and gone through with mouse and keyboard.

use super::applications::status_look;
use crate::app::{Column, Command, Mark, Marked, Message, Sort, State, Summary, summary};
use crate::gui::theme::{Colours, Theme};
use crate::gui::{live, widget};
use crate::policy::{LimitKind, OverrunUpTo, Policy};
use crate::registry::{Application, human};
use egui::{Align2, Color32, Id, Key, Pos2, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Where the columns stand: the left edge of the left-aligned ones, the right edge of the right-aligned.
struct Columns {
    client: f32,
    status: f32,
    ends: f32,
    lifetime: f32,
    overrun: f32,
    tight: bool,
}

impl Columns {
    fn of(rect: Rect) -> Self {
        let width = rect.width();
        let x = |part: f32| rect.left() + part * width;
        let overrun = rect.right() - 14.0;
        let tight = width < 720.0;
        // Where there is little room, ends are relative and a lifetime stands without its source.
        if tight {
            return Self {
                client: x(0.26),
                status: x(0.475),
                ends: x(0.735),
                lifetime: x(0.865),
                overrun,
                tight,
            };
        }
        Self { client: x(0.20), status: x(0.36), ends: x(0.665), lifetime: x(0.875), overrun, tight }
    }
}

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
                if widget::button(ui, "Import from JSON…").clicked() {
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
    if let Some(offset) = offset_to_selected(ui, state, theme.row) {
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
    let seen = (output.state.clamped_offset().y, output.inner_rect.height());
    ui.data_mut(|data| data.insert_temp(Id::unique("applications seen"), seen));
}

/// Where to scroll so that a selection by keyboard or palette can be seen; nothing where it can.
fn offset_to_selected(ui: &Ui, state: &State, row: f32) -> Option<f32> {
    let key = Id::unique("applications shown");
    let selected = state.applications.selected.clone();
    let shown: Option<Option<String>> = ui.data(|data| data.get_temp(key));
    if shown.as_ref() == Some(&selected) {
        return None;
    }
    let place = state.applications.selected_row(state.policy()?.registry())?;
    ui.data_mut(|data| data.insert_temp(key, selected));
    let (top, height): (f32, f32) = ui.data(|data| data.get_temp(Id::unique("applications seen")))?;
    let y = place as f32 * row;
    if y < top {
        Some(y)
    } else if y + row > top + height {
        Some(y + row - height)
    } else {
        None
    }
}

fn keyboard(ui: &Ui, state: &State, out: &mut Vec<Message>) {
    if ui.memory(|memory| memory.focused().is_some()) || state.dialog.is_some() || state.palette.is_some() {
        return;
    }
    let page = ui
        .data(|data| data.get_temp::<(f32, f32)>(Id::unique("applications seen")))
        .unwrap_or((0.0, 300.0))
        .1;
    let page = (page / Theme::of(ui.ctx()).row) as isize;
    let moves = [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, page),
        (Key::PageUp, -page),
        (Key::Home, isize::MIN / 2),
        (Key::End, isize::MAX / 2),
    ];
    for (key, by) in moves {
        if ui.input(|input| input.key_pressed(key) && input.modifiers.is_none()) {
            out.push(Message::Step(by));
        }
    }
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

fn head(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    // The rows below leave room for the scroll bar, where they need one.
    let scrolls = state.applications.rows.len() as f32 * theme.row > ui.available_height();
    let bar = if scrolls { ui.spacing().scroll.allocated_width() } else { 0.0 };
    let columns = Columns::of(rect.with_max_x(rect.right() - bar));
    let y = rect.center().y;
    let mut column = |ui: &Ui, at: Pos2, align: Align2, label: &str, by: Option<Column>| {
        let Sort { column, descending } = state.applications.sort;
        let arrow = match by {
            Some(by) if by == column => {
                if descending {
                    " ↓"
                } else {
                    " ↑"
                }
            }
            _ => "",
        };
        let text = format!("{label}{arrow}");
        let place = ui.painter().text(at, align, text, theme.small_strong(), theme.colours.text_3);
        if let Some(by) = by {
            let response = ui.interact(place.expand(6.0), Id::unique(("sort", label)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Sort by {label}")));
            if response.hovered() {
                ui.painter().hline(place.x_range(), place.bottom() + 1.0, theme.hairline());
            }
            widget::focus_ring(ui, &response, place.expand2(vec2(4.0, 2.0)));
            if response.clicked() {
                out.push(Message::Sort(by));
            }
        }
    };
    let left = Align2::LEFT_CENTER;
    let right = Align2::RIGHT_CENTER;
    column(ui, pos2(rect.left() + FIRST, y), left, "Customer", Some(Column::Customer));
    column(ui, pos2(columns.client, y), left, "Client", Some(Column::Client));
    column(ui, pos2(columns.status, y), left, "Status", Some(Column::Status));
    column(ui, pos2(columns.ends, y), right, "Ends", Some(Column::Ends));
    column(ui, pos2(columns.lifetime, y), right, "Lifetime", Some(Column::Lifetime));
    column(ui, pos2(columns.overrun, y), right, if columns.tight { "Over ≤" } else { "Overrun ≤" }, None);
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
    let columns = Columns::of(rect);
    let y = rect.center().y;
    let (status, words) = live::status_words(ui, state, application);
    let name = format!("{} {}, {words}", application.title(), application.client_id);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, &name));
    let left = Align2::LEFT_CENTER;
    let first = rect.left() + FIRST;
    let room = columns.client - 8.0 - first;
    widget::paint_line(ui, pos2(first, y), room, application.title(), theme.body(), colours.text);
    let room = columns.status - 8.0 - columns.client;
    widget::paint_line(ui, pos2(columns.client, y), room, &application.client_id, theme.mono(), colours.text);
    let (colour, hollow) = status_look(&theme, status);
    if hollow {
        ui.painter().circle_stroke(pos2(columns.status + 4.0, y), 3.4, egui::Stroke::new(1.5, colour));
    } else {
        ui.painter().circle_filled(pos2(columns.status + 4.0, y), 4.0, colour);
    }
    ui.painter().text(pos2(columns.status + 15.0, y), left, words, theme.body(), colour);
    figures(ui, state, policy, application, &columns, y);
    let exact = application.expires_at.map(|end| state.times().zoned(end));
    let whole = widget::visible(&format!("{} · {}", application.title(), application.client_id));
    let response = response.on_hover_text_at_pointer(match exact {
        Some(end) => format!("{whole}\nends {end}"),
        None => format!("{whole}\nnever ends"),
    });
    let place = Rect::from_min_size(rect.min, vec2(FIRST - 4.0, rect.height()));
    let ticked = if marked { widget::Ticked::Yes } else { widget::Ticked::No };
    let id = application.client_id.clone();
    let box_name = format!("Select {id}");
    let shift = ui.input(|input| input.modifiers.shift);
    let command = ui.input(|input| input.modifiers.command);
    let tick = widget::tick(ui, place, Id::unique(("mark", &id)), ticked, &box_name);
    if (response.clicked() || tick.clicked()) && shift {
        out.push(Message::Mark(Mark::Through(id)));
    } else if tick.clicked() || (response.clicked() && command) {
        out.push(Message::Mark(Mark::Toggle(id)));
    } else if response.clicked() {
        out.push(Message::Select(Some(id)));
        ui.memory_mut(|memory| memory.stop_text_input());
    }
    if response.double_clicked() {
        out.push(Message::Run(Command::Preview));
    }
}

fn figures(ui: &Ui, state: &State, policy: &Policy, application: &Application, columns: &Columns, y: f32) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let right = Align2::RIGHT_CENTER;
    let ends = match application.expires_at {
        Some(end) if columns.tight => live::relative(ui, state, end),
        Some(end) => format!("{} · {}", live::relative(ui, state, end), state.times().short(end)),
        None => "never".to_owned(),
    };
    ui.painter().text(pos2(columns.ends, y), right, ends, theme.body(), colours.text);
    let answer = summary(policy, application, state.at());
    let (lifetime, detail, colour) = lifetime_words(&answer, colours);
    let mut x = columns.lifetime;
    if !detail.is_empty() && !columns.tight {
        x = ui.painter().text(pos2(x, y), right, detail, theme.body(), colours.text_3).left() - 4.0;
    }
    ui.painter().text(pos2(x, y), right, lifetime, theme.body(), colour);
    let (overrun, colour) = match answer.overrun {
        // Who is denied now shows no alarm for what it once had.
        Some(_) if answer.longest.is_none() => (String::new(), colours.text_3),
        None => ("–".to_owned(), colours.text_3),
        Some(OverrunUpTo::Seconds(0)) => ("0".to_owned(), colours.text_3),
        Some(OverrunUpTo::Seconds(seconds)) => (human(seconds), colours.overrun),
        Some(OverrunUpTo::Unbounded) => ("unbounded".to_owned(), colours.overrun),
    };
    ui.painter().text(pos2(columns.overrun, y), right, overrun, theme.body(), colour);
}

/// The longest lifetime, what decides it and how many more grants there are.
fn lifetime_words(answer: &Summary<'_>, colours: &Colours) -> (String, String, Color32) {
    match answer.longest {
        Some((seconds, limit, source)) => {
            let by = match limit {
                LimitKind::Scope => widget::visible(source),
                LimitKind::Api => "API".to_owned(),
                kind => kind.title().to_lowercase(),
            };
            let more = if answer.grants > 1 { format!(" +{}", answer.grants - 1) } else { String::new() };
            (human(seconds), format!("{by}{more}"), colours.text)
        }
        None if answer.grants == 0 => ("no access".to_owned(), String::new(), colours.denied),
        None => ("denied".to_owned(), String::new(), colours.denied),
    }
}
