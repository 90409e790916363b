//! JSON objects as a token carries them: members in the order and the words in which they were written, none lost.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// Why a text is not a JSON object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {byte} breaks the JSON ({what})")]
pub struct JsonError {
    /// The byte where it was noticed, counted from 1.
    pub byte: usize,
    /// What is wrong there.
    pub what: String,
}

/// An object whose members are kept as they were written, so that a number loses no digit and a twice-named member
/// is not hidden.
#[derive(Debug, Clone)]
pub struct Object {
    members: Vec<(String, Box<RawValue>)>,
    duplicates: Vec<String>,
}

/// How many of the members that stand twice are named.
const NAMED: usize = 8;

impl Object {
    /// Reads an object.
    ///
    /// # Errors
    /// [`JsonError`] where it is not JSON, or another kind of value.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let members: Members = serde_json::from_str(text).map_err(|error| located(text, &error))?;
        let mut found = Found::default();
        let mut seen = HashSet::new();
        for (name, value) in &members.0 {
            if !seen.insert(name.as_str()) {
                found.add(name);
            }
            if value.get().starts_with(['{', '[']) {
                // What is nested too deeply to walk, or a number too large for its type, hides no member of a token.
                let mut nested = serde_json::Deserializer::from_str(value.get());
                let _unread = Walk { path: name, found: &mut found }.deserialize(&mut nested);
            }
        }
        Ok(Self { members: members.0, duplicates: found.0 })
    }

    /// A member as it was written; of two with one name the last, as most programs read it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.members.iter().rev().find(|(member, _)| member == name).map(|(_, value)| value.get())
    }

    /// A member as a value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.get(name)?).ok()
    }

    /// A member that is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.get(name)?).ok()
    }

    /// Every member in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value.get()))
    }

    /// The paths of members that stand twice, the first few.
    #[must_use]
    pub fn duplicates(&self) -> &[String] {
        &self.duplicates
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len()))?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// The paths that stand twice, each once.
#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn add(&mut self, path: &str) {
        if self.0.len() < NAMED && !self.0.iter().any(|known| known == path) {
            self.0.push(path.to_owned());
        }
    }
}

/// Looks through everything that is nested in a member.
struct Walk<'w> {
    path: &'w str,
    found: &'w mut Found,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Walk { path: self.path, found: self.found })?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            let path = format!("{}.{name}", self.path);
            if !seen.insert(name) {
                self.found.add(&path);
            }
            map.next_value_seed(Walk { path: &path, found: self.found })?;
        }
        Ok(())
    }
}

/// An error of the parser with its byte instead of its line and column.
pub(super) fn located(text: &str, error: &serde_json::Error) -> JsonError {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let said = error.to_string();
    let what = said.rfind(" at line ").and_then(|end| said.get(..end)).unwrap_or(&said);
    // Of a control character the parser gives the place before it, of everything else the place itself.
    let column = error.column() + usize::from(what.starts_with("control character"));
    JsonError { byte: before + column.max(1), what: what.to_owned() }
}
