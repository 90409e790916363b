//! Planning a bulk edit of many, on a thread beside the window: the newest question only.

use super::Waker;
use crate::app::{Message, PlanQuestion};
use std::sync::mpsc::{self, Receiver, Sender};

/// The thread that plans.
#[derive(Debug)]
pub(super) struct Plans(Sender<PlanQuestion>);

impl Plans {
    /// Starts it; answers come back as messages.
    pub fn start(answer: Sender<Message>, wake: Waker) -> Self {
        let (questions, asked) = mpsc::channel();
        std::thread::spawn(move || run(&asked, &answer, &wake));
        Self(questions)
    }

    /// Asks; an older question that waits is left.
    pub fn ask(&self, question: PlanQuestion) {
        let _ = self.0.send(question);
    }
}

fn run(asked: &Receiver<PlanQuestion>, answer: &Sender<Message>, wake: &Waker) {
    while let Ok(first) = asked.recv() {
        let question = asked.try_iter().last().unwrap_or(first);
        let _ = answer.send(plan(&question));
        (wake.0)();
    }
}

/// Plans at once.
#[must_use]
pub fn plan(question: &PlanQuestion) -> Message {
    Message::BulkPlanned(question.ticket, Box::new(question.answer()))
}
