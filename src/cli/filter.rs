//! Choosing applications by words: plain text, or `status:ended tag:trial expires<7d -customer:acme`.

use crate::registry::{Application, ApplicationStatus, Duration, Instant};
use std::str::FromStr;

/// Words that an application must all meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// Contained in any field, whatever the case.
    Text(String),
    Status(&'static str),
    Tag(String),
    Customer(String),
    Api(String),
    /// Not yet ended, and less than this left.
    Expires(Duration),
}

const STATUSES: [&str; 5] = ["suspended", "scheduled", "ended", "ending", "active"];

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self { terms: words(text).iter().map(|word| term(word)).collect::<Result<_, _>>()? })
    }
}

/// Words at spaces; quotes hold a word together.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => words.push(String::new()),
            c => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn term(word: &str) -> Result<Term, String> {
    let (negated, word) = match word.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, word),
    };
    if let Some(within) = word.strip_prefix("expires<") {
        let within = within.parse().map_err(|error| format!("`{word}`: {error}"))?;
        return Ok(Term { negated, test: Test::Expires(within) });
    }
    let test = match word.split_once(':') {
        Some(("status", name)) => Test::Status(status(name)?),
        Some(("tag", tag)) => Test::Tag(tag.to_lowercase()),
        Some(("customer", name)) => Test::Customer(name.to_lowercase()),
        Some(("api", audience)) => Test::Api(audience.to_lowercase()),
        _ => Test::Text(word.to_lowercase()),
    };
    Ok(Term { negated, test })
}

fn status(name: &str) -> Result<&'static str, String> {
    STATUSES
        .into_iter()
        .find(|status| *status == name)
        .ok_or_else(|| format!("`{name}` is no status; use one of {}", STATUSES.join(", ")))
}

impl Filter {
    /// Whether an application meets every word at `at`.
    pub fn matches(&self, application: &Application, at: Instant) -> bool {
        self.terms.iter().all(|term| term.test.holds(application, at) != term.negated)
    }
}

impl Test {
    fn holds(&self, app: &Application, at: Instant) -> bool {
        match self {
            Self::Text(text) => fields(app).any(|field| field.to_lowercase().contains(text)),
            Self::Status(status) => super::when::status(app, at) == *status,
            Self::Tag(tag) => app.tags.iter().any(|t| t.to_lowercase() == *tag),
            Self::Customer(name) => app.customer.to_lowercase().contains(name),
            Self::Api(audience) => app.grants.iter().any(|g| g.audience.to_lowercase().contains(audience)),
            Self::Expires(within) => {
                app.expires_at.is_some_and(|end| (1..within.seconds()).contains(&end.since(at)))
            }
        }
    }
}

fn fields(app: &Application) -> impl Iterator<Item = &str> {
    let texts = [&app.client_id, &app.name, &app.customer, &app.contact, &app.notes];
    let granted = app.grants.iter().flat_map(|g| std::iter::once(&g.audience).chain(&g.scopes));
    let metadata = app.metadata.iter().flat_map(|(key, value)| [key, value]);
    let status = match app.status {
        ApplicationStatus::Active => None,
        ApplicationStatus::Suspended => Some("suspended"),
    };
    texts
        .into_iter()
        .chain(&app.external_id)
        .chain(&app.tags)
        .chain(granted)
        .chain(metadata)
        .map(String::as_str)
        .chain(status)
}
