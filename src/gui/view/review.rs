//! Review: every staged change with before and after, where it goes and what it does to lifetimes, and its apply.

use super::connections::{colour_of, under_way};
use super::effect::effect;
use super::review_items;
use crate::app::{
    Command, Counting, Dialog, FileTask, Message, OnDisk, Planned, RemoteMessage, ReviewRow, State, WorkKind,
    coarse, count_of, vendor_name,
};
use crate::edit::EntityRef;
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use crate::policy::{Direction, Impact};
use crate::registry::Instant;
use crate::remote::{Applied, Environment, Outcome, Step};
use egui::{
    Align, Align2, Color32, Frame, Id, Layout, Margin, Panel, Rect, RichText, Role, ScrollArea, Sense,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(kept) = state.connected() else { return };
    let alone = state.dialog.is_none() && state.palette.is_none() && !egui::Popup::is_any_open(ui.ctx());
    if alone && ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        out.push(Message::Remote(RemoteMessage::Review(false)));
    }
    let Some(planned) = &state.review.planned else {
        let words =
            state.review.error.as_deref().unwrap_or("What is staged is compared with what was pulled.");
        widget::empty(ui, "Making the plan…", &widget::visible(words));
        return;
    };
    Frame::new().inner_margin(Margin { left: 20, right: 20, top: 14, bottom: 6 }).show(ui, |ui| {
        head(ui, state, kept, planned, out);
        if !planned.plan.steps.is_empty() {
            ui.add_space(8.0);
            tiles(ui, state, kept, planned);
        }
        review_items::show(ui, state, out);
        let applying = state.connections.work.as_ref().filter(|work| work.kind == WorkKind::Apply);
        if let Some(work) = applying {
            ui.add_space(8.0);
            under_way(ui, work, out);
        }
    });
    if planned.plan.steps.is_empty() {
        if planned.plan.refused.is_empty() {
            let whole = |applied: &&Applied| applied.conflicts + applied.failed == 0 && !applied.stopped;
            let heading = match state.review.applied.as_ref().filter(whole).map_or(0, |applied| applied.done)
            {
                0 => "Nothing is staged".to_owned(),
                1 => "The change is applied".to_owned(),
                many => format!("All {} changes are applied", widget::grouped(many)),
            };
            let words =
                "Edits on the other screens are staged here, and are written only when you apply them.";
            widget::empty(ui, &heading, words);
        }
        return;
    }
    foot(ui, state, kept, planned, out);
    table(ui, state, kept, planned, out);
}

/// What it is about, and what can be done with all of it.
fn head(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let connection = &kept.connection;
    let changes = count_of(planned.plan.steps.len());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let wide = ui.available_width() > 900.0;
        let nothing = planned.plan.steps.is_empty();
        let words = if nothing { "Nothing to apply to".to_owned() } else { format!("Review {changes} to") };
        ui.label(RichText::new(words).font(theme.title()));
        let colour = colour_of(&theme, connection.environment);
        ui.label(RichText::new(&connection.name).font(theme.title()).color(colour));
        if wide {
            let words =
                format!("pulled {} · read again before writing", state.times().clock(planned.plan.pulled_at));
            ui.label(RichText::new(words).color(theme.colours.text_2));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            acts(ui, state, kept, planned, out);
        });
    });
    // Why it cannot be applied is not hidden behind a hover.
    if let Some(why) =
        state.not_applicable().filter(|_| !planned.plan.steps.is_empty() && !state.is_applying())
    {
        ui.label(RichText::new(super::connections::sentence(&why)).color(theme.colours.ending));
    }
}

/// What can be done with all of it, from right to left.
fn acts(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let environment = kept.connection.environment;
    if !planned.plan.steps.is_empty() {
        let why = state.not_applicable();
        ui.add_enabled_ui(why.is_none(), |ui| {
            let label = format!("Apply {} to {environment}", count_of(planned.plan.steps.len()));
            let alarm = environment == Environment::Production;
            let button =
                if alarm { widget::alarm_button(ui, &label) } else { widget::primary_button(ui, &label) };
            if button.on_disabled_hover_text(sentence_of(why.as_deref())).clicked() {
                out.push(Message::Remote(RemoteMessage::Apply));
            }
        });
    }
    ui.add_enabled_ui(state.connections.work.is_none(), |ui| {
        if state.review.pending() > 0
            && widget::button(ui, "Discard all").on_hover_text("Undo stages them again").clicked()
        {
            out.push(Message::Remote(RemoteMessage::DiscardAll));
        }
        if !planned.plan.steps.is_empty() && widget::button(ui, "Save plan…").clicked() {
            let path = std::path::Path::new(&state.beside("")).with_file_name("plan.json");
            let task = FileTask::Plan;
            out.push(Message::Dialog(Some(Dialog::Path {
                task,
                path: path.display().to_string(),
                error: None,
            })));
        }
        let hint = keys::hint(ui.ctx(), Command::Pull);
        if widget::button(ui, "Pull again").on_hover_text(hint).clicked() {
            out.push(Message::Run(Command::Pull));
        }
    });
}

fn sentence_of(why: Option<&str>) -> String {
    why.map(super::connections::sentence).unwrap_or_default()
}

/// What all of it comes to.
fn tiles(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let impact = state.review.weighing.impact();
    let count = |direction: Direction| impact.map(|impact| impact.policy.of(direction));
    let number = |count: Option<usize>| count.map_or("…".to_owned(), widget::grouped);
    let vendor = vendor_name(&kept.connection.vendor);
    let beside = |direction: Direction| match impact {
        Some(impact) if impact.issuer.of(direction) != impact.policy.of(direction) => {
            format!(" · {} at {vendor}", widget::grouped(impact.issuer.of(direction)))
        }
        _ => String::new(),
    };
    let tone =
        |count: Option<usize>, colour: Color32| if count.unwrap_or(0) > 0 { colour } else { colours.text_3 };
    let of = |direction, one: &str, many: &str| {
        let found = count(direction);
        let words = if found == Some(1) { one } else { many };
        (found, format!("{words}{}", beside(direction)))
    };
    let (shorter, shorter_words) = of(Direction::Shorter, "lifetime gets shorter", "lifetimes get shorter");
    let (longer, longer_words) = of(Direction::Longer, "gets longer", "get longer");
    let (denied, denied_words) = of(Direction::NewlyDenied, "loses access", "lose access");
    let (granted, granted_words) = of(Direction::NewlyGranted, "gets access", "get access");
    let (before, after) = planned.overrun;
    let overrun =
        if before == after { brief(before) } else { format!("{} → {}", brief(before), brief(after)) };
    let overrun_colour = match after.cmp(&before) {
        std::cmp::Ordering::Less => colours.active,
        std::cmp::Ordering::Equal if after == 0 => colours.text_3,
        std::cmp::Ordering::Equal => colours.text,
        std::cmp::Ordering::Greater => colours.overrun,
    };
    let sent = planned.plan.steps.iter().filter(|step| step.remote).count();
    let kept_here = planned.plan.steps.iter().filter(|step| step.overlay).count();
    let tiles = [
        (number(shorter), shorter_words, tone(shorter, colours.text)),
        (number(longer), longer_words, tone(longer, colours.text)),
        (number(denied), denied_words, tone(denied, colours.denied)),
        (number(granted), granted_words, tone(granted, colours.text)),
        (overrun, "longest overrun of now".to_owned(), overrun_colour),
        (
            widget::grouped(sent),
            format!("to {vendor}, {kept_here} to overlay"),
            tone(Some(sent), colours.text),
        ),
    ];
    // Where there is little room they stand in two rows.
    let in_a_row = if ui.available_width() < 620.0 { tiles.len() / 2 } else { tiles.len() };
    let gap = 10.0;
    let width = (ui.available_width() - gap * (in_a_row as f32 - 1.0)) / in_a_row as f32;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        for row in tiles.chunks(in_a_row) {
            ui.horizontal(|ui| {
                for (figure, words, colour) in row {
                    tile(ui, width, (figure, *colour), words);
                }
            });
        }
    });
}

fn brief(seconds: i64) -> String {
    if seconds == 0 { "none".to_owned() } else { coarse(seconds).0 }
}

fn tile(ui: &mut Ui, width: f32, (figure, colour): (&str, Color32), words: &str) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(width, 62.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{figure} {words}")));
    ui.painter().rect(rect, theme.card_radius, theme.colours.surface, theme.hairline(), StrokeKind::Inside);
    // Where there is little room, the figure is smaller rather than cut.
    let large = ui.painter().layout_no_wrap(figure.to_owned(), theme.answer_small(), colour).size().x;
    let font = if large > width - 20.0 { theme.title() } else { theme.answer_small() };
    let (left, room) = (rect.left() + 12.0, width - 20.0);
    widget::paint_line(ui, pos2(left, rect.top() + 22.0), room, figure, font, colour);
    let at = pos2(left, rect.bottom() - 15.0);
    widget::paint_line(ui, at, room, words, theme.small(), theme.colours.text_2);
    response.on_hover_text(words);
}

/// Where each column begins, as parts of the width.
const COLUMNS: [(&str, f32); 6] =
    [("What", 0.03), ("Field", 0.22), ("Now", 0.41), ("Then", 0.54), ("Where", 0.67), ("Effect", 0.78)];

fn table(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    Frame::new().inner_margin(Margin::symmetric(20, 0)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
        for (name, part) in COLUMNS {
            let at = pos2(rect.left() + rect.width() * part, rect.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, name, theme.small_strong(), theme.colours.text_2);
        }
        ui.painter().hline(rect.x_range(), rect.bottom(), theme.hairline());
        let area = ScrollArea::vertical().id_salt("review").auto_shrink([false, false]);
        area.show_rows(ui, theme.row, planned.rows.len(), |ui, rows| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for row in planned.rows.iter().skip(rows.start).take(rows.len()) {
                if let Some(step) = planned.plan.steps.get(row.step) {
                    line(ui, state, kept, (row, step), out);
                }
            }
        });
    });
}

fn line(ui: &mut Ui, state: &State, kept: &OnDisk, (row, step): (&ReviewRow, &Step), out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
    let which = step.change.reference();
    let (sign, sign_colour) = match (step.change.before(), step.change.after()) {
        (None, _) => ("+", colours.active),
        (_, None) => ("−", colours.denied),
        _ => ("~", colours.ending),
    };
    // An instant is short here and whole on hover.
    let short =
        |text: &str| Instant::parse(text).map_or_else(|_| text.to_owned(), |at| state.times().short(at));
    let long = |text: &str| state.times().localised(text);
    let word = |value: &Option<String>, write: &dyn Fn(&str) -> String| {
        value.as_deref().map_or("–".to_owned(), write)
    };
    let (before, after) = (word(&row.before, &short), word(&row.after, &short));
    let whole = (word(&row.before, &long), word(&row.after, &long));
    let effect =
        state.review.effects.get(row.step).filter(|_| row.first).map(String::as_str).unwrap_or_default();
    let place = where_to(kept, step);
    let named = format!("{} {}: {} → {}, {place}, {effect}", row.title, row.field, whole.0, whole.1);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, widget::visible(&named)));
    let y = rect.center().y;
    let x = |part: f32| rect.left() + rect.width() * part;
    let end = rect.right() - 64.0;
    if row.first {
        ui.painter().text(pos2(x(0.008), y), Align2::LEFT_CENTER, sign, theme.mono(), sign_colour);
        let title =
            if row.id.is_empty() { row.title.clone() } else { format!("{} · {}", row.title, row.id) };
        widget::paint_line(
            ui,
            pos2(x(0.03), y),
            x(0.22) - x(0.03) - 10.0,
            &title,
            theme.body(),
            colours.text,
        );
    }
    let effect_colour = if step.is_final() { colours.denied } else { colours.text };
    for (from, to, text, font, colour) in [
        (x(0.22), x(0.41), row.field.as_str(), theme.mono(), colours.text),
        (x(0.41), x(0.54), before.as_str(), theme.body(), colours.text_2),
        (x(0.54), x(0.67), after.as_str(), theme.body(), colours.text),
        (x(0.67), x(0.78), if row.first { place.as_str() } else { "" }, theme.small(), colours.text_2),
        (x(0.78), end, effect, theme.body(), effect_colour),
    ] {
        widget::paint_line(ui, pos2(from, y), to - from - 10.0, text, font, colour);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), theme.hairline());
    if row.first {
        let room = Rect::from_min_max(pos2(end, rect.top()), rect.right_bottom());
        last(ui, state, room, which, &row.title, out);
    }
    response.on_hover_text(widget::visible(&named));
}

/// Where a change goes.
fn where_to(kept: &OnDisk, step: &Step) -> String {
    let vendor = vendor_name(&kept.connection.vendor);
    match (step.remote, step.overlay) {
        (true, true) => format!("{vendor}, overlay"),
        (true, false) => vendor.to_owned(),
        (false, _) => "overlay".to_owned(),
    }
}

/// How an item ended, or the button that takes it back.
fn last(ui: &mut Ui, state: &State, room: Rect, which: EntityRef, title: &str, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let told = state.review.outcomes.get(&which).map(|outcome| match outcome {
        Outcome::Done => ("done", theme.colours.active),
        Outcome::Conflict(_) => ("conflict", theme.colours.ending),
        Outcome::Failed(_) | Outcome::Differs(_) => ("failed", theme.colours.denied),
    });
    if let Some((word, colour)) = told.filter(|(word, _)| state.is_applying() || *word == "done") {
        ui.painter().text(room.right_center(), Align2::RIGHT_CENTER, word, theme.small(), colour);
        return;
    }
    let response = ui.interact(room.shrink2(vec2(2.0, 3.0)), Id::unique(("discard", &which)), Sense::click());
    let enabled = !state.is_applying();
    let name = format!("Discard the change of {}", widget::visible(title));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    let colour = if response.hovered() { theme.colours.accent } else { theme.colours.text_3 };
    ui.painter().text(room.right_center(), Align2::RIGHT_CENTER, "discard", theme.body(), colour);
    widget::focus_ring(ui, &response, response.rect);
    if response.clicked() && enabled {
        out.push(Message::Remote(RemoteMessage::Discard(which)));
    }
}

/// What the overlay keeps, and the effect on each lifetime where it is asked for.
fn foot(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let plan = &planned.plan;
    let frame = Frame::new().fill(colours.surface).inner_margin(Margin::symmetric(20, 8));
    Panel::bottom("review foot").frame(frame).show_separator_line(false).show(ui, |ui| {
        let key = Id::unique("review effect");
        let mut open = ui.data(|data| data.get_temp::<bool>(key)).unwrap_or_default();
        let counted = !matches!(state.review.weighing.counting, Counting::Nothing);
        if counted {
            let none = state.review.weighing.impact().is_some_and(Impact::is_empty);
            let label = if open { "Hide the effect on lifetimes" } else { "Show the effect on lifetimes" };
            if !none && widget::link(ui, label).clicked() {
                open = !open;
                ui.data_mut(|data| data.insert_temp(key, open));
            }
            if open || none {
                effect(ui, state, &state.review.weighing, out);
            }
        }
        if plan.overlay != plan.overlay_after {
            let many = plan.steps.iter().filter(|step| step.overlay).count();
            let vendor = vendor_name(&kept.connection.vendor);
            let words = format!(
                "Kept in this connection's overlay: parts of {} that {vendor} has no place for. {} ({} → {})",
                count_of(many),
                widget::visible(&plan.overlay_file),
                plan.overlay,
                plan.overlay_after
            );
            ui.add_space(4.0);
            widget::notice(ui, &words, colours.ending, colours.ending_soft);
        }
    });
}
