//! Characters in texts from outside that mislead whoever reads them.

/// Whether a character moves the cursor, turns the direction of a line, or is not seen at all.
///
/// U+200C and U+200D are left alone: scripts and emoji need them.
///
/// ```
/// use tenure::registry::misleads;
/// assert!(misleads('\u{202e}') && misleads('\u{200b}') && misleads('\u{7}'));
/// assert!(!misleads('ß') && !misleads('\u{200d}'));
/// ```
#[must_use]
pub fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
