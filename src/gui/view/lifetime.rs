//! The lifetime of one request, drawn: shared by the inspector and the Preview.

use crate::app::{AsOf, Command, Message, Preview, Screen, State, marks};
use crate::gui::chart::{Bar, Curve, curve, limits};
use crate::policy::{self, Granted, Limit, LimitKind, Policy, decide, issue};
use crate::registry::{Instant, ProfileName, human};
use egui::Ui;

/// The issuer beside the policy.
#[must_use]
pub fn profile_of(preview: &Preview, policy: &Policy) -> ProfileName {
    preview.profile.unwrap_or(policy.registry().service.issuer_profile)
}

/// Draws the lifetime over time; dragging along it moves the clock.
pub fn over_time(
    ui: &mut Ui,
    state: &State,
    policy: &Policy,
    preview: &Preview,
    height: f32,
    out: &mut Vec<Message>,
) {
    let profile = profile_of(preview, policy);
    let request = preview.request(state.at());
    let end =
        policy.registry().application(&preview.client_id).and_then(|a| a.expires_at).map(Instant::seconds);
    let at = state.at().seconds();
    let longest = issue(profile, policy, &request).map(|issued| issued.lifetime).ok();
    let longest = longest.or_else(|| decide(policy, &request).lifetime()).unwrap_or(86_400);
    let (from, to) = range(preview, at, end, longest);
    let exact = policy::curve(policy, &request, profile, Instant::saturating(from), Instant::saturating(to));
    let times = state.times();
    let label = |t: i64| times.minutes(Instant::saturating(t));
    let marks = marks(times, from, to, (ui.available_width() / 110.0).max(1.0) as usize);
    let model = Curve {
        points: &exact.points,
        as_of: at,
        end,
        issuer: profile != ProfileName::Tenure,
        marks: &marks,
        label: &label,
        height,
    };
    if let Some(t) = curve(ui, &model)
        && t != at
    {
        out.push(Message::SetClock(AsOf::At(Instant::saturating(t))));
    }
}

/// Opens on the issuer's lifetime around the end, with the clock in view; zoomed: the last minutes before the end.
fn range(preview: &Preview, at: i64, end: Option<i64>, longest: i64) -> (i64, i64) {
    match end {
        Some(end) if preview.zoomed => (end - 1200, end + 300),
        Some(end) => {
            let (from, to) = (end - 3 * longest, end + longest);
            let (from, to) = if at < from { (at - (end - at) / 8, to) } else { (from, to) };
            (from.max(0), to.max(at + longest / 2))
        }
        None => ((at - 2 * longest).max(0), at + 2 * longest),
    }
}

/// The limits of a lifetime as bars, each a link to the field that sets it.
pub fn why(
    ui: &mut Ui,
    state: &State,
    granted: &Granted<'_>,
    (client_id, audience): (&str, &str),
    at: Instant,
    out: &mut Vec<Message>,
) {
    let Some(registry) = state.policy().map(|policy| policy.registry()) else { return };
    let bars: Vec<Bar> = granted
        .limits
        .iter()
        .enumerate()
        .map(|(place, limit)| Bar {
            name: limit.limit.title().to_owned(),
            source: match limit.limit {
                LimitKind::Expiry => state.times().short(at.plus(limit.seconds)),
                LimitKind::Api => {
                    registry.api(limit.source).map_or(limit.source, |api| api.title()).to_owned()
                }
                _ => limit.source.to_owned(),
            },
            seconds: limit.seconds,
            // Of many days the hours are enough for a bar; the trial's end itself stands beside it.
            words: human(if limit.seconds < 172_800 { limit.seconds } else { limit.seconds / 3600 * 3600 }),
            decides: place == granted.binding,
            replaced: limit.overridden,
        })
        .collect();
    if let Some(limit) = limits(ui, &bars).and_then(|place| granted.limits.get(place)) {
        show_setting(limit, (client_id, audience), out);
    }
}

/// Leads to the field that sets a limit.
fn show_setting(limit: &Limit<'_>, (client_id, audience): (&str, &str), out: &mut Vec<Message>) {
    match limit.limit {
        LimitKind::Api | LimitKind::Scope => {
            out.push(Message::SelectApi(Some(audience.to_owned())));
            out.push(Message::Show(Screen::Apis));
        }
        LimitKind::Service => out.push(Message::Show(Screen::Apis)),
        LimitKind::Application | LimitKind::Expiry => {
            out.push(Message::Select(Some(client_id.to_owned())));
            out.push(Message::Run(Command::Edit));
        }
        LimitKind::Guardrail => {
            out.push(Message::SelectGuardrail(Some(limit.source.to_owned())));
            out.push(Message::Show(Screen::Guardrails));
        }
        LimitKind::Requested => {}
    }
}
