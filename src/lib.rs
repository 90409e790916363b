//! Tenure decides, previews and explains the lifetimes of machine-to-machine access tokens.
//!
//! Data flows one way: [`registry`] → [`policy`] → [`token`]; edits are [`edit::Change`]s and nothing else; the window
//! is message → [`app::update`] → effects. `ARCHITECTURE.md` has the map and the invariants.

pub mod app;
pub mod cli;
pub mod disk;
pub mod edit;
pub mod effects;
pub mod export;
#[cfg(feature = "gui")]
pub mod gui;
pub mod import;
pub mod policy;
pub mod registry;
pub mod remote;
pub mod store;
pub mod token;
