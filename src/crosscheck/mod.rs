//! The two readings played against each other: the first folder that names both.
//!
//! [`stream`] makes worlds from a seed. For each request of each world [`crate::model::modelled`] has the answer of the second reading, a [`party`] (the
//! evaluator, or a program) that of the first, and [`pointwise`] compares them, reason by reason. Where they differ, [`reduction`] makes the
//! world as small as it gets, [`finding`] groups what is alike and writes it as a case. [`replay`] puts written cases
//! to both readings ([`trace`] those with steps), [`external`] holds any other program against them, and [`runner`] does all of it on every core, with one answer for one seed.
//! [`rests_on`] says on which open points a claim rests.

pub mod stream;

pub mod party;

pub mod coverage;
pub mod pointwise;

pub mod finding;
pub mod reduction;

pub mod classes;
pub mod external;

pub mod agreement;
pub mod replay;
pub mod rests_on;
pub mod runner;
pub mod trace;
pub mod traces;
