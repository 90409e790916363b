//! Long lists: going through their rows with the keyboard, and keeping the row in view.

use egui::{Id, Key, Ui, containers::scroll_area::ScrollAreaOutput, vec2};

/// What a list remembers between frames: how far it is scrolled, how high it is, and which row was shown last.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    top: f32,
    height: f32,
    row: Option<usize>,
}

fn key(list: &str) -> Id {
    Id::unique(("list seen", list))
}

fn seen(ui: &Ui, list: &str) -> Seen {
    ui.data(|data| data.get_temp(key(list))).unwrap_or_default()
}

/// Where to scroll so that a row that the keyboard has come to can be seen; nothing where it can.
pub fn offset_to(ui: &Ui, list: &str, row: usize, height: f32) -> Option<f32> {
    let seen = seen(ui, list);
    if seen.row == Some(row) {
        return None;
    }
    ui.data_mut(|data| data.insert_temp(key(list), Seen { row: Some(row), ..seen }));
    let y = row as f32 * height;
    if seen.height <= 0.0 {
        None
    } else if y < seen.top {
        Some(y)
    } else if y + height > seen.top + seen.height {
        Some(y + height - seen.height)
    } else {
        None
    }
}

/// Remembers what a list showed.
pub fn remember_seen<R>(ui: &Ui, list: &str, output: &ScrollAreaOutput<R>) {
    let now =
        Seen { top: output.state.clamped_offset().y, height: output.inner_rect.height(), ..seen(ui, list) };
    ui.data_mut(|data| data.insert_temp(key(list), now));
}

/// Brings what the keyboard has just come to into view, with the name above it; to be called at the end of what scrolls.
pub fn follow_keyboard(ui: &Ui) {
    const ABOVE: f32 = 24.0;
    let key = ui.scope_id().with("the keyboard was at");
    let now = ui.memory(|memory| memory.focused());
    let before = ui.data_mut(|data| {
        let before = data.get_temp::<Option<Id>>(key).flatten();
        data.insert_temp(key, now);
        before
    });
    let Some(response) = now.filter(|_| now != before).and_then(|id| ui.ctx().read_response(id)) else {
        return;
    };
    if response.layer_id == ui.layer_id() && ui.min_rect().contains_rect(response.rect) {
        ui.scroll_to_rect(response.rect.expand2(vec2(0.0, ABOVE)), None);
    }
}

/// By how many rows the arrows, Page Up and Down, Home and End move.
pub fn steps(ui: &Ui, list: &str, height: f32) -> impl Iterator<Item = isize> {
    let page = (seen(ui, list).height.max(height) / height) as isize;
    let moves = [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, page),
        (Key::PageUp, -page),
        (Key::Home, isize::MIN / 2),
        (Key::End, isize::MAX / 2),
    ];
    let pressed = |key| ui.input(|input| input.key_pressed(key) && input.modifiers.is_none());
    let taken: Vec<isize> = moves.into_iter().filter(|(key, _)| pressed(*key)).map(|(_, by)| by).collect();
    taken.into_iter()
}
