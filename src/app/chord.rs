//! The shortcuts of commands.

use super::{Command, Screen, State};

/// A shortcut: a key and whether Shift goes with it; Ctrl (Cmd on macOS) except where `plain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key, by the name that egui gives it.
    pub key: &'static str,
    /// With Shift.
    pub shift: bool,
    /// Without Ctrl or Cmd.
    pub plain: bool,
}

const fn ctrl(key: &'static str) -> Option<Chord> {
    Some(Chord { key, shift: false, plain: false })
}
const fn ctrl_shift(key: &'static str) -> Option<Chord> {
    Some(Chord { key, shift: true, plain: false })
}
const fn plain(key: &'static str) -> Option<Chord> {
    Some(Chord { key, shift: false, plain: true })
}

impl Command {
    /// Its shortcut.
    #[must_use]
    pub const fn shortcut(self) -> Option<Chord> {
        match self {
            Self::Palette => ctrl("K"),
            Self::Show(Screen::Applications) => ctrl("1"),
            Self::Show(Screen::Apis) => ctrl("2"),
            Self::Show(Screen::Preview) => ctrl("3"),
            Self::Show(Screen::Tokens) => ctrl("4"),
            Self::Show(Screen::Trials) => ctrl("5"),
            Self::Show(Screen::Guardrails) => ctrl("6"),
            Self::Show(Screen::History) => ctrl("7"),
            Self::Show(Screen::Connections) => ctrl("8"),
            Self::Show(Screen::Settings) => ctrl("Comma"),
            Self::Filter => ctrl("F"),
            Self::Clock => ctrl("T"),
            Self::Live => ctrl("L"),
            Self::Undo => ctrl("Z"),
            Self::Redo => ctrl_shift("Z"),
            Self::Edit => plain("F2"),
            Self::Preview => ctrl("P"),
            Self::NewApplication => ctrl("N"),
            Self::Duplicate => ctrl("D"),
            Self::SelectAll => ctrl("A"),
            Self::Extend => ctrl_shift("E"),
            Self::SetEnd => ctrl_shift("D"),
            Self::Tag => ctrl_shift("T"),
            Self::Grant => ctrl_shift("G"),
            Self::ExtendFortnight => ctrl("B"),
            Self::CutOff => ctrl_shift("X"),
            Self::SaveView => ctrl_shift("S"),
            Self::StillGranted => ctrl_shift("R"),
            Self::Fleet => ctrl_shift("P"),
            Self::Mint => ctrl("M"),
            Self::KeepGuardrail => ctrl("Enter"),
            Self::Reason => ctrl("R"),
            Self::CopyExplanation => ctrl_shift("C"),
            Self::CopyMarkdown => ctrl_shift("M"),
            Self::CopyCommand => ctrl_shift("L"),
            Self::Open => ctrl("O"),
            // One key goes on with what is edited: of a connection to the review, of a file to a copy.
            Self::ReviewChanges | Self::SaveCopy => ctrl("S"),
            Self::Pull => plain("F5"),
            Self::Export => ctrl("E"),
            Self::Import => ctrl("I"),
            Self::Help => plain("Questionmark"),
            Self::Quit => ctrl("Q"),
            _ => None,
        }
    }

    /// Its shortcut, unless another command has that now: of two with one chord the one that can run has it.
    #[must_use]
    pub fn shortcut_in(self, state: &State) -> Option<Chord> {
        let chord = self.shortcut()?;
        let mut sharing = Self::ALL.into_iter().filter(|other| other.shortcut() == Some(chord));
        let first = sharing.clone().next();
        let holder = sharing.find(|other| other.available(state)).or(first);
        (holder == Some(self)).then_some(chord)
    }
}

impl Chord {
    /// As people read it: `Ctrl Shift Z`, `Cmd Z` on macOS.
    #[must_use]
    pub fn text(self, mac: bool) -> String {
        let key = match self.key {
            "Comma" => ",",
            "Questionmark" => "?",
            key => key,
        };
        let mut words = Vec::new();
        if !self.plain {
            words.push(if mac { "Cmd" } else { "Ctrl" });
        }
        if self.shift {
            words.push("Shift");
        }
        words.push(key);
        words.join(" ")
    }
}
