//! Review: every staged change with before and after, where it goes and what it does to lifetimes, and its apply.

use super::connections::{colour_of, under_way};
use super::effect::effect;
use super::{review_action, review_items, review_sums};
use crate::app::{
    Command, Counting, Dialog, FileTask, Message, OnDisk, Planned, RemoteMessage, ReviewRow, State, WorkKind,
    count_of, vendor_name,
};
use crate::edit::EntityRef;
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use crate::policy::Impact;
use crate::registry::Instant;
use crate::remote::{Applied, Environment, Outcome, Step};
use egui::{
    Align, Align2, Frame, Id, Label, Layout, Margin, Panel, Rect, RichText, Role, ScrollArea, Sense, Ui,
    WidgetInfo, pos2, vec2,
};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(kept) = state.connected() else { return };
    let alone = state.dialog.is_none() && state.palette.is_none() && !egui::Popup::is_any_open(ui.ctx());
    if alone && ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        out.push(Message::Remote(RemoteMessage::Review(false)));
    }
    let Some(planned) = &state.review.planned else {
        match state.review.error.as_deref() {
            Some(error) => widget::empty(ui, "The plan cannot be made", &widget::visible(error)),
            None => {
                widget::empty(ui, "Making the plan…", "What is staged is compared with what was pulled.");
            }
        }
        return;
    };
    // In a low window the page scrolls as a whole, since nothing of it can be left out.
    const LOW: f32 = 460.0;
    if ui.available_height() < LOW + review_action::height(ui, planned) {
        ScrollArea::vertical().id_salt("review page").auto_shrink(false).show(ui, |ui| {
            above(ui, state, kept, planned, out);
            if planned.plan.steps.is_empty() {
                nothing_staged(ui, state, planned);
                return;
            }
            let rows = planned.rows.len().min(8) as f32 + 1.0;
            let size = vec2(ui.available_width(), rows * Theme::of(ui.ctx()).row);
            ui.allocate_ui(size, |ui| table(ui, state, kept, planned, out));
            Frame::new()
                .inner_margin(Margin::symmetric(20, 8))
                .show(ui, |ui| foot(ui, state, kept, planned, out));
            widget::follow_keyboard(ui);
        });
        return;
    }
    above(ui, state, kept, planned, out);
    if planned.plan.steps.is_empty() {
        nothing_staged(ui, state, planned);
        return;
    }
    let frame = Frame::new().fill(Theme::of(ui.ctx()).colours.surface).inner_margin(Margin::symmetric(20, 8));
    let bottom = Panel::bottom("review foot").frame(frame).show_separator_line(false);
    bottom.show(ui, |ui| foot(ui, state, kept, planned, out));
    table(ui, state, kept, planned, out);
}

/// What stands above the table.
fn above(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    Frame::new().inner_margin(Margin { left: 20, right: 20, top: 14, bottom: 6 }).show(ui, |ui| {
        head(ui, state, kept, planned, out);
        if planned.plan.count() > 0 {
            ui.add_space(8.0);
            review_sums::show(ui, state, kept, planned);
        }
        review_items::show(ui, state, out);
        if let Some(step) = &planned.plan.action {
            review_action::show(ui, state, (planned, step), out);
        }
        let applying = state.connections.work.as_ref().filter(|work| work.kind == WorkKind::Apply);
        if let Some(work) = applying {
            ui.add_space(8.0);
            under_way(ui, work, out);
        }
    });
}

fn nothing_staged(ui: &mut Ui, state: &State, planned: &Planned) {
    if !planned.plan.refused.is_empty() || planned.plan.action.is_some() {
        return;
    }
    let whole = |applied: &&Applied| applied.conflicts + applied.failed == 0 && !applied.stopped;
    let heading = match state.review.applied.as_ref().filter(whole).map_or(0, |applied| applied.done) {
        0 => "Nothing is staged".to_owned(),
        1 => "The change is applied".to_owned(),
        many => format!("All {} changes are applied", widget::grouped(many)),
    };
    let words = "Edits on the other screens are staged here, and are written only when you apply them.";
    widget::empty(ui, &heading, words);
}

/// What it is about, and what can be done with all of it.
fn head(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let connection = &kept.connection;
    let changes = count_of(planned.plan.count());
    let width = ui.available_width();
    let title = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let nothing = planned.plan.count() == 0;
        let words = if nothing { "Nothing to apply to".to_owned() } else { format!("Review {changes} to") };
        ui.label(RichText::new(words).font(theme.title()));
        let colour = colour_of(&theme, connection.environment);
        ui.add(Label::new(RichText::new(&connection.name).font(theme.title()).color(colour)).truncate());
    };
    // The buttons stand beside the title where there is room, else below it.
    if width < 640.0 {
        ui.horizontal(title);
        ui.horizontal_wrapped(|ui| acts(ui, state, kept, planned, out));
    } else {
        ui.horizontal(|ui| {
            title(ui);
            if width > 900.0 {
                let at = state.times().clock(planned.plan.pulled_at);
                let words = format!("pulled {at} · read again before writing");
                ui.label(RichText::new(words).color(theme.colours.text_2));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| acts(ui, state, kept, planned, out));
        });
    }
    // Why it cannot be applied is not hidden behind a hover.
    if let Some(why) = state.not_applicable().filter(|_| planned.plan.count() > 0 && !state.is_applying()) {
        ui.label(RichText::new(super::connections::sentence(&why)).color(theme.colours.ending));
    }
}

/// What can be done with all of it, from right to left.
fn acts(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let environment = kept.connection.environment;
    if planned.plan.count() > 0 {
        let why = state.not_applicable();
        ui.add_enabled_ui(why.is_none(), |ui| {
            let label = format!("Apply {} to {environment}", count_of(planned.plan.count()));
            let alarm = environment == Environment::Production;
            let button =
                if alarm { widget::alarm_button(ui, &label) } else { widget::primary_button(ui, &label) };
            if button.on_disabled_hover_text(sentence_of(why.as_deref())).clicked() {
                out.push(Message::Remote(RemoteMessage::Apply));
            }
        });
    }
    let free = state.connections.work.is_none();
    let pressed = |ui: &mut Ui, label: &str, hint: &str| {
        widget::wrap_before(ui, label);
        let button = ui.add_enabled_ui(free, |ui| widget::button(ui, label)).inner;
        (if hint.is_empty() { button } else { button.on_hover_text(hint) }).clicked()
    };
    if state.review.pending() > 0 && pressed(ui, "Discard all", "Undo stages them again") {
        out.push(Message::Remote(RemoteMessage::DiscardAll));
    }
    if planned.plan.count() > 0 && pressed(ui, "Save plan…", "") {
        let path = std::path::Path::new(&state.beside("")).with_file_name("plan.json");
        let task = FileTask::Plan;
        out.push(Message::Dialog(Some(Dialog::Path { task, path: path.display().to_string(), error: None })));
    }
    if pressed(ui, "Pull again", &keys::hint(ui.ctx(), Command::Pull)) {
        out.push(Message::Run(Command::Pull));
    }
}

fn sentence_of(why: Option<&str>) -> String {
    why.map(super::connections::sentence).unwrap_or_default()
}

/// The columns, and where each begins as a part of the width; in a narrow window the effect counts more than the place.
fn columns(width: f32) -> [(&'static str, f32); 6] {
    if width < 640.0 {
        [("What", 0.035), ("Field", 0.27), ("Now", 0.44), ("Then", 0.58), ("", 0.72), ("Effect", 0.72)]
    } else {
        [("What", 0.03), ("Field", 0.26), ("Now", 0.42), ("Then", 0.55), ("Where", 0.68), ("Effect", 0.78)]
    }
}

fn table(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    Frame::new().inner_margin(Margin::symmetric(20, 0)).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::hover());
        for (name, part) in columns(rect.width()) {
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
    let title = if row.id.is_empty() { row.title.clone() } else { format!("{} · {}", row.title, row.id) };
    let named = format!("{title} {}: {} → {}, {place}, {effect}", row.field, whole.0, whole.1);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, widget::visible(&named)));
    let y = rect.center().y;
    let [what, field, now, then, at, does] =
        columns(rect.width()).map(|(_, part)| rect.left() + rect.width() * part);
    let end = rect.right() - 64.0;
    if row.first {
        ui.painter().text(pos2(rect.left() + 8.0, y), Align2::LEFT_CENTER, sign, theme.mono(), sign_colour);
        widget::paint_line(ui, pos2(what, y), field - what - 10.0, &title, theme.body(), colours.text);
    }
    let effect_colour = if step.is_final() { colours.denied } else { colours.text };
    for (from, to, text, font, colour) in [
        (field, now, row.field.as_str(), theme.mono(), colours.text),
        (now, then, before.as_str(), theme.body(), colours.text_2),
        (then, at, after.as_str(), theme.body(), colours.text),
        (at, does, if row.first { place.as_str() } else { "" }, theme.small(), colours.text_2),
        (does, end, effect, theme.body(), effect_colour),
    ] {
        let room = to - from - 10.0;
        if room > 0.0 {
            widget::paint_line(ui, pos2(from, y), room, text, font, colour);
        }
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
    if !enabled {
        return;
    }
    let colour = if response.hovered() { theme.colours.accent } else { theme.colours.text_3 };
    ui.painter().text(room.right_center(), Align2::RIGHT_CENTER, "discard", theme.body(), colour);
    widget::focus_ring(ui, &response, response.rect);
    if response.clicked() {
        out.push(Message::Remote(RemoteMessage::Discard(which)));
    }
}

/// What the overlay keeps, and the effect on each lifetime where it is asked for.
fn foot(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let plan = &planned.plan;
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
            "Kept in this connection's overlay: parts of {} that {vendor} has no place for",
            count_of(many)
        );
        ui.add_space(4.0);
        // Which file that is, and which of its versions, is for who looks closely.
        let file = widget::visible(&plan.overlay_file);
        let closely = format!("{file} ({} → {})", plan.overlay, plan.overlay_after);
        widget::notice(ui, &words, colours.ending, colours.ending_soft).on_hover_text(closely);
    }
}
