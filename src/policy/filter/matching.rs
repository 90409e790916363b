//! Whether an application meets a filter, and when that changes by itself.

use super::{Bound, Comparison, Field, Filter, Has, Quantity, Test};
use crate::policy::{OverrunUpTo, Policy, Window, decide_for, overrun_up_to};
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

/// An application that a filter is asked about, with what is most often asked for at hand.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The application.
    pub application: &'a Application,
    /// Its [`haystack`].
    pub haystack: &'a str,
    /// What its status depends on.
    pub window: Window,
}

impl Filter {
    /// Whether an application meets every word.
    #[must_use]
    pub fn matches(&self, application: &Application, context: &FilterContext<'_>) -> bool {
        // Only texts ask for the haystack; most filters have none.
        let asks_text = self.terms.iter().any(|term| matches!(term.test, Test::Text(_)));
        let text = if asks_text { haystack(application) } else { Box::default() };
        self.matches_with(Subject { application, haystack: &text, window: application.into() }, context)
    }

    /// The same with what a list of applications keeps at hand.
    #[must_use]
    pub fn matches_with(&self, subject: Subject<'_>, context: &FilterContext<'_>) -> bool {
        self.terms.iter().all(|term| term.test.holds(subject, context) != term.negated)
    }

    /// When the filter's answers can change by themselves.
    #[must_use]
    pub fn moments(&self) -> Moments {
        let mut moments = Moments { status: false, spans: Vec::new() };
        for term in &self.terms {
            match term.test {
                Test::Status(_) => moments.status = true,
                Test::Compare(Quantity::Grants, ..) => {}
                Test::Compare(_, _, Bound::Seconds(seconds)) => moments.spans.push(seconds),
                Test::Compare(..) => moments.spans.push(0),
                _ => {}
            }
        }
        moments
    }
}

/// The instants at which a filter's answers can change by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moments {
    status: bool,
    spans: Vec<i64>,
}

impl Moments {
    /// Whether answers stay as they are until an application is edited.
    #[must_use]
    pub fn is_never(&self) -> bool {
        !self.status && self.spans.is_empty()
    }

    /// The next of them after `at` for an application.
    #[must_use]
    pub fn next(&self, window: Window, at: Instant, ending_days: u32) -> Option<Instant> {
        let mut next = if self.status { window.next_status(at, ending_days) } else { None };
        for around in [window.not_before, window.expires_at].into_iter().flatten() {
            for span in &self.spans {
                // A duration is reached before an end, or after it.
                for by in [0, -span, 1 - span, *span, span + 1] {
                    let moment = around.plus(by);
                    if moment > at && next.is_none_or(|next| moment < next) {
                        next = Some(moment);
                    }
                }
            }
        }
        next
    }
}

impl Test {
    fn holds(&self, subject: Subject<'_>, context: &FilterContext<'_>) -> bool {
        let app = subject.application;
        match self {
            Self::Text(text) => subject.haystack.contains(text.as_str()),
            Self::Status(wanted) => wanted.contains(&subject.window.status(context.at, context.ending_days)),
            Self::Field(field, values) => values.iter().any(|value| has_value(app, *field, value)),
            Self::Has(Has::End) => subject.window.expires_at.is_some(),
            Self::Has(Has::Access) => !app.grants.is_empty(),
            Self::Has(Has::Limit) => app.access_token_duration.is_some(),
            Self::Compare(quantity, sign, bound) => compares(subject, *quantity, *sign, *bound, context),
        }
    }
}

fn compares(
    subject: Subject<'_>,
    quantity: Quantity,
    sign: Comparison,
    bound: Bound,
    context: &FilterContext<'_>,
) -> bool {
    let (at, app, window) = (context.at, subject.application, subject.window);
    let left = |end: Instant| end.since(at);
    match (quantity, bound) {
        (Quantity::Expires, Bound::Seconds(seconds)) => {
            window.expires_at.map(left).is_some_and(|left| left > 0 && sign.holds(&left, &seconds))
        }
        (Quantity::Starts, Bound::Seconds(seconds)) => {
            window.not_before.map(left).is_some_and(|left| left > 0 && sign.holds(&left, &seconds))
        }
        (Quantity::Ended, Bound::Seconds(seconds)) => window
            .expires_at
            .map(|end| at.since(end))
            .is_some_and(|ago| ago >= 0 && sign.holds(&ago, &seconds)),
        (Quantity::Expires, Bound::At(day)) => window.expires_at.is_some_and(|end| sign.holds(&end, &day)),
        (Quantity::Starts, Bound::At(day)) => window.not_before.is_some_and(|start| sign.holds(&start, &day)),
        (Quantity::Ended, Bound::At(day)) => {
            window.expires_at.is_some_and(|end| end <= at && sign.holds(&end, &day))
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
