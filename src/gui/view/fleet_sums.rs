//! What the rows of the Fleet page come to, as quiet figures above them.

use super::fleet::brief;
use crate::app::{State, coarse};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::policy::Report;
use egui::{Color32, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// What the rows come to, as quiet figures.
pub(super) fn sums(ui: &mut Ui, state: &State, report: &Report) {
    let colours = &Theme::of(ui.ctx()).colours;
    let sums = &state.fleet.sums;
    let alarm = |count: usize| if count > 0 { colours.overrun } else { colours.text_3 };
    let issuer = report.profile.title();
    let issues = format!("{issuer} issues");
    let figures = [
        (widget::grouped(sums.granted), "policy grants", colours.text, "Tokens that the policy grants now"),
        (widget::grouped(sums.issued), issues.as_str(), colours.text, "Tokens that the issuer hands out now"),
        (
            widget::grouped(sums.overrunning),
            "outlive their end",
            alarm(sums.overrunning),
            "Tokens of now that would live on after their application has ended",
        ),
        (
            brief(sums.longest),
            "longest overrun",
            alarm(sums.overrunning),
            "The longest that a token of now would outlive its application",
        ),
        (
            coarse(sums.overrun).0,
            "overrun in all",
            alarm(sums.overrunning),
            "What the overruns of all these tokens come to",
        ),
        (
            widget::grouped(sums.ended_and_issued),
            "ended, yet issued",
            alarm(sums.ended_and_issued),
            "Applications that have ended and get tokens from the issuer all the same",
        ),
        (
            widget::grouped(sums.ended_and_alive),
            "ended, still alive",
            alarm(sums.ended_and_alive),
            "Applications that have ended and whose tokens may still live",
        ),
    ];
    // Where there is hardly room for rows, the figures stand in words.
    if ui.available_height() < 260.0 {
        ui.horizontal_wrapped(|ui| {
            for (figure, label, colour, hint) in figures {
                let words = RichText::new(format!("{figure} {label}")).font(Theme::of(ui.ctx()).small());
                ui.label(words.color(colour)).on_hover_text(hint);
            }
        });
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 8.0);
        for (figure, label, colour, hint) in figures {
            card(ui, &figure, label, colour).on_hover_text(hint);
        }
    });
}

fn card(ui: &mut Ui, figure: &str, label: &str, colour: Color32) -> Response {
    let theme = Theme::of(ui.ctx());
    let words = ui.painter().layout_no_wrap(label.to_owned(), theme.small(), theme.colours.text_2);
    let figure_drawn = ui.painter().layout_no_wrap(figure.to_owned(), theme.answer_small(), colour);
    let width = (words.size().x.max(figure_drawn.size().x) + 20.0).max(92.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 54.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{figure} {label}")));
    let painter = ui.painter();
    painter.rect_stroke(rect, theme.card_radius, theme.hairline(), egui::StrokeKind::Inside);
    let left = rect.left() + 10.0;
    let top = rect.top() + 19.0 - figure_drawn.size().y / 2.0;
    painter.galley(pos2(left, top), figure_drawn, colour);
    painter.galley(pos2(left, rect.bottom() - 22.0), words, theme.colours.text_2);
    response
}
