//! What an edit does to lifetimes, in words and as JSON: by the policy and at the issuer.

use super::session::{Result, Session};
use super::table::{calm, table};
use crate::edit::Change;
use crate::policy::{Answer, Direction, Impact, Policy, Tally, impact};
use crate::registry::{Instant, Registry, human};
use serde_json::{Value, json};
use std::sync::Arc;

/// What the changes do to the lifetimes that a registry gives.
pub(super) fn of(before: Registry, changes: &[Change], at: Instant) -> Impact {
    let mut after = before.clone();
    Change::force_all(changes.iter().cloned(), &mut after);
    let [before, after] = [before, after].map(|registry| Policy::new(Arc::new(registry)));
    impact(&before, &after, at)
}

/// Prints an effect that begins at `made`.
pub(super) fn print(impact: &Impact, made: Instant, session: &mut Session<'_>) -> Result<()> {
    if impact.is_empty() {
        writeln!(session.out, "no lifetime changes")?;
        return Ok(());
    }
    let sentence = |tally: &Tally| tally.sentence().unwrap_or_else(|| "no change".to_owned());
    writeln!(session.out, "by the policy: {}", sentence(&impact.policy))?;
    writeln!(session.out, "at the issuer: {}", sentence(&impact.issuer))?;
    writeln!(session.out, "in full effect from {}", in_full(impact, made))?;
    if let more @ 1.. = more_requests(impact) {
        writeln!(session.out, "at most {more} more token requests a day")?;
    }
    let rows: Vec<Vec<String>> = impact
        .affected
        .iter()
        .map(|one| {
            let shift = |shift: &crate::policy::Shift| match shift.direction() {
                None => "no change".to_owned(),
                Some(_) => format!("{} → {}", answer(shift.before), answer(shift.after)),
            };
            vec![calm(&one.client_id), calm(&one.audience), shift(&one.policy), shift(&one.issuer)]
        })
        .collect();
    Ok(table(session.out, &["CLIENT ID", "API", "POLICY", "ISSUER"], &rows)?)
}

/// An effect as JSON.
pub(super) fn document(impact: &Impact, made: Instant) -> Value {
    let affected: Vec<Value> = impact
        .affected
        .iter()
        .map(|one| {
            let shift = |shift: &crate::policy::Shift| {
                json!({ "before": answer_json(shift.before), "after": answer_json(shift.after) })
            };
            json!({
                "client_id": one.client_id, "audience": one.audience,
                "policy": shift(&one.policy), "issuer": shift(&one.issuer),
            })
        })
        .collect();
    json!({
        "policy": tally(&impact.policy),
        "issuer": tally(&impact.issuer),
        "in_full_effect_at": in_full(impact, made),
        "more_requests_a_day": more_requests(impact),
        "affected": affected,
    })
}

/// The instant from which no token of the old settings lives any more.
fn in_full(impact: &Impact, made: Instant) -> Instant {
    made.plus(impact.in_full_effect_at().since(impact.at))
}

fn more_requests(impact: &Impact) -> i64 {
    impact.policy.more_requests_a_day.max(impact.issuer.more_requests_a_day)
}

fn tally(tally: &Tally) -> Value {
    let count = |direction: Direction| (direction.as_str().replace(' ', "_"), json!(tally.of(direction)));
    Value::Object(Direction::ALL.into_iter().map(count).collect())
}

/// An answer in words.
pub(super) fn answer(answer: Answer) -> String {
    answer.map_or_else(|reason| format!("denied: {reason}"), human)
}

fn answer_json(answer: Answer) -> Value {
    answer.map_or_else(|reason| json!({ "denied": reason }), |lifetime| json!({ "lifetime": lifetime }))
}
