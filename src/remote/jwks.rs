//! The keys behind an address that a person typed. Nothing that a token names is ever fetched.

use super::http::{Access, Call, Limits, RemoteError, Stop, Wire, address};
use crate::token::KeySet;
use reqwest::Method;
use std::time::Duration;

/// A set of keys is small: so many bytes at most.
const SIZE: u64 = 1 << 20;
/// A person waits for it.
const TIME: Duration = Duration::from_secs(10);

/// Fetches a JWKS (RFC 7517 §5): https, or http of this machine; 1 MiB and ten seconds at most, redirects not followed.
///
/// # Errors
/// [`RemoteError`] where it is not there, too large, too slow or not JSON.
pub async fn fetch_jwks(url: &str, stop: &Stop) -> Result<Vec<u8>, RemoteError> {
    let limits = Limits { connect: TIME, answer: TIME, patience: TIME, size: SIZE, ..Limits::default() };
    let whole = address(url)?;
    let query = whole.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = format!("{}{query}", whole.path());
    let mut base = whole.clone();
    base.set_path("");
    base.set_query(None);
    base.set_fragment(None);
    let wire = Wire::new(base.as_str(), Access::ReadOnly, limits, None)?;
    let call = Call { method: Method::GET, path, body: None, authorization: None, sign_in: false };
    let reply = wire.send(&call, stop).await?;
    serde_json::to_vec(&reply.body)
        .map_err(|error| RemoteError::Unexpected { host: wire.host(), detail: error.to_string() })
}

/// Waits for a JWKS and reads its keys.
///
/// # Errors
/// A sentence where it is not there, or holds no key that can be used.
pub fn fetch_keys(url: &str, stop: &Stop) -> Result<KeySet, String> {
    let fetched = super::run(stop, fetch_jwks(url, stop)).and_then(|fetched| fetched);
    let bytes = fetched.map_err(|error| error.to_string())?;
    KeySet::read(&bytes).map_err(|error| format!("{url}: {error}"))
}
