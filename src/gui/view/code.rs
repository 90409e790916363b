//! Lines of a file with their words in colours: comments, names, texts, numbers.

use crate::export::{Form, Line, Mark};
use crate::gui::theme::Theme;
use crate::gui::widget::{self, visible};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Frame, Galley, Margin, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Lays a line out in the room that there is.
pub fn code_line(ui: &Ui, theme: &Theme, line: &Line, form: Form, width: f32) -> Arc<Galley> {
    // The fonts of the window have no box to tick.
    let shown = visible(&line.text).replace('☐', "[ ]");
    let mut job = LayoutJob::default();
    let format = |color: Color32| TextFormat { font_id: theme.mono(), color, ..TextFormat::default() };
    match line.mark {
        Mark::Name => job.append(
            &shown,
            0.0,
            TextFormat { font_id: theme.strong(), color: theme.colours.text, ..TextFormat::default() },
        ),
        Mark::Gap => job.append(&shown, 0.0, format(theme.colours.text_3)),
        _ => {
            for (kind, word) in words(&shown, has_code(form)) {
                job.append(word, 0.0, format(colour(kind, theme)));
            }
        }
    }
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// The lines in view, coloured; the others cost nothing.
pub fn code_lines(ui: &mut Ui, lines: &[Line], height: f32, form: Form) {
    let theme = &Theme::of(ui.ctx());
    let frame = Frame::new()
        .fill(theme.colours.bg)
        .stroke(theme.hairline())
        .corner_radius(theme.radius)
        .inner_margin(Margin::symmetric(8, 4));
    let row = 17.0;
    frame.show(ui, |ui| {
        ui.set_height(height);
        ui.spacing_mut().item_spacing.y = 0.0;
        let area = ScrollArea::vertical().id_salt(("text", form)).auto_shrink(false).max_height(height);
        area.show_rows(ui, row, lines.len(), |ui, range| {
            for line in lines.iter().skip(range.start).take(range.len()) {
                let (rect, response) =
                    ui.allocate_exact_size(vec2(ui.available_width(), row), Sense::hover());
                let (sign, ground) = match line.mark {
                    Mark::Added => ("+", Some(theme.colours.accent_soft)),
                    Mark::Removed => ("−", Some(theme.colours.denied_soft)),
                    _ => ("", None),
                };
                if let Some(ground) = ground {
                    ui.painter().rect_filled(rect, 0.0, ground);
                }
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::Label, true, format!("{sign}{}", widget::visible(&line.text)))
                });
                let galley = code_line(ui, theme, line, form, rect.width() - 14.0);
                let at = pos2(rect.left() + 12.0, rect.center().y - galley.size().y / 2.0);
                ui.painter().galley(at, galley, theme.colours.text);
                widget::paint_line(
                    ui,
                    pos2(rect.left(), rect.center().y),
                    10.0,
                    sign,
                    theme.mono(),
                    theme.colours.text_2,
                );
            }
        });
    });
}

const fn has_code(form: Form) -> bool {
    !matches!(
        form,
        Form::ApplicationsCsv
            | Form::FleetCsv
            | Form::ReviewCsv
            | Form::ReportMarkdown
            | Form::ReviewMarkdown
    )
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Comment,
    Name,
    Text,
    Number,
}

fn colour(kind: Kind, theme: &Theme) -> Color32 {
    let colours = &theme.colours;
    match kind {
        Kind::Plain => colours.text,
        Kind::Comment => colours.text_3,
        Kind::Name => colours.accent,
        Kind::Text => colours.active,
        Kind::Number => colours.scheduled,
    }
}

/// The words of a line. It is simple, since it is for the eye alone: a line is read by itself.
fn words(line: &str, code: bool) -> Vec<(Kind, &str)> {
    let start = line.trim_start();
    if !code {
        return vec![(Kind::Plain, line)];
    }
    if ["//", "/*", "* ", "*/", "# "].into_iter().any(|mark| start.starts_with(mark)) || start == "*" {
        return vec![(Kind::Comment, line)];
    }
    let mut words = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = length(rest, first);
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let names = after.trim_start().starts_with([':', '=']) && !after.trim_start().starts_with("=>");
        let kind = match first {
            '"' if names => Kind::Name,
            '"' => Kind::Text,
            c if c.is_ascii_digit() => Kind::Number,
            c if is_word(c) && names => Kind::Name,
            _ => Kind::Plain,
        };
        words.push((kind, word));
        rest = after;
    }
    words
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// How many bytes the word at the beginning has.
fn length(text: &str, first: char) -> usize {
    let up_to = |stop: &dyn Fn(char) -> bool| {
        text.char_indices().skip(1).find(|(_, c)| stop(*c)).map_or(text.len(), |(at, _)| at)
    };
    match first {
        '"' => {
            let mut escaped = false;
            for (at, c) in text.char_indices().skip(1) {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => return at + 1,
                    _ => {}
                }
            }
            text.len()
        }
        c if is_word(c) => up_to(&|c| !is_word(c)),
        _ => up_to(&|c| c == '"' || is_word(c)),
    }
}
