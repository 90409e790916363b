//! Where connections lie on this disk: a folder for each, which is its owner's alone.

use super::connection::Connection;
use super::http::RemoteError;
use std::fmt;
use std::path::{Path, PathBuf};

/// The folder of all connections.
#[derive(Debug, Clone)]
pub struct Connections(PathBuf);

/// What lies in a connection's folder.
#[derive(Debug, Clone)]
pub struct Place {
    folder: PathBuf,
}

impl Connections {
    /// Connections in this folder, which need not exist yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Those in the program's folder for data.
    #[must_use]
    pub fn of(data: &Path) -> Self {
        Self(data.join("connections"))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Where one's things lie.
    #[must_use]
    pub fn place(&self, name: &str) -> Place {
        Place { folder: self.0.join(name) }
    }

    /// The connection whose staged registry this file is.
    #[must_use]
    pub fn of_file(&self, staged: &Path) -> Option<Connection> {
        let folder = staged.parent()?;
        let name = folder.file_name()?.to_str()?;
        let here = self.place(name).staged();
        (here == staged || here.canonicalize().ok()? == staged.canonicalize().ok()?)
            .then(|| self.read(name).ok())?
    }

    /// All of them, by name, those that cannot be read with the reason.
    #[must_use]
    pub fn list(&self) -> Vec<(String, Result<Connection, RemoteError>)> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let named = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> = named.filter(|name| self.place(name).settings().is_file()).collect();
        names.sort();
        names.into_iter().map(|name| (name.clone(), self.read(&name))).collect()
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where there is none of this name, or its file is damaged.
    pub fn read(&self, name: &str) -> Result<Connection, RemoteError> {
        let path = self.place(name).settings();
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                let detail = "there is no such connection; `tenure connect list` shows them".to_owned();
                RemoteError::Disk { path: name.to_owned(), detail }
            }
            _ => disk(&path, error),
        })?;
        let connection: Connection = serde_json::from_str(&text).map_err(|error| disk(&path, error))?;
        connection.check()?;
        Ok(connection)
    }

    /// Keeps one; its folder is its owner's alone.
    ///
    /// # Errors
    /// [`RemoteError`] where it cannot be used or written.
    pub fn write(&self, connection: &Connection) -> Result<(), RemoteError> {
        connection.check()?;
        let place = self.place(&connection.name);
        crate::disk::private_folder(&place.folder).map_err(|error| disk(&place.folder, error))?;
        let text =
            serde_json::to_string_pretty(connection).map_err(|error| disk(&place.settings(), error))?;
        write_whole(&place.settings(), format!("{text}\n").as_bytes())
    }

    /// Forgets one, with its snapshot and staged edits. The remote is not touched, an overlay of the person's choice stays.
    ///
    /// # Errors
    /// [`RemoteError::Disk`] where the system refuses.
    pub fn remove(&self, name: &str) -> Result<(), RemoteError> {
        let place = self.place(name);
        self.read(name)
            .map(|_| ())
            .or_else(|error| if place.settings().exists() { Ok(()) } else { Err(error) })?;
        std::fs::remove_dir_all(&place.folder).map_err(|error| disk(&place.folder, error))
    }
}

impl Place {
    /// The connection's settings.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.folder.join("connection.json")
    }

    /// What was pulled.
    #[must_use]
    pub fn snapshot(&self) -> PathBuf {
        self.folder.join("snapshot.sqlite")
    }

    /// The registry with the staged edits.
    #[must_use]
    pub fn staged(&self) -> PathBuf {
        self.folder.join("staged.tenure")
    }

    /// The overlay, where the person chose no other file.
    #[must_use]
    pub fn overlay(&self) -> PathBuf {
        self.folder.join("overlay.json")
    }
}

pub(super) fn disk(path: &Path, error: impl fmt::Display) -> RemoteError {
    RemoteError::Disk { path: path.display().to_string(), detail: error.to_string() }
}

/// Writes a file whole or not at all, durably.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RemoteError> {
    crate::disk::write_whole(path, bytes).map_err(|refused| disk(&refused.path, refused.error))
}
