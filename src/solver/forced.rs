//! What a formula forces by itself: the values of variables that it leaves no choice about, and the truth of other formulas under them.
//!
//! A pinned request says of every variable what it is, so nothing has to be searched for: constants are read off, definitions follow.
//! That is a thousand times cheaper than a search, and shares nothing with the solver's procedures for texts and numbers but the meaning of
//! single atoms (`evaluate`).
//!
//! **Why an answer can be trusted.** Let `P` be the premise and `V` the values found. Each value is set only where every assignment that
//! satisfies `P` has it: `P` asserts the formula, or a clause of which all other parts are false under values found before. A formula is
//! called true only if three-valued evaluation under `V` says so, that is, if it is true under every assignment that extends `V`; so it
//! is true under every assignment that satisfies `P`. Where `P` leaves a choice that matters, evaluation finds nothing, and says so. That `P` can
//! be satisfied at all is another question: a contradiction met on the way is reported, the rest is for the solver.

use std::net::IpAddr;

use num_bigint::BigInt;

use super::evaluate::{belongs, in_block};
use super::formula::{Formula, Formulas, IntegerVariable, Node, Piece, Relation, TextVariable};
use super::regular::{CharacterSet, Regular};

/// The values that a premise forces.
#[derive(Debug)]
pub struct Forced<'f> {
    formulas: &'f Formulas,
    flags: Vec<Option<bool>>,
    texts: Vec<Option<String>>,
    integers: Vec<Option<BigInt>>,
    addresses: Vec<Option<IpAddr>>,
    /// The truth of formulas met so far. More values never change it, since it holds for all of them.
    truths: Vec<Option<bool>>,
}

/// No assignment satisfies the premise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction;

/// A formula that the premise asserts, with the truth that it asserts of it.
type Assertion = (Formula, bool);

impl<'f> Forced<'f> {
    /// The values that the premise forces.
    ///
    /// # Errors
    ///
    /// [`Contradiction`] where following the premise shows that nothing satisfies it.
    pub fn by(formulas: &'f Formulas, premise: Formula) -> Result<Forced<'f>, Contradiction> {
        Forced::by_all(formulas, &[premise])
    }

    /// The values that several premises together force.
    ///
    /// # Errors
    ///
    /// As [`Forced::by`].
    pub fn by_all(formulas: &'f Formulas, premises: &[Formula]) -> Result<Forced<'f>, Contradiction> {
        let mut forced = Forced {
            formulas,
            flags: vec![None; formulas.flag_names().len()],
            texts: vec![None; formulas.text_variables().len()],
            integers: vec![None; formulas.integer_names().len()],
            addresses: vec![None; formulas.address_names().len()],
            truths: vec![None; formulas.len()],
        };
        let mut asserted: Vec<Assertion> = premises.iter().map(|&premise| (premise, true)).collect();
        let mut waiting: Vec<Assertion> = Vec::new();
        loop {
            while let Some(assertion) = asserted.pop() {
                forced.follow(assertion, &mut asserted, &mut waiting)?;
            }
            let before = waiting.len();
            let mut still = Vec::with_capacity(before);
            for assertion in waiting.drain(..) {
                match forced.truth(assertion.0) {
                    Some(truth) if truth == assertion.1 => {}
                    Some(_) => return Err(Contradiction),
                    None if forced.follow_up(assertion, &mut asserted) => {}
                    None => still.push(assertion),
                }
            }
            waiting = still;
            if waiting.len() == before && asserted.is_empty() {
                return Ok(forced);
            }
        }
    }

    /// Whether the formula is true, or false, under every assignment that satisfies the premise; `None` where that was not found out.
    pub fn truth(&mut self, formula: Formula) -> Option<bool> {
        if let Some(Some(known)) = self.truths.get(formula.index()) {
            return Some(*known);
        }
        let truth = self.evaluated(formula);
        if truth.is_some()
            && let Some(slot) = self.truths.get_mut(formula.index())
        {
            *slot = truth;
        }
        truth
    }

    /// Draws what an assertion says at once; what cannot be used yet waits.
    fn follow(
        &mut self,
        (formula, truth): Assertion,
        asserted: &mut Vec<Assertion>,
        waiting: &mut Vec<Assertion>,
    ) -> Result<(), Contradiction> {
        match (self.formulas.node(formula), truth) {
            (Node::True, false) | (Node::False, true) => return Err(Contradiction),
            (Node::True, true) | (Node::False, false) => {}
            (Node::Not(inner), _) => asserted.push((*inner, !truth)),
            (Node::And(parts), true) | (Node::Or(parts), false) => {
                asserted.extend(parts.iter().map(|part| (*part, truth)));
            }
            (Node::Flag(flag), _) => return settle(self.flags.get_mut(flag.index()), truth),
            (Node::InLanguage(text, language), true) => match self.formulas.regular(*language) {
                Some(Regular::Text(constant)) => {
                    return settle(self.texts.get_mut(text.index()), constant.clone());
                }
                Some(
                    Regular::Character(_)
                    | Regular::Sequence(_)
                    | Regular::Choice(_)
                    | Regular::Repeat { .. },
                )
                | None => waiting.push((formula, truth)),
            },
            (
                Node::And(_)
                | Node::Or(_)
                | Node::InLanguage(..)
                | Node::Concatenation(..)
                | Node::Linear(..)
                | Node::InBlock(..)
                | Node::Spells(..)
                | Node::SpellsAddress(..),
                _,
            ) => waiting.push((formula, truth)),
        }
        Ok(())
    }

    /// Whether an assertion that nothing is known about yet could be used up after all: a clause with one part left, or an equation with one
    /// unknown.
    fn follow_up(&mut self, (formula, truth): Assertion, asserted: &mut Vec<Assertion>) -> bool {
        let formulas = self.formulas;
        match (formulas.node(formula), truth) {
            (Node::Or(parts), true) | (Node::And(parts), false) => {
                let mut open = parts.iter().copied().filter(|&part| self.truth(part).is_none());
                let (Some(only), None) = (open.next(), open.next()) else { return false };
                asserted.push((only, truth));
                true
            }
            (Node::Spells(text, notation, integer), true) => {
                let read = self.text(*text).and_then(notation.read);
                fill(self.integers.get_mut(integer.index()), read)
            }
            (Node::SpellsAddress(text, notation, address), true) => {
                let read = self.text(*text).and_then(notation.read);
                fill(self.addresses.get_mut(address.index()), read)
            }
            (Node::Linear(terms, Relation::Equal, constant), true) => {
                let Some((unknown, value)) = self.solved(terms, constant) else { return false };
                fill(self.integers.get_mut(unknown.index()), Some(value))
            }
            (Node::Concatenation(text, pieces), true) => {
                let whole = self.joined(pieces);
                fill(self.texts.get_mut(text.index()), whole)
            }
            (
                Node::True
                | Node::False
                | Node::Flag(_)
                | Node::InLanguage(..)
                | Node::Concatenation(..)
                | Node::Linear(..)
                | Node::InBlock(..)
                | Node::Spells(..)
                | Node::SpellsAddress(..)
                | Node::Not(_)
                | Node::And(_)
                | Node::Or(_),
                _,
            ) => false,
        }
    }

    fn evaluated(&mut self, formula: Formula) -> Option<bool> {
        let formulas = self.formulas;
        match formulas.node(formula) {
            Node::True => Some(true),
            Node::False => Some(false),
            Node::Not(inner) => self.truth(*inner).map(|truth| !truth),
            Node::And(parts) => self.junction(parts, false),
            Node::Or(parts) => self.junction(parts, true),
            Node::Flag(flag) => self.flags.get(flag.index()).copied().flatten(),
            Node::InLanguage(text, language) => {
                Some(belongs(self.text(*text)?, formulas.regular(*language)?))
            }
            Node::Concatenation(text, pieces) => {
                let parts: Option<Vec<Regular>> = pieces.iter().map(|piece| self.piece(piece)).collect();
                Some(belongs(self.text(*text)?, &Regular::Sequence(parts?)))
            }
            Node::Linear(terms, relation, constant) => {
                let mut sum = BigInt::ZERO;
                for (factor, integer) in terms {
                    sum += factor * self.integer(*integer)?;
                }
                Some(match relation {
                    Relation::Less => sum < *constant,
                    Relation::LessOrEqual => sum <= *constant,
                    Relation::Equal => sum == *constant,
                })
            }
            Node::InBlock(address, block) => {
                Some(in_block(self.addresses.get(address.index()).copied().flatten()?, *block))
            }
            // A text that spells nothing spells no value whatever; that is known before the value is.
            Node::Spells(text, notation, integer) => match (notation.read)(self.text(*text)?) {
                None => Some(false),
                Some(read) => Some(read == *self.integer(*integer)?),
            },
            Node::SpellsAddress(text, notation, address) => match (notation.read)(self.text(*text)?) {
                None => Some(false),
                Some(read) => Some(read == self.addresses.get(address.index()).copied().flatten()?),
            },
        }
    }

    /// A conjunction (decided by a false part) or a disjunction (decided by a true one).
    fn junction(&mut self, parts: &[Formula], decisive: bool) -> Option<bool> {
        let mut open = false;
        for part in parts {
            match self.truth(*part) {
                Some(truth) if truth == decisive => return Some(decisive),
                Some(_) => {}
                None => open = true,
            }
        }
        if open { None } else { Some(!decisive) }
    }

    /// The one variable of an equation without a value, and the value that it must have.
    fn solved(
        &self,
        terms: &[(BigInt, IntegerVariable)],
        constant: &BigInt,
    ) -> Option<(IntegerVariable, BigInt)> {
        let mut rest = constant.clone();
        let mut unknown = None;
        for (factor, integer) in terms {
            match self.integer(*integer) {
                Some(value) => rest -= factor * value,
                None if unknown.is_none() => unknown = Some((factor, *integer)),
                None => return None,
            }
        }
        let (factor, integer) = unknown?;
        let divides = *factor != BigInt::ZERO && &rest % factor == BigInt::ZERO;
        divides.then(|| (integer, rest / factor))
    }

    /// The text of all pieces together, where each has but one.
    fn joined(&self, pieces: &[Piece]) -> Option<String> {
        let mut whole = String::new();
        for piece in pieces {
            match self.piece(piece)? {
                Regular::Text(text) => whole.push_str(&text),
                Regular::Character(_)
                | Regular::Sequence(_)
                | Regular::Choice(_)
                | Regular::Repeat { .. } => {
                    return None;
                }
            }
        }
        Some(whole)
    }

    fn piece(&self, piece: &Piece) -> Option<Regular> {
        match piece {
            Piece::Some(language) => self.formulas.regular(*language).cloned(),
            Piece::Value(variable) => self.text(*variable).map(Regular::text),
            Piece::Taken(variable, taking) => self.text(*variable).map(|text| taking.of(text)),
            Piece::Folded(variable) => self.text(*variable).map(|text| {
                let either = |character: char| {
                    let cases = [character.to_ascii_lowercase(), character.to_ascii_uppercase()];
                    Regular::Character(CharacterSet::of(cases))
                };
                Regular::Sequence(text.chars().map(either).collect())
            }),
        }
    }

    fn text(&self, variable: TextVariable) -> Option<&str> {
        self.texts.get(variable.index())?.as_deref()
    }

    /// The value of an integer under every assignment that satisfies the premise; `None` where that was not found out.
    pub fn integer(&self, variable: IntegerVariable) -> Option<&BigInt> {
        self.integers.get(variable.index())?.as_ref()
    }
}

/// Sets a value that may be set already.
fn settle<T: PartialEq>(slot: Option<&mut Option<T>>, value: T) -> Result<(), Contradiction> {
    match slot {
        Some(Some(known)) if *known != value => Err(Contradiction),
        Some(empty) => {
            *empty = Some(value);
            Ok(())
        }
        None => Ok(()),
    }
}

/// Sets a value that is not set yet, if there is one to set.
fn fill<T>(slot: Option<&mut Option<T>>, value: Option<T>) -> bool {
    match (slot, value) {
        (Some(slot), Some(value)) if slot.is_none() => {
            *slot = Some(value);
            true
        }
        _ => false,
    }
}
