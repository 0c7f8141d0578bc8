//! What one document allows and another does not.

mod callers;
mod candidates;
mod filling;
mod prepared;
mod scene;
mod surroundings;

pub use prepared::Prepared;
pub mod solving;
pub mod legal;
