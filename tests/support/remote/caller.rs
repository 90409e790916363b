//! A bare HTTP client that shows what is on the wire, spoilt or not.

use super::tls;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Whether the body has the length that was announced.
    pub fn is_whole(&self) -> bool {
        self.header("content-length").is_none_or(|length| length.parse() == Ok(self.body.len()))
    }
}

/// A caller of one server.
#[derive(Clone)]
pub struct Caller {
    base: String,
    authorization: String,
    /// At most so many bytes are read.
    most: u64,
    patience: Duration,
}

impl Caller {
    pub fn new(base: &str, authorization: &str) -> Self {
        let (base, authorization) = (base.to_owned(), authorization.to_owned());
        Self { base, authorization, most: 10_000_000, patience: Duration::from_secs(5) }
    }

    /// The same, giving up sooner.
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The answer to a call; `None` where the server closed without one or let the caller wait too long.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Option<Answer> {
        let text = body.map(Value::to_string).unwrap_or_default();
        self.send(method, path, "application/json", &text)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).unwrap()
    }

    pub fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> Option<Answer> {
        let (scheme, host) = self.base.split_once("://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(self.patience)).unwrap();
        let authorization = &self.authorization;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: {authorization}\r\ncontent-type: {kind}\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        let mut bytes = Vec::new();
        if scheme == "https" {
            let name = ServerName::try_from("127.0.0.1").unwrap();
            let connection = ClientConnection::new(Arc::new(trusting()), name).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            stream.write_all(request.as_bytes()).ok()?;
            let _cut = stream.take(self.most).read_to_end(&mut bytes);
        } else {
            stream.write_all(request.as_bytes()).unwrap();
            let _cut = stream.take(self.most).read_to_end(&mut bytes);
        }
        parsed(&bytes)
    }
}

/// A client's configuration that trusts the tests' authority and no other.
fn trusting() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(tls::authority_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    builder.with_root_certificates(roots).with_no_client_auth()
}

fn parsed(bytes: &[u8]) -> Option<Answer> {
    let mut headers = [httparse::EMPTY_HEADER; 50];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(bytes).ok()? else { return None };
    let header = |header: &httparse::Header<'_>| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    let headers = head.headers.iter().map(header).collect();
    Some(Answer { status: head.code?, headers, body: bytes[length..].to_vec() })
}
