//! What an exchange told: headers that matter, statuses and failures as errors with a name.

use super::retry::{Ending, Pace};
use super::{Call, RemoteError, Reply};
use crate::remote::json;
use reqwest::header::HeaderMap;
use serde_json::Value;
use std::error::Error;

/// How one attempt ended.
pub(super) struct Answer {
    pub(super) result: Result<Reply, RemoteError>,
    pub(super) ending: Ending,
    pub(super) pace: Pace,
}

impl Answer {
    /// Nothing was sent, and nothing will be.
    pub(super) fn plain(error: RemoteError) -> Self {
        Self { result: Err(error), ending: Ending::Answered, pace: Pace::default() }
    }

    /// No connection was made. A wrong certificate will not be right the next time.
    pub(super) fn not_sent(error: RemoteError) -> Self {
        let ending = match error {
            RemoteError::Certificate { .. } => Ending::Answered,
            _ => Ending::NotSent,
        };
        Self { result: Err(error), ending, pace: Pace::default() }
    }

    /// It was sent, and nothing whole came back.
    pub(super) fn lost(call: &Call<'_>, error: RemoteError) -> Self {
        Self { result: Err(Self::of_write(call, error)), ending: Ending::Lost, pace: Pace::default() }
    }

    /// A write whose answer cannot be read may have been carried out.
    pub(super) fn of_write(call: &Call<'_>, error: RemoteError) -> RemoteError {
        if call.is_write() {
            RemoteError::Unknown { what: call.what(), detail: error.to_string() }
        } else {
            error
        }
    }
}

/// What the headers say.
pub(super) struct Seen {
    pub(super) pace: Pace,
    pub(super) location: String,
}

pub(super) fn headers(headers: &HeaderMap) -> Seen {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let pace = Pace {
        retry_after: text("retry-after"),
        remaining: text("x-ratelimit-remaining").and_then(|text| text.trim().parse().ok()),
        reset: text("x-ratelimit-reset").and_then(|text| text.trim().parse().ok()),
    };
    // Only where it points to is told, not what it carries.
    let location = text("location").unwrap_or_default();
    let location = location.split(['?', '#']).next().unwrap_or_default().to_owned();
    Seen { pace, location }
}

/// A status that is no success, as the error that it means.
pub(super) fn status_error(
    call: &Call<'_>,
    host: &str,
    status: u16,
    body: &[u8],
    pace: &Pace,
) -> RemoteError {
    let (host, what, detail) = (host.to_owned(), call.what(), said(body));
    match status {
        401 => RemoteError::SignIn { host, detail },
        403 if call.sign_in => RemoteError::SignIn { host, detail },
        403 => RemoteError::NotPermitted { what, detail },
        404 => RemoteError::NotFound { what, detail },
        409 => RemoteError::Taken { what, detail },
        429 => {
            let seconds = pace.retry_after.as_deref().and_then(|text| text.trim().parse().ok()).unwrap_or(1);
            RemoteError::RateLimited { host, seconds }
        }
        500..=599 if call.is_write() => {
            RemoteError::Unknown { what, detail: format!("the remote failed with {status}: {detail}") }
        }
        500..=599 => RemoteError::Failing { host, status, detail },
        _ => RemoteError::Refused { what, status, detail },
    }
}

/// So much of what a remote says is shown.
const SHOWN: usize = 300;

/// What a remote says in its body: the members by which the vendors speak, else the beginning of the text.
fn said(body: &[u8]) -> String {
    let value = json::read(body).unwrap_or_default();
    let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let words = member("message").or_else(|| member("resultMessage")).or_else(|| member("error_description"));
    let words = words.or_else(|| member("error")).unwrap_or_else(|| {
        let text = String::from_utf8_lossy(body.get(..SHOWN.min(body.len())).unwrap_or_default());
        if text.trim_start().starts_with('<') {
            "a page for people, HTML".to_owned()
        } else {
            text.into_owned()
        }
    });
    let calm: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    let calm = calm.trim();
    if calm.is_empty() { "without a word".to_owned() } else { calm.to_owned() }
}

/// Why no answer came.
pub(super) fn transport_error(host: &str, error: &reqwest::Error) -> RemoteError {
    let (host, detail) = (host.to_owned(), innermost(error));
    let chain = chain(error);
    if chain.contains("certificate") {
        RemoteError::Certificate { host, detail }
    } else if chain.contains("dns error") || chain.contains("failed to lookup address") {
        RemoteError::NoSuchHost(host)
    } else if error.is_connect() {
        RemoteError::Unreachable { host, detail }
    } else {
        RemoteError::BrokenOff { host, detail }
    }
}

/// The first cause, which says most. Addresses stay out of it: a query may carry what is nobody's business.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    match cause.downcast_ref::<reqwest::Error>() {
        Some(_) => "the connection failed".to_owned(),
        None => cause.to_string(),
    }
}

fn chain(error: &reqwest::Error) -> String {
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(next) = cause {
        words = format!("{words} {next}").to_lowercase();
        cause = next.source();
    }
    words
}
