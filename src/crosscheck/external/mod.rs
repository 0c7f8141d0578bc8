//! Any other evaluator held against the readings, through the protocol of `docs/protocol.md`.
//!
//! A `program` is started and fed lines, and a `session` lives through whatever it does. `question` is what it is asked, `answer` what it may say and
//! when that agrees, `reference` who knows what is right. A `run` counts; `explain` makes disagreements small and puts each
//! under the construct that causes it, by taking constructs out one by one (`neutral`). `readings` says which of them are another
//! reading of an open point.

mod answer;
mod broken;
mod command;
mod construct;
mod explain;
mod misbehaviour;
mod neutral;
mod program;
mod question;
mod readings;
mod reference;
mod respondent;
mod run;
mod session;

pub use answer::{Answer, Comparison, Expected};
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
