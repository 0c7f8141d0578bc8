//! A run: the worlds of a seed, compared on every core.
//!
//! Worlds are taken in chunks, and the chunks' results put together in their order. So a run says the same whatever the number of threads, and an
//! interrupted one keeps what it has found.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use super::finding::{Finding, candidates, grouped};
use super::party::Parties;
use super::pointwise::{Comparison, Sample};
use super::stream::{Kind, Stream};

/// What a run compares.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The seed of its worlds.
    pub seed: u64,
    /// What kind of worlds.
    pub kind: Kind,
    /// How many worlds.
    pub cases: u64,
    /// How many requests a world has at the most.
    pub most_requests: usize,
    /// What the solver confirms.
    pub sample: Sample,
    /// How many threads; one a core if it is not said.
    pub threads: Option<usize>,
}

/// What a run takes notice of while it runs.
#[derive(Clone, Copy)]
pub struct Control<'c> {
    /// Set by whoever wants the run to end.
    pub stop: &'c AtomicBool,
    /// Told now and then how many more worlds are done.
    pub progress: &'c (dyn Fn(u64) + Sync),
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The comparison of all worlds that were done.
    pub comparison: Comparison,
    /// The disagreements, made small and grouped, the most frequent first.
    pub findings: Vec<Finding>,
    /// Whether it ended before all worlds were done.
    pub interrupted: bool,
}

/// How many worlds a thread takes at once.
const CHUNK: u64 = 64;

impl Run {
    /// Whether party and model agree on all that was compared, and something was.
    pub fn agrees(&self) -> bool {
        let Comparison { agreed, disagreements, failures, defects, .. } = &self.comparison;
        *agreed > 0 && disagreements.is_empty() && failures.is_empty() && defects.is_empty()
    }
}

/// Runs it.
///
/// # Errors
///
/// The operating system gives no threads.
pub fn run(plan: &Plan, parties: &dyn Parties, control: Control<'_>) -> Result<Run, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(plan.threads.unwrap_or(0)).build()?;
    Ok(pool.install(|| {
        let comparison = compared(plan, parties, control);
        let findings = found(plan, parties, &comparison);
        let interrupted = comparison.worlds < plan.cases;
        Run { comparison, findings, interrupted }
    }))
}

fn compared(plan: &Plan, parties: &dyn Parties, control: Control<'_>) -> Comparison {
    let chunks = plan.cases.div_ceil(CHUNK);
    (0..chunks)
        .into_par_iter()
        .map_init(
            || (Stream::new(plan.seed, plan.kind, plan.most_requests), parties.start()),
            |(stream, party), chunk| {
                let mut comparison = Comparison::default();
                for number in chunk * CHUNK..((chunk + 1) * CHUNK).min(plan.cases) {
                    if control.stop.load(Ordering::Relaxed) {
                        break;
                    }
                    if let Some(world) = stream.world(number) {
                        comparison.compare(number, &world, party.as_mut(), plan.sample);
                    }
                }
                (control.progress)(comparison.worlds);
                comparison
            },
        )
        .reduce(Comparison::default, |mut earlier, later| {
            earlier.add(later);
            earlier
        })
}

/// The disagreements, made small. That is done for an interrupted run too: it is soon done, and what was found is of no use large.
fn found(plan: &Plan, parties: &dyn Parties, comparison: &Comparison) -> Vec<Finding> {
    let findings: Vec<Finding> = candidates(comparison)
        .into_par_iter()
        .map_init(
            || (Stream::new(plan.seed, plan.kind, plan.most_requests), parties.start()),
            |(stream, party), candidate| candidate.reduced(stream, party.as_mut()),
        )
        .flatten_iter()
        .collect();
    grouped(findings)
}
