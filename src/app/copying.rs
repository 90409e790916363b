//! Applications of another registry brought into this one: which are chosen, and with what each belongs together.

use super::stored::commit;
use super::{Dialog, Effect, State, Subject, Weighing};
use crate::edit::{ByHand, Change, Counterpart, copy, counterparts};
use crate::registry::Registry;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// A copy from another registry, before it is made.
#[derive(Debug, Clone)]
pub struct Copying {
    /// The other registry's file.
    pub path: PathBuf,
    /// What stands in it.
    pub from: Arc<Registry>,
    /// Its applications, each with its counterpart here.
    pub found: Vec<Counterpart>,
    /// The client ids there that are chosen.
    pub chosen: BTreeSet<String>,
    /// What was said by hand: the client id here of an application there, as it is typed.
    pub by_hand: ByHand,
    /// Only applications with these words are shown.
    pub filter: String,
    /// The places of those that are shown.
    pub shown: Vec<usize>,
    /// The changes that it makes.
    pub changes: Vec<Change>,
    /// What they do to lifetimes.
    pub weighing: Weighing,
}

/// What a person does to a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyEdit {
    /// Chooses an application, or leaves it.
    Choose(String, bool),
    /// Chooses all that are shown, or leaves them.
    ChooseShown(bool),
    /// Says which one here an application there is; an empty text leaves it to be found.
    Hand(String, String),
    /// Shows only applications with these words.
    Filter(String),
}

impl Copying {
    fn find(&mut self, here: &Registry) {
        let known = |id: &String| here.application(id).is_some();
        // What is half typed names nobody yet.
        let applications = self.by_hand.applications.iter().filter(|(_, id)| known(id));
        let named = ByHand {
            applications: applications.map(|(from, to)| (from.clone(), to.clone())).collect(),
            audiences: self.by_hand.audiences.clone(),
        };
        self.found = counterparts(&self.from, here, &named);
        let chosen = self.found.iter().filter(|one| self.chosen.contains(&one.from.client_id));
        self.changes = copy(&self.from, here, &chosen.cloned().collect::<Vec<_>>(), &named);
    }

    fn show(&mut self) {
        let words: Vec<String> = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let fits = |one: &Counterpart| {
            let app = &one.from;
            let text = format!("{} {} {} {}", app.client_id, app.name, app.customer, app.tags.join(" "))
                .to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        self.shown = (0..).zip(&self.found).filter(|(_, one)| fits(one)).map(|(place, _)| place).collect();
    }
}

/// Shows what another registry has.
pub(super) fn begin(state: &mut State, path: PathBuf, from: Arc<Registry>) -> Vec<Effect> {
    let copying = Copying {
        path,
        from,
        found: Vec::new(),
        chosen: BTreeSet::new(),
        by_hand: ByHand::default(),
        filter: String::new(),
        shown: Vec::new(),
        changes: Vec::new(),
        weighing: Weighing::default(),
    };
    planned(state, copying)
}

/// Takes an edit of it into account.
pub(super) fn edit(state: &mut State, edit: CopyEdit) -> Vec<Effect> {
    let Some(Dialog::Copying(copying)) = &state.dialog else { return Vec::new() };
    let mut copying = Copying::clone(copying);
    match edit {
        CopyEdit::Choose(id, true) => drop(copying.chosen.insert(id)),
        CopyEdit::Choose(id, false) => drop(copying.chosen.remove(&id)),
        CopyEdit::ChooseShown(all) => {
            let shown = copying.shown.iter().filter_map(|place| copying.found.get(*place));
            let ids: Vec<String> = shown.map(|one| one.from.client_id.clone()).collect();
            if all {
                copying.chosen.extend(ids);
            } else {
                copying.chosen.retain(|id| !ids.contains(id));
            }
        }
        CopyEdit::Hand(id, named) if named.trim().is_empty() => {
            drop(copying.by_hand.applications.remove(&id))
        }
        CopyEdit::Hand(id, named) => drop(copying.by_hand.applications.insert(id, named.trim().to_owned())),
        CopyEdit::Filter(words) => {
            copying.filter = words;
            copying.show();
            state.dialog = Some(Dialog::Copying(Box::new(copying)));
            return Vec::new();
        }
    }
    planned(state, copying)
}

/// Plans it anew; its effect is counted beside the window.
fn planned(state: &mut State, mut copying: Copying) -> Vec<Effect> {
    let Some(open) = &state.open else { return Vec::new() };
    copying.find(open.registry());
    copying.show();
    let (weighing, effect) = state.weigh_today(Subject::Dialog, copying.changes.clone());
    copying.weighing = weighing;
    state.dialog = Some(Dialog::Copying(Box::new(copying)));
    Vec::from_iter(effect)
}

/// Makes it, as one edit.
pub(super) fn accept(state: &mut State, copying: Copying) -> Vec<Effect> {
    if copying.changes.is_empty() {
        state.dialog = Some(Dialog::Copying(Box::new(copying)));
        return Vec::new();
    }
    let name = copying.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    commit(state, vec![(format!("Copy from {name}"), copying.changes)])
}
