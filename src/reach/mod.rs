//! Whom a principal can come to be: the roles and users that it can come to hold, each by its shortest sequence of calls.
//!
//! What is found is a *path*: calls that the interpreter of the first reading carried out, one after another, each with the credentials that
//! an earlier one yielded. So a path is never a guess. Which calls are tried comes from an index over what trust policies and identity policies
//! name (`index`), which may name too many and never too few; a call that is refused whatever the request says is no edge, and one of
//! which that is not known is counted and named ([`Doubt`]).
//!
//! Calls that change policies widen what the caller may do, and there is no end to such changes. Those that are tried are in
//! `changes`; what is not found by them is not proved to be out of reach, while without them the search is complete but for its doubts.

mod asking;
mod backward;
mod changes;
mod found;
mod index;
mod moves;
mod part;
mod providers;
mod search;
mod services;
mod wishes;

pub use asking::Doubt;
pub use found::{Call, Found, From, Path, To};
pub use part::{Holding, NotThere};
pub use search::{Changes, Reach};
