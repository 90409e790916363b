//! A stop that everything under way hears: waits end at once, and no request begins after it.

use super::RemoteError;
use std::sync::Arc;
use tokio::sync::watch;

/// Held by the person's side; every piece of work holds a copy.
#[derive(Debug, Clone)]
pub struct Stop {
    said: Arc<watch::Sender<bool>>,
    of_terminal: bool,
}

impl Default for Stop {
    fn default() -> Self {
        Self { said: Arc::new(watch::Sender::new(false)), of_terminal: false }
    }
}

impl Stop {
    /// A stop that an interrupt of the terminal says too, for commands: a second one no longer ends the program at once.
    #[must_use]
    pub fn of_terminal() -> Self {
        Self { of_terminal: true, ..Self::default() }
    }

    /// Whether an interrupt of the terminal says it.
    #[must_use]
    pub const fn is_of_terminal(&self) -> bool {
        self.of_terminal
    }

    /// Stops what is under way. A write that was sent already is heard out, since its outcome would else be unknown.
    pub fn stop(&self) {
        self.said.send_replace(true);
    }

    /// Whether it has been said.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.said.borrow()
    }

    /// Goes on only where nobody said stop.
    ///
    /// # Errors
    /// [`RemoteError::Stopped`].
    pub fn check(&self) -> Result<(), RemoteError> {
        if self.is_stopped() { Err(RemoteError::Stopped) } else { Ok(()) }
    }

    /// Does this until it is done, or stop is said.
    ///
    /// # Errors
    /// [`RemoteError::Stopped`].
    pub async fn or<T>(&self, work: impl Future<Output = T>) -> Result<T, RemoteError> {
        let mut heard = self.said.subscribe();
        tokio::select! {
            done = work => Ok(done),
            _ = heard.wait_for(|stopped| *stopped) => Err(RemoteError::Stopped),
        }
    }
}
