//! Both readings on the sides of a law: the evaluator on one request, the model on every request at once.

use std::collections::HashMap;
use std::fmt;

use super::claim::{Answered, Instance, Policies, Side};
use super::known::{Found, Witness};
use super::rules::Rules;
use crate::crosscheck::rests_on::{Fall, Falls};
use crate::evaluator::{CompiledSet, Evaluator, Question, Reading};
use crate::iam::assumption::{Assumptions, OpenPoint};
use crate::iam::layers::Layers;
use crate::iam::policy::Policy;
use crate::iam::request::Request;
use crate::model::principal::Around;
use crate::model::{self, Problem, Scope, SymbolicRequest, decode, gather, pin, statement};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::{Answer, Knowledge, Limits, Solver, UnknownReason};

/// How policies are read in a trial: by the rules, or with a mistake that a test planted.
#[derive(Clone, Copy)]
pub struct Readings<'r> {
    /// For what both readings take policies, and the steps of the proofs.
    pub rules: &'r dyn Rules,
    /// The evaluator's reading.
    pub evaluator: Reading,
    /// How the model reads open points.
    pub assumptions: Assumptions,
    /// How much the solver may try.
    pub limits: Limits,
}

impl fmt::Debug for Readings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readings")
            .field("evaluator", &self.evaluator)
            .field("assumptions", &self.assumptions)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The sides of a law, compiled by the evaluator.
pub struct Compiled<'i> {
    instance: &'i Instance,
    sides: Vec<CompiledSide>,
}

enum CompiledSide {
    Set(Box<CompiledSet>),
    Layers(Box<Evaluator>),
}

/// What came of an instance and one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The premise does not hold: the law says nothing here.
    NotMet,
    /// The law holds.
    Holds,
    /// It does not.
    Fails,
}

impl<'r> Readings<'r> {
    /// Both readings under these assumptions.
    pub fn assuming(rules: &'r dyn Rules, assumptions: Assumptions, limits: Limits) -> Readings<'r> {
        Readings { rules, evaluator: Reading::assuming(assumptions), assumptions, limits }
    }

    /// Compiles the sides.
    ///
    /// # Errors
    ///
    /// What the evaluator cannot read, in words.
    pub fn compile<'i>(&self, instance: &'i Instance) -> Result<Compiled<'i>, String> {
        let side = |side: &Side| match &side.policies {
            Policies::Set(set) => CompiledSet::compile_with(&self.taken(set), self.evaluator)
                .map(|set| CompiledSide::Set(Box::new(set)))
                .map_err(|error| error.to_string()),
            Policies::Layers(layers) => Evaluator::compile_with(&self.taken_layers(layers), self.evaluator)
                .map(|evaluator| CompiledSide::Layers(Box::new(evaluator)))
                .map_err(|error| error.to_string()),
        };
        let sides = instance.sides.iter().map(side).collect::<Result<_, String>>()?;
        Ok(Compiled { instance, sides })
    }

    fn taken(&self, set: &[Policy]) -> Vec<Policy> {
        set.iter().map(|policy| self.rules.taken(policy)).collect()
    }

    /// The layers as the reading takes them.
    pub(super) fn taken_layers(&self, layers: &Layers) -> Layers {
        let layers = self.rules.around(layers);
        let one = |policy: &Option<Policy>| policy.as_ref().map(|policy| self.rules.taken(policy));
        let levels = |levels: &Option<Vec<Vec<Policy>>>| {
            levels.as_ref().map(|levels| levels.iter().map(|set| self.taken(set)).collect())
        };
        Layers {
            identity: self.taken(&layers.identity),
            boundary: one(&layers.boundary),
            session: layers.session.as_ref().map(|set| self.taken(set)),
            resource: one(&layers.resource),
            scps: levels(&layers.scps),
            rcps: levels(&layers.rcps),
            endpoint: one(&layers.endpoint),
        }
    }
}

impl Compiled<'_> {
    /// What the sides answer.
    pub fn answers(&self, request: &Request) -> Vec<Answered> {
        let one = |(side, compiled): (&Side, &CompiledSide)| {
            let request = side.asked.request(request);
            match compiled {
                CompiledSide::Set(set) => {
                    let verdict = set.verdict(&Question {
                        action: &request.action,
                        resource: &request.resource,
                        caller: &request.caller,
                        context: &request.context,
                    });
                    match (verdict.allow, verdict.deny) {
                        (_, true) => Answered::ExplicitDeny,
                        (true, false) => Answered::Allow,
                        (false, false) => Answered::ImplicitDeny,
                    }
                }
                CompiledSide::Layers(evaluator) => Answered::from(evaluator.decide(&request).decision()),
            }
        };
        self.instance.sides.iter().zip(&self.sides).map(one).collect()
    }

    /// Whether the law holds of the request.
    pub fn tried(&self, request: &Request) -> Trial {
        let answers = self.answers(request);
        if !self.instance.premise.holds(&answers) {
            Trial::NotMet
        } else if self.instance.conclusion.holds(&answers) {
            Trial::Holds
        } else {
            Trial::Fails
        }
    }

    /// The request as a witness against the law.
    pub fn witness(&self, request: &Request, found: Found) -> Witness {
        let sides = self.instance.sides.iter().zip(self.answers(request));
        Witness {
            about: self.instance.about.clone(),
            sides: sides.map(|(side, answer)| (side.layers(), answer.name())).collect(),
            request: request.clone(),
            found,
        }
    }
}

/// Instances written down by the model, over one symbolic request.
pub struct Symbolic<'r> {
    readings: Readings<'r>,
    formulas: Formulas,
    request: SymbolicRequest,
    knowledge: Option<Knowledge>,
    written: Vec<(Instance, Formula, Formula)>,
}

/// Whether it is asked of a law that holds if anything meets its premise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Premises {
    /// It is.
    Asked,
    /// It is known already, or of no interest.
    Unasked,
}

/// What the model says of an instance.
#[derive(Clone, Debug)]
pub enum Shown {
    /// The law holds of every request.
    Holds,
    /// It does, since no request fulfils the premise.
    NotMet,
    /// It fails for this request.
    Fails(Box<Witness>),
    /// Not known, for this reason.
    Unknown(String),
}

impl<'r> Symbolic<'r> {
    /// Nothing written yet.
    pub fn new(readings: Readings<'r>, scope: Scope) -> Symbolic<'r> {
        Symbolic::varied(readings, scope, &[])
    }

    /// The same where these points may be read in any way, the others as assumed.
    pub fn varied(readings: Readings<'r>, scope: Scope, points: &[OpenPoint]) -> Symbolic<'r> {
        let mut formulas = Formulas::new();
        let taken = model::Readings::free(&mut formulas, points, readings.assumptions);
        let request = SymbolicRequest::read_as(&mut formulas, scope, taken);
        Symbolic { readings, formulas, request, knowledge: None, written: Vec::new() }
    }

    /// Writes an instance down.
    ///
    /// Spellings of one action, and of one key, are one variable of the symbolic request: a side that is asked about another spelling
    /// is asked about the same request.
    ///
    /// # Errors
    ///
    /// [`Problem`] where a side says what formulas cannot say.
    pub fn write(&mut self, instance: Instance) -> Result<(), Problem> {
        let mut sides = Vec::with_capacity(instance.sides.len());
        for side in &instance.sides {
            sides.push(self.side(side)?);
        }
        let premise = instance.premise.formula(&mut self.formulas, &sides);
        let conclusion = instance.conclusion.formula(&mut self.formulas, &sides);
        self.written.push((instance, premise, conclusion));
        Ok(())
    }

    /// When a side allows, and when a Deny of it refuses.
    fn side(&mut self, side: &Side) -> Result<(Formula, Formula), Problem> {
        let (formulas, request) = (&mut self.formulas, &mut self.request);
        match &side.policies {
            Policies::Set(set) => {
                let set = self.readings.taken(set);
                let found = statement::set(formulas, request, &set, Around::NOTHING)?;
                Ok((found.said().allows(formulas), found.deny))
            }
            Policies::Layers(layers) => {
                let layers = self.readings.taken_layers(layers);
                let gathered = gather::decision(formulas, request, &layers)?;
                Ok((gathered.decision.allow, gathered.decision.explicit_deny))
            }
        }
    }

    /// What holds over every well-formed request, instance by instance.
    pub fn shown(&mut self, premises: Premises) -> Vec<Shown> {
        match self.request.well_formed(&mut self.formulas) {
            Ok(well_formed) => self.shown_where(well_formed, premises),
            Err(problem) => vec![Shown::Unknown(problem.to_string()); self.written.len()],
        }
    }

    /// What holds of one request, well-formed or not, instance by instance.
    pub fn shown_of(&mut self, request: &Request) -> Vec<Shown> {
        match pin(&mut self.formulas, &mut self.request, request) {
            Ok(pinned) => self.shown_where(pinned, Premises::Unasked),
            Err(problem) => vec![Shown::Unknown(problem.to_string()); self.written.len()],
        }
    }

    fn shown_where(&mut self, requests: Formula, premises: Premises) -> Vec<Shown> {
        let formulas = &mut self.formulas;
        let mut goals = Vec::with_capacity(self.written.len());
        for (_, premise, conclusion) in &self.written {
            let fails = formulas.not(*conclusion);
            goals.push((*premise, formulas.and([*premise, fails])));
        }
        let mut solver = Solver::new(&self.formulas, self.readings.limits);
        // Many laws have the same premise, or none: whether it can be met is asked once.
        let mut met: HashMap<Formula, Answer> = HashMap::new();
        let mut shown = Vec::with_capacity(goals.len());
        for ((instance, ..), (premise, counterexample)) in self.written.iter().zip(goals) {
            let unknown = |reason: &UnknownReason| Shown::Unknown(format!("{}: {reason}", instance.about));
            shown.push(match solver.check_under(counterexample, &[requests]) {
                Answer::Satisfiable(assignment) => {
                    let request = decode(&self.request, &assignment);
                    Shown::Fails(Box::new(self.replayed(instance, &request)))
                }
                Answer::Unknown(reason) => unknown(&reason),
                Answer::Unsatisfiable if premises == Premises::Unasked => Shown::Holds,
                Answer::Unsatisfiable => {
                    let answer =
                        met.entry(premise).or_insert_with(|| solver.check_under(premise, &[requests]));
                    match answer {
                        Answer::Satisfiable(_) => Shown::Holds,
                        Answer::Unsatisfiable => Shown::NotMet,
                        Answer::Unknown(reason) => unknown(reason),
                    }
                }
            });
        }
        shown
    }

    /// For each instance whether it falls under some reading of the points that are varied, but for those held to their decisions.
    pub fn fallen(&mut self, held: &[OpenPoint]) -> Vec<Falls<Witness>> {
        let formulas = &mut self.formulas;
        let requests = match self.request.well_formed(formulas) {
            Ok(well_formed) => well_formed,
            Err(problem) => return vec![Falls::Unknown(problem.to_string()); self.written.len()],
        };
        let taken = *self.request.readings();
        let as_decided = taken.as_decided(formulas, held.iter().copied());
        let preferred = taken.each_as_decided(formulas);
        let mut goals = Vec::with_capacity(self.written.len());
        for (_, premise, conclusion) in &self.written {
            let fails = formulas.not(*conclusion);
            goals.push(formulas.and([*premise, fails, requests, as_decided]));
        }
        let mut solver = match self.knowledge.take() {
            Some(knowledge) => Solver::with_knowledge(&self.formulas, self.readings.limits, knowledge),
            None => Solver::new(&self.formulas, self.readings.limits),
        };
        let answers: Vec<Answer> =
            goals.into_iter().map(|goal| solver.check_preferring(goal, &preferred)).collect();
        self.knowledge = Some(solver.into_knowledge());
        let one = |((instance, ..), answer): (&(Instance, Formula, Formula), Answer)| match answer {
            Answer::Unsatisfiable => Falls::Never,
            Answer::Unknown(reason) => Falls::Unknown(format!("{}: {reason}", instance.about)),
            Answer::Satisfiable(assignment) => {
                let assumptions = taken.read(&self.formulas, &assignment);
                self.fallen_here(instance, assumptions, &decode(&self.request, &assignment))
            }
        };
        self.written.iter().zip(answers).map(one).collect()
    }

    /// A fall that the model found, once the evaluator has seen it under the same readings.
    fn fallen_here(&self, instance: &Instance, taken: Assumptions, request: &Request) -> Falls<Witness> {
        let readings = Readings::assuming(self.readings.rules, taken, self.readings.limits);
        let witness = match readings.compile(instance) {
            Ok(compiled) if compiled.tried(request) == Trial::Fails => {
                compiled.witness(request, Found::ByBoth)
            }
            Ok(_) | Err(_) => {
                return Falls::Unknown(format!(
                    "{}: under {taken} it falls by the model alone",
                    instance.about
                ));
            }
        };
        // What the user assumes is no turn: the law is asked about with it.
        let own = taken.alternatives().filter(|other| !self.readings.assumptions.has(*other));
        let assumptions = own.fold(Assumptions::default(), Assumptions::with);
        Falls::Here(Fall { assumptions, witness })
    }

    /// The request with what the evaluator says of it.
    fn replayed(&self, instance: &Instance, request: &Request) -> Witness {
        match self.readings.compile(instance) {
            Ok(compiled) => {
                let found = match compiled.tried(request) {
                    Trial::Fails => Found::ByBoth,
                    Trial::Holds | Trial::NotMet => Found::ByTheModelAlone,
                };
                compiled.witness(request, found)
            }
            Err(_) => Witness {
                about: instance.about.clone(),
                sides: Vec::new(),
                request: request.clone(),
                found: Found::ByTheModelAlone,
            },
        }
    }
}
