//! Planning a bulk edit of many.

use crate::app::{Message, PlanQuestion};

/// Plans at once.
#[must_use]
pub fn plan(question: &PlanQuestion) -> Message {
    Message::BulkPlanned(question.ticket, Box::new(question.answer()))
}
