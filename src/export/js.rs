//! Texts within JavaScript: no name can end its literal, start a comment or a placeholder, or turn a line around.

use crate::registry::misleads;
use std::fmt::Write;

/// A text as a literal in double quotes. It holds no character that is not seen, no `${` or `%{`, which HCL would take for
/// a template, and no `##` or `@@`, between which the Deploy CLI replaces words.
pub(super) fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let pair = matches!(c, '#' | '@') && before == c;
        let template = matches!(c, '$' | '%') && rest.peek() == Some(&'{');
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            c if misleads(c) || pair || template || matches!(c, '<' | '\u{fffe}' | '\u{ffff}') => {
                escape(&mut literal, c)
            }
            c => literal.push(c),
        }
        before = c;
    }
    literal.push('"');
    literal
}

fn escape(literal: &mut String, c: char) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        // Writing into a string does not fail.
        let _done = write!(literal, "\\u{unit:04x}");
    }
}

/// Texts as a list.
pub(super) fn strings<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(string).collect();
    format!("[{}]", texts.join(", "))
}
