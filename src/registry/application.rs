//! An application: a client of the service, often a customer's trial with an end.

use super::shape::Object;
use super::{Duration, Instant, Keyed};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// An OAuth 2.0 client that uses client credentials (RFC 6749 §4.4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Its unique client identifier (RFC 6749 §2.2).
    pub client_id: String,
    /// The same in every registry that holds this customer's application.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub external_id: Option<String>,
    /// Its name, as people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub customer: String,
    /// Whom to write to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// Whether it may have tokens at all.
    #[serde(default, skip_serializing_if = "ApplicationStatus::is_default")]
    pub status: ApplicationStatus,
    /// No token before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub not_before: Option<Instant>,
    /// No token at or after this instant, and none that lives past it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub expires_at: Option<Instant>,
    /// The longest that any of its tokens may live.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "set")]
    pub access_token_duration: Option<Duration>,
    /// What it may ask for, by audience.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "unique")]
    pub grants: Vec<Grant>,
    /// Words to find it by, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "word_set")]
    pub tags: Vec<String>,
    /// What other systems keep with it.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "super::shape::words_by_name"
    )]
    pub metadata: BTreeMap<String, String>,
    /// What people wrote about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

/// Access to one API.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The API.
    pub audience: String,
    /// The scopes that may be asked for, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "word_set")]
    pub scopes: Vec<String>,
}

/// Whether a person has switched an application off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationStatus {
    /// It may have tokens within its window.
    #[default]
    Active,
    /// It gets none.
    Suspended,
}

impl ApplicationStatus {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Application {
    /// The grant for this API.
    #[must_use]
    pub fn grant(&self, audience: &str) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.audience == audience)
    }

    /// What to call it: customer, else name, else client id.
    #[must_use]
    pub fn title(&self) -> &str {
        [&self.customer, &self.name].into_iter().find(|t| !t.is_empty()).unwrap_or(&self.client_id)
    }

    /// The same application with its lists in order, as every reader and editor leaves it.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        sort_words(&mut self.tags);
        self.grants.sort_by(|a, b| a.audience.cmp(&b.audience));
        for grant in &mut self.grants {
            sort_words(&mut grant.scopes);
        }
        self
    }
}

impl Keyed for Application {
    fn key(&self) -> &str {
        &self.client_id
    }
}

impl Keyed for Grant {
    fn key(&self) -> &str {
        &self.audience
    }
}

fn sort_words(words: &mut Vec<String>) {
    words.sort();
    words.dedup();
}

/// Reads a member that is absent or set: `null` is a type error, since files leave out what is not set.
pub(super) fn set<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Reads a set of words: sorted, each once.
pub(super) fn word_set<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let mut words = Vec::<String>::deserialize(deserializer)?;
    sort_words(&mut words);
    // Of a hundred thousand lists that grew as they were read, half would stay empty.
    words.shrink_to_fit();
    Ok(words)
}

/// Reads a list of things with ids, sorted; an id that stands there twice is refused where it stands.
pub(super) fn unique<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Keyed,
{
    struct Unique<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de> + Keyed> serde::de::Visitor<'de> for Unique<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::<T>::new();
            let mut seen = std::collections::HashSet::<String>::new();
            while let Some(Object(item)) = seq.next_element::<Object<T>>()? {
                if !seen.insert(item.key().to_owned()) {
                    return Err(serde::de::Error::custom(format_args!(
                        "`{}` stands there twice; ids are unique",
                        item.key()
                    )));
                }
                list.push(item);
            }
            list.sort_by(|a, b| a.key().cmp(b.key()));
            list.shrink_to_fit();
            Ok(list)
        }
    }
    deserializer.deserialize_seq(Unique(std::marker::PhantomData))
}
