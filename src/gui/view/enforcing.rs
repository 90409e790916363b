//! The ways of enforcing the ends of trials at Auth0, side by side, with what each does to this fleet.

use super::dialog::field;
use crate::app::{Message, RemoteMessage, State};
use crate::export::{Enforcement, TimeForm};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::policy::{EnforcementEffect, Strategy};
use crate::registry::{Duration, human};
use crate::remote::WantedAction;
use egui::{Grid, Label, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Draws the dialog.
pub fn enforce(ui: &mut Ui, state: &State, lifetime: &str, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    widget::title(ui, "Enforce the ends of trials at Auth0");
    let trials = state.exporting.effects.as_ref().map_or(0, |(_, [first, ..])| first.trials);
    let words = format!(
        "Nothing at Auth0 sets when a token expires, so each way leaves something. {} have not ended.",
        trials_of(trials)
    );
    ui.add(Label::new(RichText::new(words).color(colours.text_2)).wrap());
    ui.add_space(6.0);
    let room = (ui.ctx().content_rect().height() - 210.0).max(160.0);
    // The dialog is as high as its ways from its first frame on.
    let area = ScrollArea::vertical().id_salt("ways").max_height(room).min_scrolled_height(room.min(520.0));
    area.auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        let read = lifetime.parse::<Duration>();
        let of = read.clone().ok().or(state.exporting.effects.as_ref().map(|(of, _)| *of));
        for (place, strategy) in Strategy::all(of.unwrap_or(Duration::DAY)).into_iter().enumerate() {
            let effect = state.exporting.effects.as_ref().and_then(|(_, effects)| effects.get(place));
            way(ui, state, strategy, effect, out);
        }
        let mut typed = lifetime.to_owned();
        let error = read.err().map(|error| error.to_string());
        ui.set_max_width(ui.available_width() - 6.0);
        let typed_it = field(ui, "Lifetime of the last two", &mut typed, "1h", error.as_deref());
        if typed_it.changed {
            out.push(Message::EnforceLifetime(typed));
        }
        if typed_it.entered {
            out.push(Message::Accept);
        }
        reading(ui, &state.exporting.enforcement, out);
    });
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if widget::primary_button(ui, "Export the Action…").clicked() {
            out.push(Message::Accept);
        }
        let shortens = matches!(state.exporting.enforcement.strategy, Strategy::Shorten(_));
        if shortens && state.read_only().is_none() {
            let button = widget::button(ui, "Shorten the APIs here");
            let hover = "Sets the lifetime of every API of this registry that gives more; undo takes it back";
            if button.on_hover_text(hover).clicked() {
                out.push(Message::ShortenApis);
            }
        }
        if let Some(kept) = state.installs_in() {
            let label = format!("Install in {}…", widget::visible(&kept.connection.name));
            let hover = "Stages the Action for the next apply, after the Actions that are bound already";
            if widget::button(ui, &label).on_hover_text(hover).clicked() {
                out.push(Message::Remote(RemoteMessage::InstallAction));
            }
            if matches!(kept.action, Some(WantedAction::Install(_))) {
                let hover = "Stages that the Action is bound no more; it stays in the tenant's library";
                if widget::button(ui, "Unbind it…").on_hover_text(hover).clicked() {
                    out.push(Message::Remote(RemoteMessage::UnbindAction));
                }
            }
        }
        if widget::button(ui, "Close").clicked() {
            out.push(Message::Dialog(None));
        }
    });
}

fn trials_of(count: usize) -> String {
    match count {
        1 => "1 trial".to_owned(),
        many => format!("{} trials", widget::grouped(many)),
    }
}

/// A way: its name, what it leaves, and three figures.
fn way(
    ui: &mut Ui,
    state: &State,
    strategy: Strategy,
    effect: Option<&EnforcementEffect>,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let chosen = &state.exporting.enforcement;
    let on = chosen.strategy.as_str() == strategy.as_str();
    // In a narrow window the figures need a line more.
    let height = if ui.available_width() < 640.0 { 80.0 } else { 64.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width() - 6.0, height), Sense::click());
    let figures = effect.map(|effect| figures(state, strategy, effect));
    let told = figures.as_ref().map(|figures| {
        figures.iter().map(|(value, what, _)| format!("{what}: {value}")).collect::<Vec<_>>().join("; ")
    });
    let name = format!("{}. {}. {}", strategy.title(), leaves(strategy), told.unwrap_or_default());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, &name));
    let fill = match (on, response.hovered()) {
        (true, _) => colours.accent_soft,
        (false, true) => colours.surface_2,
        (false, false) => colours.surface,
    };
    let border = if on { colours.accent } else { colours.border };
    ui.painter().rect(rect, theme.radius, fill, Stroke::new(1.0, border), StrokeKind::Inside);
    widget::focus_ring(ui, &response, rect);
    let split = rect.left() + rect.width() * 0.42;
    let left = rect.left() + 12.0;
    let room = split - left - 10.0;
    widget::paint_line(
        ui,
        pos2(left, rect.top() + 18.0),
        room,
        strategy.title(),
        theme.strong(),
        colours.text,
    );
    let words = leaves(strategy);
    let galley = ui.painter().layout(words.to_owned(), theme.small(), colours.text_2, room);
    ui.painter().galley(pos2(left, rect.top() + 29.0), galley, colours.text_2);
    for (place, (value, what, alarm)) in figures.into_iter().flatten().enumerate() {
        let width = (rect.right() - split - 8.0) / 3.0;
        let x = split + width * place as f32;
        let colour = if alarm { colours.overrun } else { colours.text };
        widget::paint_line(ui, pos2(x, rect.top() + 20.0), width - 8.0, &value, theme.strong(), colour);
        let galley = ui.painter().layout(what, theme.small(), colours.text_2, width - 8.0);
        ui.painter().galley(pos2(x, rect.top() + 30.0), galley, colours.text_2);
    }
    if response.clicked() {
        out.push(Message::Enforcement(Box::new(Enforcement { strategy, ..chosen.clone() })));
    }
}

/// What a way leaves.
const fn leaves(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::DenyAtEnd => "A token of just before the end lives on for the API's lifetime",
        Strategy::DenyOutliving => "No token outlives a trial, but it gets none in its last hours",
        Strategy::Shorten(_) => "Tokens outlive a trial by this at most; everybody asks more often",
        Strategy::Second(_) => "Only trials ask more often; the APIs accept two audiences",
    }
}

/// The value, what it is, and whether it is one to worry about.
fn figures(state: &State, strategy: Strategy, effect: &EnforcementEffect) -> [(String, String, bool); 3] {
    let overrun = match effect.overrun_up_to {
        0 => "none".to_owned(),
        seconds => human(seconds),
    };
    let refused = match effect.refused_early {
        0 => ("none".to_owned(), "refused early".to_owned(), false),
        count => {
            let from = effect.refused_from.map(|at| state.times().short(at));
            let now = match (effect.refused_now, from) {
                (0, Some(from)) => format!("the first from {from}"),
                (now, Some(from)) => format!("{} now, next {from}", widget::grouped(now)),
                (now, None) => format!("{} now", widget::grouped(now)),
            };
            (trials_of(count), format!("refused early: {now}"), true)
        }
    };
    let more = match effect.more_a_day.round() {
        more if more < 1.0 => ("none".to_owned(), "more tokens a day".to_owned(), false),
        more => {
            let words = match strategy {
                Strategy::Second(_) => format!("more tokens a day; {} move", trials_of(effect.moved)),
                _ => "more tokens a day".to_owned(),
            };
            (format!("+{}", widget::grouped(whole(more))), words, true)
        }
    };
    [(overrun, "overrun, at most".to_owned(), effect.overrun_up_to > 0), refused, more]
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of tokens, rounded and not negative"
)]
fn whole(count: f64) -> usize {
    count as usize
}

/// Under which keys the Action finds starts and ends, and what it tells APIs.
fn reading(ui: &mut Ui, chosen: &Enforcement, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let mut next = chosen.clone();
    widget::section_heading(ui, "What the Action reads from client_metadata");
    Grid::new("reading").num_columns(2).spacing(vec2(14.0, 4.0)).show(ui, |ui| {
        let row = |ui: &mut Ui, name: &str, text: &mut String, hint: &str| {
            ui.label(RichText::new(name).color(theme.colours.text_2));
            ui.allocate_ui(vec2(320.0, theme.control_height), |ui| {
                let response = widget::text_field(ui, text, hint, None, false);
                response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
            });
            ui.end_row();
        };
        row(ui, "Key of the end", &mut next.end_key, "expires_at");
        row(ui, "Key of the start", &mut next.start_key, "not_before");
        let mut claim = next.claim.clone().unwrap_or_default();
        row(ui, "Claim with the end", &mut claim, "none, or https://acme.example/not_after");
        next.claim = Some(claim).filter(|claim| !claim.is_empty());
        ui.label(RichText::new("Written as").color(theme.colours.text_2));
        ui.horizontal(|ui| {
            for form in TimeForm::ALL {
                if widget::chip(ui, form.as_str(), None, None, next.form == form).clicked() {
                    next.form = form;
                }
            }
        });
        ui.end_row();
    });
    if next != *chosen {
        out.push(Message::Enforcement(Box::new(next)));
    }
}
