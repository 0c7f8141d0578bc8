//! Laws about managed policies as objects, in every trace of operations on one (section 9.7).

use super::scenario::sum;
use super::steps::Steps;
use crate::invariants::obligation::Proof;
use crate::model::lifecycle::{Change, Operation, Outcome, Versions};
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};

/// The proof of a law about managed policies, where there is one.
pub fn proof(id: &str, steps: &dyn Steps) -> Option<Proof> {
    let proof = match id {
        "INV-82" => sound_versions(steps),
        "INV-83" => rollback(steps),
        "INV-84" => fresh_numbers(steps),
        "INV-85" => only_the_default_counts(steps),
        "INV-86" => no_silent_removal(steps),
        "INV-87" => aws_managed(steps),
        "INV-90" => attach_and_detach(steps),
        _ => return None,
    };
    Some(proof)
}

/// One operation in the middle of a trace.
struct Step {
    before: Versions,
    after: Versions,
    change: Change,
    outcome: Outcome,
    /// Holds iff the second state follows from the first.
    happens: Formula,
}

impl Step {
    /// Any operation of this kind, in any state.
    fn of(proof: &mut Proof, steps: &dyn Steps, operation: Operation) -> Step {
        let before = Versions::free(&mut proof.formulas, "before");
        Step::from(proof, steps, operation, before)
    }

    fn from(proof: &mut Proof, steps: &dyn Steps, operation: Operation, before: Versions) -> Step {
        let after = Versions::free(&mut proof.formulas, "after");
        let change = Change {
            operation,
            permitted: proof.free("the call is permitted and well-formed"),
            set_as_default: proof.free("SetAsDefault"),
            number: proof.formulas.new_integer("the version named"),
            document: proof.formulas.new_integer("the document passed"),
            holder_is_full: proof.free("the holder has as many policies as it may"),
        };
        let outcome = steps.change(&mut proof.formulas, &before, &change, &after);
        Step { before, after, change, outcome, happens: outcome.definition }
    }
}

/// Holds iff a state is one that INV-82 permits; the numbers differ and none is higher than the highest, which carries the induction.
fn sound(formulas: &mut Formulas, state: &Versions) -> Formula {
    let mut parts = Vec::new();
    let taken: Vec<Formula> = state.places.iter().map(|place| place.exists).collect();
    let some = formulas.or(taken.iter().copied());
    parts.push(formulas.iff(state.exists, some));
    let default = state.has_number(formulas, state.default);
    parts.push(formulas.implies(state.exists, default));
    for (position, place) in state.places.iter().enumerate() {
        let low = sum(formulas, &[(1, place.number), (-1, state.highest)], Relation::LessOrEqual, 0);
        let positive = sum(formulas, &[(-1, place.number)], Relation::LessOrEqual, -1);
        let numbered = formulas.and([low, positive]);
        parts.push(formulas.implies(place.exists, numbered));
        for other in state.places.iter().skip(position + 1) {
            let same = equal(formulas, place.number, other.number);
            let twice = formulas.and([place.exists, other.exists, same]);
            parts.push(formulas.not(twice));
        }
    }
    formulas.and(parts)
}

/// The base is a policy that was just created; the step keeps the state sound.
fn sound_versions(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new(
        "one to five versions with different numbers, none above the highest so far, one of them the default",
    );
    let created = Versions::free(&mut proof.formulas, "created");
    let formulas = &mut proof.formulas;
    let first = created.places.first().copied();
    let mut parts = vec![created.exists];
    for (position, place) in created.places.iter().enumerate() {
        parts.push(if position == 0 { place.exists } else { formulas.not(place.exists) });
    }
    for number in
        [first.map(|place| place.number), Some(created.default), Some(created.highest)].into_iter().flatten()
    {
        parts.push(sum(formulas, &[(1, number)], Relation::Equal, 1));
    }
    let premise = formulas.and(parts);
    let conclusion = sound(formulas, &created);
    proof.show("base, a policy just created", premise, conclusion);
    for operation in Operation::ALL {
        let step = Step::of(&mut proof, steps, operation);
        let formulas = &mut proof.formulas;
        let before = sound(formulas, &step.before);
        let premise = formulas.and([before, step.happens]);
        let after = sound(formulas, &step.after);
        proof.show(format!("step, {}", operation.name()), premise, after);
    }
    proof
}

/// What was once version v stays its document as long as there is a version v: so when v is the default again, the document is the same.
fn rollback(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("a version, as long as it exists, has the document that it was created with");
    for operation in Operation::ALL {
        let step = Step::of(&mut proof, steps, operation);
        let number = proof.formulas.new_integer("the version remembered");
        let document = proof.formulas.new_integer("its document");
        let formulas = &mut proof.formulas;
        let sound = sound(formulas, &step.before);
        let before = remembers(formulas, &step.before, number, document);
        let after = remembers(formulas, &step.after, number, document);
        let premise = formulas.and([sound, before, step.happens]);
        proof.show(format!("step, {}", operation.name()), premise, after);
    }
    let state = Versions::free(&mut proof.formulas, "the state");
    let document = proof.formulas.new_integer("its document");
    let formulas = &mut proof.formulas;
    let sound = sound(formulas, &state);
    let remembered = remembers(formulas, &state, state.default, document);
    let premise = formulas.and([sound, state.exists, remembered]);
    let conclusion = state.has(formulas, state.default, document);
    proof.show("conclusion, the version is the default", premise, conclusion);
    proof
}

/// Holds iff the number was used, and no version of that number has another document.
fn remembers(
    formulas: &mut Formulas,
    state: &Versions,
    number: IntegerVariable,
    document: IntegerVariable,
) -> Formula {
    let mut parts = vec![sum(formulas, &[(1, number), (-1, state.highest)], Relation::LessOrEqual, 0)];
    for place in &state.places {
        let is_it = equal(formulas, place.number, number);
        let is_it = formulas.and([place.exists, is_it]);
        let same = equal(formulas, place.document, document);
        parts.push(formulas.implies(is_it, same));
    }
    formulas.and(parts)
}

/// A number that was ever used stays used, and a new version has a higher one.
fn fresh_numbers(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new(
        "a number that was used is no higher than the highest, and a new version has a higher one",
    );
    for operation in Operation::ALL {
        let step = Step::of(&mut proof, steps, operation);
        let used = proof.formulas.new_integer("a number that was used");
        let formulas = &mut proof.formulas;
        let sound = sound(formulas, &step.before);
        let before = sum(formulas, &[(1, used), (-1, step.before.highest)], Relation::LessOrEqual, 0);
        let after = sum(formulas, &[(1, used), (-1, step.after.highest)], Relation::LessOrEqual, 0);
        let premise = formulas.and([sound, before, step.happens]);
        let mut parts = vec![after];
        for (before, after) in step.before.places.iter().zip(&step.after.places) {
            let was_there = equal(formulas, before.number, after.number);
            let was_there = formulas.and([before.exists, was_there]);
            let higher = sum(formulas, &[(1, used), (-1, after.number)], Relation::Less, 0);
            let absent = formulas.not(after.exists);
            parts.push(formulas.or([absent, was_there, higher]));
        }
        let conclusion = formulas.and(parts);
        proof.show(format!("step, {}", operation.name()), premise, conclusion);
    }
    proof
}

/// Creating a version that is not made the default, and deleting one that is not, leaves the operative document as it was.
fn only_the_default_counts(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("the default keeps its number, and the version of that number its document");
    for operation in [Operation::CreateVersion, Operation::DeleteVersion] {
        let step = Step::of(&mut proof, steps, operation);
        let document = proof.formulas.new_integer("the operative document");
        let formulas = &mut proof.formulas;
        let sound = sound(formulas, &step.before);
        let quiet = match operation {
            Operation::CreateVersion => formulas.not(step.change.set_as_default),
            Operation::SetDefault
            | Operation::DeleteVersion
            | Operation::Delete
            | Operation::Attach
            | Operation::Detach => formulas.verum(),
        };
        let operative = step.before.has(formulas, step.before.default, document);
        let succeeds = step.outcome.succeeds;
        let premise = formulas.and([sound, step.before.exists, quiet, operative, succeeds, step.happens]);
        let conclusion = step.after.has(formulas, step.after.default, document);
        proof.show(format!("step, {}", operation.name()), premise, conclusion);
    }
    proof
}

/// DeletePolicy succeeds only where nothing refers to the policy; so no decision could have depended on it.
fn no_silent_removal(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("deletion asks for a policy that nothing refers to");
    let step = Step::of(&mut proof, steps, Operation::Delete);
    let formulas = &mut proof.formulas;
    let premise = formulas.and([step.outcome.succeeds, step.happens]);
    let referred = formulas.or([step.before.attached, step.before.attached_elsewhere, step.before.boundary]);
    let conclusion = formulas.not(referred);
    proof.show("step, DeletePolicy", premise, conclusion);
    proof
}

/// No operation of a customer changes a version of a policy of AWS, or which one is the default.
fn aws_managed(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("every operation leaves versions and default of such a policy as they are");
    for operation in Operation::ALL {
        let step = Step::of(&mut proof, steps, operation);
        let number = proof.formulas.new_integer("a version");
        let document = proof.formulas.new_integer("its document");
        let formulas = &mut proof.formulas;
        let there = step.before.has(formulas, number, document);
        let premise = formulas.and([step.before.of_aws, step.before.exists, there, step.happens]);
        let still_there = step.after.has(formulas, number, document);
        let same_default = equal(formulas, step.before.default, step.after.default);
        let conclusion = formulas.and([step.after.of_aws, step.after.exists, still_there, same_default]);
        proof.show(format!("step, {}", operation.name()), premise, conclusion);
    }
    proof
}

/// Attaching and then detaching a policy that was not attached leaves everything as it was.
fn attach_and_detach(steps: &dyn Steps) -> Proof {
    let mut proof = Proof::new("detaching takes back exactly what attaching did");
    let attach = Step::of(&mut proof, steps, Operation::Attach);
    let detach = Step::from(&mut proof, steps, Operation::Detach, attach.after);
    let number = proof.formulas.new_integer("a version");
    let document = proof.formulas.new_integer("its document");
    let formulas = &mut proof.formulas;
    let apart = formulas.not(attach.before.attached);
    let premise = formulas.and([
        apart,
        attach.outcome.succeeds,
        detach.outcome.succeeds,
        attach.happens,
        detach.happens,
    ]);
    let before = attach.before.has(formulas, number, document);
    let after = detach.after.has(formulas, number, document);
    let parts = [
        formulas.iff(before, after),
        formulas.not(detach.after.attached),
        formulas.iff(attach.before.attached_elsewhere, detach.after.attached_elsewhere),
        formulas.iff(attach.before.boundary, detach.after.boundary),
        formulas.iff(attach.before.exists, detach.after.exists),
        equal(formulas, attach.before.default, detach.after.default),
    ];
    let conclusion = formulas.and(parts);
    proof.show("attach, then detach", premise, conclusion);
    proof
}

fn equal(formulas: &mut Formulas, left: IntegerVariable, right: IntegerVariable) -> Formula {
    sum(formulas, &[(1, left), (-1, right)], Relation::Equal, 0)
}
