//! Stand-ins for the vendors' interfaces: servers on loopback that keep state, answer as the vendors do, and can fail in
//! every way that a network can.
//!
//! ```ignore
//! #[path = "support/remote/mod.rs"]
//! mod remote;
//!
//! let tenant = Auth0::start();
//! tenant.put_client(json!({ "client_id": "acme", "name": "Acme" }));
//! tenant.fault(Call::List, Fault::Truncated, Times::once().after(1));   // the second page is cut
//! // … a client of `tenant.base()` …
//! assert_eq!(tenant.writes(), []);
//! ```
//!
//! Each stand-in is a [`Server`] (it derefs to one) with a vendor's state behind it, runs on threads of its own, and stops
//! when it is dropped. `tests/standins.rs` tells what they do, `tests/standin_peers.rs` proves them with the vendors' own
//! clients and descriptions.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod auth0;
pub mod authlete;
mod bytes;
mod caller;
mod clock;
mod fault;
mod http;
#[path = "../peers.rs"]
pub mod peers;
mod prism;
pub mod pull;
mod rate;
mod rows;
mod server;
pub mod tls;

pub use auth0::{Auth0, DOMAIN};
pub use authlete::{Authlete, CLIENT_TOKEN, OWNER, Rule, SERVICE, SERVICE_SECRET, SERVICE_TOKEN, Version};
pub use caller::{Answer, Caller};
pub use fault::{Call, Fault, Times, Wait, Work};
pub use http::{Request, Response};
pub use prism::Prism;
pub use server::{Seen, Server, nobody_listens};
pub use tls::Tls;

/// How many clients a stand-in has that is served for a person: as many as `TENURE_CLIENTS` says.
pub fn clients_to_try() -> usize {
    const USUAL: usize = 200;
    std::env::var("TENURE_CLIENTS").map_or(USUAL, |many| many.parse().expect("TENURE_CLIENTS is a number"))
}
