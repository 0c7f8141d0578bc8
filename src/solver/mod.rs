//! Decides formulas over Booleans, integers, network addresses and texts, and knows nothing of IAM.
//!
//! [`formula`] and [`regular`] say what can be asked, [`verdict`] what can be answered, [`check`] holds the solver. Beneath it: a Boolean
//! search over the atoms (`clauses`, `search`), a procedure for texts (`strings`), one for numbers and addresses (`numbers`), and Z3.
//! [`forced`] searches nothing: it follows what a formula says of every variable.

pub mod check;
pub mod evaluate;
pub mod forced;
pub mod formula;
pub mod regular;
pub mod smtlib;
pub mod taking;
pub mod verdict;
pub mod version;
pub mod z3_strings;

mod clauses;
mod facts;
mod hashing;
mod interner;
mod linked;
mod numbers;
mod occurring;
mod search;
mod strings;
mod theories;
mod z3;
mod z3_search;

pub use check::{Knowledge, Solver};
pub use verdict::{Answer, Assignment, Limit, Limits, UnknownReason};
