//! Minting a sample: the Preview's question, how it is signed and written, and the token.

use crate::app::{Command, Dialog, FileTask, Message, MintForm, MintedToken, Screen, State};
use crate::gui::theme::Theme;
use crate::gui::{keys, widget};
use crate::policy::{Outcome, decide};
use crate::registry::human;
use crate::token::{Algorithm, Dialect};
use egui::{Label, RichText, Role, TextEdit, Ui, WidgetInfo, vec2};

/// Draws the page.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
    widget::title(ui, "Mint a sample token");
    question(ui, state, out);
    form(ui, state, out);
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let ready = state.tokens.signers().next().is_some();
        ui.add_enabled_ui(ready, |ui| {
            if widget::primary_button(ui, "Mint sample").clicked() {
                out.push(Message::Mint);
            }
        });
        if let Some(Ok(minted)) = &state.tokens.minted {
            taken_on(ui, state, minted, out);
        }
        if !ready {
            let theme = Theme::of(ui.ctx());
            ui.label(RichText::new("A key is needed first").color(theme.colours.text_2));
            if widget::link(ui, "Make one").clicked() {
                out.push(Message::TokenPage(crate::app::TokenPage::Keys));
            }
        }
    });
    minted(ui, state);
}

/// What is asked: as the Preview asks it, with its answer.
fn question(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let Some(policy) = state.policy() else { return };
    let preview = &state.preview;
    widget::section_heading(ui, "The Preview's question");
    let request = preview.request(state.at());
    let decision = decide(policy, &request);
    let scopes = if preview.scopes.is_empty() { "no scope".to_owned() } else { preview.scopes.join(" ") };
    let words = format!(
        "{} at {}, {scopes}, as of {}",
        preview.client_id,
        preview.audience,
        state.times().zoned(state.at())
    );
    ui.add(Label::new(widget::visible(&words)).wrap());
    let (answer, colour) = match &decision.outcome {
        Outcome::Granted(granted) => (
            format!("{} until {}", human(granted.lifetime), state.times().zoned(granted.expires_at)),
            theme.colours.text,
        ),
        Outcome::Denied(denied) => {
            (format!("denied: {}", state.times().localised(&denied.message)), theme.colours.denied)
        }
    };
    ui.add(Label::new(RichText::new(widget::visible(&answer)).font(theme.strong()).color(colour)).wrap());
    if widget::link(ui, "Change it in the Preview").clicked() {
        out.push(Message::Show(Screen::Preview));
    }
}

fn form(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let tokens = &state.tokens;
    let mut next: MintForm = tokens.mint.clone();
    widget::section_heading(ui, "How it is signed and written");
    widget::key_value(ui, "Key", |ui| {
        let mut options = vec!["The service's, or the only one".to_owned()];
        options.extend(tokens.signers().map(|stored| stored.name.clone()));
        let current = next.key.clone().unwrap_or_else(|| options.first().cloned().unwrap_or_default());
        if let Some(place) = widget::select(ui, "Key that signs", &current, &options) {
            let name = place.checked_sub(1).and_then(|_| options.get(place)).cloned();
            (next.key, next.algorithm) = (name, None);
        }
    });
    let chosen = next.key.as_deref().and_then(|name| tokens.stored(name)).or(tokens.signers().next());
    let algorithms: Vec<Algorithm> =
        chosen.iter().flat_map(|stored| stored.set.keys()).flat_map(|key| key.algorithms()).collect();
    widget::key_value(ui, "Algorithm", |ui| {
        ui.horizontal_wrapped(|ui| {
            for (place, algorithm) in algorithms.iter().enumerate() {
                let on = next.algorithm.map_or(place == 0, |chosen| chosen == *algorithm);
                if widget::chip(ui, algorithm.as_str(), None, None, on).clicked() {
                    next.algorithm = Some(*algorithm);
                }
            }
        });
    });
    widget::key_value(ui, "Written", |ui| {
        for (dialect, label) in
            [(Dialect::Rfc9068, "at+jwt (RFC 9068)"), (Dialect::Auth0, "as Auth0 writes it")]
        {
            if widget::chip(ui, label, None, None, next.dialect == dialect).clicked() {
                next.dialect = dialect;
            }
        }
    });
    widget::section_heading(ui, "Claims to add");
    let edit = TextEdit::multiline(&mut next.claims)
        .desired_rows(3)
        .desired_width(ui.available_width().min(560.0))
        .font(Theme::of(ui.ctx()).mono())
        .hint_text("tier=gold\nseats=5");
    ui.add(edit).widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, "Claims to add"));
    let words = "They may replace the token's own, for a test";
    if widget::switch(ui, next.replace, words, "").clicked() {
        next.replace = !next.replace;
    }
    if next != tokens.mint {
        out.push(Message::MintForm(Box::new(next)));
    }
}

/// What can be done with the sample, beside the button that made it, so that it is in sight whatever the window's size.
fn taken_on(ui: &mut Ui, state: &State, minted: &MintedToken, out: &mut Vec<Message>) {
    if widget::button(ui, "Copy token").clicked() {
        out.push(Message::Copy { text: minted.token.clone(), what: "Token" });
    }
    if widget::button(ui, "Copy as curl").clicked() {
        let audience = state.preview.audience.replace('\'', "%27");
        let text = format!("curl --header 'Authorization: Bearer {}' '{audience}'", minted.token);
        out.push(Message::Copy { text, what: "Command" });
    }
    if widget::button(ui, "Save…").clicked() {
        let path = state.beside("-sample.jwt");
        out.push(Message::Dialog(Some(Dialog::Path { task: FileTask::SaveToken, path, error: None })));
    }
    let hint = keys::hint(ui.ctx(), Command::DecodeMinted);
    if widget::button(ui, "Open in Decode").on_hover_text(hint).clicked() {
        out.push(Message::Run(Command::DecodeMinted));
    }
}

fn minted(ui: &mut Ui, state: &State) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    match &state.tokens.minted {
        None => {}
        Some(Err(error)) => {
            let words = widget::visible(&state.times().localised(error));
            ui.add(Label::new(RichText::new(words).color(colours.denied)).wrap());
        }
        Some(Ok(minted)) => {
            widget::section_heading(ui, "Sample");
            ui.add(Label::new(RichText::new(&minted.token).font(theme.mono())).wrap());
            let signed = format!("Signed by {}", minted.signed_by);
            ui.label(RichText::new(widget::visible(&signed)).font(theme.small()).color(colours.text_2));
            for name in &minted.replaced {
                let words = format!("its own `{name}` is replaced: it is not what the policy decides");
                ui.label(RichText::new(widget::visible(&words)).color(colours.overrun));
            }
        }
    }
}
