//! One direction of a comparison: whether everything that A allows is allowed by B.
//!
//! From cheap to dear, each step exact: an instance of the documents' own patterns that tells them apart, plain facts of containment, more
//! instances where those facts leave something open, the solver for what is still open. A request that tells the documents apart counts once
//! the evaluator says so of both documents and the model that it can be made.

use super::candidates::{Breadth, Candidate, Candidates};
use super::containment::remainders;
use super::prepared::{Prepared, between};
use super::question::{Outcome, Question};
use super::smallest::size;
use super::trimmed::trimmed;
use super::verdict::{Comparison, Inclusion, Origin, Proof, UnknownReason, Witness};
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
    if a.allows_nothing() {
        return Inclusion::Proved(Proof::NoAllow);
    }
    let cast = a.cast_with(b);
    let candidates = between(a, b, a.candidates(cast), || b.candidates(cast));
    if let Some(witness) = chosen(candidates, wanted, limits) {
        return Inclusion::Refuted(Box::new(witness));
    }
    let open = remainders(a.side(), b.side());
    if open.is_empty() {
        return Inclusion::Proved(Proof::Containment);
    }
    let (a_asked, b_asked) = trimmed(a.side(), b.side(), &open);
    let grants = Candidates::of(&a_asked, a.compiled(), cast, Breadth::Thorough);
    let holes = Candidates::of(&b_asked, b.compiled(), cast, Breadth::Thorough);
    if let Some(witness) = chosen(between(a, b, &grants, || &holes), wanted, limits) {
        return Inclusion::Refuted(Box::new(witness));
    }
    let question = Question { a, b, a_asked: &a_asked, b_asked: &b_asked };
    match question.decide(limits) {
        Outcome::Nothing => Inclusion::Proved(Proof::Solver),
        Outcome::Found(witness) => Inclusion::Refuted(witness),
        Outcome::Unknown(reason) => Inclusion::Unknown(reason),
    }
}

/// How many candidates that tell the documents apart are looked at for the smallest.
const MOST_CHOICE: usize = 2_000;

/// How many candidates may turn out not to be requests that can be made before the solver is asked instead.
const MOST_ILLEGAL: usize = 20;

/// A candidate that is a request that can be made.
fn chosen<'c>(
    candidates: impl Iterator<Item = (&'c Candidates, &'c Candidate)>,
    wanted: Wanted,
    limits: Limits,
) -> Option<Witness> {
    let legal = |(of, candidate): &(&Candidates, &Candidate)| of.is_legal(candidate, limits);
    let found = match wanted {
        Wanted::First => candidates.take(MOST_ILLEGAL).find(legal),
        Wanted::Smallest => {
            let mut all: Vec<(&Candidates, &Candidate)> = candidates.take(MOST_CHOICE).collect();
            all.sort_by_cached_key(|(of, candidate)| of.request(candidate).map(|request| size(&request)));
            all.into_iter().take(MOST_ILLEGAL).find(legal)
        }
    };
    let request = found.and_then(|(of, candidate)| of.request(candidate))?;
    Some(Witness { request, origin: Origin::Candidate })
}

impl Inclusion {
    /// Whether it is open for want of formulas or effort.
    pub fn is_open(&self) -> bool {
        matches!(self, Inclusion::Unknown(UnknownReason::Open(_)))
    }
}
