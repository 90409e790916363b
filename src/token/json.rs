//! JSON objects as a token carries them: members in the order and the words in which they were written, none lost.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

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
/// is not hidden. It is one text and the places of its members in it, since an audit reads millions.
#[derive(Debug, Clone)]
pub struct Object {
    text: String,
    members: Vec<Member>,
    duplicates: Vec<String>,
}

#[derive(Debug, Clone)]
struct Member {
    name: MemberName,
    value: Range<usize>,
}

/// A name's place in the text, or the name itself where it was written with escapes.
#[derive(Debug, Clone)]
enum MemberName {
    Place(Range<usize>),
    Own(String),
}

/// How many of the members that stand twice are named.
const NAMED: usize = 8;

impl Object {
    /// Reads an object.
    ///
    /// # Errors
    /// [`JsonError`] where it is not JSON, or another kind of value.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let read: Members<'_> = serde_json::from_str(text).map_err(|error| located(text, &error))?;
        let mut found = Found::default();
        found.add_twice(&read.0);
        for (name, value) in &read.0 {
            if value.get().starts_with(['{', '[']) {
                // What is nested too deeply to walk, or a number too large for its type, hides no member of a token.
                let mut nested = serde_json::Deserializer::from_str(value.get());
                let _unread = Walk { path: name, found: &mut found }.deserialize(&mut nested);
            }
        }
        let place = |part: &str| {
            let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
            start..start + part.len()
        };
        let members = read.0.into_iter().map(|(name, value)| Member {
            name: match name {
                Cow::Borrowed(name) => MemberName::Place(place(name)),
                Cow::Owned(name) => MemberName::Own(name),
            },
            value: place(value.get()),
        });
        Ok(Self { members: members.collect(), text: text.to_owned(), duplicates: found.0 })
    }

    fn at(&self, place: &Range<usize>) -> &str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    fn name<'o>(&'o self, member: &'o Member) -> &'o str {
        match &member.name {
            MemberName::Place(place) => self.at(place),
            MemberName::Own(name) => name,
        }
    }

    /// A member as it was written; of two with one name the last, as most programs read it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.members
            .iter()
            .rev()
            .find(|member| self.name(member) == name)
            .map(|member| self.at(&member.value))
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
        self.members.iter().map(|member| (self.name(member), self.at(&member.value)))
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
        for (name, written) in self.iter() {
            let value: &RawValue = serde_json::from_str(written).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct Members<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

/// A name that is only copied where it has escapes.
#[derive(serde::Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(12);
                while let Some((name, value)) = map.next_entry::<Name<'de>, _>()? {
                    members.push((name.0, value));
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
    /// Takes up the names that stand twice in one object. Few names are compared with each other, more by their hash.
    fn add_twice(&mut self, members: &[(Cow<'_, str>, &RawValue)]) {
        if members.len() <= 24 {
            for (place, (name, _)) in members.iter().enumerate() {
                if members.iter().take(place).any(|(before, _)| before == name) {
                    self.add(name);
                }
            }
            return;
        }
        let mut seen = HashSet::new();
        for (name, _) in members {
            if !seen.insert(name.as_ref()) {
                self.add(name);
            }
        }
    }

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
