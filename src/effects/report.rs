//! Making the overrun report, on a thread beside the window: of the newest question only.

use super::Waker;
use crate::app::{Message, ReportQuestion};
use crate::policy::Report;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

/// The thread that makes reports.
#[derive(Debug)]
pub(super) struct Reports(Sender<ReportQuestion>);

impl Reports {
    /// Starts it; answers come back as messages.
    pub fn start(answer: Sender<Message>, wake: Waker) -> Self {
        let (questions, asked) = mpsc::channel();
        std::thread::spawn(move || run(&asked, &answer, &wake));
        Self(questions)
    }

    /// Asks; an older question is left.
    pub fn ask(&self, question: ReportQuestion) {
        let _ = self.0.send(question);
    }
}

fn run(asked: &Receiver<ReportQuestion>, answer: &Sender<Message>, wake: &Waker) {
    let mut waiting = None;
    while let Some(first) = waiting.take().or_else(|| asked.recv().ok()) {
        let question = asked.try_iter().last().unwrap_or(first);
        let made = make(&question, &mut || {
            waiting = asked.try_iter().last();
            waiting.is_none()
        });
        if let Some(report) = made {
            let _ = answer.send(Message::Reported(question.ticket, Arc::new(report)));
            (wake.0)();
        }
    }
}

/// Makes a report at once.
#[must_use]
pub fn report(question: &ReportQuestion) -> Message {
    let ReportQuestion { ticket, policy, timeline, profile, at, ending_days } = question;
    Message::Reported(*ticket, Arc::new(Report::new(policy, *profile, *at, *ending_days, timeline)))
}

fn make(question: &ReportQuestion, go_on: &mut dyn FnMut() -> bool) -> Option<Report> {
    let ReportQuestion { policy, timeline, profile, at, ending_days, .. } = question;
    Report::new_while(policy, *profile, *at, *ending_days, timeline, go_on)
}
