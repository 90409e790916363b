//! `tenure service`: what every API shares.

use super::edits::{self, Why};
use super::session::{Exit, Failure, Result, Session};
use super::table::card;
use crate::edit::Change;
use crate::registry::{DefaultScopes, Duration, ProfileName, Service};

/// What to do with the service.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Its settings
    #[command(
        visible_alias = "list",
        after_help = "Examples:\n  tenure service show\n  tenure service show --json"
    )]
    Show,
    /// Change its settings
    #[command(
        after_help = "Examples:\n  tenure service set --duration 1h --reason TICKET-9\n  tenure service set --default-scopes all_granted --issuer-profile auth0"
    )]
    Set {
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        why: Why,
    },
}

/// The service's fields.
#[derive(Debug, clap::Args)]
pub(super) struct Fields {
    /// What people call it
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Its issuer identifier, as in a token's `iss`
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// The lifetime of tokens of APIs that set none: 1d, 3600
    #[arg(long, value_name = "DURATION")]
    duration: Option<Duration>,
    /// The shortest lifetime that is issued
    #[arg(long, value_name = "DURATION")]
    min_lifetime: Option<Duration>,
    /// What a request without a scope gets: marked or all_granted
    #[arg(long, value_name = "RULE", value_parser = rule)]
    default_scopes: Option<DefaultScopes>,
    /// The system that issues the real tokens: tenure, auth0, auth0-action, auth0-action-strict, authlete-2, authlete-3, hydra
    #[arg(long, value_name = "PROFILE")]
    issuer_profile: Option<ProfileName>,
    /// The id of the key that mints samples; none clears it
    #[arg(long, value_name = "KEY")]
    signing_key: Option<String>,
}

fn rule(text: &str) -> std::result::Result<DefaultScopes, String> {
    match text {
        "marked" => Ok(DefaultScopes::Marked),
        "all_granted" => Ok(DefaultScopes::AllGranted),
        _ => Err(format!("`{text}` is no rule; use marked or all_granted")),
    }
}

impl Fields {
    fn apply(&self, mut service: Service) -> Result<Service> {
        if [&self.name, &self.issuer].into_iter().flatten().any(|text| text.trim().is_empty()) {
            return Err(Failure::Said(
                "a service has a name and an issuer; give a text that is not empty".into(),
            ));
        }
        if let Some(name) = &self.name {
            service.name.clone_from(name);
        }
        if let Some(issuer) = &self.issuer {
            service.issuer.clone_from(issuer);
        }
        if let Some(key) = &self.signing_key {
            service.signing_key = Some(key.clone()).filter(|key| key != "none");
        }
        service.access_token_duration = self.duration.unwrap_or(service.access_token_duration);
        service.min_lifetime = self.min_lifetime.unwrap_or(service.min_lifetime);
        service.default_scopes = self.default_scopes.unwrap_or(service.default_scopes);
        service.issuer_profile = self.issuer_profile.unwrap_or(service.issuer_profile);
        Ok(service)
    }
}

/// Runs `tenure service`.
pub(super) fn run(command: Command, mut session: Session<'_>) -> Result {
    match command {
        Command::Show => {
            let (_, loaded) = session.open()?;
            let service = &loaded.registry.service;
            if session.json {
                session.document(service)?;
                return Ok(Exit::Done);
            }
            let scopes = match service.default_scopes {
                DefaultScopes::Marked => "marked",
                DefaultScopes::AllGranted => "all_granted",
            };
            card(
                session.out,
                &[
                    ("name", service.name.clone()),
                    ("issuer", service.issuer.clone()),
                    ("duration", service.access_token_duration.to_string()),
                    ("min lifetime", service.min_lifetime.to_string()),
                    ("default scopes", scopes.to_owned()),
                    ("issuer profile", service.issuer_profile.to_string()),
                    ("signing key", service.signing_key.clone().unwrap_or_default()),
                ],
            )?;
            Ok(Exit::Done)
        }
        Command::Set { fields, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let before = &loaded.registry.service;
            let change = Change::service(before, fields.apply((**before).clone())?);
            edits::apply(
                &mut store,
                "Set the service".to_owned(),
                &why,
                change.into_iter().collect(),
                session,
            )
        }
    }
}
