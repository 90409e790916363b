//! What edits do to lifetimes: counted beside the window, shown before the edit is made, and in History.

use super::{Dialog, Effect, Message, State};
use crate::edit::Change;
use crate::policy::Impact;
use crate::registry::{Instant, Registry};
use std::sync::Arc;

/// An effect on lifetimes that is being counted, or has been.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Weighing {
    /// The number of the question: answers to older ones are dropped.
    pub ticket: u64,
    /// How far the counting is.
    pub counting: Counting,
}

/// How far a counting is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Counting {
    /// Nothing was asked.
    #[default]
    Nothing,
    /// So many applications of so many.
    Under(usize, usize),
    /// The person stopped it.
    Stopped,
    /// The answer.
    Done(Arc<Impact>),
}

/// What a question about lifetimes is for. A newer question of one kind takes the place of an older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The dialog in front.
    Dialog,
    /// The guardrail in hand.
    Guardrail,
    /// The open entry of History.
    Entry,
    /// An edit that is typed or pointed at.
    Considered,
    /// What is staged for a remote.
    Review,
}

/// A question about lifetimes.
#[derive(Debug, Clone)]
pub struct Question {
    /// Comes back with the answer.
    pub ticket: u64,
    /// What it is for.
    pub subject: Subject,
    /// The settings before.
    pub before: Arc<Registry>,
    /// What changes.
    pub changes: Vec<Change>,
    /// The instant that is asked about.
    pub at: Instant,
}

/// An edit that is not made yet: it is typed into a field, or its button is pointed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered {
    /// What would change.
    pub changes: Vec<Change>,
    /// What that would do.
    pub weighing: Weighing,
}

impl Weighing {
    /// The answer, where it is there.
    #[must_use]
    pub fn impact(&self) -> Option<&Impact> {
        match &self.counting {
            Counting::Done(impact) => Some(impact),
            _ => None,
        }
    }
}

impl State {
    /// Asks a question; what is to be done outside comes back beside the place for its answer.
    pub(super) fn weigh(
        &mut self,
        subject: Subject,
        before: Arc<Registry>,
        changes: Vec<Change>,
        at: Instant,
    ) -> (Weighing, Effect) {
        self.weighings += 1;
        let ticket = self.weighings;
        let counting = Counting::Under(0, before.applications().len());
        (Weighing { ticket, counting }, Effect::Weigh(Question { ticket, subject, before, changes, at }))
    }

    /// The same about today's settings at the clock in force.
    pub(super) fn weigh_today(
        &mut self,
        subject: Subject,
        changes: Vec<Change>,
    ) -> (Weighing, Option<Effect>) {
        let Some(before) = self.open.as_ref().map(|open| open.registry().clone()) else {
            return (Weighing::default(), None);
        };
        let (weighing, effect) = self.weigh(subject, before, changes, self.at());
        (weighing, Some(effect))
    }

    /// Where the answer to a question is shown, while anybody still waits for it.
    fn weighing_mut(&mut self, ticket: u64) -> Option<&mut Weighing> {
        let dialog = match &mut self.dialog {
            Some(Dialog::Compare(comparison)) => Some(&mut comparison.weighing),
            Some(Dialog::Copying(copying)) => Some(&mut copying.weighing),
            Some(Dialog::Bulk(bulk)) => Some(&mut bulk.weighing),
            _ => None,
        };
        let guardrail = self.guardrail.as_mut().map(|edit| &mut edit.weighing);
        let considered = self.considered.as_mut().map(|considered| &mut considered.weighing);
        let review = Some(&mut self.review.weighing);
        let waiting = [dialog, guardrail, considered, review, Some(&mut self.entry_weighing)];
        waiting.into_iter().flatten().find(|weighing| weighing.ticket == ticket)
    }

    pub(super) fn weighed(&mut self, ticket: u64, counting: Counting) {
        if let Some(weighing) = self.weighing_mut(ticket) {
            weighing.counting = counting;
        }
    }

    /// Whether these changes are what the person considers already.
    #[must_use]
    pub fn considers(&self, changes: &[Change]) -> bool {
        self.considered.as_ref().map_or(changes.is_empty(), |considered| considered.changes == changes)
    }
}

/// Takes an edit into account that may be made, or none.
pub(super) fn consider(state: &mut State, changes: Vec<Change>) -> Vec<Effect> {
    if state.considers(&changes) {
        return Vec::new();
    }
    if changes.is_empty() {
        state.considered = None;
        return Vec::new();
    }
    let (weighing, effect) = state.weigh_today(Subject::Considered, changes.clone());
    state.considered = Some(Considered { changes, weighing });
    Vec::from_iter(effect)
}

/// Opens an entry of History, or closes it; what it did when it was made is counted.
pub(super) fn open_entry(state: &mut State, seq: Option<i64>) -> Vec<Effect> {
    state.history_entry = seq;
    state.entry_weighing = Weighing::default();
    let Some(open) = &state.open else { return Vec::new() };
    let Some(entry) = seq.and_then(|seq| open.entry(seq)) else { return Vec::new() };
    let (changes, at, before) = (entry.draft.changes.clone(), entry.at, open.before(entry.seq));
    let (weighing, effect) = state.weigh(Subject::Entry, Arc::new(before), changes, at);
    state.entry_weighing = weighing;
    vec![effect]
}

/// Stops a counting that takes too long.
pub(super) fn stop(state: &mut State, ticket: u64) -> Vec<Effect> {
    state.weighed(ticket, Counting::Stopped);
    vec![Effect::StopWeighing(ticket)]
}

/// The message of an edit that is considered, where it is not in hand already.
#[must_use]
pub fn considering(state: &State, changes: Vec<Change>) -> Option<Message> {
    (!state.considers(&changes)).then_some(Message::Consider(changes))
}
