//! Laws about users, groups and roles as objects, in every trace: ids, inline policies, groups, roles passed (sections 9.4 to 9.7).

use super::scenario::sum;
use super::steps::Steps;
use crate::invariants::induction::{free_said, same as says_the_same};
use crate::invariants::obligation::Proof;
use crate::model::entity::{Change, Entity, Operation, Outcome};
use crate::model::identity::{Identity, Signer};
use crate::model::passing::Pass;
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Piece, Relation, TextVariable};

/// The proof of a law about entities, where there is one.
pub fn proof(id: &str, steps: &dyn Steps) -> Option<Proof> {
    let proof = match id {
        "INV-53" => deleted_names(steps),
        "INV-76" => faithful_identity(steps),
        "INV-80" => one_account(steps),
        "INV-88" => inline_lifetime(steps),
        "INV-89" => groups(steps),
        _ => return None,
    };
    Some(proof)
}

/// One operation in the middle of a trace.
struct Step {
    before: Entity,
    after: Entity,
    change: Change,
    outcome: Outcome,
}

impl Step {
    /// Any operation of this kind, in any state.
    fn of(proof: &mut Proof, steps: &dyn Steps, operation: Operation) -> Step {
        let before = Entity::free(&mut proof.formulas, "before");
        let after = Entity::free(&mut proof.formulas, "after");
        let change = Change {
            operation,
            permitted: proof.free("the call is permitted and well-formed"),
            service_linked: proof.free("the role is service-linked"),
            group_exists: proof.free("the group exists"),
            laden: proof.free("something else hangs on it"),
            malformed: proof.free("the document breaks the grammar"),
            full: proof.free("there is no room"),
            document: proof.formulas.new_integer("the document passed"),
        };
        let outcome = steps.change_entity(&mut proof.formulas, &before, &change, &after);
        Step { before, after, change, outcome }
    }
}

/// An id that was issued is no higher than the highest, and the next is higher.
fn fresh_ids(proof: &mut Proof, steps: &dyn Steps) {
    for operation in Operation::ALL {
        let Step { before, after, outcome, .. } = Step::of(proof, steps, operation);
        let earlier = proof.formulas.new_integer("the id of an earlier bearer of the name");
        let formulas = &mut proof.formulas;
        let issued_before = issued(formulas, &before, earlier);
        let issued_after = issued(formulas, &after, earlier);
        let another = another(formulas, &before, earlier);
        let premise = formulas.and([issued_before, another, outcome.definition]);
        let still_another = self::another(formulas, &after, earlier);
        let conclusion = formulas.and([issued_after, still_another]);
        proof.show(format!("step, {}", operation.name()), premise, conclusion);
    }
}

/// Holds iff no id is higher than the highest: neither this one, nor that of who has the name.
fn issued(formulas: &mut Formulas, state: &Entity, id: IntegerVariable) -> Formula {
    let own = sum(formulas, &[(1, state.id), (-1, state.highest)], Relation::LessOrEqual, 0);
    let own = formulas.implies(state.exists, own);
    let other = sum(formulas, &[(1, id), (-1, state.highest)], Relation::LessOrEqual, 0);
    formulas.and([own, other])
}

/// Holds iff whoever has the name has another id than this.
fn another(formulas: &mut Formulas, state: &Entity, id: IntegerVariable) -> Formula {
    let same = sum(formulas, &[(1, state.id), (-1, id)], Relation::Equal, 0);
    let it = formulas.and([state.exists, same]);
    formulas.not(it)
}

/// What named a deleted entity keeps its id (PRIN-8), and nobody who has the name later has that id.
fn deleted_names(steps: &dyn Steps) -> Proof {
    let mut proof =
        Proof::new("what is left of a deleted bearer is its id, and each later bearer has a higher one");
    fresh_ids(&mut proof, steps);
    proof
}

/// The ids, and that the parts of a UserId can be told from it.
fn faithful_identity(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new(
        "a UserId can be taken apart in one way only, and a bearer of a name has another id than those before",
    );
    fresh_ids(&mut proof, steps);
    for (position, one) in Signer::ALL.into_iter().enumerate() {
        for other in Signer::ALL.into_iter().skip(position) {
            told_apart(&mut proof, steps, one, other);
        }
    }
    proof
}

/// Callers of two kinds are told different UserIds; those of one kind that are told the same are of the same parts, each of them.
///
/// Of a session these are two, around the only colon: neither an id nor an account nor the name of a session has one (STS-3).
fn told_apart(proof: &mut Proof, steps: &dyn Steps, one: Signer, other: Signer) {
    let formulas = &mut proof.formulas;
    let left = Identity::free(formulas, "one caller", one);
    let right = Identity { user_id: left.user_id, ..Identity::free(formulas, "another caller", other) };
    let told = [left, right].map(|caller| steps.is_told(formulas, &caller));
    let told = formulas.and(told);
    if one != other {
        let never = formulas.not(told);
        let any = formulas.verum();
        proof.show(format!("{one:?} and {other:?}"), any, never);
        return;
    }
    let parts: &[(&str, [TextVariable; 2])] = match one {
        Signer::Root => &[("account", [left.account, right.account])],
        Signer::User => &[("id", [left.id, right.id])],
        Signer::RoleSession => &[("id", [left.id, right.id]), ("name", [left.session, right.session])],
        Signer::FederatedSession => {
            &[("account", [left.account, right.account]), ("name", [left.session, right.session])]
        }
    };
    for (part, [here, there]) in parts {
        let same = same(&mut proof.formulas, *here, *there);
        proof.show(format!("the {part} of {one:?}"), told, same);
    }
}

fn same(formulas: &mut Formulas, left: TextVariable, right: TextVariable) -> Formula {
    formulas.concatenation(left, [Piece::Value(right)])
}

/// A role is handed over within one account.
fn one_account(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("a call that hands a role over asks for one account before anything else");
    let formulas = &mut proof.formulas;
    let call = Pass::free(formulas);
    let outcome = steps.pass(formulas, &call);
    let parts = [
        sum(formulas, &[(1, call.caller), (-1, call.role)], Relation::Equal, 0),
        sum(formulas, &[(1, call.caller), (-1, call.receiver)], Relation::Equal, 0),
        call.has_account,
    ];
    let conclusion = formulas.and(parts);
    proof.show("the call", outcome.handed_over, conclusion);
    proof
}

/// The inline policy is there exactly while it was put for the present bearer of the name, and not deleted since.
fn inline_lifetime(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("it is there iff it was put for the present holder, and not deleted since");
    for operation in Operation::ALL {
        let Step { before, after, change, outcome } = Step::of(&mut proof, steps, operation);
        let put = proof.free("it was put for the present holder and not deleted since");
        let formulas = &mut proof.formulas;
        let held = |formulas: &mut Formulas, state: &Entity, put: Formula| {
            let there = formulas.iff(state.inline, put);
            let holder = formulas.implies(put, state.exists);
            formulas.and([there, holder])
        };
        let held_before = held(formulas, &before, put);
        let failed = formulas.not(outcome.succeeds);
        let put_after = match operation {
            Operation::PutInline => formulas.or([put, outcome.succeeds]),
            Operation::Delete | Operation::DeleteInConsole | Operation::DeleteInline => {
                formulas.and([put, failed])
            }
            Operation::Create | Operation::Join | Operation::Leave | Operation::Elsewhere => put,
        };
        let premise = formulas.and([held_before, outcome.definition]);
        let held_after = held(formulas, &after, put_after);
        let replaced = match operation {
            Operation::PutInline => outcome.succeeds,
            Operation::Create
            | Operation::Delete
            | Operation::DeleteInConsole
            | Operation::DeleteInline
            | Operation::Join
            | Operation::Leave
            | Operation::Elsewhere => formulas.falsum(),
        };
        let passed = sum(formulas, &[(1, after.document), (-1, change.document)], Relation::Equal, 0);
        let kept = sum(formulas, &[(1, after.document), (-1, before.document)], Relation::Equal, 0);
        let passed = formulas.implies(replaced, passed);
        let gone = formulas.not(after.inline);
        let kept = formulas.or([replaced, gone, kept]);
        let conclusion = formulas.and([held_after, passed, kept]);
        proof.show(format!("step, {}", operation.name()), premise, conclusion);
    }
    proof
}

/// After leaving, what the user's policies say is what they said without the group's; and what those of another user say is what it was.
fn groups(steps: &dyn Steps) -> Proof {
    let mut proof =
        Proof::new("a user's policies are its own and those of its groups, and leaving ends one membership");
    let own = free_said(&mut proof, "the user's own policies");
    let group = free_said(&mut proof, "the group's policies");
    let Step { before, after, outcome, .. } = Step::of(&mut proof, steps, Operation::Leave);
    let formulas = &mut proof.formulas;
    let nothing = formulas.falsum();
    let detached = steps.identity_says(formulas, own, nothing, group);
    let left = steps.identity_says(formulas, own, after.member, group);
    let same = says_the_same(formulas, &detached, &left);
    let premise = formulas.and([outcome.succeeds, outcome.definition]);
    let was_before = steps.identity_says(formulas, own, before.other_member, group);
    let is_now = steps.identity_says(formulas, own, after.other_member, group);
    let others = says_the_same(formulas, &was_before, &is_now);
    proof.show("the user that left", premise, same);
    proof.show("any other user", premise, others);
    proof
}
