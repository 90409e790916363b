//! `tenure audit`: every token of a log against the policy.

use super::keys;
use super::session::{Exit, Failure, Result, Session};
use super::table::calm;
use super::when::Settings;
use crate::edit::{Entry, rewind};
use crate::export::defused;
use crate::policy::Policy;
use crate::registry::{Instant, Registry, human};
use crate::token::{Event, Judges, KeySet, Row, Totals, Verdict, audit, audit_line, audit_totals};
use std::collections::BTreeMap;
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
    /// Verify signatures with this key: a PEM or JWK file, or the name of a stored key
    #[arg(long, value_name = "FILE", conflicts_with = "jwks")]
    key: Option<PathBuf>,
    /// Verify signatures with the keys of this JWKS file
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Judge by today's settings, or by those in force when each token was issued
    #[arg(long, value_enum, default_value = "today")]
    settings: Settings,
    /// Print CSV, without the totals
    #[arg(long)]
    csv: bool,
}

/// Runs `tenure audit`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let keys: Option<KeySet> = match args.key.as_deref().or(args.jwks.as_deref()) {
        Some(file) if file == Path::new("-") && args.file == Path::new("-") => {
            return Err(Failure::Said("the log and the key cannot both come from standard input".into()));
        }
        Some(file) => Some(keys::named(file, &mut session)?),
        None => None,
    };
    let mut judges = judges(args.settings, &session)?;
    let unreadable = |error| Failure::Said(format!("`{}` cannot be read ({error})", args.file.display()));
    let mut opened;
    let log: &mut dyn Read = if args.file == Path::new("-") {
        session.input
    } else {
        opened = std::fs::File::open(&args.file).map_err(unreadable)?;
        &mut opened
    };
    let form = match (args.csv, session.json) {
        (true, _) => Form::Csv,
        (_, true) => Form::Json,
        _ => Form::Text,
    };
    form.heading(session.out, keys.is_some())?;
    let mut written = Ok(());
    let totals = audit(log, judges.as_mut(), keys.as_ref(), &mut |event| {
        if let Event::Row(row) = event
            && (args.only.is_empty() || row.check.is_some_and(|check| args.only.contains(&check.verdict)))
        {
            written = form.row(session.out, row);
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    let totals = totals.map_err(unreadable)?;
    form.totals(session.out, &totals)?;
    Ok(if totals.is_alarming() { Exit::Denied } else { Exit::Done })
}

fn judges(settings: Settings, session: &Session<'_>) -> Result<Box<dyn Judges>> {
    let (store, loaded) = session.open()?;
    let registry = Arc::new(loaded.registry);
    let today = Policy::new(Arc::clone(&registry));
    Ok(match settings {
        Settings::Today => Box::new(Today(today)),
        Settings::Then => {
            let entries = store.entries_after(0)?;
            Box::new(Then { today, registry, entries, begins: loaded.begins, past: BTreeMap::new() })
        }
    })
}

struct Today(Policy);

impl Judges for Today {
    fn policy_at(&mut self, _: Option<Instant>) -> &Policy {
        &self.0
    }
}

/// The settings in force at any instant; between two entries of history they are the same.
struct Then {
    today: Policy,
    registry: Arc<Registry>,
    entries: Vec<Entry>,
    begins: Instant,
    past: BTreeMap<usize, Policy>,
}

/// How many past settings are held at once. Logs run forward in time, so that few are in use together.
const HELD: usize = 8;

impl Judges for Then {
    fn policy_at(&mut self, issued_at: Option<Instant>) -> &Policy {
        let Some(at) = issued_at else { return &self.today };
        let known = self.entries.partition_point(|entry| entry.at <= at);
        if known == self.entries.len() {
            return &self.today;
        }
        if self.past.len() >= HELD && !self.past.contains_key(&known) {
            self.past.clear();
        }
        self.past.entry(known).or_insert_with(|| {
            Policy::new(Arc::new(rewind(&self.registry, &self.entries, self.begins, at).registry))
        })
    }
}

#[derive(Clone, Copy)]
enum Form {
    Text,
    Json,
    Csv,
}

impl Form {
    fn heading(self, out: &mut dyn Write, keys: bool) -> std::io::Result<()> {
        let signature = if keys { "SIGNATURE        " } else { "" };
        match self {
            Self::Text => writeln!(
                out,
                "{:>8}  {:<20}  {:<34}  {signature}{:<24}  API",
                "LINE", "EXPIRES", "VERDICT", "CLIENT ID"
            ),
            Self::Json => Ok(()),
            Self::Csv => {
                write!(out, "line,client_id,audience,exp,verdict,by,issuer_verdict,signature\r\n")
            }
        }
    }

    fn row(self, out: &mut dyn Write, row: &Row<'_>) -> std::io::Result<()> {
        let check = row.check;
        let client_id = check.and_then(|check| check.client_id).unwrap_or_default();
        let audience = check.and_then(|check| check.audience).unwrap_or_default();
        let exp = row.exp.map(|exp| exp.to_string()).unwrap_or_default();
        match self {
            Self::Json => {
                serde_json::to_writer(&mut *out, &audit_line(row))?;
                writeln!(out)
            }
            Self::Text => {
                let by = check.and_then(|check| check.by).map(human).unwrap_or_default();
                let words = check.map_or("unreadable", |check| check.verdict.title());
                let verdict = format!("{words} {by}");
                let signature =
                    row.signature.map(|state| format!("{:<15}  ", state.title())).unwrap_or_default();
                writeln!(
                    out,
                    "{:>8}  {exp:<20}  {:<34}  {signature}{:<24}  {}",
                    row.line,
                    verdict.trim_end(),
                    calm(client_id),
                    calm(audience)
                )
            }
            Self::Csv => {
                let by = check.and_then(|check| check.by).map(|by| by.to_string()).unwrap_or_default();
                let issuer =
                    check.and_then(|check| check.issuer_verdict).map_or("", |verdict| verdict.as_str());
                let signature = row.signature.map_or("", |state| state.as_str());
                let line = row.line.to_string();
                let cells = [&line, client_id, audience, &exp, row.verdict(), &by, issuer, signature];
                // Not onto `out` itself: the writer would flush it for every row.
                let mut record =
                    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
                let written = record.write_record(cells.map(|cell| defused(cell.to_owned())));
                written.map_err(std::io::Error::other)?;
                out.write_all(&record.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?)
            }
        }
    }

    fn totals(self, out: &mut dyn Write, totals: &Totals) -> std::io::Result<()> {
        match self {
            Self::Csv => Ok(()),
            Self::Json => {
                serde_json::to_writer(&mut *out, &audit_totals(totals))?;
                writeln!(out)
            }
            Self::Text => {
                writeln!(out, "\n{} tokens in {} lines", totals.tokens, totals.lines)?;
                for (verdict, count) in &totals.verdicts {
                    writeln!(out, "{count:>8}  {}", verdict.as_str().replace('_', " "))?;
                }
                if totals.unreadable > 0 {
                    writeln!(out, "{:>8}  unreadable", totals.unreadable)?;
                }
                if totals.longest_overrun > 0 {
                    writeln!(
                        out,
                        "The longest outlives its application by {}",
                        human(totals.longest_overrun)
                    )?;
                }
                if totals.unexplained > 0 {
                    writeln!(out, "{} are not explained by the issuer's profile", totals.unexplained)?;
                }
                for (state, count) in &totals.signatures {
                    writeln!(out, "{count:>8}  signature {}", state.title())?;
                }
                Ok(())
            }
        }
    }
}
