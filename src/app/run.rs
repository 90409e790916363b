//! What commands and the palette's lines do.

use super::stored::{commit, redo, undo};
use super::update::{keys_wanted, set_clock, set_nudged, show};
use super::{
    AsOf, Bulk, BulkKind, Command, Dialog, Effect, FileTask, Focus, GuardrailEdit, Mark, NameWhat, NewWhat,
    Palette, Screen, SettingsOf, State, Target, ThemeChoice, Which,
};
use super::{RemoteMessage, TokenPage, VendorKind};
use super::{connections, cut_off, guardrails, planning, removing, review, tokens, views};
use crate::edit::{Change, operation};
use crate::export::Form;
use crate::policy::{Style, explain};
use crate::registry::{Application, ApplicationStatus, Duration};
use std::sync::Arc;

pub(super) fn run(state: &mut State, command: Command) -> Vec<Effect> {
    state.palette = None;
    if !command.available(state) {
        if let Some(why) = state.read_only() {
            state.fail(why);
        }
        return Vec::new();
    }
    match command {
        Command::Palette => state.palette = Some(Palette::search("", state)),
        Command::Show(screen) => {
            let mut effects = set_nudged(state);
            show(state, screen);
            state.review.shown = false;
            effects.extend(keys_wanted(state));
            return effects;
        }
        Command::Filter => state.focus = Some(Focus::Filter),
        Command::Clock => state.focus = Some(Focus::Clock),
        Command::Live => set_clock(state, AsOf::Live),
        Command::TogglePast => {
            state.settings_of = match state.settings_of {
                SettingsOf::Then => SettingsOf::Today,
                SettingsOf::Today => SettingsOf::Then,
            }
        }
        Command::Undo => {
            let last = state.open.as_ref().and_then(|open| open.stacks.next_undo());
            return undo(state, &Vec::from_iter(last));
        }
        Command::Redo => return redo(state),
        Command::Edit => {
            state.screen = Screen::Applications;
            state.focus = Some(Focus::Inspector);
        }
        Command::Preview => {
            show(state, Screen::Preview);
            state.fleet.shown = false;
        }
        Command::CopyExplanation => return copy_explanation(state, false),
        Command::CopyMarkdown => return copy_explanation(state, true),
        Command::CopyCommand => return copy_command(state),
        Command::Sample => return vec![Effect::OpenSample],
        Command::ToggleTheme => {
            state.settings.theme = match state.settings.theme {
                ThemeChoice::Dark => ThemeChoice::Light,
                _ => ThemeChoice::Dark,
            };
            return vec![Effect::SaveSettings(state.settings.clone())];
        }
        Command::Quit => state.quit = true,
        Command::ExtendWeek => return extend(state, 7),
        Command::ExtendFortnight => return extend(state, 14),
        Command::ExtendMonth => return extend(state, 30),
        Command::Extend => return many(state, BulkKind::Extend, ""),
        Command::SetEnd => return many(state, BulkKind::SetEnd, ""),
        Command::Tag => return many(state, BulkKind::Tag, ""),
        Command::Grant => return many(state, BulkKind::Grant, ""),
        Command::Suspend => return suspend(state),
        Command::CutOff => return cut_off::cut_off(state),
        Command::Revoke => return revoke(state),
        Command::ReviewChanges => review::show(state, true),
        Command::ApplyChanges => return connections::heard(state, RemoteMessage::Apply),
        Command::AddConnection => return connections::heard(state, RemoteMessage::New(VendorKind::Auth0)),
        Command::Pull => return connections::pull(state),
        Command::Mint => {
            let mut effects = tokens::page(state, TokenPage::Mint);
            show(state, Screen::Tokens);
            effects.extend(tokens::mint(state));
            return effects;
        }
        Command::AuditLog => return tokens::page(state, TokenPage::Audit),
        Command::SigningKeys => return tokens::page(state, TokenPage::Keys),
        Command::DecodeMinted => {
            if let Some(Ok(minted)) = &state.tokens.minted {
                let token = minted.token.clone();
                state.tokens.page = TokenPage::Decode;
                tokens::text(state, token);
            }
        }
        Command::Fleet => {
            show(state, Screen::Preview);
            state.fleet.shown = true;
        }
        Command::StillGranted => {
            show(state, Screen::Applications);
            return views::take(state, Some(views::REVIEW));
        }
        Command::NewGuardrail => {
            show(state, Screen::Guardrails);
            return guardrails::typed(state, GuardrailEdit::new());
        }
        Command::KeepGuardrail => return guardrails::save(state),
        Command::SelectAll => {
            if let Some(registry) = state.policy().map(|policy| policy.registry().clone()) {
                state.applications.mark(Mark::All, &registry);
            }
        }
        Command::Remove => return removing::remove(state),
        Command::Enforce => {
            let lifetime = "1h".to_owned();
            if let Some(kept) = state.installs_in() {
                let chosen = super::installing::of_connection(&state.exporting.enforcement, &kept.connection);
                state.exporting.enforcement = chosen;
            }
            let effect = super::exporting::enforce(state, &lifetime);
            state.dialog = Some(Dialog::Enforce(lifetime));
            return Vec::from_iter(effect);
        }
        _ => state.dialog = dialog_of(state, command),
    }
    Vec::new()
}

fn dialog_of(state: &State, command: Command) -> Option<Dialog> {
    let path = |task, path: String| Some(Dialog::Path { task, path, error: None });
    let new = |what| Some(Dialog::New { what, id: String::new(), name: String::new(), error: None });
    let name = |what| Some(Dialog::Name { what, name: String::new(), error: None });
    match command {
        Command::NewApplication => new(NewWhat::Application(None)),
        Command::Duplicate => {
            let application = state.selected_application()?;
            Some(Dialog::New {
                what: NewWhat::Duplicate(application.client_id.clone()),
                id: format!("{}-copy", application.client_id),
                name: application.customer.clone(),
                error: None,
            })
        }
        Command::NewApi => new(NewWhat::Api),
        Command::NewScope => new(NewWhat::Scope(state.api.clone()?)),
        Command::SaveView => name(NameWhat::View),
        Command::SaveTemplate => {
            let id = state.selected_application()?.client_id.clone();
            name(NameWhat::Template(id))
        }
        Command::Reason => Some(Dialog::Reason(state.reason.clone())),
        Command::Open => path(FileTask::Open, String::new()),
        Command::New => path(FileTask::New, String::new()),
        Command::SaveCopy => path(FileTask::SaveCopy, state.beside("-copy.tenure")),
        Command::Import => path(FileTask::Import, String::new()),
        Command::Compare => path(FileTask::Compare, String::new()),
        Command::CopyFrom => path(FileTask::CopyFrom, String::new()),
        Command::Export => {
            let fleet = state.on_fleet();
            let which = match state.applications.marked.is_empty() {
                _ if fleet && state.fleet.filtered => Which::Shown,
                _ if fleet => Which::All,
                false => Which::Selected,
                true => Which::All,
            };
            Some(export(state, if fleet { Form::FleetCsv } else { Form::RegistryJson }, which))
        }
        Command::Review => {
            let (fleet, marked) = (state.on_fleet(), !state.applications.marked.is_empty());
            let filtered = (!fleet || state.fleet.filtered) && !state.view_now("").filter.is_empty();
            let which = match filtered {
                _ if marked && !fleet => Which::Selected,
                true => Which::Shown,
                false => Which::StillGranted,
            };
            Some(export(state, Form::ReviewMarkdown, which))
        }
        Command::Help => Some(Dialog::Help),
        _ => None,
    }
}

/// The dialog of an export, with a file beside the registry.
pub(super) fn export(state: &State, form: Form, which: Which) -> Dialog {
    Dialog::Export { form, which, path: state.export_path(form), error: None }
}

impl State {
    /// Where an export goes unless the person says otherwise: beside the registry.
    #[must_use]
    pub fn export_path(&self, form: Form) -> String {
        self.beside(&export_ending(self, form))
    }
}

/// How the file of an export ends that stands beside the registry.
fn export_ending(state: &State, form: Form) -> String {
    let word = match form {
        Form::RegistryJson | Form::RegistryYaml => String::new(),
        Form::ApplicationsCsv => "-applications".to_owned(),
        Form::FleetCsv | Form::FleetJson => "-overrun".to_owned(),
        Form::ReviewMarkdown | Form::ReviewCsv => {
            let day = state.at().to_utc().with_timezone(&state.settings.zone()).format("%Y-%m-%d");
            format!("-review-{day}")
        }
        Form::ReportMarkdown => "-report".to_owned(),
        Form::Auth0Action => "-action".to_owned(),
        Form::Auth0Deploy | Form::Auth0DeployFolder | Form::Auth0Terraform => "-auth0".to_owned(),
        Form::Authlete => "-authlete".to_owned(),
        Form::OidcProvider => "-policy".to_owned(),
    };
    let dot = if form.is_folder() { "" } else { "." };
    format!("{word}{dot}{}", form.extension())
}

/// An edit of many is planned and shown before it is made.
pub(super) fn many(state: &mut State, kind: BulkKind, text: &str) -> Vec<Effect> {
    let ids = state.chosen().iter().map(|app| app.client_id.clone()).collect();
    state.dialog = Some(Dialog::Bulk(Box::new(Bulk::new(kind, ids))));
    planning::typed(state, text.to_owned(), false)
}

/// Edits the one that is chosen at once, since one key takes it back; of several a plan is shown first.
fn each(
    state: &mut State,
    kind: BulkKind,
    text: &str,
    (rest, unchanged): (&str, &str),
    edit: impl Fn(&Arc<Application>) -> Option<Change>,
) -> Vec<Effect> {
    let chosen = state.chosen();
    let [one] = chosen.as_slice() else { return many(state, kind, text) };
    match edit(one) {
        Some(change) => commit(state, vec![(format!("{} {}{rest}", kind.verb(), one.title()), vec![change])]),
        None => {
            state.say(format!("{} {unchanged}", one.title()));
            Vec::new()
        }
    }
}

fn extend(state: &mut State, days: i64) -> Vec<Effect> {
    let now = state.now;
    let Ok(by) = Duration::from_seconds(days * 86_400) else { return Vec::new() };
    let words = (format!(" by {days} d"), "never ends; nothing to extend");
    let text = format!("{days}d");
    each(state, BulkKind::Extend, &text, (&words.0, words.1), |app| operation::extend(app, by, now))
}

/// Suspends all that are chosen; resumes them where all are suspended.
fn suspend(state: &mut State) -> Vec<Effect> {
    let suspended = |app: &Arc<Application>| app.status == ApplicationStatus::Suspended;
    if state.chosen().iter().all(suspended) {
        return each(state, BulkKind::Resume, "", ("", "is active"), operation::resume);
    }
    each(state, BulkKind::Suspend, "", ("", "is suspended"), operation::suspend)
}

/// Grants are not taken away, of one or of many, before it is seen what that does to lifetimes.
fn revoke(state: &mut State) -> Vec<Effect> {
    many(state, BulkKind::Revoke, "")
}

fn copy_explanation(state: &mut State, markdown: bool) -> Vec<Effect> {
    let Some(text) = state.explanation(markdown) else {
        state.fail("there is nothing to explain here; paste a token, or ask in the Preview");
        return Vec::new();
    };
    state.say("Explanation copied");
    vec![Effect::Copy(text)]
}

fn copy_command(state: &mut State) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    let profile = state.preview.profile.unwrap_or(open.registry().service.issuer_profile);
    let then = state.past_in_force();
    let text = state.preview.command_line(&open.path.display().to_string(), state.at(), then, profile);
    state.say("Command line copied");
    vec![Effect::Copy(text)]
}

pub(super) fn move_mark(state: &mut State, by: i32) {
    if let Some(palette) = &mut state.palette {
        let last = palette.hits.len().saturating_sub(1);
        palette.marked = palette.marked.saturating_add_signed(by as isize).min(last);
    }
}

pub(super) fn take_hit(state: &mut State) -> Vec<Effect> {
    let Some(palette) = state.palette.take() else { return Vec::new() };
    let Some(hit) = palette.hits.get(palette.marked) else { return Vec::new() };
    match &hit.target {
        Target::Command(command) => return run(state, *command),
        Target::Application(id) => {
            state.applications.selected = Some(id.clone());
            if state.screen == Screen::Preview {
                show(state, Screen::Preview);
            } else {
                show(state, Screen::Applications);
                state.refresh();
                let hidden =
                    state.policy().is_some_and(|p| state.applications.selected_row(p.registry()).is_none());
                if hidden {
                    state.applications.filter.clear();
                    state.applications.status = None;
                }
            }
        }
        Target::View(name) => {
            let name = name.clone();
            show(state, Screen::Applications);
            return views::take(state, Some(&name));
        }
        Target::Api(audience) | Target::Scope { audience } => {
            state.api = Some(audience.clone());
            show(state, Screen::Apis);
        }
    }
    Vec::new()
}

impl State {
    /// A path beside the open file with another ending.
    #[must_use]
    pub fn beside(&self, ending: &str) -> String {
        self.open.as_ref().map_or_else(String::new, |open| {
            let stem = open.path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            open.path.with_file_name(format!("{stem}{ending}")).display().to_string()
        })
    }

    /// The answer of the Preview in words, to paste into a ticket.
    #[must_use]
    pub fn explanation(&self, markdown: bool) -> Option<String> {
        // On the Tokens screen it is the token that was taken apart that is asked about.
        let (policy, request, then) = match self.token_in_hand() {
            Some((judge, request)) => (&judge.policy, request, judge.at),
            None if self.screen == Screen::Tokens => return None,
            None => {
                let then = self.past_in_force().then_some(self.at());
                (self.policy()?, self.preview.request(self.at()), then)
            }
        };
        let own = self.preview.profile.filter(|_| self.screen != Screen::Tokens);
        let profile = own.unwrap_or(policy.registry().service.issuer_profile);
        let times = self.times();
        let style = if markdown { Style::Markdown } else { Style::Plain };
        let mut text = explain(policy, &request, profile, style, &|at| format!("{} ({at})", times.zoned(at)));
        if let Some(at) = then {
            text.push_str(&format!("By the settings of {}.\n", times.zoned(at)));
        }
        Some(text)
    }
}
