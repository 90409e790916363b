//! `tenure preview`: one decision, explained, or a file of them.

use super::session::{Exit, Failure, Result, Session};
use super::table::calm;
use super::when::{Settings, When};
use crate::edit::rewind;
use crate::policy::{Outcome, Policy, Request, Style, batch_line, decide, document, explain, issue};
use crate::registry::{Duration, Instant, ProfileName};
use crate::store::{Loaded, Store};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure preview --app acme --api https://api.example.com --scope read --scope write
  tenure preview --app acme --api https://api.example.com --at expiry-1h --profile auth0
  tenure preview --app acme --api https://api.example.com --at 2026-01-10T11:00:00Z --settings then
  tenure preview --batch requests.jsonl > decisions.jsonl")]
pub(super) struct Args {
    /// The application
    #[arg(long, value_name = "CLIENT_ID", required_unless_present = "batch", requires = "api")]
    app: Option<String>,
    /// The API
    #[arg(long, value_name = "AUDIENCE", required_unless_present = "batch", requires = "app")]
    api: Option<String>,
    /// A scope that is requested (repeatable)
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// The lifetime that is requested
    #[arg(long, value_name = "DURATION")]
    lifetime: Option<Duration>,
    /// The issuer beside the policy [default: the service's]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<ProfileName>,
    /// JSON lines of requests instead; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["app", "api", "scope", "lifetime", "profile", "at"])]
    batch: Option<PathBuf>,
    #[command(flatten)]
    when: When,
}

/// Runs `tenure preview`; denied where a decision is.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    let (Some(client_id), Some(audience)) = (args.app, args.api) else {
        let file = args.batch.unwrap_or_else(|| PathBuf::from("-"));
        return batch(&file, args.when.settings, session);
    };
    let answering = args.when.answering(Some(&client_id), &session)?;
    let policy = &answering.policy;
    let profile = args.profile.unwrap_or(policy.registry().service.issuer_profile);
    let request = Request {
        client_id,
        audience,
        scopes: args.scope,
        at: answering.at,
        requested_lifetime: args.lifetime,
    };
    let decision = decide(policy, &request);
    let beside = (profile, issue(profile, policy, &request));
    if session.json {
        let document = document(&decision, Some(&beside), answering.settings_at);
        session.document(&document)?;
    } else {
        let text = explain(policy, &request, profile, Style::Plain, &|at| at.to_string());
        for line in text.lines() {
            writeln!(session.out, "{}", calm(line))?;
        }
        if let Some(note) = &answering.note {
            writeln!(session.out, "note: {note}")?;
        }
    }
    Ok(match decision.outcome {
        Outcome::Granted(_) => Exit::Done,
        Outcome::Denied(_) => Exit::Denied,
    })
}

/// Answers each line as it comes, so that memory does not grow with the file.
fn batch(file: &Path, settings: Settings, session: Session<'_>) -> Result {
    let (store, loaded) = session.open()?;
    let today = Policy::new(Arc::new(loaded.registry.clone()));
    let mut opened;
    let input: &mut dyn BufRead = if file == Path::new("-") {
        session.input
    } else {
        let unreadable =
            |e| Failure::Said(format!("`{}` cannot be read ({e}); check the name", file.display()));
        opened = std::io::BufReader::new(std::fs::File::open(file).map_err(unreadable)?);
        &mut opened
    };
    let mut exit = Exit::Done;
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let unreadable =
            |e| Failure::Said(format!("{}:{number}: the line cannot be read ({e})", file.display()));
        if input.read_until(b'\n', &mut bytes).map_err(unreadable)? == 0 {
            break;
        }
        // A byte that is not UTF-8 becomes U+FFFD, which no id holds: the line is answered, and the batch goes on.
        let text = String::from_utf8_lossy(&bytes);
        let answer = match settings {
            Settings::Today => batch_line(&today, &text, number),
            Settings::Then => by_settings_then(&store, &loaded, &today, &text, number)?,
        };
        if let Some((line, granted)) = answer {
            writeln!(session.out, "{line}")?;
            if !granted {
                exit = Exit::Denied;
            }
        }
    }
    Ok(exit)
}

/// One line, answered by the settings of its own instant.
fn by_settings_then(
    store: &Store,
    loaded: &Loaded,
    today: &Policy,
    text: &str,
    number: usize,
) -> Result<Option<(String, bool)>> {
    let request: Option<serde_json::Value> = serde_json::from_str(text).ok();
    let at = request.and_then(|request| Instant::parse(request.get("at")?.as_str()?).ok());
    let Some(at) = at else { return Ok(batch_line(today, text, number)) };
    let past = rewind(&loaded.registry, &store.entries_since(at)?, loaded.begins, at);
    let answer = batch_line(&Policy::new(Arc::new(past.registry)), text, number);
    Ok(answer.map(|(line, granted)| match line.strip_suffix('}') {
        Some(open) if !line.starts_with(r#"{"outcome":"invalid""#) => {
            (format!("{open},\"settings_at\":\"{at}\"}}"), granted)
        }
        _ => (line, granted),
    }))
}
