//! The sample registry of the first run: an API vendor with about forty-five trial customers.

use super::{
    Api, Application, ApplicationStatus, Column, Duration, Grant, Guardrail, Instant, Order, ProfileName,
    Registry, SavedView, Scope, Service, Template, Then,
};

pub(super) const DATA: &str = "https://api.example.com";
pub(super) const BILLING: &str = "https://billing.example.com";
pub(super) const REPORTS: &str = "https://reports.example.com";

const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// A customer's line: customer, client id, start and end in hours from now, what is granted, words.
type Line = (&'static str, &'static str, Option<i64>, Option<i64>, &'static [Access], &'static str);
type Access = (&'static str, &'static [&'static str]);

const READ: Access = (DATA, &["read"]);
const WRITE: Access = (DATA, &["read", "write"]);
const EXPORT: Access = (DATA, &["export", "read"]);
const ADMIN: Access = (DATA, &["admin", "read", "write"]);
const INVOICES: Access = (BILLING, &["invoices:read"]);
const USAGE: Access = (BILLING, &["invoices:read", "usage:write"]);
const REPORT: Access = (REPORTS, &["run"]);
const SCHEDULE: Access = (REPORTS, &["run", "schedule"]);

const fn d(days: i64, hours: i64) -> Option<i64> {
    Some(days * 24 + hours)
}

/// Who tries what. Ends within a week are *ending*, those behind *ended*, starts ahead *scheduled*;
/// a word `off` means suspended, `capped` a lifetime of its own.
const LINES: &[Line] = &[
    ("Acme", "acme-trial", d(-28, 0), d(2, 0), &[WRITE], "trial eu"),
    ("Acme", "acme-batch", d(-200, 0), None, &[READ, REPORT], "paid eu"),
    ("Globex", "globex-report", d(-25, 0), d(5, 6), &[READ, INVOICES], "trial us"),
    ("Hooli", "hooli-ingest", d(-19, 0), d(41, 0), &[WRITE], "trial us"),
    ("Hooli", "hooli-nucleus", d(-90, 0), d(-30, 0), &[READ], "trial us"),
    ("Initech", "initech-sync", d(-51, 0), d(-21, 3), &[WRITE], "trial us"),
    ("Massive Dynamic", "massive-lab", d(-10, 0), d(20, 0), &[ADMIN], "trial us capped"),
    ("Pied Piper", "piper-compress", d(-6, 0), d(24, 0), &[WRITE, REPORT], "trial us"),
    ("Soylent", "soylent-green", d(-40, 0), d(-10, 2), &[READ], "trial us"),
    ("Stark Industries", "stark-arc", d(-300, 0), None, &[ADMIN, USAGE, SCHEDULE], "paid us"),
    ("Tyrell", "tyrell-replay", d(-29, 0), d(0, 16), &[WRITE], "trial probe us"),
    ("Umbrella", "umbrella-hive", d(-15, 0), d(15, 0), &[READ], "trial eu off"),
    ("Vandelay", "vandelay-export", d(-8, 0), d(52, 0), &[EXPORT, INVOICES], "trial us"),
    ("Wayne", "wayne-archive", d(-400, 0), None, &[EXPORT, REPORT], "paid us"),
    ("Wonka", "wonka-factory", d(3, 0), d(33, 0), &[WRITE], "trial eu"),
    ("Yoyodyne", "yoyodyne-propulsion", d(-26, 0), d(4, 0), &[READ, SCHEDULE], "trial us"),
    ("Zorg", "zorg-probe", d(-12, 0), d(33, 0), &[REPORT], "trial probe eu"),
    ("Aperture", "aperture-core", d(-22, 0), d(8, 0), &[WRITE], "trial us"),
    ("Black Mesa", "blackmesa-lambda", d(-33, 0), d(-3, 0), &[ADMIN], "trial us"),
    ("Blue Sun", "bluesun-cargo", d(-14, 0), d(76, 0), &[READ, USAGE], "trial apac"),
    ("Bluth", "bluth-stand", d(-58, 0), d(-28, 0), &[INVOICES], "trial us"),
    ("Buy n Large", "bnl-orders", d(-500, 0), None, &[WRITE, USAGE], "paid us"),
    ("Cyberdyne", "cyberdyne-net", d(-20, 0), d(10, 0), &[ADMIN, REPORT], "trial us off"),
    ("Dunder Mifflin", "dunder-paper", d(-27, 0), d(3, 5), &[INVOICES], "trial us"),
    ("Duff", "duff-brew", d(-5, 0), d(25, 0), &[READ], "trial us"),
    ("E Corp", "ecorp-ledger", d(-120, 0), None, &[USAGE], "paid us capped"),
    ("Genco", "genco-import", d(7, 0), d(37, 0), &[READ], "trial eu"),
    ("Gringotts", "gringotts-vault", d(-23, 0), d(7, 1), &[READ, INVOICES], "trial eu"),
    ("InGen", "ingen-park", d(-70, 0), d(-10, 0), &[WRITE], "trial apac"),
    ("Kwik-E-Mart", "kwik-stock", d(-18, 0), d(12, 0), &[READ], "trial us"),
    ("Los Pollos", "pollos-fleet", d(-24, 0), d(6, 0), &[SCHEDULE], "trial us"),
    ("Monsters Inc", "monsters-scream", d(-2, 0), d(28, 0), &[WRITE], "trial us"),
    ("Nakatomi", "nakatomi-tower", d(-31, 0), d(-1, 0), &[READ], "trial apac"),
    ("Omni", "omni-patrol", d(-9, 0), d(81, 0), &[ADMIN], "trial us capped"),
    ("Oscorp", "oscorp-glide", d(-45, 0), d(-15, 0), &[WRITE, REPORT], "trial us"),
    ("Paper Street", "paperstreet-soap", d(-30, 0), d(0, 3), &[READ], "trial us"),
    ("Planet Express", "planet-deliver", d(-250, 0), None, &[READ, SCHEDULE], "paid eu"),
    ("Prestige", "prestige-list", d(-11, 0), d(19, 0), &[EXPORT], "trial eu"),
    ("Rekall", "rekall-memory", d(14, 0), d(44, 0), &[READ, REPORT], "trial eu"),
    ("Sirius", "sirius-happy", d(-13, 0), d(17, 0), &[WRITE], "trial apac"),
    ("Sterling Cooper", "sterling-ads", d(-65, 0), d(-5, 0), &[REPORT], "trial us"),
    ("Virtucon", "virtucon-laser", d(-16, 0), d(14, 0), &[READ], "trial eu off"),
    ("Weyland-Yutani", "weyland-colony", d(-350, 0), None, &[ADMIN, SCHEDULE], "paid apac"),
];

/// The two examples that the product grew from, and believable customers around them, as seen at `now`.
///
/// Every instant is a number of whole hours from the hour of `now`, so that the sample is as alive on any day.
#[must_use]
pub fn sample(now: Instant) -> Registry {
    let hour = Instant::saturating(now.seconds() - now.seconds().rem_euclid(HOUR));
    let mut applications: Vec<_> = LINES.iter().map(|line| customer(hour, line)).collect();
    applications.extend(examples(hour));
    Registry::new(service(), apis(), applications, guardrails()).with(views(), templates())
}

fn views() -> Vec<SavedView> {
    vec![SavedView {
        name: "Trials by end".into(),
        filter: "tag:trial -status:ended".into(),
        order: Order { column: Column::ExpiresAt, descending: false },
        columns: Vec::new(),
    }]
}

fn templates() -> Vec<Template> {
    let template =
        |name: &str, days: Option<i64>, own: Option<i64>, access: &[Access], tags: &[&str]| Template {
            name: name.into(),
            trial_duration: days.and_then(|days| seconds(days * DAY)),
            access_token_duration: own.and_then(seconds),
            grants: access.iter().map(grant).collect(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        };
    vec![
        template("Trial of 30 days", Some(30), None, &[READ], &["trial"]),
        template("Proof of concept", Some(90), Some(HOUR), &[WRITE, REPORT], &["probe", "trial"]),
        template("Paying customer", None, None, &[WRITE, INVOICES], &["paid"]),
    ]
}

pub(super) fn service() -> Service {
    Service {
        name: "Example".to_owned(),
        issuer: "https://issuer.example".to_owned(),
        issuer_profile: ProfileName::Auth0Action,
        ..Service::default()
    }
}

pub(super) fn apis() -> Vec<Api> {
    let api = |audience: &str, name: &str, duration: Option<Duration>, scopes| Api {
        audience: audience.to_owned(),
        name: name.to_owned(),
        access_token_duration: duration,
        scopes,
    };
    vec![
        api(
            DATA,
            "Data API",
            Some(Duration::DAY),
            vec![
                scope("admin", "Change settings and users", 300),
                scope("export", "Download whole data sets", 1800),
                Scope { default: true, ..scope("read", "Read records", 3600) },
                scope("write", "Create and change records", 600),
            ],
        ),
        api(
            BILLING,
            "Billing API",
            seconds(4 * HOUR),
            vec![
                Scope { default: true, ..scope("invoices:read", "Read invoices", 7200) },
                scope("usage:write", "Report usage", 900),
            ],
        ),
        // No lifetime of its own: the service's counts.
        api(
            REPORTS,
            "Reports API",
            None,
            vec![
                Scope { default: true, ..scope("run", "Run a report", 0) },
                scope("schedule", "Run reports by the clock", 12 * HOUR),
            ],
        ),
    ]
}

pub(super) fn guardrails() -> Vec<Guardrail> {
    let rule = |name: &str, enabled, when: &str, then| Guardrail {
        name: name.to_owned(),
        enabled,
        when: when.to_owned(),
        then,
    };
    let mut rules = vec![rule(
        "no admin in trials",
        false,
        "\"trial\" in app.tags && \"admin\" in scopes",
        Then::Deny("trials have no admin access; ask sales for a contract".to_owned()),
    )];
    rules.extend(
        seconds(300).map(|cap| rule("short for probes", true, "\"probe\" in app.tags", Then::Cap(cap))),
    );
    rules
}

fn seconds(seconds: i64) -> Option<Duration> {
    Duration::from_seconds(seconds).ok()
}

/// A scope; 0 seconds mean that it sets no lifetime.
fn scope(name: &str, description: &str, lifetime: i64) -> Scope {
    Scope {
        name: name.to_owned(),
        description: description.to_owned(),
        access_token_duration: seconds(lifetime),
        default: false,
    }
}

fn customer(hour: Instant, line: &Line) -> Application {
    let (customer, client_id, start, end, access, words) = line;
    let after = |hours: &Option<i64>| hours.map(|h| Instant::saturating(hour.seconds() + h * HOUR));
    let has = |word| words.split(' ').any(|w| w == word);
    let (short, task) = client_id.split_once('-').unwrap_or((client_id, ""));
    Application {
        client_id: (*client_id).to_owned(),
        external_id: Some(format!("crm-{short}-{task}")),
        name: format!("{customer} {task}"),
        customer: (*customer).to_owned(),
        contact: format!("ops@{short}.example"),
        status: if has("off") { ApplicationStatus::Suspended } else { ApplicationStatus::Active },
        not_before: after(start),
        expires_at: after(end),
        access_token_duration: has("capped").then(|| seconds(300)).flatten(),
        grants: access.iter().map(grant).collect(),
        tags: words.split(' ').filter(|w| !matches!(*w, "off" | "capped")).map(str::to_owned).collect(),
        notes: if has("off") { "Suspended until the contract is signed.".to_owned() } else { String::new() },
        ..Application::default()
    }
    .normalised()
}

/// The applications of the two examples: scopes with lifetimes, and a trial that ends.
fn examples(hour: Instant) -> [Application; 3] {
    let example = |client_id: &str, name: &str| Application {
        client_id: client_id.to_owned(),
        name: name.to_owned(),
        grants: vec![grant(&WRITE)],
        tags: vec!["example".to_owned()],
        ..Application::default()
    };
    [
        Application {
            notes: "A day, an hour with read, ten minutes with write.".to_owned(),
            ..example("client", "Client")
        },
        Application {
            access_token_duration: seconds(300),
            notes: "Its own lifetime is shorter than any scope's.".to_owned(),
            ..example("capped", "Capped")
        },
        Application {
            not_before: Some(Instant::saturating(hour.seconds() - 30 * DAY)),
            expires_at: Some(Instant::saturating(hour.seconds() + HOUR)),
            grants: vec![grant(&READ)],
            notes: "The trial ends in an hour: no token outlives it.".to_owned(),
            ..example("trial", "Trial")
        },
    ]
}

fn grant((audience, scopes): &Access) -> Grant {
    Grant {
        audience: (*audience).to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    }
}
