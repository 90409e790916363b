//! Reading the history of a registry file.

use super::{Store, StoreError, checksum};
use crate::edit::{Draft, Entry, Sharing};
use crate::registry::{Instant, Registry};
use rusqlite::{Params, Row};

const COLUMNS: &str = "SELECT seq, at, who, reason, label, origin, changes, sum FROM history";

impl Store {
    /// The entries after this number, oldest first: what other programs have done since.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn entries_after(&self, seq: i64) -> Result<Vec<Entry>, StoreError> {
        self.read("WHERE seq > ?1 ORDER BY seq", [seq])
    }

    /// The whole history of a registry that was loaded, oldest first. What both have in common is held once, since after an
    /// edit of a hundred thousand a history is larger than its registry.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn history_of(&self, registry: &Registry) -> Result<Vec<Entry>, StoreError> {
        let mut sharing = Sharing::from(registry);
        let mut entries = Vec::new();
        self.each("ORDER BY seq DESC", [], &mut |mut entry| {
            sharing.take(&mut entry);
            entries.push(entry);
        })?;
        entries.reverse();
        Ok(entries)
    }

    /// The entries at and after this instant, oldest first: what [`crate::edit::rewind`] takes back.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn entries_since(&self, at: Instant) -> Result<Vec<Entry>, StoreError> {
        self.read("WHERE at >= ?1 ORDER BY seq", [at.seconds()])
    }

    /// The entry of this number.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn entry(&self, seq: i64) -> Result<Option<Entry>, StoreError> {
        Ok(self.read("WHERE seq = ?1", [seq])?.pop())
    }

    /// At most `limit` entries, newest first, from the newest or from before a number.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read.
    pub fn entries(&self, limit: usize, before_seq: Option<i64>) -> Result<Vec<Entry>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let before = before_seq.unwrap_or(i64::MAX);
        self.read("WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2", [before, limit])
    }

    fn read(&self, which: &str, values: impl Params) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        self.each(which, values, &mut |entry| entries.push(entry))?;
        Ok(entries)
    }

    fn each(&self, which: &str, values: impl Params, take: &mut dyn FnMut(Entry)) -> Result<(), StoreError> {
        let said = |error| self.said(error);
        let mut statement = self.connection.prepare_cached(&format!("{COLUMNS} {which}")).map_err(said)?;
        let mut rows = statement.query(values).map_err(said)?;
        while let Some(row) = rows.next().map_err(said)? {
            take(self.entry_of(row)?);
        }
        Ok(())
    }

    fn entry_of(&self, row: &Row<'_>) -> Result<Entry, StoreError> {
        let said = |error| self.said(error);
        let seq: i64 = row.get(0).map_err(said)?;
        let damaged = |detail: &dyn std::fmt::Display| {
            StoreError::damaged(&self.path, format_args!("entry {seq}: {detail}"))
        };
        let text = |column: usize| row.get::<_, String>(column).map_err(said);
        let changes = text(6)?;
        if checksum(&changes) != row.get::<_, i64>(7).map_err(said)? {
            return Err(damaged(&"it does not match its checksum"));
        }
        let draft = Draft {
            label: text(4)?,
            reason: text(3)?,
            origin: serde_json::from_str(&text(5)?).map_err(|error| damaged(&error))?,
            changes: serde_json::from_str(&changes).map_err(|error| damaged(&error))?,
        };
        Ok(Entry { seq, at: Instant::saturating(row.get(1).map_err(said)?), who: text(2)?, draft })
    }
}
