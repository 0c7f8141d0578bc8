//! On which open points the proofs of a comparison rest.
//!
//! Plain facts of containment are facts of the decisions, so the solver is asked about the whole documents here, with the readings of all open
//! points free. What it finds is held against the evaluator under the same readings before anyone hears of it.

use super::desk::Desk;
use super::homes::homes;
use super::prepared::Prepared;
use super::scene::Cast;
use super::surroundings::complete;
use crate::crosscheck::rests_on::{Fall, Falls, RestsOn, rests_on as smallest};
use crate::evaluator::{CompiledSet, Question, Reading};
use crate::iam::assumption::{Assumptions, OpenPoint};
use crate::iam::request::Request;
use crate::model::statement::document_allows;
use crate::model::{Problem, Readings, Scope, SymbolicRequest, decode};
use crate::solver::formula::Formula;
use crate::solver::{Answer, Limits};

/// A request that one document allows and another does not, though that was proved not to be: under other readings.
#[derive(Clone, Debug)]
pub struct Turned<'d> {
    /// The document that allows it.
    pub allowing: &'d Prepared,
    /// The document that does not.
    pub refusing: &'d Prepared,
    /// The request.
    pub request: Request,
}

/// On which points it rests that each first document of these pairs allows nothing that the second does not.
///
/// # Errors
///
/// Why it is not known.
pub fn rests_on<'d>(
    proved: &[(&'d Prepared, &'d Prepared)],
    limits: Limits,
) -> Result<RestsOn<Turned<'d>>, String> {
    smallest(|held| {
        let mut answers = proved.iter().map(|&(a, b)| Pair { a, b, limits }.falls(held));
        answers.find(|answer| !matches!(answer, Falls::Never)).unwrap_or(Falls::Never)
    })
}

/// One inclusion, to be refuted under some reading.
struct Pair<'d> {
    a: &'d Prepared,
    b: &'d Prepared,
    limits: Limits,
}

impl<'d> Pair<'d> {
    fn falls(&self, held: &[OpenPoint]) -> Falls<Turned<'d>> {
        if self.a.allows_nothing() || self.a.policy() == self.b.policy() {
            return Falls::Never;
        }
        let assumed = self.a.assumptions();
        let cast = self.a.cast_with(self.b);
        let found = Desk::with(|desk| {
            let free = |point: &OpenPoint| assumed.reading_of(*point).is_none();
            let points: Vec<OpenPoint> = OpenPoint::ALL.iter().copied().filter(free).collect();
            let readings = Readings::free(&mut desk.formulas, &points, assumed);
            let scope = match cast {
                Cast::Nobody => Scope::Documents,
                Cast::Caller => Scope::AnyCaller,
            };
            let mut symbolic = SymbolicRequest::read_as(&mut desk.formulas, scope, readings);
            let goal = self.goal(desk, &mut symbolic, held).map_err(|problem| problem.to_string())?;
            let preferred = readings.each_as_decided(&mut desk.formulas);
            match desk.ask(goal, &preferred, self.limits) {
                Answer::Unsatisfiable => Ok(None),
                Answer::Unknown(reason) => Err(reason.to_string()),
                Answer::Satisfiable(assignment) => {
                    let request = decode(&symbolic, &assignment);
                    let completed = complete(&request, &symbolic.keys_in_use(), cast);
                    Ok(Some(([completed, request], readings.read(&desk.formulas, &assignment))))
                }
            }
        });
        match found {
            Ok(None) => Falls::Never,
            Err(reason) => Falls::Unknown(reason),
            Ok(Some((requests, taken))) => self.replayed(requests, taken),
        }
    }

    /// Holds for the requests that A allows and B does not, these points read as decided.
    fn goal(
        &self,
        desk: &mut Desk,
        symbolic: &mut SymbolicRequest,
        held: &[OpenPoint],
    ) -> Result<Formula, Problem> {
        let formulas = &mut desk.formulas;
        let allowed = document_allows(formulas, symbolic, self.a.policy())?;
        let allowed_too = document_allows(formulas, symbolic, self.b.policy())?;
        let refused = formulas.not(allowed_too);
        let readings = *symbolic.readings();
        let as_decided = readings.as_decided(formulas, held.iter().copied());
        let mut parts = vec![allowed, refused, as_decided, symbolic.well_formed(formulas)?];
        for (account, partition) in homes([self.a, self.b]) {
            parts.push(symbolic.account_lives_in(formulas, &partition, &account));
        }
        Ok(formulas.and(parts))
    }

    /// The request, once the evaluator has seen it under the same readings: the complete one if it can be that.
    fn replayed(&self, requests: [Request; 2], taken: Assumptions) -> Falls<Turned<'d>> {
        let compile = |document: &Prepared| {
            CompiledSet::compile_with(std::slice::from_ref(document.policy()), Reading::assuming(taken))
        };
        let (Ok(a), Ok(b)) = (compile(self.a), compile(self.b)) else {
            return Falls::Unknown(format!("the evaluator cannot read the documents under {taken}"));
        };
        let allows = |set: &CompiledSet, request: &Request| {
            let Request { caller, action, resource, context, .. } = request;
            set.allows(&Question { action, resource, caller, context })
        };
        let Some(request) = requests.into_iter().find(|request| allows(&a, request) && !allows(&b, request))
        else {
            return Falls::Unknown(format!("under {taken} it falls by the model alone"));
        };
        let own = taken.alternatives().filter(|other| !self.a.assumptions().has(*other));
        let assumptions = own.fold(Assumptions::default(), Assumptions::with);
        Falls::Here(Fall { assumptions, witness: Turned { allowing: self.a, refusing: self.b, request } })
    }
}
