//! The lifetime against the instant of the request: the policy's line, the issuer's behind it, the overrun between.

use super::scale;
use crate::app::AxisMark;
use crate::gui::theme::Theme;
use crate::policy::Point;
use crate::registry::{Instant, human};
use egui::{
    Align2, Color32, EventFilter, Key, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

/// What is drawn.
pub struct Curve<'a> {
    /// The answers, by instant; straight between two neighbours that both have one.
    pub points: &'a [Point],
    /// The clock in force, in seconds since 1970.
    pub as_of: i64,
    /// The application's end.
    pub end: Option<i64>,
    /// Whether the issuer's line stands beside the policy's.
    pub issuer: bool,
    /// The marks of the axis.
    pub marks: &'a [AxisMark],
    /// Writes an instant whole.
    pub label: &'a dyn Fn(i64) -> String,
    /// Its height in points.
    pub height: f32,
}

/// A line: lifetimes by instant, none where a token is denied.
type Line = Vec<(i64, Option<i64>)>;

impl Curve<'_> {
    fn from(&self) -> i64 {
        self.points.first().map_or(0, |point| point.at.seconds())
    }

    fn to(&self) -> i64 {
        self.points.last().map_or(1, |point| point.at.seconds())
    }

    /// The line through `of` each point, with steps between them: what is straight in seconds bends on the scale.
    fn line(&self, of: impl Fn(&Point) -> Option<i64>) -> Line {
        const STEPS: i64 = 48;
        let mut line = Line::new();
        for pair in self.points.windows(2) {
            let [a, b] = pair else { continue };
            line.push((a.at.seconds(), of(a)));
            if let (Some(first), Some(last)) = (of(a), of(b))
                && first != last
            {
                let (span, rise) = (b.at.since(a.at), last - first);
                let steps = STEPS.min(span);
                line.extend(
                    (1..steps).map(|i| (a.at.seconds() + span * i / steps, Some(first + rise * i / steps))),
                );
            }
        }
        line.extend(self.points.last().map(|point| (point.at.seconds(), of(point))));
        line
    }
}

/// What a line says at an instant, between its points too.
fn value_at(line: &[(i64, Option<i64>)], t: i64) -> Option<i64> {
    let after = line.partition_point(|(at, _)| *at <= t);
    let (from, first) = *line.get(after.checked_sub(1)?)?;
    let Some((to, last)) = line.get(after).copied().filter(|_| from < t) else { return first };
    let (first, last) = (first?, last?);
    Some(first + (last - first) * (t - from) / (to - from).max(1))
}

/// Draws it. Gives the instant that the person presses or drags to.
pub fn curve(ui: &mut Ui, model: &Curve<'_>) -> Option<i64> {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), model.height), Sense::click_and_drag());
    let plot = Rect::from_min_max(rect.min + vec2(48.0, 20.0), rect.max - vec2(8.0, 22.0));
    let (first, span) = (model.from(), (model.to() - model.from()).max(1) as f64);
    let policy = model.line(|point| point.policy);
    let issuer = if model.issuer { model.line(|point| point.issuer) } else { Line::new() };
    let most = policy.iter().chain(&issuer).filter_map(|(_, s)| *s).max().unwrap_or(60).max(60);
    let x = |t: i64| plot.left() + ((t - first) as f64 / span) as f32 * plot.width();
    let y = |s: i64| plot.bottom() - (scale(s as f64) / scale(most as f64)) as f32 * plot.height();
    let at = |t: i64, s: i64| -> Pos2 { pos2(x(t), y(s)) };

    grid(ui, &theme, plot, &policy, most, &y);
    marks(ui, &theme, plot, model, &x);
    if let Some(end) = model.end {
        overrun(ui, &theme, plot, model, end, &at);
    }
    for run in runs(&issuer) {
        let points: Vec<Pos2> = run.iter().map(|(t, s)| at(*t, *s)).collect();
        ui.painter().extend(Shape::dashed_line(&points, Stroke::new(1.6, colours.overrun), 5.0, 4.0));
    }
    for run in denied_runs(&policy) {
        let (from, to) = (x(run.0), x(run.1));
        ui.painter().hline(from..=to, plot.bottom(), Stroke::new(2.2, colours.denied));
    }
    for run in runs(&policy) {
        let points: Vec<Pos2> = run.iter().map(|(t, s)| at(*t, *s)).collect();
        ui.painter().add(Shape::line(points, Stroke::new(2.2, colours.accent)));
    }
    as_of(ui, &theme, plot, model, value_at(&policy, model.as_of), &x, &y);
    if let Some(pointer) = response.hover_pos().filter(|p| plot.expand(6.0).contains(*p)) {
        let t = first + (f64::from((pointer.x - plot.left()) / plot.width()) * span) as i64;
        let words = value_at(&policy, t).map_or("denied".to_owned(), human);
        ui.painter().vline(pointer.x, plot.y_range(), Stroke::new(1.0, colours.border));
        response.clone().on_hover_text_at_pointer(format!("{}: {words}", (model.label)(t)));
    }
    let lifetime = value_at(&policy, model.as_of).map_or("denied".to_owned(), human);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(format!("{}: {lifetime}", (model.label)(model.as_of))),
        ..WidgetInfo::labeled(Role::Slider, true, "Lifetime over time")
    });
    if response.clicked() {
        response.request_focus();
    }
    if response.has_focus() {
        let ring = Stroke::new(2.0, colours.accent);
        ui.painter().rect_stroke(rect, theme.radius, ring, StrokeKind::Inside);
        if let Some(by) = stepped(ui, &response, span as i64) {
            return Some((model.as_of + by).clamp(0, Instant::MAX.seconds()));
        }
    }
    let pressed = response.clicked() || response.dragged();
    let pointer = response.interact_pointer_pos().filter(|_| pressed)?;
    let part = ((pointer.x - plot.left()) / plot.width()).clamp(0.0, 1.0);
    Some(first + (f64::from(part) * span) as i64)
}

/// How far the arrow keys move the clock: a hundredth of the axis, with Shift a tenth.
fn stepped(ui: &Ui, response: &Response, span: i64) -> Option<i64> {
    let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    ui.input(|input| {
        let step = (span / if input.modifiers.shift { 10 } else { 100 }).max(1);
        let times = |key| i64::try_from(input.num_presses(key)).unwrap_or_default();
        let by = (times(Key::ArrowRight) - times(Key::ArrowLeft)) * step;
        (by != 0).then_some(by)
    })
}

/// The stretches in which there is a lifetime.
fn runs(points: &[(i64, Option<i64>)]) -> Vec<Vec<(i64, i64)>> {
    let mut runs: Vec<Vec<(i64, i64)>> = vec![Vec::new()];
    for (t, seconds) in points {
        match (seconds, runs.last_mut()) {
            (Some(seconds), Some(run)) => {
                // A level stretch needs its ends alone; dashes along many points would be ragged.
                if let [.., (_, before), (_, last)] = run.as_slice()
                    && before == last
                    && last == seconds
                {
                    run.pop();
                }
                run.push((*t, *seconds));
            }
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}

/// The stretches in which there is none.
fn denied_runs(points: &[(i64, Option<i64>)]) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    let mut before: Option<(i64, bool)> = None;
    for (t, seconds) in points {
        let denied = seconds.is_none();
        match (before, runs.last_mut()) {
            (Some((_, true)), Some(run)) if denied => run.1 = *t,
            _ if denied => runs.push((before.map_or(*t, |(t, _)| t), *t)),
            _ => {}
        }
        before = Some((*t, denied));
    }
    runs
}

fn grid(
    ui: &Ui,
    theme: &Theme,
    plot: Rect,
    policy: &[(i64, Option<i64>)],
    most: i64,
    y: &dyn Fn(i64) -> f32,
) {
    let colours = &theme.colours;
    let mut levels = vec![0, most];
    levels.extend(policy.iter().filter_map(|(_, s)| *s).max());
    let mut drawn: Vec<f32> = Vec::new();
    for level in levels {
        let height = y(level);
        if drawn.iter().any(|other| (other - height).abs() < 12.0) {
            continue;
        }
        drawn.push(height);
        ui.painter().hline(plot.x_range(), height, Stroke::new(1.0, colours.surface_2));
        let text = if level == 0 { "0".to_owned() } else { human(level) };
        ui.painter().text(
            pos2(plot.left() - 8.0, height),
            Align2::RIGHT_CENTER,
            text,
            theme.small(),
            colours.text_3,
        );
    }
}

fn marks(ui: &Ui, theme: &Theme, plot: Rect, model: &Curve<'_>, x: &dyn Fn(i64) -> f32) {
    let now = x(model.as_of);
    for mark in model.marks {
        let place = x(mark.at);
        if (place - now).abs() > 46.0 && (plot.left() + 16.0..plot.right() - 20.0).contains(&place) {
            let at = pos2(place, plot.bottom() + 6.0);
            let colour = theme.colours.text_3;
            ui.painter().text(at, Align2::CENTER_TOP, &mark.label, theme.small(), colour);
        }
    }
}

/// Hatched where the issuer's token outlives the application: between the time left and the issuer's line.
fn overrun(ui: &Ui, theme: &Theme, plot: Rect, model: &Curve<'_>, end: i64, at: &dyn Fn(i64, i64) -> Pos2) {
    let colours = &theme.colours;
    let top =
        model.line(|point| point.issuer.filter(|_| model.issuer && point.overrun.is_some_and(|s| s > 0)));
    for run in runs(&top) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        const STEPS: i64 = 64;
        let span = (last.0 - first.0).max(1);
        // The time left falls in a straight line, which bends on the scale.
        let edge: Vec<(i64, Pos2, Pos2)> = (0..=STEPS)
            .map(|i| first.0 + span * i / STEPS)
            .map(|t| {
                let seconds = value_at(&top, t).unwrap_or(first.1);
                (t, at(t, (end - t).clamp(0, seconds)), at(t, seconds))
            })
            .collect();
        let painter = ui.painter().with_clip_rect(plot);
        for pair in edge.windows(2) {
            if let [(_, low_a, top_a), (_, low_b, top_b)] = pair {
                let corners = vec![*low_a, *top_a, *top_b, *low_b];
                painter.add(Shape::convex_polygon(corners, colours.overrun_soft, Stroke::NONE));
            }
        }
        hatch(&painter, &edge, colours.overrun.gamma_multiply(0.45));
        let low: Vec<Pos2> = edge.iter().map(|(_, low, _)| *low).collect();
        painter.extend(Shape::dotted_line(&low, colours.overrun, 4.0, 0.8));
    }
}

/// Diagonal lines, six points apart, between two edges.
fn hatch(painter: &egui::Painter, edge: &[(i64, Pos2, Pos2)], colour: Color32) {
    let (Some((_, _, first)), Some((_, _, last))) = (edge.first(), edge.last()) else { return };
    let low_at = |x: f32| {
        let place = edge.partition_point(|(_, low, _)| low.x < x).min(edge.len().saturating_sub(1));
        edge.get(place).map_or(first.y, |(_, low, _)| low.y)
    };
    let deepest = edge.iter().map(|(_, low, _)| low.y).fold(first.y, f32::max);
    let mut start = first.x - (deepest - first.y);
    while start < last.x {
        // From the top right down to the left, as far as the region goes; in short steps, since its edge is bent.
        let mut points: Vec<Pos2> = Vec::new();
        let mut y = first.y;
        while y <= deepest {
            let x = start + (deepest - y);
            if (first.x..=last.x).contains(&x) && y <= low_at(x) {
                points.push(pos2(x, y));
            }
            y += 2.0;
        }
        if let (Some(from), Some(to)) = (points.first(), points.last()) {
            painter.line_segment([*from, *to], Stroke::new(1.0, colour));
        }
        start += 6.0;
    }
}

fn as_of(
    ui: &Ui,
    theme: &Theme,
    plot: Rect,
    model: &Curve<'_>,
    lifetime: Option<i64>,
    x: &dyn Fn(i64) -> f32,
    y: &dyn Fn(i64) -> f32,
) {
    let colours = &theme.colours;
    if let Some(end) = model.end.filter(|end| (model.from()..=model.to()).contains(end)) {
        ui.painter().vline(x(end), plot.y_range(), Stroke::new(1.0, colours.border));
        if (x(end) - x(model.as_of)).abs() > 40.0 {
            let at = pos2(x(end), plot.top() - 18.0);
            ui.painter().text(at, Align2::CENTER_TOP, "end", theme.small(), colours.text_3);
        }
    }
    if !(model.from()..=model.to()).contains(&model.as_of) {
        return;
    }
    let place = x(model.as_of);
    ui.painter().vline(place, plot.top()..=plot.bottom() + 2.0, Stroke::new(1.2, colours.text));
    ui.painter().text(
        pos2(place, plot.bottom() + 6.0),
        Align2::CENTER_TOP,
        "as of",
        theme.small(),
        colours.text,
    );
    let height = lifetime.map_or(plot.bottom(), y);
    ui.painter().circle(pos2(place, height), 4.5, colours.accent, Stroke::new(1.5, colours.surface));
}
