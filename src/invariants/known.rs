//! How a law is known: for what it was shown, with what verdict, and what was done.

use std::fmt;

use super::catalog::{Expected, Law};
use crate::crosscheck::rests_on::RestsOn;
use crate::iam::layers::Layers;
use crate::iam::request::Request;

/// What a law was shown for, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Every set of policies and every request.
    AllPolicies,
    /// The policies that were given, and every request.
    ThesePolicies,
    /// Every trace of operations.
    AllTraces,
    /// Every trace of at most so many operations.
    UpTo(usize),
    /// Policies and requests drawn by chance.
    Sampled,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::AllPolicies => f.write_str("all-policies"),
            Scope::ThesePolicies => f.write_str("these-policies"),
            Scope::AllTraces => f.write_str("all-traces"),
            Scope::UpTo(length) => write!(f, "up-to-{length}"),
            Scope::Sampled => f.write_str("sampled"),
        }
    }
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no counterexample.
    Proved,
    /// Nobody met a counterexample.
    Sampled,
    /// There is one.
    Refuted(Counterexample),
    /// Nothing satisfies the premise, so that the law says nothing here.
    Vacuous,
    /// It is not known, for this reason.
    Unknown(String),
}

impl Verdict {
    /// The word in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Proved => "proved",
            Verdict::Sampled => "sampled",
            Verdict::Refuted(_) => "refuted",
            Verdict::Vacuous => "vacuous",
            Verdict::Unknown(_) => "unknown",
        }
    }
}

/// Why a law does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counterexample {
    /// A step of a proof for all policies fails.
    Step {
        /// Which step.
        step: String,
        /// The flags of the step that are true where it fails.
        flags: Vec<String>,
        /// The flags of the step that are false there.
        false_flags: Vec<String>,
    },
    /// Policies and a request.
    Request(Box<Witness>),
    /// A world with its steps, told as an example that was made smaller.
    Example(String),
}

/// Policies and a request for which a law fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// What the law was tried on.
    pub about: String,
    /// The sides of the law: sets of policies that it compares, each with what it says of the request.
    pub sides: Vec<(Layers, &'static str)>,
    /// The request.
    pub request: Request,
    /// Which reading found it, and whether the other agrees.
    pub found: Found,
}

/// Who says that a witness is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The model found it, and the evaluator decides the same.
    ByBoth,
    /// The model found it, but the evaluator decides otherwise: the readings disagree.
    ByTheModelAlone,
    /// The evaluator met it.
    ByTheEvaluator,
}

/// One way in which a law was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What it was tried on.
    pub scope: Scope,
    /// What came out.
    pub verdict: Verdict,
    /// What was done, in one sentence.
    pub done: String,
}

/// A law with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawResult {
    /// The law.
    pub law: Law,
    /// The ways in which it was tried, the strongest first.
    pub ways: Vec<Way>,
    /// The open points on which the proof rests, or why that is not known; `None` where nobody asked, or nothing is proved.
    pub rests_on: Option<Result<RestsOn<Counterexample>, String>>,
}

/// How a law stands against what was expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As expected.
    AsExpected,
    /// A law that should hold does not or says nothing, or a false statement was not refuted.
    NotAsExpected,
    /// Not known.
    Open,
}

impl LawResult {
    /// The way that counts: the one that refutes the law if there is one, else one that leaves it open, else the strongest.
    ///
    /// So a law is called proved for all policies only if nothing that was tried beside the proof speaks against it.
    pub fn telling(&self) -> Option<&Way> {
        let rank = |way: &&Way| match way.verdict {
            Verdict::Refuted(_) => 0,
            Verdict::Vacuous => 1,
            Verdict::Unknown(_) => 2,
            Verdict::Proved => 3,
            Verdict::Sampled => 4,
        };
        self.ways.iter().min_by_key(rank)
    }

    /// Whether the law came out as it must.
    pub fn standing(&self) -> Standing {
        match (self.law.expected, self.telling().map(|way| &way.verdict)) {
            (Expected::Proved, Some(Verdict::Proved | Verdict::Sampled))
            | (Expected::Refuted, Some(Verdict::Refuted(_))) => Standing::AsExpected,
            (Expected::Proved, Some(Verdict::Refuted(_) | Verdict::Vacuous))
            | (Expected::Refuted, Some(Verdict::Proved | Verdict::Sampled | Verdict::Vacuous)) => {
                Standing::NotAsExpected
            }
            (Expected::Proved | Expected::Refuted, Some(Verdict::Unknown(_)) | None) => Standing::Open,
        }
    }
}
