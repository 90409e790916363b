//! What a history and its registry have in common lies in memory once: what an entry made is what the next one found.

use super::{Entity, EntityRef, Entry};
use crate::registry::Registry;
use std::collections::HashMap;

/// Goes back through a history, newest entry first.
#[derive(Debug)]
pub struct Sharing<'a> {
    registry: &'a Registry,
    /// How entities were before the entries that were seen; the others are as the registry has them.
    earlier: HashMap<EntityRef, Option<Entity>>,
}

impl<'a> Sharing<'a> {
    /// Begins with the registry as it is after the whole history.
    #[must_use]
    pub fn from(registry: &'a Registry) -> Self {
        Self { registry, earlier: HashMap::new() }
    }

    /// Takes the next older entry, and lets it hold what is held already. What it says stays the same.
    pub fn take(&mut self, entry: &mut Entry) {
        for change in entry.draft.changes.iter_mut().rev() {
            let which = change.reference();
            let known = match self.earlier.get(&which) {
                Some(earlier) => earlier.clone(),
                None => self.registry.entity(&which),
            };
            if let Some(known) = known {
                change.share(&known);
            }
            self.earlier.insert(which, change.before().cloned());
        }
    }
}
