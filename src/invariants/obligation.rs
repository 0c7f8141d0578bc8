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
    pub argument: String,
    /// The obligations.
    pub obligations: Vec<Obligation>,
}

impl Proof {
    /// A proof without obligations yet.
    pub fn new(argument: &str) -> Proof {
        Proof { formulas: Formulas::new(), argument: argument.to_owned(), obligations: Vec::new() }
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
                    let (flags, false_flags) = self.named_values(&assignment);
                    return Verdict::Refuted(Counterexample::Step { step, flags, false_flags });
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

    /// What holds where a step fails, and what does not, as far as the step speaks of it: the names of the flags that are true with the values of
    /// the integers, and the names of the flags that are false.
    fn named_values(&self, assignment: &Assignment) -> (Vec<String>, Vec<String>) {
        let names = self.formulas.flag_names();
        let flags = |wanted: &dyn Fn(bool) -> bool| -> Vec<String> {
            let such = assignment.flags.iter().filter(|(_, value)| wanted(**value));
            such.filter_map(|(flag, _)| names.get(flag.index()).cloned()).collect()
        };
        let integers = self.formulas.integer_names();
        let values = assignment.integers.iter().filter_map(|(integer, value)| {
            integers.get(integer.index()).map(|name| format!("{name} = {value}"))
        });
        (flags(&|value| value).into_iter().chain(values).collect(), flags(&|value| !value))
    }
}
