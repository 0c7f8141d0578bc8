//! Proofs over free flags: obligations, each a premise and a conclusion, and what the solver says of them.

use super::known::{Counterexample, Verdict};
use crate::crosscheck::rests_on::{Fall, Falls};
use crate::iam::assumption::{Alternative, Assumptions, OpenPoint};
use crate::model::Readings;
use crate::solver::formula::{Formula, Formulas};
use crate::solver::{Answer, Assignment, Limits, Solver};

/// One thing to show: the conclusion holds wherever the premise does, whatever the flags.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// Which step of the proof it is.
    pub step: String,
    /// What may be taken for granted.
    pub premise: Formula,
    /// What has to hold.
    pub conclusion: Formula,
}

/// A proof: a store of formulas, and what has to be shown in it.
#[derive(Debug)]
pub struct Proof {
    /// The formulas and their flags.
    pub formulas: Formulas,
    /// The readings of open points that act above the flags; every other one acts below, on what they stand for.
    pub readings: Readings,
    /// How the proof goes, in words: for an induction, the relation that is kept.
    pub argument: String,
    /// The obligations.
    pub obligations: Vec<Obligation>,
    /// What could not be written down, which leaves the whole proof unknown.
    pub unsaid: Option<String>,
}

/// The points whose readings act where what layers say comes together: above the flags of proofs about sets and layers.
///
/// All others act below them. They change which statements match (a condition, a pattern, a principal), by which grant, and whether a ceiling
/// applies; there the flags are free, so that a proof over them holds under every reading.
const ABOVE_STATEMENTS: &[OpenPoint] =
    &[OpenPoint::SeveralSessionPolicies, OpenPoint::FederatedDefault, OpenPoint::StarForFederated];

impl Proof {
    /// A proof without obligations yet.
    pub fn new(argument: &str) -> Proof {
        Proof::over(argument, ABOVE_STATEMENTS)
    }

    /// A proof without obligations yet, in which the readings of these points act, and no others.
    pub fn over(argument: &str, points: &[OpenPoint]) -> Proof {
        let mut formulas = Formulas::new();
        let readings = Readings::free(&mut formulas, points, Assumptions::default());
        Proof { formulas, readings, argument: argument.to_owned(), obligations: Vec::new(), unsaid: None }
    }

    /// A new free flag.
    pub fn free(&mut self, name: &str) -> Formula {
        let flag = self.formulas.new_flag(name);
        self.formulas.flag(flag)
    }

    /// Adds an obligation.
    pub fn show(&mut self, step: impl Into<String>, premise: Formula, conclusion: Formula) {
        self.obligations.push(Obligation { step: step.into(), premise, conclusion });
    }

    /// Discharges every obligation under these assumptions: its premise can be fulfilled, and with it the conclusion cannot fail.
    pub fn discharged(mut self, assumptions: Assumptions, limits: Limits) -> Verdict {
        let assumed = self.readings.are(&mut self.formulas, assumptions);
        // Everything is built before the first question, since a solver looks at a finished store.
        let questions: Vec<(String, Formula, Formula)> = self
            .obligations
            .iter()
            .map(|obligation| {
                let fails = self.formulas.not(obligation.conclusion);
                let counterexample = self.formulas.and([obligation.premise, fails]);
                (obligation.step.clone(), obligation.premise, counterexample)
            })
            .collect();
        if let Some(reason) = self.unsaid {
            return Verdict::Unknown(reason);
        }
        if questions.is_empty() {
            return Verdict::Vacuous;
        }
        let mut solver = Solver::new(&self.formulas, limits);
        for (step, premise, counterexample) in questions {
            match solver.check_under(counterexample, &[assumed]) {
                Answer::Satisfiable(assignment) => {
                    let (flags, false_flags) = self.named_values(&assignment);
                    return Verdict::Refuted(Counterexample::Step { step, flags, false_flags });
                }
                Answer::Unknown(reason) => return Verdict::Unknown(format!("{step}: {reason}")),
                Answer::Unsatisfiable => {}
            }
            match solver.check_under(premise, &[assumed]) {
                Answer::Satisfiable(_) => {}
                Answer::Unsatisfiable => return Verdict::Vacuous,
                Answer::Unknown(reason) => {
                    return Verdict::Unknown(format!("{step}, its premise: {reason}"));
                }
            }
        }
        Verdict::Proved
    }

    /// Whether some obligation falls under a reading of the points that act here, but for those held to their decisions, others as assumed.
    pub fn falls(
        &mut self,
        held: &[OpenPoint],
        assumptions: Assumptions,
        limits: Limits,
    ) -> Falls<Counterexample> {
        if let Some(reason) = &self.unsaid {
            return Falls::Unknown(reason.clone());
        }
        let readings = self.readings;
        let formulas = &mut self.formulas;
        let mut context =
            vec![readings.consistent(formulas), readings.as_decided(formulas, held.iter().copied())];
        context.extend(assumptions.alternatives().map(|assumed| readings.takes(assumed)).filter(|takes| {
            // What is assumed of a point that does not act here says nothing.
            *takes != formulas.falsum()
        }));
        let preferred = readings.each_as_decided(formulas);
        let mut goals = Vec::with_capacity(self.obligations.len());
        for obligation in &self.obligations {
            let fails = formulas.not(obligation.conclusion);
            let parts = [obligation.premise, fails].into_iter().chain(context.iter().copied());
            goals.push(formulas.and(parts.collect::<Vec<_>>()));
        }
        let mut solver = Solver::new(&self.formulas, limits);
        for (goal, Obligation { step, .. }) in goals.into_iter().zip(&self.obligations) {
            match solver.check_preferring(goal, &preferred) {
                Answer::Unsatisfiable => {}
                Answer::Unknown(reason) => return Falls::Unknown(format!("{step}: {reason}")),
                Answer::Satisfiable(assignment) => {
                    let (flags, false_flags) = self.named_values(&assignment);
                    let taken = readings.read(&self.formulas, &assignment).alternatives();
                    let own = taken.filter(|other| !assumptions.has(*other));
                    let assumptions = own.fold(Assumptions::default(), Assumptions::with);
                    let witness = Counterexample::Step { step: step.clone(), flags, false_flags };
                    return Falls::Here(Fall { assumptions, witness });
                }
            }
        }
        Falls::Never
    }

    /// What holds where a step fails, and what does not, as far as the step speaks of it: the names of the flags that are true with the values of
    /// integers and texts, and the names of the flags that are false.
    fn named_values(&self, assignment: &Assignment) -> (Vec<String>, Vec<String>) {
        let names = self.formulas.flag_names();
        let flags = |wanted: &dyn Fn(bool) -> bool| -> Vec<String> {
            let such = assignment.flags.iter().filter(|(_, value)| wanted(**value));
            let names = such.filter_map(|(flag, _)| names.get(flag.index()));
            names.filter(|name| name.parse::<Alternative>().is_err()).cloned().collect()
        };
        let integers = self.formulas.integer_names();
        let values = assignment.integers.iter().filter_map(|(integer, value)| {
            integers.get(integer.index()).map(|name| format!("{name} = {value}"))
        });
        let texts = self.formulas.text_variables();
        let spelled = assignment.texts.iter().filter_map(|(text, value)| {
            texts.get(text.index()).map(|(name, _)| format!("{name} = `{value}`"))
        });
        (flags(&|value| value).into_iter().chain(values).chain(spelled).collect(), flags(&|value| !value))
    }
}
