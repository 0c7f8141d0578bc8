//! Directories as a relation over atoms: who trusts, accepts and looks up whom, which question is put to whom, and the first check that
//! fails (section 8 of the rules).
//!
//! Nothing here runs. A world is a few facts, each a formula: of a concrete world a constant, of all worlds a free flag. Whether a trust is
//! effective, a domain accepted or looked up is a formula over the records that both sides keep ([`Trusts`], [`Standing`]); what an operation
//! comes to is, for each refusal and for each question with its answer, the formula that holds iff it comes ([`Outcome`]). So what a concrete
//! step comes to is read off formulas that hold of free flags as well: of which the laws of section 9.8 can be proved.
//!
//! No operation looks at the past: its outcome follows from the facts of its instant. So what holds of one operation over free facts
//! holds of that operation wherever it stands in a trace. What lasts, an assignment or a trust on record, has a relation between the states
//! before and after an operation ([`keeps`]).

mod assigning;
mod keeping;
mod kind;
mod lines;
mod logon;
mod lookup;
mod standing;
mod trust;
mod trusting;

pub use assigning::{Assigning, assigning};
pub use keeping::{Keeping, Kept, keeps};
pub use kind::{Ability, Kind, Kinds};
pub use lines::{Ask, Asked, Lines, Outcome};
pub use logon::{Logon, SignIn, TRUST_RULE, Uses, log_on, sign_in};
pub use lookup::{Finding, Joining, Lookup, find, join, look_up};
pub use standing::{Standing, Way, accepts, answers, looks_up};
pub use trust::{Record, Trusts};
pub use trusting::{Trusting, Verifying, create_trust, verify_trust};
