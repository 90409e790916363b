//! The applications that a filter chooses.

use crate::policy::{ENDING_DAYS, Filter, FilterContext, Policy};
use crate::registry::{Application, Instant};
use std::sync::Arc;

/// Those that meet the filter at `at`, all where there is none, by client id.
pub(super) fn chosen<'a>(
    policy: &'a Policy,
    filter: Option<&Filter>,
    at: Instant,
) -> impl Iterator<Item = &'a Arc<Application>> {
    let profile = policy.registry().service.issuer_profile;
    let context = FilterContext { policy, profile, at, ending_days: ENDING_DAYS };
    let applications = policy.registry().applications().iter();
    applications.filter(move |app| filter.is_none_or(|filter| filter.matches(app, &context)))
}
