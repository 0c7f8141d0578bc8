//! Whether any request of the same caller, with the same credential, is decided otherwise: the second reading's word.

use crate::iam::assumption::Assumptions;
use crate::iam::decision::{Decision, Reason};
use crate::iam::key::{Presence, documented};
use crate::iam::layers::Layers;
use crate::iam::request::Request;
use crate::model::{self, Problem, Readings, Scope, SymbolicRequest, gather};
use crate::solver::formula::{Formula, Formulas};
use crate::solver::{Answer, Limits, Solver};

/// What is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// No request of this caller is: proved for every action, resource and context, but for operations that need no permission.
    Never,
    /// This one is.
    Here(Box<Request>),
    /// It is not known, for this reason.
    Unknown(String),
}

/// Asks for a request of the same caller that is decided otherwise, and tells something.
pub(super) fn otherwise(
    layers: &Layers,
    assumptions: Assumptions,
    request: &Request,
    decision: Decision,
    limits: Limits,
) -> Otherwise {
    let mut formulas = Formulas::new();
    let scope = Scope::Caller(Box::new(request.caller.clone()), request.credential);
    let readings = Readings::assumed(&formulas, assumptions);
    let mut symbolic = SymbolicRequest::read_as(&mut formulas, scope, readings);
    let goal = match goal(&mut formulas, &mut symbolic, layers, decision) {
        Ok(goal) => goal,
        Err(problem) => return Otherwise::Unknown(problem.to_string()),
    };
    let names: Vec<_> = symbolic.keys_in_use().into_iter().cloned().collect();
    let mut preferred: Vec<Formula> = Vec::new();
    for name in &names {
        let is_optional = documented(name).is_none_or(|row| row.presence == Presence::Sometimes);
        if is_optional && request.context.value(name).is_none() {
            let present = symbolic.presence(&mut formulas, name);
            preferred.push(formulas.not(present));
        }
    }
    match Solver::new(&formulas, limits).check_preferring(goal, &preferred) {
        Answer::Unsatisfiable => Otherwise::Never,
        Answer::Satisfiable(assignment) => Otherwise::Here(Box::new(model::decode(&symbolic, &assignment))),
        Answer::Unknown(reason) => Otherwise::Unknown(reason.to_string()),
    }
}

/// Whether a reason is one of the other decision, and tells something: that GetCallerIdentity is allowed is nothing to tell of a request that
/// is not.
pub(super) fn is_worth_telling(before: Decision, reason: Reason) -> bool {
    let turned = (before == Decision::Allow) != (reason.decision() == Decision::Allow);
    turned && reason != Reason::AllowNoPermissionRequired
}

fn goal(
    formulas: &mut Formulas,
    symbolic: &mut SymbolicRequest,
    layers: &Layers,
    decision: Decision,
) -> Result<Formula, Problem> {
    let gathered = gather::decision(formulas, symbolic, layers)?;
    let well_formed = symbolic.well_formed(formulas)?;
    let reasons = Reason::ALL.iter().copied().filter(|reason| is_worth_telling(decision, *reason));
    let turned: Vec<Formula> = reasons.map(|reason| gathered.decision.reason(formulas, reason)).collect();
    let turned = formulas.or(turned);
    Ok(formulas.and([well_formed, turned]))
}
