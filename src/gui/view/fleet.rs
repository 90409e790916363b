//! Fleet: what the policy decides beside what the issuer hands out, for every application and API, with the overrun.

use super::applications::status_look;
use super::columns::decided_by;
use super::fleet_sums::sums;
use crate::app::{AsOf, Command, FleetColumn, Message, State, coarse};
use crate::gui::theme::Theme;
use crate::gui::{keys, live, widget};
use crate::policy::{Answer, OverrunUpTo, Policy, Report, ReportRow};
use crate::registry::{Grant, ProfileName, human};
use egui::{
    Align2, Color32, FontId, Frame, Id, Key, Label, Margin, Rect, RichText, Role, ScrollArea, Sense, Stroke,
    Ui, WidgetInfo, pos2, vec2,
};

/// The two pages of the Preview: one request, or the fleet.
pub fn pages(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    ui.horizontal(|ui| {
        for (label, fleet, command) in
            [("One request", false, Command::Preview), ("Fleet", true, Command::Fleet)]
        {
            let response = widget::chip(ui, label, None, None, state.fleet.shown == fleet);
            if response.on_hover_text(keys::hint(ui.ctx(), command)).clicked() {
                out.push(Message::ShowFleet(fleet));
            }
        }
    });
}

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, policy: &Policy, out: &mut Vec<Message>) {
    Frame::new().inner_margin(Margin { left: 20, right: 14, top: 14, bottom: 6 }).show(ui, |ui| {
        pages(ui, state, out);
        ui.add_space(6.0);
        bar(ui, state, policy, out);
        if let Some(report) = &state.fleet.report {
            ui.add_space(8.0);
            sums(ui, state, report);
        }
    });
    match &state.fleet.report {
        None => {
            widget::empty(ui, "Counting the fleet…", "Every application and API is asked beside the window.")
        }
        Some(_) if state.fleet.order.is_empty() => {
            widget::empty(ui, "Nothing matches", "No application with access fits the filter.");
        }
        Some(report) => table(ui, state, policy, report, out),
    }
}

/// Whose tokens, of which applications, and the way to a file.
fn bar(ui: &mut Ui, state: &State, policy: &Policy, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Issued by").color(theme.colours.text_3));
        let options: Vec<String> = ProfileName::ALL
            .iter()
            .map(|profile| format!("{}: {}", profile.title(), profile.rule()))
            .collect();
        let current = state.fleet_profile();
        let width = if ui.available_width() > 860.0 { 300.0 } else { 190.0 };
        let chosen = ui
            .allocate_ui(vec2(width, theme.control_height), |ui| {
                widget::select(ui, "Issuer of the fleet", current.title(), &options)
            })
            .inner;
        out.extend(chosen.and_then(|at| ProfileName::ALL.get(at)).map(|to| Message::FleetProfile(*to)));
        let all = policy.registry().applications().len();
        let shown = state.applications.rows.len();
        for (label, filtered, count) in
            [("All applications", false, all), ("What the filter shows", true, shown)]
        {
            let on = state.fleet.filtered == filtered;
            if widget::chip(ui, label, Some(count), None, on).clicked() {
                out.push(Message::FleetFiltered(filtered));
            }
        }
        for (command, label) in
            [(Command::Export, "Export…"), (Command::Review, "Review…"), (Command::Enforce, "Enforce…")]
        {
            let hint = keys::hint(ui.ctx(), command);
            if widget::button(ui, label).on_hover_text(hint).clicked() {
                out.push(Message::Run(command));
            }
        }
        let words = match &state.fleet.report {
            _ if state.fleet.counting => "counting…".to_owned(),
            Some(report) => as_of(state, report),
            None => String::new(),
        };
        ui.add(Label::new(RichText::new(words).color(theme.colours.text_3)).extend());
    });
}

/// The instant for which the figures hold, since the clock goes on while they stand.
fn as_of(state: &State, report: &Report) -> String {
    let times = state.times();
    let today = state.as_of == AsOf::Live && state.now.since(report.at) < 12 * 3600;
    format!("as of {}", if today { times.clock(report.at) } else { times.short(report.at) })
}

/// A column: its name, what it needs, and from which width of the table on it stands there.
struct Column {
    column: FleetColumn,
    title: &'static str,
    share: f32,
    from: f32,
}

const fn column(column: FleetColumn, title: &'static str, share: f32, from: f32) -> Column {
    Column { column, title, share, from }
}

const COLUMNS: [Column; 10] = [
    column(FleetColumn::Customer, "Customer", 1.5, 560.0),
    column(FleetColumn::Client, "Client", 1.5, 0.0),
    column(FleetColumn::Api, "API", 1.1, 0.0),
    column(FleetColumn::Status, "Status", 1.0, 980.0),
    column(FleetColumn::Ends, "Ends", 0.9, 560.0),
    column(FleetColumn::Policy, "Policy", 1.5, 0.0),
    column(FleetColumn::Issuer, "Issuer", 0.9, 0.0),
    column(FleetColumn::Overrun, "Overrun", 0.9, 0.0),
    column(FleetColumn::UpTo, "Up to", 1.0, 900.0),
    column(FleetColumn::TokensUntil, "Tokens until", 1.4, 720.0),
];

/// Whether a column's words stand at the left.
const fn is_words(column: FleetColumn) -> bool {
    matches!(column, FleetColumn::Customer | FleetColumn::Client | FleetColumn::Api | FleetColumn::Status)
}

/// The columns that have room, with their left and right edges.
fn places(rect: Rect) -> impl Iterator<Item = (&'static Column, f32, f32)> {
    let shown = move |column: &&Column| column.from <= rect.width();
    let whole: f32 = COLUMNS.iter().filter(shown).map(|column| column.share).sum();
    let (mut x, room) = (rect.left() + 20.0, rect.width() - 34.0);
    COLUMNS.iter().filter(shown).map(move |column| {
        let left = x;
        x += room * column.share / whole;
        (column, left, x - 10.0)
    })
}

fn table(ui: &mut Ui, state: &State, policy: &Policy, report: &Report, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, state, out);
    keyboard(ui, state, out);
    let order = &state.fleet.order;
    let mut area = ScrollArea::vertical().id_salt("fleet").auto_shrink(false);
    if let Some(offset) = widget::offset_to(ui, "fleet", state.fleet.row, theme.row) {
        area = area.vertical_scroll_offset(offset);
    }
    let output = area.show_rows(ui, theme.row, order.len(), |ui, range| {
        for place in range {
            let found = order.get(place).and_then(|at| report.rows.get(*at as usize));
            if let Some(found) = found {
                row(ui, state, policy, (place, found), report, out);
            }
        }
    });
    widget::remember_seen(ui, "fleet", &output);
}

fn head(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let (sorted, descending) = state.fleet.sort;
    for (column, left, right) in places(rect) {
        // What is largest comes first in these.
        let turned = column.column.largest_first();
        let arrow = match (column.column == sorted, descending != turned) {
            (false, _) => "",
            (true, false) => " ↑",
            (true, true) => " ↓",
        };
        let (x, align) =
            if is_words(column.column) { (left, Align2::LEFT_CENTER) } else { (right, Align2::RIGHT_CENTER) };
        let text = format!("{}{arrow}", column.title);
        let at = pos2(x, rect.center().y);
        let place = ui.painter().text(at, align, text, theme.small_strong(), theme.colours.text_3);
        let response =
            ui.interact(place.expand(6.0), Id::unique(("fleet sort", column.title)), Sense::click());
        let name = format!("Sort by {}", column.title);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        widget::focus_ring(ui, &response, place.expand2(vec2(4.0, 2.0)));
        if response.clicked() {
            out.push(Message::FleetSort(column.column));
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), theme.hairline());
}

fn row(
    ui: &mut Ui,
    state: &State,
    policy: &Policy,
    (place, found): (usize, &ReportRow),
    report: &Report,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
    let Some((app, grant)) = report.of(found) else { return };
    let response =
        ui.interact(rect, Id::unique(("fleet row", &app.client_id, &grant.audience)), Sense::CLICK);
    let on = state.fleet.row == place;
    if on || response.hovered() {
        ui.painter().rect_filled(rect, 0.0, if on { colours.accent_soft } else { colours.bg });
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, colours.surface_2));
    let api = policy.registry().api(&grant.audience).map_or(grant.audience.as_str(), |api| api.title());
    let name = widget::visible(&format!(
        "{} {} at {api}: policy {}, issuer {}, overrun {}",
        app.title(),
        app.client_id,
        words(found.policy),
        words(found.issuer),
        found.overrun.map_or("none".to_owned(), human)
    ));
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, &name));
    let y = rect.center().y;
    for (column, left, right) in places(rect) {
        let text = |text: &str, font: FontId, colour: Color32| {
            widget::paint_line(ui, pos2(left, y), right - left, text, font, colour);
        };
        let figure = |text: &str, colour: Color32| {
            ui.painter().text(pos2(right, y), Align2::RIGHT_CENTER, text, theme.body(), colour);
        };
        let answer = |answer: Answer| {
            figure(&words(answer), if answer.is_ok() { colours.text } else { colours.denied })
        };
        match column.column {
            FleetColumn::Customer => text(app.title(), theme.body(), colours.text),
            FleetColumn::Client => text(&app.client_id, theme.mono(), colours.text),
            FleetColumn::Api => text(api, theme.body(), colours.text_2),
            FleetColumn::Status => {
                text(found.status.as_str(), theme.body(), status_look(&theme, found.status).0);
            }
            FleetColumn::Ends => match app.expires_at {
                Some(end) => figure(&live::relative(ui, state, end), colours.text),
                None => figure("never", colours.text_2),
            },
            FleetColumn::Policy => {
                // What decides gives way to the figure.
                let room = right - left - 56.0;
                let by = by(found, grant).filter(|_| room > 32.0);
                let by = by.map(|by| widget::fitted(ui, &by, room, theme.body(), colours.text_3));
                let beside = by.map_or(0.0, |by| {
                    let size = by.size();
                    ui.painter().galley(pos2(right - size.x, y - size.y / 2.0), by, colours.text_3);
                    size.x + 4.0
                });
                let colour = if found.policy.is_ok() { colours.text } else { colours.denied };
                let words = words(found.policy);
                ui.painter().text(pos2(right - beside, y), Align2::RIGHT_CENTER, words, theme.body(), colour);
            }
            FleetColumn::Issuer => answer(found.issuer),
            FleetColumn::Overrun => match found.overrun {
                None => figure("–", colours.text_3),
                Some(0) => figure("0", colours.text_3),
                Some(seconds) => figure(&brief(seconds), colours.overrun),
            },
            FleetColumn::UpTo => match found.up_to {
                None => figure("–", colours.text_3),
                Some(OverrunUpTo::Seconds(0)) => figure("0", colours.text_3),
                Some(OverrunUpTo::Seconds(seconds)) => figure(&brief(seconds), colours.overrun),
                Some(OverrunUpTo::Unbounded) => figure("unbounded", colours.overrun),
            },
            FleetColumn::TokensUntil => match found.tokens_until {
                None => figure("none", colours.text_3),
                Some(until) => {
                    let colour = if until > report.at { colours.text } else { colours.text_3 };
                    figure(&state.times().short(until), colour);
                }
            },
        }
    }
    let until = found.tokens_until.map_or("no token was issued".to_owned(), |until| {
        format!("tokens may live until {}", state.times().zoned(until))
    });
    let ends =
        app.expires_at.map_or("never ends".to_owned(), |end| format!("ends {}", state.times().zoned(end)));
    let decided = [
        by(found, grant).map(|by| format!("what decides the policy's lifetime: {by}")),
        why("the policy", found.policy),
        why(report.profile.title(), found.issuer),
    ];
    let exact = [("policy", found.policy.ok()), ("issuer", found.issuer.ok()), ("overrun", found.overrun)]
        .into_iter()
        .filter_map(|(what, seconds)| Some(format!("{what} {}", human(seconds?))));
    let exact = exact.collect::<Vec<_>>().join(", ");
    let exact = (!exact.is_empty()).then_some(exact);
    let lines: Vec<String> =
        [Some(name), Some(ends), Some(until), exact].into_iter().chain(decided).flatten().collect();
    let response = response.on_hover_text_at_pointer(lines.join("\n"));
    if response.double_clicked() {
        out.push(Message::FleetOpen(place));
    } else if response.clicked() {
        out.push(Message::FleetStep(place as isize - state.fleet.row as isize));
    }
}

/// What decides the policy's lifetime, in a word or two.
fn by(row: &ReportRow, grant: &Grant) -> Option<String> {
    let scope = row.scope.and_then(|place| grant.scopes.get(place as usize));
    row.limit.map(|limit| decided_by(limit, scope.map_or("", String::as_str)))
}

/// Why there is no token, where there is none.
fn why(who: &str, answer: Answer) -> Option<String> {
    answer.err().map(|reason| format!("{who} denies: {}", reason.replace('_', " ")))
}

/// An answer in a word.
fn words(answer: Answer) -> String {
    answer.map_or_else(|_| "denied".to_owned(), brief)
}

/// A duration as wide as a column: one of many units is cut to its largest; hovering tells all of it.
pub(super) fn brief(seconds: i64) -> String {
    let whole = human(seconds);
    if whole.chars().count() <= 8 { whole } else { coarse(seconds).0 }
}

fn keyboard(ui: &Ui, state: &State, out: &mut Vec<Message>) {
    if ui.memory(|memory| memory.focused().is_some()) || state.dialog.is_some() || state.palette.is_some() {
        return;
    }
    out.extend(widget::steps(ui, "fleet", Theme::of(ui.ctx()).row).map(Message::FleetStep));
    if ui.input(|input| input.key_pressed(Key::Enter) && input.modifiers.is_none()) {
        out.push(Message::FleetOpen(state.fleet.row));
    }
}
