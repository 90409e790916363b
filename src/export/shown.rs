//! An export as it is shown before it is written: its beginning line by line, and what differs from the file that is there.

use super::{Asked, ExportError, Form, Memory, Selection, notes, write_into};

/// As many bytes of an export as are shown; a registry of 100 000 applications is longer than anybody reads.
const MOST: usize = 1 << 20;
/// As many pairs of lines as are compared one by one.
const MOST_PAIRS: usize = 4_000_000;
/// As many lines as stand around a difference.
const AROUND: usize = 2;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The name of one of several files.
    Name,
    /// A line of the file.
    Text,
    /// A line that is new.
    Added,
    /// A line that is gone.
    Removed,
    /// Lines that are left out, since they are the same.
    Gap,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub mark: Mark,
    /// Its text, without its end.
    pub text: String,
}

/// How an export differs from what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Difference {
    /// There is no file of this name.
    #[default]
    New,
    /// It is the same to the byte.
    Same,
    /// So many lines are new, and so many gone.
    Lines {
        /// New ones.
        added: usize,
        /// Gone ones.
        removed: usize,
    },
    /// One of them is too long to compare.
    Unknown,
}

/// An export before it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Its lines, with the names of its files where it has several.
    pub lines: Vec<Line>,
    /// Whether these are all of them.
    pub whole: bool,
    /// The whole text, where it is one file that is not too long.
    pub text: Option<String>,
    /// What the format cannot carry.
    pub notes: Vec<String>,
    /// How it differs from what is there.
    pub difference: Difference,
    /// The lines that differ, with some around them.
    pub changes: Vec<Line>,
    /// Why there is none.
    pub error: Option<String>,
}

impl Shown {
    /// Makes the export as far as it is shown; `old` reads the file of this name that is there.
    #[must_use]
    pub fn of(
        form: Form,
        asked: &Asked,
        selection: &Selection,
        old: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Self {
        let mut memory = Memory::beginning(MOST);
        let written = write_into(form, asked, selection, &mut memory, &mut |_, _| true);
        let mut shown = Self { notes: notes(form, asked, selection), ..Self::default() };
        shown.whole = match written {
            Ok(()) => true,
            Err(ExportError::Enough) => false,
            Err(error) => {
                shown.error = Some(error.to_string());
                return shown;
            }
        };
        let files: Vec<(String, String)> = memory
            .files
            .into_iter()
            .map(|(name, text)| (name, String::from_utf8_lossy(&text).into_owned()))
            .collect();
        for (name, text) in &files {
            if form.is_folder() {
                shown.lines.push(Line { mark: Mark::Name, text: name.clone() });
            }
            shown.lines.extend(text.lines().map(|line| Line { mark: Mark::Text, text: line.to_owned() }));
        }
        shown.compare(form, &files, old);
        if let (true, false, Some((_, text))) = (shown.whole, form.is_folder(), files.into_iter().next()) {
            shown.text = Some(text);
        }
        shown
    }

    fn compare(&mut self, form: Form, files: &[(String, String)], old: &dyn Fn(&str) -> Option<Vec<u8>>) {
        let (mut any, mut all_same) = (false, true);
        let (mut added, mut removed) = (0, 0);
        for (name, text) in files {
            let before = old(if form.is_folder() { name } else { "" });
            any |= before.is_some();
            let before = before.unwrap_or_default();
            if before.len() > MOST || !self.whole {
                self.difference = if any { Difference::Unknown } else { Difference::New };
                return self.changes.clear();
            }
            if before == text.as_bytes() {
                continue;
            }
            all_same = false;
            if form.is_folder() {
                self.changes.push(Line { mark: Mark::Name, text: name.clone() });
            }
            let lines = differing(&String::from_utf8_lossy(&before), text);
            added += lines.iter().filter(|line| line.mark == Mark::Added).count();
            removed += lines.iter().filter(|line| line.mark == Mark::Removed).count();
            self.changes.extend(lines);
        }
        self.difference = match (any, all_same) {
            (false, _) => Difference::New,
            (true, true) => Difference::Same,
            (true, false) => Difference::Lines { added, removed },
        };
        if self.difference == Difference::New {
            self.changes.clear();
        }
    }
}

/// The lines that differ, with some around them, and marks where others are left out.
#[must_use]
pub fn differing(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = |lines: &[&str]| -> Vec<String> {
        lines.iter().take(lines.len().saturating_sub(end)).map(|line| (*line).to_owned()).collect()
    };
    let line = |mark: Mark, text: &str| Line { mark, text: text.to_owned() };
    let mut all: Vec<Line> = new.iter().take(start).map(|text| line(Mark::Text, text)).collect();
    all.extend(aligned(&middle(rest_old), &middle(rest_new)));
    all.extend(new.iter().skip(new.len().saturating_sub(end)).map(|text| line(Mark::Text, text)));
    with_gaps(all)
}

/// Two texts side by side by their longest common subsequence, where they are short enough to look for it.
fn aligned(old: &[String], new: &[String]) -> Vec<Line> {
    let line = |mark: Mark, text: &String| Line { mark, text: text.clone() };
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        let removed = old.iter().map(|text| line(Mark::Removed, text));
        return removed.chain(new.iter().map(|text| line(Mark::Added, text))).collect();
    }
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let at = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or_default();
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = if a == b {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(slot) = common.get_mut(i * width + j) {
                *slot = best;
            }
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    loop {
        match (old.get(i), new.get(j)) {
            (None, None) => return lines,
            (Some(a), Some(b)) if a == b => {
                lines.push(line(Mark::Text, b));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                lines.push(line(Mark::Removed, a));
                i += 1;
            }
            (_, Some(b)) => {
                lines.push(line(Mark::Added, b));
                j += 1;
            }
            (Some(_), None) => return lines,
        }
    }
}

fn with_gaps(all: Vec<Line>) -> Vec<Line> {
    let differs: Vec<usize> =
        all.iter().enumerate().filter(|(_, line)| line.mark != Mark::Text).map(|(place, _)| place).collect();
    let mut next = differs.iter().copied().peekable();
    let (mut kept, mut left, mut last) = (Vec::new(), 0_usize, None::<usize>);
    for (place, line) in all.into_iter().enumerate() {
        if next.peek().is_some_and(|differs| *differs == place) {
            last = next.next();
        }
        let after = last.is_some_and(|last| place - last <= AROUND);
        let before = next.peek().is_some_and(|differs| differs - place <= AROUND);
        if line.mark != Mark::Text || after || before {
            if left > 0 {
                kept.push(Line { mark: Mark::Gap, text: same(left) });
                left = 0;
            }
            kept.push(line);
        } else {
            left += 1;
        }
    }
    if left > 0 {
        kept.push(Line { mark: Mark::Gap, text: same(left) });
    }
    kept
}

fn same(count: usize) -> String {
    format!("{} the same", super::counted(count, "line"))
}
