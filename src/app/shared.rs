//! What many applications have in common, for the inspector of a selection.

use crate::registry::{Application, Duration, Instant, Registry};
use std::collections::BTreeMap;

/// One value of all, or none in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Common<T> {
    /// All have this one.
    Same(T),
    /// They differ.
    Mixed,
}

impl<T> Common<T> {
    /// The common value.
    pub fn same(&self) -> Option<&T> {
        match self {
            Self::Same(value) => Some(value),
            Self::Mixed => None,
        }
    }
}

/// What a selection has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// How many applications there are.
    pub count: usize,
    /// When they start.
    pub not_before: Common<Option<Instant>>,
    /// When they end.
    pub expires_at: Common<Option<Instant>>,
    /// Whose they are.
    pub customer: Common<String>,
    /// Whom to write to.
    pub contact: Common<String>,
    /// Their own longest lifetime.
    pub access_token_duration: Common<Option<Duration>>,
    /// How many of them are granted each API, by audience.
    pub grants: BTreeMap<String, usize>,
    /// How many of them carry each tag.
    pub tags: BTreeMap<String, usize>,
}

impl Shared {
    /// What the applications of these ids have in common; nothing where there are none.
    #[must_use]
    pub fn of<'a>(registry: &Registry, ids: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut applications = ids.filter_map(|id| registry.application(id));
        let mut shared = Self::one(applications.next()?);
        applications.for_each(|application| shared.add(application));
        Some(shared)
    }

    fn one(application: &Application) -> Self {
        let mut shared = Self {
            count: 0,
            not_before: Common::Same(application.not_before),
            expires_at: Common::Same(application.expires_at),
            customer: Common::Same(application.customer.clone()),
            contact: Common::Same(application.contact.clone()),
            access_token_duration: Common::Same(application.access_token_duration),
            grants: BTreeMap::new(),
            tags: BTreeMap::new(),
        };
        shared.add(application);
        shared
    }

    fn add(&mut self, application: &Application) {
        self.count += 1;
        meet(&mut self.not_before, &application.not_before);
        meet(&mut self.expires_at, &application.expires_at);
        meet(&mut self.customer, &application.customer);
        meet(&mut self.contact, &application.contact);
        meet(&mut self.access_token_duration, &application.access_token_duration);
        for grant in &application.grants {
            count(&mut self.grants, &grant.audience);
        }
        for tag in &application.tags {
            count(&mut self.tags, tag);
        }
    }
}

fn meet<T: PartialEq>(common: &mut Common<T>, value: &T) {
    if common.same().is_some_and(|same| same != value) {
        *common = Common::Mixed;
    }
}

fn count(counts: &mut BTreeMap<String, usize>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}
