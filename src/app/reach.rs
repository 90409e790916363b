//! How many applications each API and scope is granted to, counted once per change and never per frame.

use crate::registry::Registry;
use std::collections::HashMap;

/// The counts, and what they were counted for.
#[derive(Debug, Default)]
pub struct Reach {
    basis: Option<(u64, bool)>,
    apis: HashMap<String, Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    scopes: HashMap<String, usize>,
}

impl Reach {
    /// Counts anew where the registry has changed since.
    pub fn refresh(&mut self, registry: &Registry, basis: (u64, bool)) {
        if self.basis == Some(basis) {
            return;
        }
        self.basis = Some(basis);
        self.apis.clear();
        for grant in registry.applications().iter().flat_map(|application| &application.grants) {
            if !self.apis.contains_key(&grant.audience) {
                self.apis.insert(grant.audience.clone(), Counts::default());
            }
            let Some(counts) = self.apis.get_mut(&grant.audience) else { continue };
            counts.all += 1;
            for scope in &grant.scopes {
                match counts.scopes.get_mut(scope) {
                    Some(count) => *count += 1,
                    None => {
                        counts.scopes.insert(scope.clone(), 1);
                    }
                }
            }
        }
    }

    /// How many applications have the API, or one of its scopes.
    #[must_use]
    pub fn of(&self, audience: &str, scope: Option<&str>) -> usize {
        let Some(counts) = self.apis.get(audience) else { return 0 };
        scope.map_or(counts.all, |scope| counts.scopes.get(scope).copied().unwrap_or_default())
    }
}
