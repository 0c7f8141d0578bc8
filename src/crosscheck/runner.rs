//! A run: the worlds of a seed, compared on every core.
//!
//! Worlds are taken in chunks, and the chunks' results put together in their order. So a run says the same whatever the number of threads, and an
//! interrupted one keeps what it has found.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use super::classes::Differing;
use super::finding::{Candidate, Finding, candidates, grouped};
use super::party::{Parties, Party};
use super::pointwise::{Asked, Comparison, Manner};
use super::reduction::Drawn;
use super::stream::{Kind, Stream};
use crate::generators::worlds::World;
use crate::iam::assumption::Assumptions;

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
    /// Under which assumptions, and what the solver confirms.
    pub manner: Manner,
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

/// Where a run's worlds come from, on one thread.
struct Source<'p> {
    plan: &'p Plan,
    written: &'p [World],
    stream: Stream,
    party: Box<dyn Party + 'p>,
}

impl<'p> Source<'p> {
    fn new(plan: &'p Plan, written: &'p [World], parties: &'p dyn Parties) -> Source<'p> {
        let stream = Stream::new(plan.seed, plan.kind, plan.most_requests);
        Source { plan, written, stream, party: parties.start() }
    }

    /// The written world that has this number: they come after those of the stream.
    fn written(&self, number: u64) -> Option<&'p World> {
        let position = number.checked_sub(self.plan.cases)?;
        self.written.get(usize::try_from(position).ok()?)
    }

    fn compare(&mut self, number: u64, comparison: &mut Comparison, stop: &AtomicBool) {
        let world = self.written(number).cloned().or_else(|| self.stream.world(number));
        if let Some(world) = world {
            comparison.compare(number, &world, self.party.as_mut(), self.plan.manner);
            comparison.examine(number, &world, self.party.as_mut(), self.plan.manner, stop);
        }
    }

    /// A request that was found by classes, made small.
    fn reduced_class(&mut self, number: u64, differing: &Differing) -> Option<Finding> {
        let layers = match self.written(number) {
            Some(world) => world.layers.clone(),
            None => self.stream.world(number)?.layers,
        };
        let world = World { layers, requests: vec![differing.request.clone()] };
        let asked = Asked { world: number, request: 0 };
        let assumptions = self.plan.manner.assumptions;
        let candidate = Candidate::of(asked, assumptions, differing.expected, differing.got.clone());
        candidate.reduced_alone(Drawn::Written(Box::new(world)), self.party.as_mut())
    }

    fn reduced(&mut self, candidate: &Candidate) -> Option<Finding> {
        let number = candidate.asked.world;
        let drawn = match self.written(number) {
            Some(world) => Drawn::Written(Box::new(world.clone())),
            None => Drawn::Tree(self.stream.tree(number)?),
        };
        candidate.reduced(drawn, self.party.as_mut())
    }
}

/// How many worlds a thread takes at once.
const CHUNK: u64 = 64;

impl Run {
    /// Whether party and model agree on all that was compared, and something was.
    pub fn agrees(&self) -> bool {
        let Comparison { agreed, disagreements, failures, defects, classes, .. } = &self.comparison;
        let pointwise = disagreements.is_empty() && failures.is_empty() && defects.is_empty();
        *agreed > 0 && pointwise && classes.differed == 0 && classes.defects.is_empty()
    }
}

/// Compares the worlds of the plan, and the written ones after them.
///
/// # Errors
///
/// The operating system gives no threads.
pub fn run(
    plan: &Plan,
    parties: &dyn Parties,
    written: &[World],
    control: Control<'_>,
) -> Result<Run, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(plan.threads.unwrap_or(0)).build()?;
    Ok(pool.install(|| {
        let source = || Source::new(plan, written, parties);
        let worlds = plan.cases + written.len() as u64;
        let comparison = compared(worlds, source, control);
        let findings = found(source, &comparison, plan.manner.assumptions);
        let interrupted = comparison.worlds < worlds;
        Run { comparison, findings, interrupted }
    }))
}

fn compared<'p>(
    worlds: u64,
    source: impl Fn() -> Source<'p> + Sync + Send,
    control: Control<'_>,
) -> Comparison {
    (0..worlds.div_ceil(CHUNK))
        .into_par_iter()
        .take_any_while(|_| !control.stop.load(Ordering::Relaxed))
        .map_init(source, |source, chunk| {
            let mut comparison = Comparison::default();
            for number in chunk * CHUNK..((chunk + 1) * CHUNK).min(worlds) {
                if control.stop.load(Ordering::Relaxed) {
                    break;
                }
                source.compare(number, &mut comparison, control.stop);
            }
            (control.progress)(comparison.worlds);
            comparison
        })
        .reduce(Comparison::default, |mut earlier, later| {
            earlier.add(later);
            earlier
        })
}

/// The disagreements, made small. That is done for an interrupted run too: it is soon done, and what was found is of no use large.
fn found<'p>(
    source: impl Fn() -> Source<'p> + Sync + Send,
    comparison: &Comparison,
    assumptions: Assumptions,
) -> Vec<Finding> {
    let pointwise: Vec<Finding> = candidates(comparison, assumptions)
        .into_par_iter()
        .map_init(&source, |source, candidate| source.reduced(&candidate))
        .flatten_iter()
        .collect();
    let by_classes: Vec<Finding> = comparison
        .classes
        .differing
        .par_iter()
        .map_init(&source, |source, (number, differing)| source.reduced_class(*number, differing))
        .flatten_iter()
        .collect();
    grouped(pointwise.into_iter().chain(by_classes))
}
