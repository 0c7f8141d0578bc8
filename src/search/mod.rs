//! Bounded search with its replay: the model and its solver find a trace, the interpreter carries it out before anyone hears of it.
//!
//! What is found is told only if the interpreter takes every step as well, and its own worlds show what was looked for. Where it does not,
//! one of the readings is wrong, and that is what is told ([`Verdict::Defect`]).

mod shown;

use crate::corpus::steps::{Expectation, Expected, ExpectedStep};
use crate::evaluator::{Interpreter, Reading};
use crate::iam::outcome::{Answer as Answered, Outcome, Taken};
use crate::iam::world::World;
use crate::model::bounded::{
    self, Begin, Doubt, Found, Goal, OwnRelation, Relation, Renewal, Trace, Unusable,
};
use crate::solver::Limits;

/// A question.
pub struct Search<'q> {
    /// The world, as it is written.
    pub world: &'q World,
    /// What is looked for.
    pub goal: &'q Goal,
    /// How many steps there may be.
    pub bound: usize,
    /// Who begins.
    pub begin: &'q Begin,
    /// The relation of sessions, and the reading that replays; [`Parties::default`] but in tests.
    pub parties: Parties<'q>,
    /// How much effort each question to the solver may cost.
    pub limits: Limits,
}

/// Who finds traces, and who carries them out.
#[derive(Clone, Copy)]
pub struct Parties<'q> {
    /// The relation of sessions.
    pub relation: &'q dyn Relation,
    /// How policies and operations are read by the interpreter.
    pub reading: Reading,
}

impl Default for Parties<'_> {
    fn default() -> Self {
        Parties { relation: &OwnRelation, reading: Reading::default() }
    }
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What came of it.
    pub verdict: Verdict,
    /// Calls of which it is not known whether they are allowed.
    pub doubts: Vec<Doubt>,
    /// How many kinds of credentials were looked at.
    pub places: usize,
    /// How many calls were asked about.
    pub asked: usize,
    /// How far sessions can be renewed, where that was the question.
    pub renewal: Option<Renewal>,
}

/// What came of a search.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// A shortest trace, as the interpreter carried it out.
    Reached(Box<Replayed>),
    /// No trace of at most so many steps; that is no proof for longer ones.
    NotWithinBound,
    /// It is not known, for this reason.
    Unknown(String),
    /// The readings disagree about a trace: a defect of ours.
    Defect(String),
}

/// A trace that was carried out.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The steps, each with what came of it, as a case has them.
    pub steps: Vec<ExpectedStep>,
    /// Who calls, step by step.
    pub callers: Vec<String>,
    /// The world after each step.
    pub worlds: Vec<World>,
}

impl Search<'_> {
    /// Searches, and replays what is found.
    ///
    /// # Errors
    ///
    /// [`Unusable`] where the question says nothing in its world.
    pub fn run(&self) -> Result<Answer, Unusable> {
        let search = bounded::Search {
            world: self.world,
            goal: self.goal,
            bound: self.bound,
            begin: self.begin,
            relation: self.parties.relation,
            limits: self.limits,
        };
        let bounded::Answer { found, doubts, places, asked, renewal } = search.run()?;
        let verdict = match found {
            Found::Trace(trace) => match replay(self.world, self.goal, &trace, self.parties.reading) {
                Ok(replayed) => Verdict::Reached(Box::new(replayed)),
                Err(why) => Verdict::Defect(why),
            },
            // What nobody decided may hide a trace.
            Found::None if !doubts.is_empty() => {
                Verdict::Unknown("of some calls it is not known whether they are allowed".to_owned())
            }
            Found::None => Verdict::NotWithinBound,
            Found::Unknown(why) => Verdict::Unknown(why),
            Found::Defect(why) => Verdict::Defect(why),
        };
        Ok(Answer { verdict, doubts, places, asked, renewal })
    }
}

/// The interpreter carries the trace out; or how it disagrees with the solver.
fn replay(world: &World, goal: &Goal, trace: &Trace, reading: Reading) -> Result<Replayed, String> {
    let interpreter = Interpreter::with(reading);
    let begun = interpreter.begin(world).map_err(|unusable| unusable.to_string())?;
    let mut replayed = Replayed { steps: Vec::new(), callers: trace.callers.clone(), worlds: Vec::new() };
    let mut now = begun;
    for (position, step) in trace.steps.iter().enumerate() {
        let taken = interpreter
            .step(&now, step)
            .map_err(|unusable| format!("step {}: the interpreter says: {unusable}", position + 1))?;
        let expected = done(&taken).ok_or_else(|| {
            let why = match &taken.outcome {
                Outcome::Refused(refusal) => format!("{} by {}", refusal.code, refusal.rule),
                Outcome::Done(_) => "another answer".to_owned(),
            };
            format!("step {}: the model has it done, the interpreter does not: {why}", position + 1)
        })?;
        now = taken.world;
        trace.ends_so(position, &now).map_err(|why| format!("the interpreter: {why}"))?;
        replayed.worlds.push(now.clone());
        replayed.steps.push(ExpectedStep { step: step.clone(), expected, because: None });
    }
    if shown::is_shown(goal, &replayed) {
        Ok(replayed)
    } else {
        Err("the interpreter takes the steps, but what was looked for does not come of them".to_owned())
    }
}

/// What a case expects of a step that came out so; `None` where it was refused.
fn done(taken: &Taken) -> Option<Expected> {
    let mut result = Vec::new();
    let reason = match &taken.outcome {
        Outcome::Done(Answered::Session(name)) => {
            let session = taken.world.sessions.get(name)?;
            let seconds = session.expires.epoch_seconds() - session.issued.epoch_seconds();
            result.push(("DurationSeconds".to_owned(), seconds.into()));
            result.push(("Expiration".to_owned(), session.expires.iso().into()));
            None
        }
        Outcome::Done(Answered::Allowed(reason)) => Some(*reason),
        Outcome::Done(
            Answered::Nothing
            | Answered::Identity(_)
            | Answered::Decoded(_)
            | Answered::Created(_)
            | Answered::Version(_)
            | Answered::AccessKey(_)
            | Answered::Directory(_),
        )
        | Outcome::Refused(_) => return None,
    };
    Some(Expected { expectation: Expectation::Allowed, reason, result, consultations: None })
}
