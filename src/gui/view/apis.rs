//! APIs & scopes: service, APIs and scopes as a tree, durations edited in place.

use super::effect::{pressed, typed};
use super::inspector::optional;
use crate::app::{Command, Message, State, edit};
use crate::edit::{Change, Entity};
use crate::gui::chart::scale;
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::validate::check_issuer;
use crate::registry::{Api, DefaultScopes, Duration, ProfileName, Registry, Scope, Service};
use egui::{Frame, Margin, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};
use std::sync::Arc;

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(policy) = state.policy() else { return };
    let registry = policy.registry();
    ScrollArea::vertical().id_salt("apis").auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(20, 14)).show(ui, |ui| {
            ui.set_max_width(ui.available_width().min(860.0));
            ui.spacing_mut().item_spacing = vec2(8.0, 5.0);
            ui.add_enabled_ui(state.read_only().is_none(), |ui| {
                service(ui, state, &registry.service, out);
                ui.add_space(8.0);
                if registry.apis().is_empty() {
                    let colour = Theme::of(ui.ctx()).colours.text_2;
                    ui.label(
                        RichText::new("No APIs yet. An API is what a token's audience names.").color(colour),
                    );
                }
                for entry in registry.apis() {
                    api(ui, state, registry, entry, out);
                }
                ui.add_space(10.0);
                if widget::button(ui, "New API…").clicked() {
                    out.push(Message::Run(Command::NewApi));
                }
            });
        });
    });
}

fn set_service(out: &mut Vec<Message>, service: &Arc<Service>, label: &str, by: impl FnOnce(&mut Service)) {
    out.extend(edit(label, service_changed(service, by)));
}

fn service_changed(service: &Arc<Service>, by: impl FnOnce(&mut Service)) -> Vec<Change> {
    let mut after = Service::clone(service);
    by(&mut after);
    Vec::from_iter(Change::service(service, after))
}

fn service(ui: &mut Ui, state: &State, service: &Arc<Service>, out: &mut Vec<Message>) {
    widget::title(ui, if service.name.is_empty() { "Service" } else { &service.name });
    let plain = |text: &str| -> Result<String, String> { Ok(text.trim().to_owned()) };
    let issuer = |text: &str| check_issuer(text.trim()).map(|()| text.trim().to_owned());
    let duration = |text: &str| text.parse::<Duration>().map_err(|error| error.to_string());
    widget::key_value(ui, "Name", |ui| {
        if let (Some(name), _) = widget::edited(ui, "service name", "Service name", &service.name, "", plain)
        {
            set_service(out, service, "Set service name", |s| s.name = name);
        }
    });
    widget::key_value(ui, "Issuer", |ui| {
        let (taken, _) =
            widget::edited(ui, "issuer", "Issuer", &service.issuer, "https://issuer.example", issuer);
        if let Some(issuer) = taken {
            set_service(out, service, "Set issuer", |s| s.issuer = issuer);
        }
    });
    widget::key_value(ui, "Lifetime", |ui| {
        let value = service.access_token_duration.to_string();
        let set = short(ui, |ui| {
            widget::edited_live(ui, "service duration", "Service lifetime", &value, "24 h", duration)
        });
        let by = |d| service_changed(service, |s| s.access_token_duration = d);
        typed(state, set, "Set the service's lifetime", by, out);
    });
    widget::key_value(ui, "Shortest", |ui| {
        let value = service.min_lifetime.to_string();
        let set = short(ui, |ui| {
            widget::edited_live(ui, "min lifetime", "Shortest lifetime", &value, "1 s", duration)
        });
        let by = |d| service_changed(service, |s| s.min_lifetime = d);
        typed(state, set, "Set the shortest lifetime", by, out);
    });
    widget::key_value(ui, "No scope", |ui| {
        let options = ["scopes marked as default".to_owned(), "every granted scope".to_owned()];
        let rules = [DefaultScopes::Marked, DefaultScopes::AllGranted];
        let current = usize::from(service.default_scopes == DefaultScopes::AllGranted);
        let shown = options.get(current).map(String::as_str).unwrap_or_default();
        widget::select_live(ui, "No scope requested", shown, &options, &mut |place, response| {
            let Some(rule) = rules.get(place) else { return };
            let by = || service_changed(service, |s| s.default_scopes = *rule);
            pressed(response, state, "Set what no scope means", by, out);
        });
    });
    widget::key_value(ui, "Issued by", |ui| {
        let options: Vec<String> =
            ProfileName::ALL.iter().map(|p| format!("{}: {}", p.title(), p.rule())).collect();
        let current = format!("{}: {}", service.issuer_profile.title(), service.issuer_profile.rule());
        widget::select_live(ui, "Issuer profile", &current, &options, &mut |place, response| {
            let Some(profile) = ProfileName::ALL.get(place) else { return };
            let by = || service_changed(service, |s| s.issuer_profile = *profile);
            pressed(response, state, "Set the issuer profile", by, out);
        });
    });
}

/// A field as wide as durations need.
fn short<R>(ui: &mut Ui, field: impl FnOnce(&mut Ui) -> R) -> R {
    let height = Theme::of(ui.ctx()).control_height;
    ui.allocate_ui(vec2(200.0, height), field).inner
}

fn set_api(out: &mut Vec<Message>, api: &Arc<Api>, label: &str, by: impl FnOnce(&mut Api)) {
    out.extend(edit(format!("{label} of {}", api.title()), api_changed(api, by)));
}

fn api_changed(api: &Arc<Api>, by: impl FnOnce(&mut Api)) -> Vec<Change> {
    let mut after = Api::clone(api);
    by(&mut after);
    Vec::from_iter(Change::api(api, after))
}

/// An API with one of its scopes changed.
fn scope_changed(api: &Arc<Api>, name: &str, by: impl FnOnce(&mut Scope)) -> Vec<Change> {
    api_changed(api, |api| {
        if let Some(scope) = api.scopes.iter_mut().find(|scope| scope.name == name) {
            by(scope);
        }
    })
}

/// How many applications a change of this would touch.
fn touched(state: &State, audience: &str, scope: Option<&str>) -> String {
    match state.reach.of(audience, scope) {
        0 => "no application".to_owned(),
        1 => "1 application".to_owned(),
        many => format!("{} applications", widget::grouped(many)),
    }
}

fn api(ui: &mut Ui, state: &State, registry: &Registry, api: &Arc<Api>, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let line = ui.cursor().top() + 6.0;
    ui.painter().hline(ui.max_rect().x_range(), line, theme.hairline());
    ui.add_space(16.0);
    let chosen = state.api.as_deref() == Some(&api.audience);
    ui.horizontal(|ui| {
        let response = ui.scope(|ui| widget::title(ui, api.title())).inner;
        if chosen && ui.data_mut(|data| data.get_temp::<String>(egui::Id::unique("api shown")) != state.api) {
            response.scroll_to_me(Some(egui::Align::TOP));
            ui.data_mut(|data| data.insert_temp(egui::Id::unique("api shown"), api.audience.clone()));
        }
        widget::mono(ui, &api.audience);
    });
    let plain = |text: &str| -> Result<String, String> { Ok(text.trim().to_owned()) };
    let key = &api.audience;
    widget::key_value(ui, "Name", |ui| {
        let name = format!("Name of {}", api.title());
        if let (Some(text), _) = widget::edited(ui, ("api name", key), &name, &api.name, "", plain) {
            set_api(out, api, "Set name", |a| a.name = text);
        }
    });
    let service = registry.service.access_token_duration;
    let own = api.access_token_duration;
    let set = duration_row(
        ui,
        ("api duration", key),
        "Lifetime",
        own,
        &format!("{service} from the service"),
        &touched(state, key, None),
    );
    let label = format!("Set lifetime of {}", api.title());
    typed(state, set, &label, |own| api_changed(api, |a| a.access_token_duration = own), out);
    for scope in &api.scopes {
        scope_row(ui, state, api, scope, out);
    }
    ui.horizontal(|ui| {
        ui.add_space(92.0);
        if widget::link(ui, "New scope…").clicked() {
            out.push(Message::SelectApi(Some(api.audience.clone())));
            out.push(Message::Run(Command::NewScope));
        }
        ui.add_space(12.0);
        let response = widget::danger_link(ui, "Delete API").on_hover_text("Undo brings it back");
        let gone = || vec![Change::remove(Entity::Api(api.clone()))];
        pressed(&response, state, &format!("Delete API {}", api.title()), gone, out);
    });
}

fn scope_row(ui: &mut Ui, state: &State, api: &Arc<Api>, scope: &Scope, out: &mut Vec<Message>) {
    let key = ("scope duration", &api.audience, &scope.name);
    let touched = touched(state, &api.audience, Some(&scope.name));
    let label = |verb: &str| format!("{verb} {} of {}", scope.name, api.title());
    ui.push_id((&api.audience, &scope.name), |ui| {
        let set = duration_row(ui, key, &scope.name, scope.access_token_duration, "no own limit", &touched);
        let by = |own| scope_changed(api, &scope.name, |scope| scope.access_token_duration = own);
        typed(state, set, &label("Set lifetime of scope"), by, out);
        ui.spacing_mut().interact_size.y = 16.0;
        ui.horizontal(|ui| {
            ui.add_space(92.0);
            let theme = Theme::of(ui.ctx());
            let words = if scope.default { "given when no scope is requested" } else { "only on request" };
            let response = widget::status_button(ui, words).on_hover_text("Press to switch");
            let by = || scope_changed(api, &scope.name, |scope| scope.default = !scope.default);
            pressed(&response, state, &label("Switch default of scope"), by, out);
            if !scope.description.is_empty() {
                ui.label(
                    RichText::new(widget::visible(&scope.description))
                        .font(theme.small())
                        .color(theme.colours.text_3),
                );
            }
            let response = widget::danger_link(ui, "delete").on_hover_text("Undo brings it back");
            let by = || api_changed(api, |a| a.scopes.retain(|s| s.name != scope.name));
            pressed(&response, state, &label("Delete scope"), by, out);
        });
    });
}

/// A duration as a field and a bar on a log scale, with how many applications a change touches.
fn duration_row(
    ui: &mut Ui,
    key: impl std::hash::Hash + std::fmt::Debug,
    name: &str,
    value: Option<Duration>,
    hint: &str,
    touched: &str,
) -> (Option<widget::Typed<Option<Duration>>>, egui::Response) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(84.0, theme.control_height), Sense::hover());
        let painter = ui.painter().with_clip_rect(rect);
        let font = theme.body();
        painter.text(
            rect.left_center(),
            egui::Align2::LEFT_CENTER,
            widget::visible(name),
            font,
            theme.colours.text,
        );
        response.on_hover_text(widget::visible(name));
        let text = value.map(|d| d.to_string()).unwrap_or_default();
        let name = format!("Lifetime of {name}");
        let set = short(ui, |ui| widget::edited_live(ui, key, &name, &text, hint, optional));
        // A bar takes what the field and the words leave.
        let bar = (ui.available_width() - 160.0).clamp(60.0, 240.0);
        let (rect, _) = ui.allocate_exact_size(vec2(bar, theme.control_height), Sense::hover());
        if let Some(duration) = value {
            let part = scale(duration.seconds() as f64) / scale(30.0 * 86_400.0);
            let right = rect.left() + (part.min(1.0) as f32 * rect.width()).max(3.0);
            let y = rect.center().y;
            let bar = Rect::from_min_max(pos2(rect.left(), y - 4.5), pos2(right, y + 4.5));
            ui.painter().rect_filled(bar, theme.bar_radius, theme.colours.text_3.gamma_multiply(0.55));
        }
        ui.label(RichText::new(format!("touches {touched}")).font(theme.small()).color(theme.colours.text_3));
        set
    })
    .inner
}
