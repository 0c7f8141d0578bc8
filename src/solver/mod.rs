//! Decides formulas over Booleans, integers, network addresses and texts, and knows nothing of IAM.
//!
//! [`formula`] and [`regular`] say what can be asked, [`verdict`] what can be answered, [`check`] holds the solver. Beneath it: a Boolean
//! search over the atoms (`clauses`, `search`), a procedure for texts (`strings`), one for numbers and addresses (`numbers`), and Z3.

pub mod check;
pub mod evaluate;
pub mod formula;
pub mod regular;
pub mod smtlib;
pub mod verdict;
pub mod version;
pub mod z3_strings;

mod clauses;
mod facts;
mod hashing;
mod linked;
mod numbers;
mod search;
mod strings;
mod theories;
mod z3;

pub use check::{Knowledge, Solver};
pub use verdict::{Answer, Assignment, Limit, Limits, UnknownReason};
