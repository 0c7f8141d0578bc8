//! One world, request by request: the party's answer beside the model's, reason by reason.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use super::classes::{self, Summary};
use super::coverage::{Coverage, beside};
use super::party::{Answer, Party, Verdict};
use crate::generators::worlds::World;
use crate::iam::assumption::Assumptions;
use crate::iam::decision::Reason;
use crate::model::modelled::{Modelled, NoAnswer};
use crate::solver::Limits;

/// What came of comparing worlds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many worlds were compared.
    pub worlds: u64,
    /// How many requests they had.
    pub requests: u64,
    /// Requests that both decide alike, reason included where the party gives one.
    pub agreed: u64,
    /// Requests that the party says it does not support, by what it says.
    pub unsupported: BTreeMap<String, u64>,
    /// Requests to which the model has no answer, by what it says.
    pub unknown: BTreeMap<String, u64>,
    /// Requests whose answer the solver confirmed.
    pub confirmed: u64,
    /// Requests about which the solver was asked and did not know, by what it says.
    pub unconfirmed: BTreeMap<String, u64>,
    /// Requests that the two decide differently, by what the model says and what the party says.
    pub disagreements: BTreeMap<(Reason, Answer), Seen>,
    /// Requests to which the party gave no answer, by what happened.
    pub failures: BTreeMap<String, Seen>,
    /// Requests that show the model or the solver to be wrong by itself, by what is wrong.
    pub defects: BTreeMap<String, Seen>,
    /// What came of the worlds that were examined by classes.
    pub classes: Summary,
    /// What took part.
    pub coverage: Coverage,
}

/// Where a request stands in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// The number of its world.
    pub world: u64,
    /// Its position among the world's requests.
    pub request: usize,
}

/// How often something was seen, and where first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// In how many requests.
    pub count: u64,
    /// The first of them, in their order; no more than [`MOST_KEPT`].
    pub first: Vec<Asked>,
}

/// How many requests are kept of those that show the same: an evaluator that is wrong everywhere must not fill the memory.
pub const MOST_KEPT: usize = 24;

impl Seen {
    fn see(&mut self, asked: Asked) {
        self.count += 1;
        if self.first.len() < MOST_KEPT {
            self.first.push(asked);
        }
    }

    fn add(&mut self, later: Seen) {
        self.count += later.count;
        self.first.extend(later.first);
        self.first.truncate(MOST_KEPT);
    }
}

/// How worlds are compared, and which of them the solver is asked about: those whose number is a multiple of the distance; none if that is 0.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How the model reads open points. The party under test reads them as it likes.
    pub assumptions: Assumptions,
    /// The distance between worlds whose requests the solver confirms.
    pub every: u64,
    /// The distance between worlds that are examined by classes.
    pub classes_every: u64,
    /// How much effort a question may cost.
    pub limits: Limits,
}

impl Comparison {
    /// Compares the requests of one world.
    pub fn compare(&mut self, number: u64, world: &World, party: &mut dyn Party, manner: Manner) {
        self.worlds += 1;
        self.requests += world.requests.len() as u64;
        let answers = party.answers(world);
        let mut modelled = match Modelled::assuming(&world.layers, manner.assumptions) {
            Ok(modelled) => modelled,
            Err(no_answer) => {
                for position in 0..world.requests.len() {
                    self.no_answer(Asked { world: number, request: position }, &no_answer);
                }
                return;
            }
        };
        let sampled = manner.every != 0 && number.is_multiple_of(manner.every);
        for (position, request) in world.requests.iter().enumerate() {
            let asked = Asked { world: number, request: position };
            let expected = match modelled.answer(request) {
                Ok(mut answered) => {
                    let statements = beside(&world.layers, answered.gathered());
                    self.coverage.count(&statements, &request.caller, &mut answered);
                    answered.reason
                }
                Err(no_answer) => {
                    self.no_answer(asked, &no_answer);
                    continue;
                }
            };
            match answers.get(position) {
                Some(got) => self.judge(asked, expected, got),
                None => self.fail(asked, "fewer answers than requests"),
            }
            if sampled {
                match modelled.searched(request, expected, manner.limits) {
                    Ok(()) => self.confirmed += 1,
                    Err(NoAnswer::Defect(message)) => self.defects.entry(message).or_default().see(asked),
                    Err(no_answer @ (NoAnswer::Unknown(_) | NoAnswer::NotSupported(_))) => {
                        *self.unconfirmed.entry(no_answer.to_string()).or_default() += 1;
                    }
                }
            }
        }
    }

    /// Examines one world by classes, if its number has it. A world for which the model has no words was counted before.
    pub fn examine(
        &mut self,
        number: u64,
        world: &World,
        party: &mut dyn Party,
        manner: Manner,
        stop: &AtomicBool,
    ) {
        if manner.classes_every == 0 || !number.is_multiple_of(manner.classes_every) {
            return;
        }
        if let Ok(classes) = classes::examine(&world.layers, &|_| true, party, manner.into(), stop) {
            self.classes.count(number, classes);
        }
    }

    fn judge(&mut self, asked: Asked, expected: Reason, got: &Answer) {
        match got.against(expected) {
            Verdict::Agrees => self.agreed += 1,
            Verdict::Disagrees => {
                self.disagreements.entry((expected, got.clone())).or_default().see(asked);
            }
            Verdict::Unsupported => *self.unsupported.entry(construct(&got.to_string())).or_default() += 1,
            Verdict::Fails => self.fail(asked, &got.to_string()),
        }
    }

    fn fail(&mut self, asked: Asked, message: &str) {
        self.failures.entry(message.to_owned()).or_default().see(asked);
    }

    fn no_answer(&mut self, asked: Asked, no_answer: &NoAnswer) {
        match no_answer {
            NoAnswer::Defect(message) => self.defects.entry(message.clone()).or_default().see(asked),
            NoAnswer::NotSupported(_) | NoAnswer::Unknown(_) => {
                *self.unknown.entry(construct(&no_answer.to_string())).or_default() += 1;
            }
        }
    }

    /// Adds what came of later worlds.
    pub fn add(&mut self, later: Comparison) {
        let Comparison {
            worlds,
            requests,
            agreed,
            unsupported,
            unknown,
            confirmed,
            unconfirmed,
            disagreements,
            failures,
            defects,
            classes,
            coverage,
        } = later;
        self.worlds += worlds;
        self.requests += requests;
        self.agreed += agreed;
        self.confirmed += confirmed;
        for (mine, theirs) in [
            (&mut self.unsupported, unsupported),
            (&mut self.unknown, unknown),
            (&mut self.unconfirmed, unconfirmed),
        ] {
            for (what, count) in theirs {
                *mine.entry(what).or_default() += count;
            }
        }
        for (answers, seen) in disagreements {
            self.disagreements.entry(answers).or_default().add(seen);
        }
        for (mine, theirs) in [(&mut self.failures, failures), (&mut self.defects, defects)] {
            for (what, seen) in theirs {
                mine.entry(what).or_default().add(seen);
            }
        }
        self.classes.add(classes);
        self.coverage.add(&coverage);
    }
}

/// A message without its place, so that a construct counts as one wherever it stands: what follows the first `: `.
fn construct(message: &str) -> String {
    message.split_once("not supported yet: ").map_or(message, |(_, what)| what).to_owned()
}
