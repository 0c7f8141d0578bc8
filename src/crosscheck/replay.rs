//! Written cases put to both readings, and documents of grammar cases to the reader.

use crate::corpus::{Asked, Question};
use crate::evaluator::{Evaluator, Reading};
use crate::iam::decision::Reason;
use crate::iam::document::{self, Code, Strictness, TypeChoice};
use crate::iam::layers::Layers;
use crate::model::modelled::Modelled;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// The answers to its requests, in their order.
    Decisions(Vec<Answers>),
    /// What came of its steps.
    Steps(Box<super::trace::Run>),
    /// The codes of all errors that the reader found.
    Findings {
        /// The codes that the case expects.
        expected: Vec<Code>,
        /// The codes found.
        found: Vec<Code>,
    },
}

/// Both readings' answers to a request: a reason, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// The first reading's.
    pub evaluator: Result<Reason, String>,
    /// The second reading's.
    pub model: Result<Reason, String>,
}

impl Answers {
    /// Whether both give the decision that the case expects, and its reason where it names one.
    pub fn are_expected(&self, asked: &Asked) -> bool {
        let is_expected = |answer: &Result<Reason, String>| {
            answer.as_ref().is_ok_and(|reason| {
                reason.decision() == asked.expected && asked.reason.is_none_or(|expected| expected == *reason)
            })
        };
        is_expected(&self.evaluator) && is_expected(&self.model)
    }

    /// Whether both give the same reason.
    pub fn agree(&self) -> bool {
        self.evaluator.is_ok() && self.evaluator == self.model
    }
}

/// Puts a case to both readings, the first of them in a given way. Both take its assumptions, but of those points of which the case itself
/// assumes something.
pub fn replay(question: &Question, reading: Reading) -> Replayed {
    match question {
        Question::Decisions { layers, assumptions, asked } => {
            let assumptions = reading.assumptions().overridden_by(*assumptions);
            Replayed::Decisions(answers(layers, asked, reading.under(assumptions)))
        }
        Question::Trace { world, steps } => {
            Replayed::Steps(Box::new(super::trace::run(world, steps, reading)))
        }
        Question::Grammar { policy_type, text, findings } => {
            let choice = TypeChoice::Given(*policy_type);
            let document = document::read(text.as_bytes(), choice, Strictness::Strict);
            let found = document.errors().map(|error| error.code).collect();
            Replayed::Findings { expected: findings.clone(), found }
        }
    }
}

fn answers(layers: &Layers, asked: &[Asked], reading: Reading) -> Vec<Answers> {
    let evaluator = Evaluator::compile_with(layers, reading).map_err(|error| error.to_string());
    let mut modelled = Modelled::assuming(layers, reading.assumptions());
    asked
        .iter()
        .map(|Asked { request, .. }| Answers {
            evaluator: match &evaluator {
                Ok(evaluator) => Ok(evaluator.decide(request)),
                Err(error) => Err(error.clone()),
            },
            model: match &mut modelled {
                Ok(modelled) => {
                    modelled.answer(request).map(|answered| answered.reason).map_err(|why| why.to_string())
                }
                Err(why) => Err(why.to_string()),
            },
        })
        .collect()
}
