//! The truth of a formula under an assignment, straight from the definitions.
//!
//! Every satisfiable answer is checked here before anybody hears of it. So this file shares nothing with the procedures that find
//! assignments: no automata, no classes of characters, no simplification. Membership is told by positions: the *ends* of an expression are
//! the places in the text where a text of its language can end, given the places where it may begin. Each shape of expression says in a
//! line or two which those are, and a text belongs to a language iff its end is among the ends of the expression begun at its beginning.

use std::collections::BTreeMap;
use std::net::IpAddr;

use num_bigint::BigInt;

use super::formula::{Block, Formula, Formulas, IntegerVariable, Node, Piece, Relation, TextVariable};
use super::hashing::Table;
use super::regular::{CharacterSet, Regular};
use super::verdict::Assignment;

/// Whether the formula holds under the assignment, and every text in it lies in the domain of its variable. `None` where a variable whose
/// value decides it has no value.
pub fn holds(formulas: &Formulas, formula: Formula, assignment: &Assignment) -> Option<bool> {
    if !within_domains(formulas, assignment) {
        return Some(false);
    }
    let mut truth = Truth { formulas, assignment, texts: BTreeMap::new(), known: Table::default() };
    for (variable, text) in &assignment.texts {
        truth.texts.insert(*variable, text.chars().collect());
    }
    truth.of(formula)
}

/// Whether every text of the assignment lies in the domain of its variable.
pub fn within_domains(formulas: &Formulas, assignment: &Assignment) -> bool {
    assignment.texts.iter().all(|(variable, text)| {
        let domain =
            formulas.text_variables().get(variable.index()).and_then(|(_, domain)| formulas.regular(*domain));
        domain.is_some_and(|domain| belongs(text, domain))
    })
}

/// Names what the formula is about, for a report that an assignment fails it: the kinds of its atoms.
pub(super) fn culprit(formulas: &Formulas, formula: Formula, assignment: &Assignment) -> String {
    let outside = assignment.texts.iter().find(|(variable, text)| {
        let domain =
            formulas.text_variables().get(variable.index()).and_then(|(_, domain)| formulas.regular(*domain));
        domain.is_some_and(|domain| !belongs(text, domain))
    });
    match outside {
        Some((variable, text)) => {
            let name = formulas.text_variables().get(variable.index()).map_or("", |(name, _)| name.as_str());
            format!("the text {text:?} of `{name}` is outside its domain")
        }
        None => format!("formula {} is not true under {assignment:?}", formula.index()),
    }
}

/// Whether the text is one of the language.
pub fn belongs(text: &str, regular: &Regular) -> bool {
    let text: Vec<char> = text.chars().collect();
    ends(&text, regular, vec![0]).contains(&text.len())
}

/// The truth of formulas under one assignment.
struct Truth<'a> {
    formulas: &'a Formulas,
    assignment: &'a Assignment,
    texts: BTreeMap<TextVariable, Vec<char>>,
    known: Table<Formula, bool>,
}

/// A formula whose truth waits for that of its parts, from this one on.
struct Waiting {
    formula: Formula,
    next: usize,
}

impl Truth<'_> {
    /// Walks down without recursion, since formulas may be deeper than the stack. A junction is left for a part that must be known, and taken
    /// up again at that part; every formula is pushed once at most for each time it is met, and popped when known.
    fn of(&mut self, formula: Formula) -> Option<bool> {
        let mut stack = vec![Waiting { formula, next: 0 }];
        while let Some(waiting) = stack.pop() {
            let (parts, decisive) = match self.formulas.node(waiting.formula) {
                Node::And(parts) => (&parts[..], false),
                Node::Or(parts) => (&parts[..], true),
                Node::Not(inner) => (std::slice::from_ref(inner), true),
                Node::True
                | Node::False
                | Node::Flag(_)
                | Node::InLanguage(..)
                | Node::Concatenation(..)
                | Node::Linear(..)
                | Node::InBlock(..)
                | Node::Spells(..)
                | Node::SpellsAddress(..) => (&[][..], true),
            };
            let mut value = !decisive;
            let mut needed = None;
            for (position, &part) in parts.iter().enumerate().skip(waiting.next) {
                match self.known_or_atom(part)? {
                    Some(truth) if truth == decisive => {
                        value = decisive;
                        break;
                    }
                    Some(_) => {}
                    None => {
                        needed = Some((position, part));
                        break;
                    }
                }
            }
            if let Some((position, part)) = needed {
                stack.push(Waiting { formula: waiting.formula, next: position });
                stack.push(Waiting { formula: part, next: 0 });
                continue;
            }
            let value = match self.formulas.node(waiting.formula) {
                Node::Not(_) => !value,
                Node::And(_) | Node::Or(_) => value,
                Node::True
                | Node::False
                | Node::Flag(_)
                | Node::InLanguage(..)
                | Node::Concatenation(..)
                | Node::Linear(..)
                | Node::InBlock(..)
                | Node::Spells(..)
                | Node::SpellsAddress(..) => self.known_or_atom(waiting.formula)?.unwrap_or(false),
            };
            self.known.insert(waiting.formula, value);
        }
        self.known.get(&formula).copied()
    }

    /// The truth of the formula, if it is an atom or known: `Some(None)` where it must be found out first, `None` where a value is missing.
    fn known_or_atom(&self, formula: Formula) -> Option<Option<bool>> {
        if let Some(&value) = self.known.get(&formula) {
            return Some(Some(value));
        }
        let assignment = self.assignment;
        let value = match self.formulas.node(formula) {
            Node::Not(_) | Node::And(_) | Node::Or(_) => return Some(None),
            Node::True => true,
            Node::False => false,
            Node::Flag(flag) => *assignment.flags.get(flag)?,
            Node::InLanguage(text, language) => {
                let text = self.texts.get(text)?;
                ends(text, self.formulas.regular(*language)?, vec![0]).contains(&text.len())
            }
            Node::Concatenation(text, pieces) => self.concatenates(*text, pieces)?,
            Node::Linear(terms, relation, constant) => linear_holds(terms, *relation, constant, assignment)?,
            Node::InBlock(address, block) => in_block(*assignment.addresses.get(address)?, *block),
            Node::Spells(text, notation, integer) => {
                (notation.read)(assignment.texts.get(text)?).as_ref()
                    == Some(assignment.integers.get(integer)?)
            }
            Node::SpellsAddress(text, notation, address) => {
                (notation.read)(assignment.texts.get(text)?).as_ref()
                    == Some(assignment.addresses.get(address)?)
            }
        };
        Some(Some(value))
    }

    fn concatenates(&self, text: TextVariable, pieces: &[Piece]) -> Option<bool> {
        let whole = self.texts.get(&text)?;
        let mut starts = vec![0];
        for piece in pieces {
            starts = match piece {
                Piece::Some(language) => ends(whole, self.formulas.regular(*language)?, starts),
                Piece::Value(variable) => literal_ends(whole, self.assignment.texts.get(variable)?, &starts),
                Piece::Taken(variable, taking) => {
                    ends(whole, &taking.of(self.assignment.texts.get(variable)?), starts)
                }
                Piece::Folded(variable) => {
                    let value = self.assignment.texts.get(variable)?.to_ascii_lowercase();
                    let whole: Vec<char> = whole.iter().map(char::to_ascii_lowercase).collect();
                    literal_ends(&whole, &value, &starts)
                }
            };
        }
        Some(starts.contains(&whole.len()))
    }
}

/// Whether the sum of the terms stands in the relation to the constant.
pub(super) fn linear_holds(
    terms: &[(BigInt, IntegerVariable)],
    relation: Relation,
    constant: &BigInt,
    assignment: &Assignment,
) -> Option<bool> {
    let mut sum = BigInt::from(0);
    for (factor, integer) in terms {
        sum += factor * assignment.integers.get(integer)?;
    }
    Some(match relation {
        Relation::Less => sum < *constant,
        Relation::LessOrEqual => sum <= *constant,
        Relation::Equal => sum == *constant,
    })
}

/// Whether the address shares the first bits of the block.
pub fn in_block(address: IpAddr, block: Block) -> bool {
    match (address, block.address) {
        (IpAddr::V4(address), IpAddr::V4(base)) => {
            let kept = u32::from(block.prefix.min(32));
            let dropped = 32 - kept;
            (u64::from(address.to_bits()) >> dropped) == (u64::from(base.to_bits()) >> dropped)
        }
        (IpAddr::V6(address), IpAddr::V6(base)) => {
            let kept = u32::from(block.prefix.min(128));
            // A shift by all 128 bits is not defined: with no bit kept, every address of the family is in.
            kept == 0 || (address.to_bits() >> (128 - kept)) == (base.to_bits() >> (128 - kept))
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

/// Where texts of the language can end that begin at one of the starts. Starts and ends are sorted, each place once.
fn ends(text: &[char], regular: &Regular, starts: Vec<usize>) -> Vec<usize> {
    if starts.is_empty() {
        return starts;
    }
    match regular {
        Regular::Text(literal) => literal_ends(text, literal, &starts),
        Regular::Character(set) => starts
            .into_iter()
            .filter(|&start| text.get(start).is_some_and(|&character| set.contains(character)))
            .map(|start| start + 1)
            .collect(),
        Regular::Sequence(parts) => {
            let mut starts = starts;
            for part in parts {
                starts = ends(text, part, starts);
                if starts.is_empty() {
                    break;
                }
            }
            starts
        }
        Regular::Choice(parts) => {
            parts.iter().fold(Vec::new(), |all, part| merged(&all, &ends(text, part, starts.clone())))
        }
        Regular::Repeat { part, least, most } => repeated(text, part, *least, *most, starts),
    }
}

fn literal_ends(text: &[char], literal: &str, starts: &[usize]) -> Vec<usize> {
    let length = literal.chars().count();
    starts
        .iter()
        .filter(|&&start| {
            let rest = text.get(start..).unwrap_or_default();
            rest.len() >= length
                && rest.iter().copied().zip(literal.chars()).all(|(left, right)| left == right)
        })
        .map(|start| start + length)
        .collect()
}

fn repeated(text: &[char], part: &Regular, least: u32, most: Option<u32>, starts: Vec<usize>) -> Vec<usize> {
    if most.is_some_and(|most| most < least) {
        return Vec::new();
    }
    if let (Regular::Character(set), 0, None) = (part, least, most) {
        return runs(text, set, &starts);
    }
    let mut frontier = starts;
    for _ in 0..least {
        let next = ends(text, part, frontier.clone());
        // Places that no longer change, or are none, will not change in any further round.
        if next == frontier || next.is_empty() {
            frontier = next;
            break;
        }
        frontier = next;
    }
    let mut all = frontier.clone();
    let mut rounds = 0;
    while !frontier.is_empty() && most.is_none_or(|most| rounds < most.saturating_sub(least)) {
        let next = ends(text, part, frontier);
        // Only places not seen before can lead to more.
        frontier = next.into_iter().filter(|end| all.binary_search(end).is_err()).collect();
        all = merged(&all, &frontier);
        rounds += 1;
    }
    all
}

/// Any number of characters of the set: from each start on, every place up to the first character outside it.
fn runs(text: &[char], set: &CharacterSet, starts: &[usize]) -> Vec<usize> {
    let mut all: Vec<usize> = Vec::new();
    for &start in starts {
        if all.last().is_some_and(|&last| start <= last) {
            continue;
        }
        all.push(start);
        let inside =
            text.get(start..).unwrap_or_default().iter().take_while(|&&character| set.contains(character));
        all.extend((start + 1..).zip(inside).map(|(end, _)| end));
    }
    all
}

fn merged(left: &[usize], right: &[usize]) -> Vec<usize> {
    let mut all: Vec<usize> = left.iter().chain(right).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
