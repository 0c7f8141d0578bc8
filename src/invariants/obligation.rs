//! Proofs over free flags: obligations, each a premise and a conclusion, and what the solver says of them.

use super::known::{Counterexample, Verdict};
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
    /// How the proof goes, in words: for an induction, the relation that is kept.
    pub argument: &'static str,
    /// The obligations.
    pub obligations: Vec<Obligation>,
}

impl Proof {
    /// A proof without obligations yet.
    pub fn new(argument: &'static str) -> Proof {
        Proof { formulas: Formulas::new(), argument, obligations: Vec::new() }
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

    /// Discharges every obligation: its premise can be fulfilled, and with it the conclusion cannot fail.
    pub fn discharged(mut self, limits: Limits) -> Verdict {
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
        if questions.is_empty() {
            return Verdict::Vacuous;
        }
        let mut solver = Solver::new(&self.formulas, limits);
        for (step, premise, counterexample) in questions {
            match solver.check(counterexample) {
                Answer::Satisfiable(assignment) => {
                    let flags = self.named_values(&assignment);
                    return Verdict::Refuted(Counterexample::Step { step, flags });
                }
                Answer::Unknown(reason) => return Verdict::Unknown(format!("{step}: {reason}")),
                Answer::Unsatisfiable => {}
            }
            match solver.check(premise) {
                Answer::Satisfiable(_) => {}
                Answer::Unsatisfiable => return Verdict::Vacuous,
                Answer::Unknown(reason) => {
                    return Verdict::Unknown(format!("{step}, its premise: {reason}"));
                }
            }
        }
        Verdict::Proved
    }

    /// The names of the flags that are true, and the values of the integers.
    fn named_values(&self, assignment: &Assignment) -> Vec<String> {
        let flags = self.formulas.flag_names();
        let true_flags = assignment.flags.iter().filter(|(_, value)| **value);
        let true_flags = true_flags.filter_map(|(flag, _)| flags.get(flag.index()).cloned());
        let integers = self.formulas.integer_names();
        let values = assignment.integers.iter();
        let values = values.filter_map(|(integer, value)| {
            integers.get(integer.index()).map(|name| format!("{name} = {value}"))
        });
        true_flags.chain(values).collect()
    }
}
