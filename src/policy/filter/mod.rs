//! Choosing applications by words; one language for the window's filter and the command line's `--filter` and `--where`.
//!
//! ```text
//! filter   = { word }                         all words must hold
//! word     = [ "-" ] ( text | field | has | compare )
//! text     = bare | quoted                    contained in any field, whatever the case
//! field    = name ":" value { "," value }     any of the values
//! name     = "status" | "tag" | "customer" | "client" | "name" | "contact" | "notes" | "api" | "scope"
//! has      = "has:" ( "end" | "access" | "limit" )
//! compare  = quantity ( "<" | "<=" | ">" | ">=" | "=" ) bound
//! quantity = "expires" | "starts" | "ended" | "lifetime" | "overrun" | "grants"
//! bound    = duration | date | instant | number
//! value    = bare | quoted
//! quoted   = '"' { any, with \" and \\ } '"'
//! ```
//!
//! `status` and `tag` and `scope` are compared whole, the other fields are searched. `expires<7d`: not yet ended, and
//! less than seven days left; `ended<30d`: ended less than thirty days ago; `expires<2026-12-01`: the end lies before
//! that day. `lifetime` is the longest that the policy grants, `overrun` the most that tokens of the issuer's profile
//! can outlive the application (`overrun>0`). A word with a colon that is no field, such as `https://api.example.com`
//! or `usage:write`, is text.

mod complete;
mod matching;
mod parse;
mod write;

pub use complete::Completion;
pub use matching::{FilterContext, Moments, Subject, haystack};

use super::status::Status;
use crate::registry::Instant;
use chrono_tz::Tz;
use std::ops::Range;
use std::str::FromStr;

/// Words that an application must all meet; none is met by every application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// In lower case.
    Text(String),
    Status(Vec<Status>),
    /// Any of these, in lower case.
    Field(Field, Vec<String>),
    Has(Has),
    Compare(Quantity, Comparison, Bound),
}

/// A field that a word can ask for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the registry's")]
pub enum Field {
    Tag,
    Customer,
    Client,
    Name,
    Contact,
    Notes,
    Api,
    Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Has {
    End,
    Access,
    Limit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Expires,
    Starts,
    Ended,
    Lifetime,
    Overrun,
    Grants,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Seconds(i64),
    At(Instant),
    Count(i64),
}

impl Field {
    const ALL: [Self; 8] = [
        Self::Tag,
        Self::Customer,
        Self::Client,
        Self::Name,
        Self::Contact,
        Self::Notes,
        Self::Api,
        Self::Scope,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Customer => "customer",
            Self::Client => "client",
            Self::Name => "name",
            Self::Contact => "contact",
            Self::Notes => "notes",
            Self::Api => "api",
            Self::Scope => "scope",
        }
    }
}

impl Has {
    const ALL: [Self; 3] = [Self::End, Self::Access, Self::Limit];

    const fn as_str(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Access => "access",
            Self::Limit => "limit",
        }
    }
}

impl Quantity {
    const ALL: [Self; 6] =
        [Self::Expires, Self::Starts, Self::Ended, Self::Lifetime, Self::Overrun, Self::Grants];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Expires => "expires",
            Self::Starts => "starts",
            Self::Ended => "ended",
            Self::Lifetime => "lifetime",
            Self::Overrun => "overrun",
            Self::Grants => "grants",
        }
    }
}

impl Comparison {
    /// Longer signs first, so that reading takes the whole sign.
    const ALL: [Self; 5] = [Self::AtMost, Self::AtLeast, Self::Less, Self::More, Self::Equal];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Equal => "=",
        }
    }

    fn holds<T: Ord>(self, a: &T, b: &T) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::More => a > b,
            Self::AtLeast => a >= b,
            Self::Equal => a == b,
        }
    }
}

/// Why a filter cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {})", .character)]
pub struct FilterError {
    /// What is wrong and what to write, in a sentence.
    pub message: String,
    /// The part that is wrong, in bytes of the filter.
    pub span: Range<usize>,
    /// Where that part begins, in characters from 1.
    pub character: usize,
}

impl FromStr for Filter {
    type Err = FilterError;

    /// Reads a filter; a date is midnight in UTC.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::read(text, Tz::UTC)
    }
}

impl Filter {
    /// Reads a filter in which dates are midnights of a zone.
    ///
    /// # Errors
    /// [`FilterError`] names the first word that cannot be read, and its place.
    pub fn read(text: &str, zone: Tz) -> Result<Self, FilterError> {
        parse::filter(text, zone)
    }

    /// Whether it is met by every application.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// What completes the word in which the cursor stands; `cursor` is in bytes.
    #[must_use]
    pub fn completions(text: &str, cursor: usize, registry: &crate::registry::Registry) -> Vec<Completion> {
        complete::completions(text, cursor, registry)
    }

    /// The same filter with one more value of a field that may stand there, or no longer where it could.
    ///
    /// Of several values of one field any is enough: `tag:eu,trial`.
    #[must_use]
    pub fn with_value_toggled(mut self, field: Field, value: &str) -> Self {
        let value = value.to_lowercase();
        let place = self.terms.iter_mut().find_map(|term| term.values_of(field));
        match place {
            None => self.terms.push(Term { negated: false, test: Test::Field(field, vec![value]) }),
            Some(values) => match values.iter().position(|other| *other == value) {
                None => values.push(value),
                Some(at) => {
                    values.remove(at);
                }
            },
        }
        self.terms.retain(|term| !matches!(&term.test, Test::Field(_, values) if values.is_empty()));
        self
    }

    /// Whether a value of a field may stand there.
    #[must_use]
    pub fn asks(&self, field: Field, value: &str) -> bool {
        let wanted = value.to_lowercase();
        self.terms.iter().any(|term| match &term.test {
            Test::Field(of, values) => !term.negated && *of == field && values.contains(&wanted),
            _ => false,
        })
    }

    /// Whether it asks for everything that another one does.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        other.terms.iter().all(|term| self.terms.contains(term))
    }

    /// The same filter with the words of another one, or without them where it has them all.
    #[must_use]
    pub fn toggled(mut self, other: &Self) -> Self {
        if self.includes(other) {
            self.terms.retain(|term| !other.terms.contains(term));
        } else {
            let new: Vec<Term> =
                other.terms.iter().filter(|term| !self.terms.contains(term)).cloned().collect();
            self.terms.extend(new);
        }
        self
    }
}

impl Term {
    /// The values of a field that is asked for.
    fn values_of(&mut self, field: Field) -> Option<&mut Vec<String>> {
        match &mut self.test {
            Test::Field(of, values) if !self.negated && *of == field => Some(values),
            _ => None,
        }
    }
}
