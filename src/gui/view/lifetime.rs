//! The lifetime of one request, drawn: shared by the inspector and the Preview.

use crate::app::{AsOf, Message, Preview, State, marks};
use crate::gui::chart::{Curve, curve};
use crate::policy::{self, Policy, decide, issue};
use crate::registry::{Instant, ProfileName};
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
