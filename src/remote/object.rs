//! What goes over the wire in either direction, whichever the vendor: objects, requests that write, pages, what a test found.

use super::http::RemoteError;
use reqwest::Method;
use serde_json::Value;

/// An object as the remote sent it.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// What kind of object, in the vendor's words.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// All of it.
    pub body: Value,
}

/// A request that changes something.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// What is done.
    pub method: Method,
    /// The path.
    pub path: String,
    /// What is sent.
    pub body: Option<Value>,
}

impl Write {
    pub(super) const fn new(method: Method, path: String, body: Option<Value>) -> Self {
        Self { method, path, body }
    }
}

/// Takes the pages of a pull.
pub trait PageSink {
    /// A page with ids, and how many items the list has where it says so; tells how many were new.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    fn page(
        &mut self,
        kind: &'static str,
        items: Vec<(String, Value)>,
        of: Option<u64>,
    ) -> Result<usize, RemoteError>;

    /// The list is read again from its beginning.
    ///
    /// # Errors
    /// [`RemoteError::Disk`].
    fn again(&mut self, kind: &'static str) -> Result<(), RemoteError>;
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Tried {
    /// What: `read clients`.
    pub what: String,
    /// Whether it works.
    pub works: bool,
    /// What is to be said about it.
    pub detail: String,
}
