//! Dialogs that show changes before they are made: import, comparison, bulk edit, conflict.

use super::dialog::{buttons, field, take_keyboard};
use super::effect::effect;
use crate::app::{Bulk, BulkKind, Comparison, Message, State, applications_of, named};
use crate::edit::{Change, Kind, Merge, describe};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{RichText, ScrollArea, Ui};

/// An import or a comparison: each change, and what all of them do to lifetimes.
pub fn compare(ui: &mut Ui, state: &State, comparison: &Comparison, out: &mut Vec<Message>) {
    let heading = if comparison.import { "Import" } else { "Compare" };
    let count = comparison.changes.len();
    let words = match count {
        0 => format!("{heading}: nothing differs"),
        1 => format!("{heading}: 1 change"),
        many => format!("{heading}: {} changes", widget::grouped(many)),
    };
    widget::title(ui, &words);
    let theme = Theme::of(ui.ctx());
    if comparison.import && state.open.is_some() {
        ui.horizontal(|ui| {
            for (label, merge) in [("Replace", false), ("Add and update only", true)] {
                if widget::chip(ui, label, None, None, comparison.merge == merge).clicked() {
                    out.push(Message::ImportAs(merge));
                }
            }
        });
    }
    if !comparison.notes.is_empty() {
        ui.add_space(4.0);
        let area = ScrollArea::vertical().id_salt("notes").max_height(64.0).auto_shrink([false, true]);
        area.show(ui, |ui| {
            for note in &comparison.notes {
                let words = RichText::new(format!("• {}", widget::visible(note))).font(theme.small());
                ui.add(egui::Label::new(words.color(theme.colours.text_2)).wrap());
            }
        });
    }
    if !comparison.changes.is_empty() {
        effect(ui, state, &comparison.weighing, out);
    }
    ui.add_space(6.0);
    listed(ui, state, "compared", &comparison.changes, 320.0);
    if comparison.import && count > 0 && state.read_only().is_none() {
        buttons(ui, "Import", false, out);
    } else {
        ui.add_space(10.0);
        let close = widget::primary_button(ui, "Close");
        take_keyboard(ui, &close, true);
        if close.clicked() {
            out.push(Message::Dialog(None));
        }
    }
}

/// Changes, a line each, with the fields of those that stay.
pub fn listed(ui: &mut Ui, state: &State, id: &str, changes: &[Change], height: f32) {
    let theme = Theme::of(ui.ctx());
    let area = ScrollArea::vertical().id_salt(id).max_height(height).auto_shrink([false, true]);
    area.show_rows(ui, 20.0, changes.len(), |ui, rows| {
        for change in changes.iter().skip(rows.start).take(rows.len()) {
            let (sign, colour) = match (change.before(), change.after()) {
                (None, _) => ("+", theme.colours.active),
                (_, None) => ("−", theme.colours.denied),
                _ => ("~", theme.colours.ending),
            };
            ui.horizontal(|ui| {
                ui.set_height(20.0);
                ui.label(RichText::new(sign).font(theme.mono()).color(colour));
                let fields = describe(change);
                let which = change.reference();
                let title = fields.first().filter(|_| which.kind == Kind::Application);
                let called = title.map_or_else(|| which.to_string(), |field| named(&field.title, &which.id));
                let mut words = widget::visible(&called);
                if change.before().is_some() && change.after().is_some() {
                    let names: Vec<String> = fields
                        .iter()
                        .map(|f| {
                            let of = |v: &Option<String>| {
                                v.as_deref().map_or("–".to_owned(), |v| state.times().localised(v))
                            };
                            format!("{}: {} → {}", f.field, of(&f.before), of(&f.after))
                        })
                        .collect();
                    words = format!("{words}  {}", names.join("; "));
                }
                widget::elided(ui, &words, theme.colours.text);
            });
        }
    });
}

/// An edit of many applications: what is typed, what it changes, and what that does to lifetimes.
pub fn bulk(ui: &mut Ui, state: &State, edit: &Bulk, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    widget::title(ui, &format!("{} {}", edit.kind.verb(), applications_of(edit.ids.len())));
    ui.add_space(4.0);
    let entered = edit.kind.asks() && bulk_field(ui, edit, out);
    let quick: &[&str] = match edit.kind {
        BulkKind::Extend => &["7d", "14d", "30d", "90d"],
        BulkKind::SetEnd => &["now+14d", "now+30d", "never"],
        _ => &[],
    };
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| {
        for words in quick {
            if widget::chip(ui, words, None, None, edit.text == *words).clicked() {
                out.push(Message::BulkText((*words).to_owned(), edit.only_later));
            }
        }
        if let (BulkKind::Grant, Some(policy)) = (edit.kind, state.policy()) {
            for api in policy.registry().apis() {
                let on = edit.text.split_whitespace().next() == Some(api.audience.as_str());
                if widget::chip(ui, api.title(), None, None, on).clicked() {
                    out.push(Message::BulkText(format!("{} ", api.audience), edit.only_later));
                }
            }
        }
    });
    if edit.kind == BulkKind::SetEnd
        && widget::switch(ui, edit.only_later, "Leave those that end later", "").clicked()
    {
        out.push(Message::BulkText(edit.text.clone(), !edit.only_later));
    }
    if let Ok(plan) = &edit.plan {
        ui.add_space(8.0);
        ui.label(RichText::new(&plan.sentence).font(theme.strong()));
        if !plan.changes.is_empty() {
            effect(ui, state, &edit.weighing, out);
            planned(ui, state, &plan.changes);
        }
    }
    if edit.planning.is_some() {
        ui.add_space(8.0);
        let words =
            if edit.accepted { "Planning; it is made as soon as it is planned…" } else { "Planning…" };
        ui.label(RichText::new(words).color(theme.colours.text_2));
    }
    let ready = edit.planning.is_some() || edit.plan.as_ref().is_ok_and(|plan| !plan.changes.is_empty());
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(ready, |ui| {
            let act = edit.kind.act();
            let danger = matches!(edit.kind, BulkKind::Revoke | BulkKind::Remove);
            let button =
                if danger { widget::danger_button(ui, act) } else { widget::primary_button(ui, act) };
            // Where nothing is typed the button has the keyboard, so that Enter goes on.
            super::dialog::take_keyboard(ui, &button, !edit.kind.asks());
            if button.clicked() || entered {
                out.push(Message::Accept);
            }
        });
        if widget::button(ui, "Cancel").clicked() {
            out.push(Message::Dialog(None));
        }
    });
}

/// What is typed into a bulk edit; says whether Enter was pressed.
fn bulk_field(ui: &mut Ui, edit: &Bulk, out: &mut Vec<Message>) -> bool {
    let error = edit.plan.as_ref().err().filter(|error| !error.is_empty()).map(String::as_str);
    let mut text = edit.text.clone();
    let typed = field(ui, edit.kind.field(), &mut text, edit.kind.hint(), error);
    if typed.changed {
        out.push(Message::BulkText(text, edit.only_later));
    }
    typed.entered
}

/// Each application with its field before and after.
fn planned(ui: &mut Ui, state: &State, changes: &[Change]) {
    let theme = Theme::of(ui.ctx());
    ui.add_space(6.0);
    let area = ScrollArea::vertical().id_salt("planned").max_height(168.0).auto_shrink([false, true]);
    area.show_rows(ui, 22.0, changes.len(), |ui, rows| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for change in changes.iter().skip(rows.start).take(rows.len()) {
            let (rect, _) =
                ui.allocate_exact_size(egui::vec2(ui.available_width(), 22.0), egui::Sense::hover());
            let title = describe(change).first().map(|field| field.title.clone()).unwrap_or_default();
            // A customer may have many applications of one name.
            let id = change.reference().id;
            let title = if title == id { title } else { format!("{title} · {id}") };
            let word = |value: &Option<String>| {
                value.as_deref().map_or("–".to_owned(), |value| state.times().localised(value))
            };
            let values: Vec<String> = describe(change)
                .iter()
                .map(|field| format!("{} → {}", word(&field.before), word(&field.after)))
                .collect();
            let split = rect.left() + rect.width() * 0.34;
            let (y, colours) = (rect.center().y, &theme.colours);
            let left = egui::pos2(rect.left(), y);
            widget::paint_line(ui, left, split - rect.left() - 8.0, &title, theme.body(), colours.text);
            let right = egui::pos2(split, y);
            let room = rect.right() - split - 10.0;
            widget::paint_line(ui, right, room, &values.join("; "), theme.body(), colours.text_2);
        }
    });
}

/// An edit that somebody else's came before: what it was, what was to be made of it, and what stands there now.
pub fn conflict(ui: &mut Ui, state: &State, label: &str, merge: &Merge, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    widget::title(ui, "Somebody else was quicker");
    let words = format!(
        "“{}” was not made: {} has changed since it was read. Nothing was overwritten.",
        widget::visible(label),
        widget::visible(&merge.entity.to_string())
    );
    ui.add(egui::Label::new(RichText::new(words).color(colours.text_2)).wrap());
    ui.add_space(8.0);
    ScrollArea::vertical().max_height(280.0).auto_shrink([false, true]).show(ui, |ui| {
        egui::Grid::new("conflict").num_columns(4).min_col_width(120.0).spacing([16.0, 6.0]).show(ui, |ui| {
            for heading in ["Field", "Before", "Mine", "Theirs"] {
                ui.label(RichText::new(heading).font(theme.small_strong()).color(colours.text_3));
            }
            ui.end_row();
            for field in &merge.fields {
                let value = |v: &Option<String>| {
                    v.as_deref().map_or("–".to_owned(), |v| widget::visible(&state.times().localised(v)))
                };
                ui.label(RichText::new(widget::visible(&field.field)).font(theme.mono()));
                ui.label(RichText::new(value(&field.base)).color(colours.text_3));
                ui.label(RichText::new(value(&field.mine)).color(colours.accent));
                ui.label(value(&field.theirs));
                ui.end_row();
            }
        });
    });
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        if widget::primary_button(ui, "Keep theirs").clicked() {
            out.push(Message::Dialog(None));
        }
        if merge.again.is_some() && widget::button(ui, "Make mine again").clicked() {
            out.push(Message::Accept);
        }
    });
}
