//! What other readings of open points make of an entry of the Condition, and of a statement's Resource (D-31, D-39, D-40, D-41).
//!
//! Like [`super::combination`] these steps see no text and no request, so that a law is proved of the very steps that the model takes.

use super::combination::{KeyState, Sense};
use super::readings::{Readings, choose};
use crate::iam::assumption::Alternative;
use crate::iam::condition::{Existence, Quantifier};
use crate::iam::policy::Effect;
use crate::solver::formula::{Formula, Formulas};

/// The readings of D-39, but for the decision.
pub const OF_A_LIST: [Alternative; 3] =
    [Alternative::FirstOfMany, Alternative::AnyOfMany, Alternative::AnyOrNoneOfMany];

/// What the values of an entry without set operator say of what the context holds for its key. What no reading asks for may be false.
#[derive(Clone, Copy, Debug)]
pub struct Tested {
    /// Some listed value matches the one value, or the first element of the list ([`hit`]).
    pub hit: Formula,
    /// That is of the wrong type.
    pub wrong: Formula,
    /// The list has a first element.
    pub first: Formula,
    /// Some element of the list is matched ([`hit`]).
    pub some_match: Formula,
    /// Some element of the list is not.
    pub some_miss: Formula,
    /// Some element of the list is of the wrong type.
    pub some_wrong: Formula,
}

/// Whether an element counts as matched: under one reading of D-41 an element of the wrong type fails a negated operator as if it matched.
// Rule: COND-21.
pub fn hit(
    formulas: &mut Formulas,
    readings: &Readings,
    sense: Sense,
    matched: Formula,
    wrong: Formula,
) -> Formula {
    match sense {
        Sense::Positive => matched,
        Sense::Negated => readings.either(formulas, Alternative::WrongTypeIsFalse, matched, |formulas| {
            formulas.or([matched, wrong])
        }),
    }
}

/// An entry without set operator, given what it is as decided.
// Rules: COND-10, COND-21.
pub fn plain(
    formulas: &mut Formulas,
    readings: &Readings,
    (sense, effect): (Sense, Effect),
    key: KeyState,
    tested: Tested,
    decided: Formula,
) -> Formula {
    let multivalued = key.multivalued(formulas);
    let missing = key.missing(formulas);
    let there = formulas.not(missing);
    let list = formulas.and([multivalued, there]);
    let mut result = decided;
    let mut errs = Vec::new();
    for reading in OF_A_LIST {
        if !readings.may_take(formulas, reading) {
            continue;
        }
        let taken = readings.takes(reading);
        let (holds, wrong) = list_as_read(formulas, sense, reading, tested);
        let way = formulas.and([taken, list, holds]);
        result = formulas.or([result, way]);
        errs.push(formulas.and([taken, list, wrong]));
    }
    let single = key.single(formulas);
    errs.push(formulas.and([single, tested.wrong]));
    let errs = formulas.or(errs);
    unless_it_errs(formulas, readings, effect, errs, result)
}

/// What an entry without set operator says of a list under one of the readings of D-39, and whether a value that it then tests is of the
/// wrong type.
// Rule: COND-10.
fn list_as_read(
    formulas: &mut Formulas,
    sense: Sense,
    reading: Alternative,
    tested: Tested,
) -> (Formula, Formula) {
    if reading == Alternative::FirstOfMany {
        let test = match sense {
            Sense::Positive => tested.hit,
            Sense::Negated => formulas.not(tested.hit),
        };
        return (formulas.and([tested.first, test]), formulas.and([tested.first, tested.wrong]));
    }
    let holds = match (sense, reading) {
        (Sense::Positive, _) => tested.some_match,
        (Sense::Negated, Alternative::AnyOrNoneOfMany) => formulas.not(tested.some_match),
        (Sense::Negated, _) => tested.some_miss,
    };
    (holds, tested.some_wrong)
}

/// An entry with a set operator, given what it is as decided, and whether some value that it tests is of the wrong type.
// Rules: COND-11, COND-21.
pub fn set(
    formulas: &mut Formulas,
    readings: &Readings,
    (quantifier, existence, effect): (Quantifier, Existence, Effect),
    key: KeyState,
    some_wrong: Formula,
    decided: Formula,
) -> Formula {
    let missing = key.missing(formulas);
    let there = formulas.not(missing);
    let mut result = decided;
    if (quantifier, existence) == (Quantifier::ForAnyValue, Existence::IfExists) {
        result = readings.either(formulas, Alternative::ForAnyValueNeedsItsKey, result, |formulas| {
            formulas.and([there, result])
        });
    }
    let errs = formulas.and([there, some_wrong]);
    unless_it_errs(formulas, readings, effect, errs, result)
}

/// The result, or under one reading of D-41 that of an error where the entry errs: false in an Allow, true in a Deny.
// Rule: COND-21.
fn unless_it_errs(
    formulas: &mut Formulas,
    readings: &Readings,
    effect: Effect,
    errs: Formula,
    result: Formula,
) -> Formula {
    readings.either(formulas, Alternative::WrongTypeIsAnError, result, |formulas| {
        let of_error = match effect {
            Effect::Allow => formulas.falsum(),
            Effect::Deny => formulas.verum(),
        };
        choose(formulas, errs, of_error, result)
    })
}

/// A statement's Resource or NotResource, given what it is as decided, and whether every variable in its list has a value or a default.
// Rule: VAR-8.
pub fn selection(
    formulas: &mut Formulas,
    readings: &Readings,
    resolved: Formula,
    decided: Formula,
) -> Formula {
    readings.either(formulas, Alternative::UnresolvedVoidsStatement, decided, |formulas| {
        formulas.and([resolved, decided])
    })
}
