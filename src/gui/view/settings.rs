//! Settings: theme, time zone, when an application counts as ending, size, and where things are.

use crate::app::{Message, Settings, State, ThemeChoice};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{Frame, Margin, RichText, ScrollArea, Ui};

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let settings = &state.settings;
    ScrollArea::vertical().id_salt("settings").auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(20, 14)).show(ui, |ui| {
            ui.set_max_width(560.0);
            widget::title(ui, "Settings");
            widget::section_heading(ui, "Look");
            ui.horizontal(|ui| {
                let themes = [
                    ("As the system", ThemeChoice::System),
                    ("Light", ThemeChoice::Light),
                    ("Dark", ThemeChoice::Dark),
                ];
                for (label, theme) in themes {
                    if widget::chip(ui, label, None, None, settings.theme == theme).clicked() {
                        out.push(Message::Settings(Settings { theme, ..settings.clone() }));
                    }
                }
            });
            ui.horizontal(|ui| {
                for scale in [100, 125, 150, 200] {
                    if widget::chip(ui, &format!("{scale} %"), None, None, settings.scale == scale).clicked() {
                        out.push(Message::Settings(Settings { scale, ..settings.clone() }));
                    }
                }
            });
            zone(ui, state, out);
            widget::section_heading(ui, "Ending");
            widget::key_value(ui, "Days before", |ui| {
                let value = settings.ending_days.to_string();
                let read = |text: &str| match text.trim().parse::<u32>() {
                    Ok(days @ 1..=365) => Ok(days),
                    _ => Err(format!("`{}` is not a number of days from 1 to 365", text.trim())),
                };
                if let (Some(ending_days), _) = widget::edited(ui, "ending days", "Days before the end", &value, "7", read) {
                    out.push(Message::Settings(Settings { ending_days, ..settings.clone() }));
                }
            });
            widget::section_heading(ui, "Files");
            let path = state.open.as_ref().map(|open| open.path.display().to_string()).unwrap_or_default();
            for (name, path) in [("Registry", path), ("Log", state.log_file.clone())] {
                widget::key_value(ui, name, |ui| {
                    if widget::link(ui, "copy").clicked() {
                        out.push(Message::Copy { text: path.clone(), what: "Path" });
                    }
                    ui.label(RichText::new(&path).font(theme.mono()).color(theme.colours.text_2));
                });
            }
        });
    });
}

fn zone(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let settings = &state.settings;
    widget::section_heading(ui, "Times");
    let with = |time_zone: &str| Message::Settings(Settings { time_zone: time_zone.to_owned(), ..settings.clone() });
    ui.horizontal(|ui| {
        let local = format!("Local, {}", settings.local_zone);
        if widget::chip(ui, &local, None, None, settings.time_zone.is_empty()).clicked() {
            out.push(with(""));
        }
        if widget::chip(ui, "UTC", None, None, settings.time_zone == "UTC").clicked() {
            out.push(with("UTC"));
        }
    });
    widget::key_value(ui, "Zone", |ui| {
        let read = |text: &str| {
            text.trim()
                .parse::<chrono_tz::Tz>()
                .map(|zone| zone.name().to_owned())
                .map_err(|_| format!("`{}` is not a time zone; write for example `Europe/Berlin`", text.trim()))
        };
        let value = state.times().zone_name();
        if let (Some(zone), _) = widget::edited(ui, "zone", "Time zone", value, "Europe/Berlin", read) {
            out.push(with(&zone));
        }
    });
}
