//! The variables that occur in formulas.

use std::collections::BTreeSet;

use super::formula::{AddressVariable, Flag, Formula, Formulas, IntegerVariable, Node, Piece, TextVariable};

/// The variables that occur, each once.
#[derive(Default)]
pub(super) struct Occurring {
    pub(super) flags: BTreeSet<Flag>,
    pub(super) texts: BTreeSet<TextVariable>,
    pub(super) integers: BTreeSet<IntegerVariable>,
    pub(super) addresses: BTreeSet<AddressVariable>,
}

impl Occurring {
    /// The variables of these formulas themselves, not of their parts.
    pub(super) fn among<'f>(formulas: &Formulas, nodes: impl Iterator<Item = &'f Formula>) -> Occurring {
        let mut all = Occurring::default();
        for &formula in nodes {
            match formulas.node(formula) {
                Node::Flag(flag) => {
                    all.flags.insert(*flag);
                }
                Node::InLanguage(text, _) => {
                    all.texts.insert(*text);
                }
                Node::Concatenation(text, pieces) => {
                    all.texts.insert(*text);
                    all.texts.extend(pieces.iter().filter_map(Piece::variable));
                }
                Node::Linear(terms, _, _) => all.integers.extend(terms.iter().map(|(_, integer)| *integer)),
                Node::InBlock(address, _) => {
                    all.addresses.insert(*address);
                }
                Node::Spells(text, _, integer) => {
                    all.texts.insert(*text);
                    all.integers.insert(*integer);
                }
                Node::SpellsAddress(text, _, address) => {
                    all.texts.insert(*text);
                    all.addresses.insert(*address);
                }
                Node::True | Node::False | Node::Not(_) | Node::And(_) | Node::Or(_) => {}
            }
        }
        all
    }
}
