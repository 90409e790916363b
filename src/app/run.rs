//! What commands and the palette's lines do.

use super::guardrails;
use super::update::{commit, redo, set_clock, show, undo};
use super::{
    AsOf, Bulk, BulkKind, Command, Dialog, Effect, FileTask, Focus, GuardrailEdit, Mark, NewWhat, Palette,
    Screen, SettingsOf, State, Target, ThemeChoice, Which, applications_of,
};
use crate::edit::{Change, operation};
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
        Command::Show(screen) => show(state, screen),
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
        Command::Preview => show(state, Screen::Preview),
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
        Command::Suspend => return suspend(state),
        Command::Revoke => return revoke(state),
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
        Command::Remove => return remove(state),
        _ => state.dialog = dialog_of(state, command),
    }
    Vec::new()
}

fn dialog_of(state: &State, command: Command) -> Option<Dialog> {
    let path = |task, path: String| Some(Dialog::Path { task, path, error: None });
    let new = |what| Some(Dialog::New { what, id: String::new(), name: String::new(), error: None });
    let bulk = |kind| {
        let ids = state.chosen().iter().map(|app| app.client_id.clone()).collect();
        Some(Dialog::Bulk(Box::new(Bulk::new(kind, ids))))
    };
    match command {
        Command::NewApplication => new(NewWhat::Application),
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
        Command::Extend => bulk(BulkKind::Extend),
        Command::SetEnd => bulk(BulkKind::SetEnd),
        Command::Tag => bulk(BulkKind::Tag),
        Command::Grant => bulk(BulkKind::Grant),
        Command::Reason => Some(Dialog::Reason(state.reason.clone())),
        Command::Open => path(FileTask::Open, String::new()),
        Command::New => path(FileTask::New, String::new()),
        Command::SaveCopy => path(FileTask::SaveCopy, beside(state, "-copy.tenure")),
        Command::Import => path(FileTask::Import, String::new()),
        Command::Compare => path(FileTask::Compare, String::new()),
        Command::Export => {
            let which = if state.applications.marked.is_empty() { Which::All } else { Which::Selected };
            Some(Dialog::Export { csv: false, which, path: beside(state, ".json"), error: None })
        }
        Command::Help => Some(Dialog::Help),
        _ => None,
    }
}

/// A path beside the open file with another ending.
pub(super) fn beside(state: &State, ending: &str) -> String {
    state.open.as_ref().map_or_else(String::new, |open| {
        let stem = open.path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        open.path.with_file_name(format!("{stem}{ending}")).display().to_string()
    })
}

/// `Extend Acme by 7 d`, `Extend 5 applications by 7 d`.
fn label(verb: &str, chosen: &[Arc<Application>], rest: &str) -> String {
    match chosen {
        [one] => format!("{verb} {}{rest}", one.title()),
        many => format!("{verb} {}{rest}", applications_of(many.len())),
    }
}

/// Edits all that are chosen in one step; says what happened where there are many.
fn each(
    state: &mut State,
    verb: &str,
    rest: &str,
    unchanged: &str,
    edit: impl Fn(&Arc<Application>) -> Option<Change>,
) -> Vec<Effect> {
    let chosen = state.chosen();
    let label = label(verb, &chosen, rest);
    let changes: Vec<Change> = chosen.iter().filter_map(edit).collect();
    match (changes.len(), chosen.as_slice()) {
        (0, [one]) => {
            state.say(format!("{} {unchanged}", one.title()));
            return Vec::new();
        }
        (0, _) => {
            state.say(format!("All {} {unchanged}", applications_of(chosen.len())));
            return Vec::new();
        }
        _ => {}
    }
    let said = format!("{label}: undo takes it back");
    let effects = commit(state, vec![(label, changes)]);
    if !effects.is_empty() && chosen.len() > 1 {
        state.say(said);
    }
    effects
}

fn extend(state: &mut State, days: i64) -> Vec<Effect> {
    let now = state.now;
    let Ok(by) = Duration::from_seconds(days * 86_400) else { return Vec::new() };
    let rest = format!(" by {days} d");
    each(state, "Extend", &rest, "never ends; nothing to extend", |app| operation::extend(app, by, now))
}

/// Suspends all that are chosen; resumes them where all are suspended.
fn suspend(state: &mut State) -> Vec<Effect> {
    let suspended = |app: &Arc<Application>| app.status == ApplicationStatus::Suspended;
    if state.chosen().iter().all(suspended) {
        return each(state, "Resume", "", "is active", operation::resume);
    }
    each(state, "Suspend", "", "is suspended", operation::suspend)
}

fn revoke(state: &mut State) -> Vec<Effect> {
    each(state, "Revoke access of", "", "has no access to revoke", operation::revoke_all)
}

fn remove(state: &mut State) -> Vec<Effect> {
    let next = state
        .applications
        .selected_row(state.policy().map(|p| p.registry().as_ref()).unwrap_or(&Default::default()));
    let chosen = state.chosen();
    let label = label("Delete", &chosen, "");
    let changes = chosen.iter().map(operation::remove_application).collect();
    let effects = commit(state, vec![(label.clone(), changes)]);
    if effects.is_empty() {
        return effects;
    }
    state.applications.marked.clear();
    state.refresh();
    let row = next
        .and_then(|at| state.applications.rows.get(at.min(state.applications.rows.len().saturating_sub(1))));
    let id = row.and_then(|row| {
        state.policy()?.registry().applications().get(*row as usize).map(|a| a.client_id.clone())
    });
    state.applications.selected = id;
    state.say(format!("{label}: undo brings it back"));
    effects
}

fn copy_explanation(state: &mut State, markdown: bool) -> Vec<Effect> {
    let Some(text) = state.explanation(markdown) else { return Vec::new() };
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
        Target::Api(audience) | Target::Scope { audience } => {
            state.api = Some(audience.clone());
            show(state, Screen::Apis);
        }
    }
    Vec::new()
}

impl State {
    /// The answer of the Preview in words, to paste into a ticket.
    #[must_use]
    pub fn explanation(&self, markdown: bool) -> Option<String> {
        let policy = self.policy()?;
        let request = self.preview.request(self.at());
        let profile = self.preview.profile.unwrap_or(policy.registry().service.issuer_profile);
        let times = self.times();
        let style = if markdown { Style::Markdown } else { Style::Plain };
        let mut text = explain(policy, &request, profile, style, &|at| format!("{} ({at})", times.zoned(at)));
        if self.past_in_force() {
            text.push_str(&format!("By the settings of {}.\n", times.zoned(self.at())));
        }
        Some(text)
    }
}
