//! What Auth0 keeps of a registry: clients with their metadata, resource servers, grants; for the Deploy CLI and Terraform.

use super::names::Unique;
use super::{Asked, Selection, counted};
use crate::policy::Strategy;
use crate::registry::{
    Api, Application, ApplicationStatus, Duration, Instant, Registry, Scope, human, misleads,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The keys of `client_metadata` that carry fields of an application, beside those of its window.
pub const KEYS: [&str; 4] = ["external_id", "customer", "contact", "tags"];

/// What the identifier of an API's twin for trials ends with.
const TRIALS: &str = "/trials";
/// The longest that Auth0 lets a token live: thirty days.
pub(super) const LONGEST: i64 = 2_592_000;
/// As many keys as `client_metadata` takes.
const MOST_KEYS: usize = 10;
/// As many characters as a key or a value of it takes.
const MOST_CHARACTERS: usize = 255;
/// As many characters as a client's description takes.
const MOST_DESCRIPTION: usize = 140;

/// How Auth0 is made to keep to the ends of trials, and under which keys it finds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enforcement {
    /// The way.
    pub strategy: Strategy,
    /// The key of `client_metadata` with the end.
    pub end_key: String,
    /// The key with the start.
    pub start_key: String,
    /// How instants are written there.
    pub form: TimeForm,
    /// A claim, named by a URL, that tells APIs the end.
    pub claim: Option<String>,
}

impl Default for Enforcement {
    fn default() -> Self {
        Self {
            strategy: Strategy::default(),
            end_key: "expires_at".to_owned(),
            start_key: "not_before".to_owned(),
            form: TimeForm::default(),
            claim: None,
        }
    }
}

impl Enforcement {
    /// Why no Action can find starts and ends under these keys: they are empty, the same, or hold another field.
    ///
    /// # Errors
    /// A sentence with the key.
    pub fn check(&self) -> Result<(), String> {
        let Self { end_key, start_key, .. } = self;
        if end_key == start_key {
            return Err(format!("`{end_key}` cannot hold the end and the start; give them two keys"));
        }
        let unfit =
            [end_key, start_key].into_iter().find(|key| key.is_empty() || KEYS.contains(&key.as_str()));
        match unfit {
            Some(key) if key.is_empty() => Err("a key of the end or the start is empty; name one".to_owned()),
            Some(key) => Err(format!("`{key}` holds another field of an application; choose another key")),
            None => Ok(()),
        }
    }
}

/// How an instant is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeForm {
    /// `2026-01-10T12:00:00Z`.
    #[default]
    Rfc3339,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
}

impl TimeForm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Rfc3339, Self::Seconds, Self::Milliseconds];

    /// The word on the command line and in the Action.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rfc3339 => "rfc3339",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
        }
    }

    pub(super) fn write(self, at: Instant) -> String {
        match self {
            Self::Rfc3339 => at.to_string(),
            Self::Seconds => at.seconds().to_string(),
            Self::Milliseconds => format!("{}000", at.seconds()),
        }
    }
}

/// An application as a client.
pub(crate) struct Client<'a> {
    /// Unique among the registry's: the Deploy CLI knows clients by name.
    pub name: &'a str,
    pub client_id: &'a str,
    pub metadata: BTreeMap<&'a str, String>,
    /// Its notes, where they are short enough.
    pub description: Option<&'a str>,
    /// The resource servers that it may call with the scopes that they define; none where it is suspended.
    pub grants: Vec<(Cow<'a, str>, Vec<&'a str>)>,
}

/// A resource server: an API, or its twin that gives trials a short lifetime.
pub(super) struct Server<'a> {
    pub api: &'a Api,
    pub identifier: Cow<'a, str>,
    pub name: String,
    pub lifetime: Option<i64>,
}

/// The resource servers of the registry's APIs, each behind its twin where the strategy wants one.
pub(super) fn servers<'a>(asked: &'a Asked) -> impl Iterator<Item = Server<'a>> {
    let (registry, strategy) = (asked.registry(), asked.enforcement.strategy);
    registry.apis().iter().flat_map(move |api| {
        let lifetime = match strategy {
            Strategy::Second(most) if is_twin(registry, api) => {
                Some(short(token_lifetime(api, strategy), most))
            }
            _ => token_lifetime(api, strategy),
        };
        let name = api_name(api);
        let new = twin(registry, strategy, api).filter(|(identifier, _)| registry.api(identifier).is_none());
        let twin = new.map(|(identifier, most)| Server {
            api,
            identifier: Cow::Owned(identifier),
            name: format!("{name} (trials)"),
            lifetime: Some(short(lifetime, most)),
        });
        let own = Server { api, identifier: Cow::Borrowed(&api.audience), name, lifetime };
        [Some(own), twin].into_iter().flatten()
    })
}

/// A lifetime of at most this; Auth0's is a day where none is set.
fn short(lifetime: Option<i64>, most: Duration) -> i64 {
    lifetime.unwrap_or(86_400).min(most.seconds())
}

/// The identifier of the twin for trials, and its lifetime; none for an API that is one.
fn twin(registry: &Registry, strategy: Strategy, api: &Api) -> Option<(String, Duration)> {
    let Strategy::Second(most) = strategy else { return None };
    let identifier = format!("{}{TRIALS}", api.audience.trim_end_matches('/'));
    (!is_twin(registry, api)).then_some((identifier, most))
}

/// Whether an API is another's twin already, as after the import of what was exported.
fn is_twin(registry: &Registry, api: &Api) -> bool {
    let base = api.audience.strip_suffix(TRIALS);
    base.is_some_and(|base| registry.api(base).is_some() || registry.api(&format!("{base}/")).is_some())
}

/// The names of all clients by their client id, each given once.
#[must_use]
pub fn client_names(registry: &Registry) -> HashMap<&str, String> {
    let plain = |application: &Application| {
        let words = [&application.name, &application.customer, &application.client_id];
        let name = words.into_iter().map(|words| allowed(words)).find(|name| !name.is_empty());
        name.unwrap_or_else(|| "unnamed".to_owned())
    };
    let mut times: HashMap<String, usize> = HashMap::new();
    for application in registry.applications() {
        *times.entry(plain(application).to_lowercase()).or_default() += 1;
    }
    let mut unique = Unique::default();
    let name = |application: &Arc<Application>| {
        let plain = plain(application);
        if times.get(&plain.to_lowercase()) == Some(&1) {
            return plain;
        }
        format!("{plain} ({})", allowed(&application.client_id))
    };
    registry.applications().iter().map(|app| (app.client_id.as_str(), unique.give(name(app)))).collect()
}

/// A text as Auth0 takes it for a name: without `<`, `>` and what is not seen.
pub(super) fn allowed(text: &str) -> String {
    let kept = text.chars().map(|c| match c {
        '<' => '‹',
        '>' => '›',
        c if misleads(c) => ' ',
        c => c,
    });
    kept.collect::<String>().trim().to_owned()
}

/// The clients of a selection.
pub(super) fn clients<'a>(
    asked: &'a Asked,
    selection: &'a Selection,
    names: &'a HashMap<&'a str, String>,
) -> impl Iterator<Item = Client<'a>> {
    let registry = asked.registry();
    selection.of(registry).map(move |application| {
        let name = names.get(application.client_id.as_str()).map_or(&application.client_id, |name| name);
        client(registry, application, name, &asked.enforcement)
    })
}

/// One application as a client of this name.
pub(crate) fn client<'a>(
    registry: &'a Registry,
    application: &'a Application,
    name: &'a str,
    enforcement: &'a Enforcement,
) -> Client<'a> {
    Client {
        name,
        client_id: &application.client_id,
        metadata: metadata(application, enforcement).0,
        description: Some(application.notes.as_str()).filter(|notes| is_description(notes)),
        grants: grants(registry, application, enforcement.strategy),
    }
}

fn is_description(notes: &str) -> bool {
    !notes.is_empty() && notes.chars().count() <= MOST_DESCRIPTION
}

fn grants<'a>(
    registry: &'a Registry,
    application: &'a Application,
    strategy: Strategy,
) -> Vec<(Cow<'a, str>, Vec<&'a str>)> {
    if application.status == ApplicationStatus::Suspended {
        return Vec::new();
    }
    let mut granted: Vec<(Cow<'a, str>, Vec<&'a str>)> = Vec::new();
    for grant in &application.grants {
        let Some(api) = registry.api(&grant.audience) else { continue };
        let twin = application.expires_at.and_then(|_| twin(registry, strategy, api));
        let audience = twin.map_or(Cow::Borrowed(api.audience.as_str()), |(twin, _)| Cow::Owned(twin));
        let server = registry.api(&audience).unwrap_or(api);
        let known = grant.scopes.iter().map(String::as_str).filter(|scope| server.scope(scope).is_some());
        // Of an API and its twin a trial gets the twin alone.
        let Some((_, scopes)) = granted.iter_mut().find(|(other, _)| *other == audience) else {
            granted.push((audience, known.collect()));
            continue;
        };
        let more: Vec<&str> = known.filter(|scope| !scopes.contains(scope)).collect();
        scopes.extend(more);
    }
    granted
}

/// The metadata, and how many of its entries Auth0 does not take.
pub(crate) fn metadata<'a>(
    application: &'a Application,
    enforcement: &'a Enforcement,
) -> (BTreeMap<&'a str, String>, usize) {
    let instant = |at: Option<Instant>| at.map(|at| enforcement.form.write(at)).unwrap_or_default();
    let own = [
        (enforcement.end_key.as_str(), instant(application.expires_at)),
        (enforcement.start_key.as_str(), instant(application.not_before)),
        ("external_id", application.external_id.clone().unwrap_or_default()),
        ("customer", application.customer.clone()),
        ("contact", application.contact.clone()),
        ("tags", application.tags.join(" ")),
    ];
    let is_own = |key: &str| own.iter().any(|(name, _)| *name == key);
    let others = application.metadata.iter();
    let others: Vec<_> = others.map(|(key, value)| (key.as_str(), value.clone(), is_own(key))).collect();
    let (mut kept, mut lost) = (BTreeMap::new(), 0);
    let all = own.iter().map(|(key, value)| (*key, value.clone(), false)).chain(others);
    for (key, value, taken) in all.filter(|(_, value, _)| !value.is_empty()) {
        let fits = |text: &str| text.chars().count() <= MOST_CHARACTERS;
        if taken || key.is_empty() || !fits(key) || !fits(&value) || kept.len() >= MOST_KEYS {
            lost += 1;
        } else {
            kept.insert(key, value);
        }
    }
    (kept, lost)
}

/// The lifetime that is written for an API; nothing where it sets none, and Auth0 then gives a day.
pub(crate) fn token_lifetime(api: &Api, strategy: Strategy) -> Option<i64> {
    let own = api.access_token_duration.map(Duration::seconds);
    let seconds = match strategy {
        Strategy::Shorten(most) => Some(own.unwrap_or(86_400).min(most.seconds())),
        _ => own,
    };
    seconds.map(|seconds| seconds.min(LONGEST))
}

/// The scopes of an API as Auth0 keeps them, and what to call the API.
pub(crate) fn api_name(api: &Api) -> String {
    let name = allowed(api.title());
    if name.is_empty() { allowed(&api.audience) } else { name }
}

/// What Auth0 says about a scope that has no description.
pub(crate) fn scope_description(scope: &Scope) -> &str {
    if scope.description.is_empty() { &scope.name } else { &scope.description }
}

/// What Auth0 cannot carry.
pub(super) fn notes(asked: &Asked, selection: &Selection) -> Vec<String> {
    let registry = asked.registry();
    let mut notes = Vec::new();
    let mut say = |count: usize, one: &str, rest: &str| {
        if count > 0 {
            notes.push(format!("{} {rest}", counted(count, one)));
        }
    };
    let scopes = || registry.apis().iter().flat_map(|api| &api.scopes);
    let timed = scopes().filter(|scope| scope.access_token_duration.is_some()).count();
    say(timed, "scope lifetime", "left out: Auth0 has none for a scope");
    let marked = scopes().filter(|scope| scope.default).count();
    say(marked, "default mark", "left out: Auth0 gives every granted scope, whatever is asked for");
    let own = selection.of(registry).filter(|app| app.access_token_duration.is_some()).count();
    say(own, "application lifetime", "left out: Auth0 has one for each API alone");
    say(
        registry.guardrails().iter().filter(|rule| rule.enabled).count(),
        "guardrail",
        "left out: Auth0 does not know the policy's rules",
    );
    let suspended = selection.of(registry).filter(|app| app.status == ApplicationStatus::Suspended).count();
    say(suspended, "suspended application", "written without grants: Auth0 has no switch that turns one off");
    let lost = selection.of(registry).map(|app| metadata(app, &asked.enforcement).1).sum();
    say(lost, "entry of metadata", "left out: Auth0 takes ten, of 255 characters, each key once");
    let long = selection.of(registry).filter(|app| !app.notes.is_empty() && !is_description(&app.notes));
    say(long.count(), "note", "left out: a description has at most 140 characters");
    let unknown = selection.of(registry).flat_map(|app| &app.grants);
    let unknown = unknown.filter(|grant| registry.api(&grant.audience).is_none()).count();
    say(unknown, "grant", "left out: the API is not in the registry");
    let lacking = selection.of(registry).flat_map(|app| &app.grants).filter_map(|grant| {
        let api = registry.api(&grant.audience)?;
        Some(grant.scopes.iter().filter(|scope| api.scope(scope).is_none()).count())
    });
    say(lacking.sum(), "granted scope", "left out: the API does not have it");
    let over = registry.apis().iter();
    let over = over.filter(|api| api.access_token_duration.is_some_and(|d| d.seconds() > LONGEST));
    say(over.count(), "API lifetime", "cut to 30 days, the longest that Auth0 takes");
    let service = registry.service.access_token_duration.seconds();
    let unset = registry.apis().iter().filter(|api| api.access_token_duration.is_none()).count();
    if service != 86_400 && unset > 0 && !matches!(asked.enforcement.strategy, Strategy::Shorten(_)) {
        let service = human(service);
        let apis = counted(unset, "API");
        notes.push(format!("{apis} without a lifetime: Auth0 gives 24 h, the registry's service {service}"));
    }
    let names = client_names(registry);
    let other = |app: &&Arc<Application>| {
        !app.name.is_empty() && names.get(app.client_id.as_str()) != Some(&app.name)
    };
    let renamed: Vec<&Arc<Application>> = selection.of(registry).filter(other).collect();
    if let Some(name) = renamed.first().and_then(|first| names.get(first.client_id.as_str())) {
        let clients = counted(renamed.len(), "client");
        notes.push(format!(
            "{clients} named otherwise there (`{name}`): a name that several have gets the client id, and Auth0 takes no < or >"
        ));
    }
    notes.push(strategy_note(asked.enforcement.strategy));
    notes
}

fn strategy_note(strategy: Strategy) -> String {
    match strategy {
        Strategy::DenyAtEnd => {
            "tokens of just before a trial's end live on for the API's lifetime; `--strategy outlive` or `shorten` \
             end them sooner"
                .to_owned()
        }
        Strategy::DenyOutliving => "a trial gets no token in the last stretch before its end that is as long as the \
                                    API's lifetime"
            .to_owned(),
        Strategy::Shorten(most) => format!(
            "every API's tokens live for {} at most, those of paying customers too",
            human(most.seconds())
        ),
        Strategy::Second(most) => format!(
            "trials get their tokens from a second resource server of each API, with {} and `/trials` behind its \
             identifier: let the APIs accept both audiences before",
            human(most.seconds())
        ),
    }
}
