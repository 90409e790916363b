//! How the items of a plan end, and how a person's side hears of it and chooses.

use crate::edit::{Clash, EntityRef, Side};
use crate::remote::RemoteError;
use crate::token::Secret;
use std::collections::HashMap;

/// How an item ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is as it should be, read back.
    Done,
    /// Somebody set the same fields differently since the pull; nothing was written.
    Conflict(Vec<Clash>),
    /// It could not be written.
    Failed(RemoteError),
    /// It was written, and the remote holds something else: what it holds.
    Differs(String),
}

impl Outcome {
    /// Its name, for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Conflict(_) => "conflict",
            Self::Failed(_) => "failed",
            Self::Differs(_) => "differs",
        }
    }

    /// What is to be said about it.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Done => String::new(),
            Self::Conflict(clashes) => clashes.iter().map(clash).collect::<Vec<_>>().join("; "),
            Self::Failed(error) => error.to_string(),
            Self::Differs(detail) => detail.clone(),
        }
    }
}

fn clash(clash: &Clash) -> String {
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
    let Clash { field, base, mine, theirs } = clash;
    format!("{field} was {}, is {} there, and {} here", word(base), word(theirs), word(mine))
}

/// What happens while a plan is carried out.
#[derive(Debug)]
pub enum Event {
    /// An item ended: its place from 1, of how many.
    Item(usize, usize, EntityRef, Outcome),
    /// The Action ended.
    Action(Outcome),
    /// The secret of a new client: shown once, kept nowhere.
    Secret(String, Secret),
    /// A new client's secret was not told: where it is to be found.
    SecretElsewhere(String, &'static str),
}

/// Whose value counts for a field of an entity that both set differently; the field `*` is all of them.
pub type Choices = HashMap<(EntityRef, String), Side>;

/// What was chosen for a field, or for the whole entity under `*`.
pub(super) fn chosen(choices: &Choices, which: &EntityRef, field: &str) -> Option<Side> {
    let of = |field: &str| choices.get(&(which.clone(), field.to_owned())).copied();
    of(field).or_else(|| of("*"))
}

/// How a person's side takes part.
pub struct Person<'a> {
    /// Who applies, for the history.
    pub who: &'a str,
    /// What was chosen where both set a field.
    pub choices: &'a Choices,
    /// Hears what happens.
    pub hear: &'a mut dyn FnMut(Event),
}

/// How an apply ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Items that are as they should be.
    pub done: usize,
    /// Items that wait for a choice.
    pub conflicts: usize,
    /// Items that failed, or of which the remote holds something else.
    pub failed: usize,
    /// Whether it was stopped before its end; what is left stays staged.
    pub stopped: bool,
}

impl Applied {
    pub(super) fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Done => self.done += 1,
            Outcome::Conflict(_) => self.conflicts += 1,
            Outcome::Failed(_) | Outcome::Differs(_) => self.failed += 1,
        }
    }
}
