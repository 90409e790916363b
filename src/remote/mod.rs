//! Registries elsewhere: reached over the network, read whole, changed by a reviewed plan.

pub mod http;
pub mod json;
mod jwks;

pub use http::{Access, Limits, RemoteError, Stop};
pub use jwks::fetch_jwks;

use std::future::Future;

/// Runs what waits for the network, beside the window or for a command.
///
/// # Errors
/// [`RemoteError::Disk`] where the system gives no thread.
pub fn run<T>(work: impl Future<Output = T>) -> Result<T, RemoteError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| RemoteError::Disk { path: "threads".into(), detail: error.to_string() })?;
    Ok(runtime.block_on(work))
}
