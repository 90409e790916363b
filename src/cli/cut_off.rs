//! `tenure cut-off` at a remote and `tenure app cut-off` in a registry: access that is taken away at once, and until when
//! tokens that are out may live.

use super::connect::{connections, remote};
use super::edits::{self, Why};
use super::remote::{Which, confirmed, open};
use super::session::{Exit, Failure, Result, Session, application, user};
use super::table::calm;
use crate::edit::{Draft, operation};
use crate::policy::Timeline;
use crate::registry::Instant;
use crate::remote::{self, Choices, Person, Remote, Stop, Workspace};
use crate::store::Store;
use serde_json::json;
use std::sync::Arc;

/// Takes an application's access away at once.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  tenure cut-off prod acme --confirm prod

The grants are removed (Auth0) or the client is locked (Authlete) at once, without a plan, and read
back. Tokens that are out live on until they expire. `tenure --connection prod undo` stages how to
restore the access.")]
pub(super) struct Args {
    #[command(flatten)]
    which: Which,
    /// The application
    client_id: String,
    /// The connection's name, for one in production
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
}

/// Runs `tenure cut-off`.
pub(super) fn run(args: &Args, mut session: Session<'_>) -> Result {
    let workspace = open(&args.which.name)?;
    confirmed(&workspace, args.confirm.as_deref())?;
    let mut remote = remote(&workspace.connection, &args.which.secret, &mut session)?;
    let stop = Stop::of_terminal();
    let (now, who, choices) = (session.now, user(), Choices::new());
    let until = until(&workspace, &mut remote, &args.client_id, &session)?;
    let mut hear = |_| {};
    let mut person = Person { who: &who, choices: &choices, hear: &mut hear };
    let work = remote::cut_off(&workspace, &mut remote, &args.client_id, now, &mut person, &stop);
    remote::run(&stop, work)??;
    if session.json {
        session.document(
            &serde_json::json!({ "client_id": args.client_id, "cut_off": true, "tokens_until": until }),
        )?;
        return Ok(Exit::Done);
    }
    writeln!(session.out, "{} gets no more tokens at {}, read back", args.client_id, args.which.name)?;
    match until {
        Some(until) => writeln!(session.out, "tokens that are out may live until {until}")?,
        None => writeln!(session.out, "no token of it can be out")?,
    }
    writeln!(session.out, "`tenure --connection {} undo` stages how to restore it", args.which.name)?;
    Ok(Exit::Done)
}

/// Until when tokens that are out may live, by what the remote has issued so far; nothing where none can be out.
fn until(
    workspace: &Workspace,
    remote: &mut Remote,
    client_id: &str,
    session: &Session<'_>,
) -> Result<Option<Instant>> {
    let base = Arc::new(workspace.base(remote)?.registry);
    let store = Store::open_read_only(workspace.staged())?;
    let (begins, entries) = (store.load()?.begins, store.entries_after(0)?);
    let profile = base.service.issuer_profile;
    let living = Timeline::new(base, &entries, begins).living_tokens(profile, client_id, session.now);
    Ok(living.first().map(|(_, until)| *until))
}

/// Suspends one application, and tells until when the tokens that it may hold live.
pub(super) fn local(client_id: &str, why: &Why, mut session: Session<'_>) -> Result {
    // Staged it would take nothing away, whatever is said here.
    if let Some(connection) = connections()?.of_file(&session.path()?) {
        let name = connection.name;
        return Err(Failure::Said(format!(
            "`{name}` is a connection, where this would only be staged; `tenure cut-off {name} {client_id}` does it at once"
        )));
    }
    let (mut store, loaded) = session.open_to_edit()?;
    let app = application(&loaded.registry, client_id)?.clone();
    let Some(change) = operation::suspend(&app) else {
        return Err(Failure::Said(format!("`{client_id}` is suspended already; it gets no tokens")));
    };
    let profile = loaded.registry.service.issuer_profile;
    let timeline = Timeline::new(Arc::new(loaded.registry), &store.entries_after(0)?, loaded.begins);
    let now = session.now;
    let living: Vec<_> = timeline.living_tokens(profile, client_id, now);
    let draft = Draft::edit(format!("Cut off {client_id}"), &why.reason, vec![change]);
    if session.json && !why.dry_run {
        let entry = session.commit(&mut store, &draft)?;
        let mut document = edits::document(&entry);
        let tokens =
            living.iter().map(|(audience, until)| json!({ "audience": audience, "tokens_until": until }));
        if let Some(members) = document.as_object_mut() {
            members.insert("tokens".to_owned(), tokens.collect());
        }
        session.document(&document)?;
        return Ok(Exit::Done);
    }
    edits::commit(&mut store, &draft, why, &mut session)?;
    if living.is_empty() {
        writeln!(session.out, "it holds no token that still lives")?;
    }
    for (audience, until) in living {
        let line = format!("tokens for {audience} that {profile} handed out may live until {until}");
        writeln!(session.out, "{}", calm(&line))?;
    }
    Ok(Exit::Done)
}
