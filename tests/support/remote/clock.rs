//! The clock of the stand-ins, in the forms that HTTP and the vendors write.

use chrono::{DateTime, TimeDelta, Utc};

fn later(seconds: i64) -> DateTime<Utc> {
    Utc::now() + TimeDelta::seconds(seconds)
}

/// `seconds` from now, as `Retry-After` may carry it.
pub fn http_date(seconds: i64) -> String {
    later(seconds).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// `seconds` from now, in seconds since 1970.
pub fn epoch(seconds: i64) -> i64 {
    later(seconds).timestamp()
}

/// Now, in milliseconds since 1970, as Authlete writes it.
pub fn milliseconds() -> i64 {
    later(0).timestamp_millis()
}
