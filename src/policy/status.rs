//! The status of an application at an instant, in a word.

use crate::registry::{Application, ApplicationStatus, Instant};

/// From how many days before its end an application counts as ending, where nobody says otherwise.
pub const ENDING_DAYS: u32 = 7;

/// The status of an application at an instant: the first that applies, in this order (SPEC §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// A person has switched it off.
    Suspended,
    /// Its window has not begun.
    Scheduled,
    /// Its window has ended.
    Ended,
    /// It ends within days.
    Ending,
    /// None of these.
    Active,
}

impl Status {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Suspended, Self::Scheduled, Self::Ended, Self::Ending, Self::Active];

    /// The word in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::Scheduled => "scheduled",
            Self::Ended => "ended",
            Self::Ending => "ending",
            Self::Active => "active",
        }
    }
}

/// What a status depends on, small enough to stand side by side for many applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// A person has switched the application off.
    pub suspended: bool,
    /// When it starts.
    pub not_before: Option<Instant>,
    /// When it ends.
    pub expires_at: Option<Instant>,
}

impl From<&Application> for Window {
    fn from(application: &Application) -> Self {
        Self {
            suspended: application.status == ApplicationStatus::Suspended,
            not_before: application.not_before,
            expires_at: application.expires_at,
        }
    }
}

impl Window {
    /// The status at `at`; it is *ending* with less than `ending_days` days left.
    #[must_use]
    pub fn status(self, at: Instant, ending_days: u32) -> Status {
        if self.suspended {
            return Status::Suspended;
        }
        if self.not_before.is_some_and(|start| at < start) {
            return Status::Scheduled;
        }
        match self.expires_at.map(|end| end.since(at)) {
            Some(left) if left <= 0 => Status::Ended,
            Some(left) if left < i64::from(ending_days) * 86_400 => Status::Ending,
            _ => Status::Active,
        }
    }

    /// When the status can change next by itself.
    #[must_use]
    pub fn next_status(self, at: Instant, ending_days: u32) -> Option<Instant> {
        let ending = self.expires_at.map(|end| end.plus(1 - i64::from(ending_days) * 86_400));
        [self.not_before, ending, self.expires_at].into_iter().flatten().filter(|t| *t > at).min()
    }
}

/// The status of an application at `at`; it is *ending* with less than `ending_days` days left.
#[must_use]
pub fn status(application: &Application, at: Instant, ending_days: u32) -> Status {
    Window::from(application).status(at, ending_days)
}
