//! What dialogs and files bring: exports, imports, comparisons, new entities.

use super::run::export as export_dialog;
use super::stored::commit;
use super::{
    Comparison, Content, Dialog, Effect, FileTask, KeyTask, NameWhat, NewWhat, RemoteTask, Screen, State,
    Subject, Task, TokenPage, Weighing, Which, audit, confirm, connections, copying, importing, planning,
    signing_in, tokens, views,
};
use crate::edit::{Change, Conflict, Draft, Entity, diff, import_changes, merge, operation, refused};
use crate::export::{Asked, Form, begins_note};
use crate::registry::{Api, Application, Scope, Template};
use std::path::PathBuf;
use std::sync::Arc;

pub(super) fn accept(state: &mut State) -> Vec<Effect> {
    let Some(dialog) = state.dialog.take() else { return Vec::new() };
    match dialog {
        Dialog::Export { form, which, path, .. } => {
            if path.trim().is_empty() {
                let error = Some("Write a path, or browse".to_owned());
                state.dialog = Some(Dialog::Export { form, which, path, error });
                return Vec::new();
            }
            let file = PathBuf::from(path.trim());
            state.dialog = Some(Dialog::Export { form, which, path, error: None });
            export(state, form, which, file)
        }
        Dialog::Path { task, path, .. } => {
            if path.trim().is_empty() {
                let error = Some("Write a path, or browse".to_owned());
                state.dialog = Some(Dialog::Path { task, path, error });
                return Vec::new();
            }
            // The dialog stays until it has worked, so that a path is not typed twice.
            let file = PathBuf::from(path.trim());
            state.dialog = Some(Dialog::Path { task, path, error: None });
            start(state, task, file)
        }
        Dialog::Compare(Comparison { path, changes, import: true, .. }) if !changes.is_empty() => {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            commit(state, vec![(format!("Import {name}"), changes)])
        }
        Dialog::Table(table) => importing::accept(state, *table),
        Dialog::Copying(copy) => copying::accept(state, *copy),
        Dialog::Enforce(_) => {
            state.dialog = Some(export_dialog(state, Form::Auth0Action, Which::All));
            Vec::new()
        }
        Dialog::Conflict { label, merge } => {
            let again = merge.again.into_iter().collect();
            commit(state, vec![(label, again)])
        }
        Dialog::Bulk(bulk) => planning::accept(state, bulk),
        Dialog::New { what, id, name, .. } => create(state, what, id, name),
        Dialog::Reason(reason) => {
            state.reason = reason.trim().to_owned();
            Vec::new()
        }
        Dialog::Name { what, name, .. } => match named(state, &what, name.trim()) {
            Ok(effects) => effects,
            Err(error) => {
                state.dialog = Some(Dialog::Name { what, name, error: Some(error) });
                Vec::new()
            }
        },
        Dialog::Connect(form) => connections::accept_form(state, form),
        Dialog::SignIn { connection, parts, then } => signing_in::accept(state, connection, parts, then),
        Dialog::Confirm(confirm) => confirm::accept(state, confirm),
        Dialog::Compare(_) | Dialog::CutOff(_) | Dialog::News(..) | Dialog::Help => Vec::new(),
    }
}

pub(super) fn browse(state: &State) -> Vec<Effect> {
    match &state.dialog {
        Some(Dialog::Export { .. }) => vec![Effect::Pick(FileTask::Export)],
        Some(Dialog::Path { task, .. }) => vec![Effect::Pick(*task)],
        _ => Vec::new(),
    }
}

pub(super) fn picked(state: &mut State, task: FileTask, path: PathBuf) -> Vec<Effect> {
    if let (FileTask::Export, Some(Dialog::Export { path: typed, .. })) = (task, &mut state.dialog) {
        *typed = path.display().to_string();
        return Vec::new();
    }
    state.dialog = None;
    start(state, task, path)
}

fn start(state: &mut State, task: FileTask, path: PathBuf) -> Vec<Effect> {
    match task {
        FileTask::Open => super::stored::open(state, path),
        FileTask::New => vec![Effect::Create(path, Content::Empty)],
        FileTask::Sample => vec![Effect::Create(path, Content::Sample)],
        FileTask::SaveCopy => {
            state.busy = Some("Saving a copy…".to_owned());
            vec![Effect::File(Task::SaveCopy(path))]
        }
        FileTask::Export => {
            let csv = path.extension().is_some_and(|ending| ending == "csv");
            export(state, if csv { Form::ApplicationsCsv } else { Form::RegistryJson }, Which::All, path)
        }
        FileTask::Log => audit::audit(state, path),
        FileTask::SaveAudit(form) => audit::save(state, form, path),
        FileTask::SaveToken => tokens::save(state, path),
        FileTask::Keys => vec![Effect::Keys(KeyTask::Read(path))],
        FileTask::ImportKey => {
            state.tokens.new_key.path = path.display().to_string();
            Vec::new()
        }
        FileTask::Jwks => vec![Effect::Keys(KeyTask::ExportPublic(path))],
        FileTask::Plan => {
            let plan = state.review.planned.as_ref().map(|planned| planned.plan.clone());
            plan.map(|plan| Effect::Remote(RemoteTask::SavePlan(path, plan))).into_iter().collect()
        }
        FileTask::Import => importing::start(state, path),
        FileTask::Compare | FileTask::CopyFrom => {
            state.busy = Some("Reading…".to_owned());
            vec![Effect::File(Task::Read(task, path))]
        }
    }
}

/// A file on the window opens where it belongs, by its ending: a registry is opened, JSON offered for import, keys are
/// taken to verify with, everything else is a log with tokens in it.
pub(super) fn dropped(state: &mut State, path: PathBuf) -> Vec<Effect> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let open = state.open.is_some();
    let task = match ending.as_str() {
        "json" | "csv" | "yaml" | "yml" if open => FileTask::Import,
        "pem" | "key" | "jwk" | "jwks" if open => FileTask::Keys,
        "log" | "txt" | "jsonl" | "jwt" | "ndjson" if open => FileTask::Log,
        _ => FileTask::Open,
    };
    let mut effects = match task {
        FileTask::Keys => tokens::page(state, TokenPage::Decode),
        FileTask::Log => tokens::page(state, TokenPage::Audit),
        _ => Vec::new(),
    };
    effects.extend(picked(state, task, path));
    effects
}

/// What an export is asked, and for which applications.
pub(super) fn asked(state: &State, form: Form, which: Which) -> Option<(Box<Asked>, Option<Vec<String>>)> {
    let (policy, open) = (state.policy()?.clone(), state.open.as_ref()?);
    let registry = policy.registry().clone();
    let shown = || {
        let rows = state.applications.rows.iter();
        rows.filter_map(|row| registry.applications().get(*row as usize))
            .map(|a| a.client_id.clone())
            .collect()
    };
    let only = match which {
        Which::All => None,
        Which::Shown => Some(shown()),
        Which::Selected => Some(state.chosen().iter().map(|a| a.client_id.clone()).collect()),
        Which::StillGranted => Some(state.still_granted()),
    };
    let filter = match which {
        Which::Shown => state.view_now("").filter,
        Which::Selected => format!("{} chosen by hand", super::applications_of(state.chosen().len())),
        Which::All => String::new(),
        Which::StillGranted => super::STILL_GRANTED.to_owned(),
    };
    let (fleet, page) = (matches!(form, Form::FleetCsv | Form::FleetJson), state.on_fleet());
    let asked = Box::new(Asked {
        profile: if fleet || page { state.fleet_profile() } else { registry.service.issuer_profile },
        timeline: open.timeline().clone(),
        policy,
        at: state.at(),
        ending_days: state.settings.ending_days,
        zone: state.settings.zone(),
        filter,
        order: page.then_some(state.fleet.sort),
        note: open
            .past
            .as_ref()
            .filter(|_| state.past_in_force())
            .and_then(|past| past.begins)
            .map(begins_note),
        who: String::new(),
        enforcement: state.exporting.enforcement.clone(),
    });
    Some((asked, only))
}

fn export(state: &mut State, form: Form, which: Which, path: PathBuf) -> Vec<Effect> {
    // One at a time: the second of two keys is not another export.
    if state.exporting.progress.is_some() {
        return Vec::new();
    }
    let Some((asked, only)) = asked(state, form, which) else { return Vec::new() };
    state.busy = Some("Exporting…".to_owned());
    state.exporting.progress = Some((0, 1));
    vec![Effect::File(Task::Export { path, form, asked, only })]
}

pub(super) fn read(
    state: &mut State,
    task: FileTask,
    path: PathBuf,
    result: Result<Box<crate::registry::Registry>, String>,
) -> Vec<Effect> {
    state.busy = None;
    match (result, &state.open) {
        (Err(error), _) => state.fail_in_dialog(error),
        (Ok(_), None) => {}
        (Ok(other), Some(_)) if task == FileTask::CopyFrom => {
            return copying::begin(state, path, Arc::new(*other));
        }
        (Ok(other), Some(open)) => {
            let comparison = Comparison {
                path,
                import: task == FileTask::Import,
                merge: false,
                changes: diff(open.registry(), &other),
                other: Arc::new(*other),
                notes: Vec::new(),
                weighing: Weighing::default(),
            };
            return compare(state, comparison);
        }
    }
    Vec::new()
}

/// The same import, replacing or merging.
pub(super) fn import_as(state: &mut State, merge: bool) -> Vec<Effect> {
    let (Some(Dialog::Compare(comparison)), Some(open)) = (&state.dialog, &state.open) else {
        return Vec::new();
    };
    let changes = import_changes(open.registry(), &comparison.other, merge);
    compare(state, Comparison { merge, changes, ..comparison.clone() })
}

/// Shows a comparison; its effect is counted beside the window.
pub(super) fn compare(state: &mut State, comparison: Comparison) -> Vec<Effect> {
    let (weighing, effect) = state.weigh_today(Subject::Dialog, comparison.changes.clone());
    state.dialog = Some(Dialog::Compare(Comparison { weighing, ..comparison }));
    Vec::from_iter(effect)
}

/// Keeps the list or an application under a name, as a view or a template.
fn named(state: &mut State, what: &NameWhat, name: &str) -> Result<Vec<Effect>, String> {
    let NameWhat::Template(client_id) = what else { return views::save(state, name) };
    if name.is_empty() {
        return Err("a name is needed; new applications are made by it".to_owned());
    }
    let registry = state.open.as_ref().ok_or("no registry is open")?.registry();
    let model =
        registry.application(client_id).ok_or_else(|| format!("application `{client_id}` is gone"))?;
    let template = Template::of(model, name, state.now);
    let Some(change) = operation::save_template(registry, template) else { return Ok(Vec::new()) };
    let effects = commit(state, vec![(format!("Save template {name}"), vec![change])]);
    if !effects.is_empty() {
        state.say(format!("New applications can begin with the template {name}"));
    }
    Ok(effects)
}

/// Shows an edit that somebody else's came before, field by field.
pub(super) fn conflict(state: &mut State, drafts: &[Draft], conflict: Conflict) {
    if let Some((draft, change)) = refused(drafts, &conflict) {
        let (label, merge) = (draft.label.clone(), Box::new(merge(change, conflict.theirs.as_deref())));
        state.dialog = Some(Dialog::Conflict { label, merge });
    }
}

impl Dialog {
    /// Whether it asks for a file.
    pub(super) fn asks_path(&self) -> bool {
        matches!(self, Self::Path { .. } | Self::Export { .. })
    }
}

impl State {
    /// Says what went wrong where the file was asked for, or at the bottom where that is gone.
    pub(super) fn fail_in_dialog(&mut self, words: String) {
        match &mut self.dialog {
            Some(Dialog::Path { error, .. } | Dialog::Export { error, .. }) => *error = Some(words),
            _ => self.fail(words),
        }
    }
}

fn create(state: &mut State, what: NewWhat, id: String, name: String) -> Vec<Effect> {
    let trimmed = id.trim().to_owned();
    match created(state, &what, &trimmed, name.trim()) {
        Ok((label, change)) => {
            let effects = commit(state, vec![(label, vec![change])]);
            match what {
                NewWhat::Application(_) | NewWhat::Duplicate(_) => {
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
        NewWhat::Application(_) | NewWhat::Duplicate(_) => {
            if registry.application(id).is_some() {
                return Err(format!("`{id}` is taken; client ids are unique"));
            }
            let customer = name.to_owned();
            let after = match what {
                NewWhat::Duplicate(of) => {
                    let model =
                        registry.application(of).ok_or_else(|| format!("application `{of}` is gone"))?;
                    Application { customer, ..operation::copy_of(model, id) }
                }
                NewWhat::Application(Some(name)) => {
                    let template =
                        registry.template(name).ok_or_else(|| format!("template `{name}` is gone"))?;
                    Application { customer, ..template.application(id, state.now) }
                }
                _ => Application { client_id: id.to_owned(), customer, ..Application::default() },
            };
            Ok((format!("Add {}", after.title()), operation::add_application(after)))
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
            let scope = Scope { name: id.to_owned(), description: name.to_owned(), ..Scope::default() };
            let change = operation::set_scope(api, scope).ok_or("nothing changes")?;
            Ok((format!("Add scope {id} to {}", api.title()), change))
        }
    }
}
