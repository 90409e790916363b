//! Many clients with metadata and grants, the same ones each time.

use super::tenant::Tenant;
use serde_json::json;

const SCOPES: [&str; 5] = ["read", "write", "compress", "translate", "admin"];
const LIFETIMES: [i64; 5] = [86_400, 3600, 600, 7200, 900];
const DAY: i64 = 86_400;

fn at(days: usize) -> String {
    let seconds = 1_767_225_600 + DAY * i64::try_from(days).unwrap();
    let instant = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Adds so many clients named `app-0` and so on, and the APIs `https://api-0.example` to `-9` where they are missing.
/// Every third client has no end, every seventh no grant, others one to three.
pub fn fill(tenant: &mut Tenant, clients: usize) {
    for api in 0..10_usize {
        let identifier = format!("https://api-{api}.example");
        if tenant.resource_server(&identifier).is_none() {
            let scopes: Vec<_> = SCOPES.map(|scope| json!({ "value": scope, "description": scope })).to_vec();
            tenant.put_resource_server(json!({
                "identifier": identifier, "name": format!("API {api}"), "scopes": scopes,
                "token_lifetime": LIFETIMES[api % 5],
            }));
        }
    }
    for number in 0..clients {
        let id = format!("app-{number}");
        let mut metadata = json!({ "customer": format!("Customer {}", number / 3), "tier": "gold" });
        if number % 3 != 0 {
            metadata["expires_at"] = at(number % 400).into();
        }
        tenant.put_client(json!({
            "client_id": id, "name": format!("Application {number}"), "app_type": "non_interactive",
            "grant_types": ["client_credentials"], "client_metadata": metadata,
            "description": format!("Client number {number}"), "created_at": at(0), "updated_at": at(number % 100),
        }));
        for grant in 0..[0, 1, 2, 3, 1, 2, 1][number % 7] {
            let audience = format!("https://api-{}.example", (number + grant) % 10);
            let scope = &SCOPES[..1 + (number + grant) % SCOPES.len()];
            tenant.put_grant(json!({ "client_id": id, "audience": audience, "scope": scope }));
        }
    }
}
