//! A saved view: which applications a person looks at, in which order and with which columns.

use super::Keyed;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A named question to the list of applications, kept with the registry so that colleagues share it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedView {
    /// Its unique name.
    pub name: String,
    /// The words that must hold, in the filter's language; empty shows all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// The order; by customer where none is set.
    #[serde(default, skip_serializing_if = "Order::is_default")]
    pub order: Order,
    /// The columns from left to right; empty leaves those that the person has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// By which column.
    pub column: Column,
    /// From the end.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub descending: bool,
}

impl Order {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A column of the list of applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// Whose it is, else its name, else its client id.
    #[default]
    Customer,
    /// Its client id.
    ClientId,
    /// What people call it.
    Name,
    /// Whom to write to.
    Contact,
    /// Its status at the clock in force.
    Status,
    /// When it starts.
    NotBefore,
    /// When it ends.
    ExpiresAt,
    /// Which APIs it is granted.
    Apis,
    /// Its tags.
    Tags,
    /// The longest lifetime that the policy gives to a whole grant.
    Lifetime,
    /// The most that the issuer's tokens can outlive it.
    Overrun,
    /// Until when tokens that the issuer handed out may live.
    TokensUntil,
}

impl Column {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 12] = [
        Self::Customer,
        Self::ClientId,
        Self::Name,
        Self::Contact,
        Self::Status,
        Self::NotBefore,
        Self::ExpiresAt,
        Self::Apis,
        Self::Tags,
        Self::Lifetime,
        Self::Overrun,
        Self::TokensUntil,
    ];

    /// Those of somebody who has chosen none.
    pub const USUAL: [Self; 6] =
        [Self::Customer, Self::ClientId, Self::Status, Self::ExpiresAt, Self::Lifetime, Self::Overrun];

    /// The name in files and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::ClientId => "client_id",
            Self::Name => "name",
            Self::Contact => "contact",
            Self::Status => "status",
            Self::NotBefore => "not_before",
            Self::ExpiresAt => "expires_at",
            Self::Apis => "apis",
            Self::Tags => "tags",
            Self::Lifetime => "lifetime",
            Self::Overrun => "overrun",
            Self::TokensUntil => "tokens_until",
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Column {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|column| column.as_str() == text).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|column| column.as_str()).collect();
            format!("`{text}` is no column; use one of {}", names.join(", "))
        })
    }
}

impl Keyed for SavedView {
    fn key(&self) -> &str {
        &self.name
    }
}
