//! Requests and answers of HTTP/1.1, and a connection that reads the ones and writes the others.

use serde_json::{Map, Value};
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// A request, its body read whole.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    /// As sent: percent-encoded, without the query.
    pub path: String,
    /// Decoded, in the order of the request.
    pub query: Vec<(String, String)>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The steps of the path, decoded.
    pub fn steps(&self) -> Vec<String> {
        self.path.split('/').skip(1).map(|step| decoded(step, false)).collect()
    }

    /// The body, where it is a JSON object.
    pub fn object(&self) -> Option<Map<String, Value>> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body's members, whether it is a form or a JSON object of strings.
    pub fn form(&self) -> Vec<(String, String)> {
        if self.header("content-type").is_some_and(|kind| kind.starts_with("application/json")) {
            let text = |value: &Value| value.as_str().map(str::to_owned).unwrap_or_default();
            self.object()
                .unwrap_or_default()
                .iter()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect()
        } else {
            pairs(&String::from_utf8_lossy(&self.body))
        }
    }
}

/// An answer before it is written.
#[derive(Clone, Debug)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn text(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), kind.to_owned())], body: body.into() }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    /// An answer without a body.
    pub const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The status line and the headers, `framing` last.
    pub fn head(&self, framing: &str) -> String {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("HTTP/1.1 {} {}\r\n{headers}{framing}\r\n", self.status, reason(self.status))
    }
}

/// The standard words for a status.
pub const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        302 => "Found",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    }
}

fn decoded(text: &str, plus_is_space: bool) -> String {
    let hex = |from: usize| u8::from_str_radix(text.get(from..from + 2)?, 16).ok();
    let (mut bytes, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(&byte) = text.as_bytes().get(at) {
        match (byte, hex(at + 1)) {
            (b'%', Some(coded)) => {
                bytes.push(coded);
                at += 2;
            }
            (b'+', _) if plus_is_space => bytes.push(b' '),
            _ => bytes.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name, true), decoded(value, true)))
        .collect()
}

/// A connection's two ways, in the clear or within TLS.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A client's connection, with what it sent beyond the request at hand.
pub struct Connection {
    stream: Box<dyn Stream>,
    read: Vec<u8>,
}

fn wrong(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Connection {
    pub fn new(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::new(stream), read: Vec::new() }
    }

    async fn more(&mut self) -> io::Result<usize> {
        self.stream.read_buf(&mut self.read).await
    }

    /// The next request without its body; `None` where the client has gone.
    pub async fn head(&mut self) -> io::Result<Option<Request>> {
        loop {
            if let Some((request, length)) = parsed(&self.read)? {
                self.read.drain(..length);
                return Ok(Some(request));
            }
            if self.more().await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Reads the body that the head has announced.
    pub async fn body(&mut self, request: &mut Request) -> io::Result<()> {
        if request.header("expect").is_some() {
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        if request.header("transfer-encoding").is_some() {
            while self.chunk(&mut request.body).await? {}
        } else if let Some(length) = request.header("content-length") {
            let length = length.parse().map_err(|_| wrong("no length"))?;
            request.body = self.take(length).await?;
        }
        Ok(())
    }

    async fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.read.len() < length {
            if self.more().await? == 0 {
                return Err(wrong("the body ends early"));
            }
        }
        Ok(self.read.drain(..length).collect())
    }

    /// Appends one chunk; false after the last.
    async fn chunk(&mut self, body: &mut Vec<u8>) -> io::Result<bool> {
        let (start, size) = loop {
            match httparse::parse_chunk_size(&self.read).map_err(|_| wrong("no chunk"))? {
                httparse::Status::Complete((start, size)) => break (start, size),
                httparse::Status::Partial if self.more().await? == 0 => {
                    return Err(wrong("the body ends early"));
                }
                httparse::Status::Partial => {}
            }
        };
        let size = usize::try_from(size).map_err(|_| wrong("too long a chunk"))?;
        let chunk = self.take(start + size + 2).await?;
        body.extend_from_slice(&chunk[start..start + size]);
        Ok(size > 0)
    }

    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    /// Writes a whole answer.
    pub async fn answer(&mut self, response: &Response) -> io::Result<()> {
        let framing = match response.status {
            204 => String::new(),
            _ => format!("content-length: {}\r\n", response.body.len()),
        };
        let mut bytes = response.head(&framing).into_bytes();
        bytes.extend_from_slice(&response.body);
        self.write(&bytes).await
    }

    /// Waits until the client gives up.
    pub async fn until_closed(&mut self) -> io::Result<()> {
        while self.more().await? > 0 {
            self.read.clear();
        }
        Ok(())
    }

    /// Closes in order, so that a client sees an end and not a reset.
    pub async fn close(mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }
}

/// A request's head and its length in bytes, once it is there whole.
fn parsed(bytes: &[u8]) -> io::Result<Option<(Request, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(bytes).map_err(|_| wrong("no HTTP"))? else {
        return Ok(None);
    };
    let target = head.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |header: &httparse::Header<'_>| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    let request = Request {
        method: head.method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        query: pairs(query),
        headers: head.headers.iter().map(header).collect(),
        body: Vec::new(),
    };
    Ok(Some((request, length)))
}
