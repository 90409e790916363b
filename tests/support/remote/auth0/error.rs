//! Errors as the Management API writes them.

use super::super::http::{Response, reason};
use serde_json::json;

/// An error, `code` left out where it is empty.
pub fn error(status: u16, code: &str, message: &str) -> Response {
    let mut body = json!({ "statusCode": status, "error": reason(status), "message": message });
    if !code.is_empty() {
        body["errorCode"] = code.into();
    }
    Response::json(status, &body)
}

/// A body that is not as the description says.
pub fn invalid_body(what: &str) -> Response {
    error(400, "invalid_body", &format!("Payload validation error: '{what}."))
}

/// A query that is not as the description says.
pub fn invalid_query(what: &str) -> Response {
    error(400, "invalid_query_string", &format!("Query validation error: '{what}."))
}

/// The error of a status for which no better reason is known.
pub fn plain(status: u16) -> Response {
    match status {
        401 => error(401, "", "Expired token received for JSON Web Token validation"),
        403 => error(403, "insufficient_scope", "Insufficient scope, expected any of: update:clients"),
        404 => error(404, "inexistent_client", "The client does not exist"),
        409 => error(409, "", "The resource already exists."),
        429 => error(429, "too_many_requests", "Global limit has been reached"),
        502..=504 => {
            Response::text(status, "text/html", format!("<html><h1>{status} {}</h1></html>", reason(status)))
        }
        _ => error(status, "", reason(status)),
    }
}
