//! Facets: the values of a field among the rows, each with how many applications have it.

use super::Applications;
use crate::policy::FilterField;
use crate::registry::{Application, Registry};
use std::collections::HashMap;

/// An open facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field.
    pub field: FilterField,
    /// Its values among the rows, the most frequent first, and how many applications have each.
    pub values: Vec<(String, usize)>,
    basis: Option<u64>,
}

impl Facet {
    /// The facets that are offered, with their names.
    pub const ALL: [(FilterField, &'static str); 3] =
        [(FilterField::Api, "API"), (FilterField::Tag, "Tag"), (FilterField::Customer, "Customer")];

    /// A facet whose values are not counted yet.
    #[must_use]
    pub fn new(field: FilterField) -> Self {
        Self { field, values: Vec::new(), basis: None }
    }
}

impl Applications {
    /// Counts the open facet anew, where the rows have changed since; a closed one costs nothing.
    pub(super) fn refresh_facet(&mut self, registry: &Registry) {
        let Some(facet) = self.facet.as_mut().filter(|facet| facet.basis != Some(self.version)) else {
            return;
        };
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let rows = self.rows.iter().filter_map(|row| registry.applications().get(*row as usize));
        for application in rows {
            for value in values(application, facet.field) {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut values: Vec<(String, usize)> =
            counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        facet.values = values;
        facet.basis = Some(self.version);
    }
}

fn values(application: &Application, field: FilterField) -> impl Iterator<Item = &str> {
    let tags = application.tags.iter().filter(move |_| field == FilterField::Tag);
    let apis =
        application.grants.iter().map(|grant| &grant.audience).filter(move |_| field == FilterField::Api);
    let customer =
        Some(&application.customer).filter(|name| field == FilterField::Customer && !name.is_empty());
    tags.chain(apis).chain(customer).map(String::as_str)
}
