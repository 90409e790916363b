//! Drawings: the limits as bars on one scale, and the lifetime over time.

mod curve;
mod limits;

pub use curve::{Curve, curve};
pub use limits::{Bar, limits};

/// The scale of every lifetime in the window: y = ln(1 + s/60), so that a minute and a day both show.
#[must_use]
pub fn scale(seconds: f64) -> f64 {
    (seconds.max(0.0) / 60.0).ln_1p()
}
