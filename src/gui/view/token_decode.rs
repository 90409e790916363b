//! A token taken apart: its parts, claims and life, its signature and warnings, and the policy's answer beside it.

use super::lifetime::why;
use super::token_life::life;
use super::token_verify;
use crate::app::{AsOf, Command, Message, Preview, Screen, SettingsOf, State};
use crate::gui::theme::Theme;
use crate::gui::{keys, live, widget};
use crate::policy::Outcome;
use crate::registry::human;
use crate::token::{Check, Claims, Decoded, Object, Payload, Subject, Verdict, meaning, warnings};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Color32, Frame, Label, Margin, Panel, RichText, Role, ScrollArea, Sense, Stroke, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};

/// So long a text can be edited in every frame; a longer one is only looked at.
const EDITABLE: usize = 16 * 1024;

/// Draws the page: three columns where there is room, else one below the other, the answer first.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let margin = Frame::new().inner_margin(Margin::symmetric(14, 10));
    if ui.available_width() < 900.0 {
        ScrollArea::vertical().id_salt("token").auto_shrink(false).show(ui, |ui| {
            margin.show(ui, |ui| {
                input(ui, state, 3, out);
                against(ui, state, out);
                claims_and_life(ui, state, out);
            });
        });
        return;
    }
    let width = ui.available_width();
    Panel::left("token input").exact_size(width * 0.28).resizable(false).frame(margin).show(ui, |ui| {
        ScrollArea::vertical()
            .id_salt("token input")
            .auto_shrink(false)
            .show(ui, |ui| input(ui, state, 12, out));
    });
    // Nothing is held against the policy until there is a token.
    if decoded(state).is_some() {
        Panel::right("token policy").exact_size(width * 0.30).resizable(false).frame(margin).show(ui, |ui| {
            ScrollArea::vertical()
                .id_salt("token policy")
                .auto_shrink(false)
                .show(ui, |ui| against(ui, state, out));
        });
    }
    ScrollArea::vertical().id_salt("token claims").auto_shrink(false).show(ui, |ui| {
        margin.show(ui, |ui| claims_and_life(ui, state, out));
    });
}

fn decoded(state: &State) -> Option<&Decoded> {
    state.tokens.taken.as_ref()?.as_ref().ok().map(AsRef::as_ref)
}

fn input(ui: &mut Ui, state: &State, rows: usize, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let tokens = &state.tokens;
    widget::section_heading(ui, "Token");
    if tokens.input.len() > EDITABLE {
        let words = format!("{} bytes were pasted", widget::grouped(tokens.input.len()));
        ui.label(RichText::new(words).color(theme.colours.text_2));
        if widget::button(ui, "Clear").clicked() {
            out.push(Message::TokenText(String::new()));
        }
    } else {
        let mut text = tokens.input.clone();
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, width: f32| {
            let mut job = coloured(text.as_str(), &theme);
            job.wrap.max_width = width;
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let edit = TextEdit::multiline(&mut text)
            .desired_rows(rows)
            .desired_width(f32::INFINITY)
            .margin(Margin::symmetric(10, 8))
            .hint_text("Paste a token here: bare, as a header, a JSON response or a curl line")
            .layouter(&mut layouter);
        let response = ui.add(edit);
        response.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, "Token to decode"));
        if response.changed() {
            out.push(Message::TokenText(text));
        }
    }
    if let Some(Err(error)) = &tokens.taken {
        ui.add(Label::new(RichText::new(widget::visible(error)).color(theme.colours.denied)).wrap());
    }
    let Some(decoded) = decoded(state) else { return };
    token_verify::signature(ui, state, out);
    widget::section_heading(ui, "Warnings");
    let keys = tokens.verifying.checked.as_ref().map(|checked| &checked.keys).or(tokens.chosen_keys());
    let warnings = warnings(decoded, state.at(), keys);
    if warnings.is_empty() {
        ui.label(RichText::new("None").color(theme.colours.text_2));
    }
    for warning in &warnings {
        let words = widget::visible(&state.times().localised(&warning.message));
        ui.add(Label::new(RichText::new(format!("! {words}")).color(theme.colours.overrun)).wrap())
            .on_hover_text(warning.code.as_str());
    }
}

/// The parts of a token in colours of their own.
fn coloured(text: &str, theme: &Theme) -> LayoutJob {
    let colours = [theme.colours.accent, theme.colours.suspended, theme.colours.scheduled];
    let mut job = LayoutJob::default();
    let format = |color: Color32| TextFormat { font_id: theme.mono(), color, ..TextFormat::default() };
    for (place, part) in text.split_inclusive('.').enumerate() {
        job.append(part, 0.0, format(colours.get(place).copied().unwrap_or(theme.colours.text)));
    }
    job
}

fn claims_and_life(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let Some(decoded) = decoded(state) else {
        let words = "Ctrl V takes a token from the clipboard. It is shown without a key, and nothing that it names is fetched.";
        widget::empty(ui, "No token yet", words);
        return;
    };
    widget::section_heading(ui, "Header");
    members(ui, state, decoded.header(), out);
    match decoded.payload() {
        Payload::Claims(claims) => {
            widget::section_heading(ui, "Claims");
            members(ui, state, claims, out);
            life(ui, state, decoded);
        }
        Payload::Text { text, why } => {
            widget::section_heading(ui, "Payload");
            ui.add(Label::new(RichText::new(widget::visible(text)).font(Theme::of(ui.ctx()).mono())).wrap());
            ui.label(RichText::new(widget::visible(why)).color(Theme::of(ui.ctx()).colours.overrun));
        }
        Payload::Encrypted => {
            widget::section_heading(ui, "Payload");
            ui.label("It is encrypted; only its recipient can read it");
        }
    }
}

/// Each member as it is written, and what it means; what the registry knows leads there.
fn members(ui: &mut Ui, state: &State, object: &Object, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let claims = Claims(object);
    for (name, written) in object.iter() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
        let at = claims.date(name).and_then(|date| date.instant());
        let date = at.filter(|_| matches!(name, "exp" | "iat" | "nbf" | "auth_time"));
        let text = object.text(name);
        let value = match date {
            Some(at) => state.times().exact(at),
            None => text.clone().unwrap_or_else(|| written.to_owned()),
        };
        let known = meaning(name);
        let target = target(state, name, text.as_deref());
        let note = match (&target, date) {
            (Some((words, _)), _) => words.clone(),
            (None, Some(at)) => live::relative(ui, state, at),
            (None, None) => known.map_or(String::new(), |(what, _)| what.to_owned()),
        };
        let (y, width) = (rect.center().y, rect.width());
        let x = |part: f32| rect.left() + width * part;
        let mono = theme.mono();
        widget::paint_line(ui, pos2(x(0.0), y), width * 0.20, name, mono, colours.text_2);
        widget::paint_line(ui, pos2(x(0.21), y), width * 0.49, &value, theme.body(), colours.text);
        let colour = if target.is_some() { colours.accent } else { colours.text_3 };
        widget::paint_line(ui, pos2(x(0.71), y), width * 0.29, &note, theme.small(), colour);
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, colours.surface_2));
        let (what, source) = known.unwrap_or(("a claim of its own", ""));
        let named = format!("{name}: {value}, {note}");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, widget::visible(&named)));
        response.on_hover_text(widget::visible(&format!("{written}\n{what} {source}")));
        if let Some((words, message)) = target {
            let link = rect.with_min_x(x(0.71));
            let response = ui.interact(link, egui::Id::unique(("claim", name)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &words));
            widget::focus_ring(ui, &response, link);
            if response.clicked() {
                out.extend(message);
            }
        }
    }
}

/// Where a claim leads: to the application or the API that it names.
fn target(state: &State, name: &str, text: Option<&str>) -> Option<(String, Vec<Message>)> {
    let (registry, text) = (state.policy()?.registry(), text?);
    match name {
        "client_id" | "azp" | "sub" => {
            let app = registry.application(text.strip_suffix("@clients").unwrap_or(text))?;
            let show =
                vec![Message::Select(Some(app.client_id.clone())), Message::Show(Screen::Applications)];
            Some((app.title().to_owned(), show))
        }
        "aud" => {
            let api = registry.api(text)?;
            let show = vec![Message::SelectApi(Some(api.audience.clone())), Message::Show(Screen::Apis)];
            Some((api.title().to_owned(), show))
        }
        _ => None,
    }
}

/// The policy's answer beside the token.
fn against(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let (Some(decoded), Some(judge)) = (decoded(state), &state.tokens.judge) else { return };
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let subject = Subject::of(decoded, judge.policy.registry());
    let check = subject.check(&judge.policy);
    widget::section_heading(ui, "Against the policy");
    verdict(ui, state, &check);
    let settings = match (judge.at, judge.begins) {
        (_, Some(begins)) => format!("History begins {}: its first settings", state.times().minutes(begins)),
        (Some(at), None) => format!("By the settings of {}", state.times().minutes(at)),
        (None, None) if state.settings_of == SettingsOf::Then => {
            "The settings have not changed since it was issued".to_owned()
        }
        (None, None) => "By today's settings".to_owned(),
    };
    let differ = judge.at.is_some() || state.settings_of == SettingsOf::Today;
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(settings).font(theme.small()).color(colours.text_2));
        let (words, other) = match state.settings_of {
            SettingsOf::Then => ("Today's instead", SettingsOf::Today),
            SettingsOf::Today => ("Of then instead", SettingsOf::Then),
        };
        if differ && widget::link(ui, words).clicked() {
            out.push(Message::SetSettingsOf(other));
        }
    });
    if let Some(verdict) = check.issuer_verdict {
        let profile = judge.policy.registry().service.issuer_profile.title();
        let words = match verdict {
            crate::token::IssuerVerdict::AsProfile => format!("{profile} explains it: so it issues"),
            crate::token::IssuerVerdict::Unexplained => match &check.beside {
                Some((_, Ok(issued))) => format!(
                    "{profile} would issue {} with scopes {}",
                    human(issued.lifetime),
                    issued.scopes.join(" ")
                ),
                _ => format!("{profile} does not explain it"),
            },
        };
        ui.add(Label::new(RichText::new(words).color(colours.text_2)).wrap());
    }
    if let Some(decision) = &check.decision
        && let Outcome::Granted(granted) = &decision.outcome
    {
        widget::section_heading(ui, "Decided at issue");
        let of = (check.client_id.unwrap_or_default(), check.audience.unwrap_or_default());
        why(ui, state, granted, of, decision.issued_at, out);
    }
    application(ui, state, &check, out);
    ask_again(ui, state, &check, out);
}

/// The token's own question, to be explained in the Preview or minted as the policy decides it.
fn ask_again(ui: &mut Ui, state: &State, check: &Check<'_>, out: &mut Vec<Message>) {
    let (Some(decision), Some(client_id), Some(audience)) =
        (&check.decision, check.client_id, check.audience)
    else {
        return;
    };
    let ask = |out: &mut Vec<Message>| {
        out.push(Message::Ask(Preview {
            client_id: client_id.to_owned(),
            audience: audience.to_owned(),
            scopes: check.scopes.to_vec(),
            requested: None,
            ..state.preview.clone()
        }));
        out.push(Message::SetClock(AsOf::At(decision.issued_at)));
    };
    ui.add_space(8.0);
    ui.horizontal_wrapped(|ui| {
        let hint = keys::hint(ui.ctx(), Command::CopyExplanation);
        if widget::button(ui, "Copy explanation").on_hover_text(hint).clicked() {
            out.push(Message::Run(Command::CopyExplanation));
        }
        if widget::button(ui, "Explain in the Preview").clicked() {
            ask(out);
            out.push(Message::Show(Screen::Preview));
        }
        if widget::button(ui, "Mint as decided").clicked() {
            ask(out);
            out.push(Message::Run(Command::Mint));
        }
    });
}

fn verdict(ui: &mut Ui, state: &State, check: &Check<'_>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    let by = check.by.map(human).unwrap_or_default();
    let words = widget::capitalised(format!("{} {by}", check.verdict.title()).trim_end());
    let detail = check.decision.as_ref().map(|decision| match &decision.outcome {
        Outcome::Granted(granted) => {
            let binding = granted.binding();
            let by = binding.map(|l| format!(" ({} {})", l.limit.title().to_lowercase(), l.source));
            format!(
                "The policy gives {}{}, until {}",
                human(granted.lifetime),
                by.unwrap_or_default(),
                state.times().zoned(granted.expires_at)
            )
        }
        Outcome::Denied(denied) => {
            format!("The policy denies it: {}", state.times().localised(&denied.message))
        }
    });
    let (colour, ground) = match check.verdict {
        Verdict::AsDecided => (colours.active, colours.surface_2),
        Verdict::OutlivesApplication | Verdict::Longer | Verdict::WouldBeDenied => {
            (colours.overrun, colours.overrun_soft)
        }
        _ => (colours.text, colours.surface_2),
    };
    Frame::new().fill(ground).corner_radius(theme.radius).inner_margin(Margin::symmetric(11, 9)).show(
        ui,
        |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 4.0;
            let heading = RichText::new(widget::visible(&words)).font(theme.strong()).color(colour);
            ui.add(Label::new(heading).wrap());
            if let Some(detail) = detail {
                ui.add(Label::new(RichText::new(widget::visible(&detail)).color(colours.text)).wrap());
            }
        },
    );
}

fn application(ui: &mut Ui, state: &State, check: &Check<'_>, out: &mut Vec<Message>) {
    let known = check.client_id.and_then(|id| state.policy()?.registry().application(id));
    let Some(app) = known else { return };
    widget::section_heading(ui, "Application");
    if widget::link(ui, &widget::visible(app.title()))
        .on_hover_text("Shows it among the applications")
        .clicked()
    {
        out.extend([Message::Select(Some(app.client_id.clone())), Message::Show(Screen::Applications)]);
    }
    let (status, words) = live::status_words(ui, state, app);
    let (colour, hollow) = super::applications::status_look(&Theme::of(ui.ctx()), status);
    widget::status_dot(ui, &words, colour, hollow);
    if let Some(end) = app.expires_at {
        ui.label(format!("Ends {} · {}", state.times().minutes(end), live::relative(ui, state, end)));
    }
}
