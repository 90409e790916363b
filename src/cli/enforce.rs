//! `tenure enforce`: the ways in which Auth0 can be made to keep to the ends of trials, and what each does to this fleet.

use super::remote::open;
use super::session::{Exit, Failure, Result, Session};
use super::table::table;
use super::when::When;
use crate::edit::Draft;
use crate::export::{Enforcement, TimeForm, counted};
use crate::policy::{EnforcementEffect, Strategy, enforcement, enforcing, enforcing_label};
use crate::registry::{Duration, human};
use crate::remote::{Vendor, WantedAction, Workspace, enforcement_of};
use crate::store::Store;
use serde_json::{Value, json};

/// How the ends of trials are enforced.
#[derive(Debug, clap::Args)]
pub(super) struct Enforcing {
    /// The way: deny at the end, deny what would outlive it, shorten every API's lifetime, or a second resource server
    #[arg(long, value_name = "STRATEGY", value_parser = ["end", "outlive", "shorten", "second"], default_value = "end")]
    strategy: String,
    /// The lifetime of shorten and second
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    lifetime: Duration,
    /// The key of client_metadata that holds the end
    #[arg(long, value_name = "KEY", default_value = "expires_at")]
    end_key: String,
    /// The key that holds the start
    #[arg(long, value_name = "KEY", default_value = "not_before")]
    start_key: String,
    /// How instants are written there
    #[arg(long, value_name = "FORM", value_parser = TimeForm::ALL.map(TimeForm::as_str), default_value = "rfc3339")]
    time_form: String,
    /// A claim, named by a URL, in which APIs find the end
    #[arg(long, value_name = "URL")]
    claim: Option<String>,
}

impl Enforcing {
    /// What the arguments mean.
    pub fn enforcement(&self) -> Result<Enforcement> {
        if let Some(claim) = self.claim.as_deref().filter(|claim| !claim.contains("://")) {
            let sentence = format!("`{claim}` is no URL; Auth0 keeps only claims that are named by one");
            return Err(Failure::Said(sentence));
        }
        let all = Strategy::all(self.lifetime).into_iter();
        let form = TimeForm::ALL.into_iter().find(|form| form.as_str() == self.time_form);
        let enforcement = Enforcement {
            strategy: all.into_iter().find(|way| way.as_str() == self.strategy).unwrap_or_default(),
            end_key: self.end_key.clone(),
            start_key: self.start_key.clone(),
            form: form.unwrap_or_default(),
            claim: self.claim.clone(),
        };
        enforcement.check().map_err(Failure::Said)?;
        Ok(enforcement)
    }
}

/// For when, and with which lifetime.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  tenure enforce
  tenure enforce --lifetime 15m --json
Afterwards:
  tenure export --format auth0-action --strategy outlive --out action.js
  tenure enforce install prod --strategy outlive, then plan and apply"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<InConnection>,
    /// The lifetime of shorten and second
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    lifetime: Duration,
    #[command(flatten)]
    when: When,
}

/// What to do with the Action of a connection.
#[derive(Debug, clap::Subcommand)]
enum InConnection {
    /// Stage the Action for the next apply of an Auth0 connection, after the Actions that are bound already
    Install {
        /// The connection
        name: String,
        #[command(flatten)]
        how: Box<Enforcing>,
    },
    /// Stage that the Action is bound no more
    Unbind {
        /// The connection
        name: String,
    },
    /// Take back what is staged of the Action
    Discard {
        /// The connection
        name: String,
    },
}

/// Runs `tenure enforce`.
pub(super) fn run(args: Args, mut session: Session<'_>) -> Result {
    if let Some(command) = args.command {
        return stage(command, &mut session);
    }
    let answering = args.when.answering(None, &session)?;
    let registry = answering.policy.registry();
    let effects = Strategy::all(args.lifetime).map(|way| (way, enforcement(registry, way, answering.at)));
    if session.json {
        let ways: Vec<Value> = effects.iter().map(|(way, effect)| document(*way, effect)).collect();
        session.document(&json!({ "at": answering.at, "strategies": ways }))?;
        return Ok(Exit::Done);
    }
    let headings =
        ["STRATEGY", "OVERRUN UP TO", "REFUSED BEFORE THE END", "FROM", "MORE TOKENS A DAY", "MOVED"];
    let rows: Vec<Vec<String>> = effects.iter().map(|(way, effect)| line(*way, effect)).collect();
    table(session.out, &headings, &rows)?;
    let trials = effects.first().map_or(0, |(_, effect)| effect.trials);
    writeln!(session.out, "{trials} trials that have not ended, at {}", answering.at)?;
    Ok(Exit::Done)
}

fn line(way: Strategy, effect: &EnforcementEffect) -> Vec<String> {
    let refused = match effect.refused_early {
        0 => "none".to_owned(),
        some => format!(
            "{some}, for up to {}; {} now, {} never get one",
            human(effect.refused_for),
            effect.refused_now,
            effect.never
        ),
    };
    vec![
        way.as_str().to_owned(),
        human(effect.overrun_up_to),
        refused,
        effect.refused_from.map_or("—".to_owned(), |at| at.to_string()),
        format!("{:.0}", effect.more_a_day),
        effect.moved.to_string(),
    ]
}

fn document(way: Strategy, effect: &EnforcementEffect) -> Value {
    json!({
        "strategy": way.as_str(),
        "trials": effect.trials,
        "overrun_up_to": effect.overrun_up_to,
        "refused_early": effect.refused_early,
        "refused_now": effect.refused_now,
        "refused_never_served": effect.never,
        "refused_from": effect.refused_from,
        "refused_for": effect.refused_for,
        "moved": effect.moved,
        "tokens_a_day": effect.tokens_a_day.round(),
        "more_tokens_a_day": effect.more_a_day.round(),
    })
}

/// Stages what is wanted of a connection's Action; nothing is sent.
fn stage(command: InConnection, session: &mut Session<'_>) -> Result {
    let said = match command {
        InConnection::Install { name, how } => install(&open(&name)?, &how.enforcement()?, session)?,
        InConnection::Unbind { name } => {
            let workspace = open(&name)?;
            workspace.want_action(&WantedAction::Unbind)?;
            say(&workspace, None, session)?;
            format!("staged: the Action is unbound; `tenure plan {name}` shows it, `apply` does it")
        }
        InConnection::Discard { name } => {
            open(&name)?.discard_action()?;
            "taken back".to_owned()
        }
    };
    if session.json {
        session.document(&json!({ "staged": said }))?;
    } else {
        writeln!(session.out, "{said}")?;
    }
    Ok(Exit::Done)
}

/// Stages the Action, and the lifetimes that its way shortens.
fn install(workspace: &Workspace, how: &Enforcement, session: &mut Session<'_>) -> Result<String> {
    let name = &workspace.connection.name;
    let Vendor::Auth0 { metadata, .. } = &workspace.connection.vendor else {
        return Err(Failure::Said(format!("`{name}` has no Actions; its service ends tokens by itself")));
    };
    let (asked, how) = (how, enforcement_of(how, metadata));
    let usual = Enforcement::default();
    for (asked, usual, own) in
        [(&asked.end_key, &usual.end_key, &how.end_key), (&asked.start_key, &usual.start_key, &how.start_key)]
    {
        if asked != usual && asked != own {
            return Err(Failure::Said(format!(
                "`{name}` writes that date under `{own}`, not under `{asked}`; leave the key out"
            )));
        }
    }
    workspace.want_action(&WantedAction::Install(how.clone()))?;
    let mut said = format!(
        "staged: the Action ({}), which reads `{}`; `tenure plan {name}` shows it, `apply` installs it",
        how.strategy.phrase(),
        how.end_key
    );
    let also = say(workspace, Some(how.strategy), session)?;
    if !also.is_empty() {
        said.push_str(&format!("; {also} staged with it"));
    }
    if workspace.action_there()?.is_none() {
        said.push_str(&format!("; `tenure pull {name}` reads which Actions are bound already"));
    }
    Ok(said)
}

/// Stages what the registry says of a tenant in which the Action runs, or runs no more; tells how much that is.
fn say(workspace: &Workspace, strategy: Option<Strategy>, session: &mut Session<'_>) -> Result<String> {
    let changes = enforcing(&workspace.mine()?, strategy);
    if changes.is_empty() {
        return Ok(String::new());
    }
    let count = counted(changes.len(), "change");
    let mut store = Store::open(workspace.staged())?;
    session.commit(&mut store, &Draft::edit(enforcing_label(strategy), "", changes))?;
    Ok(count)
}
