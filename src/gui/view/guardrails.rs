//! Guardrails: the rules, and one of them with what it would do to the current request and to everybody.

use super::effect::{effect, pressed};
use crate::app::{Command, GuardrailEdit, Message, State};
use crate::edit::{Change, Entity};
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use crate::policy::{GuardrailError, Outcome, Policy, decide};
use crate::registry::{Guardrail, Then, human};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    CompletionPopup, CompletionQuery, Frame, Id, Key, Margin, Panel, RectAlign, RichText, Role, ScrollArea,
    Sense, Stroke, Suggestion, TextEdit, Ui, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(policy) = state.policy() else { return };
    let theme = Theme::of(ui.ctx());
    let rules = policy.registry().guardrails();
    if rules.is_empty() && state.guardrail.is_none() {
        let words = "A guardrail is a rule in CEL that denies tokens or caps their lifetime.";
        widget::empty(ui, "No guardrails yet", words);
        ui.vertical_centered(|ui| new_button(ui, state, out));
        return;
    }
    let frame = Frame::new().fill(theme.colours.surface).inner_margin(Margin::symmetric(0, 10));
    let width = if ui.available_width() < 700.0 { 200.0 } else { 316.0 };
    Panel::left("rules").exact_size(width).resizable(false).frame(frame).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(20, 4)).show(ui, |ui| widget::title(ui, "Guardrails"));
        ScrollArea::vertical().id_salt("rules").auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for rule in rules {
                line(ui, state, policy, rule, out);
            }
        });
        ui.add_space(8.0);
        Frame::new().inner_margin(Margin::symmetric(20, 0)).show(ui, |ui| new_button(ui, state, out));
    });
    let Some(edited) = &state.guardrail else {
        widget::empty(ui, "Choose a guardrail", "It is shown here with what it does, and can be changed.");
        return;
    };
    ScrollArea::vertical().id_salt("rule").auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(20, 14)).show(ui, |ui| {
            ui.set_width(ui.available_width().min(720.0));
            ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
            rule(ui, state, policy, edited, out);
        });
    });
}

fn new_button(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    ui.add_enabled_ui(state.read_only().is_none(), |ui| {
        if widget::button(ui, Command::NewGuardrail.title()).clicked() {
            out.push(Message::Run(Command::NewGuardrail));
        }
    });
}

/// What a rule does, in a few words.
fn consequence(rule: &Guardrail) -> String {
    match &rule.then {
        Then::Deny(_) => "denies".to_owned(),
        Then::Cap(cap) => format!("at most {cap}"),
    }
}

fn line(ui: &mut Ui, state: &State, policy: &Policy, rule: &Arc<Guardrail>, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 46.0), Sense::click());
    let base = state.guardrail.as_ref().and_then(|edit| edit.base.as_ref());
    let on = base.is_some_and(|base| base.name == rule.name);
    let words = if rule.enabled { consequence(rule) } else { "switched off".to_owned() };
    let compiled = policy.guardrails().iter().find(|compiled| compiled.guardrail().name == rule.name);
    let wrong = compiled.is_some_and(|compiled| compiled.error().is_some());
    let name = format!("{}: {words}", rule.name);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, &name));
    if on || response.hovered() {
        ui.painter().rect_filled(rect, 0.0, if on { colours.accent_soft } else { colours.bg });
    }
    widget::focus_ring(ui, &response, rect.shrink(2.0));
    let dot = pos2(rect.left() + 24.0, rect.top() + 15.0);
    let colour = match (wrong, rule.enabled) {
        (true, _) => colours.denied,
        (_, true) => colours.active,
        _ => colours.ended,
    };
    if rule.enabled {
        ui.painter().circle_filled(dot, 4.0, colour);
    } else {
        ui.painter().circle_stroke(dot, 3.4, Stroke::new(1.5, colour));
    }
    let (left, room) = (rect.left() + 38.0, rect.width() - 50.0);
    let top = pos2(left, rect.top() + 15.0);
    widget::paint_line(ui, top, room, &rule.name, theme.strong(), colours.text);
    let words = if wrong { "does not compile: denies everybody" } else { words.as_str() };
    let below = pos2(left, rect.top() + 32.0);
    let colour = if wrong { colours.denied } else { colours.text_2 };
    widget::paint_line(ui, below, room, words, theme.small(), colour);
    if response.clicked() {
        out.push(Message::SelectGuardrail(Some(rule.name.clone())));
    }
}

fn rule(ui: &mut Ui, state: &State, policy: &Policy, edited: &GuardrailEdit, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let mut next = edited.clone();
    widget::title(ui, if edited.base.is_some() { &edited.name } else { "New guardrail" });
    ui.add_enabled_ui(state.read_only().is_none(), |ui| {
        widget::section_heading(ui, "Name");
        let response = widget::text_field(ui, &mut next.name, "no-admin-for-trials", None, false);
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Name of the guardrail"));
        widget::section_heading(ui, "When");
        let wrong = state.guardrail_checked.as_ref().and_then(|checked| checked.wrong.as_ref());
        expression(ui, &mut next.when, wrong);
        if let Some(wrong) = wrong {
            let words = format!("{}; until it compiles it can only be kept switched off", wrong.message);
            let words = RichText::new(widget::visible(&words)).font(theme.small());
            ui.add(egui::Label::new(words.color(theme.colours.denied)).wrap());
        }
        widget::section_heading(ui, "Then");
        ui.horizontal(|ui| {
            for (label, denies) in [("Cap the lifetime", false), ("Deny", true)] {
                if widget::chip(ui, label, None, None, edited.denies == denies).clicked() {
                    next.denies = denies;
                }
            }
        });
        let (text, hint, name) = if next.denies {
            (&mut next.message, "trials may not use admin", "Sentence of the denial")
        } else {
            (&mut next.cap, "1h", "Longest lifetime by the guardrail")
        };
        let response = widget::text_field(ui, text, hint, edited.error.as_deref(), false);
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
        if widget::switch(ui, edited.enabled, "Enabled", "").clicked() {
            next.enabled = !edited.enabled;
        }
        buttons(ui, state, edited, out);
    });
    if next != *edited {
        out.push(Message::EditGuardrail(Box::new(next)));
    }
    widget::section_heading(ui, "What it does to the request of the Preview");
    let words = to_request(state, policy);
    ui.add(egui::Label::new(RichText::new(words).color(theme.colours.text)).wrap());
    widget::section_heading(ui, "What it does to everybody");
    let whole = state.guardrail_checked.as_ref().is_some_and(|c| c.wrong.is_none() && c.policies.is_some());
    if !whole {
        ui.label(RichText::new("Counted once it is whole").color(theme.colours.text_2));
    } else {
        effect(ui, state, &edited.weighing, out);
    }
}

fn buttons(ui: &mut Ui, state: &State, edited: &GuardrailEdit, out: &mut Vec<Message>) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(edited.is_changed(), |ui| {
            let hint = keys::hint(ui.ctx(), Command::KeepGuardrail);
            if widget::primary_button(ui, "Keep").on_hover_text(hint).clicked() {
                out.push(Message::Run(Command::KeepGuardrail));
            }
            if widget::button(ui, "Give up").clicked() {
                let name = edited.base.as_ref().map(|base| base.name.clone());
                out.push(Message::SelectGuardrail(name));
            }
        });
        if let Some(base) = &edited.base {
            let response = widget::danger_button(ui, "Delete").on_hover_text("Undo brings it back");
            if response.clicked() {
                out.push(Message::SelectGuardrail(None));
            }
            let gone = || vec![Change::remove(Entity::Guardrail(base.clone()))];
            pressed(&response, state, &format!("Delete guardrail {}", base.name), gone, out);
        }
    });
}

/// The field of the expression: names are offered as typed, and what is wrong is underlined.
fn expression(ui: &mut Ui, when: &mut String, wrong: Option<&GuardrailError>) {
    let theme = Theme::of(ui.ctx());
    let place = wrong.and_then(|wrong| wrong.place);
    let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, width: f32| {
        let mut job = underlined(text.as_str(), place, &theme);
        job.wrap.max_width = width;
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let edit = TextEdit::multiline(when)
        .desired_rows(4)
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(10, 8))
        .layouter(&mut layouter);
    let output = CompletionPopup::new(Id::unique("guardrail expression"))
        .align(RectAlign::BOTTOM_START)
        .accept_keys(vec![Key::Tab])
        .word_boundary(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .show(ui, edit, offers);
    let response = output.text_edit.response.response;
    response.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, "Expression in CEL"));
}

/// The text with a line below the word at the place of an error.
fn underlined(text: &str, place: Option<usize>, theme: &Theme) -> LayoutJob {
    let format = |wrong: bool| TextFormat {
        font_id: theme.mono(),
        color: theme.colours.text,
        underline: if wrong { Stroke::new(2.0, theme.colours.denied) } else { Stroke::NONE },
        ..TextFormat::default()
    };
    let mut job = LayoutJob::default();
    let place = place.map(|place| place.min(text.len().saturating_sub(1)));
    let Some((before, rest)) = place.and_then(|place| text.split_at_checked(place)) else {
        job.append(text, 0.0, format(false));
        return job;
    };
    let word = rest.char_indices().skip(1).find(|(_, c)| !(c.is_alphanumeric() || *c == '_'));
    let (wrong, after) = rest.split_at(word.map_or(rest.len(), |(at, _)| at));
    for (part, is_wrong) in [(before, false), (wrong, true), (after, false)] {
        job.append(part, 0.0, format(is_wrong));
    }
    job
}

/// The names that an expression may use, as far as they begin with what is typed.
fn offers(query: &CompletionQuery<'_>) -> Vec<Suggestion> {
    if query.word.is_empty() {
        return Vec::new();
    }
    crate::policy::guardrail_names()
        .filter(|(name, _)| name.starts_with(query.word) && name != query.word)
        .take(10)
        .map(|(name, hint)| Suggestion::new(name).description(hint))
        .collect()
}

/// What the rule does to the request of the Preview, in a sentence.
fn to_request(state: &State, policy: &Policy) -> String {
    let request = state.preview.request(state.at());
    if policy.registry().application(&request.client_id).is_none() {
        return "The Preview asks for no application yet".to_owned();
    }
    let checked = state.guardrail_checked.as_ref();
    let Some([without, with]) = checked.and_then(|checked| checked.policies.as_ref()) else {
        return "Told once it is whole".to_owned();
    };
    let words = |policy: &Policy| match decide(policy, &request).outcome {
        Outcome::Granted(granted) => human(granted.lifetime),
        Outcome::Denied(denied) => format!("denied ({})", state.times().localised(&denied.message)),
    };
    let who = format!("{} at {}", request.client_id, request.audience);
    let (before, after) = (words(without), words(with));
    let text = if before == after {
        format!("{who}: {before}, with and without it")
    } else {
        format!("{who}: {before} without it, {after} with it")
    };
    widget::visible(&text)
}
