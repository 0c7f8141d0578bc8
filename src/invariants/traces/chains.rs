//! Laws about who can come to hold a session of a role, and what becomes of the session then (section 9.5), in every trace.

use super::scenario::{Scenario, sum};
use super::steps::Steps;
use crate::invariants::obligation::Proof;
use crate::model::decision::{NamedBooleans, decide};
use crate::model::principal::Grants;
use crate::model::sts::{Operation, Place, SessionKind, SessionRecord, Tag};
use crate::solver::formula::{Formula, Formulas, Relation};

/// The proof of a law about chains and trust, where there is one.
pub fn proof(id: &str, steps: &dyn Steps) -> Option<Proof> {
    let proof = match id {
        "INV-58" => immutable_record(steps),
        "INV-65" => reach(steps),
        "INV-71" => external_id(steps),
        "INV-73" => service_only_role(steps),
        _ => return None,
    };
    Some(proof)
}

/// Any place for a session before a step keeps what is in it: whichever operation issues one, and where none is issued.
///
/// That steps are of this relation is checked of each step that the second reading takes.
fn immutable_record(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new(
        "a session takes a place that was free, and no other changes: the relation to which each step taken is held",
    );
    for operation in Operation::ALL {
        let scenario = Scenario::of(&mut proof, steps, operation);
        let here = proof.free("the new session is kept here");
        let put = proof.formulas.and([scenario.issue.issued, here]);
        let given = (scenario.consistent, put, scenario.record);
        place_keeps(&mut proof, steps, &format!("step, {}", operation.name()), given);
    }
    let (verum, falsum) = (proof.formulas.verum(), proof.formulas.falsum());
    let record = SessionRecord::free(&mut proof.formulas, "no session");
    place_keeps(&mut proof, steps, "step, any that issues nothing", (verum, falsum, record));
    proof
}

/// A place with a session keeps it through a step of which this holds, that puts (or does not put) a session with this record there.
fn place_keeps(
    proof: &mut Proof,
    steps: &dyn Steps,
    what: &str,
    (holds, put, record): (Formula, Formula, SessionRecord),
) {
    let formulas = &mut proof.formulas;
    let before = Place::free(formulas, "the place before");
    let after = Place::free(formulas, "the place after");
    let left = steps.leaves(formulas, put, &record, &before, &after);
    let premise = formulas.and([holds, before.taken, left]);
    let same = before.record.same(formulas, &after.record);
    let conclusion = formulas.and([after.taken, same]);
    proof.show(what, premise, conclusion);
}

/// The relation that is kept: the role of every session of a chain is in the least set that holds whoever began it and is closed under "is allowed
/// to assume".
///
/// Of the set nothing is known but that it is closed: so what is shown of it is shown of the least one.
fn reach(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("whoever calls is within reach, and reach is closed under what is allowed");
    for operation in Operation::ALL {
        let scenario = Scenario::of(&mut proof, steps, operation);
        let before = proof.free("the caller, or the role of its session, is within reach");
        let role = proof.free("the role is within reach");
        let formulas = &mut proof.formulas;
        match operation {
            Operation::AssumeRole => {
                let edge = formulas.and([before, scenario.call.facts.authorised]);
                let closed = formulas.implies(edge, role);
                let premise = formulas.and([scenario.issued, before, closed]);
                proof.show("step, a link of a chain", premise, role);
            }
            Operation::AssumeRoleWithSaml
            | Operation::AssumeRoleWithWebIdentity
            | Operation::GetSessionToken
            | Operation::GetFederationToken
            | Operation::ByService => {
                let chained = formulas.or([scenario.record.chained, scenario.by_role_session()]);
                let first = formulas.not(chained);
                proof.show(format!("{} begins a chain", operation.name()), scenario.issued, first);
            }
        }
    }
    proof
}

/// A decision on a role that the trust policy must take part in, about a caller whom policies decide on.
fn on_a_role(formulas: &mut Formulas, named: &NamedBooleans) -> Formula {
    let consistent = named.consistent(formulas);
    let no_short_cut = formulas.not(named.no_permission_required);
    formulas.and([consistent, no_short_cut, named.required])
}

/// A grant to a stranger is of a statement whose condition holds; and the context shows the id that was passed, and no other.
fn external_id(steps: &dyn Steps) -> Proof {
    let mut proof =
        Proof::new("no grant for others is without the external id, and a call shows what it passed");
    let holds = proof.free("the condition on sts:ExternalId holds");
    let formulas = &mut proof.formulas;
    let mut named = NamedBooleans::free(formulas);
    named.grants = named.grants.zip(named.grants, |grant, _| formulas.and([grant, holds]));
    let without_account = formulas.or([
        named.caller.anonymous,
        named.caller.service,
        named.caller.unsigned,
        named.same_account,
    ]);
    let stranger = formulas.not(without_account);
    let on_role = on_a_role(formulas, &named);
    let decision = decide(formulas, &named);
    let premise = formulas.and([on_role, stranger, decision.allow]);
    proof.show("the decision", premise, holds);

    let scenario = Scenario::of(&mut proof, steps, Operation::AssumeRole);
    let passed = Tag::free(&mut proof.formulas, "ExternalId");
    let asked_for = proof.formulas.new_integer("the external id of the trust policy");
    let formulas = &mut proof.formulas;
    let shown = steps.shown_external_id(formulas, Operation::AssumeRole, passed);
    let is_it = |formulas: &mut Formulas, id: Tag| {
        let equal = sum(formulas, &[(1, id.text), (-1, asked_for)], Relation::Equal, 0);
        formulas.and([id.present, equal])
    };
    let condition = is_it(formulas, shown);
    let decided = formulas.implies(scenario.call.facts.authorised, condition);
    let premise = formulas.and([scenario.issued, decided]);
    let conclusion = is_it(formulas, passed);
    proof.show("the call", premise, conclusion);
    proof
}

/// Where only services are granted anything, the decision refuses everybody else (PRIN-2: a grant for services names no other caller); and every
/// call that issues a session of a role needs the decision.
fn service_only_role(steps: &dyn Steps) -> Proof {
    let mut proof =
        Proof::new("a grant for services names nobody else, and a session of a role needs a grant");
    let formulas = &mut proof.formulas;
    let mut named = NamedBooleans::free(formulas);
    named.grants = Grants {
        service: formulas.and([named.grants.service, named.caller.service]),
        ..Grants::none(formulas)
    };
    let other = formulas.not(named.caller.service);
    let on_role = on_a_role(formulas, &named);
    let decision = decide(formulas, &named);
    let premise = formulas.and([on_role, other]);
    let refused = formulas.not(decision.allow);
    proof.show("the decision", premise, refused);
    for operation in Operation::ALL {
        let scenario = Scenario::of(&mut proof, steps, operation);
        let formulas = &mut proof.formulas;
        let of_role = scenario.record.is(SessionKind::Role);
        let other = formulas.not(scenario.call.caller.service);
        let conclusion = match operation {
            Operation::AssumeRole | Operation::AssumeRoleWithSaml | Operation::AssumeRoleWithWebIdentity => {
                let needs = formulas.implies(of_role, scenario.call.facts.authorised);
                formulas.or([scenario.call.caller.service, needs])
            }
            Operation::GetSessionToken | Operation::GetFederationToken => formulas.not(of_role),
            Operation::ByService => formulas.not(other),
        };
        proof.show(format!("step, {}", operation.name()), scenario.issued, conclusion);
    }
    proof
}
