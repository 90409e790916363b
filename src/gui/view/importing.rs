//! The columns of a table before it is imported: what each holds, an example, and what is wrong with which row.

use crate::app::{Dialog, Message, Table};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::import::Field;
use egui::{Grid, Label, RichText, ScrollArea, Ui, vec2};

/// As many columns as are offered; a table of more is not one of applications.
const MOST: usize = 40;

/// Draws the dialog.
pub fn table(ui: &mut Ui, table: &Table, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let name = table.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    widget::title(ui, &format!("Import {name}"));
    let rows = crate::export::counted(table.mapping.rows, "row");
    let words = format!("{rows}; which column holds which field?");
    ui.label(RichText::new(words).color(colours.text_2));
    ui.add_space(6.0);
    let mut options = vec!["Not taken over".to_owned()];
    options.extend(Field::all().map(|field| field.name().to_owned()));
    let room = (ui.ctx().content_rect().height() - 330.0).max(120.0);
    // The dialog is as high as its columns from its first frame on.
    let high = room.min(34.0 + 34.0 * table.mapping.columns.len().min(MOST) as f32);
    let area = ScrollArea::vertical().id_salt("columns").max_height(room).min_scrolled_height(high);
    area.auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("columns").num_columns(3).spacing(vec2(14.0, 4.0)).show(ui, |ui| {
            for heading in ["Column", "Field", "Example"] {
                ui.label(RichText::new(heading).font(theme.small_strong()).color(colours.text_3));
            }
            ui.end_row();
            for (place, column) in table.mapping.columns.iter().enumerate().take(MOST) {
                ui.allocate_ui(vec2(180.0, theme.control_height), |ui| {
                    widget::elided(ui, &column.heading, colours.text);
                });
                let current = column.field.map_or("Not taken over", Field::name);
                let chosen = ui
                    .allocate_ui(vec2(200.0, theme.control_height), |ui| {
                        let name = format!("Field of column {}", widget::visible(&column.heading));
                        widget::select(ui, &name, current, &options)
                    })
                    .inner;
                if let Some(chosen) = chosen {
                    let field = chosen.checked_sub(1).and_then(|at| Field::all().nth(at));
                    let next = table.clone().with(place, field);
                    out.push(Message::Dialog(Some(Dialog::Table(Box::new(next)))));
                }
                ui.allocate_ui(vec2(200.0, theme.control_height), |ui| {
                    widget::elided(ui, &column.example, colours.text_2);
                });
                ui.end_row();
            }
        });
    });
    problems(ui, table, out);
    let wrong = table.mapping.problem();
    if let Some(wrong) = &wrong {
        // The command line's way of mending it is not this one's.
        let words = wrong.split("; name it").next().unwrap_or(wrong);
        ui.label(RichText::new(words).color(colours.denied));
    }
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(wrong.is_none(), |ui| {
            let button = widget::primary_button(ui, "Show the changes");
            super::dialog::take_keyboard(ui, &button, true);
            if button.clicked() {
                out.push(Message::Accept);
            }
        });
        if widget::button(ui, "Cancel").clicked() {
            out.push(Message::Dialog(None));
        }
    });
}

/// The rows that cannot be read, and whether the others are enough.
fn problems(ui: &mut Ui, table: &Table, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    if table.problems.is_empty() {
        return;
    }
    ui.add_space(6.0);
    let problems = crate::export::counted(table.problems.len(), "problem");
    let words = format!("{problems}; nothing was changed");
    ui.label(RichText::new(words).font(theme.strong()).color(theme.colours.denied));
    let area = ScrollArea::vertical().id_salt("problems").max_height(96.0).auto_shrink([false, true]);
    area.show_rows(ui, 18.0, table.problems.len(), |ui, rows| {
        for problem in table.problems.iter().skip(rows.start).take(rows.len()) {
            // The file stands in the heading.
            let words =
                problem.split_once(": line ").map_or(problem.clone(), |(_, rest)| format!("line {rest}"));
            let text = RichText::new(widget::visible(&words)).font(theme.small());
            ui.add(Label::new(text).truncate()).on_hover_text(widget::visible(&words));
        }
    });
    if widget::switch(ui, table.good_rows, "Take the rows that can be read", "").clicked() {
        let next = Table { good_rows: !table.good_rows, ..table.clone() };
        out.push(Message::Dialog(Some(Dialog::Table(Box::new(next)))));
    }
}
