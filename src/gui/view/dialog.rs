//! Dialogs: export, paths, new entities, the reason, help; those that show changes stand in `changes`.

use super::{changes, confirm, connect_form, copying, enforcing, exporting, importing, made};
use crate::app::{Command, Dialog, FileTask, Message, State};
use crate::export::AuditForm;
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use egui::{Context, Frame, Id, Margin, Modal, RichText, Role, ScrollArea, Ui, WidgetInfo};

/// Draws the dialog in front, where there is one.
pub fn show(ctx: &Context, state: &State, out: &mut Vec<Message>) {
    let Some(dialog) = &state.dialog else {
        ctx.data_mut(|data| data.remove::<bool>(focused()));
        return;
    };
    // Another dialog in the place of one begins anew.
    let kind = std::mem::discriminant(dialog);
    let before = ctx.data_mut(|data| {
        let before = data.get_temp(Id::unique("dialog kind"));
        data.insert_temp(Id::unique("dialog kind"), kind);
        before
    });
    if before != Some(kind) {
        ctx.data_mut(|data| data.remove::<bool>(focused()));
    }
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(18));
    let response = Modal::new(Id::unique("dialog")).frame(frame).show(ctx, |ui| {
        ui.set_width(width(ui, dialog));
        // In a low window what does not fit is scrolled to; elsewhere each dialog fits.
        const LOW: f32 = 520.0;
        let height = ui.ctx().content_rect().height();
        if height < LOW {
            let most = height - 44.0;
            let area = ScrollArea::vertical().id_salt("dialog").max_height(most).min_scrolled_height(most);
            area.auto_shrink([false, true]).show(ui, |ui| {
                content(ui, state, dialog, out);
                widget::follow_keyboard(ui);
            });
        } else {
            content(ui, state, dialog, out);
        }
    });
    // A dialog that has another size than in the frame before is not yet in its place, and parts of it not in theirs.
    let size = response.response.rect.size();
    let before = ctx.data(|data| data.get_temp::<egui::Vec2>(Id::unique("dialog size")));
    ctx.data_mut(|data| data.insert_temp(Id::unique("dialog size"), size));
    if before != Some(size) {
        ctx.request_repaint();
    }
    if response.should_close() {
        out.push(Message::Dialog(None));
    }
}

/// How wide a dialog is, in points; at twice the size there are few.
fn width(ui: &Ui, dialog: &Dialog) -> f32 {
    let width: f32 = match dialog {
        Dialog::Export { .. } => exporting::size(ui).x,
        Dialog::Enforce(_) => 760.0,
        Dialog::Copying(_) => 700.0,
        Dialog::Compare(_)
        | Dialog::Conflict { .. }
        | Dialog::Bulk(_)
        | Dialog::News(..)
        | Dialog::Help
        | Dialog::Table(_) => 640.0,
        _ => 480.0,
    };
    width.min(ui.ctx().content_rect().width() - 60.0)
}

fn content(ui: &mut Ui, state: &State, dialog: &Dialog, out: &mut Vec<Message>) {
    match dialog {
        Dialog::Export { form, which, path, error } => {
            exporting::export(ui, state, (*form, *which), path, error.as_deref(), out);
        }
        Dialog::Path { task, path, error } => ask_path(ui, *task, path, error.as_deref(), out),
        Dialog::Compare(comparison) => changes::compare(ui, state, comparison, out),
        Dialog::Copying(copy) => copying::show(ui, state, copy, out),
        Dialog::Table(table) => importing::table(ui, table, out),
        Dialog::Enforce(lifetime) => enforcing::enforce(ui, state, lifetime, out),
        Dialog::Conflict { label, merge } => changes::conflict(ui, state, label, merge, out),
        Dialog::Bulk(edit) => changes::bulk(ui, state, edit, out),
        Dialog::New { what, id, name, error } => {
            made::new(ui, state, what, (id, name), error.as_deref(), out);
        }
        Dialog::Name { what, name, error } => made::name(ui, state, what, name, error.as_deref(), out),
        Dialog::CutOff(cut_off) => made::cut_off(ui, state, cut_off, out),
        Dialog::Connect(form) => connect_form::show(ui, state, form, out),
        Dialog::SignIn { connection, parts, then } => {
            connect_form::sign_in(ui, state, (connection, parts), then, out);
        }
        Dialog::Confirm(asked) => confirm::show(ui, asked, out),
        Dialog::News(name, news) => confirm::news(ui, state, name, news, out),
        Dialog::Reason(reason) => ask_reason(ui, reason, out),
        Dialog::Help => help(ui, out),
    }
}

/// Whether the dialog that is open has had the keyboard.
fn focused() -> Id {
    Id::unique("dialog has had the keyboard")
}

/// What happened to a field of a dialog, or to several.
#[derive(Default)]
pub struct Typed {
    /// What is typed has changed.
    pub changed: bool,
    /// Enter was pressed, which presses the main button.
    pub entered: bool,
}

impl Typed {
    /// Takes in what happened to another field.
    pub fn also(&mut self, other: Self) {
        self.changed |= other.changed;
        self.entered |= other.entered;
    }

    /// Sends what was typed, then what Enter does: both may come in one frame.
    pub fn send(self, out: &mut Vec<Message>, dialog: impl FnOnce() -> Dialog) {
        out.extend(self.changed.then(|| Message::Dialog(Some(dialog()))));
        out.extend(self.entered.then_some(Message::Accept));
    }
}

/// A named field; the first of a dialog has the keyboard when it opens.
pub fn field(ui: &mut Ui, name: &str, text: &mut String, hint: &str, error: Option<&str>) -> Typed {
    ui.label(RichText::new(name).font(Theme::of(ui.ctx()).small_strong()));
    let response = widget::text_field(ui, text, hint, error, false);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, name));
    take_keyboard(ui, &response, true);
    let entered = widget::entered(ui, &response);
    if entered {
        // Where it did not work, the dialog stays and so does the keyboard.
        response.request_focus();
    }
    Typed { changed: response.changed(), entered }
}

/// Gives the keyboard to a control of a dialog that has just opened, where it is the one that wants it.
pub fn take_keyboard(ui: &Ui, response: &egui::Response, wanted: bool) {
    if wanted && ui.data(|data| data.get_temp::<bool>(focused())).is_none() {
        response.request_focus();
        ui.data_mut(|data| data.insert_temp(focused(), true));
    }
}

/// The main button, and what stands beside it.
pub fn buttons(ui: &mut Ui, main: &str, browse: bool, out: &mut Vec<Message>) {
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

fn ask_path(ui: &mut Ui, task: FileTask, path: &str, error: Option<&str>, out: &mut Vec<Message>) {
    let (heading, main) = match task {
        FileTask::Open => ("Open a registry", "Open"),
        FileTask::New | FileTask::Sample => ("New registry", "Create"),
        FileTask::SaveCopy => ("Save a copy", "Save"),
        FileTask::Import => ("Import from file", "Read"),
        FileTask::Compare => ("Compare with file", "Compare"),
        FileTask::CopyFrom => ("Copy from a registry", "Show"),
        FileTask::Export => ("Export to file", "Export"),
        FileTask::Log => ("Audit a log", "Audit"),
        FileTask::SaveAudit(AuditForm::Csv) => ("Save the audit as CSV", "Save"),
        FileTask::SaveAudit(AuditForm::JsonLines) => ("Save the audit as JSON lines", "Save"),
        FileTask::SaveToken => ("Save the sample token", "Save"),
        FileTask::Keys => ("Verify with the keys of a file", "Read"),
        FileTask::ImportKey => ("Import a key", "Choose"),
        FileTask::Jwks => ("Export the public keys", "Export"),
        FileTask::Plan => ("Save the plan for the command line", "Save"),
    };
    widget::title(ui, heading);
    let mut text = path.to_owned();
    let typed = field(ui, "File", &mut text, "/path/to/registry.tenure", error);
    typed.send(out, || Dialog::Path { task, path: text, error: None });
    buttons(ui, main, true, out);
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
            // The list has nothing that could have the keyboard, so that the keys move it.
            let page = ui.clip_rect().height() * 0.9;
            let moves = [
                (egui::Key::ArrowDown, 40.0),
                (egui::Key::ArrowUp, -40.0),
                (egui::Key::PageDown, page),
                (egui::Key::PageUp, -page),
                (egui::Key::Home, -100_000.0),
                (egui::Key::End, 100_000.0),
            ];
            for (_, by) in moves.into_iter().filter(|(key, _)| ui.input(|input| input.key_pressed(*key))) {
                ui.scroll_with_delta(egui::vec2(0.0, -by));
            }
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
