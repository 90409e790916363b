//! Reading a filter, word by word, with the place of what cannot be read.

use super::{Bound, Comparison, Field, Filter, FilterError, Has, Quantity, Term, Test};
use crate::policy::Status;
use crate::registry::{Duration, Instant};
use chrono::{NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use std::ops::Range;

const STATUSES: [Status; 5] =
    [Status::Suspended, Status::Scheduled, Status::Ended, Status::Ending, Status::Active];

pub(super) fn filter(text: &str, zone: Tz) -> Result<Filter, FilterError> {
    let mut reader = Reader { text, at: 0, zone };
    let mut terms = Vec::new();
    while reader.skip_spaces() {
        terms.push(reader.term()?);
    }
    Ok(Filter { terms })
}

/// A word, and whether it can only be text since it was quoted.
struct Value {
    text: String,
    span: Range<usize>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    zone: Tz,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes to the next word; says whether there is one.
    fn skip_spaces(&mut self) -> bool {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        !self.rest().is_empty()
    }

    fn error(&self, span: Range<usize>, message: impl Into<String>) -> FilterError {
        let character = self.text.get(..span.start).map_or(1, |before| before.chars().count() + 1);
        FilterError { message: message.into(), span, character }
    }

    fn term(&mut self) -> Result<Term, FilterError> {
        let mut after = self.rest().chars();
        let negated = after.next() == Some('-') && after.next().is_some_and(|c| !c.is_whitespace());
        self.at += usize::from(negated);
        Ok(Term { negated, test: self.test()? })
    }

    fn test(&mut self) -> Result<Test, FilterError> {
        if self.peek() == Some('"') {
            return Ok(Test::Text(self.quoted()?.text.to_lowercase()));
        }
        let start = self.at;
        let rest = self.rest();
        let stop = |c: char| c.is_whitespace() || matches!(c, ':' | '<' | '>' | '=' | '"');
        let head = rest.get(..rest.find(stop).unwrap_or(rest.len())).unwrap_or_default().to_owned();
        let span = start..start + head.len();
        match rest.get(head.len()..).and_then(|after| after.chars().next()) {
            Some(':') => {
                if let Some(test) = self.field(&head)? {
                    return Ok(test);
                }
            }
            Some('<' | '>' | '=') if !head.is_empty() => return self.compare(&head, span),
            _ => {}
        }
        Ok(Test::Text(self.bare(char::is_whitespace).text.to_lowercase()))
    }

    /// A test of a field, where the head names one.
    fn field(&mut self, head: &str) -> Result<Option<Test>, FilterError> {
        let start = self.at;
        let field = Field::ALL.into_iter().find(|field| field.as_str() == head);
        if field.is_none() && !matches!(head, "status" | "has") {
            if let Some(quantity) = Quantity::ALL.into_iter().find(|q| q.as_str() == head) {
                let span = start..start + head.len() + 1;
                let name = quantity.as_str();
                return Err(self.error(span, format!("`{name}` is compared; write for example `{name}<7d`")));
            }
            return Ok(None);
        }
        self.at += head.len() + 1;
        let values = self.values(head)?;
        Ok(Some(match (field, head) {
            (Some(field), _) => {
                Test::Field(field, values.into_iter().map(|value| value.text.to_lowercase()).collect())
            }
            (None, "status") => {
                Test::Status(values.into_iter().map(|value| self.status(&value)).collect::<Result<_, _>>()?)
            }
            (None, _) => {
                let Some(value) = values.into_iter().next() else { return Ok(None) };
                let has = Has::ALL.into_iter().find(|has| has.as_str() == value.text);
                Test::Has(has.ok_or_else(|| {
                    let message =
                        format!("`has:{}` is not known; use has:end, has:access or has:limit", value.text);
                    self.error(value.span, message)
                })?)
            }
        }))
    }

    fn status(&self, value: &Value) -> Result<Status, FilterError> {
        STATUSES.into_iter().find(|status| status.as_str() == value.text).ok_or_else(|| {
            let all: Vec<&str> = STATUSES.iter().map(|status| status.as_str()).collect();
            let message = format!("`{}` is no status; use one of {}", value.text, all.join(", "));
            self.error(value.span.clone(), message)
        })
    }

    /// Values with commas between them.
    fn values(&mut self, head: &str) -> Result<Vec<Value>, FilterError> {
        let mut values = Vec::new();
        loop {
            let value = match self.peek() {
                Some('"') => self.quoted()?,
                _ => self.bare(|c| c.is_whitespace() || c == ','),
            };
            if value.text.is_empty() {
                let message =
                    format!("`{head}:` needs a value; write for example `{head}:{}`", example(head));
                return Err(self.error(value.span, message));
            }
            values.push(value);
            if self.peek() != Some(',') {
                return Ok(values);
            }
            self.at += 1;
        }
    }

    fn compare(&mut self, head: &str, span: Range<usize>) -> Result<Test, FilterError> {
        let Some(quantity) = Quantity::ALL.into_iter().find(|q| q.as_str() == head) else {
            let all: Vec<&str> = Quantity::ALL.iter().map(|q| q.as_str()).collect();
            let message =
                format!("`{head}` cannot be compared; use {}, or quotes for a text", all.join(", "));
            return Err(self.error(span, message));
        };
        self.at += head.len();
        let sign = Comparison::ALL.into_iter().find(|sign| self.rest().starts_with(sign.as_str()));
        let sign = sign.unwrap_or(Comparison::Equal);
        self.at += sign.as_str().len();
        let value = if self.peek() == Some('"') { self.quoted()? } else { self.bare(char::is_whitespace) };
        let bound = self.bound(quantity, &value)?;
        Ok(Test::Compare(quantity, sign, bound))
    }

    fn bound(&self, quantity: Quantity, value: &Value) -> Result<Bound, FilterError> {
        let text = value.text.as_str();
        let name = quantity.as_str();
        let found = match quantity {
            Quantity::Grants => text.parse::<u32>().ok().map(|count| Bound::Count(i64::from(count))),
            Quantity::Expires | Quantity::Starts | Quantity::Ended => {
                seconds(text).or_else(|| self.instant(text).map(Bound::At))
            }
            Quantity::Lifetime | Quantity::Overrun => seconds(text),
        };
        let like = match quantity {
            Quantity::Grants => "a number, as in `grants>1`".to_owned(),
            Quantity::Lifetime | Quantity::Overrun => format!("a duration, as in `{name}>1h`"),
            _ => format!("a duration or a date, as in `{name}<7d` or `{name}<2026-12-01`"),
        };
        found.ok_or_else(|| {
            self.error(value.span.clone(), format!("`{text}` does not fit `{name}`; write {like}"))
        })
    }

    /// An instant, or the midnight with which a date begins.
    fn instant(&self, text: &str) -> Option<Instant> {
        if let Ok(instant) = Instant::parse(text) {
            return Some(instant);
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        let begins = self.zone.from_local_datetime(&date.and_time(NaiveTime::MIN)).earliest()?;
        Instant::from_seconds(begins.timestamp()).ok()
    }

    fn bare(&mut self, stop: impl Fn(char) -> bool) -> Value {
        let start = self.at;
        let rest = self.rest();
        let text = rest.get(..rest.find(stop).unwrap_or(rest.len())).unwrap_or_default().to_owned();
        self.at += text.len();
        Value { text, span: start..self.at }
    }

    fn quoted(&mut self) -> Result<Value, FilterError> {
        let start = self.at;
        let mut text = String::new();
        let mut escaped = false;
        for (place, c) in self.rest().char_indices().skip(1) {
            match c {
                c if escaped => {
                    text.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    self.at += place + 1;
                    return Ok(Value { text, span: start..self.at });
                }
                c => text.push(c),
            }
        }
        Err(self.error(start..self.text.len(), "the quotes are not closed; write `\"` at the end"))
    }
}

/// A duration, or 0.
fn seconds(text: &str) -> Option<Bound> {
    if text == "0" {
        return Some(Bound::Seconds(0));
    }
    text.parse::<Duration>().ok().map(|duration| Bound::Seconds(duration.seconds()))
}

fn example(head: &str) -> &'static str {
    match head {
        "status" => "ended",
        "has" => "end",
        "api" => "https://api.example.com",
        "scope" => "read",
        "tag" => "trial",
        _ => "acme",
    }
}
