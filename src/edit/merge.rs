//! Two edits of one entity brought together, field by field.

use super::diff::compare;
use super::{Change, Conflict, Draft, Entity, EntityRef, Side, three_way};

/// One field that two people set differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The field, as history names it.
    pub field: String,
    /// What it was for both.
    pub base: Option<String>,
    /// What the refused edit makes of it.
    pub mine: Option<String>,
    /// What stands there now.
    pub theirs: Option<String>,
}

/// A refused edit beside what stands there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Which entity.
    pub entity: EntityRef,
    /// The fields that the refused edit sets, each with the three values; by name.
    pub fields: Vec<Clash>,
    /// The change that makes the refused edit on top of what stands there now; nothing where it would change nothing.
    pub again: Option<Change>,
}

/// The draft and its change that a conflict speaks of.
#[must_use]
pub fn refused<'a>(drafts: &'a [Draft], conflict: &Conflict) -> Option<(&'a Draft, &'a Change)> {
    drafts.iter().find_map(|draft| {
        let change = draft.changes.iter().find(|change| change.reference() == conflict.entity)?;
        Some((draft, change))
    })
}

/// Sets a refused change beside what stands there now.
///
/// A field that the change does not touch keeps their value. A removal or an addition is taken whole.
#[must_use]
pub fn merge(mine: &Change, theirs: Option<&Entity>) -> Merge {
    let values = |entity: Option<&Entity>, field: &str| {
        compare(None, entity).into_iter().find(|f| f.field == field).and_then(|f| f.after)
    };
    let fields = compare(mine.before(), mine.after())
        .into_iter()
        .map(|f| Clash { theirs: values(theirs, &f.field), field: f.field, base: f.before, mine: f.after })
        .collect();
    Merge { entity: mine.reference(), fields, again: again(mine, theirs) }
}

fn again(mine: &Change, theirs: Option<&Entity>) -> Option<Change> {
    match (mine.before(), mine.after(), theirs) {
        (Some(base), Some(after), Some(theirs)) => {
            let together = three_way(Some(base), Some(after), Some(theirs), &|_| Some(Side::Mine));
            Change::replace(theirs.clone(), together.merged?)
        }
        (_, Some(after), None) => Some(Change::add(after.clone())),
        (None, Some(after), Some(theirs)) => Change::replace(theirs.clone(), after.clone()),
        (_, None, Some(theirs)) => Some(Change::remove(theirs.clone())),
        (_, None, None) => None,
    }
}
