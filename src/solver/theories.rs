//! Puts the literals of a proposal to the procedures for texts, integers and addresses, each its own.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use super::clauses::Literal;
use super::formula::{AddressVariable, Block, Formula, Formulas, Language, Node, TextVariable};
use super::numbers::{self, Outcome};
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
#[derive(Default)]
struct Sorted<'a> {
    texts: BTreeMap<TextVariable, Vec<(Literal, Language, Membership)>>,
    linear: Vec<(Literal, LinearLiteral<'a>)>,
    blocks: BTreeMap<AddressVariable, Vec<(Literal, Block, bool)>>,
    open: Option<String>,
}

/// Values for the variables of the literals that make them all true.
pub(super) fn values(
    formulas: &Formulas,
    library: &mut Library,
    limits: &Limits,
    literals: &[(Literal, Formula)],
) -> Result<Assignment, Objection> {
    let mut assignment = Assignment::default();
    let mut sorted = Sorted::default();
    for &(literal, formula) in literals {
        match formulas.node(formula) {
            Node::Flag(flag) => {
                assignment.flags.insert(*flag, literal.value());
            }
            Node::InLanguage(text, language) => {
                let membership = if literal.value() { Membership::In } else { Membership::Out };
                sorted.texts.entry(*text).or_default().push((literal, *language, membership));
            }
            Node::Linear(terms, relation, constant) => sorted.linear.push((
                literal,
                LinearLiteral { terms, relation: *relation, constant, holds: literal.value() },
            )),
            Node::InBlock(address, block) => {
                sorted.blocks.entry(*address).or_default().push((literal, *block, literal.value()));
            }
            Node::Concatenation(..) => sorted.open = Some("a concatenation".to_owned()),
            Node::Spells(_, notation, _) => sorted.open = Some(format!("spellings as {}", notation.name)),
            Node::SpellsAddress(_, notation, _) => {
                sorted.open = Some(format!("spellings as {}", notation.name));
            }
            Node::True | Node::False | Node::Not(_) | Node::And(_) | Node::Or(_) => {}
        }
    }
    decide_texts(formulas, library, &sorted, &mut assignment)?;
    decide_numbers(limits, &sorted, &mut assignment)?;
    match sorted.open {
        Some(construct) => Err(Objection::Unknown(UnknownReason::Undecided(construct))),
        None => Ok(assignment),
    }
}

fn decide_texts(
    formulas: &Formulas,
    library: &mut Library,
    sorted: &Sorted<'_>,
    assignment: &mut Assignment,
) -> Result<(), Objection> {
    for (text, literals) in &sorted.texts {
        let Some((_, domain)) = formulas.text_variables().get(text.index()) else { continue };
        let memberships: Vec<(Language, Membership)> =
            literals.iter().map(|&(_, language, membership)| (language, membership)).collect();
        match library.decide(*domain, &memberships) {
            strings::Outcome::Text(found) => {
                assignment.texts.insert(*text, found);
            }
            strings::Outcome::Nothing(core) => {
                let core = literals
                    .iter()
                    .filter(|(_, language, membership)| core.contains(&(*language, *membership)))
                    .map(|(literal, _, _)| *literal);
                return Err(Objection::Core(core.collect()));
            }
            strings::Outcome::Limit(limit) => return Err(limit.into()),
        }
    }
    Ok(())
}

fn decide_numbers(
    limits: &Limits,
    sorted: &Sorted<'_>,
    assignment: &mut Assignment,
) -> Result<(), Objection> {
    let linear: Vec<LinearLiteral<'_>> = sorted.linear.iter().map(|(_, literal)| literal.clone()).collect();
    match numbers::integers(&linear, limits.z3_effort) {
        Outcome::Values(values) => assignment.integers.extend(values),
        Outcome::Nothing(positions) => {
            return Err(core(
                &positions,
                &sorted.linear.iter().map(|(literal, _)| *literal).collect::<Vec<_>>(),
            ));
        }
        Outcome::Limit => return Err(Limit::Z3Effort.into()),
    }
    for (address, literals) in &sorted.blocks {
        let blocks: Vec<(Block, bool)> = literals.iter().map(|&(_, block, inside)| (block, inside)).collect();
        match numbers::address(&blocks, limits.z3_effort) {
            Outcome::Values(value) => {
                assignment.addresses.insert(*address, value);
            }
            Outcome::Nothing(positions) => {
                return Err(core(
                    &positions,
                    &literals.iter().map(|(literal, ..)| *literal).collect::<Vec<_>>(),
                ));
            }
            Outcome::Limit => return Err(Limit::Z3Effort.into()),
        }
    }
    Ok(())
}

fn core(positions: &[usize], literals: &[Literal]) -> Objection {
    Objection::Core(positions.iter().filter_map(|&position| literals.get(position)).copied().collect())
}

impl From<Limit> for Objection {
    fn from(limit: Limit) -> Objection {
        Objection::Unknown(UnknownReason::Limit(limit))
    }
}
