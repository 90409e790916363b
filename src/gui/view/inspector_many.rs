//! The inspector of a selection: what its applications have in common, edited for all of them in one step.

use super::effect::{pressed, typed};
use super::inspector::{extend_chips, optional, read_instant};
use crate::app::{Command, Common, Message, Shared, State, applications_of, edit};
use crate::edit::{Change, operation};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::{Application, Instant};
use egui::{RichText, ScrollArea, Ui, vec2};
use std::sync::Arc;

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, shared: &Shared, out: &mut Vec<Message>) {
    let Some(policy) = state.policy() else { return };
    ScrollArea::vertical().id_salt("inspector of many").auto_shrink(false).show(ui, |ui| {
        ui.set_width(ui.available_width() - 6.0);
        ui.spacing_mut().item_spacing = vec2(8.0, 5.0);
        widget::title(ui, &applications_of(shared.count));
        let theme = Theme::of(ui.ctx());
        let words = "What is set here is set for all of them, in one step of undo.";
        ui.label(RichText::new(words).font(theme.small()).color(theme.colours.text_2));
        ui.add_enabled_ui(state.read_only().is_none(), |ui| {
            trial(ui, state, shared, out);
            widget::section_heading(ui, "Access");
            for api in policy.registry().apis() {
                access(ui, state, shared, (&api.audience, api.title()), out);
            }
            details(ui, state, shared, out);
        });
    });
}

/// Edits every selected application.
fn all(state: &State, out: &mut Vec<Message>, verb: &str, by: impl Fn(&Arc<Application>) -> Option<Change>) {
    out.extend(edit(label(state, verb), changes(state, by)));
}

fn label(state: &State, verb: &str) -> String {
    format!("{verb} {}", applications_of(state.applications.marked.len()))
}

/// The changes of every selected application.
fn changes(state: &State, by: impl Fn(&Arc<Application>) -> Option<Change>) -> Vec<Change> {
    state.chosen().iter().filter_map(by).collect()
}

/// The common value in words, and the hint where there is none.
fn shown<T>(common: &Common<T>, words: impl Fn(&T) -> String, unset: &'static str) -> (String, &'static str) {
    match common {
        Common::Same(value) => (words(value), unset),
        Common::Mixed => (String::new(), "mixed"),
    }
}

fn trial(ui: &mut Ui, state: &State, shared: &Shared, out: &mut Vec<Message>) {
    widget::section_heading(ui, "Trial");
    let instant = |at: &Option<Instant>| at.map(|at| state.times().minutes(at)).unwrap_or_default();
    let read = |text: &str| read_instant(state, None, text);
    widget::key_value(ui, "Starts", |ui| {
        let (value, hint) = shown(&shared.not_before, instant, "at once");
        let start = widget::edited_live(ui, "starts of many", "Starts", &value, hint, read);
        let label = label(state, "Set the start of");
        typed(state, start, &label, |at| changes(state, |app| operation::set_start(app, at)), out);
    });
    widget::key_value(ui, "Ends", |ui| {
        let (value, hint) = shown(&shared.expires_at, instant, "never");
        let end = widget::edited_live(ui, "ends of many", "Ends", &value, hint, read);
        let label = label(state, "Set the end of");
        typed(state, end, &label, |at| changes(state, |app| operation::set_end(app, at)), out);
    });
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(52.0);
        extend_chips(ui, state, out);
    });
}

fn access(
    ui: &mut Ui,
    state: &State,
    shared: &Shared,
    (audience, title): (&str, &str),
    out: &mut Vec<Message>,
) {
    let have = shared.grants.get(audience).copied().unwrap_or_default();
    let every = have == shared.count;
    let note = match have {
        0 => String::new(),
        _ if every => "all".to_owned(),
        some => format!("{} of {}", widget::grouped(some), widget::grouped(shared.count)),
    };
    let response = widget::switch(ui, every, title, &note).on_hover_text(widget::visible(audience));
    let label = label(state, if every { "Revoke access of" } else { "Grant access to" });
    let by = |app: &Arc<Application>| match every {
        true => operation::revoke(app, audience, &[]),
        false => operation::grant(app, audience, &[]),
    };
    pressed(&response, state, &label, || changes(state, by), out);
}

fn details(ui: &mut Ui, state: &State, shared: &Shared, out: &mut Vec<Message>) {
    widget::section_heading(ui, "Details");
    let plain = |text: &str| -> Result<String, String> { Ok(text.trim().to_owned()) };
    let fields = [
        ("Customer", &shared.customer, operation::TextField::Customer),
        ("Contact", &shared.contact, operation::TextField::Contact),
    ];
    for (name, common, field) in fields {
        widget::key_value(ui, name, |ui| {
            let (value, hint) = shown(common, String::clone, "");
            if let (Some(text), _) = widget::edited(ui, (name, "of many"), name, &value, hint, plain) {
                let verb = format!("Set {} of", name.to_lowercase());
                all(state, out, &verb, |app| operation::set_text(app, field, &text));
            }
        });
    }
    widget::key_value(ui, "At most", |ui| {
        let words = |own: &Option<crate::registry::Duration>| own.map(|d| d.to_string()).unwrap_or_default();
        let (value, hint) = shown(&shared.access_token_duration, words, "no own limit");
        let name = "Longest lifetime";
        let own = widget::edited_live(ui, "limit of many", name, &value, hint, optional);
        let label = label(state, "Set the longest lifetime of");
        typed(state, own, &label, |own| changes(state, |app| operation::set_duration(app, own)), out);
    });
    widget::key_value(ui, "Tags", |ui| {
        ui.horizontal_wrapped(|ui| {
            for (tag, have) in &shared.tags {
                let every = *have == shared.count;
                let count = (!every).then_some(*have);
                let hint = if every { "Press to take it away" } else { "Press to tag all" };
                if widget::chip(ui, &widget::visible(tag), count, None, every).on_hover_text(hint).clicked() {
                    let tag = std::slice::from_ref(tag);
                    let (add, remove): (&[String], &[String]) = if every { (&[], tag) } else { (tag, &[]) };
                    all(state, out, "Tag", |app| operation::tag(app, add, remove));
                }
            }
            if widget::link(ui, "Tag…").clicked() {
                out.push(Message::Run(Command::Tag));
            }
        });
    });
}
