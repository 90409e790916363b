//! `tenure audit`: every token of a log against the policy.

use super::keys;
use super::session::{Exit, Failure, Result, Session};
use super::table::calm;
use super::when::Settings;
use crate::export::audit::{AuditForm, is_of};
use crate::policy::Policy;
use crate::registry::human;
use crate::token::{Event, Judging, Row, Totals, Verdict, audit};
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure audit access.log
  zcat access.log.*.gz | tenure audit - --only outlives_application
  tenure audit tokens.jsonl --jwks jwks.json --settings then --json
  tenure audit access.log --csv > tokens.csv

Every token of any text is found: one a line, in JSON lines, in a log. Exit status 1: a token
outlives its application, or with keys, one is not signed by them.")]
pub(super) struct Args {
    /// The log; `-` is standard input
    file: PathBuf,
    /// Show only tokens of this verdict (repeatable)
    #[arg(long, value_name = "VERDICT")]
    only: Vec<Verdict>,
    #[command(flatten)]
    keys: keys::Given,
    /// Judge by today's settings, or by those in force when each token was issued
    #[arg(long, value_enum, default_value = "today")]
    settings: Settings,
    /// Print CSV, without the totals
    #[arg(long)]
    csv: bool,
}

/// Runs `tenure audit`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let keys = args.keys.read(("log", args.file == Path::new("-")), &mut session)?;
    let mut judging = judging(args.settings, &session)?;
    let unreadable = |error| Failure::Said(format!("`{}` cannot be read ({error})", args.file.display()));
    let mut opened;
    let log: &mut dyn Read = if args.file == Path::new("-") {
        session.input
    } else {
        opened = std::fs::File::open(&args.file).map_err(unreadable)?;
        &mut opened
    };
    let form = match (args.csv, session.json) {
        (true, _) => Form::File(AuditForm::Csv),
        (_, true) => Form::File(AuditForm::JsonLines),
        _ => Form::Text,
    };
    form.heading(session.out, keys.is_some())?;
    let mut written = Ok(());
    let totals = audit(log, &mut judging, keys.as_ref(), &mut |event| {
        if let Event::Row(row) = event
            && is_of(row, &args.only)
        {
            written = form.row(session.out, row);
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    let totals = totals.map_err(unreadable)?;
    form.totals(session.out, &totals)?;
    if let Some((count, begins)) = judging.before_history() {
        let were = if count == 1 { "token was" } else { "tokens were" };
        session.note(&format!(
            "{count} {were} issued before history begins at {begins}; its first settings judge them"
        ));
    }
    Ok(if totals.is_alarming() { Exit::Denied } else { Exit::Done })
}

fn judging(settings: Settings, session: &Session<'_>) -> Result<Judging> {
    let (store, loaded) = session.open()?;
    let today = Policy::new(Arc::new(loaded.registry));
    Ok(match settings {
        Settings::Today => Judging::today(today),
        Settings::Then => Judging::then(today, Arc::new(store.entries_after(0)?), loaded.begins),
    })
}

#[derive(Clone, Copy)]
enum Form {
    /// For a person to read.
    Text,
    /// For other programs.
    File(AuditForm),
}

impl Form {
    fn heading(self, out: &mut dyn Write, keys: bool) -> std::io::Result<()> {
        let signature = if keys { "SIGNATURE        " } else { "" };
        match self {
            Self::File(form) => form.heading(out),
            Self::Text => writeln!(
                out,
                "{:>8}  {:<20}  {:<34}  {signature}{:<24}  API",
                "LINE", "EXPIRES", "VERDICT", "CLIENT ID"
            ),
        }
    }

    fn row(self, out: &mut dyn Write, row: &Row<'_>) -> std::io::Result<()> {
        match self {
            Self::File(form) => form.row(out, row),
            Self::Text => line(out, row),
        }
    }

    fn totals(self, out: &mut dyn Write, totals: &Totals) -> std::io::Result<()> {
        match self {
            Self::File(form) => form.totals(out, totals),
            Self::Text => found(out, totals),
        }
    }
}

fn line(out: &mut dyn Write, row: &Row<'_>) -> std::io::Result<()> {
    let check = row.check;
    let client_id = check.and_then(|check| check.client_id).unwrap_or_default();
    let audience = check.and_then(|check| check.audience).unwrap_or_default();
    let exp = row.exp.map(|exp| exp.to_string()).unwrap_or_default();
    let by = check.and_then(|check| check.by).map(human).unwrap_or_default();
    let words = check.map_or("unreadable", |check| check.verdict.title());
    let verdict = format!("{words} {by}");
    let signature = row.signature.map(|state| format!("{:<15}  ", state.title())).unwrap_or_default();
    writeln!(
        out,
        "{:>8}  {exp:<20}  {:<34}  {signature}{:<24}  {}",
        row.line,
        verdict.trim_end(),
        calm(client_id),
        calm(audience)
    )
}

fn found(out: &mut dyn Write, totals: &Totals) -> std::io::Result<()> {
    writeln!(out, "\n{} tokens in {} lines", totals.tokens, totals.lines)?;
    for (verdict, count) in &totals.verdicts {
        writeln!(out, "{count:>8}  {}", verdict.as_str().replace('_', " "))?;
    }
    if totals.unreadable > 0 {
        writeln!(out, "{:>8}  unreadable", totals.unreadable)?;
    }
    if totals.longest_overrun > 0 {
        writeln!(out, "The longest outlives its application by {}", human(totals.longest_overrun))?;
    }
    if totals.unexplained > 0 {
        writeln!(out, "{} are not explained by the issuer's profile", totals.unexplained)?;
    }
    for (state, count) in &totals.signatures {
        writeln!(out, "{count:>8}  signature {}", state.title())?;
    }
    Ok(())
}
