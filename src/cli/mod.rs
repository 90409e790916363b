//! The command line: every edit and every answer of the window, one file per command.

mod api;
mod app;
mod audit;
mod chosen;
mod completions;
mod connect;
mod copy;
mod cut_off;
mod decode;
mod diff;
mod edits;
mod effect;
mod enforce;
mod export;
mod fields;
mod fleet;
mod guardrail;
mod history;
mod import;
mod keys;
mod matrix;
mod mint;
mod preview;
mod remote;
mod review;
mod sample;
mod scope;
mod service;
mod session;
mod table;
mod template;
mod under_way;
mod validate;
mod view;
mod when;

use clap::{Parser, Subcommand};
use session::Session;
pub use session::{Exit, Failure, Streams};
use std::ffi::OsString;
use std::path::PathBuf;

/// How to start the window: what the command line itself never does.
pub type Window<'a> = &'a mut dyn FnMut(Option<PathBuf>) -> Result<(), String>;

/// Lifetimes of machine-to-machine access: decide, preview, explain and edit them.
#[derive(Debug, Parser)]
#[command(
    name = "tenure",
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  tenure                                          open the window
  tenure sample demo.tenure                       write a registry to try things on
  tenure --registry demo.tenure app list          its applications
  tenure --registry demo.tenure fleet --within 7d what ends within a week
  tenure preview --help                           how to see and explain one lifetime

Exit status: 0 done, and for a decision, granted; 1 denied, `validate` found an error, or a token
failed verification or outlives its application; 3 `plan` found changes; 2 wrong usage or unreadable input, with a
sentence on standard error."
)]
pub struct Cli {
    /// The registry: a .tenure file, or registry JSON, which is read-only [default: the local registry]
    #[arg(long, global = true, value_name = "FILE")]
    registry: Option<PathBuf>,
    /// The staged registry of this connection, in place of --registry
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "registry")]
    connection: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the window
    #[command(after_help = "Examples:\n  tenure gui\n  tenure gui trials.tenure")]
    Gui {
        /// The registry to open; a missing one is created
        file: Option<PathBuf>,
    },
    /// Write the sample registry, or a large one
    Sample(sample::Args),
    /// Report everything in the registry that makes no sense
    Validate(validate::Args),
    /// Decide and explain one request, or a file of them
    Preview(preview::Args),
    /// Every combination of scopes that a grant allows
    Matrix(matrix::Args),
    /// A row for every application and granted API
    Fleet(fleet::Args),
    /// The dated report of who has ended and can still get tokens, to be signed
    Review(review::Args),
    /// A sample token with the lifetime and claims that the policy gives
    Mint(mint::Args),
    /// Take a token apart, verify it, and compare it with the policy
    Decode(decode::Args),
    /// Compare every token of a log with the policy
    Audit(audit::Args),
    /// Generate, import, list and export the keys that sign samples
    #[command(subcommand)]
    Keys(keys::Command),
    /// List and edit applications
    #[command(subcommand)]
    App(app::Command),
    /// List and edit APIs
    #[command(subcommand)]
    Api(api::Command),
    /// List and edit the scopes of APIs
    #[command(subcommand)]
    Scope(scope::Command),
    /// Show and edit the service
    #[command(subcommand)]
    Service(service::Command),
    /// List and edit guardrails
    #[command(subcommand)]
    Guardrail(guardrail::Command),
    /// List and edit saved views
    #[command(subcommand)]
    View(view::Command),
    /// List and edit templates of new applications
    #[command(subcommand)]
    Template(template::Command),
    /// What was changed, when, by whom and why
    History(history::Args),
    /// Take back the last edit that is in force
    #[command(after_help = "Examples:\n  tenure undo\n  tenure undo --reason 'wrong customer'")]
    Undo(edits::Why),
    /// Bring back the edit that was undone last
    #[command(after_help = "Examples:\n  tenure redo\n  tenure redo --reason TICKET-12")]
    Redo(edits::Why),
    /// Compare two registries
    Diff(diff::Args),
    /// Bring applications of another registry into this one
    Copy(copy::Args),
    /// Write the registry in another format
    Export(export::Args),
    /// How Auth0 can be made to keep to the ends of trials, and what each way does to this fleet
    Enforce(enforce::Args),
    /// Take a file over: prints the changes and applies them as one edit
    Import(import::Args),
    /// Add, list, try and forget connections to remote registries
    #[command(subcommand)]
    Connect(connect::Command),
    /// Read a remote registry whole
    Pull(remote::PullArgs),
    /// What is staged for a remote registry
    Plan(remote::PlanArgs),
    /// Carry out a plan
    Apply(remote::ApplyArgs),
    /// Take an application's access away at the remote, at once
    CutOff(cut_off::Args),
    /// Print completions for a shell
    Completions(completions::Args),
}

/// Runs one command line and gives its exit status.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    streams: Streams<'_>,
    window: Window<'_>,
) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(refused) => return say_usage(&refused, streams),
    };
    let Streams { input, output, error } = streams;
    let result = registry(cli.registry, cli.connection)
        .and_then(|registry| Session::new(registry, cli.json, input, output, error))
        .and_then(|session| dispatch(cli.command, session, window));
    match result {
        Ok(Exit::Done) | Err(Failure::Closed) => 0,
        Ok(Exit::Denied) => 1,
        Ok(Exit::Changes) => 3,
        Err(Failure::Said(sentence)) => {
            // Where standard error is gone too there is nobody left to tell.
            let _gone = writeln!(error, "tenure: {sentence}");
            2
        }
    }
}

/// The registry's file: the one that is named, or a connection's.
fn registry(file: Option<PathBuf>, connection: Option<String>) -> session::Result<Option<PathBuf>> {
    let Some(name) = connection else { return Ok(file) };
    let connections = connect::connections()?;
    connections.read(&name)?;
    let staged = connections.place(&name).staged();
    match staged.exists() {
        true => Ok(Some(staged)),
        false => Err(Failure::Said(format!(
            "nothing was pulled from `{name}` yet; `tenure pull {name}` does that"
        ))),
    }
}

fn say_usage(refused: &clap::Error, streams: Streams<'_>) -> u8 {
    let to = if refused.use_stderr() { streams.error } else { streams.output };
    let _gone = write!(to, "{}", refused.render());
    u8::try_from(refused.exit_code()).unwrap_or(2)
}

fn dispatch(command: Option<Command>, session: Session<'_>, window: Window<'_>) -> session::Result {
    match command {
        None => open(window, session.registry_argument()),
        Some(Command::Gui { file }) => open(window, file.or_else(|| session.registry_argument())),
        Some(Command::Sample(args)) => sample::run(args, session),
        Some(Command::Validate(args)) => validate::run(args, session),
        Some(Command::Preview(args)) => preview::run(args, session),
        Some(Command::Matrix(args)) => matrix::run(args, session),
        Some(Command::Fleet(args)) => fleet::run(args, session),
        Some(Command::Review(args)) => review::run(args, session),
        Some(Command::Mint(args)) => mint::run(args, session),
        Some(Command::Decode(args)) => decode::run(&args, session),
        Some(Command::Audit(args)) => audit::run(args, session),
        Some(Command::Keys(command)) => keys::run(command, session),
        Some(Command::App(command)) => app::run(command, session),
        Some(Command::Api(command)) => api::run(command, session),
        Some(Command::Scope(command)) => scope::run(command, session),
        Some(Command::Service(command)) => service::run(command, session),
        Some(Command::Guardrail(command)) => guardrail::run(command, session),
        Some(Command::View(command)) => view::run(command, session),
        Some(Command::Template(command)) => template::run(command, session),
        Some(Command::History(args)) => history::run(args, session),
        Some(Command::Undo(why)) => history::undo(&why, session),
        Some(Command::Redo(why)) => history::redo(&why, session),
        Some(Command::Diff(args)) => diff::run(args, session),
        Some(Command::Copy(args)) => copy::run(&args, session),
        Some(Command::Export(args)) => export::run(args, session),
        Some(Command::Enforce(args)) => enforce::run(args, session),
        Some(Command::Import(args)) => import::run(args, session),
        Some(Command::Connect(command)) => connect::run(command, session),
        Some(Command::Pull(args)) => remote::pull(args, session),
        Some(Command::Plan(args)) => remote::plan(&args, session),
        Some(Command::Apply(args)) => remote::apply(&args, session),
        Some(Command::CutOff(args)) => cut_off::run(&args, session),
        Some(Command::Completions(args)) => completions::run(&args, session),
    }
}

fn open(window: Window<'_>, file: Option<PathBuf>) -> session::Result {
    window(file).map(|()| Exit::Done).map_err(Failure::Said)
}

/// Whether there is a display to open a window on; other systems than Linux and the BSDs always have one.
#[must_use]
pub fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Stands where the window would: says that there is no display, and what works without one.
///
/// # Errors
/// Always; the sentence.
pub fn no_window(_file: Option<PathBuf>) -> Result<(), String> {
    Err("there is no display to open a window on; the command line does the same work without one:\n\
         \n  tenure sample demo.tenure                        a registry to try things on\
         \n  tenure --registry demo.tenure app list           its applications\
         \n  tenure --registry demo.tenure fleet --within 7d  what ends within a week\
         \n  tenure --help                                    everything else"
        .to_owned())
}
