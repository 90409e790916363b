//! What stands above the review's table: secrets of new clients, conflicts to choose at, failures and what was refused.

use crate::app::{Message, RemoteMessage, State, named};
use crate::edit::{Clash, EntityRef, Kind, Side};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::Instant;
use crate::remote::Outcome;
use egui::{Frame, Grid, Label, Margin, RichText, ScrollArea, Ui, vec2};

/// Draws what there is of it.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    secrets(ui, state, out);
    elsewhere(ui, state, out);
    let refused = state.review.planned.as_ref().map_or(0, |planned| planned.plan.refused.len());
    let waiting = state.review.outcomes.values().any(|outcome| *outcome != Outcome::Done);
    if refused == 0 && !waiting {
        return;
    }
    ui.add_space(8.0);
    let room = (ui.available_height() * 0.46).max(110.0);
    ScrollArea::vertical().id_salt("review items").max_height(room).auto_shrink([false, true]).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            if !state.is_applying() {
                for (which, outcome) in &state.review.outcomes {
                    match outcome {
                        Outcome::Done => {}
                        Outcome::Conflict(clashes) => conflict(ui, state, (which, clashes), out),
                        other => failed(ui, &called(state, which), &other.detail()),
                    }
                }
            }
            for one in state.review.planned.iter().flat_map(|planned| &planned.plan.refused) {
                let theme = Theme::of(ui.ctx());
                let ground = Frame::new().fill(theme.colours.denied_soft).corner_radius(theme.radius);
                ground.inner_margin(Margin::symmetric(10, 7)).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.horizontal_wrapped(|ui| {
                        let words = format!("{} cannot be applied: {}", one.entity, one.message);
                        let words = RichText::new(widget::visible(&words)).color(theme.colours.denied);
                        ui.add(Label::new(words).wrap());
                        let name = format!("Discard {}", widget::visible(&one.entity));
                        if widget::link(ui, &name).clicked() {
                            out.push(Message::Remote(RemoteMessage::DiscardRefused(one.entity.clone())));
                        }
                    });
                });
            }
            widget::follow_keyboard(ui);
        },
    );
}

/// New clients' secrets: to copy, never to be read here.
fn secrets(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    if state.review.secrets.is_empty() {
        return;
    }
    on_ground(ui, |ui, theme| {
        let words = "Secrets of new clients: here once, kept nowhere. Copy them to where they belong now.";
        ui.add(Label::new(RichText::new(words).font(theme.strong())).wrap());
        for (place, (id, _)) in state.review.secrets.iter().enumerate() {
            ui.horizontal(|ui| {
                ui.label(RichText::new(widget::visible(id)).font(theme.mono()));
                ui.label(RichText::new("••••••••••••").color(theme.colours.text_2));
                if widget::button(ui, &format!("Copy the secret of {}", widget::visible(id))).clicked() {
                    out.push(Message::Remote(RemoteMessage::CopySecret(place)));
                }
            });
        }
        if widget::link(ui, "I have them").clicked() {
            out.push(Message::Remote(RemoteMessage::ForgetSecrets));
        }
    });
}

/// New clients whose secret the credentials may not see: where it is.
fn elsewhere(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    if state.review.elsewhere.is_empty() {
        return;
    }
    on_ground(ui, |ui, _| {
        for (id, place) in &state.review.elsewhere {
            let words = format!("The secret of {} is {place}", widget::visible(id));
            ui.add(Label::new(words).wrap());
        }
        if widget::link(ui, "Got it").clicked() {
            out.push(Message::Remote(RemoteMessage::ForgetElsewhere));
        }
    });
}

/// What was just made, on a ground of its own.
fn on_ground(ui: &mut Ui, words: impl FnOnce(&mut Ui, &Theme)) {
    let theme = Theme::of(ui.ctx());
    ui.add_space(8.0);
    let ground = Frame::new().fill(theme.colours.accent_soft).corner_radius(theme.radius);
    ground.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        words(ui, &theme);
    });
}

/// What to call what a conflict or failure is about.
pub(super) fn called(state: &State, which: &EntityRef) -> String {
    let registry = state.open.as_ref().map(|open| open.registry());
    match registry.filter(|_| which.kind == Kind::Application).and_then(|r| r.application(&which.id)) {
        Some(app) => named(app.title(), &app.client_id),
        None => which.to_string(),
    }
}

fn failed(ui: &mut Ui, called: &str, detail: &str) {
    let theme = Theme::of(ui.ctx());
    let words = format!("{called} was not applied: {detail}");
    widget::notice(ui, &widget::visible(&words), theme.colours.denied, theme.colours.denied_soft);
}

/// What it was, what is staged and what is there now, with a choice for each field.
fn conflict(ui: &mut Ui, state: &State, (which, clashes): (&EntityRef, &Vec<Clash>), out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let frame = Frame::new().fill(colours.ending_soft).corner_radius(theme.radius);
    frame.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let words = format!(
            "{} was changed there since the pull; nothing was written. Whose value counts?",
            called(state, which)
        );
        let words = RichText::new(widget::visible(&words)).font(theme.strong()).color(colours.ending);
        ui.add(Label::new(words).wrap());
        Grid::new(("clash", which)).num_columns(5).spacing(vec2(18.0, 4.0)).show(ui, |ui| {
            for heading in ["Field", "At the pull", "Staged here", "There now", ""] {
                ui.label(RichText::new(heading).font(theme.small_strong()).color(colours.text_2));
            }
            ui.end_row();
            for clash in clashes {
                let chosen = state.review.choices.get(&(which.clone(), clash.field.clone())).copied();
                let field = RichText::new(widget::visible(&clash.field)).font(theme.mono());
                cell(ui, |ui| ui.add(Label::new(field).truncate()).on_hover_text(&clash.field));
                for (value, colour) in [
                    (&clash.base, colours.text_2),
                    (&clash.mine, colours.text),
                    (&clash.theirs, colours.text),
                ] {
                    let value = value.as_deref().unwrap_or("–");
                    let short = Instant::parse(value)
                        .map_or_else(|_| widget::visible(value), |at| state.times().short(at));
                    let whole = widget::visible(&state.times().localised(value));
                    let words = Label::new(RichText::new(short).color(colour)).truncate();
                    cell(ui, |ui| ui.add(words).on_hover_text(whole));
                }
                ui.horizontal(|ui| {
                    for (label, side) in [("Keep mine", Side::Mine), ("Take theirs", Side::Theirs)] {
                        if widget::chip(ui, label, None, None, chosen == Some(side)).clicked() {
                            let message = RemoteMessage::Choose(which.clone(), clash.field.clone(), side);
                            out.push(Message::Remote(message));
                        }
                    }
                });
                ui.end_row();
            }
        });
    });
}

/// A cell that is not wider than there is room for five.
fn cell<R>(ui: &mut Ui, inner: impl FnOnce(&mut Ui) -> R) {
    ui.scope(|ui| {
        ui.set_max_width(130.0);
        inner(ui)
    });
}
