//! Errors as Authlete writes them. The codes that its documents do not name are made up.

use super::super::http::Response;
use serde_json::json;

/// An error of a path: `[CODE] path, message`.
pub fn error(status: u16, code: &str, path: &str, message: &str) -> Response {
    Response::json(
        status,
        &json!({ "resultCode": code, "resultMessage": format!("[{code}] {path}, {message}") }),
    )
}

/// Where there is no such client; the code is a number here.
pub fn not_found() -> Response {
    Response::json(404, &json!({ "resultCode": 404, "resultMessage": "" }))
}

/// The error of a status for which no better reason is known. Some have no body.
pub fn plain(status: u16) -> Response {
    match status {
        401 => error(401, "A001202", "/client", "Authorization header is missing."),
        403 => error(403, "A001403", "/client", "The access token does not have the permission."),
        404 => not_found(),
        500 => error(500, "A001101", "/client", "Authlete Server error."),
        _ => Response::empty(status),
    }
}
