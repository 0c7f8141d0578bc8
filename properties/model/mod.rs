//! The model against answers taken from the rules: every row was decided by hand, and the solver must say the same of the formulas.

mod addresses;
mod adversary;
mod contexts;
mod decisions;
mod documents;
mod last_step;
mod readings;

use iamproof::iam::assumption::Assumptions;
use iamproof::iam::document::{self, Strictness, TypeChoice};
use iamproof::iam::policy::Policy;
use iamproof::model::{Readings, Scope, SymbolicRequest, decode, statement};
use iamproof::solver::formula::{Formula, Formulas};
use iamproof::solver::{Answer, Limits, Solver};

/// A policy of the text, which may leave out Version, Effect `Allow`, Action `*` and Resource `*` of its one statement.
fn policy(text: &str) -> Policy {
    let mut value: serde_json::Value =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"));
    if value.get("Statement").is_none() {
        let statement = value.as_object_mut().unwrap();
        let version = statement.remove("Version").unwrap_or("2012-10-17".into());
        statement.entry("Effect").or_insert("Allow".into());
        if !statement.contains_key("NotAction") {
            statement.entry("Action").or_insert("*".into());
        }
        if !statement.contains_key("NotResource") {
            statement.entry("Resource").or_insert("*".into());
        }
        value = serde_json::json!({ "Version": version, "Statement": statement.clone() });
    }
    let document = document::read(value.to_string().as_bytes(), TypeChoice::Guessed, Strictness::Strict);
    document.policy.unwrap_or_else(|| panic!("{:?} in {text}", document.findings))
}

/// A request of this scope that the goal of the builder allows; panics where the solver does not know.
fn witness(
    scope: Scope,
    goal: impl FnOnce(&mut Formulas, &mut SymbolicRequest) -> Formula,
) -> Option<iamproof::iam::request::Request> {
    witness_assuming(Assumptions::default(), scope, goal)
}

/// As [`witness`], with these readings of open points.
fn witness_assuming(
    assumptions: Assumptions,
    scope: Scope,
    goal: impl FnOnce(&mut Formulas, &mut SymbolicRequest) -> Formula,
) -> Option<iamproof::iam::request::Request> {
    let mut formulas = Formulas::new();
    let readings = Readings::assumed(&formulas, assumptions);
    let mut request = SymbolicRequest::read_as(&mut formulas, scope, readings);
    let goal = goal(&mut formulas, &mut request);
    let well_formed = request.well_formed(&mut formulas).unwrap();
    let goal = formulas.and([well_formed, goal]);
    match Solver::new(&formulas, Limits::default()).check(goal) {
        Answer::Satisfiable(assignment) => Some(decode(&request, &assignment)),
        Answer::Unsatisfiable => None,
        Answer::Unknown(reason) => panic!("unknown: {reason}"),
    }
}

/// A well-formed request that the new document allows and the old one does not.
fn gained(old: &Policy, new: &Policy) -> Option<iamproof::iam::request::Request> {
    witness(Scope::Documents, |formulas, request| {
        let old = statement::document_allows(formulas, request, old).unwrap();
        let new = statement::document_allows(formulas, request, new).unwrap();
        let not_old = formulas.not(old);
        formulas.and([new, not_old])
    })
}
