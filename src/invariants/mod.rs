//! Claims: the universal laws of `docs/semantics.md`, and how each is known.

pub mod catalog;
pub mod known;
pub mod rules;

pub mod elements;
pub mod entries;
pub mod sets;

mod induction;
pub mod obligation;

pub mod claim;
pub mod material;

mod on_sets;
mod on_statements;
mod on_texts;
mod spelling;

pub mod directories;
pub mod layered;
pub mod requests;

pub mod given;
pub mod sampled;
pub mod tempting;
pub mod traces;

mod built;
pub mod fixed;
mod tempting_layers;

mod proving;
mod readings;
pub mod rests_on;

pub use proving::{Options, all, for_all_policies, prove_all};
pub use readings::Readings;
