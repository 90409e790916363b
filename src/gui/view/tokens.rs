//! Tokens: the pages on which samples are minted, tokens taken apart, logs audited and keys kept.

use super::{token_audit, token_decode, token_keys, token_mint};
use crate::app::{Message, State, TokenPage};
use crate::gui::theme::Theme;
use crate::gui::widget;
use egui::{Align, Frame, Label, Layout, Margin, RichText, ScrollArea, Ui};

/// Draws the screen.
pub fn show(ui: &mut Ui, state: &State, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let tokens = &state.tokens;
    Frame::new().inner_margin(Margin::symmetric(14, 9)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let keys = tokens.keys.as_ref().ok().map(Vec::len);
            for (page, label, count) in [
                (TokenPage::Mint, "Mint", None),
                (TokenPage::Decode, "Decode", None),
                (TokenPage::Audit, "Audit", None),
                (TokenPage::Keys, "Keys", keys),
            ] {
                if widget::chip(ui, label, count, None, tokens.page == page).clicked() {
                    out.push(Message::TokenPage(page));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let words = "Nothing that a token names is fetched";
                let words = RichText::new(words).font(theme.small()).color(theme.colours.text_2);
                // The pages' names come first where there is little room.
                ui.add(Label::new(words).truncate());
            });
        });
    });
    let line = ui.available_rect_before_wrap();
    ui.painter().hline(line.x_range(), line.top(), theme.hairline());
    match tokens.page {
        TokenPage::Mint => page(ui, "mint", |ui| token_mint::show(ui, state, out)),
        TokenPage::Decode => token_decode::show(ui, state, out),
        TokenPage::Audit => token_audit::show(ui, state, out),
        TokenPage::Keys => page(ui, "keys", |ui| token_keys::show(ui, state, out)),
    }
}

fn page(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().id_salt(name).auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(20, 12)).show(ui, |ui| {
            ui.set_max_width(ui.available_width().min(860.0));
            content(ui);
        });
    });
}
