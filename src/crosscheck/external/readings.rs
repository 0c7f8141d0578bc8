//! Whether a program that answers otherwise takes another reading of points that the documents leave open (section 15).

use super::answer::{Answer, Comparison, Expected};
use super::reference::{BuiltIn, Reference};
use crate::corpus::{Case, Question};
use crate::crosscheck::coverage::Coverage;
use crate::iam::assumption::{Alternative, Assumptions};

/// The smallest choices of readings, each of as few open points as any, under which an answer is right that by the decisions is wrong.
pub type Readings = Vec<Assumptions>;

/// The readings under which a program's answer to the first request of a case is right, beside what the case assumes already: of one point
/// where one is enough, else of two; none: it is wrong under each of them.
// Rule: OPEN-1.
pub fn other_readings(case: &Case, got: &Answer) -> Readings {
    let Question::Decisions { layers, assumptions, asked } = &case.question else {
        return Readings::new();
    };
    let requests: Vec<_> = asked.iter().take(1).map(|asked| asked.request.clone()).collect();
    let agrees_under = |others: &Assumptions| {
        let reference = BuiltIn(assumptions.overridden_by(*others));
        let expected = reference.expected(layers, &requests, &mut Coverage::default());
        expected.first().map(|expected: &Expected| expected.compare(got)) == Some(Comparison::Agrees)
    };
    let others: Vec<Alternative> =
        Alternative::ALL.iter().copied().filter(|other| !assumptions.has(*other)).collect();
    let ones = others.iter().map(|other| Assumptions::default().with(*other));
    let ones: Readings = ones.filter(agrees_under).collect();
    if !ones.is_empty() {
        return ones;
    }
    let mut twos = Readings::new();
    for (position, &first) in others.iter().enumerate() {
        let behind = others.iter().skip(position + 1).filter(|second| second.point() != first.point());
        let both = behind.map(|&second| Assumptions::default().with(first).with(second));
        twos.extend(both.filter(agrees_under));
    }
    twos
}
