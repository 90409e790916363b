//! How a token's lifetime is decided, and what a real authorization server would do instead.

mod decide;
mod decision;
mod guardrail;
mod profile;

pub use decide::{Policy, Request, decide, decide_for};
pub use decision::{Decision, Denied, Granted, Limit, LimitKind, OAuthError, Outcome, Reason};
pub use guardrail::{Compiled, GuardrailError, Verdict};
pub use profile::{Issued, IssuerDenial, issue};
