//! What a guardrail's expression sees: `app`, `api`, `scopes`, `now` and `lifetime` (SPEC §2).

use super::guardrail::Compiled;
use crate::registry::{Api, Application, ApplicationStatus, Duration, Instant};
use cel::objects::{Key, Map};
use cel::{Context, Env, Value};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// The names that an expression may use.
pub(super) const NAMES: [&str; 5] = ["app", "api", "scopes", "now", "lifetime"];

/// The standard functions, set up once.
static STANDARD: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What an expression sees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'a> {
    pub application: &'a Application,
    pub api: &'a Api,
    pub scopes: &'a [&'a str],
    pub now: Instant,
    pub lifetime: i64,
}

/// Which names an expression uses, so that only these are made.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Needs([bool; NAMES.len()]);

impl Needs {
    pub(super) fn of(uses: &dyn Fn(&str) -> bool) -> Self {
        Self(NAMES.map(uses))
    }

    /// Whether the clock is among them.
    pub(super) fn now(self) -> bool {
        NAMES.iter().zip(self.0).any(|(name, needed)| needed && *name == "now")
    }

    fn or(self, other: Self) -> Self {
        let mut both = self;
        both.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine |= theirs);
        both
    }
}

impl Facts<'_> {
    /// The names that these rules use, each made once for all of them.
    pub(super) fn context(&self, rules: &[Compiled]) -> Context<'static, 'static> {
        let mut context = Context::with_env(STANDARD.clone());
        let needs = rules.iter().map(Compiled::needs).fold(Needs::default(), Needs::or);
        for (name, _) in NAMES.into_iter().zip(needs.0).filter(|(_, needed)| *needed) {
            context.add_variable_from_value(name, self.value(name));
        }
        context
    }

    fn value(&self, name: &str) -> Value {
        match name {
            "app" => application(self.application),
            "api" => api(self.api),
            "scopes" => list(self.scopes.iter().copied().map(text)),
            "now" => instant(self.now),
            _ => Value::Int(self.lifetime),
        }
    }
}

fn application(app: &Application) -> Value {
    let status = match app.status {
        ApplicationStatus::Active => "active",
        ApplicationStatus::Suspended => "suspended",
    };
    let mut fields = vec![
        ("client_id", text(&app.client_id)),
        ("external_id", text(app.external_id.as_deref().unwrap_or_default())),
        ("name", text(&app.name)),
        ("customer", text(&app.customer)),
        ("contact", text(&app.contact)),
        ("status", text(status)),
        (
            "grants",
            list(sorted(&app.grants, |g| g.audience.as_str()).map(|grant| {
                map([
                    ("audience", text(&grant.audience)),
                    ("scopes", list(sorted(&grant.scopes, String::as_str).map(|s| text(s)))),
                ])
            })),
        ),
        ("tags", list(sorted(&app.tags, String::as_str).map(|tag| text(tag)))),
        ("metadata", metadata(app)),
        ("notes", text(&app.notes)),
    ];
    fields.extend(app.not_before.map(|at| ("not_before", instant(at))));
    fields.extend(app.expires_at.map(|at| ("expires_at", instant(at))));
    fields.extend(app.access_token_duration.map(|d| ("access_token_duration", seconds(d))));
    map(fields)
}

fn api(api: &Api) -> Value {
    let mut fields = vec![
        ("audience", text(&api.audience)),
        ("name", text(&api.name)),
        (
            "scopes",
            list(sorted(&api.scopes, |s| s.name.as_str()).map(|scope| {
                let mut fields = vec![
                    ("name", text(&scope.name)),
                    ("description", text(&scope.description)),
                    ("default", Value::Bool(scope.default)),
                ];
                fields.extend(scope.access_token_duration.map(|d| ("access_token_duration", seconds(d))));
                map(fields)
            })),
        ),
    ];
    fields.extend(api.access_token_duration.map(|d| ("access_token_duration", seconds(d))));
    map(fields)
}

fn metadata(app: &Application) -> Value {
    let map: HashMap<Key, Value> =
        app.metadata.iter().map(|(k, v)| (Key::from(k.clone()), text(v))).collect();
    Value::Map(Map { map: Arc::new(map) })
}

/// Every list that an expression sees is sorted, so that order in a file can't matter.
fn sorted<T>(items: &[T], key: impl Fn(&T) -> &str) -> impl Iterator<Item = &T> {
    let mut items: Vec<&T> = items.iter().collect();
    if !items.is_sorted_by(|a, b| key(a) <= key(b)) {
        items.sort_by(|a, b| key(a).cmp(key(b)));
    }
    items.into_iter()
}

fn map<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let map: HashMap<Key, Value> = fields.into_iter().map(|(key, value)| (Key::from(key), value)).collect();
    Value::Map(Map { map: Arc::new(map) })
}

fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::List(Arc::new(items.collect()))
}

fn text(text: &str) -> Value {
    Value::String(Arc::new(text.to_owned()))
}

fn seconds(duration: Duration) -> Value {
    Value::Int(duration.seconds())
}

fn instant(at: Instant) -> Value {
    Value::Timestamp(at.to_utc().fixed_offset())
}
