//! Where keys are kept: outside of the registry, where only their owner can read them.

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

    fn file(&self, name: &str) -> Result<PathBuf, KeyStoreError> {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if starts && name.len() <= 64 && name.chars().all(known) {
            Ok(self.0.join(format!("{name}{EXTENSION}")))
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

impl KeyStore for KeyFolder {
    fn names(&self) -> Result<Vec<String>, KeyStoreError> {
        let entries = match std::fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(refused(&self.0)(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let file = entry.map_err(refused(&self.0))?.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(EXTENSION));
            names.extend(name.filter(|name| self.file(name).is_ok()).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    fn read(&self, name: &str) -> Result<Option<Secret>, KeyStoreError> {
        let path = self.file(name)?;
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refused(&path)(error)),
        }
    }

    fn write(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError> {
        let path = self.file(name)?;
        create_private(&self.0).map_err(refused(&self.0))?;
        // A temporary file is its owner's alone from the start.
        let mut file =
            tempfile::Builder::new().prefix(".tenure-").tempfile_in(&self.0).map_err(refused(&self.0))?;
        file.write_all(key.expose()).and_then(|()| file.as_file().sync_all()).map_err(refused(&path))?;
        match file.persist_noclobber(&path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                Err(KeyStoreError::Taken(name.to_owned()))
            }
            Err(error) => Err(refused(&path)(error.error)),
        }
    }

    fn remove(&self, name: &str) -> Result<bool, KeyStoreError> {
        let path = self.file(name)?;
        match std::fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(refused(&path)(error)),
        }
    }
}

fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
