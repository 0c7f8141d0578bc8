//! The cross-check by classes: for each part of each statement, a request on which this part alone decides.
//!
//! Random requests rarely meet a policy's own words, and where they do, several parts decide together. So the solver is asked. Let `D` be the
//! decision (allow, explicit deny, or neither) as a function of the request. For a statement `s`, `turns(s)` holds for the requests on which `D`
//! would be another if `s` matched than if it did not, all other statements as they are. A request
//!
//! - on which `turns(s)` and every element of `s` hold is one on which the statement alone decides;
//! - on which `turns(s)` and every element of `s` but one hold is one on which that element alone decides: Action, Resource, a condition;
//! - on which moreover one pattern of a list matches and no other is one on which that pattern alone decides, and so on for values and
//!   principals.
//!
//! Each such request is put to the evaluator: a mistake about the part shows, since the decision hangs on nothing else. Where **no** such request
//! exists, the part cannot matter: a statement, pattern, value or principal that can be left out without changing any decision, a
//! condition that no request fails where it would count. That is proved, and users want to know.
//!
//! `questions` writes the formulas, `instances` finds cheap requests for the patterns of long lists (every one is checked against the
//! formulas before it counts), [`surroundings`] puts a policy that stands alone among layers in which all of it can matter.

pub mod batch;
mod instances;
mod questions;
pub mod surroundings;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::party::{Answer, Party, Verdict};
use super::pointwise::Manner;
use crate::generators::worlds::World;
use crate::iam::assumption::Assumptions;
use crate::iam::decision::Reason;
use crate::iam::layers::{Layer, Layers, StatementPlace};
use crate::iam::request::Request;
use crate::model;
use crate::model::modelled::NoAnswer;
use crate::solver::evaluate::holds;
use crate::solver::formula::Formula;
use crate::solver::{self, Assignment, Limits, Solver, UnknownReason};
use instances::{instances, variations};
use questions::{List, Sheet, StatementSheet};

/// A part of a statement. Numbers count from 0, in the order of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The whole statement.
    Statement,
    /// Action or NotAction.
    Action,
    /// Resource or NotResource.
    Resource,
    /// A condition entry: an operator with a key.
    Condition(usize),
    /// One of several patterns of Action or NotAction.
    ActionPattern(usize),
    /// One of several patterns of Resource or NotResource.
    ResourcePattern(usize),
    /// One of several entries of Principal or NotPrincipal.
    Principal(usize),
    /// One of several values of a condition entry.
    Value {
        /// The entry.
        entry: usize,
        /// The value.
        value: usize,
    },
}

/// A part with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Atom {
    /// The statement.
    pub place: StatementPlace,
    /// The part of it.
    pub part: Part,
}

/// A request that the evaluator decides otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// The part that decides.
    pub atom: Atom,
    /// The request.
    pub request: Request,
    /// What the model says.
    pub expected: Reason,
    /// What the evaluator says.
    pub got: Answer,
}

/// What came of examining policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Classes {
    /// Parts for which there is a request on which they alone decide.
    pub covered: u64,
    /// Parts that cannot matter. What is inside a statement that cannot is not listed again.
    pub dead: Vec<Atom>,
    /// Parts of which the solver does not know, and why.
    pub unknown: Vec<(Atom, String)>,
    /// Requests that the evaluator decides otherwise than the model.
    pub differing: Vec<Differing>,
    /// Parts about which the model or the solver contradicts itself, and how.
    pub defects: Vec<(Atom, String)>,
    /// Whether it ended before all parts were asked about.
    pub interrupted: bool,
}

/// What came of examining several worlds, as far as a run reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many worlds were examined.
    pub worlds: u64,
    /// Parts for which there is a request on which they alone decide.
    pub covered: u64,
    /// Parts that cannot matter.
    pub dead: u64,
    /// Parts of which the solver does not know, by what it says.
    pub unknown: BTreeMap<String, u64>,
    /// Requests that are decided otherwise, each with the number of its world; no more than [`MOST_KEPT`].
    pub differing: Vec<(u64, Differing)>,
    /// How many there were.
    pub differed: u64,
    /// What shows the model or the solver to be wrong by itself.
    pub defects: BTreeMap<String, u64>,
}

/// How many requests that are decided otherwise are kept.
pub const MOST_KEPT: usize = 24;

impl Summary {
    /// Counts a world.
    pub fn count(&mut self, number: u64, classes: Classes) {
        let Classes { covered, dead, unknown, differing, defects, interrupted: _ } = classes;
        self.worlds += 1;
        self.covered += covered;
        self.dead += dead.len() as u64;
        for (_, why) in unknown {
            *self.unknown.entry(why).or_default() += 1;
        }
        for (_, why) in defects {
            *self.defects.entry(why).or_default() += 1;
        }
        self.differed += differing.len() as u64;
        self.differing.extend(differing.into_iter().map(|differing| (number, differing)));
        self.differing.truncate(MOST_KEPT);
    }

    /// Adds what came of later worlds.
    pub fn add(&mut self, later: Summary) {
        let Summary { worlds, covered, dead, unknown, differing, differed, defects } = later;
        self.worlds += worlds;
        self.covered += covered;
        self.dead += dead;
        self.differed += differed;
        for (mine, theirs) in [(&mut self.unknown, unknown), (&mut self.defects, defects)] {
            for (why, count) in theirs {
                *mine.entry(why).or_default() += count;
            }
        }
        self.differing.extend(differing);
        self.differing.truncate(MOST_KEPT);
    }
}

/// More parts of one world than this are not asked about, but counted as unknown: AWS's sizes allow fewer.
pub const MOST_PARTS: u64 = 8_000;

/// How many texts that an element matches or misses by a hair are tried.
pub const MOST_VARIED: usize = 16;

/// How the model is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking {
    /// How it reads open points.
    pub assumptions: Assumptions,
    /// How much effort a question may cost.
    pub limits: Limits,
}

impl From<Manner> for Asking {
    fn from(Manner { assumptions, limits, .. }: Manner) -> Asking {
        Asking { assumptions, limits }
    }
}

/// Examines the policies of the layers that `is_examined` names, and holds the party to each request found.
///
/// # Errors
///
/// [`NoAnswer`] where the model has no words for a policy.
pub fn examine(
    layers: &Layers,
    is_examined: &dyn Fn(Layer) -> bool,
    party: &mut dyn Party,
    asking: Asking,
    stop: &AtomicBool,
) -> Result<Classes, NoAnswer> {
    let sheet = Sheet::write(layers, asking.assumptions, is_examined)?;
    let solver = Solver::new(&sheet.formulas, asking.limits);
    let mut examination = Examination {
        sheet: &sheet,
        solver,
        stop,
        left: MOST_PARTS,
        classes: Classes::default(),
        asked: Vec::new(),
    };
    for statement in &sheet.statements {
        examination.statement(statement);
    }
    let Examination { mut classes, asked, .. } = examination;
    let requests = asked.iter().map(|(_, request, _)| request.clone()).collect();
    let answers = party.answers(&World { layers: layers.clone(), requests });
    for (position, (atom, request, expected)) in asked.into_iter().enumerate() {
        let got = answers
            .get(position)
            .cloned()
            .unwrap_or_else(|| Answer::Failure("fewer answers than requests".to_owned()));
        match got.against(expected) {
            Verdict::Agrees | Verdict::Unsupported => {}
            Verdict::Disagrees | Verdict::Fails => {
                classes.differing.push(Differing { atom, request, expected, got });
            }
        }
    }
    Ok(classes)
}

struct Examination<'s> {
    sheet: &'s Sheet,
    solver: Solver<'s>,
    stop: &'s AtomicBool,
    /// How many parts may still be asked about.
    left: u64,
    classes: Classes,
    /// The requests found, with what the model says.
    asked: Vec<(Atom, Request, Reason)>,
}

/// What is known of a part.
enum Found {
    Decides(Box<Assignment>),
    Dead,
    Unknown,
}

impl Examination<'_> {
    fn statement(&mut self, sheet: &StatementSheet) {
        let atom = |part| Atom { place: sheet.place, part };
        let whole = match self.part(atom(Part::Statement), &sheet.whole) {
            Found::Decides(assignment) => assignment,
            Found::Dead | Found::Unknown => return,
        };
        for (part, literals) in &sheet.parts {
            self.part(atom(*part), literals);
        }
        for list in &sheet.lists {
            // The only pattern of a list is the whole element.
            if list.matches.len() > 1 {
                for position in 0..list.matches.len() {
                    self.member(atom((list.part)(position)), list, position, &whole);
                }
            }
            self.vary(atom(list.element), list, &whole);
        }
    }

    /// Asks for a request on which the literals hold.
    fn part(&mut self, atom: Atom, literals: &[Formula]) -> Found {
        if !self.may_ask(atom) {
            return Found::Unknown;
        }
        match self.solver.check_under(self.sheet.well_formed, literals) {
            solver::Answer::Satisfiable(assignment) => {
                self.decides(atom, &assignment);
                Found::Decides(Box::new(assignment))
            }
            solver::Answer::Unsatisfiable => {
                self.classes.dead.push(atom);
                Found::Dead
            }
            solver::Answer::Unknown(reason) => {
                let said = reason.to_string();
                match reason {
                    UnknownReason::Defect(_) => self.classes.defects.push((atom, said)),
                    UnknownReason::Limit(_) | UnknownReason::Undecided(_) => {
                        self.classes.unknown.push((atom, said));
                    }
                }
                Found::Unknown
            }
        }
    }

    /// A pattern of a list: the statement's own request with an instance of the pattern in it will often do.
    fn member(&mut self, atom: Atom, list: &List, position: usize, whole: &Assignment) {
        let pattern = list.texts.get(position).map(String::as_str).unwrap_or_default();
        for instance in instances(pattern) {
            let mut assignment = whole.clone();
            assignment.texts.insert(list.variable, instance);
            if self.left > 0 && list.is_decided_by(&self.sheet.formulas, position, &assignment) {
                self.left -= 1;
                self.decides(atom, &assignment);
                return;
            }
        }
        self.part(atom, &list.literals(position));
    }

    /// Texts that the patterns match, or miss by a hair. Where the rest of the statement holds, the decision hangs on the element, whichever of
    /// the two it is.
    fn vary(&mut self, atom: Atom, list: &List, whole: &Assignment) {
        let mut left = MOST_VARIED;
        for pattern in &list.texts {
            for text in variations(pattern) {
                if left == 0 || self.stop.load(Ordering::Relaxed) {
                    return;
                }
                let mut assignment = whole.clone();
                assignment.texts.insert(list.variable, text);
                if holds(&self.sheet.formulas, list.rest, &assignment) == Some(true) {
                    left -= 1;
                    self.asks(atom, &assignment);
                }
            }
        }
    }

    /// Counts, and says whether there is effort and time left for another part.
    fn may_ask(&mut self, atom: Atom) -> bool {
        if self.stop.load(Ordering::Relaxed) {
            self.classes.interrupted = true;
            return false;
        }
        if self.left == 0 {
            let why = format!("more than {MOST_PARTS} parts are not asked about");
            self.classes.unknown.push((atom, why));
            return false;
        }
        self.left -= 1;
        true
    }

    /// Counts the part, and keeps the request that an assignment stands for.
    fn decides(&mut self, atom: Atom, assignment: &Assignment) {
        self.classes.covered += 1;
        self.asks(atom, assignment);
    }

    fn asks(&mut self, atom: Atom, assignment: &Assignment) {
        let Sheet { formulas, symbolic, decision, .. } = self.sheet;
        let mut reasons = decision
            .reasons
            .iter()
            .filter(|(_, formula)| holds(formulas, *formula, assignment) == Some(true));
        match (reasons.next(), reasons.next()) {
            (Some((reason, _)), None) => {
                self.asked.push((atom, model::decode(symbolic, assignment), *reason));
            }
            (None, _) => self.classes.defects.push((atom, "no reason holds".to_owned())),
            (Some(_), Some(_)) => self.classes.defects.push((atom, "two reasons hold at once".to_owned())),
        }
    }
}
