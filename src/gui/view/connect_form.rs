//! The dialogs that ask for a connection and for credentials. What is secret is masked, and read by nobody here.

use super::connections::{colour_of, sentence, tested};
use super::dialog::{Typed, buttons, field, take_keyboard};
use crate::app::{
    ConnectField, ConnectForm, KeepIn, Message, RemoteMessage, SignInFor, State, VendorKind, safety,
};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::remote::{Access, Connection, Environment};
use crate::token::Secret;
use egui::{Label, RichText, ScrollArea, Ui};
use std::sync::Arc;

/// So much stands before each label.
const BEFORE: f32 = 3.0;

/// The form of a new connection.
pub fn show(ui: &mut Ui, state: &State, form: &ConnectForm, out: &mut Vec<Message>) {
    let mut next = form.clone();
    let mut heard = Typed::default();
    widget::title(ui, "Add a connection");
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| {
        for kind in VendorKind::ALL {
            if widget::chip(ui, kind.title(), None, None, form.kind == kind).clicked() && form.kind != kind {
                next = form.of_kind(kind);
                heard.changed = true;
            }
        }
    });
    // What a test told stands below, and the buttons below that.
    let height = ui.ctx().content_rect().height();
    let told = if form.tested.is_some() { (height * 0.25).clamp(60.0, 130.0) } else { 0.0 };
    let room = (height - 170.0 - told).max(60.0);
    ScrollArea::vertical().id_salt("connection").max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_width(ui.available_width() - 10.0);
        heard.also(fields(ui, form, &mut next));
        heard.changed |= choices(ui, state, &mut next);
        heard.also(more(ui, form, &mut next));
        widget::follow_keyboard(ui);
    });
    // Its place is kept where there is nothing to tell, so that the buttons below are the same ones before and after.
    ui.push_id("tested", |ui| {
        let Some(words) = &form.tested else { return };
        ui.add_space(6.0);
        let area = ScrollArea::vertical().max_height(told - 10.0).id_salt("told").auto_shrink([false, true]);
        area.show(ui, |ui| tested(ui, words));
    });
    if heard.changed {
        // What was said of what is no longer typed goes with it.
        next.error = None;
        out.push(Message::Remote(RemoteMessage::Form(Box::new(next))));
    }
    out.extend(heard.entered.then_some(Message::Accept));
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        if widget::primary_button(ui, "Add").clicked() {
            out.push(Message::Accept);
        }
        // It keeps the keyboard while it works.
        let trying = state.connections.work.is_some();
        if widget::button(ui, if trying { "Testing…" } else { "Test" }).clicked() && !trying {
            out.push(Message::Remote(RemoteMessage::TryForm));
        }
        if widget::button(ui, "Cancel").clicked() {
            out.push(Message::Dialog(None));
        }
    });
}

/// What is wrong with a field.
fn wrong(form: &ConnectForm, field: ConnectField) -> Option<&str> {
    form.error.as_ref().filter(|(place, _)| *place == field).map(|(_, words)| words.as_str())
}

/// What every connection needs, in the vendor's words.
fn fields(ui: &mut Ui, form: &ConnectForm, next: &mut ConnectForm) -> Typed {
    let mut heard = Typed::default();
    let mut text = |ui: &mut Ui, name: &str, value: &mut String, hint: &str, which| {
        ui.add_space(BEFORE);
        heard.also(field(ui, name, value, hint, wrong(form, which)));
    };
    text(ui, "Name", &mut next.name, "acme-prod", ConnectField::Name);
    match form.kind {
        VendorKind::Auth0 => {
            text(ui, "Domain", &mut next.domain, "acme.eu.auth0.com", ConnectField::Domain);
            let hint = "of an application that may use the Management API";
            text(ui, "Client id", &mut next.id, hint, ConnectField::Id);
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
    let error = wrong(form, ConnectField::Secret);
    let (parts, entered) = secrets(ui, form.secret_names(), &form.secrets, error);
    heard.entered |= entered;
    for (place, part) in parts {
        if let Some(old) = next.secrets.get_mut(place) {
            *old = part;
            heard.changed = true;
        }
    }
    heard
}

/// What is seldom needed, folded: another address, files, and the keys under which the remote keeps what it has no field for.
fn more(ui: &mut Ui, form: &ConnectForm, next: &mut ConnectForm) -> Typed {
    let theme = Theme::of(ui.ctx());
    let mut heard = Typed::default();
    // What is wrong there is not hidden.
    let open = form.more || form.error.as_ref().is_some_and(|(place, _)| form.is_more(*place));
    ui.add_space(8.0);
    let kept_under = if form.kind == VendorKind::Auth0 { "client_metadata" } else { "attributes" };
    if widget::fold(ui, "More", "address, files, keys", open).clicked() {
        (next.more, heard.changed) = (!open, true);
    }
    if !open {
        return heard;
    }
    if form.kind == VendorKind::Auth0 {
        ui.add_space(BEFORE);
        let error = wrong(form, ConnectField::Base);
        heard.also(field(ui, "Address", &mut next.base, "https://DOMAIN", error));
    }
    ui.add_space(BEFORE);
    heard.also(field(ui, "Overlay file", &mut next.overlay, "the connection's own", None));
    ui.add_space(BEFORE);
    let hint = "PEM, beside the system's";
    heard.also(field(ui, "Certificate authorities", &mut next.authorities, hint, None));
    ui.add_space(8.0);
    ui.label(RichText::new(format!("Keys of {kept_under}")).font(theme.small_strong()));
    if form.kind == VendorKind::Auth0 {
        let words = "Only what has a key here is written there; the overlay holds the rest.";
        ui.add(Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
    }
    let names = form.key_names();
    for pair in 0..names.len().div_ceil(2) {
        ui.columns(2, |columns| {
            for (column, ui) in columns.iter_mut().enumerate() {
                let place = pair * 2 + column;
                let Some((name, key)) = names.get(place).zip(next.keys.get_mut(place)) else { continue };
                let hint = if place > 0 && form.kind == VendorKind::Auth0 { "not written" } else { "" };
                ui.push_id(place, |ui| heard.also(field(ui, &format!("{name} key"), key, hint, None)));
            }
        });
    }
    if let Some(error) = wrong(form, ConnectField::Keys) {
        let words = RichText::new(widget::visible(error)).font(theme.small()).color(theme.colours.denied);
        ui.add(Label::new(words).wrap());
    }
    heard
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
        ui.add_space(BEFORE);
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
    choice(ui, "Environment", |ui| {
        for environment in Environment::ALL {
            let mark = Some((colour_of(&theme, environment), false));
            if widget::chip(ui, environment.title(), None, mark, next.environment == environment).clicked() {
                (next.environment, changed) = (environment, true);
            }
        }
    });
    choice(ui, "Safety", |ui| {
        for access in [Access::ReadOnly, Access::Write] {
            if widget::chip(ui, &sentence(safety(access)), None, None, next.access == access).clicked() {
                (next.access, changed) = (access, true);
            }
        }
    });
    changed | keep_in(ui, state, &mut next.keep)
}

/// Where credentials are kept.
fn keep_in(ui: &mut Ui, state: &State, chosen: &mut KeepIn) -> bool {
    let mut changed = false;
    choice(ui, "Credentials are kept in", |ui| {
        for keep in KeepIn::ALL {
            let offered = keep != KeepIn::System || state.connections.has_keyring;
            if offered && widget::chip(ui, keep.title(), None, None, *chosen == keep).clicked() {
                (*chosen, changed) = (keep, true);
            }
        }
    });
    changed
}

fn choice(ui: &mut Ui, name: &str, chips: impl FnOnce(&mut Ui)) {
    ui.add_space(BEFORE);
    ui.label(RichText::new(name).font(Theme::of(ui.ctx()).small_strong()));
    ui.horizontal_wrapped(chips);
}

/// Asks for credentials that are kept nowhere, or for new ones.
pub fn sign_in(
    ui: &mut Ui,
    state: &State,
    (connection, parts): (&Connection, &[Arc<Secret>]),
    then: &SignInFor,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let (title, words, act) = match then {
        SignInFor::Now(_) => (
            format!("Sign in to {}", connection.name),
            "Its credentials are not kept on this machine. They are held until the program ends.",
            "Sign in",
        ),
        SignInFor::Keeping(_) => (
            format!("New credentials for {}", connection.name),
            "They take the place of those that there are, and are tried at once. What is staged stays.",
            "Keep and test",
        ),
    };
    widget::title(ui, &title);
    ui.add(Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
    ui.add_space(4.0);
    let (typed, entered) = secrets(ui, connection.vendor.secrets(), parts, None);
    let send = |message| Message::Remote(message);
    out.extend(typed.into_iter().map(|(place, part)| send(RemoteMessage::SignInPart(place, part))));
    if let SignInFor::Keeping(keep) = then {
        let mut chosen = *keep;
        if keep_in(ui, state, &mut chosen) {
            out.push(send(RemoteMessage::SignInKeep(chosen)));
        }
    }
    out.extend(entered.then_some(Message::Accept));
    buttons(ui, act, false, out);
}
