//! What every issuer does with the same registry, side by side.

use super::lifetime::profile_of;
use crate::app::{Message, Preview, State};
use crate::gui::theme::Theme;
use crate::gui::widget;
use crate::policy::{Policy, Request, disagreement, issue};
use crate::registry::{ProfileName, human};
use egui::{Sense, Ui, vec2};

/// Draws the table; pressing a row sets that issuer beside the policy.
pub fn issuers(ui: &mut Ui, state: &State, policy: &Policy, request: &Request, out: &mut Vec<Message>) {
    let theme = Theme::of(ui.ctx());
    let colours = &theme.colours;
    widget::section_heading(ui, "What issuers do with the same registry");
    let chosen = profile_of(&state.preview, policy);
    ui.spacing_mut().item_spacing.y = 0.0;
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    // Where there is little room the rule is left to the row's hint.
    let [lifetime_at, ends_at, overrun_at, rule_at] =
        if head.width() < 640.0 { [0.42, 0.68, 0.98, 1.1] } else { [0.34, 0.505, 0.665, 0.685] };
    for (label, part, align) in [
        ("Issuer", 0.0, egui::Align2::LEFT_CENTER),
        ("Lifetime", lifetime_at, egui::Align2::RIGHT_CENTER),
        ("Ends", ends_at, egui::Align2::RIGHT_CENTER),
        ("Overrun", overrun_at, egui::Align2::RIGHT_CENTER),
        ("Rule", rule_at, egui::Align2::LEFT_CENTER),
    ] {
        if part > 1.0 {
            continue;
        }
        let inset = if part == 0.0 { 10.0 } else { 0.0 };
        let at = egui::pos2(head.left() + head.width() * part + inset, head.center().y);
        ui.painter().text(at, align, label, theme.small_strong(), colours.text_3);
    }
    ui.painter().hline(head.x_range(), head.bottom(), theme.hairline());
    for profile in ProfileName::ALL {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row), Sense::click());
        let (lifetime, end, overrun) = match issue(profile, policy, request) {
            Ok(issued) => {
                let overrun =
                    issued.overrun.map_or("–".to_owned(), |s| if s == 0 { "0".to_owned() } else { human(s) });
                (human(issued.lifetime), state.times().short(issued.expires_at), (overrun, issued.overrun))
            }
            Err(denial) => ("denied".to_owned(), denial.as_str().replace('_', " "), (String::new(), None)),
        };
        let on = profile == chosen;
        let name = format!("{}: {lifetime} {end}, overrun {}", profile.title(), overrun.0);
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, on, &name));
        if on || response.hovered() {
            ui.painter().rect_filled(rect, 0.0, if on { colours.accent_soft } else { colours.bg });
        }
        ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, colours.surface_2));
        let y = rect.center().y;
        let x = |part: f32| rect.left() + rect.width() * part;
        let font = if profile == ProfileName::Tenure { theme.strong() } else { theme.body() };
        let (left, right) = (egui::Align2::LEFT_CENTER, egui::Align2::RIGHT_CENTER);
        let paint = ui.painter().with_clip_rect(rect);
        paint.text(egui::pos2(rect.left() + 10.0, y), left, profile.title(), font, colours.text);
        let colour = if lifetime == "denied" { colours.denied } else { colours.text };
        paint.text(egui::pos2(x(lifetime_at), y), right, lifetime, theme.body(), colour);
        paint.text(egui::pos2(x(ends_at), y), right, end, theme.body(), colours.text);
        let colour = if overrun.1.unwrap_or_default() > 0 { colours.overrun } else { colours.text_3 };
        paint.text(egui::pos2(x(overrun_at), y), right, overrun.0, theme.body(), colour);
        let rule = egui::pos2(x(rule_at), y);
        if rule_at < 1.0 {
            widget::paint_line(
                ui,
                rule,
                rect.right() - rule.x,
                profile.rule(),
                theme.small(),
                colours.text_3,
            );
        }
        if response.on_hover_text(profile.rule()).clicked() {
            out.push(Message::Ask(Preview { profile: Some(profile), ..state.preview.clone() }));
        }
    }
    if let Some(note) = disagreement(policy, request, ProfileName::Authlete2) {
        ui.add_space(6.0);
        widget::notice(ui, &note, colours.ending, colours.ending_soft);
    }
}
