//! Any other evaluator held against the readings, through the protocol of `docs/protocol.md`.
//!
//! A `program` is started and fed lines, and a `session` lives through whatever it does. `question` is what it is asked, in a `spelling` or
//! `broken` by one of the `damages`, `answer` what it may say and when that agrees, `reference` who knows what is right. A `run` counts; `explain` makes
//! disagreements small and puts each under what causes it, by taking things out one by one: elements (`neutral`, named by `construct` and `listed`),
//! properties of their texts (`facet`, `texts`, `kinds`), and what is left when all that is plain (`structure`). `readings` says which of them are
//! another reading of an open point.

mod answer;
mod broken;
mod command;
mod construct;
mod damages;
mod explain;
mod facet;
mod kinds;
mod listed;
mod misbehaviour;
mod neutral;
mod program;
mod question;
mod readings;
mod reference;
mod respondent;
mod run;
mod session;
mod spelling;
mod structure;
mod texts;

pub use answer::{Answer, Comparison, Expected};
pub use broken::Damage;
pub use command::{CommandLine, CommandLineError};
pub use construct::Cause;
pub use explain::{Example, Explained, Group, MOST_ASKED, explain};
pub use misbehaviour::Misbehaviour;
pub use question::{Origin, Question, Written};
pub use readings::{Readings, other_readings};
pub use reference::{BuiltIn, Model, Reference};
pub use respondent::Respondent;
pub use run::{Control, Disagreement, MOST_KEPT, Plan, Speed, Tally, interview, run};
pub use session::{Failure, Limits, Patience, Recurrence, Reply, Session};
pub use spelling::Spelling;
