//! All laws, each in every way in which it can be known.

use rayon::prelude::*;

use super::catalog::{FALSE_STATEMENTS, LAWS_OF_LAYERS, LAWS_OF_SETS, Law};
use super::directories::relation::OwnRelation;
use super::directories::tempting::FALSE_STATEMENTS_OF_DIRECTORIES;
use super::directories::{self, LAWS_OF_DIRECTORIES};
use super::given::{self, Given, counted};
use super::known::{LawResult, Scope, Way};
use super::layered::{drawn, free};
use super::obligation::Proof;
use super::readings::Readings;
use super::requests::{self, LAWS_OF_REQUESTS};
use super::sampled::{self, Samples};
use super::traces::drawn::SAMPLED_LAWS;
use super::traces::steps::OwnSteps;
use super::traces::tempting::{self as tempting_traces, FALSE_STATEMENTS_OF_TRACES, Takers};
use super::traces::{LAWS_OF_TRACES, for_all_traces};
use super::{elements, entries, fixed, sets, tempting, traces};
use crate::evaluator::directory::DirectoryReading;

/// What to try.
#[derive(Clone, Debug)]
pub struct Options<'r> {
    /// Which laws; [`all`] by default.
    pub laws: Vec<Law>,
    /// How policies are read.
    pub readings: Readings<'r>,
    /// The policies for which laws of texts are proved.
    pub given: Vec<Given>,
    /// What is drawn by chance; nothing where this is `None`.
    pub samples: Option<Samples>,
}

impl Options<'_> {
    /// How many steps [`prove_all`] takes, and what is found out of the proofs behind it.
    pub fn steps(&self) -> u64 {
        u64::try_from(self.given.len() + 2 * self.laws.len()).unwrap_or(u64::MAX)
    }
}

/// Every law of decisions and of traces, and every false statement about either; in the order of their numbers.
pub fn all() -> Vec<Law> {
    let number = |law: &Law| law.id.trim_start_matches("INV-").parse::<u32>().unwrap_or(u32::MAX);
    let lists =
        [LAWS_OF_SETS, LAWS_OF_LAYERS, LAWS_OF_REQUESTS, LAWS_OF_TRACES, SAMPLED_LAWS, LAWS_OF_DIRECTORIES];
    let mut laws = lists.concat();
    laws.sort_by_key(number);
    let false_number = |law: &Law| law.id.trim_start_matches("F-").parse::<u32>().unwrap_or(u32::MAX);
    let mut false_ones =
        [FALSE_STATEMENTS, FALSE_STATEMENTS_OF_TRACES, FALSE_STATEMENTS_OF_DIRECTORIES].concat();
    false_ones.sort_by_key(false_number);
    [laws, false_ones].concat()
}

/// What is known of each law, in their order. `done` is called once for each step that is finished, from any thread.
///
/// Threads are those of the rayon pool that this is called in; the results do not depend on how many.
pub fn prove_all(options: &Options<'_>, done: &(dyn Fn() + Sync)) -> Vec<LawResult> {
    let Options { laws, readings, given, samples } = options;
    let for_given = given::prove(laws, given, *readings, done);
    let results = laws.par_iter().zip(for_given).map(|(law, for_given)| {
        let by_proof = for_all_policies(law.id, *readings);
        let by_induction =
            for_all_traces(law.id, &OwnSteps, readings.assumptions, readings.limits).or_else(|| {
                directories::for_all_traces(law.id, &OwnRelation, readings.assumptions, readings.limits)
            });
        let of_texts = fixed::shown(law.id, *readings).or_else(|| of_texts(law.id, *readings));
        let refuted = tempting::refute(law.id, *readings)
            .or_else(|| directories::tempting::refute(law.id, readings.assumptions));
        let by_trace = tempting_traces::refute(law.id, Takers::own(readings.evaluator, readings.limits));
        let by_samples = samples.and_then(|samples| {
            sampled::sample(law, *readings, samples)
                .or_else(|| drawn::sample(law, *readings, samples))
                .or_else(|| traces::drawn::sample(law, readings.evaluator, samples))
                .or_else(|| {
                    let reading = DirectoryReading::default();
                    directories::sample(law.id, reading, samples.sets, samples.seed)
                })
        });
        done();
        let ways = [by_proof, by_induction, of_texts, refuted, by_trace, for_given, by_samples];
        let ways = ways.into_iter().flatten().collect();
        LawResult { law: *law, ways, rests_on: None }
    });
    results.collect()
}

/// The obligations of the proof for all policies.
pub(super) fn proof_for_all_policies(id: &str, readings: Readings<'_>) -> Option<Proof> {
    sets::proof(id, readings.rules)
        .or_else(|| elements::proof(id, readings.rules))
        .or_else(|| entries::proof(id, readings.rules))
        .or_else(|| free::proof(id, readings.rules))
        .or_else(|| requests::proof(id, readings.rules))
}

/// What the proof for all policies says, where a law has one.
pub fn for_all_policies(id: &str, readings: Readings<'_>) -> Option<Way> {
    let proof = proof_for_all_policies(id, readings)?;
    Some(discharged(proof, Scope::AllPolicies, "free flags", readings))
}

/// What the model says of the texts that a law speaks of, where a law of requests speaks of any.
pub fn of_texts(id: &str, readings: Readings<'_>) -> Option<Way> {
    let proof = requests::texts(id, readings.rules)?;
    Some(discharged(proof, Scope::ThesePolicies, "every request", readings))
}

fn discharged(proof: Proof, scope: Scope, over: &str, readings: Readings<'_>) -> Way {
    let queries = counted(proof.obligations.len(), "query").replace("querys", "queries");
    let done = format!("{queries} over {over}; {}", proof.argument);
    Way { scope, verdict: proof.discharged(readings.assumptions, readings.limits), done }
}
