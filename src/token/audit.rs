//! Every token of a log against the policy. The log streams through one buffer, whatever its size and the length of its lines.

use super::check::{Check, IssuerVerdict, Subject, Verdict, issued_at};
use super::claims::Claims;
use super::decode::{DecodeError, Decoded, MAX_SIZE, Part};
use super::extract::{self, Next};
use super::key::KeySet;
use super::verify::{SignatureState, verify_signature};
use crate::policy::Policy;
use crate::registry::Instant;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;

/// Which settings judge a token.
pub trait Judges {
    /// The policy in force when a token was issued; without an instant, today's.
    fn policy_at(&mut self, issued_at: Option<Instant>) -> &Policy;
}

/// The same settings for every token.
impl Judges for &Policy {
    fn policy_at(&mut self, _: Option<Instant>) -> &Policy {
        self
    }
}

/// A token of the log.
#[derive(Debug)]
pub struct Row<'r> {
    /// The line where it begins, counted from 1.
    pub line: u64,
    /// When it expires.
    pub exp: Option<Instant>,
    /// What the policy says, where it can be read.
    pub check: Option<&'r Check<'r>>,
    /// Whether its signature is valid, where keys were given.
    pub signature: Option<SignatureState>,
    /// Why it cannot be read.
    pub unreadable: Option<&'r DecodeError>,
}

impl Row<'_> {
    /// The verdict, or `unreadable`.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        self.check.map_or("unreadable", |check| check.verdict.as_str())
    }
}

/// What an audit tells while it runs.
#[derive(Debug)]
pub enum Event<'e> {
    /// A token.
    Row(&'e Row<'e>),
    /// So many bytes are read.
    Read(u64),
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// How many bytes were read.
    pub bytes: u64,
    /// How many lines.
    pub lines: u64,
    /// How many tokens were in them.
    pub tokens: u64,
    /// Of those, by verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// How many had the shape of a token and could not be read.
    pub unreadable: u64,
    /// How many the issuer's profile does not explain.
    pub unexplained: u64,
    /// The longest life past an application's end, in seconds.
    pub longest_overrun: i64,
    /// By the state of their signature, where keys were given.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub signatures: BTreeMap<SignatureState, u64>,
}

impl Totals {
    /// How many had a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> u64 {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    /// Whether a token outlives its application, or one was not signed by the keys.
    #[must_use]
    pub fn is_alarming(&self) -> bool {
        self.count(Verdict::OutlivesApplication) > 0
            || self.signatures.keys().any(|state| *state != SignatureState::Valid)
    }

    fn add(&mut self, row: &Row<'_>) {
        self.tokens += 1;
        match row.check {
            Some(check) => {
                *self.verdicts.entry(check.verdict).or_default() += 1;
                self.unexplained += u64::from(check.issuer_verdict == Some(IssuerVerdict::Unexplained));
                if check.verdict == Verdict::OutlivesApplication {
                    self.longest_overrun = self.longest_overrun.max(check.by.unwrap_or_default());
                }
            }
            None => self.unreadable += 1,
        }
        if let Some(state) = row.signature {
            *self.signatures.entry(state).or_default() += 1;
        }
    }
}

/// How much is read at a time.
const CHUNK: usize = 256 * 1024;
/// What is looked at before a place to see whether a token can begin there.
const CONTEXT: usize = 8;

/// Reads a log to its end, or until `tell` breaks off, and gives the totals.
///
/// # Errors
/// Where the log cannot be read.
pub fn audit(
    mut log: impl Read,
    judges: &mut dyn Judges,
    keys: Option<&KeySet>,
    tell: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> std::io::Result<Totals> {
    let mut run = Run { judges, keys, tell, totals: Totals::default(), last_byte: b'\n' };
    let mut buffer = vec![0; CHUNK];
    let mut held = 0;
    loop {
        buffer.resize(held + CHUNK, 0);
        let read = fill(&mut log, buffer.get_mut(held..).unwrap_or_default())?;
        run.totals.bytes += read as u64;
        let (end, complete) = (held + read, read < CHUNK);
        let (keep, flow) = run.scan(buffer.get(..end).unwrap_or_default(), complete);
        if flow.is_break() || complete || (run.tell)(Event::Read(run.totals.bytes)).is_break() {
            break;
        }
        buffer.copy_within(keep..end, 0);
        held = end - keep;
    }
    run.totals.lines += u64::from(run.last_byte != b'\n');
    Ok(run.totals)
}

/// Reads until the space is full or the log ends: a pipe's small pieces would each be looked through with what is held.
fn fill(log: &mut impl Read, space: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = space.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match log.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

struct Run<'r> {
    judges: &'r mut dyn Judges,
    keys: Option<&'r KeySet>,
    tell: &'r mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    totals: Totals,
    last_byte: u8,
}

impl Run<'_> {
    /// Judges every token of the text, and says from where on it has to be kept because one may go on behind it.
    fn scan(&mut self, text: &[u8], complete: bool) -> (usize, ControlFlow<()>) {
        let (mut from, mut counted) = (0, 0);
        let keep = loop {
            match extract::next(text, from, complete) {
                Next::Token(range) => {
                    self.count_lines(text, counted, range.start);
                    counted = range.start;
                    from = range.end;
                    if self.judge(text.get(range).unwrap_or_default()).is_break() {
                        return (from, ControlFlow::Break(()));
                    }
                }
                // What is longer than a token can be is none.
                Next::Unfinished(start) if text.len() - start <= MAX_SIZE => {
                    break start.saturating_sub(CONTEXT).max(from);
                }
                Next::Unfinished(_) | Next::None => break text.len().saturating_sub(CONTEXT).max(from),
            }
        };
        let keep = if complete { text.len() } else { keep.max(counted) };
        self.count_lines(text, counted, keep);
        (keep, ControlFlow::Continue(()))
    }

    fn count_lines(&mut self, text: &[u8], from: usize, to: usize) {
        let passed = text.get(from..to).unwrap_or_default();
        self.totals.lines += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.last_byte = passed.last().copied().unwrap_or(self.last_byte);
    }

    fn judge(&mut self, token: &[u8]) -> ControlFlow<()> {
        let line = self.totals.lines + 1;
        let (row, subject, check);
        let decoded = Decoded::parse(token);
        match &decoded {
            // Other things have this shape too, as session cookies; a token names its algorithm.
            Ok(decoded) if decoded.alg().is_none() => return ControlFlow::Continue(()),
            Ok(decoded) => {
                let signature = self.keys.map(|keys| verify_signature(decoded, keys).state);
                let policy = self.judges.policy_at(issued_at(decoded));
                subject = Subject::of(decoded, policy.registry());
                check = subject.check(policy);
                let exp = decoded.claims().and_then(|claims| Claims(claims).date("exp")?.instant());
                row = Row { line, exp, check: Some(&check), signature, unreadable: None };
            }
            // Text that looked like a token up to its header, which is none.
            Err(
                DecodeError::Header(_)
                | DecodeError::NotUtf8 { .. }
                | DecodeError::Base64 { part: Part::Header, .. },
            ) => return ControlFlow::Continue(()),
            Err(error) => {
                row = Row { line, exp: None, check: None, signature: None, unreadable: Some(error) };
            }
        }
        self.totals.add(&row);
        (self.tell)(Event::Row(&row))
    }
}
