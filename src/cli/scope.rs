//! `tenure scope`: the parts of an API that are granted by themselves.

use super::edits::{self, Why};
use super::fields;
use super::session::{Exit, Failure, Result, Session, api};
use super::table::{or_dash, table};
use crate::edit::operation;
use crate::registry::{Api, Scope};
use std::sync::Arc;

/// What to do with scopes.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// A row for every scope of an API
    #[command(after_help = "Examples:\n  tenure scope list https://api.example.com")]
    List {
        /// The API
        audience: String,
    },
    /// One scope
    #[command(after_help = "Examples:\n  tenure scope show https://api.example.com write")]
    Show {
        /// The API
        audience: String,
        /// The scope
        name: String,
    },
    /// Add a scope
    #[command(
        after_help = "Examples:\n  tenure scope add https://api.example.com write --duration 10m --description 'change data'"
    )]
    Add {
        /// The API
        audience: String,
        /// The scope's name
        #[arg(value_parser = fields::id)]
        name: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        why: Why,
    },
    /// Change a scope; `none` clears its duration
    #[command(
        after_help = "Examples:\n  tenure scope set https://api.example.com write --duration 10m --reason TICKET-7\n  tenure scope set https://api.example.com read --default true"
    )]
    Set {
        /// The API
        audience: String,
        /// The scope
        name: String,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        why: Why,
    },
    /// Remove a scope; grants of it stay, and are findings
    #[command(after_help = "Examples:\n  tenure scope remove https://api.example.com write")]
    Remove {
        /// The API
        audience: String,
        /// The scope
        name: String,
        #[command(flatten)]
        why: Why,
    },
}

/// A scope's fields.
#[derive(Debug, clap::Args)]
pub(super) struct Fields {
    /// What it allows
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The longest that a token with it may live: 10m, 1h
    #[arg(long, value_name = "DURATION")]
    duration: Option<String>,
    /// Whether it is given when no scope is requested
    #[arg(long, value_name = "true|false")]
    default: Option<bool>,
}

impl Fields {
    fn apply(&self, mut scope: Scope) -> Result<Scope> {
        if let Some(text) = &self.description {
            scope.description.clone_from(text);
        }
        if let Some(duration) = &self.duration {
            scope.access_token_duration = fields::duration_or_none(duration)?;
        }
        scope.default = self.default.unwrap_or(scope.default);
        Ok(scope)
    }
}

/// The columns of [`row`].
pub(super) const HEADINGS: &[&str] = &["SCOPE", "DURATION", "DEFAULT", "DESCRIPTION"];

/// A scope as a row.
pub(super) fn row(scope: &Scope) -> Vec<String> {
    let default = if scope.default { "yes" } else { "" };
    vec![
        scope.name.clone(),
        or_dash(scope.access_token_duration),
        default.to_owned(),
        scope.description.clone(),
    ]
}

/// Runs `tenure scope`.
pub(super) fn run(command: Command, mut session: Session<'_>) -> Result {
    match command {
        Command::List { audience } => {
            let (_, loaded) = session.open()?;
            let scopes = &api(&loaded.registry, &audience)?.scopes;
            if session.json {
                session.document(scopes)?;
            } else {
                table(session.out, HEADINGS, &scopes.iter().map(row).collect::<Vec<_>>())?;
            }
            Ok(Exit::Done)
        }
        Command::Show { audience, name } => {
            let (_, loaded) = session.open()?;
            let scope = scope(api(&loaded.registry, &audience)?, &name)?;
            if session.json {
                session.document(scope)?;
            } else {
                table(session.out, HEADINGS, &[row(scope)])?;
            }
            Ok(Exit::Done)
        }
        Command::Add { audience, name, fields, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let api = api(&loaded.registry, &audience)?;
            if api.scope(&name).is_some() {
                let taken =
                    format!("`{audience}` has the scope `{name}` already; `tenure scope set` changes it");
                return Err(Failure::Said(taken));
            }
            let label = format!("Add scope {name} to {audience}");
            let change = operation::set_scope(api, fields.apply(Scope { name, ..Scope::default() })?);
            edits::apply(&mut store, label, &why, change.into_iter().collect(), session)
        }
        Command::Set { audience, name, fields, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let api = api(&loaded.registry, &audience)?;
            let change = operation::set_scope(api, fields.apply(scope(api, &name)?.clone())?);
            let label = format!("Set scope {name} of {audience}");
            edits::apply(&mut store, label, &why, change.into_iter().collect(), session)
        }
        Command::Remove { audience, name, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let api = api(&loaded.registry, &audience)?;
            scope(api, &name)?;
            let change = operation::remove_scope(api, &name);
            let label = format!("Remove scope {name} of {audience}");
            edits::apply(&mut store, label, &why, change.into_iter().collect(), session)
        }
    }
}

fn scope<'a>(api: &'a Arc<Api>, name: &str) -> Result<&'a Scope> {
    let audience = &api.audience;
    api.scope(name).ok_or_else(|| {
        Failure::Said(format!(
            "`{audience}` has no scope `{name}`; `tenure scope list {audience}` shows them"
        ))
    })
}
