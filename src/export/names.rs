//! Names that other systems can hold: of files, resources and clients, each given once.

use std::collections::HashSet;

/// Names that were given, whatever case a file system makes of them.
#[derive(Debug, Default)]
pub(super) struct Unique(HashSet<String>);

impl Unique {
    /// The name, with a number behind it where another thing has it already.
    pub fn give(&mut self, name: String) -> String {
        let mut given = name.clone();
        let mut number = 2_usize;
        while !self.0.insert(given.to_lowercase()) {
            given = format!("{name}-{number}");
            number += 1;
        }
        given
    }
}

/// A text as part of a file's or a resource's name: letters, digits and what joins them, of ASCII.
pub(super) fn slug(text: &str, joint: char) -> String {
    const LONGEST: usize = 60;
    let mut slug = String::new();
    for c in text.chars().take(4 * LONGEST) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with(joint) => slug.push(joint),
            _ => {}
        }
    }
    let kept = slug.get(..LONGEST).unwrap_or(&slug).trim_end_matches(joint);
    if kept.is_empty() { "unnamed".to_owned() } else { kept.to_owned() }
}
