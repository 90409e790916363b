//! Small verbs for tests of remote registries: a connection in a folder of its own, and a person who works with it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::sync::Arc;
use std::time::Duration as Time;
use tenure::edit::{Change, Draft, operation};
use tenure::registry::{Application, Instant, Registry};
use tenure::remote::{
    Access, Applied, Choices, Connection, Connections, Credentials, Environment, Event, Kept, Limits,
    MetadataKeys, Outcome, Person, Plan, Pulled, Remote, RemoteError, Stop, Vendor, Workspace, apply, plan,
    pull, run,
};
use tenure::store::Store;
use tenure::token::Secret;

/// Times that a test can wait for.
pub fn quick() -> Limits {
    Limits {
        connect: Time::from_millis(800),
        answer: Time::from_millis(1200),
        patience: Time::from_secs(4),
        first_wait: Time::from_millis(10),
        size: 4 << 20,
    }
}

pub fn now() -> Instant {
    Instant::parse("2026-01-10T12:00:00Z").unwrap()
}

pub struct Person_ {
    pub folder: tempfile::TempDir,
    pub connection: Connection,
    secret: Vec<Vec<u8>>,
    pub limits: Limits,
    pub events: Vec<(String, Outcome)>,
    pub secrets: Vec<(String, Vec<u8>)>,
    pub elsewhere: Vec<(String, &'static str)>,
    pub choices: Choices,
    pub stop: Stop,
}

/// A person with a connection to this remote.
pub fn person(vendor: Vendor, secret: &[&str]) -> Person_ {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection {
        name: "prod".to_owned(),
        vendor,
        environment: Environment::Staging,
        access: Access::Write,
        credentials: Kept::Stored,
        overlay: None,
        authorities: None,
    };
    let person = Person_ {
        connection,
        secret: secret.iter().map(|part| part.as_bytes().to_vec()).collect(),
        limits: quick(),
        events: Vec::new(),
        secrets: Vec::new(),
        elsewhere: Vec::new(),
        choices: Choices::new(),
        stop: Stop::default(),
        folder,
    };
    person.keep();
    person
}

pub fn auth0(base: &str, domain: &str, client_id: &str) -> Vendor {
    Vendor::Auth0 {
        domain: domain.to_owned(),
        base: Some(base.to_owned()),
        client_id: client_id.to_owned(),
        metadata: MetadataKeys::default(),
    }
}

impl Person_ {
    pub fn connections(&self) -> Connections {
        Connections::new(self.folder.path().join("connections"))
    }

    /// Writes the connection's settings.
    pub fn keep(&self) {
        self.connections().write(&self.connection).unwrap();
    }

    pub fn workspace(&self) -> Workspace {
        Workspace::open(&self.connections(), &self.connection.name).unwrap()
    }

    pub fn remote(&self) -> Remote {
        let parts = self.secret.iter().map(|part| Secret::new(part.clone())).collect();
        Remote::new(&self.connection, Credentials::new(parts), self.limits.clone()).unwrap()
    }

    pub fn try_pull(&self) -> Result<Pulled, RemoteError> {
        let (workspace, mut remote) = (self.workspace(), self.remote());
        run(&self.stop, pull(&workspace, &mut remote, now(), "tester", &mut |_, _| {}, &self.stop)).unwrap()
    }

    pub fn pull(&self) -> Pulled {
        self.try_pull().unwrap()
    }

    pub fn mine(&self) -> Registry {
        self.workspace().mine().unwrap()
    }

    pub fn app(&self, client_id: &str) -> Arc<Application> {
        self.mine().application(client_id).unwrap_or_else(|| panic!("no {client_id}")).clone()
    }

    pub fn stage(&self, label: &str, changes: Vec<Change>) {
        let mut store = Store::open(self.workspace().staged()).unwrap();
        store.commit(&Draft::edit(label, "", changes), now(), "tester").unwrap();
    }

    /// Stages an edit of one application.
    pub fn edit(&self, client_id: &str, change: impl FnOnce(&mut Application)) {
        let before = self.app(client_id);
        let mut after = Application::clone(&before);
        change(&mut after);
        self.stage("edit", Change::application(&before, after).into_iter().collect());
    }

    pub fn suspend(&self, client_id: &str) {
        self.stage("suspend", operation::suspend(&self.app(client_id)).into_iter().collect());
    }

    pub fn undo(&self) {
        let mut store = Store::open(self.workspace().staged()).unwrap();
        let entries = store.entries_after(0).unwrap();
        let last = entries.last().unwrap();
        store.commit(&Draft::undo(last, ""), now(), "tester").unwrap();
    }

    pub fn plan(&self) -> Plan {
        plan(&self.workspace(), &mut self.remote()).unwrap()
    }

    /// What is staged, a line each.
    pub fn staged(&self) -> Vec<String> {
        let steps = self.plan().steps;
        steps
            .iter()
            .flat_map(|step| {
                let which = step.change.reference();
                let place = match (step.remote, step.overlay) {
                    (true, true) => "both",
                    (true, false) => "remote",
                    _ => "overlay",
                };
                tenure::edit::describe(&step.change)
                    .into_iter()
                    .map(move |field| {
                        let word = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
                        format!(
                            "{} {}: {} -> {} [{place}]",
                            which.id,
                            field.field,
                            word(field.before),
                            word(field.after)
                        )
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    pub fn try_apply(&mut self, plan: &Plan) -> Result<Applied, RemoteError> {
        let (workspace, mut remote) = (self.workspace(), self.remote());
        let (mut events, mut secrets, mut elsewhere) = (Vec::new(), Vec::new(), Vec::new());
        let mut hear = |event: Event| match event {
            Event::Item(_, _, which, outcome) => events.push((which.id, outcome)),
            Event::Action(outcome) => events.push(("action".to_owned(), outcome)),
            Event::Secret(id, secret) => secrets.push((id, secret.expose().to_vec())),
            Event::SecretElsewhere(id, place) => elsewhere.push((id, place)),
        };
        let mut person = Person { who: "tester", choices: &self.choices, hear: &mut hear };
        let applied =
            run(&self.stop, apply(&workspace, &mut remote, plan, now(), &mut person, &self.stop)).unwrap();
        self.events.extend(events);
        self.secrets.extend(secrets);
        self.elsewhere.extend(elsewhere);
        applied
    }

    /// Applies everything that is staged.
    pub fn apply(&mut self) -> Applied {
        let plan = self.plan();
        self.try_apply(&plan).unwrap()
    }

    /// Applies everything that is staged, and expects it to hold.
    pub fn apply_all(&mut self) {
        let applied = self.apply();
        assert!(applied.conflicts + applied.failed == 0 && !applied.stopped, "{applied:?} {:?}", self.events);
    }
}
