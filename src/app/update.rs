//! The only place that changes the state.

use super::{
    AsOf, Command, Comparison, Content, Dialog, Effect, FileTask, Focus, Message, NewWhat, Notice, Open, Palette,
    Preview, Saving, Screen, SettingsOf, State, Target, Task, ThemeChoice,
};
use crate::edit::{Change, Draft, Entity, Entry, diff, import_changes, operation};
use crate::policy::{Style, explain};
use crate::registry::{Api, Application, ApplicationStatus, Duration, Instant, Scope};
use std::path::PathBuf;
use std::sync::Arc;

/// Takes one message into account; what is to be done outside comes back.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    let effects = handle(state, message);
    state.refresh();
    effects
}

fn handle(state: &mut State, message: Message) -> Vec<Effect> {
    match message {
        Message::Tick(now) => state.now = now,
        Message::Run(command) => return run(state, command),
        Message::Show(screen) => show(state, screen),
        Message::SetClock(as_of) => set_clock(state, as_of),
        Message::SetSettingsOf(which) => state.settings_of = which,
        Message::Edit { label, changes } => return commit(state, vec![(label, changes)]),
        Message::UndoEntry(seq) => return undo(state, &[seq]),
        Message::UndoTo(seq) => {
            let after: Vec<i64> = state.open.as_ref().map(|o| o.stacks.after(seq).collect()).unwrap_or_default();
            return undo(state, &after);
        }
        Message::Filter(text) => state.applications.filter = text,
        Message::FilterStatus(status) => state.applications.status = status,
        Message::Sort(column) => {
            let sort = &mut state.applications.sort;
            sort.descending = sort.column == column && !sort.descending;
            sort.column = column;
        }
        Message::Select(client_id) => state.applications.selected = client_id,
        Message::SelectApi(audience) => state.api = audience,
        Message::Ask(preview) => state.preview = preview,
        Message::HistoryOf(of) => {
            state.history_of = of;
            state.screen = Screen::History;
        }
        Message::HistoryEntry(entry) => state.history_entry = entry,
        Message::PaletteQuery(query) => state.palette = Some(Palette::search(&query, state)),
        Message::PaletteMove(by) => move_mark(state, by),
        Message::PaletteTake => return take_hit(state),
        Message::Dialog(dialog) => {
            state.dialog = dialog;
            state.palette = None;
        }
        Message::Accept => return accept(state),
        Message::Browse => return browse(state),
        Message::Settings(settings) => {
            state.settings = settings;
            return vec![Effect::SaveSettings(state.settings.clone())];
        }
        Message::Dismiss => state.notice = None,
        Message::Copy { text, what } => {
            state.say(format!("{what} copied"));
            return vec![Effect::Copy(text)];
        }
        Message::Picked(task, path) => return picked(state, task, path),
        Message::NotPicked => {}
        Message::Dropped(paths) => return paths.into_iter().next().map_or_else(Vec::new, |path| dropped(state, path)),
        Message::Focused => state.focus = None,
        Message::Opened(result) => return opened(state, result),
        Message::Committed(result) => return committed(state, result),
        Message::Changed(entries) => changed(state, entries),
        Message::Written(result) => {
            state.busy = None;
            match result {
                Ok(path) => state.say(format!("Written to {}", path.display())),
                Err(error) => state.fail(error),
            }
        }
        Message::Read(task, result) => read(state, task, result),
    }
    Vec::new()
}

impl State {
    /// The selected application, in the settings in force.
    #[must_use]
    pub fn selected_application(&self) -> Option<&Arc<Application>> {
        self.policy()?.registry().application(self.applications.selected.as_deref()?)
    }

    /// Says a sentence at the bottom.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), error: false });
    }

    /// Says what went wrong.
    pub fn fail(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), error: true });
    }

    /// Brings what is derived from the registry and the clock up to date.
    fn refresh(&mut self) {
        let (at, now, past, ending_days) = (self.at(), self.now, self.past_in_force(), self.settings.ending_days);
        let wanted = match self.as_of {
            AsOf::At(at) if self.settings_of == SettingsOf::Then && at < now => Some(at),
            _ => None,
        };
        if let Some(open) = &mut self.open {
            if open.past.as_ref().map(|past| past.at) != wanted {
                open.rewind_to(wanted);
            }
            let policy = open.past.as_ref().filter(|_| wanted.is_some()).map_or(&open.policy, |past| &past.policy);
            let view = super::applications::View { policy, at, revision: open.revision, past, ending_days };
            self.applications.refresh(view);
        }
    }

    fn editable(&mut self) -> bool {
        match self.read_only() {
            None => true,
            Some(why) => {
                self.fail(why);
                false
            }
        }
    }
}

fn show(state: &mut State, screen: Screen) {
    if screen == Screen::Preview
        && let Some(policy) = state.policy()
    {
        let known = policy.registry().application(&state.preview.client_id).is_some();
        let chosen = state.applications.selected.clone();
        let other = chosen.as_deref().is_some_and(|id| id != state.preview.client_id);
        if !known || other {
            let first = policy.registry().applications().first().map(|a| a.client_id.clone());
            if let Some(id) = chosen.or(first) {
                state.preview = Preview { profile: state.preview.profile, ..Preview::about(policy.registry(), &id, None) };
            }
        }
    }
    state.screen = screen;
    state.palette = None;
    state.focus = None;
}

fn set_clock(state: &mut State, as_of: AsOf) {
    state.as_of = as_of;
    state.settings_of = SettingsOf::Then;
    state.focus = None;
}

/// Carries edits out in memory and sends them to the store; the status line says when they are on disk.
fn commit(state: &mut State, edits: Vec<(String, Vec<Change>)>) -> Vec<Effect> {
    let reason = state.reason.clone();
    let drafts = edits.into_iter().map(|(label, changes)| Draft::edit(label, reason.clone(), changes)).collect();
    send(state, drafts)
}

fn send(state: &mut State, drafts: Vec<Draft>) -> Vec<Effect> {
    if !state.editable() {
        return Vec::new();
    }
    let Some(open) = &mut state.open else { return Vec::new() };
    let changes: Vec<Change> = drafts.iter().flat_map(|draft| draft.changes.iter().cloned()).collect();
    if let Err(conflict) = open.apply(&changes) {
        state.fail(conflict.to_string());
        return Vec::new();
    }
    open.saving = match open.saving {
        Saving::Saved => Saving::Pending(1),
        Saving::Pending(n) => Saving::Pending(n + 1),
    };
    vec![Effect::Commit(drafts)]
}

fn undo(state: &mut State, seqs: &[i64]) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    let drafts: Vec<Draft> =
        seqs.iter().filter_map(|seq| open.entry(*seq)).map(|entry| Draft::undo(entry, state.reason.clone())).collect();
    if drafts.is_empty() {
        return Vec::new();
    }
    let said = match drafts.as_slice() {
        [one] => one.label.clone(),
        many => format!("Undone: {} edits", many.len()),
    };
    let effects = send(state, drafts);
    if !effects.is_empty() {
        state.say(said);
    }
    effects
}

fn redo(state: &mut State) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    let Some(entry) = open.stacks.next_redo().and_then(|seq| open.entry(seq)) else { return Vec::new() };
    let draft = Draft::redo(entry, state.reason.clone());
    let said = draft.label.clone();
    let effects = send(state, vec![draft]);
    if !effects.is_empty() {
        state.say(said);
    }
    effects
}

fn committed(state: &mut State, result: Result<Vec<Entry>, String>) -> Vec<Effect> {
    let Some(open) = &mut state.open else { return Vec::new() };
    open.saving = match open.saving {
        Saving::Pending(n) if n > 1 => Saving::Pending(n - 1),
        _ => Saving::Saved,
    };
    match result {
        Ok(entries) => {
            open.append(entries, false);
            Vec::new()
        }
        Err(error) => {
            // What is in memory is not what is on disk: show what is on disk.
            let path = open.path.clone();
            state.fail(error);
            vec![Effect::Open(path)]
        }
    }
}

fn changed(state: &mut State, entries: Vec<Entry>) {
    let Some(open) = &mut state.open else { return };
    let words = match entries.as_slice() {
        [one] => format!("{} changed this registry: {}", one.who, one.draft.label),
        many => format!("{} edits by another program", many.len()),
    };
    open.append(entries, true);
    state.say(words);
}

fn opened(state: &mut State, result: Result<Box<super::Opened>, String>) -> Vec<Effect> {
    state.busy = None;
    match result {
        Err(error) => {
            state.fail(error);
            Vec::new()
        }
        Ok(opened) => {
            let same = state.open.as_ref().is_some_and(|open| open.path == opened.path);
            let revision = state.open.as_ref().map_or(0, |open| open.revision + 1);
            state.settings.opened(opened.path.clone());
            let mut open = Open::new(*opened);
            open.revision = revision;
            state.open = Some(open);
            if !same {
                state.applications = super::Applications::default();
                (state.api, state.history_of, state.history_entry) = (None, None, None);
                (state.preview, state.as_of, state.screen) = (Preview::default(), AsOf::Live, Screen::Applications);
                state.dialog = None;
            }
            vec![Effect::SaveSettings(state.settings.clone())]
        }
    }
}

fn run(state: &mut State, command: Command) -> Vec<Effect> {
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
        Command::Remove => return remove(state),
        _ => state.dialog = dialog_of(state, command),
    }
    Vec::new()
}

fn dialog_of(state: &State, command: Command) -> Option<Dialog> {
    let path = |task, path: String| Some(Dialog::Path { task, path, error: None });
    let new = |what| Some(Dialog::New { what, id: String::new(), name: String::new(), error: None });
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
        Command::Reason => Some(Dialog::Reason(state.reason.clone())),
        Command::Open => path(FileTask::Open, String::new()),
        Command::New => path(FileTask::New, String::new()),
        Command::SaveCopy => path(FileTask::SaveCopy, beside(state, "-copy.tenure")),
        Command::Import => path(FileTask::Import, String::new()),
        Command::Compare => path(FileTask::Compare, String::new()),
        Command::Export => Some(Dialog::Export {
            csv: false,
            filtered: false,
            path: beside(state, ".json"),
            error: None,
        }),
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

fn extend(state: &mut State, days: i64) -> Vec<Effect> {
    let now = state.now;
    let Some(application) = state.selected_application() else { return Vec::new() };
    let Ok(by) = Duration::from_seconds(days * 86_400) else { return Vec::new() };
    let title = application.title().to_owned();
    match operation::extend(application, by, now) {
        Some(change) => commit(state, vec![(format!("Extend {title} by {days} d"), vec![change])]),
        None => {
            state.say(format!("{title} never ends; nothing to extend"));
            Vec::new()
        }
    }
}

fn suspend(state: &mut State) -> Vec<Effect> {
    let Some(application) = state.selected_application() else { return Vec::new() };
    let mut after = Application::clone(application);
    let (status, verb) = match after.status {
        ApplicationStatus::Active => (ApplicationStatus::Suspended, "Suspend"),
        ApplicationStatus::Suspended => (ApplicationStatus::Active, "Resume"),
    };
    after.status = status;
    let label = format!("{verb} {}", application.title());
    let changes = Change::application(application, after).into_iter().collect();
    commit(state, vec![(label, changes)])
}

fn remove(state: &mut State) -> Vec<Effect> {
    let Some(application) = state.selected_application() else { return Vec::new() };
    let label = format!("Delete {}", application.title());
    let change = Change::remove(Entity::Application(application.clone()));
    let next = state.applications.selected_row(state.policy().map(|p| p.registry().as_ref()).unwrap_or(&Default::default()));
    let effects = commit(state, vec![(label.clone(), vec![change])]);
    state.refresh();
    let row = next.and_then(|at| state.applications.rows.get(at.min(state.applications.rows.len().saturating_sub(1))));
    let id = row.and_then(|row| state.policy()?.registry().applications().get(*row as usize).map(|a| a.client_id.clone()));
    state.applications.selected = id;
    if !effects.is_empty() {
        state.say(format!("{label}: undo brings it back"));
    }
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

fn move_mark(state: &mut State, by: i32) {
    if let Some(palette) = &mut state.palette {
        let last = palette.hits.len().saturating_sub(1);
        palette.marked = palette.marked.saturating_add_signed(by as isize).min(last);
    }
}

fn take_hit(state: &mut State) -> Vec<Effect> {
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
                let hidden = state.policy().is_some_and(|p| state.applications.selected_row(p.registry()).is_none());
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

fn accept(state: &mut State) -> Vec<Effect> {
    let Some(dialog) = state.dialog.take() else { return Vec::new() };
    match dialog {
        Dialog::Export { csv, filtered, path, .. } => {
            if path.trim().is_empty() {
                let error = Some("write a path, or browse".to_owned());
                state.dialog = Some(Dialog::Export { csv, filtered, path, error });
                return Vec::new();
            }
            export(state, csv, filtered, PathBuf::from(path.trim()))
        }
        Dialog::Path { task, path, .. } => {
            if path.trim().is_empty() {
                let error = Some("write a path, or browse".to_owned());
                state.dialog = Some(Dialog::Path { task, path, error });
                return Vec::new();
            }
            picked(state, task, PathBuf::from(path.trim()))
        }
        Dialog::Compare(Comparison { path, changes, import: true, .. }) if !changes.is_empty() => {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            commit(state, vec![(format!("Import {name}"), changes)])
        }
        Dialog::New { what, id, name, .. } => create(state, what, id, name),
        Dialog::Reason(reason) => {
            state.reason = reason.trim().to_owned();
            Vec::new()
        }
        Dialog::Compare(_) | Dialog::Help => Vec::new(),
    }
}

fn browse(state: &State) -> Vec<Effect> {
    match &state.dialog {
        Some(Dialog::Export { .. }) => vec![Effect::Pick(FileTask::Export)],
        Some(Dialog::Path { task, .. }) => vec![Effect::Pick(*task)],
        _ => Vec::new(),
    }
}

fn picked(state: &mut State, task: FileTask, path: PathBuf) -> Vec<Effect> {
    if let (FileTask::Export, Some(Dialog::Export { path: typed, .. })) = (task, &mut state.dialog) {
        *typed = path.display().to_string();
        return Vec::new();
    }
    state.dialog = None;
    match task {
        FileTask::Open => {
            state.busy = Some("Opening…".to_owned());
            vec![Effect::Open(path)]
        }
        FileTask::New => vec![Effect::Create(path, Content::Empty)],
        FileTask::Sample => vec![Effect::Create(path, Content::Sample)],
        FileTask::SaveCopy => {
            state.busy = Some("Saving a copy…".to_owned());
            vec![Effect::File(Task::SaveCopy(path))]
        }
        FileTask::Export => export(state, path.extension().is_some_and(|e| e == "csv"), false, path),
        FileTask::Import | FileTask::Compare => {
            state.busy = Some("Reading…".to_owned());
            vec![Effect::File(Task::Read(task, path))]
        }
    }
}

/// A file on the window opens where it belongs: a registry is opened, a JSON file is offered for import.
fn dropped(state: &mut State, path: PathBuf) -> Vec<Effect> {
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let task = if json && state.open.is_some() { FileTask::Import } else { FileTask::Open };
    picked(state, task, path)
}

fn export(state: &mut State, csv: bool, filtered: bool, path: PathBuf) -> Vec<Effect> {
    let Some(policy) = state.policy() else { return Vec::new() };
    let registry = policy.registry().clone();
    let only = filtered.then(|| {
        let rows = state.applications.rows.iter();
        rows.filter_map(|row| registry.applications().get(*row as usize)).map(|a| a.client_id.clone()).collect()
    });
    state.busy = Some("Exporting…".to_owned());
    vec![Effect::File(Task::Export { path, csv, registry, only })]
}

fn read(state: &mut State, task: FileTask, result: Result<Box<crate::registry::Registry>, String>) {
    state.busy = None;
    match (result, &state.open) {
        (Err(error), _) => state.fail(error),
        (Ok(_), None) => {}
        (Ok(other), Some(open)) => {
            let changes = diff(open.registry(), &other);
            state.dialog = Some(Dialog::Compare(Comparison {
                path: PathBuf::new(),
                other: Arc::new(*other),
                import: task == FileTask::Import,
                merge: false,
                changes,
            }));
        }
    }
}

impl Comparison {
    /// The same import, replacing or merging.
    #[must_use]
    pub fn with_merge(&self, today: &crate::registry::Registry, merge: bool) -> Self {
        Self { merge, changes: import_changes(today, &self.other, merge), ..self.clone() }
    }
}

fn create(state: &mut State, what: NewWhat, id: String, name: String) -> Vec<Effect> {
    let trimmed = id.trim().to_owned();
    match created(state, &what, &trimmed, name.trim()) {
        Ok((label, change)) => {
            let effects = commit(state, vec![(label, vec![change])]);
            match what {
                NewWhat::Application | NewWhat::Duplicate(_) => {
                    state.applications.selected = Some(trimmed);
                    state.screen = Screen::Applications;
                }
                NewWhat::Api => state.api = Some(trimmed),
                NewWhat::Scope(_) => {}
            }
            effects
        }
        Err(error) => {
            state.dialog = Some(Dialog::New { what, id, name, error: Some(error) });
            Vec::new()
        }
    }
}

fn created(state: &State, what: &NewWhat, id: &str, name: &str) -> Result<(String, Change), String> {
    let registry = state.open.as_ref().ok_or("no registry is open")?.registry();
    if id.is_empty() {
        return Err("an id is needed; it is what tokens name".to_owned());
    }
    match what {
        NewWhat::Application | NewWhat::Duplicate(_) => {
            if registry.application(id).is_some() {
                return Err(format!("`{id}` is taken; client ids are unique"));
            }
            let model = match what {
                NewWhat::Duplicate(of) => registry.application(of).map(|a| Application::clone(a)).unwrap_or_default(),
                _ => Application::default(),
            };
            let after = Application { client_id: id.to_owned(), customer: name.to_owned(), external_id: None, ..model };
            let label = format!("Add {}", after.title());
            Ok((label, Change::add(Entity::Application(Arc::new(after)))))
        }
        NewWhat::Api => {
            if registry.api(id).is_some() {
                return Err(format!("`{id}` is taken; audiences are unique"));
            }
            let api = Api { audience: id.to_owned(), name: name.to_owned(), ..Api::default() };
            Ok((format!("Add API {}", api.title()), Change::add(Entity::Api(Arc::new(api)))))
        }
        NewWhat::Scope(audience) => {
            let api = registry.api(audience).ok_or_else(|| format!("API `{audience}` is gone"))?;
            if api.scope(id).is_some() {
                return Err(format!("`{id}` is taken; scopes of an API are unique"));
            }
            let mut after = Api::clone(api);
            after.scopes.push(Scope { name: id.to_owned(), description: name.to_owned(), ..Scope::default() });
            let change = Change::api(api, after).ok_or("nothing changes")?;
            Ok((format!("Add scope {id} to {}", api.title()), change))
        }
    }
}

/// The instant at which the list next changes by itself, for the window to wake at.
#[must_use]
pub fn next_wake(state: &State) -> Option<Instant> {
    (state.as_of == AsOf::Live).then_some(state.applications.next_transition).flatten()
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
