//! Secrets in the system's key store where there is one, else in a folder that only their owner can read.

use super::keys::{KeyFolder, KeyStore, KeyStoreError, Place};
use crate::token::Secret;
use std::io::ErrorKind;
use std::path::PathBuf;

/// A system's key store: Keychain, Credential Manager, Secret Service; tests put another one in its place.
pub trait Keyring: std::fmt::Debug + Send + Sync {
    /// A secret; nothing where there is none.
    ///
    /// # Errors
    /// What the system said.
    fn get(&self, name: &str) -> Result<Option<Secret>, String>;

    /// Stores a secret in place of what was there.
    ///
    /// # Errors
    /// What the system said.
    fn set(&self, name: &str, secret: &Secret) -> Result<(), String>;

    /// Forgets a secret; tells whether there was one.
    ///
    /// # Errors
    /// What the system said.
    fn forget(&self, name: &str) -> Result<bool, String>;
}

/// Secrets by name. A system's store cannot be listed everywhere, so that the folder holds an empty file with the name of
/// each secret that lies there, and the secrets themselves where the system has no store.
#[derive(Debug)]
pub struct Vault {
    folder: KeyFolder,
    keyring: Option<Box<dyn Keyring>>,
}

const MARK: &str = ".kept";

impl Vault {
    /// A vault over a folder, which need not exist yet, and a system's store where there is one.
    #[must_use]
    pub fn new(folder: PathBuf, keyring: Option<Box<dyn Keyring>>) -> Self {
        Self { folder: KeyFolder::new(folder), keyring }
    }

    /// A vault over a folder and this system's store. `TENURE_KEYS=folder` leaves the system's store alone.
    #[must_use]
    pub fn of_system(folder: PathBuf, service: &str) -> Self {
        let wanted = std::env::var_os("TENURE_KEYS").is_none_or(|place| place != "folder");
        Self::new(folder, wanted.then(|| system(service)).flatten())
    }

    /// Whether new secrets go to the system's store.
    #[must_use]
    pub const fn has_keyring(&self) -> bool {
        self.keyring.is_some()
    }

    fn mark(&self, name: &str) -> Result<PathBuf, KeyStoreError> {
        self.folder.file(name, MARK)
    }

    /// The system's store, where this name lies there.
    fn keyring(&self, name: &str) -> Result<Option<&dyn Keyring>, KeyStoreError> {
        if !self.mark(name)?.exists() {
            return Ok(None);
        }
        let detail = "there is no such store now; sign in to the desktop as before".to_owned();
        self.keyring.as_deref().map(Some).ok_or(KeyStoreError::System { name: name.to_owned(), detail })
    }
}

fn said(name: &str) -> impl FnOnce(String) -> KeyStoreError {
    let name = name.to_owned();
    move |detail| KeyStoreError::System { name, detail }
}

impl KeyStore for Vault {
    fn names(&self) -> Result<Vec<String>, KeyStoreError> {
        let mut names = self.folder.names()?;
        names.extend(self.folder.listed(MARK)?);
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn read(&self, name: &str) -> Result<Option<Secret>, KeyStoreError> {
        match self.keyring(name)? {
            Some(keyring) => keyring.get(name).map_err(said(name)),
            None => self.folder.read(name),
        }
    }

    fn write(&self, name: &str, key: &Secret) -> Result<(), KeyStoreError> {
        let Some(keyring) = &self.keyring else { return self.folder.write(name, key) };
        let mark = self.mark(name)?;
        if mark.exists() || self.folder.read(name)?.is_some() {
            return Err(KeyStoreError::Taken(name.to_owned()));
        }
        keyring.set(name, key).map_err(said(name))?;
        self.folder.put(&mark, &Secret::new(Vec::new())).inspect_err(|_| {
            let _unlisted = keyring.forget(name);
        })
    }

    fn remove(&self, name: &str) -> Result<bool, KeyStoreError> {
        let Some(keyring) = self.keyring(name)? else { return self.folder.remove(name) };
        keyring.forget(name).map_err(said(name))?;
        let mark = self.mark(name)?;
        match std::fs::remove_file(&mark) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(KeyStoreError::Refused { path: mark, detail: error.to_string() })
            }
            _ => Ok(true),
        }
    }

    fn place(&self, name: &str) -> Place {
        let marked = self.mark(name).is_ok_and(|mark| mark.exists());
        if marked { Place::System } else { Place::Folder }
    }
}

#[cfg(feature = "keyring")]
mod of_system {
    use super::{Keyring, Secret};
    use keyring::{Entry, v1::Error};

    /// This program's entries in the system's store.
    #[derive(Debug)]
    struct Entries(String);

    /// The system's store, where it answers.
    pub(super) fn system(service: &str) -> Option<Box<dyn Keyring>> {
        match Entry::store_status() {
            Ok(()) => Some(Box::new(Entries(service.to_owned()))),
            Err(error) => {
                tracing::info!("no system key store ({error}); secrets lie in a folder of their owner's");
                None
            }
        }
    }

    impl Entries {
        fn entry(&self, name: &str) -> Result<Entry, String> {
            Entry::new(&self.0, name).map_err(|error| error.to_string())
        }
    }

    impl Keyring for Entries {
        fn get(&self, name: &str) -> Result<Option<Secret>, String> {
            match self.entry(name)?.get_secret() {
                Ok(bytes) => Ok(Some(Secret::new(bytes))),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(error.to_string()),
            }
        }

        fn set(&self, name: &str, secret: &Secret) -> Result<(), String> {
            self.entry(name)?.set_secret(secret.expose()).map_err(|error| error.to_string())
        }

        fn forget(&self, name: &str) -> Result<bool, String> {
            match self.entry(name)?.delete_credential() {
                Ok(()) => Ok(true),
                Err(Error::NoEntry) => Ok(false),
                Err(error) => Err(error.to_string()),
            }
        }
    }
}

#[cfg(feature = "keyring")]
use of_system::system;

#[cfg(not(feature = "keyring"))]
fn system(_: &str) -> Option<Box<dyn Keyring>> {
    None
}
