//! Files beside the window: exports are shown and written, registries and other files read.

use super::user;
use crate::app::{EnforceQuestion, FileTask, Message, ShowQuestion, Task};
use crate::export::{self, Asked, Form, Progress, Selection, Shown};
use crate::import::{Files, Format, ImportError, Mapping, Options, read};
use crate::policy::{Strategy, enforcement};
use crate::registry::{Registry, file};
use crate::store::Store;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file is shown as it will be written.
#[must_use]
pub fn show(question: &ShowQuestion) -> Message {
    let ShowQuestion { ticket, form, asked, only, path } = question;
    let asked = Asked { who: user(), ..Asked::clone(asked) };
    // A file that is far too long to compare is not read either.
    let read = |path: &Path| {
        let short = std::fs::metadata(path).ok().filter(|found| found.is_file())?.len() <= MOST;
        if short { std::fs::read(path).ok() } else { Some(vec![b'\n'; usize::try_from(MOST).ok()? + 1]) }
    };
    let old = |name: &str| {
        if path.as_os_str().is_empty() {
            return None;
        }
        if name.is_empty() { read(path) } else { read(&path.join(name)) }
    };
    let shown = Shown::of(*form, &asked, &selection(only.clone()), &old);
    Message::ExportShown(*ticket, Arc::new(shown))
}

const MOST: u64 = 4 << 20;

/// What each way of enforcing the ends of trials does.
#[must_use]
pub fn enforce(question: &EnforceQuestion) -> Message {
    let EnforceQuestion { registry, lifetime, at } = question;
    let effects = Strategy::all(*lifetime).map(|way| enforcement(registry, way, *at));
    Message::Enforced(*lifetime, Box::new(effects))
}

fn selection(only: Option<Vec<String>>) -> Selection {
    only.map_or(Selection::All, |ids| Selection::Only(ids.into_iter().collect()))
}

/// Does work on a file that needs no store.
#[must_use]
pub fn file_task(work: Task) -> Message {
    task(work, &mut |_, _| true)
}

/// The same, telling how far an export is.
pub(super) fn task(task: Task, progress: Progress<'_>) -> Message {
    match task {
        Task::Export { path, form, asked, only } => {
            Message::Written(write_export(path, form, *asked, only, progress))
        }
        Task::Read(task, path) => {
            let result = read_registry(&path).map(Box::new);
            Message::Read(task, path, result)
        }
        Task::Import { path, today, options } => import(path, &today, options.as_deref()),
        Task::Text(path, text) => {
            let written = export::write_file(&path, text.as_bytes()).map_err(|error| error.to_string());
            Message::Written(written.map(|()| path))
        }
        Task::SaveCopy(path) => {
            Message::Written(Err(format!("no registry is open to copy to {}", path.display())))
        }
    }
}

fn write_export(
    path: PathBuf,
    form: Form,
    asked: Asked,
    only: Option<Vec<String>>,
    progress: Progress<'_>,
) -> Result<PathBuf, String> {
    let asked = Asked { who: user(), ..asked };
    export::write_to(form, &asked, &selection(only), &path, progress).map_err(|error| error.to_string())?;
    Ok(path)
}

/// Reads a file to import; of a table the columns first. A local registry is read whole.
fn import(path: PathBuf, today: &Registry, options: Option<&Options>) -> Message {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tenure")) {
        let result = read_registry(&path).map(Box::new);
        return Message::Read(FileTask::Import, path, result);
    }
    let format = |bytes: &[u8]| Format::within(&path, bytes);
    let read_it = || -> Result<Message, ImportError> {
        let first = if path.is_dir() { Vec::new() } else { std::fs::read(&path).unwrap_or_default() };
        let format = format(&first);
        let files = Files::load(format, &path)?;
        match (format, options) {
            (Format::Csv, None) => {
                let mapping = Mapping::of(files.text()?, files.source(), &[])?;
                Ok(Message::TableFound(path.clone(), mapping))
            }
            (_, options) => {
                let imported = read(format, &files, today, &options.cloned().unwrap_or_default())?;
                Ok(Message::Imported(path.clone(), Ok(Box::new(imported))))
            }
        }
    };
    read_it().unwrap_or_else(|error| {
        let problems = error.to_string().lines().map(str::to_owned).collect();
        Message::Imported(path.clone(), Err(problems))
    })
}

/// Reads a registry from a JSON file or a local registry.
///
/// # Errors
/// A sentence where it cannot be read.
pub fn read_registry(path: &Path) -> Result<Registry, String> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{} cannot be read: {error}; check the path", path.display()))?;
        return file::read(&text, &path.display().to_string()).map_err(|error| error.to_string());
    }
    // The name of a connection stands for what is staged for it.
    let named = super::connections().place(&path.to_string_lossy()).staged();
    let file = if path.exists() || !named.exists() { path } else { &named };
    let store = Store::open(file).map_err(|error| error.to_string())?;
    let loaded = store.load().map_err(|error| error.to_string())?;
    Ok(loaded.registry)
}
