//! The tables of a registry file and their versions.

use super::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// SQLite's `application_id` of a registry: `Tnre`.
pub(super) const APPLICATION_ID: i64 = 0x546e_7265;

/// What makes each version from the one before, from nothing to the newest; a file's `user_version` counts them.
pub(super) const MIGRATIONS: &[&str] = &["
    CREATE TABLE entity (kind TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL, sum INTEGER NOT NULL,
        PRIMARY KEY (kind, id)) WITHOUT ROWID;
    CREATE TABLE history (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL,
        label TEXT NOT NULL, origin TEXT NOT NULL, changes TEXT NOT NULL, sum INTEGER NOT NULL);
    CREATE INDEX history_at ON history (at);
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"];

/// Brings a file to the newest version. A copy of it as it was stays beside it: `name.v1.bak`.
pub(super) fn migrate(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let said = |error| StoreError::from_sqlite(path, error);
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let version = |c: &Connection| c.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    let found = version(connection).map_err(said)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    if found == known {
        return Ok(());
    }
    if connection.is_readonly("main").map_err(said)? {
        return Err(StoreError::ReadOnly(path.to_owned()));
    }
    // An empty file that is just being created needs no copy.
    if found > 0 {
        let mut copy = path.as_os_str().to_owned();
        copy.push(format!(".v{found}.bak"));
        super::open::copy_to(connection, path, Path::new(&copy))?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(said)?;
    // Another program may have done it while this one waited for the lock.
    let from = usize::try_from(version(&transaction).map_err(said)?).unwrap_or_default();
    for step in steps.iter().skip(from) {
        transaction.execute_batch(step).map_err(said)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(said)?;
    transaction.pragma_update(None, "user_version", known).map_err(said)?;
    transaction.commit().map_err(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_file_is_copied_and_then_brought_up_to_date() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.tenure");
        let mut old = Connection::open(&path).unwrap();
        migrate(&mut old, &path, MIGRATIONS).unwrap();
        old.execute("INSERT INTO meta VALUES ('begins', 7)", []).unwrap();
        let steps = [MIGRATIONS.concat(), "ALTER TABLE meta ADD COLUMN more TEXT".to_owned()];
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        migrate(&mut old, &path, &steps).unwrap();
        let more =
            |c: &Connection| c.query_row("SELECT value FROM meta WHERE more IS NULL", [], |r| r.get(0));
        assert_eq!(more(&old), Ok(7_i64));
        let copy = Connection::open(folder.path().join("r.tenure.v1.bak")).unwrap();
        assert!(more(&copy).is_err());
        assert_eq!(copy.query_row("SELECT value FROM meta", [], |r| r.get(0)), Ok(7_i64));
        assert!(matches!(
            migrate(&mut old, &path, MIGRATIONS),
            Err(StoreError::Newer { found: 2, known: 1, .. })
        ));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.tenure");
        let mut file = Connection::open(&path).unwrap();
        migrate(&mut file, &path, MIGRATIONS).unwrap();
        let steps: Vec<&str> = MIGRATIONS.iter().copied().chain(["CREATE TABLE a (b); nonsense"]).collect();
        assert!(migrate(&mut file, &path, &steps).is_err());
        assert_eq!(file.query_row("PRAGMA user_version", [], |r| r.get(0)), Ok(1_i64));
        assert!(file.prepare("SELECT * FROM a").is_err());
    }
}
