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

/// The fields of `app`, then those of `api`, that an expression may select.
const APP: [&str; 13] = [
    "client_id",
    "external_id",
    "name",
    "customer",
    "contact",
    "status",
    "grants",
    "tags",
    "metadata",
    "notes",
    "not_before",
    "expires_at",
    "access_token_duration",
];
const API: [&str; 4] = ["audience", "name", "scopes", "access_token_duration"];

/// Every name that an expression may use, with its fields, and what each is.
pub fn names() -> impl Iterator<Item = (String, &'static str)> {
    let field = |of: &'static str, hint| move |name: &&'static str| (format!("{of}.{name}"), hint);
    let hints = ["the application", "the API", "the effective scopes", "the instant", "seconds so far"];
    let plain = NAMES.into_iter().zip(hints).map(|(name, hint)| (name.to_owned(), hint));
    plain
        .chain(APP.iter().map(field("app", "of the application")))
        .chain(API.iter().map(field("api", "of the API")))
}

/// What expressions use, so that only this is made: a bit for each name, and for each field of `app` and `api`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Needs {
    names: u8,
    app: u16,
    api: u16,
}

impl Needs {
    /// A field that is selected from a name: `app.tags`.
    pub(super) fn add_field(&mut self, name: &str, field: &str) {
        self.add_bit(name);
        match name {
            "app" => self.app |= bit(&APP, field),
            "api" => self.api |= bit(&API, field),
            _ => {}
        }
    }

    /// A name as it stands: every field of it may be used.
    pub(super) fn add_whole(&mut self, name: &str) {
        self.add_bit(name);
        match name {
            "app" => self.app = u16::MAX,
            "api" => self.api = u16::MAX,
            _ => {}
        }
    }

    fn add_bit(&mut self, name: &str) {
        self.names |= bit(&NAMES, name) as u8;
    }

    fn uses(self, name: &str) -> bool {
        u16::from(self.names) & bit(&NAMES, name) != 0
    }

    /// Whether the clock is among them.
    pub(super) fn now(self) -> bool {
        self.uses("now")
    }

    fn or(self, other: Self) -> Self {
        Self { names: self.names | other.names, app: self.app | other.app, api: self.api | other.api }
    }
}

/// The bit of a name in its list; none for one that is not there.
fn bit(list: &[&str], name: &str) -> u16 {
    list.iter().position(|other| *other == name).map_or(0, |place| 1 << place)
}

impl Facts<'_> {
    /// The names that these rules use, each made once for all of them.
    pub(super) fn context(&self, rules: &[Compiled]) -> Context<'static, 'static> {
        let mut context = Context::with_env(STANDARD.clone());
        let needs = rules.iter().map(Compiled::needs).fold(Needs::default(), Needs::or);
        for name in NAMES.into_iter().filter(|name| needs.uses(name)) {
            context.add_variable_from_value(name, self.value(name, needs));
        }
        context
    }

    fn value(&self, name: &str, needs: Needs) -> Value {
        match name {
            "app" => fields(&APP, needs.app, |field| application(self.application, field)),
            "api" => fields(&API, needs.api, |field| api(self.api, field)),
            "scopes" => list(self.scopes.iter().copied().map(text)),
            "now" => instant(self.now),
            _ => Value::Int(self.lifetime),
        }
    }
}

/// A map of the needed fields that are set.
fn fields(names: &[&'static str], needed: u16, value: impl Fn(&str) -> Option<Value>) -> Value {
    let needed = names.iter().enumerate().filter(|(place, _)| needed & (1 << place) != 0);
    map(needed.filter_map(|(_, name)| Some((*name, value(name)?))))
}

/// A field of an application; durations and instants that are not set are absent.
fn application(app: &Application, field: &str) -> Option<Value> {
    Some(match field {
        "client_id" => text(&app.client_id),
        "external_id" => text(app.external_id.as_deref().unwrap_or_default()),
        "name" => text(&app.name),
        "customer" => text(&app.customer),
        "contact" => text(&app.contact),
        "status" => text(match app.status {
            ApplicationStatus::Active => "active",
            ApplicationStatus::Suspended => "suspended",
        }),
        "grants" => list(sorted(&app.grants, |g| g.audience.as_str()).map(|grant| {
            map([
                ("audience", text(&grant.audience)),
                ("scopes", list(sorted(&grant.scopes, String::as_str).map(|s| text(s)))),
            ])
        })),
        "tags" => list(sorted(&app.tags, String::as_str).map(|tag| text(tag))),
        "metadata" => metadata(app),
        "notes" => text(&app.notes),
        "not_before" => instant(app.not_before?),
        "expires_at" => instant(app.expires_at?),
        "access_token_duration" => seconds(app.access_token_duration?),
        _ => return None,
    })
}

/// A field of an API.
fn api(api: &Api, field: &str) -> Option<Value> {
    Some(match field {
        "audience" => text(&api.audience),
        "name" => text(&api.name),
        "access_token_duration" => seconds(api.access_token_duration?),
        "scopes" => list(sorted(&api.scopes, |s| s.name.as_str()).map(|scope| {
            let mut fields = vec![
                ("name", text(&scope.name)),
                ("description", text(&scope.description)),
                ("default", Value::Bool(scope.default)),
            ];
            fields.extend(scope.access_token_duration.map(|d| ("access_token_duration", seconds(d))));
            map(fields)
        })),
        _ => return None,
    })
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
