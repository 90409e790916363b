//! Counting what changes do to lifetimes, on a thread beside the window: the newest question of each subject.

use super::Waker;
use crate::app::{Counting, Message, Question, Subject};
use crate::edit::Change;
use crate::policy::{Impact, Policy, impact_while};
use crate::registry::Registry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How often the window hears how far a counting is.
const NEWS: Duration = Duration::from_millis(150);

/// The thread that counts.
#[derive(Debug)]
pub(super) struct Scales {
    questions: Sender<Question>,
    stopped: Arc<Mutex<BTreeSet<u64>>>,
}

impl Scales {
    /// Starts it; answers come back as messages.
    pub fn start(answer: Sender<Message>, wake: Waker) -> Self {
        let (questions, asked) = mpsc::channel();
        let stopped = Arc::<Mutex<BTreeSet<u64>>>::default();
        let desk = Desk { asked, waiting: BTreeMap::new(), stopped: stopped.clone(), answer, wake };
        std::thread::spawn(move || desk.run());
        Self { questions, stopped }
    }

    /// Asks; an older question of the same subject is left.
    pub fn ask(&self, question: Question) {
        let _ = self.questions.send(question);
    }

    /// Leaves a question.
    pub fn stop(&self, ticket: u64) {
        if let Ok(mut stopped) = self.stopped.lock() {
            stopped.insert(ticket);
        }
    }
}

struct Desk {
    asked: Receiver<Question>,
    waiting: BTreeMap<Subject, Question>,
    stopped: Arc<Mutex<BTreeSet<u64>>>,
    answer: Sender<Message>,
    wake: Waker,
}

impl Desk {
    fn run(mut self) {
        loop {
            if self.waiting.is_empty() {
                let Ok(question) = self.asked.recv() else { return };
                self.waiting.insert(question.subject, question);
            }
            self.listen();
            let Some((_, question)) = self.waiting.pop_first() else { continue };
            let mut said = Instant::now();
            let counted = count(&question, &mut |done, of| {
                self.listen();
                if said.elapsed() > NEWS {
                    said = Instant::now();
                    self.say(question.ticket, Counting::Under(done, of));
                }
                !self.waiting.contains_key(&question.subject) && !self.is_stopped(question.ticket)
            });
            if let Some(impact) = counted {
                self.say(question.ticket, Counting::Done(Arc::new(impact)));
            }
        }
    }

    fn listen(&mut self) {
        self.waiting.extend(self.asked.try_iter().map(|question| (question.subject, question)));
    }

    fn is_stopped(&self, ticket: u64) -> bool {
        self.stopped.lock().is_ok_and(|mut stopped| stopped.remove(&ticket))
    }

    fn say(&self, ticket: u64, counting: Counting) {
        let _ = self.answer.send(Message::Weighed(ticket, counting));
        (self.wake.0)();
    }
}

/// Answers a question at once.
#[must_use]
pub fn weigh(question: &Question) -> Message {
    let counting =
        count(question, &mut |_, _| true).map_or(Counting::Stopped, |i| Counting::Done(Arc::new(i)));
    Message::Weighed(question.ticket, counting)
}

fn count(question: &Question, go_on: &mut dyn FnMut(usize, usize) -> bool) -> Option<Impact> {
    let mut after = Registry::clone(&question.before);
    Change::force_all(question.changes.iter().cloned(), &mut after);
    let (before, after) = (Policy::new(question.before.clone()), Policy::new(Arc::new(after)));
    impact_while(&before, &after, question.at, go_on)
}
