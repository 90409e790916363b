//! A vendor's limit on requests: so many a second, after a burst.

use super::clock;
use super::http::Response;
use std::time::Instant;

/// A bucket that fills by `per_second` up to `burst`.
pub struct Rate {
    per_second: f64,
    burst: f64,
    left: f64,
    at: Instant,
}

impl Rate {
    pub fn new(per_second: u32, burst: u32) -> Self {
        let burst = f64::from(burst);
        Self { per_second: f64::from(per_second), burst, left: burst, at: Instant::now() }
    }

    /// No limit that a test would meet.
    pub fn unlimited() -> Self {
        Self::new(1_000_000, 1_000_000)
    }

    /// Takes one request from the bucket; the seconds to wait where it is empty.
    pub fn take(&mut self) -> Result<(), f64> {
        let now = Instant::now();
        self.left += (now - self.at).as_secs_f64() * self.per_second;
        self.left = self.left.min(self.burst);
        self.at = now;
        if self.left < 1.0 {
            return Err((1.0 - self.left) / self.per_second);
        }
        self.left -= 1.0;
        Ok(())
    }

    /// The answer with the headers that both vendors' clients may look at.
    #[allow(clippy::cast_possible_truncation, reason = "small numbers")]
    pub fn headers(&self, response: Response) -> Response {
        let full = ((self.burst - self.left) / self.per_second).ceil() as i64;
        response
            .with("x-ratelimit-limit", self.burst as i64)
            .with("x-ratelimit-remaining", self.left as i64)
            .with("x-ratelimit-reset", clock::epoch(full.max(1)))
    }
}
