//! What was pulled, object by object as the remote sent it, on this disk: a restart or a day offline loses nothing.
//!
//! A pull fills a second table and takes the place of the first in one transaction, so that a pull that is stopped or
//! fails leaves what was there.

use super::connections::disk;
use super::http::RemoteError;
use super::json;
use crate::registry::Instant;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The objects of one remote.
#[derive(Debug)]
pub struct Snapshot {
    connection: Connection,
    path: PathBuf,
}

/// How the last apply of one item ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its kind and id, as plans name them.
    pub entity: String,
    /// How it ended.
    pub outcome: String,
    /// What is to be said about it.
    pub detail: String,
}

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS object (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS grants ON object (kind, body ->> 'client_id');
CREATE TABLE IF NOT EXISTS incoming (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS result (entity TEXT PRIMARY KEY, outcome TEXT NOT NULL, detail TEXT NOT NULL) WITHOUT ROWID;
";

/// The version of these tables.
const VERSION: i64 = 1;

impl Snapshot {
    /// Opens it, or makes an empty one.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where it is damaged, from a newer version, or cannot be written.
    pub fn open(path: &Path) -> Result<Self, RemoteError> {
        let said = |error: rusqlite::Error| disk(path, error);
        let connection = Connection::open(path).map_err(said)?;
        connection.busy_timeout(Duration::from_secs(5)).map_err(said)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(said)?;
        if version > VERSION {
            return Err(disk(path, "it is from a newer version; use that one"));
        }
        if version == 0 {
            connection.execute_batch(&format!("{TABLES} PRAGMA user_version = {VERSION};")).map_err(said)?;
        }
        // A log beside the file costs one sync for each item of an apply; nobody mails this file.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(said)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(said)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    fn said(&self) -> impl Fn(rusqlite::Error) -> RemoteError + use<'_> {
        |error| disk(&self.path, error)
    }

    /// When it was pulled; nothing where it never was.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn pulled_at(&self) -> Result<Option<Instant>, RemoteError> {
        let text = self.meta("pulled_at")?;
        Ok(text.and_then(|text| text.parse().ok()).map(Instant::saturating))
    }

    /// A value that is kept beside the objects.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn meta(&self, name: &str) -> Result<Option<String>, RemoteError> {
        let sql = "SELECT value FROM meta WHERE name = ?1";
        self.connection.query_row(sql, [name], |row| row.get(0)).optional().map_err(self.said())
    }

    /// Keeps a value beside the objects.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn set_meta(&self, name: &str, value: &str) -> Result<(), RemoteError> {
        let sql = "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.connection.execute(sql, [name, value]).map_err(self.said())?;
        Ok(())
    }

    /// Begins to take in a pull; what an earlier one left is gone.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn begin_pull(&self) -> Result<(), RemoteError> {
        self.connection.execute("DELETE FROM incoming", []).map_err(self.said())?;
        Ok(())
    }

    /// Takes in a page of a pull; tells how many of its objects are new.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn take_in(&self, kind: &str, page: &[(String, Value)]) -> Result<usize, RemoteError> {
        let transaction = self.connection.unchecked_transaction().map_err(self.said())?;
        let mut new = 0;
        {
            let mut known = transaction
                .prepare_cached("SELECT 1 FROM incoming WHERE kind = ?1 AND id = ?2")
                .map_err(self.said())?;
            let mut put = transaction
                .prepare_cached("INSERT OR REPLACE INTO incoming VALUES (?1, ?2, ?3)")
                .map_err(self.said())?;
            for (id, body) in page {
                new += usize::from(!known.exists([kind, id]).map_err(self.said())?);
                put.execute(params![kind, id, without_secrets(body).to_string()]).map_err(self.said())?;
            }
        }
        transaction.commit().map_err(self.said())?;
        Ok(new)
    }

    /// Forgets what a pull took in of a kind, to read it again.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn forget_incoming(&self, kind: &str) -> Result<(), RemoteError> {
        self.connection.execute("DELETE FROM incoming WHERE kind = ?1", [kind]).map_err(self.said())?;
        Ok(())
    }

    /// Puts what a pull took in in the place of what was there.
    ///
    /// # Errors
    /// [`RemoteError::Disk`]; then what was there stays.
    pub fn end_pull(&self, at: Instant) -> Result<(), RemoteError> {
        let transaction = self.connection.unchecked_transaction().map_err(self.said())?;
        let swap = "DELETE FROM object; INSERT INTO object SELECT * FROM incoming; DELETE FROM incoming; DELETE FROM result;";
        transaction.execute_batch(swap).map_err(self.said())?;
        self.set_meta("pulled_at", &at.seconds().to_string())?;
        self.bump()?;
        transaction.commit().map_err(self.said())
    }

    /// A number that grows with every change, so that a plan made on an older state is known as one.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn generation(&self) -> Result<u64, RemoteError> {
        Ok(self.meta("generation")?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    fn bump(&self) -> Result<(), RemoteError> {
        self.set_meta("generation", &(self.generation()? + 1).to_string())
    }

    /// What was pulled last, with what was written since.
    #[must_use]
    pub const fn now(&self) -> View<'_> {
        View { snapshot: self, table: "object" }
    }

    /// What a pull has taken in that has not ended.
    #[must_use]
    pub const fn incoming(&self) -> View<'_> {
        View { snapshot: self, table: "incoming" }
    }

    /// Takes over what was read or written by itself: objects as they are now, or that they are gone. All of it, or nothing.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn put<'o>(
        &self,
        objects: impl IntoIterator<Item = (&'o str, &'o str, Option<&'o Value>)>,
    ) -> Result<(), RemoteError> {
        let transaction = self.connection.unchecked_transaction().map_err(self.said())?;
        for (kind, id, body) in objects {
            let done = match body {
                Some(body) => transaction
                    .prepare_cached("INSERT OR REPLACE INTO object VALUES (?1, ?2, ?3)")
                    .and_then(|mut put| put.execute(params![kind, id, without_secrets(body).to_string()])),
                None => transaction
                    .prepare_cached("DELETE FROM object WHERE kind = ?1 AND id = ?2")
                    .and_then(|mut put| put.execute([kind, id])),
            };
            done.map_err(self.said())?;
        }
        self.bump()?;
        transaction.commit().map_err(self.said())
    }

    /// Keeps how the apply of one item ended.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn keep_result(&self, item: &Item) -> Result<(), RemoteError> {
        let sql = "INSERT OR REPLACE INTO result VALUES (?1, ?2, ?3)";
        self.connection.execute(sql, params![item.entity, item.outcome, item.detail]).map_err(self.said())?;
        Ok(())
    }

    /// How the items of the last apply ended, by name.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn results(&self) -> Result<Vec<Item>, RemoteError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT entity, outcome, detail FROM result ORDER BY entity")
            .map_err(self.said())?;
        let rows = statement
            .query_map([], |row| Ok(Item { entity: row.get(0)?, outcome: row.get(1)?, detail: row.get(2)? }));
        rows.and_then(Iterator::collect).map_err(self.said())
    }

    /// Forgets how the last apply ended, before the next.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn forget_results(&self) -> Result<(), RemoteError> {
        self.connection.execute("DELETE FROM result", []).map_err(self.said())?;
        Ok(())
    }
}

/// An object without members that hold secrets, as those of clients and of Authlete's services do. A write begins from what
/// is read just before it, so that nothing that is left out here is lost there.
fn without_secrets(body: &Value) -> Value {
    const NAMES: [&str; 7] = ["secret", "jwks", "hsks", "password", "credential", "signing_key", "private"];
    match body {
        Value::Object(members) => {
            let shown = members.iter().filter(|(name, value)| {
                let name = name.to_lowercase();
                // A switch or a list of names is no secret, whatever it is called.
                value.is_boolean() || value.is_number() || !NAMES.iter().any(|part| name.contains(part))
            });
            // What people wrote there themselves is no credential of the vendor's.
            let free = |name: &str| matches!(name, "client_metadata" | "attributes");
            let kept =
                |value: &Value, name: &str| if free(name) { value.clone() } else { without_secrets(value) };
            Value::Object(shown.map(|(name, value)| (name.clone(), kept(value, name))).collect())
        }
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        value => value.clone(),
    }
}

/// One of the two tables of objects.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    snapshot: &'a Snapshot,
    table: &'static str,
}

impl View<'_> {
    /// Every object of a kind, by id.
    ///
    /// # Errors
    /// [`RemoteError::Disk`], also where an object is no JSON.
    pub fn each(&self, kind: &str, take: &mut dyn FnMut(&str, Value)) -> Result<(), RemoteError> {
        let said = self.snapshot.said();
        let sql = format!("SELECT id, body FROM {} WHERE kind = ?1 ORDER BY id", self.table);
        let mut statement = self.snapshot.connection.prepare_cached(&sql).map_err(&said)?;
        let mut rows = statement.query([kind]).map_err(&said)?;
        while let Some(row) = rows.next().map_err(&said)? {
            let text = |column| row.get_ref(column).and_then(|value| value.as_str().map_err(Into::into));
            let (id, body) = (text(0).map_err(&said)?, text(1).map_err(&said)?);
            take(id, json::read(body.as_bytes()).map_err(|error| disk(&self.snapshot.path, error))?);
        }
        Ok(())
    }

    /// The ids of the objects of a kind of which a member has this value.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn each_of(
        &self,
        kind: &str,
        member: &'static str,
        value: &str,
        take: &mut dyn FnMut(&str),
    ) -> Result<(), RemoteError> {
        let said = self.snapshot.said();
        // The member stands in the text, as it does in the index.
        let sql =
            format!("SELECT id FROM {} WHERE kind = ?1 AND body ->> '{member}' = ?2 ORDER BY id", self.table);
        let mut statement = self.snapshot.connection.prepare_cached(&sql).map_err(&said)?;
        let mut rows = statement.query([kind, value]).map_err(&said)?;
        while let Some(row) = rows.next().map_err(&said)? {
            take(row.get_ref(0).and_then(|id| id.as_str().map_err(Into::into)).map_err(&said)?);
        }
        Ok(())
    }

    /// One object.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn object(&self, kind: &str, id: &str) -> Result<Option<Value>, RemoteError> {
        let sql = format!("SELECT body FROM {} WHERE kind = ?1 AND id = ?2", self.table);
        let found = self.snapshot.connection.query_row(&sql, [kind, id], |row| row.get(0)).optional();
        let body: Option<String> = found.map_err(self.snapshot.said())?;
        body.map(|body| json::read(body.as_bytes()).map_err(|error| disk(&self.snapshot.path, error)))
            .transpose()
    }

    /// How many objects there are.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    pub fn count(&self) -> Result<u64, RemoteError> {
        let sql = format!("SELECT count(*) FROM {}", self.table);
        let count: i64 =
            self.snapshot.connection.query_row(&sql, [], |row| row.get(0)).map_err(self.snapshot.said())?;
        Ok(count.unsigned_abs())
    }
}
