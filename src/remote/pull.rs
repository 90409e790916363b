//! Reading a remote whole, and bringing what others changed into the staged edits.

use super::http::{RemoteError, Stop};
use super::mapped::Mapped;
use super::object::PageSink;
use super::snapshot::Snapshot;
use super::vendor::Remote;
use super::workspace::Workspace;
use crate::edit::{Change, Clash, Draft, EntityRef, diff, rebase};
use crate::registry::Instant;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a pull brought.
#[derive(Debug)]
pub struct Pulled {
    /// What the remote and the overlay say now.
    pub mapped: Mapped,
    /// How many objects were read.
    pub objects: u64,
    /// How many requests that took.
    pub requests: u64,
    /// What others changed since the last pull; nothing after the first.
    pub drift: Vec<Change>,
    /// What others changed in fields that are staged too; the staged values stay, to be decided in the review.
    pub clashes: Vec<(EntityRef, Vec<Clash>)>,
    /// Whether it is the first.
    pub first: bool,
}

/// How far a pull is: objects read, of how many where the remote says so.
pub type Progress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// Pulls. A pull that is stopped or fails changes nothing.
///
/// # Errors
/// [`RemoteError`].
pub async fn pull(
    workspace: &Workspace,
    remote: &mut Remote,
    at: Instant,
    who: &str,
    progress: Progress<'_>,
    stop: &Stop,
) -> Result<Pulled, RemoteError> {
    let requests = remote.wire().requests();
    workspace.snapshot.begin_pull()?;
    let mut sink = Sink { snapshot: &workspace.snapshot, counts: BTreeMap::new(), progress };
    remote.pull(&mut sink, stop).await?;
    let note = look_at_action(workspace, remote, stop).await?;
    stop.check()?;
    let requests = remote.wire().requests() - requests;
    let overlay = workspace.overlay()?;
    let first = workspace.snapshot.pulled_at()?.is_none() || !workspace.staged().exists();
    let before = if first { None } else { Some(remote.map(workspace.snapshot.now(), &overlay)?.registry) };
    let mut mapped = remote.map(workspace.snapshot.incoming(), &overlay)?;
    mapped.notes.extend(note);
    let objects = workspace.snapshot.incoming().count()?;
    let (mut drift, mut clashes) = (Vec::new(), Vec::new());
    // The staged edits first: were the pull to end between, others' changes would stand there as staged, and vanish with the
    // next pull, instead of being taken back by the next apply.
    match before {
        None if workspace.staged().exists() => {}
        None => workspace.begin(&mapped.registry, at)?,
        Some(before) => {
            drift = diff(&before, &mapped.registry);
            let rebased = rebase(&before, &mapped.registry, &workspace.mine()?);
            clashes = rebased.clashes;
            let label = format!("Pull from {}: {} changed there", workspace.connection.name, drift.len());
            workspace.commit(&Draft::edit(label, "", rebased.changes), at, who)?;
        }
    }
    workspace.snapshot.end_pull(at)?;
    Ok(Pulled { mapped, objects, requests, drift, clashes, first })
}

/// Reads the Action where one is wanted. Where that is not permitted the registry is pulled all the same, and a note tells.
async fn look_at_action(
    workspace: &Workspace,
    remote: &Remote,
    stop: &Stop,
) -> Result<Option<String>, RemoteError> {
    if workspace.wanted_action()?.is_none() {
        return Ok(None);
    }
    match remote.read_action(stop).await {
        Ok(there) => workspace.keep_action_there(&there).map(|()| None),
        Err(error @ (RemoteError::Stopped | RemoteError::Disk { .. })) => Err(error),
        Err(error) => Ok(Some(format!("the Action was not read: {error}"))),
    }
}

struct Sink<'a> {
    snapshot: &'a Snapshot,
    /// For each kind how many were taken, and of how many.
    counts: BTreeMap<&'static str, (u64, Option<u64>)>,
    progress: Progress<'a>,
}

impl PageSink for Sink<'_> {
    fn page(
        &mut self,
        kind: &'static str,
        items: Vec<(String, Value)>,
        of: Option<u64>,
    ) -> Result<usize, RemoteError> {
        let new = self.snapshot.take_in(kind, &items)?;
        let count = self.counts.entry(kind).or_default();
        *count = (count.0 + new as u64, of.or(count.1));
        let done = self.counts.values().map(|count| count.0).sum();
        let all: Option<u64> = self.counts.values().map(|count| count.1).sum();
        (self.progress)(done, all);
        Ok(new)
    }

    fn again(&mut self, kind: &'static str) -> Result<(), RemoteError> {
        self.counts.remove(kind);
        self.snapshot.forget_incoming(kind)
    }
}
