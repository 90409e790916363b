//! Every command with its name and when it can run: one list for menus, palette and help.

use super::{Screen, State};
use crate::registry::ApplicationStatus;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Opens the palette.
    Palette,
    /// Shows a screen.
    Show(Screen),
    /// Brings the keyboard to the filter.
    Filter,
    /// Brings the keyboard to the clock.
    Clock,
    /// Sets the clock back to now.
    Live,
    /// Takes back the last edit.
    Undo,
    /// Brings it back.
    Redo,
    /// Edits the selected application.
    Edit,
    /// Previews the selected application.
    Preview,
    /// Makes an application.
    NewApplication,
    /// Copies the selected application.
    Duplicate,
    /// Selects everything that the filter shows.
    SelectAll,
    /// Extends the selected applications by what is typed.
    Extend,
    /// Sets the end of the selected applications.
    SetEnd,
    /// Tags the selected applications.
    Tag,
    /// Grants the selected applications an API.
    Grant,
    /// Takes every grant away from the selected applications.
    Revoke,
    /// Extends the selected application by a week.
    ExtendWeek,
    /// Extends the selected application by two weeks.
    ExtendFortnight,
    /// Extends the selected application by thirty days.
    ExtendMonth,
    /// Suspends the selected application, or resumes it.
    Suspend,
    /// Suspends the selected application at once, and shows until when its tokens may live.
    CutOff,
    /// Removes the selected application.
    Remove,
    /// Keeps what new applications begin with.
    SaveTemplate,
    /// Keeps the list as it is under a name.
    SaveView,
    /// Shows who has ended and can still get tokens.
    StillGranted,
    /// Writes the dated report of a review.
    Review,
    /// Shows what the issuer's tokens overrun, application by application.
    Fleet,
    /// Mints a sample token of the Preview's question.
    Mint,
    /// Takes the sample apart that was minted.
    DecodeMinted,
    /// Holds every token of a log against the policy.
    AuditLog,
    /// Shows the keys that sign samples.
    SigningKeys,
    /// Makes an API.
    NewApi,
    /// Makes a scope.
    NewScope,
    /// Makes a guardrail.
    NewGuardrail,
    /// Keeps the guardrail as it is typed.
    KeepGuardrail,
    /// Sets the reason for the next edits.
    Reason,
    /// Copies the explanation of the preview.
    CopyExplanation,
    /// Copies it as Markdown.
    CopyMarkdown,
    /// Copies the preview as a command line.
    CopyCommand,
    /// Opens a registry.
    Open,
    /// Makes an empty registry.
    New,
    /// Opens the sample registry.
    Sample,
    /// Saves a copy.
    SaveCopy,
    /// Exports to a file.
    Export,
    /// Imports from a file.
    Import,
    /// Compares the ways of enforcing the ends of trials at Auth0.
    Enforce,
    /// Compares with a file.
    Compare,
    /// Copies applications of another registry.
    CopyFrom,
    /// Reviews what is staged for the connection.
    ReviewChanges,
    /// Applies what was reviewed.
    ApplyChanges,
    /// Reads the remote of the connection that is open; where none is, of the only one.
    Pull,
    /// Adds a connection.
    AddConnection,
    /// Past or today's settings.
    TogglePast,
    /// Light or dark.
    ToggleTheme,
    /// Every command and shortcut.
    Help,
    /// Ends the program.
    Quit,
}

impl Command {
    /// Every command, in the order of help.
    pub const ALL: [Self; 65] = [
        Self::Palette,
        Self::Show(Screen::Applications),
        Self::Show(Screen::Apis),
        Self::Show(Screen::Preview),
        Self::Show(Screen::Tokens),
        Self::Show(Screen::Trials),
        Self::Show(Screen::Guardrails),
        Self::Show(Screen::History),
        Self::Show(Screen::Connections),
        Self::Show(Screen::Settings),
        Self::Filter,
        Self::Clock,
        Self::Live,
        Self::TogglePast,
        Self::Undo,
        Self::Redo,
        Self::Edit,
        Self::Preview,
        Self::NewApplication,
        Self::Duplicate,
        Self::SelectAll,
        Self::Extend,
        Self::SetEnd,
        Self::Tag,
        Self::Grant,
        Self::ExtendWeek,
        Self::ExtendFortnight,
        Self::ExtendMonth,
        Self::Suspend,
        Self::CutOff,
        Self::Revoke,
        Self::Remove,
        Self::SaveTemplate,
        Self::SaveView,
        Self::StillGranted,
        Self::Review,
        Self::Fleet,
        Self::Mint,
        Self::DecodeMinted,
        Self::AuditLog,
        Self::SigningKeys,
        Self::NewApi,
        Self::NewScope,
        Self::NewGuardrail,
        Self::KeepGuardrail,
        Self::Reason,
        Self::CopyExplanation,
        Self::CopyMarkdown,
        Self::CopyCommand,
        Self::ReviewChanges,
        Self::ApplyChanges,
        Self::Pull,
        Self::AddConnection,
        Self::Open,
        Self::New,
        Self::Sample,
        Self::SaveCopy,
        Self::Export,
        Self::Import,
        Self::Compare,
        Self::CopyFrom,
        Self::Enforce,
        Self::ToggleTheme,
        Self::Help,
        Self::Quit,
    ];

    /// Its name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Palette => "Search or run a command",
            Self::Show(Screen::Applications) => "Show applications",
            Self::Show(Screen::Apis) => "Show APIs & scopes",
            Self::Show(Screen::Preview) => "Show preview",
            Self::Show(Screen::Tokens) => "Show tokens",
            Self::Show(Screen::Trials) => "Show trials",
            Self::Show(Screen::Guardrails) => "Show guardrails",
            Self::Show(Screen::History) => "Show history",
            Self::Show(Screen::Connections) => "Show connections",
            Self::Show(Screen::Settings) => "Show settings",
            Self::Filter => "Filter",
            Self::Clock => "Set the clock (as of)",
            Self::Live => "Back to now",
            Self::TogglePast => "Switch between past and today's settings",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Edit => "Edit the selected application",
            Self::Preview => "Preview the selected application",
            Self::NewApplication => "New application…",
            Self::Duplicate => "Duplicate the selected application…",
            Self::SelectAll => "Select all that the filter shows",
            Self::Extend => "Extend…",
            Self::SetEnd => "Set end…",
            Self::Tag => "Tag…",
            Self::Grant => "Grant access…",
            Self::Revoke => "Revoke access",
            Self::ExtendWeek => "Extend by 7 days",
            Self::ExtendFortnight => "Extend by 14 days",
            Self::ExtendMonth => "Extend by 30 days",
            Self::Suspend => "Suspend or resume",
            Self::CutOff => "Cut off now",
            Self::SaveTemplate => "Save as template…",
            Self::SaveView => "Save this view…",
            Self::StillGranted => "Show ended, still granted",
            Self::Review => "Review report…",
            Self::Fleet => "Show the fleet's overrun",
            Self::Mint => "Mint a sample token",
            Self::DecodeMinted => "Decode the minted sample",
            Self::AuditLog => "Audit the tokens of a log",
            Self::SigningKeys => "Signing keys",
            Self::Remove => "Delete the selected applications",
            Self::NewApi => "New API…",
            Self::NewScope => "New scope…",
            Self::NewGuardrail => "New guardrail…",
            Self::KeepGuardrail => "Keep the guardrail",
            Self::ReviewChanges => "Review pending changes",
            Self::ApplyChanges => "Apply pending changes…",
            Self::Pull => "Pull from the remote",
            Self::AddConnection => "Add a connection…",
            Self::Reason => "Reason for the next edits…",
            Self::CopyExplanation => "Copy explanation",
            Self::CopyMarkdown => "Copy explanation as Markdown",
            Self::CopyCommand => "Copy as command line",
            Self::Open => "Open a registry…",
            Self::New => "New registry…",
            Self::Sample => "Open the sample registry",
            Self::SaveCopy => "Save a copy…",
            Self::Export => "Export to file…",
            Self::Import => "Import from file…",
            Self::Enforce => "Enforce the ends of trials at Auth0…",
            Self::Compare => "Compare with file…",
            Self::CopyFrom => "Copy from a registry…",
            Self::ToggleTheme => "Switch between light and dark",
            Self::Help => "Help",
            Self::Quit => "Quit",
        }
    }

    /// Whether it can run now.
    #[must_use]
    pub fn available(self, state: &State) -> bool {
        let open = state.open.is_some();
        let editable = state.read_only().is_none();
        let selected = state.selected_application().is_some();
        match self {
            Self::Palette
            | Self::Show(Screen::Settings | Screen::Connections)
            | Self::AddConnection
            | Self::Open
            | Self::New
            | Self::Sample
            | Self::ToggleTheme
            | Self::Help
            | Self::Quit => true,
            Self::Show(_)
            | Self::Filter
            | Self::Clock
            | Self::Live
            | Self::TogglePast
            | Self::Reason
            | Self::SaveCopy
            | Self::Export
            | Self::Enforce
            | Self::Compare
            | Self::CopyFrom
            | Self::StillGranted
            | Self::Review
            | Self::Fleet
            | Self::Mint
            | Self::AuditLog
            | Self::SigningKeys => open,
            Self::ReviewChanges => state.connected().is_some(),
            Self::Pull => state.connected().is_some() || !open && !state.connections.known.is_empty(),
            Self::ApplyChanges => state.connected().is_some() && state.not_applicable().is_none(),
            Self::DecodeMinted => matches!(state.tokens.minted, Some(Ok(_))),
            Self::Import | Self::NewApplication | Self::NewApi | Self::NewGuardrail => editable,
            Self::KeepGuardrail => {
                editable
                    && state.screen == Screen::Guardrails
                    && state.guardrail.as_ref().is_some_and(super::GuardrailEdit::is_changed)
            }
            Self::NewScope => editable && state.api.is_some(),
            Self::Undo => editable && state.open.as_ref().is_some_and(|o| o.stacks.next_undo().is_some()),
            Self::Redo => editable && state.open.as_ref().is_some_and(|o| o.stacks.next_redo().is_some()),
            Self::SelectAll => open && matches!(state.screen, Screen::Applications | Screen::Trials),
            Self::Preview => selected,
            Self::Edit | Self::Duplicate | Self::SaveTemplate => editable && selected,
            Self::CutOff => {
                editable
                    && state.selected_application().is_some_and(|app| app.status == ApplicationStatus::Active)
            }
            Self::SaveView => editable && state.applications.error.is_none(),
            Self::Extend
            | Self::SetEnd
            | Self::Tag
            | Self::Grant
            | Self::Revoke
            | Self::ExtendWeek
            | Self::ExtendFortnight
            | Self::ExtendMonth
            | Self::Suspend
            | Self::Remove => editable && (selected || !state.applications.marked.is_empty()),
            Self::CopyExplanation | Self::CopyMarkdown | Self::CopyCommand => {
                open && !state.preview.client_id.is_empty()
            }
        }
    }
}
