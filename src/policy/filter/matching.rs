//! Whether an application meets a filter, and when that changes by itself.

use super::{Bound, Comparison, Field, Filter, Has, Quantity, Test};
use crate::policy::{OverrunUpTo, Policy, decide_for, overrun_up_to, status};
use crate::registry::{Application, Instant, ProfileName};

/// What a filter is asked with.
#[derive(Debug, Clone, Copy)]
pub struct FilterContext<'a> {
    /// The settings in force.
    pub policy: &'a Policy,
    /// The issuer whose overrun counts.
    pub profile: ProfileName,
    /// The instant of the question.
    pub at: Instant,
    /// From how many days before its end an application counts as ending.
    pub ending_days: u32,
}

impl Filter {
    /// Whether an application meets every word.
    #[must_use]
    pub fn matches(&self, application: &Application, context: &FilterContext<'_>) -> bool {
        // Only texts ask for the haystack; most filters have none.
        let asks_text = self.terms.iter().any(|term| matches!(term.test, Test::Text(_)));
        let text = if asks_text { haystack(application) } else { Box::default() };
        self.matches_with(application, &text, context)
    }

    /// The same with the application's [`haystack`] at hand.
    #[must_use]
    pub fn matches_with(
        &self,
        application: &Application,
        haystack: &str,
        context: &FilterContext<'_>,
    ) -> bool {
        self.terms.iter().all(|term| term.test.holds(application, haystack, context) != term.negated)
    }

    /// The instants at which the answer for an application can change by itself.
    pub fn transitions<'a>(&'a self, application: &'a Application) -> impl Iterator<Item = Instant> + 'a {
        let ends = [application.not_before, application.expires_at].into_iter().flatten();
        self.terms.iter().filter(|term| term.test.tells_time()).flat_map(move |term| {
            let span = match term.test {
                Test::Compare(_, _, Bound::Seconds(seconds)) => seconds,
                _ => 0,
            };
            // A duration is reached before an end, or after it.
            let around = move |at: Instant| [0, -span, 1 - span, span, span + 1].map(|by| at.plus(by));
            ends.clone().flat_map(around)
        })
    }
}

impl Test {
    /// Whether the answer depends on the instant.
    fn tells_time(&self) -> bool {
        matches!(self, Self::Status(_) | Self::Compare(..))
            && !matches!(self, Self::Compare(Quantity::Grants, ..))
    }

    fn holds(&self, app: &Application, haystack: &str, context: &FilterContext<'_>) -> bool {
        match self {
            Self::Text(text) => haystack.contains(text.as_str()),
            Self::Status(wanted) => wanted.contains(&status(app, context.at, context.ending_days)),
            Self::Field(field, values) => values.iter().any(|value| has_value(app, *field, value)),
            Self::Has(Has::End) => app.expires_at.is_some(),
            Self::Has(Has::Access) => !app.grants.is_empty(),
            Self::Has(Has::Limit) => app.access_token_duration.is_some(),
            Self::Compare(quantity, sign, bound) => compares(app, *quantity, *sign, *bound, context),
        }
    }
}

fn compares(
    app: &Application,
    quantity: Quantity,
    sign: Comparison,
    bound: Bound,
    context: &FilterContext<'_>,
) -> bool {
    let at = context.at;
    let left = |end: Instant| end.since(at);
    match (quantity, bound) {
        (Quantity::Expires, Bound::Seconds(seconds)) => {
            app.expires_at.map(left).is_some_and(|left| left > 0 && sign.holds(&left, &seconds))
        }
        (Quantity::Starts, Bound::Seconds(seconds)) => {
            app.not_before.map(left).is_some_and(|left| left > 0 && sign.holds(&left, &seconds))
        }
        (Quantity::Ended, Bound::Seconds(seconds)) => {
            app.expires_at.map(|end| at.since(end)).is_some_and(|ago| ago >= 0 && sign.holds(&ago, &seconds))
        }
        (Quantity::Expires, Bound::At(day)) => app.expires_at.is_some_and(|end| sign.holds(&end, &day)),
        (Quantity::Starts, Bound::At(day)) => app.not_before.is_some_and(|start| sign.holds(&start, &day)),
        (Quantity::Ended, Bound::At(day)) => {
            app.expires_at.is_some_and(|end| end <= at && sign.holds(&end, &day))
        }
        (Quantity::Lifetime, Bound::Seconds(seconds)) => {
            longest(app, context).is_some_and(|longest| sign.holds(&longest, &seconds))
        }
        (Quantity::Overrun, Bound::Seconds(seconds)) => {
            most(app, context).is_some_and(|most| sign.holds(&most, &OverrunUpTo::Seconds(seconds)))
        }
        (Quantity::Grants, Bound::Count(count)) => {
            sign.holds(&i64::try_from(app.grants.len()).unwrap_or(i64::MAX), &count)
        }
        _ => false,
    }
}

/// The longest lifetime that the policy gives to a whole grant.
fn longest(app: &Application, context: &FilterContext<'_>) -> Option<i64> {
    let registry = context.policy.registry();
    let lifetime = |grant: &crate::registry::Grant| {
        let api = registry.api(&grant.audience).map(AsRef::as_ref);
        let scopes = grant.scopes.iter().map(String::as_str).collect();
        decide_for(context.policy, app, (&grant.audience, api), scopes, context.at, None).lifetime()
    };
    app.grants.iter().filter_map(lifetime).max()
}

/// The most by which tokens for any granted API can outlive the application.
fn most(app: &Application, context: &FilterContext<'_>) -> Option<OverrunUpTo> {
    app.grants
        .iter()
        .filter_map(|grant| overrun_up_to(context.profile, context.policy, app, &grant.audience))
        .max()
}

fn has_value(app: &Application, field: Field, value: &str) -> bool {
    let same = |text: &String| text == value || text.to_lowercase() == value;
    let within = |text: &String| text.to_lowercase().contains(value);
    match field {
        Field::Tag => app.tags.iter().any(same),
        Field::Scope => app.grants.iter().flat_map(|grant| &grant.scopes).any(same),
        Field::Api => app.grants.iter().map(|grant| &grant.audience).any(within),
        Field::Customer => within(&app.customer),
        Field::Client => within(&app.client_id),
        Field::Name => within(&app.name),
        Field::Contact => within(&app.contact),
        Field::Notes => within(&app.notes),
    }
}

/// Everything of an application that a text can be found in, in lower case, a line each.
#[must_use]
pub fn haystack(application: &Application) -> Box<str> {
    let mut text = String::with_capacity(128);
    let mut add = |part: &str| {
        text.push_str(part);
        text.push('\n');
    };
    let Application { client_id, name, customer, contact, notes, .. } = application;
    for part in [client_id, name, customer, contact, notes] {
        add(part);
    }
    application.external_id.iter().chain(&application.tags).for_each(|part| add(part));
    for grant in &application.grants {
        add(&grant.audience);
        grant.scopes.iter().for_each(|scope| add(scope));
    }
    for (key, value) in &application.metadata {
        add(key);
        add(value);
    }
    text.to_lowercase().into_boxed_str()
}
