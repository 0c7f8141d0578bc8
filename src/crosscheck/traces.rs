//! Random traces through both readings, step by step; the first step on which they differ is made small and printed as a case.
//!
//! Trace number `i` of a seed is the same on every machine and thread. A step that says nothing in its world (a session that no step issued)
//! is left out for both.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rayon::prelude::*;
use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use super::runner::Control;
use super::trace::Model;
use crate::corpus::steps::{Expectation, Expected, ExpectedStep};
use crate::corpus::{Case, Question};
use crate::evaluator::{Interpreter, Reading};
use crate::generators::traces::{Trace, trace};
use crate::iam::operation::Step;
use crate::iam::outcome::{Outcome, Taken};
use crate::iam::world::World;

/// How many steps a random trace has at the most.
const MOST_STEPS: usize = 20;
/// How many traces are taken together: what is kept of them is put together in their order.
const CHUNK: u64 = 256;
/// How many disagreements are made small.
const MOST_FINDINGS: usize = 6;
/// How often a trace may be made smaller.
const MOST_SIMPLIFICATIONS: usize = 2_000;

/// Which traces are compared.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// Traces are taken until there are so many steps.
    pub steps: u64,
    /// How many threads; one a core if it is not said.
    pub threads: Option<usize>,
    /// How the first reading reads.
    pub reading: Reading,
}

/// What came of random traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Traces that were taken.
    pub traces: u64,
    /// Steps that both readings took.
    pub steps: u64,
    /// Steps that both readings say the same of, the world that they leave included.
    pub agreed: u64,
    /// How often each outcome came: `done`, or the code of a refusal with its reason.
    pub outcomes: BTreeMap<String, u64>,
    /// Traces on which the readings differ.
    pub differing: u64,
    /// The first of them, made small.
    pub findings: Vec<Finding>,
    /// Whether it ended before all were taken.
    pub interrupted: bool,
}

/// A trace on whose last step the readings differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The number of the trace.
    pub number: u64,
    /// The world.
    pub world: World,
    /// The steps, as the model has them come out.
    pub steps: Vec<ExpectedStep>,
    /// What differs.
    pub difference: String,
}

/// A seed's traces.
pub struct Traces {
    seed: u64,
    strategy: BoxedStrategy<Trace>,
}

/// What both readings made of a trace.
#[derive(Default)]
struct Taking {
    agreed: Vec<(Step, Taken)>,
    /// The step on which they differ, with what the model says.
    differs: Option<(Step, Option<Taken>, String)>,
}

impl Traces {
    /// The traces of a seed.
    pub fn new(seed: u64) -> Traces {
        Traces { seed, strategy: trace(MOST_STEPS).boxed() }
    }

    /// Trace number `number` with proptest's ways to make it smaller; `None` if the strategy refuses to make one, which ours never does.
    fn tree(&self, number: u64) -> Option<impl ValueTree<Value = Trace> + use<>> {
        let mut seed = [0; 32];
        let bytes = self.seed.to_le_bytes().into_iter().chain(number.to_le_bytes());
        for (slot, byte) in seed.iter_mut().zip(bytes) {
            *slot = byte;
        }
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let config = Config { failure_persistence: None, ..Config::default() };
        self.strategy.new_tree(&mut TestRunner::new_with_rng(config, rng)).ok()
    }

    /// Trace number `number`.
    pub fn trace(&self, number: u64) -> Option<Trace> {
        self.tree(number).map(|tree| tree.current())
    }

    /// The trace made as small as it gets while the readings differ on it.
    fn finding(&self, number: u64, reading: Reading) -> Option<Finding> {
        let mut tree = self.tree(number)?;
        let mut smallest = tree.current();
        let mut tries = 0;
        while tries < MOST_SIMPLIFICATIONS {
            tries += 1;
            let smaller = tree.current();
            let moved = if take(&smaller, reading).differs.is_some() {
                smallest = smaller;
                tree.simplify()
            } else {
                tree.complicate()
            };
            if !moved {
                break;
            }
        }
        let Trace { world, steps } = needed(smallest, reading);
        let taking = take(&Trace { world: world.clone(), steps }, reading);
        let (last, taken, difference) = taking.differs?;
        let mut steps: Vec<ExpectedStep> =
            taking.agreed.iter().map(|(step, taken)| expected(step, taken)).collect();
        steps.extend(taken.map(|taken| expected(&last, &taken)));
        Some(Finding { number, world, steps, difference })
    }
}

/// The trace without the steps that it does not need to show a difference.
fn needed(trace: Trace, reading: Reading) -> Trace {
    let Trace { world, mut steps } = trace;
    let mut position = 0;
    while position < steps.len() {
        let mut without = steps.clone();
        without.remove(position);
        let fewer = Trace { world: world.clone(), steps: without };
        if take(&fewer, reading).differs.is_some() {
            steps = fewer.steps;
        } else {
            position += 1;
        }
    }
    Trace { world, steps }
}

/// Takes the steps in both readings, up to the first on which they differ.
fn take(trace: &Trace, reading: Reading) -> Taking {
    let interpreter = Interpreter::with(reading);
    let mut taking = Taking::default();
    let Ok(mut world) = interpreter.begin(&trace.world) else { return taking };
    let mut model = Model::begin(&trace.world);
    for step in &trace.steps {
        let Ok(taken) = interpreter.step(&world, step) else { continue };
        let run = model.step(step, &taken);
        if let Some(difference) = run.difference {
            taking.differs = Some((step.clone(), run.taken.ok(), difference));
            break;
        }
        world = taken.world.clone();
        taking.agreed.push((step.clone(), taken));
    }
    taking
}

/// The step with what came of it as what must come of it.
fn expected(step: &Step, taken: &Taken) -> ExpectedStep {
    let (expectation, reason) = match &taken.outcome {
        Outcome::Done(_) => (Expectation::Allowed, None),
        Outcome::Refused(refusal) => (Expectation::Refused(refusal.code), refusal.reason),
    };
    let expected = Expected { expectation, reason, result: Vec::new(), consultations: None };
    ExpectedStep { step: step.clone(), expected, because: None }
}

impl Finding {
    /// The finding as a case.
    pub fn case(&self, source: &str) -> Case {
        Case {
            because: format!("The two readings differ on the last step: {}", self.difference),
            rule: None,
            source: Some(source.to_owned()),
            question: Question::Trace { world: Box::new(self.world.clone()), steps: self.steps.clone() },
        }
    }
}

impl Run {
    fn count(&mut self, taking: &Taking) {
        self.traces += 1;
        self.agreed += taking.agreed.len() as u64;
        self.steps += taking.agreed.len() as u64 + u64::from(taking.differs.is_some());
        self.differing += u64::from(taking.differs.is_some());
        for (_, taken) in &taking.agreed {
            let outcome = match &taken.outcome {
                Outcome::Done(_) => "done".to_owned(),
                Outcome::Refused(refusal) => {
                    refusal.reason.map_or_else(|| refusal.code.to_string(), |reason| reason.to_string())
                }
            };
            *self.outcomes.entry(outcome).or_default() += 1;
        }
    }

    fn add(&mut self, later: Run) {
        self.traces += later.traces;
        self.steps += later.steps;
        self.agreed += later.agreed;
        self.differing += later.differing;
        for (outcome, count) in later.outcomes {
            *self.outcomes.entry(outcome).or_default() += count;
        }
        let room = MOST_FINDINGS.saturating_sub(self.findings.len());
        self.findings.extend(later.findings.into_iter().take(room));
    }
}

/// Takes random traces until there are as many steps as planned.
///
/// # Errors
///
/// Where no threads can be started.
pub fn run(plan: &Plan, control: Control<'_>) -> Result<Run, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(plan.threads.unwrap_or(0)).build()?;
    let mut whole = Run::default();
    let mut next = 0;
    while whole.steps < plan.steps {
        if control.stop.load(Ordering::Relaxed) {
            whole.interrupted = true;
            break;
        }
        let before = whole.steps;
        let parts: Vec<Run> = pool.install(|| {
            (0..CHUNK / 16).into_par_iter().map(|part| some(plan, next + part * 16, control.stop)).collect()
        });
        next += CHUNK;
        parts.into_iter().for_each(|part| whole.add(part));
        (control.progress)((whole.steps - before).min(plan.steps.saturating_sub(before)));
    }
    Ok(whole)
}

fn some(plan: &Plan, first: u64, stop: &AtomicBool) -> Run {
    let stream = Traces::new(plan.seed);
    let mut run = Run::default();
    for number in first..first + 16 {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let Some(trace) = stream.trace(number) else { continue };
        let taking = take(&trace, plan.reading);
        run.count(&taking);
        if taking.differs.is_some() && run.findings.is_empty() {
            run.findings.extend(stream.finding(number, plan.reading));
        }
    }
    run
}
