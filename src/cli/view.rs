//! `tenure view`: saved views of the list of applications.

use super::edits::{self, Why};
use super::fields;
use super::session::{Exit, Failure, Result, Session};
use super::table::table;
use crate::edit::operation;
use crate::policy::Filter;
use crate::registry::{Column, Order, Registry, SavedView};
use std::sync::Arc;

/// What to do with views.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// A row for every saved view
    #[command(after_help = "Examples:\n  tenure view list\n  tenure app list --view 'Trials by end'")]
    List,
    /// Save a view under a name, in the place of one that has it
    #[command(
        after_help = "Examples:\n  tenure view save 'EU trials' --filter 'tag:trial tag:eu' --sort expires_at\n  tenure view save Review --filter 'status:ended has:access' --column customer --column tokens_until"
    )]
    Save {
        /// Its name
        #[arg(value_parser = fields::id)]
        name: String,
        /// Words that must all hold: any text, status:ending, tag:trial, -customer:acme, expires<7d, overrun>0
        #[arg(long, value_name = "FILTER", allow_hyphen_values = true, default_value = "")]
        filter: String,
        /// The column that orders the rows
        #[arg(long, value_name = "COLUMN", default_value = "customer")]
        sort: Column,
        /// From the end
        #[arg(long)]
        descending: bool,
        /// A column, from left to right (repeatable) [default: those that a person has]
        #[arg(long = "column", value_name = "COLUMN")]
        columns: Vec<Column>,
        #[command(flatten)]
        why: Why,
    },
    /// Remove a view
    #[command(after_help = "Examples:\n  tenure view remove 'EU trials'")]
    Remove {
        /// The view
        name: String,
        #[command(flatten)]
        why: Why,
    },
}

/// Runs `tenure view`.
pub(super) fn run(command: Command, mut session: Session<'_>) -> Result {
    match command {
        Command::List => {
            let (_, loaded) = session.open()?;
            let views = loaded.registry.views();
            if session.json {
                session.document(&views)?;
            } else {
                let rows: Vec<_> = views.iter().map(|view| row(view)).collect();
                table(session.out, &["NAME", "FILTER", "SORT", "COLUMNS"], &rows)?;
            }
            Ok(Exit::Done)
        }
        Command::Save { name, filter, sort, descending, mut columns, why } => {
            filter.parse::<Filter>().map_err(|error| Failure::Said(format!("--filter: {error}")))?;
            let mut seen = std::collections::BTreeSet::new();
            columns.retain(|column| seen.insert(*column));
            let (mut store, loaded) = session.open_to_edit()?;
            let label = format!("Save view {name}");
            let order = Order { column: sort, descending };
            let change = operation::save_view(&loaded.registry, SavedView { name, filter, order, columns });
            edits::apply(&mut store, label, &why, change.into_iter().collect(), session)
        }
        Command::Remove { name, why } => {
            let (mut store, loaded) = session.open_to_edit()?;
            let change = operation::remove_view(view(&loaded.registry, &name)?);
            edits::apply(&mut store, format!("Delete view {name}"), &why, vec![change], session)
        }
    }
}

fn row(view: &SavedView) -> Vec<String> {
    let names: Vec<&str> = view.columns.iter().map(|column| column.as_str()).collect();
    let sign = if view.order.descending { "-" } else { "" };
    vec![view.name.clone(), view.filter.clone(), format!("{sign}{}", view.order.column), names.join(" ")]
}

/// The saved view of this name, or a sentence.
pub(super) fn view<'r>(registry: &'r Registry, name: &str) -> Result<&'r Arc<SavedView>> {
    registry.view(name).ok_or_else(|| {
        Failure::Said(format!("no saved view is called `{name}`; `tenure view list` shows them"))
    })
}

/// The filter of a saved view.
pub(super) fn filter(registry: &Registry, name: &str) -> Result<Filter> {
    view(registry, name)?
        .filter
        .parse()
        .map_err(|error| Failure::Said(format!("the filter of the view `{name}`: {error}")))
}
