//! By which settings the tokens of a log are judged: today's, or those in force when each was issued.

use super::audit::Judges;
use crate::edit::{Entry, rewind};
use crate::policy::Policy;
use crate::registry::Instant;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The settings that judge a log, with what was rebuilt of the past so far.
#[derive(Debug, Clone)]
pub struct Judging {
    today: Policy,
    history: Option<History>,
}

#[derive(Debug, Clone)]
struct History {
    entries: Arc<Vec<Entry>>,
    begins: Instant,
    /// Rebuilt settings, by how many entries of history were known to them.
    past: BTreeMap<usize, Policy>,
    before: u64,
}

/// How many past settings are held at once. Logs run forward in time, so that few are in use together.
const HELD: usize = 8;

impl Judging {
    /// Today's settings, for every token.
    #[must_use]
    pub const fn today(today: Policy) -> Self {
        Self { today, history: None }
    }

    /// The settings in force when each token was issued: `entries` are the whole history, which begins at `begins`.
    #[must_use]
    pub const fn then(today: Policy, entries: Arc<Vec<Entry>>, begins: Instant) -> Self {
        Self { today, history: Some(History { entries, begins, past: BTreeMap::new(), before: 0 }) }
    }

    /// Whether the settings of then judge.
    #[must_use]
    pub const fn is_then(&self) -> bool {
        self.history.is_some()
    }

    /// How many tokens so far were issued before history begins, and when that is; its first settings judged them.
    #[must_use]
    pub fn before_history(&self) -> Option<(u64, Instant)> {
        let history = self.history.as_ref().filter(|history| history.before > 0)?;
        Some((history.before, history.begins))
    }
}

impl Judges for Judging {
    fn policy_at(&mut self, issued_at: Option<Instant>) -> &Policy {
        let (Some(history), Some(at)) = (&mut self.history, issued_at) else { return &self.today };
        history.before += u64::from(at < history.begins);
        // Between two entries of history the settings are the same.
        let known = history.entries.partition_point(|entry| entry.at <= at);
        if known == history.entries.len() {
            return &self.today;
        }
        if history.past.len() >= HELD && !history.past.contains_key(&known) {
            history.past.clear();
        }
        history.past.entry(known).or_insert_with(|| {
            let past = rewind(self.today.registry(), &history.entries, history.begins, at);
            Policy::new(Arc::new(past.registry))
        })
    }
}
