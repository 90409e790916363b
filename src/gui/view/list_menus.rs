//! What chooses the list of applications besides words: facets with counts, saved views, columns.

use super::columns::title;
use crate::app::{BUILT_IN, Command, Facet, Message, REVIEW, STILL_GRANTED, State};
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use crate::policy::{Filter, FilterField};
use crate::registry::Column;
use egui::{Popup, PopupCloseBehavior, RichText, ScrollArea, Ui};

/// The facets: a list each, with how many of the rows have each value.
pub fn facets(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let list = &state.applications;
    let review = STILL_GRANTED.parse::<Filter>().is_ok_and(|words| list.read().includes(&words));
    let count = Some(list.still_granted);
    let hint = "Who has ended and can still get tokens, for the monthly review";
    if widget::chip(ui, REVIEW, count, None, review).on_hover_text(hint).clicked() {
        out.push(Message::ToggleWords(STILL_GRANTED));
    }
    for (field, name) in Facet::ALL {
        let open = list.facet.as_ref().is_some_and(|facet| facet.field == field);
        let on = list.facet.as_ref().filter(|_| open).is_some_and(|facet| {
            facet.values.iter().take(50).any(|(value, _)| list.read().asks(field, value))
        });
        let response = widget::drop_chip(ui, name, on);
        let popup = Popup::menu(&response)
            .width(300.0)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .accessible_name(name);
        let shown = popup.show(|ui| values(ui, state, field, name, out)).is_some();
        if shown && !open {
            out.push(Message::Facet(Some(field)));
        } else if !shown && open {
            out.push(Message::Facet(None));
        }
    }
}

fn values(ui: &mut Ui, state: &State, field: FilterField, name: &str, out: &mut Vec<Message>) {
    let list = &state.applications;
    let theme = Theme::of(ui.ctx());
    let Some(facet) = list.facet.as_ref().filter(|facet| facet.field == field) else { return };
    ui.set_width(280.0);
    if facet.values.is_empty() {
        let words = format!("No {} among these applications", name.to_lowercase());
        ui.label(RichText::new(words).color(theme.colours.text_2));
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let height = (facet.values.len() as f32 * 26.0).min(320.0);
    let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
    area.show_rows(ui, 26.0, facet.values.len(), |ui, rows| {
        for (value, count) in facet.values.iter().skip(rows.start).take(rows.len()) {
            let on = list.read().asks(field, value);
            let shown = match (field, state.policy()) {
                (FilterField::Api, Some(policy)) => {
                    policy.registry().api(value).map_or(value.as_str(), |api| api.title())
                }
                _ => value,
            };
            if widget::choice_item(ui, on, shown, &widget::grouped(*count)).clicked() {
                out.push(Message::ToggleFacet(field, value.clone()));
            }
        }
    });
}

/// The views: every registry's and those that were saved; the one in force is named.
pub fn views(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let in_force = state.view_in_force().map(|view| view.name.as_str());
    let everything = in_force.is_none() && state.applications.filter.trim().is_empty();
    let label = match in_force {
        Some(name) => format!("View: {name}"),
        None if everything => "View: All".to_owned(),
        None => "Views".to_owned(),
    };
    let response = widget::drop_button(ui, &short(&label, 30));
    Popup::menu(&response).width(320.0).accessible_name("Views").show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if widget::menu_item(ui, "All applications", "").clicked() {
            out.push(Message::TakeView(None));
        }
        for view in state.views() {
            let own = BUILT_IN.iter().all(|other| other != view);
            let words = if view.filter.is_empty() { "all" } else { &view.filter };
            let response = widget::menu_item(ui, &view.name, "");
            if response.on_hover_text(widget::visible(words)).clicked() {
                out.push(Message::TakeView(Some(view.name.clone())));
            }
            if own && in_force == Some(view.name.as_str()) {
                let name = short(&format!("Delete view {}", view.name), 40);
                ui.add_enabled_ui(state.read_only().is_none(), |ui| {
                    if widget::menu_item(ui, &name, "").clicked() {
                        out.push(Message::RemoveView(view.name.clone()));
                    }
                });
            }
        }
        ui.add_enabled_ui(Command::SaveView.available(state), |ui| {
            let hint = keys::hint(ui.ctx(), Command::SaveView);
            if widget::menu_item(ui, Command::SaveView.title(), &hint).clicked() {
                out.push(Message::Run(Command::SaveView));
            }
        });
    });
}

fn short(text: &str, most: usize) -> String {
    let shown = widget::visible(text);
    if shown.chars().count() <= most { shown } else { shown.chars().take(most - 1).chain(['…']).collect() }
}

/// Which columns stand there, and in which order.
pub fn columns(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let response = widget::drop_button(ui, "Columns");
    Popup::menu(&response)
        .width(300.0)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name("Columns")
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let shown = state.columns();
            for (place, column) in shown.iter().enumerate() {
                shown_column(ui, shown, place, *column, out);
            }
            for column in Column::ALL.into_iter().filter(|column| !shown.contains(column)) {
                if widget::choice_item(ui, false, title(column), "").clicked() {
                    out.push(Message::Columns(shown.iter().copied().chain([column]).collect()));
                }
            }
            if shown != Column::USUAL && widget::menu_item(ui, "The usual columns", "").clicked() {
                out.push(Message::Columns(Column::USUAL.to_vec()));
            }
        });
}

/// A column that stands there: it can go, or change places with a neighbour.
fn shown_column(ui: &mut Ui, shown: &[Column], place: usize, column: Column, out: &mut Vec<Message>) {
    ui.horizontal(|ui| {
        let words = title(column);
        let width = ui.available_width() - 64.0;
        let take = |ui: &mut Ui| widget::choice_item(ui, true, words, "");
        if ui.allocate_ui(egui::vec2(width, 26.0), take).inner.clicked() {
            let rest: Vec<Column> = shown.iter().copied().filter(|other| *other != column).collect();
            out.push(Message::Columns(rest));
        }
        for (sign, name, other) in [
            ("↑", "further left", place.checked_sub(1)),
            ("↓", "further right", Some(place + 1).filter(|other| *other < shown.len())),
        ] {
            ui.add_enabled_ui(other.is_some(), |ui| {
                let name = format!("{words} {name}");
                let pressed = widget::sign_button(ui, sign, &name).on_hover_text(&name).clicked();
                if let (true, Some(other)) = (pressed, other) {
                    let mut moved = shown.to_vec();
                    moved.swap(place, other);
                    out.push(Message::Columns(moved));
                }
            });
        }
    });
}
