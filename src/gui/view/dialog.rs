//! Dialogs: export, paths, import and comparison, new entities, the reason, help.

use crate::app::{
    Bulk, BulkKind, Command, Comparison, Dialog, FileTask, Message, NewWhat, State, applications_of,
};
use crate::edit::{Change, Merge, describe};
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use crate::policy::Impact;
use egui::{Context, Frame, Id, Margin, Modal, RichText, Role, ScrollArea, Ui, WidgetInfo};

/// Draws the dialog in front, where there is one.
pub fn show(ctx: &Context, state: &State, out: &mut Vec<Message>) {
    let Some(dialog) = &state.dialog else {
        ctx.data_mut(|data| data.remove::<bool>(focused()));
        return;
    };
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(18));
    let response = Modal::new(Id::unique("dialog")).frame(frame).show(ctx, |ui| {
        let wide =
            matches!(dialog, Dialog::Compare(_) | Dialog::Conflict { .. } | Dialog::Bulk(_) | Dialog::Help);
        ui.set_width(if wide { 640.0 } else { 480.0 });
        match dialog {
            Dialog::Export { csv, filtered, path, error } => {
                export(ui, state, (*csv, *filtered), path, error.as_deref(), out);
            }
            Dialog::Path { task, path, error } => ask_path(ui, *task, path, error.as_deref(), out),
            Dialog::Compare(comparison) => compare(ui, state, comparison, out),
            Dialog::Conflict { label, merge } => conflict(ui, state, label, merge, out),
            Dialog::Bulk(edit) => bulk(ui, state, edit, out),
            Dialog::New { what, id, name, error } => new(ui, what, id, name, error.as_deref(), out),
            Dialog::Reason(reason) => ask_reason(ui, reason, out),
            Dialog::Help => help(ui, out),
        }
    });
    if response.should_close() {
        out.push(Message::Dialog(None));
    }
}

/// Whether the dialog that is open has had the keyboard.
fn focused() -> Id {
    Id::unique("dialog has had the keyboard")
}

/// What happened to a field of a dialog.
struct Typed {
    changed: bool,
    /// Enter was pressed, which presses the main button.
    entered: bool,
}

impl Typed {
    /// Sends what was typed, then what Enter does: both may come in one frame.
    fn send(self, out: &mut Vec<Message>, dialog: impl FnOnce() -> Dialog) {
        out.extend(self.changed.then(|| Message::Dialog(Some(dialog()))));
        out.extend(self.entered.then_some(Message::Accept));
    }
}

/// A named field; the first of a dialog has the keyboard when it opens.
fn field(ui: &mut Ui, name: &str, text: &mut String, hint: &str, error: Option<&str>) -> Typed {
    ui.label(RichText::new(name).font(Theme::of(ui.ctx()).small_strong()));
    let response = widget::text_field(ui, text, hint, error, false);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
    if ui.data(|data| data.get_temp::<bool>(focused())).is_none() {
        response.request_focus();
        ui.data_mut(|data| data.insert_temp(focused(), true));
    }
    let entered = widget::entered(ui, &response);
    if entered {
        // Where it did not work, the dialog stays and so does the keyboard.
        response.request_focus();
    }
    Typed { changed: response.changed(), entered }
}

fn buttons(ui: &mut Ui, main: &str, browse: bool, out: &mut Vec<Message>) {
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        if widget::primary_button(ui, main).clicked() {
            out.push(Message::Accept);
        }
        if browse && widget::button(ui, "Browse…").clicked() {
            out.push(Message::Browse);
        }
        if widget::button(ui, "Cancel").clicked() {
            out.push(Message::Dialog(None));
        }
    });
}

fn export(
    ui: &mut Ui,
    state: &State,
    (csv, filtered): (bool, bool),
    path: &str,
    error: Option<&str>,
    out: &mut Vec<Message>,
) {
    widget::title(ui, "Export to file");
    let mut set = |csv: bool, filtered: bool, path: String| {
        out.push(Message::Dialog(Some(Dialog::Export { csv, filtered, path, error: None })));
    };
    let with_ending = |ending: &str| std::path::Path::new(path).with_extension(ending).display().to_string();
    ui.horizontal(|ui| {
        if widget::chip(ui, "JSON", None, None, !csv).clicked() {
            set(false, filtered, with_ending("json"));
        }
        if widget::chip(ui, "CSV, a row each", None, None, csv).clicked() {
            set(true, filtered, with_ending("csv"));
        }
    });
    ui.horizontal(|ui| {
        let all = state.policy().map_or(0, |policy| policy.registry().applications().len());
        if widget::chip(ui, "All applications", Some(all), None, !filtered).clicked() {
            set(csv, false, path.to_owned());
        }
        if widget::chip(ui, "What the filter shows", Some(state.applications.rows.len()), None, filtered)
            .clicked()
        {
            set(csv, true, path.to_owned());
        }
    });
    ui.add_space(6.0);
    let mut text = path.to_owned();
    let typed = field(ui, "File", &mut text, "/path/to/registry.json", error);
    typed.send(out, || Dialog::Export { csv, filtered, path: text, error: None });
    buttons(ui, "Export", true, out);
}

fn ask_path(ui: &mut Ui, task: FileTask, path: &str, error: Option<&str>, out: &mut Vec<Message>) {
    let (heading, main) = match task {
        FileTask::Open => ("Open a registry", "Open"),
        FileTask::New | FileTask::Sample => ("New registry", "Create"),
        FileTask::SaveCopy => ("Save a copy", "Save"),
        FileTask::Import => ("Import from JSON", "Read"),
        FileTask::Compare => ("Compare with file", "Compare"),
        FileTask::Export => ("Export to file", "Export"),
    };
    widget::title(ui, heading);
    let mut text = path.to_owned();
    let typed = field(ui, "File", &mut text, "/path/to/registry.tenure", error);
    typed.send(out, || Dialog::Path { task, path: text, error: None });
    buttons(ui, main, true, out);
}

fn compare(ui: &mut Ui, state: &State, comparison: &Comparison, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let heading = if comparison.import { "Import" } else { "Compare" };
    let count = comparison.changes.len();
    let words = match count {
        0 => format!("{heading}: nothing differs"),
        1 => format!("{heading}: 1 change"),
        many => format!("{heading}: {} changes", widget::grouped(many)),
    };
    widget::title(ui, &words);
    if comparison.import && state.open.is_some() {
        ui.horizontal(|ui| {
            for (label, merge) in [("Replace", false), ("Add and update only", true)] {
                if widget::chip(ui, label, None, None, comparison.merge == merge).clicked() {
                    out.push(Message::ImportAs(merge));
                }
            }
        });
    }
    if !comparison.changes.is_empty() {
        effect(ui, comparison.impact.as_deref());
    }
    ui.add_space(6.0);
    ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show_rows(
        ui,
        20.0,
        count,
        |ui, rows| {
            for change in comparison.changes.iter().skip(rows.start).take(rows.len()) {
                let (sign, colour) = match (change.before(), change.after()) {
                    (None, _) => ("+", theme.colours.active),
                    (_, None) => ("−", theme.colours.denied),
                    _ => ("~", theme.colours.ending),
                };
                ui.horizontal(|ui| {
                    ui.set_height(20.0);
                    ui.label(RichText::new(sign).font(theme.mono()).color(colour));
                    let fields = describe(change);
                    let mut words = widget::visible(&change.reference().to_string());
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
        },
    );
    if comparison.import && count > 0 && state.read_only().is_none() {
        buttons(ui, "Import", false, out);
    } else {
        ui.add_space(10.0);
        if widget::primary_button(ui, "Close").clicked() {
            out.push(Message::Dialog(None));
        }
    }
}

/// What the changes do to lifetimes.
fn effect(ui: &mut Ui, impact: Option<&Impact>) {
    let theme = Theme::of(ui.ctx());
    let words = match impact {
        None => "Counting the effect on lifetimes…".to_owned(),
        Some(impact) => match (impact.policy.sentence(), impact.issuer.sentence()) {
            (None, None) => "No lifetime changes".to_owned(),
            (policy, issuer) => format!(
                "By the policy: {}. At the issuer: {}",
                policy.unwrap_or_else(|| "no change".to_owned()),
                issuer.unwrap_or_else(|| "no change".to_owned())
            ),
        },
    };
    ui.add_space(4.0);
    ui.add(egui::Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
}

/// An edit of many applications: what is typed, what it changes, and what that does to lifetimes.
fn bulk(ui: &mut Ui, state: &State, edit: &Bulk, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    widget::title(ui, &format!("{} {}", edit.kind.verb(), applications_of(edit.ids.len())));
    ui.add_space(4.0);
    let error = edit.plan.as_ref().err().filter(|error| !error.is_empty()).map(String::as_str);
    let mut text = edit.text.clone();
    let typed = field(ui, edit.kind.field(), &mut text, edit.kind.hint(), error);
    if typed.changed {
        out.push(Message::BulkText(text.clone(), edit.only_later));
    }
    let quick: &[&str] = match edit.kind {
        BulkKind::Extend => &["7d", "14d", "30d", "90d"],
        BulkKind::SetEnd => &["now+14d", "now+30d", "never"],
        BulkKind::Tag | BulkKind::Grant => &[],
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
            effect(ui, edit.impact.as_deref());
            planned(ui, state, &plan.changes);
        }
    }
    if typed.entered {
        out.push(Message::Accept);
    }
    let ready = edit.plan.as_ref().is_ok_and(|plan| !plan.changes.is_empty());
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(ready, |ui| {
            let main = match edit.kind {
                BulkKind::Extend => "Extend",
                BulkKind::SetEnd => "Set end",
                BulkKind::Tag => "Tag",
                BulkKind::Grant => "Grant",
            };
            if widget::primary_button(ui, main).clicked() {
                out.push(Message::Accept);
            }
        });
        if widget::button(ui, "Cancel").clicked() {
            out.push(Message::Dialog(None));
        }
    });
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
fn conflict(ui: &mut Ui, state: &State, label: &str, merge: &Merge, out: &mut Vec<Message>) {
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

fn new(ui: &mut Ui, what: &NewWhat, id: &str, name: &str, error: Option<&str>, out: &mut Vec<Message>) {
    let (heading, id_name, name_name, hint) = match what {
        NewWhat::Application => ("New application", "Client id", "Customer", "acme-trial"),
        NewWhat::Duplicate(_) => ("Duplicate the application", "Client id", "Customer", "acme-trial"),
        NewWhat::Api => ("New API", "Audience", "Name", "https://api.example.com"),
        NewWhat::Scope(_) => ("New scope", "Scope", "Description", "read"),
    };
    widget::title(ui, heading);
    let (mut typed_id, mut typed_name) = (id.to_owned(), name.to_owned());
    let first = field(ui, id_name, &mut typed_id, hint, error);
    let second = field(ui, name_name, &mut typed_name, "", None);
    let typed = Typed { changed: first.changed || second.changed, entered: first.entered || second.entered };
    typed.send(out, || Dialog::New { what: what.clone(), id: typed_id, name: typed_name, error: None });
    buttons(ui, "Create", false, out);
}

fn ask_reason(ui: &mut Ui, reason: &str, out: &mut Vec<Message>) {
    widget::title(ui, "Reason for the next edits");
    let mut text = reason.to_owned();
    let typed = field(ui, "Reason", &mut text, "a ticket's number, for example TICKET-1", None);
    typed.send(out, || Dialog::Reason(text));
    buttons(ui, "Set", false, out);
}

fn help(ui: &mut Ui, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    widget::title(ui, "Commands and shortcuts");
    ScrollArea::vertical()
        .max_height((ui.ctx().content_rect().height() - 190.0).max(120.0))
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for command in Command::ALL {
                ui.horizontal(|ui| {
                    ui.label(command.title());
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.add_space(12.0);
                        ui.label(RichText::new(keys::hint(ui.ctx(), command)).color(theme.colours.text_2));
                    });
                });
            }
        });
    ui.add_space(8.0);
    if widget::primary_button(ui, "Close").clicked() {
        out.push(Message::Dialog(None));
    }
}
