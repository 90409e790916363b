//! The dialogs that ask for a connection and for credentials. What is secret is masked, and read by nobody here.

use super::connections::{colour_of, sentence, tested};
use super::dialog::{buttons, field, take_keyboard};
use crate::app::{ConnectField, ConnectForm, KeepIn, Message, RemoteMessage, State, VendorKind, safety};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::remote::{Access, Connection, Environment};
use crate::token::Secret;
use egui::{Label, RichText, ScrollArea, Ui};
use std::sync::Arc;

/// The form of a new connection.
pub fn show(ui: &mut Ui, state: &State, form: &ConnectForm, out: &mut Vec<Message>) {
    let mut next = form.clone();
    let mut changed = false;
    let mut entered = false;
    widget::title(ui, "Add a connection");
    ui.horizontal_wrapped(|ui| {
        for kind in VendorKind::ALL {
            if widget::chip(ui, kind.title(), None, None, form.kind == kind).clicked() && form.kind != kind {
                next = ConnectForm {
                    name: form.name.clone(),
                    ..ConnectForm::new(kind, state.connections.has_keyring)
                };
                changed = true;
            }
        }
    });
    // What a test told stands below, and the buttons below that.
    let below = if form.tested.is_some() { 400.0 } else { 190.0 };
    let room = (ui.ctx().content_rect().height() - below).max(160.0);
    ScrollArea::vertical().id_salt("connection").max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_width(ui.available_width() - 10.0);
        let wrong =
            |which| form.error.as_ref().filter(|(place, _)| *place == which).map(|(_, words)| words.as_str());
        let mut text = |ui: &mut Ui, name: &str, value: &mut String, hint: &str, which| {
            let typed = field(ui, name, value, hint, wrong(which));
            changed |= typed.changed;
            entered |= typed.entered;
        };
        text(ui, "Name", &mut next.name, "acme-prod", ConnectField::Name);
        match form.kind {
            VendorKind::Auth0 => {
                text(ui, "Domain", &mut next.domain, "acme.eu.auth0.com", ConnectField::Domain);
                text(
                    ui,
                    "Client id",
                    &mut next.id,
                    "of an application that may use the Management API",
                    ConnectField::Id,
                );
                text(
                    ui,
                    "Address, where it is another",
                    &mut next.base,
                    "https://DOMAIN",
                    ConnectField::Base,
                );
            }
            VendorKind::Authlete3 => {
                text(ui, "Address", &mut next.base, "https://us.authlete.com", ConnectField::Base);
                text(ui, "Service id", &mut next.id, "1234567890", ConnectField::Id);
            }
            VendorKind::Authlete2 => {
                text(ui, "Address", &mut next.base, "https://api.authlete.com", ConnectField::Base);
                text(ui, "Owner's key", &mut next.id, "12345678", ConnectField::Id);
                text(ui, "Service's key", &mut next.second_id, "1234567890", ConnectField::SecondId);
            }
        }
        let (parts, pressed) = secrets(ui, form.secret_names(), &form.secrets, wrong(ConnectField::Secret));
        entered |= pressed;
        for (place, part) in parts {
            if let Some(old) = next.secrets.get_mut(place) {
                *old = part;
                changed = true;
            }
        }
        changed |= choices(ui, state, &mut next);
        let typed =
            field(ui, "Overlay file, where it is another", &mut next.overlay, "the connection's own", None);
        changed |= typed.changed;
    });
    let trying = state.connections.work.is_some();
    if let Some(told) = &form.tested {
        ui.add_space(6.0);
        ui.push_id("tested", |ui| {
            ScrollArea::vertical()
                .max_height(190.0)
                .id_salt("told")
                .auto_shrink([false, true])
                .show(ui, |ui| tested(ui, told));
        });
    }
    if changed {
        // What was said of what is no longer typed goes with it.
        next.error = None;
        out.push(Message::Remote(RemoteMessage::Form(Box::new(next))));
    }
    out.extend(entered.then_some(Message::Accept));
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        if widget::primary_button(ui, "Add").clicked() {
            out.push(Message::Accept);
        }
        ui.add_enabled_ui(!trying, |ui| {
            if widget::button(ui, if trying { "Testing…" } else { "Test" }).clicked() {
                out.push(Message::Remote(RemoteMessage::TryForm));
            }
        });
        if widget::button(ui, "Cancel").clicked() {
            out.push(Message::Dialog(None));
        }
    });
}

/// A masked field for each part; tells the parts that were typed, and whether Enter was pressed.
fn secrets(
    ui: &mut Ui,
    names: &[&str],
    parts: &[Arc<Secret>],
    error: Option<&str>,
) -> (Vec<(usize, Arc<Secret>)>, bool) {
    let (mut typed, mut entered) = (Vec::new(), false);
    for (place, (name, part)) in names.iter().zip(parts).enumerate() {
        ui.label(RichText::new(*name).font(Theme::of(ui.ctx()).small_strong()));
        let wrong = error.filter(|error| names.len() == 1 || error.contains(&name.to_lowercase()));
        let (new, response) = widget::secret_field(ui, name, part, wrong);
        take_keyboard(ui, &response, true);
        if widget::entered(ui, &response) {
            response.request_focus();
            entered = true;
        }
        typed.extend(new.map(|new| (place, Arc::new(new))));
    }
    (typed, entered)
}

/// What is at stake, what may be sent, and where the credentials are kept.
fn choices(ui: &mut Ui, state: &State, next: &mut ConnectForm) -> bool {
    let theme = Theme::of(ui.ctx());
    let mut changed = false;
    widget::section_heading(ui, "Environment");
    ui.horizontal_wrapped(|ui| {
        for environment in Environment::ALL {
            let mark = Some((colour_of(&theme, environment), false));
            if widget::chip(ui, environment.title(), None, mark, next.environment == environment).clicked() {
                (next.environment, changed) = (environment, true);
            }
        }
    });
    widget::section_heading(ui, "Safety");
    ui.horizontal_wrapped(|ui| {
        for access in [Access::ReadOnly, Access::Write] {
            if widget::chip(ui, &sentence(safety(access)), None, None, next.access == access).clicked() {
                (next.access, changed) = (access, true);
            }
        }
    });
    widget::section_heading(ui, "Credentials are kept in");
    ui.horizontal_wrapped(|ui| {
        for keep in KeepIn::ALL {
            let offered = keep != KeepIn::System || state.connections.has_keyring;
            if offered && widget::chip(ui, keep.title(), None, None, next.keep == keep).clicked() {
                (next.keep, changed) = (keep, true);
            }
        }
    });
    changed
}

/// Asks for credentials that are kept nowhere.
pub fn sign_in(ui: &mut Ui, connection: &Connection, parts: &[Arc<Secret>], out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    widget::title(ui, &format!("Sign in to {}", connection.name));
    let words = "Its credentials are not kept on this machine. They are held until the program ends.";
    ui.add(Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
    ui.add_space(4.0);
    let (typed, entered) = secrets(ui, connection.vendor.secrets(), parts, None);
    out.extend(
        typed.into_iter().map(|(place, part)| Message::Remote(RemoteMessage::SignInPart(place, part))),
    );
    out.extend(entered.then_some(Message::Accept));
    buttons(ui, "Sign in", false, out);
}
