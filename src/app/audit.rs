//! A log on the Tokens screen: gone through beside the window, its totals and rows, and the file that they are saved to.

use super::{Dialog, Effect, FileTask, SettingsOf, State, Verify};
use crate::export::AuditForm;
use crate::registry::Instant;
use crate::token::{Judging, KeySet, SignatureState, Totals, Verdict};
use std::cmp::{Ordering, Reverse};
use std::path::PathBuf;
use std::sync::Arc;

/// An audit of a log.
#[derive(Debug)]
pub struct Audit {
    /// The path that is typed.
    pub path: String,
    /// Whether tokens are judged by the settings of when they were issued, or by today's.
    pub settings: SettingsOf,
    /// What is, or was, gone through.
    pub asked: Option<AuditQuestion>,
    /// How many bytes were read, of how many, while it runs.
    pub running: Option<(u64, u64)>,
    /// The file that it is being saved to.
    pub saving: Option<(AuditForm, PathBuf)>,
    /// What was found.
    pub found: Option<Audited>,
    /// Only tokens of this verdict.
    pub only: Option<Verdict>,
    /// What orders the rows, and whether from the end.
    pub sort: (AuditColumn, bool),
    /// The places of the rows that are shown, in their order.
    pub shown: Vec<u32>,
    /// What went wrong.
    pub error: Option<String>,
    ticket: u64,
}

/// What is gone through, and by what it is judged.
#[derive(Debug, Clone)]
pub struct AuditQuestion {
    /// The log.
    pub path: PathBuf,
    /// The settings that judge.
    pub judging: Judging,
    /// The keys that verify.
    pub keys: Option<KeySet>,
}

/// An audit to be saved: it runs again, since not every row is kept.
#[derive(Debug, Clone)]
pub struct AuditSave {
    /// What was gone through.
    pub question: AuditQuestion,
    /// What was found. Where that is no longer so, nothing is saved, since it would not be what is shown.
    pub totals: Totals,
    /// Only tokens of this verdict.
    pub only: Option<Verdict>,
    /// In which format.
    pub form: AuditForm,
    /// Where to.
    pub path: PathBuf,
}

/// A token of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// Whose it says it is.
    pub client_id: String,
    /// For which API.
    pub audience: String,
    /// When it expires.
    pub exp: Option<Instant>,
    /// What the policy says; nothing where it cannot be read.
    pub verdict: Option<Verdict>,
    /// By how many seconds.
    pub by: Option<i64>,
    /// Whether its signature is valid, where keys were given.
    pub signature: Option<SignatureState>,
}

/// A column of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditColumn {
    /// Where in the log.
    Line,
    /// Whose it says it is.
    Client,
    /// For which API.
    Api,
    /// When it expires.
    Expires,
    /// What the policy says, the worst first.
    Verdict,
    /// Whether its signature is valid.
    Signature,
}

/// What an audit tells.
#[derive(Debug, Clone)]
pub struct Audited {
    /// What was found.
    pub totals: Totals,
    /// The worst rows of each verdict, which are kept to look at.
    pub rows: Arc<Vec<AuditRow>>,
    /// Whether the log was read to its end.
    pub whole: bool,
    /// How many tokens were issued before history begins, and when that is.
    pub before_history: Option<(u64, Instant)>,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            path: String::new(),
            settings: SettingsOf::Then,
            asked: None,
            running: None,
            saving: None,
            found: None,
            only: None,
            sort: (AuditColumn::Verdict, false),
            shown: Vec::new(),
            error: None,
            ticket: 0,
        }
    }
}

impl Audit {
    /// An audit that no answer to an earlier one can be taken for.
    fn next(&self) -> Self {
        Self { ticket: self.ticket + 1, settings: self.settings, sort: self.sort, ..Self::default() }
    }

    /// Another registry is open: what the last one said of the log no longer holds, only where it is.
    pub(super) fn other_registry(&mut self) {
        *self = Self { path: std::mem::take(&mut self.path), ..self.next() };
    }

    /// Whether there is something to save: a whole log, which nothing else is being done with.
    #[must_use]
    pub fn can_be_saved(&self) -> bool {
        self.running.is_none()
            && self.found.as_ref().is_some_and(|found| found.whole && found.totals.tokens > 0)
    }
}

/// Goes through a log.
pub(super) fn audit(state: &mut State, path: PathBuf) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    let keys = state.tokens.chosen_keys().cloned();
    if keys.is_none() && state.tokens.verifying.with != Verify::Named {
        let sentence = "there are no keys to verify with yet; paste or fetch them, or choose no key";
        state.tokens.audit.error = Some(sentence.to_owned());
        return Vec::new();
    }
    let last = &state.tokens.audit;
    let mut effects = Vec::from_iter(last.running.is_some().then_some(Effect::StopAudit(last.ticket)));
    let today = open.policy.clone();
    let judging = match last.settings {
        SettingsOf::Today => Judging::today(today),
        SettingsOf::Then => Judging::then(today, open.entries.clone(), open.begins),
    };
    let question = AuditQuestion { path, judging, keys };
    let audit = Audit {
        path: question.path.display().to_string(),
        asked: Some(question.clone()),
        running: Some((0, 0)),
        only: last.only,
        ..last.next()
    };
    effects.push(Effect::Audit(audit.ticket, Box::new(question)));
    state.tokens.audit = audit;
    effects
}

/// Judges by other settings; a log that was gone through is judged anew.
pub(super) fn judge_by(state: &mut State, settings: SettingsOf) -> Vec<Effect> {
    let audit = &mut state.tokens.audit;
    audit.settings = settings;
    match audit.asked.as_ref().map(|asked| asked.path.clone()) {
        Some(path) => self::audit(state, path),
        None => Vec::new(),
    }
}

/// How far an audit, or its saving, is.
pub(super) fn progress(state: &mut State, ticket: u64, done: u64, of: u64) {
    let audit = &mut state.tokens.audit;
    if audit.ticket == ticket && audit.running.is_some() {
        audit.running = Some((done, of));
    }
}

/// Takes what an audit tells.
pub(super) fn audited(state: &mut State, ticket: u64, told: Result<Audited, String>) {
    let audit = &mut state.tokens.audit;
    if audit.ticket != ticket {
        return;
    }
    audit.running = None;
    match told {
        Ok(told) => audit.found = Some(told),
        Err(error) => audit.error = Some(error),
    }
    only(state, state.tokens.audit.only);
}

/// Leaves what runs.
pub(super) fn stop(state: &State) -> Vec<Effect> {
    vec![Effect::StopAudit(state.tokens.audit.ticket)]
}

/// Saves every row of the verdict that is shown, where the person wants it.
pub(super) fn save(state: &mut State, form: AuditForm, path: PathBuf) -> Vec<Effect> {
    let audit = &mut state.tokens.audit;
    let (Some(question), Some(found), true) = (&audit.asked, &audit.found, audit.can_be_saved()) else {
        return Vec::new();
    };
    let save = AuditSave {
        question: question.clone(),
        totals: found.totals.clone(),
        only: audit.only,
        form,
        path: path.clone(),
    };
    audit.ticket += 1;
    (audit.running, audit.saving) = (Some((0, 0)), Some((form, path)));
    let ticket = audit.ticket;
    // How far it is, and the way to stop it, stand on the page.
    state.dialog = None;
    vec![Effect::SaveAudit(ticket, Box::new(save))]
}

/// The file is written, or is not; a path that did not work is asked for again.
pub(super) fn saved(state: &mut State, ticket: u64, result: Result<Option<PathBuf>, String>) {
    let audit = &mut state.tokens.audit;
    if audit.ticket != ticket {
        return;
    }
    audit.running = None;
    let saving = audit.saving.take();
    match result {
        Ok(Some(path)) => state.say(format!("Written to {}", path.display())),
        Ok(None) => state.say("Stopped; nothing was written"),
        Err(error) => {
            state.dialog = saving.map(|(form, path)| Dialog::Path {
                task: FileTask::SaveAudit(form),
                path: path.display().to_string(),
                error: Some(error),
            });
        }
    }
}

/// Shows the rows of one verdict, or all.
pub(super) fn only(state: &mut State, only: Option<Verdict>) {
    state.tokens.audit.only = only;
    arrange(&mut state.tokens.audit);
}

/// Orders the rows by a column, and from the end where they are by it already.
pub(super) fn sort(state: &mut State, column: AuditColumn) {
    let sort = &mut state.tokens.audit.sort;
    *sort = (column, sort.0 == column && !sort.1);
    arrange(&mut state.tokens.audit);
}

fn arrange(audit: &mut Audit) {
    let rows = audit.found.as_ref().map(|found| found.rows.clone()).unwrap_or_default();
    let fits = |row: &AuditRow| audit.only.is_none() || row.verdict == audit.only;
    audit.shown = (0..).zip(rows.iter()).filter(|(_, row)| fits(row)).map(|(place, _)| place).collect();
    let (column, descending) = audit.sort;
    audit.shown.sort_by(|one, other| {
        let both = rows.get(*one as usize).zip(rows.get(*other as usize));
        let order = both.map_or(Ordering::Equal, |(one, other)| in_order(column, one, other));
        if descending { order.reverse() } else { order }
    });
}

fn in_order(column: AuditColumn, one: &AuditRow, other: &AuditRow) -> Ordering {
    let by = match column {
        AuditColumn::Line => Ordering::Equal,
        AuditColumn::Client => one.client_id.cmp(&other.client_id),
        AuditColumn::Api => one.audience.cmp(&other.audience),
        AuditColumn::Expires => one.exp.cmp(&other.exp),
        AuditColumn::Verdict => return one.worst_first().cmp(&other.worst_first()),
        AuditColumn::Signature => one.signature.cmp(&other.signature),
    };
    by.then(one.line.cmp(&other.line))
}

impl AuditRow {
    /// What is worse comes first: who outlives its application by most, what would be denied, what lives longer than decided.
    #[must_use]
    pub fn worst_first(&self) -> (u8, Reverse<i64>, u64) {
        let concern = match self.verdict {
            Some(Verdict::OutlivesApplication) => 0,
            Some(Verdict::WouldBeDenied) => 1,
            Some(Verdict::Longer) => 2,
            Some(Verdict::UnknownApplication) => 3,
            None => 4,
            Some(Verdict::Incomplete) => 5,
            Some(Verdict::OtherIssuer) => 6,
            Some(Verdict::Shorter) => 7,
            Some(Verdict::AsDecided) => 8,
        };
        (concern, Reverse(self.by.unwrap_or_default()), self.line)
    }
}
