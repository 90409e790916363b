//! The export dialog: what, in which format, the text as it will be written, what differs, and what the format cannot carry.

use super::code::code_lines;
use super::dialog::{field, take_keyboard};
use crate::app::{Command, Dialog, Message, REVIEW, STILL_GRANTED, State, Which, with_lifetime};
use crate::export::{Difference, Form, Shown};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::policy::Strategy;
use crate::registry::Duration;
use egui::{Align, Label, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// The formats by whom they are for.
const GROUPS: [(&str, &[Form]); 4] = [
    ("Registry", &[Form::RegistryJson, Form::RegistryYaml, Form::ApplicationsCsv]),
    (
        "Reports",
        &[Form::FleetCsv, Form::FleetJson, Form::ReportMarkdown, Form::ReviewMarkdown, Form::ReviewCsv],
    ),
    ("Auth0", &[Form::Auth0Action, Form::Auth0Deploy, Form::Auth0DeployFolder, Form::Auth0Terraform]),
    ("Other servers", &[Form::Authlete, Form::OidcProvider]),
];

/// How wide and how high the dialog is in this window.
#[must_use]
pub fn size(ui: &Ui) -> egui::Vec2 {
    let window = ui.ctx().content_rect().size();
    vec2((window.x - 120.0).clamp(480.0, 1040.0), (window.y - 100.0).clamp(360.0, 720.0))
}

/// Draws the dialog.
pub fn export(
    ui: &mut Ui,
    state: &State,
    (form, which): (Form, Which),
    path: &str,
    error: Option<&str>,
    out: &mut Vec<Message>,
) {
    let size = size(ui);
    ui.set_min_height(size.y);
    widget::title(ui, "Export to file");
    ui.add_space(4.0);
    let list = 184.0;
    let height = size.y - 36.0;
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(list, height), Layout::top_down(Align::Min), |ui| {
            ScrollArea::vertical().id_salt("formats").max_height(height).show(ui, |ui| {
                formats(ui, form, &mut |choice| out.push(chosen(state, (form, choice), which, path)));
            });
        });
        ui.add_space(8.0);
        let room = vec2(size.x - list - 18.0, height);
        ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
            ui.set_width(room.x);
            // Within a frame of its own, so that the field below keeps its id and the keyboard when the text arrives.
            ui.vertical(|ui| {
                applications(ui, state, (form, which), path, out);
                if form.enforces() {
                    enforcement(ui, state, out);
                }
                beginning(ui, state, form, room.y, out);
            });
            target(ui, state, (form, which), path, error, out);
        });
    });
}

/// The same dialog with another format; a path that nobody typed becomes that of the format.
fn chosen(state: &State, (before, form): (Form, Form), which: Which, path: &str) -> Message {
    let path = if path == state.export_path(before) {
        state.export_path(form).into()
    } else {
        std::path::Path::new(path).with_extension(form.extension())
    };
    let review = matches!(form, Form::ReviewMarkdown | Form::ReviewCsv);
    // Only a review asks who is still granted.
    let which = if which == Which::StillGranted && !review { Which::All } else { which };
    Message::Dialog(Some(Dialog::Export { form, which, path: path.display().to_string(), error: None }))
}

fn formats(ui: &mut Ui, form: Form, choose: &mut dyn FnMut(Form)) {
    let theme = Theme::of(ui.ctx());
    ui.spacing_mut().item_spacing.y = 0.0;
    for (heading, forms) in GROUPS {
        ui.add_space(6.0);
        ui.label(RichText::new(heading).font(theme.small_strong()).color(theme.colours.text_3));
        ui.add_space(2.0);
        for choice in forms {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
            let on = form == *choice;
            response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, choice.title()));
            if on || response.hovered() {
                let fill = if on { theme.colours.accent_soft } else { theme.colours.surface_2 };
                ui.painter().rect_filled(rect, theme.radius, fill);
            }
            widget::focus_ring(ui, &response, rect);
            let at = pos2(rect.left() + 8.0, rect.center().y);
            let colour = if on { theme.colours.accent } else { theme.colours.text };
            widget::paint_line(ui, at, rect.width() - 12.0, choice.title(), theme.body(), colour);
            if response.clicked() {
                choose(*choice);
            }
        }
    }
}

/// Which applications.
fn applications(
    ui: &mut Ui,
    state: &State,
    (form, which): (Form, Which),
    path: &str,
    out: &mut Vec<Message>,
) {
    let mut set = |which: Which| {
        let path = path.to_owned();
        out.push(Message::Dialog(Some(Dialog::Export { form, which, path, error: None })));
    };
    let review = matches!(form, Form::ReviewMarkdown | Form::ReviewCsv);
    ui.horizontal_wrapped(|ui| {
        let all = state.policy().map_or(0, |policy| policy.registry().applications().len());
        let list = &state.applications;
        for (label, choice, count) in [
            ("All applications", Which::All, all),
            ("What the filter shows", Which::Shown, list.rows.len()),
            ("Selected", Which::Selected, list.marked.len()),
        ] {
            let offered = choice != Which::Selected || count > 0;
            if offered && widget::chip(ui, label, Some(count), None, which == choice).clicked() {
                set(choice);
            }
        }
        if review && widget::chip(ui, REVIEW, None, None, which == Which::StillGranted).clicked() {
            set(Which::StillGranted);
        }
    });
    if review && which == Which::All {
        note(ui, &format!("A review asks {STILL_GRANTED}; {REVIEW} chooses them."));
    }
}

fn note(ui: &mut Ui, words: &str) {
    let theme = Theme::of(ui.ctx());
    ui.add(Label::new(RichText::new(words).font(theme.small()).color(theme.colours.text_2)).wrap());
}

/// How the ends of trials are enforced, in a line.
fn enforcement(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let chosen = &state.exporting.enforcement;
    ui.horizontal_wrapped(|ui| {
        let hour = Duration::from_seconds(3600).unwrap_or(Duration::DAY);
        let lifetime = match chosen.strategy {
            Strategy::Shorten(lifetime) | Strategy::Second(lifetime) => lifetime,
            _ => hour,
        };
        for strategy in Strategy::all(lifetime) {
            let on = chosen.strategy.as_str() == strategy.as_str();
            let words = match strategy {
                Strategy::Shorten(to) => format!("Shorten to {to}"),
                Strategy::Second(to) => format!("Second API of {to}"),
                other => other.title().to_owned(),
            };
            if widget::chip(ui, &words, None, None, on).on_hover_text(strategy.title()).clicked() {
                let strategy = with_lifetime(strategy, lifetime);
                out.push(Message::Enforcement(Box::new(crate::export::Enforcement {
                    strategy,
                    ..chosen.clone()
                })));
            }
        }
        if widget::link(ui, "Compare…").clicked() {
            out.push(Message::Run(Command::Enforce));
        }
    });
}

/// Notes, what differs, and the text.
fn beginning(ui: &mut Ui, state: &State, form: Form, room: f32, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let Some(shown) = &state.exporting.shown else {
        ui.allocate_ui(vec2(ui.available_width(), (room - 150.0).max(80.0)), |ui| {
            note(ui, "Making the text…")
        });
        return;
    };
    if let Some(error) = &shown.error {
        ui.add(Label::new(RichText::new(widget::visible(error)).color(theme.colours.denied)).wrap());
        return;
    }
    // At twice the size there is room for a note and two lines; the rest scrolls.
    notes(ui, shown, (room - 310.0).clamp(16.0, 64.0));
    ui.add_space(2.0);
    let differences = state.exporting.differences && !shown.changes.is_empty();
    ui.horizontal(|ui| {
        if widget::chip(ui, "Text", None, None, !differences).clicked() {
            out.push(Message::ExportDifferences(false));
        }
        ui.add_enabled_ui(!shown.changes.is_empty(), |ui| {
            if widget::chip(ui, "Differences", None, None, differences).clicked() {
                out.push(Message::ExportDifferences(true));
            }
        });
        note(ui, &difference(shown.difference, form));
    });
    let lines = if differences { &shown.changes } else { &shown.lines };
    let used = ui.min_rect().height();
    code_lines(ui, lines, (room - used - 118.0).max(36.0), form);
    if !shown.whole {
        let written =
            if form.is_folder() { "the files are all written" } else { "the file is written whole" };
        note(ui, &format!("Only the beginning is shown; {written}."));
    }
}

fn notes(ui: &mut Ui, shown: &Shown, height: f32) {
    let theme = Theme::of(ui.ctx());
    if shown.notes.is_empty() {
        return;
    }
    ui.add_space(2.0);
    let words = match shown.notes.len() {
        1 => "1 note".to_owned(),
        many => format!("{many} notes"),
    };
    ui.label(RichText::new(words).font(theme.small_strong()).color(theme.colours.text_2));
    ScrollArea::vertical().id_salt("notes").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for words in &shown.notes {
            note(ui, &format!("• {}", widget::visible(words)));
        }
    });
}

fn difference(difference: Difference, form: Form) -> String {
    let what = if form.is_folder() { "folder" } else { "file" };
    match difference {
        Difference::New => format!("a new {what}"),
        Difference::Same => format!("the {what} that is there is the same"),
        Difference::Unknown => format!("it replaces the {what} that is there, which is too long to compare"),
        Difference::Lines { added, removed } => {
            format!("against the {what} that is there: +{added} −{removed} lines")
        }
    }
}

/// Where to, and the buttons.
fn target(
    ui: &mut Ui,
    state: &State,
    (form, which): (Form, Which),
    path: &str,
    error: Option<&str>,
    out: &mut Vec<Message>,
) {
    ui.add_space(4.0);
    let mut typed_path = path.to_owned();
    let name = if form.is_folder() { "Folder" } else { "File" };
    let hint = if form.is_folder() { "/path/to/folder" } else { "/path/to/registry.json" };
    let typed = field(ui, name, &mut typed_path, hint, error);
    typed.send(out, || Dialog::Export { form, which, path: typed_path, error: None });
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let progress = state.exporting.progress;
        ui.add_enabled_ui(progress.is_none(), |ui| {
            let button = widget::primary_button(ui, "Export");
            take_keyboard(ui, &button, false);
            if button.clicked() {
                out.push(Message::Accept);
            }
        });
        if !form.is_folder() && widget::button(ui, "Browse…").clicked() {
            out.push(Message::Browse);
        }
        let whole = state.exporting.shown.as_ref().and_then(|shown| shown.text.clone());
        ui.add_enabled_ui(whole.is_some(), |ui| {
            let copy = widget::button(ui, "Copy text");
            let why = if form.is_folder() { "Several files cannot be copied" } else { "Too long to copy" };
            if copy.on_disabled_hover_text(why).clicked()
                && let Some(text) = whole
            {
                out.push(Message::Copy { text, what: form.title() });
            }
        });
        // What is being written goes on without the dialog; the status line tells of it.
        if widget::button(ui, if progress.is_some() { "Close" } else { "Cancel" }).clicked() {
            out.push(Message::Dialog(None));
        }
        if let Some((done, of)) = progress {
            note(ui, &format!("{} %", human_share(done, of)));
            if widget::link(ui, "Stop").clicked() {
                out.push(Message::StopExport);
            }
        }
    });
}

fn human_share(done: usize, of: usize) -> usize {
    done * 100 / of.max(1)
}
