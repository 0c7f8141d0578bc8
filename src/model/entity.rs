//! A user, group or role as an object that changes: made and deleted under a name, with an inline policy, and in a group (POL-8 to POL-14).
//!
//! The state is that of one name. Of what hangs on it one inline policy is looked at, and one membership; what is proved of them is proved of
//! each. Ids and documents are integers: all that matters of two of them is whether they are the same, and that ids rise (GEN-10). Like
//! [`super::lifecycle`] the relation is about a single operation, and says what it is refused with or what the state is afterwards.

use super::checks::{Checks, equal};
use super::combination::{Hearing, Said};
use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// The state of a name.
#[derive(Clone, Copy, Debug)]
pub struct Entity {
    /// Somebody has the name.
    pub exists: Formula,
    /// Its unique id.
    pub id: IntegerVariable,
    /// The highest id that was ever issued, whatever for.
    pub highest: IntegerVariable,
    /// It has the inline policy that is looked at.
    pub inline: Formula,
    /// The document of that policy.
    pub document: IntegerVariable,
    /// It is in the group that is looked at.
    pub member: Formula,
    /// Another user is in that group.
    pub other_member: Formula,
}

/// An operation on a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// CreateUser, CreateGroup, CreateRole.
    Create,
    /// DeleteUser, DeleteGroup, DeleteRole, by the API.
    Delete,
    /// The same in the console, which takes away first what hangs on it.
    DeleteInConsole,
    /// Put…Policy, of the inline policy that is looked at.
    PutInline,
    /// Delete…Policy, of the same.
    DeleteInline,
    /// AddUserToGroup, of the group that is looked at.
    Join,
    /// RemoveUserFromGroup, of the same.
    Leave,
    /// An id is issued to something else.
    Elsewhere,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 8] = [
        Operation::Create,
        Operation::Delete,
        Operation::DeleteInConsole,
        Operation::PutInline,
        Operation::DeleteInline,
        Operation::Join,
        Operation::Leave,
        Operation::Elsewhere,
    ];

    /// Its name in the documents.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Create => "Create…",
            Operation::Delete => "Delete…",
            Operation::DeleteInConsole => "deletion in the console",
            Operation::PutInline => "Put…Policy",
            Operation::DeleteInline => "Delete…Policy",
            Operation::Join => "AddUserToGroup",
            Operation::Leave => "RemoveUserFromGroup",
            Operation::Elsewhere => "an id issued elsewhere",
        }
    }
}

/// An operation with what it depends on beside the state.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The operation.
    pub operation: Operation,
    /// The caller may call it, and its parameters obey their rules (POL-13, POL-16).
    pub permitted: Formula,
    /// The name is of a service-linked role (POL-12).
    pub service_linked: Formula,
    /// The group that is looked at exists.
    pub group_exists: Formula,
    /// Something else hangs on the entity that stands against its deletion (POL-11).
    pub laden: Formula,
    /// The document that Put…Policy passes breaks the grammar.
    pub malformed: Formula,
    /// There is no room: for the document (GRAM-27), or for one group more (POL-8).
    pub full: Formula,
    /// The document that Put…Policy passes.
    pub document: IntegerVariable,
}

/// What comes of a change.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Holds iff it succeeds.
    pub succeeds: Formula,
    /// Holds iff it is refused with `AccessDenied`, or before that for its parameters.
    pub not_permitted: Formula,
    /// Holds iff it is refused with `EntityAlreadyExists`.
    pub already_exists: Formula,
    /// Holds iff it is refused with `NoSuchEntity`.
    pub no_such_entity: Formula,
    /// Holds iff it is refused with `UnmodifiableEntity`.
    pub unmodifiable: Formula,
    /// Holds iff it is refused with `MalformedPolicyDocument`.
    pub malformed: Formula,
    /// Holds iff it is refused with `DeleteConflict`.
    pub delete_conflict: Formula,
    /// Holds iff it is refused with `LimitExceeded`.
    pub limit_exceeded: Formula,
    /// Holds iff the second state is the one after the operation: after one that is refused, the first.
    pub definition: Formula,
}

impl Entity {
    /// Any state.
    pub fn free(formulas: &mut Formulas, name: &str) -> Entity {
        let flag = |formulas: &mut Formulas, what: &str| {
            let flag = formulas.new_flag(format!("{name}: {what}"));
            formulas.flag(flag)
        };
        Entity {
            exists: flag(formulas, "somebody has the name"),
            id: formulas.new_integer(format!("{name}: its id")),
            highest: formulas.new_integer(format!("{name}: the highest id so far")),
            inline: flag(formulas, "it has the inline policy"),
            document: formulas.new_integer(format!("{name}: the document")),
            member: flag(formulas, "it is in the group"),
            other_member: flag(formulas, "another user is in the group"),
        }
    }

    fn same_id(&self, formulas: &mut Formulas, other: &Entity) -> Formula {
        let exists = formulas.iff(self.exists, other.exists);
        let id = equal(formulas, self.id, other.id);
        let id = formulas.implies(self.exists, id);
        let highest = equal(formulas, self.highest, other.highest);
        formulas.and([exists, id, highest])
    }

    fn same_inline(&self, formulas: &mut Formulas, other: &Entity) -> Formula {
        let inline = formulas.iff(self.inline, other.inline);
        let document = equal(formulas, self.document, other.document);
        let document = formulas.implies(self.inline, document);
        formulas.and([inline, document])
    }

    fn same_groups(&self, formulas: &mut Formulas, other: &Entity) -> Formula {
        let own = formulas.iff(self.member, other.member);
        let others = formulas.iff(self.other_member, other.other_member);
        formulas.and([own, others])
    }
}

/// The outcome of an operation in the state `before`; `after` is the state that it leaves.
// Rules: GEN-9, GEN-10, POL-8, POL-9, POL-10, POL-11, POL-12, POL-13, POL-16.
pub fn change(formulas: &mut Formulas, before: &Entity, change: &Change, after: &Entity) -> Outcome {
    let falsum = formulas.falsum();
    let absent = formulas.not(before.exists);
    let no_group = formulas.not(change.group_exists);
    // Whether the name is taken, what is named is missing, may not be changed, hangs on it.
    let (taken, missing, fixed, part_missing) = match change.operation {
        Operation::Create => (before.exists, falsum, falsum, falsum),
        Operation::Delete | Operation::DeleteInConsole | Operation::PutInline => {
            (falsum, absent, change.service_linked, falsum)
        }
        Operation::DeleteInline => (falsum, absent, change.service_linked, formulas.not(before.inline)),
        Operation::Join => (falsum, formulas.or([no_group, absent]), falsum, falsum),
        Operation::Leave => (falsum, formulas.or([no_group, absent]), falsum, formulas.not(before.member)),
        Operation::Elsewhere => (falsum, falsum, falsum, falsum),
    };
    let conflict = match change.operation {
        Operation::Delete => formulas.or([before.inline, before.member, change.laden]),
        Operation::Create
        | Operation::DeleteInConsole
        | Operation::PutInline
        | Operation::DeleteInline
        | Operation::Join
        | Operation::Leave
        | Operation::Elsewhere => falsum,
    };
    let (malformed, full) = match change.operation {
        Operation::PutInline => (change.malformed, change.full),
        Operation::Join => {
            let one_more = formulas.not(before.member);
            (falsum, formulas.and([one_more, change.full]))
        }
        Operation::Create
        | Operation::Delete
        | Operation::DeleteInConsole
        | Operation::DeleteInline
        | Operation::Leave
        | Operation::Elsewhere => (falsum, falsum),
    };
    let not_permitted = formulas.not(change.permitted);
    let mut checks = Checks::new(formulas);
    let not_permitted = checks.fails(not_permitted);
    let already_exists = checks.fails(taken);
    let missing = checks.fails(missing);
    let unmodifiable = checks.fails(fixed);
    let part_missing = checks.fails(part_missing);
    let malformed = checks.fails(malformed);
    let delete_conflict = checks.fails(conflict);
    let limit_exceeded = checks.fails(full);
    let succeeds = checks.open;
    let no_such_entity = formulas.or([missing, part_missing]);
    let done = effect(formulas, before, change, after);
    let done = formulas.implies(succeeds, done);
    let same = [
        before.same_id(formulas, after),
        before.same_inline(formulas, after),
        before.same_groups(formulas, after),
    ];
    let unchanged = formulas.and(same);
    let unchanged = formulas.or([succeeds, unchanged]);
    Outcome {
        succeeds,
        not_permitted,
        already_exists,
        no_such_entity,
        unmodifiable,
        malformed,
        delete_conflict,
        limit_exceeded,
        definition: formulas.and([done, unchanged]),
    }
}

/// Holds iff the second state is what a success makes of the first.
// Rules: GEN-10, POL-8, POL-9, POL-10, POL-11.
fn effect(formulas: &mut Formulas, before: &Entity, change: &Change, after: &Entity) -> Formula {
    let same_id = before.same_id(formulas, after);
    let same_inline = before.same_inline(formulas, after);
    let same_groups = before.same_groups(formulas, after);
    let others = formulas.iff(before.other_member, after.other_member);
    match change.operation {
        Operation::Create => {
            let new = equal(formulas, after.id, after.highest);
            let rises = rises(formulas, before, after);
            let bare = formulas.or([after.inline, after.member]);
            let bare = formulas.not(bare);
            formulas.and([after.exists, new, rises, bare, others])
        }
        Operation::Delete | Operation::DeleteInConsole => {
            let left = formulas.or([after.exists, after.inline, after.member]);
            let gone = formulas.not(left);
            let highest = equal(formulas, before.highest, after.highest);
            formulas.and([gone, highest, others])
        }
        Operation::PutInline => {
            let document = equal(formulas, after.document, change.document);
            formulas.and([same_id, same_groups, after.inline, document])
        }
        Operation::DeleteInline => {
            let gone = formulas.not(after.inline);
            formulas.and([same_id, same_groups, gone])
        }
        Operation::Join => formulas.and([same_id, same_inline, others, after.member]),
        Operation::Leave => {
            let left = formulas.not(after.member);
            formulas.and([same_id, same_inline, others, left])
        }
        Operation::Elsewhere => {
            let exists = formulas.iff(before.exists, after.exists);
            let id = equal(formulas, before.id, after.id);
            let rises = rises(formulas, before, after);
            formulas.and([exists, id, rises, same_inline, same_groups])
        }
    }
}

/// Holds iff a new id was issued, higher than any before.
// Rule: GEN-10.
fn rises(formulas: &mut Formulas, before: &Entity, after: &Entity) -> Formula {
    let terms = [(BigInt::from(1), before.highest), (BigInt::from(-1), after.highest)];
    formulas.linear(terms, Relation::Less, BigInt::from(0))
}

/// What the identity policies of a user say: its own, and while it is a member those of its group.
// Rules: EVAL-7, POL-14.
pub fn identity_says(formulas: &mut Formulas, own: Said, member: Formula, group: Said) -> Said {
    let heard = Said {
        allow: formulas.and([member, group.allow]),
        deny: formulas.and([member, group.deny]),
        grants: group.grants.given(formulas, member),
    };
    let mut hearing = Hearing::after(own);
    hearing.join(Hearing::after(heard));
    hearing.said(formulas)
}
