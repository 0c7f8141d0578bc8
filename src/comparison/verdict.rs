//! What comparing two documents may answer.

use std::fmt;

use crate::iam::request::Request;

/// Whether everything that one document allows is allowed by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inclusion {
    /// It is.
    Proved(Proof),
    /// It is not: this request shows it.
    Refuted(Box<Witness>),
    /// It is not known.
    Unknown(UnknownReason),
}

/// How an inclusion was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Proof {
    /// The document allows nothing at all: it has no Allow.
    NoAllow,
    /// Each cell of its Allows is settled by plain facts.
    Containment,
    /// The solver found that no request is left.
    Solver,
}

/// A request that one document allows and the other does not; the evaluator has confirmed both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The request. Its context is complete.
    pub request: Request,
    /// Where it came from.
    pub origin: Origin,
}

/// How a witness was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// It is an instance of the documents' own patterns.
    Candidate,
    /// The solver found it.
    Solver,
}

/// Why an inclusion is neither proved nor refuted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownReason {
    /// The model has no formulas for one of the documents, or the solver gave up.
    Open(String),
    /// The two readings disagree, or the solver errs: a defect of this program. The request shows it.
    Defect(Box<Disagreement>),
}

/// A request about which the model and the evaluator disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The request that the solver found.
    pub request: Request,
    /// Who says what, as the end of a sentence.
    pub evaluator: String,
}

/// What NEW is, seen from OLD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Both allow the same requests.
    Equivalent,
    /// NEW allows more.
    Wider,
    /// NEW allows less.
    Narrower,
    /// Each allows something that the other does not.
    Incomparable,
    /// One direction is not known.
    Unknown,
}

/// What came of comparing two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether OLD allows all that NEW does; refuted by what is gained.
    pub gained: Inclusion,
    /// Whether NEW allows all that OLD does; refuted by what is lost.
    pub lost: Inclusion,
}

impl Comparison {
    /// The verdict in a word. It is unknown as soon as one direction is, though the other may have a witness.
    pub fn verdict(&self) -> Verdict {
        match (&self.gained, &self.lost) {
            (Inclusion::Unknown(_), _) | (_, Inclusion::Unknown(_)) => Verdict::Unknown,
            (Inclusion::Proved(_), Inclusion::Proved(_)) => Verdict::Equivalent,
            (Inclusion::Refuted(_), Inclusion::Proved(_)) => Verdict::Wider,
            (Inclusion::Proved(_), Inclusion::Refuted(_)) => Verdict::Narrower,
            (Inclusion::Refuted(_), Inclusion::Refuted(_)) => Verdict::Incomparable,
        }
    }

    /// Whether a defect of this program came to light.
    pub fn defects(&self) -> impl Iterator<Item = &Disagreement> {
        [&self.gained, &self.lost].into_iter().filter_map(|inclusion| match inclusion {
            Inclusion::Unknown(UnknownReason::Defect(disagreement)) => Some(disagreement.as_ref()),
            Inclusion::Unknown(UnknownReason::Open(_)) | Inclusion::Proved(_) | Inclusion::Refuted(_) => None,
        })
    }
}

impl Witness {
    pub(super) fn candidate(request: Request) -> Witness {
        Witness { request, origin: Origin::Candidate }
    }
}

impl Inclusion {
    /// The witness that refutes it.
    pub fn witness(&self) -> Option<&Witness> {
        match self {
            Inclusion::Refuted(witness) => Some(witness),
            Inclusion::Proved(_) | Inclusion::Unknown(_) => None,
        }
    }

    /// Why it is not known.
    pub fn unknown_reason(&self) -> Option<&UnknownReason> {
        match self {
            Inclusion::Unknown(reason) => Some(reason),
            Inclusion::Proved(_) | Inclusion::Refuted(_) => None,
        }
    }
}

impl Verdict {
    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Equivalent => "equivalent",
            Verdict::Wider => "wider",
            Verdict::Narrower => "narrower",
            Verdict::Incomparable => "incomparable",
            Verdict::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for UnknownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnknownReason::Open(reason) => f.write_str(reason),
            UnknownReason::Defect(disagreement) => write!(
                f,
                "this is a defect of iamproof, please report it: whether `{}` on `{}` tells the documents apart, {}",
                disagreement.request.action, disagreement.request.resource, disagreement.evaluator
            ),
        }
    }
}
