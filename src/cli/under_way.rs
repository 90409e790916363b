//! Work that takes a while: how far it is stands on the terminal, and an interrupt stops it where nothing is half done.

use crate::remote::{self, Stop};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How far it is, in a line of the terminal that is written over; nowhere else.
#[derive(Debug)]
pub(super) struct Meter {
    is_seen: bool,
    stands: bool,
    said: Instant,
}

impl Meter {
    /// Begins; what is over within half a second tells nothing.
    pub fn new() -> Self {
        Self { is_seen: std::io::stderr().is_terminal(), stands: false, said: Instant::now() }
    }

    /// Tells it, twice a second at most.
    pub fn tell(&mut self, words: impl FnOnce() -> String) {
        if self.is_seen && self.said.elapsed() > Duration::from_millis(500) {
            (self.said, self.stands) = (Instant::now(), true);
            write_over(&words());
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.stands {
            write_over("");
        }
    }
}

fn write_over(words: &str) {
    let mut terminal = std::io::stderr();
    let _gone = write!(terminal, "\r{words}\u{1b}[K");
    let _gone = terminal.flush();
}

/// A stop that an interrupt of the terminal says, for work that waits for no network.
pub(super) fn interrupts() -> Stop {
    let stop = Stop::of_terminal();
    let heard = stop.clone();
    std::thread::spawn(move || remote::run(&heard, std::future::pending::<()>()));
    stop
}
