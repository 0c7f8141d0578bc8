//! Every ordered pair of some documents: does the one allow all that the other does?

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use super::inclusion::{Wanted, inclusion};
use super::prepared::Prepared;
use super::question::confirmed;
use super::verdict::{Inclusion, Origin, Proof, UnknownReason};
use crate::solver::Limits;

/// What came of a square.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Square {
    /// How many ordered pairs were asked about.
    pub pairs: u64,
    /// How many were refuted by an instance of the documents' own patterns.
    pub refuted_by_candidates: u64,
    /// How many the solver refuted.
    pub refuted_by_solver: u64,
    /// The pairs of which the second allows all that the first does, with how that is known.
    pub contained: Vec<(usize, usize, Proof)>,
    /// The pairs that are not known, with the reason.
    pub unknown: Vec<(usize, usize, UnknownReason)>,
    /// The answers that the second back end confirmed.
    pub confirmed: u64,
    /// The sampled answers of which the second back end does not know.
    pub unconfirmed: u64,
    /// The pairs in which the second back end says the opposite: a defect.
    pub contradicted: Vec<(usize, usize)>,
    /// Whether it was stopped before all pairs were asked about.
    pub interrupted: bool,
}

impl Square {
    fn join(mut self, other: Square) -> Square {
        self.pairs += other.pairs;
        self.refuted_by_candidates += other.refuted_by_candidates;
        self.refuted_by_solver += other.refuted_by_solver;
        self.contained.extend(other.contained);
        self.unknown.extend(other.unknown);
        self.confirmed += other.confirmed;
        self.unconfirmed += other.unconfirmed;
        self.contradicted.extend(other.contradicted);
        self.interrupted |= other.interrupted;
        self
    }
}

/// How a square is asked.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The effort of one question.
    pub limits: Limits,
    /// How many answers the second back end is asked to confirm: about so many, spread over the square.
    pub confirm: usize,
    /// One a core where it is not said.
    pub threads: Option<usize>,
    /// Set by whoever wants it to end.
    pub stop: &'a AtomicBool,
    /// Told how many pairs more are done.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// Asks of every ordered pair of different documents whether the second allows all that the first does.
///
/// # Errors
///
/// The operating system gives no threads.
pub fn square(documents: &[&Prepared], asking: Asking<'_>) -> Result<Square, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(asking.threads.unwrap_or(0)).build()?;
    let every = (documents.len() * documents.len()).checked_div(asking.confirm).map(|every| every.max(1));
    Ok(pool.install(|| {
        let rows = (0..documents.len()).into_par_iter().with_max_len(1);
        let rows: Vec<Square> = rows.map(|row| asked(documents, row, every, asking)).collect();
        rows.into_iter().fold(Square::default(), Square::join)
    }))
}

/// How much oftener a proof is confirmed than a refutation.
const PROOFS_TO_REFUTATIONS: usize = 20;

/// One document against all others.
fn asked(documents: &[&Prepared], row: usize, every: Option<usize>, asking: Asking<'_>) -> Square {
    let mut square = Square::default();
    let Some(a) = documents.get(row) else { return square };
    for (column, b) in documents.iter().enumerate().filter(|(column, _)| *column != row) {
        if asking.stop.load(Ordering::Relaxed) {
            square.interrupted = true;
            break;
        }
        let answer = inclusion(a, b, Wanted::First, asking.limits);
        square.pairs += 1;
        let number = row * documents.len() + column;
        // Proofs are few and worth more than their share of a sample.
        let share = match answer {
            Inclusion::Proved(Proof::Containment | Proof::Solver) => PROOFS_TO_REFUTATIONS,
            Inclusion::Proved(Proof::NoAllow) | Inclusion::Refuted(_) | Inclusion::Unknown(_) => 1,
        };
        if every.is_some_and(|every| number.is_multiple_of(every / share + 1)) {
            match confirmed(a, b, &answer, asking.limits) {
                Some(true) => square.confirmed += 1,
                Some(false) => square.contradicted.push((row, column)),
                None => square.unconfirmed += 1,
            }
        }
        match answer {
            Inclusion::Refuted(witness) => match witness.origin {
                Origin::Candidate => square.refuted_by_candidates += 1,
                Origin::Solver => square.refuted_by_solver += 1,
            },
            Inclusion::Proved(proof) => square.contained.push((row, column, proof)),
            Inclusion::Unknown(reason) => square.unknown.push((row, column, reason)),
        }
    }
    (asking.progress)(square.pairs);
    square
}
