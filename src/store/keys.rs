//! Where keys are kept: outside of the registry, where only their owner can read them.

use crate::disk::private_folder;
use crate::token::Secret;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A place for keys by name: a folder, or a system's key store.
pub trait KeyStore {
    /// The names, sorted.
    ///
    /// # Errors
    /// [`KeyStoreError`] where the place cannot be read.
    fn names(&self) -> Result<Vec<String>, KeyStoreError>;

    /// A key as it was stored: PEM, JWK or JWKS. Nothing where there is none of this name.
    ///
    /// # Errors
    /// [`KeyStoreError`] where it cannot be read.
    fn read(&self, name: &str) -> Result<Option<Secret>, KeyStoreError>;

    /// Stores a key under a new name.
    ///
    /// # Errors
    /// [`KeyStoreError`] where the name is taken or cannot be one, or the place cannot be written.
    fn write(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError>;

    /// Removes a key; tells whether there was one.
    ///
    /// # Errors
    /// [`KeyStoreError`] where it cannot be removed.
    fn remove(&self, name: &str) -> Result<bool, KeyStoreError>;

    /// Where the secret of this name lies.
    fn place(&self, name: &str) -> Place;
}

/// Where a secret lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the system's key store.
    System,
    /// In a file that only its owner can read.
    Folder,
}

impl Place {
    /// In words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::System => "in the system's key store",
            Self::Folder => "in a file that only you can read",
        }
    }
}

/// Why a key could not be stored or found.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// A name that no file may have.
    #[error(
        "`{0}` cannot be the name of a key; use letters, digits, `-`, `_` and `.`, at most 64, a letter or digit first"
    )]
    Name(String),
    /// The name is in use.
    #[error("there is a key named `{0}` already; delete it first, or choose another name")]
    Taken(String),
    /// The system refused.
    #[error("`{}` cannot be used ({detail}); check its permissions", .path.display())]
    Refused {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// The system's key store refused.
    #[error("the system's key store does not give or take `{name}` ({detail}); unlock it and try again")]
    System {
        /// The name of the secret.
        name: String,
        /// What the system said.
        detail: String,
    },
}

/// A folder with a file for each key, which only its owner can read.
#[derive(Debug, Clone)]
pub struct KeyFolder(PathBuf);

impl KeyFolder {
    /// The keys of a folder, which need not exist yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn file(&self, name: &str, extension: &str) -> Result<PathBuf, KeyStoreError> {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if starts && name.len() <= 64 && name.chars().all(known) {
            Ok(self.0.join(format!("{name}{extension}")))
        } else {
            Err(KeyStoreError::Name(name.to_owned()))
        }
    }
}

const EXTENSION: &str = ".key";

fn refused(path: &Path) -> impl FnOnce(std::io::Error) -> KeyStoreError {
    let path = path.to_owned();
    move |error| KeyStoreError::Refused { path, detail: error.to_string() }
}

impl KeyFolder {
    /// The names of the files that end so, sorted.
    pub(super) fn listed(&self, extension: &str) -> Result<Vec<String>, KeyStoreError> {
        let entries = match std::fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(refused(&self.0)(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.map_err(refused(&self.0))?.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(extension));
            names.extend(name.filter(|name| self.file(name, extension).is_ok()).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// Writes a new file of this folder, its owner's alone from the start.
    pub(super) fn put(&self, path: &Path, key: &Secret) -> Result<(), KeyStoreError> {
        private_folder(&self.0).map_err(refused(&self.0))?;
        let mut file =
            tempfile::Builder::new().prefix(".tenure-").tempfile_in(&self.0).map_err(refused(&self.0))?;
        file.write_all(key.expose()).and_then(|()| file.as_file().sync_all()).map_err(refused(path))?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                Err(KeyStoreError::Taken(name.into_owned()))
            }
            Err(error) => Err(refused(path)(error.error)),
        }
    }
}

impl KeyStore for KeyFolder {
    fn names(&self) -> Result<Vec<String>, KeyStoreError> {
        self.listed(EXTENSION)
    }

    fn read(&self, name: &str) -> Result<Option<Secret>, KeyStoreError> {
        let path = self.file(name, EXTENSION)?;
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refused(&path)(error)),
        }
    }

    fn write(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError> {
        self.put(&self.file(name, EXTENSION)?, key)
    }

    fn remove(&self, name: &str) -> Result<bool, KeyStoreError> {
        let path = self.file(name, EXTENSION)?;
        match std::fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(refused(&path)(error)),
        }
    }

    fn place(&self, _: &str) -> Place {
        Place::Folder
    }
}
