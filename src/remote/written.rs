//! Instants as people and programs wrote them into a free text field of a remote, and the form to write them back in.

use crate::registry::Instant;
use chrono::NaiveDateTime;

/// How an instant is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// RFC 3339 with `Z`.
    #[default]
    Rfc3339,
    /// Seconds of UNIX time.
    Seconds,
    /// Milliseconds of UNIX time.
    Milliseconds,
}

/// An instant that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The instant, in whole seconds.
    pub at: Instant,
    /// Its form.
    pub form: Form,
    /// Whether it is unusual, though it can mean one instant alone.
    pub unusual: bool,
}

/// Reads an instant; nothing where it could mean several, or none.
#[must_use]
pub fn read(text: &str) -> Option<Written> {
    let trimmed = text.trim();
    let is_number = trimmed.strip_prefix('-').unwrap_or(trimmed).bytes().all(|byte| byte.is_ascii_digit());
    if is_number && !trimmed.is_empty() {
        return number(trimmed.parse().ok()?, trimmed != text);
    }
    if let Ok(at) = Instant::parse(trimmed) {
        return Some(Written { at, form: Form::Rfc3339, unusual: trimmed != text });
    }
    // What people type: a blank for the `T`, small letters, an offset without a colon, `UTC`.
    let upper = trimmed.to_ascii_uppercase();
    let (moment, zone) = match upper.strip_suffix("UTC").or_else(|| upper.strip_suffix('Z')) {
        Some(moment) => (moment.trim(), "+0000".to_owned()),
        None => {
            let sign = upper.rfind(['+', '-']).filter(|place| *place > 10)?;
            let (moment, zone) = upper.split_at_checked(sign)?;
            (moment.trim(), zone.replace(':', ""))
        }
    };
    let whole = format!("{moment}{zone}");
    let forms = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d %H:%M%z"];
    let read = forms.iter().find_map(|form| chrono::DateTime::parse_from_str(&whole, form).ok())?;
    let at = Instant::from_seconds(read.timestamp()).ok()?;
    Some(Written { at, form: Form::Rfc3339, unusual: true })
}

/// The form of an instant for a reader that takes no other: nothing where a program that expects one form would refuse it.
#[must_use]
pub fn strict(text: &str) -> Option<Form> {
    let written = read(text).filter(|_| text.trim() == text)?;
    // A small `t` or a blank between date and time is as RFC 3339 §5.6 allows.
    let usual = || Instant::parse(&text.to_ascii_uppercase().replacen(' ', "T", 1)).is_ok();
    (!written.unusual || usual()).then_some(written.form)
}

/// Seconds until the year 5138, from there on milliseconds: one number never means both.
fn number(number: i64, unusual: bool) -> Option<Written> {
    let (seconds, form) = match number {
        0..100_000_000_000 => (number, Form::Seconds),
        100_000_000_000.. => (number.div_euclid(1000), Form::Milliseconds),
        _ => return None,
    };
    Some(Written { at: Instant::from_seconds(seconds).ok()?, form, unusual })
}

/// Writes an instant in a form.
#[must_use]
pub fn write(at: Instant, form: Form) -> String {
    match form {
        Form::Rfc3339 => at.to_string(),
        Form::Seconds => at.seconds().to_string(),
        Form::Milliseconds => at.seconds().saturating_mul(1000).to_string(),
    }
}

/// Writes an instant as the text that is there writes its own.
#[must_use]
pub fn in_form_of(at: Instant, there: Option<&str>) -> String {
    write(at, there.and_then(read).map(|written| written.form).unwrap_or_default())
}

/// A date and time without a zone, to be named as what is missing.
#[must_use]
pub fn lacks_zone(text: &str) -> bool {
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    forms.iter().any(|form| NaiveDateTime::parse_from_str(text.trim(), form).is_ok())
        || chrono::NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").is_ok()
}
