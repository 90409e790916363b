//! Carrying out edits: one transaction each, together with their entry of history.

use super::{Store, StoreError, checksum};
use crate::edit::{Change, Conflict, Draft, Entity, EntityRef, Entry, Kind};
use crate::registry::Instant;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

impl Store {
    /// Carries out one edit and writes it into history. When this returns, it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where an entity is not what the edit expects; then, and on every other error,
    /// nothing was changed.
    pub fn commit(&mut self, draft: &Draft, at: Instant, who: &str) -> Result<Entry, StoreError> {
        let entries = self.commit_all(std::slice::from_ref(draft), at, who)?;
        let none = || StoreError::damaged(&self.path, "the edit left no entry");
        entries.into_iter().next().ok_or_else(none)
    }

    /// Carries out several edits, all or none, an entry of history each.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn commit_all(&mut self, drafts: &[Draft], at: Instant, who: &str) -> Result<Vec<Entry>, StoreError> {
        self.commit_while(drafts, at, who, &mut |_, _| true)
    }

    /// The same, asking every few hundred changes whether to go on: how many are written, and of how many.
    ///
    /// # Errors
    /// As [`Store::commit`], and [`StoreError::Stopped`].
    pub fn commit_while(
        &mut self,
        drafts: &[Draft],
        at: Instant,
        who: &str,
        go_on: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Vec<Entry>, StoreError> {
        const STRIDE: usize = 256;
        let of: usize = drafts.iter().map(|draft| draft.changes.len()).sum();
        let mut done = 0_usize;
        if self.read_only {
            return Err(StoreError::ReadOnly(self.path.clone()));
        }
        let path = self.path.clone();
        let said = |error| StoreError::from_sqlite(&path, error);
        let immediate = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(immediate).map_err(said)?;
        let last = "SELECT seq, at FROM history ORDER BY seq DESC LIMIT 1";
        let last = transaction.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?))).optional();
        let (mut seq, last_at): (i64, i64) = last.map_err(said)?.unwrap_or_default();
        let begins = "SELECT value FROM meta WHERE name = 'begins'";
        let begins: i64 = transaction.query_row(begins, [], |row| row.get(0)).map_err(said)?;
        // A clock that was set back must not reorder history.
        let at = Instant::saturating(at.seconds().max(last_at).max(begins));
        let mut entries = Vec::with_capacity(drafts.len());
        for draft in drafts {
            seq += 1;
            for change in &draft.changes {
                if done.is_multiple_of(STRIDE) && !go_on(done, of) {
                    return Err(StoreError::Stopped);
                }
                done += 1;
                carry_out(&transaction, change).map_err(|refused| match refused {
                    Refused::Sqlite(error) => said(error),
                    Refused::Conflict(conflict) => StoreError::Conflict(conflict),
                    Refused::Damaged(detail) => StoreError::damaged(&path, detail),
                })?;
            }
            let entry = Entry { seq, at, who: who.to_owned(), draft: draft.clone() };
            append(&transaction, &entry).map_err(said)?;
            entries.push(entry);
        }
        transaction.commit().map_err(said)?;
        Ok(entries)
    }
}

enum Refused {
    Sqlite(rusqlite::Error),
    Conflict(Conflict),
    Damaged(String),
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn carry_out(c: &Connection, change: &Change) -> Result<(), Refused> {
    let entity = change.reference();
    let theirs = stored(c, &entity)?;
    let expected = change.before().cloned().map(normal);
    if theirs != expected {
        return Err(Refused::Conflict(Conflict { entity, theirs: theirs.map(Box::new) }));
    }
    let (kind, id) = (entity.kind.as_str(), &entity.id);
    let delta = i64::from(change.after().is_some()) - i64::from(theirs.is_some());
    match change.after() {
        Some(after) => {
            let doc = document(after);
            c.prepare_cached("INSERT OR REPLACE INTO entity VALUES (?1, ?2, ?3, ?4)")?.execute(params![
                kind,
                id,
                doc,
                checksum(&doc)
            ])?;
        }
        // A registry has a service as long as it lives.
        None if entity.kind == Kind::Service => return Ok(()),
        None => {
            c.prepare_cached("DELETE FROM entity WHERE kind = ?1 AND id = ?2")?.execute(params![kind, id])?;
        }
    }
    if delta != 0 {
        c.prepare_cached("UPDATE meta SET value = value + ?1 WHERE name = 'entities'")?.execute([delta])?;
    }
    Ok(())
}

/// The entity as the file holds it now.
fn stored(c: &Connection, which: &EntityRef) -> Result<Option<Entity>, Refused> {
    let doc: Option<(String, i64)> = c
        .prepare_cached("SELECT doc, sum FROM entity WHERE kind = ?1 AND id = ?2")?
        .query_row(params![which.kind.as_str(), which.id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((doc, sum)) = doc else { return Ok(None) };
    if checksum(&doc) != sum {
        return Err(Refused::Damaged(format!("{which} does not match its checksum")));
    }
    parsed(which.kind, &doc).map(Some).map_err(|error| Refused::Damaged(format!("{which}: {error}")))
}

fn parsed(kind: Kind, doc: &str) -> Result<Entity, serde_json::Error> {
    Ok(match kind {
        Kind::Service => Entity::Service(serde_json::from_str(doc)?),
        Kind::Api => Entity::Api(serde_json::from_str(doc)?),
        Kind::Application => Entity::Application(serde_json::from_str(doc)?),
        Kind::Guardrail => Entity::Guardrail(serde_json::from_str(doc)?),
        Kind::View => Entity::View(serde_json::from_str(doc)?),
        Kind::Template => Entity::Template(serde_json::from_str(doc)?),
    })
}

/// The same entity with its lists in order, as reading it would leave it.
fn normal(entity: Entity) -> Entity {
    parsed(entity.reference().kind, &document(&entity)).unwrap_or(entity)
}

fn document(entity: &Entity) -> String {
    let doc = match entity {
        Entity::Service(service) => serde_json::to_string(service),
        Entity::Api(api) => serde_json::to_string(api),
        Entity::Application(application) => serde_json::to_string(application),
        Entity::Guardrail(guardrail) => serde_json::to_string(guardrail),
        Entity::View(view) => serde_json::to_string(view),
        Entity::Template(template) => serde_json::to_string(template),
    };
    // Entities hold nothing that JSON cannot: texts, numbers, and maps with texts as keys.
    doc.unwrap_or_default()
}

fn append(c: &Connection, entry: &Entry) -> Result<(), rusqlite::Error> {
    let Draft { label, reason, origin, changes } = &entry.draft;
    let origin = serde_json::to_string(origin).unwrap_or_default();
    let changes = serde_json::to_string(changes).unwrap_or_default();
    let values =
        params![entry.seq, entry.at.seconds(), entry.who, reason, label, origin, changes, checksum(&changes)];
    c.prepare_cached("INSERT INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(values)?;
    Ok(())
}
