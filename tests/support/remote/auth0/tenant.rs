//! A tenant's state, and the way from a request to what it asks for.

use super::super::fault::Call;
use super::super::http::{Request, Response};
use super::super::rows::Rows;
use super::super::server::Vendor;
use super::error::{error, plain};
use super::paging::Paging;
use super::token::Token;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

/// The tenant's canonical domain, wherever the stand-in listens.
pub const DOMAIN: &str = "tenure-test.eu.auth0.com";
pub const CLIENT_ID: &str = "tenureMachine0000000000000000000";
pub const SECRET: &str = "canary-secret-of-the-tenant";

/// The permissions of a new tenant's credentials: those that Tenure asks for.
const PERMISSIONS: [&str; 16] = [
    "read:clients",
    "create:clients",
    "update:clients",
    "delete:clients",
    "read:resource_servers",
    "create:resource_servers",
    "update:resource_servers",
    "delete:resource_servers",
    "read:client_grants",
    "create:client_grants",
    "update:client_grants",
    "delete:client_grants",
    "read:actions",
    "create:actions",
    "update:actions",
    "delete:actions",
];

/// Those that a tenant can grant beside them.
const FURTHER: [&str; 4] =
    ["read:client_keys", "create:client_keys", "update:client_keys", "read:tenant_settings"];

/// The Management API's identifier.
pub fn management_audience() -> String {
    format!("https://{DOMAIN}/api/v2/")
}

pub struct Tenant {
    base: String,
    pub clients: Rows,
    pub resource_servers: Rows,
    pub grants: Rows,
    pub actions: Rows,
    pub bindings: BTreeMap<String, Vec<Value>>,
    /// How often an Action that was written is read before it is built, and those that are not yet.
    pub reads_to_build: usize,
    pub building: HashMap<String, usize>,
    pub tokens: HashMap<String, Token>,
    pub page_limit: usize,
    cursor_epoch: u64,
    random: u64,
    clock: i64,
}

/// What a request is allowed to do and asks for.
pub struct Caller {
    pub permissions: BTreeSet<String>,
}

impl Caller {
    pub fn may(&self, permission: &str) -> bool {
        self.permissions.contains(permission)
    }

    /// Refuses a caller without the permission, as the vendor does.
    pub fn needs(&self, permission: &str) -> Result<(), Response> {
        if self.may(permission) {
            return Ok(());
        }
        let message = format!("Insufficient scope, expected any of: {permission}");
        Err(error(403, "insufficient_scope", &message))
    }
}

impl Tenant {
    pub fn new(base: &str) -> Self {
        let mut tenant = Self {
            base: base.to_owned(),
            clients: Rows::new("client_id", &["is_first_party", "global", "app_type"]),
            resource_servers: Rows::new("id", &["identifier"]),
            grants: Rows::new("id", &["client_id", "audience"]),
            actions: Rows::new("id", &["name"]),
            bindings: BTreeMap::new(),
            reads_to_build: 0,
            building: HashMap::new(),
            tokens: HashMap::new(),
            page_limit: 100,
            cursor_epoch: 0,
            random: 0,
            clock: 0,
        };
        let every: Vec<_> = PERMISSIONS.iter().chain(&FURTHER).map(|name| json!({ "value": name })).collect();
        tenant.put_resource_server(json!({
            "name": "Auth0 Management API", "identifier": management_audience(), "is_system": true, "scopes": every,
        }));
        tenant.put_client(json!({
            "client_id": CLIENT_ID, "client_secret": SECRET, "name": "Tenure", "app_type": "non_interactive",
            "grant_types": ["client_credentials"],
        }));
        tenant.clients.put(&json!({
            "client_id": "allApplications00000000000000000", "name": "All Applications", "global": true,
            "tenant": "tenure-test", "is_first_party": true, "callbacks": [], "custom_login_page_on": true,
            "sso_disabled": false, "cross_origin_auth": false, "owners": ["mr|google-oauth2|1"],
        }));
        tenant.set_permissions(&PERMISSIONS);
        tenant
    }

    pub fn set_permissions(&mut self, permissions: &[&str]) {
        let audience = management_audience();
        let filters = [("client_id", CLIENT_ID), ("audience", audience.as_str())];
        let id = self.grants.ids(&filters).pop().unwrap_or_else(|| format!("cgr_{}", self.random_text(16)));
        self.put_grant(
            json!({ "id": id, "client_id": CLIENT_ID, "audience": audience, "scope": permissions }),
        );
    }

    pub fn expire_tokens(&mut self) {
        self.tokens.clear();
    }

    pub const fn expire_cursors(&mut self) {
        self.cursor_epoch += 1;
    }

    /// Whether an audience is the Management API: by the canonical domain, or by where the stand-in listens.
    pub fn is_management(&self, audience: &str) -> bool {
        let port = self.base.rsplit(':').next().unwrap_or_default();
        let here = ["127.0.0.1", "localhost"].map(|host| format!("{host}:{port}/api/v2/"));
        audience == management_audience()
            || audience.split_once("://").is_some_and(|(_, rest)| here.iter().any(|host| host == rest))
    }

    /// A text that looks like an id and has not been there before.
    pub fn random_text(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let letter = |_| {
            self.random =
                self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = usize::try_from(self.random >> 33).unwrap() % LETTERS.len();
            char::from(LETTERS[at])
        };
        (0..length).map(letter).collect()
    }

    /// Now, later than any answer before.
    pub fn now(&mut self) -> String {
        self.clock = Utc::now().timestamp_millis().max(self.clock + 1);
        let instant = DateTime::from_timestamp_millis(self.clock).unwrap();
        instant.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    pub const fn paging(&self, checkpoints: bool) -> Paging {
        Paging { limit: self.page_limit, checkpoints, epoch: self.cursor_epoch }
    }

    fn caller(&mut self, request: &Request) -> Result<Caller, Response> {
        let header =
            request.header("authorization").ok_or_else(|| error(401, "", "Missing authentication"))?;
        let token = header.split_once(' ').filter(|(kind, _)| kind.eq_ignore_ascii_case("bearer"));
        let token =
            token.and_then(|(_, token)| self.tokens.get(token)).filter(|token| token.until > Instant::now());
        let permissions = token.map(|token| token.permissions.clone());
        permissions.map(|permissions| Caller { permissions }).ok_or_else(|| error(401, "", "Invalid token"))
    }

    fn route(&mut self, request: &Request) -> Result<Response, Response> {
        let steps = request.steps();
        let steps: Vec<_> = steps.iter().map(String::as_str).collect();
        let Some(steps) = steps.strip_prefix(&["api", "v2"]) else { return Err(error(404, "", "Not Found")) };
        let caller = self.caller(request)?;
        match steps {
            ["clients", rest @ ..] => self.clients_route(request, &caller, rest),
            ["resource-servers", rest @ ..] => self.resource_servers_route(request, &caller, rest),
            ["client-grants", rest @ ..] => self.grants_route(request, &caller, rest),
            ["actions", rest @ ..] => self.actions_route(request, &caller, rest),
            _ => Err(error(404, "", "Not Found")),
        }
    }
}

impl Vendor for Tenant {
    fn call(&self, request: &Request) -> Option<Call> {
        let steps = request.steps();
        let steps: Vec<_> = steps.iter().map(String::as_str).collect();
        if steps == ["oauth", "token"] {
            return Some(Call::Token);
        }
        let ["api", "v2", rest @ ..] = steps.as_slice() else { return None };
        let is_list = matches!(
            rest,
            [_] | ["actions", "actions" | "triggers"] | ["actions", "triggers", _, "bindings"]
        );
        match request.method.as_str() {
            "GET" if is_list => Some(Call::List),
            "GET" => Some(Call::Read),
            "POST" if is_list => Some(Call::Create),
            "POST" | "PATCH" | "PUT" => Some(Call::Update),
            "DELETE" => Some(Call::Delete),
            _ => None,
        }
    }

    fn answer(&mut self, request: &Request) -> Response {
        if request.path == "/oauth/token" && request.method == "POST" {
            return self.token_endpoint(request);
        }
        self.route(request).unwrap_or_else(|error| error)
    }

    fn error(&mut self, status: u16) -> Response {
        if status == 401 {
            self.expire_tokens();
        }
        plain(status)
    }

    fn move_first(&mut self, request: &Request) {
        let now = self.now();
        match request.path.as_str() {
            "/api/v2/clients" => self.clients.move_first(&[], |client| {
                client["description"] = "edited between two pages".into();
                client["updated_at"] = now.into();
            }),
            "/api/v2/client-grants" => self.grants.move_first(&[], |grant| grant["scope"] = json!([])),
            "/api/v2/resource-servers" => {
                self.resource_servers
                    .move_first(&[], |server| server["name"] = "Edited between two pages".into());
            }
            _ => {}
        }
    }
}
