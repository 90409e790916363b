//! What a review comes to, in figures: whose lifetimes change and how, the overrun before and after, and where it goes.

use crate::app::{OnDisk, Planned, State, coarse, vendor_name};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::policy::Direction;
use egui::{Color32, FontId, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Draws them; they wait for the counting.
pub fn show(ui: &mut Ui, state: &State, kept: &OnDisk, planned: &Planned) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let impact = state.review.weighing.impact();
    let none = planned.plan.steps.is_empty().then_some(0);
    let count = |direction: Direction| impact.map(|impact| impact.policy.of(direction)).or(none);
    let number = |count: Option<usize>| count.map_or("…".to_owned(), widget::grouped);
    let vendor = vendor_name(&kept.connection.vendor);
    let beside = |direction: Direction| match impact {
        Some(impact) if impact.issuer.of(direction) != impact.policy.of(direction) => {
            format!(" · {} at {vendor}", widget::grouped(impact.issuer.of(direction)))
        }
        _ => String::new(),
    };
    let tone =
        |count: Option<usize>, colour: Color32| if count.unwrap_or(0) > 0 { colour } else { colours.text_3 };
    let of = |direction, one: &str, many: &str| {
        let found = count(direction);
        let words = if found == Some(1) { one } else { many };
        (found, format!("{words}{}", beside(direction)))
    };
    let (shorter, shorter_words) = of(Direction::Shorter, "gets shorter", "get shorter");
    let (longer, longer_words) = of(Direction::Longer, "gets longer", "get longer");
    let (denied, denied_words) = of(Direction::NewlyDenied, "loses access", "lose access");
    let (granted, granted_words) = of(Direction::NewlyGranted, "gets access", "get access");
    let (before, after) = planned.overrun;
    let overrun =
        if before == after { brief(before) } else { format!("{} → {}", brief(before), brief(after)) };
    let overrun_colour = match after.cmp(&before) {
        std::cmp::Ordering::Less => colours.active,
        std::cmp::Ordering::Equal if after == 0 => colours.text_3,
        std::cmp::Ordering::Equal => colours.text,
        std::cmp::Ordering::Greater => colours.overrun,
    };
    let sent = planned.plan.steps.iter().filter(|step| step.remote).count()
        + usize::from(planned.plan.action.is_some());
    let kept_here = planned.plan.steps.iter().filter(|step| step.overlay).count();
    let tiles = [
        (number(shorter), shorter_words, tone(shorter, colours.text)),
        (number(longer), longer_words, tone(longer, colours.text)),
        (number(denied), denied_words, tone(denied, colours.denied)),
        (number(granted), granted_words, tone(granted, colours.text)),
        (overrun, "longest overrun".to_owned(), overrun_colour),
        (
            widget::grouped(sent),
            if kept_here == 0 { format!("to {vendor}") } else { format!("to {vendor}, {kept_here} overlay") },
            tone(Some(sent), colours.text),
        ),
    ];
    // Where there is little room they stand in two rows.
    let in_a_row = if ui.available_width() < 620.0 { tiles.len() / 2 } else { tiles.len() };
    let gap = 10.0;
    let width = (ui.available_width() - gap * (in_a_row as f32 - 1.0)) / in_a_row as f32;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap, gap);
        for row in tiles.chunks(in_a_row) {
            ui.horizontal(|ui| {
                for (figure, words, colour) in row {
                    tile(ui, width, (figure, *colour), words);
                }
            });
        }
    });
}

fn brief(seconds: i64) -> String {
    if seconds == 0 { "none".to_owned() } else { coarse(seconds).0 }
}

fn tile(ui: &mut Ui, width: f32, (figure, colour): (&str, Color32), words: &str) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(width, 62.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{figure} {words}")));
    ui.painter().rect(rect, theme.card_radius, theme.colours.surface, theme.hairline(), StrokeKind::Inside);
    // Where there is little room, the figure is smaller rather than cut.
    let fits = |font: &FontId| {
        let galley = ui.painter().layout_no_wrap(figure.to_owned(), font.clone(), colour);
        galley.size().x <= width - 20.0
    };
    let fonts = [theme.answer_small(), theme.title()];
    let font = fonts.into_iter().find(fits).unwrap_or_else(|| theme.strong());
    let (left, room) = (rect.left() + 12.0, width - 20.0);
    widget::paint_line(ui, pos2(left, rect.top() + 22.0), room, figure, font, colour);
    let at = pos2(left, rect.bottom() - 15.0);
    widget::paint_line(ui, at, room, words, theme.small(), theme.colours.text_2);
    response.on_hover_text(words);
}
