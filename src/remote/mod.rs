//! Registries elsewhere: reached over the network, read whole, changed by a reviewed plan.

mod action;
mod apply;
mod auth0;
mod authlete;
mod connection;
mod connections;
pub mod http;
pub mod json;
mod jwks;
mod mapped;
mod object;
mod overlay;
mod plan;
mod pull;
mod snapshot;
mod vendor;
mod workspace;
pub mod written;

pub use action::{Act, ActionStep, ActionThere, Binding, OwnAction, WantedAction, enforcement_of};
pub use apply::{Applied, Choices, Event, Outcome, Person, apply, cut_off, hash};
pub use connection::{AttributeKeys, Connection, Credentials, Environment, Kept, MetadataKeys, Vendor};
pub use connections::{Connections, Place};
pub use http::{Access, Limits, RemoteError, Stop};
pub use jwks::{fetch_jwks, fetch_keys};
pub use mapped::Mapped;
pub use object::{Object, PageSink, Tried, Write};
pub use overlay::Overlay;
pub use plan::{Plan, Refused, Step, plan, plan_of};
pub use pull::{Pulled, pull};
pub use snapshot::{Item, Snapshot, View};
pub use vendor::Remote;
pub use workspace::Workspace;

/// A hash by which a state is known again: SHA-256, its first 16 digits.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().iter().take(8).fold(String::new(), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}

use std::future::Future;

/// Runs what waits for the network, beside the window or for a command.
///
/// # Errors
/// [`RemoteError::Disk`] where the system gives no thread.
pub fn run<T>(stop: &Stop, work: impl Future<Output = T>) -> Result<T, RemoteError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| RemoteError::Disk { path: "threads".into(), detail: error.to_string() })?;
    if stop.is_of_terminal() {
        let interrupted = stop.clone();
        runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                interrupted.stop();
            }
        });
    }
    Ok(runtime.block_on(work))
}
