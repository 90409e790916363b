//! `tenure pull`, `plan` and `apply`: a remote registry, read, reviewed and written.

use super::connect::{SecretFrom, connections, remote};
use super::edits::lines;
use super::effect;
use super::session::{Exit, Failure, Result, Session, user};
use super::table::calm;
use super::under_way::Meter;
use crate::edit::{Change, EntityRef, Side};
use crate::export::counted;
use crate::remote::{
    self, Applied, Choices, Environment, Event, Person, Plan, Remote, Step, Stop, Workspace,
};
use std::path::{Path, PathBuf};

/// Which connection, and its credentials.
#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// The connection
    pub(super) name: String,
    #[command(flatten)]
    pub(super) secret: SecretFrom,
}

/// Reads a remote whole.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure pull prod
  tenure --connection prod app list --where 'expires<7d'

What others changed since the last pull is brought into the staged edits and printed.")]
pub(super) struct PullArgs {
    #[command(flatten)]
    which: Which,
}

/// Prints what is staged.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure plan prod
  tenure plan prod --json > plan.json

Exit status: 0 there is nothing to do, 3 there are changes.")]
pub(super) struct PlanArgs {
    /// The connection
    name: String,
}

/// Carries out a plan.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure plan prod --json > plan.json
  tenure apply plan.json --confirm prod
  tenure apply plan.json --theirs acme:expires_at
  tenure apply plan.json --remove acme

A plan that was made on an older state is refused. What is stopped or fails stays staged; the same
plan goes on where it ended. Exit status 1: an item failed, or waits for a choice.")]
pub(super) struct ApplyArgs {
    /// The plan, `-` for standard input
    plan: PathBuf,
    /// The connection's name, for one in production
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// A client or API whose removal is meant, by its id (repeatable)
    #[arg(long, value_name = "ID")]
    remove: Vec<String>,
    /// Where both set a field, keep one's own: ID or ID:FIELD (repeatable)
    #[arg(long, value_name = "ID[:FIELD]")]
    mine: Vec<String>,
    /// Where both set a field, keep the others' (repeatable)
    #[arg(long, value_name = "ID[:FIELD]")]
    theirs: Vec<String>,
    #[command(flatten)]
    secret: SecretFrom,
}

pub(super) fn open(name: &str) -> Result<Workspace> {
    Ok(Workspace::open(&connections()?, name)?)
}

/// Runs `tenure pull`.
pub(super) fn pull(args: PullArgs, mut session: Session<'_>) -> Result {
    let workspace = open(&args.which.name)?;
    let mut remote = remote(&workspace.connection, &args.which.secret, &mut session)?;
    let stop = Stop::of_terminal();
    let (now, who) = (session.now, user());
    let mut meter = Meter::new();
    let mut progress = |done: u64, of: Option<u64>| {
        meter.tell(|| of.map_or_else(|| format!("{done} read"), |of| format!("{done} of {of} read")));
    };
    let work = remote::pull(&workspace, &mut remote, now, &who, &mut progress, &stop);
    let pulled = remote::run(&stop, work);
    drop(meter);
    let pulled = pulled??;
    if session.json {
        let clashes: Vec<_> = pulled.clashes.iter().map(|(which, fields)| {
            serde_json::json!({ "entity": which.to_string(), "fields": fields.iter().map(|f| &f.field).collect::<Vec<_>>() })
        }).collect();
        session.document(&serde_json::json!({
            "connection": args.which.name, "objects": pulled.objects, "requests": pulled.requests,
            "applications": pulled.mapped.registry.applications().len(), "apis": pulled.mapped.registry.apis().len(),
            "first": pulled.first, "changes": pulled.drift, "clashes": clashes, "notes": pulled.mapped.notes,
        }))?;
        return Ok(Exit::Done);
    }
    let registry = &pulled.mapped.registry;
    let (applications, apis) =
        (counted(registry.applications().len(), "application"), counted(registry.apis().len(), "API"));
    let (name, requests) = (&args.which.name, pulled.requests);
    writeln!(session.out, "pulled {applications} and {apis} of {name} ({requests} requests)")?;
    if !pulled.first {
        writeln!(session.out, "{} changed there since the last pull", pulled.drift.len())?;
        print_changes(&pulled.drift, &mut session)?;
    }
    for (which, fields) in &pulled.clashes {
        let fields: Vec<_> = fields.iter().map(|clash| clash.field.as_str()).collect();
        session.note(&format!(
            "{which} is staged and was changed there too ({}); yours stands, look at it in the plan",
            fields.join(", ")
        ));
    }
    for note in pulled.mapped.notes.iter().take(20) {
        session.note(note);
    }
    if pulled.mapped.notes.len() > 20 {
        session.note(&format!("and {} more; --json has them all", pulled.mapped.notes.len() - 20));
    }
    Ok(Exit::Done)
}

fn print_changes(changes: &[Change], session: &mut Session<'_>) -> Result<()> {
    for line in changes.iter().flat_map(lines) {
        writeln!(session.out, "  {}", calm(&line))?;
    }
    Ok(())
}

/// A remote that nothing is sent to, to map what was pulled.
fn offline(workspace: &Workspace) -> Result<Remote> {
    let none = crate::remote::Credentials::new(Vec::new());
    Ok(Remote::new(&workspace.connection, none, crate::remote::Limits::default())?)
}

/// Runs `tenure plan`.
pub(super) fn plan(args: &PlanArgs, mut session: Session<'_>) -> Result {
    let workspace = open(&args.name)?;
    let mut remote = offline(&workspace)?;
    let base = workspace.base(&mut remote)?;
    let plan = remote::plan_of(&workspace, &remote, &base, &workspace.mine()?)?;
    let changes: Vec<Change> = plan.steps.iter().map(|step| step.change.clone()).collect();
    let impact = effect::of(base.registry, &changes, session.now);
    if session.json {
        let mut document = serde_json::to_value(&plan).map_err(|error| Failure::Said(error.to_string()))?;
        if let Some(members) = document.as_object_mut() {
            members.insert("effect".to_owned(), effect::document(&impact, session.now));
        }
        session.document(&document)?;
    } else {
        print_plan(&plan, &mut session)?;
        if !plan.steps.is_empty() {
            effect::print(&impact, session.now, &mut session)?;
        }
    }
    Ok(if plan.is_empty() { Exit::Done } else { Exit::Changes })
}

fn print_plan(plan: &Plan, session: &mut Session<'_>) -> Result<()> {
    if plan.is_empty() {
        writeln!(session.out, "nothing is staged")?;
    }
    for step in &plan.steps {
        let place = match (step.remote, step.overlay) {
            (true, true) => "remote, overlay",
            (true, false) => "remote",
            (false, _) => "overlay",
        };
        for line in lines(&step.change) {
            let warning = if step.is_final() { "  (cannot be undone)" } else { "" };
            writeln!(session.out, "{}  [{place}]{warning}", calm(&line))?;
        }
    }
    if let Some(action) = &plan.action {
        writeln!(session.out, "{}  [remote]", calm(&action.summary()))?;
        writeln!(session.out, "  {}", calm(&action.order()))?;
        if let Some(warning) = action.warning() {
            writeln!(session.out, "! {}", calm(&warning))?;
        }
    }
    if plan.overlay != plan.overlay_after {
        writeln!(session.out, "overlay {}: {} → {}", plan.overlay_file, plan.overlay, plan.overlay_after)?;
    }
    for refused in &plan.refused {
        writeln!(session.out, "! {}: {}", refused.entity, refused.message)?;
    }
    Ok(())
}

/// Runs `tenure apply`.
pub(super) fn apply(args: &ApplyArgs, mut session: Session<'_>) -> Result {
    let plan = read_plan(&args.plan, &mut session)?;
    let workspace = open(&plan.connection)?;
    confirmed(&workspace, args.confirm.as_deref())?;
    let unnamed: Vec<String> = plan
        .steps
        .iter()
        .filter(|step| step.is_final())
        .map(id)
        .filter(|id| !args.remove.contains(id))
        .collect();
    if !unnamed.is_empty() {
        return Err(Failure::Said(format!(
            "the plan removes {} for good, which cannot be undone; name each with --remove, or suspend instead",
            unnamed.join(", ")
        )));
    }
    let choices = choices(&plan, args)?;
    let mut remote = remote(&workspace.connection, &args.secret, &mut session)?;
    let stop = Stop::of_terminal();
    let (now, who, json) = (session.now, user(), session.json);
    let mut secrets = 0;
    let out = &mut *session.out;
    let mut written = Ok(());
    let mut hear = |event: Event| {
        let line = match event {
            Event::Item(place, of, which, outcome) if json => {
                serde_json::json!({ "item": place, "of": of, "entity": which.to_string(), "outcome": outcome.name(), "detail": outcome.detail() }).to_string()
            }
            Event::Item(place, of, which, outcome) => {
                let detail = outcome.detail();
                let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
                format!("{place}/{of}  {which}  {}{}", outcome.name(), calm(&detail))
            }
            Event::Action(outcome) if json => {
                serde_json::json!({ "action": outcome.name(), "detail": outcome.detail() }).to_string()
            }
            Event::Action(outcome) => {
                let detail = outcome.detail();
                let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
                format!("the Action  {}{}", outcome.name(), calm(&detail))
            }
            Event::SecretElsewhere(id, place) if json => {
                serde_json::json!({ "client_id": id, "client_secret": null, "client_secret_is": place }).to_string()
            }
            Event::SecretElsewhere(id, place) => format!("the secret of {id} is {place}"),
            Event::Secret(id, secret) => {
                secrets += 1;
                let secret = String::from_utf8_lossy(secret.expose()).into_owned();
                if json {
                    serde_json::json!({ "client_id": id, "client_secret": secret }).to_string()
                } else {
                    format!("the secret of {id}, shown this once: {secret}")
                }
            }
        };
        written = writeln!(out, "{line}");
    };
    let mut person = Person { who: &who, choices: &choices, hear: &mut hear };
    let work = remote::apply(&workspace, &mut remote, &plan, now, &mut person, &stop);
    let applied: Applied = remote::run(&stop, work)??;
    written?;
    if json {
        let line = serde_json::json!({ "done": applied.done, "conflicts": applied.conflicts, "failed": applied.failed, "stopped": applied.stopped });
        writeln!(session.out, "{line}")?;
    } else {
        writeln!(
            session.out,
            "{} done, {} wait for a choice, {} failed",
            applied.done, applied.conflicts, applied.failed
        )?;
    }
    if applied.stopped {
        session.note("stopped; what is left stays staged, the same plan goes on from here");
    }
    let whole = applied.conflicts + applied.failed == 0 && !applied.stopped;
    Ok(if whole { Exit::Done } else { Exit::Denied })
}

fn id(step: &Step) -> String {
    step.change.reference().id
}

fn read_plan(file: &Path, session: &mut Session<'_>) -> Result<Plan> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        session.input.read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(file).map(|read| text = read)
    };
    read.map_err(|error| Failure::Said(format!("`{}` cannot be read ({error})", file.display())))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::Said(format!(
            "{}:{}:{}: no plan ({error}); make one with `tenure plan NAME --json`",
            file.display(),
            error.line(),
            error.column()
        ))
    })
}

/// In production one says which connection is meant.
pub(super) fn confirmed(workspace: &Workspace, named: Option<&str>) -> Result<()> {
    let name = &workspace.connection.name;
    match (workspace.connection.environment, named) {
        (Environment::Production, None) => Err(Failure::Said(format!(
            "`{name}` is production; name it with --confirm {name} where that is meant"
        ))),
        (_, Some(other)) if other != name => {
            Err(Failure::Said(format!("the plan is for `{name}`, not for `{other}`; nothing was sent")))
        }
        _ => Ok(()),
    }
}

fn choices(plan: &Plan, args: &ApplyArgs) -> Result<Choices> {
    let mut choices = Choices::new();
    let sides = args
        .mine
        .iter()
        .map(|named| (named, Side::Mine))
        .chain(args.theirs.iter().map(|named| (named, Side::Theirs)));
    for (named, side) in sides {
        let of = |which: &EntityRef| {
            named.strip_prefix(which.id.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        };
        let found = plan
            .steps
            .iter()
            .map(|step| step.change.reference())
            .filter(of)
            .max_by_key(|which| which.id.len());
        let which = found.ok_or_else(|| {
            Failure::Said(format!("`{named}` is not in the plan; name an id of it, or ID:FIELD"))
        })?;
        let field = named.get(which.id.len() + 1..).unwrap_or("*").to_owned();
        choices.insert((which, field), side);
    }
    Ok(choices)
}
