//! The window: draws the state, turns input into messages, and nothing else.

pub mod chart;
pub mod icon;
mod keys;
mod live;
mod menus;
mod pointer;
mod shell;
mod status_line;
pub mod theme;
mod view;
pub mod widget;
mod window;

pub use window::{Window, run};
