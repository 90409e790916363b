//! The Action in a review: what is done with it, what runs beside it, what it would deny, and its code.

use super::code::code_lines;
use crate::app::{Message, Planned, RemoteMessage, State};
use crate::export::Form;
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::remote::{Act, ActionStep, Outcome};
use egui::{Align, Frame, Id, Label, Layout, Margin, RichText, Ui};

/// Draws it.
pub fn show(ui: &mut Ui, state: &State, (planned, step): (&Planned, &ActionStep), out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    ui.add_space(8.0);
    let ground = Frame::new().fill(colours.surface).stroke(theme.hairline()).corner_radius(theme.radius);
    ground.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 6.0;
        head(ui, state, step, out);
        let words = RichText::new(widget::visible(&sentence(&step.order()))).color(colours.text_2);
        ui.add(Label::new(words).wrap());
        if let Some(warning) = step.warning() {
            widget::notice(ui, &widget::visible(&sentence(&warning)), colours.denied, colours.denied_soft);
        }
        match &state.review.action {
            Some(outcome) if *outcome != Outcome::Done => {
                let words = format!("The Action was not applied: {}", outcome.detail());
                widget::notice(ui, &widget::visible(&words), colours.denied, colours.denied_soft);
            }
            _ => {}
        }
        if !planned.code.is_empty() {
            code(ui, planned);
        }
    });
}

/// Its name, what is done, and what takes that back.
fn head(ui: &mut Ui, state: &State, step: &ActionStep, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.label(RichText::new(format!("Action “{}”", step.name)).font(theme.strong()));
        let acts: Vec<&str> = step.acts.iter().map(|act| act.as_str()).collect();
        let goes = step.acts.contains(&Act::Unbind);
        let colour = if goes { theme.colours.denied } else { theme.colours.active };
        ui.label(RichText::new(acts.join(" · ")).color(colour));
        if let Some(strategy) = step.strategy {
            ui.add(Label::new(RichText::new(strategy.title()).color(theme.colours.text_2)).truncate());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if !state.is_applying() && widget::link(ui, "Discard the Action").clicked() {
                out.push(Message::Remote(RemoteMessage::DiscardAction));
            }
        });
    });
}

/// How much room it takes from the page.
pub fn height(ui: &Ui, planned: &Planned) -> f32 {
    match &planned.plan.action {
        None => 0.0,
        Some(_) if is_open(ui) => 130.0 + code_room(ui),
        Some(_) => 100.0,
    }
}

fn key() -> Id {
    Id::unique("action code")
}

fn is_open(ui: &Ui) -> bool {
    ui.data(|data| data.get_temp::<bool>(key())).unwrap_or_default()
}

fn code_room(ui: &Ui) -> f32 {
    (ui.ctx().content_rect().height() * 0.32).max(120.0)
}

/// The code, where it is asked for.
fn code(ui: &mut Ui, planned: &Planned) {
    let mut open = is_open(ui);
    let label = if open { "Hide its code" } else { "Show its code" };
    if widget::link(ui, label).clicked() {
        open = !open;
        ui.data_mut(|data| data.insert_temp(key(), open));
    }
    if open {
        code_lines(ui, &planned.code, code_room(ui), Form::Auth0Action);
    }
}

/// With a large letter at its beginning.
fn sentence(words: &str) -> String {
    super::connections::sentence(words)
}
