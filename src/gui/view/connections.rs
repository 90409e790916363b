//! Connections: the registries that there are, remote and local, with what can be done to each.

use crate::app::{
    Command, FileTask, Known, Message, OnDisk, RemoteMessage, State, VendorKind, Work, WorkKind,
    missing_permissions, safety, working_permissions,
};
use crate::gui::theme::Theme;
use crate::gui::{keys, live, widget};
use crate::remote::{Access, Connection, Environment, Tried};
use egui::{
    Align, Color32, Frame, Label, Layout, Margin, Response, RichText, Role, ScrollArea, Ui, WidgetInfo,
};

/// The colour of an environment; its word always stands beside it.
#[must_use]
pub const fn colour_of(theme: &Theme, environment: Environment) -> Color32 {
    match environment {
        Environment::Development => theme.colours.development,
        Environment::Staging => theme.colours.staging,
        Environment::Production => theme.colours.production,
    }
}

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ScrollArea::vertical().id_salt("connections").auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(20, 14)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.label(RichText::new("Connections").font(theme.title()));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if widget::primary_button(ui, "Add connection…").clicked() {
                        out.push(Message::Remote(RemoteMessage::New(VendorKind::Auth0)));
                    }
                    if state.open.is_none() && widget::button(ui, "Back").clicked() {
                        out.push(Message::Show(crate::app::Screen::Applications));
                    }
                });
            });
            let words = "Registries where tokens are issued. What you edit is staged on this machine; nothing is written there \
                         before you review and apply it.";
            ui.add(Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
            ui.add_space(8.0);
            if state.connections.known.is_empty() {
                none(ui, out);
            }
            for known in &state.connections.known {
                card(ui, state, known, out);
                ui.add_space(6.0);
            }
            local(ui, state, out);
        });
        widget::follow_keyboard(ui);
    });
}

fn none(ui: &mut Ui, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    framed(ui, |ui| {
        ui.label(RichText::new("No connection yet").font(theme.strong()));
        let words =
            "Add an Auth0 tenant or an Authlete service. It begins read-only: pull, and see who overruns.";
        ui.add(Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            for kind in VendorKind::ALL {
                if widget::button(ui, &format!("{}…", kind.title())).clicked() {
                    out.push(Message::Remote(RemoteMessage::New(kind)));
                }
            }
        });
    });
}

fn framed<R>(ui: &mut Ui, inner: impl FnOnce(&mut Ui) -> R) -> R {
    let theme = Theme::of(ui.ctx());
    let frame = Frame::new().stroke(theme.hairline()).corner_radius(theme.card_radius);
    frame
        .inner_margin(Margin::symmetric(14, 11))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            inner(ui)
        })
        .inner
}

fn card(ui: &mut Ui, state: &State, known: &Known, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.push_id(("connection", &known.name), |ui| {
        framed(ui, |ui| match &known.kept {
            Err(error) => {
                ui.label(RichText::new(widget::visible(&known.name)).font(theme.strong()));
                let words = RichText::new(widget::visible(error)).color(theme.colours.denied);
                ui.add(Label::new(words).wrap());
                remove(ui, &known.name, out);
            }
            Ok(kept) => {
                head(ui, state, kept, out);
                facts(ui, state, kept, out);
                care(ui, &kept.connection, out);
                if let Some(work) = state.connections.work.as_ref().filter(|work| work.name == known.name) {
                    ui.add_space(4.0);
                    under_way(ui, work, out);
                }
                if let Some(told) = state.connections.tested.get(&known.name) {
                    ui.add_space(4.0);
                    tested(ui, told);
                }
            }
        });
    });
}

/// Its environment and name, and what is done with it: beside them where there is room, else below.
fn head(ui: &mut Ui, state: &State, kept: &OnDisk, out: &mut Vec<Message>) {
    const ROOMY: f32 = 560.0;
    let theme = Theme::of(ui.ctx());
    let connection = &kept.connection;
    let named = |ui: &mut Ui| {
        let colour = colour_of(&theme, connection.environment);
        widget::status_dot(ui, connection.environment.title(), colour, false);
        ui.add(Label::new(RichText::new(&connection.name).font(theme.strong())).truncate());
    };
    if ui.available_width() < ROOMY {
        ui.horizontal(named);
        ui.horizontal_wrapped(|ui| acts(ui, state, kept, out));
        return;
    }
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            acts(ui, state, kept, out);
            ui.with_layout(Layout::left_to_right(Align::Center), named);
        });
    });
}

/// What is done with it, the next step first. On the card its name need not stand on each button; told aloud it does.
fn acts(ui: &mut Ui, state: &State, kept: &OnDisk, out: &mut Vec<Message>) {
    let name = &kept.connection.name;
    let send = |out: &mut Vec<Message>, message| out.push(Message::Remote(message));
    let is_open = state.connected().is_some_and(|open| open.connection.name == *name);
    let pull = keys::hint(ui.ctx(), Command::Pull);
    if kept.pulled_at.is_none() {
        if aloud(widget::primary_button(ui, "Pull"), &format!("Pull {name}")).on_hover_text(pull).clicked() {
            send(out, RemoteMessage::Pull(name.clone()));
        }
    } else {
        if is_open {
            let label = match state.review.pending() {
                0 => "Review…".to_owned(),
                many => format!("Review {} pending…", widget::grouped(many)),
            };
            if widget::button(ui, &label).clicked() {
                send(out, RemoteMessage::Review(true));
            }
        } else if aloud(widget::primary_button(ui, "Open"), &format!("Open {name}")).clicked() {
            send(out, RemoteMessage::Open(name.clone()));
        }
        let again = aloud(widget::button(ui, "Pull again"), &format!("Pull {name} again"));
        if again.on_hover_text(pull).clicked() {
            send(out, RemoteMessage::Pull(name.clone()));
        }
    }
    if aloud(widget::button(ui, "Test"), &format!("Test {name}")).clicked() {
        send(out, RemoteMessage::Test(name.clone()));
    }
    let news = state.connections.news.as_ref().filter(|(of, _)| of == name);
    if news.is_some() && widget::link(ui, "Last pull").clicked() {
        send(out, RemoteMessage::ShowNews);
    }
}

/// Gives a control another name where it is told aloud than the one that is seen.
fn aloud(response: Response, name: &str) -> Response {
    let enabled = response.enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    response
}

fn facts(ui: &mut Ui, state: &State, kept: &OnDisk, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let pulled = kept.pulled_at.map_or_else(
        || "never pulled".to_owned(),
        |at| format!("pulled {} ({})", state.times().short(at), live::relative(ui, state, at)),
    );
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let vendor = &kept.connection.vendor;
        ui.label(vendor.title());
        ui.label(
            RichText::new(widget::visible(&vendor.base())).font(theme.mono()).color(theme.colours.text_2),
        );
        ui.label(RichText::new(pulled).color(theme.colours.text_2));
        let words = format!("credentials {}", kept.credentials);
        ui.label(RichText::new(words).color(theme.colours.text_3));
        let name = &kept.connection.name;
        let renew = aloud(widget::link(ui, "New credentials…"), &format!("New credentials for {name}…"));
        if renew.clicked() {
            out.push(Message::Remote(RemoteMessage::NewCredentials(name.clone())));
        }
    });
}

/// How careful one is with it.
fn care(ui: &mut Ui, connection: &Connection, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| {
        for environment in Environment::ALL {
            let mark = Some((colour_of(&theme, environment), false));
            let on = connection.environment == environment;
            if widget::chip(ui, environment.title(), None, mark, on).clicked() && !on {
                out.push(Message::Remote(RemoteMessage::Set(Connection {
                    environment,
                    ..connection.clone()
                })));
            }
        }
        ui.add_space(10.0);
        for access in [Access::ReadOnly, Access::Write] {
            let on = connection.access == access;
            if widget::chip(ui, &sentence(safety(access)), None, None, on).clicked() && !on {
                out.push(Message::Remote(RemoteMessage::Set(Connection { access, ..connection.clone() })));
            }
        }
        ui.add_space(10.0);
        remove(ui, &connection.name, out);
    });
}

/// With a capital.
pub(super) fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

fn remove(ui: &mut Ui, name: &str, out: &mut Vec<Message>) {
    if aloud(widget::danger_link(ui, "Remove…"), &format!("Remove {name}…")).clicked() {
        out.push(Message::Remote(RemoteMessage::Remove(name.to_owned())));
    }
}

/// How far it is, how much longer it takes at the pace so far, and how to stop it.
pub(super) fn under_way(ui: &mut Ui, work: &Work, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.label(RichText::new(work.words()).font(theme.strong()));
        if let Some(left) = work.remaining() {
            let seconds = i64::try_from(left.as_secs()).unwrap_or(i64::MAX);
            let words = format!(
                "about {} more at the pace of the last items",
                crate::registry::human(seconds.max(1))
            );
            ui.label(RichText::new(words).color(theme.colours.text_2));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let label = if work.kind == WorkKind::Apply { "Pause" } else { "Stop it" };
            ui.add_enabled_ui(!work.stopping, |ui| {
                if widget::button(ui, label).clicked() {
                    out.push(Message::Remote(RemoteMessage::Stop));
                }
            });
        });
    });
    widget::progress(ui, &work.words(), work.done, work.of);
}

/// What works, and which permission is missing.
pub(super) fn tested(ui: &mut Ui, told: &Result<Vec<Tried>, String>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    match told {
        Err(error) => {
            widget::notice(ui, &widget::visible(error), colours.denied, colours.denied_soft);
        }
        Ok(tried) => {
            ui.spacing_mut().interact_size.y = 18.0;
            for (why, whats) in missing_permissions(tried) {
                ui.horizontal_wrapped(|ui| {
                    widget::status_dot(ui, "missing", colours.denied, true);
                    ui.label(RichText::new(whats.join(", ")).font(theme.mono()));
                    ui.label(RichText::new(widget::visible(why)).color(colours.text_2));
                });
            }
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 14.0;
                let works = working_permissions(tried);
                if !works.is_empty() {
                    widget::status_dot(ui, "works", colours.active, false);
                }
                for one in works {
                    ui.add(Label::new(RichText::new(one).font(theme.mono())).extend());
                }
            });
        }
    }
}

/// Registries in files, which need no connection.
fn local(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    widget::section_heading(ui, "Local files");
    let open = state.open.as_ref().map(|open| &open.path);
    if state.recent_files().next().is_none() {
        ui.label(RichText::new("No registry in a file was open yet").color(theme.colours.text_2));
    }
    for path in state.recent_files() {
        ui.horizontal(|ui| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if open == Some(path) {
                ui.label(RichText::new(format!("{name} is open")).color(theme.colours.text_2));
            } else if widget::link(ui, &widget::visible(&name)).clicked() {
                out.push(Message::Picked(FileTask::Open, path.clone()));
            }
            widget::mono(ui, &path.display().to_string());
        });
    }
    ui.horizontal(|ui| {
        for command in [Command::Open, Command::New] {
            if widget::button(ui, command.title()).clicked() {
                out.push(Message::Run(command));
            }
        }
    });
}
