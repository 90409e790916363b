//! A server on loopback with a vendor behind it, which notes what it sees and fails when it is told to.

use super::bytes;
use super::fault::{Call, Fault, Faults, Times, Wait, Work};
use super::http::{Connection, Request, Response};
use super::rate::Rate;
use super::tls::{self, Tls};
use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

/// What stands behind a server.
pub trait Vendor: Send {
    /// What kind of call a request is.
    fn call(&self, request: &Request) -> Option<Call>;

    /// Carries a request out.
    fn answer(&mut self, request: &Request) -> Response;

    /// An error in the vendor's form, for a call that is not carried out.
    fn error(&mut self, status: u16) -> Response;

    /// Somebody edits the item that this request's list shows first, and it goes to the end of the list.
    fn move_first(&mut self, request: &Request);
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// As sent: percent-encoded, without the query.
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub at: Instant,
}

impl Seen {
    pub fn authorization(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.as_str())
    }

    /// The body as JSON, null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

struct Shared {
    vendor: Arc<Mutex<dyn Vendor>>,
    faults: Mutex<Faults>,
    rate: Mutex<Rate>,
    seen: Mutex<Vec<Seen>>,
    pages: Mutex<HashMap<String, Response>>,
    connections: AtomicUsize,
}

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A running server; dropping it stops it and cuts its connections.
pub struct Server {
    shared: Arc<Shared>,
    base: String,
    port: u16,
    runtime: Option<Runtime>,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A server that knows no path, as the target of redirects: what it has [`Server::seen`] should be free of credentials.
struct Nobody;

impl Vendor for Nobody {
    fn call(&self, _: &Request) -> Option<Call> {
        None
    }

    fn answer(&mut self, _: &Request) -> Response {
        self.error(404)
    }

    fn error(&mut self, status: u16) -> Response {
        Response::empty(status)
    }

    fn move_first(&mut self, _: &Request) {}
}

/// A base address at which no one listens: connections are refused.
pub fn nobody_listens() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

impl Server {
    /// A server of nothing: it answers 404 to everything.
    pub fn nobody() -> Self {
        Self::start(None, |_| Arc::new(Mutex::new(Nobody)))
    }

    /// Starts serving; the vendor is made once the base address is known.
    pub fn start(tls: Option<Tls>, vendor: impl FnOnce(&str) -> Arc<Mutex<dyn Vendor>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://127.0.0.1:{port}");
        let shared = Arc::new(Shared {
            vendor: vendor(&base),
            faults: Mutex::default(),
            rate: Mutex::new(Rate::unlimited()),
            seen: Mutex::default(),
            pages: Mutex::default(),
            connections: AtomicUsize::new(0),
        });
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.spawn(accept(listener, Arc::clone(&shared), tls));
        Self { shared, base, port, runtime: Some(runtime) }
    }

    /// `http://127.0.0.1:PORT`, or the same with `https`.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Makes the next calls of a kind fail.
    pub fn fault(&self, call: Call, fault: Fault, times: Times) {
        self.fault_at(call, "", fault, times);
    }

    /// The same for calls whose path contains a text, such as `/client-grants`.
    pub fn fault_at(&self, call: Call, path: &str, fault: Fault, times: Times) {
        locked(&self.shared.faults).plan(call, path, fault, times);
    }

    /// Makes so many of a hundred calls on entities meet one of [`Fault::quick`].
    pub fn random_faults(&self, percent: u64, seed: u64) {
        self.random_faults_of(percent, seed, Fault::quick());
    }

    pub fn random_faults_of(&self, percent: u64, seed: u64, faults: Vec<Fault>) {
        locked(&self.shared.faults).randomly(percent, seed, faults);
    }

    /// From now on nothing fails.
    pub fn no_faults(&self) {
        locked(&self.shared.faults).clear();
    }

    /// Limits the calls on entities; beyond it 429 is answered.
    pub fn rate(&self, per_second: u32, burst: u32) {
        *locked(&self.shared.rate) = Rate::new(per_second, burst);
    }

    /// Every request so far, in the order of arrival.
    pub fn seen(&self) -> Vec<Seen> {
        locked(&self.shared.seen).clone()
    }

    /// The requests that could change something: all but GET and those for a token.
    pub fn writes(&self) -> Vec<Seen> {
        let reads = |seen: &Seen| seen.method == "GET" || seen.path == "/oauth/token";
        self.seen().into_iter().filter(|seen| !reads(seen)).collect()
    }

    /// Forgets what was seen.
    pub fn forget_seen(&self) {
        locked(&self.shared.seen).clear();
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, tls: Option<Tls>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let acceptor = tls.map(tls::acceptor);
    while let Ok((stream, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::Relaxed);
        let (shared, acceptor) = (Arc::clone(&shared), acceptor.clone());
        tokio::spawn(async move {
            // A client that goes away in the middle is what the tests are about.
            let _gone = shared.connected(stream, acceptor).await;
        });
    }
}

impl Shared {
    async fn connected(
        &self,
        stream: TcpStream,
        acceptor: Option<tokio_rustls::TlsAcceptor>,
    ) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut connection = match acceptor {
            Some(acceptor) => Connection::new(acceptor.accept(stream).await?),
            None => Connection::new(stream),
        };
        while let Some(request) = connection.head().await? {
            if !self.serve(request, &mut connection).await? {
                break;
            }
        }
        connection.close().await
    }

    /// Answers a request; false where the connection has to close.
    async fn serve(&self, mut request: Request, connection: &mut Connection) -> io::Result<bool> {
        let call = locked(&self.vendor).call(&request);
        let fault = call.and_then(|call| locked(&self.faults).strike(call, &request.path));
        if fault == Some(Fault::Silent(Work::Undone)) {
            self.note(&request);
            connection.until_closed().await?;
            return Ok(false);
        }
        connection.body(&mut request).await?;
        self.note(&request);
        let open = match fault {
            None => {
                connection.answer(&self.answer(call, &request)).await?;
                true
            }
            Some(fault) => self.fail(call, &request, &fault, connection).await?,
        };
        Ok(open && !request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")))
    }

    async fn fail(
        &self,
        call: Option<Call>,
        request: &Request,
        fault: &Fault,
        connection: &mut Connection,
    ) -> io::Result<bool> {
        if let Some(answer) = self.instead(request, fault) {
            connection.answer(&answer).await?;
            return Ok(true);
        }
        if *fault == Fault::Closed(Work::Undone) {
            return Ok(false);
        }
        if *fault == Fault::MovedItem {
            locked(&self.vendor).move_first(request);
        }
        let before = locked(&self.pages).get(&request.path).cloned();
        let answer = self.answer(call, request);
        match (fault, before) {
            (Fault::Closed(_), _) => Ok(false),
            (Fault::Silent(_), _) => connection.until_closed().await.map(|()| false),
            (Fault::RepeatedPage, Some(page)) => connection.answer(&page).await.map(|()| true),
            _ => bytes::spoiled(connection, fault, &answer).await,
        }
    }

    /// The answer that a fault gives in place of carrying the call out.
    fn instead(&self, request: &Request, fault: &Fault) -> Option<Response> {
        match fault {
            Fault::Limited(wait) => Some(self.limited(*wait)),
            Fault::Status(status) => {
                let error = locked(&self.vendor).error(*status);
                Some(locked(&self.rate).headers(error))
            }
            _ => fault.answer(request),
        }
    }

    fn limited(&self, wait: Wait) -> Response {
        let error = locked(&self.vendor).error(429);
        match wait.headers() {
            Some((name, value)) => error.with(name, value),
            None => error,
        }
    }

    /// What the vendor answers, within the limit on requests.
    fn answer(&self, call: Option<Call>, request: &Request) -> Response {
        if matches!(call, None | Some(Call::Token)) {
            return locked(&self.vendor).answer(request);
        }
        let taken = locked(&self.rate).take();
        #[allow(clippy::cast_possible_truncation, reason = "seconds of a test")]
        let response = match taken {
            Ok(()) => locked(&self.vendor).answer(request),
            Err(wait) => locked(&self.vendor).error(429).with("retry-after", wait.ceil() as i64),
        };
        let response = locked(&self.rate).headers(response);
        if call == Some(Call::List) && response.status == 200 {
            locked(&self.pages).insert(request.path.clone(), response.clone());
        }
        response
    }

    fn note(&self, request: &Request) {
        locked(&self.seen).push(Seen {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            at: Instant::now(),
        });
    }
}
