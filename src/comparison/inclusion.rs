//! One direction of a comparison: whether everything that A allows is allowed by B.
//!
//! From cheap to dear, each step exact: an instance of the documents' own patterns that tells them apart, plain facts of containment, more
//! instances where those facts leave something open, the solver for what is still open. A request that tells the documents apart counts once
//! the evaluator says so of both documents and the model that it can be made.

use super::candidates::{Breadth, Candidate, Candidates};
use super::containment::remainders;
use super::homes::{homes, is_at_home};
use super::legality::{Legality, legality};
use super::prepared::{Prepared, between};
use super::question::{Outcome, Question, Range};
use super::scene::Cast;
use super::smallest::{shrunk, size};
use super::staging;
use super::trimmed::{trimmed, trimmed_to};
use super::verdict::{Comparison, Disagreement, Inclusion, Proof, UnknownReason, Witness};
use crate::iam::request::Request;
use crate::solver::Limits;

/// Which witness is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The first that is found.
    First,
    /// The smallest that is found with some more effort, for people to read.
    Smallest,
}

/// Compares two documents.
pub fn compare(old: &Prepared, new: &Prepared, wanted: Wanted, limits: Limits) -> Comparison {
    Comparison { gained: inclusion(new, old, wanted, limits), lost: inclusion(old, new, wanted, limits) }
}

/// Whether everything that A allows is allowed by B.
pub fn inclusion(a: &Prepared, b: &Prepared, wanted: Wanted, limits: Limits) -> Inclusion {
    let search = Search { a, b, cast: a.cast_with(b), wanted, limits };
    match search.answer() {
        Inclusion::Refuted(witness) => match wanted {
            Wanted::First => Inclusion::Refuted(witness),
            Wanted::Smallest => search.confirmed(search.presentable(*witness)),
        },
        answer @ (Inclusion::Proved(_) | Inclusion::Unknown(_)) => answer,
    }
}

/// How many candidates that tell the documents apart are looked at for the smallest.
const MOST_CHOICE: usize = 2_000;

/// How many of those the model is asked about whether they can be made.
const MOST_ASKED: usize = 100;

/// How many candidates may turn out not to be requests that can be made before the solver is asked instead.
const MOST_ILLEGAL: usize = 20;

/// One question.
struct Search<'s> {
    a: &'s Prepared,
    b: &'s Prepared,
    cast: Cast,
    wanted: Wanted,
    limits: Limits,
}

impl Search<'_> {
    fn answer(&self) -> Inclusion {
        let Search { a, b, cast, limits, .. } = *self;
        if a.allows_nothing() {
            return Inclusion::Proved(Proof::NoAllow);
        }
        let candidates = between(a, b, a.candidates(cast), || b.candidates(cast));
        let quick = self.chosen(candidates);
        if let Some(witness) = quick.as_ref().filter(|witness| self.pleases(witness)) {
            return Inclusion::Refuted(Box::new(witness.clone()));
        }
        let (a_asked, b_asked) = if self.is_as_decided() {
            let open = remainders(a.side(), b.side());
            if open.is_empty() {
                return quick.map_or(Inclusion::Proved(Proof::Containment), contradiction);
            }
            trimmed(a.side(), b.side(), &open)
        } else {
            (a.policy().clone(), b.policy().clone())
        };
        let grants = Candidates::of(&a_asked, a.compiled(), cast, Breadth::Thorough);
        let holes = Candidates::of(&b_asked, b.compiled(), cast, Breadth::Thorough);
        let thorough = self.chosen(between(a, b, &grants, || &holes));
        if let Some(witness) = thorough.as_ref().filter(|witness| self.pleases(witness)) {
            return Inclusion::Refuted(Box::new(witness.clone()));
        }
        // A witness that `decide` cannot show is one all the same, once nothing better is found.
        let fallback = quick.or(thorough);
        let question = |range| Question { a, b, a_asked: &a_asked, b_asked: &b_asked, range };
        match (question(Range::All).decide(limits), fallback) {
            (Outcome::Found(witness), fallback) => {
                let better = || match question(Range::Decided).decide(limits) {
                    Outcome::Found(better) if self.pleases(&better) => Some(*better),
                    Outcome::Found(_) | Outcome::Nothing | Outcome::Unknown(_) => None,
                };
                let witness =
                    if self.pleases(&witness) { *witness } else { better().or(fallback).unwrap_or(*witness) };
                Inclusion::Refuted(Box::new(witness))
            }
            (Outcome::Unknown(UnknownReason::Open(_)), Some(fallback)) => {
                Inclusion::Refuted(Box::new(fallback))
            }
            (Outcome::Unknown(reason), _) => Inclusion::Unknown(reason),
            (Outcome::Nothing, None) => Inclusion::Proved(Proof::Solver),
            (Outcome::Nothing, Some(fallback)) => contradiction(fallback),
        }
    }

    /// Whether all open points are read as they are decided. Plain facts of containment, and what documents are cut down to, are of the
    /// decisions: under D-22 a `*` does not absorb all that it spells, under D-31 a member that meets nothing voids its statement.
    fn is_as_decided(&self) -> bool {
        self.a.assumptions().is_decided() && self.b.assumptions().is_decided()
    }

    /// A candidate that is a request that can be made.
    fn chosen<'c>(
        &self,
        candidates: impl Iterator<Item = (&'c Candidates, &'c Candidate)>,
    ) -> Option<Witness> {
        let mut candidates: Vec<_> = match self.wanted {
            Wanted::First => {
                let (of, candidate) = candidates.take(MOST_ILLEGAL).find(|found| self.is_legal(found))?;
                return of.request(candidate).map(Witness::candidate);
            }
            Wanted::Smallest => candidates.take(MOST_CHOICE).collect(),
        };
        candidates.sort_by_cached_key(|(of, candidate)| of.request(candidate).map(|request| size(&request)));
        let legal = candidates
            .into_iter()
            .take(MOST_ASKED)
            .filter(|found| self.is_legal(found))
            .take(MOST_ILLEGAL)
            .filter_map(|(of, candidate)| of.request(candidate).map(Witness::candidate));
        let mut first = None;
        for witness in legal {
            if self.pleases(&witness) {
                return Some(witness);
            }
            first.get_or_insert(witness);
        }
        first
    }

    /// Whether the candidate can be made, by a caller that lives where its account does.
    fn is_legal(&self, (of, candidate): &(&Candidates, &Candidate)) -> bool {
        let is_at_home = || match self.cast {
            Cast::Nobody => true,
            Cast::Caller => of
                .question(candidate)
                .is_some_and(|question| is_at_home(question.caller, &homes([self.a, self.b]))),
        };
        of.is_legal(candidate, self.limits) && is_at_home()
    }

    /// Whether `decide` can show the witness; who wants any asks for nothing more.
    fn pleases(&self, witness: &Witness) -> bool {
        match self.wanted {
            Wanted::First => true,
            Wanted::Smallest => staging::is_shown(self.a, self.b, &witness.request),
        }
    }

    /// The witness, made smaller for people to read.
    fn presentable(&self, witness: Witness) -> Witness {
        let shown = self.pleases(&witness);
        let holds = |request: &Request| self.a.allows(request) && !self.b.allows(request);
        let legal = |request: &Request| legality(request, self.cast, self.limits) == Legality::Legal;
        let request = shrunk(&witness.request, holds, legal);
        let small = Witness { request, ..witness.clone() };
        // What a decision settles before it asks a policy may begin where a text got shorter.
        if shown && !self.pleases(&small) { witness } else { small }
    }

    /// The witness as an answer, once the model has seen it as well: the readings must agree on what is shown to people.
    fn confirmed(&self, witness: Witness) -> Inclusion {
        let Search { a, b, .. } = *self;
        let (a_asked, b_asked) = if self.is_as_decided() {
            trimmed_to(a.side(), b.side(), &witness.request)
        } else {
            (a.policy().clone(), b.policy().clone())
        };
        let question = Question { a, b, a_asked: &a_asked, b_asked: &b_asked, range: Range::All };
        match question.model_agrees(&witness.request, self.limits) {
            Some(true) | None => Inclusion::Refuted(Box::new(witness)),
            Some(false) => contradiction(witness),
        }
    }
}

/// A witness where there should be none.
fn contradiction(witness: Witness) -> Inclusion {
    let evaluator = "only the evaluator finds so, not the model".to_owned();
    Inclusion::Unknown(UnknownReason::Defect(Box::new(Disagreement { request: witness.request, evaluator })))
}

impl Inclusion {
    /// Whether it is open for want of formulas or effort.
    pub fn is_open(&self) -> bool {
        matches!(self, Inclusion::Unknown(UnknownReason::Open(_)))
    }
}
