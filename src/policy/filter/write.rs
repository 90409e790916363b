//! Writing a filter, so that reading it gives the same one.

use super::{Bound, Filter, Term, Test};
use crate::registry::human;
use std::fmt;

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, term) in self.terms.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { " " })?;
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negated { "-" } else { "" })?;
        match &self.test {
            Test::Text(text) => f.write_str(&if is_plain(text) { text.clone() } else { quoted(text) }),
            Test::Status(statuses) => {
                let names: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
                write!(f, "status:{}", names.join(","))
            }
            Test::Field(field, values) => {
                let values: Vec<String> = values.iter().map(|text| value(text)).collect();
                write!(f, "{}:{}", field.as_str(), values.join(","))
            }
            Test::Has(has) => write!(f, "has:{}", has.as_str()),
            Test::Compare(quantity, sign, bound) => {
                write!(f, "{}{}{bound}", quantity.as_str(), sign.as_str())
            }
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(0) => f.write_str("0"),
            Self::Seconds(seconds) => f.write_str(&human(*seconds).replace(' ', "")),
            Self::At(at) => write!(f, "{at}"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

/// Whether a text is read as the same text without quotes.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(['-', '"'])
        && text.parse().is_ok_and(|filter: Filter| {
            matches!(filter.terms.as_slice(), [Term { negated: false, test: Test::Text(read) }] if read == text)
        })
}

/// A value of a field, in quotes where it needs them.
pub(super) fn value(text: &str) -> String {
    let bare = |c: char| !c.is_whitespace() && c != ',';
    if !text.is_empty() && !text.starts_with('"') && text.chars().all(bare) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
