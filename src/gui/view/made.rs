//! Dialogs that make or name something, and what one shows after an application was cut off.

use super::dialog::{Typed, buttons, field, take_keyboard};
use crate::app::{Command, CutOff, Dialog, Message, NameWhat, NewWhat, State};
use crate::gui::theme::Theme;
use crate::gui::{live, widget};
use crate::registry::Template;
use egui::{Grid, Label, RichText, Ui, vec2};

/// Asks for a new application, API or scope.
pub fn new(
    ui: &mut Ui,
    state: &State,
    what: &NewWhat,
    (id, name): (&str, &str),
    error: Option<&str>,
    out: &mut Vec<Message>,
) {
    let (heading, id_name, name_name, hint) = match what {
        NewWhat::Application(_) => ("New application", "Client id", "Customer", "acme-trial"),
        NewWhat::Duplicate(_) => ("Duplicate the application", "Client id", "Customer", "acme-trial"),
        NewWhat::Api => ("New API", "Audience", "Name", "https://api.example.com"),
        NewWhat::Scope(_) => ("New scope", "Scope", "Description", "read"),
    };
    widget::title(ui, heading);
    let (mut typed_id, mut typed_name) = (id.to_owned(), name.to_owned());
    let first = field(ui, id_name, &mut typed_id, hint, error);
    let second = field(ui, name_name, &mut typed_name, "", None);
    let typed = Typed { changed: first.changed || second.changed, entered: first.entered || second.entered };
    let dialog =
        |what: NewWhat| Dialog::New { what, id: typed_id.clone(), name: typed_name.clone(), error: None };
    typed.send(out, || dialog(what.clone()));
    if let NewWhat::Application(chosen) = what {
        templates(ui, state, chosen.as_deref(), &mut |chosen| {
            out.push(Message::Dialog(Some(dialog(NewWhat::Application(chosen)))));
        });
        if let Some(template) = chosen.as_deref().and_then(|name| state.policy()?.registry().template(name)) {
            begins_with(ui, state, template);
            if widget::danger_link(ui, "Delete this template").on_hover_text("Undo brings it back").clicked()
            {
                out.push(Message::RemoveTemplate(template.name.clone()));
            }
        }
    }
    buttons(ui, "Create", false, out);
}

/// The templates to begin with; none is an application without access.
fn templates(ui: &mut Ui, state: &State, chosen: Option<&str>, choose: &mut dyn FnMut(Option<String>)) {
    let Some(policy) = state.policy() else { return };
    let theme = Theme::of(ui.ctx());
    ui.add_space(4.0);
    ui.label(RichText::new("Template").font(theme.small_strong()));
    let list = policy.registry().templates();
    if list.is_empty() {
        let words =
            format!("None yet: “{}” keeps what an application begins with", Command::SaveTemplate.title());
        ui.add(Label::new(RichText::new(words).font(theme.small()).color(theme.colours.text_2)).wrap());
        return;
    }
    ui.horizontal_wrapped(|ui| {
        if widget::chip(ui, "None", None, None, chosen.is_none()).clicked() {
            choose(None);
        }
        for template in list {
            let on = chosen == Some(template.name.as_str());
            if widget::chip(ui, &widget::visible(&template.name), None, None, on).clicked() {
                choose(Some(template.name.clone()));
            }
        }
    });
}

/// What an application from a template has: its end as an instant, its access, its tags.
fn begins_with(ui: &mut Ui, state: &State, template: &Template) {
    let new = template.application("", state.now);
    let title = |audience: &str| {
        let api = state.policy().and_then(|policy| policy.registry().api(audience));
        api.map_or(audience.to_owned(), |api| api.title().to_owned())
    };
    let grants =
        new.grants.iter().map(|grant| format!("{}: {}", title(&grant.audience), grant.scopes.join(" ")));
    let lines = [
        ("Ends", new.expires_at.map_or("never".to_owned(), |end| state.times().zoned(end))),
        ("At most", new.access_token_duration.map(|own| own.to_string()).unwrap_or_default()),
        ("Access", grants.collect::<Vec<_>>().join("; ")),
        ("Tags", new.tags.join(" ")),
    ];
    let theme = Theme::of(ui.ctx());
    ui.add_space(4.0);
    Grid::new("begins with").num_columns(2).spacing(vec2(14.0, 3.0)).show(ui, |ui| {
        for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
            ui.label(RichText::new(*name).color(theme.colours.text_3));
            ui.add(Label::new(widget::visible(value)).wrap());
            ui.end_row();
        }
    });
}

/// Asks for the name under which a view or a template is kept.
pub fn name(
    ui: &mut Ui,
    state: &State,
    what: &NameWhat,
    name: &str,
    error: Option<&str>,
    out: &mut Vec<Message>,
) {
    let theme = Theme::of(ui.ctx());
    let (heading, words, hint, taken) = match what {
        NameWhat::View => (
            "Save this view",
            "The filter, the order and the columns are kept with the registry, for everybody who opens it.",
            "Trials that end this week",
            state.policy().is_some_and(|policy| policy.registry().view(name.trim()).is_some()),
        ),
        NameWhat::Template(_) => (
            "Save as template",
            "Access, tags, the longest lifetime and the length of the trial are what new applications begin with.",
            "Trial of 30 days",
            state.policy().is_some_and(|policy| policy.registry().template(name.trim()).is_some()),
        ),
    };
    widget::title(ui, heading);
    ui.add(Label::new(RichText::new(words).color(theme.colours.text_2)).wrap());
    ui.add_space(4.0);
    let mut text = name.to_owned();
    let typed = field(ui, "Name", &mut text, hint, error);
    typed.send(out, || Dialog::Name { what: what.clone(), name: text, error: None });
    if taken {
        let words = "There is one of this name; it is replaced, and undo brings it back.";
        ui.label(RichText::new(words).font(theme.small()).color(theme.colours.text_2));
    }
    buttons(ui, if taken { "Replace" } else { "Save" }, false, out);
}

/// Until when the tokens of an application that was cut off may live.
pub fn cut_off(ui: &mut Ui, state: &State, cut_off: &CutOff, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    widget::title(ui, &format!("{} is cut off", cut_off.title));
    let words = format!(
        "{} gets no new tokens since {}.",
        widget::visible(&cut_off.client_id),
        state.times().zoned(cut_off.at)
    );
    ui.add(Label::new(RichText::new(words).color(colours.text_2)).wrap());
    ui.add_space(6.0);
    if cut_off.tokens.is_empty() {
        ui.label("It holds no token that still lives.");
    } else {
        let words = format!("Tokens that {} has handed out may live:", cut_off.profile.title());
        ui.add(Label::new(words).wrap());
        Grid::new("living tokens").num_columns(2).spacing(vec2(18.0, 4.0)).show(ui, |ui| {
            for (audience, until) in &cut_off.tokens {
                let api = state.policy().and_then(|policy| policy.registry().api(audience));
                ui.label(widget::visible(api.map_or(audience, |api| api.title())));
                let left = live::relative(ui, state, *until);
                let words = format!("until {} · {left}", state.times().zoned(*until));
                ui.label(RichText::new(words).color(colours.overrun));
                ui.end_row();
            }
        });
        ui.add_space(4.0);
        let words = "APIs that only check a token's signature take them until then.";
        ui.label(RichText::new(words).font(theme.small()).color(colours.text_2));
    }
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let close = widget::primary_button(ui, "Close");
        take_keyboard(ui, &close, true);
        if close.clicked() {
            out.push(Message::Dialog(None));
        }
        let (label, hover) = match state.connected() {
            Some(_) => (
                "Stage the restore",
                "The access goes back into the review; it is given again when you apply",
            ),
            None => ("Undo", "The access is given again"),
        };
        if widget::button(ui, label).on_hover_text(hover).clicked() {
            out.extend([Message::Dialog(None), Message::Run(Command::Undo)]);
        }
    });
}
