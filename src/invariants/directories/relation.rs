//! The relation that proofs about directories are about: the model's own, unless a test puts a broken one in its place.

use crate::model::directory::{
    self, Assigning, Joining, Keeping, Kept, Logon, Lookup, Outcome, SignIn, Standing, Trusting, Trusts,
};
use crate::solver::formula::{Formula, Formulas};

/// The parts of the relation. Every method does what the model does; a broken one overrides it.
pub trait Relation: Sync {
    /// Whether users of the second domain may be accepted by the first.
    fn trusts(&self, formulas: &mut Formulas, trusts: &Trusts, trusting: usize, trusted: usize) -> Formula {
        trusts.trusts(formulas, trusting, trusted)
    }

    /// Whether a directory may hand a logon to a domain.
    fn accepts(&self, formulas: &mut Formulas, standing: &Standing) -> Formula {
        directory::accepts(formulas, standing)
    }

    /// Whether a directory can list and read users of a domain.
    fn looks_up(&self, formulas: &mut Formulas, standing: &Standing) -> Formula {
        directory::looks_up(formulas, standing)
    }

    /// What a logon comes to.
    fn log_on(&self, formulas: &mut Formulas, facts: &Logon) -> Outcome {
        directory::log_on(formulas, facts)
    }

    /// What a sign-in comes to.
    fn sign_in(&self, formulas: &mut Formulas, facts: &SignIn) -> Outcome {
        directory::sign_in(formulas, facts)
    }

    /// What a lookup comes to.
    fn look_up(&self, formulas: &mut Formulas, facts: &Lookup) -> Outcome {
        directory::look_up(formulas, facts)
    }

    /// What taking a computer in comes to.
    fn join(&self, formulas: &mut Formulas, facts: &Joining) -> Outcome {
        directory::join(formulas, facts)
    }

    /// What making one side of a trust comes to.
    fn create_trust(&self, formulas: &mut Formulas, facts: &Trusting) -> Outcome {
        directory::create_trust(formulas, facts)
    }

    /// What assigning a role comes to.
    fn assigning(&self, formulas: &mut Formulas, facts: &Assigning) -> Outcome {
        directory::assigning(formulas, facts)
    }

    /// What an operation leaves of a directory.
    fn keeps(
        &self,
        formulas: &mut Formulas,
        operation: Keeping,
        succeeds: Formula,
        before: &Kept,
        after: &Kept,
    ) -> Formula {
        directory::keeps(formulas, operation, succeeds, before, after)
    }
}

/// The model's own relation.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnRelation;

impl Relation for OwnRelation {}
