//! Sessions as a transition relation: which calls issue one, with which record, and why others are refused (section 5 of the rules).
//!
//! A trace is a list of operations, and of all that a state holds only the sessions matter here: no operation changes the record of one
//! (STS-2), and each issues at most one. So the relation is about a single call: the [`Caller`] with the record of its own session, what is
//! asked, the facts of the world that decide, and the record that comes out of it ([`Issue`]). Like [`super::decision`] it sees no text:
//! the facts are formulas, those of a concrete world where one is searched, and free flags where a law is proved for every trace.
//!
//! Texts that the relation only compares (source identities, values of tags) are integers: two of them are equal, or not.

mod duration;
mod issue;
mod operation;
mod session;
mod store;

pub use duration::{Asked, Granted, Limits, granted};
pub use issue::{Call, Caller, Facts, Issue, Passed, Terms, issue, shown_external_id, shows_mfa};
pub use operation::{Check, Operation, Refusal};
pub use session::{SessionKind, SessionRecord, Tag};
pub use store::{Place, leaves};
