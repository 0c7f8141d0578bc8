//! Where the sessions of a trace are kept: one place of a state, before a call and after it (STS-2).

use super::session::SessionRecord;
use crate::solver::formula::{Formula, Formulas};

/// A place for a session. A state has as many as there are tokens; what is proved of one is proved of each.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// A session is kept here.
    pub taken: Formula,
    /// Its record.
    pub record: SessionRecord,
}

impl Place {
    /// Any place.
    pub fn free(formulas: &mut Formulas, name: &str) -> Place {
        let flag = formulas.new_flag(format!("{name}: there is a session"));
        let taken = formulas.flag(flag);
        Place { taken, record: SessionRecord::free(formulas, name) }
    }

    /// Holds iff both are free, or both keep the same record.
    pub fn same(&self, formulas: &mut Formulas, other: &Place) -> Formula {
        let alike = formulas.iff(self.taken, other.taken);
        let record = self.record.same(formulas, &other.record);
        let record = formulas.implies(self.taken, record);
        formulas.and([alike, record])
    }
}

/// Holds iff `after` is what a step leaves of the place `before`; `put` holds iff the step issues a session, with this record, that is kept here.
///
/// A new session has a token of its own, so it is kept in a place that was free. Whatever else is called leaves the place as it was: no
/// operation changes the record of a session, none takes it away, and its end only makes it invalid. Every step of [`crate::model::steps`] is
/// held to this ([`crate::model::steps::held`]).
// Rules: STS-2, STS-60.
pub fn leaves(
    formulas: &mut Formulas,
    put: Formula,
    record: &SessionRecord,
    before: &Place,
    after: &Place,
) -> Formula {
    let free = formulas.not(before.taken);
    let new = after.record.same(formulas, record);
    let kept = formulas.and([free, after.taken, new]);
    let unchanged = before.same(formulas, after);
    let first = formulas.implies(put, kept);
    let second = formulas.or([put, unchanged]);
    formulas.and([first, second])
}
