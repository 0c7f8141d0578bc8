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

#[cfg(not(debug_assertions))]
compile_error!(
    "most tests plant mistakes, which is possible only with debug assertions: run `cargo test` without --release"
);

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
mod mutants;
mod named;
mod offers;
mod reach;
mod search;
mod served;
mod solver;
mod steps;
mod traces;
