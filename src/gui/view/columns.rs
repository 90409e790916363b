//! Where the columns of the list of applications stand, and what stands in each.

use super::applications::status_look;
use crate::app::{State, Summary, overrun, summary, tokens_until};
use crate::gui::theme::{Colours, Theme};
use crate::gui::{live, widget};
use crate::policy::{LimitKind, OverrunUpTo, Policy};
use crate::registry::{Application, Column, Instant, human};
use egui::{Align2, Color32, Rect, Stroke, Ui, pos2};

/// The room between two columns, in points.
const GAP: f32 = 10.0;

/// A column and its place.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// Which one.
    pub column: Column,
    /// Its left edge.
    pub left: f32,
    /// Its right edge.
    pub right: f32,
}

/// The columns that fit.
#[derive(Debug)]
pub struct Places {
    /// From left to right.
    pub placed: Vec<Placed>,
    /// There is little room: ends are relative, and a lifetime stands without its source.
    pub tight: bool,
}

/// The name at the head of a column.
#[must_use]
pub const fn title(column: Column) -> &'static str {
    match column {
        Column::Customer => "Customer",
        Column::ClientId => "Client",
        Column::Name => "Name",
        Column::Contact => "Contact",
        Column::Status => "Status",
        Column::NotBefore => "Starts",
        Column::ExpiresAt => "Ends",
        Column::Apis => "APIs",
        Column::Tags => "Tags",
        Column::Lifetime => "Lifetime",
        Column::Overrun => "Overrun ≤",
        Column::TokensUntil => "Tokens until",
    }
}

/// Figures and times stand at the right edge of their column.
#[must_use]
pub const fn is_figure(column: Column) -> bool {
    matches!(
        column,
        Column::NotBefore | Column::ExpiresAt | Column::Lifetime | Column::Overrun | Column::TokensUntil
    )
}

/// The least that a column needs, in points: where there is room, and where there is little.
const fn least(column: Column) -> (f32, f32) {
    match column {
        Column::Customer => (108.0, 84.0),
        Column::ClientId => (108.0, 94.0),
        Column::Name | Column::Contact => (110.0, 80.0),
        Column::Status => (90.0, 90.0),
        Column::NotBefore | Column::ExpiresAt | Column::TokensUntil => (142.0, 70.0),
        Column::Apis => (120.0, 84.0),
        Column::Tags => (80.0, 64.0),
        Column::Lifetime => (106.0, 64.0),
        Column::Overrun => (72.0, 72.0),
    }
}

impl Places {
    /// Shares the room between `left` and `right`; columns that do not fit are left out, the last first.
    #[must_use]
    pub fn of(columns: &[Column], left: f32, right: f32) -> Self {
        let room = right - left;
        let need = |columns: &[Column], tight: bool| {
            let one = |column: &Column| if tight { least(*column).1 } else { least(*column).0 };
            columns.iter().map(one).sum::<f32>() + GAP * columns.len().saturating_sub(1) as f32
        };
        let tight = need(columns, false) > room;
        let mut shown = columns;
        while shown.len() > 1 && need(shown, tight) > room {
            shown = shown.split_last().map_or(shown, |(_, rest)| rest);
        }
        let spare = (room - need(shown, tight)).max(0.0);
        let whole: f32 = shown.iter().map(|column| least(*column).0).sum();
        let mut x = left;
        let placed = shown.iter().map(|column| {
            let own = if tight { least(*column).1 } else { least(*column).0 };
            let width = own + spare * least(*column).0 / whole.max(1.0);
            let place = Placed { column: *column, left: x, right: x + width };
            x += width + GAP;
            place
        });
        Self { placed: placed.collect(), tight }
    }
}

/// What the cells of a row are drawn from.
pub struct Cells<'a> {
    /// The program.
    pub state: &'a State,
    /// The settings in force.
    pub policy: &'a Policy,
    /// Whose row it is.
    pub application: &'a Application,
    /// The middle of the row.
    pub y: f32,
    /// There is little room.
    pub tight: bool,
}

impl Cells<'_> {
    /// Draws one cell.
    pub fn draw(&self, ui: &Ui, place: Placed) {
        let theme = Theme::of(ui.ctx());
        let (app, colours) = (self.application, &theme.colours);
        let text = |text: &str| {
            let (at, room) = (pos2(place.left, self.y), place.right - place.left);
            widget::paint_line(ui, at, room, text, theme.body(), colours.text);
        };
        match place.column {
            Column::Customer => text(app.title()),
            Column::ClientId => {
                let (at, room) = (pos2(place.left, self.y), place.right - place.left);
                widget::paint_line(ui, at, room, &app.client_id, theme.mono(), colours.text);
            }
            Column::Name => text(&app.name),
            Column::Contact => text(&app.contact),
            Column::Tags => text(&app.tags.join(" ")),
            Column::Apis => text(&self.apis()),
            Column::Status => self.status(ui, place),
            Column::NotBefore => self.time(ui, place, app.not_before, "at once"),
            Column::ExpiresAt => self.time(ui, place, app.expires_at, "never"),
            Column::TokensUntil => self.tokens(ui, place),
            Column::Lifetime => self.lifetime(ui, place),
            Column::Overrun => self.overrun(ui, place),
        }
    }

    fn figure(&self, ui: &Ui, place: Placed, words: &str, colour: Color32) -> Rect {
        let font = Theme::of(ui.ctx()).body();
        ui.painter().text(pos2(place.right, self.y), Align2::RIGHT_CENTER, words, font, colour)
    }

    fn apis(&self) -> String {
        let title = |audience: &String| {
            self.policy.registry().api(audience).map_or(audience.clone(), |api| api.title().to_owned())
        };
        self.application.grants.iter().map(|grant| title(&grant.audience)).collect::<Vec<_>>().join(", ")
    }

    fn status(&self, ui: &Ui, place: Placed) {
        let theme = Theme::of(ui.ctx());
        let (status, words) = live::status_words(ui, self.state, self.application);
        let (colour, hollow) = status_look(&theme, status);
        let dot = pos2(place.left + 4.0, self.y);
        if hollow {
            ui.painter().circle_stroke(dot, 3.4, Stroke::new(1.5, colour));
        } else {
            ui.painter().circle_filled(dot, 4.0, colour);
        }
        let (at, room) = (pos2(place.left + 15.0, self.y), place.right - place.left - 15.0);
        widget::paint_line(ui, at, room, &words, theme.body(), colour);
    }

    fn time(&self, ui: &Ui, place: Placed, at: Option<Instant>, none: &str) {
        let theme = Theme::of(ui.ctx());
        let words = match at {
            Some(at) if self.tight => live::relative(ui, self.state, at),
            Some(at) => format!("{} · {}", live::relative(ui, self.state, at), self.state.times().short(at)),
            None => none.to_owned(),
        };
        self.figure(ui, place, &words, theme.colours.text);
    }

    /// Until when tokens may live: what still does stands out.
    fn tokens(&self, ui: &Ui, place: Placed) {
        let colours = &Theme::of(ui.ctx()).colours;
        let Some(open) = &self.state.open else { return };
        let now = self.state.at();
        match tokens_until(self.policy, open.timeline(), self.application, now) {
            None => {
                self.figure(ui, place, "none", colours.text_3);
            }
            Some(until) => {
                let words = if self.tight {
                    live::relative(ui, self.state, until)
                } else {
                    format!("{} · {}", live::relative(ui, self.state, until), self.state.times().short(until))
                };
                let colour = if until > now { colours.overrun } else { colours.text_3 };
                self.figure(ui, place, &words, colour);
            }
        }
    }

    fn lifetime(&self, ui: &Ui, place: Placed) {
        let theme = Theme::of(ui.ctx());
        let answer = summary(self.policy, self.application, self.state.at());
        let (lifetime, detail, colour) = lifetime_words(&answer, &theme.colours);
        let mut end = place.right;
        if !detail.is_empty() && !self.tight {
            // A long source gives way to the figure.
            let font = theme.body();
            let room = place.right - place.left - 56.0;
            let detail = widget::fitted(ui, &detail, room, font, theme.colours.text_3);
            end -= detail.size().x;
            ui.painter().galley(pos2(end, self.y - detail.size().y / 2.0), detail, theme.colours.text_3);
            end -= 4.0;
        }
        self.figure(ui, Placed { right: end, ..place }, &lifetime, colour);
    }

    fn overrun(&self, ui: &Ui, place: Placed) {
        let colours = &Theme::of(ui.ctx()).colours;
        let denied = || summary(self.policy, self.application, self.state.at()).longest.is_none();
        let (words, colour) = match overrun(self.policy, self.application) {
            None => ("–".to_owned(), colours.text_3),
            // Who is denied now shows no alarm for what it once had.
            Some(_) if denied() => (String::new(), colours.text_3),
            Some(OverrunUpTo::Seconds(0)) => ("0".to_owned(), colours.text_3),
            Some(OverrunUpTo::Seconds(seconds)) => (human(seconds), colours.overrun),
            Some(OverrunUpTo::Unbounded) => ("unbounded".to_owned(), colours.overrun),
        };
        self.figure(ui, place, &words, colour);
    }
}

/// What decides a lifetime, beside its figure: `write`, `API`, `guardrail`.
pub fn decided_by(limit: LimitKind, source: &str) -> String {
    match limit {
        LimitKind::Scope => widget::visible(source),
        LimitKind::Api => "API".to_owned(),
        kind => kind.title().to_lowercase(),
    }
}

/// The longest lifetime, what decides it and how many more grants there are.
fn lifetime_words(answer: &Summary<'_>, colours: &Colours) -> (String, String, Color32) {
    match answer.longest {
        Some((seconds, limit, source)) => {
            let by = decided_by(limit, source);
            let more = if answer.grants > 1 { format!(" +{}", answer.grants - 1) } else { String::new() };
            (human(seconds), format!("{by}{more}"), colours.text)
        }
        None if answer.grants == 0 => ("no access".to_owned(), String::new(), colours.denied),
        None => ("denied".to_owned(), String::new(), colours.denied),
    }
}
