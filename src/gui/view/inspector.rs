//! The inspector: everything of the selected application, edited in place.

use super::effect::{pointed, pressed, typed};
use super::lifetime;
use crate::app::{Command, Focus, Message, Preview, Screen, State, edit};
use crate::edit::{Change, EntityRef, Kind, operation};
use crate::gui::theme::Theme;
use crate::gui::{live, widget};
use crate::policy::{Outcome, Policy, decide, issue};
use crate::registry::{Application, Duration, Instant, MomentContext, human, parse_moment};
use egui::{RichText, ScrollArea, Ui, vec2};
use std::sync::Arc;

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let (Some(application), Some(policy)) = (state.selected_application(), state.policy()) else { return };
    ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
        ui.set_width(ui.available_width() - 6.0);
        ui.spacing_mut().item_spacing = vec2(8.0, 5.0);
        ui.scope(|ui| head(ui, state, application, out));
        ui.add_enabled_ui(state.read_only().is_none(), |ui| {
            trial(ui, state, application, out);
            access(ui, state, policy, application, out);
        });
        answer(ui, state, policy, application, out);
        ui.add_enabled_ui(state.read_only().is_none(), |ui| {
            details(ui, state, application, out);
            acts(ui, state, application, out);
        });
    });
}

/// Changes the application by a closure; equal ones change nothing.
fn change(
    out: &mut Vec<Message>,
    label: &str,
    application: &Arc<Application>,
    by: impl FnOnce(&mut Application),
) {
    let label = format!("{label} of {}", application.title());
    out.extend(edit(label, changed(application, by)));
}

/// The application changed by a closure.
fn changed(application: &Arc<Application>, by: impl FnOnce(&mut Application)) -> Vec<Change> {
    let mut after = Application::clone(application);
    by(&mut after);
    Vec::from_iter(Change::application(application, after))
}

fn head(ui: &mut Ui, state: &State, application: &Arc<Application>, out: &mut Vec<Message>) {
    widget::title(ui, application.title());
    ui.spacing_mut().interact_size.y = 18.0;
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if widget::link(ui, "close").on_hover_text("Esc").clicked() {
                out.push(Message::Select(None));
            }
            ui.add_space(4.0);
            if widget::link(ui, "copy").clicked() {
                out.push(Message::Copy { text: application.client_id.clone(), what: "Client id" });
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                widget::mono(ui, &application.client_id);
            });
        });
    });
    let theme = Theme::of(ui.ctx());
    let (status, words) = live::status_words(ui, state, application);
    let (colour, hollow) = super::applications::status_look(&theme, status);
    widget::status_dot(ui, &words, colour, hollow);
}

fn trial(ui: &mut Ui, state: &State, application: &Arc<Application>, out: &mut Vec<Message>) {
    widget::section_heading(ui, "Trial");
    let times = state.times();
    let read = |text: &str| read_instant(state, application.expires_at, text);
    let id = &application.client_id;
    let shown = |at: Option<Instant>| at.map(|at| times.minutes(at)).unwrap_or_default();
    widget::key_value(ui, "Starts", |ui| {
        let value = shown(application.not_before);
        let (start, response) = widget::edited_live(ui, ("starts", id), "Starts", &value, "at once", read);
        if let Some(at) = application.not_before.filter(|_| !response.has_focus()) {
            response.clone().on_hover_text(times.zoned(at));
        }
        let label = format!("Set start of {}", application.title());
        typed(state, (start, response), &label, |at| changed(application, |a| a.not_before = at), out);
    });
    widget::key_value(ui, "Ends", |ui| {
        let value = shown(application.expires_at);
        let (end, response) = widget::edited_live(ui, ("ends", id), "Ends", &value, "never", read);
        if let (Some(at), false) = (application.expires_at, response.has_focus()) {
            let theme = Theme::of(ui.ctx());
            let place = response.rect.right_center() - vec2(10.0, 0.0);
            let words = live::relative(ui, state, at);
            let width = |text: &str| {
                ui.painter().layout_no_wrap(text.to_owned(), theme.body(), theme.colours.text_3).size().x
            };
            // The end itself comes first: with its seconds there may be no room beside it.
            if width(&value) + width(&words) + 30.0 < response.rect.width() {
                let colour = theme.colours.text_3;
                ui.painter().text(place, egui::Align2::RIGHT_CENTER, words, theme.body(), colour);
            }
        }
        if state.focus == Some(Focus::Inspector) {
            response.request_focus();
            out.push(Message::Focused);
        }
        if let Some(at) = application.expires_at.filter(|_| !response.has_focus()) {
            let words = format!("{} · {}", times.zoned(at), live::relative(ui, state, at));
            response.clone().on_hover_text(words);
        }
        let label = format!("Set end of {}", application.title());
        typed(state, (end, response), &label, |at| changed(application, |a| a.expires_at = at), out);
    });
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(52.0);
        extend_chips(ui, state, out);
        let response = widget::chip(ui, "never", None, None, application.expires_at.is_none());
        let label = format!("Remove end of {}", application.title());
        pressed(&response, state, &label, || changed(application, |a| a.expires_at = None), out);
    });
}

fn access(
    ui: &mut Ui,
    state: &State,
    policy: &Policy,
    application: &Arc<Application>,
    out: &mut Vec<Message>,
) {
    widget::section_heading(ui, "Access");
    for api in policy.registry().apis() {
        let grant = application.grant(&api.audience);
        let response = widget::switch(ui, grant.is_some(), api.title(), "")
            .on_hover_text(widget::visible(&api.audience));
        let verb = if grant.is_some() { "Revoke access" } else { "Grant access" };
        let label = format!("{verb} of {}", application.title());
        let by = |a: &mut Application| match grant {
            Some(_) => operation::revoke_in(a, &api.audience, &[]),
            None => operation::grant_in(a, &api.audience, &[]),
        };
        pressed(&response, state, &label, || changed(application, by), out);
        let Some(grant) = grant else { continue };
        ui.indent(&api.audience, |ui| {
            for scope in &api.scopes {
                let on = grant.scopes.contains(&scope.name);
                let duration = scope.access_token_duration.map(|d| d.to_string()).unwrap_or_default();
                let response = widget::switch(ui, on, &scope.name, &duration);
                let label = if on { "Revoke a scope" } else { "Grant a scope" };
                let label = format!("{label} of {}", application.title());
                let by = |a: &mut Application| switch_scope(a, &api.audience, &scope.name, on);
                pressed(&response, state, &label, || changed(application, by), out);
            }
            for gone in grant.scopes.iter().filter(|name| api.scope(name).is_none()) {
                if widget::switch(ui, true, gone, "gone from the API").clicked() {
                    change(out, "Revoke a scope", application, |a| {
                        switch_scope(a, &api.audience, gone, true)
                    });
                }
            }
        });
    }
    for gone in application.grants.iter().filter(|g| policy.registry().api(&g.audience).is_none()) {
        if widget::switch(ui, true, &gone.audience, "no such API").clicked() {
            change(out, "Revoke access", application, |a| operation::revoke_in(a, &gone.audience, &[]));
        }
    }
}

/// Grants a scope that is off, and takes one away that is on.
fn switch_scope(application: &mut Application, audience: &str, scope: &String, on: bool) {
    let scope = std::slice::from_ref(scope);
    if on {
        operation::revoke_in(application, audience, scope);
    } else {
        operation::grant_in(application, audience, scope);
    }
}

fn answer(
    ui: &mut Ui,
    state: &State,
    policy: &Policy,
    application: &Arc<Application>,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let heading =
        if state.as_of == crate::app::AsOf::Live { "Lifetime as of now" } else { "Lifetime as of then" };
    widget::section_heading(ui, heading);
    if application.grants.is_empty() {
        ui.label(RichText::new("No access to any API").color(colours.text_2));
        return;
    }
    for grant in &application.grants {
        let preview = Preview::about(policy.registry(), &application.client_id, Some(&grant.audience));
        let request = preview.request(state.at());
        let decision = decide(policy, &request);
        ui.horizontal(|ui| {
            let (words, detail, colour) = match &decision.outcome {
                Outcome::Granted(granted) => {
                    let by =
                        granted.binding().map(|l| format!("{} {}", l.limit.title().to_lowercase(), l.source));
                    (human(granted.lifetime), by.unwrap_or_default(), colours.text)
                }
                Outcome::Denied(denied) => {
                    ("denied".to_owned(), state.times().localised(&denied.message), colours.denied)
                }
            };
            ui.label(RichText::new(words).font(theme.answer_small()).color(colour));
            widget::elided(ui, &detail, colours.text_2);
        });
        if application.grants.len() > 1 {
            widget::mono(ui, &grant.audience);
        }
    }
    let preview = Preview::about(policy.registry(), &application.client_id, None);
    lifetime::over_time(ui, state, policy, &preview, 130.0, out);
    let profile = policy.registry().service.issuer_profile;
    if let Ok(issued) = issue(profile, policy, &preview.request(state.at()))
        && let Some(overrun) = issued.overrun.filter(|overrun| *overrun > 0)
    {
        let words =
            format!("{}: {}, {} past the end", profile.title(), human(issued.lifetime), human(overrun));
        widget::notice(ui, &words, colours.overrun, colours.overrun_soft);
    }
    if widget::link(ui, "Preview and explain").clicked() {
        out.push(Message::Show(Screen::Preview));
    }
}

fn details(ui: &mut Ui, state: &State, application: &Arc<Application>, out: &mut Vec<Message>) {
    widget::section_heading(ui, "Details");
    let id = &application.client_id;
    let plain = |text: &str| -> Result<String, String> { Ok(text.trim().to_owned()) };
    type Set = fn(&mut Application, String);
    let fields: [(&str, &str, Set); 4] = [
        ("Customer", &application.customer, |a, text| a.customer = text),
        ("Name", &application.name, |a, text| a.name = text),
        ("Contact", &application.contact, |a, text| a.contact = text),
        ("Notes", &application.notes, |a, text| a.notes = text),
    ];
    for (name, value, set) in fields {
        widget::key_value(ui, name, |ui| {
            if let (Some(text), _) = widget::edited(ui, (name, id), name, value, "", plain) {
                change(out, &format!("Set {}", name.to_lowercase()), application, |a| set(a, text));
            }
        });
    }
    widget::key_value(ui, "Tags", |ui| {
        let tags = application.tags.join(" ");
        if let (Some(text), _) =
            widget::edited(ui, ("tags", id), "Tags", &tags, "words, with spaces between", plain)
        {
            change(out, "Set tags", application, |a| {
                a.tags = text.split_whitespace().map(str::to_owned).collect()
            });
        }
    });
    widget::key_value(ui, "At most", |ui| {
        let value = application.access_token_duration.map(|d| d.to_string()).unwrap_or_default();
        let own = widget::edited_live(ui, ("own", id), "Longest lifetime", &value, "no own limit", optional);
        let label = format!("Set longest lifetime of {}", application.title());
        typed(state, own, &label, |own| changed(application, |a| a.access_token_duration = own), out);
    });
}

/// The usual extensions, of the application or selection in hand.
pub fn extend_chips(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    for (label, command, days) in [
        ("+7 d", Command::ExtendWeek, 7),
        ("+14 d", Command::ExtendFortnight, 14),
        ("+30 d", Command::ExtendMonth, 30),
    ] {
        let response = widget::chip(ui, label, None, None, false);
        if response.clicked() {
            out.push(Message::Run(command));
            continue;
        }
        // Of many the dialog tells everything; of one the new end and its effect stand beside the button.
        let Some(app) = state.selected_application().filter(|_| state.applications.shared.is_none()) else {
            continue;
        };
        let by = Duration::from_seconds(days * 86_400).ok();
        if let Some(end) = by.and_then(|by| operation::extended(app, by, state.now)) {
            let words = format!("Ends {}", state.times().zoned(end));
            let response = response.on_hover_text(words);
            pointed(&response, state, || Vec::from_iter(operation::set_end(app, Some(end))), out);
        } else {
            response.on_hover_text("It never ends; nothing to extend");
        }
    }
}

/// An instant as people type it, or nothing where the field is empty or says *never*.
pub fn read_instant(state: &State, expiry: Option<Instant>, text: &str) -> Result<Option<Instant>, String> {
    if text.trim().is_empty() || text.trim() == "never" {
        return Ok(None);
    }
    let context = MomentContext { now: state.now, expiry, zone: Some(state.settings.zone()) };
    parse_moment(text, &context).map(|moment| Some(moment.instant)).map_err(|error| error.to_string())
}

/// A duration, or nothing where the field is empty.
pub fn optional(text: &str) -> Result<Option<Duration>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|error: crate::registry::DurationError| error.to_string())
}

fn acts(ui: &mut Ui, state: &State, application: &Arc<Application>, out: &mut Vec<Message>) {
    ui.add_space(10.0);
    let suspended = application.status == crate::registry::ApplicationStatus::Suspended;
    ui.horizontal_wrapped(|ui| {
        let response = widget::button(ui, if suspended { "Resume" } else { "Suspend" });
        if response.clicked() {
            out.push(Message::Run(Command::Suspend));
        } else {
            let switch = if suspended { operation::resume } else { operation::suspend };
            pointed(&response, state, || Vec::from_iter(switch(application)), out);
        }
        ui.add_enabled_ui(Command::CutOff.available(state), |ui| {
            let hint = "Suspends it at once, and shows until when its tokens may live";
            if widget::danger_button(ui, Command::CutOff.title()).on_hover_text(hint).clicked() {
                out.push(Message::Run(Command::CutOff));
            }
        });
        for (command, label) in [(Command::Duplicate, "Duplicate…"), (Command::SaveTemplate, "Template…")]
        {
            if widget::button(ui, label).on_hover_text(command.title()).clicked() {
                out.push(Message::Run(command));
            }
        }
        if widget::danger_button(ui, "Delete").on_hover_text("Undo brings it back").clicked() {
            out.push(Message::Run(Command::Remove));
        }
    });
    if widget::link(ui, "History of this application").clicked() {
        let of = EntityRef { kind: Kind::Application, id: application.client_id.clone() };
        out.push(Message::HistoryOf(Some(of)));
    }
}
