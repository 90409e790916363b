//! Applications: filter, status chips, what can be done with the selection, and the inspector beside the table.

use super::{inspector, inspector_many, list_menus, table};
use crate::app::{Command, Focus, Mark, Message, State};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::policy::{Filter, Status};
use egui::{
    Color32, CompletionQuery, Frame, Id, Key, Margin, Panel, Rect, Role, Suggestion, Ui, Vec2, WidgetInfo,
    pos2, vec2,
};

/// The narrowest table that can stand beside the inspector, in points.
const NARROWEST: f32 = 560.0;

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let selected = state.selected_application().is_some() || state.applications.shared.is_some();
    // Where there is little room the inspector lies over the table.
    let over = ui.available_width() - theme.inspector_width < NARROWEST;
    if selected && !over {
        let frame = Frame::new().fill(theme.colours.bg).inner_margin(Margin::symmetric(16, 10));
        Panel::right("inspector")
            .exact_size(theme.inspector_width)
            .resizable(false)
            .frame(frame)
            .show(ui, |ui| inspect(ui, state, out));
    }
    if !state.applications.marked.is_empty() {
        Panel::bottom("chosen")
            .frame(Frame::new().fill(theme.colours.surface).inner_margin(Margin::symmetric(14, 9)))
            .show(ui, |ui| acts(ui, state, out));
    }
    let whole = ui.available_rect_before_wrap();
    bar(ui, state, out);
    chips(ui, state, out);
    table::show(ui, state, out);
    if selected && over {
        inspector_over(ui, state, whole, out);
    }
}

/// What can be done with the selection.
pub fn acts(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let marked = state.applications.marked.len();
    ui.horizontal_wrapped(|ui| {
        let words = format!("{} selected", widget::grouped(marked));
        ui.label(egui::RichText::new(words).font(theme.strong()));
        let out_of_view = state.applications.marked_out_of_view;
        if out_of_view > 0 {
            let words = format!("{} of them not shown by the filter", widget::grouped(out_of_view));
            ui.label(egui::RichText::new(words).color(theme.colours.overrun));
        }
        if widget::link(ui, "clear").on_hover_text("Esc").clicked() {
            out.push(Message::Mark(Mark::Clear));
        }
        for (command, label) in [
            (Command::Extend, "Extend…"),
            (Command::SetEnd, "Set end…"),
            (Command::Suspend, "Suspend"),
            (Command::Tag, "Tag…"),
            (Command::Grant, "Grant…"),
            (Command::Export, "Export…"),
            (Command::Review, "Review…"),
        ] {
            widget::wrap_before(ui, label);
            ui.add_enabled_ui(command.available(state), |ui| {
                let hint = crate::gui::keys::hint(ui.ctx(), command);
                if widget::button(ui, label).on_hover_text(hint).clicked() {
                    out.push(Message::Run(command));
                }
            });
        }
        widget::wrap_before(ui, Command::Revoke.title());
        ui.add_enabled_ui(Command::Revoke.available(state), |ui| {
            if widget::danger_button(ui, Command::Revoke.title()).clicked() {
                out.push(Message::Run(Command::Revoke));
            }
        });
    });
}

/// The inspector of the selection, or of the application that the keyboard stands on.
pub fn inspect(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    match &state.applications.shared {
        Some(shared) => inspector_many::show(ui, state, shared, out),
        None => inspector::show(ui, state, out),
    }
}

fn inspector_over(ui: &Ui, state: &State, whole: Rect, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let width = theme.inspector_width.min(whole.width());
    let margin = Margin::symmetric(16, 10);
    let frame = Frame::new()
        .fill(theme.colours.bg)
        .stroke(theme.hairline())
        .shadow(ui.visuals().window_shadow)
        .inner_margin(margin);
    egui::Area::new(Id::unique("inspector over"))
        .order(egui::Order::Middle)
        .constrain(false)
        .fixed_pos(pos2(whole.right() - width, whole.top()))
        .show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                let room = vec2(width, whole.height()) - margin.sum() - Vec2::splat(2.0);
                ui.set_min_size(room);
                ui.set_max_size(room);
                inspect(ui, state, out);
            });
        });
}

fn bar(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    Frame::new().inner_margin(Margin::symmetric(14, 8)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let id = Id::unique("filter");
            let mut text = state.applications.filter.clone();
            let error = state.applications.error.as_ref().map(ToString::to_string);
            // The field takes what the buttons behind it leave, as they were in the frame before.
            let buttons = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(240.0);
            let field = Vec2::new((ui.available_width() - buttons).max(120.0), 28.0);
            let hint = "Filter: any text, tag:trial, expires<7d, overrun>0";
            let offer = |query: &CompletionQuery<'_>| offers(state, query);
            let response = ui
                .allocate_ui(field, |ui| {
                    widget::completed_field(ui, id, &mut text, hint, error.as_deref(), offer)
                })
                .inner;
            let from = response.rect.right();
            response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Filter applications"));
            if state.focus == Some(Focus::Filter) {
                response.request_focus();
                out.push(Message::Focused);
            }
            if response.changed() {
                out.push(Message::Filter(text));
            }
            let down = response.has_focus() && ui.input(|i| i.key_pressed(Key::ArrowDown));
            if down || widget::entered(ui, &response) {
                response.surrender_focus();
                out.push(Message::Step(0));
            }
            list_menus::views(ui, state, out);
            list_menus::columns(ui, state, out);
            ui.add_enabled_ui(Command::NewApplication.available(state), |ui| {
                if widget::primary_button(ui, "New application").clicked() {
                    out.push(Message::Run(Command::NewApplication));
                }
            });
            let behind = ui.min_rect().right() - from;
            if (behind - buttons).abs() > 0.5 {
                ui.data_mut(|data| data.insert_temp(id, behind));
                ui.ctx().request_repaint();
            }
        });
    });
    let line = ui.available_rect_before_wrap();
    ui.painter().hline(line.x_range(), line.top(), Theme::of(ui.ctx()).hairline());
}

/// How the word at the cursor can go on; at the start of a word nothing is offered unasked.
fn offers(state: &State, query: &CompletionQuery<'_>) -> Vec<Suggestion> {
    let Some(policy) = state.policy().filter(|_| !query.word.is_empty()) else { return Vec::new() };
    let offered = Filter::completions(query.word, query.word.len(), policy.registry());
    offered
        .into_iter()
        .map(|completion| {
            let kept = query.word.get(..completion.replace.start).unwrap_or_default();
            let hint = completion.hint;
            Suggestion::new(format!("{kept}{}", completion.insert)).description(hint)
        })
        .collect()
}

/// The colour of a status, and whether its dot is hollow.
#[must_use]
pub fn status_look(theme: &Theme, status: Status) -> (Color32, bool) {
    match status {
        Status::Suspended => (theme.colours.suspended, false),
        Status::Scheduled => (theme.colours.scheduled, true),
        Status::Ended => (theme.colours.ended, true),
        Status::Ending => (theme.colours.ending, false),
        Status::Active => (theme.colours.active, false),
    }
}

fn chips(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let list = &state.applications;
    Frame::new().inner_margin(Margin { left: 14, right: 14, top: 8, bottom: 6 }).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            if widget::chip(ui, "All", Some(list.counts.all), None, list.status.is_none()).clicked() {
                out.push(Message::FilterStatus(None));
            }
            let ending = format!("Ending in {} days", state.settings.ending_days);
            for (status, label) in [
                (Status::Ending, ending.as_str()),
                (Status::Active, "Active"),
                (Status::Scheduled, "Scheduled"),
                (Status::Ended, "Ended"),
                (Status::Suspended, "Suspended"),
            ] {
                let on = list.status == Some(status);
                let mark = Some(status_look(&theme, status));
                if widget::chip(ui, label, Some(list.counts.of(status)), mark, on).clicked() {
                    out.push(Message::FilterStatus((!on).then_some(status)));
                }
            }
            list_menus::facets(ui, state, out);
        });
    });
}
