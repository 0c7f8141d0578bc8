//! Claims: the universal laws of `docs/semantics.md`, and how each is known.

pub mod catalog;
