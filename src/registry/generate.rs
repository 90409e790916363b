//! Large registries for benchmarks and trials: believable, and the same for the same seed.

use super::sample::{BILLING, DATA, REPORTS, apis, guardrails, service};
use super::{Application, ApplicationStatus, Duration, Grant, Instant, Registry};

const CUSTOMERS: [&str; 24] = [
    "Acme",
    "Aperture",
    "Blue Sun",
    "Cyberdyne",
    "Duff",
    "Gringotts",
    "Globex",
    "Hooli",
    "Initech",
    "InGen",
    "Kwik-E-Mart",
    "Massive Dynamic",
    "Nakatomi",
    "Oscorp",
    "Pied Piper",
    "Soylent",
    "Stark Industries",
    "Tyrell",
    "Umbrella",
    "Vandelay",
    "Wayne",
    "Wonka",
    "Yoyodyne",
    "Zorg",
];
const TASKS: [&str; 12] = [
    "archive",
    "batch",
    "billing",
    "dashboard",
    "export",
    "import",
    "ingest",
    "mobile",
    "probe",
    "report",
    "sync",
    "webhook",
];
const REGIONS: [&str; 3] = ["apac", "eu", "us"];
const LIFETIMES: [i64; 5] = [300, 600, 1800, 3600, 7200];
const ACCESS: [(&str, &[&str]); 7] = [
    (DATA, &["read"]),
    (DATA, &["read", "write"]),
    (DATA, &["export", "read"]),
    (DATA, &["admin", "read", "write"]),
    (BILLING, &["invoices:read"]),
    (REPORTS, &["run"]),
    (REPORTS, &["run", "schedule"]),
];

/// SplitMix64 (Steele, Lea, Flood 2014): good enough to scatter, and it needs no crate.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`.
    fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or_default()
    }

    fn within(&mut self, from: i32, to: i32) -> i64 {
        i64::from(from) + i64::from(self.below(to.abs_diff(from)))
    }

    fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let index = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.get(index as usize).copied().unwrap_or_default()
    }
}

/// A registry of so many applications around `now`, with one grant each: three in five are trials, some of them
/// ended, ending, scheduled or suspended. The same arguments give the same registry.
#[must_use]
pub fn generate(applications: usize, seed: u64, now: Instant) -> Registry {
    let mut random = Random(seed);
    let applications = (0..applications).map(|number| application(number, now, &mut random)).collect();
    Registry::new(service(), apis(), applications, guardrails())
}

fn application(number: usize, now: Instant, random: &mut Random) -> Application {
    let (customer, task) = (random.pick(&CUSTOMERS), random.pick(&TASKS));
    let short: String =
        customer.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let trial = random.below(5) < 3;
    let start = now.seconds() - random.within(-14, 120) * 86_400 - random.within(0, 24) * 3600;
    let start = start - start.rem_euclid(3600);
    let end = trial.then(|| Instant::saturating(start + random.pick(&[14, 30, 30, 60, 90]) * 86_400));
    let (audience, scopes) = random.pick(&ACCESS);
    let kind = if trial { "trial" } else { "paid" };
    let mut tags = vec![kind.to_owned(), random.pick(&REGIONS).to_owned()];
    if task == "probe" {
        tags.push(task.to_owned());
    }
    let suspended = random.below(25) == 0;
    let own = random.below(10) == 0;
    Application {
        client_id: format!("{short}-{task}-{number:06}"),
        external_id: Some(format!("crm-{:08x}", random.below(u32::MAX))),
        name: format!("{customer} {task}"),
        customer: customer.to_owned(),
        contact: format!("ops@{short}.example"),
        status: if suspended { ApplicationStatus::Suspended } else { ApplicationStatus::Active },
        not_before: Some(Instant::saturating(start)),
        expires_at: end,
        access_token_duration: own.then(|| Duration::from_seconds(random.pick(&LIFETIMES)).ok()).flatten(),
        grants: vec![Grant {
            audience: audience.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        }],
        tags,
        ..Application::default()
    }
    .normalised()
}
