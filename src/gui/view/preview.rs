//! Preview: the answer in large type, why, every combination, over time, and every issuer side by side.

use super::fleet;
use super::inspector::optional;
use super::issuers::issuers;
use super::lifetime::{over_time, why};
use crate::app::{AsOf, Command, Message, Preview, State};
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use crate::policy::{Decision, LimitKind, Outcome, Policy, RowOutcome, decide, matrix};
use crate::registry::{Application, Instant, ProfileName, human};
use egui::{Align, Frame, Layout, Margin, Panel, RichText, ScrollArea, Sense, Ui, vec2};

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(policy) = state.policy() else { return };
    let theme = Theme::of(ui.ctx());
    if policy.registry().applications().is_empty() {
        widget::empty(
            ui,
            "Nothing to preview yet",
            "Preview shows the lifetime for any application, scopes and instant.",
        );
        return;
    }
    if state.fleet.shown {
        return fleet::show(ui, state, policy, out);
    }
    let frame = Frame::new().fill(theme.colours.surface).inner_margin(Margin {
        left: 20,
        right: 12,
        top: 14,
        bottom: 8,
    });
    // Where there is no room for two columns, the question stands above its answer.
    if ui.available_width() < 316.0 + 420.0 {
        ScrollArea::vertical().id_salt("question and answer").auto_shrink(false).show(ui, |ui| {
            frame.show(ui, |ui| {
                ui.set_width(ui.available_width());
                question(ui, state, policy, out);
                ui.separator();
                answers(ui, state, policy, out);
            });
        });
        return;
    }
    Panel::left("question").exact_size(316.0).resizable(false).frame(frame).show(ui, |ui| {
        ScrollArea::vertical().id_salt("question").auto_shrink(false).show(ui, |ui| {
            ui.set_width(ui.available_width() - 8.0);
            question(ui, state, policy, out);
        });
    });
    ScrollArea::vertical().id_salt("answer").auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(16, 14)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            answers(ui, state, policy, out);
        });
    });
}

fn question(ui: &mut Ui, state: &State, policy: &Policy, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let preview = &state.preview;
    let registry = policy.registry();
    fleet::pages(ui, state, out);
    ui.add_space(4.0);
    widget::title(ui, "Preview");
    widget::section_heading(ui, "Application");
    let application = registry.application(&preview.client_id);
    let current =
        application.map_or(preview.client_id.clone(), |a| format!("{} · {}", a.title(), a.client_id));
    if let Some(id) = pick_application(ui, state, policy, &current) {
        out.push(Message::Select(Some(id.clone())));
        out.push(Message::Ask(Preview { profile: preview.profile, ..Preview::about(registry, &id, None) }));
    }
    widget::section_heading(ui, "API");
    let names: Vec<String> = registry.apis().iter().map(|api| api.title().to_owned()).collect();
    let api = registry.api(&preview.audience);
    let current = api.map_or(preview.audience.as_str(), |api| api.title());
    if let Some(api) = widget::select(ui, "API", current, &names).and_then(|place| registry.apis().get(place))
    {
        let about = Preview::about(registry, &preview.client_id, Some(&api.audience));
        let scopes = if about.audience == api.audience { about.scopes } else { Vec::new() };
        out.push(Message::Ask(Preview { audience: api.audience.clone(), scopes, ..preview.clone() }));
    }
    let grant = application.and_then(|a| a.grant(&preview.audience));
    let granted = grant.map_or(0, |g| g.scopes.len());
    let all = api.map_or(0, |api| api.scopes.len());
    widget::section_heading(ui, &format!("Scopes: {granted} of {all} granted"));
    for scope in api.iter().flat_map(|api| &api.scopes) {
        let mine = grant.is_some_and(|grant| grant.scopes.contains(&scope.name));
        let note = match (mine, scope.access_token_duration) {
            (false, _) => "not granted".to_owned(),
            (true, Some(duration)) => duration.to_string(),
            (true, None) => String::new(),
        };
        if widget::switch(ui, preview.scopes.contains(&scope.name), &scope.name, &note).clicked() {
            out.push(Message::Ask(preview.toggled(&scope.name)));
        }
    }
    if preview.profile.unwrap_or(registry.service.issuer_profile) == ProfileName::Auth0 && granted > 0 {
        let words = "Auth0 gives the whole grant, whatever scopes are requested";
        ui.add(egui::Label::new(RichText::new(words).font(theme.small()).color(theme.colours.ending)).wrap());
    }
    at(ui, state, application, out);
    widget::section_heading(ui, "Requested lifetime");
    let value = preview.requested.map(|d| d.to_string()).unwrap_or_default();
    let (taken, _) = widget::edited(ui, "requested", "Requested lifetime", &value, "none", optional);
    if let Some(requested) = taken {
        out.push(Message::Ask(Preview { requested, ..preview.clone() }));
    }
    if let Some(application) = application {
        combinations(ui, state, policy, application, out);
    }
    ui.label(RichText::new("").font(theme.small()));
}

fn pick_application(ui: &mut Ui, state: &State, policy: &Policy, current: &str) -> Option<String> {
    // The list that the Applications screen shows is the list to choose from; the palette finds the others.
    let registry = policy.registry();
    let rows = &state.applications.rows;
    let shown: Vec<&str> = rows
        .iter()
        .take(500)
        .filter_map(|row| registry.applications().get(*row as usize))
        .map(|application| application.client_id.as_str())
        .collect();
    let names: Vec<String> = shown
        .iter()
        .filter_map(|id| registry.application(id))
        .map(|application| format!("{} · {}", application.title(), application.client_id))
        .collect();
    let place = widget::select(ui, "Application", current, &names)?;
    shown.get(place).map(|id| (*id).to_owned())
}

fn at(ui: &mut Ui, state: &State, application: Option<&std::sync::Arc<Application>>, out: &mut Vec<Message>) {
    widget::section_heading(ui, "At");
    let times = state.times();
    let zone = Some(state.settings.zone());
    let end = application.and_then(|a| a.expires_at);
    let read = |text: &str| {
        let context = crate::registry::MomentContext { now: state.now, expiry: end, zone };
        crate::registry::parse_moment(text, &context).map_err(|error| error.to_string())
    };
    let value = match state.as_of {
        AsOf::Live => "now".to_owned(),
        AsOf::At(at) => times.minutes(at),
    };
    if let (Some(moment), _) = widget::edited(ui, "preview at", "At", &value, "now", read) {
        out.push(Message::SetClock(if moment.live { AsOf::Live } else { AsOf::At(moment.instant) }));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if widget::chip(ui, "now", None, None, state.as_of == AsOf::Live).clicked() {
            out.push(Message::SetClock(AsOf::Live));
        }
        for (label, before) in [("end − 1 h", 3600), ("end − 1 s", 1), ("end", 0)] {
            if let Some(end) = end {
                let at = Instant::saturating(end.seconds() - before);
                if widget::chip(ui, label, None, None, state.as_of == AsOf::At(at)).clicked() {
                    out.push(Message::SetClock(AsOf::At(at)));
                }
            }
        }
    });
}

fn combinations(
    ui: &mut Ui,
    state: &State,
    policy: &Policy,
    application: &Application,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    widget::section_heading(ui, "Every combination");
    let api = policy.registry().api(&state.preview.audience).map(AsRef::as_ref);
    let all = matrix(policy, application, (&state.preview.audience, api), state.at());
    if all.combinations.is_empty() || all.combinations.len() > 16 {
        for group in all.groups.iter().take(24) {
            let (lifetime, by, colour) = words_of(&theme, group.outcome);
            let name = if group.count == 1 {
                "1 combination".to_owned()
            } else {
                format!("{} combinations", group.count)
            };
            combination(ui, &name, &lifetime, &by, false, colour);
        }
        return;
    }
    for row in &all.combinations {
        let scopes: Vec<String> = row.scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let name = if scopes.is_empty() { "none".to_owned() } else { scopes.join(" ") };
        let (lifetime, by, colour) = words_of(&theme, row.outcome);
        if combination(ui, &name, &lifetime, &by, scopes == state.preview.scopes, colour) {
            out.push(Message::Ask(Preview { scopes, ..state.preview.clone() }));
        }
    }
}

fn words_of(theme: &Theme, answer: RowOutcome<'_>) -> (String, String, egui::Color32) {
    match answer {
        RowOutcome::Granted { lifetime: seconds, limit, source } => {
            let by = match limit {
                LimitKind::Scope => format!("scope {}", widget::visible(source)),
                kind => kind.title().to_owned(),
            };
            (human(seconds), by, theme.colours.text)
        }
        RowOutcome::Denied(reason) => {
            ("denied".to_owned(), reason.as_str().replace('_', " "), theme.colours.denied)
        }
    }
}

fn combination(ui: &mut Ui, name: &str, lifetime: &str, by: &str, on: bool, colour: egui::Color32) -> bool {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.dense_row), Sense::click());
    let label = format!("{name}: {lifetime}, {by}");
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, on, &label));
    if on || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(
            rect,
            theme.bar_radius,
            if on { colours.accent_soft } else { colours.surface_2 },
        );
    }
    let y = rect.center().y;
    let (first, second) = (rect.left() + rect.width() * 0.60, rect.left() + rect.width() * 0.63);
    let clip = egui::Rect::from_min_max(rect.min, egui::pos2(first - 52.0, rect.bottom()));
    let painter = ui.painter().with_clip_rect(clip);
    painter.text(
        egui::pos2(rect.left() + 6.0, y),
        egui::Align2::LEFT_CENTER,
        widget::visible(name),
        theme.body(),
        colours.text,
    );
    ui.painter().text(egui::pos2(first, y), egui::Align2::RIGHT_CENTER, lifetime, theme.body(), colour);
    let painter = ui.painter().with_clip_rect(rect);
    painter.text(egui::pos2(second, y), egui::Align2::LEFT_CENTER, by, theme.small(), colours.text_3);
    response.on_hover_text(label).clicked()
}

fn answers(ui: &mut Ui, state: &State, policy: &Policy, out: &mut Vec<Message>) {
    let request = state.preview.request(state.at());
    let decision = decide(policy, &request);
    let buttons = |ui: &mut Ui, out: &mut Vec<Message>| {
        let hint = keys::hint(ui.ctx(), Command::Mint);
        if widget::button(ui, "Mint this").on_hover_text(hint).clicked() {
            out.push(Message::Run(Command::Mint));
        }
        if widget::button(ui, "Copy as command").clicked() {
            out.push(Message::Run(Command::CopyCommand));
        }
        if widget::button(ui, "Copy explanation").clicked() {
            out.push(Message::Run(Command::CopyExplanation));
        }
    };
    let narrow = ui.available_width() < 600.0;
    if narrow {
        answer(ui, state, &decision);
        ui.horizontal_wrapped(|ui| buttons(ui, out));
    }
    let beside = |ui: &mut Ui, out: &mut Vec<Message>| {
        buttons(ui, out);
        ui.with_layout(Layout::top_down(Align::Min), |ui| answer(ui, state, &decision));
    };
    if !narrow {
        ui.with_layout(Layout::right_to_left(Align::TOP), |ui| beside(ui, out));
    }
    ui.add_space(6.0);
    if let Outcome::Granted(granted) = &decision.outcome {
        widget::section_heading(ui, "Why");
        why(ui, state, granted, (&request.client_id, &request.audience), state.at(), out);
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let theme = Theme::of(ui.ctx());
        ui.label(RichText::new("Over time").font(theme.small_strong()).color(theme.colours.text_2));
        let ends =
            policy.registry().application(&state.preview.client_id).is_some_and(|a| a.expires_at.is_some());
        let label = if state.preview.zoomed { "Whole window" } else { "Last minutes" };
        if ends && widget::link(ui, label).clicked() {
            out.push(Message::Ask(Preview { zoomed: !state.preview.zoomed, ..state.preview.clone() }));
        }
    });
    over_time(ui, state, policy, &state.preview, 190.0, out);
    issuers(ui, state, policy, &request, out);
}

fn answer(ui: &mut Ui, state: &State, decision: &Decision<'_>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let times = state.times();
    let small = |text: String| RichText::new(text).color(colours.text_3);
    match &decision.outcome {
        Outcome::Granted(granted) => {
            ui.label(small(format!("A token requested {} lives", at_words(state))));
            ui.label(RichText::new(human(granted.lifetime)).font(theme.answer()));
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 5.0;
                ui.label("and ends");
                ui.label(RichText::new(times.zoned(granted.expires_at)).font(theme.strong()));
                ui.label(small(granted.expires_at.to_string()));
            });
        }
        Outcome::Denied(denied) => {
            ui.label(small(format!("A token requested {}", at_words(state))));
            ui.label(RichText::new("denied").font(theme.answer()).color(colours.denied));
            ui.add(egui::Label::new(widget::visible(&times.localised(&denied.message))).wrap());
            ui.label(small(format!("{} · {}", denied.reason, denied.reason.error().as_str())));
        }
    }
}

fn at_words(state: &State) -> String {
    match state.as_of {
        AsOf::Live => "now".to_owned(),
        AsOf::At(at) => format!("at {}", state.times().clock(at)),
    }
}
