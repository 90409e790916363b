//! A registry as YAML: read as the JSON file is, with the same refusals and their places.

use super::file::{Document, FileError, Version, newer, registry};
use super::{Registry, shape::Object};
use serde::de::DeserializeOwned;
use serde_saphyr::{Budget, Error, Options};

/// Reads a registry; `source` names the file in errors.
///
/// # Errors
/// [`FileError`] for every wrong shape, as [`super::file::read`].
pub fn read_yaml(text: &str, source: &str) -> Result<Registry, FileError> {
    if let Err(error) = read::<Object<Version>>(text, source)
        && newer(&error.message)
    {
        return Err(error);
    }
    read::<Object<Document>>(text, source).map(|document| registry(document.0))
}

/// Reads any document of YAML.
///
/// # Errors
/// [`FileError`] where it is none, or none of this shape.
pub fn read<T: DeserializeOwned>(text: &str, source: &str) -> Result<T, FileError> {
    // A document has no more nodes than bytes; what aliases may make of them stays bounded as the crate has it.
    let most = text.len().saturating_add(64);
    let mut budget = Budget::default();
    (budget.max_events, budget.max_nodes, budget.max_total_scalar_bytes) = (4 * most, most, most);
    let mut options = Options::default();
    options.budget = Some(budget);
    options.with_snippet = false;
    let mut path = String::new();
    let read = serde_saphyr::with_deserializer_from_str_with_options(text, options, |deserializer| {
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            path = error.path().to_string();
            error.into_inner()
        })
    });
    read.map_err(|error| described(&error, path, source))
}

fn described(error: &Error, path: String, source: &str) -> FileError {
    let error = error.without_snippet();
    let place = error.location();
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let message = error.to_string();
    // The place stands before the message already.
    let message = match (message.rfind(" at line "), message.split_once(": ")) {
        (Some(cut), _) => message.get(..cut).unwrap_or(&message).to_owned(),
        (None, Some((start, rest))) if start.contains("line") => rest.to_owned(),
        _ => message,
    };
    FileError {
        source: source.to_owned(),
        line: place.map_or(1, |place| count(place.line())),
        column: place.map_or(1, |place| count(place.column())),
        path: if path == "." { String::new() } else { path },
        message,
    }
}
