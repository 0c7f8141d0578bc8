//! Everything that must hold, in one test binary: a module for each kind of property.

// clippy.toml lifts these for test functions; what they call is a test too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test stops where something is not as expected"
)]

mod architecture;
mod assumptions;
mod classes;
mod command_line;
mod comparison;
mod corpus;
mod directories;
mod documents;
mod evaluator;
mod explained;
mod external;
mod generated;
mod json;
mod laws;
mod model;
// Mistakes can be planted only where debug assertions are on.
#[cfg(debug_assertions)]
mod mutants;
mod named;
mod reach;
mod search;
mod solver;
mod steps;
mod traces;
