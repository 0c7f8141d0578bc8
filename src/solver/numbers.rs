//! Decides conjunctions of linear literals over integers, and of blocks of addresses.
//!
//! A value that fulfils the literals needs no proof, so plain candidates are tried first: near the constants for integers, at the edges of
//! the blocks for addresses. Two literals that contradict each other are a reason plain enough, too. Everything else is put to Z3, and a
//! refutation that is not plain is always Z3's.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use num_bigint::BigInt;

use super::evaluate::{in_block, linear_holds};
use super::formula::{Block, IntegerVariable, Relation};
use super::verdict::Assignment;
use super::z3::{self, LinearLiteral, Verdict};

/// The answer about a conjunction of literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome<V> {
    /// These values fulfil them all.
    Values(V),
    /// Nothing fulfils those at these positions.
    Nothing(Vec<usize>),
    /// Z3 reached its limit.
    Limit,
}

/// Integers that fulfil all the literals, those of least size where that is easily found.
pub(super) fn integers(
    literals: &[LinearLiteral<'_>],
    effort: u32,
) -> Outcome<BTreeMap<IntegerVariable, BigInt>> {
    let variables: Vec<IntegerVariable> = {
        let mut all: Vec<IntegerVariable> =
            literals.iter().flat_map(|literal| literal.terms.iter().map(|(_, integer)| *integer)).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let candidates = candidates(literals);
    if let Some(values) = plain_values(literals, &variables, &candidates) {
        return Outcome::Values(values);
    }
    let possible = |chosen: &[usize]| {
        let some: Vec<LinearLiteral<'_>> =
            chosen.iter().filter_map(|&position| literals.get(position)).cloned().collect();
        z3::integers_exist(&some, effort)
    };
    match core(literals.len(), possible) {
        Core::Of(positions) => Outcome::Nothing(positions),
        Core::Limit => Outcome::Limit,
        Core::None => settle(literals, &variables, candidates, effort),
    }
}

/// An address inside of the blocks marked true and outside of those marked false.
pub(super) fn address(blocks: &[(Block, bool)], effort: u32) -> Outcome<IpAddr> {
    let fits = |address: &IpAddr| blocks.iter().all(|(block, inside)| in_block(*address, *block) == *inside);
    if let Some(address) = edges(blocks).into_iter().find(fits) {
        return Outcome::Values(address);
    }
    let possible = |chosen: &[usize]| {
        let some: Vec<(Block, bool)> =
            chosen.iter().filter_map(|&position| blocks.get(position)).copied().collect();
        z3::address_exists(&some, effort)
    };
    match core(blocks.len(), possible) {
        Core::Of(positions) => Outcome::Nothing(positions),
        // The edges are all the places where a free stretch of addresses can begin, so Z3 cannot find any other; if it claims to, that is
        // no proof of anything.
        Core::Limit | Core::None => Outcome::Limit,
    }
}

enum Core {
    /// The literals at these positions contradict each other, and no fewer of them do.
    Of(Vec<usize>),
    /// All literals can hold together.
    None,
    Limit,
}

/// A smallest contradiction: drops literals from the first on as long as what remains is impossible.
fn core(count: usize, possible: impl Fn(&[usize]) -> Verdict) -> Core {
    let mut kept: Vec<usize> = (0..count).collect();
    match possible(&kept) {
        Verdict::Possible => return Core::None,
        Verdict::Limit => return Core::Limit,
        Verdict::Impossible => {}
    }
    let mut position = 0;
    while position < kept.len() {
        let mut fewer = kept.clone();
        fewer.remove(position);
        match possible(&fewer) {
            Verdict::Impossible => kept = fewer,
            Verdict::Possible | Verdict::Limit => position += 1,
        }
    }
    Core::Of(kept)
}

/// Values worth trying: nought, and those at and beside each constant.
fn candidates(literals: &[LinearLiteral<'_>]) -> Vec<BigInt> {
    let mut all = vec![BigInt::from(0), BigInt::from(1)];
    for literal in literals {
        let (factor, _) = match literal.terms {
            [(factor, integer)] if *factor != BigInt::from(0) => (factor.clone(), Some(integer)),
            _ => (BigInt::from(1), None),
        };
        let near = literal.constant / factor;
        for shift in [0, 1, -1, 2, -2] {
            all.push(&near + shift);
        }
    }
    plainest_first(&mut all);
    all
}

/// For each variable the first candidate that agrees with the literals that speak of it and of variables settled before, if there is one.
///
/// A variable that an equation ties to settled ones comes before one that nothing ties, so that what follows from one value follows
/// at once: most questions about time are a value, a second that it lies in, and the bounds of a calendar.
fn plain_values(
    literals: &[LinearLiteral<'_>],
    variables: &[IntegerVariable],
    candidates: &[BigInt],
) -> Option<BTreeMap<IntegerVariable, BigInt>> {
    let mut assignment = Assignment::default();
    let mut open: Vec<IntegerVariable> = variables.to_vec();
    while !open.is_empty() {
        let rank = |variable: IntegerVariable| {
            let ripe = || literals.iter().filter(|literal| is_ripe(literal, variable, &assignment));
            let tied = ripe().any(|literal| literal.holds && literal.relation == Relation::Equal);
            (!tied, ripe().next().is_none())
        };
        let position =
            (0..open.len()).min_by_key(|&position| open.get(position).map(|&variable| rank(variable)))?;
        let variable = open.remove(position);
        let ripe: Vec<&LinearLiteral<'_>> =
            literals.iter().filter(|literal| is_ripe(literal, variable, &assignment)).collect();
        let mut near: Vec<BigInt> = candidates.to_vec();
        for literal in &ripe {
            near.extend(around(literal, variable, &assignment));
        }
        plainest_first(&mut near);
        let fitting = near.into_iter().find(|candidate| {
            assignment.integers.insert(variable, candidate.clone());
            ripe.iter().all(|literal| fulfils(literal, &assignment))
        })?;
        assignment.integers.insert(variable, fitting);
    }
    literals.iter().all(|literal| fulfils(literal, &assignment)).then_some(assignment.integers)
}

/// Whether the literal speaks of the variable, and otherwise of settled ones only.
fn is_ripe(literal: &LinearLiteral<'_>, variable: IntegerVariable, settled: &Assignment) -> bool {
    literal.terms.iter().any(|(_, integer)| *integer == variable)
        && literal
            .terms
            .iter()
            .all(|(_, integer)| *integer == variable || settled.integers.contains_key(integer))
}

/// Values of the variable about where a ripe literal changes.
fn around(literal: &LinearLiteral<'_>, variable: IntegerVariable, settled: &Assignment) -> Vec<BigInt> {
    let mut rest = literal.constant.clone();
    let mut factor = BigInt::from(0);
    for (times, integer) in literal.terms {
        match settled.integers.get(integer) {
            Some(value) if *integer != variable => rest -= times * value,
            Some(_) | None => factor += times,
        }
    }
    if factor == BigInt::from(0) {
        return Vec::new();
    }
    let near = rest / factor;
    [0, 1, -1].into_iter().map(|shift| &near + shift).collect()
}

fn plainest_first(values: &mut Vec<BigInt>) {
    values.sort_by(|left, right| left.magnitude().cmp(right.magnitude()).then(right.cmp(left)));
    values.dedup();
}

fn fulfils(literal: &LinearLiteral<'_>, assignment: &Assignment) -> bool {
    linear_holds(literal.terms, literal.relation, literal.constant, assignment) == Some(literal.holds)
}

/// Values for literals of which Z3 says that they can hold: variable after variable, the first candidate that keeps them possible, else
/// the value of least size that does, closed in on by halving.
fn settle(
    literals: &[LinearLiteral<'_>],
    variables: &[IntegerVariable],
    mut candidates: Vec<BigInt>,
    effort: u32,
) -> Outcome<BTreeMap<IntegerVariable, BigInt>> {
    let one = BigInt::from(1);
    let mut values: BTreeMap<IntegerVariable, BigInt> = BTreeMap::new();
    for &variable in variables {
        let possible = |bounds: Bounds<'_>| {
            let mut with: Vec<Bound> =
                values.iter().map(|(&known, value)| Bound::equal(known, value.clone(), true)).collect();
            match bounds {
                Bounds::Equal(value) => with.push(Bound::equal(variable, value.clone(), true)),
                Bounds::AtMost(size) => {
                    with.push(Bound::at_most(variable, one.clone(), size.clone()));
                    with.push(Bound::at_most(variable, -one.clone(), size.clone()));
                }
            }
            let mut all = literals.to_vec();
            all.extend(with.iter().map(Bound::literal));
            z3::integers_exist(&all, effort)
        };
        let value =
            match candidates.iter().find(|candidate| possible(Bounds::Equal(candidate)) == Verdict::Possible)
            {
                Some(candidate) => candidate.clone(),
                None => match least_size(&possible) {
                    Some(size) if possible(Bounds::Equal(&size)) == Verdict::Possible => size,
                    Some(size) => -size,
                    None => return Outcome::Limit,
                },
            };
        candidates.extend([&value - 1, value.clone(), &value + 1]);
        values.insert(variable, value);
    }
    Outcome::Values(values)
}

#[derive(Clone, Copy)]
enum Bounds<'a> {
    Equal(&'a BigInt),
    AtMost(&'a BigInt),
}

/// How often the size of an integer is doubled before it is given up: beyond any constant that an input of sane length can hold.
const DOUBLINGS: u32 = 20_000;

/// The least size that a value can have, where nought is not possible.
fn least_size(possible: &impl Fn(Bounds<'_>) -> Verdict) -> Option<BigInt> {
    let mut above = BigInt::from(1);
    let mut below = BigInt::from(0);
    let mut doublings = 0;
    while possible(Bounds::AtMost(&above)) != Verdict::Possible {
        below = above.clone();
        above *= 2;
        doublings += 1;
        if doublings > DOUBLINGS || possible(Bounds::AtMost(&above)) == Verdict::Limit {
            return None;
        }
    }
    while &below + 1 < above {
        let middle: BigInt = (&below + &above) / 2;
        match possible(Bounds::AtMost(&middle)) {
            Verdict::Possible => above = middle,
            Verdict::Impossible => below = middle,
            Verdict::Limit => return None,
        }
    }
    Some(above)
}

/// A bound on one variable that is not among the atoms of the question.
pub(super) struct Bound {
    terms: [(BigInt, IntegerVariable); 1],
    relation: Relation,
    constant: BigInt,
    holds: bool,
}

impl Bound {
    /// The variable has this value, or has not.
    pub(super) fn equal(variable: IntegerVariable, constant: BigInt, holds: bool) -> Bound {
        Bound { terms: [(BigInt::from(1), variable)], relation: Relation::Equal, constant, holds }
    }

    fn at_most(variable: IntegerVariable, factor: BigInt, constant: BigInt) -> Bound {
        Bound { terms: [(factor, variable)], relation: Relation::LessOrEqual, constant, holds: true }
    }

    /// The bound as a literal.
    pub(super) fn literal(&self) -> LinearLiteral<'_> {
        LinearLiteral {
            terms: &self.terms,
            relation: self.relation,
            constant: &self.constant,
            holds: self.holds,
        }
    }
}

/// The addresses where a stretch that fits the blocks can begin: the first of each block, the first after each, and of each family. Before
/// these stand addresses set aside for documentation, which people recognise in a witness.
fn edges(blocks: &[(Block, bool)]) -> Vec<IpAddr> {
    let mut all = vec![
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)),
        IpAddr::V4(Ipv4Addr::new(203, 0, 113, 1)),
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ];
    for (block, _) in blocks {
        match block.address {
            IpAddr::V4(base) => {
                let hosts = u32::MAX.checked_shr(u32::from(block.prefix)).unwrap_or(0);
                let first = base.to_bits() & !hosts;
                all.push(IpAddr::V4(Ipv4Addr::from_bits(first)));
                all.extend((first | hosts).checked_add(1).map(|next| IpAddr::V4(Ipv4Addr::from_bits(next))));
            }
            IpAddr::V6(base) => {
                let hosts = u128::MAX.checked_shr(u32::from(block.prefix)).unwrap_or(0);
                let first = base.to_bits() & !hosts;
                all.push(IpAddr::V6(Ipv6Addr::from_bits(first)));
                all.extend((first | hosts).checked_add(1).map(|next| IpAddr::V6(Ipv6Addr::from_bits(next))));
            }
        }
    }
    all
}
