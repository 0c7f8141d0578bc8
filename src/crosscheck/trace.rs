//! A written trace, step by step, through both readings: what came of each, whether it is what the case expects, and whether they agree.
//!
//! Each reading goes on from its own world.

use crate::corpus::steps::ExpectedStep;
use crate::evaluator::{Interpreter, Reading, Unusable};
use crate::iam::operation::Step;
use crate::iam::outcome::{Answer, Outcome, Taken};
use crate::iam::world::World;
use crate::model::modelled::NoAnswer;
use crate::model::steps;

use super::agreement;

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
    /// What the second reading says; `None` where it is not asked.
    pub model: Option<ModelRun>,
}

/// What the second reading makes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelRun {
    /// The world after it, and its outcome; or why there is no answer.
    pub taken: Result<Taken, NoAnswer>,
    /// How that differs from what is expected, or from what the first reading says; `None` if it does not.
    pub difference: Option<String>,
}

impl Run {
    /// Whether every step was taken, and both readings had it come out as expected.
    pub fn is_expected(&self, steps: &[ExpectedStep]) -> bool {
        let as_expected = |step: &StepRun| {
            let model = step.model.as_ref();
            step.difference.is_none() && model.is_none_or(|model| model.difference.is_none())
        };
        self.begun.is_ok() && self.steps.len() == steps.len() && self.steps.iter().all(as_expected)
    }

    /// What is wrong with a case whose steps came out as expected until one says nothing, with its place. Behind a step that came
    /// out otherwise, what later ones say is open.
    pub fn unusable(&self) -> Option<String> {
        if let Err(unusable) = &self.begun {
            return Some(unusable.to_string());
        }
        let (last, others) = self.steps.split_last()?;
        let is_clean = others.iter().all(|step| {
            let model = step.model.as_ref();
            step.difference.is_none() && model.is_none_or(|model| model.difference.is_none())
        });
        match &last.taken {
            Err(unusable) if is_clean => {
                Some(format!("at `/steps/{}/{}`: {}", others.len(), unusable.place(), unusable.reason()))
            }
            Err(_) | Ok(_) => None,
        }
    }

    /// How many steps the second reading was asked about.
    pub fn modelled(&self) -> usize {
        self.steps.iter().filter(|step| step.model.is_some()).count()
    }
}

/// Takes the steps of a trace in both readings, the first in a given way.
pub fn run(world: &World, steps: &[ExpectedStep], reading: Reading) -> Run {
    taken(world, steps, reading, Some(Model::begin(world)))
}

/// Takes the steps of a trace in the first reading alone, in a given way.
pub fn evaluated(world: &World, steps: &[ExpectedStep], reading: Reading) -> Run {
    taken(world, steps, reading, None)
}

fn taken(world: &World, steps: &[ExpectedStep], reading: Reading, mut model: Option<Model>) -> Run {
    let interpreter = Interpreter::with(reading);
    let begun = interpreter.begin(world);
    let mut taken_steps = Vec::new();
    if let Ok(begun) = &begun {
        let mut world = begun.clone();
        for ExpectedStep { step, expected, .. } in steps {
            match interpreter.step(&world, step) {
                Ok(taken) => {
                    let difference = expected.difference(&taken);
                    let model = model.as_mut().map(|model| {
                        let mut run = model.step(step, &taken);
                        if let Ok(taken) = &run.taken {
                            run.difference = expected.difference(taken).or(run.difference);
                        }
                        run
                    });
                    world = taken.world.clone();
                    taken_steps.push(StepRun { taken: Ok(taken), difference, model });
                }
                Err(unusable) => {
                    let difference = Some(format!("the step cannot be taken, {unusable}"));
                    taken_steps.push(StepRun { taken: Err(unusable), difference, model: None });
                    break;
                }
            }
        }
    }
    Run { begun, steps: taken_steps }
}

/// The second reading in the middle of a trace.
#[derive(Clone, Debug)]
pub struct Model {
    world: World,
}

impl Model {
    /// At the beginning of a trace.
    pub fn begin(world: &World) -> Model {
        Model { world: steps::begin(world) }
    }

    /// Takes the step that the other reading took so, and compares.
    pub fn step(&mut self, step: &Step, other: &Taken) -> ModelRun {
        let asserted =
            || other.world.assertions.keys().find(|name| !self.world.assertions.contains_key(*name));
        let name = step.name.clone().or_else(|| name_of(&other.outcome)).or_else(|| asserted().cloned());
        let taken = steps::step(&self.world, &Step { name, ..step.clone() });
        let difference = match &taken {
            Ok(taken) => {
                self.world = taken.world.clone();
                // How many names were made up is nobody's business: the next ones are to be the same.
                self.world.fresh = other.world.fresh;
                agreement::difference(other, taken)
            }
            Err(no_answer) => Some(no_answer.to_string()),
        };
        ModelRun { taken, difference }
    }
}

/// The name that a reading made up for what a step issues: which one is nobody's business, so the other is told.
fn name_of(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Done(Answer::Session(name)) => Some(name.clone()),
        Outcome::Refused(refusal) => refusal.encoded_message.clone(),
        Outcome::Done(
            Answer::Nothing
            | Answer::Allowed(_)
            | Answer::Identity(_)
            | Answer::Decoded(_)
            | Answer::Created(_)
            | Answer::Version(_)
            | Answer::AccessKey(_)
            | Answer::Directory(_),
        ) => None,
    }
}
