//! `tenure app`: applications, one by client id or many by filter.

use super::chosen::chosen;
use super::cut_off;
use super::edits::{self, Why};
use super::fields;
use super::session::{Exit, Failure, Result, Session, application};
use super::table::{card, or_dash, table};
use super::when::status;
use crate::edit::{Change, operation};
use crate::policy::{Filter, Policy};
use crate::registry::{Application, Duration, MomentContext, Registry, time_left};
use std::sync::Arc;

/// What to do with applications.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// A row for every application
    #[command(
        after_help = "Examples:\n  tenure app list\n  tenure app list --where 'status:ending tag:trial'\n  tenure app list --where 'expires<7d -customer:acme' --json"
    )]
    List {
        /// Words that must all hold: any text, status:ending, tag:trial, -customer:acme, expires<7d, overrun>0
        #[arg(long = "where", visible_alias = "filter", value_name = "FILTER", allow_hyphen_values = true)]
        filter: Option<Filter>,
        /// Only what a saved view shows
        #[arg(long, value_name = "NAME", conflicts_with = "filter")]
        view: Option<String>,
    },
    /// Everything about one application
    #[command(after_help = "Examples:\n  tenure app show acme-trial\n  tenure app show acme-trial --json")]
    Show {
        /// The application
        client_id: String,
    },
    /// Add an application
    #[command(
        after_help = "Examples:\n  tenure app add acme --customer Acme --expires-at now+30d --tag trial \\\n      --grant 'https://api.example.com read write'"
    )]
    Add {
        /// Its client id
        #[arg(value_parser = fields::id)]
        client_id: String,
        /// The template that it begins with; other options go before it
        #[arg(long, value_name = "NAME")]
        template: Option<String>,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        why: Why,
    },
    /// Change fields; `none` clears one
    #[command(
        after_help = "Examples:\n  tenure app set acme --expires-at 2026-03-01T12:00:00Z --reason TICKET-1\n  tenure app set acme --duration none --untag trial --tag paid\n  tenure app set --where tag:trial --revoke 'https://api.example.com write'"
    )]
    Set {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        why: Why,
    },
    /// Move the end, counted from the later of the end and now
    #[command(
        after_help = "Examples:\n  tenure app extend acme --by 14d --reason TICKET-1\n  tenure app extend --where 'tag:trial expires<7d' --by 14d"
    )]
    Extend {
        #[command(flatten)]
        which: Which,
        /// By how much
        #[arg(long, value_name = "DURATION")]
        by: Duration,
        #[command(flatten)]
        why: Why,
    },
    /// Switch off: no more tokens
    #[command(
        after_help = "Examples:\n  tenure app suspend acme --reason 'contract ended'\n  tenure app suspend --where 'customer:acme'"
    )]
    Suspend {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        why: Why,
    },
    /// Switch on again
    #[command(after_help = "Examples:\n  tenure app resume acme")]
    Resume {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        why: Why,
    },
    /// Take every grant away: no more tokens, for any API
    #[command(
        after_help = "Examples:\n  tenure app revoke acme --reason 'monthly review'\n  tenure app revoke --where 'status:ended has:access' --dry-run"
    )]
    Revoke {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        why: Why,
    },
    /// Switch one off at once, and tell until when its issued tokens may live
    #[command(after_help = "Examples:\n  tenure app cut-off acme --reason 'key leaked'")]
    CutOff {
        /// The application
        client_id: String,
        #[command(flatten)]
        why: Why,
    },
    /// Remove
    #[command(
        after_help = "Examples:\n  tenure app remove acme --reason 'asked to be forgotten'\n  tenure app remove --where 'status:ended tag:trial'"
    )]
    Remove {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        why: Why,
    },
    /// Add a copy under another client id
    #[command(after_help = "Examples:\n  tenure app duplicate acme acme-2")]
    Duplicate {
        /// The application to copy
        client_id: String,
        /// The copy's client id
        #[arg(value_parser = fields::id)]
        new_id: String,
        #[command(flatten)]
        why: Why,
    },
}

/// One application or many.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Which {
    /// The application
    client_id: Option<String>,
    /// Instead all that meet these words: any text, status:ending, tag:trial, -customer:acme, expires<7d, overrun>0
    #[arg(long = "where", visible_alias = "filter", value_name = "FILTER")]
    filter: Option<Filter>,
}

/// An application's fields.
#[derive(Debug, clap::Args)]
pub(super) struct Fields {
    /// What people call it
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Whose it is
    #[arg(long, value_name = "TEXT")]
    customer: Option<String>,
    /// Whom to write to
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    /// What is worth noting
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// The id that the customer's application has in every registry
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// No token before this instant
    #[arg(long, value_name = "INSTANT")]
    not_before: Option<String>,
    /// No token at or after this instant: RFC 3339, now+30d, expiry+7d
    #[arg(long, value_name = "INSTANT")]
    expires_at: Option<String>,
    /// The longest that its tokens may live: 10m, 1d 12h
    #[arg(long, value_name = "DURATION")]
    duration: Option<String>,
    /// Add a tag (repeatable)
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Take a tag away (repeatable)
    #[arg(long, value_name = "TAG")]
    untag: Vec<String>,
    /// Grant scopes of an API (repeatable)
    #[arg(long, value_name = "'AUDIENCE SCOPE…'", value_parser = fields::access)]
    grant: Vec<(String, Vec<String>)>,
    /// Take scopes of an API away, or without scopes all of it (repeatable)
    #[arg(long, value_name = "'AUDIENCE SCOPE…'", value_parser = fields::access)]
    revoke: Vec<(String, Vec<String>)>,
    /// Set metadata; an empty value removes the key (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_parser = fields::pair)]
    metadata: Vec<(String, String)>,
}

/// Runs `tenure app`.
pub(super) fn run(command: Command, session: Session<'_>) -> Result {
    match command {
        Command::List { filter, view } => list(filter, view.as_deref(), session),
        Command::Show { client_id } => show(&client_id, session),
        Command::Add { client_id, template, fields, why } => {
            add(client_id, template.as_deref(), &fields, &why, session)
        }
        Command::Set { which, fields, why } => {
            let now = session.now;
            many("Set", "", &which, &why, session, |app| {
                let after = fields.apply((**app).clone(), now)?;
                Ok(Change::application(app, after))
            })
        }
        Command::Extend { which, by, why } => {
            let now = session.now;
            many("Extend", &format!(" by {by}"), &which, &why, session, |app| {
                Ok(operation::extend(app, by, now))
            })
        }
        Command::Suspend { which, why } => {
            many("Suspend", "", &which, &why, session, |app| Ok(operation::suspend(app)))
        }
        Command::Resume { which, why } => {
            many("Resume", "", &which, &why, session, |app| Ok(operation::resume(app)))
        }
        Command::Revoke { which, why } => {
            many("Revoke access of", "", &which, &why, session, |app| Ok(operation::revoke_all(app)))
        }
        Command::CutOff { client_id, why } => cut_off::local(&client_id, &why, session),
        Command::Remove { which, why } => {
            many("Remove", "", &which, &why, session, |app| Ok(Some(operation::remove_application(app))))
        }
        Command::Duplicate { client_id, new_id, why } => duplicate(&client_id, &new_id, &why, session),
    }
}

fn list(filter: Option<Filter>, view: Option<&str>, mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    let now = session.now;
    let filter = match view {
        Some(name) => Some(super::view::filter(&loaded.registry, name)?),
        None => filter,
    };
    let policy = Policy::new(Arc::new(loaded.registry));
    let shown = chosen(&policy, filter.as_ref(), now);
    if session.json {
        let shown: Vec<_> = shown.collect();
        session.document(&shown)?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = shown
        .map(|app| {
            vec![
                app.client_id.clone(),
                app.customer.clone(),
                app.name.clone(),
                status(app, now).to_owned(),
                or_dash(app.expires_at),
                app.tags.join(" "),
            ]
        })
        .collect();
    table(session.out, &["CLIENT ID", "CUSTOMER", "NAME", "STATUS", "ENDS", "TAGS"], &rows)?;
    Ok(Exit::Done)
}

fn show(client_id: &str, mut session: Session<'_>) -> Result {
    let (_, loaded) = session.open()?;
    let app = application(&loaded.registry, client_id)?;
    if session.json {
        session.document(app)?;
        return Ok(Exit::Done);
    }
    let now = session.now;
    let text = |text: &str| text.to_owned();
    let end = app.expires_at.map_or_else(|| text("never"), |end| format!("{end}  ({})", time_left(end, now)));
    card(
        session.out,
        &[
            ("client id", app.client_id.clone()),
            ("external id", app.external_id.clone().unwrap_or_default()),
            ("name", app.name.clone()),
            ("customer", app.customer.clone()),
            ("contact", app.contact.clone()),
            ("status", text(status(app, now))),
            ("starts", app.not_before.map(|i| i.to_string()).unwrap_or_default()),
            ("ends", end),
            ("longest token", app.access_token_duration.map(|d| d.to_string()).unwrap_or_default()),
            ("tags", app.tags.join(" ")),
            ("notes", app.notes.clone()),
        ],
    )?;
    for grant in &app.grants {
        card(session.out, &[("may use", format!("{}: {}", grant.audience, grant.scopes.join(" ")))])?;
    }
    for (key, value) in &app.metadata {
        card(session.out, &[("metadata", format!("{key}={value}"))])?;
    }
    Ok(Exit::Done)
}

fn add(
    client_id: String,
    template: Option<&str>,
    fields: &Fields,
    why: &Why,
    session: Session<'_>,
) -> Result {
    let (mut store, loaded) = session.open_to_edit()?;
    refuse_taken(&loaded.registry, &client_id)?;
    let label = format!("Add {client_id}");
    let begin = match template {
        Some(name) => super::template::template(&loaded.registry, name)?.application(&client_id, session.now),
        None => Application { client_id, ..Application::default() },
    };
    let new = fields.apply(begin, session.now)?;
    edits::apply(&mut store, label, why, vec![operation::add_application(new)], session)
}

fn duplicate(client_id: &str, new_id: &str, why: &Why, session: Session<'_>) -> Result {
    let (mut store, loaded) = session.open_to_edit()?;
    refuse_taken(&loaded.registry, new_id)?;
    let change = operation::duplicate(application(&loaded.registry, client_id)?, new_id);
    let label = format!("Duplicate {client_id} as {new_id}");
    edits::apply(&mut store, label, why, change.into_iter().collect(), session)
}

fn refuse_taken(registry: &Registry, client_id: &str) -> Result<()> {
    match registry.application(client_id) {
        Some(_) => Err(Failure::Said(format!(
            "an application has the client id `{client_id}` already; `tenure app set` changes it"
        ))),
        None => Ok(()),
    }
}

/// Edits one application or all that a filter shows, as one step of undo.
fn many(
    verb: &str,
    rest: &str,
    which: &Which,
    why: &Why,
    session: Session<'_>,
    edit: impl Fn(&Arc<Application>) -> Result<Option<Change>>,
) -> Result {
    let (mut store, loaded) = session.open_to_edit()?;
    let policy = Policy::new(Arc::new(loaded.registry));
    let them: Vec<&Arc<Application>> = match (&which.client_id, &which.filter) {
        (Some(client_id), _) => vec![application(policy.registry(), client_id)?],
        (None, Some(filter)) if filter.is_empty() => {
            let words =
                "the filter is empty and would choose every application; write what they have in common";
            return Err(Failure::Said(words.to_owned()));
        }
        (None, Some(filter)) => chosen(&policy, Some(filter), session.now).collect(),
        (None, None) => Vec::new(),
    };
    let mut changes = Vec::new();
    for app in them {
        changes.extend(edit(app)?);
    }
    let label = match changes.as_slice() {
        [one] => format!("{verb} {}{rest}", one.reference().id),
        many => format!("{verb} {} applications{rest}", many.len()),
    };
    edits::apply(&mut store, label, why, changes, session)
}

impl Fields {
    fn apply(&self, mut app: Application, now: crate::registry::Instant) -> Result<Application> {
        use operation::TextField;
        let texts = [
            (TextField::Name, &self.name),
            (TextField::Customer, &self.customer),
            (TextField::Contact, &self.contact),
            (TextField::Notes, &self.notes),
            (TextField::ExternalId, &self.external_id),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                operation::write_text(&mut app, field, if text == "none" { "" } else { text });
            }
        }
        let context = MomentContext { now, expiry: app.expires_at, zone: None };
        if let Some(text) = &self.not_before {
            app.not_before = fields::moment_or_none(text, &context)?;
        }
        if let Some(text) = &self.expires_at {
            app.expires_at = fields::moment_or_none(text, &context)?;
        }
        if let Some(text) = &self.duration {
            app.access_token_duration = fields::duration_or_none(text)?;
        }
        app.tags.retain(|tag| !self.untag.contains(tag));
        app.tags.extend(self.tag.iter().cloned());
        for (audience, scopes) in &self.revoke {
            operation::revoke_in(&mut app, audience, scopes);
        }
        for (audience, scopes) in &self.grant {
            operation::grant_in(&mut app, audience, scopes);
        }
        for (key, value) in &self.metadata {
            match value.is_empty() {
                true => app.metadata.remove(key),
                false => app.metadata.insert(key.clone(), value.clone()),
            };
        }
        Ok(app.normalised())
    }
}
