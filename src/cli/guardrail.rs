//! `tenure guardrail`: rules in CEL that deny a token or cap its lifetime.

use super::edits::{self, Why};
use super::fields;
use super::session::{Exit, Failure, Result, Session};
use super::table::{card, table};
use crate::edit::{Change, Entity};
use crate::registry::{Duration, Guardrail, Registry, Then};
use std::sync::Arc;

/// What to do with guardrails.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// A row for every guardrail
    #[command(after_help = "Examples:\n  tenure guardrail list")]
    List,
    /// One guardrail
    #[command(after_help = "Examples:\n  tenure guardrail show no-weekend-writes")]
    Show {
        /// The guardrail
        name: String,
    },
    /// Add a guardrail
    #[command(
        after_help = "Examples:\n  tenure guardrail add trial-cap --when '\"trial\" in app.tags' --cap 1h\n  tenure guardrail add no-admin --when '\"admin\" in scopes' --deny 'admin is closed'"
    )]
    Add {
        /// Its name
        #[arg(value_parser = fields::id)]
        name: String,
        /// A CEL expression over app, api, scopes, now and lifetime
        #[arg(long, value_name = "CEL")]
        when: String,
        #[command(flatten)]
        then: Consequence,
        /// Whether it counts
        #[arg(long, value_name = "true|false", default_value_t = true, action = clap::ArgAction::Set)]
        enabled: bool,
        #[command(flatten)]
        why: Why,
    },
    /// Change a guardrail
    #[command(
        after_help = "Examples:\n  tenure guardrail set trial-cap --cap 30m --reason TICKET-3\n  tenure guardrail set trial-cap --enabled false"
    )]
    Set {
        /// The guardrail
        name: String,
        /// A CEL expression over app, api, scopes, now and lifetime
        #[arg(long, value_name = "CEL")]
        when: Option<String>,
        #[command(flatten)]
        then: Consequence,
        /// Whether it counts
        #[arg(long, value_name = "true|false")]
        enabled: Option<bool>,
        #[command(flatten)]
        why: Why,
    },
    /// Remove a guardrail
    #[command(after_help = "Examples:\n  tenure guardrail remove trial-cap")]
    Remove {
        /// The guardrail
        name: String,
        #[command(flatten)]
        why: Why,
    },
}

/// What a matching guardrail does.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(super) struct Consequence {
    /// Deny with this sentence
    #[arg(long, value_name = "MESSAGE")]
    deny: Option<String>,
    /// Let no token live longer
    #[arg(long, value_name = "DURATION")]
    cap: Option<Duration>,
}

impl Consequence {
    fn then(self) -> Option<Then> {
        self.deny.map(Then::Deny).or(self.cap.map(Then::Cap))
    }
}

/// Runs `tenure guardrail`.
pub(super) fn run(command: Command, mut session: Session<'_>) -> Result {
    match command {
        Command::List => {
            let (_, loaded) = session.open()?;
            let rules = loaded.registry.guardrails();
            if session.json {
                session.document(&rules)?;
            } else {
                table(
                    session.out,
                    &["NAME", "ENABLED", "THEN", "WHEN"],
                    &rules.iter().map(row).collect::<Vec<_>>(),
                )?;
            }
            Ok(Exit::Done)
        }
        Command::Show { name } => show(&name, session),
        Command::Add { name, when, then, enabled, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            if loaded.registry.guardrail(&name).is_some() {
                let taken =
                    format!("a guardrail is called `{name}` already; `tenure guardrail set` changes it");
                return Err(Failure::Said(taken));
            }
            let then = then
                .then()
                .ok_or_else(|| Failure::Said("say what it does: --deny MESSAGE or --cap DURATION".into()))?;
            let label = format!("Add guardrail {name}");
            let new = Guardrail { name, enabled, when, then };
            edits::apply(
                &mut store,
                label,
                &why,
                vec![Change::add(Entity::Guardrail(Arc::new(new)))],
                session,
            )
        }
        Command::Set { name, when, then, enabled, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let before = guardrail(&loaded.registry, &name)?;
            let mut after = (**before).clone();
            after.when = when.unwrap_or(after.when);
            after.then = then.then().unwrap_or(after.then);
            after.enabled = enabled.unwrap_or(after.enabled);
            let change = Change::guardrail(before, after);
            edits::apply(
                &mut store,
                format!("Set guardrail {name}"),
                &why,
                change.into_iter().collect(),
                session,
            )
        }
        Command::Remove { name, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let change = Change::remove(Entity::Guardrail(guardrail(&loaded.registry, &name)?.clone()));
            edits::apply(&mut store, format!("Remove guardrail {name}"), &why, vec![change], session)
        }
    }
}

fn show(name: &str, mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    let rule = guardrail(&loaded.registry, name)?;
    if session.json {
        session.document(rule)?;
        return Ok(Exit::Done);
    }
    let enabled = if rule.enabled { "yes" } else { "no" };
    let lines = [
        ("name", rule.name.clone()),
        ("enabled", enabled.to_owned()),
        ("when", rule.when.clone()),
        ("then", then(rule)),
    ];
    card(session.out, &lines)?;
    Ok(Exit::Done)
}

fn row(rule: &Arc<Guardrail>) -> Vec<String> {
    let enabled = if rule.enabled { "yes" } else { "no" };
    vec![rule.name.clone(), enabled.to_owned(), then(rule), rule.when.clone()]
}

fn then(rule: &Guardrail) -> String {
    match &rule.then {
        Then::Deny(message) => format!("deny: {message}"),
        Then::Cap(cap) => format!("cap {cap}"),
    }
}

fn guardrail<'r>(registry: &'r Registry, name: &str) -> Result<&'r Arc<Guardrail>> {
    registry.guardrail(name).ok_or_else(|| {
        Failure::Said(format!("no guardrail is called `{name}`; `tenure guardrail list` shows them"))
    })
}
