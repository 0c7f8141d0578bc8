//! The one test binary: what must hold of the whole, told in tables and properties.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and its helpers are outside of `#[test]` functions"
)]

mod command_line;
mod corpus;
mod documents;
mod json;
