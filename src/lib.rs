//! Proves what AWS IAM and STS policies allow: nouns, two readings of them, a solver, and the harness that plays them against each other.

pub mod cli;
pub mod comparison;
pub mod corpus;
pub mod crosscheck;
pub mod evaluator;
pub mod explanation;
pub mod generators;
pub mod iam;
pub mod invariants;
pub mod model;
pub mod reach;
pub mod search;
pub mod solver;
