//! The first reading by itself: tables whose answers are taken from the rules, never from the code.

mod callers;
mod elements;
mod explanation;
mod indexes;
// Mistakes can be planted only where debug assertions are on.
mod mistakes;
mod values;
pub mod written;
