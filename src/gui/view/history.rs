//! History: each change with its before and after, by whom, when and why; undo to here.

use super::effect::effect;
use crate::app::{Message, State};
use crate::edit::{Entry, Origin, describe};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{
    Frame, Id, Key, Margin, Rect, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(open) = &state.open else { return };
    let theme = Theme::of(ui.ctx());
    if open.entries.is_empty() {
        let begins = format!(
            "History begins {}. Every edit will stand here, and can be undone.",
            state.times().minutes(open.begins)
        );
        widget::empty(ui, "No changes yet", &begins);
        return;
    }
    Frame::new().inner_margin(Margin::symmetric(20, 10)).show(ui, |ui| {
        ui.horizontal(|ui| {
            widget::title(ui, "History");
            if let Some(of) = &state.history_of {
                ui.label(
                    RichText::new(format!("of {}", widget::visible(&of.to_string())))
                        .color(theme.colours.text_2),
                );
                if widget::link(ui, "Show all").clicked() {
                    out.push(Message::HistoryOf(None));
                }
            }
        });
    });
    let entries: Vec<&Entry> = open.entries_of(state.history_of.as_ref()).collect();
    let at = entries.iter().position(|entry| state.history_entry == Some(entry.seq));
    keyboard(ui, state, &entries, at, out);
    let mut area = ScrollArea::vertical().id_salt("history").auto_shrink(false);
    if let Some(offset) = at.and_then(|at| widget::offset_to(ui, "history", at, theme.row)) {
        area = area.vertical_scroll_offset(offset);
    }
    let output = area.show_viewport(ui, |ui, viewport| list(ui, state, &entries, viewport, out));
    widget::remember_seen(ui, "history", &output);
}

/// The arrows go from entry to entry and open each; Esc closes it.
fn keyboard(ui: &Ui, state: &State, entries: &[&Entry], at: Option<usize>, out: &mut Vec<Message>) {
    if ui.memory(|memory| memory.focused().is_some()) || state.dialog.is_some() || state.palette.is_some() {
        return;
    }
    let row = Theme::of(ui.ctx()).row;
    for by in widget::steps(ui, "history", row) {
        let last = entries.len().saturating_sub(1);
        let next = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
        out.push(Message::HistoryEntry(entries.get(next).map(|entry| entry.seq)));
    }
    if at.is_some() && ui.input(|input| input.key_pressed(Key::Escape)) {
        out.push(Message::HistoryEntry(None));
    }
}

/// Only the lines in view, however long the history; the open entry's details stand below its line.
fn list(ui: &mut Ui, state: &State, entries: &[&Entry], viewport: Rect, out: &mut Vec<Message>) {
    let row = Theme::of(ui.ctx()).row;
    let key = Id::unique("history details");
    let open = entries.iter().position(|entry| state.history_entry == Some(entry.seq));
    let details_height = ui.data(|data| data.get_temp::<f32>(key)).unwrap_or(120.0);
    let extra = if open.is_some() { details_height } else { 0.0 };
    ui.set_height(entries.len() as f32 * row + extra);
    let area = ui.max_rect();
    let place = |at: usize| at as f32 * row + if open.is_some_and(|open| open < at) { extra } else { 0.0 };
    let first = ((viewport.top() - extra) / row).floor().max(0.0) as usize;
    let visible = |at: &usize| place(*at) < viewport.bottom();
    for at in (first..entries.len()).take_while(visible) {
        let Some(entry) = entries.get(at) else { continue };
        let part = |top: f32, height: f32| {
            let corner = pos2(area.left(), area.top() + top);
            UiBuilder::new().max_rect(Rect::from_min_size(corner, vec2(area.width(), height)))
        };
        let mut own = ui.new_child(part(place(at), row).id_salt(entry.seq));
        line(&mut own, state, entry, out);
        if open == Some(at) {
            // As high as it likes: how high it became is known in the next frame.
            let mut own = ui.new_child(part(place(at) + row, 4000.0).id_salt(("details", entry.seq)));
            details(&mut own, state, entry, out);
            let height = own.min_rect().height();
            if (height - details_height).abs() > 0.5 {
                ui.data_mut(|data| data.insert_temp(key, height));
                ui.ctx().request_repaint();
            }
        }
    }
}

fn line(ui: &mut Ui, state: &State, entry: &Entry, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::click());
    let open = state.history_entry == Some(entry.seq);
    let narrow = rect.width() < 760.0;
    let when = if narrow { state.times().short(entry.at) } else { state.times().minutes(entry.at) };
    let name = format!("{when}, {}, {}, {}", entry.draft.label, entry.draft.reason, entry.who);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, open, &name));
    if open || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, if open { colours.accent_soft } else { colours.bg });
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, colours.surface_2));
    let y = rect.center().y;
    let x = |part: f32| rect.left() + 20.0 + (rect.width() - 40.0) * part;
    let undone = !matches!(entry.draft.origin, Origin::Edit);
    let colour = if undone { colours.text_2 } else { colours.text };
    let split = if narrow { 0.29 } else { 0.20 };
    // Two customers' applications may have one name: the id tells them apart.
    let what = match entry.draft.changes.as_slice() {
        [one] if !entry.draft.label.contains(&one.reference().id) => {
            format!("{} · {}", entry.draft.label, one.reference().id)
        }
        _ => entry.draft.label.clone(),
    };
    for (from, to, text, colour) in [
        (0.0, split, when.as_str(), colours.text_2),
        (split, 0.62, &what, colour),
        (0.62, 0.86, &entry.draft.reason, colours.accent),
        (0.86, 1.0, &entry.who, colours.text_3),
    ] {
        widget::paint_line(ui, pos2(x(from), y), x(to) - x(from) - 10.0, text, theme.body(), colour);
    }
    let response = response.on_hover_text(state.times().zoned(entry.at));
    if response.clicked() {
        out.push(Message::HistoryEntry((!open).then_some(entry.seq)));
    }
}

fn details(ui: &mut Ui, state: &State, entry: &Entry, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    Frame::new().fill(colours.bg).inner_margin(Margin::symmetric(28, 10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        for change in entry.draft.changes.iter().take(20) {
            for field in describe(change) {
                ui.horizontal_wrapped(|ui| {
                    ui.label(RichText::new(widget::visible(&field.title)).font(theme.strong()));
                    let id = change.reference().id;
                    if id != field.title {
                        ui.label(RichText::new(widget::visible(&id)).color(colours.text_2));
                    }
                    ui.label(
                        RichText::new(widget::visible(&field.field)).font(theme.mono()).color(colours.text_2),
                    );
                    let words = |value: &Option<String>| {
                        let value = value.as_deref().unwrap_or("–");
                        widget::visible(&state.times().localised(value))
                    };
                    ui.label(RichText::new(words(&field.before)).color(colours.text_3));
                    ui.label(RichText::new("→").color(colours.text_3));
                    ui.label(words(&field.after));
                });
            }
        }
        if entry.draft.changes.len() > 20 {
            let words = format!("and {} more", entry.draft.changes.len() - 20);
            ui.label(RichText::new(words).color(colours.text_3));
        }
        effect(ui, state, &state.entry_weighing, out);
        ui.horizontal(|ui| {
            ui.add_enabled_ui(state.read_only().is_none(), |ui| {
                if widget::button(ui, "Undo this").clicked() {
                    out.push(Message::UndoEntry(entry.seq));
                }
                if widget::button(ui, "Undo to here")
                    .on_hover_text("Takes back everything after this")
                    .clicked()
                {
                    out.push(Message::UndoTo(entry.seq));
                }
            });
            if let Some(change) = entry.draft.changes.first()
                && widget::link(ui, "Only this entity").clicked()
            {
                out.push(Message::HistoryOf(Some(change.reference())));
            }
        });
    });
}
