//! A managed policy as an object that changes: versions, the default, rollback, attachments, deletion (POL-1 to POL-8).
//!
//! The state of one policy is five places for versions, since there are never more (POL-2), and what refers to the policy. Documents are
//! integers here: all that matters of two of them is whether they are the same. Like [`super::sts`] the relation is about a single operation,
//! and says what it is refused with or what the state is afterwards.

use super::checks::{Checks, equal};
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// How many versions a managed policy has at most (POL-2).
pub const MOST_VERSIONS: usize = 5;

/// A place for a version.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// There is a version in it.
    pub exists: Formula,
    /// Its number.
    pub number: IntegerVariable,
    /// Its document.
    pub document: IntegerVariable,
}

/// The state of a managed policy.
#[derive(Clone, Copy, Debug)]
pub struct Versions {
    /// The policy exists.
    pub exists: Formula,
    /// AWS owns it.
    pub of_aws: Formula,
    /// The places for its versions, in no order.
    pub places: [Version; MOST_VERSIONS],
    /// The number of the default version.
    pub default: IntegerVariable,
    /// The highest number that was ever used.
    pub highest: IntegerVariable,
    /// It is attached to the holder that is looked at.
    pub attached: Formula,
    /// It is attached to another holder.
    pub attached_elsewhere: Formula,
    /// It is some entity's permissions boundary.
    pub boundary: Formula,
}

/// An operation on a managed policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// CreatePolicyVersion, which makes the new version the default or not.
    CreateVersion,
    /// SetDefaultPolicyVersion.
    SetDefault,
    /// DeletePolicyVersion.
    DeleteVersion,
    /// DeletePolicy.
    Delete,
    /// Attaches the policy to the holder that is looked at.
    Attach,
    /// Detaches it from that holder.
    Detach,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 6] = [
        Operation::CreateVersion,
        Operation::SetDefault,
        Operation::DeleteVersion,
        Operation::Delete,
        Operation::Attach,
        Operation::Detach,
    ];

    /// Its name in the documents.
    pub fn name(self) -> &'static str {
        match self {
            Operation::CreateVersion => "CreatePolicyVersion",
            Operation::SetDefault => "SetDefaultPolicyVersion",
            Operation::DeleteVersion => "DeletePolicyVersion",
            Operation::Delete => "DeletePolicy",
            Operation::Attach => "Attach…Policy",
            Operation::Detach => "Detach…Policy",
        }
    }
}

/// An operation with its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The operation.
    pub operation: Operation,
    /// The caller may call it, and the document it passes obeys the grammar (POL-13, POL-16).
    pub permitted: Formula,
    /// SetAsDefault, of CreatePolicyVersion.
    pub set_as_default: Formula,
    /// The number that SetDefaultPolicyVersion and DeletePolicyVersion name.
    pub number: IntegerVariable,
    /// The document that CreatePolicyVersion passes.
    pub document: IntegerVariable,
    /// The holder has no place for one policy more (POL-8).
    pub holder_is_full: Formula,
}

/// What comes of a change.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Holds iff it succeeds.
    pub succeeds: Formula,
    /// Holds iff it is refused with `LimitExceeded`.
    pub limit_exceeded: Formula,
    /// Holds iff it is refused with `NoSuchEntity`.
    pub no_such_entity: Formula,
    /// Holds iff it is refused with `DeleteConflict`.
    pub delete_conflict: Formula,
    /// Holds iff it is refused with `AccessDenied`.
    pub access_denied: Formula,
    /// Holds iff the second state is the one after the operation: after one that is refused, the first.
    pub definition: Formula,
}

impl Versions {
    /// Any state.
    pub fn free(formulas: &mut Formulas, name: &str) -> Versions {
        let flag = |formulas: &mut Formulas, what: String| {
            let flag = formulas.new_flag(what);
            formulas.flag(flag)
        };
        let places = [0; MOST_VERSIONS].map(|_| Version {
            exists: flag(formulas, format!("{name}: a place is taken")),
            number: formulas.new_integer(format!("{name}: its number")),
            document: formulas.new_integer(format!("{name}: its document")),
        });
        Versions {
            exists: flag(formulas, format!("{name}: the policy exists")),
            of_aws: flag(formulas, format!("{name}: AWS owns the policy")),
            places,
            default: formulas.new_integer(format!("{name}: the default")),
            highest: formulas.new_integer(format!("{name}: the highest number so far")),
            attached: flag(formulas, format!("{name}: attached to the holder")),
            attached_elsewhere: flag(formulas, format!("{name}: attached to another holder")),
            boundary: flag(formulas, format!("{name}: is a boundary")),
        }
    }

    /// Holds iff the policy has a version of this number, with this document.
    pub fn has(
        &self,
        formulas: &mut Formulas,
        number: IntegerVariable,
        document: IntegerVariable,
    ) -> Formula {
        self.some(formulas, |formulas, place| {
            let number = equal(formulas, place.number, number);
            let document = equal(formulas, place.document, document);
            formulas.and([number, document])
        })
    }

    /// Holds iff the policy has a version of this number.
    pub fn has_number(&self, formulas: &mut Formulas, number: IntegerVariable) -> Formula {
        self.some(formulas, |formulas, place| equal(formulas, place.number, number))
    }

    /// Holds iff some version that exists is such.
    fn some(
        &self,
        formulas: &mut Formulas,
        mut such: impl FnMut(&mut Formulas, &Version) -> Formula,
    ) -> Formula {
        let mut ways = Vec::with_capacity(MOST_VERSIONS);
        for place in &self.places {
            let is_such = such(formulas, place);
            ways.push(formulas.and([place.exists, is_such]));
        }
        formulas.or(ways)
    }

    /// Holds iff both states are one.
    fn same(&self, formulas: &mut Formulas, other: &Versions) -> Formula {
        let places = self.same_places(formulas, other);
        let rest = self.same_but_places(formulas, other);
        let default = equal(formulas, self.default, other.default);
        let exists = formulas.iff(self.exists, other.exists);
        let attached = formulas.iff(self.attached, other.attached);
        formulas.and([places, rest, default, exists, attached])
    }

    fn same_places(&self, formulas: &mut Formulas, other: &Versions) -> Formula {
        let mut parts = Vec::with_capacity(MOST_VERSIONS);
        for (before, after) in self.places.iter().zip(&other.places) {
            parts.push(before.same(formulas, after));
        }
        formulas.and(parts)
    }

    /// What no operation here changes, and the highest number, which only a new version changes.
    fn same_but_places(&self, formulas: &mut Formulas, other: &Versions) -> Formula {
        let owner = self.same_surroundings(formulas, other);
        let highest = equal(formulas, self.highest, other.highest);
        formulas.and([owner, highest])
    }

    fn same_surroundings(&self, formulas: &mut Formulas, other: &Versions) -> Formula {
        let owner = formulas.iff(self.of_aws, other.of_aws);
        let elsewhere = formulas.iff(self.attached_elsewhere, other.attached_elsewhere);
        let boundary = formulas.iff(self.boundary, other.boundary);
        formulas.and([owner, elsewhere, boundary])
    }
}

impl Version {
    fn same(&self, formulas: &mut Formulas, other: &Version) -> Formula {
        let exists = formulas.iff(self.exists, other.exists);
        let number = equal(formulas, self.number, other.number);
        let document = equal(formulas, self.document, other.document);
        let alike = formulas.and([number, document]);
        let alike = formulas.implies(self.exists, alike);
        formulas.and([exists, alike])
    }
}

/// The outcome of an operation in the state `before`; `after` is the state that it leaves.
// Rules: POL-2, POL-3, POL-4, POL-5, POL-6, POL-7, POL-8, POL-13, POL-16.
pub fn change(formulas: &mut Formulas, before: &Versions, change: &Change, after: &Versions) -> Outcome {
    let full: Vec<Formula> = before.places.iter().map(|place| place.exists).collect();
    let full = formulas.and(full);
    let named = before.has_number(formulas, change.number);
    let unknown = formulas.not(named);
    let names_default = equal(formulas, change.number, before.default);
    let in_use = formulas.or([before.attached, before.attached_elsewhere, before.boundary]);
    let other_versions = before.some(formulas, |formulas, place| {
        let is_default = equal(formulas, place.number, before.default);
        formulas.not(is_default)
    });
    let falsum = formulas.falsum();
    // Limit, conflict, and whether the version that is named must exist.
    let (limit, conflict, missing, changes_document) = match change.operation {
        Operation::CreateVersion => (full, falsum, falsum, true),
        Operation::SetDefault => (falsum, falsum, unknown, true),
        Operation::DeleteVersion => (falsum, names_default, unknown, true),
        Operation::Delete => (falsum, formulas.or([in_use, other_versions]), falsum, true),
        Operation::Attach => {
            let one_more = formulas.not(before.attached);
            (formulas.and([one_more, change.holder_is_full]), falsum, falsum, false)
        }
        Operation::Detach => (falsum, falsum, formulas.not(before.attached), false),
    };
    let not_permitted = formulas.not(change.permitted);
    let read_only = if changes_document { before.of_aws } else { falsum };
    let mut checks = Checks::new(formulas);
    let access_denied = checks.formulas.or([not_permitted, read_only]);
    let access_denied = checks.fails(access_denied);
    let gone = checks.formulas.not(before.exists);
    let missing = checks.formulas.or([gone, missing]);
    let no_such_entity = checks.fails(missing);
    let delete_conflict = checks.fails(conflict);
    let limit_exceeded = checks.fails(limit);
    let succeeds = checks.open;
    let done = effect(formulas, before, change, after);
    let done = formulas.implies(succeeds, done);
    let unchanged = before.same(formulas, after);
    let unchanged = formulas.or([succeeds, unchanged]);
    let definition = formulas.and([done, unchanged]);
    Outcome { succeeds, limit_exceeded, no_such_entity, delete_conflict, access_denied, definition }
}

/// Holds iff the second state is what a success makes of the first.
// Rules: POL-2, POL-3, POL-4, POL-5, POL-6, POL-8, POL-14.
fn effect(formulas: &mut Formulas, before: &Versions, change: &Change, after: &Versions) -> Formula {
    let same_existence = formulas.iff(before.exists, after.exists);
    let same_attached = formulas.iff(before.attached, after.attached);
    let same_default = equal(formulas, before.default, after.default);
    let same_places = before.same_places(formulas, after);
    let rest = before.same_but_places(formulas, after);
    match change.operation {
        Operation::CreateVersion => {
            let surroundings = before.same_surroundings(formulas, after);
            let placed = new_version(formulas, before, change, after);
            let is_new = equal(formulas, after.default, after.highest);
            let set = formulas.implies(change.set_as_default, is_new);
            let kept = formulas.or([change.set_as_default, same_default]);
            formulas.and([same_existence, same_attached, surroundings, placed, set, kept])
        }
        Operation::SetDefault => {
            let set = equal(formulas, after.default, change.number);
            formulas.and([same_existence, same_attached, same_places, rest, set])
        }
        Operation::DeleteVersion => {
            let mut parts = vec![same_existence, same_attached, same_default, rest];
            for (before, after) in before.places.iter().zip(&after.places) {
                let named = equal(formulas, before.number, change.number);
                let named = formulas.and([before.exists, named]);
                let gone = formulas.not(after.exists);
                let stays = before.same(formulas, after);
                parts.push(formulas.implies(named, gone));
                parts.push(formulas.or([named, stays]));
            }
            formulas.and(parts)
        }
        Operation::Delete => {
            let mut parts = vec![formulas.not(after.exists), same_attached, rest];
            for place in &after.places {
                parts.push(formulas.not(place.exists));
            }
            formulas.and(parts)
        }
        Operation::Attach => formulas.and([same_existence, same_default, same_places, rest, after.attached]),
        Operation::Detach => {
            let detached = formulas.not(after.attached);
            formulas.and([same_existence, same_default, same_places, rest, detached])
        }
    }
}

/// Holds iff one free place has got the new version, whose number is one higher than any before.
// Rules: POL-2, POL-3.
fn new_version(formulas: &mut Formulas, before: &Versions, change: &Change, after: &Versions) -> Formula {
    let next = [(BigInt::from(1), after.highest), (BigInt::from(-1), before.highest)];
    let next = formulas.linear(next, Relation::Equal, BigInt::from(1));
    let mut ways = Vec::with_capacity(MOST_VERSIONS);
    for chosen in 0..MOST_VERSIONS {
        let mut parts = Vec::with_capacity(MOST_VERSIONS);
        for (position, (before, after)) in before.places.iter().zip(&after.places).enumerate() {
            if position != chosen {
                parts.push(before.same(formulas, after));
                continue;
            }
            parts.push(formulas.not(before.exists));
            parts.push(after.exists);
            parts.push(equal(formulas, after.document, change.document));
        }
        let number = after.places.get(chosen).map(|place| place.number);
        if let Some(number) = number {
            parts.push(equal(formulas, number, after.highest));
        }
        ways.push(formulas.and(parts));
    }
    let placed = formulas.or(ways);
    formulas.and([next, placed])
}
