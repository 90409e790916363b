//! What the stand-ins of the vendors' interfaces do, seen on the wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "support/remote/mod.rs"]
mod remote;

use remote::Auth0;

#[test]
fn compiles() {
    let tenant = Auth0::start();
    tenant.fill(10);
    assert_eq!(tenant.clients().len(), 12);
}
