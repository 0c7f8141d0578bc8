//! Refutes linked texts by their lengths: a concatenation is as long as its pieces together.
//!
//! Each text has a length, at least that of its shortest allowed text; each piece that is a language adds at least the length of its
//! shortest text, and at most that of its longest where there is one. What these linear literals say is Z3's to decide.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use super::Linked;
use super::approximation::musts;
use crate::solver::clauses::Literal;
use crate::solver::formula::{IntegerVariable, Piece, Relation, TextVariable};
use crate::solver::strings::{Library, Membership, Outcome};
use crate::solver::z3::{self, LinearLiteral, Verdict};

/// A linear fact about lengths.
struct Fact {
    terms: Vec<(BigInt, IntegerVariable)>,
    relation: Relation,
    constant: BigInt,
}

/// The literals, if their lengths alone contradict each other. All of them are named: they are thinned out afterwards.
pub(super) fn refute(linked: &Linked<'_>, library: &mut Library) -> Option<Vec<Literal>> {
    if !linked.joins.iter().any(|join| join.holds) {
        return None;
    }
    let mut facts: Vec<Fact> = Vec::new();
    let mut lengths: BTreeMap<TextVariable, IntegerVariable> = BTreeMap::new();
    for (number, (&text, of_text)) in (0..).zip(&musts(linked, library)) {
        let length = IntegerVariable(number);
        lengths.insert(text, length);
        let (domain, others) = of_text.split_first()?;
        let asked: Vec<_> = others.iter().map(|must| (must.language, must.membership)).collect();
        if let Outcome::Text(shortest) = library.decide(linked.formulas, domain.language, &asked) {
            facts.push(Fact::at_least(length, shortest.chars().count()));
        }
        for must in of_text.iter().filter(|must| must.membership == Membership::In) {
            facts.extend(
                library.longest(linked.formulas, must.language).map(|longest| Fact::at_most(length, longest)),
            );
        }
    }
    let mut fresh = u32::try_from(lengths.len()).unwrap_or(u32::MAX);
    for join in linked.joins.iter().filter(|join| join.holds) {
        let mut terms = vec![(BigInt::from(-1), *lengths.get(&join.text)?)];
        for piece in join.pieces {
            let length = match piece {
                Piece::Value(variable) | Piece::Folded(variable) => *lengths.get(variable)?,
                // What a value stands for may be of any length.
                Piece::Taken(..) => {
                    let length = IntegerVariable(fresh);
                    fresh += 1;
                    facts.push(Fact::at_least(length, 0));
                    length
                }
                Piece::Some(language) => {
                    let length = IntegerVariable(fresh);
                    fresh += 1;
                    let shortest = library.shortest(linked.formulas, *language).ok()??;
                    facts.push(Fact::at_least(length, shortest.chars().count()));
                    facts.extend(
                        library
                            .longest(linked.formulas, *language)
                            .map(|longest| Fact::at_most(length, longest)),
                    );
                    length
                }
            };
            terms.push((BigInt::from(1), length));
        }
        facts.push(Fact { terms, relation: Relation::Equal, constant: BigInt::from(0) });
    }
    let literals: Vec<LinearLiteral<'_>> = facts
        .iter()
        .map(|fact| LinearLiteral {
            terms: &fact.terms,
            relation: fact.relation,
            constant: &fact.constant,
            holds: true,
        })
        .collect();
    match z3::integers_exist(&literals, linked.limits.z3_effort) {
        Verdict::Impossible => Some(linked.about_texts_and_numbers()),
        Verdict::Possible | Verdict::Limit => None,
    }
}

impl Fact {
    fn at_least(length: IntegerVariable, least: usize) -> Fact {
        Fact {
            terms: vec![(BigInt::from(-1), length)],
            relation: Relation::LessOrEqual,
            constant: -BigInt::from(least),
        }
    }

    fn at_most(length: IntegerVariable, most: usize) -> Fact {
        Fact {
            terms: vec![(BigInt::from(1), length)],
            relation: Relation::LessOrEqual,
            constant: BigInt::from(most),
        }
    }
}
