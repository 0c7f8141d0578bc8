//! Whole decisions: the last step as a function of its booleans, and every cited case asked of the model.

use std::path::Path;

use iamproof::corpus::{Question, folder};
use iamproof::iam::decision::{Decision, Reason};
use iamproof::iam::document::Strictness;
use iamproof::iam::layers::Layers;
use iamproof::iam::request::Request;
use iamproof::model::decision::{NamedBooleans, decide};
use iamproof::model::{Scope, SymbolicRequest, gather, pin};
use iamproof::solver::formula::{Formula, Formulas};
use iamproof::solver::{Answer, Limits, Solver};

#[track_caller]
fn never(formulas: &Formulas, goal: Formula, what: &str) {
    let answer = Solver::new(formulas, Limits::default()).check(goal);
    assert_eq!(answer, Answer::Unsatisfiable, "{what}");
}

#[test]
fn there_is_exactly_one_reason_whatever_the_booleans() {
    let mut formulas = Formulas::new();
    let named = NamedBooleans::free(&mut formulas);
    let decision = decide(&mut formulas, &named);
    let some = formulas.or(decision.reasons.iter().map(|&(_, formula)| formula));
    let none = formulas.not(some);
    never(&formulas, none, "no reason");
    for (position, &(first, left)) in decision.reasons.iter().enumerate() {
        for &(second, right) in &decision.reasons[position + 1..] {
            let both = formulas.and([left, right]);
            never(&formulas, both, &format!("{first} and {second}"));
        }
    }
}

#[test]
fn the_decision_goes_with_the_reason() {
    let mut formulas = Formulas::new();
    let named = NamedBooleans::free(&mut formulas);
    let decision = decide(&mut formulas, &named);
    let not_allowed = formulas.not(decision.allow);
    let not_denied = formulas.not(decision.explicit_deny);
    for (reason, formula) in decision.reasons.clone() {
        let wrong = match reason.decision() {
            Decision::Allow => vec![not_allowed, decision.explicit_deny],
            Decision::ExplicitDeny => vec![not_denied, decision.allow],
            Decision::ImplicitDeny => vec![decision.allow, decision.explicit_deny],
        };
        let wrong = formulas.or(wrong);
        let otherwise = formulas.and([formula, wrong]);
        never(&formulas, otherwise, &reason.to_string());
    }
    let never_decided =
        [Reason::DenyInactiveCredentials, Reason::DenyPrincipalGone, Reason::DenyCrossAccountPass];
    for &(reason, formula) in &decision.reasons {
        let reached = Solver::new(&formulas, Limits::default()).check(formula) != Answer::Unsatisfiable;
        assert_eq!(reached, !never_decided.contains(&reason), "{reason}");
    }
}

#[test]
fn a_denial_outweighs_every_grant() {
    let mut formulas = Formulas::new();
    let named = NamedBooleans::free(&mut formulas);
    let decision = decide(&mut formulas, &named);
    let denied = named.denied(&mut formulas);
    let permitted = formulas.not(named.no_permission_required);
    let goal = formulas.and([denied, permitted, decision.allow]);
    never(&formulas, goal, "INV-1");
    let consistent = named.consistent(&mut formulas);
    let granted = named.grants.any(&mut formulas);
    let not_granted = formulas.not(granted);
    let not_root = formulas.not(named.caller.root);
    let no_identity = formulas.not(named.identity);
    let goal = formulas.and([consistent, not_granted, not_root, no_identity, permitted, decision.allow]);
    never(&formulas, goal, "INV-2");
}

/// The reasons that the model finds for the request: one, if all is well.
fn reasons(layers: &Layers, request: &Request) -> Result<Vec<String>, String> {
    let mut formulas = Formulas::new();
    let mut symbolic = SymbolicRequest::new(&mut formulas, Scope::AnyCaller);
    let gathered =
        gather::decision(&mut formulas, &mut symbolic, layers).map_err(|problem| problem.to_string())?;
    let pinned = pin(&mut formulas, &mut symbolic, request).map_err(|problem| problem.to_string())?;
    let goals: Vec<(Reason, Formula)> = gathered
        .decision
        .reasons
        .iter()
        .map(|&(reason, formula)| (reason, formulas.and([pinned, formula])))
        .collect();
    let mut solver = Solver::new(&formulas, Limits::default());
    Ok(goals
        .into_iter()
        .filter_map(|(reason, goal)| match solver.check(goal) {
            Answer::Satisfiable(_) => Some(reason.to_string()),
            Answer::Unsatisfiable => None,
            Answer::Unknown(why) => Some(format!("{reason} unknown: {why}")),
        })
        .collect())
}

#[test]
fn every_cited_decision_is_the_models() {
    let mut wrong = Vec::new();
    let mut decided = 0;
    for found in folder::read(Path::new("corpus/cited"), Strictness::Strict) {
        let name = found.name();
        let folder::Content::Case(case) = found.content.unwrap() else { continue };
        let Question::Decisions { layers, assumptions, asked } = case.question else { continue };
        // Those that assume something are replayed with the corpus.
        if !assumptions.is_decided() {
            continue;
        }
        for (index, asked) in asked.iter().enumerate() {
            decided += 1;
            let found = reasons(&layers, &asked.request);
            let right = match (&found, asked.reason) {
                (Ok(found), Some(reason)) => *found == [reason.to_string()],
                (Ok(found), None) => match found.as_slice() {
                    [only] => Reason::from_code(only).map(Reason::decision) == Some(asked.expected),
                    _ => false,
                },
                (Err(_), _) => false,
            };
            if !right {
                wrong.push(format!(
                    "{name}, request {index}: {} {:?}, not {found:?}",
                    asked.expected, asked.reason
                ));
            }
        }
    }
    assert!(decided > 1000, "{decided} decisions are cited");
    assert!(wrong.is_empty(), "{} of {decided}:\n{}", wrong.len(), wrong.join("\n"));
}
