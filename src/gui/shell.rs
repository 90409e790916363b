//! What stands around every screen: rail, top bar, palette, dialogs.

use super::icon::Icon;
use super::theme::Theme;
use super::{keys, menus, status_line, view, widget};
use crate::app::{
    AsOf, Command, FileTask, Focus, Menu, Message, RemoteMessage, Screen, SettingsOf, State, vendor_name,
};
use crate::registry::{MomentContext, parse_moment};
use egui::{Align, Frame, Layout, Margin, Panel, Ui, vec2};

/// In a window less wide than this, in points, the rail has no words, and other words give way too.
pub(super) const NARROW: f32 = 720.0;

/// Draws the whole window.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let flat = |fill, margin| Frame::new().fill(fill).inner_margin(margin);
    Panel::top("top")
        .exact_size(theme.top_bar)
        .frame(flat(theme.colours.surface, Margin::symmetric(12, 0)))
        .show(ui, |ui| top_bar(ui, state, out));
    let line = Panel::bottom("status")
        .exact_size(theme.status_line)
        .frame(flat(theme.colours.bg, Margin::symmetric(12, 0)))
        .show(ui, |ui| ui.available_rect_before_wrap())
        .inner;
    if state.open.is_some() {
        // Where there is little room, at twice the size say, the signs alone stay and say their names when pointed at.
        let narrow = ui.available_width() < NARROW;
        let width = if narrow { theme.rail_narrow } else { theme.rail_width };
        Panel::left("rail")
            .exact_size(width)
            .resizable(false)
            .frame(flat(theme.colours.bg, Margin::symmetric(if narrow { 6 } else { 8 }, 10)))
            .show(ui, |ui| rail(ui, state, narrow, out));
    }
    egui::CentralPanel::default().frame(flat(theme.colours.surface, Margin::ZERO)).show(ui, |ui| {
        if state.open.is_none() && !matches!(state.screen, Screen::Settings | Screen::Connections) {
            view::welcome::show(ui, state, out);
            return;
        }
        past_bar(ui, state, out);
        match state.screen {
            Screen::Applications => view::applications::show(ui, state, out),
            Screen::Apis => view::apis::show(ui, state, out),
            Screen::Preview => view::preview::show(ui, state, out),
            Screen::Tokens => view::tokens::show(ui, state, out),
            Screen::Trials => view::trials::show(ui, state, out),
            Screen::Guardrails => view::guardrails::show(ui, state, out),
            Screen::History => view::history::show(ui, state, out),
            Screen::Connections if state.review.shown => view::review::show(ui, state, out),
            Screen::Connections => view::connections::show(ui, state, out),
            Screen::Settings => view::settings::show(ui, state, out),
        }
    });
    // Its place is kept first, its words come last, since Tab goes in the order of drawing.
    ui.scope_builder(egui::UiBuilder::new().max_rect(line), |ui| status_line::show(ui, state, out));
    if state.palette.is_some() || state.dialog.is_some() {
        close_tooltips(ui);
    }
    view::palette::show(ui.ctx(), state, out);
    view::dialog::show(ui.ctx(), state, out);
    view::effect::settle(ui, state, out);
}

/// A tooltip stays while the pointer rests, above whatever a key has opened over it. egui closes it where a popup is open in
/// the same layer: this one has no place, and so nothing to draw.
fn close_tooltips(ui: &Ui) {
    let id = egui::Id::unique("no tooltip beneath");
    egui::Popup::new(id, ui.ctx().clone(), egui::PopupAnchor::PointerFixed, ui.layer_id()).show(|_| ());
}

fn top_bar(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let narrow = ui.available_width() < NARROW;
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let response = widget::icon_button(ui, Icon::Menu, "Menu");
        egui::Popup::menu(&response)
            .width(170.0)
            .accessible_name("Menu")
            .show(|ui| menus::all(ui, state, out));
        registry_menu(ui, state, narrow, out);
        search(ui, state, narrow, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let pending = state.review.pending();
            if pending > 0 {
                let rest = if narrow { "…" } else { " · Review…" };
                let words = format!("{} pending{rest}", widget::grouped(pending));
                let hint = keys::hint(ui.ctx(), Command::ReviewChanges);
                if widget::primary_button(ui, &words).on_hover_text(hint).clicked() {
                    out.push(Message::Run(Command::ReviewChanges));
                }
                ui.add_space(4.0);
            }
            if state.open.is_some() {
                clock(ui, state, out);
            }
        });
    });
}

/// What opens the palette: a field in the middle of the window, its sign alone where there is little room.
fn search(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Message>) {
    let (words, hint) = ("Search or run a command", keys::hint(ui.ctx(), Command::Palette));
    let response = if narrow {
        widget::icon_button(ui, Icon::Search, words).on_hover_text(hint)
    } else {
        let right = if state.review.pending() > 0 { 470.0 } else { 320.0 };
        let width = 430.0_f32.min(ui.available_width() - right).max(160.0);
        let gap = ((ui.ctx().content_rect().width() - width) / 2.0 - ui.cursor().left()).max(8.0);
        ui.add_space(gap.min((ui.available_width() - width - right + 20.0).max(8.0)));
        widget::search_button(ui, words, &hint, width)
    };
    if response.clicked() {
        out.push(Message::Run(Command::Palette));
    }
}

fn registry_menu(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let connected = state.connected();
    // A file is one's own; where nothing is open nothing is at stake.
    let own = if state.open.is_some() { theme.colours.development } else { theme.colours.text_3 };
    let (colour, environment) = connected.map_or((own, String::new()), |kept| {
        let environment = kept.connection.environment;
        (view::connections::colour_of(&theme, environment), environment.to_string())
    });
    let local = || {
        let none =
            || state.opening.as_ref().map_or("No registry".to_owned(), |name| format!("Opening {name}…"));
        state.open.as_ref().map_or_else(none, |open| {
            let stem = open.path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            format!("Local · {stem}")
        })
    };
    let name = connected.map_or_else(local, |kept| {
        format!("{} · {}", vendor_name(&kept.connection.vendor), kept.connection.name)
    });
    let most = if narrow { 130.0 } else { 240.0 };
    let response = widget::registry_button(ui, (&name, most), colour, &environment);
    egui::Popup::menu(&response).width(menus::WIDTH).show(|ui| {
        let open = state.open.as_ref().map(|open| &open.path);
        for kept in state.connections.readable().filter(|kept| open != Some(&kept.staged)) {
            let connection = &kept.connection;
            let label = format!("{} · {}", vendor_name(&connection.vendor), connection.name);
            if widget::menu_item(ui, &label, &connection.environment.to_string()).clicked() {
                out.push(Message::Remote(RemoteMessage::Open(connection.name.clone())));
            }
        }
        for path in state.recent_files().filter(|path| open != Some(*path)).take(5) {
            let label = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if widget::menu_item(ui, &label, "").on_hover_text(path.display().to_string()).clicked() {
                out.push(Message::Picked(FileTask::Open, path.clone()));
            }
        }
        menus::commands(ui, state, Menu::Registry, out);
    });
}

/// The clock over the whole program: a button that opens a field.
fn clock(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let times = state.times();
    let (text, live) = match state.as_of {
        AsOf::Live => ("now".to_owned(), true),
        AsOf::At(at) => (times.day(at), false),
    };
    let response = widget::clock_button(ui, &text, live);
    let popup = egui::Popup::menu(&response)
        .width(344.0)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name("As of");
    let id = popup.get_id();
    if state.focus == Some(Focus::Clock) {
        egui::Popup::open_id(ui.ctx(), id);
        out.push(Message::Focused);
    }
    if popup.show(|ui| clock_popup(ui, state, out, id)).is_none() {
        ui.data_mut(|data| {
            data.remove::<String>(clock_text());
            data.remove::<bool>(clock_text());
        });
    }
}

/// Where the clock's field keeps what is typed while it is open.
fn clock_text() -> egui::Id {
    egui::Id::unique("clock text")
}

fn clock_popup(ui: &mut Ui, state: &State, out: &mut Vec<Message>, popup: egui::Id) {
    widget::section_heading(ui, "As of");
    let key = clock_text();
    let mut text = ui.data(|d| d.get_temp::<String>(key)).unwrap_or_default();
    let end = state.selected_application().and_then(|a| a.expires_at);
    let context = MomentContext { now: state.now, expiry: end, zone: Some(state.settings.zone()) };
    let error =
        parse_moment(&text, &context).err().filter(|_| !text.is_empty()).map(|error| error.to_string());
    let response = widget::text_field(
        ui,
        &mut text,
        "tomorrow 9:00, expiry-1h, 2026-06-01T00:00Z",
        error.as_deref(),
        false,
    );
    if !ui.memory(|m| m.focused().is_some_and(|f| f == response.id))
        && ui.data(|d| d.get_temp::<bool>(key)).is_none()
    {
        response.request_focus();
    }
    ui.data_mut(|d| {
        d.insert_temp(key, text.clone());
        d.insert_temp(key, true);
    });
    let mut set = |ui: &Ui, as_of| {
        out.push(Message::SetClock(as_of));
        ui.data_mut(|d| {
            d.remove::<String>(key);
            d.remove::<bool>(key);
        });
        egui::Popup::close_id(ui.ctx(), popup);
    };
    if widget::entered(ui, &response) {
        // Read again: text and Enter may have come in the same frame.
        match parse_moment(&text, &context) {
            Ok(moment) if moment.live => set(ui, AsOf::Live),
            Ok(moment) => set(ui, AsOf::At(moment.instant)),
            Err(_) => response.request_focus(),
        }
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        if widget::chip(ui, "now", None, None, state.as_of == AsOf::Live).clicked() {
            set(ui, AsOf::Live);
        }
        for (label, seconds) in
            [("−1 d", -86_400), ("−1 h", -3600), ("+1 h", 3600), ("+1 d", 86_400), ("+7 d", 604_800)]
        {
            if widget::chip(ui, label, None, None, false).clicked() {
                set(ui, AsOf::At(crate::registry::Instant::saturating(state.at().seconds() + seconds)));
            }
        }
        for (label, before) in [("end − 1 h", 3600), ("end", 0)] {
            if let Some(end) = end
                && widget::chip(ui, label, None, None, false).clicked()
            {
                set(ui, AsOf::At(crate::registry::Instant::saturating(end.seconds() - before)));
            }
        }
    });
}

/// Says which settings decide for an instant in the past, with one click for the others.
fn past_bar(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(open) = &state.open else { return };
    if state.as_of == AsOf::Live || state.at() >= state.now {
        return;
    }
    let theme = Theme::of(ui.ctx());
    let times = state.times();
    let frame = Frame::new().fill(theme.colours.accent_soft).inner_margin(Margin::symmetric(14, 5));
    Panel::top("past").frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            let text = match (state.settings_of, open.past.as_ref().and_then(|past| past.begins)) {
                (SettingsOf::Today, _) => "Today's settings decide for a past instant".to_owned(),
                (_, Some(begins)) => {
                    format!("History begins {}: settings of then, read-only", times.minutes(begins))
                }
                (..) => format!("Settings of {}, read-only", times.minutes(state.at())),
            };
            let other = match state.settings_of {
                SettingsOf::Then => ("Edit today's", SettingsOf::Today),
                SettingsOf::Today => ("Settings of then", SettingsOf::Then),
            };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if widget::link(ui, "Back to now").clicked() {
                    out.push(Message::SetClock(AsOf::Live));
                }
                ui.add_space(12.0);
                if widget::link(ui, other.0).clicked() {
                    out.push(Message::SetSettingsOf(other.1));
                }
                ui.add_space(12.0);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    widget::elided(ui, &text, theme.colours.text);
                });
            });
        });
    });
}

fn rail(ui: &mut Ui, state: &State, narrow: bool, out: &mut Vec<Message>) {
    const GAP: f32 = 2.0;
    ui.spacing_mut().item_spacing = vec2(0.0, GAP);
    // In a low window the entries come closer to each other, and then they scroll.
    let entries = Screen::ALL.len() as f32;
    let height = (ui.available_height() / entries - GAP).clamp(22.0, 30.0);
    let rest = (ui.available_height() + GAP - entries * (height + GAP)).max(0.0);
    egui::ScrollArea::vertical().id_salt("rail").show(ui, |ui| {
        rail_items(ui, state, (narrow, height, rest), out);
        widget::follow_keyboard(ui);
    });
}

/// The screens, those about the program itself at the bottom.
fn rail_items(ui: &mut Ui, state: &State, (narrow, height, rest): (bool, f32, f32), out: &mut Vec<Message>) {
    let registry = state.policy().map(|policy| policy.registry());
    for screen in Screen::ALL {
        let (icon, count) = match screen {
            Screen::Applications => (Icon::Applications, registry.map(|r| r.applications().len())),
            Screen::Apis => (Icon::Apis, registry.map(|r| r.apis().len())),
            Screen::Preview => (Icon::Preview, None),
            Screen::Tokens => (Icon::Tokens, None),
            Screen::Trials => (Icon::Trials, None),
            Screen::Guardrails => (Icon::Guardrails, registry.map(|r| r.guardrails().len())),
            Screen::History => (Icon::History, None),
            Screen::Connections => (Icon::Connections, None),
            Screen::Settings => (Icon::Settings, None),
        };
        // A point or two would only make it scroll.
        if screen == Screen::Connections && rest > 4.0 {
            ui.add_space(rest);
        }
        let shortcut = keys::hint(ui.ctx(), Command::Show(screen));
        let hint = if narrow { format!("{} · {shortcut}", screen.title()) } else { shortcut };
        let words = (!narrow).then_some(count);
        let response = widget::rail_item(ui, (icon, height), screen.title(), words, state.screen == screen);
        if response.on_hover_text(hint).clicked() {
            out.push(Message::Show(screen));
        }
    }
}
