//! What can go wrong with a remote registry, each case with a name for programs and a sentence for people.

/// Why something with a remote registry was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// The address cannot be used.
    #[error("`{url}` cannot be used ({detail}); name an https address, or an http address of this machine")]
    Address {
        /// As it was typed.
        url: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The name has no address.
    #[error("`{0}` is not found; check the name and the network")]
    NoSuchHost(String),
    /// No connection was made, so that nothing was sent.
    #[error("`{host}` cannot be reached ({detail}); check the address and the network")]
    Unreachable {
        /// Which host.
        host: String,
        /// What the system said.
        detail: String,
    },
    /// The other side is not who it should be.
    #[error("the certificate of `{host}` is not trusted ({detail}); nothing was sent to it")]
    Certificate {
        /// Which host.
        host: String,
        /// What is wrong with it.
        detail: String,
    },
    /// Something was asked, and no whole answer came in time.
    #[error("`{host}` did not answer within {seconds} s; try again later")]
    TimedOut {
        /// Which host.
        host: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The answer ended early or broke off.
    #[error("the answer of `{host}` broke off ({detail}); try again")]
    BrokenOff {
        /// Which host.
        host: String,
        /// What was seen.
        detail: String,
    },
    /// A write was sent, and what became of it is not known.
    #[error(
        "whether `{what}` was carried out is not known ({detail}); look at it again before it is repeated"
    )]
    Unknown {
        /// The method and path.
        what: String,
        /// What was seen.
        detail: String,
    },
    /// The answer is larger than it may be.
    #[error(
        "the answer of `{host}` is larger than {limit} bytes, so it was not read further; check the address"
    )]
    TooLarge {
        /// Which host.
        host: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The answer is not what such an interface answers.
    #[error("`{host}` did not answer in JSON ({detail}); check that the address is the interface's own")]
    NotJson {
        /// Which host.
        host: String,
        /// What it is instead.
        detail: String,
    },
    /// The answer is JSON, but says something else than it should.
    #[error("the answer of `{host}` is not as described ({detail}); nothing was taken over")]
    Unexpected {
        /// Which host.
        host: String,
        /// What is wrong in it.
        detail: String,
    },
    /// A redirect, which is not followed: the credentials stay with the host that they are for.
    #[error(
        "`{host}` points to `{to}`, which is not followed, so that the credentials stay here; set that address where it is right"
    )]
    Redirected {
        /// Which host.
        host: String,
        /// Where it points to.
        to: String,
    },
    /// Too many requests for longer than is waited.
    #[error("`{host}` takes no more requests for {seconds} s; try again then")]
    RateLimited {
        /// Which host.
        host: String,
        /// How long, in seconds.
        seconds: u64,
    },
    /// The credentials are not taken.
    #[error("`{host}` does not take the credentials ({detail}); check them under Connections")]
    SignIn {
        /// Which host.
        host: String,
        /// What it said.
        detail: String,
    },
    /// The credentials may not do this.
    #[error("the credentials may not `{what}` ({detail}); give them that permission")]
    NotPermitted {
        /// The method and path.
        what: String,
        /// What the remote said, the missing permission where it names it.
        detail: String,
    },
    /// There is no such thing.
    #[error("`{what}` is not there any more ({detail}); refresh and look again")]
    NotFound {
        /// The method and path.
        what: String,
        /// What the remote said.
        detail: String,
    },
    /// There is such a thing already.
    #[error("`{what}` meets something that is there already ({detail}); refresh and look again")]
    Taken {
        /// The method and path.
        what: String,
        /// What the remote said.
        detail: String,
    },
    /// The remote does not take it.
    #[error("the remote refuses `{what}` with {status} ({detail})")]
    Refused {
        /// The method and path.
        what: String,
        /// The status of HTTP.
        status: u16,
        /// What the remote said.
        detail: String,
    },
    /// The remote fails, and went on failing.
    #[error("`{host}` fails with {status} ({detail}); try again later")]
    Failing {
        /// Which host.
        host: String,
        /// The status of HTTP.
        status: u16,
        /// What it said.
        detail: String,
    },
    /// The person said stop.
    #[error("stopped")]
    Stopped,
    /// The connection is for reading alone.
    #[error(
        "the connection is read-only, so `{0}` was not sent; change its safety under Connections where that is meant"
    )]
    ReadOnly(String),
    /// What is kept of the connection on this disk cannot be used.
    #[error("`{path}` cannot be used ({detail}); check its permissions")]
    Disk {
        /// The file or folder.
        path: String,
        /// What the system said.
        detail: String,
    },
}

impl RemoteError {
    /// Its name, for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Address { .. } => "address",
            Self::NoSuchHost(_) => "no_such_host",
            Self::Unreachable { .. } => "unreachable",
            Self::Certificate { .. } => "certificate",
            Self::TimedOut { .. } => "timed_out",
            Self::BrokenOff { .. } => "broken_off",
            Self::Unknown { .. } => "unknown_outcome",
            Self::TooLarge { .. } => "too_large",
            Self::NotJson { .. } => "not_json",
            Self::Unexpected { .. } => "unexpected",
            Self::Redirected { .. } => "redirected",
            Self::RateLimited { .. } => "rate_limited",
            Self::SignIn { .. } => "sign_in",
            Self::NotPermitted { .. } => "not_permitted",
            Self::NotFound { .. } => "not_found",
            Self::Taken { .. } => "taken",
            Self::Refused { .. } => "refused",
            Self::Failing { .. } => "failing",
            Self::Stopped => "stopped",
            Self::ReadOnly(_) => "read_only",
            Self::Disk { .. } => "disk",
        }
    }
}
