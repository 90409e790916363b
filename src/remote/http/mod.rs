//! Requests to one remote: within limits of time and size, made again where that is safe, never to another host, and
//! never a write where the connection is for reading alone.

mod error;
mod read;
pub mod retry;
mod stop;

pub use error::RemoteError;
pub use stop::Stop;

use super::json;
use crate::token::Secret;
use read::{Answer, headers, status_error, transport_error};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, Url};
use retry::Ending;
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long and how much at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// For a connection to be made.
    pub connect: Duration,
    /// For one request, from its first byte to the last of its answer.
    pub answer: Duration,
    /// For all waiting between attempts of one request.
    pub patience: Duration,
    /// Between the first attempt and the second, where the remote says nothing; then twice as long each time.
    pub first_wait: Duration,
    /// Bytes of an answer, after it is unpacked.
    pub size: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            patience: Duration::from_secs(180),
            first_wait: Duration::from_millis(250),
            size: 16 << 20,
        }
    }
}

/// What may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing that changes anything: enforced here, below the window and the command line.
    #[default]
    ReadOnly,
    /// Anything.
    Write,
}

/// A request.
#[derive(Debug)]
pub struct Call<'a> {
    /// What is done.
    pub method: Method,
    /// The path under the base, and the query.
    pub path: String,
    /// What is sent, as JSON.
    pub body: Option<Value>,
    /// The value of the `Authorization` header.
    pub authorization: Option<&'a Secret>,
    /// Whether it asks for a token: a POST that changes nothing, so that it is allowed for reading.
    pub sign_in: bool,
}

impl Call<'_> {
    fn is_write(&self) -> bool {
        self.method != Method::GET && !self.sign_in
    }

    /// What it does, without what a query may carry.
    fn what(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

/// An answer with a status of 2xx.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body; null where there is none.
    pub body: Value,
}

/// The way to one remote.
#[derive(Debug)]
pub struct Wire {
    client: Client,
    base: Url,
    access: Access,
    limits: Limits,
    requests: AtomicU64,
    quiet_until: tokio::sync::Mutex<Option<tokio::time::Instant>>,
}

impl Wire {
    /// A way to this base address, trusting the authorities of the system and those of `authorities` (PEM).
    ///
    /// # Errors
    /// [`RemoteError::Address`] where it is neither https nor an http address of this machine.
    pub fn new(
        base: &str,
        access: Access,
        limits: Limits,
        authorities: Option<&[u8]>,
    ) -> Result<Self, RemoteError> {
        let refused = |detail: String| RemoteError::Address { url: base.to_owned(), detail };
        let url = address(base)?;
        let mut builder = Client::builder()
            .connect_timeout(limits.connect)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("tenure/", env!("CARGO_PKG_VERSION")))
            .referer(false);
        if is_loopback(&url) {
            builder = builder.no_proxy();
        }
        if let Some(pem) = authorities {
            let read = reqwest::Certificate::from_pem_bundle(pem);
            let read = read.map_err(|_| refused("the file of authorities is not PEM".to_owned()))?;
            builder = builder.tls_certs_merge(read);
        }
        let client = builder.build().map_err(|error| refused(error.without_url().to_string()))?;
        Ok(Self {
            client,
            base: url,
            access,
            limits,
            requests: AtomicU64::new(0),
            quiet_until: Default::default(),
        })
    }

    /// The host, as errors name it.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// How many requests were made.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// What may be sent.
    #[must_use]
    pub const fn access(&self) -> Access {
        self.access
    }

    /// Makes a request, again where that is safe, and gives its answer.
    ///
    /// # Errors
    /// [`RemoteError`]; for a write [`RemoteError::Unknown`] where it may or may not have been carried out.
    pub async fn send(&self, call: &Call<'_>, stop: &Stop) -> Result<Reply, RemoteError> {
        if call.is_write() && self.access == Access::ReadOnly {
            return Err(RemoteError::ReadOnly(call.what()));
        }
        let mut waited = Duration::ZERO;
        let mut attempt = 0;
        loop {
            self.hold_back(stop).await?;
            stop.check()?;
            let made = self.once(call);
            // A write that is under way is heard out: it ends within its own limit, and then its outcome is known.
            let answer = if call.is_write() { made.await } else { stop.or(made).await? };
            let guess = (now_ms(), self.limits.first_wait, jitter());
            let wait = retry::wait(call.is_write(), attempt, answer.ending, &answer.pace, guess);
            let Some(wait) = wait else {
                self.quiet(&answer.pace).await;
                return answer.result;
            };
            waited += wait;
            if waited > self.limits.patience {
                let seconds = wait.as_secs().max(1);
                return Err(match answer.ending {
                    Ending::TooMany => RemoteError::RateLimited { host: self.host(), seconds },
                    _ => {
                        answer.result.err().unwrap_or(RemoteError::RateLimited { host: self.host(), seconds })
                    }
                });
            }
            tracing::debug!("{} is made again in {wait:?}", call.what());
            stop.or(tokio::time::sleep(wait)).await?;
            attempt += 1;
        }
    }

    /// Waits where the remote has said that it takes nothing more for now. One waits for all.
    async fn hold_back(&self, stop: &Stop) -> Result<(), RemoteError> {
        let until = *self.quiet_until.lock().await;
        match until {
            Some(until) => stop.or(tokio::time::sleep_until(until)).await,
            None => Ok(()),
        }
    }

    async fn quiet(&self, pace: &retry::Pace) {
        let until = retry::hold_back(pace, now_ms()).filter(|wait| *wait <= self.limits.patience);
        *self.quiet_until.lock().await = until.map(|wait| tokio::time::Instant::now() + wait);
    }

    async fn once(&self, call: &Call<'_>) -> Answer {
        let seconds = self.limits.answer.as_secs().max(1);
        match tokio::time::timeout(self.limits.answer, self.exchange(call)).await {
            Ok(answer) => answer,
            Err(_) => Answer::lost(call, RemoteError::TimedOut { host: self.host(), seconds }),
        }
    }

    async fn exchange(&self, call: &Call<'_>) -> Answer {
        let request = match self.request(call) {
            Ok(request) => request,
            Err(error) => return Answer::plain(error),
        };
        self.requests.fetch_add(1, Ordering::Relaxed);
        let response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) if error.is_connect() => {
                return Answer::not_sent(transport_error(&self.host(), &error));
            }
            Err(error) => return Answer::lost(call, transport_error(&self.host(), &error)),
        };
        let (status, seen) = (response.status().as_u16(), headers(response.headers()));
        let body = self.body(response).await;
        let ending = match (status, &body) {
            (429, _) => Ending::TooMany,
            (500..=599, _) => Ending::Lost,
            (200..=299, Err(RemoteError::BrokenOff { .. })) => Ending::Lost,
            _ => Ending::Answered,
        };
        let result = match status {
            200..=299 => body
                .and_then(|bytes| self.reply(status, &bytes))
                .map_err(|error| Answer::of_write(call, error)),
            300..=399 => Err(RemoteError::Redirected { host: self.host(), to: seen.location }),
            _ => Err(status_error(call, &self.host(), status, &body.unwrap_or_default(), &seen.pace)),
        };
        Answer { result, ending, pace: seen.pace }
    }

    fn request(&self, call: &Call<'_>) -> Result<reqwest::Request, RemoteError> {
        let refused = |detail: String| RemoteError::Address { url: call.what(), detail };
        let base = self.base.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}{}", call.path)).map_err(|error| refused(error.to_string()))?;
        // A path must not lead elsewhere, whatever an id in it looks like.
        if url.origin() != self.base.origin()
            || !url.path().starts_with(self.base.path().trim_end_matches('/'))
        {
            return Err(refused("it leads to another address".to_owned()));
        }
        let mut request = self.client.request(call.method.clone(), url).header(ACCEPT, "application/json");
        if let Some(secret) = call.authorization {
            let mut value = HeaderValue::from_bytes(secret.expose()).map_err(|_| {
                refused("the credentials hold a character that no header may have".to_owned())
            })?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(body) = &call.body {
            let bytes = serde_json::to_vec(body).map_err(|error| refused(error.to_string()))?;
            request = request.header(CONTENT_TYPE, "application/json").body(bytes);
        }
        request.build().map_err(|error| refused(error.without_url().to_string()))
    }

    /// The body, no further than the limit: unpacked bytes count, so that a small parcel cannot hold a large one.
    async fn body(&self, mut response: reqwest::Response) -> Result<Vec<u8>, RemoteError> {
        let too_large = || RemoteError::TooLarge { host: self.host(), limit: self.limits.size };
        if response.content_length().is_some_and(|length| length > self.limits.size) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if (bytes.len() + chunk.len()) as u64 > self.limits.size => {
                    return Err(too_large());
                }
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Ok(bytes),
                Err(error) => {
                    let detail = read::innermost(&error);
                    return Err(RemoteError::BrokenOff { host: self.host(), detail });
                }
            }
        }
    }

    fn reply(&self, status: u16, bytes: &[u8]) -> Result<Reply, RemoteError> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(Reply { status, body: Value::Null });
        }
        let host = self.host();
        let body = json::read(bytes).map_err(|detail| {
            match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
                Some(b'<') => {
                    RemoteError::NotJson { host, detail: "it is a page for people, HTML".to_owned() }
                }
                Some(b'{' | b'[') => RemoteError::Unexpected { host, detail },
                _ => RemoteError::NotJson { host, detail },
            }
        })?;
        Ok(Reply { status, body })
    }
}

/// Reads a base address.
///
/// # Errors
/// [`RemoteError::Address`] where it is neither https nor an http address of this machine.
pub fn address(text: &str) -> Result<Url, RemoteError> {
    let refused = |detail: &str| RemoteError::Address { url: text.to_owned(), detail: detail.to_owned() };
    let url = Url::parse(text.trim()).map_err(|error| refused(&error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        let url = text.rsplit_once('@').map_or(text, |(_, host)| host).to_owned();
        return Err(RemoteError::Address { url, detail: "an address must not hold credentials".to_owned() });
    }
    match url.scheme() {
        "https" if url.host_str().is_some() => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(refused("http would show the credentials to everybody on the way")),
        _ => Err(refused("it is no address of the web")),
    }
}

/// Whether an address is this machine's own.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || literal.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Percent-encodes one segment of a path or one value of a query (RFC 3986 §2.3).
#[must_use]
pub fn encoded(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}

fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// From 0 to 1, another at each call, so that many that were refused together do not come back together.
fn jitter() -> f64 {
    let mut byte = [0_u8; 1];
    let drawn = aws_lc_rs::rand::fill(&mut byte);
    if drawn.is_ok() { f64::from(byte[0]) / 255.0 } else { 0.5 }
}
