//! Puts the literals of a proposal to the procedures for texts, integers and addresses, each its own.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use num_bigint::BigInt;

use super::clauses::Literal;
use super::formula::{
    AddressVariable, Block, Formula, Formulas, IntegerVariable, Language, Node, TextVariable,
};
use super::linked::{self, Asked, Join, Linked, Spelled, Spelling};
use super::numbers::{self, Bound, Outcome};
use super::strings::{self, Library, Membership};
use super::verdict::{Assignment, Limit, Limits, UnknownReason};
use super::z3::LinearLiteral;

/// The value of an address that nothing is asked of: one set aside for documentation.
pub(super) const PLAIN_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// Why literals have no values that make them true.
pub(super) enum Objection {
    /// These of them cannot hold together.
    Core(Vec<Literal>),
    /// A procedure does not know.
    Unknown(UnknownReason),
}

/// The literals of a proposal, by kind.
struct Sorted<'a> {
    memberships: BTreeMap<TextVariable, Vec<Asked>>,
    joins: Vec<Join<'a>>,
    spellings: Vec<Spelling>,
    numbers: Numbers<'a>,
}

/// The literals about integers and addresses.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers<'a> {
    pub(super) linear: Vec<(Literal, LinearLiteral<'a>)>,
    pub(super) blocks: BTreeMap<AddressVariable, Vec<(Literal, Block, bool)>>,
}

/// What a text that is settled tells of a number, through a literal that says what it spells.
#[derive(Clone, Debug)]
pub(super) enum Told {
    /// The integer has this value, or has not.
    Integer(Literal, IntegerVariable, BigInt, bool),
    /// The address is this one, or is not.
    Address(Literal, AddressVariable, IpAddr, bool),
}

/// Values for the variables of the literals that make them all true.
pub(super) fn values(
    formulas: &Formulas,
    library: &mut Library,
    limits: &Limits,
    literals: &[(Literal, Formula)],
) -> Result<Assignment, Objection> {
    let (sorted, mut assignment) = sort(formulas, literals);
    let mut linked: BTreeMap<TextVariable, Vec<Asked>> = BTreeMap::new();
    let spelt = sorted.spellings.iter().map(|spelling| spelling.text);
    for text in sorted.joins.iter().flat_map(Join::texts).chain(spelt) {
        linked.insert(text, sorted.memberships.get(&text).cloned().unwrap_or_default());
    }
    for (&text, asked) in sorted.memberships.iter().filter(|(text, _)| !linked.contains_key(text)) {
        assignment.texts.insert(text, plain_text(formulas, library, text, asked)?);
    }
    let numbers = sorted.numbers.values(limits, &[])?;
    if linked.is_empty() {
        assignment.integers.extend(numbers.integers);
        assignment.addresses.extend(numbers.addresses);
        return Ok(assignment);
    }
    let question = Linked {
        formulas,
        limits: *limits,
        literals: literals.to_vec(),
        memberships: linked,
        joins: sorted.joins,
        spellings: sorted.spellings,
        numbers: sorted.numbers,
    };
    match question.decide(library) {
        linked::Outcome::Values(found) => {
            assignment.texts.extend(found.texts);
            assignment.integers.extend(found.integers);
            assignment.addresses.extend(found.addresses);
            Ok(assignment)
        }
        linked::Outcome::Nothing(core) => Err(Objection::Core(core)),
        linked::Outcome::Open(reason) => Err(Objection::Unknown(reason)),
    }
}

/// The literals by kind, and what flags say outright.
fn sort<'a>(formulas: &'a Formulas, literals: &[(Literal, Formula)]) -> (Sorted<'a>, Assignment) {
    let mut assignment = Assignment::default();
    let mut sorted = Sorted {
        memberships: BTreeMap::new(),
        joins: Vec::new(),
        spellings: Vec::new(),
        numbers: Numbers::default(),
    };
    for &(literal, formula) in literals {
        let holds = literal.value();
        match formulas.node(formula) {
            Node::Flag(flag) => {
                assignment.flags.insert(*flag, holds);
            }
            Node::InLanguage(text, language) => {
                let membership = if holds { Membership::In } else { Membership::Out };
                sorted.memberships.entry(*text).or_default().push((literal, *language, membership));
            }
            Node::Linear(terms, relation, constant) => sorted
                .numbers
                .linear
                .push((literal, LinearLiteral { terms, relation: *relation, constant, holds })),
            Node::InBlock(address, block) => {
                sorted.numbers.blocks.entry(*address).or_default().push((literal, *block, holds));
            }
            Node::Concatenation(text, pieces) => {
                sorted.joins.push(Join { literal, text: *text, pieces, holds });
            }
            Node::Spells(text, notation, integer) => {
                let value = Spelled::Integer(*notation, *integer);
                sorted.spellings.push(Spelling { literal, text: *text, value, holds });
            }
            Node::SpellsAddress(text, notation, address) => {
                let value = Spelled::Address(*notation, *address);
                sorted.spellings.push(Spelling { literal, text: *text, value, holds });
            }
            Node::True | Node::False | Node::Not(_) | Node::And(_) | Node::Or(_) => {}
        }
    }
    (sorted, assignment)
}

/// A text that depends on no other variable.
fn plain_text(
    formulas: &Formulas,
    library: &mut Library,
    text: TextVariable,
    asked: &[Asked],
) -> Result<String, Objection> {
    let Some((_, domain)) = formulas.text_variables().get(text.index()) else { return Ok(String::new()) };
    let memberships: Vec<(Language, Membership)> =
        asked.iter().map(|&(_, language, membership)| (language, membership)).collect();
    match library.decide(formulas, *domain, &memberships) {
        strings::Outcome::Text(found) => Ok(found),
        strings::Outcome::Nothing(core) => {
            let core = asked
                .iter()
                .filter(|(_, language, membership)| core.contains(&(*language, *membership)))
                .map(|(literal, _, _)| *literal);
            Err(Objection::Core(core.collect()))
        }
        strings::Outcome::Limit(limit) => Err(limit.into()),
    }
}

impl Numbers<'_> {
    /// Keeps some of the literals.
    pub(super) fn retain(&mut self, stays: impl Fn(&Literal) -> bool) {
        self.linear.retain(|(literal, _)| stays(literal));
        for literals in self.blocks.values_mut() {
            literals.retain(|(literal, ..)| stays(literal));
        }
    }

    /// Integers and addresses that fulfil the literals, and what texts tell of them.
    pub(super) fn values(&self, limits: &Limits, told: &[Told]) -> Result<Assignment, Objection> {
        let mut assignment = Assignment::default();
        let mut bounds: Vec<(Literal, Bound)> = Vec::new();
        let mut blocks = self.blocks.clone();
        for fact in told {
            match fact {
                Told::Integer(literal, integer, value, holds) => {
                    bounds.push((*literal, Bound::equal(*integer, value.clone(), *holds)));
                }
                Told::Address(literal, address, value, holds) => {
                    let prefix = if value.is_ipv4() { 32 } else { 128 };
                    let block = Block { address: *value, prefix };
                    blocks.entry(*address).or_default().push((*literal, block, *holds));
                }
            }
        }
        let mut linear: Vec<LinearLiteral<'_>> =
            self.linear.iter().map(|(_, literal)| literal.clone()).collect();
        linear.extend(bounds.iter().map(|(_, bound)| bound.literal()));
        match numbers::integers(&linear, limits.z3_effort) {
            Outcome::Values(values) => assignment.integers.extend(values),
            Outcome::Nothing(positions) => {
                let all = self.linear.iter().map(|(literal, _)| *literal);
                return Err(core(&positions, all.chain(bounds.iter().map(|(literal, _)| *literal))));
            }
            Outcome::Limit => return Err(Limit::Z3Effort.into()),
        }
        for (address, literals) in &blocks {
            let of_address: Vec<(Block, bool)> =
                literals.iter().map(|&(_, block, inside)| (block, inside)).collect();
            match numbers::address(&of_address, limits.z3_effort) {
                Outcome::Values(value) => {
                    assignment.addresses.insert(*address, value);
                }
                Outcome::Nothing(positions) => {
                    return Err(core(&positions, literals.iter().map(|(literal, ..)| *literal)));
                }
                Outcome::Limit => return Err(Limit::Z3Effort.into()),
            }
        }
        Ok(assignment)
    }
}

fn core(positions: &[usize], literals: impl Iterator<Item = Literal>) -> Objection {
    let literals: Vec<Literal> = literals.collect();
    Objection::Core(positions.iter().filter_map(|&position| literals.get(position)).copied().collect())
}

impl From<Limit> for Objection {
    fn from(limit: Limit) -> Objection {
        Objection::Unknown(UnknownReason::Limit(limit))
    }
}
