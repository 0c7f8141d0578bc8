//! What one document allows and another does not.
//!
//! A document *allows* a request if some Allow matches it and no Deny does; no other layer takes part, and callers are free. [`compare`] says
//! of two documents in which directions they differ, with a request for each direction in which they do.

mod inclusion;
mod verdict;

mod prepared;

pub mod callers;
mod candidates;
pub mod filling;
pub mod scene;
mod surroundings;

mod containment;
mod pattern;
mod region;
mod trimmed;

mod desk;
mod homes;
mod legality;
mod question;
mod smallest;

mod explanation;
mod rests_on;
mod staging;

mod batch;
mod library;
mod square;

pub use batch::{Ending, in_order};
pub use explanation::{Explanation, Refusal, explain};
pub use inclusion::{Wanted, compare, inclusion};
pub use library::{Library, Lookup, Problem, Shelved, Unusable};
pub use prepared::Prepared;
pub use rests_on::{Turned, rests_on};
pub use square::{Asking, Square, square};
pub use staging::{Staged, allows_all, stage};
pub use verdict::{Comparison, Disagreement, Inclusion, Origin, Proof, UnknownReason, Verdict, Witness};
