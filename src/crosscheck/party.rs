//! Whoever is held against the model: the built-in evaluator, or any other.

use std::fmt;

use crate::evaluator::{Evaluator, Reading};
use crate::generators::worlds::World;
use crate::iam::decision::{Decision, Reason};

/// An evaluator under test, at work on one thread.
pub trait Party {
    /// Its answers to the requests of a world, one each, in their order.
    fn answers(&mut self, world: &World) -> Vec<Answer>;
}

/// Starts evaluators under test, one a thread.
pub trait Parties: Sync {
    /// One that is ready to answer.
    fn start(&self) -> Box<dyn Party + '_>;
}

/// An answer to one request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// A decision with its reason.
    Reason(Reason),
    /// A decision without one.
    Decision(Decision),
    /// A denial of either kind.
    Deny,
    /// The evaluator says that it cannot decide this.
    Unsupported(String),
    /// The evaluator says that the input is wrong.
    Error(String),
    /// No answer came: the evaluator broke down, or said what nobody understands.
    Failure(String),
}

/// How an answer stands to the reason that the model gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They agree, as far as the answer goes.
    Agrees,
    /// They do not.
    Disagrees,
    /// There is nothing to compare.
    Unsupported,
    /// There is nothing to compare, and that is the evaluator's fault.
    Fails,
}

impl Answer {
    /// Compares with the reason that is expected.
    pub fn against(&self, expected: Reason) -> Verdict {
        let agrees = match self {
            Answer::Reason(reason) => *reason == expected,
            Answer::Decision(decision) => *decision == expected.decision(),
            Answer::Deny => expected.decision() != Decision::Allow,
            Answer::Unsupported(_) => return Verdict::Unsupported,
            Answer::Error(_) => false,
            Answer::Failure(_) => return Verdict::Fails,
        };
        if agrees { Verdict::Agrees } else { Verdict::Disagrees }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Reason(reason) => write!(f, "{} ({reason})", reason.decision()),
            Answer::Decision(decision) => decision.fmt(f),
            Answer::Deny => f.write_str("deny"),
            Answer::Unsupported(what) => write!(f, "unsupported: {what}"),
            Answer::Error(what) => write!(f, "error: {what}"),
            Answer::Failure(what) => write!(f, "failure: {what}"),
        }
    }
}

/// The evaluator of this program, in a given reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltIn(pub Reading);

impl Parties for BuiltIn {
    fn start(&self) -> Box<dyn Party + '_> {
        Box::new(*self)
    }
}

impl Party for BuiltIn {
    fn answers(&mut self, world: &World) -> Vec<Answer> {
        match Evaluator::compile_with(&world.layers, self.0) {
            Ok(evaluator) => {
                world.requests.iter().map(|request| Answer::Reason(evaluator.decide(request))).collect()
            }
            Err(error) => {
                let text = error.to_string();
                let answer = if text.contains("not supported yet") {
                    Answer::Unsupported(text)
                } else {
                    Answer::Error(text)
                };
                vec![answer; world.requests.len()]
            }
        }
    }
}
