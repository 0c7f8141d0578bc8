//! What operations leave of a directory that AWS keeps: of one role assigned in it, and of one trust that its domain has on record.
//!
//! What is proved of the assignment and of the record is proved of each. Every step of [`crate::model::steps`] is held to this relation
//! ([`crate::model::steps::held`]): an operation that is about something else leaves both as they are.

use crate::solver::formula::{Formula, Formulas};

/// A directory, with an assignment and a record that are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// There is such a directory.
    pub there: Formula,
    /// It is a Simple AD.
    pub simple: Formula,
    /// The assignment is there.
    pub assigned: Formula,
    /// The trust is on record.
    pub on_record: Formula,
}

/// An operation, as far as the directory is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Keeping {
    /// The directory is created.
    Create,
    /// It is deleted.
    Delete,
    /// The assignment is made.
    Assign,
    /// It is taken back.
    Unassign,
    /// The trust is put on record.
    CreateTrust,
    /// It is taken off.
    DeleteTrust,
    /// Anything else, or anything about another directory, assignment or trust.
    Elsewhere,
}

impl Keeping {
    /// Every operation.
    pub const ALL: [Keeping; 7] = [
        Keeping::Create,
        Keeping::Delete,
        Keeping::Assign,
        Keeping::Unassign,
        Keeping::CreateTrust,
        Keeping::DeleteTrust,
        Keeping::Elsewhere,
    ];

    /// Its name in the documents.
    pub fn name(self) -> &'static str {
        match self {
            Keeping::Create => "CreateDirectory",
            Keeping::Delete => "DeleteDirectory",
            Keeping::Assign => "AssignRole",
            Keeping::Unassign => "UnassignRole",
            Keeping::CreateTrust => "CreateTrust",
            Keeping::DeleteTrust => "DeleteTrust",
            Keeping::Elsewhere => "any other operation",
        }
    }
}

impl Kept {
    /// Any state.
    pub fn free(formulas: &mut Formulas, name: &str) -> Kept {
        let mut free = |what: &str| {
            let flag = formulas.new_flag(format!("{name}: {what}"));
            formulas.flag(flag)
        };
        Kept {
            there: free("the directory is there"),
            simple: free("it is a Simple AD"),
            assigned: free("it has the assignment"),
            on_record: free("its domain has the trust on record"),
        }
    }
}

/// Holds iff `after` is what the operation leaves of `before`; after one that is refused everything is as it was.
// Rules: DIR-6, DIR-8, DIR-25, DIR-32.
pub fn keeps(
    formulas: &mut Formulas,
    operation: Keeping,
    succeeds: Formula,
    before: &Kept,
    after: &Kept,
) -> Formula {
    let there = formulas.iff(before.there, after.there);
    let kind = formulas.iff(before.simple, after.simple);
    let directory = formulas.and([there, kind]);
    let assigned = formulas.iff(before.assigned, after.assigned);
    let on_record = formulas.iff(before.on_record, after.on_record);
    let unassigned = formulas.not(after.assigned);
    let off_record = formulas.not(after.on_record);
    let done = match operation {
        Keeping::Create => {
            let new = formulas.not(before.there);
            formulas.and([new, after.there, unassigned, on_record])
        }
        Keeping::Delete => {
            let gone = formulas.not(after.there);
            formulas.and([before.there, gone, unassigned, off_record])
        }
        Keeping::Assign => formulas.and([directory, before.there, after.assigned, on_record]),
        Keeping::Unassign => formulas.and([directory, before.there, unassigned, on_record]),
        Keeping::CreateTrust => formulas.and([directory, before.there, assigned, after.on_record]),
        Keeping::DeleteTrust => formulas.and([directory, before.there, assigned, off_record]),
        Keeping::Elsewhere => formulas.and([directory, assigned, on_record]),
    };
    let unchanged = formulas.and([directory, assigned, on_record]);
    let (if_done, if_not) = (formulas.implies(succeeds, done), formulas.or([succeeds, unchanged]));
    formulas.and([if_done, if_not])
}
