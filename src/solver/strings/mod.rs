//! Decides which combinations of membership in regular languages some text fulfils, and finds a shortest such text.

mod alphabet;
mod conjunction;
mod glushkov;
mod library;
mod machine;
mod outline;
mod positions;
mod product;

pub(in crate::solver) use conjunction::{Membership, Outcome};
pub(in crate::solver) use library::Library;
