//! Tokens in other texts: what people paste around one, and every one in a log.

use super::base64url::is_alphabet;
use aho_corasick::AhoCorasick;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

/// A token and whether something stood around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwrapped<'i> {
    /// The token, or what comes closest to one.
    pub token: Cow<'i, [u8]>,
    /// Whether something was taken away.
    pub wrapped: bool,
}

/// Takes away what people paste around a token: `Authorization: Bearer`, quotes, line breaks, a token endpoint's JSON, a
/// `curl` line. White space at both ends is nothing; a character in the middle that no token holds is never repaired.
#[must_use]
pub fn unwrap(input: &[u8]) -> Unwrapped<'_> {
    let trimmed = input.strip_prefix("\u{feff}".as_bytes()).unwrap_or(input).trim_ascii();
    if is_token_like(trimmed) {
        return Unwrapped { token: Cow::Borrowed(trimmed), wrapped: false };
    }
    let token = from_response(trimmed)
        .or_else(|| joined(peeled(trimmed)))
        .or_else(|| after_bearer(trimmed))
        .or_else(|| {
            tokens(trimmed)
                .find(|place| is_delimited(trimmed, place.end))
                .and_then(|place| trimmed.get(place))
                .map(Cow::Borrowed)
        });
    match token {
        Some(token) => Unwrapped { token, wrapped: true },
        None => Unwrapped { token: Cow::Borrowed(peeled(trimmed)), wrapped: false },
    }
}

fn is_token_like(text: &[u8]) -> bool {
    text.iter().all(|byte| is_alphabet(*byte) || *byte == b'.')
}

/// The token of a token endpoint's answer, or of a line of JSON.
fn from_response(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    #[derive(serde::Deserialize)]
    struct Response {
        access_token: Option<String>,
        token: Option<String>,
        id_token: Option<String>,
    }
    if !text.starts_with(b"{") {
        return None;
    }
    let response: Response = serde_json::from_slice(text).ok()?;
    let token = response.access_token.or(response.token).or(response.id_token)?;
    Some(Cow::Owned(token.trim().as_bytes().to_vec()))
}

/// The text without quotes around it and the words before it.
fn peeled(text: &[u8]) -> &[u8] {
    let mut rest = text;
    loop {
        let before = rest;
        for quote in [b"\"", b"'", b"`"] {
            rest = rest
                .strip_prefix(quote)
                .and_then(|rest| rest.strip_suffix(quote))
                .unwrap_or(rest)
                .trim_ascii();
        }
        for word in ["authorization:", "bearer "] {
            rest = without(rest, word).unwrap_or(rest).trim_ascii();
        }
        if rest == before {
            return rest;
        }
    }
}

fn without<'t>(text: &'t [u8], word: &str) -> Option<&'t [u8]> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word.as_bytes()).then_some(rest)
}

/// The text with its line breaks taken out, where that makes a token of it.
fn joined(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if is_token_like(text) {
        return Some(Cow::Borrowed(text)).filter(|text| !text.is_empty());
    }
    let mut token = Vec::with_capacity(text.len());
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = line.trim_ascii();
        token.extend_from_slice(line.strip_suffix(b"\\").unwrap_or(line).trim_ascii_end());
    }
    (token.contains(&b'.') && is_token_like(&token)).then_some(Cow::Owned(token))
}

/// What stands behind `Bearer`, up to the quote that ends it, as in a `curl` line.
fn after_bearer(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    let place = text.windows(7).position(|word| word.eq_ignore_ascii_case(b"bearer "))?;
    let rest = text.get(place + 7..)?;
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\'' | b'`')).unwrap_or(rest.len());
    joined(rest.get(..end)?.trim_ascii())
}

/// Whether a token really ends here, rather than at a character that was slipped into it.
fn is_delimited(text: &[u8], end: usize) -> bool {
    text.get(end).is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`,;)]}>&|\\<".contains(byte))
}

/// Base64url of `{"` with a letter or digit, and of `{` with a space, line feed, carriage return or tab: whatever
/// a JSON object begins with.
static STARTS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(["eyJ", "eyI", "eyA", "ewo", "ew0", "ewk"]).ok());

/// The longest header that is looked for in a log; one with a chain of certificates stays below it.
const MAX_HEADER: usize = 32 * 1024;

/// Every token in a text, in order; they do not overlap.
pub fn tokens(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || match next(text, from, true) {
        Next::Token(range) => {
            from = range.end;
            Some(range)
        }
        Next::Unfinished(_) | Next::None => None,
    })
}

/// What comes next in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// A token.
    Token(Range<usize>),
    /// From here on a token may begin, of which the end is not there yet.
    Unfinished(usize),
    /// Nothing.
    None,
}

/// The next thing from a place on that has the shape of a token; `complete` where nothing follows the text.
pub(super) fn next(text: &[u8], mut from: usize, complete: bool) -> Next {
    let Some(starts) = STARTS.as_ref() else { return Next::None };
    loop {
        let Some(hit) = text.get(from..).and_then(|rest| starts.find(rest)) else { return Next::None };
        let start = from + hit.start();
        let end = run(text, start);
        if end == text.len() && !complete && end - start <= MAX_HEADER {
            return Next::Unfinished(start);
        }
        // Further starts in this run are not at its beginning.
        from = end;
        if !begins_here(text, start) || end - start > MAX_HEADER || text.get(end) != Some(&b'.') {
            continue;
        }
        let mut ends = [end; 5];
        let mut parts = 1;
        for slot in ends.iter_mut().skip(1) {
            let Some(b'.') = text.get(from) else { break };
            from = run(text, from + 1);
            *slot = from;
            parts += 1;
        }
        if from == text.len() && !complete {
            return Next::Unfinished(start);
        }
        let [_, second, third, _, fifth] = ends;
        match parts {
            // The second part of an encrypted token may be empty, that of a signed one holds its claims.
            5 => return Next::Token(start..fifth),
            3 | 4 if second > end + 1 => return Next::Token(start..third),
            _ => from = end,
        }
    }
}

/// Where the characters of base64url end.
fn run(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !is_alphabet(*byte)).unwrap_or(rest.len())
}

/// Whether a token can begin here: nothing of base64url before it, except the rest of an escape (`\n`, `\u003d`, `%3D`).
fn begins_here(text: &[u8], start: usize) -> bool {
    let before = text.get(start.saturating_sub(6)..start).unwrap_or_default();
    let escape = before.iter().rposition(|byte| !is_alphabet(*byte));
    match escape.and_then(|at| Some((*before.get(at)?, before.get(at + 1..)?))) {
        Some((_, [])) => true,
        Some((b'\\', [b'n' | b'r' | b't' | b'u', ..]) | (b'%', [_, _])) => true,
        Some(_) => false,
        None => before.is_empty(),
    }
}
