//! The checks of an operation on directories in their order, and the questions that are put on the way.
//!
//! Each line becomes its condition and the denial of all before it: refusals exclude each other, and a question is put iff nothing before it
//! failed. The outcome is a set of formulas, exactly one refusal or the success of which holds.

use crate::iam::directory::{Answer, Refusal};
use crate::solver::formula::{Formula, Formulas};

/// What is asked on the way; of whom follows from it: the code of the RADIUS server, all else of the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Whether the connector's service account is good.
    ServiceAccount,
    /// Whether the credentials are good.
    Logon,
    /// Whether the one-time code is good.
    Code,
    /// One object.
    Object,
    /// All users and groups.
    Objects,
    /// To store a computer.
    Join,
    /// For the other side of a trust.
    Trust,
}

/// A question that may be put, with one answer.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The question.
    pub ask: Ask,
    /// The answer.
    pub answer: Answer,
    /// Holds iff the question is put and so answered.
    pub holds: Formula,
}

/// What an operation comes to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Holds iff no check fails.
    pub succeeds: Formula,
    /// The checks in their order: with which code and by which rule each refuses, and what holds iff it is the first that fails.
    pub refusals: Vec<(Refusal, &'static str, Formula)>,
    /// The questions in their order.
    pub asked: Vec<Asked>,
}

impl Outcome {
    /// Holds iff the operation is refused with this code.
    pub fn refused(&self, formulas: &mut Formulas, refusal: Refusal) -> Formula {
        let lines: Vec<Formula> =
            self.refusals.iter().filter(|line| line.0 == refusal).map(|l| l.2).collect();
        formulas.or(lines)
    }

    /// Holds iff this is asked, and so answered.
    pub fn is_asked(&self, formulas: &mut Formulas, ask: Ask, answer: Answer) -> Formula {
        let asked = self.asked.iter().filter(|asked| asked.ask == ask && asked.answer == answer);
        let asked: Vec<Formula> = asked.map(|asked| asked.holds).collect();
        formulas.or(asked)
    }
}

/// The lines so far.
#[derive(Debug)]
pub struct Lines<'f> {
    /// The store of the formulas.
    pub formulas: &'f mut Formulas,
    open: Formula,
    refusals: Vec<(Refusal, &'static str, Formula)>,
    asked: Vec<Asked>,
}

impl<'f> Lines<'f> {
    /// No line yet.
    pub fn new(formulas: &'f mut Formulas) -> Lines<'f> {
        Lines { open: formulas.verum(), formulas, refusals: Vec::new(), asked: Vec::new() }
    }

    /// Refuses where the condition holds and nothing failed before.
    pub fn refuse(&mut self, condition: Formula, refusal: Refusal, rule: &'static str) {
        let fails = self.formulas.and([self.open, condition]);
        self.refusals.push((refusal, rule, fails));
        let passes = self.formulas.not(condition);
        self.open = self.formulas.and([self.open, passes]);
    }

    /// Refuses where the condition does not hold.
    pub fn demand(&mut self, condition: Formula, refusal: Refusal, rule: &'static str) {
        let fails = self.formulas.not(condition);
        self.refuse(fails, refusal, rule);
    }

    /// Puts a question, where the condition holds and nothing failed before; without an answer where the other end is not reached.
    pub fn ask(&mut self, when: Formula, ask: Ask, reached: Formula, agreed: Formula) {
        let formulas = &mut *self.formulas;
        let put = formulas.and([self.open, when]);
        let lost = formulas.not(reached);
        let denied = formulas.not(agreed);
        for (answer, condition) in [
            (Answer::Unreachable, vec![put, lost]),
            (Answer::Refused, vec![put, reached, denied]),
            (Answer::Given, vec![put, reached, agreed]),
        ] {
            let holds = formulas.and(condition);
            self.asked.push(Asked { ask, answer, holds });
        }
    }

    /// What the lines come to.
    pub fn outcome(self) -> Outcome {
        let Lines { open, refusals, asked, .. } = self;
        Outcome { succeeds: open, refusals, asked }
    }
}
