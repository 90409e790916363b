//! The clock over the whole program.

use crate::registry::Instant;

/// The clock in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AsOf {
    /// Now, and moving with it.
    #[default]
    Live,
    /// A chosen instant.
    At(Instant),
}

/// Which settings decide for an instant in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SettingsOf {
    /// Those that history says were in force then.
    #[default]
    Then,
    /// Today's.
    Today,
}
