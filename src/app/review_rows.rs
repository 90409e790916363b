//! The lines of a review: each field of each staged change, and what a change does to lifetimes, in words.

use super::coarse;
use crate::edit::{Entity, describe};
use crate::policy::{Answer, Direction, Impact};
use crate::registry::{ApplicationStatus, human};
use crate::remote::{Plan, Step};

/// A line of the review: one field of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// Which step of the plan.
    pub step: usize,
    /// Whether it is the first line of its step.
    pub first: bool,
    /// What to call the entity.
    pub title: String,
    /// Its id, where that is not its title.
    pub id: String,
    /// The field.
    pub field: String,
    /// What it is.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}

/// The lines of a plan.
#[must_use]
pub fn review_rows(plan: &Plan) -> Vec<ReviewRow> {
    let of_step = |(step, one): (usize, &Step)| {
        let which = one.change.reference();
        let whole = one.change.before().is_none() || one.change.after().is_none();
        let mut fields = describe(&one.change);
        // An entity that comes or goes is one line: its fields are its own affair.
        if whole {
            fields.truncate(1);
        }
        let rows: Vec<ReviewRow> = fields
            .into_iter()
            .enumerate()
            .map(|(place, field)| ReviewRow {
                step,
                first: place == 0,
                id: if which.id == field.title { String::new() } else { which.id.clone() },
                title: field.title,
                field: if whole { which.kind.as_str().to_owned() } else { field.field },
                before: if whole { one.change.before().map(brief) } else { field.before },
                after: if whole { one.change.after().map(brief) } else { field.after },
            })
            .collect();
        rows
    };
    plan.steps.iter().enumerate().flat_map(of_step).collect()
}

/// What to call an entity: its title, and its id where that is another.
#[must_use]
pub fn named(title: &str, id: &str) -> String {
    if title == id || title.is_empty() { id.to_owned() } else { format!("{title} · {id}") }
}

/// An entity that comes or goes, in few words.
fn brief(entity: &Entity) -> String {
    match entity {
        Entity::Application(app) => {
            let scopes: Vec<&str> =
                app.grants.iter().flat_map(|grant| &grant.scopes).map(String::as_str).collect();
            if scopes.is_empty() { "no access".to_owned() } else { scopes.join(", ") }
        }
        Entity::Api(api) => format!("{} scopes", api.scopes.len()),
        Entity::Guardrail(rule) => rule.name.clone(),
        _ => "whole".to_owned(),
    }
}

/// What one step does to lifetimes, in few words.
pub(super) fn effect_of(step: &Step, impact: &Impact) -> String {
    let which = step.change.reference();
    let first = impact.affected.partition_point(|one| one.client_id < which.id);
    let own = || impact.affected.iter().skip(first).take_while(|one| one.client_id == which.id);
    match (&step.change.before(), &step.change.after()) {
        (Some(Entity::Application(_)), None) => "deleted for good".to_owned(),
        (Some(Entity::Application(was)), Some(Entity::Application(is))) => {
            if let Some(one) = own().find(|one| one.policy.direction().is_some()) {
                return shift(one.policy.before, one.policy.after);
            }
            if was.status != is.status {
                let suspended = is.status == ApplicationStatus::Suspended;
                return if suspended { "suspended" } else { "active again" }.to_owned();
            }
            match (was.expires_at, is.expires_at) {
                (Some(was), Some(is)) if was != is => {
                    let by = is.since(was);
                    format!("{} {}", coarse(by.abs()).0, if by > 0 { "more" } else { "less" })
                }
                (Some(_), None) => "never ends".to_owned(),
                _ => "no lifetime changes".to_owned(),
            }
        }
        (None, Some(Entity::Application(_))) => own()
            .find_map(|one| one.policy.after.ok())
            .map_or_else(String::new, |life| format!("{} tokens", human(life))),
        (_, Some(Entity::Api(api))) => {
            let of = |direction| {
                impact
                    .affected
                    .iter()
                    .filter(|one| one.audience == api.audience && one.policy.direction() == Some(direction))
                    .count()
            };
            match (of(Direction::Shorter), of(Direction::Longer)) {
                (0, 0) => "no lifetime changes".to_owned(),
                (shorter, 0) => format!("{shorter} shorter"),
                (0, longer) => format!("{longer} longer"),
                (shorter, longer) => format!("{shorter} shorter, {longer} longer"),
            }
        }
        _ => String::new(),
    }
}

fn shift(before: Answer, after: Answer) -> String {
    match (before, after) {
        (Ok(_), Err(_)) => "denied from now".to_owned(),
        (Err(_), Ok(life)) => format!("{} tokens again", human(life)),
        (Ok(before), Ok(after)) => format!("{} → {}", human(before), human(after)),
        (Err(_), Err(_)) => String::new(),
    }
}
