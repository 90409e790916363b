//! A decision in words, for a ticket: plain text or Markdown.

use super::decide::{Policy, Request, decide};
use super::decision::{Decision, Granted, LimitKind, Outcome};
use super::profile::{Issued, IssuerDenial, issue};
use crate::registry::{Instant, ProfileName, human};
use std::fmt::Write as _;

/// How an explanation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// For a terminal or a mail.
    #[default]
    Plain,
    /// For a ticket: a table of limits, code marked as such.
    Markdown,
}

/// Explains the answer to a request, and what the profile's system would do; `when` writes instants.
#[must_use]
pub fn explain(
    policy: &Policy,
    request: &Request,
    profile: ProfileName,
    style: Style,
    when: &dyn Fn(Instant) -> String,
) -> String {
    let decision = decide(policy, request);
    let code = |text: &str| match style {
        Style::Plain => text.to_owned(),
        Style::Markdown => format!("`{}`", text.replace('`', "'")),
    };
    let mut lines = vec![headline(&decision, style)];
    lines.push(String::new());
    let scopes: Vec<String> = decision.scopes.iter().map(|s| code(s)).collect();
    let scopes = if scopes.is_empty() { "none".to_owned() } else { scopes.join(", ") };
    let mut facts = vec![
        ("Application", code(decision.client_id)),
        ("API", code(decision.audience)),
        ("Scopes", scopes),
        ("At", when(decision.issued_at)),
    ];
    facts.extend(request.requested_lifetime.map(|d| ("Requested lifetime", d.to_string())));
    match &decision.outcome {
        Outcome::Granted(granted) => facts.push(("Token expires", when(granted.expires_at))),
        Outcome::Denied(denied) => {
            facts.push(("Reason", format!("{} ({})", denied.message, code(denied.reason.as_str()))));
            facts.push(("Error", code(denied.reason.error().as_str())));
        }
    }
    if profile != ProfileName::Tenure {
        facts.push((profile.title(), issuer(issue(profile, policy, request), when)));
    }
    facts.extend(disagreement(policy, request, profile).map(|note| ("Note", note)));
    lines.extend(facts.into_iter().map(|(name, value)| match style {
        Style::Plain => format!("{name}: {value}"),
        Style::Markdown => format!("- **{name}:** {value}"),
    }));
    if let Outcome::Granted(granted) = &decision.outcome {
        lines.push(String::new());
        limits(&mut lines, granted, style, &code);
    }
    lines.push(String::new());
    lines.join("\n")
}

fn headline(decision: &Decision<'_>, style: Style) -> String {
    let sentence = match &decision.outcome {
        Outcome::Granted(granted) => {
            let by = granted.binding().map_or_else(String::new, |b| {
                let source = if b.limit == LimitKind::Requested { "lifetime" } else { b.source };
                format!(", limited by {} {source}", b.limit.as_str())
            });
            format!("Granted for {}{by}", human(granted.lifetime))
        }
        Outcome::Denied(denied) => format!("Denied: {}", denied.reason),
    };
    match style {
        Style::Plain => sentence,
        Style::Markdown => format!("**{sentence}**"),
    }
}

/// Every limit, the binding one marked.
fn limits(lines: &mut Vec<String>, granted: &Granted<'_>, style: Style, code: &dyn Fn(&str) -> String) {
    match style {
        Style::Plain => lines.push("Limits:".to_owned()),
        Style::Markdown => lines
            .extend(["| Limit | Source | Lifetime | |".to_owned(), "| --- | --- | --- | --- |".to_owned()]),
    }
    for (place, limit) in granted.limits.iter().enumerate() {
        let mark = match (place == granted.binding, limit.overridden) {
            (true, _) => "binds",
            (_, true) => "overridden",
            _ => "",
        };
        // A bar would end the cell of a table.
        let (title, source, time) = (limit.limit.title(), code(limit.source), human(limit.seconds));
        let mut line = String::new();
        let written = match style {
            Style::Plain if mark.is_empty() => write!(line, "  {title} {source}: {time}"),
            Style::Plain => write!(line, "  {title} {source}: {time} ({mark})"),
            Style::Markdown => write!(line, "| {title} | {} | {time} | {mark} |", source.replace('|', "\\|")),
        };
        if written.is_ok() {
            lines.push(line);
        }
    }
}

fn issuer(result: Result<Issued<'_>, IssuerDenial>, when: &dyn Fn(Instant) -> String) -> String {
    match result {
        Err(denial) => format!("denies ({})", denial.as_str()),
        Ok(issued) => {
            let over = match issued.overrun {
                Some(seconds) if seconds > 0 => format!(", {} past the application's end", human(seconds)),
                _ => String::new(),
            };
            format!("issues {} until {}{over}", human(issued.lifetime), when(issued.expires_at))
        }
    }
}

/// A sentence where Authlete's two documents give this request different answers and it is asked about Authlete.
#[must_use]
pub fn disagreement(policy: &Policy, request: &Request, profile: ProfileName) -> Option<String> {
    if !matches!(profile, ProfileName::Authlete2 | ProfileName::Authlete3) {
        return None;
    }
    let two = issue(ProfileName::Authlete2, policy, request).ok()?.lifetime;
    let three = issue(ProfileName::Authlete3, policy, request).ok()?.lifetime;
    (two != three).then(|| {
        format!(
            "Authlete's documents disagree here: {} as version 2 describes it, {} as version 3 does",
            human(two),
            human(three)
        )
    })
}
