//! Bounded search: from a world, in at most so many steps, can something be reached?
//!
//! The answer is a shortest trace of operations that the solver finds, or that there is none of so many steps. What it says of longer
//! traces is nothing. What is ranged over:
//!
//! - the calls that issue sessions: AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity, GetSessionToken, GetFederationToken, and
//!   roles that a service takes up; where a request is looked for, that request at the end;
//! - every instant from the world's own on, and every duration;
//! - of session names, tags, source identities and MFA codes those that policies and devices spell (`spelled`), and of each one other;
//! - everything that a request says freely, such as where it comes from (`asking`).
//!
//! No step changes a policy, a user or a role. So whether a call is allowed depends on who calls and when, and is decided once
//! (`graph`); a trace is then a short walk whose times the relation of sessions ties together (`unrolled`).

mod asking;
mod calls;
mod clock;
mod cycles;
mod goal;
mod graph;
mod part;
mod place;
mod relation;
mod searching;
mod spelled;
mod unrolled;
mod wanting;

pub use cycles::Renewal;
pub use goal::{Goal, Which};
pub use graph::{Doubt, told};
pub use relation::{OwnRelation, Relation};
pub use searching::{Answer, Begin, Found, Search, Trace, Unusable};
