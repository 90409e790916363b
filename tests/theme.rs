//! The look holds: every token is there, text can be read on every surface, and figures stand in columns.
#![cfg(feature = "gui")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use egui::Color32;
use tenure::gui::theme::{Theme, apply};

/// Draws one frame in this theme, so that the fonts are there.
fn dressed(dark: bool) -> egui::Context {
    let ctx = egui::Context::default();
    apply(&ctx, dark);
    let mut output = ctx.run_ui(egui::RawInput::default(), |_| {});
    output.textures_delta.clear();
    ctx
}

/// The relative luminance of WCAG 2.
fn luminance(colour: Color32) -> f64 {
    let linear = |byte: u8| {
        let part = f64::from(byte) / 255.0;
        if part <= 0.039_28 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
}

fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_text_can_be_read_on_every_surface_in_both_themes() {
    for dark in [false, true] {
        let theme = Theme::of(&dressed(dark));
        let c = &theme.colours;
        assert_eq!(theme.dark, dark);
        let texts = [
            c.text,
            c.text_2,
            c.text_3,
            c.accent,
            c.active,
            c.ending,
            c.ended,
            c.suspended,
            c.scheduled,
            c.denied,
            c.overrun,
            c.development,
            c.staging,
            c.production,
        ];
        for text in texts {
            for ground in [c.bg, c.surface, c.surface_2, c.accent_soft] {
                let ratio = contrast(text, ground);
                assert!(ratio >= 4.5, "dark {dark}: {text:?} on {ground:?} has {ratio:.2}");
            }
        }
        for (text, ground) in [
            (c.overrun, c.overrun_soft),
            (c.ending, c.ending_soft),
            (c.denied, c.denied_soft),
            (c.on_accent, c.accent),
        ] {
            let ratio = contrast(text, ground);
            assert!(ratio >= 4.5, "dark {dark}: {text:?} on {ground:?} has {ratio:.2}");
        }
    }
}

#[test]
fn no_token_is_missing() {
    // A missing one shows as this magenta.
    let theme = Theme::of(&dressed(false));
    let colours = format!("{:?}", theme.colours);
    assert!(!colours.contains(&format!("{:?}", Color32::from_rgb(255, 0, 255))), "{colours}");
}

#[test]
fn all_figures_of_a_font_are_equally_wide() {
    let ctx = dressed(false);
    let theme = Theme::of(&ctx);
    for font in [theme.body(), theme.strong(), theme.small_strong(), theme.answer(), theme.mono()] {
        let widths: Vec<f32> =
            ('0'..='9').map(|figure| ctx.fonts_mut(|fonts| fonts.glyph_width(&font, figure))).collect();
        assert!(widths.iter().all(|width| *width > 0.0 && *width == widths[0]), "{font:?}: {widths:?}");
    }
}
