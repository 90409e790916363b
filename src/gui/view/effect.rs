//! What an edit does to lifetimes, in two columns: what the policy decides, and what the issuer will hand out.

use crate::app::{Counting, Message, State, Weighing, considering, edit};
use crate::edit::Change;
use crate::gui::theme::Theme;
use crate::gui::widget::{self, Typed};
use crate::policy::{Affected, Answer, Direction, Impact, Shift};
use crate::registry::{Instant, ProfileName, human};
use egui::{
    Align2, Color32, FontId, Id, Label, Response, RichText, Role, ScrollArea, Sense, Tooltip, Ui, WidgetInfo,
    pos2, vec2,
};

/// So few are shown one by one instead of counted.
const FEW: usize = 3;

/// Draws an effect: counts, from when it is in full, what it costs, and the list behind the numbers.
pub fn effect(ui: &mut Ui, state: &State, weighing: &Weighing, out: &mut Vec<Message>) {
    told(ui, state, weighing, true, out);
}

/// The same; beside a control the list is only shown where it is short, since nothing there can be pressed.
fn told(ui: &mut Ui, state: &State, weighing: &Weighing, pressable: bool, out: &mut Vec<Message>) {
    ui.add_space(4.0);
    match &weighing.counting {
        Counting::Nothing => {}
        Counting::Under(done, of) => under_way(ui, weighing.ticket, (*done, *of), pressable, out),
        Counting::Stopped => quiet(ui, "Counting was stopped; the effect on lifetimes is not known"),
        Counting::Done(impact) if impact.is_empty() => quiet(ui, "No lifetime changes"),
        Counting::Done(impact) => {
            counts(ui, state, impact);
            // An edit is made now, whatever instant the clock asks about; an entry of History was made then.
            let past = weighing.ticket == state.entry_weighing.ticket;
            if let Some(words) = in_full(state, impact, if past { impact.at } else { state.now }) {
                note(ui, &words);
            }
            if pressable || impact.affected.len() <= FEW {
                behind(ui, state, weighing.ticket, impact);
            }
        }
    }
}

fn quiet(ui: &mut Ui, words: &str) {
    let colour = Theme::of(ui.ctx()).colours.text_2;
    ui.add(Label::new(RichText::new(words).color(colour)).wrap());
}

fn note(ui: &mut Ui, words: &str) {
    let theme = Theme::of(ui.ctx());
    ui.add(Label::new(RichText::new(words).font(theme.small()).color(theme.colours.text_2)).wrap());
}

/// How far the counting is, and how to leave it.
fn under_way(ui: &mut Ui, ticket: u64, (done, of): (usize, usize), pressable: bool, out: &mut Vec<Message>) {
    ui.horizontal(|ui| {
        let words = if done == 0 {
            "Counting the effect on lifetimes…".to_owned()
        } else {
            format!("Counting the effect on lifetimes: {} %", done * 100 / of.max(1))
        };
        quiet(ui, &words);
        if pressable && done > 0 && widget::link(ui, "Stop").clicked() {
            out.push(Message::StopWeighing(ticket));
        }
    });
}

/// The words of a direction after a number.
const fn verb(direction: Direction, count: usize) -> &'static str {
    match (direction, count) {
        (Direction::Shorter, 1) => "gets shorter tokens",
        (Direction::Shorter, _) => "get shorter tokens",
        (Direction::Longer, 1) => "gets longer tokens",
        (Direction::Longer, _) => "get longer tokens",
        (Direction::NewlyDenied, 1) => "loses access",
        (Direction::NewlyDenied, _) => "lose access",
        (Direction::NewlyGranted, 1) => "gains access",
        (Direction::NewlyGranted, _) => "gain access",
    }
}

/// The head of the issuer's column.
fn issuer(state: &State) -> String {
    match state.policy().map(|policy| policy.registry().service.issuer_profile) {
        None | Some(ProfileName::Tenure) => "At the issuer".to_owned(),
        Some(profile) => format!("At {}", profile.title()),
    }
}

/// A line for each direction in which anything moves, a column each for policy and issuer.
fn counts(ui: &mut Ui, state: &State, impact: &Impact) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let head = issuer(state);
    let grey = (theme.small_strong(), colours.text_3);
    columns(ui, ("Lifetimes", &grey), [("By the policy", &grey), (&head, &grey)]);
    for direction in Direction::ALL {
        let counts = [impact.policy.of(direction), impact.issuer.of(direction)];
        let most = counts.into_iter().max().unwrap_or_default();
        if most == 0 {
            continue;
        }
        let words = counts.map(widget::grouped);
        let looks = counts.map(|count| match direction {
            _ if count == 0 => (theme.body(), colours.text_3),
            Direction::NewlyDenied => (theme.strong(), colours.denied),
            _ => (theme.strong(), colours.text),
        });
        let [policy, issuer] = [0, 1].map(|at| {
            (words.get(at).map(String::as_str).unwrap_or_default(), looks.get(at).unwrap_or(&grey))
        });
        columns(ui, (verb(direction, most), &(theme.body(), colours.text)), [policy, issuer]);
    }
}

/// A font and a colour.
type Look = (FontId, Color32);

/// A line of three columns, of which the last two are figures.
fn columns(ui: &mut Ui, (label, look): (&str, &Look), figures: [(&str, &Look); 2]) {
    let width = ui.available_width().min(430.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 20.0), Sense::hover());
    let named = format!("{label}: {}, {}", figures[0].0, figures[1].0);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &named));
    let y = rect.center().y;
    let edges = [rect.left() + width * 0.56, rect.right()];
    widget::paint_line(ui, pos2(rect.left(), y), width * 0.4, label, look.0.clone(), look.1);
    for ((words, look), right) in figures.into_iter().zip(edges) {
        ui.painter().text(pos2(right, y), Align2::RIGHT_CENTER, words, look.0.clone(), look.1);
    }
}

/// From when no token of the old settings lives any more, and what shorter lifetimes cost.
fn in_full(state: &State, impact: &Impact, made: Instant) -> Option<String> {
    if impact.policy.all() + impact.issuer.all() == 0 {
        return None;
    }
    let full = made.plus(impact.in_full_effect_at().since(impact.at));
    let mut words = format!("In full effect from {}", state.times().zoned(full));
    let more = impact.policy.more_requests_a_day.max(impact.issuer.more_requests_a_day);
    if let Ok(more @ 1..) = usize::try_from(more) {
        words.push_str(&format!("; at most {} more token requests a day", widget::grouped(more)));
    }
    Some(words)
}

/// The list behind the numbers: few at once, many when they are asked for.
fn behind(ui: &mut Ui, state: &State, ticket: u64, impact: &Impact) {
    let key = Id::unique(("effect list", ticket));
    let few = impact.affected.len() <= FEW;
    let mut open = few || ui.data(|data| data.get_temp::<bool>(key)).unwrap_or_default();
    if !few {
        let words = if open { "Hide them" } else { "Show each of them" };
        if widget::link(ui, words).clicked() {
            open = !open;
            ui.data_mut(|data| data.insert_temp(key, open));
        }
    }
    if !open {
        return;
    }
    let area = ScrollArea::vertical().id_salt(key).max_height(168.0).auto_shrink([false, true]);
    area.show_rows(ui, 22.0, impact.affected.len(), |ui, rows| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for affected in impact.affected.iter().skip(rows.start).take(rows.len()) {
            line(ui, state, affected);
        }
    });
}

/// One application and API: its lifetime before and after, by the policy and at the issuer.
fn line(ui: &mut Ui, state: &State, affected: &Affected) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let (policy, issuer) = (words(&affected.policy), words(&affected.issuer));
    let api = state
        .policy()
        .and_then(|policy| policy.registry().api(&affected.audience))
        .map_or(affected.audience.as_str(), |api| api.title());
    let who = format!("{} · {api}", affected.client_id);
    let named = format!("{who}: by the policy {policy}, at the issuer {issuer}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, widget::visible(&named)));
    let x = |part: f32| rect.left() + rect.width() * part;
    for (from, to, text, colour) in [
        (0.0, 0.44, who.as_str(), colours.text),
        (0.44, 0.72, policy.as_str(), colours.text),
        (0.72, 1.0, issuer.as_str(), colours.text_2),
    ] {
        let (at, room) = (pos2(x(from), rect.center().y), x(to) - x(from) - 8.0);
        widget::paint_line(ui, at, room, text, theme.small(), colour);
    }
    response.on_hover_text(widget::visible(&named));
}

fn words(shift: &Shift) -> String {
    let word = |answer: Answer| answer.map_or_else(|_| "denied".to_owned(), human);
    match shift.direction() {
        None => "no change".to_owned(),
        Some(_) => format!("{} → {}", word(shift.before), word(shift.after)),
    }
}

/// Makes the edit that was typed, or shows beside its field what it would do.
pub fn typed<T>(
    state: &State,
    (typed, response): (Option<Typed<T>>, Response),
    label: &str,
    changes: impl FnOnce(T) -> Vec<Change>,
    out: &mut Vec<Message>,
) {
    match typed {
        None => {}
        Some(Typed::Taken(value)) => out.extend(edit(label, changes(value))),
        Some(Typed::Considered(value)) => {
            let changes = changes(value);
            if !changes.is_empty() {
                Tooltip::for_widget(&response).width(380.0).show(|ui| beside(ui, state, changes, out));
            }
        }
    }
}

/// Makes the edit of a control that is pressed; of one that is pointed at, shows what it would do.
pub fn pressed(
    response: &Response,
    state: &State,
    label: &str,
    changes: impl FnOnce() -> Vec<Change>,
    out: &mut Vec<Message>,
) {
    if response.clicked() {
        out.extend(edit(label, changes()));
    } else {
        pointed(response, state, changes, out);
    }
}

/// Shows what pressing a control would do, while it is pointed at or has the keyboard.
pub fn pointed(
    response: &Response,
    state: &State,
    changes: impl FnOnce() -> Vec<Change>,
    out: &mut Vec<Message>,
) {
    if !response.enabled() || state.dialog.is_some() {
        return;
    }
    let tooltip =
        if response.has_focus() { Tooltip::for_widget(response) } else { Tooltip::for_enabled(response) };
    tooltip.width(380.0).show(|ui| {
        let changes = changes();
        if changes.is_empty() {
            quiet(ui, "Nothing changes");
        } else {
            beside(ui, state, changes, out);
        }
    });
}

fn beside(ui: &mut Ui, state: &State, changes: Vec<Change>, out: &mut Vec<Message>) {
    let frame = ui.ctx().cumulative_frame_nr();
    ui.data_mut(|data| data.insert_temp(in_hand(), frame));
    ui.set_max_width(380.0);
    match state.considered.as_ref().filter(|considered| considered.changes == changes) {
        Some(considered) => told(ui, state, &considered.weighing, false, out),
        None => quiet(ui, "Counting the effect on lifetimes…"),
    }
    out.extend(considering(state, changes));
}

/// In which frame an edit was last in hand.
fn in_hand() -> Id {
    Id::unique("edit in hand")
}

/// Forgets the edit that was considered, once it is neither typed nor pointed at.
pub fn settle(ui: &Ui, state: &State, out: &mut Vec<Message>) {
    let frame = ui.ctx().cumulative_frame_nr();
    let held = ui.data(|data| data.get_temp::<u64>(in_hand())) == Some(frame);
    if state.considered.is_some() && !held {
        out.push(Message::Consider(Vec::new()));
    }
}
