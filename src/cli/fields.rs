//! Values on the command line that several commands read.

use crate::registry::{Duration, MomentContext, parse_moment};

/// A duration, or `none` to clear it.
pub(super) fn duration_or_none(text: &str) -> Result<Option<Duration>, String> {
    if text == "none" {
        Ok(None)
    } else {
        text.parse().map(Some).map_err(|e: crate::registry::DurationError| e.to_string())
    }
}

/// An instant, or `none` to clear it.
pub(super) fn moment_or_none(
    text: &str,
    context: &MomentContext,
) -> Result<Option<crate::registry::Instant>, String> {
    if text == "none" {
        return Ok(None);
    }
    parse_moment(text, context).map(|moment| Some(moment.instant)).map_err(|error| error.to_string())
}

/// `key=value`; the key ends at the first `=`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is no pair; write key=value")),
    }
}

/// `audience scope scope…`, as in a token's `aud` and `scope`.
pub(super) fn access(text: &str) -> Result<(String, Vec<String>), String> {
    let mut words = text.split_whitespace().map(str::to_owned);
    let audience =
        words.next().ok_or_else(|| "access is missing; write 'AUDIENCE SCOPE SCOPE…'".to_owned())?;
    Ok((audience, words.collect()))
}

/// An id that is not empty.
pub(super) fn id(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("an id is not empty".to_owned()) } else { Ok(text.to_owned()) }
}
