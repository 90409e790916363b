//! Making the overrun report.

use crate::app::{Message, ReportQuestion};
use crate::policy::Report;
use std::sync::Arc;

/// Makes a report at once.
#[must_use]
pub fn report(question: &ReportQuestion) -> Message {
    let ReportQuestion { ticket, policy, timeline, profile, at, ending_days } = question;
    Message::Reported(*ticket, Arc::new(Report::new(policy, *profile, *at, *ending_days, timeline)))
}

/// Makes a report while nobody asks for a newer one.
pub(super) fn report_while(question: &ReportQuestion, go_on: &mut dyn FnMut() -> bool) -> Option<Message> {
    let ReportQuestion { ticket, policy, timeline, profile, at, ending_days } = question;
    let report = Report::new_while(policy, *profile, *at, *ending_days, timeline, go_on)?;
    Some(Message::Reported(*ticket, Arc::new(report)))
}
