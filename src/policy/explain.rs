//! A decision in words, to paste into a ticket.

use super::decide::{Policy, Request};
use super::decision::{Decision, Limit, Outcome};
use super::document::Beside;
use super::profile::issue;
use crate::registry::{Instant, ProfileName, human};
use std::fmt::Write as _;

/// Why a request got what it got. Instants are written by `time`.
#[must_use]
pub fn explain(
    decision: &Decision<'_>,
    beside: Option<&Beside<'_>>,
    markdown: bool,
    time: &dyn Fn(Instant) -> String,
) -> String {
    let (bold, code, item) = if markdown { ("**", "`", "- ") } else { ("", "", "  ") };
    let mut text = String::new();
    let scopes = if decision.scopes.is_empty() { "no scope".to_owned() } else { decision.scopes.join(" ") };
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    let of = format!(
        "{code}{}{code} for {code}{}{code} with {code}{scopes}{code} at {}",
        decision.client_id,
        decision.audience,
        time(decision.issued_at)
    );
    match &decision.outcome {
        Outcome::Granted(granted) => {
            line(format!("{of}: a token of {bold}{}{bold}, until {}.", human(granted.lifetime), time(granted.expires_at)));
            if let Some(binding) = granted.binding() {
                line(format!("{} decides.", sentence_case(&name(binding))));
            }
            line("Limits:".to_owned());
            for (place, limit) in granted.limits.iter().enumerate() {
                let note = match (limit.overridden, place == granted.binding) {
                    (true, _) => " (replaced by the API's)",
                    (_, true) => " (decides)",
                    _ => "",
                };
                line(format!("{item}{}: {}{note}", name(limit), human(limit.seconds)));
            }
        }
        Outcome::Denied(denied) => {
            line(format!("{of}: {bold}denied{bold} ({code}{}{code}, {code}{}{code}).", denied.reason, denied.reason.error().as_str()));
            line(format!("{}.", sentence_case(&denied.message)));
        }
    }
    if let Some((profile, result)) = beside.filter(|(profile, _)| *profile != ProfileName::Tenure) {
        line(match result {
            Ok(issued) => {
                let overrun = match issued.overrun {
                    Some(seconds) if seconds > 0 => format!(", {bold}{} past the end{bold}", human(seconds)),
                    _ => String::new(),
                };
                let (lifetime, end) = (human(issued.lifetime), time(issued.expires_at));
                format!("{} with the same registry: {lifetime}, until {end}{overrun}.", profile.title())
            }
            Err(denial) => format!("{} with the same registry: denied ({}).", profile.title(), denial.as_str()),
        });
    }
    text
}

fn name(limit: &Limit<'_>) -> String {
    match limit.limit {
        super::LimitKind::Requested => "the requested lifetime".to_owned(),
        super::LimitKind::Expiry => format!("the end of application {}", limit.source),
        kind => format!("{} {}", kind.as_str(), limit.source),
    }
}

fn sentence_case(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Authlete's two documents disagree: a sentence where they differ for this request.
#[must_use]
pub fn authlete_note(policy: &Policy, request: &Request) -> Option<String> {
    let lifetime = |profile| issue(profile, policy, request).ok().map(|issued| issued.lifetime);
    let (two, three) = (lifetime(ProfileName::Authlete2)?, lifetime(ProfileName::Authlete3)?);
    let mut note = String::new();
    if two != three {
        let _ = write!(
            note,
            "Authlete's documents disagree here: {} by that of 2.x, {} by that of 3.0",
            human(two),
            human(three)
        );
    }
    (two != three).then_some(note)
}
