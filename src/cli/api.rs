//! `tenure api`: the APIs that tokens are for.

use super::edits::{self, Why};
use super::fields;
use super::session::{Exit, Failure, Result, Session, api};
use super::table::{card, or_dash, table};
use crate::edit::{Change, Entity};
use crate::registry::Api;
use std::sync::Arc;

/// What to do with APIs.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// A row for every API
    #[command(after_help = "Examples:\n  tenure api list\n  tenure api list --json")]
    List,
    /// One API with its scopes
    #[command(after_help = "Examples:\n  tenure api show https://api.example.com")]
    Show {
        /// The API, as in a token's `aud`
        audience: String,
    },
    /// Add an API
    #[command(
        after_help = "Examples:\n  tenure api add https://api.example.com --name 'Data API' --duration 1h"
    )]
    Add {
        /// Its audience, as in a token's `aud`
        #[arg(value_parser = fields::id)]
        audience: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        why: Why,
    },
    /// Change an API; `none` clears its duration
    #[command(
        after_help = "Examples:\n  tenure api set https://api.example.com --duration 30m --reason TICKET-7\n  tenure api set https://api.example.com --duration none"
    )]
    Set {
        /// The API
        audience: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        why: Why,
    },
    /// Remove an API with its scopes; grants for it stay, and are findings
    #[command(after_help = "Examples:\n  tenure api remove https://old.example.com --reason 'switched off'")]
    Remove {
        /// The API
        audience: String,
        #[command(flatten)]
        why: Why,
    },
}

/// An API's fields.
#[derive(Debug, clap::Args)]
pub(super) struct Fields {
    /// What people call it
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// The lifetime of its tokens: 1h, 1d 12h, 600
    #[arg(long, value_name = "DURATION")]
    duration: Option<String>,
}

impl Fields {
    fn apply(&self, mut api: Api) -> Result<Api> {
        if let Some(name) = &self.name {
            api.name.clone_from(name);
        }
        if let Some(duration) = &self.duration {
            api.access_token_duration = fields::duration_or_none(duration)?;
        }
        Ok(api)
    }
}

/// Runs `tenure api`.
pub(super) fn run(command: Command, session: Session<'_>) -> Result {
    match command {
        Command::List => list(session),
        Command::Show { audience } => show(&audience, session),
        Command::Add { audience, fields, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            if loaded.registry.api(&audience).is_some() {
                let taken =
                    format!("an API has the audience `{audience}` already; `tenure api set` changes it");
                return Err(Failure::Said(taken));
            }
            let label = format!("Add {audience}");
            let new = fields.apply(Api { audience, ..Api::default() })?;
            edits::apply(&mut store, label, &why, vec![Change::add(Entity::Api(Arc::new(new)))], session)
        }
        Command::Set { audience, fields, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let before = api(&loaded.registry, &audience)?;
            let change = Change::api(before, fields.apply((**before).clone())?);
            edits::apply(&mut store, format!("Set {audience}"), &why, change.into_iter().collect(), session)
        }
        Command::Remove { audience, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let change = Change::remove(Entity::Api(api(&loaded.registry, &audience)?.clone()));
            edits::apply(&mut store, format!("Remove {audience}"), &why, vec![change], session)
        }
    }
}

fn list(mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    if session.json {
        session.document(&loaded.registry.apis())?;
        return Ok(Exit::Done);
    }
    let row = |api: &Arc<Api>| {
        vec![
            api.audience.clone(),
            api.name.clone(),
            or_dash(api.access_token_duration),
            api.scopes.len().to_string(),
        ]
    };
    let rows: Vec<_> = loaded.registry.apis().iter().map(row).collect();
    table(session.out, &["AUDIENCE", "NAME", "DURATION", "SCOPES"], &rows)?;
    Ok(Exit::Done)
}

fn show(audience: &str, mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    let api = api(&loaded.registry, audience)?;
    if session.json {
        session.document(api)?;
        return Ok(Exit::Done);
    }
    let duration = or_dash(api.access_token_duration);
    card(
        session.out,
        &[("audience", api.audience.clone()), ("name", api.name.clone()), ("duration", duration)],
    )?;
    let rows: Vec<_> = api.scopes.iter().map(super::scope::row).collect();
    table(session.out, super::scope::HEADINGS, &rows)?;
    Ok(Exit::Done)
}
