//! What a case holds.

use super::steps::ExpectedStep;
use crate::iam::assumption::Assumptions;
use crate::iam::decision::{Decision, Reason};
use crate::iam::document::Code;
use crate::iam::layers::Layers;
use crate::iam::policy::PolicyType;
use crate::iam::request::Request;
use crate::iam::world::World;

/// A question with a known answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// One sentence: what a reader learns from it.
    pub because: String,
    /// The rule id that decides it, such as `EVAL-3`; free text outside `corpus/cited/`.
    pub rule: Option<String>,
    /// The document and page that the answer is taken from, or the command that found the case.
    pub source: Option<String>,
    /// What is asked, and the answer.
    pub question: Question,
}

/// The kinds of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// How requests are decided under these policies.
    Decisions {
        /// The policies, by layer.
        layers: Box<Layers>,
        /// The readings of open points under which the answers are right.
        assumptions: Assumptions,
        /// The requests with their answers, at least one.
        asked: Vec<Asked>,
    },
    /// What happens in a world, step by step.
    Trace {
        /// The world at the beginning.
        world: Box<World>,
        /// The steps with what must come of them, at least one.
        steps: Vec<ExpectedStep>,
    },
    /// What is wrong with the text of a policy.
    Grammar {
        /// What the policy is written for.
        policy_type: PolicyType,
        /// The text, which need not be JSON.
        text: String,
        /// The codes of all errors, in the order of GRAM-30; none if the text is valid.
        findings: Vec<Code>,
    },
}

/// A request and the answer that is right for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The request; its context is complete.
    pub request: Request,
    /// The right decision.
    pub expected: Decision,
    /// The right reason, where the case gives one; it belongs to the decision.
    pub reason: Option<Reason>,
}
