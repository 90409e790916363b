//! `tenure template`: what new applications begin with.

use super::edits::{self, Why};
use super::fields;
use super::session::{Exit, Failure, Result, Session, application};
use super::table::table;
use crate::edit::operation;
use crate::registry::{Duration, Grant, Registry, Template};
use std::sync::Arc;

/// What to do with templates.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// A row for every template
    #[command(
        after_help = "Examples:\n  tenure template list\n  tenure app add acme-2 --template 'Trial of 30 days'"
    )]
    List,
    /// Save a template under a name, in the place of one that has it
    #[command(
        after_help = "Examples:\n  tenure template save 'Trial of 30 days' --trial 30d --grant 'https://api.example.com read' --tag trial\n  tenure template save 'Like acme' --from acme-trial"
    )]
    Save {
        /// Its name
        #[arg(value_parser = fields::id)]
        name: String,
        /// The application to take everything from that is not given
        #[arg(long, value_name = "CLIENT_ID")]
        from: Option<String>,
        /// How long a trial lasts from the moment in which it is made; `none` never ends
        #[arg(long, value_name = "DURATION", value_parser = Length::read)]
        trial: Option<Length>,
        /// The longest that its tokens may live; `none` leaves it open
        #[arg(long, value_name = "DURATION", value_parser = Length::read)]
        duration: Option<Length>,
        /// Grant scopes of an API (repeatable)
        #[arg(long, value_name = "'AUDIENCE SCOPE…'", value_parser = fields::access)]
        grant: Vec<(String, Vec<String>)>,
        /// A tag (repeatable)
        #[arg(long, value_name = "TAG")]
        tag: Vec<String>,
        #[command(flatten)]
        why: Why,
    },
    /// Remove a template; applications that were made from it stay
    #[command(after_help = "Examples:\n  tenure template remove 'Trial of 30 days'")]
    Remove {
        /// The template
        name: String,
        #[command(flatten)]
        why: Why,
    },
}

/// A duration, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length(Option<Duration>);

impl Length {
    fn read(text: &str) -> std::result::Result<Self, String> {
        fields::duration_or_none(text).map(Self)
    }
}

/// Runs `tenure template`.
pub(super) fn run(command: Command, mut session: Session<'_>) -> Result {
    match command {
        Command::List => {
            let (_, loaded) = session.open()?;
            let templates = loaded.registry.templates();
            if session.json {
                session.document(&templates)?;
            } else {
                let rows: Vec<_> = templates.iter().map(|template| row(template)).collect();
                table(session.out, &["NAME", "TRIAL", "LONGEST TOKEN", "ACCESS", "TAGS"], &rows)?;
            }
            Ok(Exit::Done)
        }
        Command::Save { name, from, trial, duration, grant, tag, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let registry = &loaded.registry;
            let mut template = match from {
                Some(id) => Template::of(application(registry, &id)?, &name, session.now),
                None => Template { name: name.clone(), ..Template::default() },
            };
            if let Some(Length(trial)) = trial {
                template.trial_duration = trial;
            }
            if let Some(Length(own)) = duration {
                template.access_token_duration = own;
            }
            if !grant.is_empty() {
                let grants = grant.into_iter().map(|(audience, scopes)| Grant { audience, scopes });
                template.grants = grants.collect();
            }
            if !tag.is_empty() {
                template.tags = tag;
            }
            let change = operation::save_template(registry, template);
            let label = format!("Save template {name}");
            edits::apply(&mut store, label, &why, change.into_iter().collect(), session)
        }
        Command::Remove { name, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let change = operation::remove_template(template(&loaded.registry, &name)?);
            edits::apply(&mut store, format!("Delete template {name}"), &why, vec![change], session)
        }
    }
}

fn row(template: &Template) -> Vec<String> {
    let word = |duration: Option<Duration>| duration.map(|d| d.to_string()).unwrap_or_default();
    let grants = template.grants.iter().map(|grant| format!("{} {}", grant.audience, grant.scopes.join(" ")));
    vec![
        template.name.clone(),
        word(template.trial_duration),
        word(template.access_token_duration),
        grants.collect::<Vec<_>>().join("; "),
        template.tags.join(" "),
    ]
}

/// The template of this name, or a sentence.
pub(super) fn template<'r>(registry: &'r Registry, name: &str) -> Result<&'r Arc<Template>> {
    registry.template(name).ok_or_else(|| {
        Failure::Said(format!("no template is called `{name}`; `tenure template list` shows them"))
    })
}
