//! Creating, opening, reading and copying a registry file.

use super::{Loaded, Store, StoreError, checksum, schema};
use crate::edit::{Origin, UndoStacks};
use crate::registry::{Api, Application, Guardrail, Instant, Registry, SavedView, Service, Template};
use rusqlite::{Connection, OpenFlags, params};
use serde::Serialize;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

impl Store {
    /// Creates a registry file, whole or not at all; its history begins at `at`.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where there is a file of this name, and where it cannot be written.
    pub fn create(path: impl AsRef<Path>, registry: &Registry, at: Instant) -> Result<Self, StoreError> {
        let path = path.as_ref();
        if path.exists() {
            return Err(StoreError::Exists(path.to_owned()));
        }
        let temporary = temporary_beside(path)?;
        let mut connection =
            Connection::open(temporary.path()).map_err(|error| StoreError::from_sqlite(path, error))?;
        fill(&mut connection, path, registry, at)?;
        connection.close().map_err(|(_, error)| StoreError::from_sqlite(path, error))?;
        temporary.persist_noclobber(path).map_err(|error| StoreError::from_io(path, &error.error))?;
        sync_folder(path)?;
        Self::open(path)
    }

    /// Opens a registry file; one that is write-protected opens read-only.
    ///
    /// # Errors
    /// [`StoreError`] where it is missing, something else, from a newer version or damaged.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        check_header(path)?;
        let said = |error| StoreError::from_sqlite(path, error);
        let flags = |access| access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // SQLite itself falls back to reading alone where the system lets nobody write.
        let mut connection =
            Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE)).map_err(said)?;
        configure(&connection).map_err(said)?;
        let read_only = connection.is_readonly("main").map_err(said)?;
        schema::migrate(&mut connection, path, schema::MIGRATIONS)?;
        Ok(Self { connection, path: path.to_owned(), read_only })
    }

    /// Opens a registry file to read it alone, whatever the system allows.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        check_header(path)?;
        let said = |error| StoreError::from_sqlite(path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags).map_err(said)?;
        connection.busy_timeout(PATIENCE).map_err(said)?;
        schema::migrate(&mut connection, path, schema::MIGRATIONS)?;
        Ok(Self { connection, path: path.to_owned(), read_only: true })
    }

    /// Opens a registry file, or read-only a registry as JSON, whose history begins when the file was written.
    ///
    /// # Errors
    /// As [`Store::open`]; [`StoreError::File`] for JSON that is not a registry.
    pub fn open_any(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
            return Self::open(path);
        }
        let io = |error: std::io::Error| StoreError::from_io(path, &error);
        let bytes = std::fs::read(path).map_err(io)?;
        let registry = crate::registry::file::read_bytes(&bytes, &path.display().to_string())?;
        let written = std::fs::metadata(path).and_then(|data| data.modified()).map_err(io)?;
        let seconds = written.duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let mut connection =
            Connection::open_in_memory().map_err(|error| StoreError::from_sqlite(path, error))?;
        let begins = Instant::saturating(i64::try_from(seconds).unwrap_or(i64::MAX));
        fill(&mut connection, path, &registry, begins)?;
        Ok(Self { connection, path: path.to_owned(), read_only: true })
    }

    /// Reads everything, as it stands at one moment.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where what stands there is not what was written.
    pub fn load(&self) -> Result<Loaded, StoreError> {
        let said = |error| self.said(error);
        let moment = self.connection.unchecked_transaction().map_err(said)?;
        let service: Service = self.one("service")?;
        let apis: Vec<Api> = self.all("api")?;
        let applications: Vec<Application> = self.all("application")?;
        let guardrails: Vec<Guardrail> = self.all("guardrail")?;
        let views: Vec<SavedView> = self.all("view")?;
        let templates: Vec<Template> = self.all("template")?;
        let meta = |name: &str| -> Result<i64, StoreError> {
            let sql = "SELECT value FROM meta WHERE name = ?1";
            self.connection.query_row(sql, [name], |row| row.get(0)).map_err(said)
        };
        let count = 1 + apis.len() + applications.len() + guardrails.len() + views.len() + templates.len();
        if i64::try_from(count) != Ok(meta("entities")?) {
            return Err(StoreError::damaged(&self.path, "entities are missing"));
        }
        let (last_seq, stacks) = self.stacks()?;
        let begins = Instant::saturating(meta("begins")?);
        moment.commit().map_err(said)?;
        let registry = Registry::new(service, apis, applications, guardrails).with(views, templates);
        Ok(Loaded { registry, begins, last_seq, stacks, read_only: self.read_only })
    }

    fn stacks(&self) -> Result<(i64, UndoStacks), StoreError> {
        let said = |error| self.said(error);
        let mut stacks = UndoStacks::default();
        let mut last_seq = 0;
        let mut rows =
            self.connection.prepare_cached("SELECT seq, origin FROM history ORDER BY seq").map_err(said)?;
        let mut rows = rows.query([]).map_err(said)?;
        while let Some(row) = rows.next().map_err(said)? {
            let seq: i64 = row.get(0).map_err(said)?;
            if seq != last_seq + 1 {
                return Err(StoreError::damaged(&self.path, "entries of history are missing"));
            }
            let origin = row.get_ref(1).map_err(said)?.as_str().map_err(|e| said(e.into()))?;
            let origin: Origin =
                serde_json::from_str(origin).map_err(|e| StoreError::damaged(&self.path, e))?;
            stacks.push(seq, origin);
            last_seq = seq;
        }
        Ok((last_seq, stacks))
    }

    fn one<T: serde::de::DeserializeOwned>(&self, kind: &str) -> Result<T, StoreError> {
        let gone = || StoreError::damaged(&self.path, format_args!("the {kind} is missing"));
        self.all(kind)?.into_iter().next().ok_or_else(gone)
    }

    fn all<T: serde::de::DeserializeOwned>(&self, kind: &str) -> Result<Vec<T>, StoreError> {
        let said = |error| self.said(error);
        let sql = "SELECT id, doc, sum FROM entity WHERE kind = ?1 ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql).map_err(said)?;
        let mut rows = statement.query([kind]).map_err(said)?;
        let mut list = Vec::new();
        while let Some(row) = rows.next().map_err(said)? {
            let text = |column| {
                let value: rusqlite::types::ValueRef<'_> = row.get_ref(column)?;
                value.as_str().map_err(rusqlite::Error::from)
            };
            let (id, doc) = (text(0).map_err(said)?, text(1).map_err(said)?);
            if checksum(doc) != row.get::<_, i64>(2).map_err(said)? {
                return Err(StoreError::damaged(
                    &self.path,
                    format_args!("{kind} `{id}` does not match its checksum"),
                ));
            }
            list.push(
                serde_json::from_str(doc).map_err(|error| {
                    StoreError::damaged(&self.path, format_args!("{kind} `{id}`: {error}"))
                })?,
            );
        }
        Ok(list)
    }

    /// Writes a copy with its history: to a temporary file, synced, renamed. A file of this name is replaced.
    ///
    /// # Errors
    /// [`StoreError`] where it cannot be written, or where it is this very file.
    pub fn save_copy(&self, path: impl AsRef<Path>) -> Result<(), StoreError> {
        let path = path.as_ref();
        if let (Ok(here), Ok(there)) = (self.path.canonicalize(), path.canonicalize())
            && here == there
        {
            return Err(StoreError::Exists(path.to_owned()));
        }
        copy_to(&self.connection, &self.path, path)
    }
}

/// Copies an open registry to a new file. Errors in reading name `from`.
pub(super) fn copy_to(connection: &Connection, from: &Path, to: &Path) -> Result<(), StoreError> {
    let io = |error: std::io::Error| StoreError::from_io(to, &error);
    let temporary = temporary_beside(to)?;
    let target = temporary.path().to_string_lossy();
    connection.execute("VACUUM INTO ?1", [target]).map_err(|error| {
        let damaged = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt);
        StoreError::from_sqlite(if damaged { from } else { to }, error)
    })?;
    // VACUUM INTO does not sync what it wrote.
    File::options().write(true).open(temporary.path()).and_then(|file| file.sync_all()).map_err(io)?;
    temporary.persist(to).map_err(|error| io(error.error))?;
    sync_folder(to)
}

/// Writes the tables and a whole registry.
fn fill(c: &mut Connection, path: &Path, registry: &Registry, at: Instant) -> Result<(), StoreError> {
    let said = |error| StoreError::from_sqlite(path, error);
    configure(c).map_err(said)?;
    schema::migrate(c, path, schema::MIGRATIONS)?;
    let transaction = c.transaction().map_err(said)?;
    insert(&transaction, "service", "", &*registry.service).map_err(said)?;
    for api in registry.apis() {
        insert(&transaction, "api", &api.audience, &**api).map_err(said)?;
    }
    for application in registry.applications() {
        insert(&transaction, "application", &application.client_id, &**application).map_err(said)?;
    }
    for guardrail in registry.guardrails() {
        insert(&transaction, "guardrail", &guardrail.name, &**guardrail).map_err(said)?;
    }
    for view in registry.views() {
        insert(&transaction, "view", &view.name, &**view).map_err(said)?;
    }
    for template in registry.templates() {
        insert(&transaction, "template", &template.name, &**template).map_err(said)?;
    }
    let meta = "INSERT INTO meta SELECT 'entities', count(*) FROM entity UNION ALL SELECT 'begins', ?1";
    transaction.execute(meta, [at.seconds()]).map_err(said)?;
    transaction.commit().map_err(said)
}

fn insert(c: &Connection, kind: &str, id: &str, entity: &impl Serialize) -> Result<(), rusqlite::Error> {
    let doc = serde_json::to_string(entity).unwrap_or_default();
    c.prepare_cached("INSERT INTO entity VALUES (?1, ?2, ?3, ?4)")?.execute(params![
        kind,
        id,
        doc,
        checksum(&doc)
    ])?;
    Ok(())
}

fn configure(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "synchronous", "EXTRA")
}

/// Tells a registry from other files before SQLite touches it: an empty file would become a database.
fn check_header(path: &Path) -> Result<(), StoreError> {
    let io = |error: std::io::Error| StoreError::from_io(path, &error);
    let mut file = File::open(path).map_err(io)?;
    if !file.metadata().map_err(io)?.is_file() {
        return Err(StoreError::NotARegistry(path.to_owned()));
    }
    let mut header = Vec::with_capacity(100);
    (&mut file).take(100).read_to_end(&mut header).map_err(io)?;
    let id = header.get(68..72).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes);
    if !header.starts_with(b"SQLite format 3\0") || id.map(i64::from) != Some(schema::APPLICATION_ID) {
        return Err(StoreError::NotARegistry(path.to_owned()));
    }
    Ok(())
}

/// An empty file in the folder of `path`, gone again unless it is renamed.
fn temporary_beside(path: &Path) -> Result<tempfile::NamedTempFile, StoreError> {
    tempfile::Builder::new()
        .prefix(".tenure-")
        .tempfile_in(folder(path))
        .map_err(|error| StoreError::from_io(path, &error))
}

fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// A renamed file is durable only when its folder is. Not every system lets a folder be synced.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let io = |error: std::io::Error| StoreError::from_io(path, &error);
        File::open(folder(path)).and_then(|folder| folder.sync_all()).map_err(io)?;
    }
    Ok(())
}
