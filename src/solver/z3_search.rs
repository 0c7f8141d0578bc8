//! The Boolean search by Z3, for questions too hard for the small search.
//!
//! It runs on a thread of its own: there Z3's context is fresh, so that what this thread asked before cannot sway which values are proposed,
//! and the solvers of this thread's context, which the procedures for numbers use meanwhile, are left alone. Proposals come over one
//! channel, clauses to learn go back over another; hanging up ends it.

use std::sync::mpsc::{Receiver, Sender};

use z3::ast::Bool;
use z3::{Params, SatResult, Solver};

use super::clauses::Literal;

/// What Z3 has to say.
pub(super) enum Proposal {
    /// These values of the variables fulfil all clauses.
    Values(Vec<bool>),
    /// None do.
    Impossible,
    /// Z3 reached its effort limit.
    Limit,
}

/// Proposes values for so many variables, which fulfil the clauses and all lessons, until the other side hangs up.
pub(super) fn propose(
    clauses: &[Vec<Literal>],
    variables: usize,
    effort: u32,
    proposals: &Sender<Proposal>,
    lessons: &Receiver<Vec<Literal>>,
) {
    let constants: Vec<Bool> =
        (0..variables).map(|variable| Bool::new_const(u32::try_from(variable).unwrap_or(u32::MAX))).collect();
    let negations: Vec<Bool> = constants.iter().map(Bool::not).collect();
    let disjunction = |clause: &[Literal]| {
        let literals: Vec<&Bool> = clause
            .iter()
            .filter_map(|literal| {
                let side = if literal.value() { &constants } else { &negations };
                side.get(literal.variable() as usize)
            })
            .collect();
        Bool::or(&literals)
    };
    let solver = Solver::new_for_logic("QF_FD").unwrap_or_default();
    let mut parameters = Params::new();
    parameters.set_u32("rlimit", effort);
    solver.set_params(&parameters);
    for clause in clauses {
        solver.assert(disjunction(clause));
    }
    loop {
        let proposal = match solver.check() {
            SatResult::Unsat => Proposal::Impossible,
            SatResult::Unknown => Proposal::Limit,
            SatResult::Sat => match solver.get_model() {
                Some(model) => {
                    let value = |constant| model.eval(constant, true).and_then(|value: Bool| value.as_bool());
                    Proposal::Values(
                        constants.iter().map(|constant| value(constant).unwrap_or(false)).collect(),
                    )
                }
                None => Proposal::Limit,
            },
        };
        if proposals.send(proposal).is_err() {
            return;
        }
        match lessons.recv() {
            Ok(lesson) => solver.assert(disjunction(&lesson)),
            Err(_) => return,
        }
    }
}
