//! The window's own controls: one look, an accessible name each, a visible focus.

mod button;
mod field;
mod text;

pub use button::{
    Ticked, button, chip, clock_button, danger_button, danger_link, focus_ring, link, menu_item,
    primary_button, rail_item, registry_button, search_button, select, status_button, switch, tick,
};
pub use field::{completed_field, edited, entered, text_field};
pub use text::{
    compact, elided, empty, grouped, key_value, mono, notice, paint_line, section_heading, status_dot, title,
    visible,
};
