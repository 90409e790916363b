//! Aligned columns, and texts that cannot disturb a terminal.

use crate::registry::misleads;
use std::io::Write;

/// Writes rows under their headings, columns two spaces apart.
pub(super) fn table(out: &mut dyn Write, headings: &[&str], rows: &[Vec<String>]) -> std::io::Result<()> {
    let mut widths: Vec<usize> = headings.iter().map(|h| h.chars().count()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| calm(cell)).collect()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
    for row in std::iter::once(&headings).chain(&rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count()) + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes `name: value` lines, values aligned; those without a value are left out.
pub(super) fn card(out: &mut dyn Write, lines: &[(&str, String)]) -> std::io::Result<()> {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        writeln!(out, "{name:width$}  {}", calm(value))?;
    }
    Ok(())
}

/// A text with its control and direction characters shown as escapes, so that no name can move the cursor
/// or turn a line around.
pub(super) fn calm(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let restless = misleads(c);
            let escaped = restless.then(|| c.escape_unicode());
            escaped.into_iter().flatten().chain((!restless).then_some(c))
        })
        .collect()
}

/// A duration or instant that may be unset.
pub(super) fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "—".to_owned(), |v| v.to_string())
}
