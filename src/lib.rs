//! Tenure decides, previews and explains the lifetimes of machine-to-machine access tokens.
//!
//! Data flows one way: [`registry`] → [`policy`]; edits are [`edit::Change`]s and nothing else.

pub mod edit;
pub mod export;
pub mod policy;
pub mod registry;
pub mod store;
