//! The program: a window, or a command.

fn main() {
    #[cfg(feature = "gui")]
    if let Err(error) = tenure::gui::run(std::env::args_os().nth(1).map(Into::into)) {
        tracing::error!("{error}");
    }
}
