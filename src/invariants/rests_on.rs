//! On which open points the proof of a law rests.
//!
//! A law that is proved is proved under the decisions. Here the readings of all open points are free as well, and a counterexample is looked for
//! in each form in which the law was proved:
//!
//! - over texts ([`super::given`], [`super::fixed`]) every reading acts, since the model itself writes the formulas;
//! - over any request among layers that say anything ([`super::requests`]) every reading acts as well;
//! - over free flags for what layers and sets say, three readings act (see `obligation`); all others only change which statements
//!   match, by which grant and under which ceilings, and these flags are free: the proof holds under each of them;
//! - over free flags for what elements and entries say, those act that look at more than one flag (D-31, D-39, D-40, D-41), and all others below;
//! - traces are about sections 5 to 8, which no reading changes; the decisions in them are made by the last step, over free flags again.

use rayon::prelude::*;

use super::catalog::{Expected, Law};
use super::directories::relation::OwnRelation;
use super::given;
use super::known::{Counterexample, LawResult, Verdict, Witness};
use super::obligation::Proof;
use super::proving::{Options, proof_for_all_policies};
use super::readings::{Readings, Symbolic};
use super::traces::steps::OwnSteps;
use super::{directories, entries, fixed, requests, traces};
use crate::crosscheck::rests_on::{Fall, Falls, RestsOn, rests_on};
use crate::iam::assumption::OpenPoint;

/// Says of each law that is proved on what its proof rests. `done` is called for each law, from any thread.
pub fn find_all(results: &mut [LawResult], options: &Options<'_>, done: &(dyn Fn() + Sync)) {
    results.par_iter_mut().for_each(|result| {
        let proved = result.telling().is_some_and(|way| way.verdict == Verdict::Proved);
        if proved && result.law.expected == Expected::Proved {
            result.rests_on = Some(of_law(&result.law, options));
        }
        done();
    });
}

/// On what the proof of a law rests.
///
/// # Errors
///
/// Why it is not known.
pub fn of_law(law: &Law, options: &Options<'_>) -> Result<RestsOn<Counterexample>, String> {
    let readings = options.readings;
    let assumed = |point: OpenPoint| readings.assumptions.reading_of(point).is_some();
    let points: Vec<OpenPoint> = OpenPoint::ALL.iter().copied().filter(|point| !assumed(*point)).collect();
    let varied = points.iter().copied().filter(|point| !entries::kept_by_texts(law.id).contains(point));
    let mut texts = Texts::of(law, options, &varied.collect::<Vec<_>>())?;
    let mut proofs: Vec<Proof> = Vec::new();
    proofs.extend(proof_for_all_policies(law.id, readings));
    proofs.extend(requests::texts(law.id, readings.rules));
    proofs.extend(traces::proof(law.id, &OwnSteps));
    proofs.extend(directories::proof(law.id, &OwnRelation));
    rests_on(|held| match texts.falls(held) {
        Falls::Never => over_flags(&mut proofs, held, readings),
        falls @ (Falls::Here(_) | Falls::Unknown(_)) => falls,
    })
}

fn over_flags(proofs: &mut [Proof], held: &[OpenPoint], readings: Readings<'_>) -> Falls<Counterexample> {
    let mut answers = proofs.iter_mut().map(|proof| proof.falls(held, readings.assumptions, readings.limits));
    answers.find(|answer| *answer != Falls::Never).unwrap_or(Falls::Never)
}

/// A law on texts, written down under free readings.
struct Texts<'r> {
    /// The sets of policies on which it falls under some reading; on all others it never does, and no more is asked.
    fallen: Vec<Symbolic<'r>>,
    /// How it falls there, as far as known.
    falls: Vec<Fall<Witness>>,
}

impl<'r> Texts<'r> {
    fn of(law: &Law, options: &Options<'r>, points: &[OpenPoint]) -> Result<Texts<'r>, String> {
        let mut texts = Texts { fallen: Vec::new(), falls: Vec::new() };
        for symbolic in fixed::varied(law.id, options.readings, points)? {
            texts.add(symbolic)?;
        }
        for given in &options.given {
            if let Some(symbolic) = given::varied(law.id, given, options.readings, points)? {
                texts.add(symbolic).map_err(|reason| format!("{}: {reason}", given.name))?;
            }
        }
        Ok(texts)
    }

    fn add(&mut self, mut symbolic: Symbolic<'r>) -> Result<(), String> {
        let before = self.falls.len();
        self.falls.extend(found(symbolic.fallen(&[]))?);
        if self.falls.len() > before {
            self.fallen.push(symbolic);
        }
        Ok(())
    }

    /// A fall that takes no other reading of the points that are held.
    fn falls(&mut self, held: &[OpenPoint]) -> Falls<Counterexample> {
        let turns =
            |fall: &Fall<Witness>| held.iter().any(|point| fall.assumptions.reading_of(*point).is_some());
        if self.falls.iter().all(turns) {
            for symbolic in &mut self.fallen {
                match found(symbolic.fallen(held)) {
                    Ok(falls) if falls.is_empty() => {}
                    Ok(falls) => {
                        self.falls.extend(falls);
                        break;
                    }
                    Err(reason) => return Falls::Unknown(reason),
                }
            }
        }
        match self.falls.iter().find(|fall| !turns(fall)) {
            None => Falls::Never,
            Some(Fall { assumptions, witness }) => Falls::Here(Fall {
                assumptions: *assumptions,
                witness: Counterexample::Request(Box::new(witness.clone())),
            }),
        }
    }
}

/// The falls among these answers.
fn found(answers: Vec<Falls<Witness>>) -> Result<Vec<Fall<Witness>>, String> {
    let mut falls = Vec::new();
    for answer in answers {
        match answer {
            Falls::Never => {}
            Falls::Here(fall) => falls.push(fall),
            Falls::Unknown(reason) => return Err(reason),
        }
    }
    Ok(falls)
}
