//! The pointer while somebody types: it points at nothing until it is moved, so that no tooltip of a row under it covers
//! the next one.

use egui::{Event, Pos2, RawInput};

/// Takes a resting pointer out of the input once a key is pressed.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    at: Option<Pos2>,
    is_down: bool,
    is_away: bool,
}

impl egui::Plugin for Pointer {
    fn debug_name(&self) -> &'static str {
        "pointer"
    }

    fn input_hook(&mut self, _ctx: &egui::Context, input: &mut RawInput) {
        let events = std::mem::take(&mut input.events);
        input.events = events.into_iter().flat_map(|event| self.with(event)).collect();
    }
}

impl Pointer {
    /// The event, and one before or after it that moves the pointer back or away.
    fn with(&mut self, event: Event) -> impl Iterator<Item = Event> + use<> {
        let (mut before, mut after) = (None, None);
        match event {
            Event::PointerMoved(at) => (self.at, self.is_away) = (Some(at), false),
            Event::PointerButton { pos, pressed, .. } => {
                (self.at, self.is_down, self.is_away) = (Some(pos), pressed, false);
            }
            Event::PointerGone => self.at = None,
            // The wheel turns what lies under the pointer.
            Event::MouseWheel { .. } | Event::Zoom(_) if self.is_away => {
                before = self.at.map(Event::PointerMoved);
                self.is_away = false;
            }
            Event::Key { pressed: true, .. } | Event::Text(_) if !self.is_away && !self.is_down => {
                after = self.at.map(|_| Event::PointerGone);
                self.is_away = true;
            }
            _ => {}
        }
        before.into_iter().chain([event]).chain(after)
    }
}
