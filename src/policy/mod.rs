//! How a token's lifetime is decided, and what a real authorization server would do instead.

mod decide;
mod decision;
mod document;
mod explain;
mod facts;
mod guardrail;
mod matrix;
mod profile;
mod status;

pub use decide::{Policy, Request, decide, decide_for};
pub use decision::{Decision, Denied, Granted, Limit, LimitKind, OAuthError, Outcome, Reason};
pub use document::{Beside, Document, batch_line, document};
pub use explain::{authlete_note, explain};
pub use guardrail::{Compiled, GuardrailError, Verdict, check as check_guardrail};
pub use matrix::{Answer, Combination, MOST_SCOPES, Matrix, matrix};
pub use profile::{Issued, IssuerDenial, Overrun, issue, overrun_up_to};
pub use status::{ENDING_DAYS, Status, status};
