//! Laws of traces held to random traces, through both readings.
//!
//! For what no relation tells: whose policies count, what a message of a denial says, whom one can come to be. Every step is taken by the
//! interpreter, and of one trace in a few by the model; after each the law is looked at in the worlds on both sides of it.

use std::cell::RefCell;

use proptest::test_runner::{TestCaseError, TestError};

use super::on_steps;
use crate::evaluator::{Interpreter, Reading};
use crate::generators::traces::{Trace, trace};
use crate::iam::operation::Step;
use crate::iam::outcome::Taken;
use crate::iam::world::World;
use crate::invariants::catalog::{Expected, Kind, Law};
use crate::invariants::given::counted;
use crate::invariants::known::{Counterexample, Scope, Verdict, Way};
use crate::invariants::sampled::{Asking, Samples, runner};
use crate::model::modelled::NoAnswer;
use crate::model::steps;

/// Who takes steps: a reading, or one with a mistake that a test planted.
pub trait Taker {
    /// The world as it begins; `None` where it cannot.
    fn begin(&self, world: &World) -> Option<World>;

    /// What comes of a step; `None` where it says nothing in this world.
    fn step(&self, world: &World, step: &Step) -> Option<Taken>;

    /// A defect of its own that it met since the world began: a step that it should have been able to take.
    fn defect(&self) -> Option<String> {
        None
    }
}

impl Taker for Interpreter {
    fn begin(&self, world: &World) -> Option<World> {
        Interpreter::begin(self, world).ok()
    }

    fn step(&self, world: &World, step: &Step) -> Option<Taken> {
        Interpreter::step(self, world, step).ok()
    }
}

/// The second reading.
#[derive(Clone, Debug, Default)]
pub struct SecondReading {
    defect: RefCell<Option<String>>,
}

impl Taker for SecondReading {
    fn begin(&self, world: &World) -> Option<World> {
        self.defect.replace(None);
        Some(steps::begin(world))
    }

    fn step(&self, world: &World, step: &Step) -> Option<Taken> {
        match steps::step(world, step) {
            Ok(taken) => Some(taken),
            Err(NoAnswer::NotSupported(_)) => None,
            Err(no_answer @ (NoAnswer::Unknown(_) | NoAnswer::Defect(_))) => {
                self.defect.borrow_mut().get_or_insert_with(|| no_answer.to_string());
                None
            }
        }
    }

    fn defect(&self) -> Option<String> {
        self.defect.borrow().clone()
    }
}

/// A step that was taken, with who took it.
pub(super) struct Moment<'t> {
    pub(super) taker: &'t dyn Taker,
    pub(super) before: &'t World,
    pub(super) step: &'t Step,
    pub(super) taken: &'t Taken,
}

/// What a law says of a step: whether it says anything, or what breaks it.
pub(super) type OfStep = fn(&Moment<'_>) -> Result<bool, String>;

/// What a law speaks of.
pub(super) enum About {
    /// Each step by itself.
    Step(OfStep),
    /// A whole trace; how many of its steps it says something of.
    Trace(fn(&dyn Taker, &Trace) -> Result<usize, String>),
}

/// The most steps of a trace.
const MOST_STEPS: usize = 16;

/// Steps are quickly taken, and premises of these laws are rare: so more traces are drawn than sets of policies.
const TRACES_A_SET: u32 = 4;

/// The model takes one trace in so many.
const ASKED_OF_THE_MODEL: usize = 8;

/// What random traces say of a law; `None` where it is none of these.
pub fn sample(law: &Law, reading: Reading, samples: Samples) -> Option<Way> {
    let first = Interpreter::with(reading);
    match samples.asking {
        Asking::Both => sample_by(law, &first, Some(&SecondReading::default()), samples),
        Asking::Evaluator => sample_by(law, &first, None, samples),
    }
}

/// The same, by these takers of steps.
pub fn sample_by(law: &Law, first: &dyn Taker, second: Option<&dyn Taker>, samples: Samples) -> Option<Way> {
    let about = on_steps::about(law.id)?;
    let count = RefCell::new(Count::default());
    let mut runner = runner(law, samples.sets.saturating_mul(TRACES_A_SET), samples.seed);
    let outcome = runner.run(&trace(MOST_STEPS), |trace| {
        let mut count = count.borrow_mut();
        // What fails is made small by whoever it fails with.
        let turn = count.failed.is_some() || count.traces.is_multiple_of(ASKED_OF_THE_MODEL);
        count.traces += 1;
        count.met += count.held(&about, first, &trace)?;
        if let Some(second) = second.filter(|_| turn) {
            count.by_model += count.held(&about, second, &trace)?;
        }
        Ok(())
    });
    let Count { traces, met, by_model, failed } = count.into_inner();
    let verdict = match outcome {
        // Who takes steps wrongly says nothing of the law.
        Err(TestError::Fail(reason, trace)) if failed == Some(Failed::Taker) => {
            Verdict::Unknown(format!("{reason}, after {}", told(&trace)))
        }
        Err(TestError::Fail(reason, trace)) => {
            Verdict::Refuted(Counterexample::Example(format!("{reason}, after {}", told(&trace))))
        }
        Err(TestError::Abort(reason)) => Verdict::Unknown(reason.to_string()),
        Ok(()) if met == 0 => Verdict::Vacuous,
        Ok(()) => Verdict::Sampled,
    };
    let traces = counted(traces, "random trace");
    let steps = counted(met, "step");
    let done = format!("{traces}, {steps} of which meet the premise; {by_model} more taken by the model");
    Some(Way { scope: Scope::Sampled, verdict, done })
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    traces: usize,
    met: usize,
    by_model: usize,
    /// What failed last.
    failed: Option<Failed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// The law.
    Law,
    /// Whoever took the steps.
    Taker,
}

impl Count {
    /// How many steps of a trace the law says something of.
    fn held(&mut self, about: &About, taker: &dyn Taker, trace: &Trace) -> Result<usize, TestCaseError> {
        let held = held(about, taker, trace);
        let (failed, reason) = match (taker.defect(), held) {
            (Some(defect), _) => (Failed::Taker, defect),
            (None, Err(reason)) => (Failed::Law, reason),
            (None, Ok(met)) => return Ok(met),
        };
        self.failed = Some(failed);
        Err(TestCaseError::fail(reason))
    }
}

/// How many steps of a trace the law says something of.
///
/// # Errors
///
/// What breaks it.
fn held(about: &About, taker: &dyn Taker, trace: &Trace) -> Result<usize, String> {
    let of_step = match about {
        About::Trace(of_trace) => return of_trace(taker, trace),
        About::Step(of_step) => of_step,
    };
    let Some(mut world) = taker.begin(&trace.world) else { return Ok(0) };
    let mut met = 0;
    for step in &trace.steps {
        let Some(taken) = taker.step(&world, step) else { continue };
        met += usize::from(of_step(&Moment { taker, before: &world, step, taken: &taken })?);
        world = taken.world;
    }
    Ok(met)
}

/// The steps of a trace, a line each; its world is one of the generator's.
fn told(trace: &Trace) -> String {
    let steps = trace.steps.iter().map(|step| format!("{:?}: {:?}", step.credentials, step.operation));
    steps.collect::<Vec<_>>().join("; ")
}

/// Laws that random traces alone know.
pub const SAMPLED_LAWS: &[Law] = &[
    universal("INV-66", "What a session of a role may do does not depend on the policies of who assumed it."),
    universal("INV-77", "What a denial's message says is what was decided, and decoding gives it back."),
    Law {
        id: "INV-81",
        statement: "Whoever one comes to be without changing policies, the search for whom one can come to be names.",
        kind: Kind::Account,
        expected: Expected::Proved,
    },
];

const fn universal(id: &'static str, statement: &'static str) -> Law {
    Law { id, statement, kind: Kind::Universal, expected: Expected::Proved }
}
