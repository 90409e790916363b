//! What tokens are verified with, a stored key or the keys of a file, pasted, or behind an address that is typed; and what
//! that gave.

use crate::app::{CheckedWith, Dialog, Fetched, FileTask, Jwks, Message, State, Verify};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::token::{Key, KeySet, SignatureState};
use egui::{Label, RichText, Role, Ui, ViewportCommand, WidgetInfo, vec2};

/// Draws what is known of the signature of the token in front, and the choice.
pub fn signature(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    widget::section_heading(ui, "Signature");
    let (words, colour, hollow) = match &state.tokens.verifying.checked {
        None => (not_checked(state), colours.text_2, true),
        Some(CheckedWith { name, found, .. }) => {
            let why = found.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            let colour = match found.state {
                SignatureState::Valid => colours.active,
                SignatureState::NotChecked => colours.text_2,
                SignatureState::Invalid => colours.denied,
                SignatureState::KeyUnknown | SignatureState::UnsupportedAlg => colours.overrun,
            };
            let words = format!("{}, checked with {name}{why}", widget::capitalised(found.state.title()));
            (words, colour, found.state != SignatureState::Valid)
        }
    };
    widget::status_sentence(ui, &widget::visible(&words), colour, hollow);
    let verifying = &state.tokens.verifying;
    let signer = verifying.checked.as_ref().and_then(|checked| checked.found.key.as_ref());
    // Keys from elsewhere are told below with all that came with them.
    if let Some(key) = signer.filter(|_| matches!(verifying.with, Verify::Named | Verify::Stored(_))) {
        of_key(ui, key);
    }
    show(ui, state, "The stored key that it names", out);
}

/// Why nothing is known of the signature.
fn not_checked(state: &State) -> String {
    let decoded = state.tokens.taken.as_ref().and_then(|taken| taken.as_ref().ok());
    let words = match &state.tokens.verifying.with {
        Verify::Named if decoded.is_some_and(|decoded| decoded.kid().is_none()) => {
            "Not checked: it names no key"
        }
        Verify::Named => "Not checked: no stored key has its kid",
        Verify::Stored(_) => "Not checked: the key is gone",
        Verify::File(_) | Verify::Pasted | Verify::Url(_) => "Not checked yet",
    };
    words.to_owned()
}

/// Draws the choice, and below it what it needs. `named` says what happens where nothing is chosen.
pub fn show(ui: &mut Ui, state: &State, named: &str, out: &mut Vec<Message>) {
    let verifying = &state.tokens.verifying;
    choice(ui, state, named, out);
    match &verifying.with {
        Verify::Named | Verify::Stored(_) => {}
        Verify::File(_) => of_keys(ui, verifying.given.as_ref()),
        Verify::Pasted => {
            paste(ui);
            of_keys(ui, verifying.given.as_ref());
            failed(ui, verifying.error.as_deref());
        }
        Verify::Url(_) => {
            address(ui, &verifying.jwks, out);
            fetched(ui, state, out);
            failed(ui, verifying.jwks.error.as_deref());
        }
    }
}

fn choice(ui: &mut Ui, state: &State, named: &str, out: &mut Vec<Message>) {
    let verifying = &state.tokens.verifying;
    let stored = state.tokens.keys.as_deref().unwrap_or_default();
    let (of_file, pasted, of_url) = ("Keys of a file…", "A pasted key…", "A JWKS URL…");
    let mut options = vec![named.to_owned()];
    options.extend(stored.iter().map(|key| key.name.clone()));
    options.extend([of_file, pasted, of_url].map(str::to_owned));
    let current = match &verifying.with {
        Verify::Named => named.to_owned(),
        Verify::Stored(name) => name.clone(),
        Verify::File(path) => path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        Verify::Pasted => "A pasted key".to_owned(),
        Verify::Url(_) => "A JWKS URL".to_owned(),
    };
    let Some(place) = widget::select(ui, "Verify with", &current, &options) else { return };
    // The stored keys stand between the first and the last three.
    let of_stored = place.checked_sub(1).and_then(|place| stored.get(place));
    let with = match (of_stored, place.checked_sub(stored.len() + 1)) {
        (Some(key), _) => Verify::Stored(key.name.clone()),
        (None, None) => Verify::Named,
        (None, Some(0)) => {
            let dialog = Dialog::Path { task: FileTask::Keys, path: String::new(), error: None };
            return out.push(Message::Dialog(Some(dialog)));
        }
        (None, Some(1)) => Verify::Pasted,
        (None, Some(_)) => Verify::Url(verifying.jwks.typed.trim().to_owned()),
    };
    out.push(Message::VerifyWith(with));
}

/// What is pasted here is not shown, and not kept beyond the key that it holds.
fn paste(ui: &mut Ui) {
    let response = widget::paste_place(ui, "Paste a key", "Paste a PEM, JWK or JWKS here");
    let response = response.on_hover_text("A click pastes, too; nothing of it is shown or kept");
    if response.clicked() {
        ui.ctx().send_viewport_cmd(ViewportCommand::RequestPaste);
    }
}

/// What can be seen of a key, in a line.
pub fn of_key(ui: &mut Ui, key: &Key) {
    let theme = Theme::of(ui.ctx());
    let words = widget::visible(&format!("{} · kid {}", key.kind(), key.id()));
    let text = RichText::new(&words).font(theme.small()).color(theme.colours.text_2);
    ui.add(Label::new(text).truncate()).on_hover_text(words);
}

/// What can be seen of the keys that are in use.
fn of_keys(ui: &mut Ui, keys: Option<&KeySet>) {
    let Some(keys) = keys else { return };
    let theme = Theme::of(ui.ctx());
    let small = |ui: &mut Ui, words: &str, colour| {
        let words = RichText::new(widget::visible(words)).font(theme.small()).color(colour);
        ui.add(Label::new(words).wrap());
    };
    for key in keys.keys() {
        of_key(ui, key);
    }
    for skipped in keys.skipped() {
        small(ui, &format!("left out: {skipped}"), theme.colours.overrun);
    }
}

fn failed(ui: &mut Ui, error: Option<&str>) {
    if let Some(error) = error {
        let words = RichText::new(widget::visible(error)).color(Theme::of(ui.ctx()).colours.denied);
        ui.add(Label::new(words).wrap());
    }
}

fn address(ui: &mut Ui, jwks: &Jwks, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    ui.horizontal(|ui| {
        let mut typed = jwks.typed.clone();
        let width = (ui.available_width() - 76.0).max(120.0);
        let hint = "https://issuer.example/jwks.json";
        let field = |ui: &mut Ui| widget::text_field(ui, &mut typed, hint, None, false);
        let response = ui.allocate_ui(vec2(width, theme.control_height), field).inner;
        response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "JWKS URL"));
        let entered = widget::entered(ui, &response);
        if response.changed() {
            out.push(Message::JwksUrl(typed.clone()));
        }
        ui.add_enabled_ui(!typed.trim().is_empty() && jwks.fetching.is_none(), |ui| {
            if widget::button(ui, "Fetch").clicked() || (entered && ui.is_enabled()) {
                out.push(Message::FetchJwks { again: false });
            }
        });
    });
}

/// How far the fetching is, or what it brought, when and from where.
fn fetched(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let verifying = &state.tokens.verifying;
    let small =
        |words: &str| RichText::new(widget::visible(words)).font(theme.small()).color(theme.colours.text_2);
    if let Some(url) = &verifying.jwks.fetching {
        ui.horizontal_wrapped(|ui| {
            ui.label(small(&format!("Fetching {url}…")));
            if widget::link(ui, "Stop").clicked() {
                out.push(Message::StopJwks);
            }
        });
        return;
    }
    let Verify::Url(url) = &verifying.with else { return };
    let Some(Fetched { at, keys }) = verifying.jwks.fetched.get(url) else { return };
    let count = keys.keys().len();
    let words = format!(
        "{count} {} from {url}, fetched {}",
        if count == 1 { "key" } else { "keys" },
        state.times().clock(*at)
    );
    ui.horizontal_wrapped(|ui| {
        ui.add(Label::new(small(&words)).wrap());
        if verifying.jwks.typed.trim() == url && widget::link(ui, "Fetch again").clicked() {
            out.push(Message::FetchJwks { again: true });
        }
    });
    of_keys(ui, Some(keys));
}
