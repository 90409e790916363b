//! The life of a token as a bar, with the end of its application and the clock on it.

use crate::app::State;
use crate::gui::live;
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::registry::{Instant, human};
use crate::token::{Claims, Decoded, Life, Times, times};
use egui::{Align2, Color32, Rect, RichText, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// The token's life as a bar, with the end of its application and the clock in force.
pub fn life(ui: &mut Ui, state: &State, decoded: &Decoded) {
    let Times { iat, exp, state: stage, lifetime, .. } = times(decoded, state.at());
    let (Some(iat), Some(exp)) = (iat, exp) else { return };
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    widget::section_heading(ui, "Life");
    let words = match stage {
        Life::Active => format!("Active: {} left", live::until(ui, state, exp)),
        Life::Expired => format!("Expired {}", live::relative(ui, state, exp)),
        Life::NotYetValid => "Not valid yet".to_owned(),
        Life::NoExpiry => "It never expires".to_owned(),
    };
    let whole = lifetime.filter(|seconds| *seconds > 0).map(human).unwrap_or_default();
    ui.label(RichText::new(format!("{words} · {whole} in all")).color(colours.text));
    let at = state.at();
    let length = (exp.seconds() - iat.seconds()).max(1);
    // What is far from the token's life would leave nothing of it to see; its time stands in words.
    let near = |t: &Instant| (iat.seconds() - 3 * length..=exp.seconds() + 3 * length).contains(&t.seconds());
    let ends = application_end(state, decoded);
    let end = ends.filter(near);
    let shown = [Some(iat), Some(exp), end, Some(at).filter(near)];
    let seconds = || shown.iter().flatten().map(|t| t.seconds());
    let (first, last) = (seconds().min().unwrap_or_default(), seconds().max().unwrap_or_default());
    let pad = ((last - first) / 20).max(1);
    let (first, last) = (first - pad, last + pad);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 58.0), Sense::hover());
    let x = |t: Instant| {
        let part = (t.seconds() - first) as f64 / (last - first).max(1) as f64;
        rect.left() + part as f32 * rect.width()
    };
    let bar = |from: f32, to: f32| Rect::from_x_y_ranges(from..=to, rect.top() + 22.0..=rect.top() + 32.0);
    let painter = ui.painter();
    painter.rect_filled(bar(rect.left(), rect.right()), theme.bar_radius, colours.surface_2);
    let stop = ends.map_or(exp, |end| end.clamp(iat, exp.max(iat)));
    painter.rect_filled(bar(x(iat), x(stop)), theme.bar_radius, colours.accent);
    if stop < exp {
        painter.rect_filled(bar(x(stop), x(exp)), theme.bar_radius, colours.overrun);
    }
    let mark = |t: Instant, words: &str, colour: Color32, above: bool| {
        painter.vline(x(t), rect.top() + 16.0..=rect.top() + 38.0, Stroke::new(1.5, colour));
        let (y, align) = if above {
            (rect.top() + 12.0, Align2::CENTER_BOTTOM)
        } else {
            (rect.top() + 41.0, Align2::CENTER_TOP)
        };
        let half = painter.layout_no_wrap(words.to_owned(), theme.small(), colour).size().x / 2.0;
        let at = x(t).clamp(rect.left() + half, (rect.right() - half).max(rect.left() + half));
        painter.text(pos2(at, y), align, words, theme.small(), colour);
    };
    mark(iat, "issued", colours.text_3, false);
    mark(exp, "expires", colours.text_3, false);
    if let Some(end) = end {
        mark(end, "application ends", colours.denied, true);
    }
    if near(&at) {
        mark(at, "as of", colours.text, end.is_none_or(|end| (x(end) - x(at)).abs() > 80.0));
    }
    let named = format!("{words}; issued {}, expires {}", state.times().zoned(iat), state.times().zoned(exp));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &named));
    response.on_hover_text(named);
}

fn application_end(state: &State, decoded: &Decoded) -> Option<Instant> {
    let judge = state.tokens.judge.as_ref()?;
    let claims = Claims(decoded.claims()?);
    let registry = judge.policy.registry();
    claims.clients().iter().find_map(|id| registry.application(id))?.expires_at
}
