//! From keys to commands, by the one list of commands.

use super::widget;
use crate::app::{Chord, Command, Message, Screen, State, TokenPage, holds_key};
use crate::token::Secret;
use egui::{Context, Key, KeyboardShortcut, Modifiers};
use std::sync::Arc;

/// The shortcut that egui knows for a chord.
#[must_use]
pub fn shortcut(chord: Chord) -> Option<KeyboardShortcut> {
    let mut modifiers = if chord.plain { Modifiers::NONE } else { Modifiers::COMMAND };
    modifiers.shift = chord.shift;
    Some(KeyboardShortcut::new(modifiers, Key::from_name(chord.key)?))
}

/// The commands whose shortcuts were pressed, the longest chord first.
#[must_use]
pub fn commands(ctx: &Context, state: &State) -> Vec<Command> {
    let pressed = |event: &egui::Event| matches!(event, egui::Event::Key { pressed: true, .. });
    if !ctx.input(|input| input.events.iter().any(pressed)) {
        return Vec::new();
    }
    // A focused text field keeps its own undo, and every key that types.
    let typing = ctx.text_edit_focused();
    let mut list: Vec<(Command, Chord)> =
        Command::ALL.into_iter().filter_map(|command| Some((command, command.shortcut_in(state)?))).collect();
    list.sort_by_key(|(_, chord)| !chord.shift);
    let mut pressed = Vec::new();
    for (command, chord) in list {
        let own = chord.plain || matches!(command, Command::Undo | Command::Redo | Command::SelectAll);
        if (typing && own) || state.dialog.is_some() && command != Command::Palette {
            continue;
        }
        let Some(shortcut) = shortcut(chord) else { continue };
        let question = command == Command::Help && ctx.input(|i| i.key_pressed(Key::Questionmark));
        if question || ctx.input_mut(|input| input.consume_shortcut(&shortcut)) {
            pressed.push(command);
        }
    }
    pressed
}

/// The shortcut of a command, as people read it; empty where it has none.
#[must_use]
pub fn hint(ctx: &Context, command: Command) -> String {
    command.shortcut().map(|chord| chord.text(ctx.os().is_mac())).unwrap_or_default()
}

/// The same where every command is listed: a shortcut that two share stands beside the one that has it now.
#[must_use]
pub fn hint_in(ctx: &Context, state: &State, command: Command) -> String {
    command.shortcut_in(state).map(|chord| chord.text(ctx.os().is_mac())).unwrap_or_default()
}

/// A token on the clipboard, pasted where no field takes it: it is taken apart on the Tokens screen.
#[must_use]
pub fn pasted(ctx: &Context, state: &State) -> Vec<Message> {
    if ctx.text_edit_focused() || state.dialog.is_some() || state.palette.is_some() || state.open.is_none() {
        return Vec::new();
    }
    let text = ctx.input(|input| {
        input.events.iter().find_map(|event| match event {
            egui::Event::Paste(text) => Some(text.clone()),
            _ => None,
        })
    });
    let Some(text) = text else { return Vec::new() };
    let of_tokens = state.screen == Screen::Tokens;
    // A key is not shown and not kept as it was pasted.
    if of_tokens && (widget::has_paste_place(ctx) || holds_key(&text)) {
        let verifies = matches!(state.tokens.page, TokenPage::Decode | TokenPage::Audit);
        let page = (!verifies).then_some(Message::TokenPage(TokenPage::Decode));
        return page.into_iter().chain([Message::KeyPasted(Arc::new(Secret::new(text)))]).collect();
    }
    // On another screen only what looks like a token is taken; `{"` in base64url begins so.
    if of_tokens || text.contains("eyJ") {
        return vec![Message::TokenPage(TokenPage::Decode), Message::TokenText(text)];
    }
    Vec::new()
}
