//! Menus: each command stands in one, in the order of the list of commands.

use super::Command;

/// A menu: commands of one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Menu {
    /// Files.
    Registry,
    /// What was and will be changed.
    Edit,
    /// What is done with applications.
    Application,
    /// APIs, scopes and rules.
    Policy,
    /// What is looked at.
    View,
    /// The answer of the Preview.
    Answer,
    /// What helps.
    Help,
}

impl Menu {
    /// All of them, from left to right.
    pub const ALL: [Self; 7] =
        [Self::Registry, Self::Edit, Self::Application, Self::Policy, Self::View, Self::Answer, Self::Help];

    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Registry => "Registry",
            Self::Edit => "Edit",
            Self::Application => "Application",
            Self::Policy => "Policy",
            Self::View => "View",
            Self::Answer => "Answer",
            Self::Help => "Help",
        }
    }

    /// Its commands, in the order of the list.
    pub fn commands(self) -> impl Iterator<Item = Command> {
        Command::ALL.into_iter().filter(move |command| command.menu() == self)
    }
}

impl Command {
    /// The menu in which it stands.
    #[must_use]
    pub const fn menu(self) -> Menu {
        match self {
            Self::Open
            | Self::New
            | Self::Sample
            | Self::SaveCopy
            | Self::Export
            | Self::Import
            | Self::Compare
            | Self::CopyFrom
            | Self::Review
            | Self::ReviewChanges
            | Self::ApplyChanges
            | Self::Pull
            | Self::AddConnection
            | Self::Quit => Menu::Registry,
            Self::Undo | Self::Redo | Self::Reason | Self::SelectAll => Menu::Edit,
            Self::Edit
            | Self::Preview
            | Self::NewApplication
            | Self::Duplicate
            | Self::Extend
            | Self::SetEnd
            | Self::Tag
            | Self::Grant
            | Self::ExtendWeek
            | Self::ExtendFortnight
            | Self::ExtendMonth
            | Self::Suspend
            | Self::CutOff
            | Self::Revoke
            | Self::Remove
            | Self::SaveTemplate => Menu::Application,
            Self::NewApi | Self::NewScope | Self::NewGuardrail | Self::KeepGuardrail | Self::Enforce => {
                Menu::Policy
            }
            Self::Show(_)
            | Self::Filter
            | Self::Clock
            | Self::Live
            | Self::TogglePast
            | Self::SaveView
            | Self::StillGranted
            | Self::Fleet
            | Self::ToggleTheme => Menu::View,
            Self::CopyExplanation
            | Self::CopyMarkdown
            | Self::CopyCommand
            | Self::Mint
            | Self::DecodeMinted
            | Self::AuditLog
            | Self::SigningKeys => Menu::Answer,
            Self::Palette | Self::Help => Menu::Help,
        }
    }
}
