//! The registry as YAML: the same model as the JSON file, in the form that people edit.

use super::{Asked, ExportError, Exporter, Out, Selection};
use crate::registry::file::{Member, members};
use crate::registry::{Application, misleads};
use serde_json::Value;
use std::fmt::Write;

/// `registry.yaml`.
#[derive(Debug)]
pub(super) struct Yaml;

impl Exporter for Yaml {
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        let chosen = |application: &Application| selection.contains(&application.client_id);
        out.file("registry.yaml")?;
        for (name, member) in members(asked.registry(), &chosen) {
            match member {
                Member::One(value) => out.text(&entry(name, &value))?,
                Member::Many(items) => list(name, items, out)?,
            }
        }
        Ok(())
    }
}

/// A list of the document, an item at a time.
pub(super) fn list(
    name: &str,
    items: impl Iterator<Item = Value>,
    out: &mut Out<'_>,
) -> Result<(), ExportError> {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return out.text(&format!("{name}: []\n"));
    }
    out.text(&format!("{name}:\n"))?;
    for value in items {
        out.text(&item(&value, 1))?;
        out.step()?;
    }
    Ok(())
}

/// A member of the document.
pub(super) fn entry(name: &str, value: &Value) -> String {
    let mut text = scalar(name);
    text.push(':');
    after(&mut text, value, 0);
    text
}

fn item(value: &Value, level: usize) -> String {
    let mut text = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => {
            let mut margin = format!("{}- ", "  ".repeat(level));
            for (name, member) in members {
                text.push_str(&margin);
                text.push_str(&scalar(name));
                text.push(':');
                after(&mut text, member, level + 1);
                margin = "  ".repeat(level + 1);
            }
        }
        other => {
            text.push_str(&"  ".repeat(level));
            text.push('-');
            after(&mut text, other, level);
        }
    }
    text
}

/// What stands behind a name or a dash, with the line's end.
fn after(text: &mut String, value: &Value, level: usize) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('\n');
            for (name, member) in members {
                text.push_str(&"  ".repeat(level + 1));
                text.push_str(&scalar(name));
                text.push(':');
                after(text, member, level + 1);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            text.push('\n');
            for value in items {
                text.push_str(&item(value, level + 1));
            }
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            text.push_str(&format!(" [{}]\n", items.join(", ")));
        }
        other => text.push_str(&format!(" {}\n", inline(other))),
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Object(_) => "{}".to_owned(),
        other => other.to_string(),
    }
}

/// A text as a scalar: plain where no reader of any version of YAML takes it for something else, else in double quotes.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A letter, then letters, digits and `_`, `-`, `.`; no word that YAML 1.1 reads as a boolean, a number or nothing.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let lower = text.to_ascii_lowercase();
    text.len() <= 100
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && !WORDS.contains(&lower.as_str())
}

/// In double quotes. It holds no character that is not seen, and no `##` or `@@`, between which the Deploy CLI replaces words.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut before = ' ';
    for c in text.chars() {
        let pair = matches!(c, '#' | '@') && before == c;
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if pair || misleads(c) || is_unprintable(c) => {
                // Writing into a string does not fail.
                let _done = match u32::from(c) {
                    point @ 0..=0xff => write!(quoted, "\\x{point:02x}"),
                    point @ 0..=0xffff => write!(quoted, "\\u{point:04x}"),
                    point => write!(quoted, "\\U{point:08x}"),
                };
            }
            c => quoted.push(c),
        }
        before = c;
    }
    quoted.push('"');
    quoted
}

/// What YAML 1.2 does not let stand as it is, and what some readers stumble over.
fn is_unprintable(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{fffe}' | '\u{ffff}') || u32::from(c) & 0xfffe == 0xfffe
}
