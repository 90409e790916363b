//! Dialogs about a remote: what is asked before something that cannot be undone, and what a pull brought.

use super::changes::listed;
use super::dialog::{field, take_keyboard};
use super::review_items::called;
use crate::app::{Confirm, Message, News, RemoteMessage, State, count_of};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{Color32, Label, RichText, ScrollArea, Ui};

/// Asks, and lets go on only once everything is typed as it should be.
pub fn show(ui: &mut Ui, asked: &Confirm, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    widget::title(ui, &asked.title);
    ui.add(Label::new(RichText::new(&asked.words).color(theme.colours.text_2)).wrap());
    ui.add_space(6.0);
    let mut entered = false;
    ScrollArea::vertical().max_height(300.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.set_width(ui.available_width() - 10.0);
        for (place, ask) in asked.asks.iter().enumerate() {
            ui.push_id(place, |ui| {
                let mut typed = ask.typed.clone();
                let name = format!("{}: {}", ask.what, widget::visible(&ask.expected));
                let heard = field(ui, &name, &mut typed, "", None);
                if heard.changed {
                    out.push(Message::Remote(RemoteMessage::Confirming(place, typed)));
                }
                entered |= heard.entered;
            });
        }
        widget::follow_keyboard(ui);
    });
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        ui.add_enabled_ui(asked.is_met(), |ui| {
            if widget::alarm_button(ui, &asked.act).clicked() || entered {
                out.push(Message::Accept);
            }
        });
        let cancel = widget::button(ui, "Cancel");
        // Where nothing is to be typed, Enter does no harm.
        take_keyboard(ui, &cancel, asked.asks.is_empty());
        if cancel.clicked() {
            out.push(Message::Dialog(None));
        }
    });
}

/// A few are whole; of very many, whose lines are laid out only where they are seen, each has one line.
fn notes(ui: &mut Ui, notes: &[String], colour: Color32) {
    const FEW: usize = 50;
    let area = ScrollArea::vertical().id_salt("notes").max_height(140.0).auto_shrink([false, true]);
    if notes.len() <= FEW {
        area.show(ui, |ui| {
            for note in notes {
                ui.add(Label::new(RichText::new(widget::visible(note)).color(colour)).wrap());
            }
        });
        return;
    }
    area.show_rows(ui, 20.0, notes.len(), |ui, rows| {
        for note in notes.iter().skip(rows.start).take(rows.len()) {
            widget::elided(ui, note, colour);
        }
    });
}

/// What others changed, what clashes with what is staged, and what was noted.
pub fn news(ui: &mut Ui, state: &State, name: &str, news: &News, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let heading = match (news.first, news.drift.len()) {
        (true, _) => format!("Pulled {name}"),
        (_, 0) => format!("{name}: nothing changed there"),
        (_, many) => format!("{name}: others made {} since the last pull", count_of(many)),
    };
    widget::title(ui, &heading);
    if !news.clashes.is_empty() {
        ui.add_space(4.0);
        let fields: Vec<String> = news
            .clashes
            .iter()
            .map(|(which, clashes)| {
                let fields: Vec<&str> = clashes.iter().map(|clash| clash.field.as_str()).collect();
                format!("{} ({})", called(state, which), fields.join(", "))
            })
            .collect();
        let words = format!(
            "Staged here and changed there: {}. What you staged stands; the review shows it beside what is there now.",
            widget::visible(&fields.join(", "))
        );
        widget::notice(ui, &words, colours.ending, colours.ending_soft);
    }
    if !news.drift.is_empty() {
        ui.add_space(6.0);
        listed(ui, state, "drift", &news.drift, 280.0);
    }
    if !news.notes.is_empty() {
        let words = format!("Notes: {}", widget::grouped(news.notes.len()));
        widget::section_heading(ui, &words);
        notes(ui, &news.notes, colours.text_2);
    }
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let close = widget::primary_button(ui, "Close");
        take_keyboard(ui, &close, true);
        if close.clicked() {
            out.push(Message::Dialog(None));
        }
        if state.review.pending() > 0 && widget::button(ui, "Review what is staged").clicked() {
            out.extend([Message::Dialog(None), Message::Remote(RemoteMessage::Review(true))]);
        }
    });
}
