//! What linear literals say of each integer by itself: how small and how great it can be, and which values it cannot have.
//!
//! Each literal bounds a sum from above. If all terms but one have a least value, the last one has a greatest. Bounds found so are fed back a
//! few times; each remembers the literals that it follows from.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use crate::solver::clauses::Literal;
use crate::solver::formula::{IntegerVariable, Relation};
use crate::solver::z3::LinearLiteral;

/// The values that an integer can have, as far as is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Range {
    pub(super) least: Option<Bound>,
    pub(super) most: Option<Bound>,
    /// Values that it has not.
    pub(super) not: Vec<Bound>,
}

/// A value, and the literals because of which it is a bound.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) value: BigInt,
    pub(super) because: Vec<Literal>,
}

/// How often bounds are fed back. Chains of equations are short; cycles could go on for ever.
const PASSES: usize = 4;

/// A sum that is at most a constant.
struct Row {
    terms: Vec<(BigInt, IntegerVariable)>,
    most: BigInt,
    literal: Literal,
}

/// The ranges of the integers that the literals speak of.
pub(super) fn ranges(linear: &[(Literal, LinearLiteral<'_>)]) -> BTreeMap<IntegerVariable, Range> {
    let mut ranges: BTreeMap<IntegerVariable, Range> = BTreeMap::new();
    let mut rows = Vec::new();
    for (literal, atom) in linear {
        rows.extend(rows_of(*literal, atom));
        if let (Relation::Equal, false, [(factor, integer)]) = (atom.relation, atom.holds, atom.terms)
            && *factor != BigInt::ZERO
            && atom.constant % factor == BigInt::ZERO
        {
            let not = Bound { value: atom.constant / factor, because: vec![*literal] };
            ranges.entry(*integer).or_default().not.push(not);
        }
    }
    for _ in 0..PASSES {
        let mut news = false;
        for row in &rows {
            for position in 0..row.terms.len() {
                news |= row.bound(position, &mut ranges);
            }
        }
        if !news {
            break;
        }
    }
    ranges
}

/// The literal as sums that are at most a constant; none for a value that is excluded.
fn rows_of(literal: Literal, atom: &LinearLiteral<'_>) -> Vec<Row> {
    let at_most = |most: BigInt| Row { terms: atom.terms.to_vec(), most, literal };
    let at_least = |least: BigInt| Row {
        terms: atom.terms.iter().map(|(factor, integer)| (-factor, *integer)).collect(),
        most: -least,
        literal,
    };
    let constant = atom.constant.clone();
    match (atom.relation, atom.holds) {
        (Relation::Less, true) => vec![at_most(constant - 1)],
        (Relation::Less, false) => vec![at_least(constant)],
        (Relation::LessOrEqual, true) => vec![at_most(constant)],
        (Relation::LessOrEqual, false) => vec![at_least(constant + 1)],
        (Relation::Equal, true) => vec![at_most(constant.clone()), at_least(constant)],
        (Relation::Equal, false) => Vec::new(),
    }
}

impl Row {
    /// Bounds the integer of the term at this position by the least values of the others. Tells whether that was news.
    fn bound(&self, position: usize, ranges: &mut BTreeMap<IntegerVariable, Range>) -> bool {
        let Some((factor, integer)) = self.terms.get(position) else { return false };
        let mut rest = self.most.clone();
        let mut because = vec![self.literal];
        for (place, (factor, integer)) in self.terms.iter().enumerate() {
            if place == position {
                continue;
            }
            let range = ranges.get(integer);
            let bound = match factor.sign() {
                num_bigint::Sign::NoSign => continue,
                num_bigint::Sign::Plus => range.and_then(|range| range.least.as_ref()),
                num_bigint::Sign::Minus => range.and_then(|range| range.most.as_ref()),
            };
            let Some(bound) = bound else { return false };
            rest -= factor * &bound.value;
            because.extend(&bound.because);
        }
        because.sort_unstable();
        because.dedup();
        let range = ranges.entry(*integer).or_default();
        match factor.sign() {
            num_bigint::Sign::NoSign => false,
            num_bigint::Sign::Plus => {
                let value = floor(&rest, factor);
                improve(&mut range.most, Bound { value, because }, |new, old| new < old)
            }
            num_bigint::Sign::Minus => {
                let value = -floor(&rest, &-factor);
                improve(&mut range.least, Bound { value, because }, |new, old| new > old)
            }
        }
    }
}

fn improve(known: &mut Option<Bound>, new: Bound, better: fn(&BigInt, &BigInt) -> bool) -> bool {
    let improves = known.as_ref().is_none_or(|known| better(&new.value, &known.value));
    if improves {
        *known = Some(new);
    }
    improves
}

/// The quotient by a positive number, rounded down.
fn floor(value: &BigInt, by: &BigInt) -> BigInt {
    let quotient = value / by;
    if &quotient * by > *value { quotient - 1 } else { quotient }
}
