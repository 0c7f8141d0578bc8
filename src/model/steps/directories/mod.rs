//! Steps of section 8 by the second reading: the relation of [`crate::model::directory`] with the facts of one world.
//!
//! Logons, sign-ins, lookups, new trusts and assignments are read off the relation: which refusal its formulas force, and which questions.
//! What administrators do to objects, and the rest of the calls, is a list of checks, the first of which that fails is the refusal. What
//! a step leaves of assignments and trusts is held to the relation of what lasts (`lasting`).

mod administration;
mod calls;
mod console;
mod facts;
mod lasting;
mod roles;
mod surroundings;
mod trusts;
mod users;

pub(super) use lasting::otherwise;

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::calls::defect;
use super::{Moment, Stepping, Stop};
use crate::iam::directory::{
    AccountName, Consultation, Consulted, DirectoryName, DirectoryOperation, DomainName, Outcome as Result,
    Question, Refusal,
};
use crate::iam::outcome::{Answer, RefusalCode};
use crate::model::directory::{Ask, Outcome, Standing, Way};
use crate::solver::forced::Forced;
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};

/// The service that acts for directories (DIR-25).
const DIRECTORY_SERVICE: &str = "ds.amazonaws.com";

/// The facts of one step as formulas: constants, and integers that are given.
struct Atoms {
    formulas: Formulas,
    given: Vec<Formula>,
    texts: BTreeMap<String, i64>,
}

impl Atoms {
    fn new() -> Atoms {
        Atoms { formulas: Formulas::new(), given: Vec::new(), texts: BTreeMap::new() }
    }

    fn truth(&self, holds: bool) -> Formula {
        if holds { self.formulas.verum() } else { self.formulas.falsum() }
    }

    /// A text that the relation only compares.
    fn text(&mut self, name: &str, text: &str) -> IntegerVariable {
        let next = i64::try_from(self.texts.len()).unwrap_or(i64::MAX);
        let number = *self.texts.entry(text.to_owned()).or_insert(next);
        let integer = self.formulas.new_integer(name);
        self.given.push(self.formulas.compare(integer, Relation::Equal, BigInt::from(number)));
        integer
    }

    /// The truth that the facts force on a formula.
    fn read(&self, formula: Formula) -> Stepping<bool> {
        let mut forced = Forced::by_all(&self.formulas, &self.given).map_err(|_| defect("no directories"))?;
        forced.truth(formula).ok_or_else(|| defect("the relation of directories leaves something open"))
    }
}

/// Of whom questions are asked, and about whom.
struct Asking<'s> {
    by: DirectoryName,
    standing: &'s Standing,
    domain: &'s DomainName,
    /// Whom the question for credentials, a code or an object is about; of whom there is none, there is no such question.
    account: Option<&'s AccountName>,
}

impl Moment<'_> {
    pub(super) fn directory(&mut self, operation: &DirectoryOperation) -> Stepping<Answer> {
        match operation {
            DirectoryOperation::Call(call) => self.directory_call(call),
            DirectoryOperation::Administration(work) => self.administration(work),
            DirectoryOperation::Event(event) => self.directory_event(event),
            DirectoryOperation::UserAction(action) => self.user_action(action),
        }
    }

    /// What the facts force of an outcome: the questions are noted, and the refusal stops the step.
    fn told(&mut self, atoms: &mut Atoms, outcome: &Outcome, asking: Option<&Asking<'_>>) -> Stepping<()> {
        let way = asking.map(|asking| Way::of(&mut atoms.formulas, asking.standing));
        let mut forced =
            Forced::by_all(&atoms.formulas, &atoms.given).map_err(|_| defect("no directories are so"))?;
        let mut holds = |formula| {
            forced.truth(formula).ok_or_else(|| defect("the relation of directories leaves an outcome open"))
        };
        for asked in &outcome.asked {
            if holds(asked.holds)? {
                let Some((asking, way)) = asking.zip(way.as_ref()) else {
                    return Err(defect("somebody was asked where nobody can be"));
                };
                let name = || asking.account.cloned().ok_or_else(|| defect("a question about nobody"));
                let (question, to_domain) = match asked.ask {
                    Ask::ServiceAccount => (Question::ServiceAccount, true),
                    Ask::Logon => (Question::Logon(name()?), true),
                    Ask::Code => (Question::Code(name()?), false),
                    Ask::Object => (Question::Object(name()?), true),
                    Ask::Objects => (Question::Objects, true),
                    Ask::Join => (Question::Join(name()?), true),
                    Ask::Trust => (Question::Trust, true),
                };
                let domain = asking.domain.clone();
                let of = if !to_domain {
                    Consulted::RadiusServer
                } else if holds(way.own)? {
                    Consulted::Own(domain)
                } else if holds(way.in_forest)? {
                    Consulted::InForest(domain)
                } else if holds(way.target)? {
                    Consulted::Target(domain)
                } else {
                    Consulted::ByTrust(domain)
                };
                let by = asking.by.clone();
                self.consultations.push(Consultation { by, of, question, answer: asked.answer });
            }
        }
        for (refusal, rule, formula) in &outcome.refusals {
            if holds(*formula)? {
                return Err(refused(*refusal, rule, "a check of the relation fails"));
            }
        }
        if holds(outcome.succeeds)? { Ok(()) } else { Err(defect("no check fails, and it does not succeed")) }
    }
}

/// A refusal by a directory.
fn refused(refusal: Refusal, rule: &'static str, message: &str) -> Stop {
    Stop::refused(RefusalCode::Directory(refusal), rule, message)
}

/// Goes on if the condition holds.
fn demand(holds: bool, refusal: Refusal, rule: &'static str, message: &str) -> Stepping<()> {
    if holds { Ok(()) } else { Err(refused(refusal, rule, message)) }
}

fn done() -> Answer {
    Answer::Directory(Result::Done)
}
