//! What can go wrong with a call, and when it does.

use super::clock;
use super::http::{Request, Response};

/// The kinds of call that a fault can strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A page of a list.
    List,
    /// One entity.
    Read,
    Create,
    Update,
    Delete,
    /// The token endpoint.
    Token,
}

impl Call {
    /// The five calls on entities.
    pub const ENTITIES: [Self; 5] = [Self::List, Self::Read, Self::Create, Self::Update, Self::Delete];
}

/// How a 429 says when to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// `Retry-After` in seconds.
    Seconds(i64),
    /// `Retry-After` as a date, so many seconds from now.
    Date(i64),
    /// `x-ratelimit-reset`, so many seconds from now.
    Reset(i64),
    /// `x-ratelimit-reset` an hour ago.
    Past,
    /// Not at all.
    Unsaid,
}

/// Whether a call whose answer is lost was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Undone,
    Done,
}

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429, nothing carried out.
    Limited(Wait),
    /// An error in the vendor's form, nothing carried out. 401 ends the validity of every token issued so far.
    Status(u16),
    /// The connection closes before an answer.
    Closed(Work),
    /// No answer ever comes. Where undone, the body is not even read.
    Silent(Work),
    /// The connection closes in the middle of the body. The call was carried out, as with all that spoil the answer alone.
    Truncated,
    /// `Content-Length` is less than the body.
    WrongLength,
    /// The body goes on and on.
    Endless,
    /// One byte a second.
    Slow,
    /// A body of 1 GB, as its `Content-Length` says.
    Huge,
    /// A small gzip that unpacks to 1 GB.
    GzipBomb,
    /// A page of a portal with status 200, nothing carried out.
    Html,
    /// An object names a member twice.
    DuplicateMembers,
    /// A list's page is the one that was answered before.
    RepeatedPage,
    /// Before this page is answered, somebody edits the item that was listed first, and it goes to the end of the list: a
    /// pull sees it twice, and by page numbers misses another.
    MovedItem,
    /// A redirect to the same path on another base, nothing carried out.
    Redirect(u16, String),
}

impl Fault {
    /// The faults that need no other server, for a matrix of tests.
    pub fn all() -> Vec<Self> {
        let waits = [Wait::Seconds(1), Wait::Date(2), Wait::Reset(2), Wait::Past, Wait::Unsaid];
        let statuses = [401, 403, 404, 409, 500, 502, 503, 504];
        let others = [
            Self::Closed(Work::Undone),
            Self::Closed(Work::Done),
            Self::Silent(Work::Undone),
            Self::Silent(Work::Done),
            Self::Truncated,
            Self::WrongLength,
            Self::Endless,
            Self::Slow,
            Self::Huge,
            Self::GzipBomb,
            Self::Html,
            Self::DuplicateMembers,
            Self::RepeatedPage,
            Self::MovedItem,
        ];
        waits.map(Self::Limited).into_iter().chain(statuses.map(Self::Status)).chain(others).collect()
    }

    /// Faults that cost no time, for random ones.
    pub fn quick() -> Vec<Self> {
        let mut quick: Vec<_> = [500, 502, 503, 504].map(Self::Status).to_vec();
        quick.extend([
            Self::Limited(Wait::Seconds(0)),
            Self::Closed(Work::Undone),
            Self::Closed(Work::Done),
            Self::Truncated,
            Self::Html,
        ]);
        quick
    }

    /// Whether a write that meets this fault takes effect although its caller cannot know.
    pub const fn carries_out(&self) -> bool {
        !matches!(
            self,
            Self::Limited(_)
                | Self::Status(_)
                | Self::Closed(Work::Undone)
                | Self::Silent(Work::Undone)
                | Self::Html
                | Self::Redirect(..)
        )
    }

    /// The answer of a fault that needs neither the vendor nor the network's help.
    pub fn answer(&self, request: &Request) -> Option<Response> {
        match self {
            Self::Html => Some(Response::text(200, "text/html", "<!doctype html><title>Sign in</title>")),
            Self::Redirect(status, base) => {
                Some(Response::empty(*status).with("location", format!("{base}{}", request.path)))
            }
            _ => None,
        }
    }
}

impl Wait {
    /// The headers of a 429, which replace those that the vendor would give.
    pub fn headers(self) -> Option<(&'static str, String)> {
        match self {
            Self::Seconds(seconds) => Some(("retry-after", seconds.to_string())),
            Self::Date(seconds) => Some(("retry-after", clock::http_date(seconds))),
            Self::Reset(seconds) => Some(("x-ratelimit-reset", clock::epoch(seconds).to_string())),
            Self::Past => Some(("x-ratelimit-reset", clock::epoch(-3600).to_string())),
            Self::Unsaid => None,
        }
    }
}

/// How often a fault strikes, and after how many calls of its kind that go well.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    skip: u32,
    left: u32,
}

impl Times {
    pub const fn once() -> Self {
        Self::of(1)
    }

    pub const fn of(times: u32) -> Self {
        Self { skip: 0, left: times }
    }

    pub const fn always() -> Self {
        Self::of(u32::MAX)
    }

    /// The same after `calls` that go well.
    pub const fn after(self, calls: u32) -> Self {
        Self { skip: calls, ..self }
    }
}

struct Planned {
    call: Call,
    /// What the path has to contain.
    path: String,
    fault: Fault,
    times: Times,
}

struct Random {
    percent: u64,
    state: u64,
    faults: Vec<Fault>,
}

impl Random {
    /// The next number of splitmix64.
    const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn draw(&mut self) -> Option<Fault> {
        if self.next() % 100 >= self.percent {
            return None;
        }
        let which = self.next() % u64::try_from(self.faults.len()).unwrap();
        self.faults.get(usize::try_from(which).unwrap()).cloned()
    }
}

/// The faults to come.
#[derive(Default)]
pub struct Faults {
    planned: Vec<Planned>,
    random: Option<Random>,
}

impl Faults {
    pub fn plan(&mut self, call: Call, path: &str, fault: Fault, times: Times) {
        self.planned.push(Planned { call, path: path.to_owned(), fault, times });
    }

    pub fn randomly(&mut self, percent: u64, seed: u64, faults: Vec<Fault>) {
        self.random = Some(Random { percent, state: seed, faults });
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The fault that strikes this call, and one time less of it.
    pub fn strike(&mut self, call: Call, path: &str) -> Option<Fault> {
        for planned in &mut self.planned {
            let times = &mut planned.times;
            if planned.call != call || !path.contains(&planned.path) || times.left == 0 {
                continue;
            }
            if times.skip > 0 {
                times.skip -= 1;
            } else {
                times.left -= 1;
                return Some(planned.fault.clone());
            }
        }
        let random = self.random.as_mut().filter(|_| call != Call::Token)?;
        random.draw()
    }
}
