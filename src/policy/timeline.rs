//! Which settings were in force when, entity by entity, and how long the tokens of the past may still live.

use super::decide::{by_settings, default_scopes};
use super::profile::{is_auth0, lifetime};
use crate::edit::{Entity, EntityRef, Entry, Kind};
use crate::registry::{
    Api, Application, ApplicationStatus, DefaultScopes, Grant, Instant, ProfileName, Registry, Service,
};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Today's settings and every version that history knows, without a copy of the registry for each.
#[derive(Debug, Clone)]
pub struct Timeline {
    today: Arc<Registry>,
    begins: Instant,
    versions: HashMap<EntityRef, Vec<(Instant, Option<Entity>)>>,
}

/// A span of unchanged settings, both ends included.
#[derive(Clone, Copy)]
struct Era<'a> {
    from: Instant,
    to: Instant,
    service: &'a Service,
    api: &'a Api,
    application: &'a Application,
    /// Whether the status is not asked, since history does not reach back so far.
    as_if_active: bool,
}

impl Timeline {
    /// A timeline of today's settings and the whole history, which begins at `begins`.
    #[must_use]
    pub fn new(today: Arc<Registry>, entries: &[Entry], begins: Instant) -> Self {
        let mut versions: HashMap<EntityRef, Vec<(Instant, Option<Entity>)>> = HashMap::new();
        for entry in entries {
            for change in &entry.draft.changes {
                versions
                    .entry(change.reference())
                    .or_insert_with(|| vec![(begins, change.before().cloned())])
                    .push((entry.at, change.after().cloned()));
            }
        }
        Self { today, begins, versions }
    }

    /// The latest `exp` of any token that the profile could have issued up to `at` for this application and API.
    ///
    /// Every subset of scopes counts, and no requested lifetime. For `tenure` guardrails are left out, so that
    /// with guardrails it is an upper bound.
    #[must_use]
    pub fn tokens_until(
        &self,
        profile: ProfileName,
        client_id: &str,
        audience: &str,
        at: Instant,
    ) -> Option<Instant> {
        let today = (
            self.today.application(client_id).map(AsRef::as_ref),
            self.today.api(audience).map(AsRef::as_ref),
        );
        self.latest(profile, (client_id, audience), today, at)
    }

    /// For each API that an application is or was granted: until when tokens handed out up to `at` may live, where
    /// any still do; the longest first.
    #[must_use]
    pub fn living_tokens(
        &self,
        profile: ProfileName,
        client_id: &str,
        at: Instant,
    ) -> Vec<(String, Instant)> {
        let which = EntityRef { kind: Kind::Application, id: client_id.to_owned() };
        let today = self.today.application(client_id).map(AsRef::as_ref);
        let past = self.versions.get(&which).into_iter().flatten().filter_map(|(_, entity)| match entity {
            Some(Entity::Application(application)) => Some(application.as_ref()),
            _ => None,
        });
        let grants = today.into_iter().chain(past).flat_map(|application| &application.grants);
        let audiences: BTreeSet<&str> = grants.map(|grant| grant.audience.as_str()).collect();
        let mut living: Vec<(String, Instant)> = audiences
            .into_iter()
            .filter_map(|audience| Some((audience, self.tokens_until(profile, client_id, audience, at)?)))
            .filter(|(_, until)| *until > at)
            .map(|(audience, until)| (audience.to_owned(), until))
            .collect();
        living.sort_by_key(|(_, until)| std::cmp::Reverse(*until));
        living
    }

    /// The same for an application of some settings: where they are today's, nothing is looked up again.
    #[must_use]
    pub fn tokens_until_of(
        &self,
        registry: &Arc<Registry>,
        profile: ProfileName,
        (application, audience): (&Application, &str),
        at: Instant,
    ) -> Option<Instant> {
        if !self.is_of(registry) {
            return self.tokens_until(profile, &application.client_id, audience, at);
        }
        let api = registry.api(audience).map(AsRef::as_ref);
        self.latest(profile, (&application.client_id, audience), (Some(application), api), at)
    }

    /// Whether these are the settings of today.
    fn is_of(&self, registry: &Arc<Registry>) -> bool {
        Arc::ptr_eq(&self.today, registry)
    }

    /// The same where today's entities are at hand.
    fn latest(
        &self,
        profile: ProfileName,
        (client_id, audience): (&str, &str),
        today: (Option<&Application>, Option<&Api>),
        at: Instant,
    ) -> Option<Instant> {
        let mut latest = None;
        if at >= self.begins {
            for (from, to) in self.spans(client_id, audience, at) {
                latest = latest.max(
                    self.era((client_id, audience), today, from, to).and_then(|era| era.latest(profile)),
                );
            }
        }
        let before = Instant::saturating(self.begins.seconds().saturating_sub(1)).min(at);
        if let (Some(application), Some(api), true) = (today.0, today.1, before < self.begins) {
            let (from, service) = (Instant::MIN, &self.today.service);
            let era = Era { from, to: before, service, api, application, as_if_active: true };
            latest = latest.max(era.latest(profile));
        }
        latest
    }

    /// The spans since history began between which one of the three settings changed.
    fn spans(&self, client_id: &str, audience: &str, at: Instant) -> Vec<(Instant, Instant)> {
        if self.versions.is_empty() {
            return vec![(self.begins, at)];
        }
        let starts: BTreeSet<Instant> =
            [(Kind::Service, ""), (Kind::Api, audience), (Kind::Application, client_id)]
                .into_iter()
                .filter_map(|(kind, id)| self.versions.get(&EntityRef { kind, id: id.to_owned() }))
                .flatten()
                .map(|(from, _)| *from)
                .filter(|from| *from <= at)
                .chain([self.begins])
                .collect();
        let ends = starts.iter().skip(1).map(|next| next.plus(-1)).chain([at]);
        starts.iter().copied().zip(ends).collect()
    }

    fn era<'a>(
        &'a self,
        (client_id, audience): (&str, &str),
        today: (Option<&'a Application>, Option<&'a Api>),
        from: Instant,
        to: Instant,
    ) -> Option<Era<'a>> {
        let service = match self.version(Kind::Service, "", from) {
            Some(Some(Entity::Service(service))) => service,
            _ => &self.today.service,
        };
        let api = match self.version(Kind::Api, audience, from) {
            Some(Some(Entity::Api(api))) => api,
            Some(_) => return None,
            None => today.1?,
        };
        let application = match self.version(Kind::Application, client_id, from) {
            Some(Some(Entity::Application(application))) => application,
            Some(_) => return None,
            None => today.0?,
        };
        Some(Era { from, to, service, api, application, as_if_active: false })
    }

    /// What history says stood there at an instant; nothing where it never changed.
    fn version(&self, kind: Kind, id: &str, at: Instant) -> Option<Option<&Entity>> {
        if self.versions.is_empty() {
            return None;
        }
        let versions = self.versions.get(&EntityRef { kind, id: id.to_owned() })?;
        versions.iter().rev().find(|(from, _)| *from <= at).map(|(_, entity)| entity.as_ref())
    }
}

impl Era<'_> {
    /// The latest `exp` of a token issued within this span.
    fn latest(&self, profile: ProfileName) -> Option<Instant> {
        let application = self.application;
        if application.status == ApplicationStatus::Suspended && !self.as_if_active {
            return None;
        }
        let grant = application.grant(&self.api.audience)?;
        let longest = self.longest(profile, grant);
        let minimum = self.service.min_lifetime.seconds();
        let (mut from, mut to) = (self.from, self.to);
        if matches!(profile, ProfileName::Tenure | ProfileName::Auth0Action | ProfileName::Auth0ActionStrict)
        {
            from = application.not_before.map_or(from, |start| start.max(from));
            // The last instant at which a token is still issued, seen from the application's end.
            let left = match profile {
                ProfileName::Tenure => minimum,
                ProfileName::Auth0ActionStrict => longest,
                _ => 1,
            };
            to = application.expires_at.map_or(to, |end| end.plus(-left).min(to));
        }
        if from > to || (profile == ProfileName::Tenure && longest < minimum) {
            return None;
        }
        let exp = to.plus(longest);
        Some(
            application.expires_at.filter(|_| profile == ProfileName::Tenure).map_or(exp, |end| end.min(exp)),
        )
    }

    /// The longest lifetime of any request: of one scope by itself, or of none. Two scopes never live longer.
    fn longest(&self, profile: ProfileName, grant: &Grant) -> i64 {
        let of = |scopes: &[&str]| match profile {
            ProfileName::Tenure => by_settings(self.service, self.application, self.api, scopes),
            _ => lifetime(profile, self.service, self.application, self.api, scopes, None).seconds(),
        };
        if is_auth0(profile) {
            return of(&[]);
        }
        let rule = match profile {
            ProfileName::Tenure => self.service.default_scopes,
            _ => DefaultScopes::Marked,
        };
        let none = of(&default_scopes(rule, self.api, grant));
        let one = grant
            .scopes
            .iter()
            .filter(|name| self.api.scope(name).is_some())
            .map(|name| of(&[name.as_str()]));
        one.fold(none, i64::max)
    }
}
