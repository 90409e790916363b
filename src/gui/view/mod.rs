//! The screens, a file each, and what lies over them.

pub mod apis;
pub mod applications;
pub mod changes;
mod columns;
pub mod dialog;
pub mod effect;
pub mod fleet;
pub mod guardrails;
pub mod history;
pub mod inspector;
pub mod inspector_many;
pub mod issuers;
pub mod lifetime;
mod list_menus;
mod made;
pub mod next_ends;
pub mod palette;
pub mod preview;
pub mod settings;
pub mod table;
mod trial_density;
mod trial_rows;
pub mod trials;
pub mod welcome;
