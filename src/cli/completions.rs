//! `tenure completions`: what a shell needs to complete the command line.

use super::session::{Exit, Result, Session};
use clap::CommandFactory;

/// For which shell.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  tenure completions bash > ~/.local/share/bash-completion/completions/tenure\n  tenure completions fish > ~/.config/fish/completions/tenure.fish"
)]
pub(super) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs `tenure completions`.
pub(super) fn run(args: &Args, session: Session<'_>) -> Result {
    // Into memory first: the generator panics where its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::Cli::command(), "tenure", &mut script);
    session.out.write_all(&script)?;
    Ok(Exit::Done)
}
