//! The program: a window, or a command.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tenure::cli;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(tenure::effects::log_writer)
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let code = cli::run(
        std::env::args_os(),
        cli::Streams {
            input: &mut std::io::stdin().lock(),
            output: &mut output,
            error: &mut std::io::stderr(),
        },
        &mut open_window,
    );
    // A reader that has gone has read what it wanted.
    let _gone = output.flush();
    // What is left in the buffer must not be written again when it is dropped.
    let _ = output.into_parts();
    ExitCode::from(code)
}

/// The one place where the window starts.
fn open_window(file: Option<PathBuf>) -> Result<(), String> {
    #[cfg(feature = "gui")]
    if cli::has_display() {
        tenure::effects::log_to_file();
        return tenure::gui::run(file);
    }
    cli::no_window(file)
}
