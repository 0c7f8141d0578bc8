//! Whether a program that answers otherwise takes another reading of a point that the documents leave open (section 15).

use super::answer::{Answer, Comparison, Expected};
use super::reference::{BuiltIn, Reference};
use crate::corpus::{Case, Question};
use crate::crosscheck::coverage::Coverage;
use crate::iam::assumption::{Alternative, Assumptions};

/// The readings, each of one open point, under which an answer is right that by the decisions is wrong.
pub type Readings = Vec<Alternative>;

/// The readings under which a program's answer to the first request of a case is right; none: it is wrong under each of them.
///
/// One reading is changed at a time, beside what the case assumes already.
// Rule: OPEN-1.
pub fn other_readings(case: &Case, got: &Answer) -> Readings {
    let Question::Decisions { layers, assumptions, asked } = &case.question else {
        return Readings::new();
    };
    let requests: Vec<_> = asked.iter().take(1).map(|asked| asked.request.clone()).collect();
    let agrees_under = |assumptions: Assumptions| {
        let expected = BuiltIn(assumptions).expected(layers, &requests, &mut Coverage::default());
        expected.first().map(|expected: &Expected| expected.compare(got)) == Some(Comparison::Agrees)
    };
    let others = Alternative::ALL.iter().copied().filter(|other| !assumptions.has(*other));
    others.filter(|other| agrees_under(assumptions.with(*other))).collect()
}
