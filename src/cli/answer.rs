//! A decision in words: the answer, every limit, and what the issuer does beside it.

use super::table::{calm, table};
use crate::policy::{Beside, Decision, Outcome, Policy, Request, issue};
use crate::registry::{ProfileName, human};
use std::io::Write;

/// Explains a decision for people.
pub(super) fn explain(
    decision: &Decision<'_>,
    beside: &Beside<'_>,
    policy: &Policy,
    request: &Request,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let scopes = if decision.scopes.is_empty() { "no scope".to_owned() } else { decision.scopes.join(" ") };
    match &decision.outcome {
        Outcome::Granted(granted) => {
            writeln!(out, "granted for {}, until {}", human(granted.lifetime), granted.expires_at)?;
            heading(decision, &scopes, out)?;
            let rows: Vec<Vec<String>> = granted
                .limits
                .iter()
                .enumerate()
                .map(|(place, limit)| {
                    let mark = match (place == granted.binding, limit.overridden) {
                        (true, _) => "decides",
                        (_, true) => "overridden",
                        _ => "",
                    };
                    let (kind, source) = (limit.limit.as_str().to_owned(), limit.source.to_owned());
                    vec![kind, source, human(limit.seconds), mark.to_owned()]
                })
                .collect();
            writeln!(out)?;
            table(out, &["LIMIT", "SOURCE", "LIFETIME", ""], &rows)?;
        }
        Outcome::Denied(denied) => {
            writeln!(out, "denied: {}", calm(&denied.message))?;
            heading(decision, &scopes, out)?;
            writeln!(out, "  reason {}, error {}", denied.reason, denied.reason.error().as_str())?;
        }
    }
    issuer(beside, out)?;
    disagreement(beside, policy, request, out)
}

fn heading(decision: &Decision<'_>, scopes: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let (client, api) = (calm(decision.client_id), calm(decision.audience));
    writeln!(out, "  {client} asks {api} for {} at {}", calm(scopes), decision.issued_at)
}

fn issuer((profile, result): &Beside<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    if *profile == ProfileName::Tenure {
        return Ok(());
    }
    writeln!(out)?;
    match result {
        Ok(issued) => {
            let overrun = match issued.overrun {
                Some(seconds) if seconds > 0 => format!(", {} past the end of the trial", human(seconds)),
                _ => String::new(),
            };
            let lifetime = human(issued.lifetime);
            writeln!(out, "{} issues {lifetime}, until {}{overrun}", profile.title(), issued.expires_at)
        }
        Err(denial) => writeln!(out, "{} denies: {}", profile.title(), denial.as_str()),
    }
}

/// Authlete's two documents disagree; where that matters for this request, both answers are said.
fn disagreement(
    beside: &Beside<'_>,
    policy: &Policy,
    request: &Request,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let other = match beside.0 {
        ProfileName::Authlete2 => ProfileName::Authlete3,
        ProfileName::Authlete3 => ProfileName::Authlete2,
        _ => return Ok(()),
    };
    match (&beside.1, issue(other, policy, request)) {
        (Ok(this), Ok(that)) if this.lifetime != that.lifetime => writeln!(
            out,
            "note: Authlete's documents disagree here; {} would issue {}",
            other.title(),
            human(that.lifetime)
        ),
        _ => Ok(()),
    }
}
