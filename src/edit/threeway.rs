//! Two versions of one entity that grew from the same base, brought together field by field.
//!
//! Grants and scopes are told apart by their names, and lists of words are sets, so that two people who touch different
//! parts of one application do not meet.

use super::diff::diff;
use super::{Change, Clash, Entity, EntityRef};
use crate::registry::{Registry, human};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Whose value counts where both set one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// One's own.
    Mine,
    /// The others'.
    Theirs,
}

/// Both versions in one.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The entity with the edits of both; nothing where it is gone.
    pub merged: Option<Entity>,
    /// The fields that both set differently and for which nobody chose; mine stand in `merged`.
    pub clashes: Vec<Clash>,
}

/// What others' changes make of a registry with edits of one's own.
#[derive(Debug, Clone, Default)]
pub struct Rebased {
    /// The changes to carry out on it.
    pub changes: Vec<Change>,
    /// The entities that both changed in ways that do not go together, with those fields.
    pub clashes: Vec<(EntityRef, Vec<Clash>)>,
}

/// Brings others' changes from `base` to `theirs` into `mine`, which grew from `base` too. Where both set a field differently
/// mine stays, and is told. What others removed is removed, what I removed stays so.
#[must_use]
pub fn rebase(base: &Registry, theirs: &Registry, mine: &Registry) -> Rebased {
    let mut rebased = Rebased::default();
    for change in diff(base, theirs) {
        let which = change.reference();
        let here = mine.entity(&which);
        if here.as_ref() == change.after() {
            continue;
        }
        let together = three_way(change.before(), here.as_ref(), change.after(), &|_| None);
        if !together.clashes.is_empty() {
            rebased.clashes.push((which, together.clashes));
        }
        rebased.changes.extend(match (here, together.merged) {
            (None, Some(new)) => Some(Change::add(new)),
            (Some(old), None) => Some(Change::remove(old)),
            (Some(old), Some(new)) => Change::replace(old, new),
            (None, None) => None,
        });
    }
    rebased
}

/// Brings two versions together. `choose` says whose value counts for a field that both set differently.
#[must_use]
pub fn three_way(
    base: Option<&Entity>,
    mine: Option<&Entity>,
    theirs: Option<&Entity>,
    choose: &dyn Fn(&str) -> Option<Side>,
) -> Together {
    if mine == base || mine == theirs {
        return Together { merged: theirs.cloned(), clashes: Vec::new() };
    }
    if theirs == base {
        return Together { merged: mine.cloned(), clashes: Vec::new() };
    }
    let (Some(mine_is), Some(theirs_is)) = (mine, theirs) else {
        // One side removed what the other changed: gone is gone, and is told.
        let word =
            |entity: Option<&Entity>| Some(if entity.is_some() { "there" } else { "removed" }.to_owned());
        let clash =
            Clash { field: "itself".to_owned(), base: word(base), mine: word(mine), theirs: word(theirs) };
        return match choose("itself") {
            Some(Side::Mine) => Together { merged: mine.cloned(), clashes: Vec::new() },
            Some(Side::Theirs) => Together { merged: theirs.cloned(), clashes: Vec::new() },
            None => Together { merged: None, clashes: vec![clash] },
        };
    };
    let mut meeting = Meeting { choose, clashes: Vec::new() };
    let opened_base = base.and_then(opened_entity).unwrap_or_else(|| json!({}));
    let merged = opened_entity(mine_is).zip(opened_entity(theirs_is)).map(|(mine, theirs)| {
        meeting.values("", Some(&opened_base), Some(&mine), Some(&theirs)).unwrap_or(Value::Null)
    });
    let merged = merged.and_then(|value| closed_entity(mine_is, value));
    Together { merged: merged.or_else(|| mine.cloned()), clashes: meeting.clashes }
}

struct Meeting<'a> {
    choose: &'a dyn Fn(&str) -> Option<Side>,
    clashes: Vec<Clash>,
}

impl Meeting<'_> {
    fn values(
        &mut self,
        path: &str,
        base: Option<&Value>,
        mine: Option<&Value>,
        theirs: Option<&Value>,
    ) -> Option<Value> {
        if mine == theirs || theirs == base {
            return mine.cloned();
        }
        if mine == base {
            return theirs.cloned();
        }
        match (base, mine, theirs) {
            (base, Some(Value::Object(mine)), Some(Value::Object(theirs))) => {
                let empty = Map::new();
                let base = base.and_then(Value::as_object).unwrap_or(&empty);
                Some(self.members(path, base, mine, theirs))
            }
            (base, mine, theirs) if [base, mine, theirs].into_iter().flatten().all(Value::is_array) => {
                Some(words(base, mine, theirs))
            }
            _ => match (self.choose)(path) {
                Some(Side::Mine) => mine.cloned(),
                Some(Side::Theirs) => theirs.cloned(),
                None => {
                    let (base, mine_is, theirs) = (word(path, base), word(path, mine), word(path, theirs));
                    self.clashes.push(Clash { field: path.to_owned(), base, mine: mine_is, theirs });
                    mine.cloned()
                }
            },
        }
    }

    fn members(
        &mut self,
        path: &str,
        base: &Map<String, Value>,
        mine: &Map<String, Value>,
        theirs: &Map<String, Value>,
    ) -> Value {
        let named = LISTS.iter().any(|(list, _)| *list == path);
        let mut names: Vec<&String> = base.keys().chain(mine.keys()).chain(theirs.keys()).collect();
        names.sort();
        names.dedup();
        let mut merged = Map::new();
        for name in names {
            let path = match (path, named) {
                ("", _) => name.clone(),
                (path, true) => format!("{path}[{name}]"),
                (path, false) => format!("{path}.{name}"),
            };
            let value = self.values(&path, base.get(name), mine.get(name), theirs.get(name));
            merged.extend(value.map(|value| (name.clone(), value)));
        }
        Value::Object(merged)
    }
}

/// A set with what both added, without what either removed.
fn words(base: Option<&Value>, mine: Option<&Value>, theirs: Option<&Value>) -> Value {
    fn list(value: Option<&Value>) -> &[Value] {
        value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
    let (base, mine, theirs) = (list(base), list(mine), list(theirs));
    let stays = |word: &&Value| !base.contains(word) || (mine.contains(word) && theirs.contains(word));
    let mut words: Vec<Value> = mine.iter().chain(theirs).filter(stays).cloned().collect();
    words.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    words.dedup();
    Value::Array(words)
}

/// A value as history shows it: every number of a registry is a duration.
fn word(_: &str, value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.as_i64().map_or_else(|| number.to_string(), human)),
        Value::Array(words) => Some(words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")),
        value => Some(value.to_string()),
    }
}

/// Lists of things with a name: the member, and what names them.
const LISTS: [(&str, &str); 2] = [("scopes", "name"), ("grants", "audience")];

/// An entity as JSON in which grants and scopes stand by name.
#[must_use]
pub fn opened(entity: &impl Serialize) -> Option<Value> {
    let mut value = serde_json::to_value(entity).ok()?;
    let members = value.as_object_mut()?;
    for (list, key) in LISTS {
        if members.get(list).is_some_and(Value::is_array)
            && let Some(Value::Array(items)) = members.remove(list)
        {
            let named = items.into_iter().filter_map(|mut item| {
                let id = item.as_object_mut()?.remove(key)?;
                Some((id.as_str()?.to_owned(), item))
            });
            members.insert(list.to_owned(), Value::Object(named.collect()));
        }
    }
    Some(value)
}

/// The entity of such JSON.
#[must_use]
pub fn closed<T: DeserializeOwned>(mut value: Value) -> Option<T> {
    let members = value.as_object_mut()?;
    for (list, key) in LISTS {
        if members.get(list).is_some_and(Value::is_object)
            && let Some(Value::Object(named)) = members.remove(list)
        {
            let items = named.into_iter().map(|(id, mut item)| {
                if let Some(members) = item.as_object_mut() {
                    members.insert(key.to_owned(), json!(id));
                }
                item
            });
            members.insert(list.to_owned(), items.collect());
        }
    }
    serde_json::from_value(value).ok()
}

fn opened_entity(entity: &Entity) -> Option<Value> {
    match entity {
        Entity::Service(service) => opened(&**service),
        Entity::Api(api) => opened(&**api),
        Entity::Application(application) => opened(&**application),
        Entity::Guardrail(guardrail) => opened(&**guardrail),
        Entity::View(view) => opened(&**view),
        // The grants of a template stand in it as those of an application do.
        Entity::Template(template) => opened(&**template),
    }
}

fn closed_entity(like: &Entity, value: Value) -> Option<Entity> {
    Some(match like {
        Entity::Service(_) => Entity::Service(closed(value)?),
        Entity::Api(_) => Entity::Api(closed(value)?),
        Entity::Application(_) => {
            let application: crate::registry::Application = closed(value)?;
            Entity::Application(application.normalised().into())
        }
        Entity::Guardrail(_) => Entity::Guardrail(closed(value)?),
        Entity::View(_) => Entity::View(closed(value)?),
        Entity::Template(_) => Entity::Template(closed(value)?),
    })
}
