//! What a person does with a connection in the window, against a tenant that keeps state.

#![allow(dead_code, reason = "each test binary uses its part")]

use crate::desk::Desk;
use crate::remote::{Auth0, DOMAIN};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use serde_json::json;
use tenure::app::{Message, State, ThemeChoice};
use tenure::edit::Change;
use tenure::registry::{Application, Instant};

pub const API: &str = "https://api.example.com";

pub fn tenant() -> Auth0 {
    let tenant = Auth0::start();
    tenant.put_resource_server(json!({
        "identifier": API, "name": "Data API", "token_lifetime": 86400,
        "scopes": [{ "value": "read", "description": "Read" }, { "value": "write", "description": "Write" }],
    }));
    for (id, name, end) in [
        ("acme", "Acme trial", "2026-11-25T12:00:00Z"),
        ("globex", "Globex report", "2026-11-28T18:00:00Z"),
        ("initech", "Initech sync", "2026-11-23T12:00:00Z"),
        ("soylent", "Soylent", "2027-03-01T00:00:00Z"),
    ] {
        tenant.put_client(json!({
            "client_id": id, "name": name, "app_type": "non_interactive", "grant_types": ["client_credentials"],
            "client_metadata": { "expires_at": end },
        }));
        tenant.grant(id, API, &["read", "write"]);
    }
    tenant
}

/// What a person does with a connection.
pub struct Person {
    pub desk: Desk,
    pub tenant: Auth0,
}

impl Person {
    pub fn new() -> Self {
        Self::dressed(ThemeChoice::Light)
    }

    pub fn dressed(theme: ThemeChoice) -> Self {
        Self { desk: Desk::dressed(theme), tenant: tenant() }
    }

    /// Types into the field of this name, from its beginning.
    pub fn fill(&mut self, field: &str, text: &str) {
        // The words above it have the same name.
        let by = |role| self.desk.harness.query_by_role_and_label(role, field);
        by(Role::TextInput).or_else(|| by(Role::PasswordInput)).unwrap().focus();
        self.desk.settle();
        self.desk.keys(Modifiers::COMMAND, Key::A);
        self.desk.write(text);
    }

    pub fn fill_form(&mut self, secret: &str) {
        let (id, base) = (self.tenant.credentials().0.to_owned(), self.tenant.base().to_owned());
        self.fill("Name", "acme-prod");
        self.fill("Domain", DOMAIN);
        self.fill("Client id", &id);
        self.fill("Client secret", secret);
        if !self.desk.sees("Overlay file") {
            self.desk.press("More");
        }
        self.fill("Address", &base);
    }

    /// Adds the tenant as a connection of this environment that may write.
    pub fn connected(environment: &str) -> Self {
        Self::dressed_and_connected(ThemeChoice::Light, environment)
    }

    pub fn dressed_and_connected(theme: ThemeChoice, environment: &str) -> Self {
        let mut person = Self::dressed(theme);
        person.desk.press("Connect to Auth0 or Authlete…");
        person.add(environment);
        person
    }

    /// Adds the tenant from the Connections screen.
    pub fn add(&mut self, environment: &str) {
        self.desk.press("Add connection…");
        let secret = self.tenant.credentials().1.to_owned();
        self.fill_form(&secret);
        self.desk.press(environment);
        self.desk.press("Review before apply");
        self.desk.press("Add");
    }

    /// The same, pulled and open.
    pub fn pulled(environment: &str) -> Self {
        let mut person = Self::connected(environment);
        person.desk.press("Pull acme-prod");
        person
    }

    /// What has the keyboard.
    pub fn focused(&self) -> egui_kittest::Node<'_> {
        self.desk.harness.get_by(|node| node.is_focused())
    }

    pub fn state(&self) -> &State {
        self.desk.harness.state().state()
    }

    pub fn app(&self, id: &str) -> std::sync::Arc<Application> {
        self.state().open.as_ref().unwrap().registry().application(id).unwrap().clone()
    }

    /// Edits an application on its screen's behalf.
    pub fn edit(&mut self, id: &str, by: impl FnOnce(&mut Application)) {
        let before = self.app(id);
        let mut after = Application::clone(&before);
        by(&mut after);
        let changes = vec![Change::application(&before, after).unwrap()];
        self.send(Message::Edit { label: format!("Edit {id}"), changes });
    }

    pub fn send(&mut self, message: Message) {
        let ctx = self.desk.harness.ctx.clone();
        self.desk.harness.state_mut().send(&ctx, message);
        self.desk.settle();
    }

    pub fn pending(&self) -> usize {
        self.state().review.pending()
    }

    pub fn extend(&mut self, id: &str, end: &str) {
        let end = Instant::parse(end).unwrap();
        self.edit(id, |app| app.expires_at = Some(end));
    }

    pub fn review(&mut self) {
        self.desk.keys(Modifiers::COMMAND, Key::S);
        assert!(self.state().review.shown);
    }
}
