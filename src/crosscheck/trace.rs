//! A written trace, step by step: what came of each, and whether it is what the case expects.

use crate::corpus::steps::ExpectedStep;
use crate::evaluator::{Interpreter, Reading, Unusable};
use crate::iam::outcome::Taken;
use crate::iam::world::World;

/// What came of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The world as it begins; or why none does.
    pub begun: Result<World, Unusable>,
    /// The steps that were taken, in their order; the first that says nothing in its world is the last.
    pub steps: Vec<StepRun>,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRun {
    /// The world after it, and its outcome; or why it says nothing.
    pub taken: Result<Taken, Unusable>,
    /// How that differs from what is expected; `None` if it does not.
    pub difference: Option<String>,
}

impl Run {
    /// Whether every step was taken, and came out as expected.
    pub fn is_expected(&self, steps: &[ExpectedStep]) -> bool {
        self.begun.is_ok()
            && self.steps.len() == steps.len()
            && self.steps.iter().all(|step| step.difference.is_none())
    }
}

/// Takes the steps of a trace in a given way.
pub fn run(world: &World, steps: &[ExpectedStep], reading: Reading) -> Run {
    let interpreter = Interpreter::with(reading);
    let begun = interpreter.begin(world);
    let mut taken_steps = Vec::new();
    if let Ok(begun) = &begun {
        let mut world = begun.clone();
        for ExpectedStep { step, expected, .. } in steps {
            match interpreter.step(&world, step) {
                Ok(taken) => {
                    let difference = expected.difference(&taken);
                    world = taken.world.clone();
                    taken_steps.push(StepRun { taken: Ok(taken), difference });
                }
                Err(unusable) => {
                    let difference = Some(format!("it says nothing in this world, {unusable}"));
                    taken_steps.push(StepRun { taken: Err(unusable), difference });
                    break;
                }
            }
        }
    }
    Run { begun, steps: taken_steps }
}
