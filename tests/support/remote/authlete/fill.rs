//! Many clients with attributes and durations, the same ones each time.

use super::service::Service;
use serde_json::json;

const FIRST: u64 = 10_000_000_000_000;
const SCOPES: [&str; 4] = ["read", "write", "compress", "translate"];

/// Adds so many clients with ids from 10 000 000 000 000 on, and the scopes `compress` and `translate` where they are
/// missing. Every third client has no end, every tenth is not for client credentials.
pub fn fill(service: &mut Service, clients: usize) {
    let mut scopes = service.service["supportedScopes"].as_array().cloned().unwrap_or_default();
    for (name, seconds) in [("compress", "3600"), ("translate", "900")] {
        if !scopes.iter().any(|scope| scope["name"] == name) {
            let attributes = json!([{ "key": "access_token.duration", "value": seconds }]);
            scopes.push(json!({ "name": name, "defaultEntry": false, "attributes": attributes }));
        }
    }
    service.edit_service(&json!({ "supportedScopes": scopes }));
    for number in 0..clients {
        let mut attributes = vec![json!({ "key": "customer", "value": format!("Customer {}", number / 3) })];
        if number % 3 != 0 {
            let end = chrono::DateTime::from_timestamp(
                1_767_225_600 + 86_400 * i64::try_from(number % 400).unwrap(),
                0,
            );
            let end = end.unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string();
            attributes.push(json!({ "key": "expires_at", "value": end }));
        }
        let grant = if number % 10 == 9 { "AUTHORIZATION_CODE" } else { "CLIENT_CREDENTIALS" };
        service.put_client(json!({
            "clientId": FIRST + u64::try_from(number).unwrap(), "clientName": format!("Application {number}"),
            "clientType": "CONFIDENTIAL", "grantTypes": [grant], "attributes": attributes,
            "developer": format!("developer-{}", number % 4),
            "createdAt": 1_767_225_600_000_i64, "modifiedAt": 1_767_225_600_000_i64,
            "extension": {
                "requestableScopesEnabled": number % 2 == 0, "requestableScopes": SCOPES[..1 + number % SCOPES.len()],
                "accessTokenDuration": (number % 5) * 600, "refreshTokenDuration": 0, "idTokenDuration": 0,
                "tokenExchangePermitted": false,
            },
        }));
    }
}
