//! Checks in their order, the first of which that fails is the refusal; and what relations say of integers.

use crate::solver::formula::{Formula, Formulas, IntegerVariable, Relation};
use num_bigint::BigInt;

/// The checks so far.
pub(super) struct Checks<'a> {
    /// The formulas.
    pub(super) formulas: &'a mut Formulas,
    /// Holds iff no check so far failed.
    pub(super) open: Formula,
}

impl<'a> Checks<'a> {
    /// No check yet.
    pub(super) fn new(formulas: &'a mut Formulas) -> Checks<'a> {
        Checks { open: formulas.verum(), formulas }
    }

    /// Holds iff this check is the first that fails.
    pub(super) fn fails(&mut self, condition: Formula) -> Formula {
        let fails = self.formulas.and([self.open, condition]);
        let passes = self.formulas.not(condition);
        self.open = self.formulas.and([self.open, passes]);
        fails
    }
}

/// Holds iff the two integers are equal.
pub(super) fn equal(formulas: &mut Formulas, left: IntegerVariable, right: IntegerVariable) -> Formula {
    let terms = [(BigInt::from(1), left), (BigInt::from(-1), right)];
    formulas.linear(terms, Relation::Equal, BigInt::from(0))
}
