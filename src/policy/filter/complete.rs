//! What can stand where somebody is typing.

use super::write::value;
use super::{Field, Has, Quantity};
use crate::policy::Status;
use crate::registry::Registry;
use std::collections::BTreeSet;
use std::ops::Range;

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What to write.
    pub insert: String,
    /// In place of this part of the filter, in bytes.
    pub replace: Range<usize>,
    /// What it means; empty where it says so itself.
    pub hint: &'static str,
}

const MOST: usize = 12;

pub(super) fn completions(text: &str, cursor: usize, registry: &Registry) -> Vec<Completion> {
    let Some(before) = text.get(..cursor) else { return Vec::new() };
    let start = before.rfind(char::is_whitespace).map_or(0, |space| {
        space + before.get(space..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let word = before.get(start..).unwrap_or_default();
    let (start, word) = word.strip_prefix('-').map_or((start, word), |rest| (start + 1, rest));
    match word.split_once(':') {
        Some((name, typed)) => {
            let typed = typed.rsplit(',').next().unwrap_or_default();
            let typed_text = typed.trim_start_matches('"').to_lowercase();
            values(name, registry)
                .into_iter()
                .filter(|value| value.to_lowercase().contains(&typed_text))
                .take(MOST)
                .map(|text| Completion {
                    insert: value(&text),
                    replace: cursor - typed.len()..cursor,
                    hint: "",
                })
                .collect()
        }
        None => names()
            .filter(|(name, _)| name.starts_with(&word.to_lowercase()) && *name != word)
            .take(MOST)
            .map(|(name, hint)| Completion { insert: name, replace: start..cursor, hint })
            .collect(),
    }
}

fn names() -> impl Iterator<Item = (String, &'static str)> {
    let fields = Field::ALL.into_iter().map(|field| (format!("{}:", field.as_str()), field_hint(field)));
    let quantities = Quantity::ALL.into_iter().map(|q| {
        let sign = if q == Quantity::Overrun || q == Quantity::Grants { ">" } else { "<" };
        (format!("{}{sign}", q.as_str()), quantity_hint(q))
    });
    let own =
        [("status:", "active, ending, ended, scheduled, suspended"), ("has:", "an end, access or a limit")];
    own.into_iter().map(|(name, hint)| (name.to_owned(), hint)).chain(fields).chain(quantities)
}

const fn field_hint(field: Field) -> &'static str {
    match field {
        Field::Tag => "a tag",
        Field::Customer => "whose it is",
        Field::Client => "the client id",
        Field::Name => "the name",
        Field::Contact => "whom to write to",
        Field::Notes => "the notes",
        Field::Api => "an API that it is granted",
        Field::Scope => "a scope that it is granted",
    }
}

const fn quantity_hint(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Expires => "time left, or a date",
        Quantity::Starts => "time until it starts, or a date",
        Quantity::Ended => "time since it ended, or a date",
        Quantity::Lifetime => "the longest lifetime",
        Quantity::Overrun => "how far tokens can outlive it",
        Quantity::Grants => "how many APIs it may use",
    }
}

fn values(name: &str, registry: &Registry) -> BTreeSet<String> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let applications = registry.applications();
    match name {
        "status" => words(&[
            Status::Active.as_str(),
            Status::Ending.as_str(),
            Status::Ended.as_str(),
            Status::Scheduled.as_str(),
            Status::Suspended.as_str(),
        ]),
        "has" => words(&Has::ALL.map(Has::as_str)),
        "tag" => applications.iter().flat_map(|app| app.tags.iter().cloned()).collect(),
        "customer" => applications.iter().map(|app| app.customer.clone()).filter(|c| !c.is_empty()).collect(),
        "api" => registry.apis().iter().map(|api| api.audience.clone()).collect(),
        "scope" => registry.apis().iter().flat_map(|api| api.scopes.iter().map(|s| s.name.clone())).collect(),
        _ => BTreeSet::new(),
    }
}
