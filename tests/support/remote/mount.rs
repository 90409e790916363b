//! Two servers behind one address: one path goes to a judge, everything else to the server itself.

use super::caller::Caller;
use super::fault::Call;
use super::http::{Request, Response};
use super::server::{Server, Vendor};
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Serves `judged` (without `prefix`) for paths under `prefix`, and `itself` for the others.
pub fn mounted(prefix: &'static str, judged: &str, itself: &str) -> Server {
    let (judged, itself) = (judged.to_owned(), itself.to_owned());
    Server::start(None, |_| Arc::new(Mutex::new(Mount { prefix, judged, itself })))
}

struct Mount {
    prefix: &'static str,
    judged: String,
    itself: String,
}

impl Vendor for Mount {
    fn call(&self, _: &Request) -> Option<Call> {
        None
    }

    fn answer(&mut self, request: &Request) -> Response {
        let (base, path) = match request.path.strip_prefix(self.prefix) {
            Some(rest) => (&self.judged, rest),
            None => (&self.itself, request.path.as_str()),
        };
        let query = request.query.iter().fold(String::new(), |mut query, (name, value)| {
            let _infallible =
                write!(query, "{}{name}={}", if query.is_empty() { "?" } else { "&" }, encoded(value));
            query
        });
        let caller = Caller::new(base, request.header("authorization").unwrap_or_default());
        let kind = request.header("content-type").unwrap_or("application/json");
        let body = String::from_utf8_lossy(&request.body);
        let caller = caller.patient_for(Duration::from_secs(20));
        match caller.send(&request.method, &format!("{path}{query}"), kind, &body) {
            Some(answer) => {
                let kind = answer.header("content-type").unwrap_or("application/json").to_owned();
                match answer.body.is_empty() {
                    true => Response::empty(answer.status),
                    false => Response::text(answer.status, &kind, answer.body),
                }
            }
            None => Response::empty(502),
        }
    }

    fn error(&mut self, status: u16) -> Response {
        Response::empty(status)
    }

    fn move_first(&mut self, _: &Request) {}
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}
