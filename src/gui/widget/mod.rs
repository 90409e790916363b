//! The window's own controls: one look, an accessible name each, a visible focus.

mod button;
mod field;
mod menu;
mod progress;
mod rows;
mod text;

pub use crate::app::{counted, grouped};
pub use button::{
    Ticked, alarm_button, button, chip, clock_button, danger_button, danger_link, focus_ring, fold, link,
    primary_button, rail_item, registry_button, search_button, status_button, switch, tick, wrap_before,
};
pub use field::{
    Typed, completed_field, edited, edited_live, entered, has_paste_place, paste_place, secret_field,
    text_field,
};
pub use menu::{
    choice_item, drop_button, drop_chip, icon_button, menu_item, select, select_live, sign_button,
};
pub use progress::progress;
pub use rows::{follow_keyboard, offset_to, remember_seen, steps};
pub use text::{
    capitalised, compact, elided, empty, fitted, key_value, mono, notice, paint_line, section_heading,
    status_dot, status_sentence, title, visible,
};
