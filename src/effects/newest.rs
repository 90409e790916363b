//! A thread beside the window for questions of which only the newest counts: reports, plans of bulk edits.

use super::Waker;
use crate::app::Message;
use std::sync::mpsc::{self, Receiver, Sender};

/// Where the questions go.
#[derive(Debug)]
pub(super) struct Newest<Q>(Sender<Q>);

/// Answers a question; asked now and then whether to go on, since a newer one may have come. Nothing where it was left.
type Answer<Q> = fn(&Q, &mut dyn FnMut() -> bool) -> Option<Message>;

impl<Q: Send + 'static> Newest<Q> {
    /// Starts the thread; answers come back as messages.
    pub fn start(answer: Answer<Q>, answers: Sender<Message>, wake: Waker) -> Self {
        let (questions, asked) = mpsc::channel();
        std::thread::spawn(move || run(&asked, answer, &answers, &wake));
        Self(questions)
    }

    /// Asks; an older question is left.
    pub fn ask(&self, question: Q) {
        let _ = self.0.send(question);
    }
}

fn run<Q>(asked: &Receiver<Q>, answer: Answer<Q>, answers: &Sender<Message>, wake: &Waker) {
    let mut waiting = None;
    while let Some(first) = waiting.take().or_else(|| asked.recv().ok()) {
        let question = asked.try_iter().last().unwrap_or(first);
        let message = answer(&question, &mut || {
            waiting = asked.try_iter().last();
            waiting.is_none()
        });
        if let Some(message) = message {
            let _ = answers.send(message);
            (wake.0)();
        }
    }
}
