//! The second reading's answers to concrete requests.
//!
//! The formulas of a world are written once; a request is pinned to them, and what the pin forces tells which reason's formula holds
//! ([`Forced`]). The solver can be asked the same ([`Modelled::searched`]), which is slower by far: a run has it confirm a sample.

use std::fmt;

use super::gather::{self, Gathered};
use super::{Problem, Readings, Scope, SymbolicRequest, pin};
use crate::iam::assumption::Assumptions;
use crate::iam::decision::Reason;
use crate::iam::layers::Layers;
use crate::iam::request::Request;
use crate::solver::forced::{Contradiction, Forced};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::{Answer, Knowledge, Limits, Solver};

/// The formulas of the layers around requests.
#[derive(Debug)]
pub struct Modelled {
    formulas: Formulas,
    symbolic: SymbolicRequest,
    gathered: Gathered,
    knowledge: Option<Knowledge>,
}

/// Why the second reading has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// A policy or request says what formulas cannot say.
    NotSupported(String),
    /// The formulas leave open what is decided, or the solver does not know.
    Unknown(String),
    /// The formulas contradict each other, or have several reasons hold at once, or none: a defect of the second reading.
    Defect(String),
}

/// The answer to one request, with everything that it rests on.
pub struct Answered<'m> {
    /// The reason.
    pub reason: Reason,
    gathered: &'m Gathered,
    forced: Forced<'m>,
}

impl Modelled {
    /// Writes the formulas of the layers.
    ///
    /// # Errors
    ///
    /// [`NoAnswer::NotSupported`] where a policy says what formulas cannot say.
    pub fn new(layers: &Layers) -> Result<Modelled, NoAnswer> {
        Modelled::assuming(layers, Assumptions::default())
    }

    /// Writes the formulas of the layers, open points read as assumed.
    ///
    /// # Errors
    ///
    /// As [`Modelled::new`].
    pub fn assuming(layers: &Layers, assumptions: Assumptions) -> Result<Modelled, NoAnswer> {
        let mut formulas = Formulas::new();
        let readings = Readings::assumed(&formulas, assumptions);
        let mut symbolic = SymbolicRequest::read_as(&mut formulas, Scope::AnyCaller, readings);
        let gathered = gather::decision(&mut formulas, &mut symbolic, layers)?;
        Ok(Modelled { formulas, symbolic, gathered, knowledge: None })
    }

    /// The answer that the pinned request forces.
    ///
    /// # Errors
    ///
    /// [`NoAnswer`], as its variants say.
    pub fn answer(&mut self, request: &Request) -> Result<Answered<'_>, NoAnswer> {
        let pin = pin(&mut self.formulas, &mut self.symbolic, request)?;
        let mut forced = Forced::by(&self.formulas, pin).map_err(|Contradiction| {
            NoAnswer::Defect("no assignment of the formulas is this request".to_owned())
        })?;
        let mut holding = None;
        for reason in Reason::ALL.iter().copied() {
            match forced.truth(self.gathered.decision.reason(&self.formulas, reason)) {
                Some(false) => {}
                Some(true) if holding.is_none() => holding = Some(reason),
                Some(true) => return Err(NoAnswer::Defect("two reasons hold at once".to_owned())),
                None => return Err(NoAnswer::Unknown(format!("whether {reason} holds is left open"))),
            }
        }
        match holding {
            Some(reason) => Ok(Answered { reason, gathered: &self.gathered, forced }),
            None => Err(NoAnswer::Defect("no reason holds".to_owned())),
        }
    }

    /// Has the solver confirm that this reason holds for the request, and no other can.
    ///
    /// # Errors
    ///
    /// [`NoAnswer::Defect`] where the solver finds otherwise, [`NoAnswer::Unknown`] where it does not know.
    pub fn searched(&mut self, request: &Request, reason: Reason, limits: Limits) -> Result<(), NoAnswer> {
        let pin = pin(&mut self.formulas, &mut self.symbolic, request)?;
        let holds = self.gathered.decision.reason(&self.formulas, reason);
        let holds_not = self.formulas.not(holds);
        let mut solver = match self.knowledge.take() {
            Some(knowledge) => Solver::with_knowledge(&self.formulas, limits, knowledge),
            None => Solver::new(&self.formulas, limits),
        };
        let with = solver.check_under(pin, &[holds]);
        let without = solver.check_under(pin, &[holds_not]);
        self.knowledge = Some(solver.into_knowledge());
        match (with, without) {
            (Answer::Satisfiable(_), Answer::Unsatisfiable) => Ok(()),
            (Answer::Unknown(unknown), _) | (_, Answer::Unknown(unknown)) => {
                Err(NoAnswer::Unknown(unknown.to_string()))
            }
            (Answer::Unsatisfiable, _) => {
                Err(NoAnswer::Defect(format!("the solver finds that {reason} cannot hold")))
            }
            (Answer::Satisfiable(_), Answer::Satisfiable(_)) => {
                Err(NoAnswer::Defect(format!("the solver finds that {reason} need not hold")))
            }
        }
    }
}

impl<'m> Answered<'m> {
    /// What the layers say, formula by formula.
    pub fn gathered(&self) -> &'m Gathered {
        self.gathered
    }

    /// Whether a formula of [`Self::gathered`] holds for the request; `None` where the request leaves it open.
    pub fn truth(&mut self, formula: Formula) -> Option<bool> {
        self.forced.truth(formula)
    }
}

impl From<Problem> for NoAnswer {
    fn from(problem: Problem) -> NoAnswer {
        NoAnswer::NotSupported(problem.to_string())
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoAnswer::NotSupported(what) => f.write_str(what),
            NoAnswer::Unknown(what) => write!(f, "unknown: {what}"),
            NoAnswer::Defect(what) => write!(f, "defect of the model: {what}"),
        }
    }
}
