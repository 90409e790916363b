//! The bytes of what is imported: one file, or the JSON files of a folder.

use super::{Format, ImportError, Problem};
use crate::registry::file::FileError;
use serde::de::DeserializeOwned;
use std::path::Path;

/// As many files as a folder may hold; more is another folder than the one that was meant.
const MOST: usize = 1_000_000;

/// One file, or those of a folder by their name within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    source: String,
    files: Vec<(String, Vec<u8>)>,
    folder: bool,
}

impl Files {
    /// One file at hand.
    #[must_use]
    pub fn one(source: &str, bytes: Vec<u8>) -> Self {
        Self { source: source.to_owned(), files: vec![(source.to_owned(), bytes)], folder: false }
    }

    /// Files of a folder at hand, by their names with `/` within it.
    #[must_use]
    pub fn of_folder(source: &str, mut files: Vec<(String, Vec<u8>)>) -> Self {
        files.sort();
        Self { source: source.to_owned(), files, folder: true }
    }

    /// Reads a file, or for the Deploy CLI a folder.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`] where the system refuses.
    pub fn load(format: Format, path: &Path) -> Result<Self, ImportError> {
        let source = path.display().to_string();
        let refused = |path: &Path, error: std::io::Error| ImportError::Unreadable {
            path: path.to_owned(),
            detail: error.to_string(),
        };
        if format != Format::Auth0Deploy || !path.is_dir() {
            let bytes = std::fs::read(path).map_err(|error| refused(path, error))?;
            return Ok(Self::one(&source, bytes));
        }
        if let Some(yaml) =
            ["tenant.yaml", "tenant.yml"].map(|name| path.join(name)).into_iter().find(|p| p.is_file())
        {
            return Self::load(format, &yaml);
        }
        let mut files = Vec::new();
        for part in super::auth0_deploy::FOLDERS {
            let folder = path.join(part);
            if !folder.is_dir() {
                continue;
            }
            let listed = std::fs::read_dir(&folder).map_err(|error| refused(&folder, error))?;
            for entry in listed.take(MOST) {
                let file = entry.map_err(|error| refused(&folder, error))?.path();
                let name =
                    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                if file.extension().is_some_and(|ending| ending == "json") && !name.starts_with('.') {
                    let bytes = std::fs::read(&file).map_err(|error| refused(&file, error))?;
                    files.push((format!("{part}/{name}"), bytes));
                }
            }
        }
        Ok(Self::of_folder(&source, files))
    }

    /// What the person named.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether these are the files of a folder.
    pub(super) fn is_folder(&self) -> bool {
        self.folder
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    pub(super) fn only(&self) -> Result<&[u8], ImportError> {
        self.iter().next().map(|(_, bytes)| bytes).ok_or_else(|| {
            let message = "there is no file in it that could be read".to_owned();
            ImportError::Problems(
                self.source.clone(),
                vec![Problem { line: 0, place: String::new(), message }],
            )
        })
    }

    /// The one file as text.
    pub(crate) fn text(&self) -> Result<&str, ImportError> {
        let bytes = self.only()?;
        std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            ImportError::Shape(FileError {
                source: self.source.clone(),
                line: before.iter().filter(|&&b| b == b'\n').count() + 1,
                column: before.rsplit(|&b| b == b'\n').next().map_or(0, <[u8]>::len) + 1,
                path: String::new(),
                message: "a byte is not UTF-8; save the file as UTF-8".to_owned(),
            })
        })
    }
}

/// Reads a document of JSON.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8], source: &str) -> Result<T, ImportError> {
    serde_json::from_slice(bytes).map_err(|error| {
        ImportError::Shape(FileError {
            source: source.to_owned(),
            line: error.line().max(1),
            column: error.column().max(1),
            path: String::new(),
            message: error.to_string(),
        })
    })
}
