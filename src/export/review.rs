//! The dated report of an access review, to be signed: who has ended, what is still granted, and until when tokens live.

use super::csv::{defused, records};
use super::{Asked, ExportError, Exporter, Out, Selection, counted};
use crate::registry::{Application, Instant, misleads};
use serde_json::{Value, json};
use std::sync::Arc;

/// An application under review.
struct Line<'a> {
    application: &'a Application,
    /// Until when any of its tokens may live.
    until: Option<Instant>,
}

fn lines<'a>(asked: &'a Asked, selection: &'a Selection) -> Vec<Line<'a>> {
    let registry = asked.policy.registry();
    let chosen: Vec<&Arc<Application>> = selection.of(registry).collect();
    let line = |application: &'a Arc<Application>| Line {
        application,
        until: application
            .grants
            .iter()
            .filter_map(|grant| {
                let of = (application.as_ref(), grant.audience.as_str());
                asked.timeline.tokens_until_of(asked.policy.registry(), asked.profile, of, asked.at)
            })
            .max(),
    };
    chosen.into_iter().map(line).collect()
}

/// The report for people, in Markdown.
#[derive(Debug)]
pub(super) struct Markdown;

impl Exporter for Markdown {
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        out.file("review.md")?;
        markdown(asked, selection, out)
    }
}

/// The report as a table (RFC 4180), safe to open in a spreadsheet.
#[derive(Debug)]
pub(super) struct Csv;

impl Exporter for Csv {
    fn write(&self, asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
        out.file("review.csv")?;
        csv(asked, selection, out)
    }
}

fn markdown(asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
    let lines = lines(asked, selection);
    let day = asked.at.to_utc().with_timezone(&asked.zone).format("%-d %B %Y");
    out.text(&format!("# Access review of {day}\n\n{}", facts(asked)))?;
    out.text("\n| Customer | Client id | Ends | Still granted | Tokens may live until | Decision |\n")?;
    out.text("| --- | --- | --- | --- | --- | --- |\n")?;
    for Line { application, until } in &lines {
        let grants: Vec<String> = application
            .grants
            .iter()
            .map(|grant| cell(&format!("{}: {}", grant.audience, grant.scopes.join(" "))))
            .collect();
        let cells = [
            cell(&application.customer),
            cell(&application.client_id),
            application.expires_at.map_or("never".to_owned(), |end| asked.time(end)),
            if grants.is_empty() { "nothing".to_owned() } else { grants.join("; ") },
            until.map_or("no token".to_owned(), |until| asked.time(until)),
            "☐ keep ☐ revoke".to_owned(),
        ];
        out.text(&format!("| {} |\n", cells.join(" | ")))?;
        out.step()?;
    }
    out.text(&format!("\n{}\n", summary(asked, &lines)))?;
    out.text("\nReviewed on: ______________ Name: ____________________ Signature: ____________________\n")
}

/// What was asked, of which service, when and by whom.
pub(super) fn facts(asked: &Asked) -> String {
    let service = &asked.policy.registry().service;
    let every = || "every application".to_owned();
    let facts = [
        ("Service", Some(format!("{}, {}", cell(&service.name), cell(&service.issuer)))),
        ("As of", Some(asked.time(asked.at))),
        ("Asked", Some(if asked.filter.is_empty() { every() } else { code(&asked.filter) })),
        ("Tokens are issued by", Some(asked.profile.title().to_owned())),
        ("Made by", Some(cell(&asked.who))),
        ("Note", asked.note.clone()),
    ];
    facts.into_iter().filter_map(|(name, value)| Some(format!("- {name}: {}\n", value?))).collect()
}

/// How many there are, and until when any token may live.
fn summary(asked: &Asked, lines: &[Line<'_>]) -> String {
    let grants: usize = lines.iter().map(|line| line.application.grants.len()).sum();
    let living: Vec<Instant> =
        lines.iter().filter_map(|line| line.until).filter(|at| *at > asked.at).collect();
    let mut words = format!("{} with {}.", counted(lines.len(), "application"), counted(grants, "grant"));
    match (living.iter().max(), lines.len()) {
        (None, 1) => words.push_str(" No token of it lives any more."),
        (None, _) => words.push_str(" No token of theirs lives any more."),
        (Some(last), count) => {
            let whose = if count == 1 { "it".to_owned() } else { format!("{} of them", living.len()) };
            let last = asked.time(*last);
            words.push_str(&format!(" Tokens of {whose} may still live, the last until {last}."));
        }
    }
    words
}

fn csv(asked: &Asked, selection: &Selection, out: &mut Out<'_>) -> Result<(), ExportError> {
    let header = [
        "customer",
        "client_id",
        "expires_at",
        "grants",
        "tokens_until",
        "as_of",
        "service",
        "issuer",
        "issuer_profile",
        "filter",
        "made_by",
        "decision",
    ];
    let service = &asked.policy.registry().service;
    let instant = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    let lines = lines(asked, selection);
    let records_of = lines.iter().map(|Line { application, until }| {
        let grants: Vec<String> =
            application.grants.iter().map(|g| format!("{} {}", g.audience, g.scopes.join(" "))).collect();
        [
            application.customer.clone(),
            application.client_id.clone(),
            instant(application.expires_at),
            grants.join("; "),
            instant(*until),
            asked.at.to_string(),
            service.name.clone(),
            service.issuer.clone(),
            asked.profile.to_string(),
            asked.filter.clone(),
            asked.who.clone(),
            String::new(),
        ]
        .map(defused)
        .to_vec()
    });
    records(&header, records_of, out)
}

/// The same facts and rows as one JSON document.
#[must_use]
pub fn json(asked: &Asked, selection: &Selection) -> Value {
    let service = &asked.policy.registry().service;
    let applications: Vec<Value> = lines(asked, selection)
        .iter()
        .map(|Line { application, until }| {
            json!({
                "client_id": application.client_id,
                "customer": application.customer,
                "expires_at": application.expires_at,
                "grants": application.grants,
                "tokens_until": until,
            })
        })
        .collect();
    json!({
        "service": service.name,
        "issuer": service.issuer,
        "as_of": asked.at,
        "filter": asked.filter,
        "issuer_profile": asked.profile.to_string(),
        "made_by": asked.who,
        "note": asked.note,
        "applications": applications,
    })
}

/// A text from outside within Markdown: it can neither end a cell nor become a link or a picture, nor turn a line around.
pub(super) fn cell(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if misleads(c) => shown.push_str(&named(c)),
            '<' => shown.push_str("&lt;"),
            '&' => shown.push_str("&amp;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => shown.extend(['\\', c]),
            c => shown.push(c),
        }
    }
    shown
}

/// Words as code, which they can neither end nor turn around.
fn code(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            '`' => shown.push('\''),
            c if misleads(c) => shown.push_str(&named(c)),
            c => shown.push(c),
        }
    }
    format!("`{shown}`")
}

/// A character that would mislead, by its number.
fn named(c: char) -> String {
    format!("(U+{:04X})", u32::from(c))
}
