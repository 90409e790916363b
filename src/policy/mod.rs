//! How a token's lifetime is decided, and what a real authorization server would do instead.

mod curve;
mod decide;
mod decision;
mod document;
mod enforcement;
mod explain;
mod facts;
mod filter;
mod fleet;
mod guardrail;
mod impact;
mod matrix;
mod profile;
mod report;
mod status;
mod timeline;

pub use curve::{Curve, Point, curve};
pub use decide::{Policy, Request, decide, decide_for};
pub use decision::{Decision, Denied, Granted, Limit, LimitKind, OAuthError, Outcome, Reason};
pub use document::{Beside, Document, batch_line, document};
pub use enforcement::{EnforcementEffect, Strategy, enforcement, enforcing, enforcing_label};
pub use explain::{Style, disagreement, explain};
pub use facts::names as guardrail_names;
pub use filter::{
    Completion, Field as FilterField, Filter, FilterContext, FilterError, Moments, Subject, haystack,
};
pub use fleet::{FleetColumn, OverrunUpTo, Row, RowOutcome, fleet, overrun_up_to, row, sort_rows};
pub use guardrail::{Compiled, GuardrailError, Verdict, check as check_guardrail};
pub use impact::{Affected, Answer, Direction, Impact, Shift, Tally, impact, impact_while};
pub use matrix::{Cell, Combination, Group, LISTED, Matrix, matrix};
pub use profile::{Issued, IssuerDenial, issue};
pub use report::{Report, ReportRow, Sums};
pub use status::{ENDING_DAYS, Status, Window, status};
pub use timeline::Timeline;
