//! The matrix of faults: in which named state a call ends that meets one, the same for every vendor.
#![allow(clippy::indexing_slicing, missing_docs)]

use crate::remote::{Call, Fault};
use crate::remote_support::Person_;
use std::time::Duration;
use tenure::remote::Outcome;

/// No case may take longer: the limits of the tests, for every attempt, and the waits between them.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// The state in which a call ends that meets a fault once, or always.
pub fn expected(call: Call, fault: &Fault, always: bool) -> &'static [&'static str] {
    let reads = matches!(call, Call::List | Call::Read);
    match (fault, reads, always) {
        (Fault::Limited(_), _, false) => &["done"],
        // One that says nothing, or a time that is past, is asked again a few times only.
        (Fault::Limited(_), _, true) => &["rate_limited"],
        (Fault::Status(401), _, false) => &["done"],
        (Fault::Status(401), _, true) => &["sign_in"],
        (Fault::Status(403), ..) => &["not_permitted"],
        // What is gone cannot be edited; what is to be removed is gone.
        (Fault::Status(404), ..) if call == Call::Read => &["conflict"],
        (Fault::Status(404), _, false) if call == Call::Delete => &["done"],
        (Fault::Status(404), _, true) if call == Call::Delete => &["unknown_outcome"],
        (Fault::Status(404), ..) => &["not_found"],
        (Fault::Status(409), ..) => &["taken"],
        (Fault::Redirect(..), ..) => &["redirected"],
        (Fault::Html, false, false) => &["done"],
        (Fault::Html, true, _) => &["not_json"],
        (Fault::Endless | Fault::Huge | Fault::GzipBomb, true, _) => &["too_large"],
        (Fault::DuplicateMembers, true, _) => &["unexpected"],
        (Fault::WrongLength, true, _) => &["done", "unexpected", "broken_off"],
        (Fault::RepeatedPage | Fault::MovedItem, _, false) => &["done", "unexpected"],
        (Fault::RepeatedPage | Fault::MovedItem, _, true) => &["done", "unexpected"],
        (Fault::Status(_), true, true) => &["failing"],
        (Fault::Closed(_) | Fault::Truncated, true, true) => &["broken_off", "unreachable"],
        (Fault::Silent(_) | Fault::Slow, true, true) => &["timed_out"],
        // A write that was carried out although its answer was lost is found so by reading it.
        (_, false, true) => &["done", "unknown_outcome"],
        (_, _, false) => &["done"],
    }
}

pub fn state(person: &mut Person_) -> &'static str {
    let plan = person.plan();
    person.events.clear();
    match person.try_apply(&plan) {
        Err(error) => error.name(),
        Ok(_) => match &person.events[0].1 {
            Outcome::Failed(error) => error.name(),
            outcome => outcome.name(),
        },
    }
}

/// Runs cases beside each other, since most of their time is waiting.
pub fn all<T: Send>(cases: Vec<T>, one: impl Fn(T) + Sync) {
    std::thread::scope(|scope| {
        for case in cases {
            scope.spawn(|| one(case));
        }
    });
}
