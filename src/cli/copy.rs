//! `tenure copy`: applications of another registry, brought into this one as one edit.

use super::chosen::chosen;
use super::connect::connections;
use super::edits::{self, Why};
use super::session::{Failure, Result, Session};
use crate::edit::{ByHand, Counterpart, How, copy, counterparts};
use crate::policy::{Filter, Policy};
use crate::registry::Registry;
use crate::store::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is copied, and what belongs together.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tenure --connection prod copy --from trials.tenure --where 'tag:trial' --dry-run
  tenure --connection prod copy --from staging --map acme=7Xk2 --map-api https://staging.example=https://api.example
  tenure --registry local.tenure copy --from prod --where customer:acme --reason TICKET-7

Applications are matched by --map, else by client id, else by external id; others are new. Their names,
trial, access and lifetimes come over; client ids and what the other system keeps with them stay. In a
connection it is staged: `tenure plan` shows it.")]
pub(super) struct Args {
    /// The other registry: a .tenure or JSON file, or the name of a connection
    #[arg(long, value_name = "FILE|NAME")]
    from: PathBuf,
    /// Only applications there for which these words hold, as in `tenure app list`
    #[arg(long = "where", value_name = "FILTER", allow_hyphen_values = true)]
    filter: Option<Filter>,
    /// An application there and its counterpart here, as THERE=HERE (repeatable)
    #[arg(long, value_name = "ID=ID")]
    map: Vec<String>,
    /// An API there and the one that stands for it here, as THERE=HERE (repeatable)
    #[arg(long, value_name = "AUD=AUD")]
    map_api: Vec<String>,
    /// Leave out applications that are not here yet
    #[arg(long)]
    known_only: bool,
    #[command(flatten)]
    why: Why,
}

/// Runs `tenure copy`.
pub(super) fn run(args: &Args, session: Session<'_>) -> Result {
    let from = other(&args.from)?;
    let (mut store, loaded) = session.open_to_edit()?;
    let here = loaded.registry;
    let by_hand = ByHand {
        applications: pairs(
            &args.map,
            |id| from.application(id).is_some(),
            |id| here.application(id).is_some(),
        )?,
        audiences: pairs(&args.map_api, |aud| from.api(aud).is_some(), |_| true)?,
    };
    let policy = Policy::new(Arc::new(from));
    let wanted: BTreeSet<String> =
        chosen(&policy, args.filter.as_ref(), session.now).map(|app| app.client_id.clone()).collect();
    let from = policy.registry();
    let mut found: Vec<Counterpart> = counterparts(from, &here, &by_hand);
    found.retain(|one| wanted.contains(&one.from.client_id) && !(args.known_only && one.how == How::New));
    let changes = copy(from, &here, &found, &by_hand);
    edits::apply(&mut store, format!("Copy from {}", args.from.display()), &args.why, changes, session)
}

/// A file, else a connection's staged registry.
fn other(named: &Path) -> Result<Registry> {
    let staged = || {
        let name = named.to_str()?;
        let connections = connections().ok()?;
        connections.read(name).ok()?;
        Some(connections.place(name).staged())
    };
    let file = if named.exists() { named.to_owned() } else { staged().unwrap_or_else(|| named.to_owned()) };
    Ok(Store::open_any(file)?.load()?.registry)
}

fn pairs(
    named: &[String],
    there: impl Fn(&str) -> bool,
    here: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, String>> {
    let pair = |text: &String| {
        // An audience may hold `=` itself, so that every place where it stands is tried.
        let mut places = text.match_indices('=').map(|(place, _)| text.split_at(place));
        let found = places.find_map(|(from, to)| {
            let to = to.get(1..)?;
            (there(from) && here(to)).then(|| (from.to_owned(), to.to_owned()))
        });
        found.ok_or_else(|| {
            Failure::Said(format!("`{text}` does not name one there and one here; write THERE=HERE"))
        })
    };
    named.iter().map(pair).collect()
}
